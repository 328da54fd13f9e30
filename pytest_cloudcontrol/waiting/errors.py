"""The end of a wait for what never comes: what stands still, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.exceptions import NoProgressError
from pytest_cloudcontrol.requests.timeline import overview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.requests.request import Request

_REMEDY_OF_A_LOOP: Final = (
    "What to do: call request.run(), request.step() or cloudcontrol.clock.advance() before the code under test waits, "
    "or look at what it waits for."
)
_REMEDY_OF_A_WAITER: Final = (
    "What to do: let the request come to its end first (request.run(), cloudcontrol.clock.advance()), "
    "wait in another thread, or set cloudcontrol.clock.auto_advance = True."
)


def repeats(asked: str, requests: Sequence[Request], *, auto_advance: bool) -> NoProgressError:
    """Return the error of a loop in which the same call gets the same answer for ever."""
    why = "but nothing is due any more." if auto_advance else "and clock.auto_advance is off."
    stalled = f"the code under test repeats {asked} and gets the same answer, {why}"
    return NoProgressError(stalled, _REMEDY_OF_A_LOOP, overview(requests))


def idles(calls: int, asked: str, requests: Sequence[Request]) -> NoProgressError:
    """Return the error of code that makes call after call, and nothing comes of any."""
    stalled = f"the code under test has made {calls} calls without any progress, the last of them {asked}."
    remedy = f"{_REMEDY_OF_A_LOOP} If so many are meant, give a larger max_idle_calls than {calls}."
    return NoProgressError(stalled, remedy, overview(requests))


def held(asked: str, requests: Sequence[Request], who: str = "a thread") -> NoProgressError:
    """Return the error of a thread or task that was held in a repeated call until the mock ended."""
    return NoProgressError(f"the mock ended while {who} was waiting in {asked}.", _REMEDY_OF_A_LOOP, overview(requests))


def sleeps(who: str, seconds: float, requests: Sequence[Request]) -> NoProgressError:
    """Return the error of who is about to sleep where nobody could move the clock."""
    stalled = f"{who} is about to sleep {seconds:g} s, but clock.auto_advance is off: nothing moves the clock."
    return NoProgressError(stalled, _REMEDY_OF_A_WAITER, overview(requests))


def asleep(who: str, requests: Sequence[Request]) -> NoProgressError:
    """Return the error of who was asleep in another thread, or in a task, until the mock ended."""
    stalled = f"the mock ended while {who} was asleep in another thread or task."
    return NoProgressError(stalled, _REMEDY_OF_A_WAITER, overview(requests))
