"""Who calls: an asyncio task, or else a thread; and whether that is the one which the test itself runs in."""

from __future__ import annotations

import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import asyncio

_PACKAGE: Final = str(Path(__file__).parents[1])
_STANDARD_LIBRARY: Final = str(Path(threading.__file__).parent)


class Home:
    """The thread that activated the mock: nobody but its own code could move the clock while it waits."""

    def __init__(self) -> None:
        self._thread = threading.current_thread()

    @property
    def is_here(self) -> bool:
        """Whether the caller runs in it."""
        return threading.current_thread() is self._thread


def place_of(thread: int) -> str:
    """Return where a thread stands, as ``file:line in function``: the innermost line that isn't a library's."""
    frame = sys._current_frames().get(thread)  # noqa: SLF001  # the documented way to see where other threads stand
    lines = [line for line in traceback.extract_stack(frame) if not _is_of_library(line.filename)]
    return f"{lines[-1].filename}:{lines[-1].lineno} in {lines[-1].name}" if lines else "a library's code"


def _is_of_library(filename: str) -> bool:
    return filename.startswith((_PACKAGE, _STANDARD_LIBRARY)) or "site-packages" in filename


def current_task() -> asyncio.Task[object] | None:
    """Return the asyncio task that is running in this thread, if any."""
    loaded = sys.modules.get("asyncio")  # code that doesn't use it shall not pay for its import
    try:
        return None if loaded is None else loaded.current_task()
    except RuntimeError:  # no event loop is running here
        return None
