"""ListResources of types whose list handlers want a ResourceModel: what they refuse, and what they select."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from fidelity_support import ORDER, order_schema
from refusals import Refusal, hidden, refusal
from resource_types import QUEUE

from pytest_cloudcontrol import SchemaError

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)

BUDGET: Final = "AWS::Deadline::Budget"
CHANNEL: Final = "AWS::Chime::Channel"
FLEET_ASSOCIATION: Final = "AWS::AppStream::StackFleetAssociation"
GATEWAY_ASSOCIATION: Final = "AWS::DirectConnect::DirectConnectGatewayAssociation"
LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
NODEGROUP: Final = "AWS::EKS::Nodegroup"
PERF_REPORTS: Final = "AWS::PI::PerfReports"
WORKSPACE_RULES: Final = "AWS::APS::RuleGroupsNamespace"

NOT_BOTH: Final = "#: #: only 1 subschema matches out of 2"
"""The line that counts two kinds of keywords, properties and a combination, of which one doesn't match."""


def listed(client: CloudControlApiClient, type_name: str, **model: object) -> list[str]:
    """Return the identifiers that a list with a model shows."""
    answer = client.list_resources(TypeName=type_name, ResourceModel=json.dumps(model))
    return [description["Identifier"] for description in answer["ResourceDescriptions"]]


def missing_or_invalid(type_name: str, *lines: str) -> Refusal:
    """Return what a list with a missing or invalid model is told."""
    words = f"Missing or invalid ResourceModel property in {type_name} list handler request input."
    return Refusal("InvalidRequestException", f"{words}Required property: ({chr(10).join(lines)})", 400)


# What is refused


@pytest.mark.fidelity("O-28")
@pytest.mark.parametrize(
    ("type_name", "lines"),
    [
        (NODEGROUP, ["#: required key [ClusterName] not found"]),
        (PERF_REPORTS, ["#: required key [ServiceType] not found", "#: required key [Identifier] not found"]),
    ],
)
def test_every_missing_property_has_a_line(
    cloudcontrol_client: CloudControlApiClient, type_name: str, lines: list[str]
) -> None:
    """A list without a model is refused, and so is one with an empty model; all that is missing is named."""
    expected = missing_or_invalid(type_name, *lines)
    assert refusal(lambda: cloudcontrol_client.list_resources(TypeName=type_name)) == expected
    assert refusal(lambda: listed(cloudcontrol_client, type_name)) == expected


@pytest.mark.fidelity("O-36")
@pytest.mark.parametrize(
    ("type_name", "model", "lines"),
    [
        (NODEGROUP, {"ClusterName": 1}, ["#/ClusterName: expected type: String, found: Integer"]),
        (BUDGET, {"FarmId": "farm"}, [hidden("pattern", "/FarmId")]),
        (
            PERF_REPORTS,
            {"ServiceType": "EC2"},
            [
                "#: required key [Identifier] not found",
                "#/ServiceType: #: only 1 subschema matches out of 2",
                hidden("enum", "/ServiceType"),
            ],
        ),
        (
            CHANNEL,
            {"AppInstanceArn": "arn", "ChimeBearer": "arn:aws:chime:us-east-1:123456789012:app-instance/a/user/b"},
            ["#/AppInstanceArn: expected minLength: 5, actual: 3", hidden("pattern", "/AppInstanceArn")],
        ),
    ],
    ids=["type", "pattern", "enum", "length"],
)
def test_a_model_is_validated(
    cloudcontrol_client: CloudControlApiClient, type_name: str, model: dict[str, Any], lines: list[str]
) -> None:
    """The list handler's schema is looked at as the type's own is, and what is wrong is said in the same words."""
    assert refusal(lambda: listed(cloudcontrol_client, type_name, **model)) == missing_or_invalid(type_name, *lines)


@pytest.mark.fidelity("O-36")
def test_any_of_two_properties(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Where the handler's schema has anyOf, one of the properties is enough, and both are fine."""
    for fleet, stack in (("fast", "a"), ("fast", "b"), ("slow", "a")):
        cloudcontrol.resources.put(FLEET_ASSOCIATION, {"FleetName": fleet, "StackName": stack})
    assert refusal(lambda: listed(cloudcontrol_client, FLEET_ASSOCIATION)) == missing_or_invalid(
        FLEET_ASSOCIATION,
        NOT_BOTH,
        "#: #: no subschema matched out of the total 2 subschemas",
        "#: required key [FleetName] not found",
        "#: required key [StackName] not found",
    )
    assert listed(cloudcontrol_client, FLEET_ASSOCIATION, FleetName="fast") == ["fast|a", "fast|b"]
    assert listed(cloudcontrol_client, FLEET_ASSOCIATION, StackName="a") == ["fast|a", "slow|a"]
    assert listed(cloudcontrol_client, FLEET_ASSOCIATION, FleetName="fast", StackName="b") == ["fast|b"]


@pytest.mark.fidelity("O-36")
def test_one_of_two_properties(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Where the handler's schema has oneOf, just one of the properties may be given."""
    for number in (1, 2):
        direct, associated = f"{number}0000000-0000-4000-8000-000000000000", f"vgw-{number:08}"
        ids: dict[str, Any] = {"DirectConnectGatewayId": direct, "AssociatedGatewayId": associated}
        last = cloudcontrol.resources.put(GATEWAY_ASSOCIATION, ids)
    assert listed(cloudcontrol_client, GATEWAY_ASSOCIATION, DirectConnectGatewayId=direct) == [last]
    assert listed(cloudcontrol_client, GATEWAY_ASSOCIATION, AssociatedGatewayId=associated) == [last]
    assert refusal(lambda: listed(cloudcontrol_client, GATEWAY_ASSOCIATION, **ids)) == missing_or_invalid(
        GATEWAY_ASSOCIATION, NOT_BOTH, "#: #: 2 subschemas matched instead of one"
    )


# What is selected


@pytest.mark.fidelity("C-18")
def test_an_optional_property_selects(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Whatever the handler's schema describes selects if it is given; other properties don't."""
    of_list = {"handlerSchema": {"properties": {"Customer": {"type": "string"}}}}
    cloudcontrol.add_type(order_schema(handlers={"create": {}, "read": {}, "list": of_list}))
    for name, customer in (("first", "ada"), ("second", "bob")):
        cloudcontrol.resources.put(ORDER, {"Name": name, "Customer": customer, "Note": "n"})
    assert listed(cloudcontrol_client, ORDER) == ["first", "second"]
    assert listed(cloudcontrol_client, ORDER, Customer="bob") == ["second"]
    assert listed(cloudcontrol_client, ORDER, Customer="eve") == []
    assert listed(cloudcontrol_client, ORDER, Note="other") == ["first", "second"]


@pytest.mark.fidelity("C-18")
def test_a_type_whose_list_wants_nothing_lists_everything(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Where the type's list handler has no schema, the ResourceModel selects nothing."""
    url = cloudcontrol.resources.put(QUEUE, {"QueueName": "jobs"})
    assert listed(cloudcontrol_client, QUEUE, QueueName="other") == [url]


def listener(cloudcontrol: CloudControl, balancer: str, number: int) -> str:
    """Place a listener of a load balancer, and return its Arn."""
    arn = f"arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/{balancer}/0/{number}"
    return cloudcontrol.resources.put(LISTENER, {"ListenerArn": arn, "LoadBalancerArn": balancer})


@pytest.mark.fidelity("C-19")
def test_a_list_of_values_selects_any_of_them(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """ListenerArns is a list of ListenerArn, so it selects the listeners with one of these."""
    arns = [listener(cloudcontrol, "shop", number) for number in range(3)]
    assert listed(cloudcontrol_client, LISTENER, ListenerArns=[arns[2], arns[0], "arn:nobody"]) == [arns[0], arns[2]]
    assert listed(cloudcontrol_client, LISTENER, ListenerArns=[]) == []
    assert listed(cloudcontrol_client, LISTENER, LoadBalancerArn="shop") == arns


@pytest.mark.fidelity("C-19")
def test_a_reference_selects_by_the_property_that_it_names(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The list of rule groups calls the workspace Arn, but refers to the property Workspace."""
    workspaces = [f"arn:aws:aps:us-east-1:123456789012:workspace/ws-{number}" for number in range(2)]
    made = [
        cloudcontrol.resources.put(WORKSPACE_RULES, {"Workspace": workspace, "Name": "rules", "Data": "x"})
        for workspace in workspaces
    ]
    assert listed(cloudcontrol_client, WORKSPACE_RULES, Arn=workspaces[1]) == [made[1]]


CHAIN: Final[dict[str, Any]] = {
    "Text": {"$ref": "#/definitions/LongText"},
    "LongText": {"$ref": "#/definitions/Longest"},
    "Longest": {"type": "string", "minLength": 2},
    "Whose": {"$ref": "#/definitions/TheCustomer"},
    "TheCustomer": {"$ref": "#/properties/Customer"},
    "Several": {"$ref": "#/definitions/Them"},
    "Them": {"type": "array", "items": {"$ref": "#/definitions/Whose"}},
    "Wanted": {"$ref": "#/definitions/ReallyWanted"},
    "ReallyWanted": {"properties": {"Customer": {"$ref": "#/definitions/Text"}}, "required": ["Customer"]},
}
"""Definitions that lead to others, up to a type, a property, an array of these, and what a list wants."""

TEXT: Final = {"$ref": "resource-schema.json#/definitions/Text"}
TOO_SHORT: Final = "expected minLength: 2, actual: 1"


@pytest.mark.fidelity("C-18")
@pytest.mark.fidelity("C-19")
@pytest.mark.fidelity("O-36")
@pytest.mark.parametrize(
    ("wanted", "model", "found", "wrong", "line"),
    [
        pytest.param(
            {"properties": {"Customer": TEXT}},
            {"Customer": "bob"},
            ["second"],
            {"Customer": "b"},
            f"#/Customer: {TOO_SHORT}",
            id="a type",
        ),
        pytest.param(
            {"properties": {"Of": {"$ref": "resource-schema.json#/definitions/Whose"}}},
            {"Of": "bob"},
            ["second"],
            {"Of": ["bob"]},
            "#/Of: expected type: String, found: JSONArray",
            id="a property",
        ),
        pytest.param(
            {"properties": {"OfAny": {"$ref": "resource-schema.json#/definitions/Several"}}},
            {"OfAny": ["eve", "bob"]},
            ["second", "third"],
            {"OfAny": "bob"},
            "#/OfAny: expected type: JSONArray, found: String",
            id="an array of a property",
        ),
        pytest.param(
            {"properties": {"Customer": {"type": "array", "items": TEXT}}},
            {"Customer": ["eve", "bob"]},
            ["second", "third"],
            {"Customer": ["eve", "b"]},
            f"#/Customer/1: {TOO_SHORT}",
            id="an array of a type",
        ),
        pytest.param(
            {"$ref": "#/definitions/Wanted"},
            {"Customer": "bob"},
            ["second"],
            {},
            "#: required key [Customer] not found",
            id="all that is wanted",
        ),
    ],
)
def test_references_lead_through_definitions(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    wanted: dict[str, Any],
    model: dict[str, Any],
    found: list[str],
    wrong: dict[str, Any],
    line: str,
) -> None:
    """What the list's schema refers to by way of several definitions checks a ResourceModel and selects by it."""
    handlers = {"create": {}, "read": {}, "list": {"handlerSchema": wanted}}
    cloudcontrol.add_type(order_schema(handlers=handlers, definitions=CHAIN))
    for name, customer in (("first", "ada"), ("second", "bob"), ("third", "eve")):
        cloudcontrol.resources.put(ORDER, {"Name": name, "Customer": customer})
    assert listed(cloudcontrol_client, ORDER, **model) == found
    assert refusal(lambda: listed(cloudcontrol_client, ORDER, **wrong)) == missing_or_invalid(ORDER, line)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_references_of_a_list_in_a_circle(cloudcontrol: CloudControl, length: int) -> None:
    """A list's schema whose references lead in a circle is refused, and followed for no longer than that."""
    definitions = {f"D{number}": {"$ref": f"#/definitions/D{(number + 1) % length}"} for number in range(length)}
    handlers = {"read": {}, "list": {"handlerSchema": {"$ref": "#/definitions/D0"}}}
    with pytest.raises(SchemaError, match=r"^/definitions/D\d/\$ref of the schema of Acme::Shop::Order "):
        cloudcontrol.add_type(order_schema(handlers=handlers, definitions=definitions))


@pytest.mark.fidelity("C-20")
def test_a_name_that_resources_do_not_have_selects_nothing(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A property that the list wants but no resource of the type has leaves nothing out."""
    of_list = {"handlerSchema": {"properties": {"Shop": {"type": "string"}}, "required": ["Shop"]}}
    cloudcontrol.add_type(order_schema(handlers={"create": {}, "read": {}, "list": of_list}))
    cloudcontrol.resources.put(ORDER, {"Name": "first"})
    assert listed(cloudcontrol_client, ORDER, Shop="any") == ["first"]


# What is shown


@pytest.mark.fidelity("C-17")
def test_without_a_read_handler_only_the_identifier_is_shown(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A list shows what the read handler shows; where there is none, the primary identifier's properties."""
    cloudcontrol.add_type(order_schema(handlers={"create": {}, "list": {}}))
    cloudcontrol.resources.put(ORDER, {"Name": "first", "Customer": "ada", "Serial": "S1", "Shelf": "A"})
    (description,) = cloudcontrol_client.list_resources(TypeName=ORDER)["ResourceDescriptions"]
    assert (description["Identifier"], json.loads(description["Properties"])) == ("first", {"Name": "first"})


@pytest.mark.fidelity("O-34")
def test_a_list_shows_no_write_only_values(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Write-only values are in no list either, inside other properties neither."""
    cloudcontrol.add_type(order_schema())
    cloudcontrol.resources.put(
        ORDER, {"Name": "first", "Password": "p", "Card": {"Number": "1", "Pin": "2"}, "Serial": "S1", "Shelf": "A"}
    )
    (description,) = cloudcontrol_client.list_resources(TypeName=ORDER)["ResourceDescriptions"]
    shown = json.loads(description["Properties"])
    assert shown == {"Name": "first", "Card": {"Number": "1"}, "Serial": "S1", "Shelf": "A"}
