"""Work items of executors are actors, and futures block like all else."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, as_completed, wait
from typing import TYPE_CHECKING

from plays import always_first, nobody_first

from pytest_cloudcontrol.exploration.actors import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.exploration.actors import Actor


def test_executor() -> None:
    """An executor's work items are done by its workers, in the order in which they were given."""
    order: list[int] = []

    def work(number: int) -> int:
        order.append(number)
        return number

    def function() -> list[int]:
        with ThreadPoolExecutor(2) as executor:
            return list(executor.map(work, range(5)))

    assert Stage(nobody_first).play(function) == [0, 1, 2, 3, 4]
    assert order == [0, 1, 2, 3, 4]


def test_work_items_are_actors() -> None:
    """Work items are numbered as they are given, whichever worker does them; names are the same in each play."""

    def function() -> list[str]:
        together = threading.Barrier(2)
        with ThreadPoolExecutor(2) as executor:
            futures = [executor.submit(lambda: (together.wait(), stage.current)) for _ in range(4)]
            return [repr(future.result()[1]) for future in futures]

    for _ in range(2):
        stage = Stage(nobody_first)
        assert stage.play(function) == [
            "<actor 2 (ThreadPoolExecutor-0_0)>",
            "<actor 3 (ThreadPoolExecutor-0_1)>",
            "<actor 4 (ThreadPoolExecutor-0_0)>",
            "<actor 5 (ThreadPoolExecutor-0_1)>",
        ]


def test_initializers_are_actors() -> None:
    """A worker that has an initializer is an actor itself as long as that runs."""
    numbers: list[int] = []

    def note() -> None:
        assert stage.current is not None
        numbers.append(stage.current.number)

    def function() -> None:
        with ThreadPoolExecutor(1, initializer=note) as executor:
            executor.submit(note)
            executor.submit(note)

    stage = Stage(nobody_first)
    stage.play(function)
    assert numbers == [3, 2, 4]


def test_work_items_go_first_one_by_one() -> None:
    """Of the items that no worker has taken the first may go first, until it has ended: then who gave way goes on."""
    offered: list[list[int]] = []
    order: list[str] = []

    def first_of_all(current: Actor, others: Sequence[Actor]) -> Actor | None:
        offered.append([current.number, *(other.number for other in others)])
        return others[0] if current.number == 1 else None

    def work(name: str) -> None:
        stage.hand_over()
        order.append(name)

    def function() -> None:
        with ThreadPoolExecutor(1) as executor:
            for name in "ab":
                executor.submit(work, name)
            for _ in range(2):
                stage.hand_over()
                order.append("main")

    stage = Stage(first_of_all)
    stage.play(function)
    assert order == ["a", "main", "b", "main"]
    assert offered == [[1, 2], [2, 1], [1, 3], [3, 1]]


def test_an_error_of_a_work_item_is_its_futures() -> None:
    """What a work item raises belongs to whoever asks for its result, and to nobody else."""

    def function() -> str:
        with ThreadPoolExecutor() as executor:
            return repr(executor.submit(lambda: 1 // 0).exception())

    assert Stage(nobody_first).play(function) == "ZeroDivisionError('integer division or modulo by zero')"


def test_waiting_for_futures() -> None:
    """What waits for several futures goes on as they are done, and has them in the same order in each play."""

    def function() -> list[object]:
        with ThreadPoolExecutor(3) as executor:
            futures = [executor.submit(int, number) for number in range(3)]
            first = wait(futures, return_when=FIRST_COMPLETED).done
            return [[future.result() for future in found] for found in (first, as_completed(futures, timeout=60))]

    played = [Stage(nobody_first).play(function) for _ in range(20)]

    assert played == [[[0], [0, 1, 2]]] * 20


def test_executors_in_executors() -> None:
    """Workers that wait for executors of their own, and for a lock that all share, come to an end."""
    stage = Stage(always_first)

    def function() -> list[list[int]]:
        lock = threading.Lock()

        def inner(number: int) -> int:
            with lock:
                stage.hand_over()
            return number

        def outer(count: int) -> list[int]:
            with ThreadPoolExecutor(2) as executor:
                return list(executor.map(inner, range(count)))

        with ThreadPoolExecutor(2) as executor:
            return list(executor.map(outer, [3, 2, 1]))

    assert stage.play(function) == [[0, 1, 2], [0, 1], [0]]
