"""The order of properties in all that shows a resource: Java's, at the top and inside, whatever the order given."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from files import ROOT
from resource_types import BUCKET, LOG_GROUP, every_handler

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)

THING: Final = "Acme::Home::Thing"
RECORDED: Final[list[dict[str, Any]]] = json.loads(
    (ROOT / "tests" / "validation" / "java_hash_map_orders.json").read_text("ascii")
)
"""Keys, and the order in which a HashMap of Java's has them."""


def got(client: CloudControlApiClient, type_name: str, identifier: str) -> str:
    """Return what GetResource shows."""
    return client.get_resource(TypeName=type_name, Identifier=identifier)["ResourceDescription"]["Properties"]


def listed(client: CloudControlApiClient, type_name: str, _: str) -> str:
    """Return what ListResources shows of the only resource."""
    (description,) = client.list_resources(TypeName=type_name)["ResourceDescriptions"]
    return description["Properties"]


def updated(client: CloudControlApiClient, type_name: str, identifier: str) -> str:
    """Return the ResourceModel of an update's immediate answer."""
    patch = {"TypeName": type_name, "Identifier": identifier, "PatchDocument": "[]"}
    return client.update_resource(**patch)["ProgressEvent"]["ResourceModel"]


SHOWN: Final[Mapping[str, Callable[[CloudControlApiClient, str, str], str]]] = {
    "GetResource": got,
    "ListResources": listed,
    "UpdateResource": updated,
}
EVERYWHERE: Final = pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)


@pytest.mark.fidelity("G-7")
@EVERYWHERE
@pytest.mark.parametrize("row", RECORDED, ids=[row["about"] for row in RECORDED])
def test_properties_are_in_the_order_of_a_hash_map(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    show: Callable[[CloudControlApiClient, str, str], str],
    row: dict[str, Any],
) -> None:
    """Whatever shows a resource has its properties, and those of objects, arrays and maps inside, in Java's order."""
    keys, order = row["keys"], row["order"]
    name = next(key for key in keys if key and "/" not in key)
    cloudcontrol.add_type(
        {
            "typeName": THING,
            "properties": {key: {} for key in keys},
            "primaryIdentifier": [f"/properties/{name}"],
            "handlers": every_handler(),
        }
    )
    of_keys = dict.fromkeys(keys, 1)
    inside, in_array = [key for key in keys if key != name][:2]
    properties = {**of_keys, name: "home", inside: {**of_keys, name: of_keys}, in_array: [of_keys, [of_keys]]}
    cloudcontrol.resources.put(THING, properties)
    shown = json.loads(show(cloudcontrol_client, THING, "home"))
    assert shown == properties
    for part in (shown, shown[inside], shown[inside][name], shown[in_array][0], shown[in_array][1][0]):
        assert list(part) == order


TAGS: Final = [{"Key": "team", "Value": "blue"}]


@pytest.mark.fidelity("G-7")
@EVERYWHERE
@pytest.mark.parametrize("reverse", [False, True], ids=["as given", "the other way round"])
def test_recorded_models_are_in_the_recorded_order(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    show: Callable[[CloudControlApiClient, str, str], str],
    reverse: bool,
) -> None:
    """A log group is in the recorded order in all three, each with the properties that it has there."""
    given = {"LogGroupName": "app", "RetentionInDays": 1, "Tags": TAGS}
    desired = dict(reversed(given.items())) if reverse else given
    cloudcontrol_client.create_resource(TypeName=LOG_GROUP, DesiredState=json.dumps(desired))
    cloudcontrol.requests.last.run()
    shown = json.loads(show(cloudcontrol_client, LOG_GROUP, "app"))
    orders = {
        "GetResource": "FieldIndexPolicies RetentionInDays BearerTokenAuthenticationEnabled LogGroupClass LogGroupName "
        "Arn DeletionProtectionEnabled Tags DataProtectionPolicy",
        "UpdateResource": "FieldIndexPolicies RetentionInDays BearerTokenAuthenticationEnabled LogGroupClass "
        "LogGroupName DeletionProtectionEnabled Tags DataProtectionPolicy",
        "ListResources": "RetentionInDays LogGroupClass LogGroupName Arn Tags",
    }
    assert " ".join(shown) == orders[next(name for name, each in SHOWN.items() if each is show)]
    assert [list(tag) for tag in shown["Tags"]] == [["Value", "Key"]]


@pytest.mark.fidelity("G-7")
def test_a_patch_does_not_change_the_order(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Properties that an update removes and adds again, or moves, come to stand where they stood."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "RetentionInDays": 1, "Tags": TAGS})
    before = got(cloudcontrol_client, LOG_GROUP, "app")
    patch = [
        {"op": "remove", "path": "/RetentionInDays"},
        {"op": "replace", "path": "/Tags/0", "value": dict(reversed(TAGS[0].items()))},
        {"op": "add", "path": "/RetentionInDays", "value": 1},
        {"op": "move", "from": "/Tags", "path": "/FieldIndexPolicies"},
        {"op": "move", "from": "/FieldIndexPolicies", "path": "/Tags"},
        {"op": "add", "path": "/FieldIndexPolicies", "value": []},
    ]
    event = cloudcontrol_client.update_resource(TypeName=LOG_GROUP, Identifier="app", PatchDocument=json.dumps(patch))[
        "ProgressEvent"
    ]
    without_arn = [name for name in json.loads(before) if name != "Arn"]
    assert list(json.loads(event["ResourceModel"])) == without_arn
    assert cloudcontrol.requests.last.run().status == "SUCCESS"
    assert got(cloudcontrol_client, LOG_GROUP, "app") == before


@pytest.mark.fidelity("O-25")
def test_a_bucket_in_a_list_has_its_name_alone(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A list's text of a bucket is compact JSON of the one property."""
    cloudcontrol.resources.put(BUCKET, {"BucketName": "app"})
    assert listed(cloudcontrol_client, BUCKET, "app") == '{"BucketName":"app"}'
