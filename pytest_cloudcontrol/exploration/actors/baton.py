"""The baton: whoever has it runs, and all others stand still until it is given to them.

Everything here is changed under one lock, since beside the actor that has the baton two may come: the watch, which
takes it away from one that doesn't come back, and an actor that it was taken away from.
"""

from __future__ import annotations

import threading
from _thread import allocate_lock, get_ident
from typing import TYPE_CHECKING, NamedTuple

from pytest_cloudcontrol.exploration.actors.actor import Item, Performer, State
from pytest_cloudcontrol.exploration.actors.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pytest_cloudcontrol.exploration.actors.actor import Actor

_join = threading.Thread.join  # which is another one during a play


class Ended(BaseException):
    """Raised in an actor wherever it waits or would wait, to end it with the play."""


class Ending(NamedTuple):
    """Why a play is over before its time.

    Attributes:
        raised: returns what is raised in each actor.
        outcome: returns what the play raises; None if that is what the function did.
    """

    raised: Callable[[], BaseException]
    outcome: Callable[[], BaseException] | None


class Baton:
    """Passes from actor to actor.

    Attributes:
        lock: held while any of this is changed.
        actors: all there have been, in the order of their numbers; tasks too.
        performers: those of them that are threads.
        holder: who has it; None while nobody can go on.
        events: how often an actor has come by here; as long as that stays the same, the holder is lost in its own code.
        ending: why the play is over before its time; None if it isn't.
    """

    def __init__(self) -> None:
        self.lock = allocate_lock()
        self.actors: list[Actor] = []
        self.performers: list[Performer] = []
        self.holder: Performer | None = None
        self.events = 0
        self.ending: Ending | None = None
        self.turns = Turns()
        self._tell_idle: Callable[[], object] = bool
        self._by_ident: dict[int, Performer] = {}
        self._gone: list[threading.Thread] = []

    # ------------------------------------------------------------------ who there is

    def add(self, thread: threading.Thread, *, is_worker: bool = False) -> Performer:
        """Return a new performer for a thread that is about to start; an executor's worker is no actor itself."""
        performer = Performer(0 if is_worker else len(self.actors) + 1, thread)
        self.performers.append(performer)
        if not is_worker:
            self.actors.append(performer)
        return performer

    def add_item(self) -> Item:
        """Return a new actor for a work item that is given to an executor."""
        item = Item(len(self.actors) + 1)
        self.actors.append(item)
        return item

    def drop(self, performer: Performer) -> None:
        """Take back an actor whose thread couldn't be started."""
        self.performers.remove(performer)
        if performer in self.actors:
            self.actors.remove(performer)

    def enter(self, performer: Performer) -> None:
        """Let the running thread be an actor."""
        performer.ident = get_ident()
        self._by_ident[performer.ident] = performer

    def here(self) -> Performer | None:
        """Return the actor that the running thread is; None for one that takes no turns, or none now."""
        performer = self._by_ident.get(get_ident())
        return None if performer is None or performer.is_native else performer

    def performer_of(self, thread: threading.Thread) -> Performer | None:
        """Return the actor that a thread is, running or not."""
        return next((performer for performer in self.performers if performer.thread is thread), None)

    @property
    def alive(self) -> list[Performer]:
        """The threads that haven't ended."""
        return [performer for performer in self.performers if not performer.has_ended]

    # ------------------------------------------------------------------ of the actor that runs

    def arrive(self, me: Performer) -> None:
        """Note that an actor has come by. One whose turn was taken from it meanwhile waits for the next.

        Raises:
            BaseException: the play is over.
        """
        with self.lock:
            self.events += 1
            me.visits += 1
            has_turn = self.holder is me
            if not has_turn:
                me.state = State.READY
        if self.ending is not None:
            raise self.ending.raised()
        if not has_turn:
            self.park(me)

    def give_way(self, me: Performer, chosen: Performer) -> None:
        """Let another go first, until that ends or is blocked."""
        with self.lock:
            if self.holder is me:
                gave_way = self.turns.gave_way
                if chosen in gave_way:
                    gave_way.remove(chosen)
                gave_way.append(me)
                self._give(chosen)
        self.park(me)

    def suspend(
        self,
        me: Performer,
        state: State,
        *,
        is_free: Callable[[], bool] = bool,
        deadline: float | None = None,
        until: datetime | None = None,
        sees_outside: bool = False,
    ) -> None:
        """Let others go on while this one is blocked or waits; return when it has its turn again.

        Args:
            me: this one.
            state: whether it is blocked, or only waits.
            is_free: whether it could go on now.
            deadline: when it gives up being blocked, on the stage's own time.
            until: the instant that it waits for.
            sees_outside: whether it may be freed from outside of the play.
        """
        with self.lock:
            me.has_timed_out = False
            me.state, me.is_free, me.deadline, me.until, me.sees_outside = state, is_free, deadline, until, sees_outside
            if self.holder is me:
                self._pass_on()
        self.park(me)

    def park(self, me: Performer) -> None:
        """Stand still until it is this one's turn.

        Raises:
            BaseException: the play is over.
        """
        try:
            me.turn.acquire()
        except BaseException as interrupt:  # a signal's handler, as of Ctrl-C, raises right here
            self.interrupt(interrupt)
            raise
        # So that nobody sees the thread of an actor that has ended, which lives on for an instant.
        with me.natively():
            while self._gone:
                _join(self._gone.pop())
        if self.ending is not None:
            raise self.ending.raised()

    def pass_turn(self, me: Performer) -> None:
        """Let others go on, where an actor has ended but its thread goes on; return when that has its turn again."""
        with self.lock:
            self.events += 1
            me.visits += 1
            me.state = State.READY
            if self.holder is me:
                self._pass_on()
        self.park(me)

    def leave(self, me: Performer) -> None:
        """Let others go on: this one has ended, and its thread is about to."""
        with self.lock:
            self.events += 1
            me.visits += 1
            me.state = State.ENDED
            if me.ident is not None:
                del self._by_ident[me.ident]
            if me is not self.performers[0]:
                self._gone.append(me.thread)
            if self.holder is me:
                self._pass_on()

    def interrupt(self, error: BaseException) -> None:
        """End the play with an error that has come from outside, and so counts before any other."""
        self.ending = Ending(Ended, lambda: error)

    def end(self, ending: Ending) -> None:
        """End the play before its time: from now on all actors are raised out of it. The first to come counts."""
        if self.ending is None:
            self.ending = ending

    # ------------------------------------------------------------------ of the watch

    def when_idle(self, tell: Callable[[], object]) -> None:
        """Have somebody told, with the lock held, that nobody can go on: to try ``pass_on`` again and again."""
        self._tell_idle = tell

    def pass_on(self) -> bool:
        """Let whoever can go on do so, with the lock held by the caller; False if nobody can."""
        following = self._following()
        if following is not None:
            self._give(following)
        return following is not None

    def take_away(self, lost: Performer) -> bool:
        """Give to another what its holder doesn't bring back, with the lock held; False if nobody else can go on."""
        before, lost.state = lost.state, State.AWAY
        if self.pass_on():
            return True
        lost.state = before
        return False

    # ------------------------------------------------------------------

    def _pass_on(self) -> None:
        if not self.pass_on():
            self.holder = None
            if self.alive:
                self._tell_idle()

    def _following(self) -> Performer | None:
        if self.ending is None:
            return self.turns.next_of(self.performers)
        # All that stand still are to be raised out of it, one after the other.
        standing = (State.READY, State.BLOCKED, State.WAITING)
        return next((performer for performer in self.performers if performer.state in standing), None)

    def _give(self, performer: Performer) -> None:
        performer.state = State.READY
        self.holder = performer
        performer.turn.release()
