"""aiobotocore's clients in several tasks: each waits in its own time, and the others go on meanwhile."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from aiobotocore.config import AioConfig
from asynchronous_clients import client, create, status, wait
from botocore.exceptions import WaiterError
from resource_types import LOG_GROUP, QUEUE

from pytest_cloudcontrol import CloudControl, NoProgressError, mock_cloudcontrol
from pytest_cloudcontrol.requests import no_progress

if TYPE_CHECKING:
    from asynchronous_clients import Client


pytestmark = pytest.mark.usefixtures("asleep")


def test_concurrent_tasks(cloudcontrol: CloudControl) -> None:
    """Tasks that deploy at once each get what is theirs."""

    async def deploy(asynchronous: Client, name: str) -> str:
        token = await create(asynchronous, name)
        await wait(asynchronous, token)
        return str((cloudcontrol.request(token).desired_state or {})["QueueName"])

    async def all_at_once() -> list[str]:
        async with client() as asynchronous:
            return await asyncio.gather(*(deploy(asynchronous, f"q{number}") for number in range(20)))

    assert asyncio.run(all_at_once()) == [f"q{number}" for number in range(20)]
    assert {request.status for request in cloudcontrol.requests} == {"SUCCESS"}


@pytest.mark.parametrize("number", [1, 2, 20])
def test_waiters_give_up_at_their_own_time(cloudcontrol: CloudControl, number: int) -> None:
    """Tasks whose waiters wait too short a time all give up when they would alone."""
    cloudcontrol.plan(QUEUE, first_delay=60)

    async def deploy(asynchronous: Client, name: str) -> str:
        try:
            await wait(asynchronous, await create(asynchronous, name), Delay=5, MaxAttempts=10)
        except WaiterError as error:
            return str(error)
        return "done"

    async def all_at_once() -> list[str]:
        async with client() as asynchronous:
            return await asyncio.gather(*(deploy(asynchronous, f"q{each}") for each in range(number)))

    before = cloudcontrol.clock.now()
    answers = asyncio.run(all_at_once())
    assert answers == ["Waiter ResourceRequestSuccess failed: Max attempts exceeded"] * number
    assert (cloudcontrol.clock.now() - before).total_seconds() == 45


def test_retries_of_tasks(cloudcontrol: CloudControl) -> None:
    """Tasks that are throttled at once try again each after its own delay: all together take as long as the longest."""
    cloudcontrol.add_error("ThrottlingException", api="ListResources", times=10)
    ends: list[float] = []

    async def look(asynchronous: Client) -> None:
        await asynchronous.list_resources(TypeName=QUEUE)
        ends.append((cloudcontrol.clock.now() - before).total_seconds())

    async def all_at_once() -> None:
        async with client(config=AioConfig(retries={"mode": "standard", "total_max_attempts": 2})) as asynchronous:
            await asyncio.gather(*(look(asynchronous) for _ in range(10)))

    before = cloudcontrol.clock.now()
    asyncio.run(all_at_once())
    assert ends == sorted(ends)
    assert 0 < ends[0] < ends[-1] <= 1  # up to one second before the second try


@pytest.mark.cloudcontrol(patch_sleep=[__name__])
def test_a_loop_that_waits_for_what_a_sleeper_makes(cloudcontrol: CloudControl) -> None:
    """A task that only polls until another, which is asleep, has made something keeps that one from nothing."""
    name = {"LogGroupName": "app"}

    async def look(asynchronous: Client) -> None:
        while not (await asynchronous.list_resources(TypeName=LOG_GROUP))["ResourceDescriptions"]:
            pass

    async def make() -> None:
        await asyncio.sleep(30)
        cloudcontrol.resources.put(LOG_GROUP, name)

    async def both() -> None:
        async with client() as asynchronous:
            await asyncio.gather(look(asynchronous), make())

    before = cloudcontrol.clock.now()
    asyncio.run(both())
    assert (cloudcontrol.clock.now() - before).total_seconds() == 30


def test_polling_without_a_sleep(cloudcontrol: CloudControl) -> None:
    """A loop that only polls comes to its end, and other tasks have their turns meanwhile."""
    turns: list[str] = []

    async def poll(asynchronous: Client) -> None:
        token = await create(asynchronous)
        while (now := await status(asynchronous, token)) != "SUCCESS":
            turns.append(now)

    async def look() -> None:
        for _ in range(3):
            turns.append("another task")
            await asyncio.sleep(0)

    async def both() -> None:
        async with client() as asynchronous:
            await asyncio.gather(poll(asynchronous), look())

    asyncio.run(both())
    assert cloudcontrol.requests.last.status == "SUCCESS"
    assert turns.index("another task") < turns.index("IN_PROGRESS")


def test_loop_that_never_ends(cloudcontrol: CloudControl) -> None:
    """A loop for what never comes is stopped."""

    async def look_for_ever() -> None:
        async with client() as asynchronous:
            while True:
                await asynchronous.list_resources(TypeName=QUEUE)

    with pytest.raises(NoProgressError, match="repeats ListResources"):
        asyncio.run(look_for_ever())
    assert len(cloudcontrol.calls) < 200


def test_another_task_moves_the_clock(cloudcontrol: CloudControl) -> None:
    """With auto_advance off a waiter sleeps until another task of the same loop moves the clock."""
    cloudcontrol.clock.auto_advance = False
    done: list[bool] = []

    async def deploy() -> None:
        async with client() as asynchronous:
            waiting = asyncio.create_task(wait(asynchronous, await create(asynchronous), Delay=5))
            while len(cloudcontrol.calls) < 2:  # the waiter's first poll
                await asyncio.sleep(0)
            done.append(waiting.done())
            cloudcontrol.clock.advance(4)
            done.append(waiting.done())
            cloudcontrol.clock.advance(1)
            await waiting

    asyncio.run(deploy())
    assert done == [False, False]
    assert cloudcontrol.requests.last.status == "SUCCESS"


def test_nobody_moves_the_clock(cloudcontrol: CloudControl, monkeypatch: pytest.MonkeyPatch) -> None:
    """With auto_advance off a waiter ends in an error when nobody does anything any more."""
    monkeypatch.setattr(no_progress, "BACKSTOP", 0.05)
    cloudcontrol.clock.auto_advance = False

    async def deploy() -> None:
        async with client() as asynchronous:
            await wait(asynchronous, await create(asynchronous), Delay=5)

    with pytest.raises(NoProgressError, match=r"a waiter is about to sleep 5 s, but clock\.auto_advance is off"):
        asyncio.run(deploy())


async def poll(asynchronous: Client, token: str) -> None:
    """Poll a request until it has succeeded, with a turn for the others in between."""
    while await status(asynchronous, token) != "SUCCESS":
        await asyncio.sleep(0)


def test_another_task_moves_the_clock_for_a_loop(cloudcontrol: CloudControl) -> None:
    """With auto_advance off a loop that polls is held until another task, which really waits first, moves the clock."""
    cloudcontrol.clock.auto_advance = False

    async def run() -> None:
        async with client() as asynchronous:
            polling = asyncio.create_task(poll(asynchronous, await create(asynchronous)))
            while len(cloudcontrol.calls) < 101:
                await asyncio.sleep(0)
            await asyncio.to_thread(cloudcontrol.clock.advance, 5)
            await polling

    asyncio.run(run())
    assert len(cloudcontrol.calls) < 110


def test_nobody_moves_the_clock_for_a_loop(cloudcontrol: CloudControl, monkeypatch: pytest.MonkeyPatch) -> None:
    """With auto_advance off a loop that polls ends in an error when nobody does anything any more."""
    monkeypatch.setattr(no_progress, "BACKSTOP", 0.05)
    cloudcontrol.clock.auto_advance = False

    async def run() -> None:
        async with client() as asynchronous:
            await poll(asynchronous, await create(asynchronous))

    with pytest.raises(NoProgressError, match=r"repeats GetResourceRequestStatus .*, and clock\.auto_advance is off"):
        asyncio.run(run())


def test_mock_that_ends_before_a_loop() -> None:
    """A task that is held in a loop ends in an error when the mock does."""

    async def run() -> None:
        async with client(region_name="us-east-1") as asynchronous:
            with mock_cloudcontrol(auto_advance=False) as cloudcontrol:
                polling = asyncio.create_task(poll(asynchronous, await create(asynchronous)))
                while len(cloudcontrol.calls) < 101:
                    await asyncio.sleep(0)
                await asyncio.sleep(0)
            await polling

    with pytest.raises(NoProgressError, match="the mock ended while a task was waiting in GetResourceRequestStatus"):
        asyncio.run(run())


def test_call_after_a_loop(cloudcontrol: CloudControl) -> None:
    """Another call than the repeated one isn't held."""
    cloudcontrol.clock.auto_advance = False

    async def run() -> None:
        async with client() as asynchronous:
            token = await create(asynchronous)
            for _ in range(100):
                await status(asynchronous, token)
            await asynchronous.list_resources(TypeName=QUEUE)

    asyncio.run(run())
    assert len(cloudcontrol.calls) == 102


def test_cancelled_waiter(cloudcontrol: CloudControl) -> None:
    """A waiter that was cancelled with auto_advance off leaves nothing behind that would move the clock later."""
    cloudcontrol.clock.auto_advance = False

    async def deploy() -> None:
        async with client() as asynchronous:
            waiting = asyncio.create_task(wait(asynchronous, await create(asynchronous), Delay=500))
            while len(cloudcontrol.calls) < 2:  # the waiter's first poll
                await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        cloudcontrol.clock.auto_advance = True

    before = cloudcontrol.clock.now()
    asyncio.run(deploy())
    assert cloudcontrol.clock.now() == before


def test_waiters_take_no_threads(cloudcontrol: CloudControl) -> None:
    """Waiters with auto_advance off leave the loop's threads, which are few, to what moves the clock in one."""
    cloudcontrol.clock.auto_advance = False

    async def deploy(asynchronous: Client, name: str) -> None:
        await wait(asynchronous, await create(asynchronous, name), Delay=5)

    async def run() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        async with client() as asynchronous, asyncio.TaskGroup() as group:
            for name in ("one", "two"):
                group.create_task(deploy(asynchronous, name))
            while len(cloudcontrol.calls) < 4:  # the waiters' first polls
                await asyncio.sleep(0)
            await asyncio.to_thread(cloudcontrol.clock.advance, 5)

    asyncio.run(run())
    assert {request.status for request in cloudcontrol.requests} == {"SUCCESS"}
