"""For each type of the table: states with every property that moto keeps, and what other clients do to them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from importlib.metadata import version
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypedDict

import boto3

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Native = Callable[..., Mapping[str, Any]]

MOTO: Final = tuple(map(int, version("moto").split(".")))
ROLE: Final = "arn:aws:iam::123456789012:role/runner"
TAGS: Final = [{"Key": "team", "Value": "shop"}, {"Key": "stage", "Value": "test"}]
OTHER_TAGS: Final = [{"Key": "stage", "Value": "live"}]
TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
READING: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}
WRITING: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}],
}
OTHER_TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})
PASS: Final = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'
WAIT: Final = '{"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 3, "End": true}}}'


def native(service: str, operation: str, **members: object) -> Mapping[str, Any]:
    """Make a call by a client of the service's own, as any code would."""
    make: Callable[..., object] = boto3.client
    call: Native = getattr(make(service, region_name="us-east-1"), operation)
    return call(**members)


@dataclass(frozen=True)
class TypeCase:
    """What the tests do with resources of a type.

    Attributes:
        type_name: the type.
        least: the state with what is required, and a name.
        properties: further properties, each with a value at first and another one later.
        lasting: those of them that no update takes away again, since moto or the service has no call for that.
        made_by_others: makes a resource of the name ``theirs`` by the service's own client, and returns its identifier.
        changed_by_others: changes one, and returns a property with its new value.
        is_there: whether the service's own client sees one.
        prepare: makes what the states speak of.
        fixed: properties that are given once.
        named: whether the caller names it, so that there can be a duplicate.
        dropped: properties that moto doesn't keep.
        seen_by_others: what the service's own client sees of a resource, as properties.
        theirs: properties that a read shows of what others have made.

    A value that is only known when moto is there is a function that gives it.
    """

    type_name: str
    least: Mapping[str, Any]
    properties: Mapping[str, tuple[Any, Any]]
    made_by_others: Callable[[], str]
    changed_by_others: Callable[[str], tuple[str, Any]]
    is_there: Callable[[str], bool]
    lasting: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[], object] = lambda: None
    named: bool = True
    dropped: Mapping[str, Any] = field(default_factory=dict)
    seen_by_others: Callable[[str], Mapping[str, Any]] = lambda _: {}
    theirs: Mapping[str, Any] = field(default_factory=dict)


def _queue_by_others() -> str:
    return str(native("sqs", "create_queue", QueueName="theirs")["QueueUrl"])


def _queue_changed(url: str) -> tuple[str, object]:
    native("sqs", "set_queue_attributes", QueueUrl=url, Attributes={"DelaySeconds": "11"})
    return "DelaySeconds", 11


QUEUE: Final = TypeCase(
    "AWS::SQS::Queue",
    {"QueueName": "ours"},
    {
        "DelaySeconds": (3, 5),
        "KmsMasterKeyId": ("alias/aws/sqs", "alias/shop"),
        "MaximumMessageSize": (2048, 4096),
        "MessageRetentionPeriod": (60, 90),
        "ReceiveMessageWaitTimeSeconds": (1, 2),
        "RedrivePolicy": (
            {"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:dead", "maxReceiveCount": 3},
            {"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:dead", "maxReceiveCount": 4},
        ),
        "SqsManagedSseEnabled": (True, False),
        "VisibilityTimeout": (7, 8),
        "Tags": (TAGS, OTHER_TAGS),
    },
    _queue_by_others,
    _queue_changed,
    lambda url: url in native("sqs", "list_queues").get("QueueUrls", []),
    prepare=lambda: native("sqs", "create_queue", QueueName="dead"),
    dropped={"RedriveAllowPolicy": {"redrivePermission": "denyAll"}},
)

FIFO_QUEUE: Final = TypeCase(
    "AWS::SQS::Queue",
    {"QueueName": "ours.fifo", "FifoQueue": True},
    {
        "ContentBasedDeduplication": (True, False),
        "DeduplicationScope": ("messageGroup", "queue"),
        "FifoThroughputLimit": ("perMessageGroupId", "perQueue"),
    },
    lambda: str(native("sqs", "create_queue", QueueName="theirs.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]),
    _queue_changed,
    QUEUE.is_there,
)
ENCRYPTED_QUEUE: Final = replace(
    QUEUE,
    least={"QueueName": "ours", "KmsMasterKeyId": "alias/shop"},
    properties={"KmsDataKeyReusePeriodSeconds": (600, 900)},
    dropped={},
)


def _topic_changed(arn: str) -> tuple[str, object]:
    native("sns", "set_topic_attributes", TopicArn=arn, AttributeName="DisplayName", AttributeValue="changed")
    return "DisplayName", "changed"


TOPIC: Final = TypeCase(
    "AWS::SNS::Topic",
    {"TopicName": "ours"},
    {
        "DisplayName": ("Orders", "Returns"),
        "KmsMasterKeyId": ("alias/aws/sns", "alias/shop"),
        "Subscription": (
            [{"Protocol": "email", "Endpoint": "a@example.com"}, {"Protocol": "email", "Endpoint": "b@example.com"}],
            [{"Protocol": "email", "Endpoint": "b@example.com"}, {"Protocol": "email", "Endpoint": "c@example.com"}],
        ),
        "Tags": (TAGS, OTHER_TAGS),
    },
    lambda: str(native("sns", "create_topic", Name="theirs")["TopicArn"]),
    _topic_changed,
    lambda arn: arn in [topic["TopicArn"] for topic in native("sns", "list_topics")["Topics"]],
    dropped={"SignatureVersion": "2", "TracingConfig": "Active", "DataProtectionPolicy": {"Name": "p"}},
)
FIFO_TOPIC: Final = TypeCase(
    "AWS::SNS::Topic",
    {"TopicName": "ours.fifo", "FifoTopic": True},
    {"ContentBasedDeduplication": (True, False)},
    lambda: str(native("sns", "create_topic", Name="theirs.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]),
    _topic_changed,
    TOPIC.is_there,
)


def _group_by_others() -> str:
    native("logs", "create_log_group", logGroupName="theirs")
    return "theirs"


def _group_changed(name: str) -> tuple[str, object]:
    native("logs", "put_retention_policy", logGroupName=name, retentionInDays=90)
    return "RetentionInDays", 90


LOG_GROUP: Final = TypeCase(
    "AWS::Logs::LogGroup",
    {"LogGroupName": "ours"},
    {"RetentionInDays": (7, 14), "Tags": (TAGS, OTHER_TAGS)},
    _group_by_others,
    _group_changed,
    lambda name: name in [group["logGroupName"] for group in native("logs", "describe_log_groups")["logGroups"]],
    fixed={"KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/shop"},
    dropped={"LogGroupClass": "INFREQUENT_ACCESS", "DeletionProtectionEnabled": True},
)


def _parameter_by_others() -> str:
    native("ssm", "put_parameter", Name="theirs", Value="1", Type="String")
    return "theirs"


def _parameter_changed(name: str) -> tuple[str, object]:
    native("ssm", "put_parameter", Name=name, Value="changed", Overwrite=True)
    return "Value", "changed"


PARAMETER: Final = TypeCase(
    "AWS::SSM::Parameter",
    {"Name": "ours", "Type": "String", "Value": "first"},
    {"Value": ("first", "second"), "Tags": ({"team": "shop"}, {"team": "stock", "stage": "live"})},
    _parameter_by_others,
    _parameter_changed,
    lambda name: name in [found["Name"] for found in native("ssm", "describe_parameters")["Parameters"]],
    lasting=("Value",),
    fixed={"Description": "a parameter", "Tier": "Advanced", "AllowedPattern": ".*", "DataType": "text"},
)


def _stream_by_others() -> str:
    native("kinesis", "create_stream", StreamName="theirs", ShardCount=1)
    return "theirs"


def _stream_changed(name: str) -> tuple[str, object]:
    native("kinesis", "increase_stream_retention_period", StreamName=name, RetentionPeriodHours=72)
    return "RetentionPeriodHours", 72


STREAM: Final = TypeCase(
    "AWS::Kinesis::Stream",
    {"Name": "ours", "ShardCount": 1},
    {
        "RetentionPeriodHours": (48, 36),
        "ShardCount": (2, 4),
        "StreamEncryption": (
            {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"},
            {"EncryptionType": "KMS", "KeyId": "alias/shop"},
        ),
        "DesiredShardLevelMetrics": (["IncomingBytes", "OutgoingBytes"], ["OutgoingBytes", "IncomingRecords"]),
        "Tags": (TAGS, OTHER_TAGS),
    },
    _stream_by_others,
    _stream_changed,
    lambda name: name in native("kinesis", "list_streams")["StreamNames"],
    lasting=("ShardCount",),
)
ON_DEMAND_STREAM: Final = replace(
    STREAM,
    least={"Name": "ours"},
    properties={"StreamModeDetails": ({"StreamMode": "ON_DEMAND"}, {"StreamMode": "PROVISIONED"})},
    lasting=("StreamModeDetails",),
)


def _repository_by_others() -> str:
    native("ecr", "create_repository", repositoryName="theirs")
    return "theirs"


def _repository_changed(name: str) -> tuple[str, object]:
    native("ecr", "put_image_tag_mutability", repositoryName=name, imageTagMutability="IMMUTABLE")
    return "ImageTagMutability", "IMMUTABLE"


_EXPIRY: Final = (
    '{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", '
    '"countNumber": %s}, "action": {"type": "expire"}}]}'
)
_PULLING: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "a", "Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}],
}
REPOSITORY: Final = TypeCase(
    "AWS::ECR::Repository",
    {"RepositoryName": "ours"},
    {
        "ImageScanningConfiguration": ({"ScanOnPush": True}, {"ScanOnPush": False}),
        "ImageTagMutability": ("IMMUTABLE", "MUTABLE"),
        "LifecyclePolicy": ({"LifecyclePolicyText": _EXPIRY % 3}, {"LifecyclePolicyText": _EXPIRY % 4}),
        "RepositoryPolicyText": (_PULLING, {**_PULLING, "Version": "2008-10-17"}),
        "Tags": (TAGS, OTHER_TAGS),
    },
    _repository_by_others,
    _repository_changed,
    lambda name: name in [found["repositoryName"] for found in native("ecr", "describe_repositories")["repositories"]],
    fixed={"EncryptionConfiguration": {"EncryptionType": "AES256"}},
)


def _secret_changed(arn: str) -> tuple[str, object]:
    native("secretsmanager", "update_secret", SecretId=arn, Description="changed")
    return "Description", "changed"


SECRET: Final = TypeCase(
    "AWS::SecretsManager::Secret",
    {"Name": "ours"},
    {
        "Description": ("one", "another"),
        "KmsKeyId": ("alias/stock", "alias/shop"),
        "Tags": (TAGS, OTHER_TAGS),
    },
    lambda: str(native("secretsmanager", "create_secret", Name="theirs", SecretString="-")["ARN"]),
    _secret_changed,
    lambda arn: arn in [found["ARN"] for found in native("secretsmanager", "list_secrets")["SecretList"]],
    lasting=("Description", "KmsKeyId"),
    fixed={"SecretString": "hush", "ReplicaRegions": [{"Region": "eu-west-1"}]},
)


def _role_by_others() -> str:
    native("iam", "create_role", RoleName="theirs", AssumeRolePolicyDocument="{}")
    return "theirs"


def _role_changed(name: str) -> tuple[str, object]:
    native("iam", "update_role", RoleName=name, Description="changed")
    return "Description", "changed"


def _policies() -> None:
    for name, document in (("reading", READING), ("writing", WRITING)):
        native("iam", "create_policy", PolicyName=name, PolicyDocument=str(document).replace("'", '"'))


_POLICY: Final = "arn:aws:iam::123456789012:policy/"
IAM_ROLE: Final = TypeCase(
    "AWS::IAM::Role",
    {"RoleName": "ours", "AssumeRolePolicyDocument": TRUST},
    {
        "AssumeRolePolicyDocument": (TRUST, OTHER_TRUST),
        "Description": ("one", "another"),
        "MaxSessionDuration": (7200, 10800),
        "PermissionsBoundary": (f"{_POLICY}reading", f"{_POLICY}writing"),
        "ManagedPolicyArns": ([f"{_POLICY}reading"], [f"{_POLICY}writing"]),
        "Policies": (
            [{"PolicyName": "a", "PolicyDocument": READING}, {"PolicyName": "b", "PolicyDocument": READING}],
            [{"PolicyName": "b", "PolicyDocument": WRITING}, {"PolicyName": "c", "PolicyDocument": READING}],
        ),
        "Tags": (TAGS, OTHER_TAGS),
    },
    _role_by_others,
    _role_changed,
    lambda name: name in [role["RoleName"] for role in native("iam", "list_roles")["Roles"]],
    lasting=("AssumeRolePolicyDocument",),
    fixed={"Path": "/shop/"},
    prepare=_policies,
)

_KEYS: Final = {
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
}


def _table_by_others() -> str:
    native("dynamodb", "create_table", TableName="theirs", BillingMode="PAY_PER_REQUEST", **_KEYS)
    return "theirs"


def _table_changed(name: str) -> tuple[str, object]:
    native("dynamodb", "update_table", TableName=name, DeletionProtectionEnabled=True)
    native("dynamodb", "update_table", TableName=name, DeletionProtectionEnabled=False)
    specification = {"Enabled": True, "AttributeName": "until"}
    native("dynamodb", "update_time_to_live", TableName=name, TimeToLiveSpecification=specification)
    return "TimeToLiveSpecification", specification


_INDEX: Final = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}
TABLE: Final = TypeCase(
    "AWS::DynamoDB::Table",
    {"TableName": "ours", "BillingMode": "PAY_PER_REQUEST", **_KEYS},
    {
        "DeletionProtectionEnabled": (True, False),
        "GlobalSecondaryIndexes": (
            [{"IndexName": "first", **_INDEX}, {"IndexName": "both", **_INDEX}],
            [{"IndexName": "both", **_INDEX}, {"IndexName": "then", **_INDEX}],
        ),
        "PointInTimeRecoverySpecification": (
            {"PointInTimeRecoveryEnabled": True},
            {"PointInTimeRecoveryEnabled": False},
        ),
        "StreamSpecification": ({"StreamViewType": "NEW_IMAGE"}, {"StreamViewType": "NEW_IMAGE"}),
        "TimeToLiveSpecification": (
            {"Enabled": True, "AttributeName": "until"},
            {"Enabled": False, "AttributeName": "until"},
        ),
        "Tags": (TAGS, OTHER_TAGS),
    },
    _table_by_others,
    _table_changed,
    lambda name: name in native("dynamodb", "list_tables")["TableNames"],
)
PROVISIONED_TABLE: Final = TypeCase(
    "AWS::DynamoDB::Table",
    {
        "TableName": "ours",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        "AttributeDefinitions": [
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "at", "AttributeType": "N"},
        ],
        "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2},
        "LocalSecondaryIndexes": [
            {
                "IndexName": "local",
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
    },
    {
        "ProvisionedThroughput": (
            {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2},
            {"ReadCapacityUnits": 3, "WriteCapacityUnits": 4},
        )
    },
    _table_by_others,
    _table_changed,
    TABLE.is_there,
    lasting=("ProvisionedThroughput",),
    fixed={"SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"}},
    dropped={"TableClass": "STANDARD_INFREQUENT_ACCESS"},
)


def _bucket_by_others() -> str:
    native("s3", "create_bucket", Bucket="theirs")
    return "theirs"


def _bucket_changed(name: str) -> tuple[str, object]:
    native("s3", "put_bucket_versioning", Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return "VersioningConfiguration", {"Status": "Enabled"}


BUCKET: Final = TypeCase(
    "AWS::S3::Bucket",
    {"BucketName": "ours"},
    {
        "AccelerateConfiguration": ({"AccelerationStatus": "Enabled"}, {"AccelerationStatus": "Suspended"}),
        "BucketEncryption": (
            {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]},
            {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/shop"}}
                ]
            },
        ),
        "CorsConfiguration": (
            {"CorsRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "MaxAge": 5}]},
            {"CorsRules": [{"AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["*"], "ExposedHeaders": ["ETag"]}]},
        ),
        "LifecycleConfiguration": (
            {"Rules": [{"Id": "old", "Status": "Enabled", "ExpirationInDays": 30, "Prefix": "logs/"}]},
            {
                "Rules": [
                    {
                        "Id": "old",
                        "Status": "Disabled",
                        "Transitions": [{"TransitionInDays": 40, "StorageClass": "GLACIER"}],
                    }
                ]
            },
        ),
        "OwnershipControls": (
            {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            {"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
        ),
        "PublicAccessBlockConfiguration": (
            {
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": False,
            },
            {
                "BlockPublicAcls": False,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": False,
                "RestrictPublicBuckets": True,
            },
        ),
        "VersioningConfiguration": ({"Status": "Enabled"}, {"Status": "Suspended"}),
        "WebsiteConfiguration": (
            {"IndexDocument": "index.html", "ErrorDocument": "error.html"},
            {"IndexDocument": "start.html"},
        ),
        "Tags": (TAGS, OTHER_TAGS),
    },
    _bucket_by_others,
    _bucket_changed,
    lambda name: name in [bucket["Name"] for bucket in native("s3", "list_buckets")["Buckets"]],
)


LOCKED_BUCKET: Final = replace(
    BUCKET,
    least={"BucketName": "ours", "ObjectLockEnabled": True},
    properties={
        "ObjectLockConfiguration": (
            {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 3}}},
            {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Years": 1}}},
        )
    },
    lasting=("ObjectLockConfiguration",),
)


def _log_bucket() -> None:
    native("s3", "create_bucket", Bucket="the-logs", ACL="log-delivery-write", ObjectOwnership="ObjectWriter")
    group = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}
    grants = [{"Grantee": group, "Permission": permission} for permission in ("WRITE", "READ_ACP")]
    native("s3", "put_bucket_acl", Bucket="the-logs", AccessControlPolicy={"Grants": grants, "Owner": {"ID": "owner"}})


LOGGED_BUCKET: Final = replace(
    BUCKET,
    properties={
        "LoggingConfiguration": (
            {"DestinationBucketName": "the-logs", "LogFilePrefix": "a/"},
            {"DestinationBucketName": "the-logs", "LogFilePrefix": "b/"},
        )
    },
    prepare=_log_bucket,
)


def _rule_changed(arn: str) -> tuple[str, object]:
    native("events", "disable_rule", Name=arn.rpartition("/")[2])
    return "State", "DISABLED"


RULE: Final = TypeCase(
    "AWS::Events::Rule",
    {"Name": "ours", "ScheduleExpression": "rate(5 minutes)"},
    {
        "Description": ("one", "another"),
        "EventPattern": ({"source": ["shop"]}, {"source": ["stock"]}),
        "RoleArn": (ROLE, f"{ROLE}-2"),
        "ScheduleExpression": ("rate(5 minutes)", "rate(6 minutes)"),
        "State": ("DISABLED", "ENABLED"),
        "Targets": (
            [{"Id": "a", "Arn": "arn:aws:sqs:us-east-1:123456789012:a"}],
            [{"Id": "b", "Arn": "arn:aws:sqs:us-east-1:123456789012:b", "Input": "{}"}],
        ),
        "Tags": (TAGS, OTHER_TAGS),
    },
    lambda: str(native("events", "put_rule", Name="theirs", ScheduleExpression="rate(1 day)")["RuleArn"]),
    _rule_changed,
    lambda arn: arn in [rule["Arn"] for rule in native("events", "list_rules")["Rules"]],
    lasting=("ScheduleExpression",),
)


def _rule_of_a_bus() -> str:
    pattern = '{"source": ["shop"]}'
    return str(native("events", "put_rule", Name="theirs", EventBusName="shop", EventPattern=pattern)["RuleArn"])


def _rule_of_a_bus_changed(arn: str) -> tuple[str, object]:
    native("events", "disable_rule", Name=arn.rpartition("/")[2], EventBusName="shop")
    return "State", "DISABLED"


BUS_RULE: Final = replace(
    RULE,
    least={"Name": "ours", "EventBusName": "shop", "EventPattern": {"source": ["shop"]}},
    properties={"Targets": RULE.properties["Targets"], "Tags": (TAGS, OTHER_TAGS)},
    lasting=(),
    made_by_others=_rule_of_a_bus,
    changed_by_others=_rule_of_a_bus_changed,
    is_there=lambda arn: arn in [rule["Arn"] for rule in native("events", "list_rules", EventBusName="shop")["Rules"]],
    prepare=lambda: native("events", "create_event_bus", Name="shop"),
)


def _key_changed(key: str) -> tuple[str, object]:
    native("kms", "update_key_description", KeyId=key, Description="changed")
    return "Description", "changed"


def _key_is_there(key: str) -> bool:
    found = [native("kms", "describe_key", KeyId=listed["KeyId"]) for listed in native("kms", "list_keys")["Keys"]]
    return key in [one["KeyMetadata"]["KeyId"] for one in found if one["KeyMetadata"]["KeyState"] != "PendingDeletion"]


_KEY_POLICY: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}
    ],
}
KEY: Final = TypeCase(
    "AWS::KMS::Key",
    {"KeyPolicy": _KEY_POLICY},
    {
        "Description": ("one", "another"),
        "Enabled": (False, True),
        "EnableKeyRotation": (True, False),
        "KeyPolicy": (_KEY_POLICY, {**_KEY_POLICY, "Id": "other"}),
        "Tags": (TAGS, OTHER_TAGS),
    },
    lambda: str(native("kms", "create_key")["KeyMetadata"]["KeyId"]),
    _key_changed,
    _key_is_there,
    lasting=("KeyPolicy",),
    fixed={"KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "MultiRegion": True, "Origin": "AWS_KMS"},
    named=False,
)


class _Kept(TypedDict):
    fixed: Mapping[str, Any]
    dropped: Mapping[str, Any]


def _kept_since(
    version: tuple[int, int, int],
    properties: Mapping[str, Any],
    fixed: Mapping[str, Any] = EMPTY,
    dropped: Mapping[str, Any] = EMPTY,
) -> _Kept:
    """Return what moto keeps and drops, where it keeps some properties from one version on and drops them before."""
    if version <= MOTO:
        return {"fixed": {**fixed, **properties}, "dropped": dropped}
    return {"fixed": fixed, "dropped": {**dropped, **properties}}


def _machine_changed(arn: str) -> tuple[str, object]:
    native("stepfunctions", "update_state_machine", stateMachineArn=arn, definition=WAIT)
    return "DefinitionString", WAIT


MACHINE: Final = TypeCase(
    "AWS::StepFunctions::StateMachine",
    {"StateMachineName": "ours", "RoleArn": ROLE, "DefinitionString": PASS},
    {
        "DefinitionString": (PASS, WAIT),
        "LoggingConfiguration": (
            {"Level": "ALL", "IncludeExecutionData": True},
            {"Level": "OFF", "IncludeExecutionData": False},
        ),
        "RoleArn": (ROLE, f"{ROLE}-2"),
        "TracingConfiguration": ({"Enabled": True}, {"Enabled": False}),
        "Tags": (TAGS, OTHER_TAGS),
    },
    lambda: str(
        native("stepfunctions", "create_state_machine", name="theirs", roleArn=ROLE, definition=PASS)["stateMachineArn"]
    ),
    _machine_changed,
    lambda arn: (
        arn in [found["stateMachineArn"] for found in native("stepfunctions", "list_state_machines")["stateMachines"]]
    ),
    lasting=("DefinitionString", "RoleArn"),
    **_kept_since((5, 2, 5), {"StateMachineType": "EXPRESS"}),
)


def _vpc() -> str:
    return str(native("ec2", "create_vpc", CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"])


def _vpc_changed(vpc: str) -> tuple[str, object]:
    native("ec2", "modify_vpc_attribute", VpcId=vpc, EnableDnsHostnames={"Value": True})
    return "EnableDnsHostnames", True


VPC: Final = TypeCase(
    "AWS::EC2::VPC",
    {"CidrBlock": "10.1.0.0/16"},
    {"EnableDnsSupport": (False, True), "EnableDnsHostnames": (True, False), "Tags": (TAGS, OTHER_TAGS)},
    _vpc,
    _vpc_changed,
    lambda vpc: vpc in [found["VpcId"] for found in native("ec2", "describe_vpcs")["Vpcs"]],
    fixed={"InstanceTenancy": "dedicated"},
    named=False,
)


def _default_vpc() -> str:
    vpcs = native("ec2", "describe_vpcs", Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    return str(vpcs[0]["VpcId"])


def _subnet_by_others() -> str:
    return str(native("ec2", "create_subnet", VpcId=_default_vpc(), CidrBlock="172.31.128.0/24")["Subnet"]["SubnetId"])


def _subnet_changed(subnet: str) -> tuple[str, object]:
    native("ec2", "modify_subnet_attribute", SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    return "MapPublicIpOnLaunch", True


SUBNET: Final = TypeCase(
    "AWS::EC2::Subnet",
    {"VpcId": _default_vpc, "CidrBlock": "172.31.129.0/24"},
    {"MapPublicIpOnLaunch": (True, False), "Tags": (TAGS, OTHER_TAGS)},
    _subnet_by_others,
    _subnet_changed,
    lambda subnet: subnet in [found["SubnetId"] for found in native("ec2", "describe_subnets")["Subnets"]],
    fixed={"AvailabilityZone": "us-east-1b"},
    named=False,
)


def _security_group_by_others() -> str:
    made = native("ec2", "create_security_group", GroupName="theirs", Description="-", VpcId=_default_vpc())
    return str(made["GroupId"])


def _security_group_changed(group: str) -> tuple[str, object]:
    ports = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    permission = {**ports, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    native("ec2", "authorize_security_group_ingress", GroupId=group, IpPermissions=[permission])
    return "SecurityGroupIngress", [{**ports, "CidrIp": "10.0.0.0/8"}]


_PORTS: Final = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 90}
SECURITY_GROUP: Final = TypeCase(
    "AWS::EC2::SecurityGroup",
    {"GroupName": "ours", "GroupDescription": "-", "VpcId": _default_vpc},
    {
        "SecurityGroupIngress": (
            [{**_PORTS, "CidrIp": "10.0.0.0/8", "Description": "inside"}, {**_PORTS, "CidrIpv6": "::/0"}],
            [{**_PORTS, "CidrIp": "10.1.0.0/16"}, {**_PORTS, "CidrIpv6": "::/0"}],
        ),
        "SecurityGroupEgress": (
            [{**_PORTS, "CidrIp": "10.0.0.0/8"}],
            [{**_PORTS, "CidrIp": "10.1.0.0/16", "Description": "one"}],
        ),
        "Tags": (TAGS, OTHER_TAGS),
    },
    _security_group_by_others,
    _security_group_changed,
    lambda group: group in [found["GroupId"] for found in native("ec2", "describe_security_groups")["SecurityGroups"]],
    named=False,
)


IMAGE: Final = "ami-12c6146b"


def _instance() -> str:
    made = native("ec2", "run_instances", ImageId=IMAGE, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    return str(made["Instances"][0]["InstanceId"])


def _instance_changed(instance: str) -> tuple[str, object]:
    native("ec2", "modify_instance_attribute", InstanceId=instance, SourceDestCheck={"Value": False})
    return "SourceDestCheck", False


def _instance_is_there(instance: str) -> bool:
    found = native("ec2", "describe_instances")["Reservations"]
    there = [one for reservation in found for one in reservation["Instances"] if one["State"]["Name"] == "running"]
    return instance in [one["InstanceId"] for one in there]


INSTANCE: Final = TypeCase(
    "AWS::EC2::Instance",
    {"ImageId": IMAGE, "InstanceType": "t3.micro"},
    {
        "DisableApiTermination": (True, False),
        "InstanceType": ("t3.micro", "t3.small"),
        "SourceDestCheck": (False, True),
        "Tags": (TAGS, OTHER_TAGS),
    },
    _instance,
    _instance_changed,
    _instance_is_there,
    lasting=("InstanceType",),
    fixed={"AvailabilityZone": "us-east-1a", "EbsOptimized": True, "Monitoring": True},
    named=False,
)


def _function(name: str) -> str:
    code = {"ZipFile": b"PK\x05\x06" + bytes(18)}
    native("lambda", "create_function", FunctionName=name, Role=ROLE, Code=code, Runtime="python3.12", Handler="a.b")
    return name


def _function_changed(name: str) -> tuple[str, object]:
    native("lambda", "update_function_configuration", FunctionName=name, Timeout=77)
    return "Timeout", 77


def _runner_role() -> None:
    for name in ("runner", "runner-2"):
        native("iam", "create_role", RoleName=name, AssumeRolePolicyDocument="{}")


FUNCTION: Final = TypeCase(
    "AWS::Lambda::Function",
    {
        "FunctionName": "ours",
        "Role": ROLE,
        "Code": {"ZipFile": "def run(event, context): pass"},
        "Runtime": "python3.12",
        "Handler": "index.run",
    },
    {
        "Description": ("one", "another"),
        "Environment": ({"Variables": {"STAGE": "test", "NAME": "b"}}, {"Variables": {"STAGE": "live"}}),
        "EphemeralStorage": ({"Size": 1024}, {"Size": 1024}),
        "Handler": ("index.run", "index.go"),
        "MemorySize": (256, 512),
        "ReservedConcurrentExecutions": (3, 4),
        "Role": (ROLE, f"{ROLE}-2"),
        "Runtime": ("python3.12", "python3.13"),
        "Timeout": (5, 6),
        "TracingConfig": ({"Mode": "Active"}, {"Mode": "Active"}),
        "Tags": (TAGS, OTHER_TAGS),
    },
    lambda: _function("theirs"),
    _function_changed,
    lambda name: name in [found["FunctionName"] for found in native("lambda", "list_functions")["Functions"]],
    lasting=("EphemeralStorage", "Handler", "Role", "Runtime", "TracingConfig"),
    **_kept_since(
        (5, 2, 4),
        {"KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/a"},
        fixed={"Architectures": ["arm64"], "PackageType": "Zip"},
        dropped={"DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:a"}},
    ),
    prepare=_runner_role,
)

CASES: Final = {
    "queue": QUEUE,
    "fifo queue": FIFO_QUEUE,
    "encrypted queue": ENCRYPTED_QUEUE,
    "topic": TOPIC,
    "fifo topic": FIFO_TOPIC,
    "log group": LOG_GROUP,
    "parameter": PARAMETER,
    "stream": STREAM,
    "on-demand stream": ON_DEMAND_STREAM,
    "repository": REPOSITORY,
    "secret": SECRET,
    "role": IAM_ROLE,
    "table": TABLE,
    "provisioned table": PROVISIONED_TABLE,
    "bucket": BUCKET,
    "locked bucket": LOCKED_BUCKET,
    "logged bucket": LOGGED_BUCKET,
    "rule": RULE,
    "rule of a bus": BUS_RULE,
    "key": KEY,
    "state machine": MACHINE,
    "vpc": VPC,
    "subnet": SUBNET,
    "security group": SECURITY_GROUP,
    "instance": INSTANCE,
    "function": FUNCTION,
}
