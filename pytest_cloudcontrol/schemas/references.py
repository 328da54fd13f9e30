"""Where the references of a resource type's schema lead: to another schema inside it, nowhere, or in a circle."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Final, TypeAlias

from pytest_cloudcontrol.schemas.keywords import schemas_under

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_cloudcontrol.documents import JSONObject

Place: TypeAlias = tuple[str | int, ...]
"""A place in a schema, from the top: names, and the indexes of lists."""

_OWN_NAME: Final = "resource-schema.json"
"""What a handler's schema calls the resource type's, which it is part of."""

_ON_THE_SAME_VALUE: Final = frozenset({"$ref", "allOf", "anyOf", "dependencies", "not", "oneOf"})
"""The keywords whose schemas look at the same value as the schema that they stand in."""


class References:
    """The references of all schemas inside one.

    Args:
        schemas: the schemas inside a resource type's schema, and that itself, by their places.
    """

    def __init__(self, schemas: Mapping[Place, JSONObject]) -> None:
        self._schemas = schemas
        self._steps = {place: list(_steps(place, schema)) for place, schema in schemas.items()}

    def broken(self) -> Iterator[Place]:
        """Yield the places of the schemas whose references lead to no schema."""
        for place, steps in self._steps.items():
            if any(target not in self._schemas for _, target in steps):
                yield place

    def circular(self) -> Iterator[Place]:
        """Yield the places of schemas that refer to themselves, by way of others and without a step into the value.

        No value could be checked against these. Only schemas that a document can come to count: one of AWS's own has
        such a definition, but nothing else refers to it.
        """
        same_value = {
            place: [target for keyword, target in self._steps.get(place, ()) if keyword in _ON_THE_SAME_VALUE]
            for place in self._used()
        }
        try:
            TopologicalSorter(same_value).prepare()
        except CycleError as error:
            circle = frozenset(error.args[1])
            yield from (place for place in self._schemas if place in circle and "$ref" in self._schemas[place])

    def _used(self) -> set[Place]:
        used: set[Place] = set()
        pending = [place for place in self._schemas if place[:1] in ((), ("handlers",))]
        while pending:
            place = pending.pop()
            if place not in used:
                used.add(place)
                pending += [target for keyword, target in self._steps.get(place, ()) if keyword != "definitions"]
        return used


def _steps(place: Place, schema: JSONObject) -> Iterator[tuple[str, Place]]:
    """Yield the keywords and places of the schemas that a schema leads to; a reference counts alone."""
    reference = schema.get("$ref")
    if isinstance(reference, str):
        yield "$ref", _target(place, reference)
        return
    for keyword, value in schema.items():
        for part, _ in schemas_under(keyword, value):
            yield keyword, (*place, keyword, *part)


def _target(place: Place, reference: str) -> Place:
    """Return the place that a reference names, which may be none in the schema."""
    name, _, pointer = reference.partition("#")
    if name and not (name == _OWN_NAME and place[:1] == ("handlers",)):
        return (reference,)
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]) or (reference,)
