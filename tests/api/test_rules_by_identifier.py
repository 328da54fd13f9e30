"""A rule's identifier has every form that the API takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest
from calls import create
from resource_types import KEY_PAIR, LOG_GROUP, QUEUE, STAGE

from pytest_cloudcontrol import CloudControl, OptionError, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

RULE: Final = "AWS::Events::Rule"
PERMISSIONS: Final = "AWS::LakeFormation::PrincipalPermissions"
TWO_OBJECTS: Final = '{"Name":"ada"}|{"Database":"sales"}'

EXISTING: Final[dict[str, dict[str, object]]] = {
    LOG_GROUP: {"LogGroupName": "app"},
    STAGE: {"RestApiId": "api", "StageName": "prod"},
    KEY_PAIR: {"KeyName": "laptop", "KeyPairId": "key-0123"},
    RULE: {"Name": "nightly", "EventBusName": "default"},
    PERMISSIONS: {"PrincipalIdentifier": '{"Name":"ada"}', "ResourceIdentifier": '{"Database":"sales"}'},
}

FORMS: Final = [
    pytest.param(LOG_GROUP, "app", id="plain"),
    pytest.param(LOG_GROUP, '{"LogGroupName": "app"}', id="JSON"),
    pytest.param(LOG_GROUP, '{"/properties/LogGroupName":"app"}', id="JSON with pointers"),
    pytest.param(STAGE, "api|prod", id="compound"),
    pytest.param(STAGE, '{"StageName": "prod", "RestApiId": "api"}', id="compound as JSON in any order"),
    pytest.param(KEY_PAIR, '{"KeyPairId": "key-0123"}', id="additional"),
    pytest.param(RULE, "nightly", id="bare name"),
    pytest.param(PERMISSIONS, TWO_OBJECTS, id="compound of JSON objects"),
]

OTHERS: Final = [
    pytest.param(LOG_GROUP, '{"LogGroupName": "other"}', id="JSON"),
    pytest.param(STAGE, "prod|api", id="compound in another order"),
    pytest.param(KEY_PAIR, '{"KeyPairId": "key-4567"}', id="additional"),
    pytest.param(KEY_PAIR, "key-0123", id="additional, plain"),
    pytest.param(RULE, "weekly", id="bare name"),
]

VERBS: Final[dict[str, tuple[Callable[..., object], str]]] = {
    "add_failure": (lambda cloudcontrol, **named: cloudcontrol.add_failure("NotStabilized", **named), "FAILED"),
    "add_cancel": (lambda cloudcontrol, **named: cloudcontrol.add_cancel(**named), "CANCEL_COMPLETE"),
    "add_expiry": (lambda cloudcontrol, **named: cloudcontrol.add_expiry(**named), "IN_PROGRESS"),
}


def deleted(cloudcontrol: CloudControl, client: CloudControlApiClient, type_name: str, identifier: str) -> str:
    """Delete a resource, and return the status in which that ends."""
    client.delete_resource(TypeName=type_name, Identifier=identifier)
    return cloudcontrol.requests.last.run().status


@pytest.fixture
def identifiers(cloudcontrol: CloudControl) -> dict[str, str]:
    """Place the resources, and return their primary identifiers by their types."""
    return {name: cloudcontrol.resources.put(name, properties) for name, properties in EXISTING.items()}


@pytest.mark.parametrize("with_type", [True, False], ids=["with its type", "without"])
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(("type_name", "given"), FORMS)
def test_form_of_an_identifier(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    identifiers: dict[str, str],
    type_name: str,
    given: str,
    verb: str,
    with_type: bool,
) -> None:
    """A rule by any form of an identifier is about the resource that the API finds by it."""
    arrange, status = VERBS[verb]
    arrange(cloudcontrol, identifier=given, type_name=type_name if with_type else None)
    primary = identifiers[type_name]
    named = json.dumps(EXISTING[PERMISSIONS]) if type_name == PERMISSIONS else primary
    assert deleted(cloudcontrol, cloudcontrol_client, type_name, named) == status


@pytest.mark.parametrize(("type_name", "given"), OTHERS)
def test_identifier_of_another(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    identifiers: dict[str, str],
    type_name: str,
    given: str,
) -> None:
    """A rule by an identifier that the API doesn't find a resource by leaves that one alone."""
    cloudcontrol.add_failure("NotStabilized", type_name=type_name, identifier=given, optional=True)
    assert deleted(cloudcontrol, cloudcontrol_client, type_name, identifiers[type_name]) == "SUCCESS"


def test_create_by_json(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """JSON of a primary identifier means a resource that isn't there yet, too."""
    cloudcontrol.add_failure("NotStabilized", identifier='{"LogGroupName": "app"}')
    request = cloudcontrol.request(create(cloudcontrol_client, "app"))
    assert request.run().status == "FAILED"


def test_additional_identifier_from_the_second_call_on(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """An additional identifier means a new resource as soon as there is one with it."""
    cloudcontrol.add_failure("NotStabilized", identifier='{"KeyPairId": "key-0123"}', at_step=2)

    def rename() -> None:
        cloudcontrol.resources.put(KEY_PAIR, {"KeyName": "laptop", "KeyPairId": "key-0123"})

    cloudcontrol.before(rename, at_step=2)
    cloudcontrol_client.create_resource(TypeName=KEY_PAIR, DesiredState='{"KeyName": "laptop"}')
    assert cloudcontrol.requests.last.run().status == "FAILED"


def test_account_and_region(cloudcontrol: CloudControl) -> None:
    """An additional identifier is looked for where the request is made."""
    ireland = cloudcontrol.scope(region="eu-west-1").resources
    ireland.put(KEY_PAIR, {"KeyName": "laptop", "KeyPairId": "key-0123"})
    cloudcontrol.resources.put(KEY_PAIR, {"KeyName": "laptop", "KeyPairId": "key-4567"})
    cloudcontrol.add_failure("NotStabilized", identifier='{"KeyPairId": "key-0123"}')
    assert deleted(cloudcontrol, cloudcontrol.client(), KEY_PAIR, "laptop") == "SUCCESS"
    cloudcontrol.client("eu-west-1").delete_resource(TypeName=KEY_PAIR, Identifier="laptop")
    assert cloudcontrol.requests.last.run().status == "FAILED"


def test_type_without_such_an_identifier(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A rule without a type leaves requests of types alone that have no identifier of the form."""
    cloudcontrol.add_failure("NotStabilized", identifier='{"LogGroupName": "app"}', optional=True)
    cloudcontrol_client.create_resource(TypeName=QUEUE, DesiredState="{}")
    assert cloudcontrol.requests.last.run().status == "SUCCESS"


def test_unmet_rule_shows_what_was_written() -> None:
    """A rule that never fired is told with the identifier as the test has written it."""
    with pytest.raises(AssertionError) as unmet, mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.add_cancel(type_name=LOG_GROUP, identifier='{"LogGroupName": "app"}')
    assert str(unmet.value).split("\n")[1] == (
        """    add_cancel(type_name='AWS::Logs::LogGroup', identifier='{"LogGroupName": "app"}', at_step=1)"""
    )


NAMES: Final = "When specifying the identifier as JSON, you must specify exactly one identifier from"


@pytest.mark.parametrize(
    ("type_name", "given", "expected"),
    [
        (
            LOG_GROUP,
            '{"Name": "app"}',
            (
                f"an identifier of {LOG_GROUP}: {NAMES} [[/properties/LogGroupName]], "
                "and no additional properties can be specified"
            ),
        ),
        (
            STAGE,
            "prod",
            (
                f"an identifier of {STAGE}: Identifier prod is not valid for identifier "
                "[/properties/RestApiId, /properties/StageName]"
            ),
        ),
        (None, "{app", "an identifier: plain, or a JSON object of properties and their values"),
    ],
)
def test_no_identifier(cloudcontrol: CloudControl, type_name: str | None, given: str, expected: str) -> None:
    """An identifier that the API would refuse is refused where the rule is arranged."""
    with pytest.raises(OptionError) as refused:
        cloudcontrol.add_expiry(type_name=type_name, identifier=given)
    assert str(refused.value) == f"identifier={given!r} is not valid: expected {expected}"
