"""Code in threads of its own, beside the test's."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

Answer = TypeVar("Answer")

GUARD: Final = 60
"""Seconds after which a test gives up waiting for a thread; none comes near it."""


def in_threads(*functions: Callable[[], Answer]) -> list[Answer]:
    """Call functions in a thread each, all let go at the same time, assert that none fails, and return the answers."""
    together = threading.Barrier(len(functions))
    answers: dict[int, Answer] = {}
    errors: list[BaseException] = []

    def run(number: int, function: Callable[[], Answer]) -> None:
        try:
            together.wait(GUARD)
            answers[number] = function()
        except BaseException as error:  # whatever it is, the test is to know
            errors.append(error)

    threads = [threading.Thread(target=run, args=numbered, daemon=True) for numbered in enumerate(functions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(GUARD)
    assert [thread.is_alive() for thread in threads] == [False] * len(threads)
    assert errors == []
    return [answers[number] for number in range(len(functions))]


class Worker(threading.Thread):
    """Runs code in a thread, tells whenever it is suspended, and keeps how it ended."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._settled = threading.Event()
        self._ended = False
        self.error: BaseException | None = None
        original = threading.Condition.wait

        def wait(condition: threading.Condition, timeout: float | None = None) -> bool:
            if threading.current_thread() is self and timeout is None:
                self._settled.set()  # the condition's lock is held until the thread really is suspended
            return original(condition, timeout)

        monkeypatch.setattr(threading.Condition, "wait", wait)

    def run(self) -> None:
        """Run the code."""
        try:
            self._work()
        except BaseException as error:  # NoProgressError is one
            self.error = error
        self._ended = True
        self._settled.set()

    def let_it_be_suspended(self) -> None:
        """Wait until the thread is suspended, for another time than at the last call."""
        assert self._settled.wait(GUARD)
        assert not self._ended, f"the thread was not suspended: {self.error}"
        self._settled.clear()

    def let_it_settle(self) -> bool:
        """Wait until the thread is suspended or has ended, and return whether it has ended."""
        assert self._settled.wait(GUARD)
        return self._ended

    def let_it_end(self) -> None:
        """Wait until the thread has ended."""
        self.join(GUARD)
        assert not self.is_alive()


def suspended(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> Worker:
    """Run code in a thread until it is suspended, and return the worker."""
    worker = Worker(monkeypatch, work)
    worker.start()
    worker.let_it_be_suspended()
    return worker
