r"""How Python writes a pattern: the other half of the translation.

The result is for ``re.compile(pattern, re.ASCII).search(text)``, which then gives the verdict of Java's
``Pattern.compile(pattern).matcher(text).find()``.
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.schemas.patterns.classes import python_class
from pytest_cloudcontrol.schemas.patterns.tree import NOTHING, At, Choice, Group, OneOf, Reference, Repeat, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_cloudcontrol.schemas.patterns.tree import Mode, Node, Place

# Where Java sees the end of a text, or of a line: no line end is in the middle of "\r\n".
_END: Final = r"(?=(?:\r\n?|(?<!\r)\n|[\x85\u2028\u2029])?\Z)"
_PLACES: Final[Mapping[Place, str]] = {
    "start": "^",
    "end": _END,
    "very end": r"\Z",
    "line start": r"(?!\Z)(?:^|(?<=[\n\x85\u2028\u2029])|(?<=\r)(?!\n))",
    "line end": r"(?=\r|(?<!\r)\n|[\x85\u2028\u2029]|\Z)",
    "boundary": r"(?u:\b)",
    "no boundary": r"(?!(?u:\b))",  # unlike \B, this is true of the empty text, too
}
_GROUPS: Final = {
    "capturing": "(",
    "plain": "(?:",
    "atomic": "(?>",
    "ahead": "(?=",
    "not ahead": "(?!",
    "behind": "(?<=",
    "not behind": "(?<!",
}
_MODES: Final[Mapping[Mode, str]] = {"greedy": "", "lazy": "?", "possessive": "+"}
_SIGNS: Final = {(0, None): "*", (1, None): "+", (0, 1): "?"}

# A look-behind has a fixed length in Python. Java's can have several, each of which becomes a look-behind of its own.
_MOST_LOOK_BEHINDS: Final = 100


def python_text(pattern: Node) -> str:
    """Write a whole pattern for Python.

    Raises:
        ValueError: it looks behind itself at things of too many different lengths.
    """
    text = written(pattern)
    # If a pattern begins with a class, re.search first looks for the characters of that class, but forgets that "(?u:"
    # holds in it (Python 3.11 to 3.13). An empty look-ahead before it makes that impossible.
    if "(?u:" in text and not text.startswith("^"):
        return written(Sequence((Group("ahead", NOTHING), pattern)))
    return text


def written(node: Node) -> str:
    """Write a part of a pattern for Python."""
    match node:
        case OneOf():
            return python_class(node.characters)
        case At():
            return _PLACES[node.place]
        case Reference():
            return f"(?i:\\{node.group})" if node.in_either_case else f"(?:\\{node.group})"
        case Group(kind="behind" | "not behind"):
            return _look_behind(node)
        case Group():
            return f"{_GROUPS[node.kind]}{written(node.body)})"
        case Repeat():
            return _repetition(node)
        case Sequence():
            return "".join(map(_in_sequence, node.items))
        case Choice():
            return "|".join(map(written, node.branches))


def _in_sequence(node: Node) -> str:
    return f"(?:{written(node)})" if isinstance(node, Choice) else written(node)


def _repetition(node: Repeat) -> str:
    sign = _SIGNS.get((node.least, node.most)) or _counts(node.least, node.most)
    if node.mode == "possessive" and not isinstance(node.item, OneOf):
        # In Java, each single item is possessive, too. Python's own sign gives wrong answers before 3.11.5:
        # https://github.com/python/cpython/issues/106052
        return f"(?>(?>{written(node.item)}){sign})"
    item = written(node.item)
    can_be_repeated = isinstance(node.item, OneOf | Reference) or (
        isinstance(node.item, Group) and node.item.kind in ("capturing", "plain", "atomic")
    )
    return f"{item if can_be_repeated else f'(?:{item})'}{sign}{_MODES[node.mode]}"


def _counts(least: int, most: int | None) -> str:
    if least == most:
        return f"{{{least}}}"
    return f"{{{least},{'' if most is None else most}}}"


def _look_behind(node: Group) -> str:
    looks = [f"{_GROUPS[node.kind]}{written(variant)})" for variant in _variants(node.body)]
    if len(looks) == 1:
        return looks[0]
    return f"(?:{'|'.join(looks)})" if node.kind == "behind" else "".join(looks)


def _variants(node: Node) -> list[Node]:
    """Return patterns of a fixed length each, which together match what a pattern matches."""
    variants: Iterable[Node]
    match node:
        case _ if _length(node) is not None:
            variants = [node]
        case Choice():
            variants = [variant for branch in node.branches for variant in _variants(branch)]
        case Sequence():
            variants = map(Sequence, product(*map(_variants, node.items)))
        case Group(kind="plain"):
            variants = _variants(node.body)
        case Repeat(most=int() as most, mode="greedy" | "lazy"):
            items = _variants(node.item)
            variants = (
                Sequence(chosen) for count in range(node.least, most + 1) for chosen in product(items, repeat=count)
            )
        case _:
            raise ValueError("a look-behind whose lengths cannot be counted, which Python's re cannot try")
    few = list(islice(variants, _MOST_LOOK_BEHINDS + 1))
    if len(few) > _MOST_LOOK_BEHINDS:
        raise ValueError("a look-behind of too many lengths, which Python's re cannot try")
    return few


def _length(node: Node) -> int | None:
    """Return how many characters a pattern matches; None if that depends on the text."""
    match node:
        case OneOf():
            return 1
        case At() | Group(kind="ahead" | "not ahead" | "behind" | "not behind"):
            return 0
        case Group():
            return _length(node.body)
        case Repeat():
            length = _length(node.item)
            return None if length is None or node.least != node.most else length * node.least
        case Sequence():
            lengths = [_length(item) for item in node.items]
            return None if None in lengths else sum(length for length in lengths if length)
        case Choice():
            first, *others = {_length(branch) for branch in node.branches}
            return None if others else first
    return None
