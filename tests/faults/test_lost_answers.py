"""``add_error(..., after=True)``: the call is carried out, and only its answer is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError
from calls import RETENTION_PATCH, create, status
from loops import ON, go_on_after
from resource_types import LOG_GROUP, QUEUE
from retrying import codes, once
from threads import in_threads

from pytest_cloudcontrol import NoProgressError

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrying import Mode
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

RETRIED: Final = (
    "ReadTimeoutError",
    "ConnectionClosedError",
    "ThrottlingException",
    "InternalFailure",
    "ServiceUnavailable",
)
NOT_RETRIED: Final = ("AccessDeniedException", "ExpiredTokenException", "ValidationException", "AlreadyExistsException")

pytestmark = [ON, pytest.mark.usefixtures("slept")]


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
@pytest.mark.parametrize("code", RETRIED)
def test_retry_is_a_replay(cloudcontrol: CloudControl, mode: Mode, code: str) -> None:
    """An SDK's retry carries the same ClientToken, and is told of the request that the lost call has made."""
    rule = cloudcontrol.add_error(code, api="CreateResource", after=True, times=2)
    token = create(cloudcontrol.client(config=Config(retries={"mode": mode})))
    assert codes(cloudcontrol) == [code, code, None]
    assert [request.request_token for request in cloudcontrol.requests] == [token]
    assert rule.fired == 2


@pytest.mark.parametrize("code", [*RETRIED, *NOT_RETRIED])
def test_second_try_of_the_program_is_a_second_request(cloudcontrol: CloudControl, code: str) -> None:
    """A program that tries again by itself has a new ClientToken, and so it makes another request."""
    cloudcontrol.add_error(code, after=True)
    client = once(cloudcontrol)
    with pytest.raises((ClientError, BotoCoreError)):
        client.create_resource(TypeName=QUEUE, DesiredState="{}")
    client.create_resource(TypeName=QUEUE, DesiredState="{}")
    cloudcontrol.run_until_idle()
    assert [request.status for request in cloudcontrol.requests] == ["SUCCESS", "SUCCESS"]
    assert len(cloudcontrol.resources) == 2


def test_second_try_with_the_same_client_token(cloudcontrol: CloudControl) -> None:
    """A program that keeps its ClientToken is told of the first request."""
    cloudcontrol.add_error("ReadTimeoutError", after=True)
    client = once(cloudcontrol)
    with pytest.raises(ReadTimeoutError):
        client.create_resource(TypeName=QUEUE, DesiredState="{}", ClientToken="mine")
    client.create_resource(TypeName=QUEUE, DesiredState="{}", ClientToken="mine")
    assert len(cloudcontrol.requests) == 1


def cancelled(cloudcontrol: CloudControl, client: CloudControlApiClient) -> bool:
    """Cancel the last request, and return whether it is."""
    with pytest.raises(ReadTimeoutError):
        client.cancel_resource_request(RequestToken=cloudcontrol.requests.last.request_token)
    return cloudcontrol.requests.last.status == "CANCEL_COMPLETE"


def updated(cloudcontrol: CloudControl, client: CloudControlApiClient) -> bool:
    """Update the log group there is, and return whether it was."""
    with pytest.raises(ReadTimeoutError):
        client.update_resource(TypeName=LOG_GROUP, Identifier="there", PatchDocument=RETENTION_PATCH)
    cloudcontrol.requests.last.run()
    return (cloudcontrol.resources.get(LOG_GROUP, "there") or {})["RetentionInDays"] == 7


def deleted(cloudcontrol: CloudControl, client: CloudControlApiClient) -> bool:
    """Delete the log group there is, and return whether it is gone."""
    with pytest.raises(ReadTimeoutError):
        client.delete_resource(TypeName=LOG_GROUP, Identifier="there")
    cloudcontrol.requests.last.run()
    return cloudcontrol.resources.get(LOG_GROUP, "there") is None


@pytest.mark.parametrize(
    ("api", "is_done"), [("CancelResourceRequest", cancelled), ("UpdateResource", updated), ("DeleteResource", deleted)]
)
def test_other_calls_are_carried_out(
    cloudcontrol: CloudControl, api: str, is_done: Callable[[CloudControl, CloudControlApiClient], bool]
) -> None:
    """What a cancel, an update and a delete ask is done, though their answers are lost."""
    client = once(cloudcontrol)
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "there"})
    create(client)
    cloudcontrol.add_error("ReadTimeoutError", api=api, after=True)
    assert is_done(cloudcontrol, client)


@pytest.mark.parametrize("api", ["GetResource", "ListResources", "ListResourceRequests", "GetResourceRequestStatus"])
def test_reads(cloudcontrol: CloudControl, api: str) -> None:
    """A read's answer is lost too, and the next one has it."""
    client = once(cloudcontrol)
    token = create(client)
    cloudcontrol.run_until_idle()
    reads: dict[str, Callable[[], object]] = {
        "GetResource": lambda: client.get_resource(TypeName=LOG_GROUP, Identifier="orders"),
        "ListResources": lambda: client.list_resources(TypeName=LOG_GROUP),
        "ListResourceRequests": client.list_resource_requests,
        "GetResourceRequestStatus": lambda: client.get_resource_request_status(RequestToken=token),
    }
    cloudcontrol.add_error("ConnectionClosedError", api=api, after=True)
    with pytest.raises(BotoCoreError):
        reads[api]()
    reads[api]()
    lost, told = cloudcontrol.calls[-2:]
    assert lost.lost_answer == told.answer
    assert (lost.answer, told.lost_answer) == (None, None)


def test_record(cloudcontrol: CloudControl) -> None:
    """The record shows what the code was told, and beside it what was lost; the call is found by its request."""
    cloudcontrol.add_error("InternalFailure", after=True)
    with pytest.raises(ClientError, match=r"^An error occurred \(InternalFailure\)"):
        once(cloudcontrol).create_resource(TypeName=QUEUE, DesiredState="{}")
    call, request = cloudcontrol.calls.last, cloudcontrol.requests.last
    assert (call.answer, call.error_code, call.error_message) == (None, "InternalFailure", "")
    assert call.lost_answer is not None
    assert call.lost_answer["ProgressEvent"] == {
        "TypeName": QUEUE,
        "RequestToken": request.request_token,
        "Operation": "CREATE",
        "OperationStatus": "IN_PROGRESS",
        "EventTime": request.accepted_at.timestamp(),
    }
    request.run()
    assert list(cloudcontrol.calls.matching(identifier=request.identifier)) == [call]


def test_refusal_is_lost_too(cloudcontrol: CloudControl) -> None:
    """Where the service itself answers an error, that is lost, and there is no lost answer."""
    cloudcontrol.add_error("ReadTimeoutError", after=True)
    with pytest.raises(ReadTimeoutError):
        once(cloudcontrol).create_resource(TypeName="No::Such::Type", DesiredState="{}")
    assert cloudcontrol.calls.last.lost_answer is None
    assert len(cloudcontrol.requests) == 0


def test_message(cloudcontrol: CloudControl) -> None:
    """An error that takes an answer's place has the words that the test gives."""
    cloudcontrol.add_error("ServiceUnavailable", message="Back at noon.", after=True)
    with pytest.raises(ClientError, match=r"\(ServiceUnavailable\).*: Back at noon\.$"):
        create(once(cloudcontrol))


def test_before_and_after_together(cloudcontrol: CloudControl) -> None:
    """Of an error before and one after the call the first arranged comes first: one error a try."""
    cloudcontrol.add_error("ReadTimeoutError", after=True)
    cloudcontrol.add_error("ConnectTimeoutError")
    create(cloudcontrol.client())
    assert codes(cloudcontrol) == ["ReadTimeoutError", "ConnectTimeoutError", None]
    assert len(cloudcontrol.requests) == 1


def test_callback_sees_the_call_before_it_is_carried_out(cloudcontrol: CloudControl) -> None:
    """A callback before the call runs before anything is done, and what it arranges holds for the call."""
    seen: list[int] = []

    def look() -> None:
        seen.append(len(cloudcontrol.requests))
        cloudcontrol.add_error("ReadTimeoutError", after=True)

    cloudcontrol.before(look, api="CreateResource", times=1)
    create(cloudcontrol.client())
    assert (seen, codes(cloudcontrol), len(cloudcontrol.requests)) == ([0], ["ReadTimeoutError", None], 1)


def test_poll_whose_answers_are_lost(cloudcontrol: CloudControl) -> None:
    """A loop whose polls are carried out but never answered waits like any other: time goes on, and it is stopped."""
    client = once(cloudcontrol)
    token = create(client)
    cloudcontrol.add_error("ReadTimeoutError", api="GetResourceRequestStatus", after=True, times=10**6)
    with pytest.raises(NoProgressError):
        go_on_after(ReadTimeoutError, lambda: status(client, token))
    assert cloudcontrol.requests.last.status == "SUCCESS"


@pytest.mark.cloudcontrol(max_idle_calls=50)
def test_creates_whose_answers_are_lost(cloudcontrol: CloudControl) -> None:
    """A loop that creates again and again, and is never told so, is stopped after max_idle_calls."""
    cloudcontrol.add_error("ReadTimeoutError", after=True, times=10**6)
    cloudcontrol.plan(first_delay=10)
    client = once(cloudcontrol)
    with pytest.raises(NoProgressError, match=r"^the code under test has made 50 calls without any progress"):
        go_on_after(ReadTimeoutError, lambda: client.create_resource(TypeName=QUEUE, DesiredState="{}"))
    assert len(cloudcontrol.requests) == len(cloudcontrol.calls) == 51  # the first answer is one not given before


def test_threads(cloudcontrol: CloudControl) -> None:
    """Threads that create at once, each with retries, make one request each, however many answers are lost."""
    cloudcontrol.add_error("ConnectionClosedError", api="CreateResource", after=True, times=3)
    client = cloudcontrol.client(config=Config(retries={"mode": "standard", "total_max_attempts": 5}))
    tokens = in_threads(*[lambda name=name: create(client, name) for name in "abcd"])
    assert sorted(tokens) == sorted(request.request_token for request in cloudcontrol.requests)
    assert len(cloudcontrol.requests) == 4


def test_removed_and_unmet(cloudcontrol: CloudControl) -> None:
    """Taken back in time it loses nothing."""
    cloudcontrol.add_error("ReadTimeoutError", after=True, times=5).remove()
    create(once(cloudcontrol))
    assert codes(cloudcontrol) == [None]


def test_lost_answer_is_a_copy(cloudcontrol: CloudControl) -> None:
    """Changing what ``lost_answer`` gives changes nothing."""
    cloudcontrol.add_error("ReadTimeoutError", after=True)
    with pytest.raises(ReadTimeoutError):
        once(cloudcontrol).list_resource_requests()
    call = cloudcontrol.calls.last
    assert call.lost_answer is not None
    call.lost_answer.clear()
    assert json.dumps(call.lost_answer) == '{"ResourceRequestStatusSummaries": []}'
