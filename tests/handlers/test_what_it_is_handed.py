"""HandlerRequest: what a handler is asked, and what it works with."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from clusters import CLUSTER, SCHEMA, create, delete, put, update
from mock_time import START, after

from pytest_cloudcontrol import HandlerError, HandlerOperation, HandlerRequest, OptionError, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_cloudcontrol import CloudControl

ROLE = "arn:aws:iam::123456789012:role/deployer"

MEMBERS = (
    "operation",
    "type_name",
    "identifier",
    "desired_state",
    "previous_state",
    "account_id",
    "region",
    "role_arn",
    "client_token",
    "request_token",
    "step_number",
)


def members(request: HandlerRequest) -> dict[str, Any]:
    """Return all that a handler is asked."""
    return {name: getattr(request, name) for name in MEMBERS}


def test_members_of_a_create(cloud: CloudControl) -> None:
    """A create has the caller's desired state, and the identifier that the caller has named."""
    seen: list[dict[str, Any]] = []

    def handler(request: HandlerRequest) -> Iterator[int]:
        seen.append(members(request))
        put(request)
        yield 1
        seen.append(members(request))

    cloud.add_handler(CLUSTER, create=handler)
    state = {"Name": "one", "Size": "small"}
    cloud.client("eu-west-1", "210987654321").create_resource(
        TypeName=CLUSTER, DesiredState=json.dumps(state), ClientToken="c1", RoleArn=ROLE
    )
    made = cloud.requests.last.run()

    first = {
        "operation": "CREATE",
        "type_name": CLUSTER,
        "identifier": "one",
        "desired_state": state,
        "previous_state": None,
        "account_id": "210987654321",
        "region": "eu-west-1",
        "role_arn": ROLE,
        "client_token": "c1",
        "request_token": made.request_token,
        "step_number": 1,
    }
    assert seen == [first, {**first, "step_number": 2}]
    assert isinstance(seen[0]["operation"], HandlerOperation)


def test_members_of_an_update(cloud: CloudControl) -> None:
    """An update has the patched model, and what a read showed before."""
    seen: list[dict[str, Any]] = []
    cloud.resources.put(CLUSTER, {"Name": "one", "Size": "small", "Password": "p"})
    state = cloud.resources.get(CLUSTER, "one") or {}

    def handler(request: HandlerRequest) -> None:
        seen.append(members(request))
        put(request)

    cloud.add_handler(CLUSTER, update=handler)
    update(cloud, Size="large").run()

    assert seen[0]["operation"] == "UPDATE"
    assert seen[0]["identifier"] == "one"
    shown = {"Name": "one", "Size": "small", "State": state["State"]}
    assert seen[0]["previous_state"] == shown
    assert seen[0]["desired_state"] == {**shown, "Size": "large"}
    assert seen[0]["role_arn"] is None


def test_members_of_a_delete(cloud: CloudControl) -> None:
    """A delete knows what the identifier says."""
    seen: list[dict[str, Any]] = []
    cloud.resources.put(CLUSTER, {"Name": "one", "Size": "small"})

    def handler(request: HandlerRequest) -> None:
        seen.append(members(request))
        request.resources.delete(CLUSTER, "one")

    cloud.add_handler(CLUSTER, delete=handler)
    delete(cloud).run()

    assert seen[0]["operation"] == "DELETE"
    assert (seen[0]["identifier"], seen[0]["desired_state"], seen[0]["previous_state"]) == (
        "one",
        {"Name": "one"},
        None,
    )


def test_members_of_a_read_and_a_list(cloud: CloudControl) -> None:
    """A read knows what the identifier says, a list the ResourceModel; neither belongs to a request."""
    seen: list[dict[str, Any]] = []

    def read(request: HandlerRequest) -> dict[str, Any]:
        seen.append(members(request))
        return {"Name": request.identifier}

    def found(request: HandlerRequest) -> list[str]:
        seen.append(members(request))
        return ["one"]

    cloud.add_handler(CLUSTER, read=read, list=found)
    client = cloud.client("eu-west-1")
    client.get_resource(TypeName=CLUSTER, Identifier="one")
    client.list_resources(TypeName=CLUSTER, ResourceModel='{"Size": "small"}')

    of_read = {
        "operation": "READ",
        "type_name": CLUSTER,
        "identifier": "one",
        "desired_state": {"Name": "one"},
        "previous_state": None,
        "account_id": "123456789012",
        "region": "eu-west-1",
        "role_arn": None,
        "client_token": None,
        "request_token": None,
        "step_number": 1,
    }
    of_list = {**of_read, "operation": "LIST", "identifier": None, "desired_state": {"Size": "small"}}
    assert seen == [of_read, of_list, of_read]  # the last is for what the list shows of it


def test_same_request_at_every_call(cloud: CloudControl) -> None:
    """A handler may keep what it is handed: it is the same object at every call, and shows itself."""
    kept: list[HandlerRequest] = []

    def handler(request: HandlerRequest) -> Iterator[int]:
        kept.append(request)
        yield 1
        kept.append(request)
        put(request)

    cloud.add_handler(CLUSTER, create=handler)
    create(cloud).run()

    assert kept[0] is kept[1]
    assert isinstance(kept[0], HandlerRequest)
    assert repr(kept[0]) == f"<HandlerRequest CREATE {CLUSTER} one>"


def test_what_it_is_asked_outlives_the_request(cloud: CloudControl) -> None:
    """What a handler is asked is still there when its request has ended and its generator is closed."""
    seen: list[object] = []
    cloud.resources.put(CLUSTER, {"Name": "one"})

    def handler(request: HandlerRequest) -> Iterator[int]:
        try:
            yield 1
        finally:
            seen.extend([request.desired_state.get("Size"), (request.previous_state or {}).get("Name")])

    cloud.add_handler(CLUSTER, update=handler)
    update(cloud, Size="large").step().cancel()

    assert seen == ["large", "one"]


def test_clock(cloud: CloudControl) -> None:
    """A handler reads the mock clock: each call comes at its own instant."""
    seen = []

    def handler(request: HandlerRequest) -> Iterator[int]:
        seen.append(request.clock.now())
        put(request)
        yield 60
        seen.append(request.clock.now())

    cloud.add_handler(CLUSTER, create=handler)
    create(cloud).run()

    assert seen == [after(0.2), after(60.2)]


def test_resources_of_its_account_and_region(cloud: CloudControl) -> None:
    """A handler's resources are those of the account and region of its request."""
    cloud.add_handler(CLUSTER, create=put)
    cloud.client("eu-west-1", "210987654321").create_resource(TypeName=CLUSTER, DesiredState='{"Name": "one"}')
    cloud.run_until_idle()

    assert len(cloud.resources) == 0
    assert [resource.identifier for resource in cloud.scope("210987654321", "eu-west-1").resources] == ["one"]


def test_what_a_handler_does_is_no_act_of_the_test(cloud: CloudControl) -> None:
    """A loop of the code under test is stopped although a handler puts its resource anew at each call."""
    cloud.plan(CLUSTER, delay=0)

    def handler(request: HandlerRequest) -> Iterator[None]:
        for _ in range(5):
            put(request)
            yield

    cloud.add_handler(CLUSTER, create=handler)
    client, token = cloud.client(), create(cloud).request_token
    polls = 0
    while client.get_resource_request_status(RequestToken=token)["ProgressEvent"]["OperationStatus"] != "SUCCESS":
        polls += 1

    assert polls < 20
    assert all("resources.put" not in str(call) for call in cloud.calls)


def drawn(seed: str) -> tuple[list[float], str]:
    """Return the random numbers that a create and a read draw, and the request's token."""
    numbers: list[float] = []

    def handler(request: HandlerRequest) -> Iterator[int]:
        numbers.append(request.random.random())
        put(request)
        yield 1
        numbers.append(request.random.random())

    def read(request: HandlerRequest) -> dict[str, object]:
        numbers.append(request.random.random())
        return {"Name": request.identifier}

    with mock_cloudcontrol(seed=seed) as cloudcontrol:
        cloudcontrol.add_type(SCHEMA)
        cloudcontrol.add_handler(CLUSTER, create=handler, read=read)
        request = create(cloudcontrol).run()
        cloudcontrol.client().get_resource(TypeName=CLUSTER, Identifier="one")
    return numbers, request.request_token


def test_random_numbers_repeat() -> None:
    """The same seed gives the same random numbers and tokens, another one others."""
    assert drawn("a") == drawn("a")
    assert set(drawn("a")[0]).isdisjoint(drawn("b")[0])
    assert len({*drawn("a")[0][:2]}) == 2


IN_A_READ: dict[str, tuple[Callable[[HandlerRequest], object], str, str]] = {
    "default": (lambda request: request.default(), "operation='READ'", "no default()"),
    "start": (lambda request: request.start(lambda: iter(())), "operation='READ'", "no start()"),
    "identifier": (lambda request: setattr(request, "identifier", "two"), "identifier='two'", "no change of it"),
}


@pytest.mark.parametrize("what", IN_A_READ)
def test_what_a_read_has_not(cloud: CloudControl, what: str) -> None:
    """A read makes no request, so it can neither work like one nor set an identifier."""
    do, given, expected = IN_A_READ[what]
    refused: list[str] = []

    def read(request: HandlerRequest) -> dict[str, object]:
        with pytest.raises(OptionError) as caught:
            do(request)
        refused.append(str(caught.value))
        return {"Name": request.identifier}

    cloud.add_handler(CLUSTER, read=read)
    cloud.client().get_resource(TypeName=CLUSTER, Identifier="one")

    tail = "in a read or list handler: it answers at once, with what it returns"
    assert refused == [f"{given} is not valid: expected {expected} {tail}"]


def test_misspelt_attribute(cloud: CloudControl) -> None:
    """A misspelt attribute is refused when it is set, too: an identifier that nobody sees would be none."""
    refused: list[str] = []

    def handler(request: HandlerRequest) -> None:
        with pytest.raises(AttributeError) as caught:
            request.identifer = "one"  # type: ignore[attr-defined]  # which is what the test is about
        refused.append(str(caught.value))
        put(request)

    cloud.add_handler(CLUSTER, create=handler)
    create(cloud).run()

    assert len(refused) == 1


def test_handler_that_takes_time(cloud: CloudControl) -> None:
    """A handler that itself moves the clock takes that time: its event bears the instant of its return."""

    def handler(request: HandlerRequest) -> Iterator[int]:
        request.clock.advance(timedelta(seconds=10))
        put(request)
        yield 5

    cloud.add_handler(CLUSTER, create=handler)
    request = create(cloud).run()

    assert [event.event_time for event in request.events] == [START, after(10.2), after(15.2)]
    assert request.events[1].retry_after == after(15.2)


def test_handler_that_takes_a_failure_of_the_store(cloud: CloudControl) -> None:
    """What the resources refuse, a handler may turn into its own failure."""

    def handler(request: HandlerRequest) -> None:
        try:
            request.resources.delete(CLUSTER, request.identifier or "")
        except OptionError:
            raise HandlerError("NotFound") from None

    cloud.add_handler(CLUSTER, delete=handler)

    assert delete(cloud, "none").run().error_code == "NotFound"
