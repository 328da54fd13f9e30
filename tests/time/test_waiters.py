"""Waiters: those of Cloud Control's clients spend mock time, and those of every other service really sleep."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import WaiterError
from botocore.waiter import WaiterModel, create_waiter_with_client
from calls import create, wait
from mock_time import START, after
from moto import mock_aws
from resource_types import LOG_GROUP
from threads import GUARD

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

REGION = "us-east-1"
pytestmark = [pytest.mark.cloudcontrol(start=START), pytest.mark.usefixtures("slept")]


# Cloud Control's


def test_waiter_moves_the_clock(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, slept: list[float]
) -> None:
    """A waiter polls at once, spends its delay in mock time, and never sleeps."""
    token = create(cloudcontrol_client)
    cloudcontrol_client.get_waiter("resource_request_success").wait(RequestToken=token)
    polls = [call.time for call in cloudcontrol.calls if call.operation == "GetResourceRequestStatus"]
    assert polls == [START, after(5)]
    assert (cloudcontrol.clock.now(), slept) == (after(5), [])


def test_steps_under_a_waiter_are_at_their_own_instants(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """While a waiter sleeps each step is made when it is due, not when the waiter wakes."""
    wait(cloudcontrol_client, create(cloudcontrol_client))
    assert [event.event_time for event in cloudcontrol.requests.last.events] == [START, after(0.2), after(1.2)]


def test_waiter_without_a_delay(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, slept: list[float]
) -> None:
    """A waiter that doesn't sleep at all is code that polls: each step comes after two polls that show what was."""
    wait(cloudcontrol_client, create(cloudcontrol_client), delay=0)
    assert cloudcontrol.requests.last.status == "SUCCESS"
    assert len(cloudcontrol.calls) <= 10
    assert (cloudcontrol.clock.now(), slept) == (after(1.2), [])


def test_waiter_for_what_is_done(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A waiter for a finished request takes one poll and no time."""
    request = cloudcontrol.request(create(cloudcontrol_client)).run()
    wait(cloudcontrol_client, request.request_token)
    assert (len(cloudcontrol.calls), cloudcontrol.clock.now()) == (2, after(1.2))


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        ("FAILED", 'For expression "ProgressEvent.OperationStatus" we matched expected path: "FAILED"'),
        (
            "CANCEL_COMPLETE",
            'For expression "ProgressEvent.OperationStatus" we matched expected path: "CANCEL_COMPLETE"',
        ),
    ],
)
def test_waiter_fails_with_the_request(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, failure: str, reason: str
) -> None:
    """A waiter fails when its request fails or is cancelled, in botocore's words."""
    if failure == "FAILED":
        cloudcontrol.add_failure("NotStabilized", at_step=2)
    else:
        cloudcontrol.add_cancel(at_step=2)
    token = create(cloudcontrol_client)
    with pytest.raises(WaiterError) as failed:
        wait(cloudcontrol_client, token)
    expected = f"Waiter ResourceRequestSuccess failed: Waiter encountered a terminal failure state: {reason}"
    assert str(failed.value) == expected
    assert cloudcontrol.clock.now() == after(5)


def test_waiter_waits_out_a_long_request(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, slept: list[float]
) -> None:
    """A waiter with many attempts waits out a request of 500 handler calls, without a real sleep."""
    cloudcontrol.plan(steps=500)
    token = create(cloudcontrol_client)
    wait(cloudcontrol_client, token, attempts=200)
    request = cloudcontrol.request(token)
    assert (request.steps, request.events[-1].event_time) == (500, after(499.2))
    assert (cloudcontrol.clock.now(), slept) == (after(500), [])


def test_waiter_runs_out_of_attempts(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, slept: list[float]
) -> None:
    """A waiter whose request takes too long fails for real: after 24 polls, 23 delays of five seconds later."""
    cloudcontrol.plan(delay=600)
    token = create(cloudcontrol_client)
    with pytest.raises(WaiterError) as failed:
        cloudcontrol_client.get_waiter("resource_request_success").wait(RequestToken=token)
    assert str(failed.value) == "Waiter ResourceRequestSuccess failed: Max attempts exceeded"
    assert cloudcontrol.clock.now() == after(23 * 5)
    assert (cloudcontrol.request(token).status, len(cloudcontrol.calls), slept) == ("IN_PROGRESS", 1 + 24, [])


def test_waiter_without_a_delay_still_ends(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A waiter with a delay of nothing runs out of attempts too, where a request takes more steps than it looks at."""
    cloudcontrol.plan(steps=100, first_delay=1, delay=1)
    token = create(cloudcontrol_client)
    with pytest.raises(WaiterError, match="Max attempts exceeded"):
        wait(cloudcontrol_client, token, delay=0, attempts=50)
    assert (len(cloudcontrol.calls), cloudcontrol.clock.now()) == (1 + 50, after(24))


def test_waiter_made_before_the_clock_was_switched(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """What counts is how the clock is set when a waiter sleeps, not when it was made."""
    token = create(cloudcontrol_client)
    cloudcontrol.clock.auto_advance = False
    waiter = cloudcontrol_client.get_waiter("resource_request_success")
    cloudcontrol.clock.auto_advance = True
    waiter.wait(RequestToken=token)
    assert cloudcontrol.clock.now() == after(5)


def test_waiter_of_the_users_own_model(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, slept: list[float]
) -> None:
    """A waiter that the user has written for a Cloud Control client spends mock time as well."""
    model = WaiterModel(
        {
            "version": 2,
            "waiters": {
                "ResourceExists": {
                    "operation": "GetResource",
                    "delay": 3,
                    "maxAttempts": 5,
                    "acceptors": [
                        {"matcher": "status", "expected": 200, "state": "success"},
                        {"matcher": "error", "expected": "ResourceNotFoundException", "state": "retry"},
                    ],
                }
            },
        }
    )
    create(cloudcontrol_client)
    waiter = create_waiter_with_client("ResourceExists", model, cloudcontrol_client)
    waiter.wait(TypeName=LOG_GROUP, Identifier="orders")
    assert (cloudcontrol.clock.now(), slept) == (after(3), [])


def test_waiters_in_threads(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Of waiters that sleep at the same time each wakes at its own start plus its own delay."""
    cloudcontrol.plan(steps=1, first_delay=4)
    tokens = [create(cloudcontrol_client, f"orders-{number}") for number in range(4)]
    together = threading.Barrier(4)

    def wait_together(token: str) -> None:
        together.wait(GUARD)
        wait(cloudcontrol_client, token, attempts=2)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(wait_together, tokens, timeout=GUARD))
    assert [request.status for request in cloudcontrol.requests] == ["SUCCESS"] * 4
    assert after(5) <= cloudcontrol.clock.now() <= after(4 * 5)


# Other services'


@pytest.mark.slow
@mock_aws
def test_s3_waiter_really_sleeps(cloudcontrol: CloudControl, slept: list[float]) -> None:
    """A waiter of moto's S3 sleeps its delays for real, and doesn't move the clock."""
    s3 = boto3.client("s3", region_name=REGION)
    with pytest.raises(WaiterError, match="Max attempts exceeded"):
        s3.get_waiter("bucket_exists").wait(Bucket="missing", WaiterConfig={"Delay": 7, "MaxAttempts": 3})
    assert slept == [7, 7]
    assert cloudcontrol.clock.now() == START


@pytest.mark.slow
@mock_aws
def test_ec2_waiter_really_sleeps(cloudcontrol: CloudControl, slept: list[float]) -> None:
    """A waiter of moto's EC2 sleeps its delays for real, and doesn't move the clock."""
    ec2 = boto3.client("ec2", region_name=REGION)
    with pytest.raises(WaiterError, match="Max attempts exceeded"):
        ec2.get_waiter("security_group_exists").wait(
            GroupIds=["sg-0123456789abcdef0"], WaiterConfig={"Delay": 11, "MaxAttempts": 2}
        )
    assert slept == [11]
    assert cloudcontrol.clock.now() == START


@pytest.mark.slow
@mock_aws
@pytest.mark.cloudcontrol(auto_advance=False)
def test_s3_waiter_really_sleeps_with_auto_advance_off(slept: list[float]) -> None:
    """With auto_advance off, another service's waiter sleeps as ever, and isn't refused."""
    s3 = boto3.client("s3", region_name=REGION)
    with pytest.raises(WaiterError, match="Max attempts exceeded"):
        s3.get_waiter("bucket_exists").wait(Bucket="missing", WaiterConfig={"Delay": 7, "MaxAttempts": 2})
    assert slept == [7]


@mock_aws
def test_both_in_one_test(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    slept: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An S3 waiter sleeps for real until its bucket is there, and a Cloud Control waiter beside it doesn't."""
    s3 = boto3.client("s3", region_name=REGION)

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        s3.create_bucket(Bucket="appears")

    monkeypatch.setattr(time, "sleep", sleep)
    wait(cloudcontrol_client, create(cloudcontrol_client, "one"))
    s3.get_waiter("bucket_exists").wait(Bucket="appears")
    wait(cloudcontrol_client, create(cloudcontrol_client, "other"))
    assert slept == [5]
    assert cloudcontrol.clock.now() == after(10)


@mock_aws
def test_s3_waiter_inside_a_callback_really_sleeps(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, slept: list[float]
) -> None:
    """An S3 waiter that runs while a Cloud Control waiter sleeps is still S3's."""
    s3 = boto3.client("s3", region_name=REGION)

    def wait_for_s3() -> None:
        with pytest.raises(WaiterError):
            s3.get_waiter("bucket_exists").wait(Bucket="missing", WaiterConfig={"Delay": 7, "MaxAttempts": 2})

    cloudcontrol.before(wait_for_s3, operation="CREATE", at_step=2)
    wait(cloudcontrol_client, create(cloudcontrol_client))
    assert slept == [7]
    assert cloudcontrol.clock.now() == after(5)


def test_sleep_of_the_users_own_is_left_alone(cloudcontrol: CloudControl, slept: list[float]) -> None:
    """A time.sleep in the user's code is a real one, and moves no clock."""
    time.sleep(3)
    assert (slept, cloudcontrol.clock.now()) == ([3], START)
