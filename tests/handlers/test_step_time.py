"""plan(step_time=): a handler call takes a time, and a cancel in it is CANCEL_IN_PROGRESS until the call ends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from calls import status, wait
from clusters import CLUSTER, cluster_type, create, delete, events, put, statuses, update
from mock_time import after
from refusals import refusal

from pytest_cloudcontrol import HandlerError, OptionError, StatusNotReached, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_cloudcontrol import CloudControl, HandlerRequest

KINDS = pytest.mark.parametrize("kind", ["default", "written"])


def arrange(cloud: CloudControl, kind: str = "default", **plan: Any) -> None:
    """Let calls take ten seconds, of the default handler or one of the test's own that does much the same."""
    cloud.plan(CLUSTER, **{"step_time": 10, "steps": 2, "delay": 1, **plan})

    def handler(request: HandlerRequest) -> Iterator[None]:
        put(request, State="STARTING")
        yield
        put(request, State="RUNNING")

    if kind == "written":
        cloud.add_handler(CLUSTER, create=handler)


@KINDS
def test_instants(cloud: CloudControl, kind: str) -> None:
    """A call begins when it is due and ends so much later, with its event and effects; the next is due from then."""
    arrange(cloud, kind)
    request = create(cloud)
    cloud.clock.advance(10)
    assert (request.steps, len(request.events), list(cloud.resources)) == (1, 1, [])

    cloud.clock.advance(0.2)
    assert (events(request)[-1], len(cloud.resources)) == ((10.2, "IN_PROGRESS"), 1)
    assert request.last_event.retry_after == request.next_step_at == after(11.2)

    assert events(request.run())[2:] == [(21.2, "SUCCESS")]
    assert request.steps == 2


@KINDS
@pytest.mark.parametrize("move", ["step", "run", "run_until", "cloudcontrol.step", "run_until_idle"])
def test_moves(cloud: CloudControl, kind: str, move: str) -> None:
    """A step begins a call and ends it; so do all that make steps."""
    arrange(cloud, kind)
    request = create(cloud)
    moves: dict[str, Callable[[], object]] = {
        "step": lambda: request.step().step(),
        "run": request.run,
        "run_until": lambda: request.run_until("SUCCESS"),
        "cloudcontrol.step": lambda: (cloud.step(), cloud.step()),
        "run_until_idle": cloud.run_until_idle,
    }

    moves[move]()

    assert events(request) == [(0, "IN_PROGRESS"), (10.2, "IN_PROGRESS"), (21.2, "SUCCESS")]
    assert request.steps == 2


def test_step_ends_the_call_under_way(cloud: CloudControl) -> None:
    """A step of a request whose call has begun ends that call."""
    arrange(cloud)
    request = create(cloud)
    cloud.clock.advance(5)

    assert (request.step().steps, cloud.clock.now()) == (1, after(10.2))
    assert request.next_step_at == after(11.2)


def test_calls_of_several_requests_overlap(cloud: CloudControl) -> None:
    """Calls of several requests are under way at the same time, whoever makes them."""
    arrange(cloud, steps=1)
    one, two = create(cloud, "one"), create(cloud, "two")

    assert [cloud.step(), cloud.step(), cloud.step()] == [one, two, None]
    assert events(one) == events(two) == [(0, "IN_PROGRESS"), (10.2, "SUCCESS")]


def test_run_until_idle_counts_whole_calls(cloud: CloudControl) -> None:
    """run_until_idle counts a call once, and not its beginning."""
    arrange(cloud)
    create(cloud, "one")
    create(cloud, "two")

    assert cloud.run_until_idle() == 4


def test_waiter(cloud: CloudControl) -> None:
    """A waiter waits for calls that take time, too."""
    arrange(cloud)
    client, request = cloud.client(), create(cloud)

    wait(client, request.request_token)

    assert events(request)[-1] == (21.2, "SUCCESS")


def test_loop(cloud: CloudControl) -> None:
    """A loop without sleeps ends, too."""
    arrange(cloud)
    client, request = cloud.client(), create(cloud)
    polls = 1
    while status(client, request.request_token) != "SUCCESS":
        polls += 1

    assert polls < 15


# A cancel during a call


@pytest.mark.fidelity("L-28")
@pytest.mark.fidelity("L-29")
@KINDS
@pytest.mark.parametrize("by", ["request", "API", "rule", "own rule"])
def test_cancel_during_a_call(cloud: CloudControl, kind: str, by: str) -> None:
    """A cancel during a call is CANCEL_IN_PROGRESS; when the call ends its effects stay, and it is CANCEL_COMPLETE."""
    arrange(cloud, kind)
    if by == "rule":
        cloud.add_cancel(at_step=1, during=True)
    request = create(cloud)
    if by == "own rule":
        request.cancel(at_step=1, during=True)
    cloud.clock.advance(0.2)
    at = {"request": 5.2, "API": 5.2}.get(by, 0.2)
    cloud.clock.move_to(after(at))
    if by == "request":
        request.cancel()
    elif by == "API":
        event = cloud.client().cancel_resource_request(RequestToken=request.request_token)["ProgressEvent"]
        assert event["OperationStatus"] == "CANCEL_IN_PROGRESS"
        assert "RetryAfter" not in event
    assert (request.status, list(cloud.resources)) == ("CANCEL_IN_PROGRESS", [])

    cloud.clock.advance(60)

    assert events(request)[1:] == [(at, "CANCEL_IN_PROGRESS"), (10.2, "CANCEL_COMPLETE")]
    assert (request.steps, len(cloud.resources)) == (1, 1)


@pytest.mark.fidelity("L-29")
@KINDS
def test_cancel_during_the_call_that_succeeds(cloud: CloudControl, kind: str) -> None:
    """A cancel during the call that turns out to be the last comes too late."""
    arrange(cloud, kind)
    request = create(cloud).cancel(at_step=2, during=True).run()

    assert statuses(request) == ["IN_PROGRESS", "IN_PROGRESS", "CANCEL_IN_PROGRESS", "SUCCESS"]


@pytest.mark.fidelity("L-29")
@pytest.mark.parametrize("by", ["handler", "rule", "absence"])
def test_cancel_during_the_call_that_fails(cloud: CloudControl, by: str) -> None:
    """A cancel during a call that fails, by its handler or by a rule, ends as FAILED."""
    arrange(cloud)

    def handler(request: HandlerRequest) -> None:
        raise HandlerError("NotStabilized", str(request.identifier))

    if by == "handler":
        cloud.add_handler(CLUSTER, create=handler)
    elif by == "rule":
        cloud.add_failure("NotStabilized", at_step=1)
    ask = delete if by == "absence" else create
    cloud.add_cancel(at_step=1, during=True)
    request = ask(cloud).run()

    assert statuses(request) == ["IN_PROGRESS", "CANCEL_IN_PROGRESS", "FAILED"]
    assert request.error_code == ("NotFound" if by == "absence" else "NotStabilized")


def test_cancel_during_without_a_length(cloud: CloudControl) -> None:
    """A call that takes no time is cancelled during it all the same: its own code sees CANCEL_IN_PROGRESS."""
    seen: list[str] = []

    def handler(request: HandlerRequest) -> Iterator[int]:
        seen.append(cloud.requests.last.status)
        put(request)
        yield 1

    cloud.add_handler(CLUSTER, create=handler)
    request = create(cloud).cancel(at_step=1, during=True).run()

    assert events(request)[1:] == [(0.2, "CANCEL_IN_PROGRESS"), (0.2, "CANCEL_COMPLETE")]
    assert (seen, len(cloud.resources)) == (["CANCEL_IN_PROGRESS"], 1)


@pytest.mark.fidelity("L-18")
def test_cancel_again(cloud: CloudControl) -> None:
    """A cancel of a CANCEL_IN_PROGRESS request is answered 200 with the present event, and changes nothing."""
    arrange(cloud)
    client, request = cloud.client(), create(cloud)
    cloud.clock.advance(5)
    first = client.cancel_resource_request(RequestToken=request.request_token)
    cloud.clock.advance(1)
    again = client.cancel_resource_request(RequestToken=request.request_token)

    assert again["ProgressEvent"] == first["ProgressEvent"]
    assert request.cancel() is request
    assert len(request.events) == 2


def test_resource_is_busy_until_the_call_ends(cloud: CloudControl) -> None:
    """A CANCEL_IN_PROGRESS request still works on its resource: others are refused until it has ended."""
    arrange(cloud)
    client, request = cloud.client(), create(cloud)
    cloud.clock.advance(5)
    request.cancel()

    assert refusal(client.delete_resource, TypeName=CLUSTER, Identifier="one").code == "ConcurrentOperationException"
    cloud.clock.advance(60)
    assert client.delete_resource(TypeName=CLUSTER, Identifier="one")


@KINDS
def test_run_until_cancel_in_progress(cloud: CloudControl, kind: str) -> None:
    """run_until stops in the middle of the call that is cancelled, and a further run ends it."""
    arrange(cloud, kind)
    request = create(cloud).cancel(at_step=2, during=True).run_until("CANCEL_IN_PROGRESS")

    assert (request.steps, cloud.clock.now()) == (2, after(11.2))
    assert request.run().status == "SUCCESS"
    assert cloud.clock.now() == after(21.2)


def test_run_until_a_cancel_that_never_comes(cloud: CloudControl) -> None:
    """A request that succeeds without a cancel never is CANCEL_IN_PROGRESS."""
    arrange(cloud)
    with pytest.raises(StatusNotReached, match="the request is SUCCESS and will never be CANCEL_IN_PROGRESS"):
        create(cloud).run_until("CANCEL_IN_PROGRESS")


@pytest.mark.parametrize("at_step", [None, "end"])
@pytest.mark.parametrize("verb", ["cancel", "add_cancel"])
def test_during_needs_a_call(cloud: CloudControl, verb: str, at_step: Any) -> None:
    """A cancel during a call says which: now and at the end none is under way."""
    request = create(cloud)
    verbs: dict[str, Callable[[], object]] = {
        "cancel": lambda: request.cancel(at_step=at_step, during=True),
        "add_cancel": lambda: cloud.add_cancel(at_step="end", during=True),
    }
    with pytest.raises(OptionError) as refused:
        verbs[verb]()

    assert str(refused.value) == (
        "during=True is not valid: expected True only together with the at_step of a handler call, which is a number"
    )


# Other endings during a call


@KINDS
@pytest.mark.parametrize("end", ["fail", "expire", "seven days"])
def test_end_during_a_call(cloud: CloudControl, kind: str, end: str) -> None:
    """A failure or expiry during a call ends the request now; the call's effects come all the same."""
    arrange(cloud, kind, step_time=timedelta(days=7) if end == "seven days" else 10)
    request = create(cloud)
    cloud.clock.advance(5)
    if end == "fail":
        request.fail("ServiceTimeout")
    elif end == "expire":
        request.expire()
    else:
        cloud.clock.advance(timedelta(days=7) - timedelta(seconds=5))
    assert (request.is_running, list(cloud.resources)) == (False, [])

    cloud.clock.advance(60)

    assert (len(cloud.resources), request.next_step_at) == (1, None)
    ended = ["IN_PROGRESS", "FAILED"] if end == "fail" else ["IN_PROGRESS"]
    assert statuses(request) == ended
    assert cloud.step() is None


@pytest.mark.parametrize("move", ["step", "run_until_idle", "advance_to_next"])
def test_rest_of_a_call_whose_request_has_ended(cloud: CloudControl, move: str) -> None:
    """What is left of such a call is made by whatever moves on."""
    arrange(cloud)
    request = create(cloud)
    cloud.clock.advance(5)
    request.fail("ServiceTimeout")
    if move == "step":
        assert cloud.step() is request
    elif move == "run_until_idle":
        assert cloud.run_until_idle() == 1
    else:
        assert cloud.clock.advance_to_next()

    assert (cloud.clock.now(), len(cloud.resources)) == (after(10.2), 1)
    assert cloud.step() is None


def test_reset_during_a_call(cloud: CloudControl) -> None:
    """A reset during a call begins a world without it: its effects don't come."""
    arrange(cloud)
    create(cloud)
    cloud.clock.advance(5)
    cloud.reset()
    cloud.clock.advance(60)

    assert (list(cloud.resources), len(cloud.requests)) == ([], 0)


@pytest.mark.parametrize("ended", [False, True], ids=["running", "failed meanwhile"])
@pytest.mark.parametrize("end", ["mock", "reset"])
def test_world_that_ends_during_a_call(end: str, ended: bool) -> None:
    """A generator whose next call has begun, and never ends, is closed with the mock or by a reset."""
    closed: list[bool] = []

    def handler(request: HandlerRequest) -> Iterator[int]:
        put(request)
        try:
            yield 1
        finally:
            closed.append(True)

    with mock_cloudcontrol() as cloudcontrol:
        cluster_type(cloudcontrol)
        arrange(cloudcontrol)
        cloudcontrol.add_handler(CLUSTER, create=handler)
        request = create(cloudcontrol).step()
        cloudcontrol.clock.advance(5)
        if ended:
            request.fail("ServiceTimeout")
        assert (request.steps, closed) == (2, [])
        if end == "reset":
            cloudcontrol.reset()
            assert closed == [True]

    assert closed == [True]


# Rules and callbacks


def test_failure_is_recorded_at_the_calls_end(cloud: CloudControl) -> None:
    """A rule of failure fires when the call begins, and is recorded when it ends; the handler does nothing."""
    arrange(cloud)
    rule = cloud.add_failure("NotStabilized")
    request = create(cloud)
    cloud.clock.advance(5)
    assert (rule.fired, request.status) == (1, "IN_PROGRESS")

    assert events(request.run()) == [(0, "IN_PROGRESS"), (10.2, "FAILED")]
    assert list(cloud.resources) == []


@pytest.mark.parametrize("verb", ["add_cancel", "add_expiry"])
def test_cancel_and_expiry_come_at_the_beginning(cloud: CloudControl, verb: str) -> None:
    """A rule of cancel or expiry comes instead of the call, when that would begin."""
    arrange(cloud)
    getattr(cloud, verb)()
    request = create(cloud).run()

    assert (request.steps, cloud.clock.now(), list(cloud.resources)) == (0, after(0.2), [])
    assert not request.is_running


def test_callbacks(cloud: CloudControl) -> None:
    """Code before a call runs when it begins, code before the end when all is done."""
    seen: list[tuple[object, int]] = []
    arrange(cloud, steps=1)
    cloud.before(lambda: seen.append((cloud.clock.now(), len(cloud.resources))), at_step=1)
    cloud.before(lambda: seen.append((cloud.clock.now(), len(cloud.resources))), at_step="end")

    create(cloud).run()

    assert seen == [(after(0.2), 0), (after(10.2), 1)]


def test_rule_for_the_call_under_way(cloud: CloudControl) -> None:
    """A cancel arranged for the call that is under way comes too late: it has been made already."""
    arrange(cloud)
    request = create(cloud)
    cloud.clock.advance(5)

    with pytest.raises(RuntimeError, match="at_step=1, but handler call 1 has been made already"):
        request.cancel(at_step=1)
    assert request.cancel(at_step=2).run().status == "CANCEL_COMPLETE"


# PENDING


@pytest.mark.parametrize("pending", [True, 60])
def test_pending(cloud: CloudControl, pending: Any) -> None:
    """A PENDING request is IN_PROGRESS from when its first call begins, at the latest."""
    arrange(cloud, pending=pending, steps=1)
    request = create(cloud)
    start = 0 if pending is True else 60
    cloud.clock.advance(start + 0.2)
    assert statuses(request) == ["PENDING", "IN_PROGRESS"]

    assert events(request.run())[-1] == (start + 10.2, "SUCCESS")


@pytest.mark.fidelity("L-16")
def test_cancel_of_a_pending_request(cloud: CloudControl) -> None:
    """A PENDING request is cancelled at once, as no call is under way; in its first call it is CANCEL_IN_PROGRESS."""
    arrange(cloud, pending=True)
    assert statuses(create(cloud, "one").cancel()) == ["PENDING", "CANCEL_COMPLETE"]

    request = create(cloud, "two").cancel(at_step=1, during=True).run()
    assert statuses(request) == ["PENDING", "CANCEL_IN_PROGRESS", "CANCEL_COMPLETE"]


def test_run_until_in_progress(cloud: CloudControl) -> None:
    """run_until stops at IN_PROGRESS as soon as the first call has begun."""
    arrange(cloud, pending=True, steps=1)
    request = create(cloud).run_until("IN_PROGRESS")

    assert (cloud.clock.now(), request.next_step_at) == (after(0.2), after(10.2))


def test_update_and_delete(cloud: CloudControl) -> None:
    """Updates and deletes take their time, too."""
    cloud.resources.put(CLUSTER, {"Name": "one"})
    arrange(cloud, steps=1)

    assert events(update(cloud, Size="large").run())[-1] == (10.2, "SUCCESS")
    assert events(delete(cloud).run()) == [(10.2, "IN_PROGRESS"), (20.4, "SUCCESS")]
