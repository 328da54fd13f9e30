"""Resources that are placed together, such as those of a file: they speak of each other by their identifiers."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, cast

from pytest_cloudcontrol.documents import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pytest_cloudcontrol.controls.kept import Kept, Placed
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.resources.store import Resource
    from pytest_cloudcontrol.schemas.resource_type import ResourceType


def place_together(resources: Sequence[Resource], kept_of: Callable[[str], Kept]) -> Iterator[tuple[str, Placed]]:
    """Place resources, and yield the type of each and how it was placed.

    One comes before those that speak of it, which a service may refuse otherwise. Where the service names it itself, it
    has another identifier than it had, and they speak of that then.
    """
    renamed: dict[str, str] = {}
    taken: dict[str, set[str]] = defaultdict(set)
    for resource in _those_spoken_of_first(resources, kept_of):
        properties = _renamed(resource.properties, renamed) if renamed else resource.properties
        placed = kept_of(resource.type_name).place(resource._replace(properties=properties), taken[resource.type_name])
        taken[resource.type_name].add(placed.identifier)
        if placed.identifier != resource.identifier:
            renamed[resource.identifier] = placed.identifier
        yield resource.type_name, placed


def _those_spoken_of_first(resources: Sequence[Resource], kept_of: Callable[[str], Kept]) -> Iterable[Resource]:
    spoken_of = [
        (resource, _names(resource, kept_of(resource.type_name).resource_type))
        for resource in resources
        if kept_of(resource.type_name).looks_at_others
    ]
    if not spoken_of:
        return resources
    ordered: list[Resource] = []
    seen: set[tuple[str, str]] = set()

    def visit(resource: Resource) -> None:
        if (where := resource[:2]) in seen:  # those that speak of each other among them
            return
        seen.add(where)
        text = json.dumps(kept_of(resource.type_name).resource_type.without_read_only(resource.properties))
        for other, names in spoken_of:
            if any(name in text for name in names):
                visit(other)
        ordered.append(resource)

    for resource in resources:
        visit(resource)
    return ordered


def _names(resource: Resource, resource_type: ResourceType) -> list[str]:
    """Return by what others may speak of a resource: its identifier, and what the service has made, such as its Arn."""
    made = (resource.properties.get(path[0]) for path in resource_type.read_only)
    return [resource.identifier, *(name for name in made if isinstance(name, str) and name)]


def _renamed(properties: JSONObject, renamed: dict[str, str]) -> JSONObject:
    text = json.dumps(properties)
    for before, now in renamed.items():
        text = text.replace(json.dumps(before)[1:-1], json.dumps(now)[1:-1])
    return cast("JSONObject", parse(text))
