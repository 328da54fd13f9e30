"""Steps: one handler call at a time of one request, and what becomes of the others meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from mock_time import after
from shop import ORDER, Shop, shop_types, statuses

from pytest_cloudcontrol import CloudControl, OperationStatus, ProgressEvent, ResourceRequest, StatusNotReached

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = shop_types


# One request


def test_step_makes_one_handler_call(cloudcontrol: CloudControl) -> None:
    """A step is exactly one handler call, and ``steps`` counts them."""
    request = Shop(cloudcontrol).create(Alpha="1", Beta="2")
    counted = [request.steps]
    for _ in range(2):
        request.step()
        counted.append(request.steps)
    assert counted == [0, 1, 2]
    assert request.status == "SUCCESS"


def test_step_moves_the_clock_to_the_call(cloudcontrol: CloudControl) -> None:
    """Stepping moves the clock to the instant at which the call is due."""
    request = Shop(cloudcontrol).create()
    times = [request.step() and cloudcontrol.clock.now() for _ in range(2)]
    assert times == [after(0.2), after(1.2)]


def test_next_step_at(cloudcontrol: CloudControl) -> None:
    """``next_step_at`` tells when the next call is due, until there is none."""
    request = Shop(cloudcontrol).create()
    due = [request.next_step_at, request.step().next_step_at, request.step().next_step_at]
    assert due == [after(0.2), after(1.2), None]


def test_events(cloudcontrol: CloudControl) -> None:
    """``events`` has the immediate answer and one event for every handler call."""
    request = Shop(cloudcontrol).create().run()
    assert request.events == (
        ProgressEvent(OperationStatus.IN_PROGRESS, after(0), "n1"),
        ProgressEvent(OperationStatus.IN_PROGRESS, after(0.2), "n1", retry_after=after(1.2)),
        ProgressEvent(OperationStatus.SUCCESS, after(1.2), "n1"),
    )


def test_events_are_a_copy(cloudcontrol: CloudControl) -> None:
    """What ``events`` gave doesn't grow afterwards."""
    request = Shop(cloudcontrol).create()
    before = request.events
    request.step()
    assert (len(before), len(request.events)) == (1, 2)


@pytest.mark.parametrize(
    ("ask", "calls"),
    [
        pytest.param(lambda shop: shop.create("new", Alpha="1"), 2, id="create"),
        pytest.param(lambda shop: shop.update(Alpha="1"), 2, id="update"),
        pytest.param(lambda shop: shop.delete(), 1, id="delete"),
    ],
)
def test_default_number_of_calls(
    cloudcontrol: CloudControl, ask: Callable[[Shop], ResourceRequest], calls: int
) -> None:
    """Creates and updates take two handler calls and deletes one, the first after 0.2 s and others 1 s apart."""
    shop = Shop(cloudcontrol)
    shop.existing()
    request = ask(shop).run()
    assert request.steps == calls
    assert [time for time, _ in statuses(request)] == [0, 0.2, 1.2][: calls + 1]


@pytest.mark.parametrize(
    "move",
    [
        pytest.param(lambda request: request.step(), id="step"),
        pytest.param(lambda request: request.run(), id="run"),
        pytest.param(lambda request: request.run_until("SUCCESS"), id="run_until"),
        pytest.param(lambda request: request.run_until("IN_PROGRESS"), id="run_until, so already"),
        pytest.param(lambda request: request.fail("NotFound"), id="fail"),
        pytest.param(lambda request: request.cancel(), id="cancel"),
        pytest.param(lambda request: request.cancel().cancel(), id="cancel again"),
        pytest.param(lambda request: request.cancel(at_step=2).run(), id="cancel at a step"),
        pytest.param(lambda request: request.expire(), id="expire"),
    ],
)
def test_chaining(cloudcontrol: CloudControl, move: Callable[[ResourceRequest], ResourceRequest]) -> None:
    """Whatever moves a request returns it, so that a schedule is one line."""
    request = Shop(cloudcontrol).create()
    assert move(request) is request


# Others


def test_step_moves_no_other_request(cloudcontrol: CloudControl) -> None:
    """Stepping one request past the due time of another leaves the other's call overdue."""
    shop = Shop(cloudcontrol)
    other = shop.create("other")
    shop.create("stepped").step().step()
    assert (other.steps, other.next_step_at) == (0, after(0.2))
    assert cloudcontrol.clock.now() == after(1.2)


@pytest.mark.parametrize(
    "move",
    [
        pytest.param(lambda cloudcontrol: cloudcontrol.clock.advance(0), id="advance"),
        pytest.param(lambda cloudcontrol: cloudcontrol.clock.move_to(cloudcontrol.clock.now()), id="move_to"),
        pytest.param(lambda cloudcontrol: cloudcontrol.clock.advance_to_next(), id="advance_to_next"),
        pytest.param(lambda cloudcontrol: [cloudcontrol.step() for _ in range(3)], id="step"),
        pytest.param(lambda cloudcontrol: cloudcontrol.run_until_idle(), id="run_until_idle"),
    ],
)
def test_overdue_calls_are_made_in_order(cloudcontrol: CloudControl, move: Callable[[CloudControl], object]) -> None:
    """Overdue calls are made by the next movement, in the order they fell due and then of acceptance."""
    shop = Shop(cloudcontrol)
    cloudcontrol.plan(steps=1, first_delay=2)
    shop.create("second due")
    cloudcontrol.plan(first_delay=1)
    shop.create("first due, accepted first")
    shop.create("first due, accepted second")
    cloudcontrol.plan(first_delay=10)
    shop.create("stepped").step()
    made: list[str | None] = []
    cloudcontrol.before(lambda request: made.append(request.identifier))
    move(cloudcontrol)
    assert made == ["first due, accepted first", "first due, accepted second", "second due"]
    assert {request.status for request in cloudcontrol.requests} == {"SUCCESS"}


def test_overdue_call_is_made_now(cloudcontrol: CloudControl) -> None:
    """An overdue call happens when it is made, and the next one is due a whole delay later."""
    shop = Shop(cloudcontrol)
    other = shop.create("other")
    shop.create("stepped").step().step()
    cloudcontrol.clock.advance(0)
    assert other.events[-1].event_time == after(1.2)
    assert other.next_step_at == after(2.2)


def test_own_step_of_an_overdue_request(cloudcontrol: CloudControl) -> None:
    """Stepping an overdue request makes its call without moving the clock, and leaves others overdue."""
    shop = Shop(cloudcontrol)
    first, second = shop.create("first"), shop.create("second")
    shop.create("stepped").step().step()
    second.step()
    assert (first.steps, second.steps) == (0, 1)
    assert cloudcontrol.clock.now() == after(1.2)


def test_stepped_call_is_not_made_twice(cloudcontrol: CloudControl) -> None:
    """A call that ``step`` has made isn't made again when the clock moves past its due time."""
    request = Shop(cloudcontrol).create().step()
    cloudcontrol.clock.advance(0.5)
    assert request.steps == 1


# Pending


@pytest.mark.parametrize(("pending", "first_call"), [(True, 0.2), (60, 60.2), (timedelta(minutes=1), 60.2)])
def test_step_of_a_pending_request(
    cloudcontrol: CloudControl, pending: bool | float | timedelta, first_call: float
) -> None:
    """Stepping a PENDING request makes its first call, when that is due."""
    cloudcontrol.plan(pending=pending)
    request = Shop(cloudcontrol).create()
    assert request.status == "PENDING"
    request.step()
    assert (request.status, request.steps) == ("IN_PROGRESS", 1)
    assert cloudcontrol.clock.now() == after(first_call)


def test_pending_for_a_while(cloudcontrol: CloudControl) -> None:
    """A request that is PENDING for a duration is then taken up, and its first call comes a first delay later."""
    cloudcontrol.plan(pending=60)
    request = Shop(cloudcontrol).create()
    cloudcontrol.clock.advance(61.2)
    assert statuses(request) == [(0, "PENDING"), (60, "IN_PROGRESS"), (60.2, "IN_PROGRESS"), (61.2, "SUCCESS")]
    assert [event.retry_after for event in request.events] == [None, None, after(61.2), None]


def test_pending_until_the_first_call(cloudcontrol: CloudControl) -> None:
    """With ``pending=True`` a request stays PENDING until its first handler call."""
    cloudcontrol.plan(pending=True)
    request = Shop(cloudcontrol).create()
    cloudcontrol.clock.advance(1.2)
    assert statuses(request) == [(0, "PENDING"), (0.2, "IN_PROGRESS"), (1.2, "SUCCESS")]


def test_taking_up_is_no_step(cloudcontrol: CloudControl) -> None:
    """``cloudcontrol.step`` passes the taking up of a PENDING request, and makes its first call."""
    cloudcontrol.plan(pending=60)
    request = Shop(cloudcontrol).create()
    assert cloudcontrol.step() is request
    assert (request.steps, cloudcontrol.clock.now()) == (1, after(60.2))


def test_advance_to_next_stops_at_taking_up(cloudcontrol: CloudControl) -> None:
    """Taking a PENDING request up is work, so the clock stops there."""
    cloudcontrol.plan(pending=60)
    request = Shop(cloudcontrol).create()
    cloudcontrol.clock.advance_to_next()
    assert (cloudcontrol.clock.now(), request.status, request.steps) == (after(60), "IN_PROGRESS", 0)


# run and run_until


@pytest.mark.parametrize(
    ("arrange", "expected"),
    [
        pytest.param(lambda _: None, "SUCCESS", id="success"),
        pytest.param(lambda cloudcontrol: cloudcontrol.add_failure("Throttling"), "FAILED", id="failed"),
        pytest.param(lambda cloudcontrol: cloudcontrol.add_cancel(at_step=2), "CANCEL_COMPLETE", id="cancelled"),
        pytest.param(lambda cloudcontrol: cloudcontrol.add_expiry(at_step=2), "IN_PROGRESS", id="expired"),
    ],
)
def test_run_ends(cloudcontrol: CloudControl, arrange: Callable[[CloudControl], object], expected: str) -> None:
    """``run`` makes calls until nothing more happens to the request, whatever its end is."""
    arrange(cloudcontrol)
    request = Shop(cloudcontrol).create().run()
    assert (request.status, request.is_running) == (expected, False)


def test_run_leaves_others_overdue(cloudcontrol: CloudControl) -> None:
    """``run`` moves its own request only."""
    shop = Shop(cloudcontrol)
    other = shop.create("other")
    shop.create("run").run()
    assert other.steps == 0


@pytest.mark.parametrize("status", ["IN_PROGRESS", OperationStatus.IN_PROGRESS])
def test_run_until_returns_at_once(cloudcontrol: CloudControl, status: str) -> None:
    """``run_until`` a status that the request has already does nothing."""
    request = Shop(cloudcontrol).create().run_until(status)
    assert (request.steps, cloudcontrol.clock.now()) == (0, after(0))


def test_run_until_reached_terminal_status(cloudcontrol: CloudControl) -> None:
    """``run_until`` the terminal status that a request has already returns, too."""
    request = Shop(cloudcontrol).create().run()
    assert request.run_until("SUCCESS").steps == 2


def test_run_until_stops_there(cloudcontrol: CloudControl) -> None:
    """``run_until`` makes no call more than it takes."""
    cloudcontrol.plan(pending=True, steps=5)
    request = Shop(cloudcontrol).create().run_until(OperationStatus.IN_PROGRESS)
    assert request.steps == 1


def test_run_until_in_progress_of_one_that_is_taken_up(cloudcontrol: CloudControl) -> None:
    """A request that is PENDING for a duration becomes IN_PROGRESS when it is taken up, though one call ends it."""
    cloudcontrol.plan(pending=60, steps=1)
    request = Shop(cloudcontrol).create().run_until("IN_PROGRESS")
    assert (request.steps, cloudcontrol.clock.now()) == (0, after(60))


def test_run_until_another_end(cloudcontrol: CloudControl) -> None:
    """``run_until`` raises when another terminal status comes first, and shows what came."""
    request = Shop(cloudcontrol).create()
    request.cancel(at_step=2)
    with pytest.raises(StatusNotReached) as raised:
        request.run_until("SUCCESS")
    assert raised.value.request is request
    assert str(raised.value) == (
        "the request is CANCEL_COMPLETE and will never be SUCCESS\n"
        f"{request.request_token} CREATE {ORDER} n1 CANCEL_COMPLETE: 1 step made [123456789012 us-east-1]\n"
        "    2030-01-01 00:00:00.000 IN_PROGRESS\n"
        "    2030-01-01 00:00:00.200 IN_PROGRESS, retry after 2030-01-01 00:00:01.200\n"
        "    2030-01-01 00:00:01.200 CANCEL_COMPLETE, by request.cancel(at_step=2)"
    )


def test_run_until_expired(cloudcontrol: CloudControl) -> None:
    """``run_until`` raises when the request expires first."""
    cloudcontrol.add_expiry()
    request = Shop(cloudcontrol).create()
    with pytest.raises(StatusNotReached) as raised:
        request.run_until("SUCCESS")
    assert str(raised.value) == (
        "the request has expired and will never be SUCCESS\n"
        f"{request.request_token} CREATE {ORDER} n1 IN_PROGRESS (expired): 0 steps made [123456789012 us-east-1]\n"
        "    2030-01-01 00:00:00.000 IN_PROGRESS\n"
        "    2030-01-01 00:00:00.200 expired, by add_expiry(at_step=1)"
    )


@pytest.mark.parametrize(
    ("run", "aim"),
    [
        pytest.param(lambda request: request.run(max_steps=2), "come to an end", id="run"),
        pytest.param(lambda request: request.run_until("SUCCESS", max_steps=2), "become SUCCESS", id="run_until"),
    ],
)
def test_steps_that_are_not_enough(
    cloudcontrol: CloudControl, run: Callable[[ResourceRequest], ResourceRequest], aim: str
) -> None:
    """A run that ``max_steps`` calls don't end raises, and says how many there were."""
    cloudcontrol.plan(steps=3)
    request = Shop(cloudcontrol).create()
    with pytest.raises(StatusNotReached) as raised:
        run(request)
    assert request.steps == 2
    assert str(raised.value) == (
        f"2 handler calls were not enough for the request to {aim}: give a larger max_steps than 2\n"
        f"{request.request_token} CREATE {ORDER} n1 IN_PROGRESS: 2 steps made, "
        "the next due at 2030-01-01 00:00:02.200 [123456789012 us-east-1]\n"
        "    2030-01-01 00:00:00.000 IN_PROGRESS\n"
        "    2030-01-01 00:00:00.200 IN_PROGRESS, retry after 2030-01-01 00:00:01.200\n"
        "    2030-01-01 00:00:01.200 IN_PROGRESS, retry after 2030-01-01 00:00:02.200"
    )


@pytest.mark.parametrize("run", [ResourceRequest.run, lambda request, **given: request.run_until("SUCCESS", **given)])
def test_just_enough_steps(cloudcontrol: CloudControl, run: Callable[..., ResourceRequest]) -> None:
    """A run that needs as many calls as it is given succeeds."""
    cloudcontrol.plan(steps=3)
    assert run(Shop(cloudcontrol).create(), max_steps=3).status == "SUCCESS"


@pytest.mark.cloudcontrol(max_steps=4)
@pytest.mark.parametrize("run", [ResourceRequest.run, lambda request: request.run_until("SUCCESS")])
def test_max_steps_option(cloudcontrol: CloudControl, run: Callable[[ResourceRequest], ResourceRequest]) -> None:
    """The option ``max_steps`` is how many calls a run makes at most when it isn't told."""
    cloudcontrol.plan(steps=5)
    request = Shop(cloudcontrol).create()
    with pytest.raises(StatusNotReached, match=r"^4 handler calls were not enough"):
        run(request)
    assert request.steps == 4


# Any request


def test_world_step_takes_the_earliest(cloudcontrol: CloudControl) -> None:
    """``cloudcontrol.step`` makes the earliest due call, and returns the request whose it was."""
    shop = Shop(cloudcontrol)
    cloudcontrol.plan(operation="CREATE", first_delay=2)
    late = shop.create("late")
    cloudcontrol.plan(operation="CREATE", first_delay=1)
    early = shop.create("early")
    assert [cloudcontrol.step() for _ in range(5)] == [early, late, early, late, None]


def test_world_step_with_nothing_due(cloudcontrol: CloudControl) -> None:
    """``cloudcontrol.step`` returns None, and leaves the clock alone, when nothing is due."""
    Shop(cloudcontrol).create().run()
    assert cloudcontrol.step() is None
    assert cloudcontrol.clock.now() == after(1.2)


def test_run_until_idle(cloudcontrol: CloudControl) -> None:
    """``run_until_idle`` makes every call there is, and returns how many."""
    shop = Shop(cloudcontrol)
    shop.existing("old")
    requests = [shop.create("one"), shop.create("two"), shop.delete("old")]
    assert cloudcontrol.run_until_idle() == 5
    assert [request.status for request in requests] == ["SUCCESS"] * 3
    assert cloudcontrol.run_until_idle() == 0


def test_run_until_idle_with_just_enough_steps(cloudcontrol: CloudControl) -> None:
    """``run_until_idle`` needs no call beyond the last."""
    Shop(cloudcontrol).create()
    assert cloudcontrol.run_until_idle(max_steps=2) == 2


def test_run_until_idle_with_too_few_steps(cloudcontrol: CloudControl) -> None:
    """``run_until_idle`` raises when so many calls aren't enough, and shows what still runs."""
    shop = Shop(cloudcontrol)
    shop.create("ended").run()
    request = shop.create("running")
    with pytest.raises(StatusNotReached) as raised:
        cloudcontrol.run_until_idle(max_steps=1)
    assert raised.value.request is None
    assert str(raised.value) == (
        "1 handler call was not enough: 1 request is still running\n"
        f"{request.request_token} CREATE {ORDER} running IN_PROGRESS: 1 step made, "
        "the next due at 2030-01-01 00:00:02.400 [123456789012 us-east-1]\n"
        "    2030-01-01 00:00:01.200 IN_PROGRESS\n"
        "    2030-01-01 00:00:01.400 IN_PROGRESS, retry after 2030-01-01 00:00:02.400"
    )
