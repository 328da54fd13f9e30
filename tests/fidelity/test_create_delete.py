"""CreateResource and DeleteResource: what is refused at once, and what the handler finds out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from fidelity_support import ORDER, create, delete, log_group_words, order_schema, status
from refusals import Refusal, refusal
from resource_types import LOG_GROUP, LOG_STREAM, QUEUE, every_handler, recorded_bucket

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)

UNPROVISIONABLE = "AWS::CloudFormation::CustomResource"


def call(client: CloudControlApiClient, api: str, type_name: str) -> Callable[[], object]:
    """Return a call of an operation for a type, with whatever else the operation needs."""
    members: dict[str, str] = {"TypeName": type_name}
    if api == "create_resource":
        members["DesiredState"] = "{}"
    elif api != "list_resources":
        members["Identifier"] = "any"
    if api == "update_resource":
        members["PatchDocument"] = "[]"
    return lambda: getattr(client, api)(**members)


# The type and its handlers

EVERY_OPERATION = ("create_resource", "update_resource", "delete_resource", "get_resource", "list_resources")


@pytest.mark.fidelity("O-1")
@pytest.mark.parametrize("api", EVERY_OPERATION)
def test_a_type_that_does_not_exist_is_refused(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str
) -> None:
    """Every operation on an unknown type is refused at once, in the recorded words."""
    assert refusal(call(cloudcontrol_client, api, "A1::B2::C33333")) == (
        "TypeNotFoundException",
        "The type 'A1::B2::C33333' cannot be found.",
        400,
    )
    assert not cloudcontrol.requests


@pytest.mark.fidelity("O-2")
@pytest.mark.parametrize(
    ("api", "handler"),
    [
        ("create_resource", "create"),
        ("update_resource", "update"),
        ("delete_resource", "delete"),
        ("get_resource", "read"),
        ("list_resources", "list"),
    ],
)
def test_an_operation_without_a_handler_is_refused(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str, handler: str
) -> None:
    """A type without the handler for an operation refuses it, in the recorded words."""
    cloudcontrol.add_type(order_schema(handlers=every_handler(but=handler)))
    assert refusal(call(cloudcontrol_client, api, ORDER)) == (
        "UnsupportedActionException",
        f"Resource type {ORDER} does not support {handler.upper()} action",
        400,
    )
    assert not cloudcontrol.requests


@pytest.mark.fidelity("O-2")
def test_aws_own_types_lack_handlers_too(cloudcontrol_client: CloudControlApiClient) -> None:
    """A log stream can't be updated."""
    told = refusal(
        lambda: cloudcontrol_client.update_resource(TypeName=LOG_STREAM, Identifier="a|b", PatchDocument="[]")
    )
    assert told == (
        "UnsupportedActionException",
        "Resource type AWS::Logs::LogStream does not support UPDATE action",
        400,
    )


@pytest.mark.fidelity("O-3")
@pytest.mark.parametrize("api", EVERY_OPERATION)
def test_a_type_without_any_handler_is_not_supported_yet(cloudcontrol_client: CloudControlApiClient, api: str) -> None:
    """A type that can't be provisioned at all is refused in other words."""
    assert refusal(call(cloudcontrol_client, api, UNPROVISIONABLE)) == (
        "UnsupportedActionException",
        f"The resource {UNPROVISIONABLE} is not yet supported via Cloud Control API",
        400,
    )


# Create


@pytest.mark.fidelity("O-4")
@pytest.mark.parametrize(
    ("desired", "words"),
    [
        ("[]", "Model validation failed (#: expected type: JSONObject, found: JSONArray)"),
        ('"text"', "Model validation failed (#: expected type: JSONObject, found: String)"),
        ("true", "Model validation failed (#: expected type: JSONObject, found: Boolean)"),
        ("1", "Model validation failed (#: expected type: JSONObject, found: Integer)"),
        ("null", "Model validation failed (#: expected type: JSONObject, found: Null)"),
    ],
)
def test_a_desired_state_that_is_no_object_is_refused(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, desired: str, words: str
) -> None:
    """DesiredState must be a JSON object; another kind of JSON is refused at once."""
    told = refusal(lambda: cloudcontrol_client.create_resource(TypeName=LOG_GROUP, DesiredState=desired))
    assert told == ("ValidationException", words, 400)
    assert not cloudcontrol.requests


@pytest.mark.fidelity("O-5")
def test_a_missing_required_property_is_refused(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A required property that isn't there is named, in the recorded words."""
    told = refusal(lambda: cloudcontrol_client.create_resource(TypeName=LOG_STREAM, DesiredState="{}"))
    assert told == ("ValidationException", "Model validation failed (#: required key [LogGroupName] not found)", 400)
    assert not cloudcontrol.requests


@pytest.mark.fidelity("O-5")
def test_every_missing_property_is_named_in_a_line_of_its_own(cloudcontrol_client: CloudControlApiClient) -> None:
    """Several missing properties stand in one message, in the schema's order."""
    desired = '{"NodeRole": "arn:aws:iam::123456789012:role/node"}'
    told = refusal(lambda: cloudcontrol_client.create_resource(TypeName="AWS::EKS::Nodegroup", DesiredState=desired))
    assert told == (
        "ValidationException",
        "Model validation failed (#: required key [ClusterName] not found\n#: required key [Subnets] not found)",
        400,
    )


@pytest.mark.fidelity("O-6")
def test_a_create_is_accepted_though_the_resource_exists(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Existence isn't checked at once: the request fails later with AlreadyExists, in the recorded words."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "RetentionInDays": 1})
    event = create(cloudcontrol_client, RetentionInDays=7)
    assert event["OperationStatus"] == "IN_PROGRESS"
    cloudcontrol.run_until_idle()
    failed = status(cloudcontrol_client, event)
    assert (failed["OperationStatus"], failed["ErrorCode"], failed["StatusMessage"]) == (
        "FAILED",
        "AlreadyExists",
        log_group_words("app", "already exists"),
    )
    assert (cloudcontrol.resources.get(LOG_GROUP, "app") or {})["RetentionInDays"] == 1


@pytest.mark.fidelity("O-6")
@pytest.mark.parametrize(
    ("type_name", "desired"),
    [
        ("AWS::IAM::Role", {"RoleName": "app", "AssumeRolePolicyDocument": {}}),
        ("AWS::S3::Bucket", {"BucketName": "app"}),
        ("AWS::ECR::Repository", {"RepositoryName": "app"}),
    ],
)
def test_the_words_have_the_identifier_plain(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, type_name: str, desired: dict[str, object]
) -> None:
    """A resource of any type but a log group is named by its identifier as it stands."""
    cloudcontrol.resources.put(type_name, desired)
    cloudcontrol_client.create_resource(TypeName=type_name, DesiredState=json.dumps(desired))
    assert cloudcontrol.requests.last.run().status_message == (
        f"Resource of type '{type_name}' with identifier 'app' already exists."
    )


@pytest.mark.fidelity("O-7")
@pytest.mark.parametrize("type_name", [LOG_GROUP, QUEUE, "AWS::S3::Bucket"])
def test_an_empty_desired_state_is_enough_where_nothing_is_required(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, type_name: str
) -> None:
    """A create of ``{}`` succeeds, with an identifier that the service makes up."""
    event = cloudcontrol_client.create_resource(TypeName=type_name, DesiredState="{}")["ProgressEvent"]
    assert "Identifier" not in event
    cloudcontrol.run_until_idle()
    done = status(cloudcontrol_client, event)
    assert done["OperationStatus"] == "SUCCESS"
    got = cloudcontrol_client.get_resource(TypeName=type_name, Identifier=done["Identifier"])
    assert got["ResourceDescription"]["Identifier"] == done["Identifier"]


@pytest.mark.fidelity("O-8")
def test_a_bucket_is_given_the_recorded_values(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A bucket made with its name only shows what AWS was recorded to show."""
    cloudcontrol_client.create_resource(TypeName="AWS::S3::Bucket", DesiredState='{"BucketName": "photos"}')
    cloudcontrol.run_until_idle()
    got = cloudcontrol_client.get_resource(TypeName="AWS::S3::Bucket", Identifier="photos")["ResourceDescription"]
    assert json.loads(got["Properties"]) == recorded_bucket("photos", "us-east-1")


@pytest.mark.fidelity("O-8")
def test_a_log_group_is_given_the_recorded_arn(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A log group's Arn has the recorded form."""
    create(cloudcontrol_client)
    cloudcontrol.run_until_idle()
    got = cloudcontrol_client.get_resource(TypeName=LOG_GROUP, Identifier="app")["ResourceDescription"]
    assert json.loads(got["Properties"])["Arn"] == "arn:aws:logs:us-east-1:123456789012:log-group:app:*"


@pytest.mark.fidelity("C-3")
def test_read_only_values_in_a_desired_state_are_ignored(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """What only the service sets can't be chosen by the caller."""
    create(cloudcontrol_client, Arn="arn:aws:logs:elsewhere")
    cloudcontrol.run_until_idle()
    properties = cloudcontrol.resources.get(LOG_GROUP, "app") or {}
    assert properties["Arn"] == "arn:aws:logs:us-east-1:123456789012:log-group:app:*"


# Delete


@pytest.mark.fidelity("O-9")
def test_a_delete_of_an_absent_resource_is_accepted(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Only the type is checked at once: the Identifier comes back as given, and the request fails with NotFound."""
    event = delete(cloudcontrol_client, "none")
    assert (event["OperationStatus"], event["Identifier"]) == ("IN_PROGRESS", "none")
    cloudcontrol.run_until_idle()
    failed = status(cloudcontrol_client, event)
    assert (failed["OperationStatus"], failed["ErrorCode"], failed["Identifier"], failed["StatusMessage"]) == (
        "FAILED",
        "NotFound",
        "none",
        log_group_words("none", "was not found"),
    )


@pytest.mark.fidelity("O-9")
def test_a_deleted_resource_is_gone(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Once a delete has succeeded the resource can neither be read nor listed."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    event = delete(cloudcontrol_client)
    cloudcontrol.run_until_idle()
    assert status(cloudcontrol_client, event)["OperationStatus"] == "SUCCESS"
    told = refusal(lambda: cloudcontrol_client.get_resource(TypeName=LOG_GROUP, Identifier="app"))
    assert told.code == "ResourceNotFoundException"
    assert cloudcontrol_client.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"] == []


@pytest.mark.fidelity("C-4")
def test_the_words_of_a_compound_identifier_join_its_parts(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Where an identifier has several parts, the message of a missing resource has them as answers do."""
    event = cloudcontrol_client.delete_resource(TypeName=LOG_STREAM, Identifier="app|web")["ProgressEvent"]
    cloudcontrol.run_until_idle()
    assert status(cloudcontrol_client, event)["StatusMessage"] == (
        "Resource of type 'AWS::Logs::LogStream' with identifier 'app|web' was not found."
    )


@pytest.mark.fidelity("C-5")
@pytest.mark.parametrize("desired", ["{", "nonsense", '{"LogGroupName": NaN}', "{} {}"])
def test_a_desired_state_that_is_no_json_is_refused(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, desired: str
) -> None:
    """A DesiredState that isn't JSON is a ValidationException that says so."""
    told = refusal(lambda: cloudcontrol_client.create_resource(TypeName=LOG_GROUP, DesiredState=desired))
    assert told == Refusal("ValidationException", told.message, 400)
    assert told.message.startswith("DesiredState is not valid JSON: ")
    assert not cloudcontrol.requests


@pytest.mark.fidelity("C-16")
def test_a_document_may_have_a_hundred_levels(cloudcontrol_client: CloudControlApiClient) -> None:
    """A desired state of a hundred levels is accepted, one of a hundred and one isn't."""

    def state(levels: int) -> str:
        return '{"LogGroupName": "new", "DataProtectionPolicy": ' + '{"a": ' * (levels - 1) + "1" + "}" * levels

    def ask(levels: int) -> object:
        return cloudcontrol_client.create_resource(TypeName=LOG_GROUP, DesiredState=state(levels))

    ask(100)
    assert refusal(lambda: ask(101)) == Refusal(
        "ValidationException", "DesiredState is not valid JSON: it is nested more than 100 levels deep", 400
    )
