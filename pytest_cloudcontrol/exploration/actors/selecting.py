"""What stands for Python's own in event loops during a play: the selector, and the making of tasks."""

from __future__ import annotations

import selectors
from typing import TYPE_CHECKING

from pytest_cloudcontrol.exploration.actors import playing
from pytest_cloudcontrol.exploration.actors.loops import running_loop

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from pytest_cloudcontrol.exploration.actors.actor import Task
    from pytest_cloudcontrol.exploration.actors.loops import Events


class Selector(selectors.DefaultSelector):
    """Stands for the selector that event loops take by default."""

    def select(self, timeout: float | None = None) -> Events:
        """Wait for events; an actor lets others go on meanwhile."""
        stage = playing.stage
        performer = None if stage is None else stage.baton.here()
        if stage is None or performer is None:
            return super().select(timeout)
        return stage.loops.select(performer, super().select, timeout, len(self.get_map()))


def creating(original: Callable[..., Task]) -> Callable[..., Task]:
    """Return what stands for the making of a task by an event loop: each has the number of its place."""

    def create_task(loop: asyncio.AbstractEventLoop, *arguments: object, **named: object) -> Task:
        task = original(loop, *arguments, **named)
        stage = playing.stage
        performer = None if stage is None else stage.baton.here()
        if stage is not None and performer is not None:
            # Whoever makes a task without a loop that runs is about to run it until that task is done.
            stage.loops.turns_of(performer, loop).note(task, is_main=running_loop() is None)
        return task

    return create_task
