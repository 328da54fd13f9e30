"""What the planted bugs share: how programs ask and poll, and how a bug is said to be found."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from programs import groups
from resource_types import LOG_GROUP
from retrying import standard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient
    from types_boto3_cloudcontrol.type_defs import ProgressEventTypeDef

    from pytest_cloudcontrol import CloudControl

RUNNING: Final = frozenset({"PENDING", "IN_PROGRESS", "CANCEL_IN_PROGRESS"})


class DeploymentFailed(Exception):
    """The program says that it has failed."""


@dataclass(frozen=True)
class Planted:
    """A bug.

    Attributes:
        bug: a scenario around the program that has it.
        mended: the same around its twin.
        line: the first schedule that shows it.
        words: what the note says of it.
        arguments: how both are explored.
    """

    bug: Callable[[CloudControl], None]
    mended: Callable[[CloudControl], None]
    line: str
    words: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


def ended(client: CloudControlApiClient, token: str) -> ProgressEventTypeDef:
    """Poll a request until it has ended, and return its last event."""
    while True:
        event = client.get_resource_request_status(RequestToken=token)["ProgressEvent"]
        if event["OperationStatus"] not in RUNNING:
            return event


def asked(client: CloudControlApiClient, name: str, **arguments: str) -> str:
    """Ask for a log group, and return the request token."""
    state = json.dumps({"LogGroupName": name})
    answer = client.create_resource(TypeName=LOG_GROUP, DesiredState=state, **arguments)
    return answer["ProgressEvent"]["RequestToken"]


def removed(client: CloudControlApiClient, name: str) -> None:
    """Delete a log group that may be there, and wait until it is gone."""
    answer = client.delete_resource(TypeName=LOG_GROUP, Identifier=name)
    ended(client, answer["ProgressEvent"]["RequestToken"])


def waited(client: CloudControlApiClient, token: str) -> None:
    """Wait for a request as botocore does."""
    client.get_waiter("resource_request_success").wait(RequestToken=token)


def all_or_nothing(cloudcontrol: CloudControl, deploy: Callable[[CloudControlApiClient], None]) -> None:
    """Deploy; where the program says that it has failed, nothing may be left."""
    try:
        deploy(standard(cloudcontrol))
    except DeploymentFailed:
        assert groups(cloudcontrol) == {}, "it says that it failed, and something is left"


NO_ERRORS: Final = {"errors": ()}
NO_ENDINGS: Final = NO_ERRORS | {"cancels": False, "failures": ()}
