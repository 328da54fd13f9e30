"""Items of a declared list beside those that were shown, in whatever order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import compact, same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.documents import JSONObject, JSONValue

_IDENTITIES: Final[tuple[str, ...]] = (
    "Key",
    "Name",
    "Id",
    "AttributeName",
    "IndexName",
    "DeviceName",
    "ParameterKey",
    "RuleName",
    "Region",
)
_VALUE: Final = "Value"


def likeness(left: JSONValue, right: JSONValue) -> int:
    """Return how much two values have in common."""
    if isinstance(left, dict) and isinstance(right, dict):
        score = sum(likeness(left[name], right[name]) for name in left if name in right)
        return score + sum(1000 for name in _IDENTITIES if name in left and name in right and left[name] == right[name])
    if isinstance(left, list) and isinstance(right, list):
        return len({compact(item) for item in left} & {compact(item) for item in right})
    return int(same(left, right))


def paired(
    declared: Sequence[JSONValue], shown: Sequence[JSONValue]
) -> tuple[list[tuple[JSONValue, JSONValue]], list[JSONValue]]:
    """Return each declared item with the shown one that is most like it, and the shown ones that are left."""
    rest, pairs = list(shown), []
    for item in declared:
        if not rest:
            break
        best = max(range(len(rest)), key=lambda index: (likeness(item, rest[index]), -index))
        pairs.append((item, rest.pop(best)))
    return pairs, rest


def identity_of(items: Sequence[JSONValue]) -> list[str] | None:
    """Return the members by which the items of a list are told apart; None if there are none."""
    objects = [item for item in items if isinstance(item, dict)]
    if not objects or len(objects) < len(items):
        return None
    common = set.intersection(*(set(item) for item in objects))
    if _VALUE in common and len(common) > 1:
        others = sorted(common - {_VALUE})
        return others if _tell_apart(objects, others) else None
    return next(([name] for name in _IDENTITIES if name in common and _tell_apart(objects, [name])), None)


def identity(item: JSONValue, by: Sequence[str]) -> str:
    """Return what tells an item from others."""
    return compact([item.get(name) for name in by]) if isinstance(item, dict) else ""


def _tell_apart(items: Sequence[JSONObject], by: Sequence[str]) -> bool:
    return len({identity(item, by) for item in items}) == len(items)
