"""Whether a thread goes on, as far as can be seen from another."""

from __future__ import annotations

import dis
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.frames import frame_of

if TYPE_CHECKING:
    from pytest_cloudcontrol.exploration.actors.actor import Performer

TELLS_WORK: Final = hasattr(time, "pthread_getcpuclockid")
"""Whether the work of a thread can be told; macOS doesn't."""

_BEFORE_WITH: Final = dis.opmap.get("BEFORE_WITH", -1)


def position(ident: int | None) -> object:
    """Return where a thread stands: as long as that is the same, it sleeps, or is blocked or long at work in C."""
    frame = frame_of(ident)
    return id(frame), frame and frame.f_lasti


def work_of(performer: Performer) -> float:
    """Return how many seconds of a processor's time an actor's thread has used.

    For one that can't end meanwhile: to ask for the clock of a thread that is no more ends the process.
    """
    if performer.ident is None or not TELLS_WORK:
        return 0.0
    return time.clock_gettime(time.pthread_getcpuclockid(performer.ident))


def is_runnable(performer: Performer) -> bool:
    """Return whether an actor's thread only waits for a processor, as on a busy machine; False where nobody tells."""
    try:
        status = Path(f"/proc/self/task/{performer.thread.native_id}/stat").read_bytes()
    except OSError:  # not Linux
        return False
    return status.rpartition(b") ")[2].startswith(b"R")


def enters_block(performer: Performer) -> bool:
    """Return whether an actor's thread is at the beginning of a ``with`` that is in C: the lock there is taken."""
    frame = frame_of(performer.ident)
    return frame is not None and frame.f_code.co_code[frame.f_lasti] == _BEFORE_WITH
