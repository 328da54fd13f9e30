"""Ctrl-C while plays go on in another thread than the main one, which alone is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.exploration.actors import playing
from pytest_cloudcontrol.exploration.actors.interrupting import raise_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.exploration.actors.scene import Scene


def interrupt_from_outside(ident: int, has_ended: Callable[[], bool]) -> None:
    """End what a thread plays, play after play, by Ctrl-C, which only the main thread is told of.

    Args:
        ident: what Python knows the thread by.
        has_ended: returns whether that has ended, after a short while.
    """
    told: Scene | None = None
    is_told = False
    while not is_told or not has_ended():
        scene = playing.scene
        if is_told and scene is told:  # it is lost in its own code
            raise_in(ident, KeyboardInterrupt)
        elif scene is not None:
            scene.baton.interrupt(KeyboardInterrupt())
        if scene is not None:
            scene.loops.wake()
        told, is_told = scene, True
