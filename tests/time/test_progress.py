"""What waits and what doesn't, and calls that come to nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

import pytest
from botocore.exceptions import ClientError
from calls import RETENTION_PATCH, create, status
from loops import OFF, ON, loop, rounds
from mock_time import START, after
from resource_types import LOG_GROUP, QUEUE

from pytest_cloudcontrol import CloudControl, NoProgressError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import ResourceRequest

    Act: TypeAlias = Callable[[CloudControl, ResourceRequest], object]
    Read: TypeAlias = Callable[[CloudControl, CloudControlApiClient, int], object]

DONE = {"SUCCESS"}
FEW_IDLE_CALLS = pytest.mark.cloudcontrol(start=START, max_idle_calls=200)


# Polls of a running request


@ON
@pytest.mark.parametrize("count", [1, 2, 5, 40])
def test_requests_polled_in_turn(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, count: int
) -> None:
    """Requests that are polled in turn need five polls each; a bare loop over one needs three."""
    tokens = [create(cloudcontrol_client, f"orders-{number}") for number in range(count)]
    polls = next(number for number in rounds() if {status(cloudcontrol_client, token) for token in tokens} == DONE)
    assert polls + 1 == (3 if count == 1 else 5)
    assert cloudcontrol.clock.now() == after(1.2)


@ON
def test_two_looks_move_nothing(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """One look by the code and one by the test, with another call between them, move nothing; a third one waits."""
    token = create(cloudcontrol_client)
    for _ in range(2):
        assert status(cloudcontrol_client, token) == "IN_PROGRESS"
        cloudcontrol_client.list_resources(TypeName=LOG_GROUP)
    assert cloudcontrol.clock.now() == START
    status(cloudcontrol_client, token)
    assert (cloudcontrol.clock.now(), cloudcontrol.request(token).steps) == (after(0.2), 1)


@ON
def test_looks_before_an_act_are_forgotten(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """After an act of the test an event may be looked at twice again."""
    token = create(cloudcontrol_client)
    for _ in range(3):
        for _ in range(2):
            status(cloudcontrol_client, token)
            cloudcontrol_client.list_resource_requests()
        cloudcontrol.clock.advance(0.001)
    assert (cloudcontrol.clock.now(), cloudcontrol.request(token).steps) == (after(0.003), 0)


# Acts


TYPE = {
    "typeName": "Test::Shop::Order",
    "properties": {"Name": {"type": "string"}},
    "primaryIdentifier": ["/properties/Name"],
}
ACTS: dict[str, Act] = {
    "advance": lambda mock, _: mock.clock.advance(0.001),
    "move_to": lambda mock, _: mock.clock.move_to(mock.clock.now()),
    "step of another": lambda mock, _: mock.requests[1].step(),
    "fail of another": lambda mock, _: mock.requests[1].fail("Throttling"),
    "cancel of another": lambda mock, _: mock.requests[1].cancel(),
    "later cancel": lambda _, request: request.cancel(at_step=2),
    "expire of another": lambda mock, _: mock.requests[1].expire(),
    "put": lambda mock, _: mock.resources.put(QUEUE, {"QueueName": "q"}),
    "delete": lambda mock, _: mock.resources.delete(LOG_GROUP, "there"),
    "plan": lambda mock, _: mock.plan(steps=3),
    "add_failure": lambda mock, _: mock.add_failure("Throttling", identifier="no such", optional=True),
    "add_cancel": lambda mock, _: mock.add_cancel(identifier="no such", optional=True),
    "add_expiry": lambda mock, _: mock.add_expiry(identifier="no such", optional=True),
    "add_error": lambda mock, _: mock.add_error("TypeNotFoundException", api="GetResource", optional=True),
    "before": lambda mock, _: mock.before(print, api="CancelResourceRequest"),
    "add_type": lambda mock, _: mock.add_type(TYPE),
}


@ON
@pytest.mark.parametrize("act", ACTS)
def test_every_act_counts(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, act: str) -> None:
    """After anything that a test does between two equal calls the second repeats nothing, and moves nothing."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "there"})
    cloudcontrol.plan(first_delay=100, delay=100)
    request = cloudcontrol.request(create(cloudcontrol_client))
    create(cloudcontrol_client, "another")
    status(cloudcontrol_client, request.request_token)
    ACTS[act](cloudcontrol, request)
    now = cloudcontrol.clock.now()
    status(cloudcontrol_client, request.request_token)
    assert (cloudcontrol.clock.now(), len(request.events)) == (now, 1)
    request.expire()  # so that no later cancel is left to come


@ON
def test_loading_counts_as_an_act(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, tmp_path: Path
) -> None:
    """Resources that a test loads between two equal calls are an act, too; to write them to a file is none."""
    token = create(cloudcontrol_client)
    cloudcontrol.resources.dump(tmp_path / "resources.json")
    status(cloudcontrol_client, token)
    cloudcontrol.resources.load(tmp_path / "resources.json")
    status(cloudcontrol_client, token)
    assert cloudcontrol.clock.now() == START
    cloudcontrol.resources.dump(tmp_path / "resources.json")
    status(cloudcontrol_client, token)
    assert cloudcontrol.clock.now() == after(0.2)


@OFF
def test_rounds_of_polls_and_small_moves(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """With auto_advance off a test may poll twice and move the clock a little for as long as it likes."""
    token = create(cloudcontrol_client)
    for _ in range(1000):
        status(cloudcontrol_client, token)
        status(cloudcontrol_client, token)
        cloudcontrol.clock.advance(0.001)
    assert (cloudcontrol.clock.now(), cloudcontrol.request(token).steps) == (after(1), 1)


# Readers that don't wait


@ON
def test_reading_the_same_for_each_of_many(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Code that reads the same resource again for each of its children isn't waiting for anything."""
    for number in range(15):
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": f"child-{number}"})
    create(cloudcontrol_client, "parent")
    for number in range(15):
        cloudcontrol_client.list_resources(TypeName=LOG_GROUP)
        cloudcontrol_client.get_resource(TypeName=LOG_GROUP, Identifier=f"child-{number}")
    assert cloudcontrol.clock.now() == START


@ON
@pytest.mark.parametrize("looks", [20, 99])
def test_looking_at_what_has_ended(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, looks: int
) -> None:
    """Code may look at a request that has ended again and again."""
    token = create(cloudcontrol_client)
    cloudcontrol.run_until_idle()
    assert {status(cloudcontrol_client, token) for _ in range(looks)} == {"SUCCESS"}


@ON
def test_looking_at_what_has_ended_for_ever(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A loop that polls a request which has ended is stopped at its hundredth repetition."""
    token = create(cloudcontrol_client)
    cloudcontrol.run_until_idle()
    with pytest.raises(NoProgressError):
        loop(cloudcontrol_client, token, until="FAILED")
    assert len(cloudcontrol.calls) == 1 + 1 + 100


# Calls that come to nothing


def make_idle_calls(cloudcontrol: CloudControl, client: CloudControlApiClient, idle: str) -> None:
    """Make calls of a kind for ever, whatever they are answered."""
    for number in rounds():
        with suppress(ClientError):
            IDLE[idle](cloudcontrol, client, number)


IDLE: dict[str, Read] = {
    "the clock is moved": lambda mock, client, _: (
        client.list_resources(TypeName=LOG_GROUP),
        mock.clock.advance(5),
    ),
    "the input differs": lambda _, client, number: client.list_resource_requests(MaxResults=1 + number % 100),
    "a new name each time": lambda _, client, number: create(client, f"n{number}"),
    "several in turn": lambda _, client, number: client.get_resource(TypeName=LOG_GROUP, Identifier=f"n{number % 9}"),
}


@FEW_IDLE_CALLS
@pytest.mark.parametrize("idle", IDLE)
def test_calls_that_come_to_nothing(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, idle: str
) -> None:
    """Calls without any progress end after max_idle_calls of them, whatever they ask and however the clock is moved."""
    cloudcontrol.add_error("ThrottlingException", api="CreateResource", times=10**9, optional=True)
    with pytest.raises(NoProgressError, match=r"^the code under test has made 200 calls without any progress"):
        make_idle_calls(cloudcontrol, cloudcontrol_client, idle)
    assert 200 <= len(cloudcontrol.calls) <= 220


PROGRESS: dict[str, Read] = {
    "requests that succeed": lambda mock, client, number: (
        create(client, f"n{number}"),
        mock.clock.advance(5),
    ),
    "answers not given before": lambda _, client, number: client.get_resource(
        TypeName=LOG_GROUP, Identifier=f"n{number}"
    ),
    "acts of the test": lambda mock, client, _: (
        client.list_resources(TypeName=QUEUE),
        mock.resources.put(QUEUE, {"QueueName": "q"}),
    ),
}


@FEW_IDLE_CALLS
@pytest.mark.parametrize("progress", PROGRESS)
def test_calls_that_come_to_something(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, progress: str
) -> None:
    """As long as anything comes of them there may be any number of calls."""
    for number in range(500):
        with suppress(ClientError):
            PROGRESS[progress](cloudcontrol, cloudcontrol_client, number)
    assert len(cloudcontrol.calls) == 500


@FEW_IDLE_CALLS
def test_code_that_was_stopped_may_make_as_many_again(cloudcontrol_client: CloudControlApiClient) -> None:
    """The count begins anew after the error."""
    stopped = 0
    for number in range(600):
        try:
            cloudcontrol_client.list_resource_requests(MaxResults=1 + number % 100)
        except NoProgressError:
            stopped += 1
    assert stopped == 2


@FEW_IDLE_CALLS
def test_updates_that_are_refused(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A loop that never polls, but tries an update until the create before it is done, ends well."""
    create(cloudcontrol_client)
    for _ in rounds():
        with suppress(ClientError):
            cloudcontrol_client.update_resource(TypeName=LOG_GROUP, Identifier="orders", PatchDocument=RETENTION_PATCH)
            break
    assert cloudcontrol.requests.last.operation == "UPDATE"
