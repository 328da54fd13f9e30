"""The veil of a request in a state: what reads show instead of what the request has done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.documents import copied_object
from pytest_cloudcontrol.handlers.protocol import HandlerError
from pytest_cloudcontrol.handlers.veils import Veil
from pytest_cloudcontrol.server.state.parts import instant_text
from pytest_cloudcontrol.vocabulary import HandlerErrorCode

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.handlers.protocol import HandlerInput
    from pytest_cloudcontrol.handlers.veils import Seen
    from pytest_cloudcontrol.server.state.parts import Part


def veil_data(veil: Veil) -> JSONObject:
    """Write a veil down."""
    before: JSONObject | None = None
    if veil.before is not None:
        before = {identifier: _seen_data(seen) for identifier, seen in veil.before.items()}
    return {"before": before, "until": instant_text(veil.until)}


def restored_veil(part: Part, given: HandlerInput) -> Veil:
    """Return the veil that was written down.

    Raises:
        StateError: it is broken.
    """
    veil = Veil(given)
    veil.until = part.instant_or_none("until")
    before = part.part_or_none("before")
    if before is not None:
        veil.before = {identifier: _seen(before.part(identifier)) for identifier in part.object("before")}
    return veil


def _seen_data(seen: Seen) -> JSONObject:
    if isinstance(seen, HandlerError):
        return {"model": None, "error_code": seen.error_code, "message": seen.message}
    return {"model": copied_object(seen)}


def _seen(part: Part) -> Seen:
    if part.value("model") is not None:
        return part.object("model")
    return HandlerError(part.word("error_code", HandlerErrorCode), part.text_or_none("message"))
