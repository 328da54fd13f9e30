"""Moving on: the earliest step of any request, in one account and region or in all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.arguments import whole_number
from pytest_cloudcontrol.controls.request import StatusNotReached, not_enough
from pytest_cloudcontrol.requests.request import Request

if TYPE_CHECKING:
    from pytest_cloudcontrol.controls.request import ResourceRequest
    from pytest_cloudcontrol.controls.requests import Handles
    from pytest_cloudcontrol.vocabulary import Scope

UNTIL_IDLE: Final = 1000
"""How many handler calls ``run_until_idle`` makes unless it is told."""


def step_earliest(handles: Handles, scope: Scope | None = None) -> ResourceRequest | None:
    """Make the earliest due handler call or piece of downstream work, and return its request; None if none is due."""
    world = handles.backend.world
    owner = world.runner.step_earliest(scope)
    return None if owner is None else handles.of(world, world.runner.request_of(owner))


def run_until_idle(handles: Handles, max_steps: int, scope: Scope | None = None) -> int:
    """Make handler calls until nothing is due any more, and return how many they were.

    Raises:
        StatusNotReached: so many were not enough.
    """
    most, made = whole_number(max_steps, "max_steps"), 0
    while made < most:
        owner = handles.backend.world.runner.step_earliest(scope)  # of the present world: a callback may reset
        if owner is None:
            return made
        made += isinstance(owner, Request)
    world = handles.backend.world
    with world.clock.lock:
        running = [request for request in world.registry.running.values() if scope in (None, request.scope)]
    if not running:
        return max_steps
    are = "request is" if len(running) == 1 else "requests are"
    message = f"{not_enough(max_steps)}: {len(running)} {are} still running"
    raise StatusNotReached(None, message, running)
