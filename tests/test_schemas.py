"""Resource types: what their schemas say, and what is wrong with the schemas that say nothing."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING

import pytest

from pytest_cloudcontrol.documents import compact
from pytest_cloudcontrol.schemas.resource_type import ResourceType, SchemaError

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue, PropertyPath


def schema(**changes: JSONValue) -> JSONObject:
    """Return the schema of a shelf, with other keywords or with some replaced."""
    shelf: JSONObject = {
        "typeName": "Test::Library::Shelf",
        "properties": {
            "Name": {"type": "string"},
            "Arn": {"type": "string"},
            "Books": {"type": "array", "items": {"$ref": "#/definitions/Book"}},
            "Labels": {"type": "object", "patternProperties": {".*": {"type": "string", "maxLength": 9}}},
            "Place": {"$ref": "#/definitions/Place"},
            "Alarm": {"type": "object", "properties": {"Code": {"type": "string"}, "Active": {"type": "boolean"}}},
        },
        "definitions": {
            "Book": {
                "type": "object",
                "properties": {"Title": {"type": "string"}, "Part": {"$ref": "#/definitions/Book"}},
            },
            "Place": {"oneOf": [{"properties": {"Room": {"type": "integer"}}}, {"$ref": "#/definitions/Place"}]},
            "Circle": {"$ref": "#/definitions/Circle"},
        },
        "primaryIdentifier": ["/properties/Name"],
        "readOnlyProperties": ["/properties/Arn"],
        "handlers": {"create": {"permissions": []}},
    }
    return {**shelf, **changes}


# Reading a schema


def test_paths_of_roles() -> None:
    """Each role of a property is read as paths, and a conditional create-only property isn't create-only."""
    shelf = ResourceType.from_schema(
        schema(
            writeOnlyProperties=["/properties/Place/Room"],
            createOnlyProperties=["/properties/Name", "/properties/Books"],
            conditionalCreateOnlyProperties=["/properties/Books"],
        )
    )
    assert (shelf.primary_identifier, shelf.read_only, shelf.write_only) == (
        (("Name",),),
        (("Arn",),),
        (("Place", "Room"),),
    )
    assert (shelf.create_only, shelf.conditional_create_only) == ((("Name",),), (("Books",),))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param([["/properties/Arn"]], ((("Arn",),),), id="list of lists"),
        pytest.param(["/properties/Arn"], ((("Arn",),),), id="list of strings"),
        pytest.param(
            [["/properties/Arn", "/properties/Name"], "/properties/Place"],
            ((("Arn",), ("Name",)), (("Place",),)),
            id="both",
        ),
    ],
)
def test_additional_identifiers(written: JSONValue, expected: tuple[tuple[PropertyPath, ...], ...]) -> None:
    """An additional identifier is a list of pointers, or one pointer by itself."""
    assert ResourceType.from_schema(schema(additionalIdentifiers=written)).additional_identifiers == expected


def test_handlers() -> None:
    """The handlers are those of the schema, with what a list call must say."""
    listed: JSONValue = {"handlerSchema": {"required": ["Room", "Name"]}}
    shelf = ResourceType.from_schema(schema(handlers={"create": {}, "list": listed}, required=["Name", "Books"]))
    assert shelf.handlers == {"create", "list"}
    assert shelf.list_required == ("Room", "Name")
    assert shelf.required == ("Name", "Books")


@pytest.mark.parametrize(("handlers", "expected"), [({"read": {}}, True), ({}, False), (None, False)])
def test_is_provisionable(handlers: JSONValue, expected: bool) -> None:
    """A type without any handler can't be provisioned."""
    assert ResourceType.from_schema(schema(handlers=handlers)).is_provisionable is expected


NAME = "three parts of 2 to 64 letters and digits such as MyCompany::Storage::Bucket"
POINTERS = "a list of property pointers such as /properties/Name"
ROLES = ("readOnlyProperties", "writeOnlyProperties", "createOnlyProperties", "conditionalCreateOnlyProperties")


@pytest.mark.parametrize("found", [None, 7, "Shelf", "Test::Shelf", "Test::Library::S", "AWS::S3::Bucket::MODULE"])
def test_wrong_type_name(found: JSONValue) -> None:
    """A type name has three parts; a module's has four, and a module is no type."""
    with pytest.raises(SchemaError) as refused:
        ResourceType.from_schema(schema(typeName=found))
    shown = "missing" if found is None else json.dumps(found)
    assert str(refused.value) == f"/typeName of the schema is {shown}; expected {NAME}"


@pytest.mark.parametrize(
    ("keyword", "found", "expected"),
    [
        ("properties", None, "an object"),
        ("properties", [], "an object"),
        ("primaryIdentifier", None, f"{POINTERS}, with at least one in it"),
        ("primaryIdentifier", [], f"{POINTERS}, with at least one in it"),
        ("primaryIdentifier", ["Name"], POINTERS),
        ("primaryIdentifier", ["/properties/Nmae"], "pointers to properties that the schema describes"),
        *((role, ["Arn"], POINTERS) for role in ROLES),
        *((role, [["/properties/Arn"]], POINTERS) for role in ROLES),
        ("createOnlyProperties", "/properties/Name", POINTERS),
        ("additionalIdentifiers", [[1]], POINTERS),
        ("additionalIdentifiers", {}, f"a list with {POINTERS} for each identifier"),
        ("required", "Name", "a list of property names"),
        ("handlers", [], "an object"),
        ("handlers", {"destroy": {}}, "no other names than create, read, update, delete, list"),
    ],
)
def test_broken_schema(keyword: str, found: JSONValue, expected: str) -> None:
    """A broken schema is refused with the place, what stands there, and what should."""
    with pytest.raises(SchemaError) as refused:
        ResourceType.from_schema(schema(**{keyword: found}))
    shown = "missing" if found is None else compact(found)
    assert str(refused.value) == f"/{keyword} of the schema of Test::Library::Shelf is {shown}; expected {expected}"


@pytest.mark.parametrize(
    ("handlers", "place", "found", "expected"),
    [
        ({"read": []}, "read", "[]", "an object"),
        (
            {"list": {"handlerSchema": {"required": "Name"}}},
            "list/handlerSchema/required",
            '"Name"',
            "a list of property names",
        ),
    ],
    ids=["no object", "no list of names"],
)
def test_broken_handler(handlers: JSONObject, place: str, found: str, expected: str) -> None:
    """What is wrong inside a handler is named with its whole place."""
    with pytest.raises(SchemaError) as refused:
        ResourceType.from_schema(schema(handlers=handlers))
    assert str(refused.value) == (
        f"/handlers/{place} of the schema of Test::Library::Shelf is {found}; expected {expected}"
    )


def test_long_values_are_shortened() -> None:
    """A message stays readable, however much stands at the wrong place."""
    with pytest.raises(SchemaError, match=re.escape(f'is "{"x" * 79}…; expected an object')):
        ResourceType.from_schema(schema(properties="x" * 500))


# Finding a property's schema


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(("Name",), {"type": "string"}, id="top level"),
        pytest.param(("Books", "*", "Title"), {"type": "string"}, id="items of an array"),
        pytest.param(("Labels", "*"), {"type": "string", "maxLength": 9}, id="values of a map"),
        pytest.param(("Place", "Room"), {"type": "integer"}, id="in a branch"),
        pytest.param(("Books", "*", *["Part"] * 50, "Title"), {"type": "string"}, id="definition of itself"),
        pytest.param(("Nothing",), None, id="absent"),
        pytest.param(("Name", "Deeper", "Still"), None, id="below a string"),
        pytest.param(("Place", "Nothing"), None, id="absent among branches that refer to themselves"),
    ],
)
def test_property_schema(path: PropertyPath, expected: JSONObject | None) -> None:
    """A path finds its schema through references, items and branches."""
    assert ResourceType.from_schema(schema()).property_schema(path) == expected


@pytest.mark.parametrize("reference", ["#/definitions/Circle", "#/definitions/Nothing", "#/primaryIdentifier"])
def test_reference_to_no_schema(reference: str) -> None:
    """A reference in a circle, or to no schema, is no schema."""
    assert ResourceType.from_schema(schema()).resolved({"$ref": reference}) is None


# Leaving properties out


def test_without_read_only() -> None:
    """What the service alone sets is left out, in every item too, and the model itself stays as it was."""
    shelf = ResourceType.from_schema(schema(readOnlyProperties=["/properties/Arn", "/properties/Books/*/Id"]))
    model: JSONObject = {"Name": "a", "Arn": "arn", "Books": [{"Id": 1, "Title": "t"}, {"Id": 2}]}
    before = copy.deepcopy(model)
    assert shelf.without_read_only(model) == {"Name": "a", "Books": [{"Title": "t"}, {}]}
    assert model == before


def test_without_write_only() -> None:
    """What the service never shows is left out."""
    shelf = ResourceType.from_schema(schema(writeOnlyProperties=["/properties/Place/Room"]))
    assert shelf.without_write_only({"Name": "a", "Place": {"Room": 1}}) == {"Name": "a", "Place": {}}


def test_copies_share_nothing() -> None:
    """A change of a copy doesn't reach the model."""
    model: JSONObject = {"Books": [{"Title": "t"}]}
    without = ResourceType.from_schema(schema()).without_write_only(model)
    assert without == model
    assert without["Books"] is not model["Books"]
