"""Which requests, or which API calls, a plan, a rule or a callback is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_cloudcontrol.vocabulary import Api, HandlerOperation, Operation, Scope


class Subject(Protocol):
    """What a request and a call are told from others by."""

    @property
    def type_name(self) -> str | None:
        """The resource type; None of a call that is about none."""
        ...

    @property
    def identifier(self) -> str | None:
        """The resource's primary identifier; None as long as there is none."""
        ...

    @property
    def scope(self) -> Scope:
        """The account and region."""
        ...


class RequestSubject(Subject, Protocol):
    """A request, as far as it is told from others."""

    @property
    def operation(self) -> Operation:
        """CREATE, UPDATE or DELETE."""
        ...


class ReadSubject(Subject, Protocol):
    """What a read or list handler is asked."""

    @property
    def operation(self) -> HandlerOperation:
        """READ or LIST."""
        ...


class CallSubject(Subject, Protocol):
    """An API call, as far as it is told from others."""

    @property
    def api(self) -> str:
        """The API operation's name."""
        ...


class Match(NamedTuple):
    """The words that a request must have; None matches all.

    Attributes:
        identifier: as the test has written it.
        is_meant: whether a subject is of the resource that another form of the identifier means.
    """

    type_name: str | None = None
    operation: Operation | HandlerOperation | None = None
    identifier: str | None = None
    is_meant: Callable[[Subject], bool] | None = None

    def matches(self, subject: RequestSubject) -> bool:
        """Whether a request is among them."""
        return (
            (self.type_name is None or self.type_name == subject.type_name)
            and (self.operation is None or self.operation == subject.operation)
            and _is_of_resource(self, subject)
        )

    def matches_read(self, subject: ReadSubject) -> bool:
        """Whether what a read or list handler is asked is among them."""
        return (
            self.operation is subject.operation
            and self.type_name in (None, subject.type_name)
            and _is_of_resource(self, subject)
        )

    @property
    def specificity(self) -> int:
        """How narrow it is: naming the type weighs more than naming the operation."""
        return 2 * (self.type_name is not None) + (self.operation is not None)

    def __str__(self) -> str:
        """Return the arguments that a test wrote for it."""
        return _written({"type_name": self.type_name, "operation": self.operation, "identifier": self.identifier})


class CallMatch(NamedTuple):
    """The words that an API call must have; None matches all. The last three are those of a Match."""

    api: Api | None = None
    type_name: str | None = None
    identifier: str | None = None
    is_meant: Callable[[Subject], bool] | None = None

    def matches(self, subject: CallSubject) -> bool:
        """Whether a call is among them. What it is about is asked only where that matters."""
        return (
            (self.api is None or self.api == subject.api)
            and (self.type_name is None or self.type_name == subject.type_name)
            and _is_of_resource(self, subject)
        )

    def __str__(self) -> str:
        """Return the arguments that a test wrote for it."""
        return _written({"api": self.api, "type_name": self.type_name, "identifier": self.identifier})


def _is_of_resource(match: Match | CallMatch, subject: Subject) -> bool:
    return (
        match.identifier is None
        or match.identifier == subject.identifier
        or (match.is_meant is not None and match.is_meant(subject))
    )


def _written(words: Mapping[str, str | None]) -> str:
    return ", ".join(f"{name}={str(value)!r}" for name, value in words.items() if value is not None)
