"""GetResourceRequestStatus, ListResourceRequests and CancelResourceRequest: what a client does with a request token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.service.errors import request_token_not_found, validation
from pytest_cloudcontrol.service.events import event_answer, event_text, status_answer
from pytest_cloudcontrol.service.pages import page_token, position_of
from pytest_cloudcontrol.vocabulary import CANCELLED, Api, Operation, OperationStatus

if TYPE_CHECKING:
    from types_boto3_cloudcontrol.type_defs import (
        CancelResourceRequestInputTypeDef,
        GetResourceRequestStatusInputTypeDef,
        ListResourceRequestsInputTypeDef,
    )

    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.vocabulary import Scope
    from pytest_cloudcontrol.world import World

_PAGE_SIZE: Final = 20  # O-30
"""ListResourceRequests returns 20 by default (the API's documentation of MaxResults)."""


class Tracking:
    """The three operations on requests."""

    def __init__(self, world: World) -> None:
        self._world = world

    def status(self, scope: Scope, members: GetResourceRequestStatusInputTypeDef) -> str:
        """Answer GetResourceRequestStatus."""
        request = self._find(scope, members["RequestToken"])
        return status_answer(request)  # O-29

    def list(self, scope: Scope, members: ListResourceRequestsInputTypeDef) -> str:
        """Answer ListResourceRequests: newest first (C-10). The filter names what is wanted, not what is left out."""
        wanted = members.get("ResourceRequestStatusFilter") or {}  # O-31
        operations = [Operation(name) for name in wanted.get("Operations") or Operation]
        statuses = [OperationStatus(name) for name in wanted.get("OperationStatuses") or OperationStatus]  # O-32
        size = members.get("MaxResults") or _PAGE_SIZE
        of = ("ListResourceRequests", scope, sorted(set(operations)), sorted(set(statuses)))
        next_token = members.get("NextToken")
        before = int(position_of(next_token, of)) if next_token else None  # C-11
        summaries: list[str] = []
        order = 0
        more = ""
        for request in self._world.registry.newest_first(scope, operations, statuses, before):
            if len(summaries) == size:
                more = f',"NextToken":"{page_token(str(order), of)}"'
                break
            summaries.append(event_text(request, request.last_event))
            order = request.order
        return f'{{"ResourceRequestStatusSummaries":[{",".join(summaries)}]{more}}}'

    def cancel(self, scope: Scope, members: CancelResourceRequestInputTypeDef) -> str:
        """Answer CancelResourceRequest."""
        request = self._find(scope, members["RequestToken"])
        if request.status not in CANCELLED:  # L-18
            if request.status.is_terminal:
                raise validation(f"Request {request.request_token} is already in status {request.status}")  # L-19
            self._world.registry.cancel(request, Api.CANCEL_RESOURCE_REQUEST)
        return event_answer(request)

    def _find(self, scope: Scope, request_token: str) -> Request:
        request = self._world.registry.find(scope, request_token)
        if request is None:
            raise request_token_not_found(request_token)
        return request
