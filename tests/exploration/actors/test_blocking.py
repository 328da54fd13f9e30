"""Where actors block on each other: all of Python's own means give the baton away, and need no real time."""

from __future__ import annotations

import queue
import threading
import time
from concurrent.futures import Future, as_completed
from functools import partial
from typing import TYPE_CHECKING

import pytest
from plays import always_first, beside, nobody_first, side_by_side

from pytest_cloudcontrol.exploration.actors import Stage

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("kind", ["Lock", "RLock"])
def test_lock(kind: str) -> None:
    """Who wants a lock that another has is blocked until it is free."""
    order: list[str] = []
    stage = Stage(always_first)

    def function() -> None:
        lock = getattr(threading, kind)()

        def other() -> None:
            order.append("wants it")
            with lock:
                order.append("has it")

        with lock:
            thread = beside(other)
            stage.hand_over()
            order.append("lets it go")
        thread.join()

    stage.play(function)

    assert order == ["wants it", "lets it go", "has it"]


def test_condition() -> None:
    """Who waits for a condition goes on when it is notified and the lock is free."""
    order: list[str] = []

    def function() -> None:
        condition = threading.Condition()

        def waiting() -> None:
            with condition:
                order.append("waits")
                condition.wait_for(lambda: "done" in order)
                order.append("goes on")

        def doing() -> None:
            with condition:
                order.append("done")
                condition.notify_all()

        side_by_side(waiting, doing)

    Stage(nobody_first).play(function)

    assert order == ["waits", "done", "goes on"]


def test_semaphore() -> None:
    """Only as many go on as a semaphore lets through."""
    inside: list[int] = []
    most: list[int] = []
    stage = Stage(always_first)

    def function() -> None:
        semaphore = threading.BoundedSemaphore(2)

        def work(number: int) -> None:
            with semaphore:
                inside.append(number)
                most.append(len(inside))
                stage.hand_over()
                inside.remove(number)

        for thread in [beside(partial(work, number)) for number in range(5)]:
            thread.join()

    stage.play(function)

    assert len(most) == 5
    assert max(most) == 2


def test_barrier() -> None:
    """Nobody passes a barrier before all have come."""
    order: list[str] = []

    def function() -> None:
        barrier = threading.Barrier(3)

        def pass_it() -> None:
            order.append("comes")
            barrier.wait(timeout=60)
            order.append("passes")

        for thread in [beside(pass_it) for _ in range(3)]:
            thread.join()

    Stage(nobody_first).play(function)

    assert order == ["comes"] * 3 + ["passes"] * 3


@pytest.mark.parametrize("kind", ["Queue", "LifoQueue", "PriorityQueue", "SimpleQueue"])
def test_queue(kind: str) -> None:
    """Who takes from an empty queue is blocked until something is in it."""

    def function() -> list[int]:
        tasks = getattr(queue, kind)()
        done: list[int] = []
        thread = beside(lambda: done.extend(iter(tasks.get, 0)))
        for task in (3, 2, 1):
            tasks.put(task)
        while len(done) < 3:
            beside(int).join()
        tasks.put(0)
        thread.join()
        return sorted(done)

    assert Stage(nobody_first).play(function) == [1, 2, 3]


def test_full_queue() -> None:
    """Who puts into a full queue is blocked until there is room."""

    def function() -> list[int]:
        tasks: queue.Queue[int] = queue.Queue(maxsize=1)
        done: list[int] = []
        thread = beside(lambda: done.extend(iter(tasks.get, 0)))
        for task in (3, 2, 1, 0):
            tasks.put(task, timeout=60)
        thread.join()
        return done

    assert Stage(nobody_first).play(function) == [3, 2, 1]


def test_joined_queue() -> None:
    """Who joins a queue is blocked until all its tasks are done."""
    done: list[int] = []

    def function() -> None:
        tasks: queue.Queue[int] = queue.Queue()

        def work() -> None:
            for task in iter(tasks.get, 0):
                done.append(task)
                tasks.task_done()

        thread = beside(work)
        tasks.put(1)
        tasks.put(2)
        tasks.join()
        assert done == [1, 2]
        tasks.put(0)
        thread.join()

    Stage(nobody_first).play(function)


def test_timeouts_take_no_real_time() -> None:
    """Where nobody else can go on, timeouts are over at once, in the order in which they would be."""
    begin = time.monotonic()

    def function() -> list[tuple[int, bool]]:
        event = threading.Event()
        order: list[tuple[int, bool]] = []

        def waiting(seconds: int) -> None:
            order.append((seconds, event.wait(seconds)))

        for thread in [beside(partial(waiting, length)) for length in (3000, 1000, 2000)]:
            thread.join()
        return order

    assert Stage(nobody_first).play(function) == [(1000, False), (2000, False), (3000, False)]
    assert time.monotonic() - begin < 60


@pytest.mark.parametrize(
    ("give_up", "answer"),
    [
        (lambda: threading.Event().wait(600), False),
        (lambda: threading.Semaphore(0).acquire(timeout=600), False),
        (lambda: threading.Condition().wait_for(lambda: False, 600), None),
        (lambda: queue.Queue().get(timeout=600), queue.Empty),
        (lambda: queue.SimpleQueue().get(timeout=600), queue.Empty),
        (lambda: Future[None]().result(timeout=600), TimeoutError),
        (lambda: list(as_completed([Future[None]()], timeout=600)), TimeoutError),
        (lambda: threading.Barrier(2).wait(600), threading.BrokenBarrierError),
    ],
)
def test_each_gives_up_when_its_time_is_over(give_up: Callable[[], object], answer: object) -> None:
    """Whatever is waited for alone gives up at once, as it would when the time is over."""

    def function() -> object:
        try:
            return give_up()
        except RuntimeError as error:
            return None if str(error) == "cannot wait on un-acquired lock" else type(error)
        except Exception as error:
            return type(error)

    assert Stage(nobody_first).play(function) is answer


def test_a_join_gives_up() -> None:
    """A join with a timeout returns while the thread still lives, when nobody else can go on."""

    def function() -> list[bool]:
        event = threading.Event()
        thread = beside(event.wait)
        thread.join(timeout=600)
        alive = [thread.is_alive()]
        event.set()
        thread.join()
        return [*alive, thread.is_alive()]

    assert Stage(nobody_first).play(function) == [True, False]


def test_a_thread_that_has_ended_is_not_alive() -> None:
    """As soon as another goes on, the thread of an actor that has ended is no more."""

    def function() -> list[object]:
        thread = threading.Thread(target=int)
        thread.start()
        stage.wait()
        return [thread.is_alive(), threading.active_count() == before]

    for _ in range(20):
        stage, before = Stage(nobody_first), threading.active_count()
        assert stage.play(function) == [False, True]


def test_a_timer_is_over_when_nobody_else_goes_on() -> None:
    """A Timer calls its function when nobody else can go on, without waiting for it really."""
    order: list[str] = []

    def function() -> None:
        timer = threading.Timer(3600, lambda: order.append("timer"))
        timer.start()
        order.append("function")
        timer.join()

    Stage(nobody_first).play(function)

    assert order == ["function", "timer"]
