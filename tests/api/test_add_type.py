"""A resource type of the user's own, and the whole life of its resources."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from calls import shown
from refusals import refusal
from resource_types import QUEUE, every_handler

from pytest_cloudcontrol import OptionError, SchemaError, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl
    from pytest_cloudcontrol.documents import JSONObject, JSONValue

SEAT = "Test::Cinema::Seat"
SCHEMA: dict[str, Any] = {
    "typeName": SEAT,
    "additionalProperties": False,
    "properties": {
        "Hall": {"type": "string"},
        "Row": {"type": "integer"},
        "Arn": {"type": "string"},
        "Code": {"type": "string"},
        "Secret": {"type": "string"},
        "Guest": {"type": "object", "properties": {"Name": {"type": "string"}, "Pin": {"type": "string"}}},
        "Price": {"type": "integer"},
    },
    "required": ["Hall", "Row"],
    "primaryIdentifier": ["/properties/Hall", "/properties/Row"],
    "additionalIdentifiers": [["/properties/Arn"], ["/properties/Hall", "/properties/Code"]],
    "readOnlyProperties": ["/properties/Arn"],
    "writeOnlyProperties": ["/properties/Secret", "/properties/Guest/Pin"],
    "createOnlyProperties": ["/properties/Hall", "/properties/Row"],
    "handlers": every_handler(),
}
STATE: JSONObject = {
    "Hall": "A",
    "Row": 7,
    "Code": "x",
    "Secret": "hush",
    "Guest": {"Name": "Ada", "Pin": "1"},
    "Price": 12,
}


def add(cloudcontrol: CloudControl, **changes: JSONValue) -> None:
    """Add the type, with members of its schema changed."""
    cloudcontrol.add_type({**copy.deepcopy(SCHEMA), **changes})


def seated(cloudcontrol: CloudControl) -> CloudControlApiClient:
    """Add the type and make a resource of it; return the client that did so."""
    add(cloudcontrol)
    client = cloudcontrol.client()
    client.create_resource(TypeName=SEAT, DesiredState=json.dumps(STATE))
    assert cloudcontrol.requests.last.run().status == "SUCCESS"
    return client


def read(client: CloudControlApiClient, identifier: str = "A|7") -> dict[str, Any]:
    """Return the properties that GetResource shows."""
    return shown(client, SEAT, identifier)


# Its life


def test_whole_life(cloudcontrol: CloudControl) -> None:
    """A resource of an added type is made, read, listed, changed and removed like one of AWS's."""
    client = seated(cloudcontrol)
    assert cloudcontrol.requests.last.identifier == "A|7"
    listed = client.list_resources(TypeName=SEAT)["ResourceDescriptions"]
    assert [(item["Identifier"], json.loads(item["Properties"])) for item in listed] == [("A|7", read(client))]
    patch = '[{"op": "replace", "path": "/Price", "value": 9}]'
    client.update_resource(TypeName=SEAT, Identifier="A|7", PatchDocument=patch)
    assert cloudcontrol.requests.last.run().status == "SUCCESS"
    assert read(client)["Price"] == 9
    client.delete_resource(TypeName=SEAT, Identifier="A|7")
    assert cloudcontrol.requests.last.run().status == "SUCCESS"
    assert client.list_resources(TypeName=SEAT)["ResourceDescriptions"] == []


def test_type_before_it_is_added(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A type is unknown until it is added, and only this test knows it then."""
    error = ("TypeNotFoundException", f"The type '{SEAT}' cannot be found.", 400)
    assert refusal(cloudcontrol_client.create_resource, TypeName=SEAT, DesiredState="{}") == error
    add(cloudcontrol)
    assert cloudcontrol.resources.put(SEAT, {"Hall": "A", "Row": 1}) == "A|1"


def test_type_from_a_file(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A type can be added from the file of its schema."""
    path = tmp_path / "seat.json"
    path.write_text(json.dumps(SCHEMA), "utf-8")
    cloudcontrol.add_type(path)
    assert cloudcontrol.resources.put(SEAT, {"Hall": "A", "Row": 1}) == "A|1"


def test_schema_is_copied(cloudcontrol: CloudControl) -> None:
    """What a test does with its schema afterwards doesn't change the type."""
    schema = copy.deepcopy(SCHEMA)
    cloudcontrol.add_type(schema)
    schema["primaryIdentifier"].clear()
    schema["properties"].clear()
    assert cloudcontrol.resources.put(SEAT, {"Hall": "A", "Row": 1}) == "A|1"


def test_another_schema_for_a_type_of_aws(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """An added schema wins over the bundled one of the same type, for this test."""
    add(cloudcontrol, typeName=QUEUE)
    message = "Model validation failed (#: required key [Hall] not found\n#: required key [Row] not found)"
    call = cloudcontrol_client.create_resource
    assert refusal(call, TypeName=QUEUE, DesiredState="{}") == ("ValidationException", message, 400)


def test_type_added_again(cloudcontrol: CloudControl) -> None:
    """Adding a type again replaces its schema, for resources that are there already, too."""
    client = seated(cloudcontrol)
    add(cloudcontrol, writeOnlyProperties=["/properties/Price"])
    assert ("Secret" in read(client), "Price" in read(client)) == (True, False)


# Identifiers


@pytest.mark.parametrize(
    "identifier",
    [
        pytest.param("A|7", id="compound"),
        pytest.param('{"Hall": "A", "Row": 7}', id="JSON"),
        pytest.param('{"Row": "7", "Hall": "A"}', id="JSON in another order, as texts"),
        pytest.param('{"/properties/Hall": "A", "/properties/Row": 7}', id="JSON of pointers"),
        pytest.param('{"Arn": "arn:aws:cinema:us-east-1:123456789012:seat/A|7"}', id="additional"),
        pytest.param('{"Code": "x", "Hall": "A"}', id="additional, of two properties"),
    ],
)
def test_every_way_to_identify(cloudcontrol: CloudControl, identifier: str) -> None:
    """All operations take every form of identifier, and answer with the primary one."""
    client = seated(cloudcontrol)
    cloudcontrol.resources.put(SEAT, {**STATE, "Arn": "arn:aws:cinema:us-east-1:123456789012:seat/A|7"})
    described = client.get_resource(TypeName=SEAT, Identifier=identifier)["ResourceDescription"]
    updated = client.update_resource(TypeName=SEAT, Identifier=identifier, PatchDocument="[]")["ProgressEvent"]
    cloudcontrol.requests.last.run()
    deleted = client.delete_resource(TypeName=SEAT, Identifier=identifier)["ProgressEvent"]
    assert cloudcontrol.requests.last.run().status == "SUCCESS"
    assert [described["Identifier"], updated["Identifier"], deleted["Identifier"]] == ["A|7"] * 3


WRONG_PARTS = "Identifier {} is not valid for identifier [/properties/Hall, /properties/Row]"
WRONG_NAMES = (
    "When specifying the identifier as JSON, you must specify exactly one identifier from "
    "[[/properties/Hall, /properties/Row], [/properties/Arn], [/properties/Hall, /properties/Code]], "
    "and no additional properties can be specified"
)


@pytest.mark.parametrize(
    ("identifier", "message"),
    [
        ("A", WRONG_PARTS.format("A")),
        ("A|7|x", WRONG_PARTS.format("A|7|x")),
        ('{"Hall": "A"}', WRONG_NAMES),
        ('{"Hall": "A", "Price": 12}', WRONG_NAMES),
        ('{"Hall": "A", "Row": 7, "Code": "x"}', WRONG_NAMES),
    ],
)
def test_identifier_of_wrong_parts(cloudcontrol: CloudControl, identifier: str, message: str) -> None:
    """An identifier that has other parts than the type's is refused, and no request is made."""
    client = seated(cloudcontrol)
    refused = ("ValidationException", message, 400)
    assert refusal(client.get_resource, TypeName=SEAT, Identifier=identifier) == refused
    assert refusal(client.delete_resource, TypeName=SEAT, Identifier=identifier) == refused
    assert refusal(client.update_resource, TypeName=SEAT, Identifier=identifier, PatchDocument="[]") == refused
    assert len(cloudcontrol.requests) == 1


@pytest.mark.parametrize("identifier", ["7|A", '{"Hall": "B", "Row": 7}', '{"Arn": "arn:nobody"}'])
def test_identifier_of_nothing(cloudcontrol: CloudControl, identifier: str) -> None:
    """An identifier of the right parts that nothing has isn't found: a read says so, and a delete fails."""
    client = seated(cloudcontrol)
    assert refusal(client.get_resource, TypeName=SEAT, Identifier=identifier).code == "ResourceNotFoundException"
    client.delete_resource(TypeName=SEAT, Identifier=identifier)
    request = cloudcontrol.requests.last.run()
    assert (request.status, request.error_code) == ("FAILED", "NotFound")


def test_busy_by_any_identifier(cloudcontrol: CloudControl) -> None:
    """A resource is busy under each of its identifiers."""
    client = seated(cloudcontrol)
    client.update_resource(TypeName=SEAT, Identifier="A|7", PatchDocument="[]")
    call = client.delete_resource
    for identifier in ('{"Row": 7, "Hall": "A"}', '{"Hall": "A", "Code": "x"}'):
        assert refusal(call, TypeName=SEAT, Identifier=identifier).code == "ConcurrentOperationException"


def test_compound_identifier_in_words(cloudcontrol: CloudControl) -> None:
    """A handler's failure names a compound identifier as answers do."""
    client = seated(cloudcontrol)
    client.create_resource(TypeName=SEAT, DesiredState=json.dumps(STATE))
    request = cloudcontrol.requests.last.run()
    assert request.status_message == f"Resource of type '{SEAT}' with identifier 'A|7' already exists."


# Roles of properties


def test_read_only_property(cloudcontrol: CloudControl) -> None:
    """A read-only property is made up by the service, read back, and can't be updated."""
    client = seated(cloudcontrol)
    assert read(client)["Arn"].startswith("arn:aws:cinema:us-east-1:123456789012:seat/")
    patch = '[{"op": "add", "path": "/Arn", "value": "mine"}]'
    assert refusal(client.update_resource, TypeName=SEAT, Identifier="A|7", PatchDocument=patch) == (
        "ValidationException",
        "Invalid patch update: readOnlyProperties [/properties/Arn] cannot be updated",
        400,
    )


def test_create_only_property(cloudcontrol: CloudControl) -> None:
    """A create-only property can't be updated."""
    client = seated(cloudcontrol)
    patch = '[{"op": "replace", "path": "/Row", "value": 8}, {"op": "replace", "path": "/Hall", "value": "B"}]'
    assert refusal(client.update_resource, TypeName=SEAT, Identifier="A|7", PatchDocument=patch) == (
        "NotUpdatableException",
        "Invalid patch update: createOnlyProperties [/properties/Hall, /properties/Row] cannot be updated",
        400,
    )


def test_write_only_property(cloudcontrol: CloudControl) -> None:
    """Write-only properties, nested ones too, are kept but never shown, in answers of updates neither."""
    client = seated(cloudcontrol)
    assert read(client)["Guest"] == {"Name": "Ada"}
    assert "Secret" not in read(client)
    stored = cloudcontrol.resources.get(SEAT, "A|7")
    assert stored is not None
    assert (stored["Secret"], stored["Guest"]) == ("hush", {"Name": "Ada", "Pin": "1"})
    patch = '[{"op": "add", "path": "/Secret", "value": "new"}]'
    event = client.update_resource(TypeName=SEAT, Identifier="A|7", PatchDocument=patch)["ProgressEvent"]
    assert "Secret" not in json.loads(event["ResourceModel"])
    cloudcontrol.requests.last.run()
    stored = cloudcontrol.resources.get(SEAT, "A|7")
    assert stored is not None
    assert stored["Secret"] == "new"


def test_replacing_a_write_only_value(cloudcontrol: CloudControl) -> None:
    """A write-only value can be added but not replaced: the state that is read doesn't have it."""
    client = seated(cloudcontrol)
    patch = '[{"op": "replace", "path": "/Secret", "value": "new"}]'
    assert refusal(client.update_resource, TypeName=SEAT, Identifier="A|7", PatchDocument=patch) == (
        "ValidationException",
        "Invalid patch update: writeOnlyProperties [/Secret] can only be updated using 'add' operation",
        400,
    )


def test_required_properties(cloudcontrol: CloudControl) -> None:
    """A state without the required properties is refused, with a line for each."""
    add(cloudcontrol)
    call = cloudcontrol.client().create_resource
    assert refusal(call, TypeName=SEAT, DesiredState='{"Price": 1}') == (
        "ValidationException",
        "Model validation failed (#: required key [Hall] not found\n#: required key [Row] not found)",
        400,
    )


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        pytest.param({"Price": "12"}, "#/Price: expected type: Integer, found: String", id="type"),
        pytest.param({"Stage": "A"}, "#: extraneous key [Stage] is not permitted", id="extraneous key"),
        pytest.param({"Code": "X"}, "#/Code: failed validation constraint for keyword [pattern]", id="pattern"),
        pytest.param({"Guest": {"Name": 1}}, "#/Guest/Name: expected type: String, found: Integer", id="nested"),
    ],
)
def test_state_that_the_schema_refuses(cloudcontrol: CloudControl, changes: JSONObject, line: str) -> None:
    """A state is validated against the added schema, whose patterns are Java's as those of AWS are."""
    properties: dict[str, JSONValue] = {**SCHEMA["properties"], "Code": {"type": "string", "pattern": r"^\p{Lower}*$"}}
    add(cloudcontrol, properties=properties)
    client = cloudcontrol.client()
    client.create_resource(TypeName=SEAT, DesiredState=json.dumps(STATE))
    assert refusal(client.create_resource, TypeName=SEAT, DesiredState=json.dumps({**STATE, **changes})) == (
        "ValidationException",
        f"Model validation failed ({line})",
        400,
    )


# Handlers


@pytest.mark.parametrize(
    ("missing", "use"),
    [
        ("create", lambda client: lambda: client.create_resource(TypeName=SEAT, DesiredState=json.dumps(STATE))),
        ("read", lambda client: lambda: client.get_resource(TypeName=SEAT, Identifier="A|7")),
        (
            "update",
            lambda client: lambda: client.update_resource(TypeName=SEAT, Identifier="A|7", PatchDocument="[]"),
        ),
        ("delete", lambda client: lambda: client.delete_resource(TypeName=SEAT, Identifier="A|7")),
        ("list", lambda client: lambda: client.list_resources(TypeName=SEAT)),
    ],
)
def test_missing_handler(
    cloudcontrol: CloudControl, missing: str, use: Callable[[CloudControlApiClient], Callable[[], object]]
) -> None:
    """A type without a handler doesn't support its operation."""
    add(cloudcontrol, handlers=every_handler(but=missing))
    assert refusal(use(cloudcontrol.client())) == (
        "UnsupportedActionException",
        f"Resource type {SEAT} does not support {missing.upper()} action",
        400,
    )


# Broken schemas


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"typeName": "Seat"},
            (
                '/typeName of the schema is "Seat"; '
                "expected three parts of 2 to 64 letters and digits such as MyCompany::Storage::Bucket"
            ),
        ),
        (
            {"definitions": {"Guest": {"type": "text"}}},
            (
                f'/definitions/Guest/type of the schema of {SEAT} is "text"; '
                "expected one of array, boolean, integer, null, number, object, string, or a list of some of them"
            ),
        ),
        (
            {"primaryIdentifier": ["/properties/Rows"]},
            (
                f'/primaryIdentifier/0 of the schema of {SEAT} is "/properties/Rows"; '
                "expected a pointer to a property that the schema describes, such as /properties/Row"
            ),
        ),
        (
            {"readOnlyPropertys": []},
            f"/readOnlyPropertys of the schema of {SEAT} is []; expected the keyword readOnlyProperties",
        ),
        (
            {"handlers": {"create": {}, "update": []}},
            f"/handlers/update of the schema of {SEAT} is []; expected an object",
        ),
    ],
    ids=["type name", "value of a keyword", "identifier", "misspelt keyword", "handler"],
)
def test_broken_schema(cloudcontrol: CloudControl, change: JSONObject, message: str) -> None:
    """A schema with anything wrong in it is refused with the place, and the type stays unknown."""
    with pytest.raises(SchemaError) as refused:
        add(cloudcontrol, **change)
    assert str(refused.value) == message
    with pytest.raises(OptionError):
        cloudcontrol.plan(SEAT, steps=1)


def test_broken_schema_leaves_the_type_as_it_was(cloudcontrol: CloudControl) -> None:
    """A type that is there stays as it was when a broken schema is to replace it."""
    client = seated(cloudcontrol)
    with pytest.raises(SchemaError):
        add(cloudcontrol, properties={})
    assert read(client)["Price"] == 12


def test_broken_schema_of_the_settings(tmp_path: Path) -> None:
    """A broken schema of one's own in the folder of the settings is told when the mock is to begin."""
    (tmp_path / "seat.json").write_text(json.dumps({**SCHEMA, "required": "Hall"}), "utf-8")
    with pytest.raises(SchemaError) as refused, mock_cloudcontrol(schemas=tmp_path):
        pass
    assert str(refused.value) == (
        f'seat.json in {tmp_path}: /required of the schema of {SEAT} is "Hall"; expected a list of property names'
    )


def test_broken_schema_of_aws(tmp_path: Path) -> None:
    """A broken schema among AWS's in the folder of the settings is told when its type is first used."""
    (tmp_path / "queue.json").write_text('{"typeName": "AWS::SQS::Queue"}', "utf-8")
    with mock_cloudcontrol(schemas=tmp_path) as cloudcontrol:
        cloudcontrol.client().list_resources(TypeName="AWS::SNS::Topic")
        with pytest.raises(SchemaError) as refused:
            cloudcontrol.client().list_resources(TypeName=QUEUE)
    assert str(refused.value) == (
        f"queue.json in {tmp_path}: /properties of the schema of AWS::SQS::Queue is missing; "
        "expected an object of schemas"
    )


def test_missing_file(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A schema's file that isn't there is refused."""
    path = tmp_path / "seat.json"
    with pytest.raises(SchemaError) as raised:
        cloudcontrol.add_type(path)
    assert str(raised.value) == (
        f"{path} cannot be read: No such file or directory; "
        "expected a schema as a dict, or the path of a JSON file that holds one"
    )
