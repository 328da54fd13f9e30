"""Executors: each work item is an actor, which begins when it is given; workers do one after the other.

An item ends where its worker would go on to the next: there others have their turn, as at a thread's end.
"""

from __future__ import annotations

import itertools
from concurrent.futures import _base
from typing import TYPE_CHECKING

from pytest_cloudcontrol.exploration.actors import playing
from pytest_cloudcontrol.exploration.actors.workers import is_of_the_play

if TYPE_CHECKING:
    from collections.abc import Callable


class NumberedFuture(_base.Future[object]):
    """A future that comes in sets where its number says, and not its address in memory.

    ``wait`` and ``as_completed`` hand out what they keep in sets.
    """

    count = itertools.count().__next__

    def __init__(self) -> None:
        super().__init__()
        self._number = NumberedFuture.count()

    def __hash__(self) -> int:
        return self._number


def making(original: Callable[..., None]) -> Callable[..., None]:
    """Return what stands for the making of a work item: one that an actor gives is an actor."""

    def init(work: object, *arguments: object, **named: object) -> None:
        original(work, *arguments, **named)
        scene = playing.scene
        if scene is not None and scene.baton.here() is not None:
            scene.items[work] = scene.baton.add_item()

    return init


def doing(original: Callable[..., None]) -> Callable[..., None]:
    """Return what stands for the doing of a work item by a worker."""

    def run(work: object, *arguments: object) -> None:
        scene = playing.scene
        me = None if scene is None else scene.baton.here()
        item = None if scene is None else scene.items.pop(work, None)
        if scene is None or me is None or item is None:
            original(work, *arguments)
            return
        me.item, item.performer = item, me
        try:
            original(work, *arguments)
        finally:
            me.item, item.is_done = None, True
        if is_of_the_play(me.thread):  # one of an executor from before the play isn't to be ended with it
            scene.baton.pass_turn(me)

    return run
