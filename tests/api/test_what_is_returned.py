"""What the movements return: the request, whether there was work, and how many calls were made, at the edges too."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from mock_time import START, after
from shop import Shop, shop_types, shown, statuses

from pytest_cloudcontrol import CloudControl, IllegalTransition, ResourceRequest, StatusNotReached

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

pytestmark = shop_types

WEEK: Final = timedelta(days=7)
MOMENT: Final = timedelta(milliseconds=1)


def raising(request: ResourceRequest, move: Callable[[ResourceRequest], object]) -> str:
    """Move a request that can't be moved, and return the error's text."""
    with pytest.raises(IllegalTransition) as raised:
        move(request)
    assert raised.value.request is request
    return str(raised.value)


# The request


@pytest.mark.parametrize("pending", [False, True, 5])
@pytest.mark.parametrize(
    "move",
    [
        pytest.param(lambda request: request.step(), id="step"),
        pytest.param(lambda request: request.run(), id="run"),
        pytest.param(lambda request: request.run_until("IN_PROGRESS"), id="run until it has begun"),
        pytest.param(lambda request: request.run_until("SUCCESS"), id="run until its end"),
        pytest.param(lambda request: request.fail("Throttling"), id="fail"),
        pytest.param(lambda request: request.cancel(), id="cancel"),
        pytest.param(lambda request: request.expire(), id="expire"),
        pytest.param(lambda request: request.cancel(at_step=1).cancel(), id="cancel later"),
        pytest.param(lambda request: request.cancel().cancel(), id="cancel twice"),
        pytest.param(lambda request: request.run().run(), id="run twice"),
    ],
)
def test_every_verb_returns_the_request(
    cloudcontrol: CloudControl, move: Callable[[ResourceRequest], object], pending: float | bool
) -> None:
    """What a test does to a request returns that very request, also where there was nothing to do."""
    cloudcontrol.plan(pending=pending)
    request = Shop(cloudcontrol).create()
    assert move(request) is request


class World(NamedTuple):
    """The moves of all accounts and regions, or those of one."""

    step: Callable[[], ResourceRequest | None]
    run_until_idle: Callable[..., int]


WORLDS: Final[Mapping[str, Callable[[CloudControl], World]]] = {
    "all": lambda mock: World(mock.step, mock.run_until_idle),
    "one": lambda mock: World(mock.scope().step, mock.scope().run_until_idle),
}
EVERY_WORLD: Final = pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)

ENDS: Final[Mapping[str, Callable[[CloudControl], object]]] = {
    "the handler": lambda _: None,
    "a failure": lambda mock: mock.add_failure("Throttling"),
    "a cancel": lambda mock: mock.add_cancel(),
    "an expiry": lambda mock: mock.add_expiry(),
    "a callback that cancels": lambda mock: mock.before(lambda request: request.cancel()),
    "a callback that expires": lambda mock: mock.before(lambda request: request.expire()),
    "a callback that steps": lambda mock: mock.before(lambda request: request.step()),
}


@EVERY_WORLD
@pytest.mark.parametrize("arrange", ENDS.values(), ids=ENDS)
def test_step_returns_the_request_whose_step_came(
    cloudcontrol: CloudControl, world: Callable[[CloudControl], World], arrange: Callable[[CloudControl], object]
) -> None:
    """The world's step returns the request whose step was due, whatever came instead of its handler call."""
    cloudcontrol.plan(steps=1)
    arrange(cloudcontrol)
    request = Shop(cloudcontrol).create()
    assert world(cloudcontrol).step() is request
    assert not request.is_running
    assert world(cloudcontrol).step() is None


@EVERY_WORLD
@pytest.mark.parametrize("arrange", ENDS.values(), ids=ENDS)
def test_run_until_idle_counts_steps(
    cloudcontrol: CloudControl, world: Callable[[CloudControl], World], arrange: Callable[[CloudControl], object]
) -> None:
    """``run_until_idle`` counts each step once, whatever came instead of its handler call."""
    cloudcontrol.plan(steps=1)
    arrange(cloudcontrol)
    Shop(cloudcontrol).create()
    assert [world(cloudcontrol).run_until_idle() for _ in range(2)] == [1, 0]


@EVERY_WORLD
def test_taking_up_is_not_counted(cloudcontrol: CloudControl, world: Callable[[CloudControl], World]) -> None:
    """A PENDING request that is taken up on the way is no step, and nothing that ``run_until_idle`` counts."""
    shop = Shop(cloudcontrol)
    cloudcontrol.plan(first_delay=10, steps=1)
    running = shop.create("running")
    cloudcontrol.plan(first_delay=20, pending=5)
    pending = shop.create("pending")
    assert world(cloudcontrol).step() is running
    assert statuses(pending) == [(0, "PENDING"), (5, "IN_PROGRESS")]
    assert world(cloudcontrol).run_until_idle() == 1


@EVERY_WORLD
@pytest.mark.parametrize(("max_steps", "counted"), [(3, None), (4, 4), (5, 4)])
def test_exactly_enough_steps(
    cloudcontrol: CloudControl, world: Callable[[CloudControl], World], max_steps: int, counted: int | None
) -> None:
    """As many steps as are needed are enough, with none to spare; one fewer isn't."""
    shop = Shop(cloudcontrol)
    for name in ("one", "two"):
        shop.create(name)
    if counted is not None:
        assert world(cloudcontrol).run_until_idle(max_steps) == counted
        return
    with pytest.raises(StatusNotReached, match=r"^3 handler calls were not enough: 1 request is still running\n"):
        world(cloudcontrol).run_until_idle(max_steps)


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(lambda request, most: request.run(most), id="run"),
        pytest.param(lambda request, most: request.run_until("SUCCESS", most), id="run_until"),
    ],
)
@pytest.mark.parametrize("pending", [False, True, 5])
def test_exactly_enough_calls_of_one_request(
    cloudcontrol: CloudControl, run: Callable[[ResourceRequest, int], object], pending: float | bool
) -> None:
    """As many calls as a request needs are enough, and to be taken up takes none; one fewer isn't enough."""
    cloudcontrol.plan(steps=3, pending=pending)
    shop = Shop(cloudcontrol)
    assert run(shop.create("enough"), 3) is cloudcontrol.requests.last
    with pytest.raises(StatusNotReached, match=r"^2 handler calls were not enough for the request to "):
        run(shop.create("one fewer"), 2)
    assert [request.steps for request in cloudcontrol.requests] == [3, 2]


# Expiry isn't work


class Movement(NamedTuple):
    """A movement, and what it returns when there was no work, and when one call was made."""

    make: Callable[[CloudControl], object]
    of_nothing: object
    of_one: Callable[[ResourceRequest], object]


MOVEMENTS: Final[Mapping[str, Movement]] = {
    "advance_to_next": Movement(lambda mock: mock.clock.advance_to_next(), False, lambda _: True),
    "step": Movement(lambda mock: mock.step(), None, lambda request: request),
    "scope's step": Movement(lambda mock: mock.scope().step(), None, lambda request: request),
    "run_until_idle": Movement(lambda mock: mock.run_until_idle(), 0, lambda _: 1),
    "scope's run_until_idle": Movement(lambda mock: mock.scope().run_until_idle(), 0, lambda _: 1),
}
EVERY_MOVEMENT: Final = pytest.mark.parametrize("movement", MOVEMENTS.values(), ids=MOVEMENTS)


@EVERY_MOVEMENT
@pytest.mark.parametrize("pending", [False, True])
@pytest.mark.parametrize("late", [timedelta(0), MOMENT, timedelta(days=1)], ids=["then", "just after", "a day later"])
def test_work_that_expiry_forestalls(
    cloudcontrol: CloudControl, movement: Movement, pending: bool, late: timedelta
) -> None:
    """Work of a request that expires on the way to it, or at its instant, is none: nothing is returned or counted."""
    cloudcontrol.plan(first_delay=WEEK + late, pending=pending)
    request = Shop(cloudcontrol).create()
    assert movement.make(cloudcontrol) == movement.of_nothing
    assert (request.expired, request.steps, cloudcontrol.clock.now()) == (True, 0, START + WEEK + late)


@EVERY_MOVEMENT
def test_work_a_moment_before_expiry(cloudcontrol: CloudControl, movement: Movement) -> None:
    """A call that is due just before its request expires is made, and returned or counted."""
    cloudcontrol.plan(first_delay=WEEK - MOMENT, steps=1)
    request = Shop(cloudcontrol).create()
    assert movement.make(cloudcontrol) == movement.of_one(request)
    assert (request.expired, request.status, cloudcontrol.clock.now()) == (False, "SUCCESS", START + WEEK - MOMENT)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=1)], ids=["then", "a day later"])
def test_taking_up_that_expiry_forestalls(cloudcontrol: CloudControl, late: timedelta) -> None:
    """A PENDING request that expires before it is taken up, or just then, stays PENDING and is nothing to stop at."""
    cloudcontrol.plan(pending=WEEK + late)
    request = Shop(cloudcontrol).create()
    assert cloudcontrol.clock.advance_to_next() is False
    assert (request.expired, statuses(request)) == (True, [(0, "PENDING")])


@EVERY_MOVEMENT
def test_work_of_another_after_one_that_expires(cloudcontrol: CloudControl, movement: Movement) -> None:
    """Where work of another request is due later, the movement goes on to that, and returns or counts it alone."""
    shop = Shop(cloudcontrol)
    cloudcontrol.plan(first_delay=timedelta(days=8))
    old = shop.create("old")
    cloudcontrol.clock.advance(timedelta(days=3))
    cloudcontrol.plan(first_delay=timedelta(days=6), steps=1)
    young = shop.create("young")
    assert movement.make(cloudcontrol) == movement.of_one(young)
    assert (old.expired, old.steps, young.status) == (True, 0, "SUCCESS")
    assert cloudcontrol.clock.now() == START + timedelta(days=9)


@pytest.mark.parametrize(("at", "calls"), [(WEEK - MOMENT, 1), (WEEK, 0), (WEEK + MOMENT, 0)])
def test_callback_of_a_request_that_expires_then(cloudcontrol: CloudControl, at: timedelta, calls: int) -> None:
    """No callback runs before a call that its request's expiry forestalls, at that very instant neither."""
    ran: list[ResourceRequest] = []
    cloudcontrol.before(ran.append)
    cloudcontrol.plan(first_delay=at, steps=1)
    request = Shop(cloudcontrol).create()
    cloudcontrol.clock.advance(timedelta(days=8))
    assert (ran, request.steps) == ([request] * calls, calls)


@pytest.mark.parametrize(("wait", "made"), [(WEEK - timedelta(seconds=0.2) - MOMENT, 1), (WEEK, 0)])
def test_callback_in_which_its_request_expires(cloudcontrol: CloudControl, wait: timedelta, made: int) -> None:
    """A callback that lets so much time pass that its request expires has the last word: the call isn't made."""
    cloudcontrol.before(lambda: cloudcontrol.clock.advance(wait), at_step=1)
    request = Shop(cloudcontrol).create()
    assert request.step() is request
    assert (request.steps, request.expired) == (made, not made)


@pytest.mark.parametrize("late", [timedelta(0), MOMENT])
def test_own_step_into_expiry(cloudcontrol: CloudControl, late: timedelta) -> None:
    """A request that expires before its next call, or just then, can't be stepped, and is left expired."""
    cloudcontrol.plan(first_delay=WEEK + late)
    request = Shop(cloudcontrol).create()
    told = raising(request, lambda request: request.step())
    timeline = shown(request, expired="2030-01-08 00:00:00.000 expired")
    assert told == (f"can't step request {request.request_token}: it has expired, and AWS has forgotten it\n{timeline}")
    assert cloudcontrol.clock.now() == START + WEEK + late


# A callback that steps its own request

SELF: Final[Mapping[str, Callable[[ResourceRequest], object]]] = {
    "step": lambda request: request.step(),
    "run": lambda request: request.run(),
    "run until": lambda request: request.run_until("SUCCESS"),
}


@pytest.mark.parametrize("inner", SELF.values(), ids=SELF)
@EVERY_MOVEMENT
def test_callback_that_moves_its_own_request(
    cloudcontrol: CloudControl, movement: Movement, inner: Callable[[ResourceRequest], object]
) -> None:
    """A callback that moves its own request makes its calls, and the outer movement makes none of them again."""
    returned: list[object] = []
    cloudcontrol.before(lambda request: returned.append(inner(request)), at_step=1)
    cloudcontrol.plan(steps=1)
    request = Shop(cloudcontrol).create(Alpha="1")
    assert movement.make(cloudcontrol) == movement.of_one(request)
    assert returned == [request]
    assert statuses(request) == [(0, "IN_PROGRESS"), (0.2, "SUCCESS")]


@pytest.mark.parametrize("inner", SELF.values(), ids=SELF)
def test_own_step_of_a_request_that_its_callback_moves(
    cloudcontrol: CloudControl, inner: Callable[[ResourceRequest], object]
) -> None:
    """A step whose callback has moved the request as far or farther makes no call besides."""
    cloudcontrol.before(inner, at_step=1)
    request = Shop(cloudcontrol).create(Alpha="1")
    assert request.step() is request
    assert request.run() is request
    assert statuses(request) == [(0, "IN_PROGRESS"), (0.2, "IN_PROGRESS"), (1.2, "SUCCESS")]


@EVERY_WORLD
def test_world_that_steps_in_a_callback(cloudcontrol: CloudControl, world: Callable[[CloudControl], World]) -> None:
    """The world's step in a callback is the next one of others: the callback's own call comes after."""
    shop = Shop(cloudcontrol)
    cloudcontrol.plan(steps=1)
    first, second = shop.create("first"), shop.create("second")
    moved: list[tuple[ResourceRequest | None, int]] = []
    cloudcontrol.before(
        lambda request: moved.append((world(cloudcontrol).step(), first.steps)) if request is first else None
    )
    assert world(cloudcontrol).step() is first
    assert (moved, first.steps) == ([(second, 0)], 1)


# What has ended

ENDED: Final[Mapping[str, Callable[[ResourceRequest], object]]] = {
    "running": lambda _: None,
    "SUCCESS": lambda request: request.run(),
    "FAILED": lambda request: request.fail("Throttling", "Later."),
    "CANCEL_COMPLETE": lambda request: request.cancel(),
    "expired": lambda request: request.expire(),
    "succeeded, then expired": lambda request: request.run().expire(),
    "cancelled, then expired": lambda request: request.cancel().expire(),
}
OF_ENDED: Final[Mapping[str, Mapping[str, str]]] = {
    "FAILED": {"by": "request.fail()"},
    "CANCEL_COMPLETE": {"by": "request.cancel()"},
    "expired": {"expired": "2030-01-01 00:00:00.000 expired, by request.expire()"},
    "succeeded, then expired": {"expired": "2030-01-01 00:00:01.200 expired, by request.expire()"},
    "cancelled, then expired": {
        "by": "request.cancel()",
        "expired": "2030-01-01 00:00:00.000 expired, by request.expire()",
    },
}
VERBS: Final[Mapping[str, tuple[str, Callable[[ResourceRequest], object]]]] = {
    "step": ("step", lambda request: request.step()),
    "run": ("run", lambda request: request.run()),
    "run until SUCCESS": ("step", lambda request: request.run_until("SUCCESS")),
    "run until CANCEL_COMPLETE": ("step", lambda request: request.run_until("CANCEL_COMPLETE")),
    "run until IN_PROGRESS": ("step", lambda request: request.run_until("IN_PROGRESS")),
    "fail": ("fail", lambda request: request.fail("NotFound")),
    "cancel": ("cancel", lambda request: request.cancel()),
    "cancel later": ("cancel at step 2", lambda request: request.cancel(at_step=2)),
    "expire": ("expire", lambda request: request.expire()),
}
DUE: Final = ", the next due at 2030-01-01 00:00:00.200"


@pytest.mark.parametrize(("action", "move"), VERBS.values(), ids=VERBS)
@pytest.mark.parametrize("end", ENDED)
def test_after_a_reset_nothing_moves(
    cloudcontrol: CloudControl,
    end: str,
    action: str,
    move: Callable[[ResourceRequest], object],
) -> None:
    """A request of before a reset is never moved, whatever it had come to, and the error shows what that was."""
    request = Shop(cloudcontrol).create()
    ENDED[end](request)
    timeline = shown(request, **OF_ENDED.get(end, {}))
    if request.is_running:
        timeline = timeline.replace(" made [", f" made{DUE} [")
    before = (request.events, request.expired, request.steps)
    cloudcontrol.reset()
    assert raising(request, move) == (
        f"can't {action} request {request.request_token}: "
        f"cloudcontrol.reset() has begun a new world, without this request\n{timeline}"
    )
    assert (request.events, request.expired, request.steps) == before
    assert cloudcontrol.clock.now() == START


@pytest.mark.parametrize("end", ["SUCCESS", "FAILED", "CANCEL_COMPLETE"])
def test_running_what_has_ended_until_another_status(cloudcontrol: CloudControl, end: str) -> None:
    """A request that has ended will never have another status; the one that it has it may be run until."""
    request = Shop(cloudcontrol).create()
    ENDED[end](request)
    for wanted in ("SUCCESS", "FAILED", "CANCEL_COMPLETE", "IN_PROGRESS"):
        if wanted == end:
            assert request.run_until(wanted) is request
            continue
        with pytest.raises(StatusNotReached) as raised:
            request.run_until(wanted)
        assert (
            str(raised.value)
            == f"the request is {end} and will never be {wanted}\n{shown(request, **OF_ENDED.get(end, {}))}"
        )


def test_cancelled_then_expired_then_cancelled(cloudcontrol: CloudControl) -> None:
    """A cancelled request that has expired can't be cancelled again, neither by the test nor by a client."""
    shop = Shop(cloudcontrol)
    request = shop.create().cancel()
    events = request.cancel().events
    request.expire()
    timeline = shown(request, **OF_ENDED["cancelled, then expired"])
    assert raising(request, lambda request: request.cancel()) == (
        f"can't cancel request {request.request_token}: it has expired, and AWS has forgotten it\n{timeline}"
    )
    with pytest.raises(shop.client.exceptions.RequestTokenNotFoundException):
        shop.client.cancel_resource_request(RequestToken=request.request_token)
    assert (request.events, request.status, request.expired) == (events, "CANCEL_COMPLETE", True)
    assert cloudcontrol.clock.now() == after(0)
