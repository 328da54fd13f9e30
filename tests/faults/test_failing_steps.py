"""add_failure at every handler call of every operation with every code: what was done by then stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal

import pytest
from calls import patch, status
from resource_types import LOG_GROUP

from pytest_cloudcontrol import CloudControl, HandlerErrorCode, Operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient

OLD: Final = {"RetentionInDays": 1, "KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/old"}
NEW: Final = {"RetentionInDays": 7, "KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/new"}
HALF_CREATED: Final = {"RetentionInDays": 7}
HALF_UPDATED: Final = {**OLD, "RetentionInDays": 7}

DONE: Final[dict[tuple[str, Literal["end"] | int], Mapping[str, object] | None]] = {
    ("CREATE", 1): None,
    ("CREATE", 2): HALF_CREATED,
    ("CREATE", "end"): NEW,
    ("UPDATE", 1): OLD,
    ("UPDATE", 2): HALF_UPDATED,
    ("UPDATE", "end"): NEW,
    ("DELETE", 1): OLD,
    ("DELETE", 2): OLD,
    ("DELETE", "end"): None,
}
"""What there is of the log group after a failure at a step, of two."""


def ask(cloudcontrol: CloudControl, client: CloudControlApiClient, operation: str) -> None:
    """Ask for an operation in two steps on one log group, which is there unless it is to be created."""
    cloudcontrol.plan(steps=2)
    if operation == "CREATE":
        client.create_resource(TypeName=LOG_GROUP, DesiredState=json.dumps({**NEW, "LogGroupName": "app"}))
        return
    cloudcontrol.resources.put(LOG_GROUP, {**OLD, "LogGroupName": "app"})
    if operation == "DELETE":
        client.delete_resource(TypeName=LOG_GROUP, Identifier="app")
        return
    changes = ({"op": "replace", "path": f"/{name}", "value": value} for name, value in NEW.items())
    patch(client, LOG_GROUP, "app", *changes)


def written(cloudcontrol: CloudControl) -> dict[str, Any] | None:
    """Return the two properties of the log group; None if it isn't there."""
    there = cloudcontrol.resources.get(LOG_GROUP, "app")
    return None if there is None else {name: value for name, value in there.items() if name in NEW}


@pytest.mark.parametrize("code", HandlerErrorCode)
@pytest.mark.parametrize(("operation", "at_step"), DONE)
def test_failure(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    operation: str,
    at_step: int | Literal["end"],
    code: HandlerErrorCode,
) -> None:
    """The event has the code and words that fit, the caller is told both, and what was done by then stays."""
    rule = cloudcontrol.add_failure(code, type_name=LOG_GROUP, operation=operation, identifier="app", at_step=at_step)
    ask(cloudcontrol, cloudcontrol_client, operation)
    request = cloudcontrol.requests.last.run()

    event = cloudcontrol_client.get_resource_request_status(RequestToken=request.request_token)["ProgressEvent"]
    assert (event["OperationStatus"], event["ErrorCode"], event["Identifier"]) == ("FAILED", code, "app")
    assert event["StatusMessage"] == f"Handler returned status FAILED (HandlerErrorCode: {code})"
    assert (rule.fired, request.steps) == (1, 2 if at_step == "end" else at_step)
    assert written(cloudcontrol) == DONE[operation, at_step]


@pytest.mark.parametrize("operation", Operation)
def test_tried_again(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, operation: Operation
) -> None:
    """The next request of the same kind isn't touched by a rule that is used up; the resource isn't busy any more."""
    cloudcontrol.add_failure("Throttling", operation=operation)
    ask(cloudcontrol, cloudcontrol_client, operation)
    cloudcontrol.requests.last.run()
    ask(cloudcontrol, cloudcontrol_client, operation)

    token = cloudcontrol.requests.last.run().request_token
    assert status(cloudcontrol_client, token) == "SUCCESS"
