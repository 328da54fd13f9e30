"""What may surprise at an API call: how the code under test meets it, and what the world has made of it."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError
from calls import create, status, wait
from programs import NO_SURPRISES, Seen, at, groups, tried
from resource_types import LOG_GROUP
from retrying import codes, once

from pytest_cloudcontrol import NoProgressError, explore

if TYPE_CHECKING:
    from retrying import Mode

    from pytest_cloudcontrol import CloudControl

MODES = pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])


def client_of(cloudcontrol: CloudControl, mode: Mode) -> Any:
    """Return a client that retries in a mode, four times at most."""
    return cloudcontrol.client(config=Config(retries={"mode": mode, "total_max_attempts": 4}))


# The answer is lost


@MODES
@pytest.mark.parametrize("has_token", [True, False], ids=["its own token", "botocore's token"])
def test_lost_answer(mode: Mode, has_token: bool) -> None:
    """The call is carried out once, at its first try, and every try ends in botocore's ReadTimeoutError."""

    def program(cloudcontrol: CloudControl) -> object:
        client = client_of(cloudcontrol, mode)
        own = {"ClientToken": "mine"} if has_token else {}
        with pytest.raises(ReadTimeoutError):
            client.create_resource(TypeName=LOG_GROUP, DesiredState='{"LogGroupName": "app"}', **own)
        lost = [call.lost_answer is not None for call in cloudcontrol.calls]
        return codes(cloudcontrol), lost, len(cloudcontrol.requests)

    assert at(program, "call 1 CreateResource: lost answer") == str(
        (["ReadTimeoutError"] * 4, [True, False, False, False], 1)
    )


@MODES
def test_lost_answer_of_a_call_that_is_throttled_first(mode: Mode) -> None:
    """What the scenario arranges comes first: the call is carried out at the first try that it lets through."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.add_error("ThrottlingException", times=2)
        with pytest.raises(ReadTimeoutError):
            create(client_of(cloudcontrol, mode))
        return codes(cloudcontrol), len(cloudcontrol.requests)

    assert at(program, "call 1 CreateResource: lost answer") == str(
        (["ThrottlingException"] * 2 + ["ReadTimeoutError"] * 2, 1)
    )


@MODES
def test_lost_answer_of_a_call_that_comes_too_fast(mode: Mode) -> None:
    """A rate limit holds: the call is carried out at the first try that it lets through, once."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.limit_rate(1, per=1)
        client = client_of(cloudcontrol, mode)
        create(client, "first")
        with pytest.raises(ReadTimeoutError):
            create(client, "second")
        return len(cloudcontrol.requests)

    assert at(program, "call 2 CreateResource: lost answer") == "2"


def test_lost_answer_of_a_call_that_is_refused() -> None:
    """Of a call that the service refuses the refusal is lost, and nothing is made."""

    def program(cloudcontrol: CloudControl) -> object:
        client = once(cloudcontrol)
        with pytest.raises(ReadTimeoutError):
            client.delete_resource(TypeName="AWS::No::Type", Identifier="app")
        return len(cloudcontrol.requests)

    assert at(program, "call 1 DeleteResource: lost answer") == "0"


# Errors


@MODES
@pytest.mark.parametrize("code", ["ThrottlingException", "ServiceInternalErrorException", "AccessDeniedException"])
def test_error_outlasts_the_retries(mode: Mode, code: str) -> None:
    """Every try of the call is refused with the code, nothing is carried out, and the next call is answered."""

    def program(cloudcontrol: CloudControl) -> object:
        client = client_of(cloudcontrol, mode)
        with pytest.raises(ClientError) as caught:
            create(client)
        create(client)
        return caught.value.response["Error"]["Code"], len(cloudcontrol.requests), set(codes(cloudcontrol)[:-1])

    assert at(program, f"call 1 CreateResource: {code}", errors=(code,)) == str((code, 1, {code}))


def test_every_error_in_the_order_given() -> None:
    """Of several errors each comes at each call, in the order given, a lost answer always first."""

    def program(cloudcontrol: CloudControl) -> object:
        return create(once(cloudcontrol))

    errors = ("InternalFailure", "EndpointConnectionError", "lost answer", "InternalFailure")
    assert tried(Seen(program), **NO_SURPRISES | {"errors": errors}) == [
        "call 1 CreateResource: lost answer",
        "call 1 CreateResource: InternalFailure",
        "call 1 CreateResource: EndpointConnectionError",
    ]


def test_what_the_scenario_arranges_comes_first() -> None:
    """A call that the scenario itself has refused is refused so, whatever surprise there is."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.add_error("AccessDeniedException")
        with pytest.raises(ClientError) as caught:
            create(once(cloudcontrol))
        return caught.value.response["Error"]["Code"]

    assert at(program, "call 1 CreateResource: ThrottlingException") == "AccessDeniedException"


# The world moves on


def polled(cloudcontrol: CloudControl) -> object:
    """Create something, and return what one poll shows of it."""
    client = once(cloudcontrol)
    token = create(client)
    event = client.get_resource_request_status(RequestToken=token)["ProgressEvent"]
    return event["OperationStatus"], cloudcontrol.request(token).steps


@pytest.mark.parametrize(("times", "shown"), [(1, ("IN_PROGRESS", 1)), (2, ("SUCCESS", 2))])
def test_moved_on(times: int, shown: object) -> None:
    """Each time the world moves on by one piece of work before the call, which then shows what has been done."""
    line = "; ".join(["call 2 GetResourceRequestStatus: moved on"] * times)
    assert at(polled, line) == str(shown)


def test_moved_on_as_far_as_it_goes() -> None:
    """The world moves on as often as there is something due, and no further."""
    lines = tried(Seen(polled), **NO_SURPRISES | {"moves": True, "surprises": 5})
    moved = "call 2 GetResourceRequestStatus: moved on"
    assert lines == [moved, f"{moved}; {moved}"]


def test_moved_on_by_one_piece_only() -> None:
    """Of two that are due at the same instant only the first is made."""

    def program(cloudcontrol: CloudControl) -> object:
        client = once(cloudcontrol)
        tokens = [create(client, name) for name in ("a", "b")]
        client.list_resource_requests()
        return [cloudcontrol.request(token).steps for token in tokens]

    moved = "call 3 ListResourceRequests: moved on"
    assert at(program, moved) == "[1, 0]"
    assert at(program, f"{moved}; {moved}") == "[1, 1]"


def test_moved_on_without_auto_advance() -> None:
    """The world moves on by itself where code that waits doesn't move the clock."""
    moved = "; ".join(["call 2 GetResourceRequestStatus: moved on"] * 2)
    assert at(polled, moved, auto_advance=False) == str(("SUCCESS", 2))


def test_moved_on_before_a_call_that_fails() -> None:
    """What ends a call may come after a move at the same call, but nothing after what ends it."""
    lines = tried(Seen(polled), surprises=2, cancels=False, failures=(), errors=("ThrottlingException",))
    place = "call 2 GetResourceRequestStatus"
    assert f"{place}: moved on; {place}: ThrottlingException" in lines
    assert f"{place}: ThrottlingException; {place}: moved on" not in lines


# Somebody else


def delete(cloudcontrol: CloudControl) -> None:
    """Remove the log group, if it is there."""
    if groups(cloudcontrol):
        cloudcontrol.resources.delete(LOG_GROUP, "orders")


def touch(cloudcontrol: CloudControl) -> None:
    """Create another log group by the API."""
    create(once(cloudcontrol), f"theirs{len(cloudcontrol.requests)}")


def test_others() -> None:
    """A function of the test's own runs before the call, with the CloudControl of this world."""

    def program(cloudcontrol: CloudControl) -> object:
        client = cloudcontrol.client()
        wait(client, create(client))
        client.list_resources(TypeName=LOG_GROUP)
        return groups(cloudcontrol)

    last = max(line for line in tried(Seen(program), **NO_SURPRISES | {"others": (delete,)}))
    assert last.endswith("ListResources: delete")
    assert at(program, last, others=(delete,)) == "{}"
    assert at(program, "call 1 CreateResource: delete", others=(delete,)) == str({"orders": None})


def test_each_of_others_at_each_call() -> None:
    """Each of several comes at each call, in the order given; one after the other, but none twice at one call."""

    def program(cloudcontrol: CloudControl) -> object:
        return once(cloudcontrol).list_resource_requests()["ResourceRequestStatusSummaries"]

    lines = tried(Seen(program), **NO_SURPRISES | {"others": (delete, touch), "surprises": 3})
    place = "call 1 ListResourceRequests"
    assert lines == [f"{place}: delete", f"{place}: touch", f"{place}: delete; {place}: touch"]


def test_moves_after_others() -> None:
    """After one of others has come at a call the world doesn't move on at it any more: that order has a move first."""
    lines = tried(Seen(polled), **NO_SURPRISES | {"moves": True, "others": (delete,), "surprises": 2})
    place = "call 2 GetResourceRequestStatus"
    assert f"{place}: moved on; {place}: delete" in lines
    assert f"{place}: delete; {place}: moved on" not in lines


def test_calls_of_others_are_told_from_the_code_s() -> None:
    """What others call is no point, and counts for no number; its request does."""

    def program(cloudcontrol: CloudControl) -> object:
        client = once(cloudcontrol)
        token = create(client)
        status(client, token)
        return [request.identifier for request in cloudcontrol.requests]

    assert at(program, "call 1 CreateResource: touch", others=(touch,)) == str(["theirs0", "orders"])
    lines = tried(Seen(program), surprises=2, others=(touch,), errors=("ThrottlingException",))
    assert {line.partition(": ")[0] for line in lines} == {"call 1 CreateResource", "call 2 GetResourceRequestStatus"}
    place = "call 2 GetResourceRequestStatus"
    assert f"{place}: moved on; request 1 step 1: CANCELLED" in lines
    assert "call 1 CreateResource: touch; request 1 step 1: CANCELLED" not in lines


def test_steps_inside_others_are_no_points() -> None:
    """Steps that are made while somebody else is there can't be surprised; those of the same request later can."""

    def finish_all(cloudcontrol: CloudControl) -> None:
        cloudcontrol.run_until_idle()

    others = (finish_all,)
    assert at(polled, "call 2 GetResourceRequestStatus: finish_all", others=others) == str(("SUCCESS", 2))
    lines = tried(Seen(polled), surprises=2, others=others, errors=(), moves=False)
    assert not [line for line in lines if "step" in line]


def test_others_may_be_any_callable() -> None:
    """What others do may be a partial's or an object's, known by the name of its class or its own."""

    class Deleter:
        def __call__(self, cloudcontrol: CloudControl) -> None:
            delete(cloudcontrol)

    lines = tried(Seen(polled), **NO_SURPRISES | {"others": [Deleter()]})
    assert lines[0] == "call 1 CreateResource: Deleter"


# Calls of other accounts, and other APIs


def test_other_accounts_and_regions() -> None:
    """Clients of every account and region meet surprises, each carried out where it is."""

    def program(cloudcontrol: CloudControl) -> object:
        regions = [once(cloudcontrol, region) for region in ("us-east-1", "eu-west-1")]
        regions.append(once(cloudcontrol, account_id="999999999999"))
        for client in regions:
            create(client)
        return [(request.account_id, request.region) for request in cloudcontrol.requests]

    seen = Seen(program)
    lines = tried(seen, **NO_SURPRISES | {"errors": ("ThrottlingException",), "moves": True})
    assert [line for line in lines if "Throttling" in line] == [
        f"call {number} CreateResource: ThrottlingException" for number in (1, 2, 3)
    ]
    assert seen.outcomes[0] == str(
        [("123456789012", "us-east-1"), ("123456789012", "eu-west-1"), ("999999999999", "us-east-1")]
    )


def test_calls_of_other_services_are_none() -> None:
    """Only calls of Cloud Control are points."""

    def program(cloudcontrol: CloudControl) -> object:
        import boto3
        from moto import mock_aws

        with mock_aws():
            boto3.client("sqs").create_queue(QueueName="q")
        return json.dumps(len(cloudcontrol.calls))

    assert tried(Seen(program)) == []


def test_loops_without_end() -> None:
    """A loop that a surprise makes endless is stopped, and that is the failure."""

    def program(cloudcontrol: CloudControl) -> None:
        client = cloudcontrol.client()
        token = create(client)
        while status(client, token) != "SUCCESS":
            pass

    with pytest.raises(NoProgressError) as caught:
        explore(program, errors=())
    assert 'explore(program, replay="request 1 step 1: CANCELLED")' in caught.value.__notes__[0]


def test_adaptive_rate_limit() -> None:
    """A client that keeps to a rate, once it was throttled, does so by the mock clock: each run goes as before."""

    def program(cloudcontrol: CloudControl) -> None:
        client = client_of(cloudcontrol, "adaptive")
        for _ in range(4):
            with suppress(ClientError):
                client.list_resource_requests()

    explored = explore(program, surprises=2, errors=["ThrottlingException"])
    assert explored.surprises["error"] == 4 + 2 * 6
