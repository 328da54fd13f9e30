"""Code that tries again when the network takes an answer away: with one client token, or there are two requests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl

QUEUE: Final = "AWS::SQS::Queue"


def create_queue(name: str, job: str, tries: int = 5) -> str:
    """Create a queue, whatever becomes of single calls, and return its URL.

    This is the code under test. The job's name is the client token of every try: a try that AWS has carried out already
    is answered with the request that it has made. The SDK's own retries are off, so that all tries are to be seen here.
    """
    client = boto3.client("cloudcontrol", config=Config(retries={"total_max_attempts": 1}))
    for left in reversed(range(tries)):
        try:
            event = client.create_resource(
                TypeName=QUEUE, DesiredState=json.dumps({"QueueName": name}), ClientToken=job
            )["ProgressEvent"]
            client.get_waiter("resource_request_success").wait(RequestToken=event["RequestToken"])
            return client.get_resource_request_status(RequestToken=event["RequestToken"])["ProgressEvent"]["Identifier"]
        except ReadTimeoutError:
            if not left:
                raise
        except ClientError as error:
            if not left or error.response["Error"]["Code"] != "ThrottlingException":
                raise
    raise AssertionError("the last try returns or raises")


@pytest.mark.parametrize("error", ["ReadTimeoutError", "ThrottlingException"])
def test_refused_tries_make_nothing(cloudcontrol: CloudControl, error: str) -> None:
    """Two tries don't get through; the third makes the one request."""
    cloudcontrol.add_error(error, api="CreateResource", times=2)

    create_queue("orders", job="deployment-17")

    assert len(cloudcontrol.calls.matching(api="CreateResource")) == 3
    assert len(cloudcontrol.requests) == 1


def test_lost_answer_is_asked_for_again(cloudcontrol: CloudControl) -> None:
    """AWS carries the first try out, but its answer is lost: the second is told of the same request."""
    lost = cloudcontrol.add_error("ReadTimeoutError", api="CreateResource", after=True)

    url = create_queue("orders", job="deployment-17")

    assert lost.fired == 1
    assert [resource.identifier for resource in cloudcontrol.resources] == [url]
    assert len(cloudcontrol.requests) == 1


def test_another_token_makes_another_request(cloudcontrol: CloudControl) -> None:
    """What goes wrong without a token of one's own: the second try is another request, which the first one's fails."""
    cloudcontrol.add_error("ReadTimeoutError", api="CreateResource", after=True)
    client = boto3.client("cloudcontrol", config=Config(retries={"total_max_attempts": 1}))
    state = json.dumps({"QueueName": "orders"})
    with pytest.raises(ReadTimeoutError):
        client.create_resource(TypeName=QUEUE, DesiredState=state)

    client.create_resource(TypeName=QUEUE, DesiredState=state)
    cloudcontrol.run_until_idle()

    assert [(str(request.status), request.error_code) for request in cloudcontrol.requests] == [
        ("SUCCESS", None),
        ("FAILED", "AlreadyExists"),
    ]


def test_as_fast_as_aws_lets_it(cloudcontrol: CloudControl) -> None:
    """A deployment of many queues keeps to the rate that AWS allows, or ends."""
    cloudcontrol.limit_rate(2, per=1, api="CreateResource")
    for number in range(5):
        create_queue(f"orders-{number}", job=f"deployment-{number}")

    assert len(cloudcontrol.resources) == 5


def test_gives_up(cloudcontrol: CloudControl) -> None:
    """An error that outlasts the tries reaches the caller, and nothing has been made."""
    cloudcontrol.add_error("ThrottlingException", api="CreateResource", times=5)

    with pytest.raises(ClientError):
        create_queue("orders", job="deployment-17")

    assert len(cloudcontrol.resources) == 0
