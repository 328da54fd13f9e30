"""What the members and the answers of the control API are, as OpenAPI says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.vocabulary import (
    Api,
    HandlerErrorCode,
    HandlerOperation,
    HookFailureMode,
    HookStatus,
    Operation,
    OperationStatus,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_cloudcontrol.documents import JSONObject, JSONValue


def words(of: Iterable[str]) -> JSONObject:
    """Return the schema of one of some words."""
    return {"type": "string", "enum": [str(word) for word in of]}


def list_of(items: JSONObject) -> JSONObject:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def named(name: str) -> JSONObject:
    """Return the schema that has a name."""
    return {"$ref": f"#/components/schemas/{name}"}


def object_of(properties: Mapping[str, JSONObject], required: Iterable[str] | None = None) -> JSONObject:
    """Return the schema of an object, which has all of its members unless they are told."""
    names: list[JSONValue] = list(properties if required is None else required)
    schema: JSONObject = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return {**schema, "required": names} if names else schema


def or_null(schema: JSONObject) -> JSONObject:
    """Return the schema of what may be null."""
    return {"oneOf": [schema, {"type": "null"}]}


TEXT: Final[JSONObject] = {"type": "string"}
SWITCH: Final[JSONObject] = {"type": "boolean"}
COUNT: Final[JSONObject] = {"type": "integer", "minimum": 1}
WHOLE: Final[JSONObject] = {"type": "integer", "minimum": 0}
SECONDS: Final[JSONObject] = {"type": "number", "minimum": 0, "description": "seconds"}
INSTANT: Final[JSONObject] = {"type": "string", "format": "date-time"}
ANY_OBJECT: Final[JSONObject] = {"type": "object"}
AT_STEP: Final[JSONObject] = {"oneOf": [COUNT, {"const": "end"}]}
OPERATION: Final = words(Operation)
HANDLER_OPERATION: Final = words(HandlerOperation)
STATUS: Final = words(OperationStatus)
ERROR_CODE: Final = words(HandlerErrorCode)
API: Final = words(Api)
FAILURE_MODE: Final = words(HookFailureMode)

_HOOK: Final = {"hook_type_name": TEXT, "status": words(HookStatus), "message": or_null(TEXT), "time": INSTANT}
_EVENT: Final = {
    "time": INSTANT,
    "status": STATUS,
    "error_code": or_null(ERROR_CODE),
    "status_message": or_null(TEXT),
    "retry_after": or_null(INSTANT),
}
_REQUEST: Final = {
    "request_token": TEXT,
    "type_name": TEXT,
    "operation": OPERATION,
    "identifier": or_null(TEXT),
    "status": STATUS,
    "error_code": or_null(ERROR_CODE),
    "status_message": or_null(TEXT),
    "account_id": TEXT,
    "region": TEXT,
    "steps": WHOLE,
    "next_step_at": or_null(INSTANT),
    "expired": SWITCH,
    "hooks": list_of(object_of(_HOOK)),
    "events": list_of(object_of(_EVENT)),
}
RATE: Final[JSONObject] = {"type": "number", "minimum": 0}
_CLOCK: Final = {"now": INSTANT, "rate": RATE, "auto_advance": SWITCH}
_WORK: Final = {
    "id": COUNT,
    "name": TEXT,
    "request_token": TEXT,
    "done": SWITCH,
    "next_step_at": or_null(INSTANT),
}
_CALL: Final = {"api": TEXT, "input": ANY_OBJECT, "error_code": or_null(TEXT), "time": INSTANT}
_RESOURCE: Final = {"type_name": TEXT, "identifier": TEXT, "properties": ANY_OBJECT}

ANSWERS: Final[Mapping[str, JSONObject]] = {
    "Health": object_of({"status": {"const": "ok"}, "version": TEXT}),
    "OpenAPI": ANY_OBJECT,
    "Page": TEXT,
    "Clock": object_of(_CLOCK),
    "ClockMoved": object_of({**_CLOCK, "moved": SWITCH}),
    "Step": object_of({"request": or_null(named("Request"))}),
    "Steps": object_of({"steps": WHOLE}),
    "Request": object_of(_REQUEST),
    "Requests": object_of({"requests": list_of(named("Request"))}),
    "Rule": object_of({"id": COUNT, "text": TEXT, "fired": WHOLE}),
    "Rules": object_of({"rules": list_of(named("Rule"))}),
    "Resources": object_of({"resources": list_of(object_of(_RESOURCE))}),
    "Identifier": object_of({"identifier": TEXT}),
    "Work": object_of(_WORK),
    "Downstream": object_of({"downstream": list_of(named("Work"))}),
    "Calls": object_of({"calls": list_of(object_of(_CALL))}),
    "State": {"type": "object", "required": ["format"], "properties": {"format": TEXT}},
    "Problem": object_of({"type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT}),
}
"""The schemas of the documents that are answered with, by their names."""
