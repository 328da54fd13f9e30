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
        stage = playing.stage
        starter = None if stage is None else stage.arrive()
        if stage is None or starter is None or thread.ident is not None:
            original(thread)
            return
        performer = stage.baton.add(thread)
        stage.watch.begin()
        # By the instance, since subclasses have a run of their own.
        vars(thread)["run"] = partial(stage.perform, performer, thread.run)
        # Python waits for the new thread by an Event, in which the starter is not to give its turn away.
        starter.is_starting = True
        try:
            original(thread)
        except BaseException:  # no thread could be made
            stage.baton.drop(performer)
            del vars(thread)["run"]
            raise
        finally:
            starter.is_starting = False

    return start


def joining(original: Callable[..., None]) -> Callable[..., None]:
    """Return what stands for ``Thread.join``: an actor that joins another gives the baton away."""

    def join(thread: threading.Thread, timeout: float | None = None) -> None:
        stage = playing.stage
        me = None if stage is None else stage.arrive()
        joined = None if stage is None else stage.baton.performer_of(thread)
        if stage is None or me is None or joined is None or joined is me:
            original(thread, timeout)
        elif stage.block(me, lambda: joined.has_ended, timeout):
            original(thread)  # which ends right after its actor

    return join
