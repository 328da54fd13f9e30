"""Cloud Control here and another service in moto, in one test."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import boto3
import pytest
from moto import mock_aws

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol import CloudControl

LOG_GROUP: Final = "AWS::Logs::LogGroup"
STATE_BUCKET: Final = "deployment-state"


def deploy(name: str) -> None:
    """Create a log group with Cloud Control, and note its identifier in S3. This is the code under test."""
    cloudcontrol = boto3.client("cloudcontrol")
    answer = cloudcontrol.create_resource(TypeName=LOG_GROUP, DesiredState=json.dumps({"LogGroupName": name}))
    token = answer["ProgressEvent"]["RequestToken"]
    cloudcontrol.get_waiter("resource_request_success").wait(RequestToken=token)
    identifier = cloudcontrol.get_resource_request_status(RequestToken=token)["ProgressEvent"]["Identifier"]
    boto3.client("s3").put_object(Bucket=STATE_BUCKET, Key=f"{name}.json", Body=json.dumps({LOG_GROUP: identifier}))


@pytest.fixture
def state_bucket() -> Iterator[str]:
    """Make a bucket in moto."""
    with mock_aws():
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket=STATE_BUCKET)
        yield STATE_BUCKET


def test_the_state_is_written_once_the_log_group_is_there(cloudcontrol: CloudControl, state_bucket: str) -> None:
    """Cloud Control is answered by the mock, S3 by moto."""
    deploy("app")

    state = boto3.client("s3").get_object(Bucket=state_bucket, Key="app.json")["Body"].read()
    assert json.loads(state) == {LOG_GROUP: "app"}
    assert cloudcontrol.resources.get(LOG_GROUP, "app") is not None
