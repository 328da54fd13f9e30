"""The last means against an actor that is lost in its own code: to raise an error in the middle of it."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

from pytest_cloudcontrol.exploration.actors.baton import Ended

if TYPE_CHECKING:
    from pytest_cloudcontrol.exploration.actors.actor import Performer


def interrupt(performer: Performer) -> None:
    """Raise an error in an actor's thread, where that is possible.

    The main thread is woken from most of what blocks in C, as by Ctrl-C. Any other is raised out of Python code only.
    """
    if performer.ident is None:
        return
    is_main = performer.thread is threading.main_thread()
    if is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.pthread_kill(performer.ident, signal.SIGINT)
    else:
        import ctypes  # seldom needed, and slow to import

        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(performer.ident), ctypes.py_object(Ended))
