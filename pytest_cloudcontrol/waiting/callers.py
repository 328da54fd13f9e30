"""Who calls: a task of asyncio or trio, or else a thread, and whether that is the one which the test itself runs in.

Or another process, over a connection.
"""

from __future__ import annotations

import sys
import threading


class Connection:
    """A connection over which another process calls. None of its calls is ever held.

    Args:
        is_one_caller: whether all its calls are one caller's; those of others could be among them behind a proxy.
        loops_end: whether a loop ends that would never end; else it is answered for as long as it goes on.
    """

    def __init__(self, *, is_one_caller: bool, loops_end: bool) -> None:
        self.is_one_caller = is_one_caller
        self.loops_end = loops_end


class Home:
    """The thread that activated the mock: nobody but its own code could move the clock while it waits."""

    def __init__(self) -> None:
        self._thread = threading.current_thread()

    @property
    def is_here(self) -> bool:
        """Whether the caller runs in it."""
        return threading.current_thread() is self._thread


def current_task() -> object | None:
    """Return the task of asyncio or trio that is running in this thread, if any."""
    loaded = sys.modules.get("asyncio.events")  # code that doesn't use it shall not pay for its import
    # The one way to ask whether an event loop is running here that doesn't raise, at each call, when none is.
    if loaded is not None and loaded._get_running_loop() is not None:  # noqa: SLF001  # it is in the module's __all__
        task: object = sys.modules["asyncio"].current_task()
        return task
    trio = sys.modules.get("trio.lowlevel")
    if trio is None:
        return None
    try:
        task = trio.current_task()
    except RuntimeError:  # its way to say that none is
        return None
    return task
