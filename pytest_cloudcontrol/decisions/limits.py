"""Limits of concurrency: how many requests are worked on at once; further ones stay PENDING until others have ended."""

from __future__ import annotations

from dataclasses import dataclass, field

from pytest_cloudcontrol.decisions.arranged import Arranged


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
