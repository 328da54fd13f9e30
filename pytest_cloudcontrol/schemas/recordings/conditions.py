"""Conditions of facts: whether what was declared fits, and which conditions may be tried when learning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_cloudcontrol.documents import compact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.schemas.recordings.facts import Condition


class Declared(NamedTuple):
    """What the caller declared.

    Attributes:
        here: of the object that a fact is about.
        root: of the whole resource.
    """

    here: JSONObject
    root: JSONObject

    def inside(self, here: JSONValue) -> Declared:
        """Return what was declared, as an object further inside sees it."""
        return Declared(here if isinstance(here, dict) else {}, self.root)

    def at(self, where: str) -> JSONValue:
        """Return the value at a place; None if nothing was declared there."""
        if not where.startswith("/"):
            return self.here.get(where)
        value: JSONValue = self.root
        for name in where[1:].split("/"):
            value = value.get(name) if isinstance(value, dict) else _value_of(value, name)
        return value


def fits(condition: Condition, declared: Declared) -> bool:
    """Whether what was declared is as a condition wants it."""
    if condition is None:
        return True
    verb, *rest = condition
    if verb == "all":
        return all(isinstance(inner, list) and fits(inner, declared) for inner in rest)
    value = declared.at(str(rest[0]))
    if verb == "has":
        return value is not None
    if verb == "lacks":
        return value is None
    values = rest[1]
    return isinstance(values, list) and not isinstance(value, dict | list | None) and compact(value) in values


def places(declared: Declared) -> Iterator[str]:
    """Yield the places on which a fact may hang: the members beside it, the resource's own, and those inside these."""
    yield from declared.here
    for name, value in declared.root.items():
        yield f"/{name}"
        if isinstance(value, dict):
            yield from (f"/{name}/{inner}" for inner in value)
        elif isinstance(value, list):
            yield from (f"/{name}/{key}" for item in value for key in _keys_of(item) if "/" not in key)


def _keys_of(item: JSONValue) -> list[str]:
    """Return what an item of a list of keys and values is called: its ``Key``, or whatever else has that meaning."""
    if not isinstance(item, dict) or "Value" not in item:
        return []
    return [key for name in _KEYS if isinstance(key := item.get(name), str)]


def _value_of(items: JSONValue, key: str) -> JSONValue:
    """Return the value that a list of keys and values has for a key."""
    if not isinstance(items, list):
        return None
    return next((item["Value"] for item in items if isinstance(item, dict) and key in _keys_of(item)), None)


_KEYS: Final = ("Key", "OptionName", "Name")
