"""The record of every API call that the code under test made."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pytest_cloudcontrol.documents import parse
from pytest_cloudcontrol.vocabulary import Api

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.service.errors import ServiceError
    from pytest_cloudcontrol.vocabulary import Scope


class Call:
    """One API call. An SDK's retries are calls of their own.

    Attributes:
        time: when it was answered, on the mock clock.
        error: the error that it was answered with, with its ``code`` and its ``message``; None if there was none.
    """

    __slots__ = ("_answer", "_body", "_scope", "_target", "error", "time")

    def __init__(self, target: str, body: bytes, scope: Scope, time: datetime) -> None:
        # The texts are kept as they came and parsed when they are asked for: a million calls stay small.
        self._target = target
        self._body = body
        self._scope = scope
        self._answer: bytes | None = None
        self.time = time
        self.error: ServiceError | None = None

    @property
    def operation(self) -> Api | str:
        """The API operation; its plain name if there is none of that name."""
        try:
            return Api(self._target)
        except ValueError:
            return self._target

    @property
    def account_id(self) -> str:
        """The account it was made in."""
        return self._scope.account_id

    @property
    def region(self) -> str:
        """The region it was made in."""
        return self._scope.region

    @property
    def input(self) -> JSONObject:
        """What was sent, parsed anew at each reading; empty if it was no JSON object."""
        try:
            document = parse(self._body)
        except ValueError:
            return {}
        return document if isinstance(document, dict) else {}

    @property
    def answer(self) -> JSONObject | None:
        """What was answered, parsed anew at each reading; None for an error, and before the answer."""
        return None if self._answer is None else cast("JSONObject", parse(self._answer))

    @property
    def error_code(self) -> str | None:
        """The name of the error's exception, such as ``TypeNotFoundException``; None if there was no error."""
        return None if self.error is None else self.error.code

    @property
    def error_message(self) -> str | None:
        """The error's words, or None."""
        return None if self.error is None else self.error.message

    def __repr__(self) -> str:
        return f"<Call {self._target} at {self.time.isoformat()} {self.error_code or 'answered'}>"


class RecordedCall(Call):
    """A call as the service sees it: raw, and to be answered."""

    __slots__ = ()

    @property
    def target(self) -> str:
        """The operation's name, as it came."""
        return self._target

    @property
    def body(self) -> bytes:
        """The JSON text, as it came."""
        return self._body

    @property
    def scope(self) -> Scope:
        """The account and region it was made in."""
        return self._scope

    def answered(self, body: bytes, time: datetime) -> None:
        """Note the answer."""
        self._answer, self.time = body, time

    def refused(self, error: ServiceError, time: datetime) -> None:
        """Note the error."""
        error.__traceback__ = error.__context__ = None  # what was said is kept, not the frames it was said in
        self.error, self.time = error, time
