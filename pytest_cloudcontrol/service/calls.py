"""The record of the API calls that the code under test made, as they came and as they were answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_cloudcontrol.documents import parsed_object

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.service.errors import ServiceError
    from pytest_cloudcontrol.vocabulary import Scope


@dataclass(slots=True, eq=False)
class CallRecord:
    """One API call; a test sees it as a Call (controls/calls.py).

    The texts are kept as they came and parsed when they are asked for: a million calls stay small.

    Attributes:
        target: the operation's name.
        body: the call's JSON text.
        scope: the account and region it was made in.
        time: when it was answered, on the mock clock; before that, when it came.
        answer: the answer's JSON text; None for an error, and before the answer.
        error: the error that it was answered with; None if there was none.
        is_retry: whether an SDK repeats the call by itself.
        number: its place among all that happened: that of its coming, and from the answer on that of the answer.
    """

    target: str
    body: bytes
    scope: Scope
    time: datetime
    number: int
    is_retry: bool = False
    answer: bytes | None = None
    error: ServiceError | None = None

    def members(self) -> JSONObject:
        """Return what was sent, parsed and however wrong it is; nothing if it was no JSON object."""
        return parsed_object(self.body)
