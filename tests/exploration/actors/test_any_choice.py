"""Any choices in any little program: no hang, and the same choices do the same again."""

from __future__ import annotations

import asyncio
import queue
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cloudcontrol.exploration.actors import Deadlock, Stage, Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from pytest_cloudcontrol.exploration.actors import Actor


class Recorded:
    """Makes the choices that it was given, and writes down what it was asked; after the last nobody goes first."""

    def __init__(self, choices: Sequence[int]) -> None:
        self._choices = iter(choices)
        self.asked: list[tuple[int, tuple[int, ...]]] = []

    def choose(self, current: Actor, others: Sequence[Actor]) -> Actor | None:
        """Return who goes first."""
        self.asked.append((current.number, tuple(other.number for other in others)))
        choice = next(self._choices, 0) % (len(others) + 1)
        return others[choice - 1] if choice else None


def locking(stage: Stage, log: Callable[[object], None], steps: Sequence[int]) -> None:
    """Take two of three locks in any order, which may end in a deadlock."""
    locks: list[AbstractContextManager[object]] = [threading.Lock(), threading.RLock(), threading.Lock()]

    def work(step: int) -> None:
        with locks[step % 3]:
            stage.hand_over()
            log(("has one", step))
            with locks[step // 3 % 3] if step % 3 != step // 3 % 3 else threading.Lock():
                stage.hand_over()
                log(("has both", step))

    threads = [threading.Thread(target=work, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
        stage.hand_over()
    for thread in threads:
        thread.join()


def queueing(stage: Stage, log: Callable[[object], None], steps: Sequence[int]) -> None:
    """Pass work through a short queue to two workers, one of which gives up at times."""
    tasks: queue.Queue[int | None] = queue.Queue(maxsize=1)

    def work(timeout: float | None) -> None:
        while True:
            stage.hand_over()
            try:
                task = tasks.get(timeout=timeout)
            except queue.Empty:
                log("empty")
                continue
            if task is None:
                return
            log((threading.current_thread().name, task))
            tasks.task_done()

    threads = [threading.Thread(target=work, args=(timeout,), daemon=True) for timeout in (None, 0.5)]
    for thread in threads:
        thread.start()
    for step in steps:
        tasks.put(step)
        if step % 2:
            stage.wait()
    tasks.join()
    for _ in threads:
        tasks.put(None)
    for thread in threads:
        thread.join(timeout=30)


def executing(stage: Stage, log: Callable[[object], None], steps: Sequence[int]) -> None:
    """Have an executor work, and wait for a condition and an event that its work brings about."""
    changed, done = threading.Condition(), threading.Event()
    total = 0

    def work(step: int) -> int:
        nonlocal total
        stage.hand_over()
        with changed:
            stage.hand_over()
            total += 1
            changed.notify_all()
        if step % 3 == 0:
            stage.wait()
        log(step)
        return step

    def watching() -> None:
        with changed:
            log(changed.wait_for(lambda: total == len(steps), timeout=9))
        done.set()

    thread = threading.Thread(target=watching)
    thread.start()
    with ThreadPoolExecutor(3) as executor:
        futures = [executor.submit(work, step) for step in steps]
        stage.hand_over()
        log(sorted(future.result() for future in wait(futures).done))
    done.wait()
    thread.join()


def awaiting(stage: Stage, log: Callable[[object], None], steps: Sequence[int]) -> None:
    """Run tasks that wait for each other, for the stage and for threads, some of them cancelled."""

    async def work(step: int, changed: asyncio.Condition) -> int:
        for _ in range(1 + step % 2):
            await stage.hand_over_async()
            log(("calls", step))
            await asyncio.sleep(0)
        if step % 3 == 0:
            await stage.wait_async()
        if step % 4 == 0:
            log(("thread", await asyncio.to_thread(in_thread, step)))
        async with changed:
            changed.notify_all()
            if step % 5 == 4:
                await changed.wait()
        log(("done", step))
        return step

    def in_thread(step: int) -> int:
        stage.hand_over()
        stage.wait()
        return step

    async def main() -> None:
        changed = asyncio.Condition()
        tasks = [asyncio.create_task(work(step, changed)) for step in steps]
        await stage.hand_over_async()
        if steps[0] % 4 == 3:
            tasks[0].cancel()
        log(list(map(repr, await asyncio.gather(*tasks[:-1], return_exceptions=True))))
        tasks[-1].cancel()

    asyncio.run(main())


def played(
    program: Callable[[Stage, Callable[[object], None], Sequence[int]], None],
    steps: Sequence[int],
    choices: Sequence[int],
    watch: Watch,
) -> tuple[object, ...]:
    """Play a program, and return all that can be seen of it."""
    log: list[object] = []
    recorded = Recorded(choices)
    stage = Stage(recorded.choose, watch=watch)
    try:
        stage.play(lambda: program(stage, log.append, steps))
    except Deadlock as deadlock:
        log.append(str(deadlock))
    return log, recorded.asked


@pytest.fixture(scope="module")
def watch() -> Iterator[Watch]:
    """Return one watch for all plays."""
    with Watch() as watch:
        yield watch


@pytest.mark.parametrize("program", [locking, queueing, executing, awaiting])
@given(
    steps=st.lists(st.integers(0, 8), min_size=1, max_size=4),
    choices=st.lists(st.integers(0, 4), max_size=30),
)
def test_the_same_choices_do_the_same(
    program: Callable[[Stage, Callable[[object], None], Sequence[int]], None],
    watch: Watch,
    steps: list[int],
    choices: list[int],
) -> None:
    """Whatever is chosen, a program ends, and does the same with the same choices."""
    before = threading.enumerate()

    assert played(program, steps, choices, watch) == played(program, steps, choices, watch)
    assert threading.enumerate() == before
