"""The scene: a play while it goes on, as what stands for Python's own means of waiting sees it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pytest_cloudcontrol.exploration.actors.actor import State
from pytest_cloudcontrol.exploration.actors.baton import Baton
from pytest_cloudcontrol.exploration.actors.lookout import Lookout
from pytest_cloudcontrol.exploration.actors.loops import Loops
from pytest_cloudcontrol.exploration.actors.workers import is_mere_worker, is_worker, next_of

if TYPE_CHECKING:
    import threading
    from _thread import LockType
    from collections.abc import Callable

    from pytest_cloudcontrol.exploration.actors.actor import Actor, Item, Performer
    from pytest_cloudcontrol.exploration.actors.watch import Watch


class Scene:
    """Where actors come by, are blocked, begin and end.

    Args:
        watch: what looks at real time.
        backstop: so many seconds of it an actor may be lost.

    Attributes:
        baton: who runs.
        loops: the event loops.
        items: the actors that work is which no worker has taken yet.
        failures: the threads that an error has ended, and the errors.
    """

    def __init__(self, watch: Watch, backstop: float) -> None:
        self.baton = Baton()
        self.loops = Loops(self.baton)
        self.items: dict[object, Item] = {}
        self.failures: list[tuple[Performer, BaseException]] = []
        self._watch = watch
        self.lookout = Lookout(self.baton, backstop)

    def arrive(self) -> Performer | None:
        """Return the actor that comes by, when it has its turn; None for a thread that takes no turns.

        Raises:
            BaseException: the play is over.
        """
        me = self.baton.here()
        if me is not None:
            self.baton.arrive(me)
            self.lookout.settle()
        return me

    # ------------------------------------------------------------------ blocked

    def block(self, me: Performer, is_free: Callable[[], bool], timeout: float | None) -> bool:
        """Let others go on until an actor is free; False if its timeout was over before."""
        if not is_free() and (timeout is None or timeout > 0):
            self.baton.suspend(me, State.BLOCKED, is_free=is_free, deadline=self._deadline(timeout))
        return is_free()

    def acquire(self, lock: LockType, timeout: float | None) -> bool:
        """Acquire a lock, letting others go on until it is free; False if the timeout was over before."""
        me = self.arrive()
        if me is None:
            return lock.acquire(timeout=-1 if timeout is None else timeout)
        deadline = self._deadline(timeout)
        while not lock.acquire(blocking=False):
            self.baton.suspend(me, State.BLOCKED, is_free=lambda: not lock.locked(), deadline=deadline)
            if me.has_timed_out:
                return False
        return True

    def _deadline(self, timeout: float | None) -> float | None:
        return None if timeout is None else self.baton.turns.now + timeout

    def monotonic(self) -> float:
        """Return the time that timeouts are counted by: for actors it stands still until one is over."""
        return time.monotonic() if self.baton.here() is None else self.baton.turns.now

    # ------------------------------------------------------------------ threads

    def add(self, thread: threading.Thread) -> Performer:
        """Return a new actor for a thread that is about to start."""
        self._watch.begin()
        return self.baton.add(thread, is_worker=is_mere_worker(thread))

    def actor_of(self, performer: Performer) -> Actor:
        """Return the actor that a thread is, or is about to be: of a worker the work that it takes next."""
        if performer.item is None and is_worker(performer.thread):
            return self.items.get(next_of(performer), performer)
        return performer.acting

    def ready_beside(self, me: Performer) -> dict[Actor, Performer]:
        """Return those that could go on now, but for one, and the threads that they go on in."""
        ready: dict[Actor, Performer] = {}
        for performer in self.baton.alive:
            if performer is not me and performer.is_ready:
                actor = self.actor_of(performer)
                if actor.number:  # else a worker that has nothing to do
                    ready.setdefault(actor, performer)
        return ready

    def perform(self, me: Performer, run: Callable[[], object]) -> None:
        """Run an actor's thread from its first turn to its end."""
        self.baton.enter(me)
        try:
            self.baton.park(me)
            me.has_begun = True
            run()
        except SystemExit:
            pass  # which ends a thread without a word
        except BaseException as error:  # it is the play's to raise
            if self.baton.ending is None:
                self.failures.append((me, error))
        finally:
            vars(me.thread).pop("run", None)
            self.baton.leave(me)
