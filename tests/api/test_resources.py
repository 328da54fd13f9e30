"""What exists, as a test arranges it and looks at it: without requests, and without waiting."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError
from resource_types import LOG_GROUP, STAGE, every_handler
from shop import ORDER, TICKET, Shop, shop_types

from pytest_cloudcontrol import CloudControl, OptionError, Resource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol.documents import JSONObject, JSONValue

pytestmark = shop_types

FORMAT = "pytest-cloudcontrol resources, version 1"


# get


def test_get(cloudcontrol: CloudControl) -> None:
    """``get`` returns every property, write-only and read-only ones too."""
    Shop(cloudcontrol).create(Alpha="1", Pin="hush").run()
    assert cloudcontrol.resources.get(ORDER, "n1") == {
        "Alpha": "1",
        "Arn": "arn:aws:shop:us-east-1:123456789012:order/n1",
        "Name": "n1",
        "Pin": "hush",
    }


def test_get_nothing(cloudcontrol: CloudControl) -> None:
    """``get`` returns None where there is no resource, one of another type included."""
    Shop(cloudcontrol).existing()
    assert cloudcontrol.resources.get(ORDER, "n2") is None
    assert cloudcontrol.resources.get(TICKET, "n1") is None


@pytest.mark.parametrize(
    "identifier",
    ["api|prod", '{"RestApiId": "api", "StageName": "prod"}', '{"StageName": "prod", "/properties/RestApiId": "api"}'],
)
def test_get_by_any_identifier(cloudcontrol: CloudControl, identifier: str) -> None:
    """``get`` and ``delete`` take an identifier in every form that the API takes."""
    cloudcontrol.resources.put(STAGE, {"RestApiId": "api", "StageName": "prod"})
    assert cloudcontrol.resources.get(STAGE, identifier) is not None
    cloudcontrol.resources.delete(STAGE, identifier)
    assert len(cloudcontrol.resources) == 0


def test_what_get_returns_is_a_copy(cloudcontrol: CloudControl) -> None:
    """Changing what ``get`` or an iteration gave changes no resource."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "Tags": [{"Key": "a", "Value": "b"}]})
    got = cloudcontrol.resources.get(LOG_GROUP, "app")
    (listed,) = cloudcontrol.resources
    before = json.dumps(got)
    for properties in (got, listed.properties):
        assert properties is not None
        assert isinstance(properties["Tags"], list)
        properties["Tags"].clear()
        properties["LogGroupName"] = "changed"
    assert json.dumps(cloudcontrol.resources.get(LOG_GROUP, "app")) == before


# put


def test_put(cloudcontrol: CloudControl) -> None:
    """What was put is there for the code under test, at once and without a request."""
    shop = Shop(cloudcontrol)
    assert cloudcontrol.resources.put(ORDER, {"Name": "n1", "Alpha": "1", "Pin": "hush"}) == "n1"
    answer = shop.client.get_resource(TypeName=ORDER, Identifier="n1")
    assert json.loads(answer["ResourceDescription"]["Properties"]) == {
        "Name": "n1",
        "Alpha": "1",
        "Arn": "arn:aws:shop:us-east-1:123456789012:order/n1",
    }
    assert len(cloudcontrol.requests) == 0


def test_put_makes_what_the_service_would(cloudcontrol: CloudControl) -> None:
    """Identifiers and read-only properties that aren't given are made up; another one for every resource."""
    made = [cloudcontrol.resources.put(TICKET, {}) for _ in range(3)]
    assert len(set(made)) == 3
    assert [resource.identifier for resource in cloudcontrol.resources] == made


def test_put_keeps_what_is_given(cloudcontrol: CloudControl) -> None:
    """Read-only properties that a test gives stay as they are."""
    cloudcontrol.resources.put(ORDER, {"Name": "n1", "Arn": "given"})
    assert cloudcontrol.resources.get(ORDER, "n1") == {"Name": "n1", "Arn": "given"}


def test_put_replaces(cloudcontrol: CloudControl) -> None:
    """A resource of the same identifier is replaced as a whole."""
    shop = Shop(cloudcontrol)
    shop.existing(Alpha="1").existing(Beta="2")
    assert (shop.written(), len(cloudcontrol.resources)) == ({"Beta": "2"}, 1)


def test_put_takes_a_copy(cloudcontrol: CloudControl) -> None:
    """What a test does with the properties afterwards reaches no resource."""
    properties: dict[str, object] = {"Name": "n1", "Alpha": "1"}
    cloudcontrol.resources.put(ORDER, properties)
    properties["Alpha"] = "changed"
    assert Shop(cloudcontrol).written() == {"Alpha": "1"}


def test_put_with_an_identifier_that_is_none(cloudcontrol: CloudControl) -> None:
    """A resource whose identifying property has a value that identifies nothing is refused."""
    schema: JSONObject = {
        "typeName": "Test::Shop::Anything",
        "properties": {"Name": {}},
        "primaryIdentifier": ["/properties/Name"],
    }
    cloudcontrol.add_type(schema)
    with pytest.raises(OptionError) as raised:
        cloudcontrol.resources.put("Test::Shop::Anything", {"Name": {}})
    assert str(raised.value) == (
        "properties={'Name': {}} is not valid: expected the identifier of Test::Shop::Anything among them"
    )


@pytest.mark.parametrize(
    ("properties", "violations"),
    [
        pytest.param({"Name": 1}, "#/Name: expected type: String, found: Integer", id="a wrong type"),
        pytest.param({"Nmae": "n1"}, "#: extraneous key [Nmae] is not permitted", id="a misspelt name"),
        pytest.param(
            {"Name": 1, "Nmae": "n1"},
            "#: extraneous key [Nmae] is not permitted; #/Name: expected type: String, found: Integer",
            id="several",
        ),
    ],
)
def test_put_of_what_is_not_valid(cloudcontrol: CloudControl, properties: JSONObject, violations: str) -> None:
    """What is placed must be valid by the type's schema, as far as it goes."""
    with pytest.raises(OptionError) as raised:
        cloudcontrol.resources.put(ORDER, properties)
    assert str(raised.value) == (
        f"properties={properties!r} is not valid: expected properties that are valid for {ORDER} ({violations})"
    )
    assert len(cloudcontrol.resources) == 0


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        (["Name"], ""),
        ("{}", ""),
        ({"Name": object}, " (Object of type type is not JSON serializable)"),
        ({"Name": float("nan")}, None),
    ],
)
def test_put_what_is_no_json_object(cloudcontrol: CloudControl, properties: object, reason: str | None) -> None:
    """Properties that can't be written as a JSON object are refused, and nothing is placed."""
    # What is no object is given on purpose.
    put: Callable[[str, object], str] = cloudcontrol.resources.put  # type: ignore[assignment]
    with pytest.raises(OptionError) as raised:
        put(ORDER, properties)
    message = f"properties={properties!r} is not valid: expected a dict that can be written as JSON"
    assert str(raised.value).startswith(message)
    assert reason is None or str(raised.value) == message + reason
    assert len(cloudcontrol.resources) == 0


# delete


def test_delete(cloudcontrol: CloudControl) -> None:
    """``delete`` removes a resource behind Cloud Control's back: without a request."""
    shop = Shop(cloudcontrol).existing()
    cloudcontrol.resources.delete(ORDER, "n1")
    with pytest.raises(shop.client.exceptions.ResourceNotFoundException):
        shop.client.get_resource(TypeName=ORDER, Identifier="n1")
    assert len(cloudcontrol.requests) == 0


@pytest.mark.parametrize(("there", "shown"), [([], "none"), (["b", "a"], "a, b")])
def test_delete_what_is_not_there(cloudcontrol: CloudControl, there: list[str], shown: str) -> None:
    """Deleting what isn't there is refused with what is."""
    shop = Shop(cloudcontrol)
    for name in there:
        shop.existing(name)
    with pytest.raises(OptionError) as raised:
        cloudcontrol.resources.delete(ORDER, "n1")
    assert str(raised.value) == f"identifier='n1' is not valid: expected an existing {ORDER}; there are: {shown}"


# Wrong names


USES: list[Callable[[CloudControl, str, str], object]] = [
    lambda mock, type_name, identifier: mock.resources.get(type_name, identifier),
    lambda mock, type_name, identifier: mock.resources.delete(type_name, identifier),
    lambda mock, type_name, _: mock.resources.put(type_name, {}),
]


@pytest.mark.parametrize("use", USES)
def test_unknown_type(cloudcontrol: CloudControl, use: Callable[[CloudControl, str, str], object]) -> None:
    """A type that doesn't exist is refused with the nearest that does."""
    with pytest.raises(OptionError) as raised:
        use(cloudcontrol, "Test::Shop::Orders", "n1")
    assert str(raised.value) == (
        "type_name='Test::Shop::Orders' is not valid: expected a known resource type (cloudcontrol.add_type adds one). "
        f"Did you mean '{ORDER}'?"
    )


WRONG_NAMES = (
    "When specifying the identifier as JSON, you must specify exactly one identifier from "
    "[[/properties/RestApiId, /properties/StageName]], and no additional properties can be specified"
)


@pytest.mark.parametrize("use", USES[:2])
@pytest.mark.parametrize(
    ("identifier", "message"),
    [
        ("prod", "Identifier prod is not valid for identifier [/properties/RestApiId, /properties/StageName]"),
        ('{"RestApiId": "api"}', WRONG_NAMES),
    ],
)
def test_identifier_of_wrong_parts(
    cloudcontrol: CloudControl, use: Callable[[CloudControl, str, str], object], identifier: str, message: str
) -> None:
    """An identifier with a wrong number of parts, or wrong names, is refused with the parts there are."""
    with pytest.raises(OptionError) as raised:
        use(cloudcontrol, STAGE, identifier)
    assert str(raised.value) == (
        f"identifier={identifier!r} is not valid: expected an identifier of {STAGE}: {message}"
    )


# Iteration


def test_iteration_and_length(cloudcontrol: CloudControl) -> None:
    """Iterating gives each resource with its type, its identifier and its properties."""
    shop = Shop(cloudcontrol)
    shop.existing("b", Alpha="1").existing("a")
    ticket = cloudcontrol.resources.put(TICKET, {"Text": "hello"})
    assert list(cloudcontrol.resources) == [
        Resource(ORDER, "b", {"Name": "b", "Arn": "arn:b", "Alpha": "1"}),
        Resource(ORDER, "a", {"Name": "a", "Arn": "arn:a"}),
        Resource(TICKET, ticket, {"Id": ticket, "Text": "hello"}),
    ]
    assert len(cloudcontrol.resources) == 3


def test_iteration_while_resources_change(cloudcontrol: CloudControl) -> None:
    """An iteration is over what was there when it began."""
    shop = Shop(cloudcontrol).existing("a")
    shop.existing("b")
    seen = []
    for resource in cloudcontrol.resources:
        seen.append(resource.identifier)
        cloudcontrol.resources.delete(ORDER, resource.identifier)
        shop.existing("new")
    assert seen == ["a", "b"]


def test_representation(cloudcontrol: CloudControl) -> None:
    """Printed, the resources are a list of what exists."""
    Shop(cloudcontrol).existing("a")
    assert repr(cloudcontrol.resources) == (
        f"[Resource(type_name='{ORDER}', identifier='a', properties={{'Name': 'a', 'Arn': 'arn:a'}})]"
    )


# dump and load


@pytest.mark.parametrize("as_argument", [lambda path: path, str], ids=["Path", "str"])
def test_dump_and_load(cloudcontrol: CloudControl, tmp_path: Path, as_argument: Callable[[Path], Path | str]) -> None:
    """What was dumped is there again after loading, in every detail."""
    shop = Shop(cloudcontrol)
    shop.create("größe ☃", Alpha="1", Pin="hush").run()
    cloudcontrol.resources.put(TICKET, {"Text": ""})
    cloudcontrol.resources.put(STAGE, {"RestApiId": "api", "StageName": "prod", "Variables": {"a": "b"}})
    before = list(cloudcontrol.resources)
    cloudcontrol.resources.dump(as_argument(tmp_path / "world.json"))
    cloudcontrol.reset()
    assert list(cloudcontrol.resources) == []
    cloudcontrol.resources.load(as_argument(tmp_path / "world.json"))
    assert list(cloudcontrol.resources) == before


def test_dumped_file(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """The file is JSON that a person can read and change: the format's name and a list of resources."""
    Shop(cloudcontrol).existing("é")
    cloudcontrol.resources.dump(tmp_path / "world.json")
    text = (tmp_path / "world.json").read_text("utf-8")
    assert json.loads(text) == {
        "format": FORMAT,
        "resources": [{"type_name": ORDER, "identifier": "é", "properties": {"Name": "é", "Arn": "arn:é"}}],
    }
    assert '"é"' in text
    assert text.endswith("}\n")


def test_put_of_half_a_character(cloudcontrol: CloudControl) -> None:
    """Text that no client could ever read is refused: half of a surrogate pair is no character."""
    with pytest.raises(OptionError, match="half of a surrogate pair"):
        cloudcontrol.resources.put(ORDER, {"Name": "n1", "Alpha": "\ud800"})
    assert len(cloudcontrol.resources) == 0


def test_load_beside(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """Loading leaves other resources alone, and replaces those of the same identifier."""
    shop = Shop(cloudcontrol).existing("n1", Alpha="dumped")
    cloudcontrol.resources.dump(tmp_path / "world.json")
    shop.existing("n1", Alpha="newer").existing("n2")
    cloudcontrol.resources.load(tmp_path / "world.json")
    assert (shop.written("n1"), shop.written("n2")) == ({"Alpha": "dumped"}, {})


def test_load_into_another_world(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A scope's dump can be loaded into another account and region."""
    Shop(cloudcontrol).existing(Alpha="1")
    cloudcontrol.resources.dump(tmp_path / "world.json")
    there = cloudcontrol.scope("210987654321", "eu-west-1").resources
    there.load(tmp_path / "world.json")
    assert there.get(ORDER, "n1") == {"Name": "n1", "Arn": "arn:n1", "Alpha": "1"}


WRITTEN = f"a file that resources.dump() has written, of the format '{FORMAT}'"
MEMBERS = "type_name, identifier and properties for each resource"
GOOD = {"type_name": ORDER, "identifier": "good", "properties": {"Name": "good"}}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param([], WRITTEN, id="no object"),
        pytest.param({}, WRITTEN, id="no format"),
        pytest.param({"format": "pytest-cloudcontrol resources, version 2", "resources": []}, WRITTEN, id="newer"),
        pytest.param({"format": FORMAT}, f"{MEMBERS}, not None", id="no resources"),
        pytest.param({"format": FORMAT, "resources": {"a": 1}}, f"{MEMBERS}, not {{'a': 1}}", id="no list"),
        pytest.param({"format": FORMAT, "resources": [GOOD, 5]}, f"{MEMBERS}, not 5", id="no resource"),
        pytest.param(
            {"format": FORMAT, "resources": [GOOD, {"type_name": ORDER, "identifier": "a"}]},
            f"{MEMBERS}, not {{'type_name': '{ORDER}', 'identifier': 'a'}}",
            id="no properties",
        ),
        pytest.param(
            {"format": FORMAT, "resources": [GOOD, {**GOOD, "identifier": 5}]},
            f"{MEMBERS}, not { {**GOOD, 'identifier': 5} }",
            id="identifier that is no text",
        ),
    ],
)
def test_load_of_a_broken_file(cloudcontrol: CloudControl, tmp_path: Path, document: object, expected: str) -> None:
    """A file that ``dump`` hasn't written is refused with what is wrong, and nothing of it is placed."""
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(document), "utf-8")
    with pytest.raises(OptionError) as raised:
        cloudcontrol.resources.load(path)
    assert str(raised.value) == f"path={str(path)!r} is not valid: expected {expected}"
    assert len(cloudcontrol.resources) == 0


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000])
def test_load_of_what_is_no_json(cloudcontrol: CloudControl, tmp_path: Path, content: bytes) -> None:
    """A file that isn't JSON is refused."""
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    with pytest.raises(OptionError) as raised:
        cloudcontrol.resources.load(path)
    start = f"path={str(path)!r} is not valid: expected a file that resources.dump() has written ("
    assert str(raised.value).startswith(start)


def test_load_of_a_missing_file(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A file that isn't there is refused."""
    path = tmp_path / "missing.json"
    with pytest.raises(OptionError) as raised:
        cloudcontrol.resources.load(path)
    assert str(raised.value) == (
        f"path={str(path)!r} is not valid: expected a file that resources.dump() has written "
        f"([Errno 2] No such file or directory: {str(path)!r})"
    )


def test_load_of_an_unknown_type(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A file with a type that this world doesn't know is refused as a whole."""
    path = tmp_path / "world.json"
    resources = [GOOD, {**GOOD, "type_name": "Test::Shop::Orders"}]
    path.write_text(json.dumps({"format": FORMAT, "resources": resources}), "utf-8")
    with pytest.raises(OptionError, match="Did you mean 'Test::Shop::Order'"):
        cloudcontrol.resources.load(path)
    assert len(cloudcontrol.resources) == 0


@pytest.mark.parametrize("properties", [{}, {"Name": "other"}])
def test_load_of_a_resource_under_a_wrong_identifier(
    cloudcontrol: CloudControl, tmp_path: Path, properties: dict[str, str]
) -> None:
    """A file whose resource doesn't have the identifier that it stands under is refused: nobody could find it."""
    path = tmp_path / "world.json"
    resources = [GOOD, {**GOOD, "identifier": "n1", "properties": properties}]
    path.write_text(json.dumps({"format": FORMAT, "resources": resources}), "utf-8")
    with pytest.raises(OptionError):
        cloudcontrol.resources.load(path)
    assert len(cloudcontrol.resources) == 0


def test_identifier_with_a_separator_in_a_part(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A part of a compound identifier may have the separator in it: what is answered can be asked for."""
    identifier = cloudcontrol.resources.put(STAGE, {"RestApiId": "a|b", "StageName": "prod"})
    assert identifier == "a|b|prod"
    got = cloudcontrol_client.get_resource(TypeName=STAGE, Identifier=identifier)["ResourceDescription"]
    assert got.get("Identifier") == identifier


def test_put_beside_an_identifier_that_reads_the_same(cloudcontrol: CloudControl) -> None:
    """A resource isn't placed instead of another one whose compound identifier reads the same, but for itself it is."""
    first = {"RestApiId": "a|b", "StageName": "c"}
    cloudcontrol.resources.put(STAGE, first)
    with pytest.raises(OptionError) as raised:
        cloudcontrol.resources.put(STAGE, {"RestApiId": "a", "StageName": "b|c"})
    assert str(raised.value) == (
        "properties={'RestApiId': 'a', 'StageName': 'b|c'} is not valid: expected another identifier than 'a|b|c', "
        f"which is that of the {STAGE} with RestApiId 'a|b', StageName 'c'"
    )
    assert cloudcontrol.resources.put(STAGE, {**first, "Description": "new"}) == "a|b|c"
    assert [resource.properties["Description"] for resource in cloudcontrol.resources] == ["new"]


def test_load_beside_an_identifier_that_reads_the_same(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A file with such a resource is refused, and nothing of it is placed."""
    path = tmp_path / "world.json"
    cloudcontrol.resources.put(STAGE, {"RestApiId": "a|b", "StageName": "c"})
    cloudcontrol.resources.dump(path)
    cloudcontrol.reset()
    cloudcontrol.resources.put(STAGE, {"RestApiId": "a", "StageName": "b|c"})
    with pytest.raises(OptionError):
        cloudcontrol.resources.load(path)
    assert [resource.properties["StageName"] for resource in cloudcontrol.resources] == ["b|c"]


def test_absent_additional_identifier(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A resource that is sought by an additional identifier, and isn't there, is named as the caller named it."""
    given = '{"StateMachineName":"checkout"}'
    type_name = "AWS::StepFunctions::StateMachine"
    cloudcontrol_client.delete_resource(TypeName=type_name, Identifier=given)
    assert cloudcontrol.requests.last.run().status_message == (
        f"Resource of type '{type_name}' with identifier '{given}' was not found."
    )


SHELF = "Test::Shop::Shelf"
SHELF_SCHEMA: JSONObject = {
    "typeName": SHELF,
    "properties": {"Name": {"type": "string"}, "Code": {"type": "string"}},
    "primaryIdentifier": ["/properties/Name"],
    "additionalIdentifiers": [["/properties/Code"]],
    "handlers": every_handler(),
}


def patched(cloudcontrol: CloudControl, *operations: dict[str, str]) -> None:
    """Update the shelf s1."""
    client = cloudcontrol.client()
    client.update_resource(TypeName=SHELF, Identifier="s1", PatchDocument=json.dumps(operations))
    cloudcontrol.requests.last.run()


def patched_in_one_step(cloudcontrol: CloudControl) -> None:
    """Update the shelf s1 by one handler call, after which nothing is written any more."""
    cloudcontrol.plan(steps=1)
    patched(cloudcontrol, {"op": "replace", "path": "/Code", "value": "b"})


def deleted(cloudcontrol: CloudControl) -> None:
    """Delete the shelf s1 by its additional identifier."""
    cloudcontrol.client().delete_resource(TypeName=SHELF, Identifier='{"Code": "a"}')
    cloudcontrol.requests.last.run()


MOVES: dict[str, tuple[Callable[[CloudControl], object], list[str | None]]] = {
    "an update": (
        lambda cloudcontrol: patched(cloudcontrol, {"op": "replace", "path": "/Code", "value": "b"}),
        [None, "s1"],
    ),
    "an update in one step": (patched_in_one_step, [None, "s1"]),
    "its removal": (lambda cloudcontrol: patched(cloudcontrol, {"op": "remove", "path": "/Code"}), [None, None]),
    "a replacement": (
        lambda cloudcontrol: cloudcontrol.resources.put(SHELF, {"Name": "s1", "Code": "b"}),
        [None, "s1"],
    ),
    "another one": (lambda cloudcontrol: cloudcontrol.resources.put(SHELF, {"Name": "s2", "Code": "b"}), ["s1", "s2"]),
    "a delete": (deleted, [None, None]),
    "a removal": (lambda cloudcontrol: cloudcontrol.resources.delete(SHELF, "s1"), [None, None]),
}


@pytest.mark.parametrize(("move", "found"), MOVES.values(), ids=MOVES)
def test_additional_identifier_follows(
    cloudcontrol: CloudControl, move: Callable[[CloudControl], object], found: list[str | None]
) -> None:
    """A resource is found by the additional identifier that it has now, and by none that it had before."""
    cloudcontrol.add_type(SHELF_SCHEMA)
    cloudcontrol.resources.put(SHELF, {"Name": "s1", "Code": "a"})

    def names() -> list[str | None]:
        shelves = (cloudcontrol.resources.get(SHELF, json.dumps({"Code": code})) for code in "ab")
        return [None if shelf is None else str(shelf["Name"]) for shelf in shelves]

    assert names() == ["s1", None]
    move(cloudcontrol)
    assert names() == found


def test_additional_identifier_is_free_again(cloudcontrol: CloudControl) -> None:
    """What had an additional identifier before no longer takes it from a create."""
    cloudcontrol.add_type(SHELF_SCHEMA)
    cloudcontrol.resources.put(SHELF, {"Name": "s1", "Code": "a"})
    cloudcontrol.resources.put(SHELF, {"Name": "s1", "Code": "b"})
    client = cloudcontrol.client()
    for name, code, error_code in (("s2", "b", "AlreadyExists"), ("s3", "a", None)):
        client.create_resource(TypeName=SHELF, DesiredState=json.dumps({"Name": name, "Code": code}))
        assert cloudcontrol.requests.last.run().error_code == error_code


@pytest.mark.parametrize("given", [None, [], {"Part": "a"}], ids=["null", "an array", "an object"])
def test_create_without_a_single_value_as_its_identifier(cloudcontrol: CloudControl, given: JSONValue) -> None:
    """A create whose desired state has no single value as its identifier fails, where the schema lets it through."""
    cloudcontrol.add_type({**SHELF_SCHEMA, "properties": {"Name": {}, "Code": {"type": "string"}}})
    cloudcontrol.client().create_resource(TypeName=SHELF, DesiredState=json.dumps({"Name": given}))
    request = cloudcontrol.requests.last.run()
    assert (request.error_code, request.status_message, len(cloudcontrol.resources)) == (
        "InternalFailure",
        "Test::Shop::Shelf was given no identifier",
        0,
    )


# As AWS shows it

STREAM = "AWS::KinesisVideo::Stream"


def test_put_as_it_is_read(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A resource placed as it is read is shown just so, with nothing made up, though its schema refuses it."""
    identifier = cloudcontrol.resources.put(STREAM, {"Name": "s", "Tags": []}, as_read=True)
    answer = cloudcontrol_client.get_resource(TypeName=STREAM, Identifier=identifier)
    assert (identifier, json.loads(answer["ResourceDescription"]["Properties"])) == ("s", {"Name": "s", "Tags": []})


def test_update_of_what_its_schema_refuses(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """An update is refused for the form in which the resource is read, whatever it changes."""
    cloudcontrol.resources.put(STREAM, {"Name": "s", "Tags": []}, as_read=True)
    patch = '[{"op": "add", "path": "/DataRetentionInHours", "value": 24}]'
    with pytest.raises(ClientError, match="#/Tags: expected minimum item count: 1, found: 0"):
        cloudcontrol_client.update_resource(TypeName=STREAM, Identifier="s", PatchDocument=patch)


@pytest.mark.parametrize(
    ("properties", "as_read", "refusal"),
    [
        ({"Name": "s", "Tags": []}, False, "#/Tags: expected minimum item count: 1, found: 0"),
        ({"Tags": []}, True, f"expected the identifier of {STREAM} among them"),
        ({"Name": "s"}, "yes", "as_read='yes' is not valid: expected True or False"),
    ],
)
def test_what_is_refused_as_read(
    cloudcontrol: CloudControl, properties: dict[str, object], as_read: bool, refusal: str
) -> None:
    """Without as_read the schema counts; with it only the identifier has to be there."""
    with pytest.raises(OptionError, match=re.escape(refusal)):
        cloudcontrol.resources.put(STREAM, properties, as_read=as_read)
    assert len(cloudcontrol.resources) == 0
