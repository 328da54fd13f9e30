"""The report of a failing test: the requests, then calls and events on one time axis, then what is still arranged."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import parsed_object
from pytest_cloudcontrol.requests.request import ProgressEvent
from pytest_cloudcontrol.requests.timeline import details, headlines, time_of
from pytest_cloudcontrol.service.about import About
from pytest_cloudcontrol.vocabulary import HandlerOperation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.journal import Happening
    from pytest_cloudcontrol.service.calls import CallRecord
    from pytest_cloudcontrol.service.errors import ServiceError
    from pytest_cloudcontrol.vocabulary import Scope
    from pytest_cloudcontrol.world import World

_MOST_CALLS: Final = 30
_LONGEST: Final = 120
_LONGEST_ERROR: Final = 400
"""What was wrong is what a reader looks for, and a validation lists all of it."""
_GIVEN: Final = ("TypeName", "Identifier", "DesiredState", "PatchDocument", "ResourceModel")


def report(world: World, calls: Sequence[CallRecord], default: Scope) -> str:
    """Return all that a reader of a failing test may want to know of the mock.

    Args:
        world: what there is.
        calls: every API call, oldest first.
        default: the account and region that need no mention.
    """
    lines = [*_requests(world), *_axis(world, calls, default), *_armed(world), *_in_memory(world)]
    # A lone surrogate in what a caller sent would keep xdist from sending the report.
    return "\n".join(lines).encode("utf-8", "backslashreplace").decode()


def _requests(world: World) -> Iterator[str]:
    if not world.registry.requests:
        yield "No request has been made."
        return
    yield "Requests:"
    yield from headlines(world.registry.requests)


def _axis(world: World, calls: Sequence[CallRecord], default: Scope) -> Iterator[str]:
    """Yield a line for each call and each event, in the order in which they happened."""
    shown = calls[-_MOST_CALLS:]
    entries = [(call.number, _call(world, call, default)) for call in shown]
    entries += [(happening.number, _happening(world, happening)) for happening in world.journal.latest]
    if not entries:
        yield "No call has been made."
        return
    yield "What happened, on the mock clock:"
    for left_out, things in ((len(calls) - len(shown), "call"), (world.journal.forgotten, "event")):
        if left_out:
            yield f"    ({left_out} earlier {things}{' is' if left_out == 1 else 's are'} not shown)"
    for (time, text), same in groupby(line for _, line in sorted(entries)):
        times = len(list(same))
        yield f"    {time} {text}{f' ({times} times)' if times > 1 else ''}"


def _armed(world: World) -> Iterator[str]:
    armed = world.decisions.armed()
    if armed:
        yield "Still armed:"
    for rule in armed:
        yield f"    {rule}{f', fired {rule.fired} of {rule.times} times' if rule.fired else ''}"


def _in_memory(world: World) -> Iterator[str]:
    """Yield what a test with moto has to know of its types that aren't moto's."""
    handlers = world.handlers
    names = [name for name in handlers.provisions.in_memory if not handlers.written(name, HandlerOperation.CREATE)]
    if names:
        yield f"Kept in memory, and not by moto: {', '.join(names)}"


def _happening(world: World, happening: Happening) -> tuple[str, str]:
    what, time = happening.what, time_of(happening.at)
    words = details(what, happening.by) if isinstance(what, ProgressEvent) else str(what)
    if not happening.request_token:
        return time, words
    return time, f"request {world.registry.by_token(happening.request_token).order}: {words}"


def _call(world: World, call: CallRecord, default: Scope) -> tuple[str, str]:
    members = call.members()
    words = [*filter(None, [call.label]), call.target, *(str(members[name]) for name in _GIVEN if name in members)]
    if "RequestToken" in members:
        request = About(world, call).request
        words.append(str(members["RequestToken"]) if request is None else f"request {request.order}")
    again = " (an SDK's retry)" if call.is_retry else ""
    elsewhere = "" if call.scope == default else f" [{call.scope.account_id} {call.scope.region}]"
    return time_of(call.time), f"{_short(' '.join(words))}{again}{elsewhere} -> {_told(world, call)}"


def _told(world: World, call: CallRecord) -> str:
    """Return what the caller was told, and what has made it so."""
    told = _said(world, call, call.error)
    if call.lost is None:
        return f"{told}, by {call.by}" if call.by else told
    answer = _said(world, call, call.lost.error)
    return f"{told}; {answer} was answered, but the answer was lost by {call.by}"


def _said(world: World, call: CallRecord, error: ServiceError | None) -> str:
    return _answer(world, call) if error is None else _short(str(error), _LONGEST_ERROR)


def _answer(world: World, call: CallRecord) -> str:
    """Return what the service has answered."""
    if call.given is None:
        return "(not answered)"
    answer = parsed_object(call.given)
    for member, things in (("ResourceDescriptions", "resource"), ("ResourceRequestStatusSummaries", "request")):
        found = answer.get(member)
        if isinstance(found, list):
            return f"{len(found)} {things}{'' if len(found) == 1 else 's'}"
    description, event = answer.get("ResourceDescription"), answer.get("ProgressEvent")
    if isinstance(description, dict):
        return _short(str(description.get("Properties")))
    return _event(world, call, event) if isinstance(event, dict) else "answered"


def _event(world: World, call: CallRecord, event: JSONObject) -> str:
    words = " ".join(str(event[name]) for name in ("OperationStatus", "ErrorCode") if name in event)
    request = None if "RequestToken" in call.members() else About(world, call).request
    return words if request is None else f"request {request.order}, {words}"


def _short(text: str, longest: int = _LONGEST) -> str:
    """Return a text in one line, as much of it as a reader needs."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest]}…"
