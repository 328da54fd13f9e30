"""A new resource: what the service adds to the properties that the caller gave."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import copied_object
from pytest_cloudcontrol.schemas.generation.defaults import add_defaults
from pytest_cloudcontrol.schemas.generation.known import KnownOf
from pytest_cloudcontrol.schemas.generation.meanings import meaning_of, own_names
from pytest_cloudcontrol.schemas.generation.values import ValueMaker

if TYPE_CHECKING:
    from random import Random

    from pytest_cloudcontrol.documents import JSONObject, PropertyPath
    from pytest_cloudcontrol.schemas.generation.made_in import MadeIn
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

_MAX_DEPTH: Final = 8
_MAX_REMEMBERED: Final = 512


def complete(resource_type: ResourceType, model: JSONObject, made_in: MadeIn, random: Random) -> JSONObject:
    """Return a copy of a new resource's properties with everything that the service makes up.

    What is already there stays. Added are the defaults in the schema, every property of the primary identifier, and
    every read-only property that is missing. A read-only property inside an object that isn't there is added only if
    the service alone can set that object, because it is read-only or all its properties are: an optional part of the
    configuration that the caller left out stays out. Read-only properties of an array's items or of a map's values are
    never made up.

    Args:
        resource_type: what the properties are of.
        model: the properties so far.
        made_in: the account, region and time that the values speak of.
        random: the source of everything random; equal sources give equal values.
    """
    completed = copied_object(model)
    add_defaults(resource_type, completed)
    maker = ValueMaker(KnownOf(resource_type, completed, made_in, random))
    for place in _places(resource_type):
        _fill(completed, place, maker)
    return completed


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a model that the service fills.

    Attributes:
        anchor: so many of the objects that the path leads through must be there already; the others are made.
    """

    path: PropertyPath
    schema: JSONObject
    is_identifier: bool
    anchor: int


@functools.lru_cache(_MAX_REMEMBERED)
def _places(resource_type: ResourceType) -> tuple[_Place, ...]:
    """Return the places that the service fills, in the order of filling them: names, then what may speak of them."""
    identifiers = frozenset(resource_type.primary_identifier)
    names = own_names(resource_type)

    def rank(place: _Place) -> int:
        if meaning_of(place.path[-1])[0] == "arn":
            return 2
        return 0 if place.is_identifier or place.path in names else 1

    places = []
    for path in dict.fromkeys((*resource_type.primary_identifier, *resource_type.read_only)):  # O-7
        schema = None if "*" in path else resource_type.property_schema(path)
        if schema is not None:
            is_identifier = path in identifiers
            anchor = 0 if is_identifier else _anchor(resource_type, path)
            places.append(_Place(path, schema, is_identifier, anchor))
    return tuple(sorted(places, key=rank))


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


def _fill(model: JSONObject, place: _Place, maker: ValueMaker) -> None:
    parent = model
    for depth, part in enumerate(place.path[:-1]):
        if part not in parent and depth < place.anchor:
            return
        child = parent.setdefault(part, {})
        if not isinstance(child, dict):
            return
        parent = child
    name = place.path[-1]
    if name not in parent:
        parent[name] = maker.value(name, place.schema, is_identifier=place.is_identifier)
