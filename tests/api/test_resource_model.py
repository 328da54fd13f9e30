"""An event's resource model: parsed for the test, and as the text that the API sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calls import RETENTION_PATCH, create
from resource_types import LOG_GROUP

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl


def test_resource_model(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """The immediate answer of an update has the patched model; the event has it parsed, and as it was sent."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    answer = cloudcontrol_client.update_resource(TypeName=LOG_GROUP, Identifier="app", PatchDocument=RETENTION_PATCH)

    event = cloudcontrol.requests.last.last_event
    assert event.model_text == answer["ProgressEvent"]["ResourceModel"]
    assert event.resource_model is not None
    assert (event.resource_model["LogGroupName"], event.resource_model["RetentionInDays"]) == ("app", 7)


def test_what_is_done_to_it_stays_without_effect(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """It is parsed anew at each reading."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    cloudcontrol_client.update_resource(TypeName=LOG_GROUP, Identifier="app", PatchDocument=RETENTION_PATCH)
    event = cloudcontrol.requests.last.last_event
    (event.resource_model or {}).clear()

    assert event.resource_model


def test_event_without_a_model(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Any other event has none, neither parsed nor as text."""
    create(cloudcontrol_client)
    events = cloudcontrol.requests.last.run().events

    assert [(event.resource_model, event.model_text) for event in events] == [(None, None)] * 3
