"""Code that creates resources and waits for them in one go: the test arranges beforehand, and looks afterwards."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import WaiterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_cloudcontrol import CloudControl


class DeploymentFailed(Exception):
    """A resource could not be made."""


def deploy(resources: Mapping[str, Mapping[str, object]]) -> list[str]:
    """Create resources one after the other, waiting for each, and return their identifiers.

    This is the code under test.
    """
    client = boto3.client("cloudcontrol")
    waiter = client.get_waiter("resource_request_success")
    identifiers = []
    for type_name, desired_state in resources.items():
        answer = client.create_resource(TypeName=type_name, DesiredState=json.dumps(desired_state))
        token = answer["ProgressEvent"]["RequestToken"]
        try:
            waiter.wait(RequestToken=token)
        except WaiterError as error:
            event = client.get_resource_request_status(RequestToken=token)["ProgressEvent"]
            raise DeploymentFailed(f"{type_name}: {event['ErrorCode']}: {event['StatusMessage']}") from error
        identifiers.append(client.get_resource_request_status(RequestToken=token)["ProgressEvent"]["Identifier"])
    return identifiers


RESOURCES: Mapping[str, Mapping[str, object]] = {
    "AWS::Logs::LogGroup": {"LogGroupName": "app", "RetentionInDays": 7},
    "AWS::SQS::Queue": {"QueueName": "jobs"},
}


def test_everything_is_made(cloudcontrol: CloudControl) -> None:
    """Both resources exist at the end, under the identifiers that the service gave them."""
    log_group, queue = deploy(RESOURCES)

    assert log_group == "app"
    assert cloudcontrol.resources.get("AWS::Logs::LogGroup", log_group) is not None
    assert cloudcontrol.resources.get("AWS::SQS::Queue", queue) is not None


def test_slow_resources_are_waited_for(cloudcontrol: CloudControl) -> None:
    """A queue that takes 20 handler calls, 4 seconds apart, is waited out in no real time."""
    cloudcontrol.plan("AWS::SQS::Queue", "CREATE", steps=20, delay=4)

    deploy(RESOURCES)

    assert [request.steps for request in cloudcontrol.requests] == [2, 20]


def test_a_failure_says_what_failed(cloudcontrol: CloudControl) -> None:
    """The error names the type and carries the handler's own code and words."""
    cloudcontrol.add_failure("ServiceLimitExceeded", type_name="AWS::SQS::Queue", at_step=2, message="No more queues.")

    with pytest.raises(DeploymentFailed, match=r"^AWS::SQS::Queue: ServiceLimitExceeded: No more queues\.$"):
        deploy(RESOURCES)
