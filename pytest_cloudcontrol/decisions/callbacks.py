"""The test's own code, to be run right before a handler call or an API call."""

from __future__ import annotations

import inspect
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_cloudcontrol.arguments import OptionError, refuse_unfinished
from pytest_cloudcontrol.decisions.arranged import Arranged

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.decisions.faults import StepNumber
    from pytest_cloudcontrol.decisions.match import CallMatch, Match


@dataclass(slots=True, kw_only=True, eq=False)
class Before(Arranged):
    """Code to be run before something.

    Attributes:
        callback: takes one argument: what it is run before.
        written: the test's own code.
        times: how often it is run; None is each time.
    """

    callback: Callable[..., object]
    written: Callable[..., object]
    times: int | None

    @property
    def is_armed(self) -> bool:
        """Whether it will be run again."""
        return not self.removed and (self.times is None or self.fired < self.times)

    def given(self) -> list[str]:
        """Return the arguments that the test wrote."""
        return [] if self.times is None else [f"times={self.times}"]

    def __str__(self) -> str:
        name = getattr(self.written, "__qualname__", None) or type(self.written).__qualname__
        return f"before({', '.join([name, *self.given()])})"


@dataclass(slots=True, kw_only=True, eq=False)
class BeforeStep(Before):
    """Code to be run before handler calls: each one of the requests meant, or their one of a number."""

    match: Match
    at_step: StepNumber | None

    def given(self) -> list[str]:
        """Return the arguments that the test wrote."""
        number = [] if self.at_step is None else [f"at_step={self.at_step!r}"]
        return [*filter(None, [str(self.match)]), *number, *Before.given(self)]


@dataclass(slots=True, kw_only=True, eq=False)
class BeforeCall(Before):
    """Code to be run before API calls."""

    match: CallMatch

    def given(self) -> list[str]:
        """Return the arguments that the test wrote."""
        return [*filter(None, [str(self.match)]), *Before.given(self)]


class RunningCallbacks(threading.local):
    """The callbacks that are running in this thread: one that causes what it runs before isn't run again for that.

    Args:
        lock: held where one is counted, so that no two threads take the same turn of a last one.
    """

    def __init__(self, lock: threading.RLock) -> None:
        self._running: list[object] = []
        self._lock = lock

    def run(self, before: Before, subject: object, argument: object) -> None:
        """Run a callback, unless it is running already for the same subject, or has been run often enough."""
        key = (before.written, subject)
        if key in self._running:
            return
        with self._lock:
            if not before.is_armed:
                return
            before.fired += 1
        self._running.append(key)
        try:
            before.callback(argument)
        finally:
            self._running.remove(key)


def takes_argument(callback: Callable[..., object]) -> bool:
    """Whether a callback is to be handed what it runs before: it is, if it has a parameter for it without a default.

    Raises:
        OptionError: it wants more than that.
    """
    try:
        signature = inspect.signature(callback)
    except ValueError:  # a callable of C without a signature
        return True
    for arguments in ((), (None,)):
        try:
            signature.bind(*arguments)
        except TypeError:
            continue
        is_open = any(parameter.kind is parameter.VAR_POSITIONAL for parameter in signature.parameters.values())
        return bool(arguments) or is_open
    expected = "a callable of one parameter without a default, which is what it runs before, or of none"
    raise OptionError("callback", callback, expected)


def call_back(callback: Callable[..., object], argument: object, *, is_handed: bool) -> None:
    """Call the test's own code, handed what it runs before or not."""
    returned = callback(argument) if is_handed else callback()
    refuse_unfinished("callback's result", returned, "something that has run: a coroutine would never be awaited")
