"""The stage: plays a function with all the threads and tasks that it starts, one at a time."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final, TypeVar

from pytest_cloudcontrol.exploration.actors import playing
from pytest_cloudcontrol.exploration.actors.actor import Performer, State
from pytest_cloudcontrol.exploration.actors.baton import Ended, Ending
from pytest_cloudcontrol.exploration.actors.errors import LeftRunning, Stuck
from pytest_cloudcontrol.exploration.actors.interrupting import interruptible
from pytest_cloudcontrol.exploration.actors.lookout import GRACE
from pytest_cloudcontrol.exploration.actors.loops import running_loop
from pytest_cloudcontrol.exploration.actors.patches import put_in
from pytest_cloudcontrol.exploration.actors.scene import Scene
from pytest_cloudcontrol.exploration.actors.stacks import named
from pytest_cloudcontrol.exploration.actors.watch import Watch
from pytest_cloudcontrol.exploration.actors.workers import is_abandoned

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from pytest_cloudcontrol.exploration.actors.actor import Actor

Result = TypeVar("Result")

BACKSTOP: Final = 10.0
"""So many seconds of real time an actor may be lost in its own code, or in what nobody sees."""

_join = threading.Thread.join  # which is another one during a play


class Stage:
    """Plays one function.

    The same function, with the same choices, does the same in the same order: an actor gives the baton away only where
    it hands over, waits, ends, or is blocked on another, and ``turns.py`` says who gets it. Starting a thread doesn't
    switch. Timeouts take no real time: they are over when nobody else can go on.

    Threads that an actor starts are actors, and so are the work items that it gives to an executor, whose workers are
    none. Of the items that no worker has taken the first can go first, as soon as a worker is free.

    What nobody sees are locks made before the play, sleeps, and whatever else blocks in C. An actor that sleeps in such
    a thing for a short real time (``lookout.py``) has its turn taken from it, so that the others may bring what it
    waits for; it gets its next turn where it comes by the stage again. Between the two it runs beside the others, which
    the stage keeps short: whoever comes by waits for one that has woken up. So the order is the same each time, but for
    real sleeps that are longer than that short time: where they end is up to the machine.

    Args:
        choose: asked with the current actor and the others that are ready, by number, whenever one hands over and there
            are such others. Returns the one that goes first; None for the current one.
        backstop: so many seconds of real time an actor may be lost in its own code, or in what nobody sees.
        watch: what looks at real time. Without one a play begins one of its own when the first thread is started, so
            until then it isn't bounded in real time.
    """

    def __init__(
        self,
        choose: Callable[[Actor, Sequence[Actor]], Actor | None],
        *,
        backstop: float = BACKSTOP,
        watch: Watch | None = None,
    ) -> None:
        self._choose = choose
        self._backstop = backstop
        self._watch = Watch() if watch is None else watch
        self._shares_watch = watch is not None
        self._scene = Scene(self._watch, backstop)
        self._baton = self._scene.baton

    # ------------------------------------------------------------------ for whoever plays

    def play(self, function: Callable[[], Result]) -> Result:
        """Call a function in this thread as actor 1, and end all that it started with it.

        Raises:
            Deadlock: all actors were blocked on each other.
            Stuck: one didn't come back to the stage.
            LeftRunning: the function returned while actors that it started hadn't ended.
            BaseException: what the function raised, or else what ended a thread that it started.
            RuntimeError: another stage is playing, or this one has played.
        """
        if self._baton.actors:
            raise RuntimeError("this stage has played already: make another one for each play")
        if playing.scene is not None:
            raise RuntimeError("another stage is playing: a function that is played can't play one itself")
        me = self._baton.add(threading.current_thread())
        self._baton.enter(me)
        self._baton.holder = me
        me.has_begun = True
        patches = put_in(self._scene.monotonic, lambda: self._baton.ending is not None)
        playing.scene = self._scene
        self._watch.look_after(self._scene.lookout)
        try:
            with interruptible():
                return self._outcome(me, function)
        finally:
            playing.scene = None
            patches.undo()
            self._watch.look_away()
            if not self._shares_watch:
                self._watch.end()

    @property
    def current(self) -> Actor | None:
        """The actor that is running this very code; None in a thread that takes no turns."""
        performer = self._baton.here()
        return None if performer is None else self._scene.loops.here(performer)

    def hand_over(self) -> None:
        """Let another actor go first if that is chosen, until it ends or is blocked. For the moment before a call."""
        me = self._scene.arrive()
        if me is None or len(self._baton.performers) == 1:
            return
        others = self._scene.ready_beside(me)
        chosen = self._chosen(self._scene.loops.here(me), list(others))
        if chosen is not None:
            self._baton.give_way(me, others[chosen])

    def wait(self, until: datetime | None = None) -> None:
        """Let all others go on until each has ended, is blocked, or only waits too, and it is this one's turn.

        Args:
            until: the instant that the actor waits for. Of all that wait the earliest goes on; None is at once.
        """
        me = self._scene.arrive()
        if me is not None and len(self._baton.performers) > 1:
            self._baton.suspend(me, State.WAITING, until=until)

    async def hand_over_async(self) -> None:
        """Let another actor go first if that is chosen, as ``hand_over`` does, for a task before it awaits a call.

        The others are the tasks of its own event loop, and the threads; while one of these goes first, the loop stands
        still. While a task goes first, the loop's others go on only to where they await a call of their own.
        """
        performer = self._scene.arrive()
        loop = running_loop()
        if performer is None or loop is None:
            return
        turns, me = self._scene.loops.turns_of(performer, loop), self._scene.loops.here(performer)
        await turns.pass_gate(me)
        self._scene.arrive()
        others = self._scene.ready_beside(performer)
        chosen = self._chosen(me, [*others, *turns.ready_beside(me)])
        if chosen in others:
            self._baton.give_way(performer, others[chosen])
        elif chosen is not None:
            turns.put_first(chosen)
            await turns.pass_gate(me)
            self._scene.arrive()

    async def wait_async(self, until: datetime | None = None) -> None:
        """Let all others go on, as ``wait`` does, for a task."""
        performer = self._scene.arrive()
        loop = running_loop()
        if performer is not None and loop is not None and len(self._baton.actors) > 1:
            await self._scene.loops.turns_of(performer, loop).wait(self._scene.loops.here(performer), until)
            self._scene.arrive()

    def end_all(self, error: Callable[[], BaseException]) -> None:
        """Kill the program: each actor is raised an error wherever it next hands over, waits or is blocked.

        The play raises one too, whatever becomes of the function.

        Args:
            error: makes one.
        """
        self._baton.end(Ending(error, error))

    # ------------------------------------------------------------------

    def _chosen(self, me: Actor, others: list[Actor]) -> Actor | None:
        """Return who is to go before the current actor, of those that are ready; None if nobody is."""
        others.sort(key=lambda actor: actor.number)
        chosen = self._choose(me, others) if others else None
        if chosen is None or chosen is me:
            return None
        if chosen not in others:
            raise ValueError(f"{named(chosen)} isn't ready, so it can't go first: expected one of {others}, or None")
        return chosen

    def _outcome(self, me: Performer, function: Callable[[], Result]) -> Result:
        try:
            result = function()
        except BaseException as error:
            self._close(me)
            for performer, failure in self._scene.failures:
                error.add_note(f"{named(performer)} had ended with {failure!r}")
            raise
        self._refuse_what_is_left(me)
        self._close(me)
        if self._scene.failures:
            raise self._scene.failures[0][1]
        return result

    def _refuse_what_is_left(self, me: Performer) -> None:
        if self._baton.ending is not None or self._scene.failures:
            return
        others = [other for other in self._baton.alive if other is not me]
        left = [other for other in others if not is_abandoned(other)]
        if left:
            error = LeftRunning([self._scene.actor_of(other) for other in left])
            self._baton.end(Ending(Ended, lambda: error))
            return
        for other in others:
            other.thread.join()  # it is about to end by itself, and runs no more of anybody's code

    def _close(self, me: Performer) -> None:
        """End all threads that are left, each by an error where it stands, and raise what has ended the play early."""
        self._baton.end(Ending(Ended, None))
        self._baton.leave(me)
        until = time.monotonic() + max(self._backstop, 5 * GRACE)
        others = self._baton.performers[1:]
        for performer in others:
            _join(performer.thread, max(until - time.monotonic(), 0))
        surviving = [performer for performer in others if performer.thread.is_alive()]
        outcome = self._baton.ending and self._baton.ending.outcome
        if outcome is not None:
            self._scene.loops.take_errors()
            error = outcome()
            if surviving:
                error.add_note(f"What could not be ended, and lives on: {', '.join(map(named, surviving))}")
            raise error from (self._scene.failures[0][1] if self._scene.failures else None)
        if surviving:
            raise Stuck(surviving, self._backstop)
