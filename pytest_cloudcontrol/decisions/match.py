"""Which requests a plan, a rule or a callback is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pytest_cloudcontrol.vocabulary import Operation


class Subject(NamedTuple):
    """The three words by which a request is told from others; the identifier is None as long as there is none."""

    type_name: str
    operation: Operation
    identifier: str | None


class Match(NamedTuple):
    """The words that a request must have; None matches all."""

    type_name: str | None = None
    operation: Operation | None = None
    identifier: str | None = None

    def matches(self, subject: Subject) -> bool:
        """Whether a request is among them."""
        return (
            (self.type_name is None or self.type_name == subject.type_name)
            and (self.operation is None or self.operation is subject.operation)
            and (self.identifier is None or self.identifier == subject.identifier)
        )

    @property
    def specificity(self) -> int:
        """How narrow it is: naming the type weighs more than naming the operation."""
        return 2 * (self.type_name is not None) + (self.operation is not None)

    def __str__(self) -> str:
        """Return the arguments that a test wrote for it."""
        return ", ".join(f"{name}={str(value)!r}" for name, value in self._asdict().items() if value is not None)
