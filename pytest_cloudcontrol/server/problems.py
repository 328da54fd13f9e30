"""What is wrong with a request, as RFC 9457 writes it down: problem details."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from pytest_cloudcontrol.arguments import OptionError
from pytest_cloudcontrol.controls.request import IllegalTransition, StatusNotReached
from pytest_cloudcontrol.controls.requests import UnknownRequest
from pytest_cloudcontrol.documents import compact
from pytest_cloudcontrol.exceptions import NoProgressError
from pytest_cloudcontrol.schemas.resource_type import SchemaError
from pytest_cloudcontrol.server.messages import Reply

_STATUSES: Final = (
    ((OptionError, SchemaError), HTTPStatus.UNPROCESSABLE_ENTITY),
    ((UnknownRequest,), HTTPStatus.NOT_FOUND),
    ((IllegalTransition, StatusNotReached, NoProgressError), HTTPStatus.CONFLICT),
)
"""What Python raises, and the status that says so over HTTP; the words are the same."""


class Problem(Exception):
    """A request can't be carried out.

    Attributes:
        status: the HTTP status that says so.
        detail: what is wrong.
        headers: further headers of the answer.
    """

    def __init__(self, status: HTTPStatus, detail: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def problem_of(error: BaseException) -> Problem:
    """Return what an exception of the package's is over HTTP; any other was raised by code that the test has given."""
    for kinds, status in _STATUSES:
        if isinstance(error, kinds):
            return Problem(status, str(error))
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, f"{type(error).__name__}: {error}")


def problem_reply(problem: Problem) -> Reply:
    """Write a problem down."""
    document = compact(
        {
            "type": "about:blank",
            "title": problem.status.phrase,
            "status": problem.status.value,
            "detail": problem.detail.encode("utf-8", "backslashreplace").decode(),  # what was given may be no UTF-8
        }
    )
    return Reply(problem.status, "application/problem+json", document.encode(), problem.headers)
