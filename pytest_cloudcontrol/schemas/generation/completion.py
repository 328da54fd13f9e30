"""A new resource: what the service adds to the properties that the caller gave."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import copied_object, value_at
from pytest_cloudcontrol.schemas.generation.defaults import add_defaults
from pytest_cloudcontrol.schemas.generation.known import KnownOf
from pytest_cloudcontrol.schemas.generation.meanings import meaning_of, own_names
from pytest_cloudcontrol.schemas.generation.values import ValueMaker
from pytest_cloudcontrol.schemas.recordings.conditions import Declared
from pytest_cloudcontrol.schemas.recordings.forms import is_open
from pytest_cloudcontrol.schemas.recordings.showing import Showing

if TYPE_CHECKING:
    from random import Random

    from pytest_cloudcontrol.documents import JSONObject, JSONValue, PropertyPath
    from pytest_cloudcontrol.schemas.generation.made_in import MadeIn
    from pytest_cloudcontrol.schemas.recordings.facts import Part
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

_MAX_DEPTH: Final = 8
_MAX_REMEMBERED: Final = 512


def complete(resource_type: ResourceType, model: JSONObject, made_in: MadeIn, random: Random) -> JSONObject:
    """Return a copy of a new resource's properties with everything that the service makes up.

    What is already there stays, unless AWS is known to show it otherwise. Added are the defaults in the schema, every
    property of the primary identifier, and every read-only property that is missing at the top, or inside what the
    service alone can set, because it is read-only or all its properties are. Inside what the caller may set, nothing is
    made up. Of a type whose reads were recorded, what was learnt from the recordings counts instead.

    Args:
        resource_type: what the properties are of.
        model: the properties so far.
        made_in: the account, region and time that the values speak of.
        random: the source of everything random; equal sources give equal values.
    """
    completed = copied_object(model)
    add_defaults(resource_type, completed)
    maker = ValueMaker(KnownOf(resource_type, completed, made_in, random))
    if resource_type.facts is None:
        for place in _places(resource_type):
            _fill(completed, place, maker)
        return completed
    names, others = _places_by_schema(resource_type)
    for place in names:  # what is shown of a resource may speak of its name
        _fill(completed, place, maker)
    _showing(resource_type).apply(completed, Declared(model, model), maker.of_form)
    for place in others:
        _fill(completed, place, maker)
    return completed


def settle(
    resource_type: ResourceType, model: JSONObject, present: JSONObject, made_in: MadeIn, random: Random
) -> JSONObject:
    """Return what an updated resource comes to: what AWS is known to show beside what there is, and otherwise.

    What was made up before stays the same, though the update has left it out (G-9).

    Args:
        resource_type: what the properties are of.
        model: the properties as the update has them.
        present: the properties before it.
        made_in: the account, region and time that values speak of.
        random: the source of everything random.
    """
    if resource_type.facts is None:
        return model
    settled = copied_object(model)
    maker = ValueMaker(KnownOf(resource_type, settled, made_in, random))

    def fill(form: str, path: PropertyPath) -> JSONValue:
        before = value_at(present, path)
        return maker.of_form(form, path) if before is None or not is_open(form) else before

    _showing(resource_type).apply(settled, Declared(model, model), fill)
    return settled


@functools.lru_cache(_MAX_REMEMBERED)
def _showing(resource_type: ResourceType) -> Showing:
    names = {path[-1] for path in (*resource_type.primary_identifier, *own_names(resource_type))}
    root: Part = {} if resource_type.facts is None else resource_type.facts["root"]
    return Showing(root, lambda name: 2 if meaning_of(name)[0] == "arn" else int(name not in names))


@functools.lru_cache(_MAX_REMEMBERED)
def _places_by_schema(resource_type: ResourceType) -> tuple[list[_Place], list[_Place]]:
    """Return the places that are filled as the schema alone would, names and others: the facts don't speak of them."""
    root: Part = {} if resource_type.facts is None else resource_type.facts["root"]
    told = root.get("shown", {}).keys() | root.get("hidden", {}).keys()
    places = _places(resource_type)
    untold = [place for place in places if place.path[0] not in told]
    names = [place for place in untold if place.is_name]
    return names, [place for place in places if place not in names and (place in untold or place.is_identifier)]


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a model that the service fills.

    Attributes:
        is_identifier: whether it is part of the primary identifier.
        is_name: whether others may speak of it.
    """

    path: PropertyPath
    schema: JSONObject
    is_identifier: bool
    is_name: bool


@functools.lru_cache(_MAX_REMEMBERED)
def _places(resource_type: ResourceType) -> tuple[_Place, ...]:
    """Return the places that the service fills, in the order of filling them: names, then what may speak of them."""
    identifiers = frozenset(resource_type.primary_identifier)
    names = own_names(resource_type)

    def rank(place: _Place) -> int:
        if meaning_of(place.path[-1])[0] == "arn":
            return 2
        return 0 if place.is_name else 1

    places = []
    for path in dict.fromkeys((*resource_type.primary_identifier, *resource_type.read_only)):  # O-7
        schema = None if "*" in path else resource_type.property_schema(path)
        if schema is not None:
            is_identifier = path in identifiers
            if is_identifier or _is_made_by_the_service(resource_type, path):
                places.append(_Place(path, schema, is_identifier, is_identifier or path in names))
    return tuple(sorted(places, key=rank))


def _is_made_by_the_service(resource_type: ResourceType, path: PropertyPath) -> bool:
    """Tell whether the service alone can set the property at the top that a path leads into."""
    return len(path) == 1 or _is_only_read_only(resource_type, path[:1])


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
    for part in place.path[:-1]:
        child = parent.setdefault(part, {})
        if not isinstance(child, dict):
            return
        parent = child
    name = place.path[-1]
    if name not in parent:
        parent[name] = maker.value(name, place.schema, is_identifier=place.is_identifier)
