"""Other actors go first: threads, work items of executors and tasks, as a scenario's own calls show it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from plays import side_by_side
from programs import NO_SURPRISES
from retrying import once

from pytest_cloudcontrol import explore

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol import CloudControl


def look(cloudcontrol: CloudControl) -> None:
    """Make a call."""
    once(cloudcontrol).list_resource_requests()


def two_threads(cloudcontrol: CloudControl) -> None:
    """Make a call in each of two threads."""
    side_by_side(lambda: look(cloudcontrol), lambda: look(cloudcontrol))


def two_items(cloudcontrol: CloudControl) -> None:
    """Give an executor two work items, which make a call each."""
    with ThreadPoolExecutor(2) as executor:
        executor.submit(look, cloudcontrol)
        executor.submit(look, cloudcontrol)


@pytest.mark.parametrize("program", [two_threads, two_items])
def test_each_call_is_a_point(program: Callable[[CloudControl], None]) -> None:
    """Before a call another that is ready goes first; the call is one point, whatever else may happen there."""
    covered = explore(program, **NO_SURPRISES | {"errors": ("AccessDeniedException",), "surprises": 0})
    assert covered.points == 2
    covered = explore(program, **NO_SURPRISES)
    assert list(covered.schedules) == ["call 1 ListResourceRequests: actor 3 first"]


def test_switched_off() -> None:
    """Nobody goes first without interleavings."""
    assert explore(two_threads, **NO_SURPRISES, interleavings=False).runs == 1


def test_work_item_after_work_item() -> None:
    """A worker's second item is an actor of its own: who gave way to the first has a turn before it."""
    orders: set[str] = set()

    def program(cloudcontrol: CloudControl) -> None:
        order: list[str] = []

        def work(name: str) -> None:
            look(cloudcontrol)
            order.append(name)

        with ThreadPoolExecutor(1) as executor:
            for name in "ab":
                executor.submit(work, name)
            work("main")
        orders.add(" ".join(order))

    covered = explore(program, **NO_SURPRISES)
    assert covered.schedules[0] == "call 1 ListResourceRequests: actor 2 first"
    assert orders == {"main a b", "a main b"}


def test_lost_update() -> None:
    """Two threads that look first, and then count, lose a count where one goes first between the two."""

    def program(cloudcontrol: CloudControl) -> None:
        count = [0]

        def add() -> None:
            before = count[0]
            look(cloudcontrol)
            count[0] = before + 1

        side_by_side(add, add)
        assert count == [2]

    with pytest.raises(AssertionError) as caught:
        explore(program, **NO_SURPRISES)
    assert "before call 1 ListResourceRequests actor 3 went first" in caught.value.__notes__[0]


def test_locked_update() -> None:
    """With a lock around both none is lost, whoever goes first."""

    def program(cloudcontrol: CloudControl) -> None:
        count, lock = [0], threading.Lock()

        def add() -> None:
            with lock:
                before = count[0]
                look(cloudcontrol)
                count[0] = before + 1

        side_by_side(add, add)
        assert count == [2]

    explore(program, **NO_SURPRISES, surprises=3)
