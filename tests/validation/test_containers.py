"""The words of arrays and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from refusals import hidden
from validation_rows import STRING, Row, assert_lines, table

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue

ARRAYS: Final[list[Row]] = [
    ("items enough", {"minItems": 1, "maxItems": 1}, [1], []),
    ("too few items", {"minItems": 1}, [], ["#: expected minimum item count: 1, found: 0"]),
    ("too many items", {"maxItems": 1}, [1, 2], ["#: expected maximum item count: 1, found: 2"]),
    ("different texts", {"uniqueItems": True}, ["a", "b"], []),
    ("equal texts", {"uniqueItems": True}, ["a", "b", "a"], ["#: array items are not unique"]),
    ("1 and 1.0 are equal", {"uniqueItems": True}, [1, 1.0], ["#: array items are not unique"]),
    ("1 and true are not", {"uniqueItems": True}, [1, True, 0, False], []),
    ("1 and its text are not", {"uniqueItems": True}, [1, "1"], []),
    (
        "equal objects, whatever the order",
        {"uniqueItems": True},
        [{"a": 1, "b": [2]}, {"b": [2], "a": 1}],
        ["#: array items are not unique"],
    ),
    ("different objects", {"uniqueItems": True}, [{"a": 1}, {"a": 2}, {"b": 1}, {}], []),
    ("thousands of them", {"uniqueItems": True}, [{"a": number} for number in range(3000)], []),
    ("arrays in another order", {"uniqueItems": True}, [[1, 2], [2, 1]], []),
    ("two nulls", {"uniqueItems": True}, [None, None], ["#: array items are not unique"]),
    ("equal items where that is fine", {"uniqueItems": False}, ["a", "a"], []),
    (
        "each item",
        {"items": {"type": "string"}},
        ["a", 1, None],
        ["#/1: expected type: String, found: Integer", "#/2: expected type: String, found: Null"],
    ),
    ("items that are the first", {"items": [{"type": "string"}, {"type": "integer"}]}, ["a", 1, None], []),
    ("fewer than the first", {"items": [{"type": "string"}, {"type": "integer"}]}, ["a"], []),
    (
        "one of the first",
        {"items": [{"type": "string"}, {"type": "integer"}]},
        [1, 1],
        ["#/0: expected type: String, found: Integer"],
    ),
    (
        "one of the others",
        {"items": [{}], "additionalItems": {"type": "string"}},
        [1, "a", 2],
        ["#/2: expected type: String, found: Integer"],
    ),
    ("no others than the first", {"items": [{}], "additionalItems": False}, [1, 2], [hidden("items")]),
    ("others where there are no first", {"items": {}, "additionalItems": False}, [1, 2], []),
    ("one that must be there", {"contains": {"type": "string"}}, [1, "a"], []),
    (
        "none of those that must be there",
        {"contains": {"type": "string"}},
        [1],
        ["#: expected at least one array item to match 'contains' schema"],
    ),
    (
        "nothing at all",
        {"contains": {}},
        [],
        ["#: expected at least one array item to match 'contains' schema"],
    ),
    (
        "all at once, in this order",
        {
            "type": "array",
            "contains": {"const": 2},
            "items": {"type": "string"},
            "uniqueItems": True,
            "maxItems": 1,
            "minItems": 3,
        },
        [1, 1],
        [
            "#: expected minimum item count: 3, found: 2",
            "#: expected maximum item count: 1, found: 2",
            "#: array items are not unique",
            "#/0: expected type: String, found: Integer",
            "#/1: expected type: String, found: Integer",
            "#: expected at least one array item to match 'contains' schema",
        ],
    ),
]


OBJECTS: Final[list[Row]] = [
    ("what is required", {"required": ["a"]}, {"a": None}, []),
    (
        "what is missing, in the schema's order",
        {"required": ["z", "b", "a"]},
        {"b": 1},
        ["#: required key [z] not found", "#: required key [a] not found"],
    ),
    ("a property", {"properties": {"a": STRING}}, {"a": 1}, ["#/a: expected type: String, found: Integer"]),
    ("a property that isn't there", {"properties": {"a": STRING}}, {}, []),
    (
        "properties in the order of a HashMap of those of the schema",
        {"properties": {"Name": STRING, "Arn": STRING, "Tags": STRING}},
        {"Name": 1, "Tags": 1, "Arn": 1},
        [
            "#/Arn: expected type: String, found: Integer",
            "#/Tags: expected type: String, found: Integer",
            "#/Name: expected type: String, found: Integer",
        ],
    ),
    ("others", {"properties": {"a": {}}}, {"b": 1}, []),
    ("others that may be there", {"properties": {"a": {}}, "additionalProperties": True}, {"b": 1}, []),
    (
        "no others, in the order of a HashMap of those of the document",
        {"properties": {"a": {}}, "additionalProperties": False},
        {"Name": 1, "a": 1, "Tags": 1, "Arn": 1},
        [
            "#: extraneous key [Arn] is not permitted",
            "#: extraneous key [Tags] is not permitted",
            "#: extraneous key [Name] is not permitted",
        ],
    ),
    (
        "others of a schema",
        {"properties": {"a": {}}, "additionalProperties": STRING},
        {"Name": 1, "a": 1, "Tags": 1, "Arn": "x"},
        ["#/Tags: expected type: String, found: Integer", "#/Name: expected type: String, found: Integer"],
    ),
    (
        "by pattern",
        {"patternProperties": {"^a": STRING}},
        {"ab": 1, "b": 1},
        ["#/ab: expected type: String, found: Integer"],
    ),
    (
        "by pattern in the order of a HashMap of those of the document",
        {"patternProperties": {"": STRING}},
        {"Name": 1, "Tags": 1, "Arn": 1},
        [
            "#/Arn: expected type: String, found: Integer",
            "#/Tags: expected type: String, found: Integer",
            "#/Name: expected type: String, found: Integer",
        ],
    ),
    (
        "what fits a pattern is no other",
        {"patternProperties": {"^a": {}}, "additionalProperties": False},
        {"ab": 1},
        [],
    ),
    (
        "by pattern and by name",
        {"properties": {"ab": {"minLength": 2}}, "patternProperties": {"^a": {"minLength": 3}}},
        {"ab": "x"},
        ["#/ab: expected minLength: 3, actual: 1", "#/ab: expected minLength: 2, actual: 1"],
    ),
    ("properties enough", {"minProperties": 1, "maxProperties": 1}, {"a": 1}, []),
    ("too few properties", {"minProperties": 1}, {}, ["#: minimum size: [1], found: [0]"]),
    ("too many properties", {"maxProperties": 1}, {"a": 1, "b": 1}, ["#: maximum size: [1], found: [2]"]),
    ("what another one needs", {"dependencies": {"a": ["b"]}}, {"a": 1, "b": 1}, []),
    ("without what another one needs", {"dependencies": {"a": ["b"]}}, {"a": 1}, ["#: property [b] is required"]),
    ("without the other one", {"dependencies": {"a": ["b"]}}, {}, []),
    (
        "a schema that another one needs",
        {"dependencies": {"a": {"required": ["b"]}}},
        {"a": 1},
        ["#: required key [b] not found"],
    ),
    ("that schema without the other one", {"dependencies": {"a": {"required": ["b"]}}}, {}, []),
    (
        "names that are too long",
        {"propertyNames": {"maxLength": 1}},
        {"ab": 1, "a": 1},
        ["#/ab: expected maxLength: 1, actual: 2"],
    ),
    (
        "all at once, in this order",
        {
            "type": "object",
            "properties": {"a": STRING},
            "patternProperties": {"^b": STRING},
            "dependencies": {"a": ["d"], "b": {"required": ["e"]}},
            "additionalProperties": False,
            "maxProperties": 1,
            "minProperties": 4,
            "propertyNames": {"pattern": "[ab]"},
            "required": ["f"],
        },
        {"a": 1, "b": 1, "c": 1},
        [
            "#: required key [f] not found",
            hidden("pattern", "/c"),
            "#: minimum size: [4], found: [3]",
            "#: maximum size: [1], found: [3]",
            "#: property [d] is required",
            "#: extraneous key [c] is not permitted",
            "#/b: expected type: String, found: Integer",
            "#: required key [e] not found",
            "#/a: expected type: String, found: Integer",
        ],
    ),
    (
        "named as a dict's methods",
        {"properties": {"items": STRING, "keys": STRING}, "required": ["get"], "additionalProperties": False},
        {"items": 1, "keys": "a", "__class__": 1},
        [
            "#: required key [get] not found",
            "#: extraneous key [__class__] is not permitted",
            "#/items: expected type: String, found: Integer",
        ],
    ),
    (
        "named as a keyword",
        {"properties": {"properties": STRING, "type": STRING, "$ref": STRING}},
        {"properties": 1, "type": "a", "$ref": "a"},
        ["#/properties: expected type: String, found: Integer"],
    ),
    (
        "deep below",
        {"properties": {"a": {"items": {"additionalProperties": {"required": ["d"]}}}}},
        {"a": [{}, {"b": {"c": 1}}]},
        ["#/a/1/b: required key [d] not found"],
    ),
    (
        "names with a slash or a tilde",
        {"additionalProperties": STRING},
        {"a/b": "", "a~b": 1},
        ["#/a~0b: expected type: String, found: Integer"],
    ),
    (
        "names with both",
        {"additionalProperties": STRING},
        {"~1/": 1},
        ["#/~01~1: expected type: String, found: Integer"],
    ),
    ("the empty name", {"additionalProperties": STRING}, {"": 1}, ["#/: expected type: String, found: Integer"]),
]


@table(ARRAYS)
def test_arrays(schema: JSONObject, document: JSONValue, lines: list[str]) -> None:
    """The keywords of arrays look at the number of items, at them all, and at each."""
    assert_lines(schema, document, lines)


@table(OBJECTS)
def test_objects(schema: JSONObject, document: JSONValue, lines: list[str]) -> None:
    """The keywords of objects look at names and at values, in the orders of Java."""
    assert_lines(schema, document, lines)
