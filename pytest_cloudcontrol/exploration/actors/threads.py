"""The start and the join of threads during a play: what an actor starts is an actor too."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pytest_cloudcontrol.exploration.actors import playing

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable


def starting(original: Callable[[threading.Thread], None]) -> Callable[[threading.Thread], None]:
    """Return what stands for ``Thread.start``: an actor's thread waits for its turn before it runs."""

    def start(thread: threading.Thread) -> None:
        scene = playing.scene
        starter = None if scene is None else scene.arrive()
        if scene is None or starter is None or thread.ident is not None:
            original(thread)
            return
        performer = scene.add(thread)
        # By the instance, since subclasses have a run of their own.
        vars(thread)["run"] = partial(scene.perform, performer, thread.run)
        try:
            with starter.natively():  # as Python waits for the new thread by an Event
                original(thread)
        except BaseException:  # no thread could be made
            scene.baton.drop(performer)
            vars(thread).pop("run", None)  # the thread may have begun, and its starter been told to end
            raise

    return start


def joining(original: Callable[..., None]) -> Callable[..., None]:
    """Return what stands for ``Thread.join``: an actor that joins another gives the baton away."""

    def join(thread: threading.Thread, timeout: float | None = None) -> None:
        scene = playing.scene
        me = None if scene is None else scene.arrive()
        joined = None if scene is None else scene.baton.performer_of(thread)
        if scene is None or me is None or joined is None or joined is me:
            original(thread, timeout)
        elif scene.block(me, lambda: joined.has_ended, timeout):
            with me.natively():
                original(thread)  # which ends right after its actor

    return join
