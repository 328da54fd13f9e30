"""Requests: to see them, and to move one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.server.control.documents import request_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.controls.request import ResourceRequest
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.server.control.asked import Asked


def list_requests(asked: Asked) -> JSONObject:
    """Return the requests that match, oldest first."""
    matching: Callable[..., list[ResourceRequest]] = asked.cloudcontrol.requests.matching  # type: ignore[assignment]  # it checks
    return {"requests": [request_document(asked.backend, request) for request in matching(**asked.members)]}


def read_request(asked: Asked) -> JSONObject:
    """Return one request."""
    return request_document(asked.backend, _request(asked))


def moving(verb: str) -> Callable[[Asked], JSONObject]:
    """Return a function that does to a request what a verb of ResourceRequest does."""

    def move(asked: Asked) -> JSONObject:
        request = _request(asked)
        move: Callable[..., ResourceRequest] = getattr(request, verb)  # which looks what its arguments are
        return request_document(asked.backend, move(**asked.members))

    return move


def _request(asked: Asked) -> ResourceRequest:
    return asked.cloudcontrol.request(asked.place["token"])
