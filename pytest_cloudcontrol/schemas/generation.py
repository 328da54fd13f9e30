"""The values that a service makes up: identifiers, and everything else that is read-only.

``complete`` gives a new resource what, by its schema, only the service sets. The values are plausible, not true: an Arn
looks like an Arn and holds the account, the region and the resource's name. They come from the random source that is
passed in, so that equal sources give equal values.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import copied, copied_object
from pytest_cloudcontrol.schemas.resource_type import branches
from pytest_cloudcontrol.schemas.texts import Surroundings, TextMaker, is_arn, own_names, partition_of

if TYPE_CHECKING:
    from random import Random

    from pytest_cloudcontrol.documents import JSONObject, JSONValue, PropertyPath
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

__all__ = ["Surroundings", "complete", "partition_of"]

_MAX_DEPTH: Final = 8
_MAX_REMEMBERED: Final = 512


def complete(resource_type: ResourceType, model: JSONObject, surroundings: Surroundings, random: Random) -> JSONObject:
    """Return a copy of a resource's properties with everything that the service makes up.

    What is already there stays. Added is every property of the primary identifier and every read-only property that
    is missing. A read-only property inside an object that isn't there is added only if the service alone can set that
    object, because it is read-only or all its properties are: an optional part of the configuration that the caller
    left out stays out. Properties of an array's items or of a map's values are never made up.

    Args:
        resource_type: what the properties are of.
        model: the properties so far.
        surroundings: the account, region and time that the values speak of.
        random: the source of everything random; equal sources give equal values.
    """
    maker = _Maker(resource_type, copied_object(model), surroundings, random)
    for slot in _slots(resource_type):
        maker.fill(slot)
    return maker.model


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place in a model that the service fills.

    Attributes:
        anchor: so many of the objects that the path leads through must be there already; the others are made.
    """

    path: PropertyPath
    schema: JSONObject
    is_identifier: bool
    anchor: int


@functools.lru_cache(_MAX_REMEMBERED)
def _slots(resource_type: ResourceType) -> tuple[_Slot, ...]:
    """Return the places that the service fills, in the order of filling them: names, then what may speak of them."""
    identifiers = frozenset(resource_type.primary_identifier)
    names = own_names(resource_type)

    def rank(slot: _Slot) -> int:
        if is_arn(slot.path):
            return 2
        return 0 if slot.is_identifier or slot.path in names else 1

    slots = []
    for path in dict.fromkeys((*resource_type.primary_identifier, *resource_type.read_only)):
        schema = None if "*" in path else resource_type.property_schema(path)
        if schema is not None:
            is_identifier = path in identifiers
            anchor = 0 if is_identifier else _anchor(resource_type, path)
            slots.append(_Slot(path, schema, is_identifier, anchor))
    return tuple(sorted(slots, key=rank))


def _anchor(resource_type: ResourceType, path: PropertyPath) -> int:
    for length in range(1, len(path)):
        if _is_only_read_only(resource_type, path[:length]):
            return length - 1
    return len(path) - 1


def _is_only_read_only(resource_type: ResourceType, path: PropertyPath) -> bool:
    """Tell whether the service alone can set a property: it is read-only, or everything in it is."""
    if path in resource_type.read_only:
        return True
    schema = resource_type.property_schema(path)
    if schema is None or len(path) > _MAX_DEPTH:
        return False
    properties = schema.get("properties")
    names = tuple(properties) if isinstance(properties, dict) else ("*",) if "items" in schema else ()
    return bool(names) and all(_is_only_read_only(resource_type, (*path, name)) for name in names)


class _Maker:
    """Makes up the missing values of one resource."""

    def __init__(
        self, resource_type: ResourceType, model: JSONObject, surroundings: Surroundings, random: Random
    ) -> None:
        self.model = model
        self._type = resource_type
        self._random = random
        self._texts = TextMaker(resource_type, model, surroundings, random)

    def fill(self, slot: _Slot) -> None:
        parent = self.model
        for depth, part in enumerate(slot.path[:-1]):
            if part not in parent and depth < slot.anchor:
                return
            child = parent.setdefault(part, {})
            if not isinstance(child, dict):
                return
            parent = child
        name = slot.path[-1]
        if name not in parent:
            parent[name] = self._value(name, slot.schema, is_identifier=slot.is_identifier)

    def _value(self, name: str, schema: JSONObject, *, is_identifier: bool = False, depth: int = 0) -> JSONValue:
        for keyword in ("const", "default"):
            if schema.get(keyword) is not None:
                return copied(schema[keyword])
        choices = schema.get("enum")
        if isinstance(choices, list) and choices:
            return copied(choices[0])
        match _type_of(schema):
            case "boolean":
                return False
            case "integer" | "number":
                return self._number(schema, is_identifier=is_identifier)
            case "array":
                return self._array(name, schema, depth)
            case "object":
                return self._object(schema, depth)
            case "string":
                return self._texts.text(name, schema, is_identifier=is_identifier)
            case _:
                branch = next(branches(schema), None)
                described = None if branch is None or depth > _MAX_DEPTH else self._type.resolved(branch)
                if described is None:
                    return self._texts.text(name, schema, is_identifier=is_identifier)
                return self._value(name, described, is_identifier=is_identifier, depth=depth + 1)

    def _number(self, schema: JSONObject, *, is_identifier: bool) -> int:
        low, high = _bound(schema, "minimum"), _bound(schema, "maximum")
        if is_identifier:
            # Two resources must not get the same one.
            first = 1 if low is None else math.ceil(low)
            last = first + 999_999_999 if high is None else math.floor(high)
            return self._random.randint(first, max(first, last))
        at_least = 0 if low is None else max(0, math.ceil(low))
        return at_least if high is None else min(at_least, math.floor(high))

    def _array(self, name: str, schema: JSONObject, depth: int) -> list[JSONValue]:
        items, count = schema.get("items"), _bound(schema, "minItems")
        described = self._type.resolved(items) if isinstance(items, dict) else None
        if described is None or count is None or depth > _MAX_DEPTH:
            return []
        return [self._value(name.removesuffix("s"), described, depth=depth + 1) for _ in range(math.ceil(count))]

    def _object(self, schema: JSONObject, depth: int) -> JSONObject:
        properties, required = schema.get("properties"), schema.get("required")
        if not isinstance(properties, dict) or not isinstance(required, list) or depth > _MAX_DEPTH:
            return {}
        made: JSONObject = {}
        for name, described in properties.items():
            resolved = self._type.resolved(described) if isinstance(described, dict) and name in required else None
            if resolved is not None:
                made[name] = self._value(name, resolved, depth=depth + 1)
        return made


def _type_of(schema: JSONObject) -> str | None:
    """Return the type of a schema's values: the first of several, or what its other keywords are about."""
    stated = schema.get("type")
    if isinstance(stated, list):
        return next((name for name in stated if isinstance(name, str) and name != "null"), None)
    if isinstance(stated, str):
        return stated
    return "object" if "properties" in schema else "array" if "items" in schema else None


def _bound(schema: JSONObject, keyword: str) -> int | float | None:
    bound = schema.get(keyword)
    return bound if isinstance(bound, int | float) else None
