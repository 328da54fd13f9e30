"""Retries: botocore's own are at work, and their delays are mock time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

import boto3
import botocore.retries.bucket
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import CapacityNotAvailableError, ClientError
from calls import CannedBody, create, status
from mock_time import START
from moto import mock_aws
from resource_types import LOG_GROUP

from pytest_cloudcontrol import CloudControl, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from botocore.awsrequest import AWSPreparedRequest
    from types_boto3_cloudcontrol import CloudControlApiClient
    from types_boto3_s3 import S3Client

    Mode: TypeAlias = Literal["legacy", "standard", "adaptive"]

MODES = pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
pytestmark = pytest.mark.usefixtures("slept")


def client_of(mode: Mode) -> CloudControlApiClient:
    """Return a client with a retry mode."""
    return boto3.client("cloudcontrol", config=Config(retries={"mode": mode}))


def codes(cloudcontrol: CloudControl) -> list[str | None]:
    """Return how each call was answered: with an error of this code, or with none."""
    return [call.error_code for call in cloudcontrol.calls]


@MODES
def test_throttled_call_succeeds(cloudcontrol: CloudControl, slept: list[float], mode: Mode) -> None:
    """A call throttled twice succeeds at its third try; its delays are spent on the clock, and none for real."""
    start = cloudcontrol.clock.now()
    cloudcontrol.add_error("ThrottlingException", times=2)
    answer = client_of(mode).list_resource_requests()
    assert codes(cloudcontrol) == ["ThrottlingException", "ThrottlingException", None]
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2
    assert cloudcontrol.clock.now() > start
    assert slept == []


@MODES
def test_call_throttled_for_too_long_fails(cloudcontrol: CloudControl, slept: list[float], mode: Mode) -> None:
    """A call that is always throttled fails with the exception, after as many tries as botocore makes."""
    cloudcontrol.add_error("ThrottlingException", times=100)
    client = client_of(mode)
    with pytest.raises(ClientError) as failed:
        client.list_resource_requests()
    tries = len(cloudcontrol.calls)
    assert failed.value.response["Error"]["Code"] == "ThrottlingException"
    assert failed.value.response["ResponseMetadata"]["RetryAttempts"] == tries - 1 > 0
    assert slept == []


@MODES
@pytest.mark.parametrize(
    "code",
    ["ServiceInternalErrorException", "HandlerInternalFailureException", "NetworkFailureException"],
)
def test_server_error_is_retried(cloudcontrol: CloudControl, slept: list[float], mode: Mode, code: str) -> None:
    """An error that the model marks as the service's fault is answered as a 500, which botocore tries again."""
    cloudcontrol.add_error(code)
    answer = client_of(mode).list_resource_requests()
    assert codes(cloudcontrol) == [code, None]
    assert answer["ResponseMetadata"]["RetryAttempts"] == 1
    assert slept == []


@MODES
@pytest.mark.parametrize("code", ["ConcurrentOperationException", "AlreadyExistsException", "ValidationException"])
def test_error_of_the_caller_is_not_retried(cloudcontrol: CloudControl, mode: Mode, code: str) -> None:
    """A 400 that isn't throttling is answered to the caller at once."""
    cloudcontrol.add_error(code)
    client = client_of(mode)
    with pytest.raises(ClientError, match=code):
        client.list_resource_requests()
    assert codes(cloudcontrol) == [code]


def test_retries_can_be_turned_off(cloudcontrol: CloudControl) -> None:
    """A client that makes one try gets the first error."""
    cloudcontrol.add_error("ThrottlingException")
    client = cloudcontrol.client(config=Config(retries={"total_max_attempts": 1}))
    with pytest.raises(client.exceptions.ThrottlingException):
        client.list_resource_requests()
    assert codes(cloudcontrol) == ["ThrottlingException"]


@MODES
def test_retried_create_is_one_request(cloudcontrol: CloudControl, mode: Mode) -> None:
    """Botocore sends one ClientToken in every try, so however often a create is tried, one request is made."""
    cloudcontrol.add_error("ServiceInternalErrorException", times=2)
    client_of(mode).create_resource(TypeName=LOG_GROUP, DesiredState="{}")
    tokens = {call.input["ClientToken"] for call in cloudcontrol.calls}
    assert (len(cloudcontrol.calls), len(tokens), len(cloudcontrol.requests)) == (3, 1, 1)


@MODES
def test_steps_due_during_a_delay_are_made(cloudcontrol: CloudControl, mode: Mode) -> None:
    """A retry's delay is mock time like any other: what falls due in it is done."""
    client = client_of(mode)
    cloudcontrol.plan(steps=1, first_delay=0)
    token = create(client)
    cloudcontrol.add_error("ThrottlingException")
    assert status(client, token) == "SUCCESS"


@pytest.mark.cloudcontrol(start=START)
def test_delay_is_spent_to_the_second(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """The clock moves by exactly the delay that botocore was told to wait."""

    def wait_a_minute(attempts: int, **_: object) -> float | None:
        return 60 if attempts == 1 else None

    # botocore-stubs has it that handlers return nothing; botocore takes a delay from this one.
    cloudcontrol_client.meta.events.register("needs-retry.cloudcontrol", wait_a_minute)  # type: ignore[arg-type]
    cloudcontrol_client.list_resource_requests()
    assert [(call.time - START).total_seconds() for call in cloudcontrol.calls] == [0, 60]


@pytest.mark.parametrize("mode", ["legacy", "standard"])
def test_delays_are_the_same_in_every_run(mode: Mode) -> None:
    """With the same seed a throttled call takes the same mock time each time, though botocore draws its delays."""
    ends = []
    for _ in range(3):
        with mock_cloudcontrol(start=START, seed="the same") as cloudcontrol:
            cloudcontrol.add_error("ThrottlingException", times=2)
            client_of(mode).list_resource_requests()
            ends.append(cloudcontrol.clock.now())
    assert ends == [ends[0]] * 3


@MODES
@pytest.mark.cloudcontrol(auto_advance=False)
def test_delay_returns_at_once_with_auto_advance_off(
    cloudcontrol: CloudControl, slept: list[float], mode: Mode
) -> None:
    """With auto_advance off nothing moves the clock, and a retry doesn't wait: nobody could step in between."""
    start = cloudcontrol.clock.now()
    cloudcontrol.add_error("ThrottlingException", times=2)
    client_of(mode).list_resource_requests()
    assert codes(cloudcontrol) == ["ThrottlingException", "ThrottlingException", None]
    assert (cloudcontrol.clock.now(), slept) == (start, [])


# The rate limit of the mode `adaptive`, which waits on a condition of its own


SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"


def throttle_first(s3: S3Client) -> None:
    """Let the first answer that a client of S3's gets be a throttling one."""
    throttled: list[str] = []

    def throttle(request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        throttled.append(request.url)
        body = CannedBody(SLOW_DOWN)
        # botocore-stubs asks for other classes than botocore itself passes.
        return AWSResponse(request.url, 503, {}, body) if len(throttled) == 1 else None  # type: ignore[arg-type]

    s3.meta.events.register("before-send.s3", throttle)  # type: ignore[arg-type]  # it may answer


class Bucket:
    """Stands for botocore's bucket: always empty, and it notes who would have waited."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[bool] = []

        def acquire(_: object, amount: int = 1, block: bool = True) -> bool:
            assert amount == 1
            self.asked.append(block)
            if not block:
                raise CapacityNotAvailableError
            return True

        monkeypatch.setattr(botocore.retries.bucket.TokenBucket, "acquire", acquire)


def instants_of_limited(make: Callable[[], CloudControlApiClient]) -> list[datetime]:
    """Return when each of ten calls was made that follow a throttled one, in a mock of their own."""
    with mock_cloudcontrol(start=START, seed="limited") as cloudcontrol:
        client = make()
        cloudcontrol.add_error("ThrottlingException")
        for _ in range(10):
            client.list_resource_requests()
        return [call.time for call in cloudcontrol.calls]


def test_adaptive_limit_of_cloudcontrol_is_mock_time() -> None:
    """A Cloud Control client that is over its rate moves the clock, and measures the rate by it: as if it were real."""
    instants = instants_of_limited(lambda: client_of("adaptive"))
    assert instants[-1] - instants[1] > timedelta(seconds=1)
    assert instants == instants_of_limited(lambda: client_of("adaptive"))


def test_adaptive_limit_survives_a_mock() -> None:
    """The clock of a client that several mocks answer never goes back with theirs: none of its waits is longer."""
    client = boto3.client("cloudcontrol", region_name="us-east-1", config=Config(retries={"mode": "adaptive"}))
    for _ in range(2):
        instants = instants_of_limited(lambda: client)
        assert instants[-1] - instants[0] < timedelta(minutes=1)


def test_adaptive_limit_of_others_is_real(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client of another service that is over its rate waits for real, and moves no clock."""
    bucket = Bucket(monkeypatch)
    with mock_aws(), mock_cloudcontrol(start=START) as cloudcontrol:
        s3 = boto3.client("s3", region_name="us-east-1", config=Config(retries={"mode": "adaptive"}))
        throttle_first(s3)
        s3.list_buckets()
        assert bucket.asked == [True]
        assert cloudcontrol.clock.now() == START


def test_adaptive_limit_of_others_inside_a_call_is_real(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client of another service that is over its rate waits for real also in code that runs before a call."""
    bucket = Bucket(monkeypatch)
    with mock_aws(), mock_cloudcontrol(start=START) as cloudcontrol:
        s3 = boto3.client("s3", region_name="us-east-1", config=Config(retries={"mode": "adaptive"}))
        throttle_first(s3)
        cloudcontrol.before(lambda: s3.list_buckets(), api="ListResourceRequests")
        cloudcontrol.client().list_resource_requests()
        assert bucket.asked == [True]
        assert cloudcontrol.clock.now() == START


@pytest.mark.slow
@mock_aws
def test_retry_of_others_really_sleeps(cloudcontrol: CloudControl, slept: list[float]) -> None:
    """A retry of another service's call really sleeps, and moves no clock."""
    start = cloudcontrol.clock.now()
    s3 = boto3.client("s3", region_name="us-east-1", config=Config(retries={"mode": "standard"}))
    throttle_first(s3)
    assert s3.list_buckets()["Buckets"] == []
    assert len(slept) == 1
    assert cloudcontrol.clock.now() == start
