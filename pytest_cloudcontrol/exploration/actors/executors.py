"""Executors' workers: threads that run one work item after the other, and end when their executor is given up."""

from __future__ import annotations

import itertools
from concurrent.futures import _base, thread
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.exploration.actors.stacks import frames_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import ThreadPoolExecutor

    from pytest_cloudcontrol.exploration.actors.actor import Performer

_WORK_ITEM: Final = thread._WorkItem.run.__code__  # noqa: SLF001  # what a worker calls for each item


class NumberedFuture(_base.Future[object]):
    """A future that comes in sets where its number says, and not its address in memory.

    ``wait`` and ``as_completed`` hand out what they keep in sets.
    """

    count = itertools.count().__next__

    def __init__(self) -> None:
        super().__init__()
        self._number = NumberedFuture.count()

    def __hash__(self) -> int:
        return self._number


def is_abandoned(performer: Performer) -> bool:
    """Return whether an actor is a worker without work whose executor is collected or shut down: it ends by itself."""
    if not is_idle(performer):
        return False
    executor = _arguments(performer)[0]()
    return executor is None or executor._shutdown  # noqa: SLF001  # nothing public says so


def is_idle(performer: Performer) -> bool:
    """Return whether an actor is a worker without work, and none is given for it to take."""
    if vars(performer.thread).get("_target") is not thread._worker:  # noqa: SLF001  # by which a worker is known
        return False
    given: Callable[[], list[object]] | None = getattr(_arguments(performer)[1], "items", None)  # not of a native queue
    is_busy = any(frame.f_code is _WORK_ITEM for frame in frames_of(performer))
    return given is not None and not is_busy and all(item is None for item in given())


def _arguments(performer: Performer) -> tuple[Callable[[], ThreadPoolExecutor | None], object]:
    """Return what a worker was started with: a weak reference to its executor, and the queue of its work."""
    executor, work, *_ = vars(performer.thread)["_args"]
    return executor, work
