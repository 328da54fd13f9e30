"""The roles of properties inside arrays and maps: a ``*`` in a schema's pointer is every item."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from refusals import Refusal, refusal
from resource_types import every_handler

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl
    from pytest_cloudcontrol.documents import JSONObject, JSONValue

FIREWALL = "Acme::Home::Firewall"
OF_A_RULE: dict[str, Any] = {"properties": {name: {} for name in ("Id", "Port", "Note", "Secret")}}
SCHEMA: dict[str, Any] = {
    "typeName": FIREWALL,
    # Without a type, the rules may be an array or a map.
    "properties": {"Name": {"type": "string"}, "Rules": {"items": OF_A_RULE, "additionalProperties": OF_A_RULE}},
    "primaryIdentifier": ["/properties/Name"],
    "readOnlyProperties": ["/properties/Rules/*/Id"],
    "writeOnlyProperties": ["/properties/Rules/*/Secret"],
    "createOnlyProperties": ["/properties/Rules/*/Port"],
    "handlers": every_handler(),
}
RULE = {"Id": "r1", "Port": 22, "Note": "a"}


@pytest.fixture(autouse=True)
def _firewall(cloudcontrol: CloudControl) -> None:
    """Have a type with roles inside its rules."""
    cloudcontrol.add_type(SCHEMA)


@pytest.mark.fidelity("O-17")
@pytest.mark.fidelity("O-18")
@pytest.mark.parametrize("rules", [[RULE], {"ssh": RULE}], ids=["array", "map"])
@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ("Note", None),
        (
            "Id",
            Refusal(
                "ValidationException",
                "Invalid patch update: readOnlyProperties [/properties/Rules/*/Id] cannot be updated",
                400,
            ),
        ),
        (
            "Port",
            Refusal(
                "NotUpdatableException",
                "Invalid patch update: createOnlyProperties [/properties/Rules/*/Port] cannot be updated",
                400,
            ),
        ),
    ],
)
def test_roles_of_every_item(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    rules: list[dict[str, object]] | dict[str, dict[str, object]],
    member: str,
    expected: Refusal | None,
) -> None:
    """What may not be updated may not be in any item either; what may, may."""
    cloudcontrol.resources.put(FIREWALL, {"Name": "home", "Rules": json.loads(json.dumps(rules))})
    key = "0" if isinstance(rules, list) else "ssh"
    patch = json.dumps([{"op": "replace", "path": f"/Rules/{key}/{member}", "value": "new"}])

    def update() -> object:
        return cloudcontrol_client.update_resource(TypeName=FIREWALL, Identifier="home", PatchDocument=patch)

    if expected is None:
        update()
        assert cloudcontrol.requests.last.run().status == "SUCCESS"
    else:
        assert refusal(update) == expected
        assert len(cloudcontrol.requests) == 0


SSH: JSONObject = {"Id": "r1", "Port": 22}
WEB: JSONObject = {"Id": "r2", "Port": 80}
NEW: JSONObject = {"Port": 443}


@pytest.mark.fidelity("C-21")
@pytest.mark.parametrize(
    ("rules", "operation", "expected"),
    [
        pytest.param([SSH, WEB], {"op": "remove", "path": "/Rules/0"}, [WEB], id="removed from an array"),
        pytest.param([SSH], {"op": "add", "path": "/Rules/0", "value": NEW}, [NEW, SSH], id="added to an array"),
        pytest.param([SSH], {"op": "remove", "path": "/Rules"}, None, id="all removed"),
        pytest.param({"ssh": SSH, "web": WEB}, {"op": "remove", "path": "/Rules/ssh"}, {"web": WEB}, id="removed key"),
        pytest.param(
            {"ssh": SSH}, {"op": "add", "path": "/Rules/new", "value": NEW}, {"ssh": SSH, "new": NEW}, id="added key"
        ),
    ],
)
def test_items_may_come_and_go(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    rules: JSONValue,
    operation: dict[str, object],
    expected: JSONValue,
) -> None:
    """An item may be removed though it has read-only and create-only properties, and another may be added."""
    cloudcontrol.resources.put(FIREWALL, {"Name": "home", "Rules": rules})
    patch = json.dumps([operation])
    cloudcontrol_client.update_resource(TypeName=FIREWALL, Identifier="home", PatchDocument=patch)
    assert cloudcontrol.requests.last.run().status == "SUCCESS"
    assert (cloudcontrol.resources.get(FIREWALL, "home") or {}).get("Rules") == expected


@pytest.mark.fidelity("C-21")
def test_a_new_item_has_nothing_that_only_the_service_sets(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """An item that an update adds may have create-only properties, but no read-only ones."""
    cloudcontrol.resources.put(FIREWALL, {"Name": "home", "Rules": [SSH]})
    patch = json.dumps([{"op": "add", "path": "/Rules/-", "value": {"Id": "r9", "Port": 443}}])
    told = refusal(
        lambda: cloudcontrol_client.update_resource(TypeName=FIREWALL, Identifier="home", PatchDocument=patch)
    )
    words = "Invalid patch update: readOnlyProperties [/properties/Rules/*/Id] cannot be updated"
    assert told == ("ValidationException", words, 400)


@pytest.mark.fidelity("O-34")
def test_write_only_values_of_items_are_never_shown(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """GetResource, ListResources and an update's ResourceModel leave them out of every item, though they are there."""
    rules = [{"Note": "a", "Secret": "s1"}, {"Secret": "s2"}, "no object"]
    cloudcontrol.resources.put(FIREWALL, {"Name": "home", "Rules": json.loads(json.dumps(rules))})
    got = cloudcontrol_client.get_resource(TypeName=FIREWALL, Identifier="home")["ResourceDescription"]
    (listed,) = cloudcontrol_client.list_resources(TypeName=FIREWALL)["ResourceDescriptions"]
    patch = {"TypeName": FIREWALL, "Identifier": "home", "PatchDocument": "[]"}
    event = cloudcontrol_client.update_resource(**patch)["ProgressEvent"]
    for shown in (got["Properties"], listed["Properties"], event["ResourceModel"]):
        assert json.loads(shown)["Rules"] == [{"Note": "a"}, {}, "no object"]
    assert (cloudcontrol.resources.get(FIREWALL, "home") or {})["Rules"] == rules


DEEP: JSONObject = {"Keep": "k", "Secret": "s"}
SHOWN: JSONObject = {"Keep": "k"}


@pytest.mark.fidelity("O-34")
@pytest.mark.parametrize(
    ("path", "rules", "shown"),
    [
        pytest.param("*/Secret", [DEEP, DEEP], [SHOWN, SHOWN], id="array"),
        pytest.param("*/Secret", {"a": DEEP, "b": DEEP}, {"a": SHOWN, "b": SHOWN}, id="map"),
        pytest.param("*/*/Secret", [[DEEP], [], [DEEP, DEEP]], [[SHOWN], [], [SHOWN, SHOWN]], id="array of arrays"),
        pytest.param("*/*/Secret", {"a": [DEEP]}, {"a": [SHOWN]}, id="map of arrays"),
        pytest.param("*/*/Secret", [{"a": DEEP}, {"Secret": DEEP}], [{"a": SHOWN}, {"Secret": SHOWN}], id="maps"),
        pytest.param("*/In/*/Secret", [{"In": [DEEP]}, {"Out": [DEEP]}], [{"In": [SHOWN]}, {"Out": [DEEP]}], id="in"),
        pytest.param("*/In/*/Secret", {"a": {"In": {"b": DEEP}}}, {"a": {"In": {"b": SHOWN}}}, id="maps in maps"),
        pytest.param("*/*/*/Secret", [[{"a": DEEP}]], [[{"a": SHOWN}]], id="three"),
        pytest.param("*/Secret", [{"Secret": None}, {"Secret": [DEEP]}, 1], [{}, {}, 1], id="whatever it is"),
        pytest.param("*/Secret/*/Pin", [{"Secret": [{"Pin": 1, "No": 2}]}], [{"Secret": [{"No": 2}]}], id="inside"),
        pytest.param("*/Secret", DEEP, DEEP, id="not an item"),
        pytest.param("*/*/Secret", [DEEP], [DEEP], id="not deep enough"),
    ],
)
def test_write_only_values_of_nested_items_are_never_shown(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    path: str,
    rules: JSONValue,
    shown: JSONValue,
) -> None:
    """However arrays and maps are in one another, just what the path reaches is left out of all that is shown."""
    schema = {**SCHEMA, "properties": {"Name": {"type": "string"}, "Rules": open_to(path.split("/"))}}
    roles = {"writeOnlyProperties": [f"/properties/Rules/{path}"], "readOnlyProperties": [], "createOnlyProperties": []}
    cloudcontrol.add_type({**schema, **roles})
    cloudcontrol.resources.put(FIREWALL, {"Name": "home", "Rules": rules})
    got = cloudcontrol_client.get_resource(TypeName=FIREWALL, Identifier="home")["ResourceDescription"]
    (listed,) = cloudcontrol_client.list_resources(TypeName=FIREWALL)["ResourceDescriptions"]
    patch = {"TypeName": FIREWALL, "Identifier": "home", "PatchDocument": "[]"}
    event = cloudcontrol_client.update_resource(**patch)["ProgressEvent"]
    for text in (got["Properties"], listed["Properties"], event["ResourceModel"]):
        assert json.loads(text)["Rules"] == shown
    assert cloudcontrol.resources.get(FIREWALL, "home") == {"Name": "home", "Rules": rules}


def open_to(path: list[str]) -> dict[str, Any]:
    """Return a schema that describes a path, and takes everything else too."""
    if not path:
        return {}
    inside = open_to(path[1:])
    if path[0] == "*":
        return {"items": inside, "additionalProperties": inside}
    return {"properties": {path[0]: inside}}


@pytest.mark.fidelity("O-20")
@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("/Rules/0/Secret", True),
        ("/Rules/0/Secret/Part", True),
        ("/Rules/1/Secret", True),
        ("/Rules/0/Note", False),
        ("/Rules/0", False),
        ("/Rules", False),
    ],
)
def test_write_only_values_of_items_can_only_be_added(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, path: str, refused: bool
) -> None:
    """What replaces a write-only value in any item, or a part of it, is refused; what replaces more or other isn't."""
    rules: JSONValue = [{"Note": "a", "Secret": {"Part": 1}}, {"Note": "b", "Secret": 2}]
    cloudcontrol.resources.put(FIREWALL, {"Name": "home", "Rules": rules})
    patch = json.dumps([{"op": "replace", "path": path, "value": []}])

    def update() -> object:
        return cloudcontrol_client.update_resource(TypeName=FIREWALL, Identifier="home", PatchDocument=patch)

    if refused:
        words = "Invalid patch update: writeOnlyProperties [/Rules/*/Secret] can only be updated using 'add' operation"
        assert refusal(update) == ("ValidationException", words, 400)
        return
    update()
    assert cloudcontrol.requests.last.run().status == "SUCCESS"
