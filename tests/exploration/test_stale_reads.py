"""A read is stale: it doesn't show yet what the request has done that has ended last."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import WaiterError
from calls import RETENTION_PATCH, create, shown, wait
from programs import NO_SURPRISES, Seen, at, tried
from resource_types import LOG_GROUP, QUEUE
from retrying import once

from pytest_cloudcontrol import explore

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

STALE: Final[dict[str, Any]] = NO_SURPRISES | {"stale_reads": True}


def got(client: CloudControlApiClient) -> object:
    """Return the retention that GetResource shows of the log group, or that there is none."""
    try:
        return shown(client, LOG_GROUP, "orders").get("RetentionInDays")
    except client.exceptions.ResourceNotFoundException:
        return "not found"


def listed(client: CloudControlApiClient) -> object:
    """Return the retention that ListResources shows of the log group, or that there is none."""
    there = client.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"]
    properties = [json.loads(description["Properties"]) for description in there]
    return [each.get("RetentionInDays") for each in properties if each["LogGroupName"] == "orders"] or "not found"


def created(client: CloudControlApiClient) -> None:
    """Create the log group, and wait for it."""
    wait(client, create(client))


def updated(client: CloudControlApiClient) -> None:
    """Create the log group, and change it."""
    created(client)
    answer = client.update_resource(TypeName=LOG_GROUP, Identifier="orders", PatchDocument=RETENTION_PATCH)
    wait(client, answer["ProgressEvent"]["RequestToken"])


def deleted(client: CloudControlApiClient) -> None:
    """Create the log group, and delete it."""
    created(client)
    answer = client.delete_resource(TypeName=LOG_GROUP, Identifier="orders")
    wait(client, answer["ProgressEvent"]["RequestToken"])


@pytest.mark.parametrize(
    ("change", "read", "stale", "fresh"),
    [
        (created, got, "not found", None),
        (created, listed, "not found", [None]),
        (updated, got, None, 7),
        (updated, listed, [None], [7]),
        (deleted, got, None, "not found"),
        (deleted, listed, [None], "not found"),
    ],
)
def test_after_a_change(
    change: Callable[[CloudControlApiClient], None],
    read: Callable[[CloudControlApiClient], object],
    stale: object,
    fresh: object,
) -> None:
    """The read shows what was there before the change, once; the next one, and the plain run's, what is there now."""

    def program(cloudcontrol: CloudControl) -> object:
        client = cloudcontrol.client()
        change(client)
        first = read(client)
        with cloudcontrol.undisturbed():
            return first, read(client)

    seen = Seen(program)
    (line,) = tried(seen, **STALE)
    assert line.endswith(f"{'GetResource' if read is got else 'ListResources'}: stale")
    assert seen.outcomes == [str((fresh, fresh)), str((fresh, fresh)), str((stale, fresh))]


def test_what_can_not_be_stale() -> None:
    """Before anything has ended, and of what another resource or type is, no read is stale; nor is a status."""

    def program(cloudcontrol: CloudControl) -> object:
        client = once(cloudcontrol)
        token = create(client)
        before = got(client)
        wait(client, token)
        client.get_resource_request_status(RequestToken=token)
        client.list_resources(TypeName=QUEUE)
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            client.get_resource(TypeName=LOG_GROUP, Identifier="other")
        return before

    assert tried(Seen(program), **STALE) == []


def test_only_what_has_ended_last() -> None:
    """Of two that have ended a stale read leaves out the later one only."""

    def program(cloudcontrol: CloudControl) -> object:
        client = cloudcontrol.client()
        for name in ("first", "second"):
            wait(client, create(client, name))
        there = client.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"]
        return [description["Identifier"] for description in there]

    (line,) = tried(Seen(program), **STALE)
    assert at(program, line) == str(["first"])


def test_each_read_by_itself() -> None:
    """Each read is one point; with two surprises both are stale."""

    def program(cloudcontrol: CloudControl) -> object:
        client = cloudcontrol.client()
        created(client)
        return got(client), listed(client)

    seen = Seen(program)
    lines = tried(seen, **STALE | {"surprises": 2})
    assert [line.count(": stale") for line in lines] == [1, 1, 2]
    assert seen.outcomes[2:] == [
        str(("not found", [None])),
        str((None, "not found")),
        str(("not found", "not found")),
    ]


def test_with_consistent_after() -> None:
    """Where a plan says for how long reads lag, that holds: after it none is stale."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.plan(consistent_after=60)
        client = cloudcontrol.client()
        created(client)
        early = got(client)
        cloudcontrol.clock.advance(120)
        return early, got(client)

    seen = Seen(program)
    explore(seen, **STALE)
    assert set(seen.outcomes) == {str(("not found", None))}


def test_what_the_test_itself_has_done() -> None:
    """What the test puts or removes is no request's doing: a read after it isn't stale by that."""

    def program(cloudcontrol: CloudControl) -> object:
        client = cloudcontrol.client()
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "orders"})
        return got(client)

    assert tried(Seen(program), **STALE) == []


def test_half_made() -> None:
    """What a failed request has left half made a stale read doesn't show either."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.add_failure("GeneralServiceException", at_step=2)
        client = cloudcontrol.client()
        with pytest.raises(WaiterError):
            created(client)
        return got(client)

    (line,) = tried(Seen(program), **STALE)
    assert at(program, line) == "not found"
