"""How often code may repeat itself, and how far mock time and plans go: each limit exactly, and one beside it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from botocore.exceptions import ClientError
from calls import create, status
from loops import OFF, ON, rounds
from mock_time import START
from resource_types import LOG_GROUP

from pytest_cloudcontrol import CloudControl, NoProgressError, OptionError, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient


# Repetitions

CALLS: Final[Mapping[str, Callable[[CloudControlApiClient], object]]] = {
    "GetResource": lambda client: client.get_resource(TypeName=LOG_GROUP, Identifier="missing"),
    "ListResources": lambda client: client.list_resources(TypeName=LOG_GROUP),
    "ListResourceRequests": lambda client: client.list_resource_requests(),
    "GetResourceRequestStatus": lambda client: client.get_resource_request_status(RequestToken="missing"),
    "CancelResourceRequest": lambda client: client.cancel_resource_request(RequestToken="missing"),
    "UpdateResource": lambda client: client.update_resource(
        TypeName=LOG_GROUP, Identifier="missing", PatchDocument="[]"
    ),
}
EVERY_CALL: Final = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


def made_until_stopped(call: Callable[[], object]) -> int:
    """Repeat a call until it is stopped, and return how often it was answered before."""
    for answered in rounds():
        try:
            with suppress(ClientError):
                call()
        except NoProgressError:
            return answered
    raise AssertionError  # rounds() has failed the test already


@pytest.mark.parametrize(
    "auto_advance",
    [pytest.param(True, marks=ON, id="auto_advance on"), pytest.param(False, marks=OFF, id="off")],
)
@EVERY_CALL
def test_the_tenth_repetition_is_stopped(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    call: Callable[[CloudControlApiClient], object],
    auto_advance: bool,
) -> None:
    """A call may be made ten times, which are nine repetitions; the tenth is stopped, and so it is after that."""
    assert cloudcontrol.options.auto_advance is auto_advance
    assert made_until_stopped(lambda: call(cloudcontrol_client)) == 10
    assert len(cloudcontrol.calls) == 11


@ON
@EVERY_CALL
def test_another_call_between_begins_anew(
    cloudcontrol_client: CloudControlApiClient, call: Callable[[CloudControlApiClient], object]
) -> None:
    """After nine repetitions and another call there may be nine repetitions again."""
    for _ in range(3):
        for _ in range(10):
            with suppress(ClientError):
                call(cloudcontrol_client)
        cloudcontrol_client.list_resources(TypeName="AWS::SQS::Queue")
    assert made_until_stopped(lambda: call(cloudcontrol_client)) == 10


@ON
@EVERY_CALL
def test_the_hundredth_repetition_in_a_task_is_stopped(
    cloudcontrol_client: CloudControlApiClient, call: Callable[[CloudControlApiClient], object]
) -> None:
    """In an asyncio task a call may be made a hundred times, which are ninety-nine repetitions."""

    async def repeat() -> int:
        return made_until_stopped(lambda: call(cloudcontrol_client))

    assert asyncio.run(repeat()) == 100


@ON
@pytest.mark.parametrize("end", ["run", "cancel"])
def test_the_hundredth_poll_of_what_has_ended_is_stopped(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, end: str
) -> None:
    """A request that has ended may be looked at a hundred times in a row, which are ninety-nine repetitions."""
    token = create(cloudcontrol_client)
    getattr(cloudcontrol.requests.last, end)()
    assert made_until_stopped(lambda: status(cloudcontrol_client, token)) == 100


# Idle calls


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 9, 10, 11])
@pytest.mark.parametrize("answers", [1, 2, 3])
def test_as_many_idle_calls_as_the_option_says(limit: int, answers: int) -> None:
    """Code that moves the clock may make just as many calls as the option says, and one for each further answer."""
    made: list[int] = []

    def ask() -> None:
        made.append(len(made) % answers)
        cloudcontrol.clock.advance(1)
        client.get_resource(TypeName=LOG_GROUP, Identifier=f"missing-{made[-1]}")

    with mock_cloudcontrol(start=START, max_idle_calls=limit) as cloudcontrol:
        client = cloudcontrol.client()
        counts = [made_until_stopped(ask) for _ in range(2)]
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})  # an act: the count begins anew
        counts.append(made_until_stopped(ask))
    assert counts == [limit + answers - 1] * 3


@pytest.mark.parametrize("limit", [2, 5, 10])
def test_progress_at_the_last_moment(limit: int) -> None:
    """After an act at the very last call that is allowed, there may be as many again."""
    with mock_cloudcontrol(start=START, max_idle_calls=limit) as cloudcontrol:
        client = cloudcontrol.client()

        def ask() -> None:
            client.list_resources(TypeName=LOG_GROUP)
            cloudcontrol.clock.advance(1)

        for _ in range(limit):
            ask()
        cloudcontrol.resources.put("AWS::SQS::Queue", {"QueueName": "q"})
        assert made_until_stopped(ask) == limit


# The end of mock time

END: Final = datetime(9980, 1, 1, tzinfo=UTC)
LEAST: Final = timedelta(microseconds=1)
LAST: Final = END - LEAST

MOVES: Final[Mapping[str, Callable[[CloudControl, datetime], object]]] = {
    "advance": lambda mock, instant: mock.clock.advance(instant - mock.clock.now()),
    "move_to": lambda mock, instant: mock.clock.move_to(instant),
}


@ON
@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
@pytest.mark.parametrize("beyond", [timedelta(0), LEAST, timedelta(days=1)])
def test_the_last_instant(
    cloudcontrol: CloudControl, move: Callable[[CloudControl, datetime], object], beyond: timedelta
) -> None:
    """The clock can be moved to the last microsecond of mock time, and by no movement to its end or beyond."""
    assert move(cloudcontrol, LAST - LEAST) == LAST - LEAST
    with pytest.raises(OptionError):
        move(cloudcontrol, END + beyond)
    assert cloudcontrol.clock.now() == LAST - LEAST
    assert move(cloudcontrol, LAST) == LAST
    assert cloudcontrol.clock.advance(0) == cloudcontrol.clock.move_to(LAST) == LAST
    with pytest.raises(OptionError):
        move(cloudcontrol, END + beyond)


@pytest.mark.cloudcontrol(start=LAST)
def test_requests_at_the_last_instant(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A request of the last instant is worked off like any other, and has its whole life before it."""
    create(cloudcontrol_client)
    request = cloudcontrol.requests.last.run()
    assert (request.status, request.last_event.event_time) == ("SUCCESS", LAST + timedelta(seconds=1.2))


@pytest.mark.cloudcontrol(start=LAST)
def test_longest_plan_at_the_last_instant(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The longest plan is within the calendar even then: its request is accepted, and expires before it is taken up."""
    longest = timedelta(days=3650)
    cloudcontrol.plan(pending=longest, first_delay=longest, delay=longest)
    create(cloudcontrol_client)
    request = cloudcontrol.requests.last
    assert request.next_step_at == LAST + 2 * longest
    assert cloudcontrol.clock.advance_to_next() is False
    assert (request.expired, request.status, request.steps) == (True, "PENDING", 0)


@pytest.mark.cloudcontrol(start=LAST)
def test_longest_delay_at_the_end_of_a_request(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A call just before the expiry of the last request there can be may have the longest delay, too."""
    week = timedelta(days=7)
    cloudcontrol.plan(first_delay=week - LEAST, delay=timedelta(days=3650))
    create(cloudcontrol_client)
    request = cloudcontrol.requests.last.step()
    assert request.last_event.retry_after == LAST + week - LEAST + timedelta(days=3650)
    assert request.run().expired


# The longest delay of a plan

DAY: Final = 24 * 3600


@ON
@pytest.mark.parametrize("name", ["delay", "first_delay", "pending"])
@pytest.mark.parametrize(
    ("length", "fits"),
    [
        (timedelta(0), True),
        (LEAST, True),
        (-LEAST, False),
        (timedelta(days=3650) - LEAST, True),
        (timedelta(days=3650), True),
        (timedelta(days=3650) + LEAST, False),
        (3650 * DAY, True),
        (3650 * DAY + 0.001, False),
    ],
    ids=str,
)
def test_longest_and_shortest_delay(
    cloudcontrol: CloudControl, name: str, length: timedelta | float, fits: bool
) -> None:
    """Every length of time in a plan is from nothing to 3650 days, and not a microsecond less or more."""
    plan: Callable[..., object] = cloudcontrol.plan
    if fits:
        plan(**{name: length})
        return
    expected = "a timedelta or a number of seconds, at least 0" if length == -LEAST else "at most 3650 days"
    with pytest.raises(OptionError) as refused:
        plan(**{name: length})
    assert str(refused.value) == f"{name}={length!r} is not valid: expected {expected}"
