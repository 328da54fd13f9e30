"""Limits: how many calls AWS lets through, and how many requests it works on at once.

Both are counted for each account and region.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_cloudcontrol.decisions.arranged import Arranged, written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pytest_cloudcontrol.decisions.match import CallMatch, CallSubject
    from pytest_cloudcontrol.vocabulary import Scope

_MICROSECOND: Final = timedelta.resolution


class Refusal(NamedTuple):
    """A rate limit has refused a call.

    Attributes:
        by: the limit.
        until: the instant from which it lets one more call through, unless others come before.
    """

    by: RateLimit
    until: datetime


class _Bucket(NamedTuple):
    """The bucket of one account and region: what was in it, and when."""

    level: int
    at: datetime


@dataclass(slots=True, kw_only=True, eq=False)
class RateLimit(Arranged):
    """A token bucket: full at first, it lets a call through for each token, and is filled again at an even pace.

    It fires for each call that it refuses; such a call takes no token. All is counted in whole numbers: a microsecond
    brings as many drops as there are calls, and a token is as many drops as ``per`` has microseconds. So nothing is
    lost by rounding, however long the clock goes on.

    Attributes:
        match: which calls.
        calls: how many tokens the full bucket has.
        per: the time in which an empty one is full again.
    """

    match: CallMatch
    calls: int
    per: timedelta
    _buckets: dict[Scope, _Bucket] = field(default_factory=dict)

    def refusal(self, scope: Scope, now: datetime) -> Refusal | None:
        """Return its refusal of a call that is made now; None if there is a token for it."""
        missing = self._token - self._level(scope, now)
        if missing <= 0:
            return None
        return Refusal(self, now + -(-missing // self.calls) * _MICROSECOND)  # rounded up

    def take(self, scope: Scope, now: datetime) -> None:
        """Take the token of a call that is let through."""
        self._buckets[scope] = _Bucket(self._level(scope, now) - self._token, now)

    @property
    def _token(self) -> int:
        return self.per // _MICROSECOND

    def _level(self, scope: Scope, now: datetime) -> int:
        full = self.calls * self._token
        before = self._buckets.get(scope)
        return full if before is None else min(full, before.level + self.calls * ((now - before.at) // _MICROSECOND))

    def given(self) -> list[str]:
        """Return the arguments that the test wrote."""
        return [str(self.calls), f"per={written(self.per)}", *filter(None, [str(self.match)])]

    def __str__(self) -> str:
        return f"limit_rate({', '.join(self.given())})"


def pass_all(limits: Sequence[RateLimit], subject: CallSubject, now: datetime) -> Refusal | None:
    """Let a call through all limits that are about it, or return the refusal of the first: no token is taken then."""
    about = [limit for limit in limits if limit.match.matches(subject)]
    for limit in about:
        if (refusal := limit.refusal(subject.scope, now)) is not None:
            limit.fired += 1
            return refusal
    for limit in about:
        limit.take(subject.scope, now)
    return None


@dataclass(slots=True, kw_only=True, eq=False)
class ConcurrencyLimit(Arranged):
    """So many requests of one account and region are worked on at once. It fires for each request that it holds back.

    Attributes:
        running: how many.
        type_name: of which resource type; None counts those of all types together.
    """

    running: int
    type_name: str | None = None
    _held_back: set[int] = field(default_factory=set)

    def counts(self, type_name: str) -> bool:
        """Whether requests of a type count."""
        return self.type_name in (None, type_name)

    def note_held_back(self, order: int) -> None:
        """Note that it holds a request back, by the request's place among all: each counts once."""
        self._held_back.add(order)
        self.fired = len(self._held_back)

    def given(self) -> list[str]:
        """Return the arguments that the test wrote."""
        return [str(self.running), *([] if self.type_name is None else [f"type_name={self.type_name!r}"])]

    def __str__(self) -> str:
        return f"limit_concurrency({', '.join(self.given())})"
