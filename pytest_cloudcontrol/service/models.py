"""The models that callers ask for: a create's desired state, and what an update's patch makes of the present state.

A desired state is checked in this order:

1. it is JSON;
2. it is an object;
3. it is valid by the type's schema, read-only properties included: what is wrong is answered all together.

A patched model is checked in this order, and the models before and after are compared, not the paths of the patch:

1. no operation needs a write-only value, which the present state doesn't show;
2. each operation of the patch can be applied;
3. no create-only property has changed;
4. no read-only property has changed;
5. the model as a whole is valid by the type's schema.

[choice: AWS was recorded to refuse each, but which it refuses first was not] (C-22)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import copied_object, parse, pointer_of, remove_at, values_at
from pytest_cloudcontrol.resources.patches import InvalidPatch, PatchVerb, apply_patch
from pytest_cloudcontrol.schemas.generation import add_defaults
from pytest_cloudcontrol.schemas.roles import has_changed
from pytest_cloudcontrol.schemas.validation.java import type_name
from pytest_cloudcontrol.service.errors import ServiceError, validation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_cloudcontrol.documents import JSONObject, PropertyPath
    from pytest_cloudcontrol.resources.patches import PatchDocument
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

_NEED_A_VALUE: Final = frozenset(PatchVerb) - {PatchVerb.ADD}


def desired_state(resource_type: ResourceType, text: str) -> JSONObject:
    """Return a create's desired state without what the caller can't set.

    Read-only properties are checked like all others and then left out [choice] (C-3).

    Raises:
        ServiceError: it isn't valid. AWS's words for a text that is no JSON weren't recorded [choice] (C-5).
    """
    try:
        document = parse(text)
    except ValueError as error:
        raise validation(f"DesiredState is not valid JSON: {error}") from None
    if not isinstance(document, dict):  # O-4
        raise _invalid_model([f"#: expected type: JSONObject, found: {type_name(document)}"])
    _check(resource_type, document)  # V-1
    for path in resource_type.read_only:
        remove_at(document, path)  # parsed just now, so nobody else has it
    return document


def patched_model(resource_type: ResourceType, current: JSONObject, patch: PatchDocument) -> JSONObject:
    """Return what a patch makes of a resource's present state, as its read handler shows it (O-21).

    Raises:
        ServiceError: the patch can't be applied, or changes what it may not, or leaves an invalid model.
    """
    _check_write_only(resource_type, current, patch)
    try:
        patched = apply_patch(current, patch)
    except InvalidPatch as error:
        raise validation(str(error)) from None
    create_only = [path for path in resource_type.create_only if has_changed(path, current, patched)]
    if create_only:
        # AWS would show the schema's defaults again: leaving out what nobody but the mock has declared is no change.
        completed = copied_object(patched)
        add_defaults(resource_type, completed)
        create_only = [path for path in create_only if has_changed(path, current, completed)]
    if create_only:
        raise ServiceError("NotUpdatableException", _invalid_update("createOnlyProperties", create_only))  # O-17
    read_only = [path for path in resource_type.read_only if has_changed(path, current, patched, by_the_service=True)]
    if read_only:
        raise validation(_invalid_update("readOnlyProperties", read_only))  # O-18
    _check(resource_type, patched)  # V-2
    return patched


def _check(resource_type: ResourceType, model: JSONObject) -> None:
    violations = resource_type.validator.violations(model)
    if violations:
        raise _invalid_model(violations)


def _invalid_model(violations: list[str]) -> ServiceError:
    lines = "\n".join(violations)
    return validation(f"Model validation failed ({lines})")  # O-5


def _invalid_update(role: str, paths: Iterable[PropertyPath]) -> str:
    return f"Invalid patch update: {role} [{', '.join(map(pointer_of, paths))}] cannot be updated"


def _check_write_only(resource_type: ResourceType, current: JSONObject, patch: PatchDocument) -> None:
    """Refuse what needs a write-only value to be there: the state that is read doesn't show one (O-20)."""
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
