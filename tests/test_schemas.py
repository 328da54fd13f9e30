"""Resource types: what their schemas say."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pytest_cloudcontrol.schemas.catalog import Catalog
from pytest_cloudcontrol.schemas.resource_type import ResourceType
from pytest_cloudcontrol.vocabulary import HandlerOperation, Operation

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
    """The handlers are those of the schema, apart from kinds that are newer than this package."""
    shelf = ResourceType.from_schema(schema(handlers={"create": {}, "list": {}, "describe": {}}))
    assert shelf.handlers == {HandlerOperation.CREATE, HandlerOperation.LIST}


def test_required() -> None:
    """The required properties stand in the schema's order."""
    assert ResourceType.from_schema(schema(required=["Name", "Books"])).required == ("Name", "Books")


@pytest.mark.parametrize(("handlers", "expected"), [({"read": {}}, True), ({}, False)])
def test_is_provisionable(handlers: JSONValue, expected: bool) -> None:
    """A type without any handler can't be provisioned."""
    assert ResourceType.from_schema(schema(handlers=handlers)).is_provisionable is expected


def test_no_handlers() -> None:
    """A schema need not speak of handlers."""
    shelf = schema()
    del shelf["handlers"]
    assert ResourceType.from_schema(shelf).is_provisionable is False


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


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        pytest.param({"Place": {"Room": 1, "Case": 2}}, {"Place": {"Case": 2}}, id="one of several"),
        pytest.param({"Name": "a", "Place": {"Room": 1}}, {"Name": "a"}, id="all that an optional object has"),
        pytest.param({"Name": "a", "Place": {}}, {"Name": "a", "Place": {}}, id="nothing of an empty object"),
        pytest.param({"Keeper": {"Key": 1}}, {"Keeper": {}}, id="all that a required object has"),
    ],
)
def test_without_write_only(model: JSONObject, expected: JSONObject) -> None:
    """What the service never shows is left out, and with it an optional object that has nothing else."""
    shelf = schema(writeOnlyProperties=["/properties/Place/Room", "/properties/Keeper/Key"], required=["Keeper"])
    assert ResourceType.from_schema(shelf).without_write_only(model) == expected


def test_copies_share_nothing() -> None:
    """A change of a copy doesn't reach the model."""
    model: JSONObject = {"Books": [{"Title": "t"}]}
    without = ResourceType.from_schema(schema()).without_write_only(model)
    assert without == model
    assert without["Books"] is not model["Books"]


# Time-outs


@pytest.mark.fidelity("T-1")
@pytest.mark.parametrize(
    ("operation", "minutes"), [(Operation.CREATE, 7), (Operation.UPDATE, 120), (Operation.DELETE, 120)]
)
def test_timeout_of_an_operation(operation: Operation, minutes: int) -> None:
    """An operation has the minutes that its handler's schema gives it, and two hours if it gives none."""
    handlers: JSONObject = {"create": {"permissions": [], "timeoutInMinutes": 7}, "update": {"permissions": []}}
    assert ResourceType.from_schema(schema(handlers=handlers)).timeout(operation) == timedelta(minutes=minutes)


def test_timeout_of_a_type_without_handlers() -> None:
    """A schema without handlers has two hours too, for nothing."""
    without = {name: value for name, value in schema().items() if name != "handlers"}
    assert ResourceType.from_schema(without).timeout(Operation.CREATE) == timedelta(hours=2)


@pytest.mark.fidelity("T-1")
@pytest.mark.parametrize(
    ("type_name", "operation", "minutes"),
    [
        ("AWS::CloudFront::Distribution", Operation.CREATE, 60),
        ("AWS::MSK::Cluster", Operation.DELETE, 30),
        ("AWS::RDS::DBInstance", Operation.UPDATE, 2160),
        ("AWS::EKS::Cluster", Operation.CREATE, 120),
    ],
)
def test_timeout_of_bundled_types(type_name: str, operation: Operation, minutes: int) -> None:
    """Types of AWS's say how long they take at most, up to 36 hours; most don't."""
    resource_type = Catalog().find(type_name)
    assert resource_type is not None
    assert resource_type.timeout(operation) == timedelta(minutes=minutes)


def test_timeouts_of_every_bundled_type() -> None:
    """Each is between two minutes and 36 hours."""
    catalog = Catalog()
    types = [resource_type for name in catalog if (resource_type := catalog.find(name)) is not None]
    timeouts = {resource_type.timeout(operation) for resource_type in types for operation in Operation}
    assert (min(timeouts), max(timeouts)) == (timedelta(minutes=2), timedelta(hours=36))
