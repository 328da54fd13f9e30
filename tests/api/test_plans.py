"""Plans: how long requests take that are accepted from now on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from shop import ORDER, TICKET, Shop, shop_types, statuses

from pytest_cloudcontrol import CloudControl, Operation

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = shop_types


def times(cloudcontrol: CloudControl) -> list[float]:
    """Return the seconds after its acceptance of each event of the last request, once it has been run."""
    seconds = [time for time, _ in statuses(cloudcontrol.requests.last.run())]
    return [round(time - seconds[0], 3) for time in seconds]


def test_steps(cloudcontrol: CloudControl) -> None:
    """``steps`` is how many handler calls a request takes."""
    cloudcontrol.plan(steps=4)
    Shop(cloudcontrol).create()
    assert times(cloudcontrol) == [0, 0.2, 1.2, 2.2, 3.2]


@pytest.mark.parametrize("delay", [5, 5.0, timedelta(seconds=5)])
def test_delay(cloudcontrol: CloudControl, delay: float | timedelta) -> None:
    """``delay`` is the time between two handler calls."""
    cloudcontrol.plan(steps=3, delay=delay)
    Shop(cloudcontrol).create()
    assert times(cloudcontrol) == [0, 0.2, 5.2, 10.2]


@pytest.mark.parametrize("first_delay", [0, 0.0, timedelta(0)])
def test_no_first_delay(cloudcontrol: CloudControl, first_delay: float | timedelta) -> None:
    """Without a first delay the first call is due at once, and still not made by the answer itself."""
    cloudcontrol.plan(first_delay=first_delay)
    request = Shop(cloudcontrol).create()
    assert request.steps == 0
    cloudcontrol.clock.advance(0)
    assert request.steps == 1


def test_no_delay(cloudcontrol: CloudControl) -> None:
    """Without a delay all calls fall due at one instant, and are all made when the clock passes it."""
    cloudcontrol.plan(steps=3, delay=0, first_delay=0)
    request = Shop(cloudcontrol).create()
    cloudcontrol.clock.advance(0)
    assert statuses(request) == [(0, "IN_PROGRESS")] * 3 + [(0, "SUCCESS")]


@pytest.mark.parametrize("pending", [0, timedelta(0), False])
def test_not_pending(cloudcontrol: CloudControl, pending: float | timedelta | bool) -> None:
    """A request that is PENDING for no time is IN_PROGRESS at once."""
    cloudcontrol.plan(pending=60)
    cloudcontrol.plan(pending=pending)
    Shop(cloudcontrol).create()
    assert cloudcontrol.requests.last.status == "IN_PROGRESS"
    assert times(cloudcontrol) == [0, 0.2, 1.2]


def test_pending_for_a_client(cloudcontrol: CloudControl) -> None:
    """The immediate answer of a PENDING request says PENDING, and has no RetryAfter."""
    cloudcontrol.plan(pending=60)
    answer = Shop(cloudcontrol).client.create_resource(TypeName=ORDER, DesiredState='{"Name": "n1"}')
    assert answer["ProgressEvent"]["OperationStatus"] == "PENDING"
    assert "RetryAfter" not in answer["ProgressEvent"]


NARROWEST_FIRST: list[Callable[[CloudControl, int], object]] = [
    lambda cloudcontrol, steps: cloudcontrol.plan(ORDER, "CREATE", steps=steps),
    lambda cloudcontrol, steps: cloudcontrol.plan(ORDER, steps=steps),
    lambda cloudcontrol, steps: cloudcontrol.plan(operation="CREATE", steps=steps),
    lambda cloudcontrol, steps: cloudcontrol.plan(steps=steps),
]


@pytest.mark.parametrize("narrower", range(3))
@pytest.mark.parametrize("later", ["narrower", "wider"])
def test_most_specific_plan_wins(cloudcontrol: CloudControl, narrower: int, later: str) -> None:
    """Type and operation outweigh the type, that the operation, and that nothing, whichever was arranged later."""
    arrange = [(narrower, 5), *((wider, 3) for wider in range(narrower + 1, 4))]
    for index, steps in reversed(arrange) if later == "narrower" else arrange:
        NARROWEST_FIRST[index](cloudcontrol, steps)
    assert Shop(cloudcontrol).create().run().steps == 5


@pytest.mark.parametrize("arrange", NARROWEST_FIRST)
def test_latest_plan_wins(cloudcontrol: CloudControl, arrange: Callable[[CloudControl, int], object]) -> None:
    """Of equally specific plans the latest wins."""
    arrange(cloudcontrol, 5)
    arrange(cloudcontrol, 3)
    assert Shop(cloudcontrol).create().run().steps == 3


@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param(lambda cloudcontrol: cloudcontrol.plan(TICKET, steps=5), id="another type"),
        pytest.param(lambda cloudcontrol: cloudcontrol.plan(operation="DELETE", steps=5), id="another operation"),
        pytest.param(lambda cloudcontrol: cloudcontrol.plan(ORDER, "UPDATE", steps=5), id="the type's other operation"),
    ],
)
def test_plan_of_others(cloudcontrol: CloudControl, arrange: Callable[[CloudControl], object]) -> None:
    """A plan for another type or operation changes nothing."""
    arrange(cloudcontrol)
    assert Shop(cloudcontrol).create().run().steps == 2


@pytest.mark.parametrize("operation", ["DELETE", Operation.DELETE])
def test_plan_of_an_operation(cloudcontrol: CloudControl, operation: str) -> None:
    """An operation may be named by its string or by the enum."""
    cloudcontrol.plan(operation=operation, steps=3)
    shop = Shop(cloudcontrol)
    shop.existing()
    assert shop.delete().run().steps == 3


def test_plans_merge(cloudcontrol: CloudControl) -> None:
    """Each parameter comes from the most specific plan that gives it, and from the defaults where none does."""
    cloudcontrol.plan(ORDER, "CREATE", steps=3)
    cloudcontrol.plan(ORDER, delay=10, steps=9)
    cloudcontrol.plan(pending=100, delay=99)
    Shop(cloudcontrol).create()
    assert cloudcontrol.requests.last.status == "PENDING"
    cloudcontrol.clock.advance(200)
    assert statuses(cloudcontrol.requests.last) == [
        (0, "PENDING"),
        (100, "IN_PROGRESS"),
        (100.2, "IN_PROGRESS"),
        (110.2, "IN_PROGRESS"),
        (120.2, "SUCCESS"),
    ]


def test_plan_is_read_at_acceptance(cloudcontrol: CloudControl) -> None:
    """A plan arranged after a request was accepted changes nothing about that request."""
    request = Shop(cloudcontrol).create()
    cloudcontrol.plan(steps=9, delay=99)
    assert statuses(request.run())[-1] == (1.2, "SUCCESS")


def test_plan_for_many_requests(cloudcontrol: CloudControl) -> None:
    """A plan holds for every request that fits, not only for the next."""
    cloudcontrol.plan(steps=3)
    shop = Shop(cloudcontrol)
    assert [shop.create(name).run().steps for name in ("one", "two")] == [3, 3]
