"""What a test gives: each check returns the value, or raises an OptionError that shows it and what was expected."""

from __future__ import annotations

import sys
from datetime import timedelta
from functools import partial
from inspect import isasyncgen, isawaitable, isgenerator, isroutine
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from pytest_cloudcontrol.exceptions import Portable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from enum import StrEnum

Duration: TypeAlias = timedelta | float
"""A length of time: a timedelta, or a number of seconds."""

Word = TypeVar("Word", bound="StrEnum")

_DURATION: Final = "a timedelta or a number of seconds, at least 0"
_POSITIVE_DURATION: Final = "a timedelta or a number of seconds, more than 0"


_LONGEST_SHOWN: Final = 2000


def shown(value: object) -> str:
    """Return a value as Python writes it, for an error: shortened if it is very long, its kind if it can't be written.

    A dict of thousands of levels can't, nor a number of thousands of digits, nor what breaks in a ``__repr__`` of its
    own.
    """
    try:
        written = repr(value)
    except Exception as error:  # whatever it is, it mustn't take the place of the error that shows the value
        return f"<{type(value).__name__} that can't be shown: {type(error).__name__}>"
    return written if len(written) <= _LONGEST_SHOWN else f"{written[:_LONGEST_SHOWN]}… ({len(written)} characters)"


def nearest(value: object, valid: Iterable[str]) -> str | None:
    """Return the valid word that a misspelt one most likely stands for, if one is near enough."""
    from difflib import get_close_matches  # nobody who misspells nothing pays for it

    by_lower_case = {word.lower(): word for word in valid}
    word = value if isinstance(value, str) else shown(value)
    found = get_close_matches(word.lower(), by_lower_case, n=1)
    return by_lower_case[found[0]] if found else None


def did_you_mean(value: object, valid: Iterable[str], shown: Callable[[str], str] = repr) -> str:
    """Return the question that ends an error about a misspelt word; empty if no valid word is near enough.

    Args:
        value: the misspelt word.
        valid: the valid ones.
        shown: how the word meant is written: as Python writes it, unless it isn't meant for Python.
    """
    meant = nearest(value, valid)
    return "" if meant is None else f"Did you mean {shown(meant)}?"


def with_valid(wrong: str, there_are: str, valid: Iterable[str], question: str) -> str:
    """Return what is wrong, then the valid word that was most likely meant, then all of them."""
    listed = f"{there_are} {', '.join(valid)}."
    return f"{wrong}. {question} {listed[0].upper()}{listed[1:]}" if question else f"{wrong}: {listed}"


class OptionError(ValueError, Portable):
    """An option or argument has a wrong name or a wrong value.

    Attributes:
        name: the option or argument.
        value: what was given.
        expected: the valid words, or a sentence that says what is valid.
    """

    def __init__(self, name: str, value: object, expected: Sequence[str] | str) -> None:
        self.name = name
        self.value = value
        self.expected = expected
        wanted = f": expected {expected}"
        if not isinstance(expected, str):
            question = did_you_mean(value, expected)  # which comes first: the list may be long
            wanted = f"{f'. {question} Expected' if question else ': expected'} one of {', '.join(expected)}"
        super().__init__(f"{name}={shown(value)} is not valid{wanted}")


class UnknownOption(OptionError):
    """An option that doesn't exist was given, most likely a misspelt one."""

    def __init__(self, name: str, value: object, valid: Sequence[str]) -> None:
        super().__init__(name, value, valid)
        there_is_none = f"there is no option {name!r} (given as {name}={shown(value)})"
        self.args = (with_valid(there_is_none, "the options are", valid, did_you_mean(name, valid)),)


def word(vocabulary: type[Word], value: str, name: str) -> Word:
    """Return the member of a vocabulary that a string names.

    Raises:
        OptionError: the string is none of them; the message lists them all.
    """
    words = {member.value: member for member in vocabulary}
    if not isinstance(value, str) or value not in words:
        raise OptionError(name, value, list(words))
    return words[value]


def whole_number(value: object, name: str) -> int:
    """Return a positive whole number; OptionError if it is none, or larger than could ever be counted."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise OptionError(name, value, "a whole number, at least 1")
    if value > sys.maxsize:
        raise OptionError(name, value, f"a whole number, at most {sys.maxsize}")
    return value


def finite_number(value: object, name: str) -> float:
    """Return a number that isn't negative; OptionError if it is none, or has no end."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= sys.float_info.max:
        raise OptionError(name, value, "a finite number, at least 0")
    return float(value)


def true_or_false(value: object, name: str) -> bool:
    """Return True or False; OptionError if it is neither."""
    if not isinstance(value, bool):
        raise OptionError(name, value, "True or False")
    return value


def text(value: object, name: str) -> str:
    """Return a text; OptionError if it is none, or can't be sent: answers and seeds are UTF-8."""
    if not isinstance(value, str):
        raise OptionError(name, value, "a text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise OptionError(name, value, "a text without lone surrogates, which UTF-8 can't have") from None
    return value


def runs_as(function: object, *kinds: Callable[[object], bool]) -> bool:
    """Whether a callable is of one of these kinds, such as ``inspect.isgeneratorfunction``.

    It may be so behind a partial, or as an object whose call is.
    """
    code = function
    while isinstance(code, partial):
        code = code.func
    if not isroutine(code) and not isinstance(code, type):
        code = getattr(type(code), "__call__", None)  # noqa: B004  # its kind is asked for, not whether it is there
    return any(is_of(function) or is_of(code) for is_of in kinds)


def refuse_unfinished(name: str, returned: object, expected: str) -> None:
    """Refuse what is still to run: a coroutine or another awaitable, or a generator.

    Raises:
        OptionError: it is one.
    """
    if not (isawaitable(returned) or isgenerator(returned) or isasyncgen(returned)):
        return
    refusal = OptionError(name, returned, expected)
    for end in ("close", "cancel"):  # a coroutine, which would warn that it was never awaited; a task
        if hasattr(returned, end):
            getattr(returned, end)()
    raise refusal


def duration(
    value: object, name: str, *, at_least: timedelta = timedelta(0), at_most: timedelta | None = None
) -> timedelta:
    """Return a length of time as a timedelta.

    Raises:
        OptionError: it is neither a timedelta nor a number of seconds, shorter than the least, or longer than the most.
    """
    expected = _POSITIVE_DURATION if at_least else _DURATION
    if isinstance(value, bool) or not isinstance(value, timedelta | int | float):
        raise OptionError(name, value, expected)
    try:
        length = value if isinstance(value, timedelta) else timedelta(seconds=value)
    except (OverflowError, ValueError):
        raise OptionError(name, value, expected) from None
    if length < at_least:
        raise OptionError(name, value, expected)
    if at_most is not None and length > at_most:
        raise OptionError(name, value, f"at most {at_most.days} days")
    return length
