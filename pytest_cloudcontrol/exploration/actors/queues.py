"""A simple queue that gives the baton away where it would block. Python's other queues are built of locks."""

from __future__ import annotations

from queue import Empty
from queue import SimpleQueue as NativeQueue  # under another name than the one that is replaced
from types import GenericAlias

from pytest_cloudcontrol.exploration.actors import playing


class SimpleQueue:
    """Stands for ``queue.SimpleQueue`` during a play, and goes on as an ordinary one afterwards.

    Over a native one, as executors rely on what the one in Python isn't: the garbage collector may put something in
    at any time, in the middle of a ``get`` too.
    """

    def __init__(self) -> None:
        self._queue: NativeQueue[object] = NativeQueue()

    def __class_getitem__(cls, item: object) -> GenericAlias:
        return GenericAlias(cls, item)

    def get(self, block: bool = True, timeout: float | None = None) -> object:
        """Take an item out, as ``queue.SimpleQueue.get`` does."""
        scene = playing.scene
        if scene is None or not block or (timeout is not None and timeout <= 0):
            return self._queue.get(block, timeout)
        if self._queue.empty():
            me = scene.arrive()
            if me is None:
                return self._queue.get(block, timeout)
            if not scene.block(me, lambda: not self._queue.empty(), timeout):
                raise Empty
        return self._queue.get_nowait()

    def get_nowait(self) -> object:
        """Take an item out that is there."""
        return self._queue.get_nowait()

    def put(self, item: object, block: bool = True, timeout: float | None = None) -> None:
        """Put an item in, which never blocks."""
        self._queue.put(item, block, timeout)

    def put_nowait(self, item: object) -> None:
        """Put an item in."""
        self._queue.put(item)

    def empty(self) -> bool:
        """Return whether nothing is in it."""
        return self._queue.empty()

    def qsize(self) -> int:
        """Return how much is in it."""
        return self._queue.qsize()

    def items(self) -> list[object]:
        """Return what is in it. For a moment at which nobody else takes anything."""
        items = [self._queue.get_nowait() for _ in range(self._queue.qsize())]
        for item in items:
            self._queue.put(item)
        return items
