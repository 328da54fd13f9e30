"""The program is killed before or after a call, and started again in the same world."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ReadTimeoutError
from calls import create, status, wait
from programs import NO_SURPRISES, REFUSED, Seen, at, groups, tried
from retrying import once

from pytest_cloudcontrol import ExplorationError, explore

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl

STARTED: Final = "https://sqs.us-east-1.amazonaws.com/123456789012/started"
CRASHES: Final[dict[str, Any]] = NO_SURPRISES | {"crashes": True}


def test_before_and_after_each_call() -> None:
    """At each call the program is killed before it and after it; after a read only if it is the last call."""

    def program(cloudcontrol: CloudControl) -> object:
        client = once(cloudcontrol)
        client.list_resource_requests()
        create(client, f"run{len(cloudcontrol.requests)}")
        return client.list_resource_requests()["ResourceRequestStatusSummaries"]

    assert tried(Seen(program), **CRASHES) == [
        "call 1 ListResourceRequests: crash before",
        "call 2 CreateResource: crash before",
        "call 2 CreateResource: crash after",
        "call 3 ListResourceRequests: crash before",
        "call 3 ListResourceRequests: crash after",
    ]


@pytest.mark.parametrize(("line", "requests"), [("crash before", 0), ("crash after", 1)])
def test_what_the_next_start_finds(line: str, requests: int) -> None:
    """Killed before a call it wasn't made, killed after it it was; the next start is in the same world."""
    found: list[int] = []

    def program(cloudcontrol: CloudControl) -> None:
        found.append(len(cloudcontrol.requests))
        create(once(cloudcontrol), f"run{len(found)}")

    explore(program, replay=f"call 1 CreateResource: {line}")
    assert found == [0, requests]


def test_clock_and_arrangements_stay() -> None:
    """What the world is after a crash it was before: its time, its resources, and what was arranged in it."""

    def program(cloudcontrol: CloudControl) -> object:
        if not cloudcontrol.calls:
            cloudcontrol.plan(steps=5)
            cloudcontrol.clock.advance(100)
        client = cloudcontrol.client()
        wait(client, create(client, f"at{cloudcontrol.clock.now().minute}"))
        return [request.steps for request in cloudcontrol.requests], cloudcontrol.clock.now().minute > 0

    assert at(program, "call 1 CreateResource: crash before") == str(([5], True))


def test_setup_is_not_repeated() -> None:
    """What setup has arranged is there at every start, and was made once in that run."""
    made: list[str] = []

    def setup(cloudcontrol: CloudControl) -> None:
        made.append("set up")
        wait(cloudcontrol.client(), create(cloudcontrol.client(), "there"))

    def program(cloudcontrol: CloudControl) -> None:
        made.append(f"started with {groups(cloudcontrol)}")
        once(cloudcontrol).list_resource_requests()

    explore(program, setup=setup, replay="call 1 ListResourceRequests: crash after")
    assert made == ["set up", *["started with {'there': None}"] * 2]


def test_every_later_call_of_that_start_raises() -> None:
    """Nothing that a killed program does reaches the world: neither `except` nor `finally` undoes the kill."""
    tried_to: list[str] = []

    def program(cloudcontrol: CloudControl) -> object:
        client = cloudcontrol.client()
        try:
            create(client, "first")
        finally:
            for verb in (client.list_resource_requests, client.list_resource_requests):
                try:
                    verb()
                except Exception:  # which a kill isn't
                    tried_to.append("was refused")
                    raise
                except BaseException as error:
                    tried_to.append(type(error).__name__)
        return [str(call.operation) for call in cloudcontrol.calls]

    at(program, "call 1 CreateResource: crash after", others=())
    assert tried_to == ["Ended", "Ended"]


def test_a_program_that_swallows_its_kill() -> None:
    """One that goes on after its kill, and returns or raises, is started again all the same."""
    starts: list[int] = []

    def program(cloudcontrol: CloudControl) -> None:
        starts.append(len(cloudcontrol.calls))
        client = once(cloudcontrol)
        with suppress(BaseException):
            client.list_resource_requests()
        if len(starts) % 2 == 0:
            raise AssertionError("of the killed one")

    starts.append(0)
    covered = explore(program, replay="call 1 ListResourceRequests: crash before")
    assert covered.surprises["crash"] == 1
    assert len(starts) == 3


def test_crashes_in_the_next_start() -> None:
    """With two surprises the next start may be killed too; its calls are numbered on."""

    def program(cloudcontrol: CloudControl) -> object:
        with suppress(*REFUSED):
            create(once(cloudcontrol))
        return len(cloudcontrol.requests)

    lines = tried(Seen(program), **CRASHES | {"surprises": 2})
    assert lines == [
        *(f"call 1 CreateResource: crash {when}" for when in ("before", "after")),
        *(
            f"call 1 CreateResource: crash {first}; call 2 CreateResource: crash {second}"
            for first in ("before", "after")
            for second in ("before", "after")
        ),
    ]


@pytest.mark.parametrize("mode", ["before", "after"])
def test_in_a_retry(mode: str) -> None:
    """A call that is tried again by the SDK is one call: it is killed once, and not made again by itself."""

    def program(cloudcontrol: CloudControl) -> object:
        if not cloudcontrol.resources.get("AWS::SQS::Queue", STARTED):
            cloudcontrol.resources.put("AWS::SQS::Queue", {"QueueName": "started"})
            cloudcontrol.add_error("ThrottlingException", times=2, optional=True)
        with suppress(*REFUSED):
            create(cloudcontrol.client())
        return len(cloudcontrol.requests)

    assert at(program, f"call 1 CreateResource: crash {mode}") == "1"


def test_work_goes_on_without_the_program() -> None:
    """What the killed program has begun goes on: the world may have moved on before the next start's first call."""

    def program(cloudcontrol: CloudControl) -> object:
        client = once(cloudcontrol)
        if cloudcontrol.requests:
            return status(client, cloudcontrol.requests.last.request_token)
        return create(client) and "created"

    moved = "call 2 GetResourceRequestStatus: moved on"
    assert at(program, f"call 1 CreateResource: crash after; {moved}; {moved}") == "SUCCESS"


def test_in_others_nothing_crashes() -> None:
    """Who comes in between isn't the program: it isn't killed, and its calls are made."""

    def other(cloudcontrol: CloudControl) -> None:
        create(once(cloudcontrol), f"theirs{len(cloudcontrol.requests)}")

    def program(cloudcontrol: CloudControl) -> object:
        once(cloudcontrol).list_resource_requests()
        return len(cloudcontrol.requests)

    place = "call 1 ListResourceRequests"
    assert at(program, f"{place}: other; {place}: crash before", others=(other,)) == "1"


def test_of_coroutines() -> None:
    """A coroutine is killed as a function is, and started again in an event loop of its own."""
    starts: list[str] = []

    async def program(cloudcontrol: CloudControl) -> None:
        starts.append("started")
        client = once(cloudcontrol)
        try:
            await asyncio.gather(asyncio.to_thread(lambda: None), asyncio.sleep(0))
            client.list_resource_requests()
        finally:
            await asyncio.sleep(0)
            starts.append("ended")

    explore(program, replay="call 1 ListResourceRequests: crash before")
    assert starts == ["started", "ended"] * 2


def test_a_resumable_program() -> None:
    """A program that keeps its client token passes every crash; one that draws a new one is found out."""
    kept: dict[str, str] = {}

    def setup(_: CloudControl) -> None:
        kept.clear()

    def resumable(cloudcontrol: CloudControl) -> None:
        client = cloudcontrol.client()
        token = kept.setdefault("token", "deployment-1")
        answer = client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}", ClientToken=token)
        wait(client, answer["ProgressEvent"]["RequestToken"])
        assert len(cloudcontrol.resources) == 1

    def forgetful(cloudcontrol: CloudControl) -> None:
        client = cloudcontrol.client()
        answer = client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
        wait(client, answer["ProgressEvent"]["RequestToken"])
        assert len(cloudcontrol.resources) == 1

    assert explore(resumable, setup=setup, **CRASHES | {"surprises": 2}).surprises["crash"] > 10
    with pytest.raises(AssertionError) as caught:
        explore(forgetful, **CRASHES)
    assert 'replay="call 1 CreateResource: crash after")' in caught.value.__notes__[0]


def test_lost_answer_and_crash() -> None:
    """A call whose answer is lost ends so; the program is killed at another one."""

    def program(cloudcontrol: CloudControl) -> None:
        client = once(cloudcontrol)
        for _ in range(2):
            with suppress(ReadTimeoutError):
                client.list_resource_requests()

    lines = tried(program, **CRASHES | {"errors": ("lost answer",), "surprises": 2})
    place = "call 1 ListResourceRequests"
    assert not [line for line in lines if line.startswith(f"{place}: lost answer; {place}")]
    assert f"{place}: lost answer; call 2 ListResourceRequests: crash before" in lines


def test_a_loop_that_holds_everything() -> None:
    """A program that goes on when it is killed, by a bare except in a loop, ends the exploration."""

    def hold_everything(cloudcontrol: CloudControl) -> None:
        client = cloudcontrol.client()
        while True:
            try:
                client.create_resource(TypeName="AWS::SQS::Queue", DesiredState='{"QueueName": "jobs"}')
            except:  # noqa: E722  # as programs have it
                continue
            return

    with pytest.raises(ExplorationError) as raised:
        explore(hold_everything, crashes=True, errors=())
    assert str(raised.value) == (
        "the scenario goes on and on when it is killed, as by a crash, or where a run is cut short: what is no "
        "Exception has to end it. What to do: let its loop around the calls catch Exception, and neither "
        "BaseException nor everything"
    )


def test_a_call_that_was_never_made() -> None:
    """A call before which the program was killed isn't among the calls, and nor are those that it makes afterwards."""
    made: list[list[str]] = []

    def program(cloudcontrol: CloudControl) -> None:
        client = cloudcontrol.client()
        try:
            create(client)
        finally:
            with suppress(BaseException):
                client.list_resource_requests()
        made.append([call.operation for call in cloudcontrol.calls])

    explore(program, replay="call 1 CreateResource: crash before")
    assert made == [["CreateResource", "ListResourceRequests"]]
