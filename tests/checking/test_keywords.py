"""The keywords of schemas: which there are, and which values each may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shelf import IDENTIFIER, SCHEMA, SHELF, changed, message, refusal

from pytest_cloudcontrol.documents import compact, copied_object

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONValue

TYPE_NAME = "three parts of 2 to 64 letters and digits such as MyCompany::Storage::Bucket"
COUNT = "a whole number, 0 or more"
SCHEMAS = "a list with at least one schema in it"


@pytest.mark.parametrize("keyword", ["typeName", "properties", "primaryIdentifier"])
def test_missing_keyword(keyword: str) -> None:
    """A schema says what its type is called, which properties it has, and what identifies a resource."""
    schema = copied_object(SHELF)
    del schema[keyword]
    of_type = "" if keyword == "typeName" else " of Test::Library::Shelf"
    expected = {"typeName": TYPE_NAME, "properties": "an object of schemas", "primaryIdentifier": IDENTIFIER}[keyword]
    assert refusal(schema) == f"/{keyword} of the schema{of_type} is missing; expected {expected}"


@pytest.mark.parametrize(
    "found", [None, 7, "Shelf", "Test::Shelf", "Test::Library::S", "AWS::S3::Bucket::MODULE", "Test::Library::Shelf\n"]
)
def test_wrong_type_name(found: JSONValue) -> None:
    """A type name has three parts; a module's has four, and a module is no type."""
    assert refusal(changed("/typeName", found)) == (
        f"/typeName of the schema is {compact(found)}; expected {TYPE_NAME}"
    )


@pytest.mark.parametrize(
    ("pointer", "found", "expected"),
    [
        ("/handler", {}, "the keyword handlers"),
        ("/readOnlyPropertys", [], "the keyword readOnlyProperties"),
        ("/properties/Name/maxLenght", 5, "the keyword maxLength"),
        ("/definitions/Book/properties/Title/Pattern", "a", "the keyword pattern"),
        ("/properties/Place/oneOf/1/requires", [], "the keyword required"),
        ("/handlers/craete", {}, "the keyword create"),
        ("/handlers/read/permission", [], "the keyword permissions"),
        ("/handlers/list/handlerSchema/require", [], "the keyword required"),
        ("/tagging/tagable", True, "the keyword taggable"),
        ("/handlers/xyzzy", {}, "one of the keywords create, delete, list, read, update"),
        (
            "/handlers/read/xyzzy",
            None,
            "one of the keywords handlerSchema, permissions, timeoutInMinutes",
        ),
    ],
)
def test_misspelt_keyword(pointer: str, found: JSONValue, expected: str) -> None:
    """A keyword that there isn't is refused, with the one that may have been meant."""
    assert refusal(changed(pointer, found)) == message(pointer, found, expected)


@pytest.mark.parametrize("keyword", ["if", "readOnly", "definitions", "$id", "handlers"])
def test_keyword_at_a_wrong_place(keyword: str) -> None:
    """Of JSON Schema's keywords, those that the registry and AWS's validator don't know are refused."""
    assert refusal(changed(f"/properties/Name/{keyword}", {})).startswith(
        f"/properties/Name/{keyword} of the schema of Test::Library::Shelf is {{}}; expected "
    )


@pytest.mark.parametrize(
    ("keywords", "wrong", "expected"),
    [
        (("title", "$comment", "description", "format", "pattern", "$ref"), (None, 1, ["a"]), "a string"),
        (("uniqueItems", "insertionOrder"), (None, 0, "true"), "true or false"),
        (
            ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
            (None, -1, 1.0, 1.5, True, "1"),
            COUNT,
        ),
        (("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), (None, True, "1"), "a number"),
        (("multipleOf",), (None, True, 0, -0.5, "1"), "a number greater than 0"),
        (("properties", "patternProperties"), (None, [], True), "an object of schemas"),
        (("additionalProperties", "additionalItems"), (None, [], "false"), "true, false or a schema"),
        (("not", "contains", "propertyNames"), (None, True, []), SCHEMA),
        (("items",), (None, True, "string"), "a schema or a list of schemas"),
        (("allOf", "anyOf", "oneOf"), (None, [], {}), SCHEMAS),
        (("required",), (None, "Name", [1]), "a list of property names"),
        (("enum",), (None, [], "a"), "a list with at least one value in it"),
        (("examples",), (None, "a"), "a list"),
        (("arrayType",), (None, "Set"), "one of Standard, AttributeList"),
        (
            ("dependencies",),
            (None, [], {"a": "b"}, {"a": [1]}),
            "an object of schemas and of lists of property names",
        ),
        (
            ("type",),
            (None, [], "str", "String", ["string", "text"], {}),
            "one of array, boolean, integer, null, number, object, string, or a list of some of them",
        ),
        (("relationshipRef",), (None, "a"), "an object"),
    ],
)
def test_value_of_a_keyword(keywords: tuple[str, ...], wrong: tuple[JSONValue, ...], expected: str) -> None:
    """The value of a keyword is of the keyword's kind."""
    for keyword in keywords:
        for value in wrong:
            pointer = f"/properties/Colour/{keyword}"
            assert refusal(changed(pointer, value)) == message(pointer, value, expected)


@pytest.mark.parametrize(
    ("pointer", "found", "expected"),
    [
        *((f"/{keyword}", 1, "a string") for keyword in ("$id", "$schema", "sourceUrl", "documentationUrl")),
        ("/arnTemplate", None, "a string"),
        ("/type", "string", "one of RESOURCE, object"),
        ("/replacementStrategy", "delete", "one of create_then_delete, delete_then_create"),
        ("/taggable", "yes", "true or false"),
        ("/definitions", [], "an object of schemas"),
        ("/properties", None, "an object of schemas"),
        ("/nonPublicDefinitions", [1], "a list of strings"),
        *(
            (f"/{keyword}", [], "an object")
            for keyword in (
                "handlers",
                "tagging",
                "propertyTransform",
                "resourceLink",
                "remote",
                "typeConfiguration",
            )
        ),
        ("/handlers/read", [], "an object"),
        ("/handlers/read/permissions", "library:Read", "a list of strings"),
        ("/handlers/read/timeoutInMinutes", "5", COUNT),
        ("/handlers/list/handlerSchema", [], SCHEMA),
        ("/handlers/list/handlerSchema/required", "Room", "a list of property names"),
        ("/tagging/taggable", "yes", "true or false"),
    ],
)
def test_value_of_a_keyword_of_types(pointer: str, found: JSONValue, expected: str) -> None:
    """The value of a keyword that only whole types, their handlers or their tagging have is of the keyword's kind."""
    assert refusal(changed(pointer, found)) == message(pointer, found, expected)


@pytest.mark.parametrize(
    "pointer",
    [
        "/properties/Name",
        "/properties/a~1b~0c",
        "/definitions/Book",
        "/definitions/Book/properties/Title",
        "/properties/Labels/patternProperties/^[a-z~1~0]+$",
        "/properties/Labels/dependencies/c/properties/d",
        "/properties/Size/items/1",
        "/properties/Place/oneOf/1",
        "/handlers/list/handlerSchema/properties/Room",
    ],
)
@pytest.mark.parametrize("found", [None, True, "string", ["string"]])
def test_schema_inside(pointer: str, found: JSONValue) -> None:
    """Wherever a schema belongs, it is an object."""
    assert refusal(changed(pointer, found)) == message(pointer, found, SCHEMA)


@pytest.mark.parametrize("pointer", ["", "/definitions/Book"])
def test_required_property_that_nothing_lets_in(pointer: str) -> None:
    """A required property that isn't described is refused where there may be no others."""
    assert refusal(changed(f"{pointer}/required/0", "Nmae")) == message(
        f"{pointer}/required/0", "Nmae", "a property that the schema describes, since additionalProperties is false"
    )
