"""Code that fires and forgets: it never polls, so only the test's clock can tell what comes of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import boto3
import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_cloudcontrol import CloudControl

LOG_GROUP: Final = "AWS::Logs::LogGroup"


def set_retention(names: Iterable[str], days: int) -> None:
    """Set the retention of log groups, and don't wait. This is the code under test."""
    client = boto3.client("cloudcontrol")
    patch = json.dumps([{"op": "add", "path": "/RetentionInDays", "value": days}])
    for name in names:
        client.update_resource(TypeName=LOG_GROUP, Identifier=name, PatchDocument=patch)


@pytest.fixture
def log_groups(cloudcontrol: CloudControl) -> list[str]:
    """Three log groups, which were there all along."""
    return [cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": name}) for name in ("api", "jobs", "web")]


def test_nothing_happens_before_time_passes(cloudcontrol: CloudControl, log_groups: list[str]) -> None:
    """The requests are accepted, and no log group has changed yet."""
    set_retention(log_groups, 30)

    assert len(cloudcontrol.requests) == 3
    assert not any("RetentionInDays" in log_group.properties for log_group in cloudcontrol.resources)


def test_time_brings_every_request_to_its_end(cloudcontrol: CloudControl, log_groups: list[str]) -> None:
    """A minute later all of them have succeeded, although nobody asked."""
    set_retention(log_groups, 30)

    cloudcontrol.clock.advance(timedelta(minutes=1))

    assert [request.status for request in cloudcontrol.requests] == ["SUCCESS"] * 3
    assert [log_group.properties["RetentionInDays"] for log_group in cloudcontrol.resources] == [30] * 3


def test_running_it_twice_at_once_is_refused(cloudcontrol: CloudControl, log_groups: list[str]) -> None:
    """There is one operation at a time on a resource: the second run meets the first one's requests."""
    set_retention(log_groups, 30)

    with pytest.raises(ClientError, match=cloudcontrol.requests[0].request_token) as refusal:
        set_retention(log_groups, 60)

    assert refusal.value.response["Error"]["Code"] == "ConcurrentOperationException"


def test_running_it_again_later_is_fine(cloudcontrol: CloudControl, log_groups: list[str]) -> None:
    """When the first requests are done, the log groups can be changed again."""
    set_retention(log_groups, 30)
    cloudcontrol.run_until_idle()

    set_retention(log_groups, 60)
    cloudcontrol.run_until_idle()

    assert [log_group.properties["RetentionInDays"] for log_group in cloudcontrol.resources] == [60] * 3
