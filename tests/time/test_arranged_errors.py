"""Arranged errors and code that waits: each is answered once, none is swallowed, and no call uses up two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from botocore.exceptions import ClientError
from calls import create, status
from loops import OFF, ON, loop, rounds
from resource_types import LOG_GROUP
from threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

    Poll: TypeAlias = Callable[[CloudControlApiClient, str], bool]
    """A call, and whether it has shown what the loop around it waits for."""

CODE: Final = "AccessDeniedException"
"""An error that no SDK tries again."""


def is_there(client: CloudControlApiClient, _: str) -> bool:
    """Read the log group, which is an error of its own as long as it isn't there."""
    try:
        client.get_resource(TypeName=LOG_GROUP, Identifier="orders")
    except client.exceptions.ResourceNotFoundException:
        return False
    return True


POLLS: Final[Mapping[str, Poll]] = {
    "GetResourceRequestStatus": lambda client, token: status(client, token) == "SUCCESS",
    "GetResource": is_there,
    "ListResources": lambda client, _: bool(client.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"]),
    "ListResourceRequests": lambda client, _: (
        client.list_resource_requests()["ResourceRequestStatusSummaries"][0]["OperationStatus"] == "SUCCESS"
    ),
}
EVERY_POLL: Final = pytest.mark.parametrize("api", POLLS)


def errors_met(client: CloudControlApiClient, token: str, poll: Poll) -> int:
    """Poll until it has come, going on after every error, and return how many of the arranged ones were met."""
    met = 0
    for _ in rounds():
        try:
            if poll(client, token):
                break
        except ClientError:
            met += 1
    return met


@ON
@EVERY_POLL
@pytest.mark.parametrize("times", [1, 2, 3, 9, 10, 11])
@pytest.mark.parametrize("named", [True, False])
def test_every_error_is_met(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str, times: int, named: bool
) -> None:
    """A loop that goes on after errors meets each of those arranged, in a row, and then what it waits for."""
    cloudcontrol.plan(steps=20)
    token = create(cloudcontrol_client)
    cloudcontrol.add_error(CODE, api=api if named else None, times=times)
    assert errors_met(cloudcontrol_client, token, POLLS[api]) == times
    codes = [call.error_code for call in cloudcontrol.calls[1:]]
    assert codes[: times + 1] == [*[CODE] * times, codes[times]]
    assert CODE not in codes[times:]


@ON
@EVERY_POLL
def test_errors_after_a_wait(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str) -> None:
    """An error arranged while a poll waits isn't that poll's, which is under way, but the next one's."""
    cloudcontrol.plan(steps=4)
    token = create(cloudcontrol_client)
    cloudcontrol.before(lambda: cloudcontrol.add_error(CODE, api=api), at_step=1)
    for _ in rounds():
        POLLS[api](cloudcontrol_client, token)
        if cloudcontrol.requests.last.steps:
            break
    with pytest.raises(ClientError, match=CODE):
        POLLS[api](cloudcontrol_client, token)
    POLLS[api](cloudcontrol_client, token)


@OFF
@EVERY_POLL
@pytest.mark.parametrize("times", [1, 2, 9])
def test_every_error_is_met_without_auto_advance(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str, times: int
) -> None:
    """With auto_advance off too, each of the errors is answered, and the call after them has its own answer."""
    token = create(cloudcontrol_client)
    cloudcontrol.add_error(CODE, api=api, times=times)
    for _ in range(times):
        with pytest.raises(ClientError, match=CODE):
            POLLS[api](cloudcontrol_client, token)
    assert not POLLS[api](cloudcontrol_client, token)
    cloudcontrol.run_until_idle()
    assert POLLS[api](cloudcontrol_client, token)


@ON
@EVERY_POLL
def test_calls_of_others_use_up_no_error(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str
) -> None:
    """While other operations are called, and wait, an error for one operation stays for that."""
    cloudcontrol.add_error(CODE, api=api, times=2)
    token = create(cloudcontrol_client)
    for other in POLLS:
        if other != api:
            assert errors_met(cloudcontrol_client, token, POLLS[other]) == 0
    assert errors_met(cloudcontrol_client, token, POLLS[api]) == 2


@ON
def test_errors_of_several_rules(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Errors of two rules come one rule after the other, each as often as it is to, and a poll meets one at a time."""
    cloudcontrol.add_error(CODE, times=2)
    cloudcontrol.add_error("InvalidRequestException", api="GetResourceRequestStatus")
    cloudcontrol.add_error(CODE, api="GetResourceRequestStatus", message="Again.")
    with pytest.raises(ClientError):
        create(cloudcontrol_client)
    with pytest.raises(ClientError):
        create(cloudcontrol_client)
    token = create(cloudcontrol_client)
    with pytest.raises(cloudcontrol_client.exceptions.InvalidRequestException):
        status(cloudcontrol_client, token)
    with pytest.raises(ClientError, match=r": Again\.$"):
        status(cloudcontrol_client, token)
    loop(cloudcontrol_client, token)


@ON
def test_errors_shared_by_threads(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Threads that poll at once meet just as many errors together as were arranged."""
    cloudcontrol.plan(steps=10)
    token = create(cloudcontrol_client)
    cloudcontrol.add_error(CODE, api="GetResourceRequestStatus", times=7)
    met = in_threads(
        *[lambda: errors_met(cloudcontrol_client, token, POLLS["GetResourceRequestStatus"]) for _ in range(4)]
    )
    assert sum(met) == 7


@ON
@pytest.mark.parametrize(("times", "tries"), [(1, 2), (2, 3)])
def test_sdk_meets_every_error(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, times: int, tries: int
) -> None:
    """What an SDK tries again meets each error with one try, and the caller none."""
    token = create(cloudcontrol_client)
    cloudcontrol.add_error("ThrottlingException", api="GetResourceRequestStatus", times=times)
    assert status(cloudcontrol_client, token) == "IN_PROGRESS"
    codes = [call.error_code for call in cloudcontrol.calls[1:]]
    assert codes == [*["ThrottlingException"] * times, None]
    assert len(codes) == tries
