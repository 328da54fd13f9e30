"""What a backslash makes of the characters behind it, apart from places, groups and properties."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.schemas.patterns.characters import (
    DIGIT,
    LINE_ENDS,
    SPACE,
    WORD,
    characters,
    complement,
    those,
    union,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_cloudcontrol.schemas.patterns.characters import Characters

_VERTICAL: Final = union(LINE_ENDS, those("\v\f"))
_HORIZONTAL: Final = union(those(" \t\xa0\u1680\u180e\u202f\u205f\u3000"), characters((0x2000, 0x200A)))
SETS: Final[Mapping[str, Characters]] = {
    "d": DIGIT,
    "D": complement(DIGIT),
    "h": _HORIZONTAL,
    "H": complement(_HORIZONTAL),
    "s": SPACE,
    "S": complement(SPACE),
    "v": _VERTICAL,
    "V": complement(_VERTICAL),
    "w": WORD,
    "W": complement(WORD),
}
"""The sets of characters that one letter stands for."""

_CONTROLS: Final = {"a": 0x07, "e": 0x1B, "f": 0x0C, "n": 0x0A, "r": 0x0D, "t": 0x09}
_CODE: Final = re.compile(
    r"u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})"
    r"|x(?P<x>[0-9a-fA-F]{2})|x\{(?P<braces>[0-9a-fA-F]+)\}"
    r"|0(?P<octal>[0-3][0-7]{2}|[0-7]{1,2})|c(?P<control>.)|N\{(?P<name>[^}]*)\}",
    re.DOTALL,
)


def code_point_at(text: str, position: int) -> tuple[int, int] | None:
    """Return the code point that an escape sequence stands for, and where the sequence ends; None if it is none such.

    Args:
        text: a pattern.
        position: that of the first character behind the backslash.
    """
    char = text[position : position + 1]
    if char in _CONTROLS:
        return _CONTROLS[char], position + 1
    if char and not (char.isascii() and char.isalnum()):
        return ord(char), position + 1
    found = _CODE.match(text, position)
    code_point = None if found is None else _coded(found)
    return None if found is None or code_point is None else (code_point, found.end())


def _coded(found: re.Match[str]) -> int | None:
    """Return the code point that a number or a name stands for; None if there is none of that name or number."""
    parts = found.groupdict()
    if parts["high"]:
        return 0x10000 + (int(parts["high"], 16) - 0xD800) * 0x400 + int(parts["low"], 16) - 0xDC00
    if parts["octal"]:
        return int(parts["octal"], 8)
    if parts["control"]:
        return ord(parts["control"]) ^ 0x40
    if parts["name"] is not None:
        try:
            return ord(unicodedata.lookup(parts["name"]))
        except (KeyError, TypeError):
            return None
    code_point = int(parts["u"] or parts["x"] or parts["braces"], 16)
    return code_point if code_point <= 0x10FFFF else None
