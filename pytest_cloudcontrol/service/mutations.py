"""CreateResource, UpdateResource and DeleteResource: what is checked at once, and in which order.

1. the client token: a known one is a replay, or a conflict (I-8);
2. the patch document's form (O-10);
3. the type, and its handler for the operation;
4. the identifier's form, or the desired state (models.py);
5. for an update: the present state (O-11);
6. another operation on the same resource, which for a create is one that the caller names (L-21, L-23);
7. for an update: the patch, and the patched model (models.py).

The first that fails is answered (C-22), and nothing has changed then (C-12, I-7). Whether a resource to be created
exists already (O-6), or one to be deleted doesn't (O-9), is for the handler to find out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.handlers.protocol import HandlerInput
from pytest_cloudcontrol.requests.request import RequestInput
from pytest_cloudcontrol.resources.identifiers import primary_of
from pytest_cloudcontrol.resources.patches import InvalidPatch, parse_patch, touched_properties
from pytest_cloudcontrol.schemas.roles import has_changed
from pytest_cloudcontrol.schemas.shown import in_shown_order
from pytest_cloudcontrol.service.errors import ServiceError, validation
from pytest_cloudcontrol.service.events import event_answer
from pytest_cloudcontrol.service.lookup import Lookup
from pytest_cloudcontrol.service.models import desired_state, patched_model
from pytest_cloudcontrol.vocabulary import HandlerOperation, Operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_cloudcontrol.type_defs import (
        CreateResourceInputTypeDef,
        DeleteResourceInputTypeDef,
        UpdateResourceInputTypeDef,
    )

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.vocabulary import Scope
    from pytest_cloudcontrol.world import World

_MEMBERS: Final = ("TypeName", "Identifier", "DesiredState", "PatchDocument", "TypeVersionId", "RoleArn", "ClientToken")
"""What RequestInput has, in its order; every member of the three operations is a string."""


class Mutations:
    """The three operations that make requests."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lookup = Lookup(world)

    def create(self, scope: Scope, members: CreateResourceInputTypeDef) -> str:
        """Answer CreateResource."""
        given = _input(members)
        if (replayed := self._replayed(scope, given)) is not None:
            return replayed
        resource_type = self._lookup.supporting(given.type_name, HandlerOperation.CREATE)
        desired = desired_state(resource_type, members["DesiredState"])
        identifier = primary_of(desired, resource_type.primary_identifier)  # L-11
        if identifier is not None:
            self._refuse_when_busy(scope, given.type_name, identifier)  # L-23
        wanted = HandlerInput(Operation.CREATE, resource_type, scope, identifier, desired, tuple(desired))
        return self._accepted(given, wanted)

    def update(self, scope: Scope, members: UpdateResourceInputTypeDef) -> str:
        """Answer UpdateResource. Its read may run the test's own code, so it may come without the lock."""
        given = _input(members)
        with self._world.clock.lock:
            if (replayed := self._replayed(scope, given)) is not None:
                return replayed
            try:
                patch = parse_patch(members["PatchDocument"])
            except InvalidPatch as error:
                raise validation(str(error)) from None
            resource_type = self._lookup.supporting(given.type_name, HandlerOperation.UPDATE)
            identifier = self._lookup.identifier(resource_type, scope, members["Identifier"])
        current = self._lookup.read(resource_type, scope, identifier)
        with self._world.clock.lock:
            if (replayed := self._replayed(scope, given)) is not None:  # accepted meanwhile
                return replayed
            self._refuse_when_busy(scope, given.type_name, identifier)
            patched = patched_model(resource_type, current, patch)
            # A patch of the whole document changes more than it names.
            names = dict.fromkeys([*touched_properties(patch), *current, *patched])
            changed = tuple(name for name in names if has_changed((name,), current, patched))  # C-27
            settable = resource_type.without_write_only(resource_type.without_read_only(patched))
            shown = in_shown_order(resource_type, settable)  # L-7, C-7
            wanted = HandlerInput(Operation.UPDATE, resource_type, scope, identifier, patched, changed, current)
            return self._accepted(given, wanted, shown)

    def delete(self, scope: Scope, members: DeleteResourceInputTypeDef) -> str:
        """Answer DeleteResource."""
        given = _input(members)
        if (replayed := self._replayed(scope, given)) is not None:
            return replayed
        resource_type = self._lookup.supporting(given.type_name, HandlerOperation.DELETE)
        identifier = self._lookup.identifier(resource_type, scope, members["Identifier"])
        self._refuse_when_busy(scope, given.type_name, identifier)
        wanted = HandlerInput(Operation.DELETE, resource_type, scope, identifier, {}, ())
        return self._accepted(given, wanted)

    def _accepted(self, given: RequestInput, wanted: HandlerInput, shown: JSONObject | None = None) -> str:
        wanted.role_arn, wanted.client_token = given.role_arn, given.client_token
        return event_answer(self._world.runner.accept(given, wanted, shown))

    def _replayed(self, scope: Scope, given: RequestInput) -> str | None:
        """Return the present event of the request that a client token stands for already (I-1, I-2)."""
        request = self._world.registry.of_client_token(scope, given.client_token) if given.client_token else None
        if request is None:
            return None
        if request.input != given:  # I-5
            raise ServiceError(
                "ClientTokenConflictException",  # I-4
                f"ClientToken {given.client_token} is already associated with an existing operation "
                f"with RequestToken {request.request_token}",
            )
        return event_answer(request)

    def _refuse_when_busy(self, scope: Scope, type_name: str, identifier: str) -> None:
        running = self._world.registry.running_on(scope, type_name, identifier)
        if running is not None:
            raise ServiceError(
                "ConcurrentOperationException",  # L-21
                f"Concurrent operation found for resource {identifier} with RequestToken {running.request_token}",
            )


def _input(members: Mapping[str, object]) -> RequestInput:
    return RequestInput._make(map(members.get, _MEMBERS))
