"""Code that waits for what never comes is stopped with an error that says what stands still and what to call."""

from __future__ import annotations

import asyncio
import json
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

import pytest

from pytest_cloudcontrol import CloudControl, NoProgressError, mock_cloudcontrol
from pytest_cloudcontrol.clock import MockClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from types_boto3_cloudcontrol import CloudControlApiClient

    Poll: TypeAlias = Callable[[CloudControlApiClient], object]

LOG_GROUP = "AWS::Logs::LogGroup"
PATCH = '[{"op": "add", "path": "/RetentionInDays", "value": 7}]'
START = datetime(2030, 1, 1, tzinfo=UTC)
GUARD = 30
"""Seconds after which a test gives up waiting for a thread; none comes near it."""
ON = pytest.mark.cloudcontrol(start=START)
OFF = pytest.mark.cloudcontrol(start=START, auto_advance=False)

REMEDY = (
    "What to do: call request.run(), request.step() or cloudcontrol.clock.advance() before the code under test waits, "
    "or look at what it waits for."
)
WAITER_REMEDY = (
    "What to do: let the request come to its end first (request.run(), cloudcontrol.clock.advance()), "
    "wait in another thread, or set cloudcontrol.clock.auto_advance = True."
)


def after(seconds: float) -> datetime:
    """Return the instant so many seconds after the start."""
    return START + timedelta(seconds=seconds)


def rounds() -> Iterator[int]:
    """Yield the rounds of a loop that should be stopped: far more than it gets, and then fail the test."""
    yield from range(2000)
    pytest.fail("the loop was not stopped")


def create(client: CloudControlApiClient, name: str = "orders") -> str:
    """Ask for a log group, and return the request token."""
    answer = client.create_resource(TypeName=LOG_GROUP, DesiredState=json.dumps({"LogGroupName": name}))
    return answer["ProgressEvent"]["RequestToken"]


def status(client: CloudControlApiClient, token: str) -> str:
    """Poll a request."""
    return client.get_resource_request_status(RequestToken=token)["ProgressEvent"]["OperationStatus"]


def loop(client: CloudControlApiClient, *tokens: str, until: str = "SUCCESS") -> None:
    """Poll requests in turn until one of them has a status."""
    for _ in rounds():
        if until in [status(client, token) for token in tokens]:
            break


def wait(client: CloudControlApiClient, token: str) -> None:
    """Wait for a request by botocore's waiter."""
    client.get_waiter("resource_request_success").wait(RequestToken=token)


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
        "    2030-01-01 00:00:00.000 FAILED, AccessDenied: no"
    )


HOPELESS: dict[str, Poll] = {
    "GetResource": lambda client: client.get_resource(TypeName=LOG_GROUP, Identifier="missing"),
    "ListResources": lambda client: client.list_resources(TypeName=LOG_GROUP),
    "ListResourceRequests": lambda client: client.list_resource_requests(
        ResourceRequestStatusFilter={"OperationStatuses": ["FAILED"]}
    ),
    "UpdateResource": lambda client: client.update_resource(
        TypeName=LOG_GROUP, Identifier="missing", PatchDocument=PATCH
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


@ON
def test_loop_of_several_hopeless_calls(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A loop that polls two finished requests in turn is stopped too."""
    tokens = [create(cloudcontrol_client, "one"), create(cloudcontrol_client, "other")]
    cloudcontrol.run_until_idle()
    with pytest.raises(NoProgressError):
        loop(cloudcontrol_client, *tokens, until="FAILED")


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


class Worker(threading.Thread):
    """Runs code in a thread, tells whenever it is suspended, and keeps how it ended."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._settled = threading.Event()
        self._ended = False
        self.error: BaseException | None = None
        original = threading.Condition.wait

        def wait(condition: threading.Condition, timeout: float | None = None) -> bool:
            if threading.current_thread() is self and timeout is None:
                self._settled.set()  # the condition's lock is held until the thread really is suspended
            return original(condition, timeout)

        monkeypatch.setattr(threading.Condition, "wait", wait)

    def run(self) -> None:
        """Run the code."""
        try:
            self._work()
        except BaseException as error:  # NoProgressError is one
            self.error = error
        self._ended = True
        self._settled.set()

    def let_it_be_suspended(self) -> None:
        """Wait until the thread is suspended, for another time than at the last call."""
        assert self._settled.wait(GUARD)
        assert not self._ended, f"the thread was not suspended: {self.error}"
        self._settled.clear()

    def let_it_settle(self) -> bool:
        """Wait until the thread is suspended or has ended, and return whether it has ended."""
        assert self._settled.wait(GUARD)
        return self._ended

    def let_it_end(self) -> None:
        """Wait until the thread has ended."""
        self.join(GUARD)
        assert not self.is_alive()


@OFF
def test_waiter_in_another_thread(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A waiter in another thread is suspended until the test has moved the clock past the end of its sleep."""
    token = create(cloudcontrol_client)
    worker = Worker(monkeypatch, lambda: wait(cloudcontrol_client, token))
    worker.start()
    worker.let_it_be_suspended()
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
    worker = Worker(monkeypatch, lambda: wait(cloudcontrol_client, token))
    worker.start()
    worker.let_it_be_suspended()
    cloudcontrol.clock.advance(7)
    worker.let_it_be_suspended()
    cloudcontrol.clock.advance(5)
    worker.let_it_end()
    assert worker.error is None
    assert [call.time for call in cloudcontrol.calls[1:]] == [START, after(7), after(12)]


def test_waiter_is_released_when_the_mock_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A waiter that is suspended when the mock ends is let go with an error."""
    with mock_cloudcontrol(start=START, auto_advance=False) as cloudcontrol:
        client = cloudcontrol.client()
        token = create(client)
        worker = Worker(monkeypatch, lambda: wait(client, token))
        worker.start()
        worker.let_it_be_suspended()
    worker.let_it_end()
    assert isinstance(worker.error, NoProgressError)
    assert worker.error.stalled == "the mock ended while a thread was asleep in a waiter."
    assert worker.error.remedy == WAITER_REMEDY


@OFF
def test_loop_in_another_thread(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bare loop in another thread is suspended until something changes, and ends when the test runs the request."""
    token = create(cloudcontrol_client)
    worker = Worker(monkeypatch, lambda: loop(cloudcontrol_client, token))
    worker.start()
    worker.let_it_be_suspended()
    assert cloudcontrol.request(token).steps == 0
    cloudcontrol.request(token).run()
    worker.let_it_end()
    assert worker.error is None


def test_loop_is_released_when_the_mock_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop that is suspended when the mock ends is let go with an error."""
    with mock_cloudcontrol(start=START, auto_advance=False) as cloudcontrol:
        client = cloudcontrol.client()
        token = create(client)
        worker = Worker(monkeypatch, lambda: loop(client, token))
        worker.start()
        worker.let_it_be_suspended()
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
    worker = Worker(monkeypatch, lambda: loop(cloudcontrol_client, token))
    worker.start()
    worker.let_it_be_suspended()
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
