"""NoProgressError, for whatever would never end; and the one that a request's own endlessness raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.exceptions import Portable
from pytest_cloudcontrol.requests.timeline import overview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.requests.request import Request


class NoProgressError(Portable):
    """The code under test waits for something that will never come, or a request never ends: it would hang.

    A BaseException, as pytest's own outcomes are, so that a loop around ``except Exception`` ends too.

    Attributes:
        stalled: one sentence: what stands still.
        remedy: one sentence: what to call.
    """

    def __init__(self, stalled: str, remedy: str, requests: Sequence[Request]) -> None:
        self.stalled = stalled
        self.remedy = remedy
        super().__init__(f"{stalled}\n{remedy}\n{overview(requests)}")


def never_ends(request: Request) -> NoProgressError:
    """Return the error of a request that has had as many handler calls as it may."""
    most = request.most_steps
    stalled = f"request {request.request_token} has not ended after {most} handler calls."
    remedy = (
        "What to do: end it (a plan of fewer steps, request.cancel(), request.fail()). "
        f"If so many are meant, give a larger option max_steps than {most}, or request.run(max_steps=...)."
    )
    return NoProgressError(stalled, remedy, [request])
