"""What every decision of a test's is: something arranged, which counts how often it took effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(slots=True, kw_only=True, eq=False)
class Arranged:
    """Something that a test has arranged, and may take back.

    Attributes:
        fired: how often it has taken effect.
        removed: whether the test has taken it back.
    """

    fired: int = 0
    removed: bool = False

    def given(self) -> list[str]:
        """Return the arguments that the test wrote."""
        return []


def written(value: timedelta | float) -> str:
    """Return a length of time, or another number, as a test writes it."""
    return f"{value.total_seconds():g}" if isinstance(value, timedelta) else repr(value)
