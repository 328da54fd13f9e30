"""A deployer that leaves something behind, found by exploration; and the same one mended, for which all schedules pass.

The tutorial docs/tutorial.md goes through it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from pytest_cloudcontrol import explore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

    Wanted: TypeAlias = tuple[str, str, dict[str, str]]

APPLICATION: Final[Sequence[Wanted]] = [
    ("AWS::Logs::LogGroup", "shop", {"LogGroupName": "shop"}),
    ("AWS::SSM::Parameter", "/shop/log", {"Name": "/shop/log", "Type": "String", "Value": "shop"}),
]


def deploy(client: CloudControlApiClient, wanted: Sequence[Wanted]) -> None:
    """Create resources, all of them or none: if one can't be made, remove those that were. It has a bug."""
    made = []
    try:
        for type_name, identifier, state in wanted:
            create(client, type_name, state)
            made.append((type_name, identifier))
    except (ClientError, BotoCoreError):
        for type_name, identifier in reversed(made):
            remove(client, type_name, identifier)
        raise


def create(client: CloudControlApiClient, type_name: str, state: dict[str, str]) -> None:
    """Create a resource, and wait for it."""
    answer = client.create_resource(TypeName=type_name, DesiredState=json.dumps(state))
    client.get_waiter("resource_request_success").wait(RequestToken=answer["ProgressEvent"]["RequestToken"])


def remove(client: CloudControlApiClient, type_name: str, identifier: str) -> None:
    """Delete a resource, and wait until it has gone."""
    answer = client.delete_resource(TypeName=type_name, Identifier=identifier)
    client.get_waiter("resource_request_success").wait(RequestToken=answer["ProgressEvent"]["RequestToken"])


def deploy_mended(client: CloudControlApiClient, wanted: Sequence[Wanted]) -> None:
    """Create resources, all of them or none; what was begun is removed too, however far it has come."""
    begun = []
    try:
        for type_name, identifier, state in wanted:
            begun.append((type_name, identifier))
            create(client, type_name, state)
    except (ClientError, BotoCoreError):
        for type_name, identifier in reversed(begun):
            settle(client, type_name)
            if is_there(client, type_name, identifier):
                remove(client, type_name, identifier)
        raise


def settle(client: CloudControlApiClient, type_name: str) -> None:
    """Wait until no request is working on resources of a type: the answer to one may have been lost."""
    running = True
    while running:
        found = client.list_resource_requests(
            ResourceRequestStatusFilter={"OperationStatuses": ["PENDING", "IN_PROGRESS"]}
        )
        running = any(request["TypeName"] == type_name for request in found["ResourceRequestStatusSummaries"])


def is_there(client: CloudControlApiClient, type_name: str, identifier: str) -> bool:
    """Tell whether a resource is there."""
    try:
        client.get_resource(TypeName=type_name, Identifier=identifier)
    except client.exceptions.ResourceNotFoundException:
        return False
    return True


def all_or_nothing(
    deployer: Callable[[CloudControlApiClient, Sequence[Wanted]], None],
) -> Callable[[CloudControl], None]:
    """Return the scenario: either the deployer has raised and nothing is left, or all is there."""

    def scenario(cloudcontrol: CloudControl) -> None:
        try:
            deployer(boto3.client("cloudcontrol"), APPLICATION)
        except (ClientError, BotoCoreError):
            assert [resource.identifier for resource in cloudcontrol.resources] == []
        else:
            assert {resource.identifier for resource in cloudcontrol.resources} == {"shop", "/shop/log"}

    return scenario


def test_the_bug_is_found() -> None:
    """One surprise is enough: the first create is carried out, but its answer is lost, and the log group stays."""
    with pytest.raises(AssertionError) as raised:
        explore(all_or_nothing(deploy))

    (note,) = raised.value.__notes__
    assert 'replay="call 1 CreateResource: lost answer"' in note


def test_it_is_seen_again() -> None:
    """The line in the note replays just that schedule."""
    with pytest.raises(AssertionError, match="shop"):
        explore(all_or_nothing(deploy), replay="call 1 CreateResource: lost answer")


def test_another_one() -> None:
    """A create that is cancelled half done leaves its half behind."""
    with pytest.raises(AssertionError) as raised:
        explore(all_or_nothing(deploy), errors=())

    (note,) = raised.value.__notes__
    assert 'replay="request 1 step 2: CANCELLED"' in note


def test_mended() -> None:
    """Whatever single surprise there is, all is there or nothing."""
    covered = explore(all_or_nothing(deploy_mended))

    assert covered.runs == 27
    assert covered.surprises["cancelled"] == covered.surprises["failed"] > 0
