"""The rest of a world: its downstream work, the calls it was sent, and its beginning anew."""

from __future__ import annotations

from http import HTTPStatus
from importlib.metadata import version
from typing import TYPE_CHECKING

from pytest_cloudcontrol.server.control.documents import call_document, work_document
from pytest_cloudcontrol.server.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_cloudcontrol.controls.calls import Call
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.server.control.asked import Asked


def health(asked: Asked) -> JSONObject:  # noqa: ARG001  # every function is asked the same
    """Say that the server is there."""
    return {"status": "ok", "version": version("pytest-cloudcontrol")}


def list_downstream(asked: Asked) -> JSONObject:
    """Return all downstream work."""
    with asked.backend.clock.lock:
        return {"downstream": [work_document(work) for work in asked.backend.world.handlers.downstream.works]}


def moving_work(verb: str) -> Callable[[Asked], JSONObject]:
    """Return a function that does to downstream work what a verb of DownstreamWork does."""

    def move(asked: Asked) -> JSONObject:
        number = asked.place["id"]
        works = {str(work.order): work for work in asked.backend.world.handlers.downstream.works}
        if number not in works:
            words = f"there is no downstream work {number!r}: GET /_cloudcontrol/downstream has it all"
            raise Problem(HTTPStatus.NOT_FOUND, words)
        work = works[number]
        if verb == "step" and work.done:
            raise Problem(HTTPStatus.CONFLICT, f"the downstream work {work.name} is done: nothing of it is left")
        getattr(asked.cloudcontrol.downstream[work.order - 1], verb)()
        return work_document(work)

    return move


def list_calls(asked: Asked) -> JSONObject:
    """Return the calls that match, oldest first."""
    matching: Callable[..., Iterable[Call]] = asked.cloudcontrol.calls.matching  # which looks what its arguments are
    calls = matching(**asked.members) if asked.members else asked.cloudcontrol.calls
    return {"calls": [call_document(call) for call in calls]}


def reset(asked: Asked) -> None:
    """Begin anew."""
    asked.cloudcontrol.reset()
