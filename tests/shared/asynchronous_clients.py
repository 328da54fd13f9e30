"""Calls of an asynchronous client, which has no types."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from aiobotocore.session import get_session
from resource_types import QUEUE

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

Client: TypeAlias = Any


def client(service: str = "cloudcontrol", **named: object) -> AbstractAsyncContextManager[Client]:
    """Return a client of a session of its own, to be entered."""
    made: AbstractAsyncContextManager[Client] = get_session().create_client(service, **named)
    return made


async def create(cloudcontrol_client: Client, name: str = "orders") -> str:
    """Ask for a queue, and return the request token."""
    state = json.dumps({"QueueName": name})
    answer = await cloudcontrol_client.create_resource(TypeName=QUEUE, DesiredState=state)
    token: str = answer["ProgressEvent"]["RequestToken"]
    return token


async def status(cloudcontrol_client: Client, token: str) -> str:
    """Return a request's status."""
    answer = await cloudcontrol_client.get_resource_request_status(RequestToken=token)
    shown: str = answer["ProgressEvent"]["OperationStatus"]
    return shown


async def wait(cloudcontrol_client: Client, token: str, **config: int) -> None:
    """Wait for a request's success with the waiter."""
    waiter = cloudcontrol_client.get_waiter("resource_request_success")
    await waiter.wait(RequestToken=token, WaiterConfig=config)
