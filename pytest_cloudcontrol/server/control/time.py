"""The clock, and the steps of any request: what moves a whole world."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from pytest_cloudcontrol.arguments import finite_number, true_or_false
from pytest_cloudcontrol.controls.moving import UNTIL_IDLE
from pytest_cloudcontrol.server.control.documents import clock_document, request_document

if TYPE_CHECKING:
    from pytest_cloudcontrol.arguments import Duration
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.server.control.asked import Asked


def read_clock(asked: Asked) -> JSONObject:
    """Return where the clock stands."""
    return clock_document(asked.cloudcontrol)


def set_clock(asked: Asked) -> JSONObject:
    """Say how the clock goes."""
    clock, given = asked.cloudcontrol.clock, asked.members
    rate = finite_number(given["rate"], "rate") if "rate" in given else None
    auto_advance = true_or_false(given["auto_advance"], "auto_advance") if "auto_advance" in given else None
    if rate is not None:  # both are right: nothing is done by halves
        clock.rate = rate
    if auto_advance is not None:
        clock.auto_advance = auto_advance
    return clock_document(asked.cloudcontrol)


def advance(asked: Asked) -> JSONObject:
    """Move the clock on by so many seconds."""
    asked.cloudcontrol.clock.advance(cast("Duration", asked.members["seconds"]))  # which looks what it is
    return clock_document(asked.cloudcontrol)


def move_to(asked: Asked) -> JSONObject:
    """Move the clock to an instant."""
    given = asked.members["instant"]
    asked.cloudcontrol.clock.move_to(_instant(given))
    return clock_document(asked.cloudcontrol)


def _instant(given: object) -> datetime:
    """Return the instant that a text stands for; what stands for none the clock refuses."""
    try:
        return datetime.fromisoformat(given) if isinstance(given, str) else cast("datetime", given)
    except ValueError:
        return cast("datetime", given)


def advance_to_next(asked: Asked) -> JSONObject:
    """Move the clock to the next piece of work."""
    moved = asked.cloudcontrol.clock.advance_to_next()
    return {**clock_document(asked.cloudcontrol), "moved": moved}


def step(asked: Asked) -> JSONObject:
    """Make the earliest handler call of any request."""
    request = asked.cloudcontrol.step()
    return {"request": None if request is None else request_document(asked.backend, request)}


def run_until_idle(asked: Asked) -> JSONObject:
    """Make handler calls until nothing is due."""
    return {"steps": asked.cloudcontrol.run_until_idle(cast("int", asked.members.get("max_steps", UNTIL_IDLE)))}
