"""The clock: it stands still, a test moves it, and what falls due on the way is done at its own instant."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from resource_types import LOG_GROUP

from pytest_cloudcontrol import CloudControl, OptionError, ResourceRequest

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

START = datetime(2030, 1, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.cloudcontrol(start=START)


def after(seconds: float) -> datetime:
    """Return the instant so many seconds after the start."""
    return START + timedelta(seconds=seconds)


@pytest.fixture
def make(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> Maker:
    """Make requests: creates of log groups."""
    return Maker(cloudcontrol, cloudcontrol_client)


class Maker:
    """Asks for log groups of given names."""

    def __init__(self, cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
        self._cloudcontrol = cloudcontrol
        self._client = client

    def __call__(self, name: str) -> ResourceRequest:
        """Ask for one, and return its request."""
        self._client.create_resource(TypeName=LOG_GROUP, DesiredState=json.dumps({"LogGroupName": name}))
        return self._cloudcontrol.requests.last


# Where it stands


def test_starts_at_the_option(cloudcontrol: CloudControl) -> None:
    """The clock starts where the option `start` says."""
    assert cloudcontrol.clock.now() == START


def test_reads_change_nothing(cloudcontrol: CloudControl, make: Maker) -> None:
    """However often a test looks, the clock and the request stay as they are."""
    request = make("orders")
    looks = [
        (
            cloudcontrol.clock.now(),
            request.status,
            request.steps,
            request.next_step_at,
            request.events,
            len(cloudcontrol.resources),
            len(cloudcontrol.scope().requests),
        )
        for _ in range(30)
    ]
    assert looks == [looks[0]] * 30
    assert looks[0][:4] == (START, "IN_PROGRESS", 0, after(0.2))


def test_different_calls_change_nothing(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Reading calls of the API, each made once, don't move the clock."""
    answer = cloudcontrol_client.create_resource(TypeName=LOG_GROUP, DesiredState="{}")
    cloudcontrol_client.get_resource_request_status(RequestToken=answer["ProgressEvent"]["RequestToken"])
    cloudcontrol_client.list_resource_requests()
    cloudcontrol_client.list_resources(TypeName=LOG_GROUP)
    assert cloudcontrol.clock.now() == START


def test_calls_are_answered_at_the_mock_time(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, make: Maker
) -> None:
    """EventTime and the header Date are mock time."""
    cloudcontrol.clock.advance(61)
    make("orders")
    answer = cloudcontrol_client.list_resource_requests()
    assert answer["ResourceRequestStatusSummaries"][0]["EventTime"] == after(61)
    assert answer["ResponseMetadata"]["HTTPHeaders"]["date"] == "Tue, 01 Jan 2030 12:01:01 GMT"


# Moving it


@pytest.mark.parametrize("time", [90, 90.0, timedelta(minutes=1.5)])
def test_advance(cloudcontrol: CloudControl, time: timedelta | float) -> None:
    """Time is a number of seconds or a timedelta; the new instant is returned."""
    assert cloudcontrol.clock.advance(time) == after(90) == cloudcontrol.clock.now()


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2030, 1, 2, 12, tzinfo=UTC),
        datetime(2030, 1, 2, 17, 30, tzinfo=timezone(timedelta(hours=5.5))),
        datetime(2030, 1, 2, 2, tzinfo=timezone(timedelta(hours=-10))),
    ],
)
def test_move_to(cloudcontrol: CloudControl, instant: datetime) -> None:
    """An instant of any time zone is moved to, and read back in UTC."""
    assert cloudcontrol.clock.move_to(instant).isoformat() == "2030-01-02T12:00:00+00:00"
    assert cloudcontrol.clock.now() == instant


def test_move_to_now(cloudcontrol: CloudControl) -> None:
    """Moving to the very instant that it is isn't backwards."""
    assert cloudcontrol.clock.move_to(START) == START


def test_every_step_at_its_own_instant(cloudcontrol: CloudControl, make: Maker) -> None:
    """One long movement makes each due step at the time at which it was due."""
    request = make("orders")
    cloudcontrol.clock.advance(timedelta(hours=1))
    events = [(event.operation_status.value, event.event_time) for event in request.events]
    assert events == [("IN_PROGRESS", START), ("IN_PROGRESS", after(0.2)), ("SUCCESS", after(1.2))]


def test_steps_in_the_order_in_which_they_are_due(cloudcontrol: CloudControl, make: Maker) -> None:
    """Steps are made in due order; of those due at one instant, the request accepted first comes first."""
    made: list[tuple[str, datetime]] = []

    def note(request: ResourceRequest) -> None:
        made.append((str((request.desired_state or {})["LogGroupName"]), cloudcontrol.clock.now()))

    cloudcontrol.before(note, operation="CREATE")
    cloudcontrol.plan(first_delay=3, steps=1)
    make("late")
    cloudcontrol.plan(first_delay=2, steps=2, delay=1)
    make("early-and-again")
    cloudcontrol.plan(first_delay=2, steps=1)
    make("early-too")
    cloudcontrol.clock.advance(10)
    assert made == [
        ("early-and-again", after(2)),
        ("early-too", after(2)),
        ("late", after(3)),
        ("early-and-again", after(3)),
    ]


def test_step_at_the_very_instant_is_made(cloudcontrol: CloudControl, make: Maker) -> None:
    """A movement that ends when a step is due makes that step."""
    request = make("orders")
    cloudcontrol.clock.advance(0.2)
    assert request.steps == 1


def test_step_a_moment_later_is_not_made(cloudcontrol: CloudControl, make: Maker) -> None:
    """A movement that ends before a step is due doesn't make it."""
    request = make("orders")
    cloudcontrol.clock.advance(0.199999)
    assert request.steps == 0


def test_overdue_steps_are_made_by_the_next_movement(cloudcontrol: CloudControl, make: Maker) -> None:
    """What came due while one request was stepped alone is made when the clock moves next, even by nothing."""
    one, other = make("one"), make("other")
    one.step().step()
    assert (one.status, other.steps, cloudcontrol.clock.now()) == ("SUCCESS", 0, after(1.2))
    cloudcontrol.clock.advance(0)
    assert (other.steps, other.events[-1].event_time) == (1, after(1.2))


# To the next piece of work


def test_advance_to_next(cloudcontrol: CloudControl, make: Maker) -> None:
    """The clock moves from step to step, and stays when nothing is due any more."""
    request = make("orders")
    seen = []
    while cloudcontrol.clock.advance_to_next():
        seen.append((cloudcontrol.clock.now(), request.steps))
    assert seen == [(after(0.2), 1), (after(1.2), 2)]
    assert cloudcontrol.clock.now() == after(1.2)


def test_advance_to_next_does_all_that_is_due_then(cloudcontrol: CloudControl, make: Maker) -> None:
    """Several steps due at one instant are made together."""
    requests = [make("one"), make("other")]
    assert cloudcontrol.clock.advance_to_next()
    assert [request.steps for request in requests] == [1, 1]


def test_taking_up_a_pending_request_is_work(cloudcontrol: CloudControl, make: Maker) -> None:
    """The clock stops where a PENDING request is taken up."""
    cloudcontrol.plan(pending=5)
    request = make("orders")
    assert cloudcontrol.clock.advance_to_next()
    assert (request.status, request.steps, cloudcontrol.clock.now()) == ("IN_PROGRESS", 0, after(5))


def test_nothing_is_due(cloudcontrol: CloudControl) -> None:
    """With no request there is no next piece of work, and the clock stays."""
    assert not cloudcontrol.clock.advance_to_next()
    assert cloudcontrol.clock.now() == START


def test_expiry_is_no_work(cloudcontrol: CloudControl, make: Maker) -> None:
    """A finished request that will expire is nothing to advance to."""
    request = make("orders").run()
    assert not cloudcontrol.clock.advance_to_next()
    assert (request.expired, cloudcontrol.clock.now()) == (False, after(1.2))


def test_expiry_on_the_way_is_passed(cloudcontrol: CloudControl, make: Maker) -> None:
    """On the way to the next step requests expire, and the clock doesn't stop there."""
    old = make("old").run()
    cloudcontrol.clock.advance(timedelta(days=6))
    cloudcontrol.plan(first_delay=timedelta(days=2))
    young = make("young")
    assert cloudcontrol.clock.advance_to_next()
    assert (old.expired, young.steps, cloudcontrol.clock.now()) == (True, 1, after(1.2) + timedelta(days=8))


# What is refused

END = "9980-01-01 00:00:00+00:00"
TIME = "expected a timedelta or a number of seconds, at least 0"
AWARE = "expected an aware datetime, such as datetime(2030, 1, 1, tzinfo=UTC)"


@pytest.mark.parametrize(
    ("time", "refusal"),
    [
        (-1, f"time=-1 is not valid: {TIME}"),
        (-0.001, f"time=-0.001 is not valid: {TIME}"),
        (timedelta(days=-1), f"time=datetime.timedelta(days=-1) is not valid: {TIME}"),
        ("5", f"time='5' is not valid: {TIME}"),
        (None, f"time=None is not valid: {TIME}"),
        (True, f"time=True is not valid: {TIME}"),
        (float("nan"), f"time=nan is not valid: {TIME}"),
        (float("inf"), f"time=inf is not valid: {TIME}"),
        (START, f"time={START!r} is not valid: {TIME}"),
        (
            timedelta(days=3_000_000),
            (
                "time=datetime.timedelta(days=3000000) is not valid: "
                f"expected less than the time from now, {START}, to {END}"
            ),
        ),
    ],
)
def test_advance_refuses(cloudcontrol: CloudControl, time: timedelta, refusal: str) -> None:
    """What is no length of time, or a negative one, is refused, and the clock stays."""
    with pytest.raises(OptionError) as refused:
        cloudcontrol.clock.advance(time)
    assert str(refused.value) == refusal
    assert cloudcontrol.clock.now() == START


BACKWARDS = f"expected an instant not before the clock's now, {START}: it never runs backwards"


@pytest.mark.parametrize(
    ("instant", "refusal"),
    [
        (datetime(2031, 1, 1), f"instant=datetime.datetime(2031, 1, 1, 0, 0) is not valid: {AWARE}"),
        ("2031-01-01", f"instant='2031-01-01' is not valid: {AWARE}"),
        (60, f"instant=60 is not valid: {AWARE}"),
        (START.date(), f"instant=datetime.date(2030, 1, 1) is not valid: {AWARE}"),
        (
            START - timedelta(hours=1),
            f"instant=datetime.datetime(2030, 1, 1, 11, 0, tzinfo=datetime.timezone.utc) is not valid: {BACKWARDS}",
        ),
        (
            datetime(2030, 1, 1, 12, tzinfo=timezone(timedelta(hours=1))),
            f"instant={START.replace(tzinfo=timezone(timedelta(hours=1)))!r} is not valid: {BACKWARDS}",
        ),
    ],
)
def test_move_to_refuses(cloudcontrol: CloudControl, instant: datetime, refusal: str) -> None:
    """What is no aware datetime, or lies in the past, is refused, and the clock stays."""
    with pytest.raises(OptionError) as refused:
        cloudcontrol.clock.move_to(instant)
    assert str(refused.value) == refusal
    assert cloudcontrol.clock.now() == START


def test_move_to_refuses_what_is_no_instant_in_utc(cloudcontrol: CloudControl) -> None:
    """The last instant of a zone west of Greenwich doesn't exist in UTC: it is refused like every wrong one."""
    with pytest.raises(OptionError):
        cloudcontrol.clock.move_to(datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))))


@pytest.mark.parametrize("name", ["auto_advanse", "speed", "time"])
def test_misspelt_attribute_is_refused(cloudcontrol: CloudControl, name: str) -> None:
    """Setting an attribute that the clock doesn't have is an error and no silent success."""
    with pytest.raises(AttributeError, match=f"'Clock' object has no attribute '{name}'"):
        setattr(cloudcontrol.clock, name, False)
