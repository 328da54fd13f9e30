"""Expiry: what becomes of a request seven days after it was accepted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from fidelity_support import INSTANT, create, delete, status, update
from refusals import refusal
from resource_types import LOG_GROUP

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)

WEEK = timedelta(days=7)


@pytest.mark.fidelity("L-24")
@pytest.mark.parametrize("is_done", [True, False], ids=["finished", "running"])
@pytest.mark.parametrize("api", ["get_resource_request_status", "cancel_resource_request"])
def test_after_seven_days_a_request_token_is_unknown(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str, *, is_done: bool
) -> None:
    """Status and Cancel answer for an expired request as for one that never was."""
    if not is_done:
        cloudcontrol.plan(delay=timedelta(days=5), steps=3)
    event = create(cloudcontrol_client)
    cloudcontrol.clock.advance(WEEK)
    assert refusal(lambda: getattr(cloudcontrol_client, api)(RequestToken=event["RequestToken"])) == (
        "RequestTokenNotFoundException",
        f"Request with token {event['RequestToken']} was not found",
        400,
    )


@pytest.mark.fidelity("L-24")
def test_after_seven_days_a_request_is_listed_no_more(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """ListResourceRequests leaves expired requests out, and keeps the others."""
    create(cloudcontrol_client, "old")
    cloudcontrol.clock.advance(timedelta(days=3))
    young = create(cloudcontrol_client, "young")
    cloudcontrol.clock.advance(timedelta(days=4))
    summaries = cloudcontrol_client.list_resource_requests()["ResourceRequestStatusSummaries"]
    assert [summary["RequestToken"] for summary in summaries] == [young["RequestToken"]]


@pytest.mark.fidelity("L-25")
def test_a_request_lives_less_than_seven_days_exactly(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A millisecond before seven days are over a request is known and listed; at seven days it is neither."""
    event = create(cloudcontrol_client)
    cloudcontrol.clock.advance(WEEK - INSTANT)
    assert status(cloudcontrol_client, event)["OperationStatus"] == "SUCCESS"
    assert len(cloudcontrol_client.list_resource_requests()["ResourceRequestStatusSummaries"]) == 1
    cloudcontrol.clock.advance(INSTANT)
    assert refusal(lambda: status(cloudcontrol_client, event)).code == "RequestTokenNotFoundException"
    assert cloudcontrol_client.list_resource_requests()["ResourceRequestStatusSummaries"] == []


@pytest.mark.fidelity("L-25")
def test_the_seven_days_count_from_acceptance(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A request that ended six days after it was accepted is forgotten one day later."""
    cloudcontrol.plan(delay=timedelta(days=6), first_delay=0)
    event = create(cloudcontrol_client)
    cloudcontrol.clock.advance(timedelta(days=6))
    assert status(cloudcontrol_client, event)["OperationStatus"] == "SUCCESS"
    cloudcontrol.clock.advance(timedelta(days=1))
    assert refusal(lambda: status(cloudcontrol_client, event)).code == "RequestTokenNotFoundException"


@pytest.mark.fidelity("L-26")
def test_an_expired_request_gets_no_further_handler_calls(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The call that would fall due at the very instant of expiry is not made, nor is any later one."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    cloudcontrol.plan(first_delay=WEEK)
    event = delete(cloudcontrol_client)
    cloudcontrol.clock.advance(timedelta(days=30))
    request = cloudcontrol.request(event["RequestToken"])
    assert (request.steps, request.expired, request.status) == (0, True, "IN_PROGRESS")
    assert cloudcontrol.resources.get(LOG_GROUP, "app") is not None


@pytest.mark.fidelity("L-26")
def test_what_an_expired_request_did_stays(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A resource outlives the request that made it, even one that never came to its end."""
    cloudcontrol.plan(delay=timedelta(days=30))
    create(cloudcontrol_client)
    cloudcontrol.clock.advance(WEEK)
    got = cloudcontrol_client.get_resource(TypeName=LOG_GROUP, Identifier="app")["ResourceDescription"]
    assert got["Identifier"] == "app"


@pytest.mark.fidelity("L-26")
def test_the_resource_of_an_expired_request_is_not_busy(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """An operation that was refused while the request was running is accepted when it has expired."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    cloudcontrol.plan(first_delay=timedelta(days=30))
    update(cloudcontrol_client)
    cloudcontrol.clock.advance(WEEK - INSTANT)
    assert refusal(lambda: delete(cloudcontrol_client)).code == "ConcurrentOperationException"
    cloudcontrol.clock.advance(INSTANT)
    assert delete(cloudcontrol_client)["OperationStatus"] == "IN_PROGRESS"


@pytest.mark.fidelity("L-26")
def test_the_client_token_of_an_expired_request_is_free(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A client token that its 36 hours would still bind is free once its request has expired."""
    desired = '{"LogGroupName": "app"}'
    first = cloudcontrol_client.create_resource(TypeName=LOG_GROUP, DesiredState=desired, ClientToken="once")
    cloudcontrol.requests.last.expire()
    second = cloudcontrol_client.create_resource(TypeName=LOG_GROUP, DesiredState=desired, ClientToken="once")
    assert first["ProgressEvent"]["RequestToken"] != second["ProgressEvent"]["RequestToken"]
