"""The names of AWS's types that many tests ask for, and the handlers of a type of the tests' own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject

BUCKET: Final = "AWS::S3::Bucket"
KEY_PAIR: Final = "AWS::EC2::KeyPair"
LOG_GROUP: Final = "AWS::Logs::LogGroup"
LOG_STREAM: Final = "AWS::Logs::LogStream"
QUEUE: Final = "AWS::SQS::Queue"
SECRET: Final = "AWS::SecretsManager::Secret"
STAGE: Final = "AWS::ApiGateway::Stage"
VPC: Final = "AWS::EC2::VPC"


def every_handler(*, but: str | None = None) -> dict[str, Any]:
    """Return the handlers of a schema: all that there are, or all but one."""
    return {name: {} for name in ("create", "read", "update", "delete", "list") if name != but}


def recorded_bucket(name: str, region: str) -> JSONObject:
    """Return what AWS was recorded to show of a bucket that was made with nothing but its name (O-8)."""
    encryption: JSONObject = {
        "BucketKeyEnabled": False,
        "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
        "ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
    }
    blocked = ("RestrictPublicBuckets", "BlockPublicPolicy", "BlockPublicAcls", "IgnorePublicAcls")
    return {
        "BucketName": name,
        "AbacStatus": "Disabled",
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [encryption]},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "PublicAccessBlockConfiguration": dict.fromkeys(blocked, True),
        "Arn": f"arn:aws:s3:::{name}",
        "DomainName": f"{name}.s3.amazonaws.com",
        "DualStackDomainName": f"{name}.s3.dualstack.{region}.amazonaws.com",
        "RegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
        "WebsiteURL": f"http://{name}.s3-website-{region}.amazonaws.com",
    }
