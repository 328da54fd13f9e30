"""Event loops: one of its own for each run of a scenario that is a coroutine, wherever it is explored.

Scenarios without coroutines don't pay for the import of asyncio.
"""

from __future__ import annotations

import inspect
import sys
from contextvars import copy_context
from typing import TYPE_CHECKING, TypeVar, cast

from pytest_cloudcontrol.arguments import runs_as

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from pytest_cloudcontrol.controls.cloudcontrol import CloudControl

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
    """Call a function in a thread where no event loop is running, and wait for it."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as executor:
        return executor.submit(copy_context().run, function).result()
