"""Where a thread of this process stands, looked at from any of them."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


def frame_of(thread: int | None) -> FrameType | None:
    """Return the innermost frame of a thread, by its identifier; None if none with that runs, or for None.

    Up to Python 3.11.8 garbage may be collected while Python makes the frames, which holds a lock then. Where a
    ``threading.local`` is among the garbage, its end needs the same lock, and the thread waits for itself for ever
    (python/cpython#106883). So none is collected meanwhile.
    """
    if thread is None:
        return None
    collects = gc.isenabled()
    gc.disable()
    try:
        return sys._current_frames().get(thread)  # noqa: SLF001  # documented, under this name
    finally:
        if collects:
            gc.enable()
