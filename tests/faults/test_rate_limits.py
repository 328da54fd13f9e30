"""``limit_rate``: a token bucket on the mock clock, for each account and region; and code that waits for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError
from calls import create, status, wait
from loops import OFF, ON, go_on_after, loop, rounds
from mock_time import START, after
from refusals import refusal
from resource_types import LOG_GROUP
from retrying import codes, once
from threads import in_threads, suspended

from pytest_cloudcontrol import NoProgressError

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrying import Mode
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

THROTTLED: Final = "ThrottlingException"

pytestmark = [ON, pytest.mark.usefixtures("slept")]


def passes(client: CloudControlApiClient) -> bool:
    """Make one call, and return whether it was let through."""
    try:
        client.list_resource_requests()
    except client.exceptions.ThrottlingException:
        return False
    return True


def let_through(client: CloudControlApiClient, calls: int) -> int:
    """Make so many calls, and return how many of them were let through."""
    return sum([passes(client) for _ in range(calls)])


def each_differs(client: CloudControlApiClient, calls: int) -> int:
    """Make so many calls of which none repeats another, and return how many of them were let through."""
    through = 0
    for number in range(calls):
        try:
            client.get_resource(TypeName=LOG_GROUP, Identifier=f"n{number}")
        except ClientError as error:
            through += error.response["Error"]["Code"] != THROTTLED
    return through


# What is let through


def test_beyond_so_many_calls(cloudcontrol: CloudControl) -> None:
    """Beyond so many calls each is refused in AWS's words, and nothing is done for it."""
    limit = cloudcontrol.limit_rate(2, per=10)
    client = once(cloudcontrol)
    create(client, "a")
    create(client, "b")
    assert refusal(create, client=client, name="c") == (THROTTLED, "Rate exceeded", 400)
    assert (limit.fired, len(cloudcontrol.requests)) == (1, 2)


@pytest.mark.parametrize("per", [10, 10.0, timedelta(seconds=10)])
@pytest.mark.parametrize(("seconds", "expected"), [(0, 0), (4.999999, 0), (5, 1), (9.999999, 1), (10, 2), (3600, 2)])
def test_tokens_come_back_at_an_even_pace(
    cloudcontrol: CloudControl, per: float | timedelta, seconds: float, expected: int
) -> None:
    """An empty bucket gets a token each time a part of the time has passed, and never more than it holds."""
    cloudcontrol.limit_rate(2, per)
    client = once(cloudcontrol)
    assert each_differs(client, 3) == 2
    cloudcontrol.clock.advance(seconds)
    assert each_differs(client, 4) == expected


def test_refused_calls_take_no_token(cloudcontrol: CloudControl) -> None:
    """A call that is refused doesn't make the next one wait longer."""
    cloudcontrol.limit_rate(1, per=10)
    client = once(cloudcontrol)
    for _ in range(9):
        each_differs(client, 2)
        cloudcontrol.clock.advance(1)
    cloudcontrol.clock.advance(1)
    assert each_differs(client, 1) == 1


def test_accounts_and_regions_have_their_own(cloudcontrol: CloudControl) -> None:
    """Each account and region has a bucket of its own."""
    limit = cloudcontrol.limit_rate(2, per=10)
    clients = [
        once(cloudcontrol, region, account)
        for region in ("us-east-1", "eu-west-1")
        for account in ("123456789012", "210987654321")
    ]
    assert [each_differs(client, 3) for client in clients] == [2] * 4
    assert limit.fired == 4
    assert each_differs(once(cloudcontrol, "eu-west-1"), 1) == 0  # another client of the same


def test_of_one_operation(cloudcontrol: CloudControl) -> None:
    """A limit of one API operation counts and refuses only that."""
    cloudcontrol.limit_rate(1, per=10, api="GetResource")
    client = once(cloudcontrol)
    assert let_through(client, 3) == 3
    assert each_differs(client, 2) == 1
    assert let_through(client, 1) == 1


def test_of_several_limits(cloudcontrol: CloudControl) -> None:
    """A call has to be let through by every limit; one that any refuses takes no token of the others."""
    narrow = cloudcontrol.limit_rate(1, per=1, api="GetResource")
    wide = cloudcontrol.limit_rate(3, per=100)
    client = once(cloudcontrol)
    assert each_differs(client, 5) == 1
    assert let_through(client, 2) == 2
    cloudcontrol.clock.advance(1)
    assert each_differs(client, 1) == 0
    assert (narrow.fired, wide.fired) == (4, 1)


def test_calls_that_are_wrong_count_too(cloudcontrol: CloudControl) -> None:
    """A call that the service refuses for what it asks has taken a token, as it has come to the service."""
    cloudcontrol.limit_rate(1, per=10)
    client = once(cloudcontrol)
    with pytest.raises(client.exceptions.TypeNotFoundException):
        client.create_resource(TypeName="No::Such::Type", DesiredState="{}")
    assert not passes(client)


def test_calls_that_never_came_dont_count(cloudcontrol: CloudControl) -> None:
    """A call that an error came instead of takes no token; one whose answer is lost does."""
    cloudcontrol.limit_rate(1, per=10)
    client = once(cloudcontrol)
    for is_lost in (False, True):
        cloudcontrol.add_error("ReadTimeoutError", after=is_lost)
        with pytest.raises(ReadTimeoutError):
            client.list_resource_requests()
    assert not passes(client)


def test_removed(cloudcontrol: CloudControl) -> None:
    """Taken back it refuses nothing more."""
    limit = cloudcontrol.limit_rate(1, per=3600)
    client = once(cloudcontrol)
    each_differs(client, 3)
    limit.remove()
    limit.remove()
    assert each_differs(client, 3) == 3
    assert limit.fired == 2


def test_reset(cloudcontrol: CloudControl) -> None:
    """After a reset there is no limit any more."""
    cloudcontrol.limit_rate(1, per=3600)
    client = once(cloudcontrol)
    each_differs(client, 2)
    cloudcontrol.reset()
    assert each_differs(client, 3) == 3


def test_representation(cloudcontrol: CloudControl) -> None:
    """The handle shows what was arranged and how many calls were refused."""
    limit = cloudcontrol.limit_rate(1, timedelta(minutes=1), api="GetResource")
    assert repr(limit) == "<limit_rate(1, per=60, api='GetResource'), fired 0 times>"
    each_differs(once(cloudcontrol), 2)
    assert repr(limit) == "<limit_rate(1, per=60, api='GetResource'), fired 1 time>"


# Code that waits for it


@pytest.mark.parametrize(
    ("calls", "per", "instants"),
    [
        (2, 10, [0, 0, 5, 10, 15]),
        (1, 3600, [0, 3600, 7200]),
        (3, 1, [0, 0, 0, 0.333334, 0.666667, 1, 1.333334]),  # the first whole microsecond with a whole token
    ],
)
def test_loop_without_a_sleep_gets_through(
    cloudcontrol: CloudControl, calls: int, per: float, instants: list[float]
) -> None:
    """A loop that repeats a refused call moves the clock to the instant at which it is let through, and no further."""
    cloudcontrol.limit_rate(calls, per)
    client = once(cloudcontrol)
    for instant in instants:
        for _ in rounds():
            if passes(client):
                break
        assert cloudcontrol.clock.now() == after(instant)


@pytest.mark.parametrize("seconds", [3600, 3650 * 24 * 3600])
def test_long_wait(cloudcontrol: CloudControl, seconds: int) -> None:
    """However long it takes, it is one wait, and what falls due on the way is done."""
    client = once(cloudcontrol)
    token = create(client)
    cloudcontrol.limit_rate(1, per=seconds)
    passes(client)
    for _ in rounds():
        if passes(client):
            break
    assert cloudcontrol.clock.now() == after(seconds)
    assert cloudcontrol.request(token).status == "SUCCESS"


@pytest.mark.parametrize("calls", [1, 2, 7])
def test_polls(cloudcontrol: CloudControl, calls: int) -> None:
    """A loop of polls that are refused now and then sees the request's end."""
    cloudcontrol.plan(steps=5)
    client = once(cloudcontrol)
    token = create(client)
    cloudcontrol.limit_rate(calls, per=30, api="GetResourceRequestStatus")

    def poll() -> str | None:
        try:
            return status(client, token)
        except ClientError:
            return None

    for _ in rounds():
        if poll() == "SUCCESS":
            break
    assert THROTTLED in codes(cloudcontrol) or calls == 7


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_retries_sleep_on_the_clock(cloudcontrol: CloudControl, slept: list[float], mode: Mode) -> None:
    """Botocore's own retries get through in every mode, and sleep for nobody."""
    limit = cloudcontrol.limit_rate(3, per=1)
    client = cloudcontrol.client(config=Config(retries={"mode": mode, "total_max_attempts": 8}))
    for number in range(12):
        create(client, f"n{number}")
    assert len(cloudcontrol.requests) == 12
    assert limit.fired > 0
    assert cloudcontrol.clock.now() >= after(3)
    assert slept == []


def test_waiter(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A waiter gets through by its client's retries."""
    token = create(cloudcontrol_client)
    cloudcontrol.limit_rate(1, per=2)
    wait(cloudcontrol_client, token)
    assert cloudcontrol.requests.last.status == "SUCCESS"


def test_removed_while_code_waits(cloudcontrol: CloudControl) -> None:
    """A limit that is taken back while a call waits for it lets the call through there and then."""
    client = once(cloudcontrol)
    create(client)
    limit = cloudcontrol.limit_rate(1, per=3600)
    cloudcontrol.before(limit.remove, at_step=2)
    passes(client)
    for _ in rounds():
        if passes(client):
            break
    assert passes(client)


@pytest.mark.cloudcontrol(max_idle_calls=100)
def test_loop_that_never_ends(cloudcontrol: CloudControl) -> None:
    """A loop that is let through again and again and comes to nothing is stopped after max_idle_calls."""
    cloudcontrol.limit_rate(1, per=1)
    client = once(cloudcontrol)
    with pytest.raises(
        NoProgressError, match=r"^the code under test has made 100 calls without any progress, the last"
    ):
        go_on_after(ClientError, lambda: client.get_resource_request_status(RequestToken="none"))


@OFF
def test_auto_advance_off_at_home(cloudcontrol: CloudControl) -> None:
    """With auto_advance off nothing moves the clock, and a loop in the test's own thread is stopped."""
    cloudcontrol.limit_rate(1, per=10)
    client = once(cloudcontrol)
    with pytest.raises(NoProgressError, match=r"and clock\.auto_advance is off\.\n"):
        go_on_after(ClientError, lambda: create(client, "same"))
    assert cloudcontrol.clock.now() == START


@OFF
@pytest.mark.parametrize(
    "act",
    [lambda mock, _: mock.clock.advance(10), lambda _, limit: limit.remove()],
    ids=["the clock moves", "it is taken back"],
)
def test_auto_advance_off_elsewhere(
    cloudcontrol: CloudControl,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[..., object],
) -> None:
    """In another thread such a loop is held until the test lets it through."""
    limit = cloudcontrol.limit_rate(1, per=10)
    client = once(cloudcontrol)
    create(client)

    def until_through() -> None:
        for _ in rounds():
            if passes(client):
                break

    worker = suspended(monkeypatch, until_through)
    act(cloudcontrol, limit)
    worker.let_it_end()
    assert worker.error is None


def test_threads(cloudcontrol: CloudControl) -> None:
    """Threads that go on after each refusal all get through, and never faster than the limit."""
    cloudcontrol.limit_rate(2, per=10)
    client = once(cloudcontrol)

    def make(name: str) -> None:
        for _ in rounds():
            try:
                create(client, name)
            except ClientError:
                continue
            break

    in_threads(*[lambda name=name: make(name) for name in "abcdefgh"])
    assert len(cloudcontrol.requests) == 8
    assert cloudcontrol.clock.now() == after(30)


def test_loop_over_a_request(cloudcontrol: CloudControl) -> None:
    """A wide limit changes nothing for a loop that stays below it."""
    limit = cloudcontrol.limit_rate(1000, per=1)
    client = once(cloudcontrol)
    loop(client, create(client))
    assert limit.fired == 0
    assert len(cloudcontrol.calls) <= 7
