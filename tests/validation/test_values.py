"""The words of types, texts and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from refusals import hidden
from validation_rows import Row, assert_lines, table

from pytest_cloudcontrol.schemas.validation import Validator
from pytest_cloudcontrol.schemas.validation.strings import LONGEST_TRIED

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue

MUSICAL_CLEF: Final = "\U0001d11e"  # one character, and two of Java's chars

TYPES: Final[list[Row]] = [
    ("string", {"type": "string"}, "", []),
    ("no string", {"type": "string"}, 1, ["#: expected type: String, found: Integer"]),
    ("integer", {"type": "integer"}, 1, []),
    ("no integer", {"type": "integer"}, "1", ["#: expected type: Integer, found: String"]),
    ("a fraction of nothing is no integer", {"type": "integer"}, 1.0, ["#: expected type: Integer, found: BigDecimal"]),
    ("true is no integer", {"type": "integer"}, True, ["#: expected type: Integer, found: Boolean"]),
    ("an integer of any size", {"type": "integer"}, 10**30, []),
    ("a number with a fraction", {"type": "number"}, 1.5, []),
    ("a number without", {"type": "number"}, 1, []),
    ("no number", {"type": "number"}, "1", ["#: expected type: Number, found: String"]),
    ("false is no number", {"type": "number"}, False, ["#: expected type: Number, found: Boolean"]),
    ("boolean", {"type": "boolean"}, False, []),
    ("no boolean", {"type": "boolean"}, 0, ["#: expected type: Boolean, found: Integer"]),
    ("null", {"type": "null"}, None, []),
    ("no null", {"type": "null"}, False, ["#: expected: null, found: Boolean"]),
    ("array", {"type": "array"}, [], []),
    ("no array", {"type": "array"}, {}, ["#: expected type: JSONArray, found: JSONObject"]),
    ("object", {"type": "object"}, {}, []),
    ("no object", {"type": "object"}, [], ["#: expected type: JSONObject, found: JSONArray"]),
    ("null is no string", {"type": "string"}, None, ["#: expected type: String, found: Null"]),
    ("null is no number", {"type": "number"}, None, ["#: expected type: Number, found: Null"]),
    ("null is no array", {"type": "array"}, None, ["#: expected type: JSONArray, found: Null"]),
    ("null is no object", {"type": "object"}, None, ["#: expected type: JSONObject, found: Null"]),
    ("no type", {}, None, []),
    ("no keyword that says anything", {"title": "A", "default": 1, "insertionOrder": False}, [], []),
]

# The names that Java's JSON library has for numbers go by their size.
NUMBERS: Final[list[Row]] = [
    (str(value), {"type": "string"}, value, [f"#: expected type: String, found: {name}"])
    for value, name in [
        (0, "Integer"),
        (2**31 - 1, "Integer"),
        (-(2**31), "Integer"),
        (2**31, "Long"),
        (-(2**31) - 1, "Long"),
        (2**63 - 1, "Long"),
        (-(2**63), "Long"),
        (2**63, "BigInteger"),
        (-(2**63) - 1, "BigInteger"),
        (0.5, "BigDecimal"),
        (1e300, "BigDecimal"),
    ]
]

TYPE_LISTS: Final[list[Row]] = [
    ("the first of two types", {"type": ["object", "string"]}, {}, []),
    ("the second of two types", {"type": ["object", "string"]}, "", []),
    (
        "neither of two types",
        {"type": ["object", "string"]},
        1,
        [
            "#: #: no subschema matched out of the total 2 subschemas",
            "#: expected type: JSONObject, found: Integer",
            "#: expected type: String, found: Integer",
        ],
    ),
    (
        "each type with its own keywords",
        {"type": ["array", "string"], "minItems": 1, "minLength": 1},
        [],
        [
            "#: #: no subschema matched out of the total 2 subschemas",
            "#: expected minimum item count: 1, found: 0",
            "#: expected type: String, found: JSONArray",
        ],
    ),
    (
        "a keyword of a third type",
        {"type": ["object", "null"], "minLength": 2},
        "a",
        [
            "#: #: only 0 subschema matches out of 2",
            "#: #: no subschema matched out of the total 2 subschemas",
            "#: expected type: JSONObject, found: String",
            "#: expected: null, found: String",
            "#: expected minLength: 2, actual: 1",
        ],
    ),
]

STRINGS: Final[list[Row]] = [
    ("long enough", {"minLength": 2, "maxLength": 2}, "ab", []),
    ("too short", {"minLength": 2}, "a", ["#: expected minLength: 2, actual: 1"]),
    ("too long", {"maxLength": 2}, "abc", ["#: expected maxLength: 2, actual: 3"]),
    ("a character beyond 16 bits is one", {"minLength": 1, "maxLength": 1}, MUSICAL_CLEF, []),
    ("two of them are two", {"maxLength": 1}, MUSICAL_CLEF * 2, ["#: expected maxLength: 1, actual: 2"]),
    ("a pattern is looked for anywhere", {"pattern": "b+"}, "abbc", []),
    ("a pattern isn't found", {"pattern": "^b"}, "ab", [hidden("pattern")]),
    ("classes are of ASCII", {"pattern": r"^\w$"}, "é", [hidden("pattern")]),
    ("as long as patterns are tried", {"pattern": "^b"}, "a" * LONGEST_TRIED, [hidden("pattern")]),
    ("longer than patterns are tried", {"pattern": "^b"}, "a" * (LONGEST_TRIED + 1), []),
    ("a date", {"format": "date-time"}, "2026-11-23T21:17:49Z", []),
    ("no date", {"format": "date-time"}, "today", [hidden("format")]),
    ("a URI", {"format": "uri"}, "s3://shelf/book", []),
    ("no URI", {"format": "uri"}, "book", [hidden("format")]),
    ("a format that nobody knows", {"format": "int64"}, "seven", []),
    (
        "all at once, in this order",
        {"type": "string", "format": "uri", "pattern": "b", "maxLength": 2, "minLength": 4},
        "aaa",
        [
            "#: expected minLength: 4, actual: 3",
            "#: expected maxLength: 2, actual: 3",
            hidden("pattern"),
            hidden("format"),
        ],
    ),
]

LIMITS: Final[list[Row]] = [
    ("the minimum itself", {"minimum": 2}, 2, []),
    ("below the minimum", {"minimum": 2}, 1, [hidden("minimum")]),
    ("the maximum itself", {"maximum": 2}, 2.0, []),
    ("above the maximum", {"maximum": 2}, 2.5, [hidden("maximum")]),
    ("above the exclusive minimum", {"exclusiveMinimum": 2}, 3, []),
    ("the exclusive minimum itself", {"exclusiveMinimum": 2}, 2, [hidden("exclusiveMinimum")]),
    ("below the exclusive maximum", {"exclusiveMaximum": 2}, 1, []),
    ("the exclusive maximum itself", {"exclusiveMaximum": 2}, 2, [hidden("exclusiveMaximum")]),
    ("a limit with a fraction", {"type": "integer", "minimum": 1.5}, 1, [hidden("minimum")]),
    ("a limit that no float hits", {"maximum": 2**53}, 2**53 + 1, [hidden("maximum")]),
    ("a multiple", {"multipleOf": 3}, 9, []),
    ("no multiple", {"multipleOf": 3}, 10, [hidden("multipleOf")]),
    ("below zero", {"multipleOf": 3}, -9, []),
    ("nothing is a multiple", {"multipleOf": 3}, 0, []),
    ("tenths are counted in tens", {"multipleOf": 0.1}, 0.3, []),
    ("hundredths too", {"multipleOf": 0.01}, 0.075, [hidden("multipleOf")]),
    ("a multiple with a fraction of nothing", {"multipleOf": 1.0}, 86400, []),
    ("a multiple of a very small number", {"multipleOf": 0.1}, 1e30, []),
    ("a very large number", {"multipleOf": 7}, 10**40, [hidden("multipleOf")]),
    (
        "all at once, in this order",
        {"multipleOf": 2, "exclusiveMaximum": 3, "maximum": 3, "exclusiveMinimum": 7, "minimum": 7},
        5,
        [
            hidden("minimum"),
            hidden("exclusiveMinimum"),
            hidden("maximum"),
            hidden("exclusiveMaximum"),
            hidden("multipleOf"),
        ],
    ),
]


@table(TYPES)
def test_types(schema: JSONObject, document: JSONValue, lines: list[str]) -> None:
    """Each type takes the values of Java's class of that name."""
    assert_lines(schema, document, lines)


@table(NUMBERS)
def test_names_of_numbers(schema: JSONObject, document: JSONValue, lines: list[str]) -> None:
    """A number is called after the smallest class of Java that holds it."""
    assert_lines(schema, document, lines)


@table(TYPE_LISTS)
def test_type_lists(schema: JSONObject, document: JSONValue, lines: list[str]) -> None:
    """A list of types is an anyOf of each type with its own keywords."""
    assert_lines(schema, document, lines)


@table(STRINGS)
def test_texts(schema: JSONObject, document: JSONValue, lines: list[str]) -> None:
    """The keywords of texts count characters, search patterns and know two formats."""
    assert_lines(schema, document, lines)


@table(LIMITS)
def test_numbers(schema: JSONObject, document: JSONValue, lines: list[str]) -> None:
    """The keywords of numbers compare exactly."""
    assert_lines(schema, document, lines)


@pytest.mark.parametrize(
    "keywords",
    [
        {"minLength": 5, "maxLength": 0, "pattern": "x", "format": "uri"},
        {"minimum": 5, "maximum": 0, "exclusiveMinimum": 5, "exclusiveMaximum": 0, "multipleOf": 7},
        {"minItems": 5, "maxItems": 0, "uniqueItems": True, "items": False, "contains": False},
        {
            "required": ["x"],
            "properties": {"a": False},
            "patternProperties": {"": False},
            "additionalProperties": False,
            "minProperties": 5,
            "dependencies": {"a": ["b"]},
            "propertyNames": False,
        },
    ],
    ids=["string", "number", "array", "object"],
)
@pytest.mark.parametrize("value", ["aa", 3, [1, 1], {"a": 1}, True, None], ids=repr)
def test_keywords_of_other_types(keywords: JSONObject, value: JSONValue) -> None:
    """Without a type, keywords say nothing of values of other types; of their own they do."""
    own = {"minLength": str, "minimum": int, "minItems": list, "required": dict}[next(iter(keywords))]
    assert bool(Validator(keywords).violations(value)) == (type(value) is own)
