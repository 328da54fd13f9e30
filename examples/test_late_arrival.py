"""A deployer that must find the bucket which comes after its create was cancelled."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import boto3
import pytest
from botocore.exceptions import ClientError, WaiterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol import CloudControl, ResourceRequest

BUCKET: Final = "AWS::S3::Bucket"


def deploy(name: str, tries: int = 5) -> int:
    """Create a bucket and wait for it; whatever becomes of the request, find the bucket. Return how many tries it took.

    This is the code under test. A cancelled or failed create may still bring its bucket: the service goes on by itself.
    A second create then fails with AlreadyExists, and that is the bucket that was wanted.
    """
    client = boto3.client("cloudcontrol")
    for number in range(1, tries + 1):
        answer = client.create_resource(TypeName=BUCKET, DesiredState=json.dumps({"BucketName": name}))
        token = answer["ProgressEvent"]["RequestToken"]
        try:
            client.get_waiter("resource_request_success").wait(RequestToken=token)
        except WaiterError:
            event = client.get_resource_request_status(RequestToken=token)["ProgressEvent"]
            if event.get("ErrorCode") == "AlreadyExists" or is_there(name):
                return number
        else:
            return number
    raise TimeoutError(name)


def is_there(name: str) -> bool:
    """Tell whether a bucket is there."""
    try:
        boto3.client("cloudcontrol").get_resource(TypeName=BUCKET, Identifier=name)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return False
        raise
    return True


def test_nothing_goes_wrong(cloudcontrol: CloudControl) -> None:
    """A create that succeeds takes one try."""
    assert deploy("reports") == 1
    assert len(cloudcontrol.resources) == 1


def end_after_one_call(cloudcontrol: CloudControl, end: Callable[[ResourceRequest], object]) -> None:
    """Arrange that the first create is ended between two polls, when its handler was called once."""
    cloudcontrol.plan(BUCKET, downstream=True, delay=30)

    def between_polls() -> None:
        first = cloudcontrol.requests[0]
        if first.is_running and first.steps == 1:
            end(first)

    cloudcontrol.before(between_polls, api="GetResourceRequestStatus")


@pytest.mark.parametrize(
    "end",
    [lambda request: request.cancel(), lambda request: request.fail("ServiceTimeout")],
    ids=["cancelled", "failed"],
)
def test_the_bucket_comes_later(cloudcontrol: CloudControl, end: Callable[[ResourceRequest], object]) -> None:
    """The first create ends before its bucket is there. The second finds it, made by the first one's work."""
    end_after_one_call(cloudcontrol, end)

    assert deploy("reports") == 2

    first, second = cloudcontrol.downstream
    assert (first.done, first.error) == (True, None)
    assert str(second.error).startswith("AlreadyExists")
    assert cloudcontrol.requests.last.error_code == "AlreadyExists"


def test_the_bucket_never_comes(cloudcontrol: CloudControl) -> None:
    """Where the service gives the work up, a further create makes the bucket."""

    def give_up(request: ResourceRequest) -> None:
        request.cancel()
        cloudcontrol.downstream.last.stop()

    end_after_one_call(cloudcontrol, give_up)

    assert deploy("reports") == 2
    assert cloudcontrol.requests.last.status == "SUCCESS"


def test_a_cancel_that_comes_too_late(cloudcontrol: CloudControl) -> None:
    """Cancelled while the last handler call is under way, a create succeeds all the same."""
    cloudcontrol.plan(BUCKET, step_time=30)
    cloudcontrol.add_cancel(operation="CREATE", at_step=2, during=True)

    assert deploy("reports") == 1

    statuses = [str(event.operation_status) for event in cloudcontrol.requests.last.events]
    assert statuses == ["IN_PROGRESS", "IN_PROGRESS", "CANCEL_IN_PROGRESS", "SUCCESS"]
