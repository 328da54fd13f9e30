"""The values that a service makes up: plausible, kept apart from what is given, and the same for equal seeds."""

from __future__ import annotations

import copy
import json
import re
from random import Random
from typing import TYPE_CHECKING

import pytest
from botocore.session import Session
from generation_support import MADE_IN, bundled, made, of_properties
from hypothesis import given
from hypothesis import strategies as st

from pytest_cloudcontrol.schemas.generation import complete, partition_of

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject


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
        ("StatusMessage", r""),
        ("PublicIp", r"203\.0\.113\.\d{1,3}"),
        ("LatestVersion", r"1"),
    ],
)
def test_text_that_a_name_asks_for(name: str, pattern: str) -> None:
    """The end of a property's name says what its text looks like."""
    assert re.fullmatch(pattern, str(made({"type": "string"}, name)))


@pytest.mark.parametrize("lengths", [(0, 8), (40, 60), (13, 13), (1, 3), (100, 200)])
@pytest.mark.parametrize("name", ["Keeper", "ShelfId", "Uuid"])
def test_lengths(name: str, lengths: tuple[int, int]) -> None:
    """A made-up text is as long as its schema wants."""
    shortest, longest = lengths
    text = made({"type": "string", "minLength": shortest, "maxLength": longest}, name)
    assert shortest <= len(str(text)) <= longest


def test_number_as_identifier() -> None:
    """Resources that are identified by a number get different ones."""
    shelf = of_properties([], {"Number": {"type": "integer"}}, primaryIdentifier=["/properties/Number"])
    random = Random(0)
    numbers = [complete(shelf, {}, MADE_IN, random)["Number"] for _ in range(20)]
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
        pytest.param(["Endpoint/Port"], {"Endpoint": {}}, {"Endpoint": {}}, id="optional parent there"),
        pytest.param(["Endpoint/Port"], {"Endpoint": "x"}, {"Endpoint": "x"}, id="parent no object"),
        pytest.param(["Endpoint/*/Port", "Lost"], {}, {}, id="items, and undescribed properties"),
    ],
)
def test_nested_read_only(read_only: list[str], model: JSONObject, expected: JSONObject) -> None:
    """A nested read-only property is made where the service alone makes the parent, and not in what the caller gave."""
    shelf = of_properties(read_only, NESTED)
    assert complete(shelf, {"Name": "top", **model}, MADE_IN, Random(0)) == {"Name": "top", **expected}


def test_endless_definition() -> None:
    """A definition that requires itself ends somewhere."""
    part: JSONObject = {"type": "object", "required": ["Part"], "properties": {"Part": {"$ref": "#/definitions/Part"}}}
    shelf = of_properties(["Part"], {"Part": part}, definitions={"Part": part})
    assert json.dumps(complete(shelf, {}, MADE_IN, Random(0))["Part"]).count("Part") == 9


def test_endless_configuration() -> None:
    """A definition that holds itself is no object that the service alone can set."""
    part: JSONObject = {"properties": {"Part": {"$ref": "#/definitions/Part"}, "Label": {"type": "string"}}}
    shelf = of_properties(["Part/Label"], {"Part": part}, definitions={"Part": part})
    assert complete(shelf, {"Name": "top"}, MADE_IN, Random(0)) == {"Name": "top"}


def test_nested_identifier() -> None:
    """An identifier inside an object is made, whether the object is there or not."""
    shelf = of_properties([], NESTED, primaryIdentifier=["/properties/Endpoint/Port"])
    endpoint = complete(shelf, {}, MADE_IN, Random(0))["Endpoint"]
    assert isinstance(endpoint, dict)
    assert isinstance(endpoint["Port"], int)


def test_object_inside_repeats_the_identifier() -> None:
    """An object that says again what the resource is called says the same."""
    inside: JSONObject = {"Shelf": {"type": "object", "properties": {"Name": {"type": "string"}}}}
    completed = complete(of_properties(["Shelf/Name"], inside), {"Name": "top"}, MADE_IN, Random(0))
    assert completed == {"Name": "top", "Shelf": {"Name": "top"}}


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
    log_group = bundled("AWS::Logs::LogGroup")
    before = copy.deepcopy(model)
    completed = complete(log_group, model, MADE_IN, Random(seed))
    assert completed == complete(log_group, model, MADE_IN, Random(seed))
    assert model == before
    assert {name: completed[name] for name in model} == model
    assert completed.keys() > model.keys()


@given(seed=st.integers())
def test_completing_twice_changes_nothing(seed: int) -> None:
    """A complete resource is complete."""
    bucket = bundled("AWS::S3::Bucket")
    completed = complete(bucket, {}, MADE_IN, Random(seed))
    assert complete(bucket, completed, MADE_IN, Random(seed + 1)) == completed
