"""The parts of a state, read with care: a file may be broken, or written by hand."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from pytest_cloudcontrol.arguments import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from enum import StrEnum

    from pytest_cloudcontrol.documents import JSONObject, JSONValue

Value = TypeVar("Value")
Word = TypeVar("Word", bound="StrEnum")

_MICROSECOND = timedelta(microseconds=1)


class StateError(ValueError):
    """A state can't be restored; the message says where it is broken."""


class Part:
    """A part of a state: an object.

    Args:
        document: the object.
        place: where it is in the state.
    """

    def __init__(self, document: JSONValue, place: str = "") -> None:
        self.place = place
        if not isinstance(document, dict):
            raise self.broken(document, "an object")
        self._document = document

    def broken(self, value: object, expected: str, name: str = "") -> StateError:
        """Return the error of a value that isn't as it should be."""
        place = ".".join(filter(None, [self.place, name])) or "the state"
        return StateError(f"{place} is {shown(value)}: expected {expected}")

    def value(self, name: str) -> JSONValue:
        """Return a member, whatever it is."""
        if name not in self._document:
            raise StateError(f"{'.'.join(filter(None, [self.place, name]))} is missing")
        return self._document[name]

    def text(self, name: str) -> str:
        """Return a text."""
        return self._of(name, str, "a text")

    def text_or_none(self, name: str) -> str | None:
        """Return a text, or None."""
        return None if self.value(name) is None else self.text(name)

    def switch(self, name: str) -> bool:
        """Return true or false."""
        return self._of(name, bool, "true or false")

    def number(self, name: str) -> float:
        """Return a number that isn't negative."""
        value = self.value(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= sys.float_info.max:
            raise self.broken(value, "a number, at least 0", name)
        return float(value)

    def count(self, name: str) -> int:
        """Return a whole number that isn't negative."""
        value = self.value(name)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.broken(value, "a whole number, at least 0", name)
        return value

    def object(self, name: str) -> JSONObject:
        """Return an object as it is."""
        return self.part(name)._document  # noqa: SLF001  # of another of these

    def part(self, name: str) -> Part:
        """Return an object, to be read with care."""
        return Part(self.value(name), f"{self.place}.{name}".removeprefix("."))

    def part_or_none(self, name: str) -> Part | None:
        """Return an object, to be read with care, or None."""
        return None if self.value(name) is None else self.part(name)

    def parts(self, name: str) -> Iterator[Part]:
        """Yield the objects of a list."""
        for number, item in enumerate(self.list(name)):
            yield Part(item, f"{self.place}.{name}[{number}]".removeprefix("."))

    def texts(self, name: str) -> list[str]:
        """Return a list of texts."""
        items = self.list(name)
        texts = [item for item in items if isinstance(item, str)]
        if len(texts) != len(items):
            raise self.broken(items, "a list of texts", name)
        return texts

    def list(self, name: str) -> list[JSONValue]:
        """Return a list."""
        value = self.value(name)
        if not isinstance(value, list):
            raise self.broken(value, "a list", name)
        return value

    def word(self, name: str, vocabulary: type[Word]) -> Word:
        """Return a word of a vocabulary."""
        return self._read(name, vocabulary, f"one of {', '.join(vocabulary)}")

    def word_or_none(self, name: str, vocabulary: type[Word]) -> Word | None:
        """Return a word of a vocabulary, or None."""
        return None if self.value(name) is None else self.word(name, vocabulary)

    def instant(self, name: str) -> datetime:
        """Return an instant."""
        instant = self._read(name, datetime.fromisoformat, "an instant with its time zone")
        if instant.tzinfo is None:
            raise self.broken(self.value(name), "an instant with its time zone", name)
        return instant.astimezone(UTC)

    def instant_or_none(self, name: str) -> datetime | None:
        """Return an instant, or None."""
        return None if self.value(name) is None else self.instant(name)

    def duration(self, name: str) -> timedelta:
        """Return a length of time, which stands there in microseconds."""
        return self.count(name) * _MICROSECOND

    def durations(self, name: str) -> tuple[timedelta, ...]:
        """Return several lengths of time."""
        return tuple(Part({name: item}, self.place).duration(name) for item in self.list(name))

    def _read(self, name: str, read: Callable[[str], Value], expected: str) -> Value:
        try:
            return read(self.text(name))
        except ValueError:
            raise self.broken(self.value(name), expected, name) from None

    def _of(self, name: str, kind: type[Value], expected: str) -> Value:
        value = self.value(name)
        if not isinstance(value, kind):
            raise self.broken(value, expected, name)
        return value


def microseconds(length: timedelta) -> int:
    """Write a length of time."""
    return length // _MICROSECOND


def instant_text(instant: datetime | None) -> str | None:
    """Write an instant, to the microsecond."""
    return None if instant is None else instant.isoformat()
