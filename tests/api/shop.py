"""The code under test of these tests: it asks Cloud Control for orders, and remembers nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import pytest
from mock_time import START

if TYPE_CHECKING:
    from collections.abc import Sequence

    from types_boto3_cloudcontrol.type_defs import (
        CreateResourceOutputTypeDef,
        DeleteResourceOutputTypeDef,
        UpdateResourceOutputTypeDef,
    )

    from pytest_cloudcontrol import CloudControl, OperationStatus, ResourceRequest

    Answer: TypeAlias = CreateResourceOutputTypeDef | UpdateResourceOutputTypeDef | DeleteResourceOutputTypeDef

ORDER: Final = "Test::Shop::Order"
TICKET: Final = "Test::Shop::Ticket"

SCHEMAS: Final = Path(__file__).with_name("schemas")

shop_types: Final = pytest.mark.cloudcontrol(schemas=SCHEMAS, start=START)


def statuses(request: ResourceRequest) -> list[tuple[float, OperationStatus]]:
    """Return the seconds since the clock's start and the status of each event of a request."""
    return [((event.event_time - START).total_seconds(), event.operation_status) for event in request.events]


def shown(request: ResourceRequest, by: str = "", expired: str = "") -> str:
    """Return what an error shows of a create of the order n1 to which nothing will happen any more.

    Args:
        request: the request.
        by: what made its last event so, if it wasn't the handler.
        expired: the instant and the cause of its expiry.
    """
    mark = " (expired)" if request.expired else ""
    made = f"{request.steps} step{'s' if request.steps != 1 else ''} made"
    lines = [f"{request.request_token} CREATE {ORDER} n1 {request.status}{mark}: {made} [123456789012 us-east-1]"]
    for event in request.events:
        time = event.event_time.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        error = f", {event.error_code}: {event.status_message}" if event.error_code else ""
        retry = event.retry_after.strftime(", retry after %Y-%m-%d %H:%M:%S.%f")[:-3] if event.retry_after else ""
        lines.append(f"    {time} {event.operation_status}{error}{retry}")
    lines[-1] += f", by {by}" if by else ""
    return "\n".join([*lines, *([f"    {expired}"] if expired else [])])


class Shop:
    """Asks for orders with a boto3 client."""

    def __init__(self, cloudcontrol: CloudControl, region: str | None = None, account_id: str | None = None) -> None:
        self.client: Final = cloudcontrol.client(region, account_id)
        self._cloudcontrol = cloudcontrol
        self._resources: Final = cloudcontrol.scope(account_id, region).resources

    def create(self, name: str = "n1", **properties: str) -> ResourceRequest:
        """Ask for an order; its properties are touched in the order given, the name last."""
        return self.create_of(ORDER, json.dumps({**properties, "Name": name}))

    def create_of(self, type_name: str, desired_state: str = "{}") -> ResourceRequest:
        """Ask for a resource of any type."""
        return self._request(self.client.create_resource(TypeName=type_name, DesiredState=desired_state))

    def update(self, name: str = "n1", **values: str) -> ResourceRequest:
        """Ask for other values, touched in the order given."""
        return self.patch(name, [{"op": "add", "path": f"/{key}", "value": value} for key, value in values.items()])

    def patch(self, name: str, operations: Sequence[object]) -> ResourceRequest:
        """Ask for a patch to be applied."""
        document = json.dumps(operations)
        return self._request(self.client.update_resource(TypeName=ORDER, Identifier=name, PatchDocument=document))

    def delete(self, name: str = "n1") -> ResourceRequest:
        """Ask for an order to be deleted."""
        return self._request(self.client.delete_resource(TypeName=ORDER, Identifier=name))

    def existing(self, name: str = "n1", **properties: str) -> Shop:
        """Place an order as if it had been there all along, and return the shop."""
        self._resources.put(ORDER, {"Name": name, "Arn": f"arn:{name}", **properties})
        return self

    def written(self, name: str = "n1") -> dict[str, object] | None:
        """Return the properties that an order has, but for its name and ARN; None if there is no such order."""
        properties = self._resources.get(ORDER, name)
        if properties is None:
            return None
        return {key: value for key, value in properties.items() if key not in {"Name", "Arn"}}

    def _request(self, answer: Answer) -> ResourceRequest:
        return self._cloudcontrol.request(answer["ProgressEvent"]["RequestToken"])
