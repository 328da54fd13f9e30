"""What an exploration has happen, in the place of what a test would have arranged."""

from __future__ import annotations

from typing import Final

from pytest_cloudcontrol.decisions.faults import ApiError, Cancel, Expiry, Failure

BY: Final = "a surprise"
"""How a timeline names what has made something so."""


class Ended(BaseException):
    """The program ends here, as if it were killed: ``except Exception`` doesn't hold it."""


class ChosenError(ApiError):
    """A call gets an error, or no answer, because a schedule has it so."""

    cause = BY


class ChosenCancel(Cancel):
    """A request is cancelled because a schedule has it so."""

    cause = BY


class ChosenExpiry(Expiry):
    """A request expires because a schedule has it so."""

    cause = BY


class ChosenFailure(Failure):
    """A request fails because a schedule has it so."""

    cause = BY
