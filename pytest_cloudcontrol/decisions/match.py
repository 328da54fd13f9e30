"""Which requests a plan, a rule or a callback is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.vocabulary import Operation, Scope


class Subject(Protocol):
    """What a request is told from others by."""

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

    @property
    def scope(self) -> Scope:
        """The account and region."""
        ...


class Match(NamedTuple):
    """The words that a request must have; None matches all.

    Attributes:
        identifier: as the test has written it.
        is_meant: whether a request is of the resource that another form of the identifier means.
    """

    type_name: str | None = None
    operation: Operation | None = None
    identifier: str | None = None
    is_meant: Callable[[Subject], bool] | None = None

    def matches(self, subject: Subject) -> bool:
        """Whether a request is among them."""
        return (
            (self.type_name is None or self.type_name == subject.type_name)
            and (self.operation is None or self.operation is subject.operation)
            and (
                self.identifier in (None, subject.identifier) or (self.is_meant is not None and self.is_meant(subject))
            )
        )

    @property
    def specificity(self) -> int:
        """How narrow it is: naming the type weighs more than naming the operation."""
        return 2 * (self.type_name is not None) + (self.operation is not None)

    def __str__(self) -> str:
        """Return the arguments that a test wrote for it."""
        words = {"type_name": self.type_name, "operation": self.operation, "identifier": self.identifier}
        return ", ".join(f"{name}={str(value)!r}" for name, value in words.items() if value is not None)
