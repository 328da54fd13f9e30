"""A lock that gives the baton away where it would block.

It is the one thing that all else is built of: ``RLock`` as there is one in Python, ``Condition``, ``Event``,
``Semaphore``, ``Barrier``, the queues and the futures wait by acquiring locks, which they look up in ``threading``.
"""

from __future__ import annotations

from _thread import allocate_lock
from typing import TYPE_CHECKING

from pytest_cloudcontrol.exploration.actors import playing

if TYPE_CHECKING:
    from types import TracebackType


class Lock:
    """Stands for ``threading.Lock`` during a play, and goes on as an ordinary lock afterwards."""

    __slots__ = ("__weakref__", "_lock")

    def __init__(self) -> None:
        self._lock = allocate_lock()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock, as ``threading.Lock.acquire`` does."""
        scene = playing.scene
        if scene is None or not blocking or timeout == 0 or timeout < -1:  # the last of which is an error of its own
            return self._lock.acquire(blocking, timeout)
        # No actor arrives at the stage for a lock that is free: that is no place to hand over.
        return self._lock.acquire(blocking=False) or scene.acquire(self._lock, None if timeout < 0 else timeout)

    def release(self) -> None:
        """Let the lock go."""
        self._lock.release()

    def locked(self) -> bool:
        """Return whether somebody has it."""
        return self._lock.locked()

    def _at_fork_reinit(self) -> None:  # which threading calls in a forked process
        self._lock = allocate_lock()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._lock.release()

    def __repr__(self) -> str:
        return f"<{'locked' if self.locked() else 'unlocked'} lock of an exploration at {id(self):#x}>"
