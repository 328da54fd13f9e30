"""What there is in a world, and what somebody has changed of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.controls.kept import all_kept
from pytest_cloudcontrol.documents import copied_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.documents import JSONObject

    There: TypeAlias = Mapping[str, JSONObject]
    """The properties of resources, by what a report calls each."""


def what_there_is(backend: Backend) -> There:
    """Return copies of all resources, by type and identifier, and by account and region where these aren't the default.

    Args:
        backend: the mock.
    """
    world = backend.world
    with world.clock.lock:
        scopes = dict.fromkeys(
            [
                backend.default_scope,
                *(request.scope for request in world.registry.requests),
                *(scope for scope, _ in world.store.everywhere()),
            ]
        )
        there: dict[str, JSONObject] = {}
        for scope in scopes:
            where = "" if scope == backend.default_scope else f" [{scope.account_id} {scope.region}]"
            for resource in all_kept(world, scope):
                there[f"{resource.type_name} {resource.identifier}{where}"] = copied_object(resource.properties)
        return there


def changes(before: There, after: There) -> Iterator[str]:
    """Yield a few words for each resource that has come, changed or gone."""
    for name, properties in after.items():
        if name not in before:
            yield f"{name} has come"
        elif properties != before[name]:
            there = before[name]
            names = [key for key in dict.fromkeys([*there, *properties]) if there.get(key) != properties.get(key)]
            yield f"{name} has changed: {', '.join(names)}"
    for name in before:
        if name not in after:
            yield f"{name} has gone"
