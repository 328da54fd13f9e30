"""``add_error`` by resource type and identifier: only calls about that resource are answered with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError
from calls import RETENTION_PATCH, create
from resource_types import KEY_PAIR, LOG_GROUP, QUEUE, STAGE

from pytest_cloudcontrol import Api, CloudControl, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

RULE: Final = "AWS::Events::Rule"

EXISTING: Final[dict[str, dict[str, object]]] = {
    LOG_GROUP: {"LogGroupName": "app"},
    STAGE: {"RestApiId": "api", "StageName": "prod"},
    KEY_PAIR: {"KeyName": "laptop", "KeyPairId": "key-0123"},
    RULE: {"Name": "nightly", "EventBusName": "default"},
}

FORMS: Final = [
    pytest.param(LOG_GROUP, "app", "app", id="plain"),
    pytest.param(LOG_GROUP, '{"LogGroupName": "app"}', "app", id="JSON"),
    pytest.param(LOG_GROUP, "app", '{"/properties/LogGroupName":"app"}', id="plain, called by JSON"),
    pytest.param(STAGE, '{"StageName": "prod", "RestApiId": "api"}', "api|prod", id="compound"),
    pytest.param(STAGE, "api|prod", '{"StageName": "prod", "RestApiId": "api"}', id="compound, called by JSON"),
    pytest.param(KEY_PAIR, '{"KeyPairId": "key-0123"}', "laptop", id="additional"),
    pytest.param(KEY_PAIR, "laptop", '{"KeyPairId": "key-0123"}', id="called by the additional"),
    pytest.param(RULE, "nightly", "arn:aws:events:us-east-1:123456789012:rule/nightly", id="bare name"),
]


def code_of(call: Callable[..., object], **members: Any) -> str | None:
    """Return the code of the error that a call is refused with; None if it is answered."""
    try:
        call(**members)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


@pytest.fixture
def existing(cloudcontrol: CloudControl) -> dict[str, str]:
    """Place a resource of each type, and return their identifiers."""
    return {name: cloudcontrol.resources.put(name, properties) for name, properties in EXISTING.items()}


# By type


def test_type_of_every_call(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """An error by type answers every operation on it, by the token of one of its requests too, and no other call."""
    client = cloudcontrol_client
    token, other = create(client), client.create_resource(TypeName=QUEUE, DesiredState="{}")["ProgressEvent"]
    error = cloudcontrol.add_error("AccessDeniedException", type_name=LOG_GROUP, times=99)

    assert {
        "create": code_of(client.create_resource, TypeName=LOG_GROUP, DesiredState="{}"),
        "get": code_of(client.get_resource, TypeName=LOG_GROUP, Identifier="orders"),
        "update": code_of(client.update_resource, TypeName=LOG_GROUP, Identifier="x", PatchDocument=RETENTION_PATCH),
        "delete": code_of(client.delete_resource, TypeName=LOG_GROUP, Identifier="orders"),
        "list": code_of(client.list_resources, TypeName=LOG_GROUP),
        "status": code_of(client.get_resource_request_status, RequestToken=token),
        "cancel": code_of(client.cancel_resource_request, RequestToken=token),
    } == dict.fromkeys(("create", "get", "update", "delete", "list", "status", "cancel"), "AccessDeniedException")
    assert error.fired == 7
    assert code_of(client.get_resource_request_status, RequestToken=other["RequestToken"]) is None
    assert code_of(client.get_resource_request_status, RequestToken="0" * 36) == "RequestTokenNotFoundException"
    assert code_of(client.list_resources, TypeName=QUEUE) is None
    assert code_of(client.list_resource_requests) is None
    assert error.fired == 7


def test_type_with_an_operation(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Type and API operation both have to fit."""
    cloudcontrol.add_error("UnsupportedActionException", api="ListResources", type_name=QUEUE)

    assert code_of(cloudcontrol_client.list_resources, TypeName=LOG_GROUP) is None
    assert code_of(cloudcontrol_client.get_resource, TypeName=QUEUE, Identifier="q") == "ResourceNotFoundException"
    assert code_of(cloudcontrol_client.list_resources, TypeName=QUEUE) == "UnsupportedActionException"


def test_unmet_error_shows_what_was_written(cloudcontrol: CloudControl) -> None:
    """An error is shown as the call that arranged it."""
    error = cloudcontrol.add_error(
        "ThrottlingException", api=Api.GET_RESOURCE, type_name=STAGE, identifier="api|prod", times=2, optional=True
    )

    assert repr(error) == (
        f"<add_error('ThrottlingException', api='GetResource', type_name='{STAGE}', identifier='api|prod', times=2), "
        "fired 0 times>"
    )


# By identifier


@pytest.mark.parametrize(("type_name", "given", "called"), FORMS)
def test_form_of_an_identifier(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    existing: dict[str, str],
    type_name: str,
    given: str,
    called: str,
) -> None:
    """An error by identifier answers calls about that resource, whichever forms the rule and the call have."""
    if type_name == RULE:
        called = existing[RULE]
    error = cloudcontrol.add_error("AccessDeniedException", type_name=type_name, identifier=given, times=2)

    for identifier in (called, existing[type_name]):
        got = code_of(cloudcontrol_client.get_resource, TypeName=type_name, Identifier=identifier)
        assert got == "AccessDeniedException"
    assert error.fired == 2


@pytest.mark.parametrize("type_name", [None, LOG_GROUP])
def test_resource_of_every_call(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, type_name: str | None
) -> None:
    """An error by identifier answers creates that name it, calls on it, and calls about its requests."""
    client = cloudcontrol_client
    token, other = create(client, "app"), create(client, "other")
    error = cloudcontrol.add_error("AccessDeniedException", type_name=type_name, identifier="app", times=99)

    denied = [
        code_of(client.create_resource, TypeName=LOG_GROUP, DesiredState='{"LogGroupName": "app"}'),
        code_of(client.get_resource, TypeName=LOG_GROUP, Identifier="app"),
        code_of(client.delete_resource, TypeName=LOG_GROUP, Identifier='{"LogGroupName": "app"}'),
        code_of(client.get_resource_request_status, RequestToken=token),
        code_of(client.cancel_resource_request, RequestToken=token),
    ]
    assert denied == ["AccessDeniedException"] * 5
    assert code_of(client.get_resource_request_status, RequestToken=other) is None
    assert code_of(client.create_resource, TypeName=LOG_GROUP, DesiredState='{"LogGroupName": "new"}') is None
    assert code_of(client.list_resources, TypeName=LOG_GROUP) is None
    assert code_of(client.list_resource_requests) is None
    assert error.fired == 5


def test_identifier_that_the_service_makes(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A request comes to be about a resource when its first handler call has made the identifier."""
    client = cloudcontrol_client
    token = client.create_resource(TypeName=QUEUE, DesiredState="{}")["ProgressEvent"]["RequestToken"]
    url = cloudcontrol.requests.last.step().identifier
    assert url is not None
    cloudcontrol.add_error("AccessDeniedException", api="GetResourceRequestStatus", identifier=url)

    assert code_of(client.get_resource_request_status, RequestToken=token) == "AccessDeniedException"


@pytest.mark.parametrize(
    "members",
    [
        {"TypeName": "AWS::No::Type", "DesiredState": "{}"},
        {"TypeName": LOG_GROUP, "DesiredState": "no JSON"},
        {"TypeName": LOG_GROUP, "DesiredState": "[]"},
        {"TypeName": LOG_GROUP, "DesiredState": json.dumps({"LogGroupName": ["app"]})},
    ],
)
def test_call_about_nothing_known(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, members: dict[str, str]
) -> None:
    """A call that names no such type, or whose desired state is no object, is about no resource."""
    error = cloudcontrol.add_error("AccessDeniedException", identifier="app", optional=True)

    assert code_of(cloudcontrol_client.create_resource, **members) not in {None, "AccessDeniedException"}
    assert error.fired == 0


def test_account_and_region(cloudcontrol: CloudControl, existing: dict[str, str]) -> None:
    """An additional identifier means a resource of the caller's account and region only."""
    error = cloudcontrol.add_error(
        "AccessDeniedException", type_name=KEY_PAIR, identifier='{"KeyPairId": "key-0123"}', optional=True
    )

    elsewhere = cloudcontrol.client("eu-west-1")
    got = code_of(elsewhere.get_resource, TypeName=KEY_PAIR, Identifier=existing[KEY_PAIR])
    assert (got, error.fired) == ("ResourceNotFoundException", 0)


# Refused


@pytest.mark.parametrize(
    ("type_name", "hint"),
    [("AWS::SQS::Queu", ". Did you mean 'AWS::SQS::Queue'?"), ("Nothing::Like::It", "")],
)
def test_unknown_type(cloudcontrol: CloudControl, type_name: str, hint: str) -> None:
    """A type that there isn't is refused, with the nearest."""
    with pytest.raises(OptionError) as refused:
        cloudcontrol.add_error("ThrottlingException", type_name=type_name)

    expected = "a known resource type (cloudcontrol.add_type adds one)"
    assert str(refused.value) == f"type_name={type_name!r} is not valid: expected {expected}{hint}"


@pytest.mark.parametrize(
    ("named", "text"),
    [
        ({"type_name": QUEUE}, f"type_name='{QUEUE}' is not valid: expected no type_name"),
        ({"identifier": "app"}, "identifier='app' is not valid: expected no identifier"),
    ],
)
def test_list_of_requests(cloudcontrol: CloudControl, named: dict[str, str], text: str) -> None:
    """ListResourceRequests is about no resource, so that an error of its by type or identifier would never fire."""
    add_error: Callable[..., object] = cloudcontrol.add_error
    with pytest.raises(OptionError) as refused:
        add_error("ThrottlingException", api="ListResourceRequests", **named)

    assert str(refused.value) == f"{text} with ListResourceRequests, whose calls are about no resource"


@pytest.mark.parametrize(
    ("type_name", "given", "expected"),
    [
        (
            STAGE,
            "prod",
            (
                f"an identifier of {STAGE}: Identifier prod is not valid for identifier "
                "[/properties/RestApiId, /properties/StageName]"
            ),
        ),
        (None, "{broken", "an identifier: plain, or a JSON object of properties and their values"),
        (None, 5, "a text"),
    ],
)
def test_no_identifier(cloudcontrol: CloudControl, type_name: str | None, given: Any, expected: str) -> None:
    """What the API would take for no identifier is refused."""
    with pytest.raises(OptionError) as refused:
        cloudcontrol.add_error("ThrottlingException", type_name=type_name, identifier=given)

    assert (refused.value.name, refused.value.value, refused.value.expected) == ("identifier", given, expected)
