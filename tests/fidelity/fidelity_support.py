"""What the fidelity tests share: short calls, what a refused call was told, and what went over the wire."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from refusals import Refusal
from resource_types import LOG_GROUP, every_handler

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from types_boto3_cloudcontrol import CloudControlApiClient
    from types_boto3_cloudcontrol.type_defs import ProgressEventTypeDef


INSTANT: Final = timedelta(milliseconds=1)
"""The least time that there is between two instants."""

ROLE: Final = "arn:aws:iam::123456789012:role/deployer"

BASIC: Final[AbstractSet[str]] = frozenset({"TypeName", "RequestToken", "Operation", "OperationStatus", "EventTime"})
"""The members that every progress event has."""

LOG_GROUP_DEFAULTS: Final[Mapping[str, object]] = {
    "FieldIndexPolicies": [],
    "BearerTokenAuthenticationEnabled": False,
    "LogGroupClass": "STANDARD",
    "DeletionProtectionEnabled": False,
    "DataProtectionPolicy": {},
}
"""What the service adds to a log group besides its Arn."""

NAMED: Final[AbstractSet[str]] = BASIC | {"Identifier"}
"""The same of a request whose resource is known."""


_TOKEN: Final = re.compile(r"RequestToken: ([0-9a-f-]{36})\)")


def without_token(told: Refusal) -> Refusal:
    """Return what a failed read was told, with ``…`` in the place of the token that differs every time."""
    message, replaced = _TOKEN.subn("RequestToken: …)", told.message)
    assert replaced == 1
    return told._replace(message=message)


def token_of(told: Refusal) -> str:
    """Return the token that a failed read was told."""
    found = _TOKEN.search(told.message)
    assert found is not None
    return found[1]


def log_group_words(name: str, what: str) -> str:
    """Return what the handler of log groups says of one: that it ``already exists`` or ``was not found``."""
    return (
        "Resource of type 'AWS::Logs::LogGroup' with identifier "
        f"'{json.dumps({'/properties/LogGroupName': name}, separators=(',', ':'))}' {what}."
    )


def log_group_not_found(name: str) -> Refusal:
    """Return what a read of a log group that isn't there is told, without its token."""
    words = log_group_words(name, "was not found")
    return Refusal(
        "ResourceNotFoundException",
        f"AWS::Logs::LogGroup Handler returned status FAILED: {words} (HandlerErrorCode: NotFound, RequestToken: …)",
        400,
    )


def create(client: CloudControlApiClient, name: str = "app", **properties: object) -> ProgressEventTypeDef:
    """Ask for a log group, and return the immediate answer's event."""
    desired = json.dumps({"LogGroupName": name, **properties})
    return client.create_resource(TypeName=LOG_GROUP, DesiredState=desired)["ProgressEvent"]


def update(client: CloudControlApiClient, *operations: Mapping[str, object], name: str = "app") -> ProgressEventTypeDef:
    """Ask for a patch of a log group, and return the immediate answer's event."""
    return client.update_resource(TypeName=LOG_GROUP, Identifier=name, PatchDocument=json.dumps(operations))[
        "ProgressEvent"
    ]


def delete(client: CloudControlApiClient, name: str = "app") -> ProgressEventTypeDef:
    """Ask for a log group to go, and return the immediate answer's event."""
    return client.delete_resource(TypeName=LOG_GROUP, Identifier=name)["ProgressEvent"]


def status(client: CloudControlApiClient, event: ProgressEventTypeDef) -> ProgressEventTypeDef:
    """Return the current event of the request that an event belongs to."""
    return client.get_resource_request_status(RequestToken=event["RequestToken"])["ProgressEvent"]


def replacing(path: str, value: object) -> dict[str, object]:
    """Return a patch's operation that replaces a value."""
    return {"op": "replace", "path": path, "value": value}


def adding(path: str, value: object) -> dict[str, object]:
    """Return a patch's operation that adds a value."""
    return {"op": "add", "path": path, "value": value}


@dataclass
class Exchange:
    """One HTTP request and its answer, as they went over the wire."""

    method: str
    url: str
    sent_headers: Mapping[str, str]
    sent_body: bytes
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def sent(self) -> Any:
        """The request's body, parsed."""
        return json.loads(self.sent_body)

    @property
    def document(self) -> Any:
        """The answer's body, parsed."""
        return json.loads(self.body)


class Wire:
    """Listens to a client, and keeps what goes over the wire."""

    def __init__(self, client: CloudControlApiClient) -> None:
        self.exchanges: list[Exchange] = []
        self._sending: Any = None
        client.meta.events.register("before-send.cloudcontrol", self._sent)
        client.meta.events.register("response-received.cloudcontrol", self._received)

    @property
    def last(self) -> Exchange:
        """The latest exchange."""
        return self.exchanges[-1]

    def _sent(self, request: Any, **_: object) -> None:
        self._sending = request

    def _received(self, response_dict: Any, **_: object) -> None:
        request = self._sending
        texts = {name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()}
        self.exchanges.append(
            Exchange(
                request.method,
                request.url,
                texts,
                request.body,
                response_dict["status_code"],
                dict(response_dict["headers"].items()),
                response_dict["body"],
            )
        )


ORDER: Final = "Acme::Shop::Order"


def order_schema(**changed: object) -> dict[str, Any]:
    """Return the schema of a type of the tests' own, which has a property of every role."""
    return {
        "typeName": ORDER,
        "properties": {
            "Name": {"type": "string"},
            "Customer": {"type": "string"},
            "Address": {
                "type": "object",
                "properties": {"Country": {"type": "string"}, "Street": {"type": "string"}},
            },
            "Note": {"type": "string"},
            "Password": {"type": "string"},
            "Card": {"type": "object", "properties": {"Number": {"type": "string"}, "Pin": {"type": "string"}}},
            "Serial": {"type": "string"},
            "Shelf": {"type": "string"},
        },
        "primaryIdentifier": ["/properties/Name"],
        "additionalIdentifiers": [["/properties/Serial"], ["/properties/Customer", "/properties/Shelf"]],
        "readOnlyProperties": ["/properties/Serial", "/properties/Shelf"],
        "writeOnlyProperties": ["/properties/Password", "/properties/Card/Pin"],
        "createOnlyProperties": ["/properties/Name", "/properties/Customer", "/properties/Address/Country"],
        "handlers": every_handler(),
        **changed,
    }
