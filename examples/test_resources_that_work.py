"""Resources that work: what Cloud Control makes is moto's own, and a janitor finds what others have made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import boto3
import pytest

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl

QUEUE: Final = "AWS::SQS::Queue"
BUCKET: Final = "AWS::S3::Bucket"

pytestmark = pytest.mark.cloudcontrol(provision="moto")


def deploy(name: str) -> str:
    """Create a queue, wait for it, and send the first message through it. This is the code under test."""
    cloudcontrol = boto3.client("cloudcontrol")
    answer = cloudcontrol.create_resource(TypeName=QUEUE, DesiredState=json.dumps({"QueueName": name}))
    token = answer["ProgressEvent"]["RequestToken"]
    cloudcontrol.get_waiter("resource_request_success").wait(RequestToken=token)
    url = cloudcontrol.get_resource_request_status(RequestToken=token)["ProgressEvent"]["Identifier"]
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody="deployed")
    return url


def clean_up(prefix: str) -> list[str]:
    """Delete every bucket whose name begins so. This is the code under test."""
    cloudcontrol = boto3.client("cloudcontrol")
    found = cloudcontrol.list_resources(TypeName=BUCKET)["ResourceDescriptions"]
    names = [description["Identifier"] for description in found if description["Identifier"].startswith(prefix)]
    for name in names:
        cloudcontrol.delete_resource(TypeName=BUCKET, Identifier=name)
    return names


def test_the_message_is_in_the_queue(cloudcontrol: CloudControl) -> None:
    """The queue that Cloud Control made takes messages."""
    url = deploy("orders")

    messages = boto3.client("sqs").receive_message(QueueUrl=url)["Messages"]
    assert [message["Body"] for message in messages] == ["deployed"]
    assert cloudcontrol.requests.last.status == "SUCCESS"


def test_the_janitor_deletes_what_others_have_made(cloudcontrol: CloudControl) -> None:
    """Buckets made by S3's own client are listed, and deleted."""
    s3 = boto3.client("s3")
    for name in ("test-1", "kept", "test-2"):
        s3.create_bucket(Bucket=name)

    assert clean_up("test-") == ["test-1", "test-2"]
    cloudcontrol.run_until_idle()
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["kept"]
