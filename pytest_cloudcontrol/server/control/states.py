"""The whole world as one document."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.server.control.asked import Member
from pytest_cloudcontrol.server.control.schemas import ANY_OBJECT, INSTANT, TEXT, WHOLE, list_of
from pytest_cloudcontrol.server.problems import Problem
from pytest_cloudcontrol.server.state.parts import StateError
from pytest_cloudcontrol.server.state.refusals import NotSaved, refuse_unsaved
from pytest_cloudcontrol.server.state.state import restore, state_of

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.server.control.asked import Asked

MEMBERS: Final = {
    "format": Member(TEXT, is_required=True),
    "saved_at": Member(INSTANT),
    "seed": Member(TEXT),
    "uuids_made": Member(WHOLE),
    "clock": Member(ANY_OBJECT),
    "rules_made": Member(WHOLE),
    "rules": Member(list_of(ANY_OBJECT)),
    "resources": Member(list_of(ANY_OBJECT)),
    "requests": Member(list_of(ANY_OBJECT)),
}
"""Those of version 1, which says itself that it has them all."""


def read_state(asked: Asked) -> JSONObject:
    """Return the whole world."""
    try:
        return state_of(asked.backend)
    except NotSaved as error:
        raise Problem(HTTPStatus.CONFLICT, str(error)) from None


def restore_state(asked: Asked) -> None:
    """Have the world be as it was; one that couldn't be saved isn't thrown away either."""
    try:
        with asked.backend.clock.lock:
            refuse_unsaved(asked.backend)
        restore(asked.backend, asked.members)
    except NotSaved as error:
        raise Problem(HTTPStatus.CONFLICT, str(error)) from None
    except StateError as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
