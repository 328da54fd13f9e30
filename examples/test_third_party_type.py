"""A third-party resource type with its own handler, and code that deploys it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from botocore.exceptions import WaiterError

from pytest_cloudcontrol import HandlerError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_cloudcontrol import CloudControl, HandlerRequest

MONITOR: Final = "Acme::Watch::Monitor"

SCHEMA: Final[dict[str, Any]] = {
    "typeName": MONITOR,
    "description": "Watches a URL.",
    "properties": {
        "MonitorId": {"type": "string"},
        "Url": {"type": "string", "pattern": "^https://"},
        "Status": {"type": "string"},
    },
    "additionalProperties": False,
    "required": ["Url"],
    "primaryIdentifier": ["/properties/MonitorId"],
    "readOnlyProperties": ["/properties/MonitorId", "/properties/Status"],
    "createOnlyProperties": ["/properties/Url"],
    "handlers": {"create": {}, "read": {}, "delete": {}, "list": {}},
}


class Monitors:
    """The handler of the type: a monitor is WARMING_UP until its first check, and can't be deleted before.

    Args:
        most: how many monitors the account may have.
    """

    def __init__(self, most: int = 2) -> None:
        self._most = most

    def create(self, request: HandlerRequest) -> Iterator[int]:
        """Make a monitor, and wait for its first check."""
        if len(request.resources) >= self._most:
            raise HandlerError("ServiceLimitExceeded", f"At most {self._most} monitors.")
        request.identifier = f"mon-{request.random.getrandbits(32):08x}"
        model = {**request.desired_state, "MonitorId": request.identifier}
        request.resources.put(MONITOR, {**model, "Status": "WARMING_UP"})
        yield 60
        if "unreachable" in str(request.desired_state["Url"]):
            raise HandlerError("NotStabilized", "The first check has failed.")
        request.resources.put(MONITOR, {**model, "Status": "UP"})

    def read(self, request: HandlerRequest) -> Mapping[str, object]:
        """Show a monitor."""
        monitor = request.resources.get(MONITOR, request.identifier or "")
        if monitor is None:
            raise HandlerError("NotFound")
        return monitor

    def delete(self, request: HandlerRequest) -> None:
        """Remove a monitor."""
        if self.read(request)["Status"] == "WARMING_UP":
            raise HandlerError("ResourceConflict", "The monitor is warming up.")
        request.resources.delete(MONITOR, request.identifier or "")


@pytest.fixture
def monitors(cloudcontrol: CloudControl) -> CloudControl:
    """Have the type, with its handler."""
    cloudcontrol.add_type(SCHEMA)
    cloudcontrol.add_handler(MONITOR, Monitors())
    return cloudcontrol


def watch(url: str) -> str:
    """Create a monitor for a URL, and return its identifier. This is the code under test."""
    client = boto3.client("cloudcontrol")
    answer = client.create_resource(TypeName=MONITOR, DesiredState=json.dumps({"Url": url}))
    token = answer["ProgressEvent"]["RequestToken"]
    try:
        client.get_waiter("resource_request_success").wait(RequestToken=token)
    except WaiterError as error:
        event = client.get_resource_request_status(RequestToken=token)["ProgressEvent"]
        raise RuntimeError(f"{event['ErrorCode']}: {event.get('StatusMessage')}") from error
    return client.get_resource_request_status(RequestToken=token)["ProgressEvent"]["Identifier"]


@pytest.mark.usefixtures("monitors")
def test_a_monitor_is_up() -> None:
    """The code returns when the monitor has had its first check."""
    identifier = watch("https://example.com")

    shown = boto3.client("cloudcontrol").get_resource(TypeName=MONITOR, Identifier=identifier)
    assert json.loads(shown["ResourceDescription"]["Properties"]) == {
        "MonitorId": identifier,
        "Url": "https://example.com",
        "Status": "UP",
    }


def test_a_monitor_that_never_comes_up(monitors: CloudControl) -> None:
    """A monitor whose first check fails is an error, and stays as it is."""
    with pytest.raises(RuntimeError, match="NotStabilized: The first check has failed"):
        watch("https://unreachable.example.com")

    (monitor,) = monitors.resources
    assert monitor.properties["Status"] == "WARMING_UP"


@pytest.mark.usefixtures("monitors")
def test_too_many_monitors() -> None:
    """A third monitor is refused by the service."""
    for name in ("one", "two"):
        watch(f"https://{name}.example.com")

    with pytest.raises(RuntimeError, match=r"ServiceLimitExceeded: At most 2 monitors\."):
        watch("https://three.example.com")


def test_a_delete_that_comes_too_early(monitors: CloudControl) -> None:
    """A monitor that was cancelled while warming up can't be deleted."""
    client = boto3.client("cloudcontrol")
    client.create_resource(TypeName=MONITOR, DesiredState='{"Url": "https://example.com"}')
    identifier = monitors.requests.last.step().cancel().identifier or ""

    client.delete_resource(TypeName=MONITOR, Identifier=identifier)

    assert monitors.requests.last.run().error_code == "ResourceConflict"
