"""The names of AWS's types that many tests ask for, and the handlers of a type of the tests' own."""

from __future__ import annotations

from typing import Any, Final

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
