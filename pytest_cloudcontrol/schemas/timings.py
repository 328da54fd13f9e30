"""How long AWS takes over resources of types that are known to be slow, or whose handler calls were recorded.

The figures, each with its source, are in ``timings.json``, the one place beside recorded.py that knows types by their
names. docs/timings.md is made of it.
"""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from pytest_cloudcontrol.vocabulary import Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.documents import JSONObject

CALLBACK_DELAY: Final = timedelta(seconds=30)
"""Between two handler calls where only the whole time is documented: handlers of AWS's that wait for minutes look again
every half a minute or so [choice]."""

A_FEW_MINUTES: Final = timedelta(minutes=5)
"""What is made of a source that says "a few minutes" or "several minutes" [choice]."""

_MILLISECOND: Final = timedelta(milliseconds=1)
_DATA: Final = Path(__file__).with_name("timings.json")


class Timing(NamedTuple):
    """How long one operation takes on resources of one type.

    Attributes:
        type_name: the type.
        operation: CREATE, UPDATE or DELETE.
        calls: the seconds from acceptance to each handler call, where they were recorded; else empty.
        minutes: the least and the greatest time, where that is documented; None where the source has no figure.
        source: where the evidence is: an address, or a place in this project's documentation.
        says: what the source says, in words of our own.
    """

    type_name: str
    operation: Operation
    calls: tuple[float, ...]
    minutes: tuple[float, float] | None
    source: str
    says: str

    @property
    def first_delay(self) -> timedelta | None:
        """From acceptance to the first handler call; None where that isn't known."""
        return timedelta(seconds=self.calls[0]) if self.calls else None

    @property
    def length(self) -> timedelta:
        """From the first handler call to the last: of a range the middle, and what "up to" names as it stands."""
        if self.calls:
            return timedelta(seconds=self.calls[-1]) - timedelta(seconds=self.calls[0])
        return A_FEW_MINUTES if self.minutes is None else timedelta(minutes=sum(self.minutes) / 2)

    @property
    def steps(self) -> int:
        """How many handler calls it takes."""
        return len(self.calls) or round(self.length / CALLBACK_DELAY) + 1

    @property
    def delays(self) -> tuple[timedelta, ...]:
        """Between its handler calls: as recorded, or equal ones that sum up to the length; empty if there is one call.

        All are whole milliseconds, as AWS's times are.
        """
        if self.calls:
            return tuple(_MILLISECOND * round((after - before) * 1000) for before, after in pairwise(self.calls))
        return (_MILLISECOND * round(self.length / (self.steps - 1) / _MILLISECOND),) * (self.steps - 1)


@cache
def known_timings() -> Sequence[Timing]:
    """Return all timings that are known, by type and operation."""
    types = cast("dict[str, dict[str, JSONObject]]", json.loads(_DATA.read_bytes()))
    return [_timing(name, operation, entry) for name, entries in types.items() for operation, entry in entries.items()]


def _timing(type_name: str, operation: str, entry: JSONObject) -> Timing:
    minutes = cast("list[float] | None", entry.get("minutes"))
    return Timing(
        type_name,
        Operation(operation),
        tuple(cast("list[float]", entry.get("calls", []))),
        None if minutes is None else (minutes[0], minutes[1]),
        cast("str", entry["source"]),
        cast("str", entry["says"]),
    )
