"""Tasks that sleep at the same time: each wakes at its own start plus its own delay, whatever the others do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from pytest_cloudcontrol import NoProgressError, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol import CloudControl

sleeping_here = pytest.mark.cloudcontrol(patch_sleep=[__name__])


@pytest.fixture
def seconds(cloudcontrol: CloudControl) -> Callable[[], float]:
    """Return what tells how many seconds of mock time have passed."""
    before = cloudcontrol.clock.now()
    return lambda: (cloudcontrol.clock.now() - before).total_seconds()


@sleeping_here
def test_each_wakes_at_its_own_end(seconds: Callable[[], float]) -> None:
    """Those that begin together wake one after the other, the shortest sleep first."""
    woken: list[tuple[int, float]] = []

    async def nap(delay: int) -> None:
        await asyncio.sleep(delay)
        woken.append((delay, seconds()))

    async def all_at_once() -> None:
        await asyncio.gather(*map(nap, (60, 30, 90, 30)))

    asyncio.run(all_at_once())
    assert woken == [(30, 30), (30, 30), (60, 60), (90, 90)]


@sleeping_here
def test_a_heartbeat(seconds: Callable[[], float]) -> None:
    """A task that sleeps again and again beats as often as there is time for it while another sleeps."""
    beats: list[float] = []

    async def heartbeat() -> None:
        while True:
            await asyncio.sleep(10)
            beats.append(seconds())

    async def main() -> float:
        beating = asyncio.create_task(heartbeat())
        await asyncio.sleep(35)
        beating.cancel()
        return seconds()

    assert asyncio.run(main()) == 35
    assert beats == [10, 20, 30]


@sleeping_here
def test_what_others_do_next_begins_on_time(seconds: Callable[[], float]) -> None:
    """The clock doesn't move on before all have done what they do between two sleeps, however many turns that takes."""
    woken: list[tuple[str, float]] = []

    async def nap(name: str, delay: int) -> None:
        await asyncio.sleep(delay)
        woken.append((name, seconds()))

    async def one_after_the_other() -> None:
        await asyncio.gather(nap("first", 10))
        for _ in range(20):
            await asyncio.sleep(0)
        await asyncio.wait_for(asyncio.create_task(nap("second", 5)), timeout=None)

    async def both() -> None:
        await asyncio.gather(nap("beside", 12), one_after_the_other())

    asyncio.run(both())
    assert woken == [("first", 10), ("beside", 12), ("second", 15)]


@sleeping_here
def test_a_task_that_spins(seconds: Callable[[], float]) -> None:
    """One that only gives way, for ever, keeps nobody asleep."""

    async def main() -> float:
        async def spin() -> None:
            while not is_awake:
                await asyncio.sleep(0)

        is_awake = False
        spinning = asyncio.create_task(spin())
        await asyncio.sleep(5)
        is_awake = True
        await spinning
        return seconds()

    assert asyncio.run(main()) == 5


@sleeping_here
def test_one_that_is_cancelled(seconds: Callable[[], float]) -> None:
    """When the one that would wake first is cancelled, the next wakes at its own end."""

    async def main() -> float:
        first, second = asyncio.create_task(asyncio.sleep(10)), asyncio.create_task(asyncio.sleep(20))
        for task in (asyncio.create_task(asyncio.sleep(5)), first):
            await asyncio.wait([task], timeout=0)
        first.cancel()
        await second
        assert first.cancelled()
        return seconds()

    assert asyncio.run(main()) == 20


@sleeping_here
def test_the_test_moves_the_clock_for_a_while(cloudcontrol: CloudControl, seconds: Callable[[], float]) -> None:
    """With auto_advance off all sleep until the test has moved the clock so far; when it is on again they move it."""
    woken: list[float] = []

    async def nap(delay: int) -> None:
        await asyncio.sleep(delay)
        woken.append(seconds())

    async def main() -> None:
        cloudcontrol.clock.auto_advance = False
        naps = [asyncio.create_task(nap(delay)) for delay in (30, 10, 20)]
        await asyncio.wait(naps, timeout=0)
        cloudcontrol.clock.advance(10)
        await naps[1]
        assert woken == [10]
        cloudcontrol.clock.auto_advance = True
        await asyncio.wait(naps)

    asyncio.run(main())
    assert woken == [10, 20, 30]


@sleeping_here
def test_another_moves_the_clock_past_an_end(cloudcontrol: CloudControl, seconds: Callable[[], float]) -> None:
    """Who is asleep when the test moves the clock past its end wakes there."""

    async def main() -> list[float]:
        async def nap(delay: int) -> float:
            await asyncio.sleep(delay)
            return seconds()

        naps = [asyncio.create_task(nap(delay)) for delay in (10, 20, 40)]
        await asyncio.wait(naps, timeout=0)
        cloudcontrol.clock.advance(30)
        return await asyncio.gather(*naps)

    assert asyncio.run(main()) == [30, 30, 40]


@sleeping_here
def test_a_reset(cloudcontrol: CloudControl, seconds: Callable[[], float]) -> None:
    """A reset, which sets the clock back, wakes those that are asleep."""

    async def main() -> float:
        naps = [asyncio.create_task(asyncio.sleep(delay)) for delay in (10, 20)]
        await asyncio.wait(naps, timeout=0)
        cloudcontrol.reset()
        await asyncio.wait(naps)
        return seconds()

    cloudcontrol.clock.auto_advance = True
    assert asyncio.run(main()) <= 0


def test_the_end_of_the_mock() -> None:
    """When the mock ends, those that are asleep end in an error: nobody moves that clock any more."""

    async def main() -> list[BaseException | None]:
        with mock_cloudcontrol(patch_sleep=[__name__]):
            naps = [asyncio.create_task(asyncio.sleep(delay)) for delay in (10, 20)]
            await asyncio.wait(naps, timeout=0)
        await asyncio.wait(naps)
        return [nap.exception() for nap in naps]

    assert [type(error) for error in asyncio.run(main())] == [NoProgressError, NoProgressError]
