"""The turns of one event loop's tasks.

asyncio runs its tasks in the order in which they become ready, and that stays so. What the stage adds are gates: where
a task awaits an API call, it may stand still until another has gone first.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pytest_cloudcontrol.exploration.actors.turns import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pytest_cloudcontrol.exploration.actors.actor import Actor, Performer, Task


class TaskTurns:
    """Says which tasks of an event loop may go on.

    Args:
        performer: the actor of the loop's thread. It is that of the loop's main task too, as it does nothing else.
        add: makes an actor for a task.
    """

    def __init__(self, performer: Performer, add: Callable[[Task], Actor]) -> None:
        self._performer = performer
        self._add = add
        self._actors: dict[Task, Actor] = {}
        self._first: list[Actor] = []
        self._gates: dict[Actor, asyncio.Future[None]] = {}
        self._waits: dict[Actor, tuple[datetime, asyncio.Future[None]]] = {}

    # ------------------------------------------------------------------ who there is

    def note(self, task: Task, *, is_main: bool) -> None:
        """Note a task that was made, at the end of which the loop stops if it is the main one."""
        performer = self._performer
        if is_main and (performer.task is None or performer.task.done()):
            performer.task = task
            self._actors[task] = performer.acting
        else:
            self.actor_of(task)

    def actor_of(self, task: Task) -> Actor:
        """Return the actor that a task is. Those of a loop that isn't asyncio's own are numbered when they are seen."""
        actor = self._actors.get(task)
        if actor is None:
            actor = self._actors[task] = self._add(task)
        return actor

    @property
    def tasks(self) -> list[tuple[Actor, Task]]:
        """The tasks that aren't done, and their actors, in the order of their numbers."""
        return sorted(
            ((actor, task) for task, actor in self._actors.items() if not task.done()), key=lambda pair: pair[0].number
        )

    def ready_beside(self, me: Actor) -> list[Actor]:
        """Return those that could go on now, but for the one that runs."""
        return [actor for actor, task in self.tasks if actor is not me and self._is_ready(actor, task)]

    def _is_ready(self, actor: Actor, task: Task) -> bool:
        if actor in self._gates:
            return True
        awaited: asyncio.Future[object] | None = getattr(task, "_fut_waiter", None)  # None where it is to run next
        return actor not in self._waits and not task.done() and (awaited is None or awaited.done())

    # ------------------------------------------------------------------ in a task

    async def pass_gate(self, me: Actor) -> None:
        """Stand still while another is to go first."""
        while self._first and self._first[-1] is not me:
            gate = self._gates[me] = asyncio.get_running_loop().create_future()
            try:
                await gate
            finally:
                del self._gates[me]

    def put_first(self, chosen: Actor) -> None:
        """Let one go first until it ends or is blocked; the others stand still at their gates."""
        if chosen in self._first:
            self._first.remove(chosen)
        self._first.append(chosen)
        self._open_gate(chosen)

    async def wait(self, me: Actor, until: datetime | None) -> None:
        """Stand still until nobody else can go on."""
        wait = asyncio.get_running_loop().create_future()
        self._waits[me] = (until or AT_ONCE, wait)
        try:
            await wait
        finally:
            del self._waits[me]

    # ------------------------------------------------------------------ in the loop, between its tasks

    def open_gates(self) -> bool:
        """Let those go on that gave way to one that has ended or is blocked; False if there are none."""
        tasks = {actor: task for actor, task in self.tasks if actor in self._first}
        was_first = len(self._first)
        while self._first:
            first = self._first[-1]
            if first in tasks and self._is_ready(first, tasks[first]):
                break
            self._first.pop()
        if len(self._first) == was_first:
            return False
        opened = [self._open_gate(actor) for actor in (self._first[-1:] or list(self._gates))]
        return any(opened)

    @property
    def is_waited(self) -> bool:
        """Whether a task waits until nobody else can go on."""
        return bool(self._waits)

    @property
    def until(self) -> datetime:
        """The earliest instant that a task waits for."""
        return min(until for until, _ in self._waits.values())

    def end_wait(self) -> None:
        """Let the task go on that waits for the earliest instant, and of these the one that has waited longest."""
        if self._waits:
            _, wait = min(self._waits.values(), key=lambda waiting: waiting[0])
            if not wait.done():
                wait.set_result(None)

    def _open_gate(self, actor: Actor) -> bool:
        gate = self._gates.get(actor)
        if gate is None or gate.done():
            return False
        gate.set_result(None)
        return True
