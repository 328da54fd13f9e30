"""What a patch leaves of a model: a whole document replaced, and values that differ by their JSON type only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import calls
import pytest
from fidelity_support import adding, replacing
from refusals import Refusal, refusal
from resource_types import every_handler

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

SWITCH = "Acme::Home::Switch"
SCHEMA: dict[str, Any] = {
    "typeName": SWITCH,
    "properties": {
        "Name": {"type": "string"},
        "Anything": {},
        "Level": {"type": ["boolean", "integer", "number"]},
        "Wiring": {"type": ["boolean", "integer", "number"]},
        "Note": {"type": "string"},
        "Nested": {"type": "object"},
    },
    "primaryIdentifier": ["/properties/Name"],
    "createOnlyProperties": ["/properties/Name", "/properties/Wiring"],
    "handlers": every_handler(),
}


@pytest.fixture(autouse=True)
def _switch(cloudcontrol: CloudControl) -> None:
    """Have a type whose properties may be booleans as well as numbers."""
    cloudcontrol.add_type(SCHEMA)


def patch(client: CloudControlApiClient, *operations: Mapping[str, object]) -> str:
    """Ask for a patch of the switch, and return the request token."""
    return calls.patch(client, SWITCH, "hall", *operations)["RequestToken"]


def written(cloudcontrol: CloudControl, client: CloudControlApiClient, *operations: Mapping[str, object]) -> str:
    """Patch the switch, wait for it, and return its model as JSON text, in which 1 and true differ."""
    assert cloudcontrol.request(patch(client, *operations)).run().status == "SUCCESS"
    return json.dumps(calls.shown(client, SWITCH, "hall"), sort_keys=True)


# The whole document


@pytest.mark.parametrize("steps", [1, 2, 5])
@pytest.mark.parametrize("verb", ["replace", "add"])
def test_whole_document_without_a_property(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, steps: int, verb: str
) -> None:
    """A patch of the whole document takes away the properties that the new one hasn't, in however many steps."""
    cloudcontrol.plan(steps=steps)
    cloudcontrol.resources.put(SWITCH, {"Name": "hall", "Note": "old", "Level": 3})
    operation = {"op": verb, "path": "", "value": {"Name": "hall", "Level": 4}}
    assert written(cloudcontrol, cloudcontrol_client, operation) == '{"Level": 4, "Name": "hall"}'


def test_whole_document_with_another_property(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A patch of the whole document brings the properties that only the new one has."""
    cloudcontrol.resources.put(SWITCH, {"Name": "hall", "Note": "old"})
    operation = replacing("", {"Name": "hall", "Nested": {"a": 1}})
    assert written(cloudcontrol, cloudcontrol_client, operation) == '{"Name": "hall", "Nested": {"a": 1}}'


def test_whole_document_shown_at_once(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """The immediate answer shows the new document, without the properties that it takes away."""
    cloudcontrol.resources.put(SWITCH, {"Name": "hall", "Note": "old"})
    patch(cloudcontrol_client, replacing("", {"Name": "hall", "Level": 4}))
    assert cloudcontrol.requests.last.events[0].resource_model == {"Name": "hall", "Level": 4}


# Values that Python takes for equal


@pytest.mark.parametrize(
    ("before", "after"), [("1", "true"), ("true", "1"), ("0", "false"), ("false", "0"), ("true", "false")]
)
@pytest.mark.parametrize("name", ["Anything", "Level"])
@pytest.mark.parametrize("verb", ["replace", "add"])
def test_boolean_and_number_differ(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    verb: str,
    name: str,
    before: str,
    after: str,
) -> None:
    """A patch that makes a number a boolean, or a boolean a number, is written."""
    cloudcontrol.resources.put(SWITCH, {"Name": "hall", name: json.loads(before)})
    operation = {"op": verb, "path": f"/{name}", "value": json.loads(after)}
    assert written(cloudcontrol, cloudcontrol_client, operation) == f'{{"{name}": {after}, "Name": "hall"}}'


def test_boolean_inside_an_object(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A patch that makes a number a boolean deep inside a property is written."""
    cloudcontrol.resources.put(SWITCH, {"Name": "hall", "Nested": {"list": [1, {"x": 1}]}})
    operation = replacing("/Nested/list/1/x", True)
    assert written(cloudcontrol, cloudcontrol_client, operation) == (
        '{"Name": "hall", "Nested": {"list": [1, {"x": true}]}}'
    )


def test_boolean_in_the_whole_document(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A patch of the whole document in which a number has become a boolean is written."""
    cloudcontrol.resources.put(SWITCH, {"Name": "hall", "Level": 1})
    operation = replacing("", {"Name": "hall", "Level": True})
    assert written(cloudcontrol, cloudcontrol_client, operation) == '{"Level": true, "Name": "hall"}'


@pytest.mark.parametrize(("before", "after"), [("1", "true"), ("true", "1"), ("0", "false"), ("false", "0")])
def test_create_only_number_that_becomes_a_boolean(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, before: str, after: str
) -> None:
    """A create-only property can't be changed from a number to a boolean, nor back."""
    cloudcontrol.resources.put(SWITCH, {"Name": "hall", "Wiring": json.loads(before)})
    told = refusal(lambda: patch(cloudcontrol_client, adding("/Wiring", json.loads(after))))
    assert told == Refusal(
        "NotUpdatableException",
        "Invalid patch update: createOnlyProperties [/properties/Wiring] cannot be updated",
        400,
    )
    assert not cloudcontrol.requests


def test_test_operation_tells_a_boolean_from_a_number(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The patch operation `test` finds 1 where it expects true different, and no request is made."""
    cloudcontrol.resources.put(SWITCH, {"Name": "hall", "Level": 1})
    told = refusal(lambda: patch(cloudcontrol_client, {"op": "test", "path": "/Level", "value": True}))
    assert told.code == "ValidationException"
    assert not cloudcontrol.requests
