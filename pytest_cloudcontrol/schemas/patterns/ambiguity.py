r"""Whether a pattern is so ambiguous that trying it can take exponential time.

It is if some text leads from a place in the pattern back to it in two ways, as ``aa`` does in ``(a|aa)*`` and ``aa`` in
``(\w+\s?)*``: each such round doubles the ways in which a text can be tried. So every character that the pattern names
is a place, and two walks from place to place that always read the same character are followed side by side. The pattern
is ambiguous if they can leave a place together, part, and come to that place together again.

What can't be tried in a second way, such as an atomic group, is a place that reads nothing. Repetitions of more than
a few times count as unlimited.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, TypeVar

from pytest_cloudcontrol.schemas.patterns.characters import intersection
from pytest_cloudcontrol.schemas.patterns.tree import At, Choice, Group, OneOf, Reference, Repeat, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_cloudcontrol.schemas.patterns.characters import Characters
    from pytest_cloudcontrol.schemas.patterns.tree import Node

_FEW: Final = 3

_Pair: TypeAlias = tuple[int, int]
_T = TypeVar("_T")


def is_ambiguous(pattern: Node) -> bool:
    """Tell whether trying a pattern can take time that grows exponentially with the text."""
    if not _has_loop_in_loop(pattern):
        return False
    places = _Places()
    places.part(pattern)
    return places.can_part_and_meet() or any(is_ambiguous(body) for body in places.looked_at)


def _has_loop_in_loop(node: Node, *, inside: bool = False) -> bool:
    """Tell whether something is repeated that can itself be tried in several ways: all others are no trouble."""
    match node:
        case Repeat(item, _, most):
            loops = most is None or most > _FEW
            if inside and most != node.least:
                return True
            return _has_loop_in_loop(item, inside=inside or loops)
        case Choice(branches):
            return inside or any(_has_loop_in_loop(branch, inside=inside) for branch in branches)
        case Sequence(items):
            return any(_has_loop_in_loop(item, inside=inside) for item in items)
        case Group(_, body):
            return _has_loop_in_loop(body, inside=inside)
        case _:
            return False


class _Part(NamedTuple):
    """A part of a pattern.

    Attributes:
        empty: in how many ways it can read nothing.
        first: the places where it can begin, and in how many ways.
        last: the places where it can end, and in how many ways.
    """

    empty: int
    first: Counter[int]
    last: Counter[int]


class _Places:
    """The places of a pattern, and in how many ways one follows another."""

    def __init__(self) -> None:
        self.looked_at: list[Node] = []
        self._read: list[Characters] = []
        self._ways: Counter[_Pair] = Counter()

    def part(self, node: Node) -> _Part:
        """Note the places of a part of the pattern."""
        match node:
            case OneOf(characters):
                return self._place(characters)
            case At() | Reference():
                return _Part(1, Counter(), Counter())
            case Sequence(items):
                return self._sequence(items)
            case Choice(branches):
                parts = [self.part(branch) for branch in branches]
                first = sum((part.first for part in parts), Counter[int]())
                last = sum((part.last for part in parts), Counter[int]())
                return _Part(sum(part.empty for part in parts), first, last)
            case Group(kind, body):
                return self._group(kind, body)
            case Repeat():
                return self._repeat(node)

    def _place(self, characters: Characters) -> _Part:
        self._read.append(characters)
        place = Counter({len(self._read) - 1: 1})
        return _Part(0, place, place)

    def _group(self, kind: str, body: Node) -> _Part:
        if kind in ("capturing", "plain"):
            return self.part(body)
        self.looked_at.append(body)
        return self._place(()) if kind == "atomic" else _Part(1, Counter(), Counter())

    def _sequence(self, items: Iterable[Node]) -> _Part:
        whole = _Part(1, Counter(), Counter())
        for item in items:
            part = self.part(item)
            self._follow(whole.last, part.first)
            whole = _Part(
                whole.empty * part.empty,
                whole.first + _times(part.first, whole.empty),
                part.last + _times(whole.last, part.empty),
            )
        return whole

    def _repeat(self, node: Repeat) -> _Part:
        if node.mode == "possessive":
            self.looked_at.append(node.item)
            return self._place(())
        is_fixed = node.least == node.most and isinstance(node.item, OneOf)
        if is_fixed or (node.most is not None and node.most <= _FEW):
            # Written out, an optional one as a choice between it and nothing.
            most = min(node.most or 0, _FEW)
            optional = Choice((node.item, Sequence(())))
            least = min(node.least, most)
            return self._sequence([*[node.item] * least, *[optional] * (most - least)])
        part = self.part(node.item)
        self._follow(part.last, part.first)
        return _Part(part.empty + (node.least == 0), part.first, part.last)

    def _follow(self, last: Counter[int], first: Counter[int]) -> None:
        for before, ways_before in last.items():
            for after, ways in first.items():
                self._ways[before, after] += ways_before * ways

    def can_part_and_meet(self) -> bool:
        """Tell whether two walks can leave a place together, part, and come to it together again."""
        following: dict[int, list[int]] = {place: [] for place in range(len(self._read))}
        for before, after in self._ways:
            following[before].append(after)
        twice = (pair for pair, ways in self._ways.items() if ways > 1 and self._read[pair[1]])
        if any(before in _reached(after, following) for before, after in twice):
            return True
        pairs = {
            (one, other): [
                (next_one, next_other)
                for next_one in following[one]
                for next_other in following[other]
                if intersection(self._read[next_one], self._read[next_other])
            ]
            for one in following
            for other in following
        }
        leading: dict[_Pair, list[_Pair]] = {pair: [] for pair in pairs}
        for pair, after_pair in pairs.items():
            for next_pair in after_pair:
                leading[next_pair].append(pair)
        for place in following:
            there, back = _reached((place, place), pairs), _reached((place, place), leading)
            if any(one != other for one, other in there & back):
                return True
        return False


def _times(counter: Counter[int], factor: int) -> Counter[int]:
    return Counter({place: ways * factor for place, ways in counter.items() if factor})


def _reached(start: _T, following: Mapping[_T, list[_T]]) -> set[_T]:
    """Return what can be reached from somewhere in any number of steps, none included."""
    reached, pending = {start}, [start]
    while pending:
        for after in following[pending.pop()]:
            if after not in reached:
                reached.add(after)
                pending.append(after)
    return reached
