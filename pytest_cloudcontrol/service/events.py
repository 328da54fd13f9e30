"""Progress events as the API writes them: which members there are, and timestamps as numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.requests.request import ProgressEvent, ResourceRequest

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def timestamp(instant: datetime) -> float:
    """Return an instant as the API writes it: seconds since 1970, with milliseconds."""
    return (instant - _EPOCH) // _MILLISECOND / 1000


def event_document(request: ResourceRequest, event: ProgressEvent) -> JSONObject:
    """Return a progress event's JSON: members without a value are absent, as recorded."""
    document: JSONObject = {
        "TypeName": request.type_name,
        "RequestToken": request.request_token,
        "Operation": request.operation,
        "OperationStatus": event.operation_status,
        "EventTime": timestamp(event.event_time),
    }
    if event.identifier is not None:
        document["Identifier"] = event.identifier
    if event.resource_model is not None:
        document["ResourceModel"] = event.resource_model
    if event.status_message is not None:
        document["StatusMessage"] = event.status_message
    if event.error_code is not None:
        document["ErrorCode"] = event.error_code
    if event.retry_after is not None:
        document["RetryAfter"] = timestamp(event.retry_after)
    return document
