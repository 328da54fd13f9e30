"""The documents that the control API answers with."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.controls.calls import Call
    from pytest_cloudcontrol.controls.cloudcontrol import CloudControl
    from pytest_cloudcontrol.controls.request import ResourceRequest
    from pytest_cloudcontrol.decisions.ledger import Noted
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.handlers.downstream import Work
    from pytest_cloudcontrol.handlers.hooks import Invocation
    from pytest_cloudcontrol.requests.request import ProgressEvent


def instant(at: datetime) -> str:
    """Return an instant as the API shows it, to a millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant_or_none(at: datetime | None) -> str | None:
    """Return an instant that may not be."""
    return None if at is None else instant(at)


def clock_document(cloudcontrol: CloudControl) -> JSONObject:
    """Return where the clock stands."""
    clock = cloudcontrol.clock
    return {"now": instant(clock.now()), "rate": clock.rate, "auto_advance": clock.auto_advance}


def request_document(backend: Backend, request: ResourceRequest) -> JSONObject:
    """Return a request with all that has happened to it."""
    with backend.clock.lock:
        state = backend.world.registry.of_token(request.request_token)
        hooks = () if state is None else state.hooks
        return {
            "request_token": request.request_token,
            "type_name": request.type_name,
            "operation": request.operation,
            "identifier": request.identifier,
            "status": request.status,
            "error_code": request.error_code,
            "status_message": request.status_message,
            "account_id": request.account_id,
            "region": request.region,
            "steps": request.steps,
            "next_step_at": instant_or_none(request.next_step_at),
            "expired": request.expired,
            "hooks": [_hook_document(hook) for hook in hooks],
            "events": [_event_document(event) for event in request.events],
        }


def _hook_document(hook: Invocation) -> JSONObject:
    return {
        "hook_type_name": hook.hook.hook_type_name,
        "status": hook.status,
        "message": hook.message,
        "time": instant(hook.event_time),
    }


def _event_document(event: ProgressEvent) -> JSONObject:
    return {
        "time": instant(event.event_time),
        "status": event.operation_status,
        "error_code": event.error_code,
        "status_message": event.status_message,
        "retry_after": instant_or_none(event.retry_after),
    }


def rule_document(noted: Noted) -> JSONObject:
    """Return something that is arranged."""
    return {"id": noted.number, "text": noted.text(), "fired": noted.fired()}


def work_document(work: Work) -> JSONObject:
    """Return some downstream work."""
    return {
        "id": work.order,
        "name": work.name,
        "request_token": work.request_token,
        "done": work.done,
        "next_step_at": instant_or_none(work.next_step_at),
    }


def call_document(call: Call) -> JSONObject:
    """Return an API call."""
    return {"api": str(call.operation), "input": call.input, "error_code": call.error_code, "time": instant(call.time)}
