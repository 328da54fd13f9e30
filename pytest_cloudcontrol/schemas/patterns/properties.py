r"""The properties that ``\p{...}`` names in Java, as sets of characters.

Unicode's general categories come from Python's own ``unicodedata``. Java 17 has Unicode 13, Python 3.11 to 3.13 have
14 to 15.1: they differ in the characters that were added since, and in the kind of mark that U+1734 is.
"""

from __future__ import annotations

import functools
import unicodedata
from itertools import groupby
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.schemas.patterns.characters import (
    DIGIT,
    EVERY,
    LOWER,
    SPACE,
    UPPER,
    characters,
    complement,
    difference,
    those,
    union,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_cloudcontrol.schemas.patterns.characters import Characters

_ASCII: Final[Mapping[str, Characters]] = {
    "ASCII": characters((0x00, 0x7F)),
    "Alnum": union(DIGIT, LOWER, UPPER),
    "Alpha": union(LOWER, UPPER),
    "Blank": those(" \t"),
    "Cntrl": characters((0x00, 0x1F), (0x7F, 0x7F)),
    "Digit": DIGIT,
    "Graph": characters((0x21, 0x7E)),
    "L1": characters((0x00, 0xFF)),
    "Lower": LOWER,
    "Print": characters((0x20, 0x7E)),
    "Punct": difference(characters((0x21, 0x7E)), union(DIGIT, LOWER, UPPER)),
    "Space": SPACE,
    "Upper": UPPER,
    "XDigit": union(DIGIT, characters((0x41, 0x46), (0x61, 0x66))),
    "all": EVERY,
}

# Those that categories make up; Java knows each after "Is" in any case.
_BY_CATEGORIES: Final[Mapping[str, str]] = {
    "ASSIGNED": "L M N Z P S Cc Cf Co",
    "CNTRL": "Cc",
    "CONTROL": "Cc",
    "DIGIT": "Nd",
    "LETTER": "L",
    "PUNCT": "P",
    "PUNCTUATION": "P",
    "TITLECASE": "Lt",
}
_GROUPS: Final[Mapping[str, str]] = {"LC": "Lu Ll Lt", "LD": "L Nd"}
_WHITE_SPACE: Final = frozenset({"SPACE", "WHITESPACE", "WHITE_SPACE"})
_CASED: Final = frozenset({"Lu", "Ll", "Lt"})

# No character has a place in planes 4 to 13, and planes 15 and 16 are for private use.
_ASSIGNED_PLANES: Final = (range(0x40000), range(0xE0000, 0xF0000))
_PRIVATE_USE: Final = characters((0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))


def property_named(name: str, *, in_any_case: bool) -> Characters | None:
    r"""Return the set that ``\p{name}`` stands for; None if it is none of those that Python has the data for.

    Args:
        name: what stands between the braces, such as ``Lu``, ``IsLetter``, ``gc=L`` or ``Alnum``.
        in_any_case: whether ``(?i)`` holds there, which gives an upper case property its lower case, and vice versa.
    """
    key, equals, value = name.partition("=")
    if equals:
        return _by_category(value, in_any_case) if key.lower() in ("gc", "general_category") else None
    if name.startswith("Is"):
        binary = name[2:].upper()
        if binary in _BY_CATEGORIES:
            return categories(_BY_CATEGORIES[binary])
        if binary in _WHITE_SPACE:
            return union(categories("Z"), characters((0x09, 0x0D), (0x85, 0x85)))
        return _by_category(name[2:], in_any_case)
    if name in ("Lower", "Upper") and in_any_case:
        return union(LOWER, UPPER)
    return _ASCII[name] if name in _ASCII else _by_category(name, in_any_case)


def _by_category(name: str, in_any_case: bool) -> Characters | None:
    if name in _CASED and in_any_case:
        name = "LC"
    known = name in _GROUPS or name in _general_categories() or (len(name) == 1 and name in "LMNZPSC")
    return categories(_GROUPS.get(name, name)) if known else None


@functools.lru_cache(maxsize=64)
def categories(names: str) -> Characters:
    """Return the characters of some of Unicode's general categories, such as ``L Nd``."""
    return union(
        *(
            found
            for name in names.split()
            for category, found in _general_categories().items()
            if category.startswith(name)
        )
    )


@functools.cache
def _general_categories() -> Mapping[str, Characters]:
    """Return the characters of each of Unicode's general categories, such as ``Lu``."""
    ranges: dict[str, list[tuple[int, int]]] = {}
    for plane in _ASSIGNED_PLANES:
        first = plane.start
        for category, run in groupby(map(unicodedata.category, map(chr, plane))):
            last = first + sum(1 for _ in run) - 1
            ranges.setdefault(category, []).append((first, last))
            first = last + 1
    categories = {category: characters(*found) for category, found in ranges.items() if category != "Cn"}
    categories["Co"] = union(categories["Co"], _PRIVATE_USE)
    categories["Cn"] = complement(union(*categories.values()))
    return categories
