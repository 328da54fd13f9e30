r"""Simpler patterns that match the same texts, so that fewer of them run away.

A backtracking engine tries every way in which a pattern can match a text before it gives up, and there may be many:
2ⁿ for ``^(\w|\d)*$`` and n digits, n³ for ``^arn:.*:.*:.*$`` and n colons. Here it is only asked whether a text
matches, never how. So what needn't be tried is taken out of the pattern, by a few rules, each of which says why it
changes no verdict.

Where ways do matter, nothing is touched: in patterns with references to groups, and in what is atomic or possessive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from pytest_cloudcontrol.schemas.patterns.characters import LINE_ENDS, Characters, difference, intersection, union
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
    from collections.abc import Iterable, Iterator

    from pytest_cloudcontrol.schemas.patterns.tree import Node


def simplified(pattern: Node) -> Node:
    """Return a pattern that matches the same texts in fewer ways."""
    return pattern if _has_reference(pattern) else _kept_before_end(_from_the_last(_simplified(pattern)), at_end=False)


def _has_reference(node: Node) -> bool:
    match node:
        case Group():
            return _has_reference(node.body)
        case Repeat():
            return _has_reference(node.item)
        case Sequence():
            return any(map(_has_reference, node.items))
        case Choice():
            return any(map(_has_reference, node.branches))
    return isinstance(node, Reference)


def _simplified(node: Node) -> Node:
    match node:
        case Group(kind="capturing" | "plain"):
            return _simplified(node.body)
        case Group() if node.kind != "atomic":
            return Group(node.kind, _simplified(node.body))
        case Repeat() if node.mode != "possessive":
            return _repeat(_simplified(node.item), node)
        case Sequence():
            return _sequence(map(_simplified, node.items))
        case Choice():
            return _choice(map(_simplified, node.branches))
    return node


def _from_the_last(pattern: Node) -> Node:
    """Make ``[a-z]+@`` ``[a-z]@`` where a pattern begins: a search finds both, or neither."""
    match pattern:
        case Choice():
            return _choice(map(_from_the_last, pattern.branches))
        case Sequence(items=(Repeat(least=0, mode="greedy" | "lazy"), *others)):
            return _from_the_last(_sequence(others))
        case Sequence(items=(first, *others)):
            return _sequence([_from_the_last(first), *others])
        case Repeat(mode="greedy" | "lazy"):
            return _exactly(pattern.item, pattern.least)
    return pattern


def _choice(branches: Iterable[Node]) -> Node:
    """Make one set of all branches that are one character of a set: ``a|[bc]|x+`` is ``[abc]|x+``."""
    flat = [inner for branch in branches for inner in (branch.branches if isinstance(branch, Choice) else (branch,))]
    sets = [branch.characters for branch in flat if isinstance(branch, OneOf)]
    others = [branch for branch in dict.fromkeys(flat) if not isinstance(branch, OneOf)]
    if len(sets) > 1 or len(sets) + len(others) < len(flat):
        flat = [*([OneOf(union(*sets))] if sets else []), *others]
    return flat[0] if len(flat) == 1 else Choice(tuple(flat))


def _repeat(item: Node, repeat: Repeat) -> Node:
    """Repeat something in one way only.

    - ``(x+)*`` is ``x*``, ``(x?){3}`` is ``x{0,3}``: any number of any numbers from 0 or 1 on is again such a number.
    - ``(x+|y)*`` is ``(x|y)*``: what x+ matches is as well so many times x.
    - ``(ab*c)+`` is ``ab*c`` if b takes all that a and c take: then the middle of ``ab*cab*c`` is just more of b.
    """
    least, most = repeat.least, repeat.most
    if _is_any_number(item) and most != 0:
        product = None if most is None or item.most is None else most * item.most
        return _repeat(item.item, Repeat(item.item, least * item.least, product, repeat.mode))
    if isinstance(item, Choice) and most is None and any(map(_is_any_number, item.branches)):
        singly = _choice(branch.item if _is_any_number(branch) else branch for branch in item.branches)
        none_is_enough = any(_is_any_number(branch) and branch.least == 0 for branch in item.branches)
        return _repeat(singly, Repeat(singly, 0 if none_is_enough else least, None, repeat.mode))
    if isinstance(item, Sequence) and least <= 1 and most != 0 and _takes_itself(item):
        return item if least == 1 else Repeat(item, 0, 1, "greedy")
    return Repeat(item, least, most, repeat.mode)


def _is_any_number(node: Node) -> TypeGuard[Repeat]:
    return isinstance(node, Repeat) and node.least <= 1 and node.most != 0 and node.mode != "possessive"


def _takes_itself(sequence: Sequence) -> bool:
    """Tell whether one of the things in a sequence takes any number of whatever all the others match."""
    runs = [_run(item) for item in sequence.items]
    return any(run is not None and run.most is None and all(map(run.takes, runs)) for run in runs)


def _sequence(items: Iterable[Node]) -> Node:
    """Put things one after the other, but let no two of them share out the same characters between them."""
    kept: list[Node] = []
    for item in items:
        for inner in item.items if isinstance(item, Sequence) else (item,):
            kept.append(inner)
            while len(kept) > 1 and (fewer := _absorbed(kept[-2], kept[-1])) is not None:
                kept[-2:] = [node for node in fewer if node != NOTHING]
    kept = [node for node in _stopping_at_the_first(kept) if node != NOTHING]
    return kept[0] if len(kept) == 1 else Sequence(tuple(kept))


def _exactly(item: Node, times: int) -> Node:
    if times == 0:
        return NOTHING
    return item if times == 1 else Repeat(item, times, times, "greedy")


def _absorbed(left: Node, right: Node) -> list[Node] | None:
    """Make ``a+b*`` ``ab*``, and ``b*a+`` ``b*a``, if b takes all that a takes: then it can take all further a.

    None if there is nothing to be done.
    """
    if not isinstance(left, Repeat) and not isinstance(right, Repeat):
        return None
    first, second = _run(left), _run(right)
    if first is None or second is None:
        return None
    if second.most is None and first.least != first.most and second.takes(first):
        return [first.at_least(), right]
    if first.most is None and second.least != second.most and first.takes(second):
        return [left, second.at_least()]
    return None


def _stopping_at_the_first(items: list[Node]) -> Iterator[Node]:
    """Make ``.*:.*`` ``[^:]*:.*``, and ``.*role/.*`` ``(?>.*?role/).*``: the first place that fits is enough.

    If a later one leads to a match, so does the first, since the second repetition can take all that lies between. For
    that it must have no limit and take whatever stands before it, and what stands between the two must have a fixed
    length: else it might begin earlier and yet end later.
    """
    if sum(isinstance(item, Repeat) and item.most is None for item in items) < 2:
        yield from items
        return
    runs = [_run(item) for item in items]
    position = 0
    while position < len(items):
        after = position + 1
        while after < len(items) and (run := runs[after]) is not None and run.least == run.most:
            after += 1
        if _first_is_enough(runs[position : after + 1]):
            yield from _up_to_the_first(items[position:after])
            position = after
        else:
            yield items[position]
            position += 1


def _first_is_enough(runs: list[_Run | None]) -> bool:
    if len(runs) < 3:
        return False
    first, follower, last = runs[0], runs[1], runs[-1]
    return (
        first is not None
        and follower is not None
        and last is not None
        and first.most is None
        and last.most is None
        and all(map(last.takes, runs))
        # If the two have no character in common, there is but one place anyway.
        and bool(intersection(first.characters, follower.characters))
    )


def _up_to_the_first(items: list[Node]) -> list[Node]:
    run = _run(items[0])
    assert run is not None
    if len(items) == 2 and isinstance(items[1], OneOf):
        others = difference(run.characters, items[1].characters)
        return [run.at_least(), Repeat(OneOf(others), 0, None, "greedy") if others else NOTHING, items[1]]
    shortest = Repeat(OneOf(run.characters), run.least, None, "lazy")
    return [Group("atomic", Sequence((shortest, *items[1:])))]


def _kept_before_end(node: Node, *, at_end: bool) -> Node:
    """Make ``[a-z]+$`` ``[a-z]++$``: after fewer letters there is another letter, not the end.

    Args:
        node: a part of the pattern.
        at_end: whether the end must come right after it.
    """
    match node:
        case Repeat(item=OneOf() as one, mode="greedy" | "lazy"):
            if at_end and not intersection(one.characters, LINE_ENDS):
                return Repeat(one, node.least, node.most, "possessive")
        case Sequence():
            ends = [follower == At("end") for follower in node.items[1:]] + [at_end]
            items = zip(node.items, ends, strict=False)  # an empty sequence still has one end
            return Sequence(tuple(_kept_before_end(item, at_end=end) for item, end in items))
        case Choice():
            return Choice(tuple(_kept_before_end(branch, at_end=at_end) for branch in node.branches))
        case Group(kind="ahead" | "not ahead" | "behind" | "not behind"):
            return Group(node.kind, _kept_before_end(node.body, at_end=False))
        case Repeat(mode="greedy" | "lazy"):
            item = _kept_before_end(node.item, at_end=at_end and node.most == 1)
            return Repeat(item, node.least, node.most, node.mode)
    return node


class _Run(NamedTuple):
    """Some characters of one set."""

    characters: Characters
    least: int
    most: int | None

    def takes(self, other: _Run | None) -> bool:
        """Tell whether this one's set holds all that another run can match."""
        return other is not None and not difference(other.characters, self.characters)

    def at_least(self) -> Node:
        """Return as few of the characters as there must be."""
        return _exactly(OneOf(self.characters), self.least)


def _run(node: Node) -> _Run | None:
    match node:
        case OneOf():
            return _Run(node.characters, 1, 1)
        case Repeat(item=OneOf() as item) if node.mode != "possessive":
            return _Run(item.characters, node.least, node.most)
    return None
