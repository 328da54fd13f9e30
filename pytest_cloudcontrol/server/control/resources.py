"""What exists: to see it, to place it, and to change it behind Cloud Control's back."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from pytest_cloudcontrol.arguments import OptionError
from pytest_cloudcontrol.controls.identifiers import primary_identifier
from pytest_cloudcontrol.server.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_cloudcontrol.controls.resources import Resources
    from pytest_cloudcontrol.controls.scope import ScopedCloudControl
    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.server.control.asked import Asked


def list_resources(asked: Asked) -> JSONObject:
    """Return the resources of an account and region, or those that match."""
    resources, given = _resources(asked), asked.members
    type_name, identifier = given.get("type_name"), given.get("identifier")
    found = list(resources)
    if type_name is not None:
        asked.backend.world.catalog.named(cast("str", type_name))  # which looks whether there is one
        found = [resource for resource in found if resource.type_name == type_name]
    if type_name is not None and identifier is not None:
        identifier = _primary(asked, cast("str", type_name), cast("str", identifier))
    if identifier is not None:
        found = [resource for resource in found if resource.identifier == identifier]
    documents: list[JSONValue] = [dict(resource._asdict()) for resource in found]
    return {"resources": documents}


def put_resource(asked: Asked) -> JSONObject:
    """Place a resource."""
    given = asked.members
    put: Callable[..., str] = _resources(asked).put  # which looks what its arguments are
    as_read = {name: given[name] for name in ("as_read",) if name in given}
    return {"identifier": put(given["type_name"], given["properties"], **as_read)}


def update_resource(asked: Asked) -> JSONObject:
    """Change properties of a resource."""
    resources, type_name, identifier = _existing(asked)
    primary = _primary(asked, type_name, identifier)
    resources.update(type_name, identifier, cast("Mapping[str, object]", asked.members["properties"]))
    return {"identifier": primary}


def delete_resource(asked: Asked) -> None:
    """Remove a resource."""
    resources, type_name, identifier = _existing(asked)
    resources.delete(type_name, identifier)


def _scope(asked: Asked) -> ScopedCloudControl:
    account_id, region = asked.members.get("account_id"), asked.members.get("region")
    return asked.cloudcontrol.scope(cast("str | None", account_id), cast("str | None", region))


def _resources(asked: Asked) -> Resources:
    return _scope(asked).resources


def _existing(asked: Asked) -> tuple[Resources, str, str]:
    """Return where a resource is that a request names, and its names.

    Raises:
        Problem: there is no such resource.
    """
    resources = _resources(asked)
    type_name, identifier = cast("str", asked.members["type_name"]), cast("str", asked.members["identifier"])
    if resources.get(type_name, identifier) is None:
        try:
            resources.delete(type_name, identifier)  # which says what there is instead
        except OptionError as error:
            raise Problem(HTTPStatus.NOT_FOUND, str(error)) from None
    return resources, type_name, identifier


def _primary(asked: Asked, type_name: str, identifier: str) -> str:
    """Return the primary identifier of the resource that a request means."""
    world = asked.backend.world
    with world.clock.lock:
        return primary_identifier(world, world.catalog.named(type_name), _scope(asked).key, identifier)
