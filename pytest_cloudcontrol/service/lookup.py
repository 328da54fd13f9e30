"""What every operation on resources needs first: the type, a handler for it, and the resource's identifier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.handlers.memory import not_found
from pytest_cloudcontrol.handlers.protocol import HandlerError, ReadInput
from pytest_cloudcontrol.resources.identifiers import InvalidIdentifier
from pytest_cloudcontrol.service.errors import ServiceError, of_handler, type_not_found, validation
from pytest_cloudcontrol.vocabulary import HandlerErrorCode, HandlerOperation

if TYPE_CHECKING:
    from pytest_cloudcontrol.decisions.faults import Failure
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.handlers.protocol import Listing
    from pytest_cloudcontrol.handlers.veils import Seen
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Scope
    from pytest_cloudcontrol.world import World

_UNSUPPORTED: Final = "UnsupportedActionException"


class Lookup:
    """Looks up what a call names, or answers the error that AWS has for it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def supporting(self, type_name: str, operation: HandlerOperation) -> ResourceType:
        """Return a type that has a handler.

        Raises:
            ServiceError: there is no such type, it can't be provisioned at all, or it lacks the handler.
        """
        resource_type = self._world.catalog.find(type_name)
        if resource_type is None:
            raise type_not_found(type_name)
        if operation not in resource_type.handlers:  # O-2
            if not resource_type.is_provisionable:  # O-3
                raise ServiceError(_UNSUPPORTED, f"The resource {type_name} is not yet supported via Cloud Control API")
            raise ServiceError(_UNSUPPORTED, f"Resource type {type_name} does not support {operation} action")
        if self._world.handlers.lacks(type_name, operation):
            raise ServiceError(
                _UNSUPPORTED,
                f"Resource type {type_name} does not support {operation} action with provision='moto': it isn't "
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
        """Call the type's read handler, and return what there is, consistent or not.

        Raises:
            ServiceError: the handler failed; most often there is no such resource.
        """
        self._refuse_as_arranged(ReadInput(HandlerOperation.READ, resource_type, scope, identifier, {}))
        return self._model(resource_type, self._found(resource_type, scope, identifier))

    def seen(self, resource_type: ResourceType, scope: Scope, identifier: str) -> JSONObject:
        """Call the type's read handler, and return what is consistent by now.

        Raises:
            ServiceError: the handler failed; most often there is no such resource.
        """
        self._refuse_as_arranged(ReadInput(HandlerOperation.READ, resource_type, scope, identifier, {}))
        return self._model(resource_type, self._seen(resource_type, scope, identifier))

    def listed(
        self, resource_type: ResourceType, scope: Scope, model: JSONObject, next_token: str | None
    ) -> Listing | None:
        """Call the type's list handler; None where the store's resources are listed.

        Raises:
            ServiceError: the handler failed.
        """
        self._refuse_as_arranged(ReadInput(HandlerOperation.LIST, resource_type, scope, None, model))
        try:
            return self._world.handlers.listed(resource_type, scope, model, next_token)
        except HandlerError as error:
            raise of_handler(resource_type.type_name, error, self._world.new_uuid()) from None

    def shown(self, resource_type: ResourceType, scope: Scope, identifier: str) -> JSONObject:
        """Return what a list shows of a resource that is to be read; nothing of one that has gone meanwhile."""
        seen = self._seen(resource_type, scope, identifier)
        return {} if isinstance(seen, HandlerError) else seen

    def is_there(self, resource_type: ResourceType, scope: Scope, identifier: str) -> bool:
        """Whether the type's read handler shows a resource, consistent or not."""
        return not isinstance(self._found(resource_type, scope, identifier), HandlerError)

    def veiled(self, resource_type: ResourceType, scope: Scope) -> dict[str, Seen]:
        """Return what reads show of the resources of a type of which something isn't consistent yet."""
        with self._world.clock.lock:
            return self._world.handlers.veils.shown(scope, resource_type.type_name)

    def _seen(self, resource_type: ResourceType, scope: Scope, identifier: str) -> Seen:
        found = self._found(resource_type, scope, identifier)
        # Looked for afterwards: without the lock a veil may go up meanwhile, and what was found be new.
        return self.veiled(resource_type, scope).get(identifier, found)

    def _found(self, resource_type: ResourceType, scope: Scope, identifier: str) -> Seen:
        try:
            return self._world.handlers.read(resource_type, scope, identifier)
        except HandlerError as error:
            return error

    def _model(self, resource_type: ResourceType, seen: Seen) -> JSONObject:
        if isinstance(seen, HandlerError):
            raise of_handler(resource_type.type_name, seen, self._world.new_uuid())
        return seen

    def _refuse_as_arranged(self, given: ReadInput) -> None:
        with self._world.clock.lock:
            rule = self._world.decisions.at_read(given)
        if rule is not None:
            raise of_handler(given.type_name, _arranged(rule, given), self._world.new_uuid())


def _arranged(rule: Failure, given: ReadInput) -> HandlerError:
    """Return what a read or list handler fails with as the test has arranged it, in words that fit if it gave none."""
    if rule.message is not None:
        return HandlerError(rule.error_code, rule.message)
    if rule.error_code is HandlerErrorCode.NOT_FOUND and given.identifier is not None:
        return not_found(given.resource_type, given.identifier)
    return HandlerError(rule.error_code, f"{rule.error_code} (arranged by the test)")
