"""The words of what combines schemas, and of references."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from refusals import hidden
from validation_rows import STRING, Row, assert_lines, table

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue

SHORT: Final[JSONObject] = {"maxLength": 1}
LONG: Final[JSONObject] = {"minLength": 3}

COMBINATIONS: Final[list[Row]] = [
    ("all", {"allOf": [STRING, SHORT]}, "a", []),
    (
        "not all",
        {"allOf": [STRING, SHORT]},
        "ab",
        ["#: #: only 1 subschema matches out of 2", "#: expected maxLength: 1, actual: 2"],
    ),
    (
        "none of all",
        {"allOf": [LONG, SHORT]},
        "ab",
        [
            "#: #: only 0 subschema matches out of 2",
            "#: expected minLength: 3, actual: 2",
            "#: expected maxLength: 1, actual: 2",
        ],
    ),
    ("any", {"anyOf": [LONG, SHORT]}, "a", []),
    (
        "not any",
        {"anyOf": [LONG, SHORT]},
        "ab",
        [
            "#: #: no subschema matched out of the total 2 subschemas",
            "#: expected minLength: 3, actual: 2",
            "#: expected maxLength: 1, actual: 2",
        ],
    ),
    ("one", {"oneOf": [LONG, SHORT]}, "a", []),
    (
        "not one",
        {"oneOf": [LONG, SHORT]},
        "ab",
        [
            "#: #: 0 subschemas matched instead of one",
            "#: expected minLength: 3, actual: 2",
            "#: expected maxLength: 1, actual: 2",
        ],
    ),
    (
        "more than one",
        {"oneOf": [STRING, SHORT, LONG]},
        "a",
        ["#: #: 2 subschemas matched instead of one", "#: expected minLength: 3, actual: 1"],
    ),
    ("what is not to be", {"not": STRING}, 1, []),
    ("what is", {"not": STRING}, "a", [hidden("not")]),
    ("the only text", {"const": "a"}, "a", []),
    ("another text", {"const": "a"}, "b", [hidden("const")]),
    ("the only null", {"const": None}, None, []),
    ("no null", {"const": None}, False, [hidden("const")]),
    ("the only object", {"const": {"a": [1, 2]}}, {"a": [1.0, 2]}, []),
    ("one of the texts", {"enum": ["a", "b"]}, "b", []),
    ("none of the texts", {"enum": ["a", "b"]}, "c", [hidden("enum")]),
    ("a number of another form", {"enum": [1, 2]}, 2.0, []),
    ("true is not 1", {"enum": [1]}, True, [hidden("enum")]),
    ("one of the objects", {"enum": [{"a": {"b": None}}]}, {"a": {"b": None}}, []),
    ("null among others", {"enum": ["a", None]}, None, []),
    ("none at all", {"enum": []}, "a", [hidden("enum")]),
    (
        "a type and its values are an allOf",
        {"type": "string", "enum": ["a"]},
        "b",
        ["#: #: only 1 subschema matches out of 2", hidden("enum")],
    ),
    (
        "neither the type nor the values",
        {"type": "string", "enum": ["a"]},
        1,
        [
            "#: #: only 0 subschema matches out of 2",
            hidden("enum"),
            "#: expected type: String, found: Integer",
        ],
    ),
    (
        "keywords of another type",
        {"type": "object", "minLength": 2},
        {},
        [],
    ),
    (
        "keywords of another type, and a value of that",
        {"type": "object", "minLength": 2},
        "a",
        [
            "#: #: only 0 subschema matches out of 2",
            "#: expected type: JSONObject, found: String",
            "#: expected minLength: 2, actual: 1",
        ],
    ),
    ("keywords of two types and none stated", {"minLength": 2, "minItems": 1}, 1, []),
    (
        "keywords of two types and none stated, and a value of one",
        {"minLength": 2, "minItems": 1},
        [],
        ["#: #: only 1 subschema matches out of 2", "#: expected minimum item count: 1, found: 0"],
    ),
    (
        "two combinations beside a type",
        {"type": "string", "anyOf": [LONG, SHORT], "oneOf": [STRING]},
        "ab",
        [
            "#: #: only 2 subschema matches out of 3",
            "#: #: no subschema matched out of the total 2 subschemas",
            "#: expected minLength: 3, actual: 2",
            "#: expected maxLength: 1, actual: 2",
        ],
    ),
    (
        "branches that are combinations come first",
        {"oneOf": [{"required": ["a"]}, {"allOf": [{"required": ["b"]}, {"required": ["c"]}]}]},
        {},
        [
            "#: #: 0 subschemas matched instead of one",
            "#: #: only 0 subschema matches out of 2",
            "#: required key [b] not found",
            "#: required key [c] not found",
            "#: required key [a] not found",
        ],
    ),
    (
        "branches that only require come in the order of their hash codes",
        {"oneOf": [{"required": ["UnixUser"]}, {"required": ["WindowsUser"]}]},
        {},
        [
            "#: #: 0 subschemas matched instead of one",
            "#: required key [WindowsUser] not found",
            "#: required key [UnixUser] not found",
        ],
    ),
    (
        "several of them in one branch",
        {"anyOf": [{"required": ["TypeVersionArn"]}, {"required": ["TypeName", "VersionId"]}]},
        {},
        [
            "#: #: no subschema matched out of the total 2 subschemas",
            "#: required key [TypeName] not found",
            "#: required key [VersionId] not found",
            "#: required key [TypeVersionArn] not found",
        ],
    ),
    (
        "branches that say more come as in the schema",
        {"oneOf": [{"required": ["UnixUser"]}, {"required": ["WindowsUser"], "minProperties": 1}]},
        {},
        [
            "#: #: 0 subschemas matched instead of one",
            "#: required key [UnixUser] not found",
            "#: required key [WindowsUser] not found",
            "#: minimum size: [1], found: [0]",
        ],
    ),
    (
        "below a property",
        {"properties": {"a": {"type": "string", "enum": ["b"]}}},
        {"a": "c"},
        ["#/a: #: only 1 subschema matches out of 2", hidden("enum", "/a")],
    ),
    ("true", {"properties": {"a": True}}, {"a": 1}, []),
    ("false", {"properties": {"a": False}}, {"a": 1}, [hidden("false", "/a")]),
    ("false without a value", {"properties": {"a": False}}, {}, []),
]

TREE: Final[JSONObject] = {
    "definitions": {
        "Node": {
            "type": "object",
            "properties": {"Left": {"$ref": "#/definitions/Node"}},
            "additionalProperties": False,
        },
        "a/b~c": {"type": "string"},
    },
    "properties": {
        "Tree": {"$ref": "#/definitions/Node"},
        "Short": {"$ref": "#/definitions/a~1b~0c", "maxLength": 1},
        "Again": {"$ref": "#/properties/Short"},
        "Other": {"oneOf": [{"$ref": "#/definitions/Node"}, {"$ref": "#/definitions/a~1b~0c"}]},
        "Whole": {"$ref": "#"},
    },
}

REFERENCES: Final[list[Row]] = [
    ("followed", TREE, {"Tree": {"Left": {"Left": {}}}}, []),
    (
        "followed again",
        TREE,
        {"Tree": {"Left": {"Left": {"Right": 1}}}},
        ["#/Tree/Left/Left: extraneous key [Right] is not permitted"],
    ),
    ("its neighbours don't count", TREE, {"Short": "abc"}, []),
    ("its parts are escaped", TREE, {"Short": 1}, ["#/Short: expected type: String, found: Integer"]),
    ("to a reference", TREE, {"Again": 1}, ["#/Again: expected type: String, found: Integer"]),
    (
        "in a combination",
        TREE,
        {"Other": 1},
        [
            "#/Other: #: 0 subschemas matched instead of one",
            "#/Other: expected type: JSONObject, found: Integer",
            "#/Other: expected type: String, found: Integer",
        ],
    ),
    ("to the whole schema", TREE, {"Whole": {"Again": 1}}, ["#/Whole/Again: expected type: String, found: Integer"]),
]


@table(COMBINATIONS)
def test_combinations(schema: JSONObject, document: JSONValue, lines: list[str]) -> None:
    """A combination has a line of its own before those of its branches; so have several checks of one schema."""
    assert_lines(schema, document, lines)


@table(REFERENCES)
def test_references(schema: JSONObject, document: JSONValue, lines: list[str]) -> None:
    """A reference is what it leads to, and nothing else."""
    assert_lines(schema, document, lines)
