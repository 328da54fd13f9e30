"""What goes wrong in a test's own hands: the exceptions that the package raises. Each carries its data.

What AWS would answer to a wrong *call* is no exception of these: clients get it as botocore's ClientError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.arguments import nearest, word
from pytest_cloudcontrol.vocabulary import HandlerErrorCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.requests.request import ResourceRequest


class UnknownRequest(LookupError):
    """No request has the token that was asked for.

    Attributes:
        request_token: the token given.
        known: the tokens of the requests there are, oldest first.
    """

    def __init__(self, request_token: object, known: Sequence[str]) -> None:
        self.request_token = request_token
        self.known = known
        suggestion = nearest(request_token, known)
        if not known:
            there = "no request has been made yet"
        elif suggestion:
            there = f"did you mean {suggestion!r}?"
        else:
            there = f"{len(known)} requests have been made, the last with token {known[-1]!r}"
        super().__init__(f"no request has the token {request_token!r}: {there} (cloudcontrol.requests has them all)")


class IllegalTransition(RuntimeError):
    """A test asked of a request what AWS never does to one in its state.

    Attributes:
        request: the request; it is unchanged.
        action: what was asked.
    """

    def __init__(self, request: ResourceRequest, action: str, reason: str) -> None:
        from pytest_cloudcontrol.report import timeline

        self.request = request
        self.action = action
        super().__init__(f"can't {action} request {request.request_token}: {reason}\n{timeline(request)}")


class StatusNotReached(AssertionError):
    """Requests were run, but what the test waited for didn't come.

    Attributes:
        request: the request that was run, or None when all of them were.
    """

    def __init__(self, request: ResourceRequest | None, message: str, requests: Sequence[ResourceRequest]) -> None:
        from pytest_cloudcontrol.report import overview, timeline

        self.request = request
        super().__init__(f"{message}\n{timeline(request) if request is not None else overview(requests)}")


class NoProgressError(BaseException):
    """The code under test waits for something that will never come: it would hang.

    A BaseException, as pytest's own outcomes are, so that a loop around ``except Exception`` ends too.

    Attributes:
        stalled: one sentence: what stands still.
        remedy: one sentence: what to call.
    """

    def __init__(self, stalled: str, remedy: str, requests: Sequence[ResourceRequest]) -> None:
        from pytest_cloudcontrol.report import overview

        self.stalled = stalled
        self.remedy = remedy
        super().__init__(f"{stalled}\n{remedy}\n{overview(requests)}")


class AlreadyActive(RuntimeError):
    """A mock was to be activated while one is active already: there is one Cloud Control at a time."""

    def __init__(self) -> None:
        super().__init__(
            "a mocked Cloud Control is active already, and two can't be at once: use the one there is "
            "(the fixture `cloudcontrol`, or what `with mock_cloudcontrol() as cloudcontrol` gave), "
            "cloudcontrol.scope() for another account or region, or cloudcontrol.reset() to begin anew"
        )


class HandlerError(Exception):
    """A resource handler fails: the request ends as FAILED, or a read answers the exception of the code's name.

    Attributes:
        error_code: one of HandlerErrorCode.
        message: the event's StatusMessage.
    """

    def __init__(self, error_code: str, message: str) -> None:
        self.error_code = word(HandlerErrorCode, error_code, "error_code")
        self.message = message
        super().__init__(f"{self.error_code}: {message}")
