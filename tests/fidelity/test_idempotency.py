"""Client tokens: what makes a call a replay, a conflict, or a new request."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from fidelity_support import INSTANT, ROLE
from refusals import Refusal, refusal
from resource_types import LOG_GROUP, LOG_STREAM, QUEUE

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient
    from types_boto3_cloudcontrol.type_defs import ProgressEventTypeDef

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)

LIFETIME: Final = timedelta(hours=36)

ASKED: Final[dict[str, dict[str, str]]] = {
    "create_resource": {"TypeName": LOG_GROUP, "DesiredState": '{"LogGroupName": "new"}'},
    "update_resource": {
        "TypeName": LOG_GROUP,
        "Identifier": "app",
        "PatchDocument": '[{"op": "add", "path": "/RetentionInDays", "value": 7}]',
    },
    "delete_resource": {"TypeName": LOG_GROUP, "Identifier": "app"},
}
"""One call of each operation that makes a request."""


def ask(client: CloudControlApiClient, api: str, client_token: str = "once", /, **other: str) -> ProgressEventTypeDef:
    """Make the call of an operation, with some members different, and return its event."""
    answer: Any = getattr(client, api)(**{**ASKED[api], **other}, ClientToken=client_token)
    event: ProgressEventTypeDef = answer["ProgressEvent"]
    return event


def conflict(client_token: str, first: ProgressEventTypeDef) -> Refusal:
    """Return what the use of another call's client token is told."""
    return Refusal(
        "ClientTokenConflictException",
        f"ClientToken {client_token} is already associated with an existing operation "
        f"with RequestToken {first['RequestToken']}",
        400,
    )


@pytest.fixture(autouse=True)
def _existing(cloudcontrol: CloudControl) -> None:
    """Have a resource to update and delete."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})


@pytest.mark.fidelity("I-1")
@pytest.mark.parametrize("api", ASKED)
def test_the_same_call_again_is_the_same_request(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str
) -> None:
    """The same token with the same input is answered 200 with the first call's event, and makes no request."""
    first = ask(cloudcontrol_client, api)
    assert ask(cloudcontrol_client, api) == first
    assert len(cloudcontrol.requests) == 1


@pytest.mark.fidelity("I-2")
@pytest.mark.parametrize("api", ASKED)
def test_a_replay_shows_the_current_event(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str
) -> None:
    """A replay is answered with where the request stands now: while it is worked off, and after its end."""
    cloudcontrol.plan(steps=2)
    first = ask(cloudcontrol_client, api)
    cloudcontrol.step()
    running = ask(cloudcontrol_client, api)
    assert running["RequestToken"] == first["RequestToken"]
    assert running["RetryAfter"] - first["EventTime"] == timedelta(seconds=1.2)
    cloudcontrol.step()
    cloudcontrol.clock.advance(timedelta(hours=1))
    done = ask(cloudcontrol_client, api)
    assert (done["RequestToken"], done["OperationStatus"]) == (first["RequestToken"], "SUCCESS")
    assert done["EventTime"] - first["EventTime"] == timedelta(seconds=1.2)
    assert len(cloudcontrol.requests) == 1


@pytest.mark.fidelity("I-2")
@pytest.mark.parametrize("end", ["FAILED", "CANCEL_COMPLETE"])
def test_a_replay_of_a_request_that_came_to_nothing_shows_so(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, end: str
) -> None:
    """A failed or cancelled request is replayed like any other: the token doesn't try again."""
    first = ask(cloudcontrol_client, "create_resource")
    request = cloudcontrol.request(first["RequestToken"])
    if end == "FAILED":
        request.fail("Throttling", "Rate exceeded")
    else:
        request.cancel()
    again = ask(cloudcontrol_client, "create_resource")
    assert (again["RequestToken"], again["OperationStatus"]) == (first["RequestToken"], end)


@pytest.mark.fidelity("I-3")
@pytest.mark.parametrize("api", ASKED)
def test_a_client_token_is_good_for_less_than_36_hours(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str
) -> None:
    """A millisecond before 36 hours are over the call is a replay; at 36 hours it is a new request."""
    first = ask(cloudcontrol_client, api)
    if api == "delete_resource":
        cloudcontrol.run_until_idle()
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    cloudcontrol.clock.move_to(first["EventTime"] + LIFETIME - INSTANT)
    assert ask(cloudcontrol_client, api)["RequestToken"] == first["RequestToken"]
    cloudcontrol.clock.advance(INSTANT)
    assert ask(cloudcontrol_client, api)["RequestToken"] != first["RequestToken"]
    assert len(cloudcontrol.requests) == 2


@pytest.mark.fidelity("I-3")
def test_other_input_conflicts_for_less_than_36_hours(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The conflict ends at 36 hours as well; the new request then has the token for itself."""
    other = {"DesiredState": '{"LogGroupName": "other"}'}
    first = ask(cloudcontrol_client, "create_resource")
    cloudcontrol.clock.advance(LIFETIME - INSTANT)
    assert refusal(lambda: ask(cloudcontrol_client, "create_resource", **other)) == conflict("once", first)
    cloudcontrol.clock.advance(INSTANT)
    second = ask(cloudcontrol_client, "create_resource", **other)
    assert second["RequestToken"] != first["RequestToken"]
    assert refusal(lambda: ask(cloudcontrol_client, "create_resource")) == conflict("once", second)


@pytest.mark.fidelity("C-2")
def test_a_replay_does_not_prolong_the_36_hours(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The 36 hours count from the first use of the token, however often it is used again."""
    first = ask(cloudcontrol_client, "create_resource")
    cloudcontrol.clock.advance(timedelta(hours=35))
    assert ask(cloudcontrol_client, "create_resource")["RequestToken"] == first["RequestToken"]
    cloudcontrol.clock.advance(timedelta(hours=1))
    assert ask(cloudcontrol_client, "create_resource")["RequestToken"] != first["RequestToken"]


@pytest.mark.fidelity("I-4")
@pytest.mark.parametrize(
    ("api", "other"),
    [
        ("create_resource", {"TypeName": QUEUE}),
        ("create_resource", {"DesiredState": '{"LogGroupName": "other"}'}),
        ("create_resource", {"RoleArn": ROLE}),
        ("create_resource", {"TypeVersionId": "00000001"}),
        ("update_resource", {"TypeName": LOG_STREAM}),
        ("update_resource", {"Identifier": "other"}),
        ("update_resource", {"PatchDocument": "[]"}),
        ("update_resource", {"RoleArn": ROLE}),
        ("update_resource", {"TypeVersionId": "00000001"}),
        ("delete_resource", {"TypeName": QUEUE}),
        ("delete_resource", {"Identifier": "other"}),
        ("delete_resource", {"RoleArn": ROLE}),
        ("delete_resource", {"TypeVersionId": "00000001"}),
    ],
)
def test_the_same_token_with_other_input_is_a_conflict(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str, other: dict[str, str]
) -> None:
    """Whichever member differs, the call is refused with the token of the request that has the client token."""
    first = ask(cloudcontrol_client, api)
    assert refusal(lambda: ask(cloudcontrol_client, api, **other)) == conflict("once", first)
    assert len(cloudcontrol.requests) == 1


@pytest.mark.fidelity("I-4")
@pytest.mark.parametrize(
    ("first_api", "second_api"),
    [
        ("create_resource", "delete_resource"),
        ("delete_resource", "update_resource"),
        ("update_resource", "delete_resource"),
    ],
)
def test_operations_share_their_client_tokens(
    cloudcontrol_client: CloudControlApiClient, first_api: str, second_api: str
) -> None:
    """A token that one operation has used conflicts in another one."""
    first = ask(cloudcontrol_client, first_api)
    assert refusal(lambda: ask(cloudcontrol_client, second_api)) == conflict("once", first)


@pytest.mark.fidelity("I-5")
@pytest.mark.parametrize(
    ("api", "same_meaning"),
    [
        ("create_resource", {"DesiredState": '{"LogGroupName":"new"}'}),
        ("update_resource", {"PatchDocument": '[{"path": "/RetentionInDays", "op": "add", "value": 7}]'}),
        ("update_resource", {"Identifier": '{"LogGroupName": "app"}'}),
        ("delete_resource", {"Identifier": '{"LogGroupName": "app"}'}),
    ],
)
def test_input_is_compared_as_text(
    cloudcontrol_client: CloudControlApiClient, api: str, same_meaning: dict[str, str]
) -> None:
    """Another text of the same meaning is other input."""
    first = ask(cloudcontrol_client, api)
    assert refusal(lambda: ask(cloudcontrol_client, api, **same_meaning)) == conflict("once", first)


@pytest.mark.fidelity("I-6")
@pytest.mark.parametrize("elsewhere", [{"account_id": "210987654321"}, {"region_name": "eu-west-1"}])
def test_client_tokens_are_of_one_account_and_region(cloudcontrol: CloudControl, elsewhere: dict[str, Any]) -> None:
    """The same token in another account or region is another token, whether the input is the same or not."""
    here, there = cloudcontrol.client(), cloudcontrol.client(**elsewhere)
    first = ask(here, "create_resource")
    second = ask(there, "create_resource")
    assert first["RequestToken"] != second["RequestToken"]
    assert ask(here, "create_resource")["RequestToken"] == first["RequestToken"]
    assert ask(there, "create_resource")["RequestToken"] == second["RequestToken"]


@pytest.mark.fidelity("I-7")
@pytest.mark.parametrize(
    ("api", "refused", "code"),
    [
        ("create_resource", {"TypeName": "No::Such::Type"}, "TypeNotFoundException"),
        ("create_resource", {"DesiredState": "{"}, "ValidationException"),
        ("update_resource", {"Identifier": "none"}, "ResourceNotFoundException"),
        ("update_resource", {"PatchDocument": "{}"}, "ValidationException"),
        ("delete_resource", {"TypeName": "No::Such::Type"}, "TypeNotFoundException"),
        ("delete_resource", {"RoleArn": "arn:aws:iam::1:role/x"}, "ValidationException"),
    ],
)
def test_a_refused_call_does_not_use_its_token_up(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str, refused: dict[str, str], code: str
) -> None:
    """After a call that failed at once, the same token is free for any call."""
    assert refusal(lambda: ask(cloudcontrol_client, api, **refused)).code == code
    event = ask(cloudcontrol_client, api)
    assert [request.request_token for request in cloudcontrol.requests] == [event["RequestToken"]]


@pytest.mark.fidelity("I-8")
@pytest.mark.parametrize("api", ["create_resource", "update_resource", "delete_resource"])
def test_a_replay_is_no_concurrent_operation(cloudcontrol_client: CloudControlApiClient, api: str) -> None:
    """The token is looked at before the resource is: a retry of a running operation is not refused as busy."""
    assert ask(cloudcontrol_client, api) == ask(cloudcontrol_client, api)


@pytest.mark.fidelity("I-8")
@pytest.mark.parametrize(
    "other",
    [{"TypeName": "No::Such::Type"}, {"DesiredState": "{"}, {"TypeName": "AWS::CloudFormation::CustomResource"}],
    ids=["type", "desired state", "handler"],
)
def test_a_conflict_comes_before_type_and_model(
    cloudcontrol_client: CloudControlApiClient, other: dict[str, str]
) -> None:
    """A used token with input that couldn't be accepted anyway is a conflict."""
    first = ask(cloudcontrol_client, "create_resource")
    assert refusal(lambda: ask(cloudcontrol_client, "create_resource", **other)) == conflict("once", first)


@pytest.mark.fidelity("I-8")
def test_the_inputs_constraints_come_before_the_token(cloudcontrol_client: CloudControlApiClient) -> None:
    """A used token with a member that breaks its constraint is a ValidationException."""
    ask(cloudcontrol_client, "delete_resource")
    told = refusal(lambda: ask(cloudcontrol_client, "delete_resource", TypeName="not a type"))
    assert told.code == "ValidationException"


@pytest.mark.fidelity("I-9")
def test_calls_without_a_client_token_are_each_a_request(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The same create twice, each with the token that botocore makes up, is two requests."""
    tokens = {
        cloudcontrol_client.create_resource(TypeName=QUEUE, DesiredState=json.dumps({}))["ProgressEvent"][
            "RequestToken"
        ]
        for _ in range(2)
    }
    cloudcontrol.run_until_idle()
    assert len(tokens) == 2
    assert len(list(cloudcontrol.resources)) == 3
