"""What stands for asyncio's own in a play: the selector by which a loop waits, and the making of tasks."""

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
        scene = playing.scene
        performer = None if scene is None else scene.baton.here()
        if scene is None or performer is None:
            return super().select(timeout)
        return scene.loops.select(performer, super().select, timeout, len(self.get_map()))


def creating(original: Callable[..., Task]) -> Callable[..., Task]:
    """Return what stands for the making of a task by an event loop: each has the number of its place."""

    def create_task(loop: asyncio.AbstractEventLoop, *arguments: object, **named: object) -> Task:
        task = original(loop, *arguments, **named)
        scene = playing.scene
        performer = None if scene is None else scene.baton.here()
        if scene is not None and performer is not None:
            # Whoever makes a task without a loop that runs is about to run it until that task is done.
            scene.loops.turns_of(performer, loop).note(task, is_main=running_loop() is None)
        return task

    return create_task
