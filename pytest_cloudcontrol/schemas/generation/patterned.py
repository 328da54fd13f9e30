"""Texts made from a regular expression, for a pattern that nothing plausible satisfies.

A pattern is read with Python's own parser and taken apart into pieces, each of which writes characters that it takes.
Look-around and word boundaries write none: whether a text satisfies them shows only afterwards, so that there is more
than one try.

No library serves here: rstr, the one that is kept up, draws from sets of characters, so that equal seeds give other
texts in another process, and knows neither atomic groups nor possessive repeats.
"""

from __future__ import annotations

import functools
import importlib
import re
from dataclasses import dataclass, field
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits, punctuation, whitespace
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

_USUAL_COUNTS: Final = (17, 8, 4, 1)
"""How often a character is repeated in the first tries, where the pattern leaves it open: 17 as in most ids of AWS."""

_MORE_TRIES: Final = 60
_NICE: Final = (ascii_lowercase + digits, ascii_uppercase + digits)
_FURTHER: Final = ("-_.:/", punctuation, " ", "\n\t")
_CATEGORIES: Final = {"DIGIT": digits, "SPACE": whitespace, "WORD": f"{ascii_letters}{digits}_"}


def texts_like(pattern: str, random: Random, shortest: int = 0) -> Iterator[str]:
    """Yield texts that may match a pattern; most do, and whether one does is for the caller to see.

    Args:
        pattern: one of Python's, as the schemas of a catalog have them.
        random: the source of everything random; equal sources give equal texts.
        shortest: how long a text should at least be; the first ones and a few others may be shorter.

    Example:
        >>> next(texts_like("^(vpce|svc)-[0-9a-f]{8,17}$", Random(0)))
        'vpce-760e206e1382e63e8'
    """
    piece = _piece_of(pattern)
    text = ""
    for count in _USUAL_COUNTS:
        text = piece.text(_Try(random, count, groups=1, is_plain=True))
        yield text
    if len(text) < shortest:
        # The last one has a single character where the pattern leaves it open: usually in one place.
        yield piece.text(_Try(random, shortest - len(text) + 1, groups=1, is_plain=True))
    most = max(32, 2 * shortest)
    for _ in range(_MORE_TRIES):
        count, groups = random.randint(0, most), random.randint(0, most // 8)
        yield piece.text(_Try(random, count, groups, is_plain=False))


@dataclass(slots=True)
class _Try:
    """One text being written.

    Attributes:
        random: the source of everything random.
        count: how often a character is repeated where the pattern leaves it open.
        groups: the same for several characters.
        is_plain: take the likeliest alternative, and the nicest characters; else any.
        captured: what the groups wrote, by their numbers.
    """

    random: Random
    count: int
    groups: int
    is_plain: bool
    captured: dict[int, str] = field(default_factory=dict)


class _Piece(Protocol):
    """A part of a pattern."""

    @property
    def varies(self) -> bool:
        """Whether it can write different characters."""
        ...

    def text(self, attempt: _Try, /) -> str:
        """Write characters that the part takes."""
        ...


@dataclass(frozen=True, slots=True)
class _Literal:
    character: str
    varies: ClassVar[bool] = False

    def text(self, _attempt: _Try, /) -> str:
        return self.character


@dataclass(frozen=True, slots=True)
class _Class:
    """One of several characters: the nice ones, or all."""

    nice: str
    every: str

    @property
    def varies(self) -> bool:
        return len(self.nice) > 1

    def text(self, attempt: _Try, /) -> str:
        return self.texts(attempt, 1)

    def texts(self, attempt: _Try, count: int) -> str:
        characters = self.nice if attempt.is_plain else self.every
        return "".join(attempt.random.choices(characters, k=count)) if characters else ""


@dataclass(frozen=True, slots=True)
class _Sequence:
    pieces: tuple[_Piece, ...]

    @property
    def varies(self) -> bool:
        return any(piece.varies for piece in self.pieces)

    def text(self, attempt: _Try, /) -> str:
        return "".join([piece.text(attempt) for piece in self.pieces])


@dataclass(frozen=True, slots=True)
class _Branch:
    branches: tuple[_Sequence, ...]

    @property
    def varies(self) -> bool:
        return any(branch.varies for branch in self.branches)

    def text(self, attempt: _Try, /) -> str:
        if attempt.is_plain:
            # A word such as "default" is likely to be a special case, and so is nothing.
            return max(self.branches, key=lambda branch: (branch.varies, bool(branch.pieces))).text(attempt)
        return attempt.random.choice(self.branches).text(attempt)


@dataclass(frozen=True, slots=True)
class _Repeat:
    least: int
    most: int
    piece: _Sequence

    @property
    def varies(self) -> bool:
        return self.piece.varies

    def text(self, attempt: _Try, /) -> str:
        single = self.piece.pieces[0] if len(self.piece.pieces) == 1 else None
        wanted = attempt.count if isinstance(single, _Class | _Literal) else attempt.groups
        count = max(self.least, min(self.most, wanted))
        if isinstance(single, _Class):
            return single.texts(attempt, count)
        return "".join([self.piece.text(attempt) for _ in range(count)])


@dataclass(frozen=True, slots=True)
class _Group:
    number: int | None
    piece: _Sequence

    @property
    def varies(self) -> bool:
        return self.piece.varies

    def text(self, attempt: _Try, /) -> str:
        text = self.piece.text(attempt)
        if self.number is not None:
            attempt.captured[self.number] = text
        return text


@dataclass(frozen=True, slots=True)
class _Repetition:
    """What a group wrote before."""

    number: int
    varies: ClassVar[bool] = False

    def text(self, attempt: _Try, /) -> str:
        return attempt.captured.get(self.number, "")


@functools.lru_cache(512)
def _piece_of(pattern: str) -> _Sequence:
    # The module is named so in every supported Python; its only public name is a deprecated one.
    parser = importlib.import_module("re._parser")
    return _sequence(parser.parse(pattern, re.ASCII))


# The parser's nodes are pairs of a code and what belongs to it, which has another form for each code: hence Any.
def _sequence(nodes: Sequence[tuple[object, Any]]) -> _Sequence:
    return _Sequence(tuple(piece for code, argument in nodes if (piece := _piece(str(code), argument)) is not None))


def _piece(code: str, argument: Any) -> _Piece | None:
    match code:
        case "LITERAL":
            return _Literal(chr(argument))
        case "IN" | "NOT_LITERAL" | "ANY":
            return _class(code, tuple(argument) if code == "IN" else argument)
        case "SUBPATTERN":
            return _Group(argument[0], _sequence(argument[3]))
        case "ATOMIC_GROUP":
            return _Group(None, _sequence(argument))
        case "BRANCH":
            return _Branch(tuple(map(_sequence, argument[1])))
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, nodes = argument
            return _Repeat(least, int(most), _sequence(nodes))
        case "GROUPREF":
            return _Repetition(argument)
        case _:
            return None


@functools.lru_cache(1024)
def _class(code: str, argument: Any) -> _Class:
    nice, further = (
        ["".join(character for character in kind if _takes(code, argument, character)) for kind in kinds]
        for kinds in (_NICE, _FURTHER)
    )
    every = "".join(dict.fromkeys("".join([*nice, *further[:-1]]))) or further[-1] or _first_of(argument)
    return _Class(max(nice, key=len) or next(filter(None, further), every), every)


def _takes(code: str, argument: Any, character: str) -> bool:
    """Tell whether a class of characters takes one."""
    match code:
        case "LITERAL" | "NOT_LITERAL":
            return bool(ord(character) == argument) is (code == "LITERAL")
        case "ANY":
            return character != "\n"
        case "RANGE":
            return bool(argument[0] <= ord(character) <= argument[1])
        case "CATEGORY":
            kind, _, name = str(argument).removeprefix("CATEGORY_").rpartition("_")
            return (character in _CATEGORIES[name]) is not (kind == "NOT")
        case _:
            is_negated = str(argument[0][0]) == "NEGATE"
            items = argument[1:] if is_negated else argument
            return any(_takes(str(item), of_item, character) for item, of_item in items) is not is_negated


def _first_of(items: Any) -> str:
    """Return the first character of a class that has none of ASCII's."""
    for code, argument in items if isinstance(items, tuple) else ():
        if str(code) in ("LITERAL", "RANGE"):
            return chr(argument if str(code) == "LITERAL" else argument[0])
    return ""
