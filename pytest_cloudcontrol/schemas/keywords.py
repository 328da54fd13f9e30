"""The keywords of a resource type's schema, and the values that each may have.

They are those of CloudFormation's registry, which keeps to a part of JSON Schema's draft-07 and adds a few of its own,
and three more that AWS's validator knows: ``additionalItems``, ``not`` and ``propertyNames``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, TypeGuard, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_cloudcontrol.documents import JSONObject, JSONValue

_TYPE_NAME: Final = re.compile(r"[A-Za-z0-9]{2,64}(::[A-Za-z0-9]{2,64}){2}")
_TYPES: Final = ("array", "boolean", "integer", "null", "number", "object", "string")


class Kind(NamedTuple):
    """The values that a keyword may have.

    Attributes:
        fits: tells whether a value is one of them.
        expected: how an error says what they are.
    """

    fits: Callable[[JSONValue], bool]
    expected: str


def _is_text(value: JSONValue) -> TypeGuard[str]:
    return isinstance(value, str)


def _is_list_of_texts(value: JSONValue) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_number(value: JSONValue) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: JSONValue) -> bool:
    return _is_number(value) and isinstance(value, int) and value >= 0


def _is_type(value: JSONValue) -> bool:
    return value in _TYPES or (isinstance(value, list) and bool(value) and all(name in _TYPES for name in value))


def _is_type_name(value: JSONValue) -> bool:
    return _is_text(value) and _TYPE_NAME.fullmatch(value) is not None


def _are_dependencies(value: JSONValue) -> bool:
    return isinstance(value, dict) and all(isinstance(item, dict) or _is_list_of_texts(item) for item in value.values())


def one_of(*words: str) -> Kind:
    """Return the kind of a keyword that has one of a few words."""
    return Kind(lambda value: value in words, f"one of {', '.join(words)}")


ANYTHING: Final = Kind(lambda _value: True, "anything")
BOOLEAN: Final = Kind(lambda value: isinstance(value, bool), "true or false")
COUNT: Final = Kind(_is_count, "a whole number, 0 or more")
LIST: Final = Kind(lambda value: isinstance(value, list), "a list")
NAMES: Final = Kind(_is_list_of_texts, "a list of property names")
NUMBER: Final = Kind(_is_number, "a number")
OBJECT: Final = Kind(lambda value: isinstance(value, dict), "an object")
POINTERS: Final = Kind(_is_list_of_texts, "a list of property pointers such as /properties/Name")
IDENTIFIER: Final = Kind(
    lambda value: _is_list_of_texts(value) and bool(value), f"{POINTERS.expected}, with at least one in it"
)
SCHEMA: Final = Kind(lambda value: isinstance(value, dict), "a schema, which is an object")
SCHEMA_OR_BOOLEAN: Final = Kind(lambda value: isinstance(value, bool | dict), "true, false or a schema")
SCHEMA_OR_SCHEMAS: Final = Kind(lambda value: isinstance(value, dict | list), "a schema or a list of schemas")
SCHEMAS: Final = Kind(lambda value: isinstance(value, list) and bool(value), "a list with at least one schema in it")
SCHEMAS_BY_NAME: Final = Kind(lambda value: isinstance(value, dict), "an object of schemas")
TEXT: Final = Kind(_is_text, "a string")
TEXTS: Final = Kind(_is_list_of_texts, "a list of strings")

OF_SCHEMAS: Final[Mapping[str, Kind]] = {
    "$comment": TEXT,
    "$ref": TEXT,
    "additionalItems": SCHEMA_OR_BOOLEAN,
    "additionalProperties": SCHEMA_OR_BOOLEAN,
    "allOf": SCHEMAS,
    "anyOf": SCHEMAS,
    "arrayType": one_of("Standard", "AttributeList"),
    "const": ANYTHING,
    "contains": SCHEMA,
    "default": ANYTHING,
    "dependencies": Kind(_are_dependencies, "an object of schemas and of lists of property names"),
    "description": TEXT,
    "enum": Kind(lambda value: isinstance(value, list) and bool(value), "a list with at least one value in it"),
    "examples": LIST,
    "exclusiveMaximum": NUMBER,
    "exclusiveMinimum": NUMBER,
    "format": TEXT,
    "insertionOrder": BOOLEAN,
    "items": SCHEMA_OR_SCHEMAS,
    "maxItems": COUNT,
    "maxLength": COUNT,
    "maxProperties": COUNT,
    "maximum": NUMBER,
    "minItems": COUNT,
    "minLength": COUNT,
    "minProperties": COUNT,
    "minimum": NUMBER,
    "multipleOf": Kind(lambda value: _is_number(value) and value > 0, "a number greater than 0"),
    "not": SCHEMA,
    "oneOf": SCHEMAS,
    "pattern": TEXT,
    "patternProperties": SCHEMAS_BY_NAME,
    "properties": SCHEMAS_BY_NAME,
    "propertyNames": SCHEMA,
    "relationshipRef": OBJECT,
    "required": NAMES,
    "title": TEXT,
    "type": Kind(_is_type, f"one of {', '.join(_TYPES)}, or a list of some of them"),
    "uniqueItems": BOOLEAN,
}

OF_TYPES: Final[Mapping[str, Kind]] = {
    **OF_SCHEMAS,
    "$id": TEXT,
    "$schema": TEXT,
    "additionalIdentifiers": Kind(LIST.fits, f"a list with {POINTERS.expected} for each identifier"),
    "arnTemplate": TEXT,  # not the registry's: the bundled schemas have it besides
    "conditionalCreateOnlyProperties": POINTERS,
    "createOnlyProperties": POINTERS,
    "definitions": SCHEMAS_BY_NAME,
    "deprecatedProperties": POINTERS,
    "documentationUrl": TEXT,
    "handlers": OBJECT,
    "nonPublicDefinitions": TEXTS,
    "nonPublicProperties": POINTERS,
    "primaryIdentifier": IDENTIFIER,
    "propertyTransform": OBJECT,
    "readOnlyProperties": POINTERS,
    "remote": OBJECT,
    "replacementStrategy": one_of("create_then_delete", "delete_then_create"),
    "resourceLink": OBJECT,
    "sourceUrl": TEXT,
    "taggable": BOOLEAN,
    "tagging": OBJECT,
    "type": one_of("RESOURCE", "object"),
    "typeConfiguration": OBJECT,
    "typeName": Kind(_is_type_name, "three parts of 2 to 64 letters and digits such as MyCompany::Storage::Bucket"),
    "writeOnlyProperties": POINTERS,
}

OF_HANDLERS: Final[Mapping[str, Kind]] = dict.fromkeys(("create", "read", "update", "delete", "list"), OBJECT)

OF_HANDLER: Final[Mapping[str, Kind]] = {"handlerSchema": SCHEMA, "permissions": TEXTS, "timeoutInMinutes": COUNT}

OF_TAGGING: Final[Mapping[str, Kind]] = {
    "cloudFormationSystemTags": BOOLEAN,
    "permissions": TEXTS,
    "tagOnCreate": BOOLEAN,
    "tagProperty": TEXT,
    "tagUpdatable": BOOLEAN,
    "taggable": BOOLEAN,
}

ROLES: Final = (
    "primaryIdentifier",
    "readOnlyProperties",
    "writeOnlyProperties",
    "createOnlyProperties",
    "conditionalCreateOnlyProperties",
)
"""The keywords that give properties a role, by their pointers."""

UNUSED_ROLES: Final = ("deprecatedProperties", "nonPublicProperties")
"""The same, for roles that make no difference to what this package does."""

_MAPS: Final = frozenset({"definitions", "dependencies", "patternProperties", "properties"})
_LISTS: Final = frozenset({"allOf", "anyOf", "items", "oneOf"})
_SINGLE: Final = frozenset({"additionalItems", "additionalProperties", "contains", "items", "not", "propertyNames"})


def schemas_under(keyword: str, value: JSONValue) -> Iterator[tuple[tuple[str | int, ...], JSONValue]]:
    """Yield the schemas that a keyword holds, each with what leads from the keyword to it."""
    if isinstance(value, dict) and keyword in _MAPS:
        for name, schema in value.items():
            if not (keyword == "dependencies" and isinstance(schema, list)):  # which may be a list of names instead
                yield (name,), schema
    elif isinstance(value, list) and keyword in _LISTS:
        for index, schema in enumerate(value):
            yield (index,), schema
    elif isinstance(value, dict) and keyword in _SINGLE:
        yield (), value


def handlers_of(schema: JSONObject) -> Iterator[tuple[str, JSONObject]]:
    """Yield the names and the contents of a resource type's handlers, apart from kinds that aren't known here."""
    for name, handler in cast("dict[str, JSONObject]", schema.get("handlers", {})).items():
        if name in OF_HANDLERS:
            yield name, handler


def all_schemas(schema: JSONObject) -> Iterator[JSONObject]:
    """Yield the schema of a resource type and every schema inside it, its handlers' included."""
    pending: list[JSONValue] = [schema, *(handler.get("handlerSchema", {}) for _, handler in handlers_of(schema))]
    while pending:
        current = cast("JSONObject", pending.pop())
        pending += [inner for keyword, value in current.items() for _, inner in schemas_under(keyword, value)]
        yield current
