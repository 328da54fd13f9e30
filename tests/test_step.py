"""A step has room for work outside the lock: a handler that says so may call Cloud Control, and be overtaken."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from resource_types import QUEUE
from threads import GUARD, in_threads

from pytest_cloudcontrol import CloudControl, HandlerError, IllegalTransition, Options
from pytest_cloudcontrol.activation import activated
from pytest_cloudcontrol.requests.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from types_boto3_cloudcontrol.literals import OperationStatusType

    from pytest_cloudcontrol import ResourceRequest
    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.handlers.protocol import HandlerInput
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Scope

SECOND = timedelta(seconds=1)


class Written:
    """A handler of somebody's own, which works outside the lock and keeps no resources."""

    runs_unlocked = True

    def __init__(self, work: Callable[[HandlerInput], timedelta | None]) -> None:
        self._work = work

    def call(self, request: HandlerInput, now: datetime, seed: str) -> timedelta | None:  # noqa: ARG002  # the protocol's
        """Do the work."""
        return self._work(request)

    def read(self, resource_type: ResourceType, scope: Scope, identifier: str) -> JSONObject:
        """Find nothing."""
        raise HandlerError("NotFound", f"no {identifier} of {resource_type.type_name} in {scope}")


@contextmanager
def worked_off_by(work: Callable[[HandlerInput], timedelta | None]) -> Iterator[CloudControl]:
    """Activate a mock whose requests are worked off so, and ask it for one queue."""
    with activated(Options(), "this test") as backend:
        use(backend, work)
        cloudcontrol = CloudControl(backend)
        cloudcontrol.client().create_resource(TypeName=QUEUE, DesiredState="{}")
        yield cloudcontrol


def use(backend: Backend, work: Callable[[HandlerInput], timedelta | None]) -> None:
    """Have the present world's requests worked off by a handler of somebody's own."""
    world = backend.world
    world.runner = Runner(backend.clock, world.registry, world.decisions, Written(work), backend.options.seed)


def statuses(request: ResourceRequest) -> list[str]:
    """Return the status of each event of a request."""
    return [event.operation_status.value for event in request.events]


def test_handler_that_calls_cloud_control_from_another_thread() -> None:
    """While a handler works no lock is held: another thread is answered, with the state before the call's end."""
    seen: list[str] = []

    def poll() -> None:
        token = cloudcontrol.requests.last.request_token
        answer = cloudcontrol.client().get_resource_request_status(RequestToken=token)
        seen.append(answer["ProgressEvent"]["OperationStatus"])

    def work(request: HandlerInput) -> timedelta | None:
        in_threads(poll)
        return SECOND if request.step_number == 1 else None

    with worked_off_by(work) as cloudcontrol:
        request = cloudcontrol.requests.last.run()
    assert (seen, statuses(request)) == (["IN_PROGRESS"] * 2, ["IN_PROGRESS", "IN_PROGRESS", "SUCCESS"])


def test_identifier_that_a_handler_sets() -> None:
    """The identifier that a call sets is in its event, and makes the resource busy."""

    def work(request: HandlerInput) -> timedelta | None:
        request.identifier = "made"
        return SECOND

    with worked_off_by(work) as cloudcontrol:
        request = cloudcontrol.requests.last.step()
        assert [event.identifier for event in request.events] == [None, "made"]
        client = cloudcontrol.client()
        with pytest.raises(client.exceptions.ConcurrentOperationException):
            client.delete_resource(TypeName=QUEUE, Identifier="made")


def test_handler_that_fails() -> None:
    """A HandlerError of a call outside the lock ends the request as FAILED."""

    def work(request: HandlerInput) -> timedelta | None:
        raise HandlerError("NotStabilized", f"call {request.step_number}")

    with worked_off_by(work) as cloudcontrol:
        request = cloudcontrol.requests.last.run()
    assert (request.status, request.error_code, request.status_message) == ("FAILED", "NotStabilized", "call 1")


@pytest.mark.parametrize(
    ("end", "ended"),
    [
        pytest.param(lambda request: request.fail("Throttling"), ["IN_PROGRESS", "FAILED"], id="failed"),
        pytest.param(lambda request: request.expire(), ["IN_PROGRESS"], id="expired"),
    ],
)
@pytest.mark.parametrize("answer", [SECOND, None], ids=["goes on", "succeeds"])
def test_request_that_ends_while_its_handler_works(
    end: Callable[[ResourceRequest], object], ended: list[str], answer: timedelta | None
) -> None:
    """What ends a request takes effect at once: the handler keeps what it was given, and its answer is dropped."""
    kept: list[JSONObject] = []

    def work(request: HandlerInput) -> timedelta | None:
        end(cloudcontrol.requests.last)
        kept.append(request.desired_state)
        return answer

    with activated(Options(), "this test") as backend:
        use(backend, work)
        cloudcontrol = CloudControl(backend)
        cloudcontrol.client().create_resource(TypeName=QUEUE, DesiredState='{"QueueName": "orders"}')
        cloudcontrol.clock.advance(60)
        request = cloudcontrol.requests.last
    assert (statuses(request), request.steps, request.next_step_at) == (ended, 1, None)
    assert kept == [{"QueueName": "orders"}]


def test_reset_while_another_thread_waits_for_a_step() -> None:
    """A reset wakes who waits for a step of the old world: there is none to make any more."""
    at_work, go_on = threading.Event(), threading.Event()
    refused: list[str] = []

    def work(request: HandlerInput) -> timedelta | None:  # noqa: ARG001  # what every handler is handed
        at_work.set()
        assert go_on.wait(GUARD)
        return SECOND

    def step() -> None:
        with pytest.raises(IllegalTransition) as error:
            request.step()
        refused.append(error.value.action)

    with worked_off_by(work) as cloudcontrol:
        request = cloudcontrol.requests.last
        first = threading.Thread(target=request.step, daemon=True)
        first.start()
        assert at_work.wait(GUARD)
        second = threading.Thread(target=step, daemon=True)
        second.start()
        cloudcontrol.reset()
        second.join(GUARD)
        go_on.set()
        first.join(GUARD)
    assert (refused, request.steps, statuses(request)) == (["step"], 1, ["IN_PROGRESS"])


def test_reset_while_a_handler_works() -> None:
    """A reset takes effect at once: the request stays as it was, and the new world knows nothing of it."""

    def work(request: HandlerInput) -> timedelta | None:  # noqa: ARG001  # what every handler is handed
        cloudcontrol.reset()
        return SECOND

    with worked_off_by(work) as cloudcontrol:
        request = cloudcontrol.requests.last
        cloudcontrol.clock.advance(1)
        assert (statuses(request), len(cloudcontrol.requests)) == (["IN_PROGRESS"], 0)
        assert cloudcontrol.step() is None


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        pytest.param(SECOND, "CANCEL_COMPLETE", id="one of several calls"),
        pytest.param(None, "SUCCESS", id="the call that succeeds"),
        pytest.param(HandlerError("NotFound", "gone"), "FAILED", id="the call that fails"),
    ],
)
def test_cancel_while_a_handler_works(answer: timedelta | HandlerError | None, status: OperationStatusType) -> None:
    """A cancel waits for the call under way, as CANCEL_IN_PROGRESS, and is listed so; the call's end decides."""

    def work(request: HandlerInput) -> timedelta | None:  # noqa: ARG001  # what every handler is handed
        handle = cloudcontrol.requests.last.cancel()
        assert handle.cancel() is handle  # again: nothing more happens
        assert listed("CANCEL_IN_PROGRESS") == 1
        assert listed("IN_PROGRESS", "CANCEL_COMPLETE") == 0
        if isinstance(answer, HandlerError):
            raise answer
        return answer

    def listed(*chosen: OperationStatusType) -> int:
        answer = cloudcontrol.client().list_resource_requests(
            ResourceRequestStatusFilter={"OperationStatuses": [*chosen]}
        )
        return len(answer["ResourceRequestStatusSummaries"])

    with worked_off_by(work) as cloudcontrol:
        request = cloudcontrol.requests.last.run()
        assert cloudcontrol.step() is None
        assert (listed(status), listed("IN_PROGRESS", "CANCEL_IN_PROGRESS")) == (1, 0)
    assert statuses(request) == ["IN_PROGRESS", "CANCEL_IN_PROGRESS", status]


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("broken"), KeyboardInterrupt()], ids=lambda error: type(error).__name__
)
def test_handler_that_breaks(error: BaseException) -> None:
    """A handler's own mistake has failed the request, and goes on to whoever made the step."""

    def work(request: HandlerInput) -> timedelta | None:  # noqa: ARG001  # what every handler is handed
        raise error

    with worked_off_by(work) as cloudcontrol:
        request = cloudcontrol.requests.last
        with pytest.raises(type(error)):
            cloudcontrol.clock.advance(60)
        assert (statuses(request), request.error_code) == (["IN_PROGRESS", "FAILED"], "InternalFailure")
        assert cloudcontrol.step() is None


def test_mock_that_ends_while_a_handler_works() -> None:
    """A thread that waits for another's step makes none when the mock ends."""
    at_work, go_on = threading.Event(), threading.Event()
    numbers: list[int] = []

    def work(request: HandlerInput) -> timedelta | None:
        numbers.append(request.step_number)
        at_work.set()
        assert go_on.wait(GUARD)
        return SECOND

    with worked_off_by(work) as cloudcontrol:
        request = cloudcontrol.requests.last
        threads = [threading.Thread(target=request.step, daemon=True) for _ in range(2)]
        threads[0].start()
        assert at_work.wait(GUARD)
        threads[1].start()
    threads[1].join(GUARD)
    assert (threads[1].is_alive(), numbers) == (False, [1])
    go_on.set()
    threads[0].join(GUARD)
    assert request.steps == 1


@pytest.mark.parametrize("move", ["step", "run"])
def test_handler_that_moves_its_own_request(move: str) -> None:
    """A handler can't step or run the request whose call it is."""
    refusals: list[str] = []

    def work(request: HandlerInput) -> timedelta | None:  # noqa: ARG001  # what every handler is handed
        with pytest.raises(IllegalTransition) as refused:
            getattr(cloudcontrol.requests.last, move)()
        refusals.append(str(refused.value).partition("\n")[0])
        return None

    with worked_off_by(work) as cloudcontrol:
        request = cloudcontrol.requests.last.run()
    reason = "its own handler is at work in this thread: the call must return first"
    assert refusals == [f"can't step request {request.request_token}: {reason}"]


def test_step_while_another_thread_makes_one() -> None:
    """A second thread's step waits until the first one's is made, and then makes the next."""
    at_work, go_on = threading.Event(), threading.Event()
    numbers: list[int] = []

    def work(request: HandlerInput) -> timedelta | None:
        if request.step_number == 1:
            at_work.set()
            assert go_on.wait(GUARD)
        numbers.append(request.step_number)
        return SECOND

    with worked_off_by(work) as cloudcontrol:
        request = cloudcontrol.requests.last
        first = threading.Thread(target=request.step, daemon=True)
        first.start()
        assert at_work.wait(GUARD)
        assert cloudcontrol.scope().step() is None  # nothing else of this region is due
        second = threading.Thread(target=request.step, daemon=True)
        second.start()
        go_on.set()
        first.join(GUARD)
        second.join(GUARD)
    assert (numbers, request.steps) == ([1, 2], 2)
