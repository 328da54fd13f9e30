"""Event loops: one of its own for each run of a scenario that is a coroutine, wherever it is explored.

Scenarios without coroutines don't pay for the import of asyncio.
"""

from __future__ import annotations

import inspect
import sys
import threading
from contextvars import copy_context
from typing import TYPE_CHECKING, Final, TypeVar, cast

from pytest_cloudcontrol.arguments import runs_as
from pytest_cloudcontrol.exploration.actors.ctrl_c import interrupt_from_outside
from pytest_cloudcontrol.exploration.actors.interrupting import is_python_s, raised_right_here

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from pytest_cloudcontrol.controls.cloudcontrol import CloudControl

_SOON: Final = 0.2
"""So many seconds of real time an exploration has to end by itself, when it is told of Ctrl-C."""

Result = TypeVar("Result")


def is_coroutine_function(function: object) -> bool:
    """Whether a function is one of coroutines, or an object whose call is."""
    return runs_as(function, inspect.iscoroutinefunction)


def is_loop_running() -> bool:
    """Whether an event loop is running in this thread, so that no other can."""
    asyncio = sys.modules.get("asyncio.events")
    return asyncio is not None and asyncio._get_running_loop() is not None  # noqa: SLF001  # it is in its __all__


def run_in_a_loop(function: Callable[[CloudControl], object], cloudcontrol: CloudControl) -> None:
    """Run a coroutine function to its end in an event loop of its own."""
    import asyncio

    # With a factory of its own the runner leaves alone which event loop is the thread's.
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(cast("Coroutine[object, object, object]", function(cloudcontrol)))


def in_a_thread_of_its_own(function: Callable[[], Result]) -> Result:
    """Call a function in a thread where no event loop is running, and wait for it.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed meanwhile; the function has been ended by it too.
    """
    from concurrent.futures import ThreadPoolExecutor, wait

    with ThreadPoolExecutor(1) as executor:
        ident = executor.submit(threading.get_ident).result()
        future = executor.submit(copy_context().run, function)
        try:
            with raised_right_here(instead_of=is_python_s):  # asyncio would keep it for its own loop
                return future.result()
        except KeyboardInterrupt as interrupt:
            interrupt_from_outside(ident, lambda: bool(wait([future], _SOON).done))
            error = future.exception()
            raise (error if isinstance(error, KeyboardInterrupt) else interrupt) from None
