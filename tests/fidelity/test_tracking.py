"""GetResourceRequestStatus and ListResourceRequests: filters, pages, and what is a request at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fidelity_support import create, delete, status, update
from refusals import Refusal, refusal
from resource_types import LOG_GROUP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)

STATUSES = ("PENDING", "IN_PROGRESS", "SUCCESS", "FAILED", "CANCEL_IN_PROGRESS", "CANCEL_COMPLETE")


def listed(client: CloudControlApiClient, **members: Any) -> list[tuple[str, str]]:
    """Return the identifier and status of each request that a list shows."""
    summaries = client.list_resource_requests(**members)["ResourceRequestStatusSummaries"]
    return [(summary["Identifier"], summary["OperationStatus"]) for summary in summaries]


def filtered(client: CloudControlApiClient, **wanted: Sequence[str]) -> set[str]:
    """Return the identifiers of the requests that a filter lets through."""
    return {identifier for identifier, _ in listed(client, ResourceRequestStatusFilter=wanted)}


@pytest.fixture
def _some_of_each(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Have requests of all operations, and of every status that a request can rest in."""
    for name in ("updated", "deleted", "updating"):
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": name})
    create(cloudcontrol_client, "created")
    update(cloudcontrol_client, name="updated")
    delete(cloudcontrol_client, "deleted")
    cloudcontrol.run_until_idle()
    create(cloudcontrol_client, "failed")
    cloudcontrol.requests.last.fail("InternalFailure")
    create(cloudcontrol_client, "cancelled")
    cloudcontrol.requests.last.cancel()
    create(cloudcontrol_client, "creating")
    update(cloudcontrol_client, name="updating")
    cloudcontrol.plan(pending=True)
    delete(cloudcontrol_client, "pending")


@pytest.mark.fidelity("O-29")
def test_status_answers_the_progress_event_alone(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """GetResourceRequestStatus answers a ProgressEvent and nothing besides."""
    event = create(cloudcontrol_client)
    answer = cloudcontrol_client.get_resource_request_status(RequestToken=event["RequestToken"])
    assert set(answer) == {"ProgressEvent", "ResponseMetadata"}
    assert answer["ProgressEvent"] == event
    assert len(cloudcontrol.requests) == 1


@pytest.mark.fidelity("O-30")
@pytest.mark.parametrize(
    ("members", "size"), [({}, 20), ({"MaxResults": 1}, 1), ({"MaxResults": 7}, 7), ({"MaxResults": 100}, 25)]
)
def test_a_page_has_20_requests_or_as_many_as_asked_for(
    cloudcontrol_client: CloudControlApiClient, members: dict[str, int], size: int
) -> None:
    """ListResourceRequests shows 20 requests by default, and MaxResults, up to 100, if it is given."""
    for number in range(25):
        create(cloudcontrol_client, f"app-{number}")
    # The members come from a table.
    answer = cloudcontrol_client.list_resource_requests(**members)  # type: ignore[arg-type]
    assert len(answer["ResourceRequestStatusSummaries"]) == size
    assert ("NextToken" in answer) == (size < 25)


@pytest.mark.fidelity("O-30")
@pytest.mark.parametrize("count", [0, 20, 21, 40])
def test_pages_show_every_request_once(cloudcontrol_client: CloudControlApiClient, count: int) -> None:
    """Following NextToken shows all requests, each once, and the last page has no NextToken."""
    tokens = [create(cloudcontrol_client, f"app-{number}")["RequestToken"] for number in range(count)]
    pages = list(cloudcontrol_client.get_paginator("list_resource_requests").paginate())
    seen = [summary["RequestToken"] for page in pages for summary in page["ResourceRequestStatusSummaries"]]
    assert sorted(seen) == sorted(tokens)
    assert len(pages) == max(1, -(-count // 20))


@pytest.mark.fidelity("O-30")
def test_more_than_a_hundred_cannot_be_asked_for(cloudcontrol_client: CloudControlApiClient) -> None:
    """A MaxResults above 100 is a ValidationException."""
    assert refusal(lambda: cloudcontrol_client.list_resource_requests(MaxResults=101)) == Refusal(
        "ValidationException",
        "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: "
        "Member must have value less than or equal to 100",
        400,
    )


@pytest.mark.fidelity("O-31")
@pytest.mark.usefixtures("_some_of_each")
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"Operations": ["UPDATE"]}, {"updated", "updating"}),
        ({"Operations": ["DELETE"]}, {"deleted", "pending"}),
        ({"Operations": ["UPDATE", "DELETE"]}, {"updated", "updating", "deleted", "pending"}),
        ({"OperationStatuses": ["IN_PROGRESS"]}, {"creating", "updating"}),
        ({"OperationStatuses": ["PENDING"]}, {"pending"}),
        ({"OperationStatuses": ["SUCCESS"]}, {"created", "updated", "deleted"}),
        ({"OperationStatuses": ["FAILED", "CANCEL_COMPLETE"]}, {"failed", "cancelled"}),
        ({"OperationStatuses": ["CANCEL_IN_PROGRESS"]}, set()),
        ({"Operations": ["CREATE"], "OperationStatuses": ["IN_PROGRESS"]}, {"creating"}),
        (
            {"Operations": ["CREATE", "UPDATE"], "OperationStatuses": ["SUCCESS", "FAILED"]},
            {"created", "updated", "failed"},
        ),
        ({"Operations": ["DELETE"], "OperationStatuses": ["FAILED"]}, set()),
    ],
)
def test_the_filter_says_what_is_included(
    cloudcontrol_client: CloudControlApiClient, wanted: dict[str, list[str]], expected: set[str]
) -> None:
    """Any of the operations and any of the statuses: a request needs one of each kind that is given."""
    assert filtered(cloudcontrol_client, **wanted) == expected


@pytest.mark.fidelity("O-32")
@pytest.mark.usefixtures("_some_of_each")
@pytest.mark.parametrize(
    "members",
    [
        {},
        {"ResourceRequestStatusFilter": {}},
        {"ResourceRequestStatusFilter": {"Operations": [], "OperationStatuses": []}},
        {"ResourceRequestStatusFilter": {"Operations": ["CREATE", "UPDATE", "DELETE"]}},
        {"ResourceRequestStatusFilter": {"OperationStatuses": list(STATUSES)}},
    ],
    ids=["no filter", "empty filter", "empty lists", "all operations", "all statuses"],
)
def test_no_filter_is_every_request(cloudcontrol_client: CloudControlApiClient, members: dict[str, Any]) -> None:
    """Without a filter, and with empty lists in it, every operation and all six statuses are shown."""
    assert [identifier for identifier, _ in listed(cloudcontrol_client, **members)] == [
        "pending",
        "updating",
        "creating",
        "cancelled",
        "failed",
        "deleted",
        "updated",
        "created",
    ]


@pytest.mark.fidelity("O-32")
def test_finished_requests_are_listed_too(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A request stays in the list when it has ended, with the event that it ended in."""
    event = create(cloudcontrol_client)
    cloudcontrol.run_until_idle()
    summaries = cloudcontrol_client.list_resource_requests()["ResourceRequestStatusSummaries"]
    assert summaries == [status(cloudcontrol_client, event)]
    assert summaries[0]["OperationStatus"] == "SUCCESS"


@pytest.mark.fidelity("C-10")
def test_the_newest_request_comes_first(cloudcontrol_client: CloudControlApiClient) -> None:
    """Requests are listed from the newest to the oldest, those of one instant too."""
    for name in ("a", "b", "c"):
        create(cloudcontrol_client, name)
    assert [identifier for identifier, _ in listed(cloudcontrol_client)] == ["c", "b", "a"]


@pytest.mark.fidelity("C-10")
def test_pages_stay_stable_while_requests_come_and_go_on(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A second page goes on where the first ended, though requests were made and moved in between."""
    for name in ("a", "b", "c", "d"):
        create(cloudcontrol_client, name)
    first = cloudcontrol_client.list_resource_requests(MaxResults=2)
    assert [summary["Identifier"] for summary in first["ResourceRequestStatusSummaries"]] == ["d", "c"]
    create(cloudcontrol_client, "e")
    cloudcontrol.run_until_idle()
    assert listed(cloudcontrol_client, MaxResults=2, NextToken=first["NextToken"]) == [
        ("b", "SUCCESS"),
        ("a", "SUCCESS"),
    ]


@pytest.mark.fidelity("C-11")
@pytest.mark.parametrize("next_token", ["x", "AAAA", "bm90IG91cnM=", "AAAAAAAAAAA=MQ==", "AAAAAAAAAAA=", "===="])
def test_a_next_token_that_was_never_given_is_refused(
    cloudcontrol_client: CloudControlApiClient, next_token: str
) -> None:
    """A NextToken that no page of requests has carried is a ValidationException."""
    create(cloudcontrol_client)
    assert refusal(lambda: cloudcontrol_client.list_resource_requests(NextToken=next_token)) == Refusal(
        "ValidationException", f"Invalid NextToken: {next_token}", 400
    )


@pytest.mark.fidelity("C-12")
def test_a_refused_call_is_no_request(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A call that was refused at once is not listed."""
    refusal(lambda: cloudcontrol_client.create_resource(TypeName="No::Such::Type", DesiredState="{}"))
    refusal(lambda: update(cloudcontrol_client, name="none"))
    assert listed(cloudcontrol_client) == []
    assert len(cloudcontrol.requests) == 0


@pytest.mark.fidelity("D-6")
@pytest.mark.parametrize("elsewhere", [{"account_id": "210987654321"}, {"region_name": "eu-west-1"}])
def test_requests_are_of_one_account_and_region(cloudcontrol: CloudControl, elsewhere: dict[str, Any]) -> None:
    """A request is neither listed nor found nor cancelled in another account or region."""
    here, there = cloudcontrol.client(), cloudcontrol.client(**elsewhere)
    event = create(here)
    assert (listed(here), listed(there)) == ([("app", "IN_PROGRESS")], [])
    unknown = ("RequestTokenNotFoundException", f"Request with token {event['RequestToken']} was not found", 400)
    assert refusal(lambda: status(there, event)) == unknown
    assert refusal(lambda: there.cancel_resource_request(RequestToken=event["RequestToken"])) == unknown
