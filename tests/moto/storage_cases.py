"""The cases of what keeps things: Logs, SSM, ECR, Secrets Manager, DynamoDB and S3."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from type_cases import (
    OTHER_TAGS,
    READING,
    TAGS,
    WRITING,
    TypeCase,
    native,
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
        "ResourcePolicy": ({"PolicyDocument": READING}, {"PolicyDocument": WRITING}),
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
