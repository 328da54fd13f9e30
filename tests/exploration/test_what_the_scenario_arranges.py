"""What a scenario arranges in its world holds in every run, and what is wrong with its own code is its failure."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from calls import create, status, wait
from programs import NO_SURPRISES, REFUSED, Seen, at, deploy, groups, tried
from resource_types import LOG_GROUP, every_handler
from retrying import once, standard

from pytest_cloudcontrol import explore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol import CloudControl, HandlerRequest

SCHEMA: dict[str, Any] = {
    "typeName": "Acme::Shop::Order",
    "description": "An order.",
    "properties": {"Name": {"type": "string"}},
    "primaryIdentifier": ["/properties/Name"],
    "additionalProperties": False,
    "handlers": every_handler(),
}


# Rules


def test_surprise_that_keeps_a_rule_from_firing() -> None:
    """A rule that never fires because of a surprise is no failure."""

    def scenario(cloudcontrol: CloudControl) -> None:
        cloudcontrol.add_failure("NotFound", at_step=2)
        deploy(cloudcontrol)

    assert explore(scenario).surprises["cancelled"] == 1


def test_rule_that_never_fires() -> None:
    """A rule that doesn't fire in the plain run either is the plain run's failure."""

    def scenario(cloudcontrol: CloudControl) -> None:
        cloudcontrol.add_failure("NotFound", operation="DELETE")
        deploy(cloudcontrol)

    with pytest.raises(AssertionError, match="These were arranged, but never came to be") as caught:
        explore(scenario)
    assert caught.value.__notes__[0].startswith("Cloud Control: the plain run, without any surprise, fails.")


def test_rules_hold_in_every_run() -> None:
    """What is arranged counts anew in each run, as each is a world of its own."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.add_error("AccessDeniedException", api="ListResourceRequests")
        client = once(cloudcontrol)
        for _ in range(2):
            with suppress(client.exceptions.ClientError):
                client.list_resource_requests()
        return [call.error_code for call in cloudcontrol.calls]

    seen = Seen(program)
    explore(seen, **NO_SURPRISES | {"errors": ("InternalFailure",)})
    assert seen.outcomes == [
        *[str(["AccessDeniedException", None])] * 2,
        str(["AccessDeniedException", None]),  # a rule comes before a surprise
        str(["AccessDeniedException", "InternalFailure"]),
    ]


def test_left_running() -> None:
    """With leave_nothing_running a schedule that leaves a request running fails."""

    def scenario(cloudcontrol: CloudControl) -> None:
        client = standard(cloudcontrol)
        with suppress(client.exceptions.ThrottlingException):
            client.cancel_resource_request(RequestToken=create(client))

    with pytest.raises(AssertionError, match="1 request is still running at the end") as caught:
        explore(scenario, leave_nothing_running=True, errors=("ThrottlingException",), moves=False)
    assert "call 2 CancelResourceRequest: ThrottlingException" in caught.value.__notes__[0]


def test_left_running_is_no_failure_otherwise() -> None:
    """Without it a request may be left running."""
    assert explore(lambda cloudcontrol: create(once(cloudcontrol)) and None, **NO_SURPRISES).runs == 1


# Its own handlers


def test_handler_that_raises() -> None:
    """What a handler raises in any run is that run's failure, with the error as its cause."""

    def scenario(cloudcontrol: CloudControl) -> None:
        def work(request: HandlerRequest) -> None:
            with suppress(*REFUSED):
                request.resources.put(LOG_GROUP, {"LogGroupName": "orders"})
            if cloudcontrol.resources.get(LOG_GROUP, "theirs") is not None:
                raise RuntimeError("mine")

        cloudcontrol.add_handler(LOG_GROUP, create=work)
        deploy(cloudcontrol)

    def theirs(cloudcontrol: CloudControl) -> None:
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "theirs"})

    with pytest.raises(AssertionError, match="These handlers of the test's own are wrong") as caught:
        explore(scenario, errors=(), cancels=False, failures=(), moves=False, others=(theirs,))
    assert isinstance(caught.value.__cause__, RuntimeError)
    assert 'replay="call 1 CreateResource: theirs"' in caught.value.__notes__[0]


def test_handler_that_may_raise() -> None:
    """A handler that may raise fails its request only."""

    def program(cloudcontrol: CloudControl) -> object:
        def work(_: HandlerRequest) -> None:
            raise RuntimeError("mine")

        cloudcontrol.add_handler(LOG_GROUP, create=work, may_raise=True)
        deploy(cloudcontrol)
        return str(cloudcontrol.requests.last.status)

    seen = Seen(program)
    explore(seen, **NO_SURPRISES)
    assert seen.outcomes == ["FAILED", "FAILED"]


def test_handler_that_is_left_suspended() -> None:
    """A generator that a run leaves suspended is closed before the next run."""
    closed: list[str] = []
    expected = [0, 1]

    def scenario(cloudcontrol: CloudControl) -> None:
        def work(_: HandlerRequest) -> Iterator[int]:
            try:
                yield 1
            finally:
                closed.append("closed")

        assert len(closed) == expected.pop(0)
        cloudcontrol.add_handler(LOG_GROUP, create=work)
        cloudcontrol.request(create(once(cloudcontrol))).step()

    explore(scenario, **NO_SURPRISES)
    assert len(closed) == 2


# Everything else of a world


def test_own_types() -> None:
    """A type that the scenario adds is there in its own run only."""

    def program(cloudcontrol: CloudControl) -> object:
        client = cloudcontrol.client()
        with pytest.raises(client.exceptions.TypeNotFoundException), cloudcontrol.undisturbed():
            client.list_resources(TypeName=SCHEMA["typeName"])
        cloudcontrol.add_type(SCHEMA)
        answer = client.create_resource(TypeName=SCHEMA["typeName"], DesiredState='{"Name": "n"}')
        wait(client, answer["ProgressEvent"]["RequestToken"])
        return [resource.identifier for resource in cloudcontrol.resources]

    seen = Seen(program)
    explore(seen, errors=("lost answer",), cancels=False, failures=())
    assert seen.outcomes[0] == str(["n"])


def test_limit_of_concurrency() -> None:
    """Where a limit holds requests back a surprise to one lets the other go on."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.limit_concurrency(1)
        client = cloudcontrol.client()
        tokens = [create(client, name) for name in ("a", "b")]
        for token in tokens:
            with suppress(*REFUSED):
                wait(client, token)
        return groups(cloudcontrol)

    assert at(program, "request 1 step 1: CANCELLED") == str({"b": None})
    assert at(program, "request 1 step 2: CANCELLED") == str({"a": None, "b": None})


def test_limit_of_rate() -> None:
    """A rate limit's refusals aren't surprises, and the tries after them are the same call."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.limit_rate(1, per=1)
        client = cloudcontrol.client()
        return status(client, create(client))

    seen = Seen(program)
    lines = tried(seen, **NO_SURPRISES | {"errors": ("AccessDeniedException",)})
    assert [line.partition(":")[0] for line in lines] == ["call 1 CreateResource", "call 2 GetResourceRequestStatus"]
    assert seen.outcomes == ["IN_PROGRESS", "IN_PROGRESS", "ClientError", "ClientError"]


def test_steps_that_take_time() -> None:
    """A handler call that takes its time is one point, when it begins; the world moves on by its end as well."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.plan(step_time=30, steps=1)
        client = once(cloudcontrol)
        token = create(client)
        return status(client, token), bool(groups(cloudcontrol))

    moved = "call 2 GetResourceRequestStatus: moved on"
    assert at(program, moved) == str(("IN_PROGRESS", False))
    assert at(program, f"{moved}; {moved}") == str(("SUCCESS", True))
    lines = tried(Seen(program), **NO_SURPRISES | {"moves": True, "cancels": True, "surprises": 2})
    assert f"{moved}; request 1 step 1: CANCELLED" in lines


def test_consistent_after() -> None:
    """The world moves on to where something becomes consistent, too."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.plan(consistent_after=3600)
        client = cloudcontrol.client()
        wait(client, create(client))
        return len(client.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"])

    seen = Seen(program)
    lines = tried(seen, **NO_SURPRISES | {"moves": True})
    assert dict(zip(lines, seen.outcomes[2:], strict=True))["call 4 ListResources: moved on"] == "1"
    assert seen.outcomes[0] == "0"


def test_options_of_the_mock() -> None:
    """Each world has the options given beside the arguments."""

    def program(cloudcontrol: CloudControl) -> object:
        options = cloudcontrol.options
        return options.region, options.account_id, cloudcontrol.client().meta.region_name, options.seed

    seen = Seen(program)
    explore(seen, region="eu-west-1", account_id="999999999999", seed=7)
    assert seen.outcomes[0] == str(("eu-west-1", "999999999999", "eu-west-1", "7"))


def test_start() -> None:
    """Every world begins at the same day, unless told another."""
    seen = Seen(lambda cloudcontrol: cloudcontrol.clock.now().isoformat())
    explore(seen)
    assert set(seen.outcomes) == {"2026-01-01T00:00:00+00:00"}


def test_clients_that_are_made_outside() -> None:
    """A client that was made before the exploration is answered in every run by that run's world."""
    import boto3

    client = boto3.client("cloudcontrol", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")

    def program(cloudcontrol: CloudControl) -> object:
        create(client)
        return len(cloudcontrol.requests)

    seen = Seen(program)
    assert tried(seen, **NO_SURPRISES | {"errors": ("lost answer",)}) == ["call 1 CreateResource: lost answer"]
    assert seen.outcomes == ["1", "1", "ReadTimeoutError"]
