"""Defaults: what a new resource shows although its caller left it out."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from generation_support import MADE_IN, completed, of_properties
from resource_types import recorded_bucket

from pytest_cloudcontrol.schemas.generation import complete

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue

LIGHT: JSONObject = {"type": "string", "default": "on"}
LAMP: JSONObject = {"type": "object", "properties": {"Light": LIGHT, "Colour": {"type": "string"}}}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        pytest.param({}, {"Light": "on"}, id="absent"),
        pytest.param({"Light": "off"}, {"Light": "off"}, id="given"),
        pytest.param({"Lamp": {}}, {"Light": "on", "Lamp": {"Light": "on"}}, id="inside an object"),
        pytest.param(
            {"Lamps": [{"Colour": "red"}, {"Light": "off"}]},
            {"Light": "on", "Lamps": [{"Colour": "red", "Light": "on"}, {"Light": "off"}]},
            id="inside an array",
        ),
        pytest.param({"ByName": {"a": {}}}, {"Light": "on", "ByName": {"a": {"Light": "on"}}}, id="inside a map"),
        pytest.param({"Lamp": "none"}, {"Light": "on", "Lamp": "none"}, id="no object"),
        pytest.param({"Other": {"Lamp": {}}}, {"Light": "on", "Other": {"Lamp": {}}}, id="not described"),
    ],
)
def test_where_defaults_are_shown(given: JSONObject, shown: JSONObject) -> None:
    """A default is shown at the top and in every object that is there; an absent object stays away."""
    properties: JSONObject = {
        "Light": LIGHT,
        "Lamp": {"$ref": "#/definitions/Lamp"},
        "Lamps": {"type": "array", "items": {"$ref": "#/definitions/Lamp"}},
        "ByName": {"type": "object", "patternProperties": {".*": {"$ref": "#/definitions/Lamp"}}},
        "Other": {"type": "object"},
    }
    room = of_properties([], properties, definitions={"Lamp": LAMP})
    assert complete(room, {"Name": "hall", **given}, MADE_IN, Random(0)) == {"Name": "hall", **shown}


@pytest.mark.parametrize(
    ("described", "shown"),
    [
        pytest.param({"$ref": "#/definitions/Switch"}, {"Lamp": "on"}, id="where the reference leads"),
        pytest.param({"$ref": "#/definitions/Switch", "default": "off"}, {"Lamp": "off"}, id="beside the reference"),
        pytest.param({"allOf": [{"$ref": "#/definitions/Switch"}, {"default": "off"}]}, {"Lamp": "off"}, id="allOf"),
        pytest.param({**LAMP, "default": {}}, {"Lamp": {"Light": "on"}}, id="in an object that is a default"),
        pytest.param({"type": "array", "default": []}, {"Lamp": []}, id="an empty array"),
        pytest.param({"type": "string", "default": None}, {}, id="null"),
        pytest.param({"type": "string", "default": 1}, {}, id="of another type"),
        pytest.param({"type": "string", "default": "unset", "pattern": "^arn:"}, {}, id="refused by its pattern"),
        pytest.param({"type": "string", "default": "arn:<partition>:x:<account-id>"}, {}, id="a description"),
    ],
)
def test_which_defaults_are_shown(described: JSONObject, shown: JSONObject) -> None:
    """A default counts wherever the schema has it, unless the schema itself refuses it."""
    room = of_properties([], {"Lamp": described}, definitions={"Switch": LIGHT})
    assert complete(room, {"Name": "hall"}, MADE_IN, Random(0)) == {"Name": "hall", **shown}


def test_default_of_a_write_only_property() -> None:
    """What the service never shows gets no default, nor does anything in it."""
    properties: JSONObject = {"Secret": LIGHT, "Lamp": LAMP, "Box": LAMP}
    hidden: list[JSONValue] = ["/properties/Secret", "/properties/Lamp", "/properties/Box/Light"]
    room = of_properties([], properties, writeOnlyProperties=hidden)
    given: JSONObject = {"Name": "hall", "Lamp": {"Colour": "red"}, "Box": {}}
    assert complete(room, given, MADE_IN, Random(0)) == given


@pytest.mark.parametrize(
    "keywords",
    [
        pytest.param({"oneOf": [{"required": ["Light"]}, {"required": ["Candle"]}]}, id="an alternative"),
        pytest.param({"dependencies": {"Light": ["Power"]}}, id="what wants something beside it"),
    ],
)
def test_default_that_would_contradict(keywords: JSONObject) -> None:
    """A default isn't shown where it could make a valid resource invalid."""
    candle: JSONObject = {"type": "string"}
    room = of_properties([], {"Light": LIGHT, "Candle": candle, "Power": candle}, **keywords)
    given: JSONObject = {"Name": "hall", "Candle": "lit"}
    assert complete(room, given, MADE_IN, Random(0)) == given


def test_log_group_has_what_was_recorded() -> None:
    """A log group shows the defaults recorded from AWS, which its schema doesn't have."""
    given: JSONObject = {"LogGroupName": "orders", "RetentionInDays": 1, "Tags": [{"Key": "team", "Value": "a"}]}
    assert completed("AWS::Logs::LogGroup", given) == {
        **given,
        "Arn": "arn:aws:logs:eu-west-1:123456789012:log-group:orders:*",
        "BearerTokenAuthenticationEnabled": False,
        "DataProtectionPolicy": {},
        "DeletionProtectionEnabled": False,
        "FieldIndexPolicies": [],
        "LogGroupClass": "STANDARD",
    }


def test_log_group_without_retention_and_tags() -> None:
    """What the caller left out and the service doesn't set stays out."""
    assert completed("AWS::Logs::LogGroup", {"LogGroupName": "orders"}).keys() == {
        "LogGroupName",
        "Arn",
        "BearerTokenAuthenticationEnabled",
        "DataProtectionPolicy",
        "DeletionProtectionEnabled",
        "FieldIndexPolicies",
        "LogGroupClass",
    }


@pytest.mark.parametrize("further", [{}, {"WebsiteConfiguration": {}}])
def test_bucket_has_what_was_recorded(further: JSONObject) -> None:
    """A bucket shows its addresses and what S3 sets by itself, as recorded from AWS, and no default of its schema."""
    shown = completed("AWS::S3::Bucket", {"BucketName": "orders", **further})
    assert shown == {**recorded_bucket("orders", "eu-west-1"), **further}
