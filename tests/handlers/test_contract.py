"""The contract of AWS's resource handlers: what a success of a test's own handler must have come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clusters import CLUSTER, create, delete, put, telling, update

from pytest_cloudcontrol import HandlerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_cloudcontrol import CloudControl, HandlerRequest, ResourceRequest


def nothing(request: HandlerRequest) -> None:
    """Do nothing, with success."""


def without_identifier(request: HandlerRequest) -> None:
    """Make a queue, and don't say which."""
    request.resources.put(request.type_name, request.desired_state)


def named_otherwise(request: HandlerRequest) -> Iterator[int]:
    """Make a cluster that is called otherwise than the caller has said."""
    yield 1
    request.identifier = request.resources.put(CLUSTER, {"Name": "other"})


def read_nothing(request: HandlerRequest) -> dict[str, str]:
    """Find nothing."""
    raise HandlerError("NotFound", str(request.identifier))


def there(cloudcontrol: CloudControl) -> None:
    """Let a cluster be there."""
    cloudcontrol.resources.put(CLUSTER, {"Name": "one"})


BREACHES: dict[str, tuple[Callable[[HandlerRequest], object], Callable[[CloudControl], ResourceRequest], str]] = {
    "create": (nothing, create, "has succeeded, but a read doesn't find 'one'"),
    "update": (
        lambda request: request.resources.delete(CLUSTER, request.identifier or ""),
        lambda cloud: update(cloud, Size="large"),
        "has succeeded, but a read doesn't find 'one'",
    ),
    "delete": (nothing, delete, "has succeeded, but a read still finds 'one'"),
}


@pytest.mark.parametrize("operation", BREACHES)
def test_what_a_read_finds(operation: str) -> None:
    """After create and update a read finds the resource, after delete it doesn't; else the handler is told."""
    handler, ask, breach = BREACHES[operation]
    with telling() as (cloudcontrol, told):
        if operation != "create":
            there(cloudcontrol)
        cloudcontrol.add_handler(CLUSTER, None, **{operation: handler})  # type: ignore[arg-type]  # one of the three
        request = ask(cloudcontrol).run()
        assert request.status == "SUCCESS"  # for the code under test it has succeeded

    name = f"the {operation.upper()} handler {handler.__qualname__} of Test::Db::Cluster"
    assert told == [f"{name} (request {request.request_token}) {breach}"]


@pytest.mark.parametrize("operation", BREACHES)
def test_what_a_read_finds_at_last(operation: str) -> None:
    """Where reads lag behind, the contract is about what they will find."""
    handler, ask, breach = BREACHES[operation]
    with telling() as (cloudcontrol, told):
        if operation != "create":
            there(cloudcontrol)
        cloudcontrol.plan(CLUSTER, consistent_after=60)
        cloudcontrol.add_handler(CLUSTER, None, **{operation: handler})  # type: ignore[arg-type]  # one of the three
        request = ask(cloudcontrol).run()

    name = f"the {operation.upper()} handler {handler.__qualname__} of Test::Db::Cluster"
    assert told == [f"{name} (request {request.request_token}) {breach}"]


def test_no_breach_where_reads_lag_behind(cloud: CloudControl) -> None:
    """A handler that keeps the contract isn't told because reads lag behind."""
    cloud.plan(CLUSTER, consistent_after=60)
    cloud.add_handler(CLUSTER, create=put)

    assert create(cloud).run().status == "SUCCESS"


def test_create_without_an_identifier() -> None:
    """A create that succeeds has set the identifier."""
    queue = "AWS::SQS::Queue"
    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(queue, create=without_identifier)
        cloudcontrol.client().create_resource(TypeName=queue, DesiredState="{}")
        request = cloudcontrol.requests.last.run()
        assert (request.status, request.identifier) == ("SUCCESS", None)

    name = f"the CREATE handler without_identifier of {queue} (request {request.request_token})"
    assert told == [f"{name} has succeeded without setting request.identifier"]


def test_changed_identifier() -> None:
    """The identifier that the caller has named, or an earlier event has told, never changes."""
    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, create=named_otherwise)
        request = create(cloudcontrol).run()
        assert create(cloudcontrol).status == "IN_PROGRESS"  # nothing is busy any more, under either name

    name = f"the CREATE handler named_otherwise of Test::Db::Cluster (request {request.request_token})"
    assert told == [f"{name} has changed the primary identifier from 'one' to 'other': it never changes"]


def test_read_of_the_tests_own() -> None:
    """The read is the test's own where there is one, and it uses up no rule."""
    with telling() as (cloudcontrol, told):
        rule = cloudcontrol.add_failure("Throttling", operation="READ", optional=True)
        cloudcontrol.add_handler(CLUSTER, create=put, read=read_nothing)
        request = create(cloudcontrol).run()
        assert (rule.fired, len(cloudcontrol.calls)) == (0, 1)

    name = f"the CREATE handler put of Test::Db::Cluster (request {request.request_token})"
    assert told == [f"{name} has succeeded, but a read doesn't find 'one'"]


def test_default_handler_and_a_read_of_the_tests_own(cloud: CloudControl) -> None:
    """What the default handler does isn't looked at: only a test's own can be wrong."""
    cloud.add_handler(CLUSTER, read=read_nothing)

    assert create(cloud).run().status == "SUCCESS"


@pytest.mark.parametrize("end", ["fail", "expire"])
def test_no_success_no_contract(cloud: CloudControl, end: str) -> None:
    """A handler whose request was ended while it worked has succeeded in nothing."""

    def handler(_: HandlerRequest) -> None:
        own = cloud.requests.last
        own.fail("Throttling") if end == "fail" else own.expire()

    cloud.add_handler(CLUSTER, create=handler)

    assert not create(cloud).run().is_running


def test_read_in_the_middle_of_others(cloud: CloudControl) -> None:
    """The contract is looked at before anybody is told of the success, and could delete what was made."""

    def polling_read(request: HandlerRequest) -> dict[str, object]:
        event = client.get_resource_request_status(RequestToken=cloud.requests.last.request_token)["ProgressEvent"]
        seen.append(event["OperationStatus"])
        found = request.resources.get(CLUSTER, request.identifier or "")
        assert found is not None
        return dict(found)

    client, seen = cloud.client(), list[str]()
    cloud.add_handler(CLUSTER, create=put, read=polling_read)

    assert create(cloud).run().status == "SUCCESS"
    assert seen == ["IN_PROGRESS"]


def test_handler_that_was_taken_back(cloud: CloudControl) -> None:
    """A handler that was taken back is still the one that is told of its requests."""
    added = cloud.add_handler(CLUSTER, create=put)
    request = create(cloud)
    added.remove()
    cloud.add_handler(CLUSTER, create=nothing)

    assert request.run().status == "SUCCESS"


def test_type_without_a_read(cloud: CloudControl) -> None:
    """Where a type has no read handler, nothing can be looked for."""
    cloud.add_type(
        {
            "typeName": "Test::Db::Backup",
            "properties": {"Name": {"type": "string"}},
            "primaryIdentifier": ["/properties/Name"],
            "handlers": {"create": {}, "delete": {}},
        }
    )
    cloud.add_handler("Test::Db::Backup", create=nothing)
    cloud.client().create_resource(TypeName="Test::Db::Backup", DesiredState='{"Name": "b"}')

    assert cloud.requests.last.run().status == "SUCCESS"
