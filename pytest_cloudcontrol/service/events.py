"""Progress events as the API writes them: which members there are, and timestamps as numbers."""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import compact, quoted
from pytest_cloudcontrol.schemas.generation import partition_of

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.handlers.hooks import Invocation
    from pytest_cloudcontrol.requests.request import ProgressEvent, Request

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_VERSION: Final = "00000001"
_MILLISECOND: Final = timedelta(milliseconds=1)


@functools.lru_cache(maxsize=64)  # the clock stands still: many events have the same few instants
def timestamp(instant: datetime) -> float:
    """Return an instant as the API writes it: seconds since 1970, with milliseconds (W-4)."""
    return (instant - _EPOCH) // _MILLISECOND / 1000


def event_text(request: Request, event: ProgressEvent) -> str:
    """Return a progress event's JSON: members without a value are absent, as recorded (L-6).

    Every Create, Update, Delete, poll and listed summary is answered with one, so the text is put together by hand:
    that takes a third of the time of a dict and its encoding. Type names and tokens need no escapes.
    """
    text = (
        f'{{"TypeName":"{request.type_name}","RequestToken":"{request.request_token}","Operation":"{request.operation}",'
        f'"OperationStatus":"{event.operation_status}","EventTime":{timestamp(event.event_time)}'
    )
    if request.hooks_request_token is not None:
        text += f',"HooksRequestToken":"{request.hooks_request_token}"'  # H-1
    if event.identifier is not None:
        text += f',"Identifier":{quoted(event.identifier)}'
    if event.model_text is not None:
        text += f',"ResourceModel":{quoted(event.model_text)}'
    if event.error_code is not None:  # L-10
        text += f',"ErrorCode":"{event.error_code}"'
        if event.status_message is not None:
            text += f',"StatusMessage":{quoted(event.status_message)}'
    if event.retry_after is not None:  # L-8
        text += f',"RetryAfter":{timestamp(event.retry_after)}'
    return text + "}"


def event_answer(request: Request) -> str:
    """Return the answer that carries a request's present event."""
    return f'{{"ProgressEvent":{event_text(request, request.events[-1])}}}'


def status_answer(request: Request) -> str:
    """Return the answer of GetResourceRequestStatus, which alone shows how far the hooks have come (H-2)."""
    if not request.hooks:
        return event_answer(request)
    hooks: list[JSONValue] = [_hook_event(request, invocation) for invocation in request.hooks]
    return f'{{"ProgressEvent":{event_text(request, request.events[-1])},"HooksProgressEvent":{compact(hooks)}}}'


def _hook_event(request: Request, invocation: Invocation) -> JSONObject:
    hook, scope = invocation.hook, request.scope
    event: JSONObject = {
        "HookTypeName": hook.hook_type_name,
        "HookTypeVersionId": _FIRST_VERSION,
        "HookTypeArn": (
            f"arn:{partition_of(scope.region)}:cloudformation:{scope.region}:{scope.account_id}:type/hook/"
            f"{hook.hook_type_name.replace('::', '-')}"
        ),
        "InvocationPoint": "PRE_PROVISION",
        "HookStatus": invocation.status,
        "HookEventTime": timestamp(invocation.event_time),
        "FailureMode": hook.failure_mode,
    }
    if invocation.message is not None:
        event["HookStatusMessage"] = invocation.message
    return event
