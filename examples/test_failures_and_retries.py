"""Code that tries again: botocore repeats calls that the API refuses; requests that fail are for the code to repeat."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Final

import boto3
import pytest

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

LOG_GROUP: Final = "AWS::Logs::LogGroup"
RETRYABLE: Final = frozenset({"Throttling", "ServiceInternalError", "NetworkFailure"})


class GaveUp(Exception):
    """No try succeeded."""


def create_with_retries(name: str, tries: int = 3) -> int:
    """Create a log group, trying again with a new client token when a request fails for a passing reason.

    This is the code under test. It returns how many tries it took.
    """
    client = boto3.client("cloudcontrol")
    for number in range(1, tries + 1):
        event = client.create_resource(
            TypeName=LOG_GROUP, DesiredState=json.dumps({"LogGroupName": name}), ClientToken=str(uuid.uuid4())
        )["ProgressEvent"]
        while event["OperationStatus"] in {"PENDING", "IN_PROGRESS"}:
            event = client.get_resource_request_status(RequestToken=event["RequestToken"])["ProgressEvent"]
        if event["OperationStatus"] == "SUCCESS":
            return number
        if event["ErrorCode"] not in RETRYABLE:
            raise GaveUp(event["ErrorCode"])
    raise GaveUp("too many tries")


def test_failed_requests_are_tried_again(cloudcontrol: CloudControl) -> None:
    """Two requests are throttled by the service behind Cloud Control; the third succeeds."""
    cloudcontrol.add_failure("Throttling", type_name=LOG_GROUP, times=2)

    assert create_with_retries("app") == 3

    assert [str(request.status) for request in cloudcontrol.requests] == ["FAILED", "FAILED", "SUCCESS"]


def test_lasting_failures_are_not_tried_again(cloudcontrol: CloudControl) -> None:
    """Nothing is gained by repeating what isn't allowed."""
    cloudcontrol.add_failure("AccessDenied", type_name=LOG_GROUP)

    with pytest.raises(GaveUp, match="AccessDenied"):
        create_with_retries("app")

    assert len(cloudcontrol.requests) == 1


def test_botocore_retries_throttled_calls_by_itself(cloudcontrol: CloudControl) -> None:
    """One throttled call goes unnoticed: botocore sends it again, with the same client token and no real sleep."""
    cloudcontrol.add_error("ThrottlingException", api="CreateResource")

    assert create_with_retries("app") == 1

    throttled, repeated = cloudcontrol.calls[:2]
    assert throttled.error_code == "ThrottlingException"
    assert repeated.error_code is None
    assert throttled.input["ClientToken"] == repeated.input["ClientToken"]


def test_a_repeated_client_token_makes_no_second_request(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The same call with the same client token is answered with the same request."""
    tokens = {
        cloudcontrol_client.create_resource(
            TypeName=LOG_GROUP, DesiredState=json.dumps({"LogGroupName": "app"}), ClientToken="deployment-17"
        )["ProgressEvent"]["RequestToken"]
        for _ in range(3)
    }

    assert tokens == {cloudcontrol.requests.last.request_token}
