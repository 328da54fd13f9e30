"""How a play with tasks ends: a deadlock, a loop that is stuck, a crash, an error."""

from __future__ import annotations

import asyncio
import queue
import threading

import pytest
from plays import Crash, lines_of, nobody_first

from pytest_cloudcontrol.exploration.actors import Deadlock, Stage, Stuck, Watch

at = lines_of(__file__)


def test_deadlock_of_tasks(caplog: pytest.LogCaptureFixture) -> None:
    """Tasks that wait for each other are told with their lines; asyncio's own complaints aren't."""
    stage = Stage(nobody_first)

    async def main() -> None:
        events = [asyncio.Event(), asyncio.Event()]

        async def inner(number: int) -> None:
            await events[number].wait()  # of the other
            events[1 - number].set()

        async def outer(number: int) -> None:
            await inner(number)  # and that

        await asyncio.gather(*(outer(number) for number in range(2)))  # for both

    with pytest.raises(Deadlock) as raised:
        stage.play(lambda: asyncio.run(main()))  # the loop

    assert str(raised.value) == "\n".join(
        (
            "all actors are blocked, and none can free another:",
            "actor 1 (MainThread) is at",
            at("<lambda>", "stage.play(lambda: asyncio.run(main()))  # the loop"),
            at("main", "await asyncio.gather(*(outer(number) for number in range(2)))  # for both"),
            "actor 2 (outer) is at",
            at("outer", "await inner(number)  # and that"),
            at("inner", "await events[number].wait()  # of the other"),
            "actor 3 (outer) is at",
            at("outer", "await inner(number)  # and that"),
            at("inner", "await events[number].wait()  # of the other"),
        )
    )
    assert caplog.records == []


def test_deadlock_of_a_task_and_a_thread() -> None:
    """A thread that waits for a loop that waits for the thread is a deadlock too."""
    stage = Stage(nobody_first)

    async def main() -> None:
        results: queue.Queue[int] = queue.Queue()
        await asyncio.to_thread(results.get)

    with pytest.raises(Deadlock):
        stage.play(lambda: asyncio.run(main()))


def test_a_busy_loop_is_stuck() -> None:
    """A loop that goes round for nothing is ended."""

    async def main() -> None:
        thread = threading.Thread(target=int)
        thread.start()
        while True:
            await asyncio.sleep(0)

    with pytest.raises(Stuck):
        Stage(nobody_first, backstop=0.3).play(lambda: asyncio.run(main()))


def test_a_task_that_blocks_its_loop_is_stuck() -> None:
    """A task in the main thread is woken from what nobody sees, though asyncio has Ctrl-C cancel its main task."""
    unseen = threading.Lock()

    async def main() -> None:
        unseen.acquire()  # for ever

    with unseen, Watch() as watch, pytest.raises(Stuck) as raised:
        Stage(nobody_first, backstop=0.3, watch=watch).play(lambda: asyncio.run(main()))

    assert at("main", "unseen.acquire()  # for ever") in str(raised.value).splitlines()


def test_a_crash_kills_all_tasks(caplog: pytest.LogCaptureFixture) -> None:
    """After a crash no task makes a call any more, not even in what it does at its end."""
    stage = Stage(nobody_first)
    log: list[str] = []

    async def cleaning_up() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            try:
                await stage.hand_over_async()
                log.append("called")
            except Crash:
                log.append("killed")
                raise

    async def crashing() -> None:
        await asyncio.sleep(0)
        stage.end_all(lambda: Crash("killed"))
        await stage.hand_over_async()

    async def main() -> None:
        tasks = [asyncio.create_task(cleaning_up()), asyncio.create_task(crashing())]
        await asyncio.Event().wait()
        await asyncio.wait(tasks)

    with pytest.raises(Crash, match="killed"):
        stage.play(lambda: asyncio.run(main()))

    assert log == ["killed"]
    assert caplog.records == []


def test_an_error_of_a_task_is_whose_awaits_it() -> None:
    """What a task raises belongs to whoever awaits it."""

    async def fail() -> None:
        raise LookupError("mine")

    async def main() -> list[str]:
        task = asyncio.create_task(fail())
        return [repr(error) for error in await asyncio.gather(task, return_exceptions=True)]

    assert Stage(nobody_first).play(lambda: asyncio.run(main())) == ["LookupError('mine')"]
