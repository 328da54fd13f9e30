"""A schema that has every keyword, and what is said of it when one of its values is another."""

from __future__ import annotations

from typing import cast

import pytest

from pytest_cloudcontrol.documents import JSONObject, JSONValue, compact, copied_object
from pytest_cloudcontrol.schemas.checking import check_schema
from pytest_cloudcontrol.schemas.resource_type import SchemaError

POINTER = "a property pointer such as /properties/Name"
POINTERS = "a list of property pointers such as /properties/Name"
IDENTIFIER = f"{POINTERS}, with at least one in it"
SCHEMA = "a schema, which is an object"

SHELF: JSONObject = {
    "$id": "https://schema.example.com/shelf.json",
    "$schema": "https://schema.example.com/provider.definition.schema.v1.json",
    "$comment": "It has every keyword that a schema can have.",
    "typeName": "Test::Library::Shelf",
    "type": "RESOURCE",
    "title": "Shelf",
    "description": "A shelf",
    "sourceUrl": "https://example.com/shelf.git",
    "documentationUrl": "https://example.com/shelf",
    "arnTemplate": "arn:${Partition}:library:${Region}:${Account}:shelf/${Name}",
    "additionalProperties": False,
    "properties": {
        "Name": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[a-z]+$", "default": "a"},
        "Arn": {"type": "string", "format": "uri", "title": "Arn", "examples": ["arn:aws:library:::shelf/a"]},
        "Books": {
            "type": "array",
            "items": {"$ref": "#/definitions/Book"},
            "minItems": 0,
            "maxItems": 9,
            "uniqueItems": True,
            "insertionOrder": False,
            "arrayType": "AttributeList",
            "contains": {"properties": {"Title": {"const": "Index"}}},
        },
        "Size": {"type": ["array", "null"], "items": [{"type": "number"}, {}], "additionalItems": False},
        "Labels": {
            "type": "object",
            "patternProperties": {"^[a-z/~]+$": {"type": "string"}, "x": {"type": ["string", "integer"]}},
            "additionalProperties": {"type": "boolean"},
            "propertyNames": {"maxLength": 9},
            "minProperties": 1,
            "maxProperties": 5,
            "dependencies": {"a": ["b"], "c": {"properties": {"d": {}}, "required": ["d"]}},
        },
        "Place": {
            "oneOf": [{"properties": {"Room": {"type": "integer"}}}, {"required": ["Floor"]}],
            "anyOf": [{"not": {"type": "null"}}, {"$ref": "#/definitions/Book"}],
            "allOf": [{"description": "anything", "$comment": "really"}],
        },
        "Load": {"minimum": 0, "maximum": 9.5, "exclusiveMinimum": -1, "exclusiveMaximum": 10, "multipleOf": 0.5},
        "Colour": {"type": "string", "enum": ["red", 1, None]},
        "Room": {"type": "string", "relationshipRef": {"typeName": "Test::Library::Room"}},
        "a/b~c": {"type": "string"},
    },
    "definitions": {
        "Book": {
            "type": "object",
            "properties": {
                "Title": {"type": "string"},
                "Sequel": {"$ref": "#/definitions/Book"},
                "Colour": {"$ref": "#/properties/Colour"},
                "Mark": {"$ref": "#/properties/a~1b~0c"},
            },
            "required": ["Title"],
            "additionalProperties": False,
        },
        "Unused": {"$ref": "#/definitions/Unused"},
    },
    "required": ["Name"],
    "allOf": [{"required": ["Name"]}],
    "primaryIdentifier": ["/properties/Name"],
    "additionalIdentifiers": [["/properties/Arn"], "/properties/Colour", ["/properties/Room", "/properties/Name"]],
    "readOnlyProperties": ["/properties/Arn", "/properties/Books/*/Mark", "/properties/Place/Room"],
    "writeOnlyProperties": ["/properties/Labels/*"],
    "createOnlyProperties": ["/properties/Name"],
    "conditionalCreateOnlyProperties": ["/properties/Size"],
    "deprecatedProperties": ["/properties/Load"],
    "nonPublicProperties": ["/properties/Room"],
    "nonPublicDefinitions": ["/definitions/Unused"],
    "propertyTransform": {"/properties/Name": "$lowercase(Name)"},
    "replacementStrategy": "delete_then_create",
    "resourceLink": {"templateUri": "/library", "mappings": {}},
    "remote": {},
    "taggable": True,
    "tagging": {
        "taggable": True,
        "tagOnCreate": True,
        "tagUpdatable": False,
        "cloudFormationSystemTags": True,
        "tagProperty": "/properties/Labels",
        "permissions": ["library:Tag"],
    },
    "typeConfiguration": {"properties": {}},
    "handlers": {
        "create": {"permissions": ["library:Create"], "timeoutInMinutes": 5},
        "read": {"permissions": []},
        "update": {},
        "delete": {"permissions": []},
        "list": {
            "permissions": [],
            "handlerSchema": {
                "properties": {"Room": {"$ref": "resource-schema.json#/properties/Room"}},
                "required": ["Room"],
            },
        },
    },
}


def changed(pointer: str, value: JSONValue) -> JSONObject:
    """Return the shelf's schema with another value at a place."""
    *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    schema = copied_object(SHELF)
    holder: JSONValue = schema
    for part in parents:
        holder = holder[int(part)] if isinstance(holder, list) else cast("JSONObject", holder)[part]
    if isinstance(holder, list):
        holder[int(last)] = value
    else:
        cast("JSONObject", holder)[last] = value
    return schema


def refusal(schema: JSONObject) -> str:
    """Return the words in which a schema is refused."""
    with pytest.raises(SchemaError) as refused:
        check_schema(schema)
    return str(refused.value)


def message(pointer: str, found: JSONValue, expected: str) -> str:
    """Return the words for a value at a wrong place of the shelf's schema."""
    return f"{pointer} of the schema of Test::Library::Shelf is {compact(found)}; expected {expected}"
