"""Whether an update has changed a property that it may not: the models before and after are compared (O-19).

A ``*`` in a property's path stands for the items of an array or the values of a map. Items may come and go, as long as
those that stay keep their property; a new item may have a create-only property, but not one that only the service sets.
[choice: no such update was recorded] (C-21)
"""

from __future__ import annotations

from types import EllipsisType
from typing import TYPE_CHECKING, TypeAlias

from pytest_cloudcontrol.documents import same

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONValue, PropertyPath

_Part: TypeAlias = "JSONValue | EllipsisType"
"""A part of a model; ``...`` where the model has none."""


def has_changed(path: PropertyPath, before: _Part, after: _Part, *, by_the_service: bool = False) -> bool:
    """Tell whether a property differs between two models of one resource.

    Args:
        path: the property.
        before: the model before the update, or the part of it in which the path begins.
        after: the same after it.
        by_the_service: whether only the service sets the property, so that no new item may have it either.
    """
    if not path:
        if isinstance(before, EllipsisType) or isinstance(after, EllipsisType):
            return before is not after
        return not same(before, after)
    name, rest = path[0], path[1:]
    if name != "*":
        return has_changed(rest, _member(before, name), _member(after, name), by_the_service=by_the_service)
    paired = _pairs(rest, before, after)
    if paired is None:
        return True
    stayed, new = paired
    return any(has_changed(rest, old, item, by_the_service=by_the_service) for old, item in stayed) or (
        by_the_service and any(has_changed(rest, ..., item, by_the_service=True) for item in new)
    )


def _member(part: _Part, name: str) -> _Part:
    return part.get(name, ...) if isinstance(part, dict) else ...


def _pairs(
    path: PropertyPath, before: _Part, after: _Part
) -> tuple[list[tuple[JSONValue, JSONValue]], list[JSONValue]] | None:
    """Return the items that stayed, before and after, and the new ones; None if those that stayed can't be told."""
    if isinstance(before, dict) and isinstance(after, dict):
        stayed = [(before[key], after[key]) for key in before if key in after]
        return stayed, [item for key, item in after.items() if key not in before]
    old, items = _items(before), _items(after)
    if len(old) == len(items):
        return list(zip(old, items, strict=True)), []
    # Some came or some went: the fewer must be found among the others, in their order, with the property they have.
    fewer, others = (old, list(items)) if len(old) < len(items) else (items, list(old))
    left = []
    for item in fewer:
        while others and has_changed(path, item, others[0]):
            left.append(others.pop(0))
        if not others:
            return None
        others.pop(0)
    return [], [*left, *others] if fewer is old else []


def _items(part: _Part) -> list[JSONValue]:
    return part if isinstance(part, list) else list(part.values()) if isinstance(part, dict) else []
