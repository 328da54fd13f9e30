"""The error of a request that never ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.exceptions import NoProgressError
from pytest_cloudcontrol.requests.timeline import overview

if TYPE_CHECKING:
    from pytest_cloudcontrol.requests.request import Request


def never_ends(request: Request) -> NoProgressError:
    """Return the error of a request that has had as many handler calls as it may."""
    most = request.most_steps
    place = request.handler.place(request.handler_input)
    stalled = (
        f"request {request.request_token} has not ended after {most} handler calls{f'; {place}' if place else ''}."
    )
    remedy = (
        "What to do: end it (a plan of fewer steps, request.cancel(), request.fail()). "
        f"If so many are meant, give a larger option max_steps than {most}, or request.run(max_steps=...)."
    )
    return NoProgressError(stalled, remedy, overview([request]))
