"""Ending a request while its handler's code runs: the code that runs is a call under way."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from clusters import CLUSTER, create, put, statuses
from threads import GUARD, in_threads

from pytest_cloudcontrol import HandlerError, IllegalTransition, NoProgressError, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from types_boto3_cloudcontrol.literals import OperationStatusType

    from pytest_cloudcontrol import CloudControl, HandlerRequest, ResourceRequest


def listed(cloud: CloudControl, *chosen: OperationStatusType) -> int:
    """Return how many requests ListResourceRequests shows in some statuses."""
    answer = cloud.client().list_resource_requests(ResourceRequestStatusFilter={"OperationStatuses": [*chosen]})
    return len(answer["ResourceRequestStatusSummaries"])


# From inside


@pytest.mark.parametrize("by", ["request", "API"])
@pytest.mark.parametrize(
    ("end", "status"),
    [
        pytest.param("yield", "CANCEL_COMPLETE", id="one of several calls"),
        pytest.param("return", "SUCCESS", id="the call that succeeds"),
        pytest.param("raise", "FAILED", id="the call that fails"),
    ],
)
@pytest.mark.fidelity("L-28")
@pytest.mark.fidelity("L-29")
def test_cancel_while_a_handler_works(cloud: CloudControl, by: str, end: str, status: OperationStatusType) -> None:
    """A cancel waits for the call under way, as CANCEL_IN_PROGRESS, and is listed so; the call's end decides."""
    closed: list[bool] = []

    def handler(request: HandlerRequest) -> Iterator[int]:
        own, client = cloud.requests.last, cloud.client()
        for _ in range(2):  # the second time nothing more happens
            if by == "request":
                assert own.cancel() is own
            else:
                event = client.cancel_resource_request(RequestToken=own.request_token)["ProgressEvent"]
                assert (event["OperationStatus"], event["Operation"]) == ("CANCEL_IN_PROGRESS", "CREATE")
        assert listed(cloud, "CANCEL_IN_PROGRESS") == 1
        assert listed(cloud, "IN_PROGRESS", "CANCEL_COMPLETE") == 0
        put(request)
        if end == "raise":
            raise HandlerError("NotStabilized", "no quorum")
        try:
            if end == "yield":
                yield 1
        finally:
            closed.append(True)

    cloud.add_handler(CLUSTER, create=handler)
    request = create(cloud).run()

    assert statuses(request) == ["IN_PROGRESS", "CANCEL_IN_PROGRESS", status]
    assert (listed(cloud, status), listed(cloud, "IN_PROGRESS", "CANCEL_IN_PROGRESS")) == (1, 0)
    assert cloud.step() is None
    assert closed == ([] if end == "raise" else [True])
    assert len(cloud.resources) == 1


ENDINGS: dict[str, tuple[Callable[[ResourceRequest], object], list[str]]] = {
    "failed": (lambda request: request.fail("Throttling"), ["IN_PROGRESS", "FAILED"]),
    "expired": (lambda request: request.expire(), ["IN_PROGRESS"]),
}


@pytest.mark.parametrize("how", ENDINGS)
@pytest.mark.parametrize("end", ["yield", "return", "raise"])
def test_request_that_ends_while_its_handler_works(cloud: CloudControl, how: str, end: str) -> None:
    """What ends a request takes effect at once: what the code still does stays, and its answer is dropped."""
    ending, events = ENDINGS[how]
    closed: list[bool] = []

    def handler(request: HandlerRequest) -> Iterator[int]:
        ending(cloud.requests.last)
        assert not cloud.requests.last.is_running
        put(request)
        try:
            if end == "raise":
                raise HandlerError("NotFound", "gone")
            if end == "yield":
                yield 1
        finally:
            closed.append(True)

    cloud.add_handler(CLUSTER, create=handler)
    request = create(cloud, Size="small")
    cloud.clock.advance(60)

    assert (statuses(request), request.steps, request.next_step_at) == (events, 1, None)
    assert closed == [True]
    assert cloud.resources.get(CLUSTER, "one") is not None
    assert create(cloud, "one").status == "IN_PROGRESS"  # it isn't busy any more


def test_reset_while_a_handler_works(cloud: CloudControl) -> None:
    """A reset takes effect at once: the request stays as it was, and the new world knows nothing of it."""
    closed: list[bool] = []

    def handler(request: HandlerRequest) -> Iterator[int]:
        cloud.reset()
        put(request)  # in the old world
        try:
            yield 1
        finally:
            closed.append(True)

    cloud.add_handler(CLUSTER, create=handler)
    request = create(cloud)
    cloud.clock.advance(1)

    assert (statuses(request), len(cloud.requests), list(cloud.resources)) == (["IN_PROGRESS"], 0, [])
    assert (cloud.step(), closed) == (None, [True])


@pytest.mark.parametrize("move", ["step", "run", "run_until"])
def test_handler_that_moves_its_own_request(cloud: CloudControl, move: str) -> None:
    """A handler can't step or run the request whose call it is."""
    refusals: list[str] = []

    def handler(request: HandlerRequest) -> None:
        own = cloud.requests.last
        with pytest.raises(IllegalTransition) as refused:
            own.run_until("SUCCESS") if move == "run_until" else getattr(own, move)()
        refusals.append(str(refused.value).partition("\n")[0])
        put(request)

    cloud.add_handler(CLUSTER, create=handler)
    request = create(cloud).run()

    reason = "its own handler is at work in this thread: the call must return first"
    assert refusals == [f"can't step request {request.request_token}: {reason}"]
    assert request.status == "SUCCESS"


def test_handlers_that_step_each_other(cloud: CloudControl) -> None:
    """A handler may step another request, and that one's handler not the first."""
    refusals: list[str] = []

    def handler(request: HandlerRequest) -> Iterator[int]:
        one, two = cloud.requests
        other = two if request.identifier == "one" else one
        if other.steps == 0:
            other.step()
        else:
            with pytest.raises(IllegalTransition) as refused:
                other.step()
            refusals.append(refused.value.action)
        put(request)
        yield 1

    cloud.add_handler(CLUSTER, create=handler)
    one, two = create(cloud, "one"), create(cloud, "two")
    one.step()

    assert (one.steps, two.steps, refusals) == (1, 1, ["step"])
    assert cloud.run_until_idle() == 2


# From other threads


class Gate:
    """A handler that, in its first call, tells that it is at work and waits until it may go on."""

    def __init__(self) -> None:
        self.at_work, self.go_on = threading.Event(), threading.Event()
        self.numbers: list[int] = []

    def create(self, request: HandlerRequest) -> Iterator[int]:
        """Make a cluster in three calls."""
        self.numbers.append(request.step_number)
        self.at_work.set()
        assert self.go_on.wait(GUARD)
        put(request)
        for _ in range(2):
            yield 1
            self.numbers.append(request.step_number)

    def enter(self, request: ResourceRequest) -> threading.Thread:
        """Step a request in another thread, up to the gate."""
        thread = threading.Thread(target=request.step, daemon=True)
        thread.start()
        assert self.at_work.wait(GUARD)
        return thread

    def leave(self, thread: threading.Thread) -> None:
        """Let the other thread end."""
        self.go_on.set()
        thread.join(GUARD)
        assert not thread.is_alive()


def test_others_are_answered_while_a_handler_works(cloud: CloudControl) -> None:
    """While a handler works no lock is held: this thread is answered, with the state before the call's end."""
    gate = Gate()
    cloud.add_handler(CLUSTER, gate)
    request = create(cloud)
    thread = gate.enter(request)

    client = cloud.client()
    event = client.get_resource_request_status(RequestToken=request.request_token)["ProgressEvent"]
    assert event["OperationStatus"] == "IN_PROGRESS"
    assert "RetryAfter" not in event
    assert client.list_resources(TypeName=CLUSTER)["ResourceDescriptions"] == []
    assert cloud.scope().step() is None  # nothing else of this region is due
    gate.leave(thread)

    assert (request.steps, statuses(request)) == (1, ["IN_PROGRESS", "IN_PROGRESS"])


def test_step_while_another_thread_makes_one(cloud: CloudControl) -> None:
    """A second thread's step waits until the first one's is made, and then makes the next."""
    gate = Gate()
    cloud.add_handler(CLUSTER, gate)
    request = create(cloud)
    first = gate.enter(request)
    second = threading.Thread(target=request.step, daemon=True)
    second.start()
    gate.leave(first)
    second.join(GUARD)

    assert (gate.numbers, request.steps) == ([1, 2], 2)


def test_cancel_from_another_thread(cloud: CloudControl) -> None:
    """A cancel of another thread's waits for the call that is under way, too."""
    gate = Gate()
    cloud.add_handler(CLUSTER, gate)
    request = create(cloud)
    thread = gate.enter(request)

    assert request.cancel().status == "CANCEL_IN_PROGRESS"
    gate.leave(thread)

    assert statuses(request) == ["IN_PROGRESS", "CANCEL_IN_PROGRESS", "CANCEL_COMPLETE"]
    assert gate.numbers == [1]


def test_reset_while_another_thread_waits_for_a_step(cloud: CloudControl) -> None:
    """A reset wakes who waits for a step of the old world: there is none to make any more."""
    gate = Gate()
    refused: list[str] = []

    def step() -> None:
        with pytest.raises(IllegalTransition) as error:
            request.step()
        refused.append(error.value.action)

    cloud.add_handler(CLUSTER, gate)
    request = create(cloud)
    first = gate.enter(request)
    second = threading.Thread(target=step, daemon=True)
    second.start()
    cloud.reset()
    second.join(GUARD)
    gate.leave(first)

    assert (refused, request.steps, statuses(request)) == (["step"], 1, ["IN_PROGRESS"])


def test_mock_that_ends_while_a_handler_works() -> None:
    """A thread that waits for another's step makes none when the mock ends; the other's code is closed at its yield."""
    gate = Gate()
    closed = threading.Event()

    def handler(request: HandlerRequest) -> Iterator[int]:
        try:
            yield from gate.create(request)
        finally:
            closed.set()

    with mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.add_handler("AWS::Logs::LogGroup", create=handler)
        cloudcontrol.client().create_resource(TypeName="AWS::Logs::LogGroup", DesiredState="{}")
        request = cloudcontrol.requests.last
        first = gate.enter(request)
        second = threading.Thread(target=request.step, daemon=True)
        second.start()
    second.join(GUARD)
    assert (second.is_alive(), gate.numbers, closed.is_set()) == (False, [1], False)

    gate.leave(first)

    assert (request.steps, closed.is_set()) == (1, True)


def test_thread_that_steps_what_its_maker_waits_for(cloud: CloudControl, monkeypatch: pytest.MonkeyPatch) -> None:
    """A handler that waits for a thread which steps its own request doesn't hang: it is told where both are."""
    monkeypatch.setattr("pytest_cloudcontrol.requests.no_progress.BACKSTOP", 0.05)
    stopped: list[str] = []

    def handler(request: HandlerRequest) -> None:
        own = cloud.requests.last

        def step() -> None:
            with pytest.raises(NoProgressError) as error:
                own.step()
            stopped.append(error.value.stalled)

        in_threads(step)
        put(request)

    cloud.add_handler(CLUSTER, create=handler)
    request = create(cloud).run()

    (stalled,) = stopped
    assert stalled.startswith(
        f"a thread waits for a step of request {request.request_token} that another thread makes, "
        f"and nothing has changed for 0.05 s. The one stands at {__file__}:"
    )
    assert " in step, the other at " in stalled
    assert request.status == "SUCCESS"
