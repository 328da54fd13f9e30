"""The shape of a resource type's models: what each property may be, apart from what has to be there.

AWS wants it of every model that a handler returns. A resource may be half made, or hide what is write-only, so nothing
is required of such a model, and no combination of schemas counts (P-8).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.schemas.validation import Validator

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

_NOT_OF_SHAPE: Final = frozenset(
    ("required", "dependencies", "propertyNames", "allOf", "anyOf", "oneOf", "not", "if", "then", "else")
)
_BY_NAME: Final = frozenset(("properties", "patternProperties", "definitions"))
_OF_PARTS: Final = frozenset(("items", "additionalProperties"))


def shape_validator(resource_type: ResourceType) -> Validator:
    """Return what checks the shape of a type's models."""
    return Validator(_shape_of(resource_type.schema))


def _shape_of(schema: JSONObject) -> JSONObject:
    return {keyword: _inside(keyword, value) for keyword, value in schema.items() if keyword not in _NOT_OF_SHAPE}


def _inside(keyword: str, value: JSONValue) -> JSONValue:
    if keyword in _BY_NAME and isinstance(value, dict):
        return {name: _part(inner) for name, inner in value.items()}
    return _part(value) if keyword in _OF_PARTS else value


def _part(value: JSONValue) -> JSONValue:
    if isinstance(value, list):  # of items, one by one
        return [_part(inner) for inner in value]
    return _shape_of(value) if isinstance(value, dict) else value
