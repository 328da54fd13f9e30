"""Surprises: what AWS, or somebody else, may do and a plain run doesn't; and which of them an exploration tries.

A surprise is known by its words, which stand in a replay line: ``lost answer``, ``FAILED NotStabilized``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_cloudcontrol.vocabulary import Api, HandlerErrorCode, OperationStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytest_cloudcontrol.controls.cloudcontrol import CloudControl

    Other = Callable[[CloudControl], object]

LOST_ANSWER: Final = "lost answer"
MOVED_ON: Final = "moved on"
STALE: Final = "stale"
EXPIRED: Final = "EXPIRED"
CRASH_BEFORE: Final = "crash before"
CRASH_AFTER: Final = "crash after"
CANCELLED: Final = "CANCELLED"
FAILED: Final = OperationStatus.FAILED.value
WORDS: Final = (LOST_ANSWER, MOVED_ON, STALE, EXPIRED, CRASH_BEFORE, CRASH_AFTER, CANCELLED, FAILED)
"""By which a replay line names surprises, but for codes, actors and functions."""

_END: Final = " step end"

READS_OF_RESOURCES: Final = frozenset({Api.GET_RESOURCE, Api.LIST_RESOURCES})
"""The operations that show resources."""

READS: Final = READS_OF_RESOURCES | {Api.GET_RESOURCE_REQUEST_STATUS, Api.LIST_RESOURCE_REQUESTS}
"""The operations that change nothing."""


class Kind(Enum):
    """The kinds of surprises, as an Exploration counts them."""

    MOVED_ON = "moved on"
    OTHERS = "others"
    LOST_ANSWER = "lost answer"
    ERROR = "error"
    CRASH = "crash"
    STALE = "stale"
    CANCELLED = "cancelled"
    FAILED = "failed"
    EXPIRED = "expired"
    FIRST = "first"

    @property
    def ends_point(self) -> bool:
        """Whether nothing else can happen at a point after it: a call or a step has one end."""
        return self not in _MAY_BE_FOLLOWED


_MAY_BE_FOLLOWED: Final = frozenset({Kind.MOVED_ON, Kind.OTHERS, Kind.FIRST})


class Surprise(NamedTuple):
    """One thing that may happen at a point.

    Attributes:
        kind: what kind of thing.
        words: how a replay line names it.
        other: the function of the test that is run, if it is one of ``others``.
        code: the code of the error or failure, if it is one.
        actor: the number of the actor that goes first, if one does.
    """

    kind: Kind
    words: str
    other: Other | None = None
    code: str = ""
    actor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Surprises:
    """Which surprises are tried; see explore() for what each means.

    Attributes:
        lost_answers: whether answers are lost.
        others: the functions of the test, by their names.
    """

    cancels: bool
    failures: Sequence[HandlerErrorCode]
    lost_answers: bool
    errors: Sequence[str]
    moves: bool
    interleavings: bool
    expiries: bool
    crashes: bool
    stale_reads: bool
    others: Sequence[Other]

    def of_others_going_first(self, actors: Sequence[int]) -> Iterator[Surprise]:
        """Yield who else may go on before a call.

        Args:
            actors: the numbers of those who could.
        """
        if self.interleavings:
            for number in actors:
                yield Surprise(Kind.FIRST, f"actor {number} first", actor=number)

    def before_a_call(self, *, is_due: bool) -> Iterator[Surprise]:
        """Yield what may happen right before a call, in the written order.

        Args:
            is_due: whether any work is due that the world could move on by.
        """
        if self.moves and is_due:
            yield Surprise(Kind.MOVED_ON, MOVED_ON)
        for other in self.others:
            yield Surprise(Kind.OTHERS, name_of(other), other=other)

    def of_a_call(self, *, may_be_stale: bool) -> Iterator[Surprise]:
        """Yield what may become of a call, in the written order.

        Args:
            may_be_stale: whether it is a read that could leave out what has ended last.
        """
        if self.lost_answers:
            yield Surprise(Kind.LOST_ANSWER, LOST_ANSWER)
        for code in self.errors:
            yield Surprise(Kind.ERROR, code, code=code)
        if self.crashes:
            yield Surprise(Kind.CRASH, CRASH_BEFORE)
            yield Surprise(Kind.CRASH, CRASH_AFTER)
        if self.stale_reads and may_be_stale:
            yield Surprise(Kind.STALE, STALE)

    def of_a_step(self) -> Iterator[Surprise]:
        """Yield what may come instead of a handler call, or of its success, in the written order."""
        if self.cancels:
            yield Surprise(Kind.CANCELLED, CANCELLED)
        for code in self.failures:
            yield Surprise(Kind.FAILED, f"{FAILED} {code.value}", code=code.value)
        if self.expiries:
            yield Surprise(Kind.EXPIRED, EXPIRED)

    def of_a_hook(self) -> Iterator[Surprise]:
        """Yield what may become of a hook's invocation."""
        if self.failures:
            yield Surprise(Kind.FAILED, FAILED)


def name_of(function: Callable[..., object]) -> str:
    """Return what a function of the test is called in reports and replay lines."""
    return getattr(function, "__name__", None) or type(function).__name__


def in_words(place: str, surprise: Surprise) -> str:
    """Return a sentence's worth of words about a surprise at a point."""
    match surprise.kind:
        case Kind.MOVED_ON:
            return f"before {place} the world moved on by one piece of work"
        case Kind.OTHERS:
            return f"before {place} somebody else came: {surprise.words}()"
        case Kind.LOST_ANSWER:
            return f"{place} was carried out, but its answer was lost"
        case Kind.ERROR:
            return f"{place} was refused with {surprise.code}, however often it was tried"
        case Kind.CRASH:
            when = "before" if surprise.words == CRASH_BEFORE else "right after"
            return f"the program crashed {when} {place}, and was started again"
        case Kind.STALE:
            return f"{place} was answered as if what ended last hadn't happened yet"
        case Kind.FIRST:
            return f"before {place} actor {surprise.actor} went first"
        case _:
            return _of_a_request(place, surprise)


def _of_a_request(place: str, surprise: Surprise) -> str:
    """Return a sentence's worth of words about what becomes of a request, or of its hook."""
    request, is_end = place.removesuffix(_END), place.endswith(_END)
    there = f"at the end of {request}, with all its work done," if is_end else f"instead of {place}"
    match surprise.kind:
        case Kind.CANCELLED:
            return f"{there} the request was cancelled"
        case Kind.EXPIRED:
            return f"{there} the request expired"
        case _:
            what = f"{there} it" if is_end else place
            return f"{what} failed{f' with {surprise.code}' if surprise.code else ''}"
