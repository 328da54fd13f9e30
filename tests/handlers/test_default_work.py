"""request.default(): the default handler's work inside a handler of the test's own, wrapped, changed or partly done."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest
from clusters import CLUSTER, create, delete, events, put, statuses, update

from pytest_cloudcontrol import HandlerError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from datetime import timedelta

    from pytest_cloudcontrol import CloudControl, HandlerRequest


def wrapped(request: HandlerRequest) -> Iterator[timedelta | float]:
    """Wait before the default work."""
    yield 60
    yield from request.default()


def test_wrapped(cloud: CloudControl) -> None:
    """A handler that wraps the default one makes what that makes, in its calls and with its delays."""
    cloud.plan(CLUSTER, "CREATE", steps=3, delay=5)
    cloud.add_handler(CLUSTER, create=wrapped, update=wrapped, delete=wrapped)

    request = create(cloud, Size="small").run()

    assert events(request) == [
        (0, "IN_PROGRESS"),
        (0.2, "IN_PROGRESS"),
        (60.2, "IN_PROGRESS"),
        (65.2, "IN_PROGRESS"),
        (70.2, "SUCCESS"),
    ]
    made = cloud.resources.get(CLUSTER, "one") or {}
    assert (made["Size"], "State" in made) == ("small", True)
    assert update(cloud, Size="large").run().steps == 3
    assert (cloud.resources.get(CLUSTER, "one") or {})["Size"] == "large"
    assert delete(cloud).run().steps == 2
    assert list(cloud.resources) == []


def test_identifier_of_the_default_work(cloud: CloudControl) -> None:
    """The identifier that the default work makes is the request's."""
    queue = "AWS::SQS::Queue"
    cloud.add_handler(queue, create=wrapped)
    cloud.client().create_resource(TypeName=queue, DesiredState="{}")

    request = cloud.requests.last.run()

    assert [event.identifier for event in request.events] == [None, None, request.identifier, request.identifier]
    assert cloud.resources.get(queue, request.identifier or "") is not None


def test_same_values_as_without_a_handler(cloud: CloudControl) -> None:
    """What the default work makes up is what it would make up without the handler."""
    queue = "AWS::SQS::Queue"
    client = cloud.client()
    client.create_resource(TypeName=queue, DesiredState="{}")
    made = cloud.requests.last.run().identifier
    cloud.reset()
    cloud.add_handler(queue, create=wrapped)
    client.create_resource(TypeName=queue, DesiredState="{}")

    assert cloud.requests.last.run().identifier == made


def test_failure_of_the_default_work(cloud: CloudControl) -> None:
    """The default work fails as it would by itself, and a handler may make something else of that."""
    cloud.resources.put(CLUSTER, {"Name": "one"})

    def careful(request: HandlerRequest) -> Iterator[timedelta]:
        try:
            yield from request.default()
        except HandlerError as error:
            raise HandlerError("ResourceConflict", str(error.message)) from error

    cloud.add_handler(CLUSTER, create=wrapped)
    request = create(cloud).run()
    assert (request.error_code, request.identifier) == ("AlreadyExists", "one")

    cloud.add_handler(CLUSTER, create=careful)
    request = create(cloud).run()
    words = f"Resource of type '{CLUSTER}' with identifier 'one' already exists."
    assert (request.error_code, request.status_message) == ("ResourceConflict", words)


def test_partly_run(cloud: CloudControl) -> None:
    """Default work that is given up half way leaves what its calls have made."""
    cloud.plan(CLUSTER, steps=2)

    def half(request: HandlerRequest) -> Iterator[timedelta]:
        yield from islice(request.default(), 1)
        raise HandlerError("NotStabilized", "half way")

    cloud.add_handler(CLUSTER, create=half)
    request = create(cloud, Size="small", Password="p").run()

    assert request.error_code == "NotStabilized"
    made = cloud.resources.get(CLUSTER, "one") or {}
    assert ("Size" in made, "Password" in made) == (True, False)


def test_asked_for_again(cloud: CloudControl) -> None:
    """Default work that is asked for again goes on where it stands."""
    cloud.plan(CLUSTER, steps=3)

    def in_parts(request: HandlerRequest) -> Iterator[timedelta | float]:
        yield from islice(request.default(), 1)
        yield 60
        yield from request.default()

    cloud.add_handler(CLUSTER, create=in_parts)
    request = create(cloud, Size="small", Password="p").run()

    assert (request.status, request.steps) == ("SUCCESS", 4)
    made = cloud.resources.get(CLUSTER, "one") or {}
    assert {"Size", "Password", "State"} <= made.keys()


def test_changed_desired_state(cloud: CloudControl) -> None:
    """A handler may change what is wanted before the default work makes it."""

    def larger(request: HandlerRequest) -> Iterator[timedelta]:
        request.desired_state["Size"] = "huge"
        yield from request.default()

    cloud.add_handler(CLUSTER, create=larger)
    create(cloud, Size="small").run()

    assert (cloud.resources.get(CLUSTER, "one") or {})["Size"] == "huge"


def test_default_work_downstream(cloud: CloudControl) -> None:
    """The default work may go on downstream, and makes all there is to make after a cancel."""
    cloud.plan(CLUSTER, steps=3, delay=10)

    def watching(request: HandlerRequest) -> Iterator[float]:
        request.start(request.default)
        while not cloud.downstream.last.done:
            yield 5

    cloud.add_handler(CLUSTER, create=watching)
    request = create(cloud, Size="small", Password="p").step().cancel()
    assert "Password" not in (cloud.resources.get(CLUSTER, "one") or {})

    cloud.clock.advance(60)

    assert statuses(request) == ["IN_PROGRESS", "IN_PROGRESS", "CANCEL_COMPLETE"]
    assert (cloud.resources.get(CLUSTER, "one") or {})["Password"] == "p"
    assert (cloud.downstream.last.name, cloud.downstream.last.done) == ("default", True)


def test_after_the_default_work(cloud: CloudControl) -> None:
    """A handler may go on after the default work, which has made the resource by then."""
    cloud.plan(CLUSTER, steps=1)

    def then_stabilize(request: HandlerRequest) -> Generator[timedelta | float, None, None]:
        yield from request.default()
        put(request, State="STARTING")
        yield 30
        put(request, State="RUNNING")

    cloud.add_handler(CLUSTER, create=then_stabilize)
    request = create(cloud).step()
    assert cloud.resources.get(CLUSTER, "one") == {"Name": "one", "State": "STARTING"}

    assert request.run().steps == 2
    assert cloud.resources.get(CLUSTER, "one") == {"Name": "one", "State": "RUNNING"}


@pytest.mark.parametrize("end", ["cancel", "fail"])
def test_default_work_of_a_request_that_has_ended(cloud: CloudControl, end: str) -> None:
    """Code that goes on with the default work after its request has ended makes the whole call's part of it."""
    cloud.plan(CLUSTER, steps=1)

    def handler(request: HandlerRequest) -> Iterator[timedelta]:
        own = cloud.requests.last
        own.cancel() if end == "cancel" else own.fail("Throttling")
        yield from request.default()

    cloud.add_handler(CLUSTER, create=handler)
    create(cloud, Size="small").run()

    assert (cloud.resources.get(CLUSTER, "one") or {})["Size"] == "small"
