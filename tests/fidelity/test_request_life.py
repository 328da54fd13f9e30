"""A request's life: its statuses, its handler calls, and the members of each of its events."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from fidelity_support import (
    BASIC,
    LOG_GROUP_DEFAULTS,
    NAMED,
    Wire,
    adding,
    create,
    delete,
    log_group_not_found,
    replacing,
    status,
    token_of,
    update,
    without_token,
)
from refusals import refusal
from resource_types import LOG_GROUP, QUEUE

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient
    from types_boto3_cloudcontrol.literals import OperationStatusType

    from pytest_cloudcontrol import CloudControl

START: Final = datetime(2026, 9, 28, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.cloudcontrol(auto_advance=False, start=START)

HANDLER_ERROR_CODES: Final = (
    "NotUpdatable",
    "InvalidRequest",
    "AccessDenied",
    "UnauthorizedTaggingOperation",
    "InvalidCredentials",
    "AlreadyExists",
    "NotFound",
    "ResourceConflict",
    "Throttling",
    "ServiceLimitExceeded",
    "NotStabilized",
    "GeneralServiceException",
    "ServiceInternalError",
    "ServiceTimeout",
    "NetworkFailure",
    "InternalFailure",
)


def seconds(number: float) -> datetime:
    """Return the instant so many seconds after the start."""
    return START + timedelta(seconds=number)


# Statuses


@pytest.mark.fidelity("L-1")
def test_the_first_answer_is_in_progress(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Create, update and delete are all answered with IN_PROGRESS."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "a"})
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "b"})
    events = [
        create(cloudcontrol_client, "c"),
        update(cloudcontrol_client, name="a"),
        delete(cloudcontrol_client, "b"),
    ]
    assert [event["OperationStatus"] for event in events] == ["IN_PROGRESS"] * 3
    assert [event["Operation"] for event in events] == ["CREATE", "UPDATE", "DELETE"]


@pytest.mark.fidelity("L-2")
def test_a_request_can_begin_as_pending(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A request that waits for its turn is PENDING, then IN_PROGRESS without RetryAfter, then worked off."""
    cloudcontrol.plan(pending=3)
    event = create(cloudcontrol_client)
    assert event["OperationStatus"] == "PENDING"
    assert set(event) == NAMED
    cloudcontrol.clock.advance(3)
    taken_up = status(cloudcontrol_client, event)
    assert (taken_up["OperationStatus"], taken_up["EventTime"]) == ("IN_PROGRESS", seconds(3))
    assert set(taken_up) == NAMED
    cloudcontrol.run_until_idle()
    assert status(cloudcontrol_client, event)["OperationStatus"] == "SUCCESS"


@pytest.mark.fidelity("L-3")
@pytest.mark.parametrize("end", ["SUCCESS", "FAILED", "CANCEL_COMPLETE"])
def test_a_terminal_status_is_the_last(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, end: OperationStatusType
) -> None:
    """After SUCCESS, FAILED or CANCEL_COMPLETE neither time nor anything else changes the event."""
    event = create(cloudcontrol_client, RetentionInDays=7)
    request = cloudcontrol.request(event["RequestToken"])
    if end == "SUCCESS":
        request.run()
    elif end == "FAILED":
        request.fail("InternalFailure")
    else:
        request.cancel()
    last = status(cloudcontrol_client, event)
    assert last["OperationStatus"] == end
    cloudcontrol.clock.advance(timedelta(days=6))
    assert status(cloudcontrol_client, event) == last
    assert request.next_step_at is None


# Handler calls


@pytest.mark.fidelity("L-4")
def test_each_handler_call_makes_an_event_of_its_own_instant(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """EventTime is the latest call's instant, and RetryAfter lies the callback delay after it, until SUCCESS."""
    cloudcontrol.plan(steps=4, first_delay=0.167, delay=5)
    event = create(cloudcontrol_client)
    seen = [event]
    for _ in range(4):
        cloudcontrol.clock.advance_to_next()
        seen.append(status(cloudcontrol_client, event))
    assert [(each["OperationStatus"], each["EventTime"], each.get("RetryAfter")) for each in seen] == [
        ("IN_PROGRESS", seconds(0), None),
        ("IN_PROGRESS", seconds(0.167), seconds(5.167)),
        ("IN_PROGRESS", seconds(5.167), seconds(10.167)),
        ("IN_PROGRESS", seconds(10.167), seconds(15.167)),
        ("SUCCESS", seconds(15.167), None),
    ]


@pytest.mark.fidelity("L-4")
def test_a_failing_call_sets_the_event_time_too(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The EventTime of a FAILED event is the instant of the call that failed."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    cloudcontrol.plan(first_delay=0.119)
    event = create(cloudcontrol_client)
    cloudcontrol.step()
    failed = status(cloudcontrol_client, event)
    assert (failed["OperationStatus"], failed["EventTime"]) == ("FAILED", seconds(0.119))


@pytest.mark.fidelity("L-5")
def test_state_moves_with_the_clock_though_nobody_asks(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A request that is never polled is worked off as time goes by, each call at its own instant."""
    event = create(cloudcontrol_client, RetentionInDays=7)
    cloudcontrol.clock.advance(timedelta(hours=1))
    done = status(cloudcontrol_client, event)
    assert (done["OperationStatus"], done["EventTime"]) == ("SUCCESS", seconds(1.2))
    assert cloudcontrol.resources.get(LOG_GROUP, "app") is not None


@pytest.mark.fidelity("L-5")
def test_time_without_a_handler_call_changes_no_event(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Between two handler calls the event stays as it is, however often and when it is read."""
    event = create(cloudcontrol_client)
    cloudcontrol.step()
    read = status(cloudcontrol_client, event)
    cloudcontrol.clock.advance(0.999)
    assert status(cloudcontrol_client, event) == read


# Members of events


@pytest.mark.fidelity("L-6")
def test_the_immediate_answer_of_a_create_has_the_basic_members(cloudcontrol_client: CloudControlApiClient) -> None:
    """A create's answer says what was asked of which resource, and nothing of the time to come."""
    event = create(cloudcontrol_client, RetentionInDays=7)
    assert event == {
        "TypeName": LOG_GROUP,
        "Identifier": "app",
        "RequestToken": event["RequestToken"],
        "Operation": "CREATE",
        "OperationStatus": "IN_PROGRESS",
        "EventTime": START,
    }


@pytest.mark.fidelity("L-6")
def test_the_immediate_answer_of_a_delete_has_the_basic_members(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A delete's answer has no further members either."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    event = delete(cloudcontrol_client)
    assert event == {
        "TypeName": LOG_GROUP,
        "Identifier": "app",
        "RequestToken": event["RequestToken"],
        "Operation": "DELETE",
        "OperationStatus": "IN_PROGRESS",
        "EventTime": START,
    }


@pytest.mark.fidelity("L-7")
def test_the_immediate_answer_of_an_update_shows_the_patched_model(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """An update's answer has a ResourceModel besides: the patched one, without what only the service sets."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "RetentionInDays": 1})
    assert "Arn" in (cloudcontrol.resources.get(LOG_GROUP, "app") or {})
    event = update(cloudcontrol_client, replacing("/RetentionInDays", 7))
    assert set(event) == NAMED | {"ResourceModel"}
    expected = {"LogGroupName": "app", "RetentionInDays": 7, **LOG_GROUP_DEFAULTS}
    assert json.loads(event["ResourceModel"]) == expected


@pytest.mark.fidelity("L-8")
def test_in_progress_read_back_says_when_the_handler_is_called_again(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """RetryAfter is there once a handler call has been made, and no other member more."""
    event = create(cloudcontrol_client)
    before = status(cloudcontrol_client, event)
    cloudcontrol.step()
    after = status(cloudcontrol_client, event)
    assert (set(before), set(after)) == (NAMED, NAMED | {"RetryAfter"})


@pytest.mark.fidelity("L-8")
def test_the_list_of_requests_says_it_as_well(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """ListResourceRequests shows the same event as GetResourceRequestStatus, RetryAfter included."""
    event = create(cloudcontrol_client)
    cloudcontrol.step()
    summaries = cloudcontrol_client.list_resource_requests()["ResourceRequestStatusSummaries"]
    assert summaries == [status(cloudcontrol_client, event)]
    assert summaries[0]["RetryAfter"] == seconds(1.2)


@pytest.mark.fidelity("L-7")
def test_an_updates_model_is_in_the_immediate_answer_only(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Read back after a handler call, an update's event has no ResourceModel."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    event = update(cloudcontrol_client, adding("/RetentionInDays", 7))
    cloudcontrol.step()
    assert set(status(cloudcontrol_client, event)) == NAMED | {"RetryAfter"}
    cloudcontrol.run_until_idle()
    assert set(status(cloudcontrol_client, event)) == NAMED


@pytest.mark.fidelity("L-9")
@pytest.mark.parametrize("operation", ["CREATE", "UPDATE", "DELETE"])
def test_success_has_the_basic_members(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, operation: str
) -> None:
    """A SUCCESS event has neither RetryAfter nor ErrorCode, StatusMessage or ResourceModel."""
    if operation == "CREATE":
        event = create(cloudcontrol_client)
    else:
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
        event = (
            delete(cloudcontrol_client)
            if operation == "DELETE"
            else update(cloudcontrol_client, adding("/RetentionInDays", 7))
        )
    cloudcontrol.run_until_idle()
    done = status(cloudcontrol_client, event)
    assert (done["OperationStatus"], done["Operation"], set(done)) == ("SUCCESS", operation, NAMED)


@pytest.mark.fidelity("L-10")
def test_failed_says_why_and_keeps_the_identifier(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A FAILED event has an ErrorCode and a StatusMessage besides, and no RetryAfter."""
    event = create(cloudcontrol_client)
    cloudcontrol.step()
    cloudcontrol.request(event["RequestToken"]).fail("NotStabilized", "It never came up.")
    assert status(cloudcontrol_client, event) == {
        "TypeName": LOG_GROUP,
        "Identifier": "app",
        "RequestToken": event["RequestToken"],
        "Operation": "CREATE",
        "OperationStatus": "FAILED",
        "EventTime": seconds(0.2),
        "StatusMessage": "It never came up.",
        "ErrorCode": "NotStabilized",
    }


@pytest.mark.fidelity("L-10")
def test_already_exists_names_the_resource_that_was_there(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The Identifier of a create that failed with AlreadyExists is that of the resource there was before."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    event = create(cloudcontrol_client)
    cloudcontrol.run_until_idle()
    failed = status(cloudcontrol_client, event)
    assert (failed["ErrorCode"], failed["Identifier"]) == ("AlreadyExists", "app")


@pytest.mark.fidelity("L-11")
def test_an_identifier_that_the_service_makes_comes_later(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A create whose identifier the service makes is answered without one, and has it at SUCCESS."""
    event = cloudcontrol_client.create_resource(TypeName=QUEUE, DesiredState='{"QueueName": "jobs"}')["ProgressEvent"]
    assert set(event) == BASIC
    cloudcontrol.run_until_idle()
    done = status(cloudcontrol_client, event)
    assert set(done) == NAMED
    assert done["Identifier"] == "https://sqs.us-east-1.amazonaws.com/123456789012/jobs"


@pytest.mark.fidelity("L-11")
def test_an_identifier_that_the_caller_gives_is_there_at_once(cloudcontrol_client: CloudControlApiClient) -> None:
    """A create whose primary identifier is in DesiredState is answered with it."""
    assert create(cloudcontrol_client, "mine")["Identifier"] == "mine"


@pytest.mark.fidelity("L-12")
def test_without_hooks_no_event_speaks_of_them(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Neither HooksRequestToken nor HooksProgressEvent is there at any moment."""
    wire = Wire(cloudcontrol_client)
    event = create(cloudcontrol_client)
    for _ in range(2):
        cloudcontrol.step()
        status(cloudcontrol_client, event)
    assert not [exchange for exchange in wire.exchanges if b"Hook" in exchange.body]
    assert [set(exchange.document) for exchange in wire.exchanges] == [{"ProgressEvent"}] * 3


# Failures


@pytest.mark.fidelity("L-13")
@pytest.mark.parametrize("code", HANDLER_ERROR_CODES)
def test_every_handler_error_code_ends_as_a_failed_event(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, code: str
) -> None:
    """Whatever the handler fails with, the call was answered 200, and the event says the code."""
    cloudcontrol.add_failure(code, message="As the handler put it.")
    event = create(cloudcontrol_client)
    cloudcontrol.run_until_idle()
    failed = status(cloudcontrol_client, event)
    assert (failed["OperationStatus"], failed["ErrorCode"], failed["StatusMessage"]) == (
        "FAILED",
        code,
        "As the handler put it.",
    )


@pytest.mark.fidelity("L-13")
def test_the_handler_error_codes_tested_here_are_the_apis(cloudcontrol_client: CloudControlApiClient) -> None:
    """The API's model has no other code than these sixteen; older ones lack a few."""
    shape = cloudcontrol_client.meta.service_model.shape_for("HandlerErrorCode")
    assert {"NotFound", "AlreadyExists"} < set(shape.metadata["enum"]) <= set(HANDLER_ERROR_CODES)


@pytest.mark.fidelity("L-14")
def test_in_a_read_the_handlers_error_is_the_answer(cloudcontrol_client: CloudControlApiClient) -> None:
    """A read handler's NotFound is the exception of that name, with a token that belongs to no request."""
    told = refusal(lambda: cloudcontrol_client.get_resource(TypeName=LOG_GROUP, Identifier="app"))
    assert without_token(told) == log_group_not_found("app")
    token = token_of(told)
    assert refusal(lambda: cloudcontrol_client.get_resource_request_status(RequestToken=token)) == (
        "RequestTokenNotFoundException",
        f"Request with token {token} was not found",
        400,
    )


@pytest.mark.fidelity("L-15")
def test_a_failure_keeps_what_earlier_calls_did(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A create that fails in its second call leaves the resource that the first has made, with its identifier."""
    cloudcontrol.add_failure("NotStabilized", at_step=2)
    event = create(cloudcontrol_client, RetentionInDays=7, LogGroupClass="STANDARD")
    cloudcontrol.run_until_idle()
    assert status(cloudcontrol_client, event)["Identifier"] == "app"
    got = cloudcontrol_client.get_resource(TypeName=LOG_GROUP, Identifier="app")["ResourceDescription"]
    properties = json.loads(got["Properties"])
    assert (properties.get("RetentionInDays"), properties.get("LogGroupClass")) == (7, None)


@pytest.mark.fidelity("L-27")
@pytest.mark.parametrize("arranged", [False, True], ids=["fail", "add_failure"])
def test_a_failure_without_words(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, arranged: bool
) -> None:
    """A failure with an empty message is an event without StatusMessage, read back and listed."""
    if arranged:
        cloudcontrol.add_failure("InternalFailure", message="")
    accepted = create(cloudcontrol_client)
    request = cloudcontrol.requests.last
    if arranged:
        request.run()
    else:
        request.fail("InternalFailure", "")
    event = status(cloudcontrol_client, accepted)
    (listed,) = cloudcontrol_client.list_resource_requests()["ResourceRequestStatusSummaries"]
    assert event == listed
    assert event["ErrorCode"] == "InternalFailure"
    assert "StatusMessage" not in event
    assert (request.error_code, request.status_message) == ("InternalFailure", None)
