"""Event loops in a play: a loop that has nothing to do gives the baton away, and its tasks have turns of their own."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeAlias

from pytest_cloudcontrol.exploration.actors.actor import Actor, State
from pytest_cloudcontrol.exploration.actors.tasks import TaskTurns

if TYPE_CHECKING:
    import selectors
    from collections.abc import Callable

    from pytest_cloudcontrol.exploration.actors.actor import Performer, Task
    from pytest_cloudcontrol.exploration.actors.baton import Baton

    Events: TypeAlias = list[tuple[selectors.SelectorKey, int]]

_ROUNDS_AFTER_END: Final = 100
"""So often a loop goes round without standing still, after the play is over, before it is raised out of it."""


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop that runs in this thread, if any."""
    # The one way to ask that doesn't raise when none is; it is in the module's __all__.
    return asyncio._get_running_loop()  # noqa: SLF001  # see above


class Loops:
    """The event loops of one play."""

    def __init__(self, baton: Baton) -> None:
        self._baton = baton
        self._turns: dict[asyncio.AbstractEventLoop, TaskTurns] = {}
        self._rounds: dict[asyncio.AbstractEventLoop | None, int] = {}

    def turns_of(self, performer: Performer, loop: asyncio.AbstractEventLoop) -> TaskTurns:
        """Return the turns of the tasks of an event loop in an actor's thread."""
        if loop not in self._turns:
            self._turns[loop] = TaskTurns(performer, self._add)
        return self._turns[loop]

    def here(self, performer: Performer) -> Actor:
        """Return the actor that is running in an actor's thread: that of the thread, or of a task in its event loop."""
        loop = running_loop()
        if loop is None:
            return performer.acting
        task = asyncio.current_task(loop)
        return performer.acting if task is None else self.turns_of(performer, loop).actor_of(task)

    def wake(self) -> None:
        """Wake the loops that wait for real, from another thread: they are told of the end of the play then."""
        for loop in list(self._turns):
            with suppress(RuntimeError):  # it is closed
                loop.call_soon_threadsafe(bool)

    def take_errors(self) -> None:
        """Look at the errors of tasks that were ended, lest asyncio complain that nobody has."""
        for actor in self._baton.actors:
            if actor.task is not None and actor.task.done() and not actor.task.cancelled():
                actor.task.exception()

    def select(
        self, performer: Performer, select: Callable[[float | None], Events], timeout: float | None, sources: int
    ) -> Events:
        """Wait for events as a selector does, but in the play.

        Args:
            performer: the actor in whose thread that is.
            select: waits for them really.
            timeout: so many seconds of real time at most; None for no end.
            sources: where they may come from.
        """
        loop = running_loop()
        turns = None if loop is None else self._turns.get(loop)
        self._count_rounds(performer, loop)
        if turns is not None and turns.open_gates():
            timeout = 0
        events = select(0)
        if events or (timeout is not None and timeout <= 0):
            return events
        if timeout is not None and self._baton.alive == [performer] and (turns is None or not turns.is_waited):
            return select(timeout)
        self._baton.arrive(performer)
        end = None if timeout is None else time.monotonic() + timeout
        # asyncio's own is one, by which other threads wake the loop.
        sees_outside = end is not None or sources > (0 if loop is None else 1)

        def is_free() -> bool:
            return bool(select(0)) or (end is not None and time.monotonic() >= end)

        if turns is not None and turns.is_waited:
            self._baton.suspend(performer, State.WAITING, is_free=is_free, until=turns.until, sees_outside=sees_outside)
            if not is_free():
                turns.end_wait()
        else:
            self._baton.suspend(performer, State.BLOCKED, is_free=is_free, sees_outside=sees_outside)
        return select(0)

    def _count_rounds(self, performer: Performer, loop: asyncio.AbstractEventLoop | None) -> None:
        """Raise the end of a play out of a loop that never stands still; asyncio runs it anew to close it."""
        if self._baton.ending is not None:
            rounds = self._rounds.get(loop, 0)
            self._rounds[loop] = rounds + 1 if rounds < _ROUNDS_AFTER_END else 0
            if rounds == _ROUNDS_AFTER_END:
                self._baton.arrive(performer)

    def _add(self, task: Task) -> Actor:
        actor = Actor(len(self._baton.actors) + 1, task)
        self._baton.actors.append(actor)
        return actor
