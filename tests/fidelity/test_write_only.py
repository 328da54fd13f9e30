"""Write-only values and updates: what a patch must send, what it can't, and what becomes of what it doesn't."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from calls import patch, shown
from fidelity_support import ORDER, adding, order_schema
from refusals import Refusal, refusal

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl
    from pytest_cloudcontrol.documents import JSONObject

PROJECT: Final = "AWS::DataZone::Project"
DATA_SOURCE: Final = "AWS::DataZone::DataSource"
USER: Final = "AWS::IAM::User"

DOMAIN: Final[JSONObject] = {"DomainIdentifier": "dzd_1234567"}
SENT: Final = adding("/DomainIdentifier", "dzd_1234567")


@pytest.mark.fidelity("O-16")
def test_an_empty_patch_lacks_what_is_required_and_write_only(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A patch of no operations is refused if the type requires a write-only property."""
    cloudcontrol.add_type(order_schema(required=["Password"]))
    order = cloudcontrol.resources.put(ORDER, {"Name": "first", "Password": "hidden"})
    assert refusal(lambda: patch(cloudcontrol_client, ORDER, order)) == Refusal(
        "ValidationException", "Model validation failed (#: required key [Password] not found)", 400
    )
    assert not cloudcontrol.requests


@pytest.mark.fidelity("O-37")
@pytest.mark.parametrize(
    ("type_name", "placed", "operations", "expected"),
    [
        pytest.param(
            PROJECT,
            DOMAIN,
            [],
            Refusal(
                "ValidationException", "Model validation failed (#: required key [DomainIdentifier] not found)", 400
            ),
            id="project-unsent",
        ),
        pytest.param(
            PROJECT,
            DOMAIN,
            [SENT],
            Refusal(
                "NotUpdatableException",
                "Invalid patch update: createOnlyProperties [/properties/DomainIdentifier] cannot be updated",
                400,
            ),
            id="project-sent",
        ),
        pytest.param(
            DATA_SOURCE,
            {**DOMAIN, "ProjectIdentifier": "p1", "Type": "GLUE"},
            [],
            Refusal(
                "ValidationException",
                "Model validation failed (#: required key [DomainIdentifier] not found\n"
                "#: required key [ProjectIdentifier] not found)",
                400,
            ),
            id="data source-unsent",
        ),
    ],
)
def test_what_is_required_write_only_and_create_only_allows_no_update(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    type_name: str,
    placed: JSONObject,
    operations: list[dict[str, object]],
    expected: Refusal,
) -> None:
    """Unsent it is missing from the patched model, and sent it has changed, since no read has shown it."""
    identifier = cloudcontrol.resources.put(type_name, {"Name": "sales", **placed})
    told = refusal(
        lambda: patch(cloudcontrol_client, type_name, identifier, *operations, adding("/Description", "new"))
    )
    assert told == expected
    assert not cloudcontrol.requests


@pytest.mark.fidelity("C-27")
@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        pytest.param(adding("/Note", "n"), {"Number": "1", "Pin": "2"}, id="beside"),
        pytest.param(adding("/Card/Number", "9"), {"Number": "9"}, id="inside"),
        pytest.param(adding("/Card", {"Number": "9", "Pin": "8"}), {"Number": "9", "Pin": "8"}, id="sent"),
    ],
)
def test_write_only_values_that_a_patch_does_not_send(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    operation: dict[str, object],
    expected: JSONObject,
) -> None:
    """Those at the top level stay in the resource, those inside a property that is written are lost unless sent."""
    cloudcontrol.add_type(order_schema())
    order = cloudcontrol.resources.put(
        ORDER, {"Name": "first", "Password": "hidden", "Card": {"Number": "1", "Pin": "2"}}
    )
    patch(cloudcontrol_client, ORDER, order, operation)
    assert cloudcontrol.requests.last.run().status == "SUCCESS"
    resource = cloudcontrol.resources.get(ORDER, order) or {}
    assert (resource["Password"], resource["Card"]) == ("hidden", expected)


@pytest.mark.fidelity("C-28")
def test_an_object_with_nothing_but_write_only_values_is_not_shown(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A user's LoginProfile with a password only isn't shown; the user can be updated, and keeps the password."""
    profile: JSONObject = {"Password": "correct horse"}
    user = cloudcontrol.resources.put(USER, {"UserName": "ada", "LoginProfile": profile})
    assert shown(cloudcontrol_client, USER, user).keys() == {"UserName", "Arn"}
    patch(cloudcontrol_client, USER, user, adding("/Tags", [{"Key": "team", "Value": "blue"}]))
    assert cloudcontrol.requests.last.run().status == "SUCCESS"
    assert (cloudcontrol.resources.get(USER, user) or {})["LoginProfile"] == profile


@pytest.mark.fidelity("C-28")
def test_an_object_with_other_values_too_is_shown_without_the_write_only_ones(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A card with a number and a pin is shown with its number."""
    cloudcontrol.add_type(order_schema())
    order = cloudcontrol.resources.put(ORDER, {"Name": "first", "Card": {"Number": "1", "Pin": "2"}})
    assert shown(cloudcontrol_client, ORDER, order)["Card"] == {"Number": "1"}
