"""The schedule: when a request is taken up, when its steps are due, and which step of all comes first."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.clock import Entry, Rank
from pytest_cloudcontrol.documents import compact
from pytest_cloudcontrol.handlers.downstream import Work
from pytest_cloudcontrol.handlers.veils import VeilingHandler
from pytest_cloudcontrol.requests import no_progress
from pytest_cloudcontrol.requests.admission import Admission
from pytest_cloudcontrol.requests.request import ProgressEvent, Request
from pytest_cloudcontrol.requests.step import Steps
from pytest_cloudcontrol.vocabulary import HandlerErrorCode, OperationStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from pytest_cloudcontrol.clock import MockClock, Unlocked
    from pytest_cloudcontrol.decisions.decisions import Decisions
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.handlers.chosen import Handlers
    from pytest_cloudcontrol.handlers.protocol import HandlerInput
    from pytest_cloudcontrol.handlers.veils import Veil
    from pytest_cloudcontrol.requests.registry import Registry
    from pytest_cloudcontrol.requests.request import RequestInput
    from pytest_cloudcontrol.vocabulary import Scope

_OWNERS: Final = (Request, Work)

_NOTHING_TO_DO: Final = frozenset({HandlerErrorCode.ALREADY_EXISTS, HandlerErrorCode.NOT_FOUND})


class Runner:
    """Works off the requests of one world; after a reset, which begins another world, it does nothing any more."""

    def __init__(
        self, clock: MockClock, registry: Registry, decisions: Decisions, handlers: Handlers, seed: str
    ) -> None:
        self._clock = clock
        self._queue = clock.work  # this world's own: after a reset the clock has another one
        self._registry = registry
        self._decisions = decisions
        self._admission = Admission(decisions)
        registry.at_end += [self._leave, self._end_veils]
        self._handlers = handlers
        self._steps = Steps(clock, registry, decisions, handlers, seed, self._schedule)

    def accept(self, given: RequestInput, handler_input: HandlerInput, shown: JSONObject | None = None) -> Request:
        """Make a new request and schedule its first step; ``shown`` is the immediate answer's ResourceModel (L-10)."""
        now, pace = self._clock.now(), self._decisions.pace(handler_input)
        handler_input.planned_steps, handler_input.delay = pace.steps, pace.delay
        handler_input.first_delay, handler_input.step_time = pace.first_delay, pace.step_time
        handler_input.delays = pace.delays
        comes_later = pace.pending or self._admission.full_limits(handler_input.scope, given.type_name)
        status = OperationStatus.PENDING if comes_later else OperationStatus.IN_PROGRESS  # L-1, L-2
        model = compact(shown) if shown is not None else None
        event = ProgressEvent(status, now, handler_input.identifier, model)
        handler = self._handlers.accepting(
            handler_input,
            watches=pace.downstream,
            is_veiled=bool(pace.consistent_after),
            remembers=self._decisions.remembers,
        )
        request = self._registry.accept(given, handler_input, handler, pace, event)
        hooks = self._handlers.hooks.planned(handler_input, now)
        if hooks:
            request.hooks = hooks
            request.hooks_request_token = self._registry.new_hooks_token()
        if isinstance(pace.pending, timedelta) and pace.pending:
            request.take_up_at = now + pace.pending
            request.step_at = request.take_up_at + _first_delay(request)
            self._enqueue(request, request.take_up_at, partial(self._take_up, request))
        else:
            self._let_in(request)
        return request

    def resume(self, request: Request, veil: Veil | None) -> None:
        """Go on with a request as it was in another world; with a veil of its that hangs still."""
        if request.take_up_at is not None:
            self._enqueue(request, request.take_up_at, partial(self._take_up, request))
        elif request.is_running and request.step_at is not None:
            self._admission.ask(request)  # before there is any limit
            self._schedule(request, request.step_at)
        if veil is not None and veil.until is not None:
            self._await_consistency(request, veil, veil.until)

    def step(self, request: Request) -> bool:
        """Make a request's next step whole, or end the one that is under way; False if there is none (``move_on``)."""
        is_one = self.move_on(request)
        if is_one and request.is_under_way:
            self.move_on(request)
        return is_one

    def move_on(self, request: Request) -> bool:
        """Go to a request's next step and make it; one that takes time is begun, or ended if it has begun.

        A step of it that another thread is making is waited for.

        Returns:
            Whether there was one; there is none if the request isn't running any more by then.

        Raises:
            NoProgressError: the other thread's step doesn't end.
        """
        if self._handlers.downstream.works:
            self._make_own_pieces(request)
        with self._clock.lock:
            is_one = self._has_gone_to_step(request)
            unlocked = None
            if is_one:
                self._withdraw(request)
                unlocked = self._steps.make(request)
        if unlocked is not None:
            unlocked()
        self._clock.do_deferred()
        return is_one

    def _has_gone_to_step(self, request: Request) -> bool:
        """Go to a request's next step, or the end of the one under way; False if it has none, or none any more."""
        registry = self._registry
        if registry.ended:
            return False
        self._clock.note_act()
        if request.order in registry.stepping:
            self._wait_for_others(request, lambda: registry.stepping.get(request.order))
        if request.take_up_at is not None:
            self.go_to(request, request.take_up_at)
        if request.step_at is not None:
            self._clock.jump_to(request.step_at)
            self._hold_back_overdue()
        return not registry.ended and request.step_at is not None and request.order not in registry.stepping

    def _wait_for_others(self, request: Request, maker: Callable[[], int | None]) -> None:
        """Wait until no other thread makes a step or piece of a request's any more. The caller holds the lock.

        Raises:
            NoProgressError: nothing has changed for a time of the wall clock.
        """
        clock, registry = self._clock, self._registry
        while (thread := maker()) not in (None, threading.get_ident()) and not registry.ended:
            acts, version = clock.acts, registry.version

            def has_changed(acts: int = acts, version: int = version) -> bool:
                return maker() is None or (clock.acts, registry.version) != (acts, version)

            came = clock.wait_for(has_changed, no_progress.BACKSTOP)
            if clock.has_ended:
                return
            if not came and thread is not None:
                raise no_progress.stuck(request, thread)

    def holders(self, request: Request) -> list[Request]:
        """Return the requests that hold a request back, oldest first: none if it isn't held back."""
        with self._clock.lock:
            return [] if self._registry.ended else self._admission.holders(request)

    def go_to_taking_up(self, request: Request) -> bool:
        """Go to where a request is taken up: the end of its time PENDING, and of those that hold it back.

        Returns:
            False if it can't be: the handlers of all that hold it back are at work in this very thread.
        """
        if request.step_at is not None and request.take_up_at is None:
            return True  # as nearly always: it has been
        if request.take_up_at is not None:
            self.go_to(request, request.take_up_at)
        me, stepping = threading.get_ident(), self._registry.stepping
        while True:
            with self._clock.lock:
                holders = self.holders(request)
                others = [other for other in holders if stepping.get(other.order) != me]
                earliest = min(others, key=self._due, default=None)
            if earliest is None:
                return not holders
            if not self.step(earliest) and earliest.order in stepping:  # in a thread that outlives the mock
                return False

    def _due(self, request: Request) -> tuple[datetime, int, int]:
        return self._registry.entries[request.order].place

    def limits_changed(self) -> None:
        """Take up what is held back no more, after limits of concurrency have come or gone."""
        with self._clock.lock:
            if not self._registry.ended:
                self._begin_waiting(self._admission.scopes_waiting())

    def earliest_entry(self) -> Entry | None:
        """Return the entry of the work that is due first."""
        return self._queue.head()

    def overdue(self) -> list[Request]:
        """Return the requests whose work was left overdue, in the order in which it will be done."""
        now = self._clock.now()
        entries = self._registry.entries.values()
        late = sorted((entry for entry in entries if entry.pending and entry.at <= now), key=lambda entry: entry.place)
        return [self._registry.requests[entry.order - 1] for entry in late]

    def step_earliest(self, scope: Scope | None = None) -> Request | Work | None:
        """Make what is due first in one account and region or in all: a request's step, or a piece of downstream work.

        Returns:
            Whose it was; None if nothing is due.
        """
        while True:
            with self._clock.lock:
                owner = None if self._registry.ended else self._earliest(scope)
            if owner is None:
                return None
            if isinstance(owner, Work):
                self.make_piece(owner)
                return owner
            if self.move_on(owner) and not owner.is_under_way:  # one that has only begun goes on with the others
                return owner

    def make_piece(self, work: Work) -> None:
        """Go to the next piece of some downstream work, and make it."""
        with self._clock.lock:
            self._wait_for_others(self.request_of(work), lambda: work.making)
            if self._registry.ended or work.next_step_at is None:
                return
            self._clock.note_act()
            self._clock.jump_to(work.next_step_at)
            unlocked = self._handlers.downstream.make(work)
        if unlocked is not None:
            unlocked()
        self._clock.do_deferred()

    def request_of(self, owner: Request | Work) -> Request:
        """Return the request that has started some work, or the request itself."""
        return self._registry.by_token(owner.request_token)

    def go_to(self, request: Request, instant: datetime) -> None:
        """Go to an instant for one request, leaving what is due of others overdue; take it up if it is time."""
        with self._clock.lock:
            if self._registry.ended:
                return
            self._clock.jump_to(instant)
            if request.take_up_at is not None and request.take_up_at <= self._clock.now():
                self._withdraw(request)
                self._take_up(request)

    def _earliest(self, scope: Scope | None) -> Request | Work | None:
        """Return whose work is due first; on the way requests are taken up, and what is done becomes consistent."""
        while (entry := self._earliest_entry_in(scope)) is not None:
            owner = entry.owner
            if entry.rank is Rank.CONSISTENCY:
                self._make_consistent(entry)
            elif not isinstance(owner, Request):
                return _owner(entry)
            elif owner.take_up_at is None:
                return owner
            else:
                self.go_to(owner, owner.take_up_at)  # a taking up isn't a step
        return None

    def _earliest_entry_in(self, scope: Scope | None) -> Entry | None:
        if scope is None:
            return self._queue.head()
        there = (entry for entry in self._queue.pending() if _owner(entry).scope == scope)
        return min(there, key=lambda entry: entry.place, default=None)

    def _make_own_pieces(self, request: Request) -> None:
        """Make the pieces of a request's own downstream work that are due by its next step."""
        while True:
            with self._clock.lock:
                until = request.step_at
                due = [
                    (work.entry.place, work)
                    for work in self._handlers.downstream.running()
                    if work.request_token == request.request_token
                    and work.entry is not None
                    and until is not None
                    and work.entry.at <= until
                ]
            if not due:
                return
            self.make_piece(min(due)[1])

    def _schedule(self, request: Request, at: datetime) -> None:
        request.step_at = at
        self._enqueue(request, at, partial(self._steps.make, request))

    def _enqueue(self, request: Request, at: datetime, action: Callable[[], Unlocked]) -> None:
        entry = Entry(at, request.order, action, request)
        self._registry.entries[request.order] = entry
        self._queue.add(entry)

    def _withdraw(self, request: Request) -> None:
        self._registry.entries[request.order].withdraw()

    def _take_up(self, request: Request) -> None:
        """Take a request up that a plan has kept PENDING for a time, or let it wait for others to end."""
        with self._clock.lock:
            if request.is_running and request.take_up_at is not None:
                request.take_up_at = None
                self._let_in(request)

    def _hold_back_overdue(self) -> None:
        """Let those wait for others to end that were to be taken up on the way, when there was no room for them."""
        if self._decisions.limits:  # as in few tests
            for request in self.overdue():
                if request.take_up_at is not None and self._admission.full_limits(request.scope, request.type_name):
                    self._withdraw(request)
                    self._take_up(request)

    def _let_in(self, request: Request) -> None:
        if self._admission.ask(request):
            self._begin(request)
        else:
            request.step_at = None

    def _begin(self, request: Request) -> None:
        """Begin with a request: its first step is due when it was to be, else after its first delay from now."""
        now = self._clock.now()
        if request.status is OperationStatus.PENDING and request.pace.pending is not True:
            self._registry.record(request, ProgressEvent(OperationStatus.IN_PROGRESS, now, request.identifier))
        if request.hooks:
            self._steps.begin_next_hook(request)
        self._schedule(request, request.step_at or now + _first_delay(request))

    def _leave(self, requests: Sequence[Request]) -> None:
        """Make room for others when requests have ended."""
        for request in requests:
            self._admission.leave(request)
        self._begin_waiting(dict.fromkeys(request.scope for request in requests))

    def _begin_waiting(self, scopes: Iterable[Scope]) -> None:
        for scope in scopes:
            while (request := self._admission.let_in_next(scope)) is not None:
                self._begin(request)

    def _end_veils(self, requests: Sequence[Request]) -> None:
        """Let what ended requests have done be seen so long after their end."""
        for request in requests:
            if isinstance(request.handler, VeilingHandler):
                if request.pace.consistent_after:
                    self._end_veil(request, request.handler.veil)
                self._handlers.veils.last_ended = request.handler.veil

    def _end_veil(self, request: Request, veil: Veil) -> None:
        has_begun = veil.before is not None or request.under_way is not None
        if not has_begun or _has_found_nothing_to_do(request):
            self._handlers.veils.lift(veil)
            return
        veil.until = self._clock.now() + request.pace.consistent_after
        self._await_consistency(request, veil, veil.until)

    def _await_consistency(self, request: Request, veil: Veil, until: datetime) -> None:
        self._queue.add(Entry(until, request.order, partial(self._lift, request, veil), request, Rank.CONSISTENCY))

    def _lift(self, request: Request, veil: Veil) -> None:
        self._handlers.veils.lift(veil)
        self._registry.note(request, "reads show what it did")

    def _make_consistent(self, entry: Entry) -> None:
        """Go to where something becomes consistent; that isn't a step."""
        self._clock.note_act()
        self._clock.jump_to(entry.at)
        if entry.pending:
            self._queue.take(entry)
            entry.action()


def _first_delay(request: Request) -> timedelta:
    """Return the time from a request's taking up to its first step, which may be the end of a hook."""
    return request.hooks[0].hook.delay if request.hooks else request.handler_input.first_delay


def _has_found_nothing_to_do(request: Request) -> bool:
    """Whether its handler itself, and no rule, has said that what it was to make is there, or that nothing is."""
    return request.last_event.error_code in _NOTHING_TO_DO and len(request.events) not in request.causes


def _owner(entry: Entry) -> Request | Work:
    """Return whose an entry is: the clock, which knows neither, keeps anything."""
    owner = entry.owner
    if not isinstance(owner, _OWNERS):
        raise TypeError(f"{owner!r} is neither a request nor downstream work")
    return owner
