"""Has tasks sleep and wait beside each other on the mock clock, under asyncio or trio.

Each wakes at its own start plus its own delay. A task that sleeps lets all others go on until none of them can any
more; then the one whose end comes first moves the clock there. With ``auto_advance`` off all sleep until somebody has
moved the clock.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from pytest_cloudcontrol.waiting.repetition import Moment
from pytest_cloudcontrol.waiting.sleeps import WAITER

if TYPE_CHECKING:
    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.waiting.tasks import SleepOfTask, WaitOfTask

_MOST_TURNS: Final = 50
"""After so many turns without any change a sleep doesn't wait for others any more. They may spin for ever, or poll
until the sleeper has done something, which ends after a hundred calls; and some loops don't tell who is ready."""

_QUIET_TURNS_OF_TRIO: Final = 10
"""trio tells only of the tasks that are to run in the next turn, and runs those of one in any order."""


async def give_way() -> None:
    """Let other tasks have a turn, under asyncio or trio."""
    if _runs_asyncio():
        await asyncio.sleep(0)
    else:
        await import_module("anyio.lowlevel").checkpoint()


def _runs_asyncio() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def sleep_on_the_clock(backend: Backend, seconds: float, who: str = WAITER) -> None:
    """Spend a task's sleep on the mock clock.

    Args:
        backend: the mock.
        seconds: how long.
        who: who sleeps, for an error.

    Raises:
        NoProgressError: with ``auto_advance`` off nobody has moved the clock, or the mock ended meanwhile.
    """
    decisions = backend.world.decisions
    if decisions.hands_over and backend.clock.auto_advance:  # who goes on meanwhile is chosen there
        await decisions.let_others_go_async(backend.clock.after(seconds))
        backend.sleeps.of_waiter(seconds, who)
        await give_way()
    else:
        await _sleep_beside_others(backend, backend.sleeps.of_waiting_task(seconds, who))


async def sleep_if_time_goes_on(backend: Backend, seconds: float) -> None:
    """Spend a sleep of a client's own, which with ``auto_advance`` off takes no time: nobody could step in between."""
    if backend.clock.auto_advance:
        await sleep_on_the_clock(backend, seconds)
    else:
        await backend.world.decisions.let_others_go_async(backend.clock.after(seconds))
        backend.sleeps.of_limit(seconds)
        await give_way()


async def _sleep_beside_others(backend: Backend, sleep: SleepOfTask) -> None:
    """Sleep until somebody has moved the clock to the end, who may be this task, while the event loop goes on."""
    changed = _new_event()
    with backend.sleeps.sleepers(_loop()).joined(sleep.until, lambda: changed.set()) as place:
        while not sleep.has_come:
            if not backend.clock.auto_advance:
                await wait_beside_others(sleep)
            elif not place.is_first:
                await changed.wait()
                changed = _new_event()
            else:
                await _let_others_go_until_they_wait(backend)
                if place.is_first and backend.clock.auto_advance and not sleep.has_come:
                    break
        sleep.end()


async def _let_others_go_until_they_wait(backend: Backend) -> None:
    """Let all other tasks of the loop go on, until none of them can."""
    needed = 1 if _runs_asyncio() else _QUIET_TURNS_OF_TRIO
    turns, quiet, moment = 0, 0, _moment(backend)
    while turns < _MOST_TURNS and quiet < needed:
        await give_way()
        quiet = 0 if _others_are_ready() else quiet + 1
        turns = turns + 1 if moment == (moment := _moment(backend)) else 0


def _moment(backend: Backend) -> Moment:
    return Moment(backend.clock.acts, backend.world.registry.version)


def _others_are_ready() -> bool:
    """Whether any other task of the loop can go on."""
    if _runs_asyncio():
        # The one way to ask; loops that aren't Python's own have no such list, and may have any.
        ready: object = getattr(asyncio.get_running_loop(), "_ready", None)
        return ready is None or bool(ready)
    return bool(import_module("trio").lowlevel.current_statistics().tasks_runnable)


def _loop() -> object:
    """Return what stands for the event loop that runs here."""
    if _runs_asyncio():
        return asyncio.get_running_loop()
    token: object = import_module("trio").lowlevel.current_trio_token()
    return token


def _new_event() -> Any:  # asyncio's or anyio's, which isn't there when types are checked
    return asyncio.Event() if _runs_asyncio() else import_module("anyio").Event()


async def wait_beside_others(waiting: WaitOfTask) -> None:
    """Wait until somebody else has done something, while the event loop goes on.

    Raises:
        NoProgressError: nothing has changed for a time of the wall clock, or the mock ended meanwhile.
    """
    await (_wait_in_asyncio if _runs_asyncio() else _wait_in_trio)(waiting)


async def _wait_in_asyncio(waiting: WaitOfTask) -> None:
    loop, changed = asyncio.get_running_loop(), asyncio.Event()

    def tell() -> None:
        with suppress(RuntimeError):  # a loop that was closed with the task in it
            loop.call_soon_threadsafe(changed.set)

    with waiting.telling(tell):
        while not waiting.is_over:
            try:
                async with asyncio.timeout(waiting.patience):
                    await changed.wait()
            except TimeoutError:
                # It may be of late, after a turn that took as long; and where time flows this is the end of the wait.
                if not (changed.is_set() or waiting.is_over or waiting.comes_by_itself):
                    raise waiting.no_progress() from None
            changed.clear()


async def _wait_in_trio(waiting: WaitOfTask) -> None:
    anyio, trio = import_module("anyio"), import_module("trio")
    token, changed = trio.lowlevel.current_trio_token(), anyio.Event()

    def tell() -> None:
        with suppress(trio.RunFinishedError):
            token.run_sync_soon(changed.set)

    with waiting.telling(tell):
        while not waiting.is_over:
            with anyio.move_on_after(waiting.patience) as limit:
                await changed.wait()
            if limit.cancelled_caught and not (changed.is_set() or waiting.is_over or waiting.comes_by_itself):
                raise waiting.no_progress()
            changed = anyio.Event()
