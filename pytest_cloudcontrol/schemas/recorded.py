"""Every type that is known by its name: where single services are known better than their schemas tell it.

Nothing else in this package's code names a type, and a test keeps it so; how long types take is in timings.json.
The evidence is a recording of the real service, or else what AWS's documentation of a type says its attributes look
like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_cloudcontrol.documents import PropertyPath

FORMS: Final[Mapping[str, Mapping[str, str]]] = {
    # Recorded (O-8).
    "AWS::Logs::LogGroup": {"Arn": "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}:*"},
    "AWS::S3::Bucket": {
        "DomainName": "${BucketName}.s3.${Domain}",
        "DualStackDomainName": "${BucketName}.s3.dualstack.${Region}.${Domain}",
        "RegionalDomainName": "${BucketName}.s3.${Region}.${Domain}",
        "WebsiteURL": "http://${BucketName}.s3-website-${Region}.${Domain}",
    },
    # Documented (G-3).
    "AWS::ApiGateway::RestApi": {"RestApiId": "<[a-z0-9]{10}>", "RootResourceId": "<[a-z0-9]{10}>"},
    "AWS::ApiGatewayV2::Api": {
        "ApiId": "<[a-z0-9]{10}>",
        "ApiEndpoint": "https://${ApiId}.execute-api.${Region}.${Domain}",
        "ExecuteApiArn": "arn:${Partition}:execute-api:${Region}:${Account}:${ApiId}",
    },
    "AWS::CloudFormation::Stack": {
        "StackId": "arn:${Partition}:cloudformation:${Region}:${Account}:stack/${StackName}/${Uuid}"
    },
    "AWS::CloudFront::Distribution": {"Id": "E<[A-Z0-9]{13}>", "DomainName": "d<[a-z0-9]{13}>.cloudfront.net"},
    "AWS::Cognito::IdentityPool": {"Id": "${Region}:${Uuid}"},
    "AWS::Cognito::UserPool": {
        "UserPoolId": "${Region}_<[A-Z0-9]{9}>",
        "ProviderName": "cognito-idp.${Region}.${Domain}/${UserPoolId}",
        "ProviderURL": "https://cognito-idp.${Region}.${Domain}/${UserPoolId}",
    },
    "AWS::Cognito::UserPoolClient": {"ClientId": "<[a-z0-9]{26}>", "ClientSecret": "<[a-z0-9]{51}>"},
    "AWS::EC2::PlacementGroup": {"GroupId": "pg-<[0-9a-f]{17}>"},
    "AWS::EC2::SecurityGroup": {"GroupId": "${Id}"},
    "AWS::EC2::VPC": {"DefaultNetworkAcl": "acl-<[0-9a-f]{17}>", "DefaultSecurityGroup": "sg-<[0-9a-f]{17}>"},
    "AWS::ECR::Repository": {"RepositoryUri": "${Account}.dkr.ecr.${Region}.${Domain}/${RepositoryName}"},
    "AWS::ECS::Service": {
        "Cluster": "default",
        "Name": "${ServiceName}",
        "ServiceArn": "arn:${Partition}:ecs:${Region}:${Account}:service/${Cluster}/${ServiceName}",
    },
    "AWS::ECS::TaskDefinition": {
        "TaskDefinitionArn": "arn:${Partition}:ecs:${Region}:${Account}:task-definition/${Family}:1"
    },
    "AWS::EFS::FileSystem": {"FileSystemId": "fs-<[0-9a-f]{17}>"},
    "AWS::EKS::Cluster": {
        "ClusterSecurityGroupId": "sg-<[0-9a-f]{17}>",
        "Endpoint": "https://<[A-F0-9]{32}>.gr7.${Region}.eks.${Domain}",
        "OpenIdConnectIssuerUrl": "https://oidc.eks.${Region}.${Domain}/id/<[A-F0-9]{32}>",
    },
    "AWS::ElasticLoadBalancingV2::LoadBalancer": {
        "CanonicalHostedZoneID": "Z<[A-Z0-9]{13}>",
        "DNSName": "${Name}-<[1-9][0-9]{8}>.${Region}.elb.${Domain}",
        "LoadBalancerArn": (
            "arn:${Partition}:elasticloadbalancing:${Region}:${Account}:loadbalancer/${LoadBalancerFullName}"
        ),
        "LoadBalancerFullName": "app/${Name}/<[0-9a-f]{16}>",
        "LoadBalancerName": "${Name}",
    },
    "AWS::ElasticLoadBalancingV2::TargetGroup": {
        "TargetGroupArn": "arn:${Partition}:elasticloadbalancing:${Region}:${Account}:${TargetGroupFullName}",
        "TargetGroupFullName": "targetgroup/${Name}/<[0-9a-f]{16}>",
        "TargetGroupName": "${Name}",
    },
    "AWS::EKS::Nodegroup": {"Id": "${ClusterName}/${NodegroupName}"},
    "AWS::Events::ApiDestination": {
        "Arn": "arn:${Partition}:events:${Region}:${Account}:api-destination/${Name}/${Uuid}"
    },
    "AWS::Events::Connection": {"Arn": "arn:${Partition}:events:${Region}:${Account}:connection/${Name}/${Uuid}"},
    "AWS::IAM::ManagedPolicy": {"PolicyId": "ANPA<[A-Z0-9]{17}>"},
    "AWS::IAM::Role": {"RoleId": "AROA<[A-Z0-9]{17}>"},
    "AWS::KMS::Key": {"KeyId": "${Uuid}"},
    "AWS::Lambda::Alias": {"AliasArn": "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}:${Name}"},
    "AWS::Lambda::Function": {"ApplyOn": "None", "OptimizationStatus": "Off"},
    "AWS::Lambda::LayerVersion": {
        "LayerVersionArn": "arn:${Partition}:lambda:${Region}:${Account}:layer:${LayerName}:1"
    },
    "AWS::Lambda::Url": {"FunctionUrl": "https://<[a-z0-9]{32}>.lambda-url.${Region}.on.aws/"},
    "AWS::Lambda::Version": {
        "FunctionArn": "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}:${Version}"
    },
    "AWS::MSK::Cluster": {"Arn": "arn:${Partition}:kafka:${Region}:${Account}:cluster/${ClusterName}/${Uuid}-1"},
    "AWS::Route53::HostedZone": {"Id": "Z<[A-Z0-9]{20}>"},
    "AWS::SNS::Subscription": {"Arn": "${TopicArn}:${Uuid}"},
    "AWS::SQS::Queue": {"QueueUrl": "https://sqs.${Region}.${Domain}/${Account}/${QueueName}"},
    "AWS::SecretsManager::Secret": {
        "Id": "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${Name}-<[a-z0-9]{6}>"
    },
}
"""What a property of a type looks like. ``${Name}`` is a property, or what is known of every resource: Partition,
Region, Account, Domain or Uuid, as in an ``arnTemplate``; ``<…>`` is anything that the pattern takes."""

LISTED: Final[Mapping[str, frozenset[str]]] = {
    # Recorded (O-25).
    "AWS::S3::Bucket": frozenset({"BucketName"}),
    "AWS::Logs::LogGroup": frozenset({"LogGroupName", "Arn", "LogGroupClass", "RetentionInDays", "Tags"}),
}
"""What ListResources shows of a resource, where that is less than GetResource shows."""


IDENTIFIERS_AS_TOKENS: Final = frozenset({"AWS::Logs::LogGroup"})  # recorded (O-27)
"""The types whose lists go on after an identifier that is itself the NextToken."""


class PlainName(NamedTuple):
    """A name by which resources of a type are found beside their primary identifier.

    Attributes:
        path: the property that has the name.
        where: what further properties are, of those resources that are found so, unless they are absent.
    """

    path: PropertyPath
    where: Mapping[str, str]


PLAIN_NAMES: Final[Mapping[str, PlainName]] = {
    "AWS::Events::Rule": PlainName(("RuleName",), {"EventBusName": "default"}),  # recorded (D-10)
}
"""The names that callers may give instead of a primary identifier, without JSON."""

POINTED_AT: Final[Mapping[str, str]] = {
    "AWS::Logs::LogGroup": "/properties/LogGroupName",  # recorded (O-6)
}
"""The pointer with which a type's handler writes an identifier in its messages, as JSON; all others write it plain."""

SHARED_IDENTIFIERS: Final = frozenset[tuple[str, "tuple[PropertyPath, ...]"]](
    {
        ("AWS::Cases::Field", (("DomainId",),)),
        ("AWS::DataZone::Environment", (("DomainIdentifier",),)),
        ("AWS::DataZone::EnvironmentActions", (("EnvironmentIdentifier",),)),
        ("AWS::DataZone::EnvironmentProfile", (("DomainIdentifier",),)),
        ("AWS::DataZone::Project", (("DomainIdentifier",),)),
    }
)
"""Additional identifiers in AWS's schemas that name what the resource is in, where there are many of its kind."""

NEW_ACCOUNTS: Final = frozenset({"AWS::Organizations::Account"})
"""The types whose resources are accounts; any other that an account identifies is there once in each account."""

OTHER_ARNS: Final[Mapping[str, str]] = {
    "Bucket": "arn:${Partition}:s3:::${Label}",
    "Certificate": "arn:${Partition}:acm:${Region}:${Account}:certificate/${Uuid}",
    "Function": "arn:${Partition}:lambda:${Region}:${Account}:function:${Label}",
    "Key": "arn:${Partition}:kms:${Region}:${Account}:key/${Uuid}",
    "LogGroup": "arn:${Partition}:logs:${Region}:${Account}:log-group:${Label}",
    "ResourceShare": "arn:${Partition}:ram:${Region}:${Account}:resource-share/${Uuid}",
    "Role": "arn:${Partition}:iam::${Account}:role/${Label}",
    "Secret": "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${Label}",
    "Topic": "arn:${Partition}:sns:${Region}:${Account}:${Label}",
}
"""The Arns of what resources of other services often refer to, by the end of the property's name."""

SERVICES: Final[Mapping[str, str]] = {
    "ApiGatewayV2": "apigateway",
    "CertificateManager": "acm",
    "EFS": "elasticfilesystem",
    "ElasticLoadBalancingV2": "elasticloadbalancing",
    "KinesisFirehose": "firehose",
    "MSK": "kafka",
    "OpenSearchService": "es",
    "StepFunctions": "states",
}
"""What Arns and host names call the services whose schemas call them otherwise, and say it in no other way."""

EC2_PREFIXES: Final[Mapping[str, str]] = {
    "allocation": "eipalloc",
    "attachment": "eni-attach",
    "capacity-reservation": "cr",
    "capacity-reservation-fleet": "crf",
    "carrier-gateway": "cagw",
    "customer-gateway": "cgw",
    "default-resource-discovery": "ipam-res-disco",
    "default-resource-discovery-association": "ipam-res-disco-assoc",
    "dhcp-options": "dopt",
    "egress-only-internet-gateway": "eigw",
    "eip-association": "eipassoc",
    "flow-log": "fl",
    "fpga-image": "afi",
    "fpga-image-global": "agfi",
    "group": "sg",
    "host": "h",
    "instance": "i",
    "instance-connect-endpoint": "eice",
    "instance-event-window": "iew",
    "internet-gateway": "igw",
    "ipam-pool-allocation": "ipam-pool-alloc",
    "ipam-resource-discovery": "ipam-res-disco",
    "ipam-resource-discovery-association": "ipam-res-disco-assoc",
    "key-pair": "key",
    "launch-template": "lt",
    "local-gateway": "lgw",
    "local-gateway-route-table": "lgw-rtb",
    "local-gateway-route-table-virtual-interface-group-association": "lgw-vif-grp-assoc",
    "local-gateway-route-table-vpc-association": "lgw-vpc-assoc",
    "local-gateway-virtual-interface": "lgw-vif",
    "local-gateway-virtual-interface-group": "lgw-vif-grp",
    "nat-gateway": "nat",
    "network-acl": "acl",
    "network-acl-association": "aclassoc",
    "network-insights-access-scope": "nis",
    "network-insights-access-scope-analysis": "nisa",
    "network-insights-analysis": "nia",
    "network-insights-path": "nip",
    "network-interface": "eni",
    "prefix-list": "pl",
    "private-default-scope": "ipam-scope",
    "public-default-scope": "ipam-scope",
    "route-server": "rs",
    "route-server-endpoint": "rse",
    "route-server-peer": "rsp",
    "route-table": "rtb",
    "security-group": "sg",
    "security-group-egress": "sgr",
    "security-group-ingress": "sgr",
    "service": "vpce-svc",
    "snapshot": "snap",
    "spot-fleet": "sfr",
    "subnet-cidr-block": "subnet-cidr-assoc",
    "subnet-cidr-reservation": "scr",
    "subnet-route-table-association": "rtbassoc",
    "traffic-mirror-filter": "tmf",
    "traffic-mirror-filter-rule": "tmfr",
    "traffic-mirror-session": "tms",
    "traffic-mirror-target": "tmt",
    "transit-gateway": "tgw",
    "transit-gateway-attachment": "tgw-attach",
    "transit-gateway-connect-peer": "tgw-connect-peer",
    "transit-gateway-multicast-domain": "tgw-mcast-domain",
    "transit-gateway-policy-table": "tgw-ptb",
    "transit-gateway-route-table": "tgw-rtb",
    "transit-gateway-vpc-attachment": "tgw-attach",
    "verified-access-endpoint": "vae",
    "verified-access-group": "vagr",
    "verified-access-instance": "vai",
    "verified-access-trust-provider": "vatp",
    "volume": "vol",
    "vpc-cidr-block": "vpc-cidr-assoc",
    "vpc-endpoint": "vpce",
    "vpc-endpoint-connection-notification": "vpce-nfn",
    "vpc-peering-connection": "pcx",
    "vpn-connection": "vpn",
    "vpn-gateway": "vgw",
}
"""What the ids of EC2's resources begin with, where it isn't the resource's kind (G-3)."""
