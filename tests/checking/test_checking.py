"""The check of schemas: what is one, and where one is wrong that leads somewhere else."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shelf import IDENTIFIER, POINTER, POINTERS, SCHEMA, SHELF, changed, message, refusal

from pytest_cloudcontrol.documents import compact, copied_object
from pytest_cloudcontrol.schemas.catalog import Catalog
from pytest_cloudcontrol.schemas.checking import check_schema
from pytest_cloudcontrol.schemas.keywords import OF_HANDLER, OF_TAGGING, OF_TYPES, all_schemas
from pytest_cloudcontrol.schemas.patterns import python_pattern
from pytest_cloudcontrol.schemas.resource_type import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.documents import JSONObject, JSONValue

REACHED = "a pointer to a property that the schema describes"
REFERENCE = "a reference to a schema inside this one, such as #/definitions/Tag"
NO_CIRCLE = "a reference that doesn't lead back to itself"
ROLES = (
    "readOnlyProperties",
    "writeOnlyProperties",
    "createOnlyProperties",
    "conditionalCreateOnlyProperties",
    "deprecatedProperties",
    "nonPublicProperties",
)


def reason_against(pattern: str) -> str:
    """Return why a pattern isn't one of Java's."""
    try:
        python_pattern(pattern)
    except ValueError as error:
        return str(error)
    raise AssertionError(f"{pattern} is a pattern")


# What is a schema


def test_every_keyword() -> None:
    """A schema may have every keyword of the registry, and those that AWS's validator knows besides."""
    text = compact(SHELF)
    assert [name for name in (*OF_TYPES, *OF_HANDLER, *OF_TAGGING) if f'"{name}":' not in text] == []
    check_schema(SHELF)


@pytest.mark.slow
def test_every_schema_of_aws() -> None:
    """The check refuses none of AWS's own schemas; their patterns are Python's already, and so are left out."""
    catalog = Catalog()
    for type_name in catalog:
        resource_type = catalog.find(type_name)
        assert resource_type is not None
        schema = copied_object(resource_type.schema)
        for part in all_schemas(schema):
            part.pop("pattern", None)
            by_pattern = part.pop("patternProperties", None)
            if isinstance(by_pattern, dict):
                part["patternProperties"] = {str(index): value for index, value in enumerate(by_pattern.values())}
        check_schema(schema)


@pytest.mark.parametrize(
    "pointer",
    [
        "/newKeyword",
        "/properties/Name/newKeyword",
        "/handlers/describe",
        "/handlers/read/newKeyword",
        "/tagging/newKeyword",
    ],
)
def test_new_keyword_of_aws(pointer: str) -> None:
    """AWS's own types may have keywords that are newer than this check, with any value."""
    check_schema(changed(pointer, [1]) | {"typeName": "AWS::Library::Shelf"})


@pytest.mark.parametrize(
    "role", ["readOnlyProperties", "writeOnlyProperties", "createOnlyProperties", "conditionalCreateOnlyProperties"]
)
def test_pointer_of_aws_to_nothing(role: str) -> None:
    """AWS's own types may have pointers to nothing: some do, and nobody else can mend them."""
    check_schema(changed(f"/{role}", ["/properties/Nothing"]) | {"typeName": "AWS::Library::Shelf"})


@pytest.mark.parametrize("role", ["deprecatedProperties", "nonPublicProperties"])
def test_unused_pointer_of_aws(role: str) -> None:
    """AWS's own types may have pointers of any form in the roles that make no difference."""
    check_schema(changed(f"/{role}", ["/definitions/Book/properties/Title"]) | {"typeName": "AWS::Library::Shelf"})


# What is none


@pytest.mark.parametrize(
    ("pointer", "found", "expected"),
    [
        ("/primaryIdentifier", [], IDENTIFIER),
        ("/primaryIdentifier", "/properties/Name", IDENTIFIER),
        ("/primaryIdentifier/0", "Name", POINTER),
        ("/primaryIdentifier/0", "/properties/", POINTER),
        ("/primaryIdentifier/0", "/properties/Nmae", f"{REACHED}, such as /properties/Name"),
        ("/primaryIdentifier/0", "/properties/Books/*/Title", "a pointer to one property, without *"),
        ("/primaryIdentifier/0", "/properties/Books", "a pointer to a property with a single value"),
        ("/additionalIdentifiers", {}, f"a list with {POINTERS} for each identifier"),
        ("/additionalIdentifiers/0", [], IDENTIFIER),
        ("/additionalIdentifiers/0", [1], IDENTIFIER),
        ("/additionalIdentifiers/0", 1, IDENTIFIER),
        ("/additionalIdentifiers/0/0", "/properties/Books/*/Title", "a pointer to one property, without *"),
        ("/additionalIdentifiers/1", "/properties/Color", f"{REACHED}, such as /properties/Colour"),
        *((f"/{role}", None, POINTERS) for role in ROLES),
        *((f"/{role}", "/properties/Name", POINTERS) for role in ROLES),
        *((f"/{role}", [["/properties/Name"]], POINTERS) for role in ROLES),
        *((f"/{role}/0", "Name", POINTER) for role in ROLES),
        *((f"/{role}/0", "/definitions/Book", POINTER) for role in ROLES),
        *((f"/{role}/0", "/properties/Xyzzy", REACHED) for role in ROLES),
        ("/readOnlyProperties/1", "/properties/Books/Mark", REACHED),
        ("/readOnlyProperties/1", "/properties/Boks/*/Mark", f"{REACHED}, such as /properties/Books/*/Mark"),
    ],
)
def test_property_pointer(pointer: str, found: JSONValue, expected: str) -> None:
    """A property pointer has the form of one and leads to a property."""
    assert refusal(changed(pointer, found)) == message(pointer, found, expected)


def test_pointer_of_aws_that_identifies() -> None:
    """What identifies a resource has to be there in AWS's own types, too."""
    schema = changed("/primaryIdentifier/0", "/properties/Nmae") | {"typeName": "AWS::Library::Shelf"}
    assert refusal(schema) == (
        '/primaryIdentifier/0 of the schema of AWS::Library::Shelf is "/properties/Nmae"; '
        f"expected {REACHED}, such as /properties/Name"
    )


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("#/definitions/Nothing", REFERENCE),
        ("#/definitions", REFERENCE),
        ("#/primaryIdentifier", REFERENCE),
        ("#/properties/Place/oneOf/0", REFERENCE),
        ("#/properties/a/b~c", REFERENCE),
        ("#/", REFERENCE),
        ("#", REFERENCE),
        ("", REFERENCE),
        ("definitions/Book", REFERENCE),
        ("resource-schema.json#/definitions/Book", REFERENCE),
        ("https://example.com/book.json", REFERENCE),
        ("#/properties/Name", NO_CIRCLE),
    ],
)
def test_reference(reference: str, expected: str) -> None:
    """A reference leads to another schema inside the same one."""
    pointer = "/properties/Name/$ref"
    assert refusal(changed(pointer, reference)) == message(pointer, reference, expected)


@pytest.mark.parametrize(
    ("book", "place", "reference"),
    [
        ({"$ref": "#/definitions/Unused"}, "/definitions/Unused", "#/definitions/Unused"),
        ({"$ref": "#/properties/Place"}, "/definitions/Book", "#/properties/Place"),
        ({"allOf": [{"$ref": "#/definitions/Book"}]}, "/definitions/Book/allOf/0", "#/definitions/Book"),
        ({"not": {"$ref": "#/definitions/Book"}}, "/definitions/Book/not", "#/definitions/Book"),
        (
            {"dependencies": {"Title": {"$ref": "#/definitions/Book"}}},
            "/definitions/Book/dependencies/Title",
            "#/definitions/Book",
        ),
    ],
    ids=["of another", "by way of another", "allOf", "not", "dependencies"],
)
def test_circle_of_references(book: JSONObject, place: str, reference: str) -> None:
    """A reference may lead back to its own schema only by way of a property or an item."""
    schema = changed("/definitions/Book", book)
    schema["readOnlyProperties"] = []
    assert refusal(schema) == message(f"{place}/$ref", reference, NO_CIRCLE)


@pytest.mark.parametrize("pattern", ["(", "[a", "a{2,1}", "(?<n>a)(?<n>b)", "\\"])
def test_pattern(pattern: str) -> None:
    """A pattern is one that Java compiles; the message says why it isn't."""
    pointer = "/properties/Name/pattern"
    expected = f"a regular expression of Java ({reason_against(pattern)})"
    assert refusal(changed(pointer, pattern)) == message(pointer, pattern, expected)


def test_pattern_of_names() -> None:
    """The names under patternProperties are patterns, too."""
    pointer = "/properties/Labels/patternProperties/(~1"
    expected = f"its name to be a regular expression of Java ({reason_against('(/')})"
    assert refusal(changed(pointer, {})) == message(pointer, {}, expected)


def test_long_values_are_shortened() -> None:
    """A message stays readable, however much stands at the wrong place."""
    assert refusal(changed("/properties", "x" * 500)) == (
        f'/properties of the schema of Test::Library::Shelf is "{"x" * 79}…; expected an object of schemas'
    )


def test_outermost_error_is_told() -> None:
    """Of several errors, the outermost is told."""
    schema = changed("/properties/Name/minLength", -1)
    cast("JSONObject", schema["properties"])["Zoom"] = 7
    assert refusal(schema) == message("/properties/Zoom", 7, SCHEMA)


# Whatever is given

values = st.recursive(
    st.sampled_from([None, True, False, 0, -1, 7, 1.5, "", "string", "(", "#/definitions/Book", "/properties/Name"]),
    lambda items: (
        st.lists(items, max_size=2)
        | st.dictionaries(st.sampled_from(["type", "$ref", "allOf", "items", "properties", "a"]), items, max_size=2)
    ),
    max_leaves=4,
)


def places(value: JSONValue, pointer: str = "") -> Iterator[str]:
    """Yield the pointers of everything inside a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        inner = f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
        yield inner
        yield from places(item, inner)


@given(st.sampled_from(["Test", "AWS"]), st.sampled_from(list(places(SHELF))), values)
def test_any_change(owner: str, pointer: str, value: JSONValue) -> None:
    """Any change of a schema leaves one or is refused: nothing else is ever raised."""
    with suppress(SchemaError):
        check_schema(changed(pointer, value) | {"typeName": f"{owner}::Library::Shelf"})
