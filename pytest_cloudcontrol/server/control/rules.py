"""What is arranged beforehand: by the verbs of CloudControl, each with its own arguments."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

from pytest_cloudcontrol.arguments import OptionError
from pytest_cloudcontrol.server.control.documents import rule_document
from pytest_cloudcontrol.server.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.decisions.ledger import Noted
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.server.control.asked import Asked

_OF_RATE: Final = frozenset({"calls", "per", "api"})


def arranging(verb: str) -> Callable[[Asked], JSONObject]:
    """Return a function that arranges what a verb of CloudControl arranges."""

    def arrange(asked: Asked) -> JSONObject:
        return _arranged(asked, verb)

    return arrange


def add_limit(asked: Asked) -> JSONObject:
    """Limit how many calls are let through, or how many requests are worked on."""
    given = asked.members
    of_rate = given.keys() & _OF_RATE
    if of_rate and given.keys() - _OF_RATE:
        other = min(given.keys() - _OF_RATE)
        words = f"a limit has either calls and per, or running: {other!r} doesn't go with {min(of_rate)!r}"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, words)
    for name in ("calls", "per") if of_rate else ("running",):
        if name not in given:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"the document needs the member {name!r}")
    return _arranged(asked, "limit_rate" if of_rate else "limit_concurrency")


def add_type(asked: Asked) -> JSONObject:
    """Add a resource type; a path is of no use from afar."""
    schema = asked.members["schema"]
    if not isinstance(schema, dict):
        raise OptionError("schema", schema, "the schema itself, as an object")
    return _arranged(asked, "add_type")


def list_rules(asked: Asked) -> JSONObject:
    """Return all that is arranged."""
    with asked.backend.clock.lock:
        return {"rules": [rule_document(noted) for noted in asked.backend.world.ledger.noted]}


def remove_rule(asked: Asked) -> None:
    """Take something back."""
    number = asked.place["id"]
    with asked.backend.clock.lock:
        found = [noted for noted in asked.backend.world.ledger.noted if str(noted.number) == number]
    if not found:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no rule {number!r}: GET /_cloudcontrol/rules has them all")
    found[0].take_back()


def _arranged(asked: Asked, verb: str) -> JSONObject:
    """Arrange something, and return what the ledger has of it."""
    arrange: Callable[..., object] = getattr(asked.cloudcontrol, verb)  # which looks what its arguments are
    with asked.backend.clock.lock:
        ledger = asked.backend.world.ledger
        arrange(**asked.members)
        return rule_document(cast("Noted", ledger.latest))
