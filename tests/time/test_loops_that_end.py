"""Loops around calls that are refused, around waiters, and inside callbacks: each comes to an end by itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

import pytest
from botocore.exceptions import ClientError, WaiterError
from botocore.waiter import Waiter, WaiterModel, create_waiter_with_client
from calls import RETENTION_PATCH, create, status, wait
from loops import ENOUGH, OFF, ON, loop, rounds
from mock_time import START, after
from resource_types import LOG_GROUP
from threads import suspended

from pytest_cloudcontrol import CloudControl, NoProgressError, ResourceRequest, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

    Use: TypeAlias = Callable[[CloudControlApiClient], object]
    Move: TypeAlias = Callable[[CloudControl, CloudControlApiClient, str], object]
    Wait: TypeAlias = Callable[[CloudControlApiClient, str], object]

BOTH = [
    pytest.param(True, id="auto_advance on", marks=pytest.mark.cloudcontrol(start=START)),
    pytest.param(False, id="auto_advance off", marks=pytest.mark.cloudcontrol(start=START, auto_advance=False)),
]


def loop_regardless(use: Callable[[], object]) -> None:
    """Make a call for ever, whatever it is answered."""
    for _ in rounds():
        with suppress(ClientError, WaiterError):
            use()


# Calls that are refused for their members


REFUSED: dict[str, Use] = {
    "status by a token of a wrong form": lambda client: client.get_resource_request_status(RequestToken="no token!"),
    "cancel by a token of a wrong form": lambda client: client.cancel_resource_request(RequestToken="no token!"),
    "get of a type of a wrong form": lambda client: client.get_resource(TypeName="no type!!!", Identifier="x"),
    "list of too many": lambda client: client.list_resources(TypeName=LOG_GROUP, MaxResults=1000),
    "create with a role of a wrong form": lambda client: client.create_resource(
        TypeName=LOG_GROUP, DesiredState="{}", RoleArn="a" * 20
    ),
    "update with a too long role": lambda client: client.update_resource(
        TypeName=LOG_GROUP,
        Identifier="x",
        PatchDocument=RETENTION_PATCH,
        RoleArn="arn:aws:iam::123456789012:role/" + "a" * 2048,
    ),
    "delete with a too long role": lambda client: client.delete_resource(
        TypeName=LOG_GROUP, Identifier="x", RoleArn="arn:aws:iam::123456789012:role/" + "a" * 2048
    ),
}


@pytest.mark.parametrize("auto_advance", BOTH)
@pytest.mark.parametrize("refused", REFUSED)
def test_loop_over_a_call_of_wrong_members(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, auto_advance: bool, refused: str
) -> None:
    """A call that is refused for its members, repeated for ever, is stopped."""
    with pytest.raises(NoProgressError):
        loop_regardless(lambda: REFUSED[refused](cloudcontrol_client))
    assert cloudcontrol.clock.auto_advance is auto_advance
    assert {call.error_code for call in cloudcontrol.calls[:-1]} == {"ValidationException"}


ARRANGED: dict[str, Use] = {
    "CreateResource": create,
    "UpdateResource": lambda client: client.update_resource(
        TypeName=LOG_GROUP, Identifier="x", PatchDocument=RETENTION_PATCH
    ),
    "DeleteResource": lambda client: client.delete_resource(TypeName=LOG_GROUP, Identifier="x"),
    "GetResource": lambda client: client.get_resource(TypeName=LOG_GROUP, Identifier="x"),
    "ListResources": lambda client: client.list_resources(TypeName=LOG_GROUP),
    "GetResourceRequestStatus": lambda client: status(client, "token"),
    "CancelResourceRequest": lambda client: client.cancel_resource_request(RequestToken="token"),
    "ListResourceRequests": lambda client: client.list_resource_requests(),
}


@pytest.mark.parametrize("auto_advance", BOTH)
@pytest.mark.parametrize("operation", ARRANGED)
def test_loop_over_an_arranged_error(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, auto_advance: bool, operation: str
) -> None:
    """A call that is answered with an arranged error for ever is stopped."""
    cloudcontrol.add_error("AccessDeniedException", times=10**6)
    with pytest.raises(NoProgressError):
        loop_regardless(lambda: ARRANGED[operation](cloudcontrol_client))
    assert cloudcontrol.clock.auto_advance is auto_advance
    assert {call.error_code for call in cloudcontrol.calls[:-1]} == {"AccessDeniedException"}


@ON
@pytest.mark.parametrize("refused", REFUSED)
def test_refused_call_between_two_polls(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, refused: str
) -> None:
    """With a refused call between two polls the second repeats nothing, and no time passes."""
    token = create(cloudcontrol_client)
    status(cloudcontrol_client, token)
    with pytest.raises(ClientError):
        REFUSED[refused](cloudcontrol_client)
    assert status(cloudcontrol_client, token) == "IN_PROGRESS"
    assert (cloudcontrol.request(token).steps, cloudcontrol.clock.now()) == (0, START)


@ON
def test_arranged_error_between_two_polls(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """With a call that is answered with an arranged error between two polls no time passes at the second."""
    cloudcontrol.add_error("AccessDeniedException", api="ListResources")
    token = create(cloudcontrol_client)
    status(cloudcontrol_client, token)
    with pytest.raises(ClientError, match="AccessDeniedException"):
        cloudcontrol_client.list_resources(TypeName=LOG_GROUP)
    assert status(cloudcontrol_client, token) == "IN_PROGRESS"
    assert (cloudcontrol.request(token).steps, cloudcontrol.clock.now()) == (0, START)


# auto_advance switched on


@OFF
@pytest.mark.parametrize("waiting", [loop, wait])
def test_suspended_thread_goes_on_with_auto_advance(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    monkeypatch: pytest.MonkeyPatch,
    waiting: Wait,
) -> None:
    """A thread that is suspended goes on when auto_advance is switched on, and nothing else is done, and ends."""
    token = create(cloudcontrol_client)
    worker = suspended(monkeypatch, lambda: waiting(cloudcontrol_client, token))
    cloudcontrol.clock.auto_advance = True
    worker.let_it_end()
    assert (worker.error, cloudcontrol.request(token).status) == (None, "SUCCESS")


# Callbacks


MOVES: dict[str, Move] = {
    "run": lambda cloudcontrol, _, token: cloudcontrol.request(token).run(),
    "step": lambda cloudcontrol, _, token: cloudcontrol.request(token).step(),
    "advance": lambda cloudcontrol, _, __: cloudcontrol.clock.advance(1),
    "poll": lambda _, client, token: loop(client, token),
    "waiter": lambda _, client, token: wait(client, token),
}


@ON
@pytest.mark.parametrize("move", MOVES)
def test_callback_that_polls_its_own_request(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, move: str
) -> None:
    """A callback before a step that waits for that very step is stopped, and the step can still be made."""
    seen: list[ResourceRequest] = []

    def poll_for_ever(request: ResourceRequest) -> None:
        if not seen:
            seen.append(request)
            loop(cloudcontrol_client, request.request_token)

    cloudcontrol.before(poll_for_ever, operation="CREATE")
    token = create(cloudcontrol_client)
    with pytest.raises(NoProgressError):
        MOVES[move](cloudcontrol, cloudcontrol_client, token)
    assert [request.steps for request in seen] == [0]
    assert len(cloudcontrol.calls) <= ENOUGH
    assert cloudcontrol.request(token).run().status == "SUCCESS"


# Waiters


def until_gone(client: CloudControlApiClient, **config: int) -> Waiter:
    """Make a waiter of the code's own, for a resource to go away."""
    gone = {
        "operation": "GetResource",
        "delay": 5,
        "maxAttempts": 24,
        "acceptors": [{"matcher": "error", "expected": "ResourceNotFoundException", "state": "success"}],
        **config,
    }
    model = WaiterModel({"version": 2, "waiters": {"ResourceGone": gone}})
    return create_waiter_with_client("ResourceGone", model, client)


EXHAUSTED = "Waiter ResourceGone failed: Max attempts exceeded"


@ON
def test_waiter_that_waits_in_vain(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """One waiter for what never comes makes all its attempts and fails with its own error, as against AWS."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "orders"})
    with pytest.raises(WaiterError) as failed:
        until_gone(cloudcontrol_client).wait(TypeName=LOG_GROUP, Identifier="orders")
    assert str(failed.value) == EXHAUSTED
    assert (len(cloudcontrol.calls), cloudcontrol.clock.now()) == (24, after(23 * 5))


@ON
def test_waiter_after_waiter_in_vain(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A few waiters one after the other fail each with its own error, too."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "orders"})
    told: list[str] = []
    for _ in range(5):
        with pytest.raises(WaiterError) as failed:
            until_gone(cloudcontrol_client).wait(TypeName=LOG_GROUP, Identifier="orders")
        told.append(str(failed.value))
    assert told == [EXHAUSTED] * 5


@pytest.mark.cloudcontrol(start=START, max_idle_calls=500)
def test_loop_around_a_waiter(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A loop around a waiter that goes on whatever the waiter says is stopped."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "orders"})
    waiter = until_gone(cloudcontrol_client)
    with pytest.raises(NoProgressError):
        loop_regardless(lambda: waiter.wait(TypeName=LOG_GROUP, Identifier="orders"))
    assert len(cloudcontrol.calls) <= 501


@ON
@pytest.mark.parametrize("start", [START, datetime(9970, 1, 1, tzinfo=UTC)])
def test_waiter_of_a_very_long_delay(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, start: datetime
) -> None:
    """A sleep beyond the end of time is cut: the request has expired when the waiter asks again."""
    cloudcontrol.clock.move_to(start)
    token = create(cloudcontrol_client)
    with pytest.raises(WaiterError) as failed:
        wait(cloudcontrol_client, token, delay=10**12)
    assert str(failed.value) == (
        "Waiter ResourceRequestSuccess failed: An error occurred (RequestTokenNotFoundException): "
        f"Request with token {token} was not found"
    )
    assert cloudcontrol.request(token).status == "SUCCESS"


def test_waiter_of_a_very_long_delay_in_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """With auto_advance off a waiter of a sleep beyond the end of time is suspended like any other."""
    with mock_cloudcontrol(start=START, auto_advance=False) as cloudcontrol:
        client = cloudcontrol.client()
        token = create(client)
        worker = suspended(monkeypatch, lambda: wait(client, token, delay=10**12))
    worker.let_it_end()
    assert isinstance(worker.error, NoProgressError)


# A shared mock


SHARED = """
    import pytest

    @pytest.mark.parametrize("number", range(15))
    def test_list(cloudcontrol_client, number):
        answer = cloudcontrol_client.list_resources(TypeName="AWS::Logs::LogGroup")
        assert answer["ResourceDescriptions"] == []
"""


def test_same_call_in_many_tests(pytester: pytest.Pytester) -> None:
    """Tests that share a mock and each make the same call are no loop: all pass."""
    with mock_cloudcontrol() as cloudcontrol:  # pytester forgets modules that an inner run is the first to import
        cloudcontrol.client().list_resource_requests()
    pytester.makeini("[pytest]\ncloudcontrol_fixture_scope = module\n")
    pytester.makepyfile(SHARED)
    pytester.runpytest("-p", "no:randomly").assert_outcomes(passed=15)


# What others were shown


@OFF
def test_what_others_were_shown_counts_for_them(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """How often a caller was told the same before a change doesn't count after it, whoever has seen that first."""
    token = create(cloudcontrol_client)
    for _ in range(9):
        status(cloudcontrol_client, token)
    cloudcontrol.request(token).step()
    with ThreadPoolExecutor(1) as other:
        for _ in range(2):
            other.submit(status, cloudcontrol_client, token).result()
    assert status(cloudcontrol_client, token) == "IN_PROGRESS"
