"""Calls: what the code under test asked of the API, and what it was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pytest_cloudcontrol.documents import parse
from pytest_cloudcontrol.vocabulary import Api

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.service.calls import CallRecord
    from pytest_cloudcontrol.service.errors import ServiceError


class Call:
    """One API call. An SDK's retries are calls of their own."""

    __slots__ = ("_record",)

    def __init__(self, record: CallRecord) -> None:
        self._record = record

    def __eq__(self, other: object) -> bool:
        return self._record is other._record if isinstance(other, Call) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._record)

    def __repr__(self) -> str:
        return f"<Call {self._record.target} at {self.time.isoformat()} {self.error_code or 'answered'}>"

    @property
    def operation(self) -> Api | str:
        """The API operation; its plain name if there is none of that name."""
        try:
            return Api(self._record.target)
        except ValueError:
            return self._record.target

    @property
    def account_id(self) -> str:
        """The account it was made in."""
        return self._record.scope.account_id

    @property
    def region(self) -> str:
        """The region it was made in."""
        return self._record.scope.region

    @property
    def time(self) -> datetime:
        """When it was answered, on the mock clock."""
        return self._record.time

    @property
    def input(self) -> JSONObject:
        """What was sent, parsed anew at each reading; empty if it was no JSON object."""
        return self._record.members()

    @property
    def answer(self) -> JSONObject | None:
        """What was answered, parsed anew at each reading; None for an error, and before the answer."""
        answer = self._record.answer
        return None if answer is None else cast("JSONObject", parse(answer))

    @property
    def error(self) -> ServiceError | None:
        """The error that it was answered with, with its ``code`` and its ``message``; None if there was none."""
        return self._record.error

    @property
    def error_code(self) -> str | None:
        """The name of the error's exception, such as ``TypeNotFoundException``; None if there was no error."""
        return None if self.error is None else self.error.code

    @property
    def error_message(self) -> str | None:
        """The error's words, or None."""
        return None if self.error is None else self.error.message
