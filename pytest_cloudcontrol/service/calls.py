"""The record of the API calls that the code under test made, as they came and as they were answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pytest_cloudcontrol.documents import parsed_object

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.service.errors import ServiceError
    from pytest_cloudcontrol.vocabulary import Scope


class Outcome(NamedTuple):
    """What a call comes to.

    Attributes:
        text: the answer's JSON text; for an error a text to compare it by.
        error: the error; None if there is none.
    """

    text: bytes
    error: ServiceError | None = None

    @property
    def answer(self) -> bytes | None:
        """The answer's JSON text; None for an error."""
        return self.text if self.error is None else None


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
        by: what the test has arranged that made it so, in words; else empty.
        lost: what the service answered, if that was lost and the caller was told an error instead.
        is_retry: whether an SDK repeats the call by itself.
        label: what a report calls it; empty for none.
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
    by: str = ""
    lost: Outcome | None = None
    label: str = ""

    @property
    def given(self) -> bytes | None:
        """The JSON text that the service has answered, though it may be lost; None for an error."""
        return self.answer if self.lost is None else self.lost.answer

    def members(self) -> JSONObject:
        """Return what was sent, parsed and however wrong it is; nothing if it was no JSON object."""
        return parsed_object(self.body)
