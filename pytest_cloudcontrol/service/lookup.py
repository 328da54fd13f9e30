"""What every operation on resources needs first: the type, a handler for it, and the resource's identifier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.handlers.protocol import HandlerError, ReadInput
from pytest_cloudcontrol.requests.registry import handler_failure
from pytest_cloudcontrol.resources.identifiers import InvalidIdentifier
from pytest_cloudcontrol.service.errors import ServiceError, of_handler, type_not_found, validation
from pytest_cloudcontrol.vocabulary import HandlerOperation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.handlers.protocol import Handler, Listed
    from pytest_cloudcontrol.schemas.resource_type import HandlerName, ResourceType
    from pytest_cloudcontrol.vocabulary import Scope
    from pytest_cloudcontrol.world import World

_UNSUPPORTED: Final = "UnsupportedActionException"


class Lookup:
    """Looks up what a call names, or answers the error that AWS has for it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def supporting(self, type_name: str, handler: HandlerName) -> ResourceType:
        """Return a type that has a handler.

        Raises:
            ServiceError: there is no such type, it can't be provisioned at all, or it lacks the handler.
        """
        resource_type = self._world.catalog.find(type_name)
        if resource_type is None:
            raise type_not_found(type_name)
        if handler not in resource_type.handlers:  # O-2
            if not resource_type.is_provisionable:  # O-3
                raise ServiceError(_UNSUPPORTED, f"The resource {type_name} is not yet supported via Cloud Control API")
            raise ServiceError(_UNSUPPORTED, f"Resource type {type_name} does not support {handler.upper()} action")
        if self._world.handlers.lacks(type_name, HandlerOperation(handler.upper())):
            raise ServiceError(
                _UNSUPPORTED,
                f"Resource type {type_name} does not support {handler.upper()} action with provision='moto': it isn't "
                "in the table of docs/moto-types.md; provision='moto-or-memory' keeps such types in memory",
            )
        return resource_type

    def identifier(self, resource_type: ResourceType, scope: Scope, given: str) -> str:
        """Return the primary identifier of the resource that a caller means.

        Raises:
            ServiceError: the identifier has a wrong number of parts, or is JSON with wrong names.
        """
        try:
            return self._world.primary_identifier(resource_type, scope, given)
        except InvalidIdentifier as error:
            raise validation(str(error)) from None

    def read(self, resource_type: ResourceType, scope: Scope, identifier: str) -> JSONObject:
        """Call the type's read handler.

        Raises:
            ServiceError: the handler failed; most often there is no such resource.
        """
        self._refuse_as_arranged(ReadInput(HandlerOperation.READ, resource_type, scope, identifier, {}))
        try:
            return self._handler(resource_type, HandlerOperation.READ).read(resource_type, scope, identifier)
        except HandlerError as error:
            raise of_handler(resource_type.type_name, error, self._world.new_uuid()) from None

    def listed(self, resource_type: ResourceType, scope: Scope, model: JSONObject) -> Sequence[Listed] | None:
        """Call the type's list handler; None where the store's resources are listed.

        Raises:
            ServiceError: the handler failed.
        """
        self._refuse_as_arranged(ReadInput(HandlerOperation.LIST, resource_type, scope, None, model))
        try:
            return self._handler(resource_type, HandlerOperation.LIST).listed(resource_type, scope, model)
        except HandlerError as error:
            raise of_handler(resource_type.type_name, error, self._world.new_uuid()) from None

    def shown(self, resource_type: ResourceType, scope: Scope, identifier: str) -> JSONObject:
        """Return what a list shows of a resource that is to be read; nothing of one that has gone meanwhile."""
        try:
            return self._handler(resource_type, HandlerOperation.READ).read(resource_type, scope, identifier)
        except HandlerError:
            return {}

    def _handler(self, resource_type: ResourceType, operation: HandlerOperation) -> Handler:
        return self._world.handlers.of(resource_type.type_name, operation)

    def _refuse_as_arranged(self, given: ReadInput) -> None:
        with self._world.clock.lock:
            rule = self._world.decisions.at_read(given)
        if rule is not None:
            message = handler_failure(rule.error_code) if rule.message is None else rule.message
            error = HandlerError(rule.error_code, message)
            raise of_handler(given.type_name, error, self._world.new_uuid())
