"""What became of an undeclared member in each recording, and the cases that say so by what was declared."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from pytest_cloudcontrol.documents import compact
from pytest_cloudcontrol.schemas.recordings.conditions import places
from pytest_cloudcontrol.schemas.recordings.forms import only_aws_knows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.documents import JSONValue
    from pytest_cloudcontrol.schemas.recordings.conditions import Declared
    from pytest_cloudcontrol.schemas.recordings.facts import Case, Condition

_TELLING: Final = re.compile(
    r"(Engine|Type|Tier|Mode|Class|Family|Protocol|Platform|Kind|Scheme|Scope|Status|Edition|Policy|Provider|Format|Stack|StackName)$"
)
"""The ends of the names of members on which others often hang."""

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+")
_SAY_NOTHING: Final = {"name", "id", "arn", "type", "status", "state", "configuration", "config", "settings", "options"}
_OF_ONE: Final = {"Name", "Id", "Identifier", "Arn", "Description"}
"""Members whose values are of one resource, so that nothing hangs on them."""

_LONGEST_VALUE: Final = 80


class Outcome(NamedTuple):
    """What became of a member that wasn't declared.

    Attributes:
        declared: what was.
        shown: the form of what was shown; None if nothing was.
    """

    declared: Declared
    shown: JSONValue


class _Way(NamedTuple):
    """A place on which outcomes may hang.

    Attributes:
        groups: the outcomes by what was declared there: its JSON text, or ``has`` and ``lacks``.
        by_value: whether the values count, and not only whether there is one.
    """

    where: str
    groups: dict[str, list[Outcome]]
    by_value: bool


def cases_of(name: str, outcomes: Sequence[Outcome], depth: int = 2) -> list[Case]:
    """Return what is shown, by what was declared; the last case is what happens most often.

    A condition is taken only where it tells the outcomes apart better than none does, for outcomes left out one by one;
    where there are too few to tell, one that explains all of them and whose name has a word of the member's in it, or
    says that others hang on it.

    Args:
        name: the member's.
        outcomes: what became of it.
        depth: on how many things at once it may hang.
    """
    usual = _most_common([outcome.shown for outcome in outcomes])
    if all(_text(outcome.shown) == _text(usual) for outcome in outcomes):
        return [(None, usual)]
    words = _words(name)
    overall = Counter(_text(outcome.shown) for outcome in outcomes)
    baseline = _left_out_right(overall, overall)
    best: tuple[tuple[int, bool, bool, bool, bool, bool, int], _Way] | None = None
    for way in _ways(outcomes):
        groups = [[outcome.shown for outcome in group] for group in way.groups.values()]
        pure = sum(Counter(map(_text, group)).most_common(1)[0][1] for group in groups)
        right = sum(_left_out_right(Counter(map(_text, group)), overall) for group in groups)
        is_related = not words.isdisjoint(_words(way.where))
        telling = is_related or bool(_TELLING.search(way.where))
        if right < baseline or (right == baseline and not (telling and way.by_value and pure == len(outcomes))):
            continue
        is_sibling = not way.where.startswith("/")
        is_pure = pure == len(outcomes)
        score = (right, is_pure, telling and way.by_value, is_related, telling, is_sibling, -len(way.groups))
        if best is None or score > best[0]:
            best = score, way
    if best is None:
        return [(None, usual)]
    return [*_cases(name, best[1], usual, depth), (None, usual)]


def _cases(name: str, way: _Way, usual: JSONValue, depth: int) -> list[Case]:
    """Return the cases of a way, but for those that come to what is usual."""
    keys_of: dict[str, list[str]] = {}
    cases: dict[str, list[Case]] = {}
    for key, group in way.groups.items():
        most_common: Case = (None, _most_common([one.shown for one in group]))
        of_group = cases_of(name, group, depth - 1) if depth > 1 else [most_common]
        text = compact(cast("JSONValue", of_group))
        keys_of.setdefault(text, []).append(key)
        cases[text] = of_group
    found: list[Case] = []
    for text, keys in keys_of.items():
        if len(cases[text]) == 1 and _text(cases[text][0][1]) == _text(usual):
            continue
        for group_keys in _grouped(way, keys):
            condition = _condition(way, group_keys)
            found += [(_both(condition, inner), shown) for inner, shown in cases[text]]
    return found


def _both(one: Condition, other: Condition) -> Condition:
    return one if other is None else ["all", one, other]


def _grouped(way: _Way, keys: list[str]) -> list[list[str]]:
    """Return the keys that one condition can name: a missing value can't be named together with others."""
    if not way.by_value:
        return [[key] for key in keys]
    named = [key for key in keys if key != "lacks"]
    return [group for group in (named, ["lacks"] if "lacks" in keys else []) if group]


def _condition(way: _Way, keys: list[str]) -> Condition:
    if keys[0] in ("has", "lacks"):
        return [keys[0], way.where]
    values: list[JSONValue] = [*sorted(keys)]
    return ["is", way.where, values]


def _ways(outcomes: Sequence[Outcome]) -> list[_Way]:
    wheres = dict.fromkeys(where for outcome in outcomes for where in places(outcome.declared))
    ways = []
    for where in wheres:
        values = [outcome.declared.at(where) for outcome in outcomes]
        ways.append(_way(where, values, outcomes, by_value=False))
        if all(map(_is_word, zip([where] * len(values), values, strict=True))):
            ways.append(_way(where, values, outcomes, by_value=True))
    return [way for way in ways if len(way.groups) > 1]


def _way(where: str, values: list[JSONValue], outcomes: Sequence[Outcome], *, by_value: bool) -> _Way:
    groups: dict[str, list[Outcome]] = {}
    for value, outcome in zip(values, outcomes, strict=True):
        key = "lacks" if value is None else compact(value) if by_value else "has"
        groups.setdefault(key, []).append(outcome)
    return _Way(where, groups, by_value)


def _words(name: str) -> set[str]:
    """Return the words of a member's name that say what it is about."""
    return {word.lower() for word in _WORD.findall(name.rpartition("/")[2])} - _SAY_NOTHING


def _is_word(member: tuple[str, JSONValue]) -> bool:
    """Whether a value is one of few that a member may have, and not a name or a text."""
    where, value = member
    if where.rpartition("/")[2] in _OF_ONE:
        return False
    if isinstance(value, str):
        return len(value) <= _LONGEST_VALUE and not only_aws_knows(value, where)
    return value is None or isinstance(value, bool | int)


def _left_out_right(group: Counter[str], overall: Counter[str]) -> int:
    """Return how many outcomes of a group the others foretell: those of the group, of one that is alone all others."""
    others = group if group.total() > 1 else overall
    return sum(count for text, count in group.items() if _is_foretold(text, others))


def _is_foretold(text: str, counts: Counter[str]) -> bool:
    """Whether an outcome that is left out is more common among the rest than any other."""
    return counts[text] - 1 > max((count for other, count in counts.items() if other != text), default=0)


def _most_common(shown: Sequence[JSONValue]) -> JSONValue:
    counts = Counter(map(_text, shown))
    most = counts.most_common(1)[0][0]
    return next(value for value in shown if _text(value) == most)


def _text(value: JSONValue) -> str:
    return compact(value)
