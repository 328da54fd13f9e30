"""Arns, ids and addresses: what AWS publishes of a type wins, then what its schema says, then the usual form."""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

import pytest
from generation_support import MADE_IN, completed, made, of_properties

from pytest_cloudcontrol.schemas.generation import MadeIn, complete

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject

TEXT: JSONObject = {"type": "string"}


@pytest.mark.parametrize(
    ("template", "model", "arn"),
    [
        pytest.param(
            "arn:${Partition}:books:${Region}:${Account}:shelf/${Name}",
            {"Name": "top"},
            "arn:aws:books:eu-west-1:123456789012:shelf/top",
            id="a property",
        ),
        pytest.param(
            "arn:${Partition}:books:::${ShelfResourceId}",
            {"Name": "top"},
            "arn:aws:books:::top",
            id="another name for the identifier",
        ),
        pytest.param(
            "arn:${Partition}:books::${Account}:shelf/${ShelfNameWithPath}",
            {"Name": "top", "Path": "/attic/left/"},
            "arn:aws:books::123456789012:shelf/attic/left/top",
            id="with a path",
        ),
        pytest.param(
            "arn:${Partition}:books::${Account}:shelf/${ShelfNameWithPath}",
            {"Name": "top"},
            "arn:aws:books::123456789012:shelf/top",
            id="without a path",
        ),
        pytest.param(
            "arn:${Partition}:books:::shelf/${ShelfNameWithoutLeadingSlash}",
            {"Name": "/attic/top"},
            "arn:aws:books:::shelf/attic/top",
            id="without a slash",
        ),
        pytest.param(
            "arn:${Partition}:books:::room/${Room}/${Name}",
            {"Name": "top", "Room": "arn:aws:books:::room/attic"},
            "arn:aws:books:::room/attic/top",
            id="the end of another Arn",
        ),
        pytest.param(
            "${RoomArn}:${Name}",
            {"Name": "top", "RoomArn": "arn:aws:books:::room/attic"},
            "arn:aws:books:::room/attic:top",
            id="the whole of another Arn",
        ),
    ],
)
def test_arn_template(template: str, model: JSONObject, arn: str) -> None:
    """A resource's own Arn has the form that AWS publishes for its type."""
    properties: JSONObject = {"Arn": TEXT, "Path": TEXT, "Room": TEXT, "RoomArn": TEXT}
    shelf = of_properties(["Arn"], properties, arnTemplate=template)
    assert complete(shelf, model, MADE_IN, Random(0))["Arn"] == arn


@pytest.mark.parametrize(
    ("template", "arn"),
    [
        ("arn:aws:books:::${Room}/${Name}", "arn:aws:books:::[0-9a-f-]{36}/top"),
        ("${RoomArn}:${Name}", "arn:aws:library:eu-west-1:123456789012:[0-9a-f-]{36}:top"),
    ],
)
def test_arn_template_with_an_absent_property(template: str, arn: str) -> None:
    """A part of the Arn that the caller left out is made up."""
    properties: JSONObject = {"Arn": TEXT, "Room": TEXT, "RoomArn": TEXT}
    shelf = of_properties(["Arn"], properties, arnTemplate=template)
    assert re.fullmatch(arn, str(complete(shelf, {"Name": "top"}, MADE_IN, Random(0))["Arn"]))


def test_arn_template_that_the_pattern_refuses() -> None:
    """A pattern in the schema wins over a template that doesn't fit it."""
    pattern = r"^arn:aws[a-z-]*:book-keeping:[a-z0-9-]+:[0-9]{12}:shelf:.+$"
    arn = made({"type": "string", "pattern": pattern}, "Arn", arnTemplate="arn:aws:books:::${Name}")
    assert arn == "arn:aws:book-keeping:eu-west-1:123456789012:shelf:top"


@pytest.mark.parametrize(
    ("pattern", "arn"),
    [
        (
            r"^arn:aws:bk:[a-z-]+-\d:\d{12}:room/[a-z]{4}/shelf/[a-f0-9]{8}$",
            r"arn:aws:bk:eu-west-1:123456789012:room/[a-z]{4}/shelf/[a-f0-9]{8}",
        ),
        (r"^arn:.*:room/[a-z]{4}/shelf$", r"arn:aws:library:eu-west-1:123456789012:room/[a-z]{4}/shelf"),
        (r"^arn:aws:bk:[a-z]+-east-9::shelf$", r"arn:aws:bk:[a-z]{17}-east-9::shelf"),
        (r"^arn:aws:[a-z]{2}:::[a-z]{3}$", r"arn:aws:[a-z]{2}:::[a-z]{3}"),
        (r"^arn:[a-z]{3}$", r"arn:[a-z]{3}"),
    ],
)
def test_arn_made_of_its_pattern(pattern: str, arn: str) -> None:
    """An Arn of no known form follows its pattern, with the region and the account where the pattern lets them in."""
    assert re.fullmatch(arn, str(made({"type": "string", "pattern": pattern}, "Arn")))


@pytest.mark.parametrize(
    ("name", "arn"),
    [
        ("ServiceRoleArn", r"arn:aws:iam::123456789012:role/[0-9a-f]{17}"),
        ("KmsKeyArn", r"arn:aws:kms:eu-west-1:123456789012:key/[0-9a-f-]{36}"),
        ("AuthSecretArn", r"arn:aws:secretsmanager:eu-west-1:123456789012:secret:[0-9a-f]{17}"),
        ("BookCaseArn", r"arn:aws:library:eu-west-1:123456789012:book-case/[0-9a-f]{17}"),
    ],
)
def test_arn_of_something_else(name: str, arn: str) -> None:
    """An Arn of what another service often makes names that service."""
    assert re.fullmatch(arn, str(made(TEXT, name, arnTemplate="arn:aws:library:::shelf")))


def test_arn_as_identifier() -> None:
    """A resource that is identified by its Arn gets one with its name in it, or with an invented id."""
    shelf = of_properties(["Arn"], {"Arn": TEXT}, primaryIdentifier=["/properties/Arn"])
    start = "arn:aws:library:eu-west-1:123456789012:shelf/"
    assert complete(shelf, {"Name": "a|b"}, MADE_IN, Random(0)) == {"Name": "a|b", "Arn": f"{start}a-b"}
    invented = complete(shelf, {}, MADE_IN, Random(0))
    assert re.fullmatch(f"{start}[0-9a-f-]{{36}}", str(invented["Arn"]))


def test_name_that_says_nothing() -> None:
    """A name without a letter or a digit, as some services have by default, is no part of an Arn."""
    shelf = of_properties(["Arn"], {"Arn": TEXT}, primaryIdentifier=["/properties/Arn"])
    arn = complete(shelf, {"Name": "-"}, MADE_IN, Random(0))["Arn"]
    assert re.fullmatch("arn:aws:library:eu-west-1:123456789012:shelf/[0-9a-f-]{36}", str(arn))


def test_compound_identifier_in_arn() -> None:
    """An Arn holds every part of the identifier, in the schema's order, but not the account again."""
    shelf = of_properties(
        ["Arn"],
        {"AwsAccountId": TEXT, "RoomId": TEXT, "Arn": TEXT},
        primaryIdentifier=["/properties/AwsAccountId", "/properties/RoomId", "/properties/Name"],
    )
    model = complete(shelf, {"Name": "top", "RoomId": "r1"}, MADE_IN, Random(0))
    assert model["AwsAccountId"] == "123456789012"
    assert model["Arn"] == "arn:aws:library:eu-west-1:123456789012:shelf/r1/top"


@pytest.mark.parametrize(
    ("type_name", "model", "expected"),
    [
        (
            "AWS::SQS::Queue",
            {"QueueName": "orders"},
            {
                "QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
                "Arn": "arn:aws:sqs:eu-west-1:123456789012:orders",
            },
        ),
        (
            "AWS::IAM::Role",
            {"RoleName": "clerk", "Path": "/shop/"},
            {"Arn": "arn:aws:iam::123456789012:role/shop/clerk"},
        ),
        (
            "AWS::DynamoDB::Table",
            {"TableName": "orders"},
            {"Arn": "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"},
        ),
        (
            "AWS::ECS::Service",
            {"Cluster": "arn:aws:ecs:eu-west-1:123456789012:cluster/shop", "ServiceName": "till"},
            {"ServiceArn": "arn:aws:ecs:eu-west-1:123456789012:service/shop/till", "Name": "till"},
        ),
        (
            "AWS::SNS::Subscription",
            {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:orders"},
            {"Arn": "arn:aws:sns:eu-west-1:123456789012:orders:[0-9a-f-]{36}"},
        ),
        (
            "AWS::RDS::DBCluster",
            {"DBClusterIdentifier": "orders"},
            {"DBClusterArn": "arn:aws:rds:eu-west-1:123456789012:cluster:orders"},
        ),
        (
            "AWS::Events::Rule",
            {"Name": "nightly"},
            {"RuleName": "nightly", "Arn": "arn:aws:events:eu-west-1:123456789012:rule/nightly"},
        ),
        ("AWS::StepFunctions::StateMachine", {"StateMachineName": "checkout"}, {"Name": "checkout"}),
        (
            "AWS::Events::ApiDestination",
            {"Name": "zebra"},
            {"Arn": "arn:aws:events:eu-west-1:123456789012:api-destination/zebra/[0-9a-f-]{36}"},
        ),
        ("AWS::DataZone::Project", {"DomainIdentifier": "dzd_abc123"}, {"DomainId": "dzd_abc123"}),
        ("AWS::EKS::Nodegroup", {"ClusterName": "prod", "NodegroupName": "spot"}, {"Id": "prod/spot"}),
        ("AWS::KMS::Key", {}, {"KeyId": "[0-9a-f-]{36}"}),
        ("AWS::EC2::Instance", {}, {"InstanceId": "i-[0-9a-f]{17}", "VpcId": "vpc-[0-9a-f]{17}"}),
        ("AWS::EC2::EIP", {}, {"AllocationId": "eipalloc-[0-9a-f]{17}", "PublicIp": "203.0.113.[0-9]+"}),
        ("AWS::CloudFront::Distribution", {}, {"Id": "E[A-Z0-9]{13}"}),
        ("AWS::Lambda::Function", {}, {"SnapStartResponse": r"\{'ApplyOn': 'None', 'OptimizationStatus': 'Off'\}"}),
    ],
)
def test_values_of_much_used_types(type_name: str, model: JSONObject, expected: dict[str, str]) -> None:
    """The types that tests use most get what the real service gives."""
    resource = completed(type_name, model)
    assert all(re.fullmatch(pattern, str(resource[name])) for name, pattern in expected.items()), resource


@pytest.mark.parametrize(
    ("region", "arn", "host"),
    [
        (
            "cn-north-1",
            "arn:aws-cn:library:cn-north-1:123456789012:shelf/top",
            "top.library.cn-north-1.amazonaws.com.cn",
        ),
        (
            "us-gov-west-1",
            "arn:aws-us-gov:library:us-gov-west-1:123456789012:shelf/top",
            "top.library.us-gov-west-1.amazonaws.com",
        ),
        (
            "eusc-de-east-1",
            "arn:aws-eusc:library:eusc-de-east-1:123456789012:shelf/top",
            "top.library.eusc-de-east-1.amazonaws.eu",
        ),
    ],
)
def test_values_of_other_partitions(region: str, arn: str, host: str) -> None:
    """Arns and host names are those of the region's partition."""
    shelf = of_properties(["Arn", "DnsName"], {"Arn": TEXT, "DnsName": TEXT})
    made_in = MadeIn("123456789012", region, MADE_IN.now)
    assert complete(shelf, {"Name": "top"}, made_in, Random(0)) == {"Name": "top", "Arn": arn, "DnsName": host}
