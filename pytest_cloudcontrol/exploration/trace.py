"""What a run of a scenario did, line by line, and the points at which it could have gone on otherwise.

A line is a call with its answer, or a point with what could have happened there. So two runs can be compared, and the
schedules that follow from one be counted.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pytest_cloudcontrol.exploration.surprises import Surprise


class Place(NamedTuple):
    """A point as a reader would number it.

    Attributes:
        name: such as ``call 3 CreateResource``, ``request 1 step 2``.
        operation: of a call its operation's name.
        type_name: of a call the resource type, if it is about one.
        turn: of a call its number among those of that operation, and of that type.
    """

    name: str
    operation: str = ""
    type_name: str = ""
    turn: tuple[int, int] = (0, 0)


class Asked(NamedTuple):
    """A point of a run at which something could have happened.

    Attributes:
        place: which.
        options: what could have happened, in the written order.
        call: of a call its number, else 0.
        actor: who made the call, or 0.
        is_read: whether it is a call that changes nothing.
    """

    place: Place
    options: tuple[Surprise, ...]
    call: int = 0
    actor: int = 0
    is_read: bool = False


@dataclass(slots=True)
class Trace:
    """What a run did.

    Attributes:
        lines: the calls with their answers, and the points, in order.
        asked: the points.
        ends: how many lines there were right after each point.
        answers: what each call was answered, by its number.
        last_call: the number of each actor's last call.
        idle: of each call before which nothing was due, how many points there had been.
    """

    lines: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    answers: dict[int, str] = field(default_factory=dict)
    last_call: dict[int, int] = field(default_factory=dict)
    idle: list[int] = field(default_factory=list)

    @property
    def places(self) -> int:
        """At how many places something could have happened; a call is one, whoever else could have gone first."""
        return len({asked.place for asked in self.asked})

    def note(self, line: str) -> None:
        """Write down what the run did."""
        self.lines.append(sys.intern(line))  # most runs have most lines in common

    def ask(self, asked: Asked) -> int:
        """Write down a point, and return its number."""
        self.asked.append(asked)
        self.note(f"{asked.place.name}: {', '.join(option.words for option in asked.options)}")
        self.ends.append(len(self.lines))
        return len(self.asked) - 1


def first_difference(before: Trace, now: Trace, until: int | None = None) -> tuple[int, str, str] | None:
    """Return where two runs differ: the place's number and what each did there; None if they don't.

    Args:
        before: one run.
        now: the other.
        until: how many lines count; None is all.
    """
    ours, theirs = before.lines[:until], now.lines[:until]
    if ours == theirs:
        return None
    nothing = "(nothing more)"
    for number in range(max(len(ours), len(theirs))):
        one = ours[number] if number < len(ours) else nothing
        other = theirs[number] if number < len(theirs) else nothing
        if one != other:
            return number + 1, one, other
    raise AssertionError("lists that differ have an item that does")
