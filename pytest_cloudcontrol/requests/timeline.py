"""Requests as text: one line for each and one for each of its events. Errors and failing tests show it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from pytest_cloudcontrol.requests.request import ProgressEvent, Request

_MOST_REQUESTS: Final = 50
_MOST_EVENTS: Final = 12


def overview(requests: Sequence[Request]) -> str:
    """Return the timelines of requests, oldest first; of very many only the latest."""
    if not requests:
        return "No request has been made."
    left_out = len(requests) - _MOST_REQUESTS
    lines = [f"({left_out} earlier requests are not shown)"] if left_out > 0 else []
    lines += [timeline(request) for request in requests[-_MOST_REQUESTS:]]
    return "\n".join(lines)


def timeline(request: Request) -> str:
    """Return one line that says what a request is and where it stands, and one for each of its events."""
    text = "\n".join([_headline(request), *_event_lines(request)])
    # A lone surrogate in a caller's identifier would keep xdist from sending the report.
    return text.encode("utf-8", "backslashreplace").decode()


def _headline(request: Request) -> str:
    identifier = request.identifier if request.identifier is not None else "(no identifier yet)"
    expired = " (expired)" if request.expired else ""
    steps = f"{request.steps} step{'' if request.steps == 1 else 's'} made"
    next_step = f", the next due at {_time(request.step_at)}" if request.step_at else ""
    cancel = (
        f", to be cancelled at step {request.cancel_at_step}" if request.cancel_at_step and request.is_running else ""
    )
    return (
        f"{request.request_token} {request.operation} {request.type_name} {identifier} "
        f"{request.status}{expired}: {steps}{next_step}{cancel} [{request.scope.account_id} {request.scope.region}]"
    )


def _event_lines(request: Request) -> Iterator[str]:
    lines = list(chain.from_iterable(_lines_of(request, number) for number in range(1, len(request.events) + 1)))
    if len(lines) <= _MOST_EVENTS:
        yield from lines
        return
    half = _MOST_EVENTS // 2
    yield from lines[:half]
    yield f"    … {len(lines) - 2 * half} more events …"
    yield from lines[-half:]


def _lines_of(request: Request, number: int) -> Iterator[str]:
    """Yield the lines of an event, and of what happened behind the request's back until the next."""
    yield _event_line(request.events[number - 1])
    for remark in request.remarks:
        if remark.after == number:
            yield f"    {_time(remark.at)} {remark.words}"


def _event_line(event: ProgressEvent) -> str:
    details = [f"{_time(event.event_time)} {event.operation_status}"]
    if event.error_code is not None:
        words = "" if event.status_message is None else f": {event.status_message}"
        details.append(f"{event.error_code}{words}")
    if event.retry_after is not None:
        details.append(f"retry after {_time(event.retry_after)}")
    return f"    {', '.join(details)}"


def _time(instant: datetime) -> str:
    return instant.isoformat(sep=" ", timespec="milliseconds").removesuffix("+00:00")
