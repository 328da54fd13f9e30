"""Closing a generator: what ends its request, a reset and the mock's end let its `finally` run, once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from calls import wait
from clusters import CLUSTER, SCHEMA, create, delete, put, statuses, telling
from threads import in_threads

from pytest_cloudcontrol import HandlerError, IllegalTransition, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_cloudcontrol import CloudControl, HandlerRequest, ResourceRequest


class Closing:
    """A handler whose generator notes when it is closed, and does something then."""

    def __init__(self, at_the_end: Callable[[], object] = lambda: None) -> None:
        self.closed: list[str] = []
        self._at_the_end = at_the_end

    def create(self, request: HandlerRequest) -> Iterator[int]:
        """Make a cluster in two calls."""
        put(request)
        try:
            yield 1
        except GeneratorExit:
            self.closed.append("closed")
            raise
        finally:
            self.closed.append(str(request.identifier))
            self._at_the_end()


def cancelled_by_api(request: ResourceRequest, cloud: CloudControl) -> None:
    """Cancel a request as the code under test does."""
    cloud.client().cancel_resource_request(RequestToken=request.request_token)


ENDINGS: dict[str, Callable[[ResourceRequest, CloudControl], object]] = {
    "cancelled": lambda request, _: request.cancel(),
    "cancelled by the API": cancelled_by_api,
    "cancelled at the next step": lambda request, _: request.cancel(at_step=2).step(),
    "failed": lambda request, _: request.fail("Throttling"),
    "expired": lambda request, _: request.expire(),
    "seven days": lambda _, cloud: cloud.clock.advance(timedelta(days=7)),
    "reset": lambda _, cloud: cloud.reset(),
}


@pytest.mark.parametrize("how", ENDINGS)
def test_generator_is_closed_with_its_request(cloud: CloudControl, how: str) -> None:
    """Whatever ends a request closes its generator, at once and once."""
    cloud.plan(CLUSTER, delay=timedelta(days=9))
    handler = Closing()

    def slow(request: HandlerRequest) -> Iterator[int | None]:
        for delay in handler.create(request):
            try:
                yield None if how == "seven days" else delay
            except GeneratorExit:
                handler.closed.append("outer")
                raise

    cloud.add_handler(CLUSTER, create=slow)
    request = create(cloud).step()
    assert handler.closed == []

    ENDINGS[how](request, cloud)

    assert handler.closed == ["outer", "closed", "one"]


@pytest.mark.parametrize("rule", ["failure", "cancel", "expiry"])
def test_generator_is_closed_by_a_rule(cloud: CloudControl, rule: str) -> None:
    """A rule that comes instead of a call closes the generator."""
    handler = Closing()
    cloud.add_handler(CLUSTER, handler)
    if rule == "failure":
        cloud.add_failure("Throttling", at_step=2)
    else:
        {"cancel": cloud.add_cancel, "expiry": cloud.add_expiry}[rule](at_step=2)

    create(cloud).run()

    assert handler.closed == ["closed", "one"]


def test_generator_that_has_ended_is_not_closed(cloud: CloudControl) -> None:
    """A generator that came to its end isn't closed besides: its `finally` has run."""
    handler = Closing()
    cloud.add_handler(CLUSTER, handler)

    create(cloud).run()

    assert handler.closed == ["one"]


@pytest.mark.parametrize("move", ["step", "run", "run_until", "advance_to_next"])
def test_generator_of_a_request_that_expires_before_its_call(cloud: CloudControl, move: str) -> None:
    """A request that expires on the way to its next call has its generator closed by who has gone there."""
    handler = Closing()

    def slow(request: HandlerRequest) -> Iterator[timedelta]:
        for _ in handler.create(request):
            yield timedelta(days=8)

    cloud.add_handler(CLUSTER, create=slow)
    request = create(cloud).step()
    if move == "step":
        with pytest.raises(IllegalTransition):
            request.step()
    elif move == "run":
        request.run()
    elif move == "run_until":
        with pytest.raises(AssertionError, match="has expired and will never be SUCCESS"):
            request.run_until("SUCCESS")
    else:
        assert not cloud.clock.advance_to_next()

    assert request.expired
    assert handler.closed == ["closed", "one"]


def test_generator_is_closed_at_the_mocks_end() -> None:
    """The mock's end closes every generator that is suspended, while the mock still answers."""
    seen: list[tuple[int, str]] = []

    def look() -> None:
        client = cloudcontrol.client()
        event = client.get_resource_request_status(RequestToken=request.request_token)["ProgressEvent"]
        seen.append((len(client.list_resources(TypeName=CLUSTER)["ResourceDescriptions"]), event["OperationStatus"]))

    handler = Closing(look)
    with mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.add_type(SCHEMA)
        cloudcontrol.add_handler(CLUSTER, handler)
        request = create(cloudcontrol).step()

    assert (handler.closed, seen) == (["closed", "one"], [(1, "IN_PROGRESS")])


@pytest.mark.parametrize("when", ["cancel", "end"])
def test_code_that_cleans_up_while_it_is_closed(when: str) -> None:
    """A `finally` may call Cloud Control and wait, from any thread: no lock is held, and requests are worked off."""
    left: list[int] = []

    def clean_up() -> None:
        client = cloudcontrol.client()
        answer = client.delete_resource(TypeName=CLUSTER, Identifier="other")
        wait(client, answer["ProgressEvent"]["RequestToken"])
        in_threads(lambda: left.append(len(client.list_resources(TypeName=CLUSTER)["ResourceDescriptions"])))

    with mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.add_type(SCHEMA)
        cloudcontrol.resources.put(CLUSTER, {"Name": "other"})
        cloudcontrol.add_handler(CLUSTER, Closing(clean_up))
        request = create(cloudcontrol).step()
        if when == "cancel":
            request.cancel()
            assert left == [1]

    assert left == [1]
    assert [made.operation.value for made in cloudcontrol.requests] == ["CREATE", "DELETE"]
    assert cloudcontrol.requests.last.status == "SUCCESS"


def test_end_makes_no_more_calls_of_handlers() -> None:
    """Code that moves the clock while it is closed at the mock's end lets no other handler begin anew."""
    begun: list[str | None] = []

    def handler(request: HandlerRequest) -> Iterator[int]:
        begun.append(request.identifier)
        put(request)
        try:
            yield 1
        finally:
            cloudcontrol.clock.advance(60)
            cloudcontrol.run_until_idle()

    with mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.add_type(SCHEMA)
        cloudcontrol.add_handler(CLUSTER, create=handler)
        for name in ("one", "two"):
            create(cloudcontrol, name).step()

    assert begun == ["one", "two"]


def test_work_begun_while_closing_is_closed_too() -> None:
    """What a `finally` begins at the mock's end is closed as well."""
    closed: list[str | None] = []

    def handler(request: HandlerRequest) -> Iterator[int]:
        put(request)
        try:
            yield 1
        finally:
            closed.append(request.identifier)
            if request.identifier == "one":
                create(cloudcontrol, "two").step()

    with mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.add_type(SCHEMA)
        cloudcontrol.add_handler(CLUSTER, create=handler)
        create(cloudcontrol).step()

    assert closed == ["one", "two"]


def test_code_that_never_lets_the_mock_end() -> None:
    """A `finally` that begins a new one each time is given up after as many rounds as the option max_steps says."""
    begun: list[int] = []
    mock = mock_cloudcontrol(max_steps=5)
    cloudcontrol = mock.__enter__()
    is_over = False

    def handler(request: HandlerRequest) -> Iterator[int]:
        begun.append(len(begun))
        put(request)
        try:
            yield 1
        finally:
            if not is_over:
                create(cloudcontrol, f"c{len(begun)}").step()

    cloudcontrol.add_type(SCHEMA)
    cloudcontrol.add_handler(CLUSTER, create=handler)
    create(cloudcontrol).step()
    with pytest.raises(AssertionError) as error:
        mock.__exit__(None, None, None)
    is_over = True

    assert str(error.value).splitlines()[:2] == [
        "These handlers of the test's own are wrong:",
        "    closing the test's own handlers and downstream work begins new ones again and again",
    ]
    assert len(begun) == 6


# What goes wrong then


def test_generator_that_yields_while_it_is_closed() -> None:
    """A generator that yields while it is closed is told, with its line."""

    def handler(request: HandlerRequest) -> Iterator[int]:
        put(request)
        try:
            yield 1
        finally:
            yield 2

    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, create=handler)
        assert create(cloudcontrol).step().cancel().status == "CANCEL_COMPLETE"

    name = "the CREATE handler test_generator_that_yields_while_it_is_closed.<locals>.handler of Test::Db::Cluster"
    line = handler.__code__.co_firstlineno + 5
    assert told == [f"{name} yielded while it was being closed, at {__file__}:{line}"]


def test_generator_that_breaks_while_it_is_closed() -> None:
    """What a `finally` raises is told, and takes nothing away from what has ended the request."""

    def handler(request: HandlerRequest) -> Iterator[int]:
        put(request)
        try:
            yield 1
        finally:
            raise ZeroDivisionError("while closing")

    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, create=handler)
        request = create(cloudcontrol).step().cancel()
        assert (request.status, request.handler_error) == ("CANCEL_COMPLETE", None)

    name = "the CREATE handler test_generator_that_breaks_while_it_is_closed.<locals>.handler of Test::Db::Cluster"
    assert told == [f"{name}, while it was being closed, raised ZeroDivisionError: while closing"]


def test_handler_error_while_closing(cloud: CloudControl) -> None:
    """A HandlerError while closing is nobody's: the request has ended already."""

    def handler(request: HandlerRequest) -> Iterator[int]:
        put(request)
        try:
            yield 1
        finally:
            raise HandlerError("NotStabilized", "too late")

    cloud.add_handler(CLUSTER, create=handler)

    assert statuses(create(cloud).step().cancel()) == ["IN_PROGRESS", "IN_PROGRESS", "CANCEL_COMPLETE"]


def test_no_lock_is_held_while_closing(cloud: CloudControl) -> None:
    """Another thread is answered while a generator is closed by a cancel that the API made."""
    answered: list[str] = []

    def look() -> None:
        client = cloud.client()
        in_threads(lambda: answered.append(client.list_resources(TypeName=CLUSTER)["TypeName"]))

    cloud.add_handler(CLUSTER, Closing(look))
    request = create(cloud).step()
    thread = threading.Thread(target=cancelled_by_api, args=(request, cloud), daemon=True)
    thread.start()
    thread.join(60)

    assert answered == [CLUSTER]
    assert delete(cloud).run().status == "SUCCESS"
