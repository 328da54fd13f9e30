"""Resources that are moto's, as a test sees and arranges them: by the handler's work, but without requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.handlers.protocol import HandlerError, HandlerInput
from pytest_cloudcontrol.vocabulary import HandlerErrorCode, Operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.handlers.moto.handler import MotoHandler
    from pytest_cloudcontrol.resources.store import Resource
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Scope
    from pytest_cloudcontrol.world import World


def found(moto: MotoHandler, resource_type: ResourceType, scope: Scope, identifier: str) -> JSONObject | None:
    """Return what moto shows of a resource; None if there is none."""
    try:
        return moto.read(resource_type, scope, identifier)
    except HandlerError as error:
        if error.error_code is HandlerErrorCode.NOT_FOUND:
            return None
        raise


def all_of(world: World, scope: Scope) -> Iterator[Resource]:
    """Yield all resources that are moto's, type by type."""
    provisions = world.handlers.provisions
    for type_name in provisions.moto_types():
        yield from provisions.moto.resources(world.catalog.named(type_name), scope)


def placed(
    world: World, moto: MotoHandler, resource_type: ResourceType, scope: Scope, model: JSONObject
) -> tuple[str, bool]:
    """Make a resource, instead of one that is there; return its identifier, and whether there was one.

    Raises:
        HandlerError: moto refuses it.
    """
    desired = resource_type.without_read_only(model)
    identifier = moto.named(resource_type, scope, model)
    is_there = identifier is not None and found(moto, resource_type, scope, identifier) is not None
    if is_there:
        removed(world, moto, resource_type, scope, identifier or "")
    given = HandlerInput(Operation.CREATE, resource_type, scope, None, desired, tuple(desired))
    moto.call(given, world.clock.now(), world.new_uuid())
    return given.identifier or "", is_there


def removed(world: World, moto: MotoHandler, resource_type: ResourceType, scope: Scope, identifier: str) -> None:
    """Remove a resource.

    Raises:
        HandlerError: there is none, or moto refuses it.
    """
    given = HandlerInput(Operation.DELETE, resource_type, scope, identifier, {}, ())
    moto.call(given, world.clock.now(), "")


def changed(
    world: World,
    moto: MotoHandler,
    resource_type: ResourceType,
    scope: Scope,
    identifier: str,
    model: JSONObject,
    names: tuple[str, ...],
) -> None:
    """Change some properties of a resource.

    Raises:
        HandlerError: moto refuses it.
    """
    given = HandlerInput(Operation.UPDATE, resource_type, scope, identifier, model, names)
    moto.call(given, world.clock.now(), "")
