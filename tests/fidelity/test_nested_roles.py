"""The roles of properties inside arrays and maps: a ``*`` in a schema's pointer is every item."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from fidelity_support import Refusal, refusal

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

FIREWALL = "Acme::Home::Firewall"
SCHEMA: dict[str, Any] = {
    "typeName": FIREWALL,
    "properties": {"Name": {"type": "string"}, "Rules": {}},
    "primaryIdentifier": ["/properties/Name"],
    "readOnlyProperties": ["/properties/Rules/*/Id"],
    "writeOnlyProperties": ["/properties/Rules/*/Secret"],
    "createOnlyProperties": ["/properties/Rules/*/Port"],
    "handlers": {name: {} for name in ("create", "read", "update", "delete", "list")},
}
RULE = {"Id": "r1", "Port": 22, "Note": "a"}


@pytest.fixture(autouse=True)
def _firewall(cloudcontrol: CloudControl) -> None:
    """Have a type with roles inside its rules."""
    cloudcontrol.add_type(SCHEMA)


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


def test_write_only_values_of_items_are_never_shown(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """GetResource leaves them out of every item, though the resource has them."""
    rules = [{"Note": "a", "Secret": "s1"}, {"Secret": "s2"}, "no object"]
    cloudcontrol.resources.put(FIREWALL, {"Name": "home", "Rules": json.loads(json.dumps(rules))})
    answer = cloudcontrol_client.get_resource(TypeName=FIREWALL, Identifier="home")
    assert json.loads(answer["ResourceDescription"]["Properties"])["Rules"] == [{"Note": "a"}, {}, "no object"]
    assert (cloudcontrol.resources.get(FIREWALL, "home") or {})["Rules"] == rules
