"""What exists, as a test arranges it and looks at it: without requests, and without waiting."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError
from resource_types import LOG_GROUP, STAGE
from shop import ORDER, TICKET, Shop, shop_types

from pytest_cloudcontrol import CloudControl, OptionError, Resource

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol.documents import JSONObject

pytestmark = shop_types


# get


def test_get(cloudcontrol: CloudControl) -> None:
    """``get`` returns every property, write-only and read-only ones too."""
    Shop(cloudcontrol).create(Alpha="1", Pin="hush").run()
    assert cloudcontrol.resources.get(ORDER, "n1") == {
        "Alpha": "1",
        "Arn": "arn:aws:shop:us-east-1:123456789012:order/n1",
        "Name": "n1",
        "Pin": "hush",
    }


def test_get_nothing(cloudcontrol: CloudControl) -> None:
    """``get`` returns None where there is no resource, one of another type included."""
    Shop(cloudcontrol).existing()
    assert cloudcontrol.resources.get(ORDER, "n2") is None
    assert cloudcontrol.resources.get(TICKET, "n1") is None


@pytest.mark.parametrize(
    "identifier",
    ["api|prod", '{"RestApiId": "api", "StageName": "prod"}', '{"StageName": "prod", "/properties/RestApiId": "api"}'],
)
def test_get_by_any_identifier(cloudcontrol: CloudControl, identifier: str) -> None:
    """``get`` and ``delete`` take an identifier in every form that the API takes."""
    cloudcontrol.resources.put(STAGE, {"RestApiId": "api", "StageName": "prod"})
    assert cloudcontrol.resources.get(STAGE, identifier) is not None
    cloudcontrol.resources.delete(STAGE, identifier)
    assert len(cloudcontrol.resources) == 0


def test_what_get_returns_is_a_copy(cloudcontrol: CloudControl) -> None:
    """Changing what ``get`` or an iteration gave changes no resource."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "Tags": [{"Key": "a", "Value": "b"}]})
    got = cloudcontrol.resources.get(LOG_GROUP, "app")
    (listed,) = cloudcontrol.resources
    before = json.dumps(got)
    for properties in (got, listed.properties):
        assert properties is not None
        assert isinstance(properties["Tags"], list)
        properties["Tags"].clear()
        properties["LogGroupName"] = "changed"
    assert json.dumps(cloudcontrol.resources.get(LOG_GROUP, "app")) == before


# put


def test_put(cloudcontrol: CloudControl) -> None:
    """What was put is there for the code under test, at once and without a request."""
    shop = Shop(cloudcontrol)
    assert cloudcontrol.resources.put(ORDER, {"Name": "n1", "Alpha": "1", "Pin": "hush"}) == "n1"
    answer = shop.client.get_resource(TypeName=ORDER, Identifier="n1")
    assert json.loads(answer["ResourceDescription"]["Properties"]) == {
        "Name": "n1",
        "Alpha": "1",
        "Arn": "arn:aws:shop:us-east-1:123456789012:order/n1",
    }
    assert len(cloudcontrol.requests) == 0


def test_put_makes_what_the_service_would(cloudcontrol: CloudControl) -> None:
    """Identifiers and read-only properties that aren't given are made up; another one for every resource."""
    made = [cloudcontrol.resources.put(TICKET, {}) for _ in range(3)]
    assert len(set(made)) == 3
    assert [resource.identifier for resource in cloudcontrol.resources] == made


def test_put_keeps_what_is_given(cloudcontrol: CloudControl) -> None:
    """Read-only properties that a test gives stay as they are."""
    cloudcontrol.resources.put(ORDER, {"Name": "n1", "Arn": "given"})
    assert cloudcontrol.resources.get(ORDER, "n1") == {"Name": "n1", "Arn": "given"}


def test_put_replaces(cloudcontrol: CloudControl) -> None:
    """A resource of the same identifier is replaced as a whole."""
    shop = Shop(cloudcontrol)
    shop.existing(Alpha="1").existing(Beta="2")
    assert (shop.written(), len(cloudcontrol.resources)) == ({"Beta": "2"}, 1)


def test_put_takes_a_copy(cloudcontrol: CloudControl) -> None:
    """What a test does with the properties afterwards reaches no resource."""
    properties: dict[str, object] = {"Name": "n1", "Alpha": "1"}
    cloudcontrol.resources.put(ORDER, properties)
    properties["Alpha"] = "changed"
    assert Shop(cloudcontrol).written() == {"Alpha": "1"}


def test_put_with_an_identifier_that_is_none(cloudcontrol: CloudControl) -> None:
    """A resource whose identifying property has a value that identifies nothing is refused."""
    schema: JSONObject = {
        "typeName": "Test::Shop::Anything",
        "properties": {"Name": {}},
        "primaryIdentifier": ["/properties/Name"],
    }
    cloudcontrol.add_type(schema)
    with pytest.raises(OptionError) as raised:
        cloudcontrol.resources.put("Test::Shop::Anything", {"Name": {}})
    assert str(raised.value) == (
        "properties={'Name': {}} is not valid: expected the identifier of Test::Shop::Anything among them"
    )


@pytest.mark.parametrize(
    ("properties", "violations"),
    [
        pytest.param({"Name": 1}, "#/Name: expected type: String, found: Integer", id="a wrong type"),
        pytest.param({"Nmae": "n1"}, "#: extraneous key [Nmae] is not permitted", id="a misspelt name"),
        pytest.param(
            {"Name": 1, "Nmae": "n1"},
            "#: extraneous key [Nmae] is not permitted; #/Name: expected type: String, found: Integer",
            id="several",
        ),
    ],
)
def test_put_of_what_is_not_valid(cloudcontrol: CloudControl, properties: JSONObject, violations: str) -> None:
    """What is placed must be valid by the type's schema, as far as it goes."""
    with pytest.raises(OptionError) as raised:
        cloudcontrol.resources.put(ORDER, properties)
    assert str(raised.value) == (
        f"properties={properties!r} is not valid: expected properties that are valid for {ORDER} ({violations})"
    )
    assert len(cloudcontrol.resources) == 0


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        (["Name"], ""),
        ("{}", ""),
        ({"Name": object}, " (Object of type type is not JSON serializable)"),
        ({"Name": float("nan")}, None),
    ],
)
def test_put_what_is_no_json_object(cloudcontrol: CloudControl, properties: object, reason: str | None) -> None:
    """Properties that can't be written as a JSON object are refused, and nothing is placed."""
    # What is no object is given on purpose.
    put: Callable[[str, object], str] = cloudcontrol.resources.put  # type: ignore[assignment]
    with pytest.raises(OptionError) as raised:
        put(ORDER, properties)
    message = f"properties={properties!r} is not valid: expected a dict that can be written as JSON"
    assert str(raised.value).startswith(message)
    assert reason is None or str(raised.value) == message + reason
    assert len(cloudcontrol.resources) == 0


# delete


def test_delete(cloudcontrol: CloudControl) -> None:
    """``delete`` removes a resource behind Cloud Control's back: without a request."""
    shop = Shop(cloudcontrol).existing()
    cloudcontrol.resources.delete(ORDER, "n1")
    with pytest.raises(shop.client.exceptions.ResourceNotFoundException):
        shop.client.get_resource(TypeName=ORDER, Identifier="n1")
    assert len(cloudcontrol.requests) == 0


@pytest.mark.parametrize(("there", "shown"), [([], "none"), (["b", "a"], "a, b")])
def test_delete_what_is_not_there(cloudcontrol: CloudControl, there: list[str], shown: str) -> None:
    """Deleting what isn't there is refused with what is."""
    shop = Shop(cloudcontrol)
    for name in there:
        shop.existing(name)
    with pytest.raises(OptionError) as raised:
        cloudcontrol.resources.delete(ORDER, "n1")
    assert str(raised.value) == f"identifier='n1' is not valid: expected an existing {ORDER}; there are: {shown}"


# Wrong names


USES: list[Callable[[CloudControl, str, str], object]] = [
    lambda mock, type_name, identifier: mock.resources.get(type_name, identifier),
    lambda mock, type_name, identifier: mock.resources.delete(type_name, identifier),
    lambda mock, type_name, _: mock.resources.put(type_name, {}),
]


@pytest.mark.parametrize("use", USES)
def test_unknown_type(cloudcontrol: CloudControl, use: Callable[[CloudControl, str, str], object]) -> None:
    """A type that doesn't exist is refused with the nearest that does."""
    with pytest.raises(OptionError) as raised:
        use(cloudcontrol, "Test::Shop::Orders", "n1")
    assert str(raised.value) == (
        "type_name='Test::Shop::Orders' is not valid: expected a known resource type (cloudcontrol.add_type adds one). "
        f"Did you mean '{ORDER}'?"
    )


WRONG_NAMES = (
    "When specifying the identifier as JSON, you must specify exactly one identifier from "
    "[[/properties/RestApiId, /properties/StageName]], and no additional properties can be specified"
)


@pytest.mark.parametrize("use", USES[:2])
@pytest.mark.parametrize(
    ("identifier", "message"),
    [
        ("prod", "Identifier prod is not valid for identifier [/properties/RestApiId, /properties/StageName]"),
        ('{"RestApiId": "api"}', WRONG_NAMES),
    ],
)
def test_identifier_of_wrong_parts(
    cloudcontrol: CloudControl, use: Callable[[CloudControl, str, str], object], identifier: str, message: str
) -> None:
    """An identifier with a wrong number of parts, or wrong names, is refused with the parts there are."""
    with pytest.raises(OptionError) as raised:
        use(cloudcontrol, STAGE, identifier)
    assert str(raised.value) == (
        f"identifier={identifier!r} is not valid: expected an identifier of {STAGE}: {message}"
    )


# Iteration


def test_iteration_and_length(cloudcontrol: CloudControl) -> None:
    """Iterating gives each resource with its type, its identifier and its properties."""
    shop = Shop(cloudcontrol)
    shop.existing("b", Alpha="1").existing("a")
    ticket = cloudcontrol.resources.put(TICKET, {"Text": "hello"})
    assert list(cloudcontrol.resources) == [
        Resource(ORDER, "b", {"Name": "b", "Arn": "arn:b", "Alpha": "1"}),
        Resource(ORDER, "a", {"Name": "a", "Arn": "arn:a"}),
        Resource(TICKET, ticket, {"Id": ticket, "Text": "hello"}),
    ]
    assert len(cloudcontrol.resources) == 3


def test_iteration_while_resources_change(cloudcontrol: CloudControl) -> None:
    """An iteration is over what was there when it began."""
    shop = Shop(cloudcontrol).existing("a")
    shop.existing("b")
    seen = []
    for resource in cloudcontrol.resources:
        seen.append(resource.identifier)
        cloudcontrol.resources.delete(ORDER, resource.identifier)
        shop.existing("new")
    assert seen == ["a", "b"]


def test_representation(cloudcontrol: CloudControl) -> None:
    """Printed, the resources are a list of what exists."""
    Shop(cloudcontrol).existing("a")
    assert repr(cloudcontrol.resources) == (
        f"[Resource(type_name='{ORDER}', identifier='a', properties={{'Name': 'a', 'Arn': 'arn:a'}})]"
    )


def test_put_of_half_a_character(cloudcontrol: CloudControl) -> None:
    """Text that no client could ever read is refused: half of a surrogate pair is no character."""
    with pytest.raises(OptionError, match="half of a surrogate pair"):
        cloudcontrol.resources.put(ORDER, {"Name": "n1", "Alpha": "\ud800"})
    assert len(cloudcontrol.resources) == 0


# As AWS shows it

STREAM = "AWS::KinesisVideo::Stream"


def test_put_as_it_is_read(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A resource placed as it is read is shown just so, with nothing made up, though its schema refuses it."""
    identifier = cloudcontrol.resources.put(STREAM, {"Name": "s", "Tags": []}, as_read=True)
    answer = cloudcontrol_client.get_resource(TypeName=STREAM, Identifier=identifier)
    assert (identifier, json.loads(answer["ResourceDescription"]["Properties"])) == ("s", {"Name": "s", "Tags": []})


def test_update_of_what_its_schema_refuses(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """An update is refused for the form in which the resource is read, whatever it changes."""
    cloudcontrol.resources.put(STREAM, {"Name": "s", "Tags": []}, as_read=True)
    patch = '[{"op": "add", "path": "/DataRetentionInHours", "value": 24}]'
    with pytest.raises(ClientError, match="#/Tags: expected minimum item count: 1, found: 0"):
        cloudcontrol_client.update_resource(TypeName=STREAM, Identifier="s", PatchDocument=patch)


@pytest.mark.parametrize(
    ("properties", "as_read", "refusal"),
    [
        ({"Name": "s", "Tags": []}, False, "#/Tags: expected minimum item count: 1, found: 0"),
        ({"Tags": []}, True, f"expected the identifier of {STREAM} among them"),
        ({"Name": "s"}, "yes", "as_read='yes' is not valid: expected True or False"),
    ],
)
def test_what_is_refused_as_read(
    cloudcontrol: CloudControl, properties: dict[str, object], as_read: bool, refusal: str
) -> None:
    """Without as_read the schema counts; with it only the identifier has to be there."""
    with pytest.raises(OptionError, match=re.escape(refusal)):
        cloudcontrol.resources.put(STREAM, properties, as_read=as_read)
    assert len(cloudcontrol.resources) == 0
