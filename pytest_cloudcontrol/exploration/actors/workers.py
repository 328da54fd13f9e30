"""Executors' workers: threads that do one work item after the other, and end when their executor is given up."""

from __future__ import annotations

from concurrent.futures import thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from concurrent.futures import ThreadPoolExecutor

    from pytest_cloudcontrol.exploration.actors.actor import Performer

_WORKER: Final = thread._worker  # noqa: SLF001  # by which a worker is known: what its thread runs
_ITEMS: Final = "items"
"""What the queue of an executor has that was made in the play, and no native one."""


def is_worker(worker: threading.Thread) -> bool:
    """Return whether a thread is an executor's worker."""
    return vars(worker).get("_target") is _WORKER


def is_of_the_play(worker: threading.Thread) -> bool:
    """Return whether a thread is a worker of an executor that was made in the play."""
    return is_worker(worker) and hasattr(_arguments(worker)[1], _ITEMS)


def is_mere_worker(worker: threading.Thread) -> bool:
    """Return whether a thread is a worker that runs nothing but work items: no initializer, which would be an actor."""
    if not is_worker(worker):
        return False
    _, _, initializer, *_ = vars(worker)["_args"]
    return initializer is None


def next_of(performer: Performer) -> object:
    """Return the work that a worker would take next; None if there is none, or it is about to end."""
    given: Callable[[], list[object]] = getattr(_arguments(performer.thread)[1], _ITEMS, list)
    return next(iter(given()), None)


def is_abandoned(performer: Performer) -> bool:
    """Return whether a performer is a worker without work whose executor is collected or shut down: it will end."""
    if not is_idle(performer):
        return False
    executor = _arguments(performer.thread)[0]()
    return executor is None or executor._shutdown  # noqa: SLF001  # nothing public says so


def is_idle(performer: Performer) -> bool:
    """Return whether a performer is a worker without work, and none is given for it to take."""
    return performer.item is None and is_of_the_play(performer.thread) and next_of(performer) is None


def _arguments(worker: threading.Thread) -> tuple[Callable[[], ThreadPoolExecutor | None], object]:
    """Return what a worker was started with: a weak reference to its executor, and the queue of its work."""
    executor, work, *_ = vars(worker)["_args"]
    return executor, work
