r"""How Python writes one character of a set.

Whatever a class of Java's is made of, it is in the end a set of characters: ``[a-z&&[^aeiou]]`` as well as ``\p{L}``.
So classes are not translated; what they amount to is written as shortly as Python allows.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.schemas.patterns.characters import (
    DIGIT,
    EVERY,
    SPACE,
    WORD,
    complement,
    difference,
    intersection,
    those,
    union,
)
from pytest_cloudcontrol.schemas.patterns.properties import categories

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_cloudcontrol.schemas.patterns.characters import Characters

# In Python's own notation, a set of more ranges than any script has, and most that \p stands for, is long.
_MANY_RANGES: Final = 40

_ESCAPES: Final = {"\t": r"\t", "\n": r"\n", "\v": r"\v", "\f": r"\f", "\r": r"\r"}
_SPECIAL: Final = frozenset("\\.^$*+?{}[]|()")
# Besides what ends or negates a class: doubled, these may one day mean operations on sets, and re warns of it.
_SPECIAL_IN_CLASS: Final = frozenset("\\]^-[&~|")


@functools.lru_cache(maxsize=1024)
def python_class(of: Characters) -> str:
    r"""Return what matches one character of a set; quantifiers can follow it, and it may stand in a look-behind.

    It is written for ``re.ASCII``; what needs Python's knowledge of Unicode says so itself.

    Example:
        >>> python_class(union(LOWER, those("-")))
        '[\\-a-z]'
    """
    if of in _SHORTHANDS:
        return _SHORTHANDS[of]
    if len(of) == 1 and of[0][0] == of[0][1]:
        return _outside_class(of[0][0])
    others = complement(of)
    candidates = [f"[{text}]" for text in _in_class(of)] + [f"[^{text}]" for text in _in_class(others)]
    if len(of) > _MANY_RANGES:
        candidates += _in_terms_of_words(of, others)
    return min(candidates, key=lambda candidate: len(candidate.encode()))


_SHORTHANDS: Final = {
    DIGIT: r"\d",
    WORD: r"\w",
    SPACE: r"\s",
    complement(DIGIT): r"\D",
    complement(WORD): r"\W",
    complement(SPACE): r"\S",
    EVERY: r"[\s\S]",
    (): r"[^\s\S]",
}


def _in_terms_of_words(of: Characters, others: Characters) -> Iterator[str]:
    r"""Yield ways to write a set by what it has more or less than Unicode's ``\w``.

    ``\w`` stands for ``[\p{L}\p{N}_]``, over 700 ranges. A set that holds most of them, or of the rest, is then short.
    """
    words = union(categories("L N"), those("_"))
    without, within = difference(words, of), intersection(words, of)
    if not without:
        yield rf"(?u:[\w{_enough_for(of, words)}])"
    elif within == of:
        yield rf"(?u:[^\W{_ranges(without)}])"
    else:
        yield rf"(?u:(?![{_ranges(without)}])[\w{_enough_for(of, words)}])"
    if not within:
        yield rf"(?u:[^\w{_enough_for(others, words)}])"
    elif without == others:
        yield rf"(?u:[\W{_ranges(within)}])"


def _enough_for(of: Characters, known: Characters) -> str:
    """Write as few ranges of a set as are enough together with the characters of it that are known already."""
    enough: list[tuple[int, int]] = []
    ranges = iter(of)
    start, end = -1, -1
    for first, last in difference(of, known):
        while end < last:
            start, end = next(ranges)
        if enough and enough[-1][1] >= start:
            first = enough.pop()[0]
        enough.append((first, last))
    return _ranges(enough)


def _in_class(of: Characters) -> Iterator[str]:
    """Yield ways to write the characters of a set as they stand between brackets."""
    yield _ranges(of)
    for shorthand, meant in ((r"\w", WORD), (r"\s", SPACE), (r"\w\s", union(WORD, SPACE))):
        if not difference(meant, of):
            yield shorthand + _ranges(difference(of, meant))


def _ranges(ranges: Iterable[tuple[int, int]]) -> str:
    return "".join(
        _inside_class(first)
        if first == last
        else f"{_inside_class(first)}{_inside_class(last)}"
        if last == first + 1
        else f"{_inside_class(first)}-{_inside_class(last)}"
        for first, last in ranges
    )


def _inside_class(code_point: int) -> str:
    return _escaped(code_point, _SPECIAL_IN_CLASS)


def _outside_class(code_point: int) -> str:
    return _escaped(code_point, _SPECIAL)


def _escaped(code_point: int, special: frozenset[str]) -> str:
    character = chr(code_point)
    if character in special:
        return f"\\{character}"
    if code_point < 0x20 or 0x7F <= code_point <= 0xA0:
        return _ESCAPES.get(character, f"\\x{code_point:02x}")
    if code_point in (0x2028, 0x2029):  # most programs end a line there
        return f"\\u{code_point:04x}"
    return character
