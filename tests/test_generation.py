"""The values that a service makes up: plausible, as the schema wants them, and the same for equal seeds."""

from __future__ import annotations

import copy
import json
import re
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import pytest
from botocore.session import Session
from hypothesis import given
from hypothesis import strategies as st

from pytest_cloudcontrol.schemas.catalog import Catalog
from pytest_cloudcontrol.schemas.generation import Surroundings, complete, partition_of
from pytest_cloudcontrol.schemas.resource_type import ResourceType

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue

SURROUNDINGS = Surroundings("123456789012", "eu-west-1", datetime(2026, 10, 1, 12, 30, tzinfo=UTC))


def of_properties(read_only: list[str], properties: JSONObject, **keywords: JSONValue) -> ResourceType:
    """Return a type of shelves with a name and these properties."""
    shelf: JSONObject = {
        "typeName": "Test::Library::Shelf",
        "properties": {"Name": {"type": "string"}, **properties},
        "primaryIdentifier": ["/properties/Name"],
        "readOnlyProperties": [f"/properties/{path}" for path in read_only],
    }
    return ResourceType.from_schema({**shelf, **keywords})


def made(described: JSONObject, name: str = "Thing") -> JSONValue:
    """Return the value made up for a read-only property that is described so."""
    return complete(of_properties([name], {name: described}), {"Name": "top"}, SURROUNDINGS, Random(0))[name]


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("moon-north-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_partition_of(region: str, partition: str) -> None:
    """A region's name tells its partition, for regions that nobody has heard of too."""
    assert partition_of(region) == partition


def test_partitions_are_botocores() -> None:
    """Every region that botocore knows is in the partition that botocore puts it in."""
    session = Session()
    regions = {
        region: partition
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("ec2", partition)
    }
    assert {region: partition_of(region) for region in regions} == regions


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("Arn", r"arn:aws:library:eu-west-1:123456789012:shelf/top"),
        ("ShelfARN", r"arn:aws:library:eu-west-1:123456789012:shelf/top"),
        ("BookCaseArn", r"arn:aws:library:eu-west-1:123456789012:book-case/[0-9a-f]{17}"),
        ("Id", r"shelf-[0-9a-f]{17}"),
        ("BookCaseId", r"book-case-[0-9a-f]{17}"),
        ("BookCaseName", r"BookCase-[a-z]{12}"),
        ("Keeper", r"Keeper-[a-z]{12}"),
        ("BucketName", r"bucket-[a-z]{12}"),
        ("Uuid", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("CreatedAt", r"2026-10-01T12:30:00\.000Z"),
        ("CreationDate", r"2026-10-01T12:30:00\.000Z"),
        ("LastModifiedTime", r"2026-10-01T12:30:00\.000Z"),
        ("UpdatedOn", r"2026-10-01T12:30:00\.000Z"),
        ("OwnerAccountId", r"123456789012"),
        ("Region", r"eu-west-1"),
        ("AvailabilityZone", r"eu-west-1a"),
        ("PrivateIp", r"10\.0\.\d{1,3}\.\d{1,3}"),
        ("CidrBlock", r"10\.\d{1,3}\.0\.0/16"),
        ("WebsiteURL", r"https://top\.library\.eu-west-1\.amazonaws\.com"),
        ("DomainName", r"top\.library\.eu-west-1\.amazonaws\.com"),
        ("Status", r"ACTIVE"),
        ("LatestVersion", r"1"),
    ],
)
def test_text_that_a_name_asks_for(name: str, pattern: str) -> None:
    """The end of a property's name says what its text looks like."""
    assert re.fullmatch(pattern, str(made({"type": "string"}, name)))


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        ({"type": "boolean"}, False),
        ({"type": "integer"}, 0),
        ({"type": "integer", "minimum": 3, "maximum": 9}, 3),
        ({"type": "number", "minimum": 1.5}, 2),
        ({"type": "integer", "maximum": -4}, -4),
        ({"type": "string", "enum": ["FIRST", "SECOND"]}, "FIRST"),
        ({"const": {"a": 1}}, {"a": 1}),
        ({"type": "string", "default": "usual"}, "usual"),
        ({"type": "integer", "default": None}, 0),
        ({"type": "array", "items": {"type": "boolean"}}, []),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, [False, False]),
        ({"type": "object"}, {}),
        (
            {"type": "object", "properties": {"A": {"type": "integer"}, "B": {"type": "integer"}}, "required": ["B"]},
            {"B": 0},
        ),
        ({"properties": {"A": {"type": "integer"}}, "required": ["A"]}, {"A": 0}),
        ({"type": ["null", "integer"]}, 0),
        ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, 0),
        ({"type": "string", "format": "date-time"}, "2026-10-01T12:30:00.000Z"),
        ({"type": "string", "format": "uri"}, "https://top.library.eu-west-1.amazonaws.com"),
    ],
)
def test_value_that_a_schema_asks_for(described: JSONObject, expected: JSONValue) -> None:
    """A made-up value has the type, and the bounds, that its schema gives."""
    assert made(described) == expected


def test_value_that_a_schema_does_not_describe() -> None:
    """Where a schema says nothing of a value, it becomes a text."""
    assert re.fullmatch("Thing-[a-z]{12}", str(made({})))


@pytest.mark.parametrize("lengths", [(0, 8), (40, 60), (13, 13), (1, 3), (100, 200)])
@pytest.mark.parametrize("name", ["Keeper", "ShelfId", "Uuid"])
def test_lengths(name: str, lengths: tuple[int, int]) -> None:
    """A made-up text is as long as its schema wants."""
    shortest, longest = lengths
    text = made({"type": "string", "minLength": shortest, "maxLength": longest}, name)
    assert shortest <= len(str(text)) <= longest


@pytest.mark.parametrize(
    "pattern",
    [
        "^[a-z-]+$",
        "^[0-9]{12}$",
        "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        "^vpce-[0-9a-f]{17}$",
        "^Z[A-Z0-9]{8,32}$",
        r"^sg\-[a-f0-9]{8}$",
        "^dzd[-_][a-zA-Z0-9_-]{1,36}$",
        "^[0-9]+$",
    ],
)
def test_pattern_decides(pattern: str) -> None:
    """Where a pattern refuses the plausible text, another one that it takes is made."""
    assert re.search(pattern, str(made({"type": "string", "pattern": pattern}, "Keeper")))


@pytest.mark.parametrize("pattern", [r"^\p{L}+$", "(", "^nobody could guess this$", "a{99999999999}"])
def test_pattern_that_does_not_decide(pattern: str) -> None:
    """A pattern that isn't Python's, or that nothing simple matches, leaves the plausible text."""
    assert re.fullmatch("Keeper-[a-z]{12}", str(made({"type": "string", "pattern": pattern}, "Keeper")))


@pytest.mark.parametrize(
    ("type_name", "model", "expected"),
    [
        (
            "AWS::Logs::LogGroup",
            {"LogGroupName": "orders"},
            {"LogGroupName": "orders", "Arn": "arn:aws:logs:eu-west-1:123456789012:log-group:orders:*"},
        ),
        (
            "AWS::S3::Bucket",
            {"BucketName": "orders"},
            {
                "BucketName": "orders",
                "Arn": "arn:aws:s3:::orders",
                "DomainName": "orders.s3.amazonaws.com",
                "DualStackDomainName": "orders.s3.dualstack.eu-west-1.amazonaws.com",
                "RegionalDomainName": "orders.s3.eu-west-1.amazonaws.com",
                "WebsiteURL": "http://orders.s3-website-eu-west-1.amazonaws.com",
            },
        ),
        (
            "AWS::SQS::Queue",
            {"QueueName": "orders"},
            {
                "QueueName": "orders",
                "QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
                "Arn": "arn:aws:sqs:eu-west-1:123456789012:orders",
            },
        ),
    ],
)
def test_values_of_much_used_types(type_name: str, model: JSONObject, expected: JSONObject) -> None:
    """The types that tests use most get what the real service gives."""
    resource_type = Catalog().find(type_name)
    assert resource_type is not None
    assert complete(resource_type, model, SURROUNDINGS, Random(0)) == expected


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
    shelf = of_properties(["Arn", "DnsName"], {"Arn": {"type": "string"}, "DnsName": {"type": "string"}})
    surroundings = Surroundings("123456789012", region, SURROUNDINGS.now)
    assert complete(shelf, {"Name": "top"}, surroundings, Random(0)) == {"Name": "top", "Arn": arn, "DnsName": host}


def test_arn_follows_its_pattern() -> None:
    """A pattern tells the Arn's service and the form of its last part."""
    pattern = r"^arn:aws[a-z-]*:book-keeping:[a-z0-9-]+:[0-9]{12}:shelf:.+$"
    assert (
        made({"type": "string", "pattern": pattern}, "Arn") == "arn:aws:book-keeping:eu-west-1:123456789012:shelf:top"
    )


def test_arn_as_identifier() -> None:
    """A resource that is identified by its Arn gets one with its name in it, or with an invented id."""
    arn: JSONObject = {"Arn": {"type": "string"}}
    shelf = of_properties(["Arn"], arn, primaryIdentifier=["/properties/Arn"])
    start = "arn:aws:library:eu-west-1:123456789012:shelf/"
    assert complete(shelf, {"Name": "a|b"}, SURROUNDINGS, Random(0)) == {"Name": "a|b", "Arn": f"{start}a-b"}
    invented = complete(shelf, {}, SURROUNDINGS, Random(0))
    assert re.fullmatch(f"{start}[0-9a-f-]{{36}}", str(invented["Arn"]))


def test_compound_identifier_in_arn() -> None:
    """An Arn holds every part of the identifier, in the schema's order, but not the account again."""
    text: JSONObject = {"type": "string"}
    shelf = of_properties(
        ["Arn"],
        {"AwsAccountId": text, "RoomId": text, "Arn": text},
        primaryIdentifier=["/properties/AwsAccountId", "/properties/RoomId", "/properties/Name"],
    )
    completed = complete(shelf, {"Name": "top", "RoomId": "r1"}, SURROUNDINGS, Random(0))
    assert completed["AwsAccountId"] == "123456789012"
    assert completed["Arn"] == "arn:aws:library:eu-west-1:123456789012:shelf/r1/top"


def test_number_as_identifier() -> None:
    """Resources that are identified by a number get different ones."""
    shelf = of_properties([], {"Number": {"type": "integer"}}, primaryIdentifier=["/properties/Number"])
    random = Random(0)
    numbers = [complete(shelf, {}, SURROUNDINGS, random)["Number"] for _ in range(20)]
    assert len(set(map(str, numbers))) == 20


NESTED: JSONObject = {
    "Endpoint": {"type": "object", "properties": {"Port": {"type": "integer"}, "Up": {"type": "boolean"}}},
}


@pytest.mark.parametrize(
    ("read_only", "model", "expected"),
    [
        pytest.param(["Endpoint/Port", "Endpoint/Up"], {}, {"Endpoint": {"Port": 0, "Up": False}}, id="all read-only"),
        pytest.param(["Endpoint", "Endpoint/Port"], {}, {"Endpoint": {"Port": 0}}, id="parent read-only"),
        pytest.param(["Endpoint/Port"], {}, {}, id="optional parent absent"),
        pytest.param(["Endpoint/Port"], {"Endpoint": {}}, {"Endpoint": {"Port": 0}}, id="optional parent there"),
        pytest.param(["Endpoint/Port"], {"Endpoint": "x"}, {"Endpoint": "x"}, id="parent no object"),
        pytest.param(["Endpoint/*/Port", "Lost"], {}, {}, id="items, and undescribed properties"),
    ],
)
def test_nested_read_only(read_only: list[str], model: JSONObject, expected: JSONObject) -> None:
    """A nested read-only property is made where its parent is there, or where the service alone makes the parent."""
    shelf = of_properties(read_only, NESTED)
    assert complete(shelf, {"Name": "top", **model}, SURROUNDINGS, Random(0)) == {"Name": "top", **expected}


def test_nested_identifier() -> None:
    """An identifier inside an object is made, whether the object is there or not."""
    shelf = of_properties([], NESTED, primaryIdentifier=["/properties/Endpoint/Port"])
    endpoint = complete(shelf, {}, SURROUNDINGS, Random(0))["Endpoint"]
    assert isinstance(endpoint, dict)
    assert isinstance(endpoint["Port"], int)


def test_object_inside_repeats_the_identifier() -> None:
    """An object that says again what the resource is called says the same."""
    inside: JSONObject = {"Shelf": {"type": "object", "properties": {"Name": {"type": "string"}}}}
    completed = complete(of_properties(["Shelf/Name"], inside), {"Name": "top"}, SURROUNDINGS, Random(0))
    assert completed == {"Name": "top", "Shelf": {"Name": "top"}}


def test_endless_definition() -> None:
    """A definition that requires itself ends somewhere."""
    part: JSONObject = {"type": "object", "required": ["Part"], "properties": {"Part": {"$ref": "#/definitions/Part"}}}
    shelf = of_properties(["Part"], {"Part": part}, definitions={"Part": part})
    assert json.dumps(complete(shelf, {}, SURROUNDINGS, Random(0))["Part"]).count("Part") == 9


LOG_GROUPS = st.fixed_dictionaries(
    {},
    optional={
        "LogGroupName": st.text(min_size=1),
        "Arn": st.text(),
        "RetentionInDays": st.integers(),
        "Tags": st.lists(st.none()),
    },
)


@given(model=LOG_GROUPS, seed=st.integers())
def test_completing_is_deterministic_and_keeps_what_is_given(model: JSONObject, seed: int) -> None:
    """Equal seeds give equal values, everything given stays, and the caller's model isn't touched."""
    log_group = Catalog().find("AWS::Logs::LogGroup")
    assert log_group is not None
    before = copy.deepcopy(model)
    completed = complete(log_group, model, SURROUNDINGS, Random(seed))
    assert completed == complete(log_group, model, SURROUNDINGS, Random(seed))
    assert model == before
    assert {name: completed[name] for name in model} == model
    assert completed.keys() == model.keys() | {"LogGroupName", "Arn"}


@given(seed=st.integers())
def test_completing_twice_changes_nothing(seed: int) -> None:
    """A complete resource is complete."""
    bucket = Catalog().find("AWS::S3::Bucket")
    assert bucket is not None
    completed = complete(bucket, {}, SURROUNDINGS, Random(seed))
    assert complete(bucket, completed, SURROUNDINGS, Random(seed + 1)) == completed
