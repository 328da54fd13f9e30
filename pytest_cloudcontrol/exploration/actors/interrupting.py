"""The last means against a thread that is lost in its own code: to raise an error in the middle of it."""

from __future__ import annotations

import _thread
import functools
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_cloudcontrol.exploration.actors.baton import Ended

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_cloudcontrol.exploration.actors.actor import Performer


def is_python_s(handler: object) -> bool:
    """Return whether Python's or asyncio's own handler is called for a signal, and none of the code under test."""
    if isinstance(handler, functools.partial):
        return getattr(handler.func, "__module__", "") == "asyncio.runners"
    return handler is signal.default_int_handler


@contextmanager
def raised_right_here(*, instead_of: Callable[[object], bool]) -> Iterator[None]:
    """Let Ctrl-C be raised in the main thread, wherever that stands, until the block ends.

    Args:
        instead_of: returns whether that is to be done in the place of a handler; another one stays.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not instead_of(before):
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let the main thread be woken until the block ends, also in a process that ignores Ctrl-C.

    A shell starts such processes in the background; Python then has no handler for the signal.
    """
    with raised_right_here(instead_of=lambda handler: handler is signal.SIG_IGN):
        yield


def raise_in(ident: int, kind: type[BaseException]) -> None:
    """Raise an error in a thread as soon as it runs Python code."""
    import ctypes  # seldom needed, and slow to import

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(kind))


def interrupt(performer: Performer) -> None:
    """Raise an error in an actor's thread, where that is possible.

    The main thread is woken from most of what blocks in C, as by Ctrl-C; asyncio takes the second one for serious. Any
    other thread is raised out of Python code only.
    """
    if performer.ident is None:
        return
    if performer.thread is threading.main_thread() and is_python_s(signal.getsignal(signal.SIGINT)):
        if sys.platform == "win32":
            _thread.interrupt_main()
        else:
            signal.pthread_kill(performer.ident, signal.SIGINT)
    else:
        raise_in(performer.ident, Ended)
