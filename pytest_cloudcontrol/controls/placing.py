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


def place_together(resources: Sequence[Resource], kept_of: Callable[[str], Kept]) -> Iterator[tuple[str, Placed]]:
    """Place resources, and yield the type of each and how it was placed.

    Where a service names its resources itself, one that is placed has another identifier than it had. So it comes
    before those that speak of it, and they speak of its new one then.
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
    named_anew = [resource for resource in resources if kept_of(resource.type_name).names_itself]
    if not named_anew:
        return resources
    ordered: list[Resource] = []
    seen: set[tuple[str, str]] = set()

    def visit(resource: Resource) -> None:
        if (where := resource[:2]) in seen:  # those that speak of each other among them
            return
        seen.add(where)
        text = json.dumps(kept_of(resource.type_name).resource_type.without_read_only(resource.properties))
        for other in named_anew:
            if other.identifier in text:
                visit(other)
        ordered.append(resource)

    for resource in resources:
        visit(resource)
    return ordered


def _renamed(properties: JSONObject, renamed: dict[str, str]) -> JSONObject:
    text = json.dumps(properties)
    for before, now in renamed.items():
        text = text.replace(json.dumps(before)[1:-1], json.dumps(now)[1:-1])
    return cast("JSONObject", parse(text))
