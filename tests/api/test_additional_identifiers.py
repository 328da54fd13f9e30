"""cloudcontrol.resources: identifiers with separators in them, and additional ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from resource_types import STAGE, every_handler
from shop import shop_types

from pytest_cloudcontrol import CloudControl, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol.documents import JSONObject, JSONValue

pytestmark = shop_types


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
