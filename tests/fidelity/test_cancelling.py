"""Cancelling a request, and the one operation that a resource can have at a time."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from fidelity_support import (
    LOG_GROUP_DEFAULTS,
    NAMED,
    adding,
    create,
    delete,
    log_group_not_found,
    replacing,
    status,
    update,
    without_token,
)
from refusals import Refusal, refusal
from resource_types import LOG_GROUP, QUEUE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from types_boto3_cloudcontrol import CloudControlApiClient
    from types_boto3_cloudcontrol.type_defs import ProgressEventTypeDef

    from pytest_cloudcontrol import CloudControl, ResourceRequest

    Call: TypeAlias = Callable[[CloudControlApiClient], ProgressEventTypeDef]

OLD_KEY: Final = "arn:aws:kms:us-east-1:123456789012:key/old"
NEW_KEY: Final = "arn:aws:kms:us-east-1:123456789012:key/new"

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)


def cancel(client: CloudControlApiClient, event: ProgressEventTypeDef) -> ProgressEventTypeDef:
    """Cancel the request that an event belongs to, and return its current event."""
    return client.cancel_resource_request(RequestToken=event["RequestToken"])["ProgressEvent"]


@pytest.mark.fidelity("L-16")
@pytest.mark.parametrize("pending", [False, True], ids=["IN_PROGRESS", "PENDING"])
def test_a_running_request_can_be_cancelled(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, *, pending: bool
) -> None:
    """A PENDING or IN_PROGRESS request is cancelled at once, and its last event has the basic members only."""
    cloudcontrol.plan(pending=pending)
    event = create(cloudcontrol_client)
    cloudcontrol.clock.advance(0.1)
    cancelled = cancel(cloudcontrol_client, event)
    assert cancelled == {
        "TypeName": LOG_GROUP,
        "Identifier": "app",
        "RequestToken": event["RequestToken"],
        "Operation": "CREATE",
        "OperationStatus": "CANCEL_COMPLETE",
        "EventTime": event["EventTime"] + timedelta(milliseconds=100),
    }
    assert status(cloudcontrol_client, event) == cancelled


@pytest.mark.fidelity("L-16")
def test_a_cancelled_request_has_no_retry_after_any_more(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Cancelled between two handler calls, the event has lost the RetryAfter that it had."""
    event = create(cloudcontrol_client)
    cloudcontrol.step()
    assert "RetryAfter" in status(cloudcontrol_client, event)
    assert set(cancel(cloudcontrol_client, event)) == NAMED


@pytest.mark.fidelity("L-17")
def test_a_cancelled_update_leaves_the_changes_made_so_far(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """After a cancel the handler isn't called any more, and what it did stays: nothing is rolled back."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "RetentionInDays": 1, "KmsKeyId": OLD_KEY})
    event = update(cloudcontrol_client, replacing("/RetentionInDays", 7), replacing("/KmsKeyId", NEW_KEY))
    cloudcontrol.step()
    cancel(cloudcontrol_client, event)
    cloudcontrol.clock.advance(timedelta(days=1))
    properties = cloudcontrol.resources.get(LOG_GROUP, "app") or {}
    assert (properties["RetentionInDays"], properties["KmsKeyId"]) == (7, OLD_KEY)
    assert cloudcontrol.request(event["RequestToken"]).steps == 1


@pytest.mark.fidelity("L-17")
def test_after_a_cancelled_create_the_resource_may_be_there(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """What a create's first handler call has made is there after CANCEL_COMPLETE, half made."""
    event = create(cloudcontrol_client, RetentionInDays=7, KmsKeyId=NEW_KEY)
    cloudcontrol.step()
    cancel(cloudcontrol_client, event)
    got = cloudcontrol_client.get_resource(TypeName=LOG_GROUP, Identifier="app")["ResourceDescription"]
    assert json.loads(got["Properties"]) == {
        "LogGroupName": "app",
        "Arn": "arn:aws:logs:us-east-1:123456789012:log-group:app:*",
        "RetentionInDays": 7,
        **LOG_GROUP_DEFAULTS,
    }


@pytest.mark.fidelity("L-17")
def test_cancelled_before_the_first_handler_call_nothing_has_happened(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A create that is cancelled before any handler call leaves nothing."""
    cancel(cloudcontrol_client, create(cloudcontrol_client))
    cloudcontrol.clock.advance(timedelta(days=1))
    assert len(cloudcontrol.resources) == 0


@pytest.mark.fidelity("L-18")
def test_cancelling_again_answers_the_same_event(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Cancelling a CANCEL_COMPLETE request is answered 200 with its event as it is."""
    event = create(cloudcontrol_client)
    first = cancel(cloudcontrol_client, event)
    cloudcontrol.clock.advance(10)
    again = cloudcontrol_client.cancel_resource_request(RequestToken=event["RequestToken"])
    assert (again["ResponseMetadata"]["HTTPStatusCode"], again["ProgressEvent"]) == (200, first)


@pytest.mark.fidelity("L-19")
@pytest.mark.parametrize("end", ["SUCCESS", "FAILED"])
def test_a_finished_request_cannot_be_cancelled(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, end: str
) -> None:
    """Cancelling a request that has succeeded or failed is a ValidationException, and changes nothing."""
    event = create(cloudcontrol_client)
    request = cloudcontrol.request(event["RequestToken"])
    if end == "SUCCESS":
        request.run()
    else:
        request.fail("InternalFailure")
    before = request.events
    assert refusal(lambda: cancel(cloudcontrol_client, event)) == (
        "ValidationException",
        f"Request {event['RequestToken']} is already in status {end}",
        400,
    )
    assert request.events == before


@pytest.mark.fidelity("L-20")
@pytest.mark.parametrize("api", ["get_resource_request_status", "cancel_resource_request"])
def test_an_unknown_request_token_is_not_found(cloudcontrol_client: CloudControlApiClient, api: str) -> None:
    """Status and Cancel of a token that stands for no request say so, in the recorded words."""
    assert refusal(lambda: getattr(cloudcontrol_client, api)(RequestToken="DOESNOTEXIST")) == (
        "RequestTokenNotFoundException",
        "Request with token DOESNOTEXIST was not found",
        400,
    )


# One operation at a time


def busy(event: ProgressEventTypeDef) -> Refusal:
    """Return what a caller is told while the request of an event is worked off."""
    return Refusal(
        "ConcurrentOperationException",
        f"Concurrent operation found for resource {event['Identifier']} with RequestToken {event['RequestToken']}",
        400,
    )


@pytest.mark.fidelity("L-21")
@pytest.mark.parametrize("running", [update, delete])
@pytest.mark.parametrize("second", [update, delete])
def test_a_busy_resource_refuses_another_operation(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, running: Call, second: Call
) -> None:
    """While one request works on a resource, Update and Delete are refused at once, naming that request."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    event = running(cloudcontrol_client)
    assert refusal(lambda: second(cloudcontrol_client)) == busy(event)
    assert len(cloudcontrol.requests) == 1


@pytest.mark.fidelity("L-21")
def test_other_resources_are_not_busy(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A request on one resource refuses nothing on another one of the same type."""
    for name in ("app", "other"):
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": name})
    update(cloudcontrol_client)
    assert delete(cloudcontrol_client, "other")["OperationStatus"] == "IN_PROGRESS"


@pytest.mark.fidelity("L-21")
@pytest.mark.parametrize("end", ["SUCCESS", "FAILED", "CANCEL_COMPLETE"])
def test_a_resource_is_free_when_its_request_has_ended(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, end: str
) -> None:
    """Once the running request has come to its end, however that is, the next operation is accepted."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    event = update(cloudcontrol_client, adding("/RetentionInDays", 7))
    request = cloudcontrol.request(event["RequestToken"])
    if end == "SUCCESS":
        request.run()
    elif end == "FAILED":
        request.fail("Throttling")
    else:
        cancel(cloudcontrol_client, event)
    assert request.status == end
    assert delete(cloudcontrol_client)["OperationStatus"] == "IN_PROGRESS"


@pytest.mark.fidelity("L-21")
def test_reads_go_on_while_a_resource_is_busy(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """GetResource and ListResources answer while an operation is running."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    delete(cloudcontrol_client)
    got = cloudcontrol_client.get_resource(TypeName=LOG_GROUP, Identifier="app")["ResourceDescription"]
    listed = cloudcontrol_client.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"]
    assert (got["Identifier"], [each["Identifier"] for each in listed]) == ("app", ["app"])


@pytest.mark.fidelity("L-22")
def test_a_running_create_blocks_a_delete(cloudcontrol_client: CloudControlApiClient) -> None:
    """A create makes its resource busy as soon as its identifier is known, at once if the caller has named it."""
    event = create(cloudcontrol_client)
    assert refusal(lambda: delete(cloudcontrol_client)) == busy(event)


@pytest.mark.fidelity("L-22")
def test_a_running_create_blocks_an_update_of_what_can_be_read(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """An update is told that there is no such resource until the create has made it, and then that it is busy."""
    event = create(cloudcontrol_client)
    assert without_token(refusal(lambda: update(cloudcontrol_client))) == log_group_not_found("app")
    cloudcontrol.step()
    assert refusal(lambda: update(cloudcontrol_client)) == busy(event)


@pytest.mark.fidelity("L-22")
def test_a_create_blocks_once_the_service_has_made_the_identifier(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A create whose identifier the service makes blocks its resource from the call that makes it."""
    event = cloudcontrol_client.create_resource(TypeName=QUEUE, DesiredState='{"QueueName": "jobs"}')["ProgressEvent"]
    cloudcontrol.step()
    running = status(cloudcontrol_client, event)
    told = refusal(lambda: cloudcontrol_client.delete_resource(TypeName=QUEUE, Identifier=running["Identifier"]))
    assert told == busy(running)


@pytest.mark.fidelity("L-23")
@pytest.mark.parametrize("steps_made", [0, 1])
def test_a_running_create_blocks_another_one(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, steps_made: int
) -> None:
    """A create of an identifier that the caller names is refused while another one is running, made or not."""
    event = create(cloudcontrol_client)
    for _ in range(steps_made):
        cloudcontrol.step()
    assert refusal(lambda: create(cloudcontrol_client, RetentionInDays=7)) == busy(event)
    assert len(cloudcontrol.requests) == 1


@pytest.mark.fidelity("L-23")
@pytest.mark.parametrize("running", [update, delete])
def test_a_running_update_or_delete_blocks_a_create(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, running: Call
) -> None:
    """While a resource is updated or deleted a create of it is refused, and doesn't come to AlreadyExists."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    event = running(cloudcontrol_client)
    assert refusal(lambda: create(cloudcontrol_client)) == busy(event)
    assert len(cloudcontrol.requests) == 1


ENDS: Final[Mapping[str, Callable[[ResourceRequest], object]]] = {
    "failed": lambda request: request.fail("Throttling"),
    "cancelled": lambda request: request.cancel(),
    "expired": lambda request: request.expire(),
}


@pytest.mark.fidelity("L-23")
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize(("steps_made", "then"), [(0, None), (1, "AlreadyExists")])
def test_an_identifier_is_free_when_its_create_has_ended(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    end: Callable[[ResourceRequest], object],
    steps_made: int,
    then: str | None,
) -> None:
    """However a create has ended, the next one of its identifier is accepted, and fails only if something was made."""
    first = cloudcontrol.request(create(cloudcontrol_client)["RequestToken"])
    for _ in range(steps_made):
        first.step()
    end(first)
    second = cloudcontrol.request(create(cloudcontrol_client)["RequestToken"])
    assert second.run().error_code == then


@pytest.mark.fidelity("L-23")
def test_creates_whose_identifier_the_service_makes_do_not_block_each_other(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Where the service makes the identifier it isn't known to be busy: a second create is accepted, and fails."""
    for _ in range(2):
        cloudcontrol_client.create_resource(TypeName=QUEUE, DesiredState='{"QueueName": "jobs"}')
    cloudcontrol.run_until_idle()
    ends = [(request.status, request.error_code) for request in cloudcontrol.requests]
    assert ends == [("SUCCESS", None), ("FAILED", "AlreadyExists")]
