"""Clients in threads: every thread is answered, by one world, in whatever order they come."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import boto3
import pytest
from botocore.exceptions import ClientError
from calls import create, status, wait
from resource_types import LOG_GROUP
from threads import GUARD, in_threads

from pytest_cloudcontrol import CloudControl, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

    ClientMaker: TypeAlias = Callable[[CloudControl], CloudControlApiClient]


def create_and_wait(client: CloudControlApiClient, name: str) -> str:
    """Make a log group, wait for it, and return the status."""
    token = create(client, name)
    wait(client, token)
    return status(client, token)


def of_the_mock(cloudcontrol: CloudControl) -> CloudControlApiClient:
    """Make a client as a test does."""
    return cloudcontrol.client()


def of_boto3(_: CloudControl) -> CloudControlApiClient:
    """Make a client from a session of its own, since boto3's sessions aren't for several threads."""
    return boto3.Session().client("cloudcontrol")


@pytest.mark.parametrize("make", [of_the_mock, of_boto3])
def test_client_made_in_a_thread(cloudcontrol: CloudControl, make: ClientMaker) -> None:
    """A client that a thread makes is answered by the mock that another thread has activated."""

    def make_and_wait(number: int) -> str:
        return create_and_wait(make(cloudcontrol), f"orders-{number}")

    statuses = in_threads(*(partial(make_and_wait, number) for number in range(4)))
    assert statuses == ["SUCCESS"] * 4


def test_client_shared_by_threads(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """One client is used by many threads at once; no request is lost, and none is answered twice."""
    in_threads(*(partial(create_and_wait, cloudcontrol_client, f"orders-{number}") for number in range(8)))
    names = sorted(str((request.desired_state or {})["LogGroupName"]) for request in cloudcontrol.requests)
    assert names == [f"orders-{number}" for number in range(8)]
    assert len({request.request_token for request in cloudcontrol.requests}) == 8


def test_thread_started_before_the_mock() -> None:
    """A thread that has been running since before the activation is answered by the mock."""
    client = boto3.client("cloudcontrol", region_name="us-east-1", aws_access_key_id="A", aws_secret_access_key="-")
    active = threading.Event()

    def work() -> str:
        assert active.wait(GUARD)
        return create(client)

    with ThreadPoolExecutor(1) as pool:
        token = pool.submit(work)
        with mock_cloudcontrol() as cloudcontrol:
            active.set()
            assert token.result(GUARD) == cloudcontrol.requests.last.request_token


def test_mock_activated_in_a_thread() -> None:
    """A mock that a thread has activated answers every other thread as well: it is the process's."""
    with ThreadPoolExecutor(1) as pool:
        mock = mock_cloudcontrol()
        cloudcontrol = pool.submit(mock.__enter__).result(GUARD)
        try:
            token = create(boto3.Session().client("cloudcontrol"))
        finally:
            pool.submit(mock.__exit__, None, None, None).result(GUARD)
    assert token == cloudcontrol.requests.last.request_token


def test_one_of_many_creates_wins(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Of several threads that create the same resource, one is accepted, and the others are told of its request."""

    def code() -> str:
        try:
            create(cloudcontrol_client)
        except ClientError as error:
            return error.response["Error"]["Code"]
        return "accepted"

    assert sorted(in_threads(*[code] * 6)) == ["ConcurrentOperationException"] * 5 + ["accepted"]
    assert len(cloudcontrol.requests) == 1


def test_replays_from_many_threads_are_one_request(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Of several threads that send one ClientToken with the same input, all get the one request."""

    def send() -> str:
        answer = cloudcontrol_client.create_resource(TypeName=LOG_GROUP, DesiredState="{}", ClientToken="once")
        return answer["ProgressEvent"]["RequestToken"]

    assert set(in_threads(*[send] * 6)) == {cloudcontrol.requests.last.request_token}
    assert len(cloudcontrol.requests) == 1


def test_threads_poll_each_their_own(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """The same call by another thread isn't a repetition: the first polls of two threads move nothing."""
    token = create(cloudcontrol_client)
    start = cloudcontrol.clock.now()
    assert in_threads(*[partial(status, cloudcontrol_client, token)] * 2) == ["IN_PROGRESS"] * 2
    assert cloudcontrol.clock.now() == start


def test_callback_may_call_from_another_thread(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Test code that runs before a handler call may call Cloud Control from another thread without a deadlock."""
    seen: list[str] = []

    def look() -> None:
        with ThreadPoolExecutor(1) as pool:
            listed = pool.submit(cloudcontrol_client.list_resource_requests).result(GUARD)
            seen.extend(summary["OperationStatus"] for summary in listed["ResourceRequestStatusSummaries"])

    cloudcontrol.before(look, operation="CREATE", at_step=2)
    assert create_and_wait(cloudcontrol_client, "orders") == "SUCCESS"
    assert seen == ["IN_PROGRESS"]
