"""Decisions that an exploration chooses, where a test would arrange them.

Before each call of the code under test, and at each step, a script is asked which of the things that could happen does.
What the scenario itself arranges holds as ever.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.decisions.callbacks import BeforeCall
from pytest_cloudcontrol.decisions.decisions import ORDER, Decisions
from pytest_cloudcontrol.decisions.match import CallMatch, Match
from pytest_cloudcontrol.exploration.actors.stage import Stage
from pytest_cloudcontrol.exploration.calling import Callings, given_in, is_of_a_step, told_by, was_let_in
from pytest_cloudcontrol.exploration.chosen import BY, ChosenCancel, ChosenError, ChosenExpiry, ChosenFailure
from pytest_cloudcontrol.exploration.killing import Killing
from pytest_cloudcontrol.exploration.somebody import Somebody
from pytest_cloudcontrol.exploration.surprises import (
    CRASH_AFTER,
    CRASH_BEFORE,
    READS,
    READS_OF_RESOURCES,
    Kind,
    in_words,
)
from pytest_cloudcontrol.exploration.trace import Asked, Place, Trace
from pytest_cloudcontrol.requests.request import Request
from pytest_cloudcontrol.service.about import About
from pytest_cloudcontrol.service.calls import CallRecord
from pytest_cloudcontrol.vocabulary import HandlerErrorCode, NetworkFault
from pytest_cloudcontrol.waiting.callers import current_task

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.controls.cloudcontrol import CloudControl
    from pytest_cloudcontrol.decisions.faults import ApiError, Cancel, Rule, StepNumber, StepRule
    from pytest_cloudcontrol.decisions.match import CallSubject, RequestSubject
    from pytest_cloudcontrol.exploration.actors.actor import Actor
    from pytest_cloudcontrol.exploration.actors.watch import Watch
    from pytest_cloudcontrol.exploration.calling import Calling
    from pytest_cloudcontrol.exploration.schedules import Script, Told
    from pytest_cloudcontrol.exploration.surprises import Other, Surprise, Surprises

_UNDISTURBED: Final[ContextVar[bool]] = ContextVar("undisturbed", default=False)
_MARK: Final = "!!"
_EVERY_CALL: Final = CallMatch()
_EVERY_REQUEST: Final = Match()


class Choosing(Decisions):
    """The decisions of one run of a scenario.

    Args:
        backend: the mock, whose world they are for.
        cloudcontrol: the mock as functions of the test get it.
        surprises: what may happen.
        script: says what does.
        told: which answer to which call makes the run equal to another; see Schedule.
        watch: looks at real time, for all runs.

    Attributes:
        trace: what the run did.
        chosen: what has happened, and where.
        killing: whether and why the program was ended.
        somebody: calls the functions of ``others``.
    """

    def __init__(
        self,
        backend: Backend,
        cloudcontrol: CloudControl,
        surprises: Surprises,
        script: Script,
        told: Told | None,
        watch: Watch,
    ) -> None:
        super().__init__()
        self.remembers, self.hands_over = surprises.stale_reads, True
        self.trace = Trace()
        self.chosen: list[tuple[Place, Surprise]] = []
        self.killing = Killing()
        self.somebody = Somebody(backend, cloudcontrol)
        self._backend = backend
        self._surprises = surprises
        self._script = script
        self._told = told
        self._watch = watch
        self._stage = Stage(self._who_goes_first, watch=watch)
        self._handing_over: dict[int, Calling] = {}
        self._callings = Callings()
        self._hooks: set[Place] = set()
        self._requests_before: int | None = None
        self._is_on = False

    def in_a_new_world(self) -> Choosing:
        """Begin to decide in a new world, in which nothing is arranged: the run's first, or after the test's reset."""
        Decisions.__init__(self)
        there_were = 0 if self._requests_before is None else len(self._backend.world.registry.requests)
        self._requests_before = (self._requests_before or 0) + there_were
        return self

    # ------------------------------------------------------------------ when

    @contextmanager
    def choosing(self) -> Iterator[None]:
        """Let surprises happen until the block ends."""
        self._is_on = True
        try:
            yield
        finally:
            self._is_on = False

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Let no surprise happen in this thread or task until the block ends."""
        before = _UNDISTURBED.set(True)
        try:
            yield
        finally:
            _UNDISTURBED.reset(before)

    def play(self, program: Callable[[], None]) -> None:
        """Run the program from a start to its end, all its threads in turns; it may have been killed before."""
        self.killing.is_done = False
        self._callings.forget()
        self._stage = Stage(self._who_goes_first, watch=self._watch)
        self._stage.play(program)

    @property
    def _is_undisturbed(self) -> bool:
        return not self._is_on or self.killing.is_done or _UNDISTURBED.get()

    def _ask(self, asked: Asked) -> Surprise | None:
        """Ask what happens at a point, and write it down."""
        if not asked.options:
            return None
        number = self.trace.ask(asked)
        surprise = self._script.choose(number, asked.place, asked.options)
        if surprise is not None:
            self.chosen.append((asked.place, surprise))
            if surprise.words != CRASH_AFTER:  # which comes when the call has been answered
                self._remark(asked.place, surprise)
        return surprise

    def _remark(self, place: Place, surprise: Surprise) -> None:
        world = self._backend.world
        world.journal.remark(world.clock.now(), f"{_MARK} {in_words(place.name, surprise)}")

    # ------------------------------------------------------------------ calls

    @property
    def runs_before_calls(self) -> bool:
        """See Decisions."""
        return True

    @property
    def touches_calls(self) -> bool:
        """See Decisions."""
        return True

    def before_call(self, subject: CallSubject, done: Collection[BeforeCall]) -> BeforeCall | None:
        """See Decisions: the test's own callbacks come first, then what surprises have happen before the call."""
        call = _about(subject).call
        if not self._callings.is_begun(call):
            self._begin(_about(subject))
        before = super().before_call(subject, done)
        calling = self._callings.of(call)
        if before is not None or calling is None or calling.is_settled:
            return before
        return self._next_before(calling)

    def _begin(self, subject: About) -> None:
        """Note a call, if it is one of the code under test.

        Raises:
            Ended: the program has been killed.
        """
        if self.killing.is_done:
            self.killing.kill_again()
        self.somebody.sign(subject.call)
        if self._is_undisturbed or self._callings.is_inside or is_of_a_step(self._backend.world):
            return
        self._number(subject)

    def _number(self, subject: About) -> Calling | None:
        """Give a call of the code under test a number; None if it has one already, or is none of an actor's."""
        actor = self._stage.current
        calling = None if actor is None else self._callings.begin(subject, actor.number)
        if calling is None:
            return None
        self.trace.last_call[calling.actor] = calling.number
        if self._surprises.moves and not self._is_due:
            self.trace.idle.append(len(self.trace.asked))
        return calling

    @property
    def _is_due(self) -> bool:
        return self._backend.world.runner.earliest_entry() is not None

    def _next_before(self, calling: Calling) -> BeforeCall | None:
        """Ask what happens next right before a call, or what becomes of it."""
        if not calling.is_first:
            return self._before(self._hand_over)
        asked = Asked(
            calling.place, self._options(calling), calling.number, calling.actor, calling.record.target in READS
        )
        surprise = self._ask(asked)
        if surprise is None or surprise.kind.ends_point:
            calling.end, calling.is_settled = surprise, True
            if surprise is not None and surprise.words == CRASH_BEFORE:
                self.killing.kill(self._stage)
            return None
        calling.before = surprise
        return self._before(self._move_on if surprise.other is None else self._coming(surprise.other))

    def _before(self, happening: Callable[[CallRecord], None]) -> BeforeCall:
        return BeforeCall(match=_EVERY_CALL, callback=happening, written=happening, times=1)

    def _hand_over(self, call: CallRecord) -> None:
        """Let others go first as long as the script says so; the caller's turn comes back to it then."""
        calling = self._callings.of(call)
        while calling is not None and not calling.is_first:
            calling.is_first = True
            self._handing_over[calling.actor] = calling
            self._stage.hand_over()

    async def hand_over_async(self, api: str, body: bytes, *, is_retry: bool) -> None:
        """See Decisions."""
        world = self._backend.world
        if is_retry or self._is_undisturbed or self._callings.is_busy or is_of_a_step(world):
            return
        announced = CallRecord(api, body, self._backend.default_scope, world.clock.now(), number=0)
        calling = self._number(About(world, announced))
        while calling is not None and not calling.is_first:
            calling.is_announced = calling.is_first = True
            self._handing_over[calling.actor] = calling
            await self._stage.hand_over_async()

    def _who_goes_first(self, current: Actor, others: Sequence[Actor]) -> Actor | None:
        """Ask which actor goes on before a call of the current one is made."""
        calling = self._handing_over[current.number]
        options = tuple(self._surprises.of_others_going_first([other.number for other in others]))
        surprise = self._ask(Asked(calling.place, options, calling.number, calling.actor))
        if surprise is None:
            return None
        calling.is_first = False  # it is asked again when it has its turn
        return next(other for other in others if other.number == surprise.actor)

    def let_others_go(self, until: datetime) -> None:
        """See Decisions."""
        if current_task() is None and not self.killing.is_held:  # a task's thread has others in it
            self._stage.wait(until)

    async def let_others_go_async(self, until: datetime) -> None:
        """See Decisions."""
        await self._stage.wait_async(until)

    def _options(self, calling: Calling) -> tuple[Surprise, ...]:
        """Return what may happen at a call still, in the written order."""
        may_be_stale = self._surprises.stale_reads and self._may_be_stale(calling.record)
        options = (
            *self._surprises.before_a_call(is_due=self._is_due),
            *self._surprises.of_a_call(may_be_stale=may_be_stale),
        )
        if calling.before is None or calling.before.kind is Kind.MOVED_ON:  # which may come again
            return options
        return options[options.index(calling.before) + 1 :]

    def _move_on(self, _: CallRecord) -> None:
        self._backend.clock.make_next()

    def _coming(self, other: Other) -> Callable[[CallRecord], None]:
        def come(_: CallRecord) -> None:
            with self.undisturbed():
                self.somebody.comes(other)

        return come

    def at_call(self, subject: CallSubject) -> ApiError | None:
        """See Decisions."""
        arranged = super().at_call(subject)
        calling = self._callings.of(_about(subject).call)
        if arranged is not None or calling is None or calling.end is None:
            return arranged
        match calling.end.kind:
            case Kind.LOST_ANSWER:
                is_to_be = not calling.is_carried_out  # one try is; the SDK's others find the network as dead
                return ChosenError(match=_EVERY_CALL, code=NetworkFault.READ_TIMEOUT, after=is_to_be)
            case Kind.ERROR:
                return ChosenError(match=_EVERY_CALL, code=calling.end.code)
            case Kind.STALE:
                self._backend.world.handlers.veils.lags = True
        return None

    def end_call(self, call: object) -> None:
        """See Decisions: write down what a call was answered, and kill the program if it is to be killed now.

        Raises:
            Ended: the program has been killed.
        """
        if not isinstance(call, CallRecord):
            raise TypeError(f"{call!r} is no call")
        calling = self._callings.of(call)
        self._callings.end(call)
        if self.killing.is_done and call.answer is None and call.error is None:
            with suppress(ValueError):  # of a world before a reset
                self._backend.service.calls.remove(call)  # the program was killed before it was made
            return
        if calling is None:
            return
        self._backend.world.handlers.veils.lags = False
        calling.is_carried_out |= was_let_in(call)
        told = told_by(call)
        self.trace.answers[calling.number] = told
        self.trace.note(f"{calling.place.name} {given_in(call)} -> {told}")
        if calling.end is not None and calling.end.words == CRASH_AFTER and not self.killing.is_done:
            self._remark(calling.place, calling.end)
            self.killing.kill(self._stage)
        if (calling.number, told) == self._told and calling.end is None:
            self.killing.kill(self._stage, in_vain=True)

    def _may_be_stale(self, call: CallRecord) -> bool:
        """Whether a read could leave out what the request that ended last has done."""
        about = About(self._backend.world, call)
        return call.target in READS_OF_RESOURCES and self._backend.world.handlers.veils.may_lag(
            about.scope, about.type_name, about.identifier
        )

    # ------------------------------------------------------------------ steps

    def at_step(
        self,
        number: StepNumber,
        subject: RequestSubject,
        own: Cancel | None,
        kinds: Sequence[type[StepRule]] = ORDER,
    ) -> StepRule | None:
        """See Decisions."""
        arranged = super().at_step(number, subject, own, kinds)
        if arranged is not None or kinds is not ORDER or self._is_undisturbed:
            return arranged
        place = Place(f"request {self._order(subject)} step {number}")
        surprise = self._ask(Asked(place, tuple(self._surprises.of_a_step())))
        match surprise and surprise.kind:
            case Kind.CANCELLED:
                return ChosenCancel(match=_EVERY_REQUEST, at_step=number)
            case Kind.EXPIRED:
                return ChosenExpiry(match=_EVERY_REQUEST, at_step=number)
            case Kind.FAILED if surprise is not None:
                code = HandlerErrorCode(surprise.code)
                return ChosenFailure(match=_EVERY_REQUEST, at_step=number, error_code=code)
            case _:
                return None

    def at_hook(self, subject: RequestSubject, number: int) -> str | None:
        """See Decisions."""
        if self._is_undisturbed:
            return None
        place = Place(f"request {self._order(subject)} hook {number}")
        if place in self._hooks:  # one that has wanted to be asked again is one point
            return None
        self._hooks.add(place)
        return None if self._ask(Asked(place, tuple(self._surprises.of_a_hook()))) is None else BY

    def _order(self, subject: RequestSubject) -> int:
        """Return a request's number among all of the run."""
        if not isinstance(subject, Request):
            raise TypeError(f"{subject!r} is not a request")
        return (self._requests_before or 0) + subject.order

    def unmet(self) -> list[Rule]:
        """See Decisions: a surprise may keep a rule from ever firing."""
        return [] if self.chosen else super().unmet()


def _about(subject: CallSubject) -> About:
    if not isinstance(subject, About):
        raise TypeError(f"{subject!r} is not what a call is about")
    return subject
