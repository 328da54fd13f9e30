"""What is wrong with a document: the failures that a check finds, and the words that AWS has for each.

AWS shows the words of the Java library for the keywords of the document's shape. Those of all others could repeat the
document's values, so they are replaced by the mere name of the keyword.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pytest_cloudcontrol.schemas.validation.java import type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_cloudcontrol.documents import JSONValue


class Failure(NamedTuple):
    """One line of the answer.

    Attributes:
        pointer: where in the document, as a JSON pointer; empty for the document itself.
        message: what is wrong there.
    """

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"#{self.pointer}: {self.message}"


Failures: TypeAlias = "list[Failure] | None"
"""What a check answers: None when all is well, which is the usual case and so costs nothing."""

Check: TypeAlias = "Callable[[JSONValue], Failures]"
"""A schema, or a part of one, ready to look at a value."""


def failure(message: str) -> list[Failure]:
    """Return the one failure of the value itself."""
    return [Failure("", message)]


def hidden(keyword: str) -> Failure:
    """Return the failure of a keyword whose words AWS doesn't show (V-6)."""
    return Failure("", f"failed validation constraint for keyword [{keyword}]")


def wrong_type(expected: str, value: JSONValue) -> list[Failure]:
    """Return the failure of a value of another type (V-4)."""
    return failure(f"expected type: {expected}, found: {type_name(value)}")


def below(part: str, failures: Iterable[Failure]) -> list[Failure]:
    """Return the failures of a value as failures of what holds it, under a property's name or an item's index."""
    step = "/" + part.replace("~", "~0").replace("/", "~1")
    return [Failure(step + pointer, message) for pointer, message in failures]
