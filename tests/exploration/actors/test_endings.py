"""How a play ends: with an error that says who stands where, and without any thread that lives on."""

from __future__ import annotations

import logging
import pickle
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from plays import always_first, beside, lines_of, nobody_first

from pytest_cloudcontrol.exploration.actors import Deadlock, LeftRunning, Stage, Stuck, Watch

if TYPE_CHECKING:
    from collections.abc import Iterator


at = lines_of(__file__)
UNSEEN = threading.Lock()
"""A lock that no play sees, and that nobody lets go."""

TO_DO_WHEN_STUCK = (
    "What to do: let it wait by locks, events, queues or threads that were made in the code under test, "
    "and neither by those made before nor by a loop or a sleep."
)
TO_DO_WHEN_LEFT = "What to do: join threads, and shut executors down, before it returns."


@pytest.fixture
def unseen() -> Iterator[threading.Lock]:
    """Return a lock that no play sees, which is let go when the test ends."""
    with UNSEEN:
        yield UNSEEN


# Deadlock


def test_deadlock() -> None:
    """When all are blocked, the play ends with the line at which each stands."""
    stage = Stage(always_first)

    def function() -> None:
        first, second = threading.Lock(), threading.Lock()

        def other() -> None:
            with second:
                first.acquire()  # held by the function

        with first:
            beside(other)
            stage.hand_over()
            second.acquire()  # held by the other

    with pytest.raises(Deadlock) as raised:
        stage.play(function)

    assert str(raised.value) == "\n".join(
        (
            "all actors are blocked, and none can free another:",
            "actor 1 (MainThread) is at",
            at("function", "second.acquire()  # held by the other"),
            "actor 2 (Thread-1 (other)) is at",
            at("other", "first.acquire()  # held by the function"),
        )
    )


def test_deadlock_of_one() -> None:
    """An actor that waits for itself is told too."""

    def function() -> None:
        with threading.Lock() as _:
            threading.Event().wait()  # for nobody

    with pytest.raises(Deadlock) as raised:
        Stage(nobody_first).play(function)

    assert str(raised.value) == "\n".join(
        (
            "all actors are blocked, and none can free another:",
            "actor 1 (MainThread) is at",
            at("function", "threading.Event().wait()  # for nobody"),
        )
    )


def test_a_deadlock_comes_through_whatever_the_code_catches() -> None:
    """The code under test can't swallow a deadlock, not even by catching all that there is."""

    def function() -> str:
        try:
            threading.Event().wait()
        except BaseException:
            return "all is well"
        return "not even that"

    with pytest.raises(Deadlock):
        Stage(nobody_first).play(function)


def test_a_deadlock_after_a_thread_died() -> None:
    """A deadlock is caused by the error that has ended a thread which others wait for."""

    def function() -> None:
        event = threading.Event()
        beside(lambda: 1 // 0)
        event.wait()

    with pytest.raises(Deadlock) as raised:
        Stage(nobody_first).play(function)

    assert isinstance(raised.value.__cause__, ZeroDivisionError)


def test_an_error_is_pickled() -> None:
    """What a play raises comes whole into another process."""
    with pytest.raises(Deadlock) as raised:
        Stage(nobody_first).play(lambda: threading.Event().wait())

    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)


def test_timeouts_alone_are_a_deadlock() -> None:
    """Where nothing happens but that one's timeouts are over, again and again, all others wait in vain."""

    def function() -> None:
        stop, event = threading.Event(), threading.Event()

        def beating() -> None:
            while not stop.wait(60):
                pass

        beside(beating)
        event.wait()  # in vain

    with pytest.raises(Deadlock) as raised:
        Stage(nobody_first, backstop=0.3).play(function)

    assert str(raised.value).startswith(
        "all actors are blocked, and none can free another:\nactor 1 (MainThread) is at\n"
        + at("function", "event.wait()  # in vain")
        + "\nactor 2 (Thread-1 (beating)) is at\n"
    )


# Stuck


def test_stuck_thread(unseen: threading.Lock) -> None:
    """A thread that is blocked on what nobody sees is told with the line at which it stands."""
    threads: list[threading.Thread] = []

    def function() -> None:
        def other() -> None:
            with unseen:  # for ever
                pass

        threads.append(beside(other))
        threads[0].join()

    with pytest.raises(Stuck) as raised:
        Stage(nobody_first, backstop=0.3).play(function)
    unseen.release()
    threads[0].join()
    unseen.acquire()

    assert str(raised.value) == "\n".join(
        (
            "for 0.3 s of real time this has come to nothing that an exploration can see:",
            "actor 2 (Thread-1 (other)) is at",
            at("other", "with unseen:  # for ever"),
            TO_DO_WHEN_STUCK,
        )
    )


def test_stuck_loop() -> None:
    """A thread that goes round in its own code is told, and ended."""

    def function() -> None:
        def other() -> None:
            while True:
                pass  # for ever

        beside(other).join()

    with pytest.raises(Stuck) as raised:
        Stage(nobody_first, backstop=0.3).play(function)

    told = str(raised.value).splitlines()
    assert told[1] == "actor 2 (Thread-1 (other)) is at"
    assert told[2] in (at("other", "pass  # for ever"), at("other", "while True:"))


@pytest.mark.parametrize("others", [0, 1])
def test_stuck_function(unseen: threading.Lock, others: int) -> None:
    """The function itself is woken from what nobody sees, in the main thread."""

    def function() -> None:
        threads = [beside(int) for _ in range(others)]
        unseen.acquire()  # in the function
        for thread in threads:
            thread.join()

    with Watch() as watch, pytest.raises(Stuck) as raised:
        Stage(nobody_first, backstop=0.3, watch=watch).play(function)

    assert str(raised.value) == "\n".join(
        (
            "for 0.3 s of real time this has come to nothing that an exploration can see:",
            "actor 1 (MainThread) is at",
            at("function", "unseen.acquire()  # in the function"),
            TO_DO_WHEN_STUCK,
        )
    )


def test_stuck_where_ctrl_c_is_ignored(unseen: threading.Lock) -> None:
    """It is woken in a process that ignores Ctrl-C too, as a shell's in the background, which ignores it afterwards."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Watch() as watch, pytest.raises(Stuck, match="actor 1 "):
            Stage(nobody_first, backstop=0.3, watch=watch).play(unseen.acquire)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


# Left running


def test_left_running() -> None:
    """A function that returns while threads of its own still run is refused, daemons among them."""
    stage = Stage(always_first)

    def function() -> None:
        event = threading.Event()

        def other() -> None:
            event.wait()  # left

        threading.Thread(target=other, daemon=True, name="daemon").start()
        stage.hand_over()
        beside(other)

    with pytest.raises(LeftRunning) as raised:
        stage.play(function)

    assert str(raised.value) == "\n".join(
        (
            "the code under test has returned, and leaves running:",
            "actor 2 (daemon) is at",
            at("other", "event.wait()  # left"),
            "actor 3 (Thread-1 (other)) has not begun",
            TO_DO_WHEN_LEFT,
        )
    )


def test_left_worker(caplog: pytest.LogCaptureFixture) -> None:
    """An executor that lives on with its workers is left running; that it is ended isn't written into the log."""
    kept: list[ThreadPoolExecutor] = []

    def function() -> None:
        kept.append(ThreadPoolExecutor())
        kept[0].submit(int).result()

    with pytest.raises(LeftRunning) as raised:
        Stage(nobody_first).play(function)

    assert str(raised.value) == (
        "the code under test has returned, and leaves running:\n"
        f"ThreadPoolExecutor-0_0 is a worker without work\n{TO_DO_WHEN_LEFT}"
    )
    assert caplog.records == []
    assert not logging.getLogger("concurrent.futures").disabled


@pytest.mark.parametrize("shut_down", [True, False])
def test_workers_that_end_by_themselves(shut_down: bool) -> None:
    """Workers of an executor that is gone, or shut down without waiting for them, are nothing that is left."""

    def function() -> int:
        executor = ThreadPoolExecutor(2)
        results = [future.result() for future in [executor.submit(int, text) for text in "12"]]
        if shut_down:
            executor.shutdown(wait=False)
        return sum(results)

    assert Stage(nobody_first).play(function) == 3


def test_a_worker_of_an_executor_from_before() -> None:
    """The worker of an executor that was made before can't be ended, and isn't: the executor goes on with it."""

    def function() -> int:
        return executor.submit(int, "5").result()

    with ThreadPoolExecutor(1, thread_name_prefix="before") as executor:
        with pytest.raises(LeftRunning) as raised:
            Stage(nobody_first, backstop=0.3).play(function)
        assert executor.submit(int, "6").result() == 6

    assert raised.value.__notes__ == ["What could not be ended, and lives on: before_0"]


def test_work_that_nobody_waits_for() -> None:
    """A worker that still has work is left running, though its executor is gone."""

    def function() -> None:
        ThreadPoolExecutor(1).submit(int)

    with pytest.raises(LeftRunning) as raised:
        Stage(nobody_first).play(function)

    assert str(raised.value).splitlines()[1] == "actor 2 (a work item) has not begun"


def test_what_is_left_when_the_function_fails() -> None:
    """The function's own error comes first: that its threads were left then is no error of its own."""

    def function() -> None:
        beside(threading.Event().wait)
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        Stage(nobody_first).play(function)


def test_who_catches_its_end_is_ended_again() -> None:
    """A thread that catches the error that ends it is raised it again wherever it waits next."""
    ends: list[str] = []

    def function() -> None:
        event = threading.Event()

        def stubborn() -> None:
            for _ in range(3):
                try:
                    event.wait()
                except BaseException as end:
                    ends.append(type(end).__name__)

        beside(stubborn)
        stage.wait()

    stage = Stage(nobody_first)
    with pytest.raises(LeftRunning):
        stage.play(function)

    assert ends == ["Ended"] * 3
