"""Values made up from their schemas: each has what its schema asks for, and hardly more."""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

import pytest
from generation_support import MADE_IN, made, of_properties

from pytest_cloudcontrol.schemas.generation import complete
from pytest_cloudcontrol.schemas.validation import Validator

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        ({"type": "boolean"}, False),
        ({"type": "integer"}, 0),
        ({"type": "integer", "minimum": 3, "maximum": 9}, 3),
        ({"type": "number", "minimum": 1.5}, 2),
        ({"type": "number", "minimum": 0.25, "maximum": 0.75}, 0.5),
        ({"type": "integer", "maximum": -4}, -4),
        ({"type": "integer", "exclusiveMinimum": 3}, 4),
        ({"type": "integer", "exclusiveMaximum": -4}, -5),
        ({"type": "number", "minimum": 0.25, "multipleOf": 0.1}, 0.3),
        ({"type": "integer", "maximum": -4, "multipleOf": 5}, -5),
        ({"type": "string", "enum": ["FIRST", "SECOND"]}, "FIRST"),
        ({"const": {"a": 1}}, {"a": 1}),
        ({"type": "string", "default": "usual"}, "usual"),
        ({"type": "integer", "default": None}, 0),
        ({"type": "integer", "default": 0, "minimum": 7}, 7),
        ({"type": "array", "items": {"type": "boolean"}}, []),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, [False, False]),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2, "uniqueItems": True}, [False, True]),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 2, "uniqueItems": True}, [0, 1]),
        ({"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 2, "uniqueItems": True}, ["a", "b"]),
        ({"type": "object"}, {}),
        (
            {"type": "object", "properties": {"A": {"type": "integer"}, "B": {"type": "integer"}}, "required": ["B"]},
            {"B": 0},
        ),
        ({"properties": {"A": {"type": "integer"}}, "required": ["A"]}, {"A": 0}),
        ({"type": "object", "properties": {"A": {"type": "integer"}}, "minProperties": 1}, {"A": 0}),
        ({"type": "object", "patternProperties": {"^k[0-9]$": {"type": "integer"}}, "required": ["k1"]}, {"k1": 0}),
        ({"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 2}, {"Key1": 0, "Key2": 0}),
        (
            {"properties": {"A": {"const": 1}, "B": {"const": 2}}, "required": ["A"], "dependencies": {"A": ["B"]}},
            {"A": 1, "B": 2},
        ),
        ({"type": ["null", "integer"]}, 0),
        ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, 0),
        ({"type": "string", "format": "date-time"}, "2026-10-01T12:30:00.000Z"),
        ({"type": "string", "format": "uri"}, "https://top.library.eu-west-1.amazonaws.com"),
    ],
)
def test_value_that_a_schema_asks_for(described: JSONObject, expected: JSONValue) -> None:
    """A made-up value has the type, and the bounds, that its schema gives."""
    assert made(described) == expected


def test_value_that_a_schema_does_not_describe() -> None:
    """Where a schema says nothing of a value, it becomes a text."""
    assert re.fullmatch("Thing-[a-z]{12}", str(made({})))


@pytest.mark.parametrize(
    ("name", "described", "expected"),
    [
        ("CreatedAt", {"type": "integer"}, 1790857800),
        ("LastModifiedTime", {"type": "number"}, 1790857800),
        ("WaitTime", {"type": "integer", "maximum": 60}, 0),
        ("LatestVersion", {"type": "integer"}, 1),
        ("NodeCount", {"type": "integer"}, 0),
        ("Status", {"enum": ["CREATING", "ACTIVE", "FAILED"]}, "ACTIVE"),
        ("Mode", {"enum": ["CREATING", "ACTIVE", "FAILED"]}, "CREATING"),
        ("CreatedAt", {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}, "2026-10-01T12:30:00Z"),
        ("CreatedAt", {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}, "2026-10-01"),
        ("CreatedAt", {"type": "string", "pattern": r"^\d+$"}, "1790857800"),
    ],
)
def test_value_that_a_name_asks_for(name: str, described: JSONObject, expected: JSONValue) -> None:
    """Times are the clock's, in the form that the schema wants; versions count from 1; states are those of rest."""
    assert made(described, name) == expected


TAG: JSONObject = {"type": "object", "properties": {"Key": {"type": "string"}, "Value": {"type": "string"}}}


@pytest.mark.parametrize(
    "described",
    [
        pytest.param(
            {
                "properties": {"A": {"type": "integer"}, "B": {"type": "string"}},
                "oneOf": [{"required": ["A"]}, {"required": ["B"]}],
            },
            id="one of two required",
        ),
        pytest.param(
            {
                "properties": {"A": {"type": "integer"}},
                "oneOf": [{"properties": {"A": {"minimum": 5}}}, {"properties": {"A": {"minimum": 9}}}],
                "required": ["A"],
            },
            id="narrower properties",
        ),
        pytest.param(
            {
                "oneOf": [
                    {"properties": {"User": TAG}, "additionalProperties": False},
                    {"properties": {"Group": TAG}, "additionalProperties": False},
                ]
            },
            id="alternatives that need nothing",
        ),
        pytest.param(
            {
                "type": "object",
                "properties": {"A": {"type": "integer"}},
                "allOf": [{"required": ["A"]}, {"oneOf": [{"required": ["B"]}, {"required": ["C"]}]}],
                "anyOf": [{"required": ["D"]}],
            },
            id="combinations of combinations",
        ),
        pytest.param(
            {"oneOf": [{"oneOf": [{"required": ["A"]}, {"required": ["B"]}]}, {"required": ["C"]}]}, id="nested"
        ),
        pytest.param(
            {"anyOf": [{"oneOf": [{"required": ["A"]}, {"required": ["B"]}]}], "oneOf": [{"required": ["B"]}]},
            id="the same combination twice",
        ),
        pytest.param({"type": "array", "items": TAG, "minItems": 3, "uniqueItems": True}, id="distinct objects"),
        pytest.param(
            {"anyOf": [{"type": "string", "pattern": "^(?!a)a$"}, {"type": "integer"}]}, id="impossible first"
        ),
        pytest.param({"type": "string", "oneOf": [{"pattern": "^[a-z]{3}$"}, {"pattern": "^[0-9]{3}$"}]}, id="texts"),
        pytest.param(
            {"type": "object", "patternProperties": {"^[a-z]{2}-[0-9]$": TAG}, "minProperties": 2}, id="a map"
        ),
    ],
)
def test_value_is_valid(described: JSONObject) -> None:
    """A value for a schema with alternatives is one that the schema takes."""
    assert Validator(described).violations(made(described)) == []


def test_value_for_what_nothing_satisfies() -> None:
    """A schema that contradicts itself gets a value all the same: the first that was tried."""
    assert made({"type": "integer", "oneOf": [{"minimum": 1}, {"minimum": 1}]}) == 1


@pytest.mark.parametrize(
    "pattern",
    [
        "^[a-z-]+$",
        "^[0-9]{12}$",
        "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        "^vpce-[0-9a-f]{17}$",
        "^Z[A-Z0-9]{8,32}$",
        r"^sg\-[a-f0-9]{8}$",
        "^dzd[-_][a-zA-Z0-9_-]{1,36}$",
        "^[0-9]+$",
        "^nobody could guess this$",
        "^(ab|cd){2,}x?y*?$",
        "^(?:|first|second)#$",
        r"^\s\S\w\W\d\D.$",
        "^[^a-zA-Z0-9]{3}[^!]$",
        r"^(?P<half>[A-Z]{2}):(?P=half)$",
        "^(?=.*[A-Z])(?=.*[0-9])[A-Z0-9]{4}$",
        "^(?!aws)[a-z]{3}$",
        "^(?>a|b)c++$",
        "^(?:(?!a)a|b)$",
        "^[à-ü]{3}[é]ñ$",
        "^[\\n\\t]+$",
        r"^\b[a-z]+\b [a-z]+$",
        "^a{300}$",
    ],
)
def test_pattern_decides(pattern: str) -> None:
    """Where a pattern refuses the plausible text, another one that it takes is made."""
    assert re.search(pattern, str(made({"type": "string", "pattern": pattern}, "Keeper")), re.ASCII)


@pytest.mark.parametrize("pattern", ["^(#default|#[a-z]{8})$", "^(|#)$|^(#[a-z]{8})$", "^((#x|#y)[0-9]|#none)$"])
def test_alternatives_of_a_pattern(pattern: str) -> None:
    """Of a pattern's alternatives the one is taken that leaves the most open: words are special cases."""
    assert re.fullmatch("#[a-z]{8}|#[xy][0-9]", str(made({"type": "string", "pattern": pattern}, "Keeper")))


@pytest.mark.parametrize(
    ("pattern", "shortest", "longest"),
    [
        ("^#[A-Z]+$", 0, 4),
        ("^#[A-Z]+$", 64, 64),
        ("^#[A-Z]+$", 1000, 2000),
        ("^(#[A-Z]{1,9}-?)+$", 0, 3),
        ("^(#[A-Z]{1,9}-?)+$", 30, 40),
        ("^(#[A-Z]{1,9}-?)+$", 500, 1000),
    ],
)
def test_lengths_of_a_text_that_follows_its_pattern(pattern: str, shortest: int, longest: int) -> None:
    """A text that is made of its pattern is as long as the schema wants, too."""
    text = str(made({"type": "string", "pattern": pattern, "minLength": shortest, "maxLength": longest}))
    assert re.search(pattern, text)
    assert shortest <= len(text) <= longest


@pytest.mark.parametrize("pattern", ["^(?!a)a$", "^[^\\W\\w]$"])
def test_pattern_that_does_not_decide(pattern: str) -> None:
    """A pattern that no text matches leaves the plausible text."""
    assert re.fullmatch("Keeper-[a-z]{12}", str(made({"type": "string", "pattern": pattern}, "Keeper")))


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (["CREATING", "ACTIVE", "DELETING"], "ACTIVE"),
        (["Creating", "Failed", "InService"], "InService"),
        (["create-in-progress", "create-complete"], "create-complete"),
        (["Pending", "Unusual", "Failed"], "Unusual"),
        (["FAILED", "STOPPING", "RUNNING"], "RUNNING"),
        (["CREATING", "DELETING"], "CREATING"),
    ],
)
def test_state(choices: list[JSONValue], expected: str) -> None:
    """A new resource is in a state that lasts, if its type knows one."""
    assert made({"type": "string", "enum": choices}, "ShelfStatus") == expected


def test_names_inside_a_resource_are_their_own() -> None:
    """What something inside a resource is called has nothing to do with what the resource is called."""
    text: JSONObject = {"type": "string"}
    state: JSONObject = {"type": "object", "required": ["ShelfName"], "properties": {"ShelfName": text}}
    shelf = of_properties(["State"], {"State": state})
    inside = complete(shelf, {"Name": "top"}, MADE_IN, Random(0))["State"]
    assert isinstance(inside, dict)
    assert re.fullmatch("Shelf-[a-z]{12}", str(inside["ShelfName"]))
