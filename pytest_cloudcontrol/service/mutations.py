"""CreateResource, UpdateResource and DeleteResource: what is checked at once, and in which order.

1. the client token: a known one is a replay, or a conflict;
2. the patch document's form;
3. the type, and its handler for the operation;
4. the identifier's form, or the desired state;
5. another operation on the same resource;
6. for an update: the present state, the patch, and what the patch may not change.

The first that fails is answered, and nothing has changed then. Whether a resource to be created exists already, or one
to be deleted doesn't, is for the handler to find out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from pytest_cloudcontrol.documents import JSONObject, parse, pointer_of, remove_at, same, values_at
from pytest_cloudcontrol.handlers.protocol import Work
from pytest_cloudcontrol.requests.request import Asked
from pytest_cloudcontrol.requests.rules import DELAY
from pytest_cloudcontrol.resources.identifiers import primary_of
from pytest_cloudcontrol.resources.patches import InvalidPatch, PatchVerb, apply_patch, parse_patch, touched_properties
from pytest_cloudcontrol.service.errors import ServiceError, validation
from pytest_cloudcontrol.service.events import event_answer
from pytest_cloudcontrol.service.types import Types
from pytest_cloudcontrol.vocabulary import Operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from types_boto3_cloudcontrol.type_defs import (
        CreateResourceInputTypeDef,
        DeleteResourceInputTypeDef,
        UpdateResourceInputTypeDef,
    )

    from pytest_cloudcontrol.documents import JSONValue, PropertyPath
    from pytest_cloudcontrol.resources.patches import PatchDocument
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.service.world import World
    from pytest_cloudcontrol.vocabulary import Scope

_NEED_A_VALUE: Final = frozenset(PatchVerb) - {PatchVerb.ADD}


class Mutations:
    """The three operations that make requests."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._types = Types(world)

    def create(self, scope: Scope, members: CreateResourceInputTypeDef) -> str:
        """Answer CreateResource."""
        asked = _asked(Operation.CREATE, members)
        client_token = members.get("ClientToken")
        if (replayed := self._replayed(scope, client_token, asked)) is not None:
            return replayed
        resource_type = self._types.supporting(asked.type_name, "create")
        desired = _desired_state(members["DesiredState"])
        _check_required(resource_type, desired)
        for path in resource_type.read_only:
            remove_at(desired, path)  # parsed just now, so nobody else has it
        identifier = primary_of(desired, resource_type.primary_identifier)
        return self._accept(asked, scope, client_token, resource_type, identifier, desired, tuple(desired))

    def update(self, scope: Scope, members: UpdateResourceInputTypeDef) -> str:
        """Answer UpdateResource."""
        asked = _asked(Operation.UPDATE, members)
        client_token = members.get("ClientToken")
        if (replayed := self._replayed(scope, client_token, asked)) is not None:
            return replayed
        try:
            patch = parse_patch(members["PatchDocument"])
        except InvalidPatch as error:
            raise validation(str(error)) from None
        resource_type = self._types.supporting(asked.type_name, "update")
        identifier = self._types.identifier(resource_type, scope, members["Identifier"])
        self._refuse_when_busy(scope, asked.type_name, identifier)
        current = self._types.read(resource_type, scope, identifier)
        patched = _patched(resource_type, current, patch)
        # A patch of the whole document changes more than it names.
        names = dict.fromkeys([*touched_properties(patch), *current, *patched])
        changed = tuple(name for name in names if not _same_at((name,), current, patched))
        shown = resource_type.without_write_only(resource_type.without_read_only(patched))
        return self._accept(asked, scope, client_token, resource_type, identifier, patched, changed, shown)

    def delete(self, scope: Scope, members: DeleteResourceInputTypeDef) -> str:
        """Answer DeleteResource."""
        asked = _asked(Operation.DELETE, members)
        client_token = members.get("ClientToken")
        if (replayed := self._replayed(scope, client_token, asked)) is not None:
            return replayed
        resource_type = self._types.supporting(asked.type_name, "delete")
        identifier = self._types.identifier(resource_type, scope, members["Identifier"])
        self._refuse_when_busy(scope, asked.type_name, identifier)
        return self._accept(asked, scope, client_token, resource_type, identifier, {}, ())

    def _replayed(self, scope: Scope, client_token: str | None, asked: Asked) -> str | None:
        """Return the present event of the request that a client token stands for already."""
        request = self._world.registry.of_client_token(scope, client_token) if client_token else None
        if request is None:
            return None
        if request.asked != asked:
            raise ServiceError(
                "ClientTokenConflictException",
                f"ClientToken {client_token} is already associated with an existing operation "
                f"with RequestToken {request.request_token}",
            )
        return event_answer(request)

    def _refuse_when_busy(self, scope: Scope, type_name: str, identifier: str) -> None:
        running = self._world.registry.running_on(scope, type_name, identifier)
        if running is not None:
            raise ServiceError(
                "ConcurrentOperationException",
                f"Concurrent operation on resource {identifier} of type {type_name}: "
                f"the {running.operation} request with RequestToken {running.request_token} is in progress",
            )

    def _accept(
        self,
        asked: Asked,
        scope: Scope,
        client_token: str | None,
        resource_type: ResourceType,
        identifier: str | None,
        model: JSONObject,
        names: tuple[str, ...],
        shown: JSONObject | None = None,
    ) -> str:
        world = self._world
        plan = world.rules.plan_for(asked)
        delay = DELAY if plan.delay is None else plan.delay
        work = Work(asked.operation, resource_type, scope, identifier, model, names, plan.steps or 1, delay)
        request = world.runner.accept(asked, scope, client_token, work, plan, shown)
        return event_answer(request)


def _asked(operation: Operation, members: Mapping[str, object]) -> Asked:
    given = cast("Mapping[str, str]", members)  # every member of the three operations is a string
    return Asked(
        operation,
        given["TypeName"],
        given.get("Identifier"),
        given.get("DesiredState"),
        given.get("PatchDocument"),
        given.get("TypeVersionId"),
        given.get("RoleArn"),
    )


def _desired_state(text: str) -> JSONObject:
    """Parse a DesiredState; AWS's words for one that is no JSON object weren't recorded [choice]."""
    try:
        document = parse(text)
    except ValueError as error:
        raise validation(f"DesiredState is not valid JSON: {error}") from None
    if not isinstance(document, dict):
        raise validation(f"Model validation failed (#: expected type: JSONObject, found: {_java_type(document)})")
    return document


def _java_type(document: JSONValue) -> str:
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "Boolean"),
        (int, "Integer"),
        (float, "BigDecimal"),
        (str, "String"),
        (list, "JSONArray"),
    )
    return next((name for kind, name in kinds if isinstance(document, kind)), "Null")


def _check_required(resource_type: ResourceType, model: JSONObject) -> None:
    missing = [f"#: required key [{name}] not found" for name in resource_type.required if name not in model]
    if missing:
        lines = "\n".join(missing)
        raise validation(f"Model validation failed ({lines})")


def _patched(resource_type: ResourceType, current: JSONObject, patch: PatchDocument) -> JSONObject:
    """Apply a patch to the present state and check what it has changed, comparing models and not the patch's paths."""
    _check_write_only(resource_type, current, patch)
    try:
        patched = apply_patch(current, patch)
    except InvalidPatch as error:
        raise validation(str(error)) from None
    create_only = list(_changed(resource_type.create_only, current, patched))
    if create_only:
        raise ServiceError("NotUpdatableException", _invalid_update("createOnlyProperties", create_only))
    read_only = list(_changed(resource_type.read_only, current, patched))
    if read_only:
        raise validation(_invalid_update("readOnlyProperties", read_only))
    _check_required(resource_type, patched)
    return patched


def _invalid_update(role: str, pointers: Iterable[str]) -> str:
    return f"Invalid patch update: {role} [{', '.join(pointers)}] cannot be updated"


def _changed(paths: Iterable[PropertyPath], before: JSONObject, after: JSONObject) -> Iterable[str]:
    return (pointer_of(path) for path in paths if not _same_at(path, before, after))


def _same_at(path: PropertyPath, before: JSONObject, after: JSONObject) -> bool:
    return same(list(values_at(before, path)), list(values_at(after, path)))


def _check_write_only(resource_type: ResourceType, current: JSONObject, patch: PatchDocument) -> None:
    """Refuse what needs a write-only value to be there: the state that is read doesn't show one."""
    refused = [
        path
        for path in resource_type.write_only
        for operation in patch
        if operation.verb in _NEED_A_VALUE
        and _leads_into(operation.source.parts, path)
        and not any(True for _ in values_at(current, path))
    ]
    if refused:
        paths = ", ".join(f"/{'/'.join(path)}" for path in dict.fromkeys(refused))
        raise validation(
            f"Invalid patch update: writeOnlyProperties [{paths}] can only be updated using 'add' operation"
        )


def _leads_into(parts: list[str], path: PropertyPath) -> bool:
    return len(parts) >= len(path) and all(part in (given, "*") for given, part in zip(parts, path, strict=False))
