"""Requests that end half way: AWS rolls nothing back, so code that cleans up has to be told what is left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import boto3
from botocore.exceptions import WaiterError

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl

BUCKET: Final = "AWS::S3::Bucket"
DESIRED_STATE: Final = {
    "BucketName": "reports",
    "Tags": [{"Key": "team", "Value": "blue"}],
    "VersioningConfiguration": {"Status": "Enabled"},
}


def create_or_clean_up() -> bool:
    """Create a bucket; if that fails half way, delete what is there. Return whether it was made.

    This is the code under test.
    """
    client = boto3.client("cloudcontrol")
    waiter = client.get_waiter("resource_request_success")
    answer = client.create_resource(TypeName=BUCKET, DesiredState=json.dumps(DESIRED_STATE))
    token = answer["ProgressEvent"]["RequestToken"]
    try:
        waiter.wait(RequestToken=token)
    except WaiterError:
        event = client.get_resource_request_status(RequestToken=token)["ProgressEvent"]
        if event.get("ErrorCode") != "AlreadyExists":
            deletion = client.delete_resource(TypeName=BUCKET, Identifier=event["Identifier"])
            waiter.wait(RequestToken=deletion["ProgressEvent"]["RequestToken"])
        return False
    return True


def test_a_half_made_bucket_is_cleaned_up(cloudcontrol: CloudControl) -> None:
    """The create fails in its second handler call, when the bucket is there already; afterwards it is gone."""
    cloudcontrol.add_failure("NotStabilized", type_name=BUCKET, operation="CREATE", at_step=2)

    assert not create_or_clean_up()

    assert [request.operation for request in cloudcontrol.requests] == ["CREATE", "DELETE"]
    assert list(cloudcontrol.resources) == []


def test_a_cancelled_create_is_cleaned_up(cloudcontrol: CloudControl) -> None:
    """Somebody else cancels the request while the code waits: what one handler call made is deleted."""
    cloudcontrol.add_cancel(type_name=BUCKET, at_step=2)

    assert not create_or_clean_up()

    assert [str(request.status) for request in cloudcontrol.requests] == ["CANCEL_COMPLETE", "SUCCESS"]
    assert list(cloudcontrol.resources) == []


def test_somebody_elses_bucket_is_left_alone(cloudcontrol: CloudControl) -> None:
    """The failed event's Identifier names the bucket that was there before; it must not be deleted."""
    cloudcontrol.resources.put(BUCKET, {"BucketName": "reports"})

    assert not create_or_clean_up()

    assert cloudcontrol.requests.last.error_code == "AlreadyExists"
    assert cloudcontrol.resources.get(BUCKET, "reports") is not None
