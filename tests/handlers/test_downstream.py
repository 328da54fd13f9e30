"""Downstream work that handlers start: it goes on whatever becomes of the request, and the test may move it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from calls import shown, status
from clusters import CLUSTER, ENDINGS, create, delete, put
from mock_time import START, after
from refusals import refusal
from threads import in_threads

from pytest_cloudcontrol import (
    CloudControl,
    DownstreamWork,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol import HandlerRequest


def provisioning(request: HandlerRequest) -> Iterator[int]:
    """Make the cluster by itself, two minutes after the start: the handler only looks."""

    def provision() -> Iterator[int]:
        yield 120
        request.resources.put(CLUSTER, request.desired_state)

    request.start(provision)
    for _ in range(4):
        yield 60


@pytest.mark.fidelity("L-30")
@pytest.mark.parametrize("end", ENDINGS)
def test_resource_that_comes_after_the_end(cloud: CloudControl, end: str) -> None:
    """A request that is cancelled, fails or expires leaves its downstream work going on: the resource comes."""
    cloud.add_handler(CLUSTER, create=provisioning)
    request = create(cloud).step()
    ENDINGS[end](request)
    client = cloud.client()
    assert refusal(client.get_resource, TypeName=CLUSTER, Identifier="one").code == "ResourceNotFoundException"

    cloud.clock.advance(119.9)
    assert list(cloud.resources) == []
    cloud.clock.advance(0.1)

    assert shown(client, CLUSTER, "one")["Name"] == "one"
    assert (cloud.downstream.last.done, request.steps) == (True, 1)


def test_delete_and_create_that_meet_the_late_arrival(cloud: CloudControl) -> None:
    """After a cancel a delete finds nothing yet; a create that comes after the late arrival finds it there already."""
    cloud.add_handler(CLUSTER, create=provisioning)
    create(cloud).step().cancel()
    gone = delete(cloud).run()
    words = f"Resource of type '{CLUSTER}' with identifier 'one' was not found."
    assert (gone.error_code, gone.status_message) == ("NotFound", words)

    cloud.clock.advance(120)
    cloud.add_handler(CLUSTER, create=lambda request: (yield from request.default()))
    again = create(cloud).run()
    words = f"Resource of type '{CLUSTER}' with identifier 'one' already exists."
    assert (again.error_code, again.status_message) == ("AlreadyExists", words)

    assert delete(cloud).run().status == "SUCCESS"
    assert list(cloud.resources) == []


def test_first_part_runs_at_once(cloud: CloudControl) -> None:
    """The first part of downstream work is made inside start(), and an error of the arguments is the handler's."""
    seen: list[str] = []

    def handler(request: HandlerRequest) -> None:
        def work() -> Iterator[int]:
            seen.append("first part")
            yield 1
            seen.append("second part")

        seen.append("before")
        request.start(work)
        seen.append("after")
        put(request)

    cloud.add_handler(CLUSTER, create=handler)
    create(cloud).run()
    assert seen == ["before", "first part", "after"]

    cloud.run_until_idle()
    assert seen[3:] == ["second part"]


@pytest.mark.parametrize(
    ("wait", "seconds"),
    [(10, 10.0), (0.5, 0.5), (timedelta(minutes=1), 60.0), (None, 7.0), (0, 0.0)],
    ids=str,
)
def test_length_of_a_wait(cloud: CloudControl, wait: timedelta | float | None, seconds: float) -> None:
    """Each yield waits so long on the clock; None is the plan's delay."""
    cloud.plan(CLUSTER, delay=7)

    def work() -> Iterator[timedelta | float | None]:
        yield wait

    def handler(request: HandlerRequest) -> None:
        request.start(work())
        put(request)

    cloud.add_handler(CLUSTER, create=handler)
    create(cloud).step()

    assert cloud.downstream.last.next_step_at == after(0.2 + seconds)


# In the test's hand


class Working:
    """A handler that starts work of some pieces each a second apart, and notes what was made when."""

    def __init__(self, cloud: CloudControl, pieces: int = 3) -> None:
        self._cloud = cloud
        self._pieces = pieces
        self.made: list[tuple[float, str]] = []

    def note(self, what: str) -> None:
        """Note what was made."""
        self.made.append(((self._cloud.clock.now() - START).total_seconds(), what))

    def work(self, name: str) -> Iterator[float]:
        """Make some pieces."""
        for number in range(1, self._pieces):
            self.note(f"{name} {number}")
            yield 1
        self.note(f"{name} {self._pieces}")

    def create(self, request: HandlerRequest) -> Iterator[float]:
        """Start the work, look twice, and succeed."""
        name = request.identifier or ""
        put(request)
        request.start(self.work(name), name=name)
        for _ in range(2):
            yield 1
            self.note(f"{name} looks")


def test_steps_of_the_test(cloud: CloudControl) -> None:
    """A test steps and runs downstream work piece by piece; each returns the work."""
    working = Working(cloud)
    cloud.add_handler(CLUSTER, working)
    create(cloud).step().cancel()
    work = cloud.downstream.last

    assert (work.done, work.error, work.next_step_at) == (False, None, after(1.2))
    assert work.step() is work
    assert working.made == [(0.2, "one 1"), (1.2, "one 2")]
    assert work.run().done
    assert working.made[2:] == [(2.2, "one 3")]
    assert (work.next_step_at, work.run()) == (None, work)
    assert cloud.clock.now() == after(2.2)


def test_stopped_work(cloud: CloudControl) -> None:
    """Work that is stopped ends there, with its generator closed; what it has done stays."""
    closed: list[bool] = []

    def handler(request: HandlerRequest) -> Iterator[int]:
        def work() -> Iterator[int]:
            request.resources.put(CLUSTER, {"Name": "one"})
            try:
                yield 10
            finally:
                closed.append(True)

        request.start(work)
        yield 100

    cloud.add_handler(CLUSTER, create=handler)
    create(cloud).step()
    work = cloud.downstream.last.stop()

    assert (work.done, work.error, work.next_step_at, closed) == (True, None, None, [True])
    assert work.stop() is work
    cloud.clock.advance(60)
    assert (len(cloud.resources), closed) == (1, [True])


def test_what_it_shows(cloud: CloudControl) -> None:
    """Downstream work shows its name, its request and where it stands; there is one a start, oldest first."""
    cloud.add_handler(CLUSTER, Working(cloud))
    one, two = create(cloud, "one").step(), create(cloud, "two").step()
    first, second = cloud.downstream

    assert [(work.name, work.request) for work in cloud.downstream] == [("one", one), ("two", two)]
    assert cloud.downstream[0] == first != second == cloud.downstream.last
    assert {first: 1}[cloud.downstream[0]] == 1
    assert isinstance(first, DownstreamWork)
    assert repr(first) == f"<DownstreamWork one of {one.request_token}, next at {after(1.2)}>"
    assert repr(first.run()) == f"<DownstreamWork one of {one.request_token}, done>"


def test_names(cloud: CloudControl) -> None:
    """Without a name downstream work is called as its generator function is."""

    def provision() -> Iterator[int]:
        yield 1

    def handler(request: HandlerRequest) -> None:
        request.start(provision)
        request.start(provision())
        request.start(lambda: provision(), name="by the service")
        put(request)

    cloud.add_handler(CLUSTER, create=handler)
    create(cloud).step()

    assert [work.name for work in cloud.downstream] == ["provision", "provision", "by the service"]


def test_no_work(cloud: CloudControl) -> None:
    """Without any work the error says how there may be some."""
    with pytest.raises(LookupError) as error:
        cloud.downstream.last  # noqa: B018  # it raises
    assert str(error.value) == (
        "no downstream work has been started: request.start() of a handler, or plan(downstream=True)"
    )
    assert (len(cloud.downstream), list(cloud.downstream)) == (0, [])


def test_kept_over_a_reset(cloud: CloudControl) -> None:
    """What a test keeps of downstream work follows a reset, which closes all there is."""
    closed: list[bool] = []

    def handler(request: HandlerRequest) -> Iterator[int]:
        def work() -> Iterator[int]:
            try:
                yield 10
            finally:
                closed.append(True)

        request.start(work)
        yield 100

    cloud.add_handler(CLUSTER, create=handler)
    create(cloud).step()
    kept, work = cloud.downstream, cloud.downstream.last
    cloud.reset()

    assert (len(kept), work.done, closed) == (0, True, [True])


# The order of things


def test_order_at_one_instant(cloud: CloudControl) -> None:
    """At one instant downstream work comes first, in the order of its start, then handler calls."""
    working = Working(cloud)
    cloud.add_handler(CLUSTER, working)
    create(cloud, "one")
    create(cloud, "two")
    cloud.clock.advance(60)

    assert working.made == [
        (0.2, "one 1"),
        (0.2, "two 1"),
        (1.2, "one 2"),
        (1.2, "two 2"),
        (1.2, "one looks"),
        (1.2, "two looks"),
        (2.2, "one 3"),
        (2.2, "two 3"),
        (2.2, "one looks"),
        (2.2, "two looks"),
    ]


def test_step_of_a_request_makes_its_own_pieces(cloud: CloudControl) -> None:
    """A request's own step makes its own pieces that are due by then, and leaves those of others overdue."""
    working = Working(cloud)
    cloud.add_handler(CLUSTER, working)
    one, two = create(cloud, "one").step(), create(cloud, "two").step()
    working.made.clear()

    one.step()
    assert working.made == [(1.2, "one 2"), (1.2, "one looks")]

    two.run()
    assert [what for _, what in working.made[2:]] == ["two 2", "two looks", "two 3", "two looks"]
    assert cloud.downstream[0].next_step_at == after(2.2)


def test_cloudcontrol_step_makes_pieces(cloud: CloudControl) -> None:
    """cloudcontrol.step() makes a piece where that is due first, and returns the request that has started it."""
    working = Working(cloud, pieces=2)
    cloud.add_handler(CLUSTER, working)
    one = create(cloud)

    assert [cloud.step() for _ in range(5)] == [one, one, one, one, None]
    assert [what for _, what in working.made] == ["one 1", "one 2", "one looks", "one looks"]
    assert cloud.scope(region="eu-west-1").step() is None


def test_run_until_idle_counts_handler_calls(cloud: CloudControl) -> None:
    """run_until_idle makes pieces too, but counts handler calls only."""
    working = Working(cloud, pieces=10)
    cloud.add_handler(CLUSTER, working)
    create(cloud)

    assert cloud.run_until_idle(max_steps=3) == 3
    cloud.run_until_idle(max_steps=1)
    assert working.made[-1] == (9.2, "one 10")
    assert cloud.downstream.last.done


def test_advance_to_next_makes_pieces(cloud: CloudControl) -> None:
    """The clock's next piece of work may be one of downstream."""
    working = Working(cloud)
    cloud.add_handler(CLUSTER, working)
    create(cloud).step().cancel()

    times = []
    while cloud.clock.advance_to_next():
        times.append(cloud.clock.now())
    assert times == [after(1.2), after(2.2)]


# Code that waits


def test_code_that_waits_for_downstream_work(cloud: CloudControl) -> None:
    """A loop over GetResource after a cancel ends: time goes on to the work that is due."""
    cloud.add_handler(CLUSTER, create=provisioning)
    create(cloud).step().cancel()
    client = cloud.client()

    def looks() -> int:
        for number in range(100):
            try:
                client.get_resource(TypeName=CLUSTER, Identifier="one")
            except client.exceptions.ResourceNotFoundException:
                continue
            return number
        return 100

    assert looks() < 5
    assert cloud.clock.now() == after(120.2)


def test_code_that_polls_a_request_with_downstream_work(cloud: CloudControl) -> None:
    """A loop over the status moves on to the request's next call, with the pieces on the way made."""
    working = Working(cloud)
    cloud.add_handler(CLUSTER, working)
    client, token = cloud.client(), create(cloud).request_token
    while status(client, token) != "SUCCESS":
        pass

    assert [what for _, what in working.made] == ["one 1", "one 2", "one looks", "one 3", "one looks"]


def test_work_that_calls_cloud_control(cloud: CloudControl) -> None:
    """Downstream work may call Cloud Control, and wait, from any thread."""
    client = cloud.client()

    def handler(request: HandlerRequest) -> Iterator[int]:
        def work() -> Iterator[int]:
            yield 5
            in_threads(lambda: client.list_resources(TypeName=CLUSTER))
            answer = client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState='{"LogGroupName": "app"}')
            client.get_waiter("resource_request_success").wait(RequestToken=answer["ProgressEvent"]["RequestToken"])

        request.start(work)
        put(request)
        yield 30

    cloud.add_handler(CLUSTER, create=handler)
    create(cloud)
    cloud.clock.advance(60)

    assert shown(client, "AWS::Logs::LogGroup", "app")
    assert {request.status for request in cloud.requests} == {"SUCCESS"}
