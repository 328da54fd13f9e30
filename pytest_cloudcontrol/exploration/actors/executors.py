"""Executors' workers: threads that run one work item after the other, and end when their executor is given up."""

from __future__ import annotations

from concurrent.futures import _base, thread
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.exploration.actors.stacks import frames_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from pytest_cloudcontrol.exploration.actors.actor import Performer

_WORKER: Final = thread._worker.__code__  # noqa: SLF001  # what each worker's thread runs
_WORK_ITEM: Final = thread._WorkItem.run.__code__  # noqa: SLF001  # and what it calls for each item


def is_abandoned(performer: Performer) -> bool:
    """Return whether an actor is a worker without work whose executor is collected or shut down: it ends by itself."""
    worker = _idle_worker(performer)
    if worker is None:
        return False
    executor: thread.ThreadPoolExecutor | None = worker.f_locals["executor_reference"]()
    return executor is None or executor._shutdown  # noqa: SLF001


def is_idle(performer: Performer) -> bool:
    """Return whether an actor is a worker without work."""
    return _idle_worker(performer) is not None


def _idle_worker(performer: Performer) -> FrameType | None:
    frames = {frame.f_code: frame for frame in frames_of(performer)}
    return None if _WORK_ITEM in frames else frames.get(_WORKER)


@contextmanager
def without_complaints() -> Iterator[None]:
    """Let workers be ended by an error without their writing that into the log."""
    before = _base.LOGGER.disabled
    _base.LOGGER.disabled = True
    try:
        yield
    finally:
        _base.LOGGER.disabled = before
