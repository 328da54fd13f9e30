"""Scenarios that are coroutines, and explorations inside an event loop that is running."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest
from calls import create, status
from programs import NO_SURPRISES, deploy, groups
from resource_types import LOG_GROUP
from retrying import once

from pytest_cloudcontrol import AlreadyActive, explore, mock_cloudcontrol

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl


async def deploy_later(cloudcontrol: CloudControl) -> None:
    """Deploy after something else of the event loop has had its turn."""
    await asyncio.sleep(0)
    deploy(cloudcontrol)


def test_coroutine_function() -> None:
    """A coroutine function is explored as the function of the same calls is."""
    assert explore(deploy_later, surprises=2).schedules == explore(deploy, surprises=2).schedules


def test_setup_that_is_a_coroutine_function() -> None:
    """So may setup be, whatever the scenario is."""

    async def setup(cloudcontrol: CloudControl) -> None:
        await asyncio.sleep(0)
        cloudcontrol.resources.put("AWS::Logs::LogGroup", {"LogGroupName": "there"})

    def scenario(cloudcontrol: CloudControl) -> None:
        assert "there" in groups(cloudcontrol)
        deploy(cloudcontrol)

    assert explore(scenario, setup=setup).runs == explore(deploy).runs


def test_object_whose_call_is_a_coroutine_s() -> None:
    """An object whose call is a coroutine function is one too."""

    class Scenario:
        async def __call__(self, cloudcontrol: CloudControl) -> None:
            await deploy_later(cloudcontrol)

    assert explore(Scenario()).schedules == explore(deploy).schedules


def test_every_run_has_its_own_loop() -> None:
    """Each run has an event loop of its own, closed at its end; the thread's own stays what it was."""
    loops: list[asyncio.AbstractEventLoop] = []

    async def scenario(cloudcontrol: CloudControl) -> None:
        loops.append(asyncio.get_running_loop())
        once(cloudcontrol).list_resource_requests()

    mine = asyncio.new_event_loop()
    asyncio.set_event_loop(mine)
    try:
        explore(scenario, **NO_SURPRISES)
        assert asyncio.get_event_loop_policy().get_event_loop() is mine
    finally:
        asyncio.set_event_loop(None)
        mine.close()
    assert len({id(loop) for loop in loops}) == 2
    assert all(loop.is_closed() for loop in loops)


def test_tasks_one_after_the_other() -> None:
    """Calls of tasks are numbered in the order in which they come."""

    async def scenario(cloudcontrol: CloudControl) -> None:
        client = once(cloudcontrol)

        async def make(name: str) -> str:
            await asyncio.sleep(0)
            return create(client, name)

        first, second = await asyncio.gather(make("a"), make("b"))
        assert status(client, first) == status(client, second) == "IN_PROGRESS"

    covered = explore(scenario, surprises=0)
    assert covered.points == 4


# Where an event loop is running


def test_inside_a_running_loop() -> None:
    """Inside a coroutine explore() takes a coroutine function all the same, in a thread of its own."""
    threads: set[int] = set()

    async def scenario(cloudcontrol: CloudControl) -> None:
        threads.add(threading.get_ident())
        await deploy_later(cloudcontrol)

    async def test() -> object:
        return explore(scenario, surprises=2)

    assert asyncio.run(test()) == explore(deploy, surprises=2)
    assert threading.get_ident() not in threads


def test_function_inside_a_running_loop() -> None:
    """A plain function is explored in the coroutine's own thread."""
    threads: set[int] = set()

    def scenario(cloudcontrol: CloudControl) -> None:
        threads.add(threading.get_ident())
        deploy(cloudcontrol)

    async def test() -> object:
        return explore(scenario)

    assert asyncio.run(test()) == explore(deploy)
    assert threads == {threading.get_ident()}


def test_setup_inside_a_running_loop() -> None:
    """A setup that is a coroutine function is enough to take that thread."""

    async def setup(_: CloudControl) -> None:
        await asyncio.sleep(0)

    async def test() -> object:
        return explore(deploy, setup=setup)

    assert asyncio.run(test()) == explore(deploy)


def test_failure_inside_a_running_loop() -> None:
    """A failure there is the scenario's own exception, with its note."""

    async def scenario(cloudcontrol: CloudControl) -> None:
        await deploy_later(cloudcontrol)
        assert cloudcontrol.requests.last.status == "SUCCESS"

    async def test() -> None:
        explore(scenario, errors=())

    with pytest.raises(AssertionError) as caught:
        asyncio.run(test())
    (note,) = caught.value.__notes__
    assert 'Replay: explore(scenario, replay="request 1 step 1: CANCELLED")' in note


def test_context_inside_a_running_loop() -> None:
    """What is refused there says who asked, as everywhere."""

    async def test() -> None:
        explore(deploy_later)

    with mock_cloudcontrol(), pytest.raises(AlreadyActive):
        asyncio.run(test())


@pytest.mark.parametrize("is_lost", [False, True], ids=["it calls", "lost in its own code"])
def test_interrupted_inside_a_running_loop(is_lost: bool) -> None:
    """Ctrl-C, of which only the main thread is told, ends the exploration in the other, and says what ran so far."""
    runs: list[int] = []

    async def scenario(cloudcontrol: CloudControl) -> None:
        runs.append(1)
        if len(runs) == 4:
            os.kill(os.getpid(), signal.SIGINT)
            for number in itertools.count():  # the main thread is told when it is its turn
                if not is_lost:
                    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": f"group-{number}"})
                    cloudcontrol.client().list_resource_requests()
        await deploy_later(cloudcontrol)

    async def test() -> None:
        explore(scenario)

    with pytest.raises(KeyboardInterrupt) as caught:
        asyncio.run(test())
    assert caught.value.__notes__ == ["Cloud Control: 2 schedules had been run, and had passed"]
    assert len(runs) == 4


def test_loop_that_waits_for_ever() -> None:
    """A coroutine that polls without end is stopped as a function is."""

    async def scenario(cloudcontrol: CloudControl) -> None:
        client = once(cloudcontrol)
        token = create(client)
        while status(client, token) != "SUCCESS":
            await asyncio.sleep(0)

    with pytest.raises(BaseException, match="repeats GetResourceRequestStatus") as caught:
        explore(scenario, errors=())
    assert 'replay="request 1 step 1: CANCELLED"' in caught.value.__notes__[0]
