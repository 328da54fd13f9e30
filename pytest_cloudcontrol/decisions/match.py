"""Which requests a plan, a rule or a callback is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from pytest_cloudcontrol.vocabulary import Operation


class Subject(Protocol):
    """The three words by which a request is told from others."""

    @property
    def type_name(self) -> str:
        """The resource type."""
        ...

    @property
    def operation(self) -> Operation:
        """CREATE, UPDATE or DELETE."""
        ...

    @property
    def identifier(self) -> str | None:
        """The resource's primary identifier; None as long as there is none."""
        ...


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
