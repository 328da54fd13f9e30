"""Handlers that call Cloud Control themselves: from the same thread, other threads, asyncio, with waiters inside."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from calls import shown, status, wait
from clusters import CLUSTER, create, delete, put, statuses
from mock_time import after
from threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl, HandlerRequest

LOG_GROUP = "AWS::Logs::LogGroup"


def make_log_group(client: CloudControlApiClient, name: str) -> None:
    """Create a log group and wait for it."""
    answer = client.create_resource(TypeName=LOG_GROUP, DesiredState=json.dumps({"LogGroupName": name}))
    wait(client, answer["ProgressEvent"]["RequestToken"])


def directly(work: Callable[[], object]) -> None:
    """Do some work in the same thread."""
    work()


def in_an_executor(work: Callable[[], object]) -> None:
    """Do some work in a thread of a pool."""
    with ThreadPoolExecutor(1) as executor:
        executor.submit(work).result(60)


def in_asyncio(work: Callable[[], object]) -> None:
    """Do some work in a thread of an event loop."""
    asyncio.run(asyncio.to_thread(work))


WAYS: dict[str, Callable[[Callable[[], object]], object]] = {
    "same thread": directly,
    "thread": lambda work: in_threads(work),
    "executor": in_an_executor,
    "asyncio.to_thread": in_asyncio,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("move", ["step", "advance", "run_until_idle", "waiter", "polls"])
def test_handler_that_makes_something_else_first(cloud: CloudControl, way: str, move: str) -> None:
    """A handler may make another resource and wait for it, whoever moves the clock: there is no deadlock."""
    client = cloud.client()

    def handler(request: HandlerRequest) -> Iterator[int]:
        WAYS[way](lambda: make_log_group(client, f"logs-of-{request.identifier}"))
        put(request)
        yield 30

    cloud.add_handler(CLUSTER, create=handler)
    request = create(cloud)
    if move == "step":
        request.run()
    elif move == "advance":
        cloud.clock.advance(60)
    elif move == "run_until_idle":
        cloud.run_until_idle()
    elif move == "waiter":
        wait(client, request.request_token)
    else:
        while status(client, request.request_token) != "SUCCESS":
            pass

    assert statuses(request) == ["IN_PROGRESS", "IN_PROGRESS", "SUCCESS"]
    assert shown(client, LOG_GROUP, "logs-of-one")
    assert [made.type_name for made in cloud.requests] == [CLUSTER, LOG_GROUP]
    assert request.events[1].event_time == after(5.2)  # the waiter's sleep, which the handler's call took


@pytest.mark.parametrize("way", WAYS)
def test_handler_of_a_tree(cloud: CloudControl, way: str) -> None:
    """A handler may ask for resources of its own type, whose handler is the same."""
    client = cloud.client()

    def handler(request: HandlerRequest) -> Iterator[int]:
        name = request.identifier or ""

        def make_child() -> None:
            answer = client.create_resource(TypeName=CLUSTER, DesiredState=json.dumps({"Name": f"{name}x"}))
            wait(client, answer["ProgressEvent"]["RequestToken"])

        if len(name) < 3:
            WAYS[way](make_child)
        put(request)
        yield 1

    cloud.add_handler(CLUSTER, create=handler)

    assert create(cloud, "a").run().status == "SUCCESS"
    assert [resource.identifier for resource in cloud.resources] == ["axx", "ax", "a"]


def test_handlers_of_many_requests_in_threads(cloud: CloudControl) -> None:
    """Threads that each create and wait have their handlers called, whichever thread moves the clock."""
    client = cloud.client()

    def handler(request: HandlerRequest) -> Iterator[int]:
        assert client.list_resources(TypeName=CLUSTER)["TypeName"] == CLUSTER
        put(request, State="STARTING")
        yield 5
        put(request, State="RUNNING")

    def deploy(name: str) -> str:
        answer = client.create_resource(TypeName=CLUSTER, DesiredState=json.dumps({"Name": name}))
        wait(client, answer["ProgressEvent"]["RequestToken"])
        return str(shown(client, CLUSTER, name)["State"])

    cloud.add_handler(CLUSTER, create=handler)
    names = [f"c{number}" for number in range(6)]

    assert in_threads(*[lambda name=name: deploy(name) for name in names]) == ["RUNNING"] * 6


def test_code_in_an_event_loop(cloud: CloudControl) -> None:
    """Code under test that waits in asyncio.to_thread, several at once, has its handlers called."""
    client = cloud.client()

    def handler(request: HandlerRequest) -> Iterator[int]:
        make_log_group(client, f"logs-of-{request.identifier}")
        put(request)
        yield 5

    def deploy(name: str) -> str:
        answer = client.create_resource(TypeName=CLUSTER, DesiredState=json.dumps({"Name": name}))
        token = answer["ProgressEvent"]["RequestToken"]
        wait(client, token)
        return status(client, token)

    async def deploy_all() -> list[str]:
        return await asyncio.gather(*(asyncio.to_thread(deploy, name) for name in "abc"))

    cloud.add_handler(CLUSTER, create=handler)

    assert asyncio.run(deploy_all()) == ["SUCCESS"] * 3


def test_handler_that_moves_others(cloud: CloudControl) -> None:
    """A handler may step other requests, and read what is there as the test does."""
    seen: list[int] = []

    def handler(request: HandlerRequest) -> None:
        cloud.requests[0].run()
        seen.append(len(request.resources))
        put(request)

    make_log_group_later = cloud.client().create_resource(TypeName=LOG_GROUP, DesiredState='{"LogGroupName": "later"}')
    assert make_log_group_later["ProgressEvent"]["OperationStatus"] == "IN_PROGRESS"
    cloud.add_handler(CLUSTER, create=handler)
    create(cloud).run()

    assert seen == [1]
    assert {request.status for request in cloud.requests} == {"SUCCESS"}


def test_handler_that_deletes_its_resource_by_the_api(cloud: CloudControl) -> None:
    """For the API a resource that a handler works on is busy, for that handler's own calls too."""
    client = cloud.client()
    refused: list[str] = []

    def handler(request: HandlerRequest) -> Iterator[int]:
        put(request)
        yield 1
        with pytest.raises(client.exceptions.ConcurrentOperationException) as error:
            client.delete_resource(TypeName=CLUSTER, Identifier="one")
        refused.append(error.value.response["Error"]["Code"])

    cloud.add_handler(CLUSTER, create=handler)

    assert create(cloud).run().status == "SUCCESS"
    assert refused == ["ConcurrentOperationException"]
    assert delete(cloud).run().status == "SUCCESS"


def test_retried_call_inside_a_handler(cloud: CloudControl) -> None:
    """A handler's calls are throttled and retried as all others are, and its call takes that time."""
    client = cloud.client()

    def handler(request: HandlerRequest) -> None:
        client.list_resources(TypeName=LOG_GROUP)
        put(request)

    cloud.add_error("ThrottlingException", api="ListResources", times=2)
    cloud.add_handler(CLUSTER, create=handler)
    request = create(cloud).run()

    assert request.status == "SUCCESS"
    assert request.last_event.event_time > after(0.2)
