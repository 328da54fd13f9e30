"""What follows when code waits: time goes on for it, or its thread is held, or its loop ends.

With ``auto_advance`` the clock moves to the next work that may bring what is waited for, or to the instant at which a
rate limit lets the call through; a step that another thread is making is waited for. Where nothing is due, a caller
that goes on repeating is stopped; with ``auto_advance`` off only at home, since anywhere else the test may still move
the clock: there the thread is held until something changes. What comes over a connection is never held: a thread of the
server's is no other process's. Where time flows by itself, no loop ends before all that is due is done.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

from pytest_cloudcontrol.requests import no_progress
from pytest_cloudcontrol.waiting import errors
from pytest_cloudcontrol.waiting.callers import current_task
from pytest_cloudcontrol.waiting.idleness import Idleness
from pytest_cloudcontrol.waiting.repetition import SHOWN, Moment, Repetition
from pytest_cloudcontrol.waiting.tasks import HeldTask

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pytest_cloudcontrol.clock import Entry, MockClock
    from pytest_cloudcontrol.requests.registry import Registry
    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.requests.runner import Runner
    from pytest_cloudcontrol.resources.store import Store
    from pytest_cloudcontrol.waiting.callers import Connection, Home
    from pytest_cloudcontrol.waiting.inquiry import CallKey, Inquiry
    from pytest_cloudcontrol.waiting.repetition import History


class Wait(NamedTuple):
    """A caller that waits, or has made one call too many.

    Attributes:
        moment: when it was answered last.
        repeats: whether its call repeats; otherwise it only comes to nothing, like those before it.
        is_idle: whether too many calls have come to nothing.
        connection: over which it calls; None in this process.
    """

    inquiry: Inquiry
    history: History
    moment: Moment
    repeats: bool
    is_idle: bool
    connection: Connection | None = None


class Patience:
    """Deals with the waiting callers of one world."""

    def __init__(
        self, clock: MockClock, store: Store, registry: Registry, runner: Runner, home: Home, max_idle_calls: int
    ) -> None:
        self._clock = clock
        self._store = store
        self._registry = registry
        self._runner = runner
        self._home = home
        self._max_idle_calls = max_idle_calls
        self._idleness = Idleness(max_idle_calls)
        self._repetition = Repetition(home)

    # ------------------------------------------------------------------ of one call

    def wait_of(self, inquiry: Inquiry, *, is_retry: bool, connection: Connection | None = None) -> Wait | None:
        """Return how a caller waits that would be told an answer; None, and note the answer, if it doesn't.

        The caller of this holds the lock.
        """
        history, moment = self._repetition.history(connection), self._moment()
        is_bounded = connection is None or connection.loops_end
        progress = self._clock.progress, self._store.changes, self._registry.came_to_something
        is_idle = is_bounded and self._idleness.is_too_long(progress, inquiry.answer)
        repeats = not is_retry and (
            history.is_repeated(inquiry, moment) or (inquiry.is_poll and self._was_shown(inquiry, moment))
        )
        if repeats or is_idle:
            return Wait(inquiry, history, moment, repeats, is_idle, connection)
        self._note(history, inquiry, moment, counts=not is_retry)
        return None

    def let_wait(self, wait: Wait) -> bool:
        """Let a caller wait, without the lock; True if something may have changed for it.

        Raises:
            NoProgressError: it would wait for ever.
        """
        if wait.is_idle and wait.inquiry.until is not None:  # to be let through again and again has no other end
            return self._stop(wait)
        return (wait.repeats and (self._let_time_pass(wait.inquiry) or self._wait_for_step(wait))) or self._stop(wait)

    def has_changed_for(self, wait: Wait) -> bool:
        """Whether something has changed since a caller that waits was answered last."""
        return self._moment() != wait.moment

    def held(self, key: CallKey) -> HeldTask | None:
        """Return what a task is to await before a call that would be stopped; None if it may make the call.

        With ``auto_advance`` off others may move the clock, but in its event loop only if it lets them.
        """
        if self._clock.auto_advance:
            return None
        with self._clock.lock:
            history, moment = self._repetition.history(), self._moment()
            inquiry = history.has_asked(key, moment)
            if inquiry is None or self._comes_by_itself:
                return None
            if not self._repetition.is_hopeless(history, moment, None, of_ended=inquiry.is_of_ended):
                return None
        return HeldTask(self._clock, self._registry, inquiry.text(), lambda: self._moment() != moment)

    def note(self, wait: Wait, answer: bytes) -> None:
        """Note what a caller is told that has waited. The caller of this holds the lock."""
        wait.inquiry.answer = answer
        self._note(wait.history, wait.inquiry, self._moment(), counts=True)

    def slept(self) -> None:
        """Note that an SDK of the caller's has slept: its next call is made for that, and repeats nothing."""
        self._repetition.history().forget()

    def _note(self, history: History, inquiry: Inquiry, moment: Moment, *, counts: bool) -> None:
        """Note what a caller is told; a retry of an SDK's own counts for nothing."""
        history.remember(inquiry, moment, counts=counts)
        if counts and inquiry.is_poll and inquiry.request is not None:
            self._repetition.note_shown(inquiry.request, moment)

    def _was_shown(self, inquiry: Inquiry, moment: Moment) -> bool:
        request = inquiry.request
        if request is None or not request.is_running:
            return False
        return self._repetition.times_shown(request, moment) >= SHOWN

    # ------------------------------------------------------------------ time goes on

    def _let_time_pass(self, inquiry: Inquiry) -> bool:
        """Move the clock to what may bring what is waited for, doing what falls due till then; False if it can't be."""
        clock = self._clock
        if not clock.auto_advance:
            return False
        with clock.lock:
            at = inquiry.until if inquiry.until is not None else self._due_at(inquiry)
        if at is None:
            return False
        clock.run_until(at)
        return True

    def _due_at(self, inquiry: Inquiry) -> datetime | None:
        """Return when the work is done that may bring what is waited for; None if none is due, or it is under way."""
        awaited = self._awaited(inquiry)
        return max(awaited.at, self._clock.now()) if awaited is not None and awaited.pending else None

    def _awaited(self, inquiry: Inquiry) -> Entry | None:
        """Return the work that may bring what is waited for; None if none is due.

        For a poll that is the next of its request, or of those that hold it back.
        """
        if not inquiry.is_poll:
            return self._runner.earliest_entry()
        entries = self._registry.entries
        due = [entries[request.order] for request in self._awaited_requests(inquiry) if request.order in entries]
        return min(due, key=lambda entry: (not entry.pending, entry.place), default=None)

    def _awaited_requests(self, inquiry: Inquiry) -> list[Request]:
        """Return the request that a poll asks about, or those that hold it back."""
        request = inquiry.request
        return [] if request is None else self._runner.holders(request) or [request]

    def _wait_for_step(self, wait: Wait) -> bool:
        """Wait until another thread has made the step that it is making; False if there is none to wait for.

        Raises:
            NoProgressError: nothing has changed for a time of the wall clock, or the mock has ended meanwhile.
        """
        if wait.connection is not None:
            return False
        inquiry, me, making = wait.inquiry, threading.get_ident(), self._registry.making
        with self._clock.lock:
            awaited = {request.order for request in self._awaited_requests(inquiry)}
            helping = [order for order in making if not inquiry.is_poll or order in awaited]
            orders = [order for order in helping if making[order] != me]
        if not orders:
            return False
        order, maker = orders[0], making.get(orders[0])
        while maker is not None and making.get(order) == maker:
            if not self._comes_to_something(lambda: making.get(order) != maker):
                raise no_progress.stuck(self._registry.requests[order - 1], maker)
        return True

    def _comes_to_something(self, is_over: Callable[[], bool]) -> bool:
        """Wait until something is over, or else changes; False when neither comes."""
        moment = self._moment()
        return self._clock.wait_for(lambda: is_over() or self._moment() != moment, no_progress.BACKSTOP)

    # ------------------------------------------------------------------ or the loop ends

    def _stop(self, wait: Wait) -> bool:
        """End a caller's loop if it never ends; True if its thread was held instead, until something changed."""
        if not self._is_to_end(wait):
            return False
        asked, requests, auto_advance = wait.inquiry.text(), self._registry.requests, self._clock.auto_advance
        if auto_advance or self._home.is_here or wait.connection is not None:
            if wait.is_idle:
                raise errors.idles(self._max_idle_calls, asked, requests)
            raise errors.repeats(asked, requests, auto_advance=auto_advance)
        # A task's thread has its event loop too, in which others may be that would change something.
        timeout = None if current_task() is None else no_progress.BACKSTOP
        if self._clock.wait_for_change(lambda: self._moment() == wait.moment, timeout):
            return True
        if self._clock.has_ended:
            raise errors.held(asked, requests)
        raise errors.repeats(asked, requests, auto_advance=auto_advance)

    def _is_to_end(self, wait: Wait) -> bool:
        """Whether a caller's loop never ends, or has gone on for so long that it must."""
        connection = wait.connection
        if connection is not None and not connection.loops_end:
            return False
        if self._comes_by_itself:
            return False
        if wait.is_idle:
            return True
        if connection is not None and not self._clock.auto_advance:  # the test may move the clock meanwhile
            return False
        return self._repetition.is_hopeless(wait.history, wait.moment, connection, of_ended=wait.inquiry.is_of_ended)

    @property
    def _comes_by_itself(self) -> bool:
        """Whether time flows, and something will be due."""
        return bool(self._clock.rate) and self._runner.earliest_entry() is not None

    def _moment(self) -> Moment:
        return Moment(self._clock.acts, self._registry.version)
