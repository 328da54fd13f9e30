"""What AWS refuses of a desired state or a patched model, and its words for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pytest
from botocore.exceptions import ClientError
from fidelity_support import ORDER, adding, order_schema, update
from files import judged_by_java
from refusals import Refusal, refusal
from resource_types import BUCKET, LOG_GROUP, LOG_STREAM, QUEUE

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)


UNSUPPORTED: Final = "UnsupportedActionException"

Properties: TypeAlias = dict[str, Any]


def told(client: CloudControlApiClient, type_name: str, desired: Properties) -> Refusal:
    """Ask for a resource that is refused, and return what the call was told."""
    return refusal(lambda: client.create_resource(TypeName=type_name, DesiredState=json.dumps(desired)))


def invalid(*lines: str) -> Refusal:
    """Return what a call with such a model is told."""
    return Refusal("ValidationException", f"Model validation failed ({chr(10).join(lines)})", 400)


def add_order_with_note(cloudcontrol: CloudControl, described: Properties) -> None:
    """Add the type of the tests' own with another schema for its property Note."""
    schema = order_schema()
    schema["properties"]["Note"] = described
    cloudcontrol.add_type(schema)


# When


@pytest.mark.fidelity("V-1")
def test_everything_wrong_stands_in_one_message(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A desired state is validated before it is accepted, and everything that is wrong has a line."""
    desired = {"LogStreamName": "a:b", "Nope": 1}
    assert told(cloudcontrol_client, LOG_STREAM, desired) == invalid(
        "#: required key [LogGroupName] not found",
        "#: extraneous key [Nope] is not permitted",
    )
    assert not cloudcontrol.requests


@pytest.mark.fidelity("V-2")
def test_a_patched_model_is_validated_too(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """What a patch makes of a resource is validated before it is accepted, in the same words."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    patched = refusal(lambda: update(cloudcontrol_client, adding("/RetentionInDay", 7), adding("/Tags", {})))
    assert patched == invalid(
        "#: extraneous key [RetentionInDay] is not permitted", "#/Tags: expected type: JSONArray, found: JSONObject"
    )
    assert not cloudcontrol.requests


@pytest.mark.fidelity("V-2")
def test_a_patched_model_is_validated_as_a_whole(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """What a patch leaves alone counts as well: here the schema has become stricter since the resource was made."""
    cloudcontrol.add_type(order_schema())
    cloudcontrol.resources.put(ORDER, {"Name": "first", "Customer": "ada"})
    cloudcontrol.add_type(order_schema(required=["Note"]))
    patched = refusal(
        lambda: cloudcontrol_client.update_resource(TypeName=ORDER, Identifier="first", PatchDocument="[]")
    )
    assert patched == invalid("#: required key [Note] not found")


# In which words


@pytest.mark.fidelity("V-3")
@pytest.mark.parametrize(
    ("desired", "line"),
    [
        ({"RetentionDays": 7}, "#: extraneous key [RetentionDays] is not permitted"),
        (
            {"Tags": [{"Key": "team", "Value": "blue", "Colour": "x"}]},
            "#/Tags/0: extraneous key [Colour] is not permitted",
        ),
    ],
)
def test_a_property_that_the_type_does_not_have(
    cloudcontrol_client: CloudControlApiClient, desired: Properties, line: str
) -> None:
    """A misspelt property is refused, inside others too, where the schema allows no further ones."""
    assert told(cloudcontrol_client, LOG_GROUP, desired) == invalid(line)


@pytest.mark.fidelity("V-4")
@pytest.mark.parametrize(
    ("type_name", "desired", "line"),
    [
        (BUCKET, {"BucketName": True}, "#/BucketName: expected type: String, found: Boolean"),
        (BUCKET, {"BucketName": None}, "#/BucketName: expected type: String, found: Null"),
        (QUEUE, {"DelaySeconds": "5"}, "#/DelaySeconds: expected type: Integer, found: String"),
        (QUEUE, {"DelaySeconds": {}}, "#/DelaySeconds: expected type: Integer, found: JSONObject"),
        (QUEUE, {"FifoQueue": "true"}, "#/FifoQueue: expected type: Boolean, found: String"),
        (QUEUE, {"Tags": {"a": "b"}}, "#/Tags: expected type: JSONArray, found: JSONObject"),
        (LOG_GROUP, {"LogGroupName": 1}, "#/LogGroupName: expected type: String, found: Integer"),
        (LOG_GROUP, {"LogGroupName": 2**31}, "#/LogGroupName: expected type: String, found: Long"),
        (LOG_GROUP, {"LogGroupName": 1.5}, "#/LogGroupName: expected type: String, found: BigDecimal"),
        (LOG_GROUP, {"LogGroupName": []}, "#/LogGroupName: expected type: String, found: JSONArray"),
        (LOG_GROUP, {"DataProtectionPolicy": "{}"}, "#/DataProtectionPolicy: expected type: JSONObject, found: String"),
    ],
)
def test_a_value_of_another_type(
    cloudcontrol_client: CloudControlApiClient, type_name: str, desired: Properties, line: str
) -> None:
    """A value of another JSON type is refused, and the message names both types as Java's JSON library does."""
    assert told(cloudcontrol_client, type_name, desired) == invalid(line)


@pytest.mark.fidelity("V-4")
def test_a_whole_number_is_written_without_a_fraction(cloudcontrol_client: CloudControlApiClient) -> None:
    """Where an integer is expected, 7.0 is none."""
    assert told(cloudcontrol_client, QUEUE, {"DelaySeconds": 7.0}) == invalid(
        "#/DelaySeconds: expected type: Integer, found: BigDecimal"
    )


@pytest.mark.fidelity("V-5")
def test_a_text_that_is_too_long(cloudcontrol_client: CloudControlApiClient) -> None:
    """The message says how long a text may be, and how long it is."""
    desired = {"Name": "a", "Platform": "Linux", "Version": "1.0.0", "Data": "x" * 16001}
    assert told(cloudcontrol_client, "AWS::ImageBuilder::Component", desired) == invalid(
        "#/Data: expected maxLength: 16000, actual: 16001"
    )


@pytest.mark.fidelity("V-5")
@pytest.mark.parametrize(
    ("desired", "line"),
    [
        ({"LogGroupName": ""}, "#/LogGroupName: expected minLength: 1, actual: 0"),
        ({"Tags": [{"Key": "a", "Value": "b"}] * 2}, "#/Tags: array items are not unique"),
    ],
)
def test_other_words_for_the_shape_of_values(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, desired: Properties, line: str
) -> None:
    """Lengths, counts and uniqueness have words of their own, in which no value stands."""
    refused = told(cloudcontrol_client, LOG_GROUP, desired)
    assert line in refused.message
    assert not cloudcontrol.requests


@pytest.mark.fidelity("V-6")
def test_a_pattern_that_does_not_match(cloudcontrol_client: CloudControlApiClient) -> None:
    """Of a pattern only the keyword is named, neither itself nor the value."""
    desired = {"RepositoryName": "a", "OwnerId": "b", "ConnectionArn": "secret"}
    assert told(cloudcontrol_client, "AWS::CodeStarConnections::RepositoryLink", desired) == invalid(
        "#/ConnectionArn: failed validation constraint for keyword [pattern]"
    )


@pytest.mark.fidelity("V-6")
@pytest.mark.parametrize(
    ("keywords", "value", "named"),
    [
        ({"enum": ["a", "b"]}, "secret", "enum"),
        ({"const": "a"}, "secret", "const"),
        ({"pattern": "^[a-z]$"}, "secret", "pattern"),
        ({"format": "date-time"}, "secret", "format"),
        ({"minimum": 1000}, 7, "minimum"),
        ({"maximum": 1}, 7, "maximum"),
        ({"exclusiveMinimum": 7}, 7, "exclusiveMinimum"),
        ({"exclusiveMaximum": 7}, 7, "exclusiveMaximum"),
        ({"multipleOf": 2}, 7, "multipleOf"),
        ({"not": {"type": "string"}}, "secret", "not"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_words_that_could_show_a_value(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    keywords: Properties,
    value: object,
    named: str,
) -> None:
    """Of keywords whose words could repeat a value, only the name is shown."""
    add_order_with_note(cloudcontrol, keywords)
    assert told(cloudcontrol_client, ORDER, {"Name": "first", "Note": value}) == invalid(
        f"#/Note: failed validation constraint for keyword [{named}]"
    )


@pytest.mark.fidelity("V-7")
def test_a_type_beside_an_enum_has_two_lines(cloudcontrol_client: CloudControlApiClient) -> None:
    """Type and enum count as two schemas that both have to match, so there is a line that says how many did."""
    assert told(cloudcontrol_client, LOG_GROUP, {"LogGroupClass": "BIG"}) == invalid(
        "#/LogGroupClass: #: only 1 subschema matches out of 2",
        "#/LogGroupClass: failed validation constraint for keyword [enum]",
    )


@pytest.mark.fidelity("V-7")
@pytest.mark.parametrize(
    ("combined", "lines"),
    [
        (
            {"allOf": [{"required": ["Note"]}, {"required": ["Name"]}]},
            ("#: #: only 1 subschema matches out of 2", "#: required key [Note] not found"),
        ),
        (
            {"anyOf": [{"required": ["Note"]}, {"required": ["Shelf"]}]},
            (
                "#: #: no subschema matched out of the total 2 subschemas",
                "#: required key [Note] not found",
                "#: required key [Shelf] not found",
            ),
        ),
        (
            {"oneOf": [{"required": ["Name"]}, {"required": ["Customer"]}]},
            ("#: #: 2 subschemas matched instead of one",),
        ),
    ],
    ids=["allOf", "anyOf", "oneOf"],
)
def test_a_combination_has_a_line_of_its_own(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, combined: Properties, lines: tuple[str, ...]
) -> None:
    """A combination says how many of its subschemas have matched; the lines of those that haven't follow."""
    cloudcontrol.add_type(order_schema(**combined))
    refused = told(cloudcontrol_client, ORDER, {"Name": "first", "Customer": "ada"})
    assert refused.message.endswith("\n".join(lines) + ")")


@pytest.mark.slow
@pytest.mark.fidelity("V-8")
def test_the_verdicts_and_words_are_those_of_the_java_library(cloudcontrol_client: CloudControlApiClient) -> None:
    """Every recorded document that a type with a create handler got is accepted, or refused with the same lines."""
    expected, told = [], []
    for case in judged_by_java():
        answer = answered(cloudcontrol_client, case["type"], case["state"])
        if answer != UNSUPPORTED:
            expected.append((case["type"], case["state"], sorted_lines(case.get("message", ""))))
            told.append((case["type"], case["state"], sorted_lines(answer)))
    assert told == expected
    assert len(told) > 800


def answered(client: CloudControlApiClient, type_name: str, desired: Properties) -> str:
    """Ask for a resource; return the lines of what is wrong, nothing if nothing is, or that it can't be created."""
    try:
        event = client.create_resource(TypeName=type_name, DesiredState=json.dumps(desired))["ProgressEvent"]
        client.cancel_resource_request(RequestToken=event["RequestToken"])  # the next may have the same identifier
    except ClientError as refused:
        code, message = refused.response["Error"]["Code"], refused.response["Error"]["Message"]
        return code if code == UNSUPPORTED else message.removeprefix("Model validation failed (").removesuffix(")")
    return ""


def sorted_lines(message: str) -> list[str]:
    """Return the lines of a message in an order of their own: the Java library's differs from run to run."""
    return sorted(message.split("\n"))


@pytest.mark.fidelity("V-9")
def test_missing_keys_stand_in_the_schemas_order(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Missing properties come first, in the order in which the schema requires them."""
    cloudcontrol.add_type(order_schema(required=["Shelf", "Customer", "Address"]))
    assert told(cloudcontrol_client, ORDER, {"Name": 1}) == invalid(
        "#: required key [Shelf] not found",
        "#: required key [Customer] not found",
        "#: required key [Address] not found",
        "#/Name: expected type: String, found: Integer",
    )


@pytest.mark.fidelity("V-9")
def test_properties_stand_in_the_order_of_javas_hash_maps(cloudcontrol_client: CloudControlApiClient) -> None:
    """Wrong properties stand in the order in which Java iterates over them, whatever the document's order."""
    expected = invalid(
        "#/FifoQueue: expected type: Boolean, found: Null",
        "#/DelaySeconds: expected type: Integer, found: Null",
        "#/QueueName: expected type: String, found: Null",
    )
    assert told(cloudcontrol_client, QUEUE, dict.fromkeys(("QueueName", "DelaySeconds", "FifoQueue"))) == expected
    assert told(cloudcontrol_client, QUEUE, dict.fromkeys(("DelaySeconds", "FifoQueue", "QueueName"))) == expected


@pytest.mark.fidelity("V-10")
@pytest.mark.parametrize(
    ("format_name", "value"),
    [("date-time", "2026-02-31T24:00:00Z"), ("uri", "urn:x"), ("email", "nobody"), ("ipv4", "999.1.1.1")],
)
def test_formats(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, format_name: str, value: str
) -> None:
    """Formats are taken as Java takes them, and most aren't checked at all."""
    add_order_with_note(cloudcontrol, {"type": "string", "format": format_name})
    desired = json.dumps({"Name": "first", "Note": value})
    answer = cloudcontrol_client.create_resource(TypeName=ORDER, DesiredState=desired)
    assert answer["ProgressEvent"]["OperationStatus"] == "IN_PROGRESS"


# Choices


@pytest.mark.fidelity("C-3")
def test_read_only_values_in_a_desired_state_are_validated(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """What only the service sets is ignored, but it has to be valid like everything else."""
    assert told(cloudcontrol_client, LOG_GROUP, {"LogGroupName": "app", "Arn": 1}) == invalid(
        "#/Arn: expected type: String, found: Integer"
    )
    assert not cloudcontrol.requests


@pytest.mark.fidelity("C-25")
@pytest.mark.parametrize(("pattern", "longest"), [(r"^(\w+\s)*\w*$", 4096), (r"^(\w+\s?)*$", 16)])
@pytest.mark.parametrize("is_refused", [True, False])
def test_patterns_are_not_tried_on_longer_texts(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    pattern: str,
    longest: int,
    *,
    is_refused: bool,
) -> None:
    """A text of more than 4,096 characters passes every pattern, and one of more than 16 those that are ambiguous."""
    add_order_with_note(cloudcontrol, {"type": "string", "pattern": pattern})
    length = longest if is_refused else longest + 1
    desired = json.dumps({"Name": "first", "Note": "!".rjust(length, "a")})
    if is_refused:
        assert refusal(lambda: cloudcontrol_client.create_resource(TypeName=ORDER, DesiredState=desired)) == invalid(
            "#/Note: failed validation constraint for keyword [pattern]"
        )
    else:
        cloudcontrol_client.create_resource(TypeName=ORDER, DesiredState=desired)
        assert cloudcontrol.requests.last.operation == "CREATE"
