r"""The syntax of Java's regular expressions: the text of a pattern as a tree.

It follows ``java.util.regex.Pattern`` of Java 17 where that goes its own ways: unions and intersections in classes,
``{2}{3}`` (the second repeats nothing), a ``]`` or ``}`` that stands alone, ``\uD83D\uDE00`` for one character. What
Java can write in several ways is one thing in the tree.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.schemas.patterns.characters import (
    EVERY,
    LINE_ENDS,
    characters,
    complement,
    in_either_case,
    intersection,
    those,
    union,
)
from pytest_cloudcontrol.schemas.patterns.escapes import SETS, code_point_at
from pytest_cloudcontrol.schemas.patterns.properties import property_named
from pytest_cloudcontrol.schemas.patterns.tree import (
    NOTHING,
    At,
    Choice,
    Group,
    OneOf,
    Reference,
    Repeat,
    Sequence,
)

if TYPE_CHECKING:
    from pytest_cloudcontrol.schemas.patterns.characters import Characters
    from pytest_cloudcontrol.schemas.patterns.tree import GroupKind, Mode, Node, Place

_PLACES: Final[dict[str, Place]] = {
    "A": "start",
    "B": "no boundary",
    "G": "start",
    "Z": "end",
    "b": "boundary",
    "z": "very end",
}
_LINE_BREAKS: Final = Choice((Sequence((OneOf(those("\r")), OneOf(those("\n")))), OneOf(SETS["v"])))
_LINE_BREAK: Final = Group("plain", _LINE_BREAKS)
_GROUPS: Final[dict[str, GroupKind]] = {
    "(": "capturing",
    "(?:": "plain",
    "(?=": "ahead",
    "(?!": "not ahead",
    "(?>": "atomic",
    "(?<=": "behind",
    "(?<!": "not behind",
}
_MODES: Final[dict[str, Mode]] = {"": "greedy", "?": "lazy", "+": "possessive"}
_SIGNS: Final[dict[str, tuple[int, int | None]]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_MOST_REPETITIONS: Final = 2**31 - 1

_QUOTED: Final = re.compile(r"\\Q(.*?)(?:\\E|\Z)|\\.|[^\\]+", re.DOTALL)
_GROUP_START: Final = re.compile(r"\(\?(?:<?[=!]|[:>])|\((?!\?)")
_NAMED_GROUP: Final = re.compile(r"\(\?<([a-zA-Z][a-zA-Z0-9]*)>")
_NAMED_REFERENCE: Final = re.compile(r"k<([a-zA-Z][a-zA-Z0-9]*)>")
_FLAGS: Final = re.compile(r"\(\?([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])")
_QUANTIFIER: Final = re.compile(r"(?:([*+?])|\{([0-9]+)(?:(,)([0-9]*))?\})([?+]?)")
_PROPERTY: Final = re.compile(r"[pP](?:\{([^}]+)\}|([^{]))", re.DOTALL)
_JAVA_FLAGS: Final = frozenset("cdimsuxU")
_HANDLED_FLAGS: Final = frozenset("ims")


def parse(java: str) -> Node:
    """Parse a pattern of Java's.

    Raises:
        ValueError: Java doesn't compile it, or Python has nothing for it; the message says what is wrong and where.
    """
    return _Parser(_without_quotes(java)).pattern()


def _without_quotes(java: str) -> str:
    r"""Return a pattern in which what stands between ``\Q`` and ``\E`` is escaped character by character."""
    return _QUOTED.sub(lambda found: found[0] if found[1] is None else _quoted(found[1]), java)


def _quoted(text: str) -> str:
    quoted = "".join(char if char.isalnum() or not char.isascii() else f"\\{char}" for char in text)
    # A digit must not become part of an escape sequence that stands before it.
    return f"\\x3{quoted}" if text[:1] in {*"0123456789"} else quoted


class _Parser:
    """Reads a pattern from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._flags: frozenset[str] = frozenset()
        self._groups = 0
        self._complete: set[int] = set()
        self._names: dict[str, int] = {}

    def pattern(self) -> Node:
        tree = self._choice()
        if self._at < len(self._text):
            raise self._invalid("a ) that closes nothing")
        return tree

    def _choice(self) -> Node:
        branches = [self._sequence()]
        while self._take("|"):
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _sequence(self) -> Node:
        items: list[Node] = []
        while (char := self._peek()) not in ("", "|", ")"):
            if char != "(" or not self._take_flags():
                items.append(self._quantified(self._item(char)))
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def _item(self, char: str) -> Node:
        if char in ("*", "+", "?"):
            raise self._invalid(f"a {char} that repeats nothing")
        if char == "{":
            return NOTHING
        if char == "(":
            return self._group()
        if char == "[":
            return OneOf(self._class())
        self._at += 1
        if char == "\\":
            return self._escape()
        if char == "^":
            return At("line start" if "m" in self._flags else "start")
        if char == "$":
            return At("line end" if "m" in self._flags else "end")
        if char == ".":
            return OneOf(EVERY if "s" in self._flags else complement(LINE_ENDS))
        return OneOf(self._cased(ord(char), ord(char)))

    def _quantified(self, item: Node) -> Node:
        found = _QUANTIFIER.match(self._text, self._at)
        if found is None:
            if self._peek() == "{":
                raise self._invalid("a { that begins no {n}, {n,} or {n,m}")
            return item
        sign, first, comma, last, mode = found.groups()
        if sign is not None:
            least, most = _SIGNS[sign]
        else:
            least = int(first)
            most = least if comma is None else int(last) if last else None
            if max(least, most or 0) > _MOST_REPETITIONS or (most is not None and most < least):
                raise self._invalid(f"the wrong range {{{found[2]}{found[3] or ''}{found[4] or ''}}}")
        self._at = found.end()
        if item is NOTHING:
            return NOTHING
        if item is _LINE_BREAK:  # repeated, it never takes the "\r" of "\r\n" alone
            item = Group("atomic", _LINE_BREAKS)
        return Repeat(item, least, most, _MODES[mode])

    # Groups

    def _take_flags(self) -> bool:
        """Take flags that hold from here on, such as ``(?i)``."""
        found = _FLAGS.match(self._text, self._at)
        if found is None or found[3] == ":":
            return False
        self._set_flags(found)
        return True

    def _set_flags(self, found: re.Match[str]) -> None:
        on, off = frozenset(found[1]), frozenset(found[2] or "")
        if unknown := (on | off) - _JAVA_FLAGS:
            raise self._invalid(f"the unknown flag {min(unknown)}")
        if unhandled := on - _HANDLED_FLAGS:
            raise self._unequalled(f"the flag {min(unhandled)}")
        self._flags = (self._flags | on) - off
        self._at = found.end()

    def _group(self) -> Node:
        flags = self._flags
        number = None
        if found := _GROUP_START.match(self._text, self._at):
            kind = _GROUPS[found[0]]
            self._at = found.end()
        elif found := _NAMED_GROUP.match(self._text, self._at):
            kind = "capturing"
            if found[1] in self._names:
                raise self._invalid(f"a second group named {found[1]}")
            self._names[found[1]] = self._groups + 1
            self._at = found.end()
        elif found := _FLAGS.match(self._text, self._at):
            kind = "plain"
            self._set_flags(found)
        else:
            raise self._invalid(f"the unknown kind of group {self._text[self._at : self._at + 4]}")
        if kind == "capturing":
            self._groups += 1
            number = self._groups
        body = self._choice()
        if not self._take(")"):
            raise self._invalid("a group without its )")
        if number is not None:
            self._complete.add(number)
        self._flags = flags
        return Group(kind, body)

    def _reference(self, number: int) -> Node:
        if number not in self._complete:
            raise self._unequalled(f"a reference to group {number} before its end")
        return Reference(number, "i" in self._flags)

    # Escapes

    def _escape(self) -> Node:
        """Read what follows a backslash outside a class."""
        char = self._peek()
        found = self._set()
        if found is not None:
            return OneOf(found)
        if "1" <= char <= "9":
            return self._numbered_reference()
        if named := _NAMED_REFERENCE.match(self._text, self._at):
            if named[1] not in self._names:
                raise self._invalid(f"a reference to the unknown group {named[1]}")
            self._at = named.end()
            return self._reference(self._names[named[1]])
        if char == "X" or self._text.startswith("b{g}", self._at):
            raise self._unequalled("a grapheme cluster")
        if char in _PLACES:
            self._at += 1
            return At(_PLACES[char])
        if char == "R":
            self._at += 1
            return _LINE_BREAK
        code_point = self._code_point()
        return OneOf(self._cased(code_point, code_point))

    def _numbered_reference(self) -> Node:
        """Read as many digits as there are groups for; the first belongs to it in any case."""
        number = int(self._peek())
        self._at += 1
        while (digit := self._peek()) and digit in "0123456789" and number * 10 + int(digit) <= self._groups:
            number = number * 10 + int(digit)
            self._at += 1
        return self._reference(number)

    def _set(self) -> Characters | None:
        """Read an escape that stands for a set of characters; None if this is none."""
        char = self._peek()
        if char in SETS:
            self._at += 1
            return SETS[char]
        return self._property() if char in ("p", "P") else None

    def _property(self) -> Characters:
        found = _PROPERTY.match(self._text, self._at)
        if found is None:
            raise self._invalid("a property without its name")
        name = found[1] or found[2]
        members = property_named(name, in_any_case="i" in self._flags)
        if members is None:
            raise self._unequalled(f"the property {name}")
        self._at = found.end()
        return complement(members) if found[0][0] == "P" else members

    def _code_point(self) -> int:
        """Read an escape that stands for one character."""
        found = code_point_at(self._text, self._at)
        if found is None:
            raise self._invalid(f"the unknown escape sequence \\{self._peek()}")
        code_point, self._at = found
        return code_point

    # Classes

    def _class(self) -> Characters:
        """Read a class in brackets."""
        self._at += 1
        negated = self._take("^")
        members = self._members()
        self._at += 1
        return complement(members) if negated else members

    def _members(self) -> Characters:
        """Read a class up to its closing bracket, which stays.

        Two things are as Java does them, odd as they are: single characters below U+0100 are kept apart, to be added
        at the end or before ``&&``, and ``&&`` without a right side intersects with what was last read.
        """
        members: Characters | None = None
        latest: Characters | None = None
        singles: Characters | None = None
        every_single: Characters = ()
        while True:
            char = self._peek()
            if not char:
                raise self._invalid("a class without its ]")
            if char == "]" and not (members is None and singles is None):
                return union(members or (), singles or ())
            if self._take("&&"):
                right = self._right_side()
                if singles is not None:
                    if members is None:
                        latest = singles
                    members = union(members or (), singles)
                    singles = None
                latest = latest if right is None else right
                if latest is None:
                    raise self._invalid("a && between nothing")
                members = latest if members is None else intersection(members, latest)
                continue
            if char == "[":
                latest = self._class()
            else:
                latest, is_single = self._range()
                if is_single:
                    every_single = singles = union(every_single, latest)
                    latest = None
                    continue
            members = union(members or (), latest)

    def _right_side(self) -> Characters | None:
        """Read what stands at the right of ``&&``."""
        right: Characters | None = None
        while self._peek() not in ("]", "&", ""):
            right = union(right or (), self._class() if self._peek() == "[" else self._members())
        return right

    def _range(self) -> tuple[Characters, bool]:
        """Read a character, a range or an escape of a class, and tell whether it is a single one below U+0100."""
        if self._take("\\"):
            # As an end of a range, \v is one character only.
            if self._text.startswith("v-", self._at):
                self._at += 1
                first = 0x0B
            elif (found := self._set()) is not None:
                return found, False
            else:
                first = self._code_point()
        else:
            first = ord(self._text[self._at])
            self._at += 1
        if self._peek() != "-" or self._text[self._at + 1 : self._at + 2] in ("[", "]"):
            return self._cased(first, first), first < 0x100
        self._at += 1
        last = self._range_end()
        if last < first:
            raise self._invalid("a range whose end comes before its start")
        return self._cased(first, last), False

    def _range_end(self) -> int:
        if self._take("\\"):
            if self._take("v"):
                return 0x0B
            return self._code_point()
        if not self._peek():
            raise self._invalid("a class without its ]")
        self._at += 1
        return ord(self._text[self._at - 1])

    # Small things

    def _cased(self, first: int, last: int) -> Characters:
        return _range(first, last, "i" in self._flags)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, text: str) -> bool:
        if not self._text.startswith(text, self._at):
            return False
        self._at += len(text)
        return True

    def _invalid(self, what: str) -> ValueError:
        return ValueError(f"{what} at position {self._at}")

    def _unequalled(self, what: str) -> ValueError:
        return ValueError(f"{what} at position {self._at}, which Python's re cannot try")


@functools.lru_cache(maxsize=1024)
def _range(first: int, last: int, in_any_case: bool) -> Characters:
    found = characters((first, last))
    return in_either_case(found) if in_any_case else found
