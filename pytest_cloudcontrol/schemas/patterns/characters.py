"""Sets of characters.

Halves of characters (surrogates) are left out of account: no JSON text has any.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Characters: TypeAlias = tuple[tuple[int, int], ...]
"""A set of code points: the first and the last of each range, in order, with a gap between any two ranges."""

_LAST: Final = 0x10FFFF
_BEFORE_SURROGATES: Final = 0xD7FF
_AFTER_SURROGATES: Final = 0xE000


def characters(*ranges: tuple[int, int]) -> Characters:
    """Return the set of the characters in ranges, which may come in any order and overlap."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(_without_surrogates(ranges)):
        if joined and first <= _next(joined[-1][1]):
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


def _without_surrogates(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for first, last in ranges:
        if first <= _BEFORE_SURROGATES:
            yield first, min(last, _BEFORE_SURROGATES)
        if last >= _AFTER_SURROGATES:
            yield max(first, _AFTER_SURROGATES), last


def _next(code_point: int) -> int:
    return _AFTER_SURROGATES if code_point == _BEFORE_SURROGATES else code_point + 1


def _previous(code_point: int) -> int:
    return _BEFORE_SURROGATES if code_point == _AFTER_SURROGATES else code_point - 1


def those(text: str) -> Characters:
    """Return the set of the characters of a text."""
    return characters(*((ord(character), ord(character)) for character in text))


def union(*sets: Characters) -> Characters:
    """Return the characters that are in any of some sets."""
    return characters(*chain.from_iterable(sets))


def complement(of: Characters) -> Characters:
    """Return the characters that are not in a set."""
    firsts = (0, *(_next(last) for _, last in of))
    lasts = (*(_previous(first) for first, _ in of), _LAST)
    return tuple((first, last) for first, last in zip(firsts, lasts, strict=True) if first <= last)


def intersection(left: Characters, right: Characters) -> Characters:
    """Return the characters that are in both of two sets."""
    return complement(union(complement(left), complement(right)))


def difference(left: Characters, right: Characters) -> Characters:
    """Return the characters of a set that are not in another."""
    return complement(union(complement(left), right))


def in_either_case(of: Characters) -> Characters:
    """Return a set with the other case of its ASCII letters: without Unicode, ``(?i)`` knows no other letters."""
    upper, lower = intersection(of, UPPER), intersection(of, LOWER)
    return union(
        of,
        tuple((first + 32, last + 32) for first, last in upper),
        tuple((first - 32, last - 32) for first, last in lower),
    )


DIGIT: Final = characters((0x30, 0x39))
UPPER: Final = characters((0x41, 0x5A))
LOWER: Final = characters((0x61, 0x7A))
WORD: Final = union(DIGIT, UPPER, LOWER, those("_"))
SPACE: Final = those(" \t\n\v\f\r")
EVERY: Final = characters((0, _LAST))
LINE_ENDS: Final = those("\n\r\x85\u2028\u2029")
