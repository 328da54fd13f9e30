"""Bugs of programs that drive Cloud Control, planted: in how they take a request's end. Each has a mended twin.

All are in code that passes a plain run. What a scenario asserts is most often this: either the program has said that it
failed, and nothing is left; or it has said nothing, and all is there.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError, WaiterError
from planting import (
    NO_ERRORS,
    DeploymentFailed,
    Planted,
    all_or_nothing,
    asked,
    ended,
    removed,
    waited,
)
from resource_types import QUEUE
from retrying import standard

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient
    from types_boto3_cloudcontrol.type_defs import ProgressEventTypeDef

    from pytest_cloudcontrol import CloudControl

# Whatever isn't FAILED is taken for success.


def _deployed(cloudcontrol: CloudControl, is_failure: Callable[[str], bool]) -> None:
    client = standard(cloudcontrol)
    status = ended(client, asked(client, "orders"))["OperationStatus"]
    if not is_failure(status):
        assert cloudcontrol.requests.last.status == "SUCCESS", "it says that it has deployed, and it hasn't"


def takes_cancelled_for_success(cloudcontrol: CloudControl) -> None:
    """Know one way to fail only."""
    _deployed(cloudcontrol, lambda status: status == "FAILED")


def knows_one_success(cloudcontrol: CloudControl) -> None:
    """Take nothing but SUCCESS for success."""
    _deployed(cloudcontrol, lambda status: status != "SUCCESS")


# What a failed create has left half made stays.


def leaves_half_made(cloudcontrol: CloudControl) -> None:
    """Say that it failed, and leave it at that."""

    def deploy(client: CloudControlApiClient) -> None:
        if ended(client, asked(client, "orders"))["OperationStatus"] != "SUCCESS":
            raise DeploymentFailed

    all_or_nothing(cloudcontrol, deploy)


def removes_half_made(cloudcontrol: CloudControl) -> None:
    """Remove what is left before saying so."""

    def deploy(client: CloudControlApiClient) -> None:
        if ended(client, asked(client, "orders"))["OperationStatus"] != "SUCCESS":
            removed(client, "orders")
            raise DeploymentFailed

    all_or_nothing(cloudcontrol, deploy)


# The identifier is read from an event of a request that has failed before it had any.


def _queue_or_nothing(cloudcontrol: CloudControl, identifier: Callable[[ProgressEventTypeDef], str | None]) -> None:
    client = standard(cloudcontrol)
    answer = client.create_resource(TypeName=QUEUE, DesiredState="{}")
    event = ended(client, answer["ProgressEvent"]["RequestToken"])
    if event["OperationStatus"] != "SUCCESS":
        made = identifier(event)
        if made is not None:
            answered = client.delete_resource(TypeName=QUEUE, Identifier=made)
            ended(client, answered["ProgressEvent"]["RequestToken"])
        assert len(cloudcontrol.resources) == 0


def reads_an_identifier_too_early(cloudcontrol: CloudControl) -> None:
    """Expect an identifier in every event."""
    _queue_or_nothing(cloudcontrol, lambda event: event["Identifier"])


def reads_an_identifier_if_there_is_one(cloudcontrol: CloudControl) -> None:
    """Know that an event may have none."""
    _queue_or_nothing(cloudcontrol, lambda event: event.get("Identifier"))


# The loop knows one end only.


def polls_for_success(cloudcontrol: CloudControl) -> None:
    """Poll until it is SUCCESS."""
    client = standard(cloudcontrol)
    token = asked(client, "orders")
    while client.get_resource_request_status(RequestToken=token)["ProgressEvent"]["OperationStatus"] != "SUCCESS":
        pass


def polls_until_it_ends(cloudcontrol: CloudControl) -> None:
    """Poll until it has ended, however."""
    client = standard(cloudcontrol)
    ended(client, asked(client, "orders"))


# A poll is refused, and the request that goes on isn't cancelled before its resource is removed.


def leaves_it_running(cloudcontrol: CloudControl) -> None:
    """Remove the resource at once when waiting has failed."""

    def deploy(client: CloudControlApiClient) -> None:
        token = asked(client, "orders")
        try:
            waited(client, token)
        except (ClientError, WaiterError):
            with suppress(ClientError):
                removed(client, "orders")
            cloudcontrol.run_until_idle()
            raise DeploymentFailed from None

    with suppress(ClientError):
        all_or_nothing(cloudcontrol, deploy)


def cancels_it_first(cloudcontrol: CloudControl) -> None:
    """Cancel the request, and see it end, before removing what it has made."""

    def deploy(client: CloudControlApiClient) -> None:
        token = asked(client, "orders")
        try:
            waited(client, token)
        except (ClientError, WaiterError):
            with suppress(ClientError):  # it may have ended
                client.cancel_resource_request(RequestToken=token)
            ended(client, token)
            removed(client, "orders")
            cloudcontrol.run_until_idle()
            raise DeploymentFailed from None

    with suppress(ClientError):
        all_or_nothing(cloudcontrol, deploy)


# Of two resources the second fails, and the first stays.


def _two(client: CloudControlApiClient, *, made: list[str]) -> None:
    for name in ("orders", "invoices"):
        made.append(name)
        if ended(client, asked(client, name))["OperationStatus"] != "SUCCESS":
            raise DeploymentFailed


def removes_the_second(cloudcontrol: CloudControl) -> None:
    """Remove what has failed."""

    def deploy(client: CloudControlApiClient) -> None:
        made: list[str] = []
        try:
            _two(client, made=made)
        except DeploymentFailed:
            removed(client, made[-1])
            raise

    all_or_nothing(cloudcontrol, deploy)


def removes_both(cloudcontrol: CloudControl) -> None:
    """Remove all that was made, the latest first."""

    def deploy(client: CloudControlApiClient) -> None:
        made: list[str] = []
        try:
            _two(client, made=made)
        except DeploymentFailed:
            for name in reversed(made):
                removed(client, name)
            raise

    all_or_nothing(cloudcontrol, deploy)


PLANTED: Final = [
    Planted(
        takes_cancelled_for_success,
        knows_one_success,
        "request 1 step 1: CANCELLED",
        "instead of request 1 step 1 the request was cancelled",
        NO_ERRORS,
    ),
    Planted(
        leaves_half_made,
        removes_half_made,
        "request 1 step 2: CANCELLED",
        "instead of request 1 step 2 the request was cancelled",
        NO_ERRORS,
    ),
    Planted(
        reads_an_identifier_too_early,
        reads_an_identifier_if_there_is_one,
        "request 1 step 1: CANCELLED",
        "instead of request 1 step 1 the request was cancelled",
        NO_ERRORS,
    ),
    Planted(
        polls_for_success,
        polls_until_it_ends,
        "request 1 step 1: CANCELLED",
        "instead of request 1 step 1 the request was cancelled",
        NO_ERRORS,
    ),
    Planted(
        leaves_it_running,
        cancels_it_first,
        "call 2 GetResourceRequestStatus: ThrottlingException",
        "call 2 GetResourceRequestStatus was refused with ThrottlingException, however often it was tried",
        {"errors": ("ThrottlingException",)},
    ),
    Planted(
        removes_the_second,
        removes_both,
        "request 2 step 1: CANCELLED",
        "instead of request 2 step 1 the request was cancelled",
        NO_ERRORS,
    ),
]
