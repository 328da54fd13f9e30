"""Resources that work: what Cloud Control makes is moto's own, and a janitor finds what others have made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import boto3
import pytest
from botocore.exceptions import WaiterError

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl

QUEUE: Final = "AWS::SQS::Queue"
FUNCTION: Final = "AWS::Lambda::Function"
ROLE: Final = "AWS::IAM::Role"
BUCKET: Final = "AWS::S3::Bucket"
TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}

pytestmark = pytest.mark.cloudcontrol(provision="moto")


def create(type_name: str, state: object) -> str:
    """Create a resource, wait for it, and return its identifier. This is the code under test."""
    cloudcontrol = boto3.client("cloudcontrol")
    answer = cloudcontrol.create_resource(TypeName=type_name, DesiredState=json.dumps(state))
    token = answer["ProgressEvent"]["RequestToken"]
    cloudcontrol.get_waiter("resource_request_success").wait(RequestToken=token)
    return cloudcontrol.get_resource_request_status(RequestToken=token)["ProgressEvent"]["Identifier"]


def deploy(name: str) -> str:
    """Create a queue, and a function with its role that is told of it, and send the first message through the queue."""
    url = create(QUEUE, {"QueueName": name})
    role = create(ROLE, {"RoleName": f"{name}-runner", "AssumeRolePolicyDocument": TRUST})
    create(
        FUNCTION,
        {
            "FunctionName": name,
            "Role": boto3.client("iam").get_role(RoleName=role)["Role"]["Arn"],
            "Code": {"ZipFile": "def run(event, context): return event"},
            "Runtime": "python3.13",
            "Handler": "index.run",
            "Environment": {"Variables": {"QUEUE_URL": url}},
        },
    )
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


def test_the_function_is_told_of_the_queue(cloudcontrol: CloudControl) -> None:
    """The function that Cloud Control made is Lambda's own, with the role that was made for it."""
    url = deploy("orders")

    function = boto3.client("lambda").get_function(FunctionName="orders")["Configuration"]
    assert function["Environment"]["Variables"] == {"QUEUE_URL": url}
    assert function["Role"] == "arn:aws:iam::123456789012:role/orders-runner"
    assert [request.type_name for request in cloudcontrol.requests] == [QUEUE, ROLE, FUNCTION]


def test_a_function_that_fails_leaves_the_queue_empty(cloudcontrol: CloudControl) -> None:
    """Where the function can't be made, no message is sent."""
    cloudcontrol.add_failure("ServiceLimitExceeded", type_name=FUNCTION)

    with pytest.raises(WaiterError):
        deploy("orders")

    sqs = boto3.client("sqs")
    assert "Messages" not in sqs.receive_message(QueueUrl=sqs.get_queue_url(QueueName="orders")["QueueUrl"])


def test_the_janitor_deletes_what_others_have_made(cloudcontrol: CloudControl) -> None:
    """Buckets made by S3's own client are listed, and deleted."""
    s3 = boto3.client("s3")
    for name in ("test-1", "kept", "test-2"):
        s3.create_bucket(Bucket=name)

    assert clean_up("test-") == ["test-1", "test-2"]
    cloudcontrol.run_until_idle()
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["kept"]
