"""Forked processes: the mock isn't in them. Collected only where a process can be forked (see conftest.py)."""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import sys
import threading
from typing import TYPE_CHECKING, Final

import boto3
import pytest
from calls import create, wait
from moto import mock_aws

from pytest_cloudcontrol import CloudControl, NotInThisProcess, Options, mock_cloudcontrol
from pytest_cloudcontrol.activation import activated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from types_boto3_cloudcontrol import CloudControlApiClient

# Python warns of every fork beside a thread, and xdist's workers have threads: these tests are about such forks.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

GUARD: Final = 60
"""Seconds after which a child is given up; none comes near it."""

REFUSED: Final = (
    "the mocked Cloud Control is active in the process that this one was forked from, which would see nothing "
    "of a call made here: make the calls there, or in threads instead of processes (as by "
    "ThreadPoolExecutor), or give this process a mock of its own: with mock_cloudcontrol()"
)


@pytest.fixture(autouse=True, scope="module")  # before the mock of any test
def _no_default_session() -> Iterator[None]:
    """Have none that another test has left."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
        yield


def told(work: Callable[[], object]) -> str:
    """Return what comes of some work: what it returns or raises, as text."""
    try:
        return str(work())
    except BaseException as error:  # whatever it is, the parent is to know
        return f"{type(error).__name__}: {error}"


def in_child(work: Callable[[], object]) -> str:
    """Do some work in a forked process, and return what comes of it there; one that hangs is killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, told(work).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        if not select.select([answer], [], [], GUARD)[0]:
            os.kill(child, signal.SIGKILL)
        written = answer.read().decode()
    os.waitpid(child, 0)
    return written or "it hung"


def test_call_in_a_child_is_refused(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A call in a forked process is refused, with why and what to do; the mock in the parent goes on."""
    assert in_child(lambda: create(cloudcontrol_client, "in the child")) == f"NotInThisProcess: {REFUSED}"
    create(cloudcontrol_client, "in-the-parent")
    assert [request.identifier for request in cloudcontrol.requests] == ["in-the-parent"]


@pytest.mark.usefixtures("cloudcontrol")
def test_client_made_in_a_child_is_refused() -> None:
    """A client that the forked process makes itself is refused too."""
    assert in_child(lambda: create(boto3.client("cloudcontrol"))) == f"NotInThisProcess: {REFUSED}"


@pytest.mark.usefixtures("cloudcontrol")
def test_waiter_in_a_child_is_refused(cloudcontrol_client: CloudControlApiClient) -> None:
    """A waiter in a forked process is refused at its first call, and doesn't sleep."""
    waiter = cloudcontrol_client.get_waiter("resource_request_success")

    assert in_child(lambda: waiter.wait(RequestToken="token")) == f"NotInThisProcess: {REFUSED}"


def test_grandchild_is_refused(cloudcontrol_client: CloudControlApiClient) -> None:
    """A process that is forked from a forked one is refused as well."""
    answer = in_child(lambda: in_child(lambda: create(cloudcontrol_client)))

    assert answer == f"NotInThisProcess: {REFUSED}"


def test_child_that_is_forked_under_a_held_lock() -> None:
    """A process forked while a thread holds the mock's lock is refused at once, and leaves the mock at once."""
    with activated(Options(), "this test") as backend:
        client = boto3.client("cloudcontrol")
        held, released = threading.Event(), threading.Event()

        def hold() -> None:
            with backend.clock.lock:
                held.set()
                released.wait(GUARD)

        def call_and_leave() -> None:
            try:
                create(client)
            finally:
                backend.close()

        thread = threading.Thread(target=hold, daemon=True)
        thread.start()
        held.wait(GUARD)
        try:
            assert in_child(call_and_leave) == f"NotInThisProcess: {REFUSED}"
        finally:
            released.set()
            thread.join(GUARD)


def test_report_in_a_child_that_is_forked_under_a_held_lock() -> None:
    """What fails in such a process has its report, as of the fork."""
    with activated(Options(), "this test") as backend:
        held, released = threading.Event(), threading.Event()

        def hold() -> None:
            with backend.clock.lock:
                held.set()
                released.wait(GUARD)

        create(boto3.client("cloudcontrol"), "before")
        before = backend.report()
        thread = threading.Thread(target=hold, daemon=True)
        thread.start()
        held.wait(GUARD)
        try:
            assert in_child(backend.report) == before
        finally:
            released.set()
            thread.join(GUARD)


def test_mock_of_the_childs_own(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A mock that is activated in the forked process answers there, also a client from before, and no other."""

    def mocked() -> tuple[int, str | None]:
        with mock_cloudcontrol(region="eu-west-1") as own:
            wait(cloudcontrol_client, create(cloudcontrol_client))
            create(own.client())
            return len(own.requests), os.environ.get("AWS_REGION")

    assert in_child(mocked) == "(2, 'eu-west-1')"
    assert len(cloudcontrol.requests) == 0


def test_after_a_mock_of_the_childs_own(cloudcontrol_client: CloudControlApiClient) -> None:
    """When the forked process has left its own mock, its calls are refused again, and not let out."""

    def mocked_and_then_not() -> None:
        with mock_cloudcontrol():
            create(cloudcontrol_client)
        create(cloudcontrol_client)

    assert in_child(mocked_and_then_not) == f"NotInThisProcess: {REFUSED}"


def test_leaving_in_a_child() -> None:
    """A forked process that leaves the parent's block does so quietly, though a rule never fired there."""
    me = os.getpid()
    answer = None
    with mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.add_failure("NotFound", optional=False)
        reading, writing = os.pipe()
        child = os.fork()
        if child != 0:
            create(cloudcontrol.client())
            cloudcontrol.requests.last.run()
    if os.getpid() != me:
        os.write(writing, b"left")
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told_by_child:
        if select.select([told_by_child], [], [], GUARD)[0]:
            answer = told_by_child.read()
    os.waitpid(child, 0)
    assert answer == b"left"


def test_other_services_in_a_child(cloudcontrol: CloudControl) -> None:
    """Another service's calls in a forked process go on as ever."""
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="motos")
        assert in_child(lambda: [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]) == "['motos']"
    assert len(cloudcontrol.calls) == 0


def test_child_of_a_process_without_a_mock() -> None:
    """A process that is forked when the mock has ended isn't refused: its calls are what they are without a mock."""
    with mock_cloudcontrol():
        pass
    client = boto3.client("cloudcontrol", region_name="us-east-1", aws_access_key_id="AKIA", aws_secret_access_key="-")

    def send(**_: object) -> None:
        raise ConnectionRefusedError("this is where it would be sent")

    client.meta.events.register("before-send.cloudcontrol", send)
    assert in_child(lambda: create(client)) == "ConnectionRefusedError: this is where it would be sent"


def create_by_name(name: str) -> str:
    """Make a request, and return its token."""
    return create(boto3.client("cloudcontrol"), name)


@pytest.mark.usefixtures("cloudcontrol")
def test_pool_of_forked_workers() -> None:
    """A pool of forked workers raises the refusal in the parent, whole, and doesn't hang."""
    with multiprocessing.get_context("fork").Pool(2) as pool:
        working = pool.map_async(create_by_name, ["one", "two"])
        with pytest.raises(NotInThisProcess) as refused:
            working.get(GUARD)
    assert str(refused.value) == REFUSED


def test_forks_beside_a_moving_clock(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Processes forked while a thread moves the clock are refused, each of them, and none hangs."""
    create(cloudcontrol_client)
    ending = threading.Event()

    def move() -> None:
        sys.settrace(None)  # where coverage is measured, a child would wait for the lock of its measuring, for ever
        while not ending.is_set():
            cloudcontrol.clock.advance(0.001)

    thread = threading.Thread(target=move, daemon=True)
    thread.start()
    try:
        answers = {in_child(lambda: create(cloudcontrol_client)) for _ in range(10)}
    finally:
        ending.set()
        thread.join(GUARD)
    assert answers == {f"NotInThisProcess: {REFUSED}"}
