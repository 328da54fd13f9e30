"""Overdue work: what fell due while one request alone was stepped, and in which order it is made up for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from calls import create, status
from mock_time import after
from resource_types import LOG_GROUP

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl, ResourceRequest

pytestmark = pytest.mark.cloudcontrol(start=after(0))

NOW: Final = 10
"""The second at which the last of them was stepped, and everything else is overdue."""

DUE: Final = {"third": 3, "first": 1, "late": NOW, "second": 2, "first-too": 1}
"""When the first call of each falls due, in the order of acceptance."""

ORDER: Final = ["first", "first-too", "second", "third"]
"""The order in which what is overdue is made: of two due at one instant the one accepted first."""


class Overdue:
    """Requests of which one has been stepped alone, at a time when the others were due before."""

    def __init__(self, cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
        self.cloudcontrol = cloudcontrol
        self.client = client
        self.made: list[tuple[str, float]] = []
        for name, due in DUE.items():
            cloudcontrol.plan(first_delay=due, delay=60)
            create(client, name)
        self.of("late").step()
        cloudcontrol.before(self._note)

    def of(self, name: str) -> ResourceRequest:
        """Return the request of a name."""
        return self.cloudcontrol.requests[[*DUE].index(name)]

    def _note(self, request: ResourceRequest) -> None:
        seconds = (self.cloudcontrol.clock.now() - after(0)).total_seconds()
        self.made.append((str(request.identifier), seconds))


@pytest.fixture
def overdue(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> Overdue:
    """Have overdue requests."""
    return Overdue(cloudcontrol, cloudcontrol_client)


def poll_twice(overdue: Overdue) -> None:
    """Wait, by polls, for the request that is due last."""
    for _ in range(2):
        status(overdue.client, overdue.of("third").request_token)


ALL_AT_ONCE: Final[Mapping[str, Callable[[Overdue], object]]] = {
    "advance by nothing": lambda overdue: overdue.cloudcontrol.clock.advance(0),
    "advance": lambda overdue: overdue.cloudcontrol.clock.advance(5),
    "move to now": lambda overdue: overdue.cloudcontrol.clock.move_to(overdue.cloudcontrol.clock.now()),
    "advance to next": lambda overdue: overdue.cloudcontrol.clock.advance_to_next(),
    "step by step": lambda overdue: [overdue.cloudcontrol.step() for _ in ORDER],
    "a scope's step by step": lambda overdue: [overdue.cloudcontrol.scope().step() for _ in ORDER],
    "each one's own step": lambda overdue: [overdue.of(name).step() for name in ORDER],
    "polls": poll_twice,
}


@pytest.mark.parametrize("move", ALL_AT_ONCE.values(), ids=ALL_AT_ONCE)
def test_overdue_calls_come_in_due_order(overdue: Overdue, move: Callable[[Overdue], object]) -> None:
    """Overdue calls are made in due and then acceptance order, each now, and the next call is due from now."""
    assert [overdue.of(name).steps for name in DUE] == [0, 0, 1, 0, 0]
    move(overdue)
    assert overdue.made == [(name, NOW) for name in ORDER]
    assert [overdue.of(name).next_step_at for name in ORDER] == [after(NOW + 60)] * len(ORDER)


@pytest.mark.parametrize("scoped", [False, True])
def test_step_makes_one_overdue_call(overdue: Overdue, scoped: bool) -> None:
    """The world's step makes the call that has been overdue longest, returns its request, and no time passes."""
    cloudcontrol = overdue.cloudcontrol
    for number, name in enumerate(ORDER, 1):
        assert (cloudcontrol.scope() if scoped else cloudcontrol).step() is overdue.of(name)
        assert overdue.made == [(each, NOW) for each in ORDER[:number]]
    assert cloudcontrol.clock.now() == after(NOW)


@pytest.mark.parametrize("name", ORDER)
def test_own_step_leaves_other_overdue_calls(overdue: Overdue, name: str) -> None:
    """A request's own step makes its overdue call alone; those of others stay overdue, in their order."""
    assert overdue.of(name).step().steps == 1
    assert (overdue.made, overdue.cloudcontrol.clock.now()) == ([(name, NOW)], after(NOW))
    overdue.cloudcontrol.clock.advance(0)
    assert overdue.made == [(each, NOW) for each in [name, *[other for other in ORDER if other != name]]]


def test_mixed_movements(overdue: Overdue) -> None:
    """Steps of the world and of single requests, and the clock, go on where the one before has left off."""
    cloudcontrol = overdue.cloudcontrol
    overdue.of("third").step()
    assert cloudcontrol.step() is overdue.of("first")
    overdue.of("second").step().step()  # and to its second call, so that the others wait for longer
    assert cloudcontrol.clock.now() == after(NOW + 60)
    assert cloudcontrol.clock.advance_to_next()
    assert overdue.made == [
        ("third", NOW),
        ("first", NOW),
        ("second", NOW),
        ("second", NOW + 60),
        ("first-too", NOW + 60),
        ("third", NOW + 60),
        ("first", NOW + 60),
        ("late", NOW + 60),
    ]


def test_next_movement_after_a_run(overdue: Overdue) -> None:
    """Running one request to its end leaves the others overdue for as long as that takes."""
    overdue.of("second").run()
    assert overdue.made == [("second", NOW), ("second", NOW + 60)]
    overdue.cloudcontrol.clock.advance(0)
    # The late one's second call has fallen due then; it comes after those that were due before it.
    others = ["first", "first-too", "third", "late"]
    assert overdue.made[2:] == [(name, NOW + 60) for name in others]


def test_next_calls_that_are_due_at_once(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A next call without a delay is due now, and comes after all that have been overdue for longer."""
    made: list[tuple[str | None, int]] = []
    for name, due in (("second", 2), ("first", 1), ("late", NOW)):
        cloudcontrol.plan(first_delay=due, delay=0)
        create(cloudcontrol_client, name)
    cloudcontrol.requests.last.run()
    cloudcontrol.before(lambda request: made.append((request.identifier, request.steps + 1)))
    cloudcontrol.clock.advance(0)
    assert made == [("first", 1), ("second", 1), ("second", 2), ("first", 2)]


TAKEN_UP: Final[Mapping[str, Callable[[CloudControl], object]]] = {
    "advance": lambda mock: mock.clock.advance(0),
    "advance to next": lambda mock: mock.clock.advance_to_next(),
    "step": lambda mock: mock.step(),
    "scope's step": lambda mock: mock.scope().step(),
    "own step": lambda mock: mock.requests[0].step(),
}


@pytest.mark.parametrize("move", TAKEN_UP.values(), ids=TAKEN_UP)
def test_overdue_taking_up(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, move: Callable[[CloudControl], object]
) -> None:
    """A PENDING request whose time has passed is taken up now, and then gets the call that is overdue too."""
    cloudcontrol.plan(pending=2, first_delay=3)
    create(cloudcontrol_client, "pending")
    cloudcontrol.plan(pending=False, first_delay=NOW)
    create(cloudcontrol_client, "late")
    pending, late = cloudcontrol.requests
    late.step()
    assert (pending.status, pending.steps) == ("PENDING", 0)
    move(cloudcontrol)
    assert [(event.operation_status, event.event_time) for event in pending.events] == [
        ("PENDING", after(0)),
        ("IN_PROGRESS", after(NOW)),
        ("IN_PROGRESS", after(NOW)),
    ]
    assert (pending.steps, cloudcontrol.clock.now()) == (1, after(NOW))


@pytest.mark.parametrize("move", [TAKEN_UP[name] for name in ("step", "scope's step")], ids=["step", "scope's step"])
def test_overdue_taking_up_comes_in_its_turn(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, move: Callable[[CloudControl], object]
) -> None:
    """What was to be taken up after an overdue call is taken up after it; its own call comes in its own order."""
    for name, pending, due in (("pending", 2, 1), ("before", False, 1), ("between", False, 2.5), ("late", False, NOW)):
        cloudcontrol.plan(pending=pending, first_delay=due, steps=1)
        create(cloudcontrol_client, name)
    pending_one, *_, late = cloudcontrol.requests
    late.step()
    seen = []
    for _ in range(3):
        moved = move(cloudcontrol)
        seen.append((getattr(moved, "identifier", None), pending_one.status))
    assert seen == [("before", "PENDING"), ("between", "IN_PROGRESS"), ("pending", "SUCCESS")]


def test_overdue_calls_of_another_region(cloudcontrol: CloudControl) -> None:
    """A scope's step leaves overdue what is due elsewhere, and the world's step makes it up first."""
    for region, due in (("eu-west-1", 1), ("us-east-1", 2), ("eu-west-1", 3)):
        cloudcontrol.plan(first_delay=due, steps=1)
        create(cloudcontrol.client(region), f"due-{due}")
    assert cloudcontrol.scope().step() is cloudcontrol.requests[1]
    assert cloudcontrol.step() is cloudcontrol.requests[0]
    assert cloudcontrol.clock.now() == after(2)
    assert cloudcontrol.step() is cloudcontrol.requests[2]
    assert cloudcontrol.clock.now() == after(3)


def test_overdue_call_that_its_own_expiry_overtakes(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """An overdue call of a request that has expired meanwhile is made no more."""
    week = 7 * 24 * 3600
    create(cloudcontrol_client, "old")
    cloudcontrol.clock.advance(0.1)
    cloudcontrol.plan(first_delay=week - 0.1)
    create(cloudcontrol_client, "young")
    old, young = cloudcontrol.requests
    young.step()
    assert (old.expired, old.steps, young.steps) == (True, 0, 1)
    assert cloudcontrol.clock.advance(0) == after(week)
    assert old.steps == 0
    assert cloudcontrol.resources.get(LOG_GROUP, "old") is None
