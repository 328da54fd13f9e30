"""What may be a handler: an object or functions, generators or plain, and what each yield and each end means."""

from __future__ import annotations

import functools
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from clusters import CLUSTER, create, delete, events, put, statuses, update

from pytest_cloudcontrol import HandlerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_cloudcontrol import CloudControl, HandlerRequest


class Handler:
    """A handler as an object: it remembers which of its methods were called."""

    def __init__(self) -> None:
        self.called: list[str] = []

    def create(self, request: HandlerRequest) -> Iterator[int]:
        """Make a cluster in two calls."""
        self.called.append("create")
        put(request, State="STARTING")
        yield 30
        put(request, State="RUNNING")

    def update(self, request: HandlerRequest) -> None:
        """Change one in one call."""
        self.called.append("update")
        put(request)

    def delete(self, request: HandlerRequest) -> Iterator[None]:
        """Remove one in two calls."""
        self.called.append("delete")
        yield None
        request.resources.delete(CLUSTER, request.identifier or "")


def test_object_with_methods(cloud: CloudControl) -> None:
    """The methods of an object work off the requests of their operations, and the default does the rest."""
    handler = Handler()
    added = cloud.add_handler(CLUSTER, handler)

    assert create(cloud).run().steps == 2
    assert cloud.resources.get(CLUSTER, "one") == {"Name": "one", "State": "RUNNING"}
    assert update(cloud, Size="large").run().steps == 1
    assert cloud.resources.get(CLUSTER, "one") == {"Name": "one", "State": "RUNNING", "Size": "large"}
    assert delete(cloud).run().steps == 2
    assert list(cloud.resources) == []
    assert (handler.called, added.fired) == (["create", "update", "delete"], 3)


def test_function_beside_an_object(cloud: CloudControl) -> None:
    """A single function takes the place of an object's method of that name."""
    handler = Handler()
    cloud.add_handler(CLUSTER, handler, create=put)

    assert create(cloud).run().steps == 1
    assert delete(cloud).run().steps == 2
    assert handler.called == ["delete"]


def made_by_a_generator(request: HandlerRequest) -> Iterator[int]:
    """Make a cluster in two calls."""
    put(request)
    yield 1


FUNCTIONS: dict[str, tuple[Callable[[HandlerRequest], object], int]] = {
    "generator function": (made_by_a_generator, 2),
    "plain function": (put, 1),
    "lambda": (lambda request: put(request), 1),
    "partial": (functools.partial(put, State="RUNNING"), 1),
    "bound method": (Handler().create, 2),
    "function that returns a generator": (lambda request: made_by_a_generator(request), 2),
}


@pytest.mark.parametrize("kind", FUNCTIONS)
def test_kind_of_function(cloud: CloudControl, kind: str) -> None:
    """A generator takes a call for each part; whatever else there is to call takes one."""
    function, steps = FUNCTIONS[kind]
    cloud.add_handler(CLUSTER, create=function)

    request = create(cloud).run()

    assert (request.status, request.steps) == ("SUCCESS", steps)
    assert cloud.resources.get(CLUSTER, "one") is not None


@pytest.mark.fidelity("L-4")
@pytest.mark.parametrize(
    ("delay", "seconds"),
    [(30, 30.0), (0.5, 0.5), (0, 0.0), (timedelta(minutes=2), 120.0), (None, 7.0)],
    ids=["seconds", "a part of one", "none at all", "timedelta", "the plan's"],
)
def test_callback_delay(cloud: CloudControl, delay: timedelta | float | None, seconds: float) -> None:
    """What a handler yields is the callback delay: RetryAfter is so much later, and so is the next call."""
    cloud.plan(CLUSTER, delay=7)

    def handler(request: HandlerRequest) -> Iterator[timedelta | float | None]:
        put(request)
        yield delay

    cloud.add_handler(CLUSTER, create=handler)
    request = create(cloud).step()
    client = cloud.client()
    event = client.get_resource_request_status(RequestToken=request.request_token)["ProgressEvent"]

    assert event["RetryAfter"] - event["EventTime"] == timedelta(seconds=seconds)
    assert request.next_step_at == event["RetryAfter"]
    assert events(request.run()) == [(0, "IN_PROGRESS"), (0.2, "IN_PROGRESS"), (0.2 + seconds, "SUCCESS")]


def test_what_a_call_did_is_done(cloud: CloudControl) -> None:
    """What a handler did before a yield is there when that call has ended, and stays after a cancel."""

    def handler(request: HandlerRequest) -> Iterator[int]:
        put(request, State="STARTING")
        yield 30
        put(request, State="RUNNING")

    cloud.add_handler(CLUSTER, create=handler)
    request = create(cloud)
    assert cloud.resources.get(CLUSTER, "one") is None

    request.step()

    assert cloud.resources.get(CLUSTER, "one") == {"Name": "one", "State": "STARTING"}
    assert request.cancel().status == "CANCEL_COMPLETE"
    cloud.clock.advance(3600)
    assert cloud.resources.get(CLUSTER, "one") == {"Name": "one", "State": "STARTING"}


def test_update_of_a_property(cloud: CloudControl) -> None:
    """A handler changes properties of what is there by resources.update, which isn't behind anybody's back."""

    def handler(request: HandlerRequest) -> Iterator[int]:
        put(request, State="STARTING")
        yield 30
        request.resources.update(CLUSTER, "one", {"State": "RUNNING"})

    cloud.add_handler(CLUSTER, create=handler)
    request = create(cloud).run()

    assert request.status == "SUCCESS"
    assert cloud.resources.get(CLUSTER, "one") == {"Name": "one", "State": "RUNNING"}


@pytest.mark.fidelity("L-13")
@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (HandlerError("NotStabilized", "no quorum"), "NotStabilized", "no quorum"),
        (HandlerError("Throttling", ""), "Throttling", None),
        (
            HandlerError("AlreadyExists"),
            "AlreadyExists",
            "Handler returned status FAILED (HandlerErrorCode: AlreadyExists)",
        ),
    ],
    ids=["with words", "with empty ones", "without"],
)
def test_handler_error(cloud: CloudControl, error: HandlerError, code: str, message: str | None) -> None:
    """A HandlerError ends the request as FAILED with its code and its words; nothing is wrong with the handler."""

    def handler(request: HandlerRequest) -> Iterator[int]:
        put(request)
        yield 1
        raise error

    cloud.add_handler(CLUSTER, create=handler)
    request = create(cloud).run()

    assert (request.status, request.error_code, request.status_message) == ("FAILED", code, message)
    assert (request.steps, request.identifier, request.handler_error) == (2, "one", None)
    assert len(cloud.resources) == 1


def test_handler_of_an_aws_type(cloud: CloudControl) -> None:
    """AWS's own types take handlers too."""

    def handler(request: HandlerRequest) -> Iterator[int]:
        request.identifier = request.resources.put(request.type_name, request.desired_state)
        yield 20

    cloud.add_handler("AWS::S3::Bucket", create=handler)
    client = cloud.client()
    answer = client.create_resource(TypeName="AWS::S3::Bucket", DesiredState='{"BucketName": "reports"}')

    client.get_waiter("resource_request_success").wait(RequestToken=answer["ProgressEvent"]["RequestToken"])

    assert client.get_resource(TypeName="AWS::S3::Bucket", Identifier="reports")
    assert cloud.requests.last.steps == 2


def test_identifier_that_the_service_makes(cloud: CloudControl) -> None:
    """The identifier that a handler sets is in its call's event, and makes the resource busy."""
    queue = "AWS::SQS::Queue"

    def handler(request: HandlerRequest) -> Iterator[int]:
        assert request.identifier is None
        request.identifier = request.resources.put(queue, request.desired_state)
        yield 1

    cloud.add_handler(queue, create=handler)
    client = cloud.client()
    client.create_resource(TypeName=queue, DesiredState='{"QueueName": "orders"}')
    request = cloud.requests.last.step()

    assert [event.identifier for event in request.events] == [None, request.identifier]
    with pytest.raises(client.exceptions.ConcurrentOperationException):
        client.delete_resource(TypeName=queue, Identifier=request.identifier or "")
    assert request.run().status == "SUCCESS"


# Which handler it is


def test_latest_handler_wins(cloud: CloudControl) -> None:
    """Of two handlers for an operation the latest works; what it has no function for stays with the earlier one."""
    first = cloud.add_handler(CLUSTER, Handler())
    second = cloud.add_handler(CLUSTER, create=put)

    assert create(cloud).run().steps == 1
    assert delete(cloud).run().steps == 2
    assert (first.fired, second.fired) == (1, 1)


def test_request_keeps_its_handler(cloud: CloudControl) -> None:
    """A handler works on requests that are accepted after it was added; these keep it when it is taken back."""
    before = create(cloud, "before")
    added = cloud.add_handler(CLUSTER, Handler())
    during = create(cloud, "during").step()
    added.remove()
    added.remove()
    after = create(cloud, "after")
    cloud.run_until_idle()

    states = {resource.identifier: resource.properties.get("State") for resource in cloud.resources}
    assert states["during"] == "RUNNING"
    assert {states["before"], states["after"]}.isdisjoint({"RUNNING", "STARTING"})
    assert {request.status for request in (before, during, after)} == {"SUCCESS"}
    assert added.fired == 1


def test_handlers_after_a_reset(cloud: CloudControl) -> None:
    """A reset takes handlers away with all else that was arranged."""
    cloud.add_handler(CLUSTER, Handler())
    cloud.reset()
    cloud.add_type(
        {
            "typeName": CLUSTER,
            "properties": {"Name": {"type": "string"}},
            "primaryIdentifier": ["/properties/Name"],
            "handlers": {"create": {}, "read": {}},
        }
    )

    assert statuses(create(cloud).run()) == ["IN_PROGRESS", "IN_PROGRESS", "SUCCESS"]
    assert cloud.resources.get(CLUSTER, "one") == {"Name": "one"}


def test_arrangement_shows_itself(cloud: CloudControl) -> None:
    """The handle of a handler says what was added and for how many requests it worked."""
    added = cloud.add_handler(CLUSTER, create=put, read=lambda request: {"Name": request.identifier})
    assert repr(added) == "<add_handler('Test::Db::Cluster') for CREATE, READ, fired 0 times>"
    create(cloud)
    assert repr(added) == "<add_handler('Test::Db::Cluster') for CREATE, READ, fired 1 time>"


def test_failure_instead_of_a_handlers_call(cloud: CloudControl) -> None:
    """A rule comes instead of a call of the test's own handler, as of every other."""
    cloud.add_failure("NotStabilized", at_step=2)
    cloud.add_handler(CLUSTER, Handler())

    request = create(cloud).run()

    assert (request.error_code, request.steps) == ("NotStabilized", 2)
    assert cloud.resources.get(CLUSTER, "one") == {"Name": "one", "State": "STARTING"}


@pytest.mark.parametrize("rule", ["cancel", "expiry", "failure"])
def test_rule_at_the_end(cloud: CloudControl, rule: str) -> None:
    """At the end everything is done, and the request ends as the rule says instead of with SUCCESS."""
    add = {"cancel": cloud.add_cancel, "expiry": cloud.add_expiry}
    if rule == "failure":
        cloud.add_failure("Throttling", at_step="end")
    else:
        add[rule](at_step="end")
    cloud.add_handler(CLUSTER, Handler())

    request = create(cloud).run()

    ended = {"cancel": ("CANCEL_COMPLETE", False), "expiry": ("IN_PROGRESS", True), "failure": ("FAILED", False)}
    assert (request.status, request.expired) == ended[rule]
    assert request.steps == 2
    assert cloud.resources.get(CLUSTER, "one") == {"Name": "one", "State": "RUNNING"}


def test_code_before_the_end(cloud: CloudControl) -> None:
    """What runs before the end runs after the last call's work and before its event."""
    seen: list[tuple[object, str]] = []

    def look() -> None:
        seen.append((cloud.resources.get(CLUSTER, "one"), cloud.requests.last.status))

    cloud.before(look, at_step="end")
    cloud.add_handler(CLUSTER, Handler())

    assert create(cloud).run().status == "SUCCESS"
    assert seen == [({"Name": "one", "State": "RUNNING"}, "IN_PROGRESS")]


def test_pending_request(cloud: CloudControl) -> None:
    """The first call of a request that is PENDING begins its handler."""
    cloud.plan(CLUSTER, pending=True)
    cloud.add_handler(CLUSTER, Handler())

    request = create(cloud)

    assert request.status == "PENDING"
    assert statuses(request.run()) == ["PENDING", "IN_PROGRESS", "SUCCESS"]
