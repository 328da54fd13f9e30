"""Tasks as actors: they hand over where they await a call, and their loop where it has nothing to do."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from mock_time import START
from plays import first, lines_of, nobody_first

from pytest_cloudcontrol.exploration.actors import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.exploration.actors import Actor

at = lines_of(__file__)


def test_tasks_have_numbers_and_names() -> None:
    """The main task is the actor of its thread; all others are numbered by their start, and named by what they run."""
    stage = Stage(nobody_first)
    seen: list[Actor | None] = []

    async def work() -> None:
        seen.append(stage.current)

    async def main() -> None:
        seen.append(stage.current)
        await asyncio.gather(work(), work(), asyncio.create_task(work(), name="given"))

    stage.play(lambda: asyncio.run(main()))

    assert list(map(repr, seen)) == [
        "<actor 1 (MainThread)>",
        "<actor 2 (given)>",
        "<actor 3 (work)>",
        "<actor 4 (work)>",
    ]


def test_tasks_are_asked_about_that_are_ready() -> None:
    """The choice is among the tasks of the loop that could go on: those that wait for something can't."""
    asked: list[tuple[int, list[int]]] = []

    def choose(current: Actor, others: Sequence[Actor]) -> Actor | None:
        asked.append((current.number, [other.number for other in others]))
        return None

    stage = Stage(choose)

    async def call() -> None:
        await stage.hand_over_async()

    async def main() -> None:
        event = asyncio.Event()
        tasks = [asyncio.create_task(event.wait()), asyncio.create_task(call()), asyncio.create_task(call())]
        await stage.hand_over_async()
        await asyncio.wait(tasks[1:])
        event.set()
        await stage.hand_over_async()
        await tasks[0]

    stage.play(lambda: asyncio.run(main()))

    assert asked == [(1, [2, 3, 4]), (3, [4]), (1, [2])]


async def calling(stage: Stage, log: list[str], name: str, calls: int = 2) -> None:
    """Make calls, with a turn for others in each, as the network gives."""
    for number in range(calls):
        await stage.hand_over_async()
        log.append(f"{name} calls {number}")
        await asyncio.sleep(0)


def test_tasks_go_on_in_asyncios_order() -> None:
    """Where nobody is put first, tasks take turns as they do without a stage."""
    stage = Stage(nobody_first)
    log: list[str] = []

    async def main() -> None:
        await asyncio.gather(*(calling(stage, log, name) for name in "abc"))

    stage.play(lambda: asyncio.run(main()))

    assert log == [f"{name} calls {number}" for number in range(2) for name in "abc"]


def test_a_task_goes_first_until_it_ends() -> None:
    """While a task goes first, no other makes a call; then the others go on in the order in which they came."""
    stage = Stage(first(4))
    log: list[str] = []

    async def main() -> None:
        await asyncio.gather(*(calling(stage, log, name) for name in "abc"))

    stage.play(lambda: asyncio.run(main()))

    assert log == ["c calls 0", "c calls 1", "a calls 0", "b calls 0", "a calls 1", "b calls 1"]


def test_a_task_goes_first_until_it_is_blocked() -> None:
    """The others go on when the one that was put first waits for something else than its turn."""
    stage = Stage(first(3))
    log: list[str] = []

    async def main() -> None:
        event = asyncio.Event()

        async def blocked() -> None:
            await calling(stage, log, "b", 1)
            await event.wait()
            await calling(stage, log, "b", 1)

        async def freeing() -> None:
            await calling(stage, log, "a", 1)
            event.set()

        await asyncio.gather(freeing(), blocked())

    stage.play(lambda: asyncio.run(main()))

    assert log == ["b calls 0", "a calls 0", "b calls 0"]


def test_a_task_that_goes_first_puts_another_first() -> None:
    """One that was put first gives way in its turn, and goes on before whoever gave way to it."""
    gave_way: list[int] = []

    def choose(current: Actor, others: Sequence[Actor]) -> Actor | None:
        if current.number in gave_way:
            return None
        gave_way.append(current.number)
        return next((other for other in others if other.number == current.number + 1), None)

    stage = Stage(choose)
    log: list[str] = []

    async def main() -> None:
        await asyncio.gather(*(calling(stage, log, name, 1) for name in "abc"))

    stage.play(lambda: asyncio.run(main()))

    assert log == ["c calls 0", "b calls 0", "a calls 0"]


def test_tasks_that_wait() -> None:
    """A task that only waits goes on when no other can: the earliest instant first, and a poll before all."""
    stage = Stage(nobody_first)
    log: list[object] = []

    async def waiting(seconds: int | None) -> None:
        await stage.wait_async(None if seconds is None else START + timedelta(seconds=seconds))
        log.append(seconds)

    async def main() -> None:
        async def working() -> None:
            for _ in range(10):
                await asyncio.sleep(0)
            log.append("worked")

        await asyncio.gather(*(waiting(seconds) for seconds in (30, 10, None, 20)), working())

    stage.play(lambda: asyncio.run(main()))

    assert log == ["worked", None, 10, 20, 30]


def test_tasks_and_threads_that_wait() -> None:
    """Of tasks and threads that only wait, the earliest goes on."""
    stage = Stage(nobody_first)
    log: list[int] = []

    def in_thread(seconds: int) -> None:
        stage.wait(START + timedelta(seconds=seconds))
        log.append(seconds)

    async def in_task(seconds: int) -> None:
        await stage.wait_async(START + timedelta(seconds=seconds))
        log.append(seconds)

    async def main() -> None:
        await asyncio.gather(
            asyncio.to_thread(in_thread, 20), in_task(10), asyncio.to_thread(in_thread, 40), in_task(30)
        )

    stage.play(lambda: asyncio.run(main()))

    assert log == [10, 20, 30, 40]


def test_a_loop_that_has_nothing_to_do_lets_threads_go_on() -> None:
    """Threads that a task waits for run while their loop would sleep, and wake it."""
    stage = Stage(nobody_first)

    def in_thread(number: int) -> int:
        stage.hand_over()
        return number

    async def main() -> list[int]:
        loop = asyncio.get_running_loop()
        return [
            *await asyncio.gather(*(asyncio.to_thread(in_thread, number) for number in range(3))),
            await loop.run_in_executor(None, in_thread, 3),
        ]

    assert stage.play(lambda: asyncio.run(main())) == [0, 1, 2, 3]


def test_a_thread_goes_before_a_task() -> None:
    """A task gives way to a thread, and its loop stands still until that ends or is blocked."""
    stage = Stage(first(2))
    log: list[str] = []

    def in_thread() -> None:
        stage.hand_over()
        log.append("thread")

    async def main() -> None:
        thread = threading.Thread(target=in_thread)
        thread.start()
        await calling(stage, log, "task", 1)
        thread.join()

    stage.play(lambda: asyncio.run(main()))

    assert log == ["thread", "task calls 0"]


def test_a_loop_in_a_thread() -> None:
    """A loop in a thread of its own has its work from others, which wait for its results."""
    stage = Stage(first(2))

    async def work(number: int) -> int:
        await stage.hand_over_async()
        return number

    def function() -> list[int]:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        futures = [asyncio.run_coroutine_threadsafe(work(number), loop) for number in range(3)]
        stage.hand_over()
        results = [future.result(timeout=60) for future in futures]
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        return results

    assert stage.play(function) == [0, 1, 2]


def test_real_sleeps_are_left_alone() -> None:
    """The sleeps and timeouts of asyncio take the time that they take, alone and beside threads."""
    stage = Stage(nobody_first)

    async def main() -> list[str]:
        log: list[str] = []
        event = threading.Event()

        async def sleep(seconds: float) -> None:
            await asyncio.sleep(seconds)
            log.append(f"slept {seconds}")

        waiting = asyncio.create_task(asyncio.to_thread(event.wait))
        await asyncio.gather(sleep(0.02), sleep(0.01))
        event.set()
        await waiting
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 0.01)
        return log

    assert stage.play(lambda: asyncio.run(main())) == ["slept 0.01", "slept 0.02"]


def test_a_real_sleep_alone() -> None:
    """A loop that is alone in its play sleeps as it does without one."""

    async def main() -> float:
        begin = asyncio.get_running_loop().time()
        await asyncio.sleep(0.01)
        return asyncio.get_running_loop().time() - begin

    assert Stage(nobody_first).play(lambda: asyncio.run(main())) >= 0.01


def test_loops_go_on_after_the_play() -> None:
    """A loop that was made in a play goes on as an ordinary one after it."""

    async def work() -> int:
        await asyncio.sleep(0.001)
        return await asyncio.to_thread(partial(int, "5"))

    runner = Stage(nobody_first).play(asyncio.Runner)
    with runner:
        assert runner.run(work()) == 5


def test_without_a_play_nothing_is_handed_over() -> None:
    """Outside of a play, tasks go on at once."""
    stage = Stage(first(1))

    async def main() -> Actor | None:
        await stage.hand_over_async()
        await stage.wait_async()
        return stage.current

    assert asyncio.run(main()) is None
