"""Mock time that flows with real time: ``clock.rate``."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from calls import create, status, wait

from pytest_cloudcontrol import OptionError

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl


class RealTime:
    """Stands for ``time.monotonic``: real time that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the reading."""
        return self.now


@pytest.fixture
def real_time(monkeypatch: pytest.MonkeyPatch) -> RealTime:
    """Have the test move the real time, too."""
    real = RealTime()
    monkeypatch.setattr(time, "monotonic", real)
    return real


def test_it_stands_still_at_first(cloudcontrol: CloudControl, real_time: RealTime) -> None:
    """Without a rate the clock stands still."""
    start = cloudcontrol.clock.now()
    real_time.now += 3600

    assert (cloudcontrol.clock.rate, cloudcontrol.clock.now()) == (0, start)


@pytest.mark.parametrize("rate", [1, 0.25, 60])
def test_it_flows(cloudcontrol: CloudControl, real_time: RealTime, rate: float) -> None:
    """Time goes on with the real time, so much faster or slower; from when the rate was set on."""
    start = cloudcontrol.clock.now()
    real_time.now += 100
    cloudcontrol.clock.rate = rate
    real_time.now += 8

    assert cloudcontrol.clock.now() - start == timedelta(seconds=8 * rate)


def test_it_stops_again(cloudcontrol: CloudControl, real_time: RealTime) -> None:
    """A rate of 0 lets it stand where it has come to."""
    cloudcontrol.clock.rate = 2
    start = cloudcontrol.clock.now()
    real_time.now += 5
    cloudcontrol.clock.rate = 0
    real_time.now += 5

    assert cloudcontrol.clock.now() - start == timedelta(seconds=10)


def test_what_falls_due_is_done(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, real_time: RealTime
) -> None:
    """A call finds done what has fallen due since, at its own instant; and RetryAfter is right."""
    cloudcontrol.clock.rate = 1
    token = create(cloudcontrol_client)
    real_time.now += 0.5
    event = cloudcontrol_client.get_resource_request_status(RequestToken=token)["ProgressEvent"]
    real_time.now += 0.7

    assert event["RetryAfter"] - event["EventTime"] == timedelta(seconds=1)
    assert status(cloudcontrol_client, token) == "SUCCESS"
    assert cloudcontrol.requests.last.last_event.event_time == event["RetryAfter"]


def test_the_test_moves_it_all_the_same(cloudcontrol: CloudControl, real_time: RealTime) -> None:
    """Where the test moves it, it flows on from there."""
    start = cloudcontrol.clock.now()
    cloudcontrol.clock.rate = 1
    real_time.now += 5
    cloudcontrol.clock.advance(100)
    real_time.now += 5

    assert cloudcontrol.clock.now() - start == timedelta(seconds=110)


@pytest.mark.cloudcontrol(auto_advance=False)
def test_a_waiter_sleeps(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """With auto_advance off a waiter really sleeps, as long as it takes at that rate."""
    token = create(cloudcontrol_client)
    cloudcontrol.clock.rate = 1000
    wait(cloudcontrol_client, token)

    assert cloudcontrol.requests.last.status == "SUCCESS"


@pytest.mark.cloudcontrol(auto_advance=False)
def test_a_loop_goes_on_while_something_is_due(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Code that repeats itself moves nothing, and isn't stopped: time brings what it waits for."""
    token = create(cloudcontrol_client)
    cloudcontrol.clock.rate = 10
    polls = 0
    while status(cloudcontrol_client, token) != "SUCCESS":
        polls += 1

    assert polls > 10


def test_a_reset_keeps_the_rate(cloudcontrol: CloudControl, real_time: RealTime) -> None:
    """A reset begins anew at the start, at the same rate."""
    cloudcontrol.clock.rate = 1
    cloudcontrol.reset()
    start = cloudcontrol.clock.now()
    real_time.now += 3

    assert cloudcontrol.clock.now() - start == timedelta(seconds=3)


def test_the_end_of_time(cloudcontrol: CloudControl, real_time: RealTime) -> None:
    """However fast it flows, it has an end."""
    cloudcontrol.clock.rate = 1e300
    real_time.now += 1e300

    assert cloudcontrol.clock.now().year >= 2100


@pytest.mark.parametrize("rate", [-1, float("nan"), float("inf"), True, "1", None, 10**400])
def test_no_rate(cloudcontrol: CloudControl, rate: object) -> None:
    """What is no finite number of at least 0 is refused, and nothing changes."""
    with pytest.raises(OptionError) as refused:
        cloudcontrol.clock.rate = rate  # type: ignore[assignment]  # on purpose

    expected = OptionError("rate", rate, "a finite number, at least 0")
    assert str(refused.value) == str(expected)
    assert cloudcontrol.clock.rate == 0
