"""Calls that many tests make, each with what is wanted of its answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from resource_types import LOG_GROUP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient
    from types_boto3_cloudcontrol.type_defs import ProgressEventTypeDef

RETENTION_PATCH: Final = '[{"op": "add", "path": "/RetentionInDays", "value": 7}]'
"""A patch document for a log group."""


VALID_CALLS: Final[dict[str, dict[str, Any]]] = {
    "create_resource": {"TypeName": LOG_GROUP, "DesiredState": '{"LogGroupName": "new"}'},
    "update_resource": {"TypeName": LOG_GROUP, "Identifier": "app", "PatchDocument": "[]"},
    "delete_resource": {"TypeName": LOG_GROUP, "Identifier": "app"},
    "get_resource": {"TypeName": LOG_GROUP, "Identifier": "app"},
    "list_resources": {"TypeName": LOG_GROUP},
    "get_resource_request_status": {"RequestToken": "a"},
    "list_resource_requests": {},
    "cancel_resource_request": {"RequestToken": "a"},
}
"""One valid call of each operation."""


def create(client: CloudControlApiClient, name: str = "orders") -> str:
    """Ask for a log group, and return the request token."""
    answer = client.create_resource(TypeName=LOG_GROUP, DesiredState=json.dumps({"LogGroupName": name}))
    return answer["ProgressEvent"]["RequestToken"]


def patch(
    client: CloudControlApiClient, type_name: str, identifier: str, *operations: Mapping[str, object]
) -> ProgressEventTypeDef:
    """Ask for a patch of any resource, and return the immediate answer's event."""
    answer = client.update_resource(TypeName=type_name, Identifier=identifier, PatchDocument=json.dumps(operations))
    return answer["ProgressEvent"]


def status(client: CloudControlApiClient, token: str) -> str:
    """Poll a request once, and return its status."""
    return client.get_resource_request_status(RequestToken=token)["ProgressEvent"]["OperationStatus"]


def wait(client: CloudControlApiClient, token: str, delay: int = 5, attempts: int = 24) -> None:
    """Wait for a request by botocore's waiter; the defaults are the waiter's own."""
    client.get_waiter("resource_request_success").wait(
        RequestToken=token, WaiterConfig={"Delay": delay, "MaxAttempts": attempts}
    )


def shown(client: CloudControlApiClient, type_name: str, identifier: str) -> dict[str, Any]:
    """Return the properties of a resource that GetResource shows."""
    answer = client.get_resource(TypeName=type_name, Identifier=identifier)
    properties: dict[str, Any] = json.loads(answer["ResourceDescription"]["Properties"])
    return properties


def sending(
    client: CloudControlApiClient, *, body: bytes | None = None, target: str | None = None
) -> Callable[[], None]:
    """Let a client send another body or X-Amz-Target than botocore has written, signed; return what takes that back."""

    def rewrite(params: Any, **_: object) -> None:
        if body is not None:
            params["body"] = body
        if target is not None:
            params["headers"]["X-Amz-Target"] = target

    client.meta.events.register("before-call.cloudcontrol", rewrite)
    return lambda: client.meta.events.unregister("before-call.cloudcontrol", rewrite)


class CannedBody:
    """The body of an answer that a before-send handler gives."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        """Yield it in one piece."""
        yield self._content
