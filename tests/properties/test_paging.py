"""Paging: whatever the size of the pages, every one is there once, in order, while the world goes on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resource_types import LOG_GROUP
from things import OPERATIONS

from pytest_cloudcontrol import CloudControl, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_cloudcontrol import CloudControlApiClient
    from types_boto3_cloudcontrol.literals import OperationStatusType, OperationType
    from types_boto3_cloudcontrol.type_defs import ResourceRequestStatusFilterTypeDef

STATUSES: Final[list[OperationStatusType]] = ["PENDING", "IN_PROGRESS", "SUCCESS", "FAILED", "CANCEL_COMPLETE"]

# Requests are indexed in blocks of 256: there are more than two of them.
MANY: Final = 600

steady = settings(deadline=None, derandomize=True, database=None, max_examples=25)


class Full:
    """A world full of requests of every operation and status; Hypothesis shows it by its name alone."""

    def __init__(
        self, cloudcontrol: CloudControl, client: CloudControlApiClient, events: list[tuple[str, str, str]]
    ) -> None:
        self.cloudcontrol = cloudcontrol
        self.client = client
        self.events = events

    def expected(self, operations: list[OperationType], statuses: list[OperationStatusType]) -> list[str]:
        """Return the tokens that a filter chooses, newest first."""
        return [
            token
            for token, operation, status in reversed(self.events)
            if operation in (operations or OPERATIONS) and status in (statuses or STATUSES)
        ]


def paged(
    client: CloudControlApiClient, chosen: ResourceRequestStatusFilterTypeDef, size: int
) -> Iterator[tuple[list[str], str | None]]:
    """Yield each page's request tokens, and the token of the next page."""
    answer = client.list_resource_requests(MaxResults=size, ResourceRequestStatusFilter=chosen)
    while True:
        next_token = answer.get("NextToken")
        yield [event["RequestToken"] for event in answer["ResourceRequestStatusSummaries"]], next_token
        if next_token is None:
            return
        answer = client.list_resource_requests(
            MaxResults=size, ResourceRequestStatusFilter=chosen, NextToken=next_token
        )


@pytest.fixture(scope="class")
def full() -> Iterator[Full]:
    """Make a world of very many requests, which the tests only read."""
    with mock_cloudcontrol(auto_advance=False) as cloudcontrol:
        client, elsewhere = cloudcontrol.client(), cloudcontrol.client("eu-west-1")
        for number in range(MANY):
            name = f"group-{number}"
            if number % 3 == 0:
                client.create_resource(TypeName=LOG_GROUP, DesiredState=json.dumps({"LogGroupName": name}))
            elif number % 3 == 1:
                cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": name})
                client.update_resource(TypeName=LOG_GROUP, Identifier=name, PatchDocument="[]")
            else:
                elsewhere.delete_resource(TypeName=LOG_GROUP, Identifier=name)
                client.delete_resource(TypeName=LOG_GROUP, Identifier=name)
            request = cloudcontrol.requests.last
            match number % 7:
                case 1 | 2:
                    request.run()
                case 3:
                    request.cancel()
                case 4:
                    request.fail("Throttling")
                case 5:
                    request.expire()
        cloudcontrol.clock.advance(0)  # nothing shall be overdue: the tests' own acts would make it
        events = [
            (request.request_token, str(request.operation), str(request.status))
            for request in cloudcontrol.scope().requests
            if not request.expired
        ]
        yield Full(cloudcontrol, client, events)


@pytest.mark.slow
class TestVeryManyRequests:
    """A world that is paged through, and not changed."""

    @steady
    @given(
        operations=st.lists(st.sampled_from(OPERATIONS), unique=True),
        statuses=st.lists(st.sampled_from(STATUSES), unique=True),
        size=st.sampled_from([7, 20, 64, 99, 100]),
    )
    def test_pages_of_requests(
        self, full: Full, operations: list[OperationType], statuses: list[OperationStatusType], size: int
    ) -> None:
        """The pages have each request that the filter chooses once, newest first, and all but the last are full."""
        full.cloudcontrol.clock.advance(0)
        chosen: ResourceRequestStatusFilterTypeDef = {"Operations": operations, "OperationStatuses": statuses}
        pages = list(paged(full.client, chosen, size))
        assert [token for page, _ in pages for token in page] == full.expected(operations, statuses)
        assert [len(page) for page, _ in pages[:-1]] == [size] * (len(pages) - 1)
        assert pages[-1][0] or len(pages) == 1

    def test_default_page(self, full: Full) -> None:
        """Without MaxResults and a filter a page has the newest twenty requests."""
        answer = full.client.list_resource_requests()
        tokens = [event["RequestToken"] for event in answer["ResourceRequestStatusSummaries"]]
        assert tokens == full.expected([], [])[:20]


@steady
@given(
    size=st.integers(1, 6),
    before=st.integers(0, 15),
    meanwhile=st.lists(st.sampled_from(["create", "run", "expire oldest"]), max_size=8),
)
def test_pages_while_the_world_goes_on(size: int, before: int, meanwhile: list[str]) -> None:
    """While a client pages, new requests don't shift what it sees, and what ends or expires makes no gap or double."""
    with mock_cloudcontrol(auto_advance=False) as cloudcontrol:
        client = cloudcontrol.client()

        def create() -> None:
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")

        for _ in range(before):
            create()
        there = [request.request_token for request in cloudcontrol.requests]
        acts = iter(meanwhile)
        seen: list[str] = []
        for page, _next in paged(client, {}, size):
            seen += page
            match next(acts, None):
                case "create":
                    create()
                case "run":
                    cloudcontrol.run_until_idle()
                case "expire oldest":
                    for request in cloudcontrol.requests[:1]:
                        if not request.expired:
                            request.expire()
        kept = [token for token in there if not cloudcontrol.request(token).expired]
    assert [token for token in seen if token in kept] == kept[::-1]
    assert set(seen) <= set(there)
    assert len(seen) == len(set(seen))


@steady
@given(size=st.integers(1, 7), names=st.sets(st.text("abc", min_size=1, max_size=3), max_size=20), data=st.data())
def test_pages_of_resources(size: int, names: set[str], data: st.DataObject) -> None:
    """ListResources pages through every resource once, though others are removed and made in between."""
    with mock_cloudcontrol(auto_advance=False, list_page_size=size) as cloudcontrol:
        for name in names:
            cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": name})
        client = cloudcontrol.client()
        gone: set[str] = set()
        seen: list[str] = []
        for page in client.get_paginator("list_resources").paginate(TypeName=LOG_GROUP):
            seen += [resource["Identifier"] for resource in page["ResourceDescriptions"]]
            left = sorted(names - gone)
            chosen = data.draw(st.sampled_from([None, *left]))
            if chosen is not None:
                cloudcontrol.resources.delete(LOG_GROUP, chosen)
                gone.add(chosen)
                cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "A-new-one-which-sorts-first"})
    assert [name for name in seen if name not in gone] == sorted(names - gone)
    assert len(seen) == len(set(seen))
