"""Identifiers: the forms in which callers may give them, and the one in which answers do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from fidelity_support import ORDER, create, delete, log_group_not_found, order_schema, update, without_token
from refusals import Refusal, refusal
from resource_types import KEY_PAIR, LOG_GROUP, LOG_STREAM, STAGE

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)


def got(client: CloudControlApiClient, type_name: str, identifier: str) -> str:
    """Return the identifier that GetResource answers for one that it was given."""
    return client.get_resource(TypeName=type_name, Identifier=identifier)["ResourceDescription"]["Identifier"]


def named(client: CloudControlApiClient, api: str, type_name: str, identifier: str) -> str:
    """Get, update or delete a resource by an identifier, and return the one that is answered."""
    members = {"TypeName": type_name, "Identifier": identifier}
    if api == "update_resource":
        members["PatchDocument"] = "[]"
    answer = getattr(client, api)(**members)
    described: dict[str, str] = answer["ResourceDescription"] if api == "get_resource" else answer["ProgressEvent"]
    return described["Identifier"]


@pytest.mark.fidelity("D-1")
@pytest.mark.parametrize("given", ["app", '{"LogGroupName": "app"}', '{"LogGroupName":"app"}'])
def test_a_primary_identifier_is_plain_or_json(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, given: str
) -> None:
    """A primary identifier may be given as its value or as a JSON object; the answer has the value."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    assert got(cloudcontrol_client, LOG_GROUP, given) == "app"


@pytest.mark.fidelity("D-1")
@pytest.mark.parametrize("api", ["update_resource", "delete_resource"])
def test_update_and_delete_take_json_identifiers_too(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str
) -> None:
    """The event of an update or a delete names the resource in the plain form, however it was given."""
    cloudcontrol.resources.put(STAGE, {"RestApiId": "api", "StageName": "prod"})
    given = '{"StageName": "prod", "RestApiId": "api"}'
    assert named(cloudcontrol_client, api, STAGE, given) == "api|prod"


@pytest.mark.fidelity("D-2")
@pytest.mark.parametrize(
    "given",
    ["api|prod", '{"RestApiId": "api", "StageName": "prod"}', '{"StageName": "prod", "RestApiId": "api"}'],
)
def test_a_compound_identifier_is_joined_in_the_schemas_order(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, given: str
) -> None:
    """Several values are joined by | in the schema's order; a JSON object may have them in any order."""
    cloudcontrol.resources.put(STAGE, {"StageName": "prod", "RestApiId": "api"})
    assert got(cloudcontrol_client, STAGE, given) == "api|prod"


@pytest.mark.fidelity("D-2")
def test_a_create_answers_its_compound_identifier(cloudcontrol_client: CloudControlApiClient) -> None:
    """The immediate answer of a create joins the values of DesiredState in the schema's order."""
    desired = json.dumps({"LogStreamName": "web", "LogGroupName": "app"})
    event = cloudcontrol_client.create_resource(TypeName=LOG_STREAM, DesiredState=desired)["ProgressEvent"]
    assert event["Identifier"] == "app|web"


@pytest.mark.fidelity("D-3")
@pytest.mark.parametrize(
    "given", ['{"Serial": "S1"}', '{"Customer": "ada", "Shelf": "A"}', '{"Shelf": "A", "Customer": "ada"}']
)
def test_a_secondary_identifier_is_given_as_json(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, given: str
) -> None:
    """An additional identifier finds the resource as a JSON object, and the answer has the primary one."""
    cloudcontrol.add_type(order_schema())
    cloudcontrol.resources.put(ORDER, {"Name": "first", "Customer": "ada", "Serial": "S1", "Shelf": "A"})
    assert got(cloudcontrol_client, ORDER, given) == "first"


@pytest.mark.fidelity("D-3")
def test_a_secondary_identifier_is_not_found_plain(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The bare value of an additional identifier is taken for a primary one."""
    cloudcontrol.add_type(order_schema())
    cloudcontrol.resources.put(ORDER, {"Name": "first", "Customer": "ada", "Serial": "S1", "Shelf": "A"})
    told = refusal(lambda: cloudcontrol_client.get_resource(TypeName=ORDER, Identifier="S1"))
    assert told.code == "ResourceNotFoundException"


def not_one_of(identifiers: str) -> Refusal:
    """Return what is told who gives JSON that is none of these identifiers."""
    return Refusal(
        "ValidationException",
        "When specifying the identifier as JSON, you must specify exactly one identifier from "
        f"[{identifiers}], and no additional properties can be specified",
        400,
    )


@pytest.mark.fidelity("D-8")
@pytest.mark.parametrize("api", ["get_resource", "update_resource", "delete_resource"])
@pytest.mark.parametrize(
    "given", ['{"Colour": "red"}', "{}", '{"Customer": "ada"}', '{"Name": "first", "Serial": "S1"}', '{"Name": null}']
)
def test_json_has_the_names_of_one_identifier(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str, given: str
) -> None:
    """JSON with wrong, missing or further names is refused at once, and told which identifiers the type has."""
    cloudcontrol.add_type(order_schema())
    cloudcontrol.resources.put(ORDER, {"Name": "first", "Customer": "ada", "Serial": "S1"})
    assert refusal(lambda: named(cloudcontrol_client, api, ORDER, given)) == not_one_of(
        "[/properties/Name], [/properties/Serial], [/properties/Customer, /properties/Shelf]"
    )
    assert not cloudcontrol.requests


@pytest.fixture
def permissions(cloudcontrol: CloudControl) -> str:
    """Place a resource whose identifier is made of two JSON objects, and return that."""
    return cloudcontrol.resources.put(
        PERMISSIONS, {"PrincipalIdentifier": '{"Name":"ada"}', "ResourceIdentifier": '{"Database":"sales"}'}
    )


@pytest.mark.fidelity("D-9")
@pytest.mark.parametrize(
    "given", ['{"Name":"ada"}|{"Database":"sales"}', '{"PrincipalIdentifier": "ada"}', '{"Name": "ada"}', "{ada}|sales"]
)
@pytest.mark.usefixtures("permissions")
def test_what_begins_with_a_brace_is_read_as_json(cloudcontrol_client: CloudControlApiClient, given: str) -> None:
    """A text that begins with { is refused if it isn't JSON, even if it is what AWS itself answers."""
    told = refusal(cloudcontrol_client.get_resource, TypeName=PERMISSIONS, Identifier=given)
    assert told == not_one_of("[/properties/PrincipalIdentifier, /properties/ResourceIdentifier]")


@pytest.mark.fidelity("D-9")
def test_an_identifier_of_braces_is_given_by_its_names(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, permissions: str
) -> None:
    """JSON of its names finds a resource whose identifier begins with {; a test may say it plain."""
    given = json.dumps({"PrincipalIdentifier": '{"Name":"ada"}', "ResourceIdentifier": '{"Database":"sales"}'})
    assert got(cloudcontrol_client, PERMISSIONS, given) == permissions == '{"Name":"ada"}|{"Database":"sales"}'
    assert cloudcontrol.resources.get(PERMISSIONS, permissions) is not None


@pytest.mark.fidelity("D-9")
@pytest.mark.parametrize("given", ["{app}", "{"])
def test_a_name_that_begins_with_a_brace_is_read_as_json(
    cloudcontrol_client: CloudControlApiClient, given: str
) -> None:
    """So is an identifier of one property, though it has no other form."""
    told = refusal(cloudcontrol_client.get_resource, TypeName=LOG_GROUP, Identifier=given)
    assert told == not_one_of("[/properties/LogGroupName]")


SCHEDULED_QUERY: Final = "AWS::Logs::ScheduledQuery"
RULE: Final = "AWS::Events::Rule"
FIELD: Final = "AWS::Cases::Field"
PERMISSIONS: Final = "AWS::LakeFormation::PrincipalPermissions"

QUERY: Final = {
    "QueryLanguage": "CWLI",
    "QueryString": "fields @message",
    "ScheduleExpression": "cron(0 0 * * ? *)",
    "ExecutionRoleArn": "arn:aws:iam::123456789012:role/query",
}
"""What a scheduled query needs besides its name."""


@pytest.mark.fidelity("D-7")
@pytest.mark.parametrize("api", ["get_resource", "update_resource", "delete_resource"])
def test_answers_have_the_primary_identifier(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str
) -> None:
    """A scheduled query that is given by its name is answered with its Arn."""
    cloudcontrol.resources.put(SCHEDULED_QUERY, {"Name": "hourly"})
    arn = cloudcontrol.resources.put(SCHEDULED_QUERY, {"Name": "nightly", **QUERY})
    assert named(cloudcontrol_client, api, SCHEDULED_QUERY, '{"Name": "nightly"}') == arn


@pytest.mark.fidelity("D-7")
def test_a_delete_by_a_secondary_identifier_deletes(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The resource that a secondary identifier names is deleted, and all the request's events have its primary one."""
    cloudcontrol.resources.put(KEY_PAIR, {"KeyName": "laptop", "KeyPairId": "key-0123"})
    cloudcontrol.resources.put(KEY_PAIR, {"KeyName": "phone", "KeyPairId": "key-4567"})
    cloudcontrol_client.delete_resource(TypeName=KEY_PAIR, Identifier='{"KeyPairId": "key-0123"}')
    request = cloudcontrol.requests.last.run()
    assert (request.status, {event.identifier for event in request.events}) == ("SUCCESS", {"laptop"})
    assert [resource.identifier for resource in cloudcontrol.resources] == ["phone"]


@pytest.mark.fidelity("D-10")
@pytest.mark.parametrize("bus", [{}, {"EventBusName": "default"}], ids=["no bus", "the default one"])
@pytest.mark.parametrize("api", ["get_resource", "update_resource", "delete_resource"])
def test_a_rule_of_the_default_bus_is_found_by_its_name(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str, bus: dict[str, str]
) -> None:
    """The bare name means the rule of the default bus, which every answer names by its Arn."""
    arn = cloudcontrol.resources.put(RULE, {"Name": "nightly", **bus})
    assert arn == "arn:aws:events:us-east-1:123456789012:rule/nightly"
    assert named(cloudcontrol_client, api, RULE, "nightly") == arn


@pytest.mark.fidelity("D-10")
def test_a_rule_of_another_bus_is_not_found_by_its_name(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A bare name never means a rule of another bus."""
    cloudcontrol.resources.put(RULE, {"Name": "nightly", "EventBusName": "orders"})
    told = refusal(cloudcontrol_client.get_resource, TypeName=RULE, Identifier="nightly")
    assert without_token(told) == Refusal(
        "ResourceNotFoundException",
        f"{RULE} Handler returned status FAILED: Resource of type '{RULE}' with identifier 'nightly' was not found. "
        "(HandlerErrorCode: NotFound, RequestToken: …)",
        400,
    )


@pytest.mark.fidelity("C-26")
@pytest.mark.parametrize(
    ("type_name", "given", "identifier"),
    [
        (STAGE, '{"/properties/StageName": "prod", "/properties/RestApiId": "api"}', "api|prod"),
        (KEY_PAIR, '{"/properties/KeyPairId": "key-0123"}', "laptop"),
    ],
)
def test_a_json_identifier_may_name_properties_by_their_pointers(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    type_name: str,
    given: str,
    identifier: str,
) -> None:
    """The names in a JSON identifier may be whole pointers, as AWS's messages write them."""
    cloudcontrol.resources.put(STAGE, {"RestApiId": "api", "StageName": "prod"})
    cloudcontrol.resources.put(KEY_PAIR, {"KeyName": "laptop", "KeyPairId": "key-0123"})
    assert got(cloudcontrol_client, type_name, given) == identifier


def create_of(client: CloudControlApiClient, type_name: str, desired: dict[str, Any]) -> None:
    """Ask for a resource of any type."""
    client.create_resource(TypeName=type_name, DesiredState=json.dumps(desired))


@pytest.mark.fidelity("C-23")
def test_a_secondary_identifier_can_be_taken(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A create with another resource's additional identifier fails, and its message names that resource."""
    schema = order_schema(createOnlyProperties=["/properties/Name"], readOnlyProperties=["/properties/Shelf"])
    cloudcontrol.add_type(schema)
    cloudcontrol.resources.put(ORDER, {"Name": "first", "Serial": "S1"})
    create_of(cloudcontrol_client, ORDER, {"Name": "second", "Serial": "S1"})
    request = cloudcontrol.requests.last
    assert request.identifier == "second"
    request.run()
    assert (request.status, request.error_code, request.identifier, request.status_message) == (
        "FAILED",
        "AlreadyExists",
        "second",
        "Resource of type 'Acme::Shop::Order' with identifier 'first' already exists.",
    )
    assert [resource.identifier for resource in cloudcontrol.resources] == ["first"]


@pytest.mark.fidelity("C-23")
def test_a_name_can_be_taken_though_the_service_makes_the_identifier(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Of two creates of one type of AWS's with the same name, the second fails with the Arn of the first."""
    desired = {"Name": "nightly", **QUERY}
    create_of(cloudcontrol_client, SCHEDULED_QUERY, desired)
    first = cloudcontrol.requests.last.run()
    create_of(cloudcontrol_client, SCHEDULED_QUERY, desired)
    second = cloudcontrol.requests.last.run()
    assert (first.status, second.status, second.error_code) == ("SUCCESS", "FAILED", "AlreadyExists")
    assert second.identifier == first.identifier


@pytest.mark.fidelity("C-23")
def test_what_the_service_makes_up_is_never_taken(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A read-only additional identifier in a desired state is ignored, so it can't be one that is taken."""
    cloudcontrol.resources.put(KEY_PAIR, {"KeyName": "laptop", "KeyPairId": "key-0123"})
    create_of(cloudcontrol_client, KEY_PAIR, {"KeyName": "phone", "KeyPairId": "key-0123"})
    assert cloudcontrol.requests.last.run().status == "SUCCESS"


@pytest.mark.fidelity("C-24")
def test_an_identifier_of_the_parent_is_shared(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """An additional identifier that names what the resource is in belongs to many."""
    for name in ("Colour", "Size"):
        create_of(cloudcontrol_client, FIELD, {"DomainId": "shop", "Name": name, "Type": "Text"})
        assert cloudcontrol.requests.last.run().status == "SUCCESS"


@pytest.mark.fidelity("D-4")
@pytest.mark.parametrize("given", ["prod", "a|b|c"])
@pytest.mark.parametrize("api", ["get_resource", "update_resource", "delete_resource"])
def test_a_wrong_number_of_parts_is_refused(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str, given: str
) -> None:
    """A plain identifier that lacks a part, or has one too many, is refused in the recorded words."""
    assert refusal(lambda: named(cloudcontrol_client, api, STAGE, given)) == (
        "ValidationException",
        f"Identifier {given} is not valid for identifier [/properties/RestApiId, /properties/StageName]",
        400,
    )
    assert not cloudcontrol.requests


FIRST: Final = {"RestApiId": "a|b", "StageName": "c"}
SECOND: Final = {"RestApiId": "a", "StageName": "b|c"}


@pytest.mark.fidelity("C-30")
def test_a_compound_identifier_that_reads_the_same_is_taken(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A create of a resource whose identifier reads as another's fails, and leaves that one alone."""
    cloudcontrol.resources.put(STAGE, FIRST)
    create_of(cloudcontrol_client, STAGE, SECOND)
    request = cloudcontrol.requests.last.run()
    words = f"Resource of type '{STAGE}' with identifier 'a|b|c' already exists."
    assert (request.error_code, request.status_message) == ("AlreadyExists", words)
    assert [resource.properties["StageName"] for resource in cloudcontrol.resources] == ["c"]


@pytest.mark.fidelity("C-30")
def test_json_finds_only_the_resource_with_these_parts(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """JSON of a resource's names never finds another one whose identifier reads the same, nor deletes it."""
    cloudcontrol.resources.put(STAGE, FIRST)
    assert got(cloudcontrol_client, STAGE, json.dumps(FIRST)) == "a|b|c"
    told = refusal(cloudcontrol_client.get_resource, TypeName=STAGE, Identifier=json.dumps(SECOND))
    assert told.code == "ResourceNotFoundException"
    cloudcontrol_client.delete_resource(TypeName=STAGE, Identifier=json.dumps(SECOND))
    assert cloudcontrol.requests.last.run().error_code == "NotFound"
    assert len(cloudcontrol.resources) == 1


@pytest.mark.fidelity("D-5")
def test_the_right_number_in_the_wrong_order_is_not_found(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Parts in another order than the schema's name another resource."""
    cloudcontrol.resources.put(STAGE, {"RestApiId": "api", "StageName": "prod"})
    told = refusal(lambda: cloudcontrol_client.get_resource(TypeName=STAGE, Identifier="prod|api"))
    assert told.code == "ResourceNotFoundException"


@pytest.mark.fidelity("D-6")
@pytest.mark.parametrize("elsewhere", [{"account_id": "210987654321"}, {"region_name": "eu-west-1"}])
def test_resources_are_of_one_account_and_region(cloudcontrol: CloudControl, elsewhere: dict[str, Any]) -> None:
    """A resource can neither be read nor listed nor updated in another account or region, and isn't busy there."""
    here, there = cloudcontrol.client(), cloudcontrol.client(**elsewhere)
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    assert got(here, LOG_GROUP, "app") == "app"
    told = refusal(lambda: got(there, LOG_GROUP, "app"))
    assert without_token(told) == log_group_not_found("app")
    assert there.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"] == []
    assert without_token(refusal(lambda: update(there))) == log_group_not_found("app")
    delete(here)
    assert create(there)["OperationStatus"] == "IN_PROGRESS"
    assert delete(there, "other")["OperationStatus"] == "IN_PROGRESS"


@pytest.mark.fidelity("D-6")
def test_made_up_values_speak_of_their_account_and_region(cloudcontrol: CloudControl) -> None:
    """The Arn of a resource names the account and the region it was made in, and their partition."""
    client = cloudcontrol.client(region_name="cn-north-1", account_id="210987654321")
    create(client)
    cloudcontrol.run_until_idle()
    properties = client.get_resource(TypeName=LOG_GROUP, Identifier="app")["ResourceDescription"]["Properties"]
    assert json.loads(properties)["Arn"] == "arn:aws-cn:logs:cn-north-1:210987654321:log-group:app:*"


@pytest.mark.fidelity("D-6")
def test_types_have_identifiers_of_their_own(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The same identifier under another type is another resource."""
    cloudcontrol.resources.put("AWS::S3::Bucket", {"BucketName": "app"})
    told = refusal(lambda: got(cloudcontrol_client, LOG_GROUP, "app"))
    assert without_token(told) == log_group_not_found("app")
