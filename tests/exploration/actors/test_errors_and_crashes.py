"""Errors of threads, crashes, and Ctrl-C: how they end a play, and what is told."""

from __future__ import annotations

import signal
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from plays import Crash, beside, lines_of, nobody_first

from pytest_cloudcontrol.exploration.actors import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

at = lines_of(__file__)
UNSEEN = threading.Lock()
"""A lock that no play sees, and that nobody lets go."""


# Errors of threads


def test_an_error_ends_a_thread(capfd: pytest.CaptureFixture[str]) -> None:
    """What ends a thread uncaught is raised out of the play when the function has ended, and printed by nobody."""
    done: list[str] = []

    def function() -> None:
        beside(lambda: 1 // 0).join()
        done.append("function")

    with pytest.raises(ZeroDivisionError):
        Stage(nobody_first).play(function)

    assert done == ["function"]
    assert capfd.readouterr() == ("", "")


def test_errors_of_the_function_and_of_a_thread() -> None:
    """The function's own error is raised, with a note of what had ended its threads."""

    def function() -> None:
        beside(lambda: 1 // 0).join()
        raise LookupError("mine")

    with pytest.raises(LookupError) as raised:
        Stage(nobody_first).play(function)

    assert raised.value.__notes__ == [
        "actor 2 (Thread-1 (<lambda>)) had ended with ZeroDivisionError('integer division or modulo by zero')"
    ]


def test_a_thread_that_exits() -> None:
    """SystemExit ends a thread without a word, as ever."""

    def function() -> int:
        beside(lambda: exec("raise SystemExit(3)")).join()
        return 5

    assert Stage(nobody_first).play(function) == 5


# A crash


def test_a_crash_kills_all() -> None:
    """After a crash each actor is raised its error where it next hands over, waits or is blocked."""
    stage = Stage(nobody_first)
    killed: list[str] = []

    def until_killed(step: Callable[[], object]) -> None:
        try:
            step()
            step()
        except Crash as crash:
            killed.append(str(crash))
            raise

    def function() -> None:
        threads = [beside(partial(until_killed, step)) for step in (threading.Event().wait, stage.wait)]
        stage.wait()
        stage.end_all(lambda: Crash("killed"))
        try:
            stage.hand_over()
        finally:
            for thread in threads:
                thread.join()

    with pytest.raises(Crash, match="killed"):
        stage.play(function)

    assert killed == ["killed", "killed"]


def test_a_crash_in_a_thread() -> None:
    """A crash that a thread's call makes kills the function too, and is no error of the thread's."""
    stage = Stage(nobody_first)

    def crash() -> None:
        stage.end_all(lambda: Crash("killed"))
        stage.hand_over()

    with pytest.raises(Crash) as raised:
        stage.play(lambda: beside(crash).join())

    assert raised.value.__cause__ is None


def test_a_thread_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that Python couldn't start is no actor: the next one has its number."""
    stage = Stage(nobody_first)

    def refuse(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("can't start new thread")

    def function() -> list[str]:
        with monkeypatch.context() as patch:
            # Under the name that Python has for it: the first since 3.13, the other before.
            name = "_start_joinable_thread" if hasattr(threading, "_start_joinable_thread") else "_start_new_thread"
            patch.setattr(threading, name, refuse)
            with pytest.raises(RuntimeError, match="can't start new thread"):
                beside(int)
        seen: list[str] = []
        beside(lambda: seen.append(repr(stage.current))).join()
        return seen

    assert stage.play(function) == ["<actor 2 (Thread-2 (<lambda>))>"]


def test_a_crash_starts_nothing() -> None:
    """After a crash no thread is started any more."""
    stage = Stage(nobody_first)
    started: list[str] = []

    def function() -> None:
        stage.end_all(lambda: Crash("killed"))
        try:
            beside(lambda: started.append("started"))
        except Crash:
            return

    with pytest.raises(Crash):
        stage.play(function)

    assert started == []


# Ctrl-C


def test_an_interrupt_while_others_run() -> None:
    """Ctrl-C gets out of a play at once, while the function waits for a thread."""

    def function() -> None:
        def other() -> None:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            threading.Event().wait(60)

        beside(other).join()

    with pytest.raises(KeyboardInterrupt):
        Stage(nobody_first).play(function)


def test_an_interrupt_while_nobody_can_go_on() -> None:
    """Ctrl-C gets out of a play in which all wait for something outside of it."""
    native = threading.Event()

    def press() -> None:
        native.wait()
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    thread = beside(press)

    def function() -> None:
        def other() -> None:
            native.set()
            UNSEEN.acquire(timeout=0.5)

        beside(other).join()

    with UNSEEN, pytest.raises(KeyboardInterrupt):
        Stage(nobody_first).play(function)
    thread.join()
