"""Where actors block on each other: all of Python's own means give the baton away, and need no real time."""

from __future__ import annotations

import queue
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait
from functools import partial
from typing import TYPE_CHECKING

import pytest
from plays import always_first, beside, nobody_first, side_by_side

from pytest_cloudcontrol.exploration.actors import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_cloudcontrol.exploration.actors import Actor


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
