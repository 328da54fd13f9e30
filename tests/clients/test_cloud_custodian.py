"""Cloud Custodian's policies for Cloud Control, which ask for a change and never look what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from c7n.config import Config
from c7n.policy import PolicyCollection
from c7n.resources import load_resources
from resource_types import LOG_GROUP

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_cloudcontrol import CloudControl

    Apply = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def apply(tmp_path: Path) -> Apply:
    """Return what applies a policy to log groups, and returns those that it has met."""
    load_resources(("awscc.logs_loggroup",))
    config = Config.empty(region="us-east-1", account_id="123456789012", output_dir=str(tmp_path))

    def run(*, filters: list[object], actions: list[object]) -> list[dict[str, Any]]:
        policy = {"name": "retention", "resource": "awscc.logs_loggroup", "filters": filters, "actions": actions}
        (loaded,) = PolicyCollection.from_data({"policies": [policy]}, config)
        loaded.validate()
        met: list[dict[str, Any]] = loaded.run()
        return met

    return run


@pytest.fixture(autouse=True)
def _log_groups(cloudcontrol: CloudControl) -> None:
    for name, days in (("audit", 365), ("debug", 1), ("jobs", 365)):
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": name, "RetentionInDays": days})


def test_a_policy_that_updates(cloudcontrol: CloudControl, apply: Apply) -> None:
    """The policy ends before anything has changed, and time brings the changes about."""
    met = apply(filters=[{"RetentionInDays": 365}], actions=[{"type": "update", "RetentionInDays": 30}])
    retention = [resource.properties["RetentionInDays"] for resource in cloudcontrol.resources]

    cloudcontrol.clock.advance(timedelta(minutes=1))

    assert sorted(log_group["LogGroupName"] for log_group in met) == ["audit", "jobs"]
    assert retention == [365, 1, 365]
    assert [resource.properties["RetentionInDays"] for resource in cloudcontrol.resources] == [30, 1, 30]


def test_a_policy_that_deletes(cloudcontrol: CloudControl, apply: Apply) -> None:
    """What the policy has deleted goes when the clock moves."""
    apply(filters=[{"LogGroupName": "debug"}], actions=["delete"])
    before = len(cloudcontrol.resources)

    cloudcontrol.clock.advance(timedelta(minutes=1))

    assert before == 3
    assert [resource.identifier for resource in cloudcontrol.resources] == ["audit", "jobs"]


def test_a_policy_whose_change_fails(cloudcontrol: CloudControl, apply: Apply) -> None:
    """It reports no error, as it has never asked: only the test can tell."""
    cloudcontrol.add_failure("NotStabilized", operation="DELETE")

    apply(filters=[{"LogGroupName": "debug"}], actions=["delete"])
    cloudcontrol.run_until_idle()

    assert [(request.status, request.last_event.error_code) for request in cloudcontrol.requests] == [
        ("FAILED", "NotStabilized")
    ]
    assert len(cloudcontrol.resources) == 3
