"""The life of a request, one step at a time: half made, waited for, cancelled half done, forgotten."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import boto3
import pytest

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

LOG_GROUP: Final = "AWS::Logs::LogGroup"
TAGS: Final = [{"Key": "team", "Value": "blue"}]


def create_log_group(name: str) -> str:
    """Ask for a log group and return the request token. This is the code under test: it knows nothing of the mock."""
    client = boto3.client("cloudcontrol")
    desired_state = json.dumps({"LogGroupName": name, "RetentionInDays": 7, "Tags": TAGS})
    return client.create_resource(TypeName=LOG_GROUP, DesiredState=desired_state)["ProgressEvent"]["RequestToken"]


def test_one_step_makes_half_of_it(cloudcontrol: CloudControl) -> None:
    """After the first handler call the log group is there, without what the second call will write."""
    request = cloudcontrol.request(create_log_group("app"))

    request.step()

    assert request.status == "IN_PROGRESS"
    log_group = cloudcontrol.resources.get(LOG_GROUP, "app")
    assert log_group is not None
    assert log_group["RetentionInDays"] == 7
    assert "Tags" not in log_group


def test_waiting_takes_no_real_time(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A waiter moves the mock clock instead of sleeping."""
    began = cloudcontrol.clock.now()

    cloudcontrol_client.get_waiter("resource_request_success").wait(RequestToken=create_log_group("app"))

    assert cloudcontrol.requests.last.status == "SUCCESS"
    assert cloudcontrol.clock.now() - began == timedelta(seconds=5)


def test_a_cancelled_update_stays_half_done(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """What the first handler call has changed stays; the rest never happens; nothing is rolled back."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "RetentionInDays": 7})
    patch = [
        {"op": "replace", "path": "/RetentionInDays", "value": 30},
        {"op": "add", "path": "/Tags", "value": TAGS},
    ]
    cloudcontrol_client.update_resource(TypeName=LOG_GROUP, Identifier="app", PatchDocument=json.dumps(patch))

    cloudcontrol.requests.last.cancel(at_step=2).run()

    assert cloudcontrol.requests.last.status == "CANCEL_COMPLETE"
    log_group = cloudcontrol.resources.get(LOG_GROUP, "app")
    assert log_group is not None
    assert log_group["RetentionInDays"] == 30
    assert "Tags" not in log_group


def test_requests_are_forgotten_after_seven_days(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A week later AWS no longer knows the request token; the log group is still there."""
    token = create_log_group("app")

    cloudcontrol.clock.advance(timedelta(days=7))

    with pytest.raises(cloudcontrol_client.exceptions.RequestTokenNotFoundException):
        cloudcontrol_client.get_resource_request_status(RequestToken=token)
    assert cloudcontrol.resources.get(LOG_GROUP, "app") is not None
