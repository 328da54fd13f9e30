"""The test's own code, to be run right before a handler call or an API call."""

from __future__ import annotations

import inspect
import threading
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.decisions.match import Match
    from pytest_cloudcontrol.vocabulary import Api


class BeforeStep(NamedTuple):
    """Code to be run before handler calls: each one of the requests meant, or their one of a number.

    It takes one argument: what is about to get the call.
    """

    callback: Callable[..., object]
    match: Match
    at_step: int | None


class BeforeCall(NamedTuple):
    """Code to be run before API calls: those of one operation, for one resource type or for every one.

    It takes one argument: the call.
    """

    callback: Callable[..., object]
    api: Api
    type_name: str | None


class RunningCallbacks(threading.local):
    """The callbacks that are running in this thread: one that causes what it runs before isn't run again for that."""

    def __init__(self) -> None:
        self._running: list[object] = []

    def run(self, key: object, callback: Callable[..., object], argument: object) -> None:
        """Run a callback, unless it is running already under the same key."""
        if key in self._running:
            return
        self._running.append(key)
        try:
            callback(argument)
        finally:
            self._running.remove(key)


def call_back(callback: Callable[..., object], argument: object) -> None:
    """Call the test's own code: with the argument if it takes one, as pytest's hooks do, else without."""
    try:
        inspect.signature(callback).bind(argument)
    except TypeError:
        callback()
    except ValueError:  # a callable of C without a signature
        callback(argument)
    else:
        callback(argument)
