"""Code that waits for what never comes is stopped with an error that says what stands still and what to call."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

import pytest
from calls import RETENTION_PATCH, create, status, wait
from loops import OFF, ON, loop, rounds
from mock_time import START, after
from resource_types import LOG_GROUP
from threads import Worker, in_threads, suspended

from pytest_cloudcontrol import CloudControl, NoProgressError, mock_cloudcontrol
from pytest_cloudcontrol.clock import MockClock
from pytest_cloudcontrol.requests import no_progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

    Poll: TypeAlias = Callable[[CloudControlApiClient], object]


REMEDY = (
    "What to do: call request.run(), request.step() or cloudcontrol.clock.advance() before the code under test waits, "
    "or look at what it waits for."
)
WAITER_REMEDY = (
    "What to do: let the request come to its end first (request.run(), cloudcontrol.clock.advance()), "
    "wait in another thread, or set cloudcontrol.clock.auto_advance = True."
)


# Hopeless loops, auto_advance on


@ON
def test_loop_over_a_finished_request(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Code that waits for another status than the one a request has ended in is stopped, with the request's events."""
    token = create(cloudcontrol_client)
    request = cloudcontrol.request(token).fail("AccessDenied", "no")
    with pytest.raises(NoProgressError) as stopped:
        loop(cloudcontrol_client, token)
    stalled = (
        f'the code under test repeats GetResourceRequestStatus {{"RequestToken":"{request.request_token}"}} '
        "and gets the same answer, but nothing is due any more."
    )
    assert (stopped.value.stalled, stopped.value.remedy) == (stalled, REMEDY)
    assert str(stopped.value) == (
        f"{stalled}\n{REMEDY}\n"
        f"{token} CREATE AWS::Logs::LogGroup orders FAILED: 0 steps made [123456789012 us-east-1]\n"
        "    2030-01-01 00:00:00.000 IN_PROGRESS\n"
        "    2030-01-01 00:00:00.000 FAILED, AccessDenied: no, by request.fail()"
    )


HOPELESS: dict[str, Poll] = {
    "GetResource": lambda client: client.get_resource(TypeName=LOG_GROUP, Identifier="missing"),
    "ListResources": lambda client: client.list_resources(TypeName=LOG_GROUP),
    "ListResourceRequests": lambda client: client.list_resource_requests(
        ResourceRequestStatusFilter={"OperationStatuses": ["FAILED"]}
    ),
    "UpdateResource": lambda client: client.update_resource(
        TypeName=LOG_GROUP, Identifier="missing", PatchDocument=RETENTION_PATCH
    ),
    "GetResourceRequestStatus": lambda client: client.get_resource_request_status(RequestToken="missing"),
    "CancelResourceRequest": lambda client: client.cancel_resource_request(RequestToken="missing"),
    "CreateResource": lambda client: client.create_resource(TypeName="AWS::No::Type", DesiredState="{}"),
    "DeleteResource": lambda client: client.delete_resource(TypeName="AWS::No::Type", Identifier="missing"),
}
STALLED = {
    "GetResource": 'GetResource {"TypeName":"AWS::Logs::LogGroup","Identifier":"missing"}',
    "ListResources": 'ListResources {"TypeName":"AWS::Logs::LogGroup"}',
    "ListResourceRequests": 'ListResourceRequests {"ResourceRequestStatusFilter":{"OperationStatuses":["FAILED"]}}',
    "GetResourceRequestStatus": 'GetResourceRequestStatus {"RequestToken":"missing"}',
    "CancelResourceRequest": 'CancelResourceRequest {"RequestToken":"missing"}',
}


def loop_regardless(client: CloudControlApiClient, operation: str) -> None:
    """Repeat a call for ever, whatever it is answered, around an `except Exception`."""
    for _ in rounds():
        try:
            HOPELESS[operation](client)
        except Exception:  # what so much code does
            continue


@ON
@pytest.mark.parametrize("operation", HOPELESS)
def test_hopeless_loop(cloudcontrol_client: CloudControlApiClient, operation: str) -> None:
    """Each call repeated for ever is stopped, also around an `except Exception`."""
    with pytest.raises(NoProgressError) as stopped:
        loop_regardless(cloudcontrol_client, operation)
    assert stopped.value.remedy == REMEDY


@ON
@pytest.mark.parametrize("operation", STALLED)
def test_hopeless_loop_is_named(cloudcontrol_client: CloudControlApiClient, operation: str) -> None:
    """The error names the call with its input, and says that nothing was ever asked for."""
    with pytest.raises(NoProgressError) as stopped:
        loop_regardless(cloudcontrol_client, operation)
    stalled = f"the code under test repeats {STALLED[operation]} and gets the same answer, but nothing is due any more."
    assert str(stopped.value) == f"{stalled}\n{REMEDY}\nNo request has been made."


@ON
def test_loop_works_off_everything_before_it_is_stopped(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A hopeless loop is stopped only when nothing is due any more that might have helped."""
    create(cloudcontrol_client, "another")
    with pytest.raises(NoProgressError):
        loop_regardless(cloudcontrol_client, "GetResource")
    assert cloudcontrol.requests.last.status == "SUCCESS"


@pytest.mark.cloudcontrol(start=START, max_idle_calls=100)
def test_loop_of_several_hopeless_calls(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A loop that polls two finished requests in turn is stopped too."""
    tokens = [create(cloudcontrol_client, "one"), create(cloudcontrol_client, "other")]
    cloudcontrol.run_until_idle()
    with pytest.raises(NoProgressError) as stopped:
        loop(cloudcontrol_client, *tokens, until="FAILED")
    asked = f'GetResourceRequestStatus {{"RequestToken":"{tokens[1]}"}}'
    assert stopped.value.stalled == (
        f"the code under test has made 100 calls without any progress, the last of them {asked}."
    )
    assert stopped.value.remedy == f"{REMEDY} If so many are meant, give a larger max_idle_calls than 100."


@ON
def test_loop_in_a_task(cloudcontrol_client: CloudControlApiClient) -> None:
    """A hopeless loop in an asyncio task is stopped too."""

    async def poll_for_ever() -> None:
        for _ in rounds():
            HOPELESS["ListResourceRequests"](cloudcontrol_client)
            await asyncio.sleep(0)

    async def run() -> None:
        await asyncio.create_task(poll_for_ever())

    with pytest.raises(NoProgressError):
        asyncio.run(run())


@ON
def test_code_that_was_stopped_may_go_on(cloudcontrol_client: CloudControlApiClient) -> None:
    """After the error another call is answered as ever."""
    with pytest.raises(NoProgressError):
        loop_regardless(cloudcontrol_client, "GetResource")
    assert status(cloudcontrol_client, create(cloudcontrol_client)) == "IN_PROGRESS"


@ON
def test_waiter_for_an_expired_request(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A poll of a request that expires before its next step ends in AWS's error, not in ours."""
    cloudcontrol.plan(first_delay=timedelta(days=8))
    token = create(cloudcontrol_client)
    with pytest.raises(cloudcontrol_client.exceptions.RequestTokenNotFoundException):
        loop(cloudcontrol_client, token)


# auto_advance off, in the thread of the test


@OFF
def test_waiter_in_the_tests_own_thread(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A waiter that would sleep in the thread that has activated the mock is stopped at its first sleep."""
    token = create(cloudcontrol_client)
    with pytest.raises(NoProgressError) as stopped:
        wait(cloudcontrol_client, token)
    stalled = "a waiter is about to sleep 5 s, but clock.auto_advance is off: nothing moves the clock."
    assert str(stopped.value) == (
        f"{stalled}\n{WAITER_REMEDY}\n"
        f"{token} CREATE AWS::Logs::LogGroup orders IN_PROGRESS: 0 steps made, "
        "the next due at 2030-01-01 00:00:00.200 [123456789012 us-east-1]\n"
        "    2030-01-01 00:00:00.000 IN_PROGRESS"
    )
    assert cloudcontrol.clock.now() == START


@OFF
def test_waiter_that_need_not_sleep(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """With the request run first, as the error advises, the waiter returns."""
    token = create(cloudcontrol_client)
    cloudcontrol.request(token).run()
    wait(cloudcontrol_client, token)
    assert cloudcontrol.calls[-1].operation == "GetResourceRequestStatus"


@OFF
def test_loop_in_the_tests_own_thread(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A bare loop in the thread that has activated the mock is stopped, and nothing was worked off."""
    token = create(cloudcontrol_client)
    with pytest.raises(NoProgressError) as stopped:
        loop(cloudcontrol_client, token)
    assert stopped.value.stalled == (
        f'the code under test repeats GetResourceRequestStatus {{"RequestToken":"{token}"}} '
        "and gets the same answer, and clock.auto_advance is off."
    )
    assert stopped.value.remedy == REMEDY
    assert (cloudcontrol.request(token).steps, cloudcontrol.clock.now()) == (0, START)


# auto_advance off, in another thread


@OFF
def test_waiter_in_another_thread(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A waiter in another thread is suspended until the test has moved the clock past the end of its sleep."""
    token = create(cloudcontrol_client)
    worker = suspended(monkeypatch, lambda: wait(cloudcontrol_client, token))
    cloudcontrol.clock.advance(4.999)
    worker.let_it_be_suspended()
    polls_before = [call.time for call in cloudcontrol.calls[1:]]
    cloudcontrol.clock.advance(0.001)
    worker.let_it_end()
    assert (polls_before, worker.error) == ([START], None)
    assert [call.time for call in cloudcontrol.calls[1:]] == [START, after(5)]


@OFF
def test_waiter_in_another_thread_sleeps_again(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A waiter whose request isn't done when it wakes is suspended anew, from then on."""
    cloudcontrol.plan(steps=1, first_delay=8)
    token = create(cloudcontrol_client)
    worker = suspended(monkeypatch, lambda: wait(cloudcontrol_client, token))
    cloudcontrol.clock.advance(7)
    worker.let_it_be_suspended()
    cloudcontrol.clock.advance(5)
    worker.let_it_end()
    assert worker.error is None
    assert [call.time for call in cloudcontrol.calls[1:]] == [START, after(7), after(12)]


@OFF
def test_task_in_another_thread(monkeypatch: pytest.MonkeyPatch, cloudcontrol_client: CloudControlApiClient) -> None:
    """A task that polls for ever in another thread's event loop doesn't hold that for ever."""
    monkeypatch.setattr(no_progress, "BACKSTOP", 0.05)
    token = create(cloudcontrol_client)

    async def poll() -> None:
        while True:
            status(cloudcontrol_client, token)
            await asyncio.sleep(0)

    def run() -> str:
        with pytest.raises(NoProgressError) as caught:
            asyncio.run(poll())
        return caught.value.stalled

    [stalled] = in_threads(run)
    assert stalled.startswith("the code under test repeats GetResourceRequestStatus")


def test_waiter_is_released_when_the_mock_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A waiter that is suspended when the mock ends is let go with an error."""
    with mock_cloudcontrol(start=START, auto_advance=False) as cloudcontrol:
        client = cloudcontrol.client()
        token = create(client)
        worker = suspended(monkeypatch, lambda: wait(client, token))
    worker.let_it_end()
    assert isinstance(worker.error, NoProgressError)
    assert worker.error.stalled == "the mock ended while a waiter was asleep in another thread or task."
    assert worker.error.remedy == WAITER_REMEDY


@OFF
def test_loop_in_another_thread(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bare loop in another thread is suspended until something changes, and ends when the test runs the request."""
    token = create(cloudcontrol_client)
    worker = suspended(monkeypatch, lambda: loop(cloudcontrol_client, token))
    assert cloudcontrol.request(token).steps == 0
    cloudcontrol.request(token).run()
    worker.let_it_end()
    assert worker.error is None


def test_loop_is_released_when_the_mock_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop that is suspended when the mock ends is let go with an error."""
    with mock_cloudcontrol(start=START, auto_advance=False) as cloudcontrol:
        client = cloudcontrol.client()
        token = create(client)
        worker = suspended(monkeypatch, lambda: loop(client, token))
    worker.let_it_end()
    assert isinstance(worker.error, NoProgressError)
    assert worker.error.stalled == (
        f'the mock ended while a thread was waiting in GetResourceRequestStatus {{"RequestToken":"{token}"}}.'
    )


@OFF
def test_thread_is_released_when_auto_advance_is_switched_on(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A suspended loop goes on by itself when the test switches auto_advance on and acts."""
    token = create(cloudcontrol_client)
    worker = suspended(monkeypatch, lambda: loop(cloudcontrol_client, token))
    cloudcontrol.clock.auto_advance = True
    cloudcontrol.clock.advance(0)
    worker.let_it_end()
    assert (worker.error, cloudcontrol.clock.now()) == (None, after(1.2))


@OFF
def test_change_just_before_the_suspension(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loop isn't suspended for a change that came after its last answer: it sees the change, and ends."""
    token = create(cloudcontrol_client)
    worker = Worker(monkeypatch, lambda: loop(cloudcontrol_client, token))

    def read_auto_advance(_: MockClock) -> bool:
        # Of a repeated call it is read after the answer was found, and before the thread is suspended.
        request = cloudcontrol.request(token)
        if len(cloudcontrol.calls) > 11 and request.is_running:
            request.run()
        return False

    monkeypatch.setattr(MockClock, "auto_advance", property(read_auto_advance))
    worker.start()
    assert worker.let_it_settle(), "the thread was suspended, though its request had ended"
    assert worker.error is None
