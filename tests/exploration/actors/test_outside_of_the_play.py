"""What the play shares with what is outside of it: threads, locks and sleeps that it knows nothing of."""

from __future__ import annotations

import queue
import threading
import time
from functools import partial

import pytest
from plays import always_first, beside, nobody_first, side_by_side

from pytest_cloudcontrol.exploration.actors import Stage


def test_locks_go_on_after_the_play() -> None:
    """What was made in a play goes on as an ordinary lock, queue or executor after it."""

    def function() -> tuple[threading.Lock, threading.RLock, queue.SimpleQueue[int], threading.Event]:
        return threading.Lock(), threading.RLock(), queue.SimpleQueue(), threading.Event()

    lock, reentrant, tasks, event = Stage(nobody_first).play(function)

    with lock, reentrant, reentrant:
        assert not lock.acquire(timeout=0.001)
        thread = beside(lambda: tasks.put(int(event.wait())))
        event.set()
        assert tasks.get() == 1
        thread.join()


def test_a_simple_queue_is_all_that_pythons_is() -> None:
    """The simple queue of a play has all that Python's has."""

    def function() -> list[object]:
        tasks: queue.SimpleQueue[int] = queue.SimpleQueue[int]()
        tasks.put_nowait(1)
        answers: list[object] = [tasks.empty(), tasks.qsize(), tasks.get_nowait(), tasks.empty()]
        for get in (tasks.get_nowait, partial(tasks.get, block=False), partial(tasks.get, timeout=0)):
            with pytest.raises(queue.Empty):
                get()
        with pytest.raises(ValueError, match="'timeout' must be a non-negative number"):
            tasks.get(timeout=-1)
        return answers

    assert Stage(nobody_first).play(function) == [False, 1, 1, True]


def test_a_lock_is_all_that_pythons_is() -> None:
    """The lock of a play has all that Python's has, and refuses what that refuses."""

    def function() -> list[object]:
        lock = threading.Lock()
        answers: list[object] = [lock.acquire(timeout=1), lock.locked(), lock.acquire(blocking=False)]
        with pytest.raises(ValueError, match="can't specify a timeout for a non-blocking call"):
            lock.acquire(blocking=False, timeout=1)
        with pytest.raises(ValueError, match="timeout value must be"):
            lock.acquire(timeout=-2)
        lock.release()
        with pytest.raises(RuntimeError, match="release unlocked lock"):
            lock.release()
        return [*answers, repr(lock).startswith("<unlocked lock of an exploration at 0x")]

    assert Stage(nobody_first).play(function) == [True, True, False, True]


def test_threads_outside_of_the_play() -> None:
    """A thread from before starts and joins threads, and uses locks and queues of the play, as it would without it."""
    done: queue.SimpleQueue[object] = queue.SimpleQueue()
    given: queue.SimpleQueue[queue.SimpleQueue[int]] = queue.SimpleQueue()

    def outside() -> None:
        tasks = given.get()
        done.put((tasks.get(), tasks.get(timeout=60)))
        beside(partial(done.put, stage.current)).join()
        with threading.Lock(), threading.RLock():
            done.put(threading.Event().wait(0.001))

    thread = threading.Thread(target=outside)
    thread.start()

    def function() -> list[object]:
        tasks: queue.SimpleQueue[int] = queue.SimpleQueue()
        given.put(tasks)
        tasks.put(1)
        tasks.put(2)
        return [done.get(timeout=60) for _ in range(3)]

    stage = Stage(nobody_first)
    assert stage.play(function) == [(1, 2), None, False]
    thread.join()


def test_an_event_of_the_play_is_set_from_outside() -> None:
    """A thread that was started before frees an actor that is blocked; that is no deadlock."""
    asked: queue.SimpleQueue[threading.Event] = queue.SimpleQueue()
    thread = threading.Thread(target=lambda: asked.get().set())
    thread.start()

    def function() -> bool:
        event = threading.Event()
        asked.put(event)
        return event.wait()

    assert Stage(nobody_first).play(function)
    thread.join()


def test_work_outside_of_the_play() -> None:
    """A thread that was started before frees an actor after it has worked for a while; that is no deadlock either."""
    asked: queue.SimpleQueue[threading.Event] = queue.SimpleQueue()

    def outside() -> None:
        event, end = asked.get(), time.monotonic() + 1.5
        while time.monotonic() < end:
            pass
        event.set()

    thread = threading.Thread(target=outside)
    thread.start()

    def function() -> bool:
        event = threading.Event()
        asked.put(event)
        return event.wait()

    assert Stage(nobody_first).play(function)
    thread.join()


def test_a_real_sleep_lets_others_go_on() -> None:
    """While an actor really sleeps for long, the others go on; what it does then comes in its turn."""

    def function() -> list[str]:
        order: list[str] = []

        def sleeping() -> None:
            time.sleep(0.4)
            stage.hand_over()
            order.append("slept")

        side_by_side(sleeping, partial(order.append, "other"))
        return order

    stage = Stage(nobody_first)
    assert stage.play(function) == ["other", "slept"]


@pytest.mark.parametrize("seconds", [0.001, 0.05])
def test_a_loop_that_sleeps_lets_others_go_on(seconds: float) -> None:
    """An actor that looks again and again, with short sleeps, for what another does, lets that go on."""

    def function() -> str:
        done: list[bool] = []

        def looking() -> None:
            while not done:
                time.sleep(seconds)

        side_by_side(looking, partial(done.append, True))
        return "done"

    assert Stage(nobody_first).play(function) == "done"


def test_a_lock_that_was_made_before() -> None:
    """A lock from before the play is seen only by its effect, and those that it blocks still go on one by one."""
    lock = threading.Lock()
    stage = Stage(always_first)

    def function() -> list[str]:
        order: list[str] = []

        def other() -> None:
            with lock:
                order.append("other has it")
                stage.hand_over()
                order.append("other lets it go")

        with lock:
            thread = beside(other)
            stage.hand_over()
            order.append("function lets it go")
        thread.join()
        return order

    assert stage.play(function) == ["function lets it go", "other has it", "other lets it go"]
