"""A resource type of the tests' own, whose handlers they write themselves, and what its callers ask."""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from mock_time import START
from resource_types import every_handler

from pytest_cloudcontrol import CloudControl, ResourceRequest, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import HandlerRequest

CLUSTER: Final = "Test::Db::Cluster"

SCHEMA: Final[dict[str, Any]] = {
    "typeName": CLUSTER,
    "properties": {name: {"type": "string"} for name in ("Name", "Size", "State", "Password")},
    "additionalProperties": False,
    "primaryIdentifier": ["/properties/Name"],
    "readOnlyProperties": ["/properties/State"],
    "writeOnlyProperties": ["/properties/Password"],
    "createOnlyProperties": ["/properties/Name"],
    "handlers": every_handler(),
}

ENDINGS: Final[dict[str, Callable[[ResourceRequest], object]]] = {
    "cancelled": lambda request: request.cancel(),
    "failed": lambda request: request.fail("NotStabilized"),
    "expired": lambda request: request.expire(),
}
"""What ends a request without a success, whatever its handler is at."""


def cluster_type(cloudcontrol: CloudControl) -> CloudControl:
    """Add the type to a mock."""
    cloudcontrol.add_type(SCHEMA)
    return cloudcontrol


@lru_cache(maxsize=1)
def client_of(cloudcontrol: CloudControl) -> CloudControlApiClient:
    """Return the client of a mock's callers, which is made once: making one takes as long as several calls."""
    return cloudcontrol.client()


def create(cloudcontrol: CloudControl, name: str = "one", **properties: str) -> ResourceRequest:
    """Ask for a cluster, and return the request."""
    state = json.dumps({"Name": name, **properties})
    client_of(cloudcontrol).create_resource(TypeName=CLUSTER, DesiredState=state)
    return cloudcontrol.requests.last


def update(cloudcontrol: CloudControl, name: str = "one", **properties: str) -> ResourceRequest:
    """Ask for other properties of a cluster, and return the request."""
    patch = [{"op": "add", "path": f"/{key}", "value": value} for key, value in properties.items()]
    client_of(cloudcontrol).update_resource(TypeName=CLUSTER, Identifier=name, PatchDocument=json.dumps(patch))
    return cloudcontrol.requests.last


def delete(cloudcontrol: CloudControl, name: str = "one") -> ResourceRequest:
    """Ask for a cluster to be deleted, and return the request."""
    client_of(cloudcontrol).delete_resource(TypeName=CLUSTER, Identifier=name)
    return cloudcontrol.requests.last


def put(request: HandlerRequest, **properties: str) -> None:
    """Let a handler's resource be there as it is wanted, with some properties besides."""
    request.identifier = request.resources.put(CLUSTER, {**request.desired_state, **properties})


def events(request: ResourceRequest) -> list[tuple[float, str]]:
    """Return the seconds since the clock's start and the status of each event of a request."""
    return [((event.event_time - START).total_seconds(), event.operation_status.value) for event in request.events]


def statuses(request: ResourceRequest) -> list[str]:
    """Return the status of each event of a request."""
    return [event.operation_status.value for event in request.events]


@contextmanager
def telling() -> Iterator[tuple[CloudControl, list[str]]]:
    """Mock Cloud Control with the type in it, and note what is told of the test's own handlers at the end."""
    told: list[str] = []
    with failing() as (cloudcontrol, errors):
        yield cloudcontrol, told
    first, *lines = str(errors[0]).splitlines()
    assert first == "These handlers of the test's own are wrong:"
    told += [line.strip() for line in takewhile(lambda line: line.startswith("    "), lines)]


@contextmanager
def failing() -> Iterator[tuple[CloudControl, list[BaseException]]]:
    """Mock Cloud Control with the type in it, and note what the mock's end raises."""
    errors: list[BaseException] = []
    with ExitStack() as stack:
        cloudcontrol = cluster_type(stack.enter_context(mock_cloudcontrol(start=START)))
        yield cloudcontrol, errors
        try:
            stack.close()
        except AssertionError as error:
            errors.append(error)
