"""plan(downstream=True): the service does the default handler's work by itself, and the handler only watches it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from calls import shown
from clusters import CLUSTER, ENDINGS, create, delete, events, put, statuses, update
from refusals import refusal

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl, ResourceRequest

BUCKET = "AWS::S3::Bucket"


def create_bucket(cloud: CloudControl) -> ResourceRequest:
    """Ask for a bucket."""
    state = {"BucketName": "reports", "VersioningConfiguration": {"Status": "Enabled"}}
    cloud.client().create_resource(TypeName=BUCKET, DesiredState=json.dumps(state))
    return cloud.requests.last


@pytest.mark.parametrize("steps", [1, 2, 3, 5])
def test_same_life_as_without(cloud: CloudControl, steps: int) -> None:
    """A request takes the same calls at the same instants, downstream or not, and makes the same."""
    made = []
    for downstream in (False, True):
        cloud.plan(steps=steps, delay=5, downstream=downstream)
        request = create_bucket(cloud).run()
        made.append((events(request), cloud.resources.get(BUCKET, "reports")))
        cloud.reset()

    assert made[0] == made[1]


@pytest.mark.fidelity("L-30")
@pytest.mark.parametrize("end", ENDINGS)
def test_bucket_that_comes_after_the_end(cloud: CloudControl, end: str) -> None:
    """After CANCEL_COMPLETE, FAILED or expiry the bucket comes, complete, with the work that goes on."""
    cloud.plan(steps=3, delay=10, downstream=True)
    request = create_bucket(cloud).step()
    ENDINGS[end](request)
    client = cloud.client()
    assert list(cloud.resources) == []

    cloud.run_until_idle()

    bucket = shown(client, BUCKET, "reports")
    assert (bucket["BucketName"], bucket["VersioningConfiguration"]) == ("reports", {"Status": "Enabled"})
    assert (request.steps, request.next_step_at) == (1, None)


def test_cancel_before_the_first_call(cloud: CloudControl) -> None:
    """A cancel before the first call leaves nothing: no work has begun downstream."""
    cloud.plan(downstream=True)
    create_bucket(cloud).cancel()
    cloud.clock.advance(timedelta(days=1))

    assert (list(cloud.resources), list(cloud.downstream)) == ([], [])


def test_second_create_and_delete_meet_the_late_arrival(cloud: CloudControl) -> None:
    """A second create that comes before the late arrival makes the bucket, and the late work fails by itself."""
    cloud.plan(BUCKET, steps=2, delay=60, downstream=True)
    create_bucket(cloud).step().cancel()
    cloud.plan(BUCKET, steps=1, downstream=False)

    assert create_bucket(cloud).run().status == "SUCCESS"
    late = cloud.downstream.last.run()
    assert str(late.error) == f"AlreadyExists: Resource of type '{BUCKET}' with identifier 'reports' already exists."

    client = cloud.client()
    client.delete_resource(TypeName=BUCKET, Identifier="reports")
    assert cloud.requests.last.run().status == "SUCCESS"
    assert refusal(client.get_resource, TypeName=BUCKET, Identifier="reports").code == "ResourceNotFoundException"


def test_failure_of_the_work(cloud: CloudControl) -> None:
    """Where the work fails, the handler that watches it fails with its words."""
    cloud.plan(downstream=True)
    cloud.resources.put(BUCKET, {"BucketName": "reports"})

    request = create_bucket(cloud).run()

    assert (request.error_code, request.identifier) == ("AlreadyExists", "reports")


def test_update_and_delete(cloud: CloudControl) -> None:
    """Updates and deletes go on downstream too."""
    cloud.resources.put(CLUSTER, {"Name": "one", "Size": "small"})
    cloud.plan(steps=3, delay=10, downstream=True)

    assert update(cloud, Size="large", Password="p").step().cancel().steps == 1
    cloud.clock.advance(60)
    assert (cloud.resources.get(CLUSTER, "one") or {})["Size"] == "large"

    delete(cloud).step().cancel()
    assert len(cloud.resources) == 1
    cloud.clock.advance(60)
    assert list(cloud.resources) == []
    assert [work.name for work in cloud.downstream] == [f"UPDATE {CLUSTER}", f"DELETE {CLUSTER}"]


def test_stopped_work_lets_the_request_go_on(cloud: CloudControl) -> None:
    """A handler whose work was stopped finds it done at its next look."""
    cloud.plan(steps=4, downstream=True)
    request = create(cloud).step()
    cloud.downstream.last.stop()

    assert request.run().steps == 2
    assert list(cloud.resources) == []


def test_handler_of_the_tests_own_comes_first(cloud: CloudControl) -> None:
    """A general plan doesn't touch types that have a handler of the test's own."""
    cloud.plan(downstream=True)
    cloud.add_handler(CLUSTER, create=put)

    assert create(cloud).run().steps == 1
    assert len(cloud.downstream) == 0


def test_rules_and_downstream_work(cloud: CloudControl) -> None:
    """A rule that comes instead of a look ends the request and not the work."""
    cloud.plan(steps=3, downstream=True)
    cloud.add_failure("NotStabilized", at_step=2)

    request = create(cloud).run()
    cloud.run_until_idle()

    assert statuses(request) == ["IN_PROGRESS", "IN_PROGRESS", "FAILED"]
    assert len(cloud.resources) == 1
