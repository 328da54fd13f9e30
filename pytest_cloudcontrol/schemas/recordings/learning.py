"""Learning: the facts of a type's reads, out of recordings of what was declared and what was shown.

Only complete recordings of resources that nobody has changed since their creation teach anything: a trimmed one proves
what is there, never what isn't. What the mock would show by the schema alone isn't learnt again.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_cloudcontrol.documents import compact, same
from pytest_cloudcontrol.schemas.recordings.conditions import Declared
from pytest_cloudcontrol.schemas.recordings.forms import MADE_UP, Known, form_of, literal, texts_known
from pytest_cloudcontrol.schemas.recordings.otherwise import way_of
from pytest_cloudcontrol.schemas.recordings.outcomes import Outcome, cases_of
from pytest_cloudcontrol.schemas.recordings.pairing import identity, identity_of, paired

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.schemas.recordings.facts import Facts, Filled, Part
    from pytest_cloudcontrol.schemas.recordings.recording import Recording


_TO_DIFFER: Final = 2


class _Seen(NamedTuple):
    """One object of a recording.

    Attributes:
        declared: what was declared of it.
        by_schema: what the mock would show by the schema alone.
        read: what was shown.
        unknown: the pointers into it of which the recording says nothing.
        known: what its texts may speak of.
        known_by_schema: what the texts may speak of that the mock would show by the schema alone.
        is_declared: whether it was declared; else it is shown although nobody did.
    """

    declared: Declared
    by_schema: JSONObject
    read: JSONObject
    unknown: frozenset[str]
    known: Known
    known_by_schema: Known
    is_declared: bool = True

    def says_nothing_of(self, name: str) -> bool:
        """Whether the recording says nothing of a member."""
        return f"/{name}" in self.unknown

    def unknown_inside(self, name: str) -> frozenset[str]:
        """Return the pointers into a member of which the recording says nothing."""
        return frozenset(pointer[len(name) + 1 :] for pointer in self.unknown if pointer.startswith(f"/{name}/"))


def learn(recordings: Sequence[Recording], by_schema: Callable[[JSONObject, str], JSONObject]) -> Facts | None:
    """Return the facts that recordings of one type teach; None if they teach none.

    Args:
        recordings: of one type.
        by_schema: returns what the mock would show by the schema alone, given what was declared and the region.
    """
    seen = []
    for recording in recordings:
        declared = recording.declared
        if not recording.is_whole:
            continue
        known = Known(texts_known(declared, recording.read), recording.region)
        if declared is None:  # it proves only what isn't shown of everything
            unknown = recording.unknown | {f"/{name}" for name in recording.read}
            seen.append(_Seen(Declared({}, {}), {}, recording.read, unknown, known, known))
            continue
        made = by_schema(declared, recording.region)
        known_by_schema = Known(texts_known(declared, made), recording.region)
        of_root = Declared(declared, declared)
        seen.append(_Seen(of_root, made, recording.read, recording.unknown, known, known_by_schema))
    root = _part_of(seen)
    return {"reads": sum(bool(one.by_schema) for one in seen), "root": root} if root else None


def _part_of(seen: Sequence[_Seen]) -> Part:
    part: Part = {}
    names = sorted({name for one in seen for name in (*one.declared.here, *one.by_schema, *one.read)})
    for name in names:
        told = [one for one in seen if not one.says_nothing_of(name)]
        undeclared = [one for one in told if name not in one.declared.here]
        if undeclared:
            _learn_undeclared(part, name, undeclared)
        declared = [one for one in told if name in one.declared.here]
        if declared:
            _learn_declared(part, name, declared)
        _learn_inside(part, name, told)
    return part


# ---------------------------------------------------------------------- what nobody declared


def _learn_undeclared(part: Part, name: str, seen: Sequence[_Seen]) -> None:
    if _is_learnt_inside(name, seen):
        outcomes = [Outcome(one.declared, _empty(one.read.get(name))) for one in seen]
    else:
        outcomes = [Outcome(one.declared, shown) for one, shown in zip(seen, _all_shown(seen, name), strict=True)]
    if all(outcome.shown is None for outcome in outcomes):
        if any(name in one.by_schema for one in seen):
            part.setdefault("hidden", {})[name] = None
        return
    if all(_is_known_by_schema(one, name) for one in seen):
        return
    cases = cases_of(name, outcomes)
    if any(shown is not None for _, shown in cases) or any(name in one.by_schema for one in seen):
        part.setdefault("shown", {})[name] = cases


def _is_learnt_inside(name: str, seen: Sequence[_Seen]) -> bool:
    """Whether what is shown of an undeclared member differs, and is better learnt of what is inside it."""
    values = [one.read[name] for one in seen if name in one.read]
    if len({compact(value) for value in values}) < _TO_DIFFER:
        return False
    if all(isinstance(value, dict) for value in values):
        return True
    return all(isinstance(value, list) and (not value or identity_of(value)) for value in values)


def _empty(value: JSONValue) -> JSONValue:
    return {} if isinstance(value, dict) else [] if isinstance(value, list) else None


def _all_shown(seen: Sequence[_Seen], name: str) -> list[JSONValue]:
    """Return the forms of what was shown of a member, None where nothing was.

    What several recordings show alike is taken as it is, though it looks like something made up.
    """
    values = [_without(one.read[name], one.unknown_inside(name)) if name in one.read else None for one in seen]
    alike = Counter(compact(value) for value in values if value is not None)
    if _forms_are_known_by_schema(seen, name):
        return [MADE_UP] * len(seen)
    return [
        None
        if value is None
        else literal(value, one.known.region)
        if alike[compact(value)] > 1 and alike[compact(value)] > len(seen) // 2
        else form_of(value, name, one.known)
        for one, value in zip(seen, values, strict=True)
    ]


def _forms_are_known_by_schema(seen: Sequence[_Seen], name: str) -> bool:
    """Whether the mock would make up just such texts by the schema alone, which may know more of them."""
    if not all(isinstance(one.read.get(name), str) and name in one.by_schema for one in seen):
        return False
    forms = [
        (form_of(one.read[name], name, one.known), form_of(one.by_schema[name], name, one.known_by_schema))
        for one in seen
    ]
    return all(isinstance(form, str) and form.startswith("=") and form == other for form, other in forms)


def _is_known_by_schema(one: _Seen, name: str) -> bool:
    """Whether the schema alone has the mock show just what was shown."""
    if not one.is_declared:
        return False
    if name in one.by_schema and name in one.read:
        return same(one.by_schema[name], one.read[name])
    return name not in one.by_schema and name not in one.read


def _without(value: JSONValue, pointers: frozenset[str]) -> JSONValue:
    if not pointers or not isinstance(value, dict):
        return value
    return {
        name: _without(item, frozenset(at[len(name) + 1 :] for at in pointers if at.startswith(f"/{name}/")))
        for name, item in value.items()
        if f"/{name}" not in pointers
    }


# ---------------------------------------------------------------------- what was declared


def _learn_declared(part: Part, name: str, seen: Sequence[_Seen]) -> None:
    shown = [one for one in seen if name in one.read]
    gone = [one for one in seen if name not in one.read]
    if any(name in one.by_schema for one in gone) and all(one.declared.here[name] in ([], {}, "") for one in gone):
        part.setdefault("otherwise", {})[name] = {"way": "nothing if empty"}
    values = [(one.declared.here[name], one.read[name]) for one in shown]
    others = [pair for pair in values if not (_are(dict, *pair) or _are_lists_of_objects(*pair))]
    how = way_of([pair for pair in others if not _differ_in_order_only(*pair)])
    if how is not None:
        part.setdefault("otherwise", {})[name] = how


def _learn_inside(part: Part, name: str, seen: Sequence[_Seen]) -> None:
    """Learn of what is inside a member: of those that were declared, and of others that show more than one thing."""
    undeclared = [one for one in seen if name not in one.declared.here and name in one.read]
    if not _is_learnt_inside(name, undeclared):
        undeclared = []
    shown = [one for one in seen if name in one.declared.here and name in one.read] + undeclared
    pairs = [(one, one.declared.here.get(name, _empty(one.read[name])), one.read[name]) for one in shown]
    objects = [_inside(one, name) for one, given, read in pairs if _are(dict, given, read)]
    lists = [one for one, given, read in pairs if _are_lists_of_objects(given, read)]
    inside = _part_of([*objects, *(item for one in lists for item in _items(one, name))])
    if inside or (objects and name in part.get("shown", {})):  # else nobody would know that some were declared
        part.setdefault("inside", {})[name] = inside
    filled = _filled_of(name, lists) if lists else None
    if filled is not None:
        part.setdefault("filled", {})[name] = filled


def _are(kind: type, *values: JSONValue) -> bool:
    return all(isinstance(value, kind) for value in values)


def _are_lists_of_objects(given: JSONValue, read: JSONValue) -> bool:
    if not isinstance(given, list) or not isinstance(read, list):
        return False
    return all(isinstance(item, dict) for item in (*given, *read))


def _differ_in_order_only(given: JSONValue, read: JSONValue) -> bool:
    if not (isinstance(given, list) and isinstance(read, list)) or len(given) != len(read):
        return False
    pairs, _ = paired(given, read)
    return all(same(left, right) for left, right in pairs)


def _inside(one: _Seen, name: str) -> _Seen:
    inside = _seen_of(one, name, one.declared.here.get(name, {}), one.by_schema.get(name), one.read[name])
    return inside._replace(is_declared=name in one.declared.here)


def _items(one: _Seen, name: str) -> list[_Seen]:
    given, made, read = one.declared.here.get(name), one.by_schema.get(name), one.read[name]
    if not isinstance(given, list) or not isinstance(read, list):
        return []
    by_schema = made if isinstance(made, list) and len(made) == len(given) else given
    places = {id(item): index for index, item in enumerate(given)}
    return [_seen_of(one, name, item, by_schema[places[id(item)]], shown) for item, shown in paired(given, read)[0]]


def _seen_of(one: _Seen, name: str, given: JSONValue, made: JSONValue, read: JSONValue) -> _Seen:
    by_schema = made if isinstance(made, dict) else {}
    shown = read if isinstance(read, dict) else {}
    unknown = one.unknown_inside(name)
    return _Seen(one.declared.inside(given), by_schema, shown, unknown, one.known, one.known_by_schema)


def _filled_of(name: str, lists: Sequence[_Seen]) -> Filled | None:
    """Return how lists were filled up with items that nobody declared; None if they weren't, or can't be told apart."""
    given = [_list(one.declared.here.get(name)) for one in lists]
    read = [_list(one.read[name]) for one in lists]
    if all(len(left) >= len(right) for left, right in zip(given, read, strict=True)):
        return None
    told_by = [identity_of(items) for items in (*given, *read) if items]
    if any(by is None for by in told_by):
        return None
    by = sorted(set.intersection(*(set(members) for members in told_by if members is not None)))
    if not by or any(len({identity(item, by) for item in items}) < len(items) for items in (*given, *read)):
        return None
    declared = [{identity(item, by) for item in items} for items in given]
    shown = [{identity(item, by): item for item in items} for items in read]
    items = []
    for key in sorted({key for items, known in zip(shown, declared, strict=True) for key in items.keys() - known}):
        outcomes = [
            Outcome(one.declared, form_of(found[key], name, one.known) if key in found else None)
            for one, found, known in zip(lists, shown, declared, strict=True)
            if key not in known
        ]
        cases = cases_of(name, outcomes)
        if any(item is not None for _, item in cases):
            items.append(cases)
    return {"by": by, "items": items} if items else None


def _list(value: JSONValue) -> list[JSONValue]:
    return value if isinstance(value, list) else []
