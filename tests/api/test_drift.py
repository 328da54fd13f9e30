"""``resources.update``: a resource drifts, changed by somebody else than Cloud Control."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from calls import create, shown
from loops import ON, rounds
from resource_types import KEY_PAIR, LOG_GROUP, SECRET, STAGE
from retrying import once
from shop import ORDER, Shop, shop_types

from pytest_cloudcontrol import StatusNotReached

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = ON


def test_given_properties_change(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Given properties take the place of those that were there, as a whole; all others stay; no request is made."""
    tags = [{"Key": "team", "Value": "blue"}]
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "RetentionInDays": 7, "Tags": tags})
    before = shown(cloudcontrol_client, LOG_GROUP, "app")
    new = [{"Key": "owner", "Value": "me"}]
    cloudcontrol.resources.update(LOG_GROUP, "app", {"Tags": new, "LogGroupClass": "INFREQUENT_ACCESS"})
    assert shown(cloudcontrol_client, LOG_GROUP, "app") == {**before, "Tags": new, "LogGroupClass": "INFREQUENT_ACCESS"}
    assert len(cloudcontrol.requests) == 0


def test_none_takes_away(cloudcontrol: CloudControl) -> None:
    """A property that is given as None is taken away."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "RetentionInDays": 7}, as_read=True)
    cloudcontrol.resources.update(LOG_GROUP, "app", {"RetentionInDays": None})
    assert cloudcontrol.resources.get(LOG_GROUP, "app") == {"LogGroupName": "app"}


@pytest.mark.parametrize(
    ("type_name", "put", "change"),
    [
        (KEY_PAIR, {"KeyName": "k"}, {"KeyFingerprint": "00:11"}),
        (SECRET, {"Name": "s", "SecretString": "old"}, {"SecretString": "new"}),
        (STAGE, {"RestApiId": "api", "StageName": "prod"}, {"Description": "by hand"}),
        (LOG_GROUP, {"LogGroupName": "app"}, {"LogGroupName": "app", "RetentionInDays": 1}),
    ],
    ids=["read-only", "write-only", "compound", "the same identifier"],
)
def test_of_every_role(cloudcontrol: CloudControl, type_name: str, put: dict[str, Any], change: dict[str, Any]) -> None:
    """What only the service sets, what isn't shown, and a resource with a compound identifier can drift too."""
    identifier = cloudcontrol.resources.put(type_name, put)
    before = cloudcontrol.resources.get(type_name, identifier)
    assert before is not None
    cloudcontrol.resources.update(type_name, identifier, change)
    assert cloudcontrol.resources.get(type_name, identifier) == {**before, **change}


@pytest.mark.parametrize("identifier", ["api|prod", '{"RestApiId": "api", "StageName": "prod"}'])
def test_every_form_of_the_identifier(cloudcontrol: CloudControl, identifier: str) -> None:
    """The identifier is taken in every form that the API takes."""
    cloudcontrol.resources.put(STAGE, {"RestApiId": "api", "StageName": "prod"})
    cloudcontrol.resources.update(STAGE, identifier, {"Description": "by hand"})
    assert (cloudcontrol.resources.get(STAGE, "api|prod") or {})["Description"] == "by hand"


def test_of_a_resource_that_its_schema_refuses(cloudcontrol: CloudControl) -> None:
    """Only what is given is checked: a resource that was placed as it is read can drift."""
    stream = "AWS::KinesisVideo::Stream"
    identifier = cloudcontrol.resources.put(stream, {"Name": "s", "Tags": []}, as_read=True)
    cloudcontrol.resources.update(stream, identifier, {"DataRetentionInHours": 5})
    assert cloudcontrol.resources.get(stream, identifier) == {"Name": "s", "Tags": [], "DataRetentionInHours": 5}


def test_of_another_account_and_region(cloudcontrol: CloudControl) -> None:
    """A scope's resources drift, and those of the same name elsewhere don't."""
    there = cloudcontrol.scope("210987654321", "eu-west-1").resources
    for resources in (there, cloudcontrol.resources):
        resources.put(LOG_GROUP, {"LogGroupName": "app", "RetentionInDays": 7}, as_read=True)
    there.update(LOG_GROUP, "app", {"RetentionInDays": 30})
    assert (there.get(LOG_GROUP, "app") or {})["RetentionInDays"] == 30
    assert (cloudcontrol.resources.get(LOG_GROUP, "app") or {})["RetentionInDays"] == 7


def test_what_is_given_is_copied(cloudcontrol: CloudControl) -> None:
    """What the test does with its own dict afterwards changes nothing."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    tags = [{"Key": "team", "Value": "blue"}]
    cloudcontrol.resources.update(LOG_GROUP, "app", {"Tags": tags})
    tags.clear()
    assert (cloudcontrol.resources.get(LOG_GROUP, "app") or {})["Tags"] == [{"Key": "team", "Value": "blue"}]


def test_additional_identifier_drifts(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A resource whose additional identifier drifts is found by the new one, and no longer by the old."""
    identifier = cloudcontrol.resources.put(
        "AWS::Lambda::EventInvokeConfig", {"FunctionName": "f", "Qualifier": "$LATEST"}, as_read=True
    )
    cloudcontrol.resources.update("AWS::Lambda::EventInvokeConfig", identifier, {"MaximumRetryAttempts": 1})
    assert shown(cloudcontrol_client, "AWS::Lambda::EventInvokeConfig", identifier)["MaximumRetryAttempts"] == 1


def test_patch_of_what_has_drifted(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A patch is applied to what is there now: a test of the old value fails."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "RetentionInDays": 7})
    cloudcontrol.resources.update(LOG_GROUP, "app", {"RetentionInDays": 30})
    with pytest.raises(cloudcontrol_client.exceptions.ClientError, match=r"\[TEST Operation\] value mismatch"):
        cloudcontrol_client.update_resource(
            TypeName=LOG_GROUP,
            Identifier="app",
            PatchDocument='[{"op": "test", "path": "/RetentionInDays", "value": 7}]',
        )


def test_loop_that_waits_for_it(cloudcontrol: CloudControl) -> None:
    """A change is an act and progress: a loop that reads until a callback has changed the resource ends."""
    client = once(cloudcontrol)
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "RetentionInDays": 7})
    create(client, "other")
    cloudcontrol.before(lambda: cloudcontrol.resources.update(LOG_GROUP, "app", {"RetentionInDays": 30}), at_step=2)
    for _ in rounds():
        if shown(client, LOG_GROUP, "app")["RetentionInDays"] == 30:
            break


@shop_types
def test_while_a_request_works_on_it(cloudcontrol: CloudControl) -> None:
    """A request goes on with what is there then, and its timeline shows the change."""
    shop = Shop(cloudcontrol)
    request = shop.create(Alpha="1", Beta="2").step()
    cloudcontrol.resources.update(ORDER, "n1", {"Gamma": "3"})
    request.run()
    assert (request.status, shop.written()) == ("SUCCESS", {"Alpha": "1", "Beta": "2", "Gamma": "3"})
    with pytest.raises(StatusNotReached) as raised:
        request.run_until("PENDING")
    assert "2030-01-01 00:00:00.200 resources.update() has changed the resource" in str(raised.value)
