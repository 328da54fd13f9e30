"""What is replaced during a play, and put back after it. All of it is Python's own, by the names it looks it up by."""

from __future__ import annotations

import asyncio
import concurrent.futures._base
import concurrent.futures.thread
import itertools
import logging
import queue
import selectors
import threading
import time
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.exploration.actors.executors import NumberedFuture, doing, making
from pytest_cloudcontrol.exploration.actors.locks import Lock
from pytest_cloudcontrol.exploration.actors.queues import SimpleQueue
from pytest_cloudcontrol.exploration.actors.selecting import Selector, creating
from pytest_cloudcontrol.exploration.actors.threads import joining, starting
from pytest_cloudcontrol.transport.patches import Patches

if TYPE_CHECKING:
    from collections.abc import Callable

    Replacement = Callable[[object], object]


_LOGGERS: Final = (logging.getLogger("asyncio"), logging.getLogger("concurrent.futures"))
"""Where work items and tasks complain of what has ended them."""


def put_in(monotonic: Callable[[], float], is_over: Callable[[], bool]) -> Patches:
    """Replace what waits for other threads by what gives the baton away.

    Args:
        monotonic: time as timeouts know it. Loops that wait for a condition count what is left of their timeout by it.
        is_over: whether the play is over before its time: then what becomes of those that it ends isn't logged.
    """
    patches = Patches()
    for owner, name, make in (
        (threading, "Lock", _always(Lock)),
        (threading, "_allocate_lock", _always(Lock)),  # what a Condition waits by
        (threading, "RLock", _always(threading._RLock)),  # noqa: SLF001  # the one in Python, over _allocate_lock
        (threading, "_time", _always(monotonic)),
        (queue, "time", _always(monotonic)),
        (concurrent.futures._base, "time", _always(Time(monotonic))),  # noqa: SLF001  # as_completed
        (queue, "SimpleQueue", _always(SimpleQueue)),
        # So that names and the order of sets are the same in every run.
        (threading, "_counter", _counting_from(1)),
        (concurrent.futures.thread.ThreadPoolExecutor, "_counter", _counting_from(0)),
        (NumberedFuture, "count", _counting_from(0)),
        (concurrent.futures._base, "Future", _always(NumberedFuture)),  # noqa: SLF001  # what executors make
        (concurrent.futures.thread._WorkItem, "__init__", making),  # noqa: SLF001  # what is given to an executor
        (concurrent.futures.thread._WorkItem, "run", doing),  # noqa: SLF001  # see above
        (selectors, "DefaultSelector", _always(Selector)),
        (asyncio.BaseEventLoop, "create_task", creating),
        (threading.Thread, "start", starting),
        (threading.Thread, "join", joining),
    ):
        patches.replace(owner, name, make)
    for logger in _LOGGERS:
        patches.replace(logger, "filters", _without(is_over))
    return patches


class Time:
    """Stands for the module ``time``: everything as there, but for the clock of timeouts."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.monotonic = monotonic

    def __getattr__(self, name: str) -> object:
        return getattr(time, name)


def _always(replacement: object) -> Replacement:
    return lambda _: replacement


def _without(is_over: Callable[[], bool]) -> Callable[[list[object]], object]:
    return lambda filters: [*filters, lambda _: not is_over()]


def _counting_from(first: int) -> Replacement:
    return lambda _: itertools.count(first).__next__
