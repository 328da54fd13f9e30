"""A request is found by what it is now: in lists by its status, and by its client token as long as that counts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from fidelity_support import INSTANT, create, delete, update
from resource_types import LOG_GROUP

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient
    from types_boto3_cloudcontrol.literals import OperationStatusType, OperationType

    from pytest_cloudcontrol import CloudControl, ResourceRequest

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)

STATUSES: Final[list[OperationStatusType]] = [
    "PENDING",
    "IN_PROGRESS",
    "SUCCESS",
    "FAILED",
    "CANCEL_IN_PROGRESS",
    "CANCEL_COMPLETE",
]
OPERATIONS: Final[list[OperationType]] = ["CREATE", "UPDATE", "DELETE"]
WEEK: Final = timedelta(days=7)

ASK: Final[Mapping[str, Callable[[CloudControlApiClient], object]]] = {
    "CREATE": lambda client: create(client, "new"),
    "UPDATE": update,
    "DELETE": delete,
}


def found_under(client: CloudControlApiClient, token: str) -> list[tuple[OperationType, OperationStatusType]]:
    """Return each operation and status under which a request is listed."""
    return [
        (operation, status)
        for operation in OPERATIONS
        for status in STATUSES
        for summary in client.list_resource_requests(
            ResourceRequestStatusFilter={"Operations": [operation], "OperationStatuses": [status]}
        )["ResourceRequestStatusSummaries"]
        if summary["RequestToken"] == token
    ]


ROADS: Final[Mapping[str, tuple[float | bool, list[tuple[str, Callable[[CloudControl, ResourceRequest], object]]]]]] = {
    "to its end": (
        False,
        [
            ("IN_PROGRESS", lambda _, __: None),
            ("IN_PROGRESS", lambda _, request: request.step()),
            ("SUCCESS", lambda _, request: request.step()),
            ("", lambda mock, request: mock.clock.move_to(request.accepted_at + WEEK)),
        ],
    ),
    "taken up": (
        5,
        [
            ("PENDING", lambda _, __: None),
            ("PENDING", lambda mock, _: mock.clock.advance(5 - 0.001)),
            ("IN_PROGRESS", lambda mock, _: mock.clock.advance(0.001)),
            ("SUCCESS", lambda mock, _: mock.clock.advance(10)),
            ("", lambda _, request: request.expire()),
        ],
    ),
    "pending until its first call": (
        True,
        [
            ("PENDING", lambda _, __: None),
            ("IN_PROGRESS", lambda _, request: request.step()),
            ("FAILED", lambda _, request: request.fail("Throttling")),
            ("", lambda _, request: request.expire()),
        ],
    ),
    "cancelled while pending": (
        True,
        [
            ("PENDING", lambda _, __: None),
            ("CANCEL_COMPLETE", lambda _, request: request.cancel()),
            ("CANCEL_COMPLETE", lambda _, request: request.cancel()),
            ("", lambda _, request: request.expire()),
        ],
    ),
    "failed while pending": (
        5,
        [("FAILED", lambda _, request: request.fail("Throttling")), ("", lambda _, request: request.expire())],
    ),
    "expired while pending": (5, [("", lambda _, request: request.expire())]),
    "expired while in progress": (False, [("", lambda _, request: request.step().expire())]),
    "cancelled later": (
        False,
        [
            ("IN_PROGRESS", lambda _, request: request.cancel(at_step=2).step()),
            ("CANCEL_COMPLETE", lambda _, request: request.step()),
            ("", lambda mock, _: mock.clock.advance(WEEK)),
        ],
    ),
}


@pytest.mark.fidelity("O-31")
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(("pending", "road"), ROADS.values(), ids=ROADS)
def test_a_request_is_listed_under_its_present_status_alone(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    operation: OperationType,
    pending: float | bool,
    road: list[tuple[OperationStatusType, Callable[[CloudControl, ResourceRequest], object]]],
) -> None:
    """After every transition the filters find a request under its operation and status, and nowhere once it expires."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    cloudcontrol.plan(steps=2, pending=pending)
    ASK[operation](cloudcontrol_client)
    request = cloudcontrol.requests.last
    for status, move in road:
        move(cloudcontrol, request)
        found = found_under(cloudcontrol_client, request.request_token)
        assert found == ([(operation, status)] if status else [])


@pytest.mark.fidelity("O-31")
def test_requests_of_one_status_come_and_go_by_themselves(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """What one request comes to takes no other with it, out of a status or into one."""
    tokens = [create(cloudcontrol_client, f"app-{number}")["RequestToken"] for number in range(5)]
    first, second, third, fourth, fifth = cloudcontrol.requests
    first.run()
    second.cancel()
    third.fail("Throttling")
    fourth.expire()
    fifth.step()
    states: list[OperationStatusType | None] = ["SUCCESS", "CANCEL_COMPLETE", "FAILED", None, "IN_PROGRESS"]
    for token, status in zip(tokens, states, strict=True):
        assert found_under(cloudcontrol_client, token) == ([("CREATE", status)] if status else [])


# Client tokens


def ask(client: CloudControlApiClient, name: str) -> str:
    """Create with a client token, and return the request token."""
    answer = client.create_resource(
        TypeName=LOG_GROUP, DesiredState=f'{{"LogGroupName": "{name}"}}', ClientToken="once"
    )
    return answer["ProgressEvent"]["RequestToken"]


def expire_by_rule(cloudcontrol: CloudControl, request: ResourceRequest) -> None:
    """Let a request expire instead of its second call."""
    cloudcontrol.add_expiry(at_step=2)
    request.run()


EXPIRES: Final[Mapping[str, Callable[[CloudControl, ResourceRequest], object]]] = {
    "by the test": lambda _, request: request.expire(),
    "by a rule": expire_by_rule,
    "after seven days": lambda mock, request: mock.clock.move_to(request.accepted_at + WEEK),
}


@pytest.mark.fidelity("L-26")
@pytest.mark.parametrize("expire", EXPIRES.values(), ids=EXPIRES)
@pytest.mark.parametrize("name", ["same", "other"])
def test_a_client_token_is_free_however_its_request_has_expired(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    expire: Callable[[CloudControl, ResourceRequest], object],
    name: str,
) -> None:
    """Once its request has expired a client token stands for the next request, which is replayed then."""
    first = ask(cloudcontrol_client, "same")
    expire(cloudcontrol, cloudcontrol.requests.last)
    second = ask(cloudcontrol_client, name)
    assert second != first
    assert ask(cloudcontrol_client, name) == second


@pytest.mark.fidelity("I-3")
@pytest.mark.parametrize("expire", ["by the test", "after seven days"])
def test_an_old_request_does_not_take_a_newer_ones_client_token_with_it(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, expire: str
) -> None:
    """Where a client token stands for a newer request, the expiry of the older one doesn't free it."""
    ask(cloudcontrol_client, "first")
    old = cloudcontrol.requests.last
    cloudcontrol.clock.advance(WEEK - timedelta(hours=1))
    newer = ask(cloudcontrol_client, "second")
    EXPIRES[expire](cloudcontrol, old)
    assert old.expired
    assert ask(cloudcontrol_client, "second") == newer


@pytest.mark.fidelity("I-3")
@pytest.mark.parametrize("age", [INSTANT, timedelta(hours=36) - INSTANT])
def test_a_second_expiry_leaves_the_client_token(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, age: timedelta
) -> None:
    """A request that the test let expire is not expired anew by its seven days: the token's newer request stays."""
    ask(cloudcontrol_client, "first")
    old = cloudcontrol.requests.last.expire()
    cloudcontrol.clock.move_to(old.accepted_at + WEEK - age)
    newer = ask(cloudcontrol_client, "second")
    cloudcontrol.clock.move_to(old.accepted_at + WEEK)
    assert ask(cloudcontrol_client, "second") == newer
    assert [request.expired for request in cloudcontrol.requests] == [True, False]
