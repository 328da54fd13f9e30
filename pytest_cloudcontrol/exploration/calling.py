"""The calls of the code under test, told from all others, and numbered.

What an SDK tries again is the same call. Calls made by the test's own code in a step or before a call, by ``others``,
and while nothing is to be disturbed, count for nothing.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from pytest_cloudcontrol.documents import compact, parsed_object
from pytest_cloudcontrol.exploration.trace import Place
from pytest_cloudcontrol.service.errors import throttled
from pytest_cloudcontrol.waiting.callers import current_task

if TYPE_CHECKING:
    from collections.abc import Hashable

    from pytest_cloudcontrol.exploration.surprises import Surprise
    from pytest_cloudcontrol.service.about import About
    from pytest_cloudcontrol.service.calls import CallRecord
    from pytest_cloudcontrol.world import World


class Calling:
    """A call of the code under test.

    Attributes:
        record: its latest try.
        number: its number.
        actor: who makes it.
        place: its point.
        before: what has happened right before it last.
        end: what becomes of it, if something surprising does.
        is_announced: whether it hasn't come yet: its task lets others go first.
        is_first: whether it is this actor's turn: no other goes first.
        is_settled: whether that is known.
        is_carried_out: whether the service has carried out a try whose answer was lost.
    """

    __slots__ = (
        "actor",
        "before",
        "end",
        "is_announced",
        "is_carried_out",
        "is_first",
        "is_settled",
        "number",
        "place",
        "record",
    )

    def __init__(self, record: CallRecord, number: int, actor: int, place: Place) -> None:
        self.record = record
        self.number = number
        self.actor = actor
        self.place = place
        self.before: Surprise | None = None
        self.end: Surprise | None = None
        self.is_announced = self.is_first = self.is_settled = self.is_carried_out = False


class Callings:
    """Knows which calls are being made, and by whom."""

    def __init__(self) -> None:
        self._latest: dict[Hashable, Calling] = {}
        self._open: dict[Hashable, list[CallRecord]] = {}
        self._turns: dict[tuple[str, str], int] = {}
        self._count = 0

    def is_begun(self, call: CallRecord) -> bool:
        """Whether a call has been seen already; from now on it has."""
        there = self._open.setdefault(_caller(), [])
        if call in there:
            return True
        there.append(call)
        return False

    @property
    def is_inside(self) -> bool:
        """Whether the caller's present call is made inside another: by the test's own code that this one runs."""
        return len(self._open[_caller()]) > 1

    def begin(self, subject: About, actor: int) -> Calling | None:
        """Note a call of the code under test; None if it is only another try of its latest."""
        call, caller = subject.call, _caller()
        latest = self._latest.get(caller)
        if latest is not None and (call.is_retry or latest.is_announced):
            call.label = latest.record.label
            latest.record = call
            latest.is_announced = False
            return None
        self._count += 1
        name = f"call {self._count}"
        call.label = name if actor == 1 else f"{name}, actor {actor}:"
        type_name = subject.type_name or ""
        turn = self._turn(call.target, ""), self._turn(call.target, type_name)
        place = Place(f"{name} {call.target}", call.target, type_name, turn)
        calling = self._latest[caller] = Calling(call, self._count, actor, place)
        return calling

    @property
    def is_busy(self) -> bool:
        """Whether the caller is making a call already."""
        return bool(self._open.get(_caller()))

    def of(self, call: CallRecord) -> Calling | None:
        """Return the call of the code under test that a record is a try of; None if it is none."""
        calling = self._latest.get(_caller())
        return calling if calling is not None and calling.record is call else None

    def end(self, call: CallRecord) -> None:
        """Note that a call has been answered, or broken off."""
        there = self._open.get(_caller(), [])
        if call in there:
            there.remove(call)

    def forget(self) -> None:
        """Forget the calls that were being made: the program has been killed."""
        self._latest.clear()
        self._open.clear()

    def _turn(self, operation: str, type_name: str) -> int:
        key = operation, type_name
        self._turns[key] = self._turns.get(key, 0) + 1
        return self._turns[key]


def is_of_a_step(world: World) -> bool:
    """Whether this thread runs code of the test's own in a step: a handler, a hook, downstream work, a callback."""
    me, registry = threading.get_ident(), world.registry
    return (
        me in registry.making.values()
        or me in registry.stepping.values()
        or any(work.making == me for work in world.handlers.downstream.running())
    )


def given_in(call: CallRecord) -> str:
    """Return what a call asks, but for the ClientToken, which SDKs draw."""
    if b'"ClientToken"' not in call.body:
        return call.body.decode("utf-8", "backslashreplace")
    return compact({name: value for name, value in parsed_object(call.body).items() if name != "ClientToken"})


def was_let_in(call: CallRecord) -> bool:
    """Whether a call whose answer was lost didn't come too fast, so that the service has carried it out."""
    return call.lost is not None and (call.lost.error is None or call.lost.error.code != throttled().code)


def told_by(call: CallRecord) -> str:
    """Return what a caller is told."""
    if call.error is not None:
        return str(call.error)
    return "(not answered)" if call.answer is None else call.answer.decode()


def _caller() -> Hashable:
    return current_task() or threading.get_ident()
