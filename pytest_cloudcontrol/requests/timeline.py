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


def headlines(requests: Sequence[Request]) -> Iterator[str]:
    """Yield a numbered line for each request, oldest first; of very many only the latest."""
    left_out = len(requests) - _MOST_REQUESTS
    if left_out > 0:
        yield f"    ({left_out} earlier requests are not shown)"
    for request in requests[-_MOST_REQUESTS:]:
        yield f"    {request.order}. {_headline(request)}"


def timeline(request: Request) -> str:
    """Return one line that says what a request is and where it stands, and one for each of its events."""
    text = "\n".join([_headline(request), *_event_lines(request)])
    # A lone surrogate in a caller's identifier would keep xdist from sending the report.
    return text.encode("utf-8", "backslashreplace").decode()


def _headline(request: Request) -> str:
    identifier = request.identifier if request.identifier is not None else "(no identifier yet)"
    expired = " (expired)" if request.expired else ""
    steps = f"{request.steps} step{'' if request.steps == 1 else 's'} made"
    next_step = f", the next due at {time_of(request.step_at)}" if request.step_at else ""
    held_back = f", held back by a limit of {request.held_back_by[0].running}" if request.held_back_by else ""
    cancel = (
        f", to be cancelled at step {request.cancel_at_step}" if request.cancel_at_step and request.is_running else ""
    )
    return (
        f"{request.request_token} {request.operation} {request.type_name} {identifier} {request.status}{expired}: "
        f"{steps}{next_step}{held_back}{cancel} [{request.scope.account_id} {request.scope.region}]"
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
    """Yield the lines of an event, and of what else happened to the request until the next."""
    event = request.events[number - 1]
    yield f"    {time_of(event.event_time)} {details(event, request.causes.get(number, ''))}"
    for remark in request.remarks:
        if remark.after == number:
            yield f"    {time_of(remark.at)} {remark.words}"


def details(event: ProgressEvent, by: str) -> str:
    """Return what an event says, but for its time, and what made it so."""
    words = [str(event.operation_status)]
    if event.error_code is not None:
        words.append(f"{event.error_code}{'' if event.status_message is None else f': {event.status_message}'}")
    if event.retry_after is not None:
        words.append(f"retry after {time_of(event.retry_after)}")
    if by:
        words.append(f"by {by}")
    return ", ".join(words)


def time_of(instant: datetime) -> str:
    """Return an instant as every timeline shows it."""
    return instant.isoformat(sep=" ", timespec="milliseconds").removesuffix("+00:00")
