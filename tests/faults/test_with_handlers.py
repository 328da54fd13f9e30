"""Faults of calls whose answer is a handler's of the test's own, which works outside the mock's lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from loops import ON, rounds
from mock_time import after
from resource_types import QUEUE
from retrying import once
from threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol import CloudControl, HandlerRequest

pytestmark = ON


class Reads:
    """A read handler that counts how often it was called."""

    def __init__(self, cloudcontrol: CloudControl) -> None:
        self.calls = 0
        cloudcontrol.add_handler(QUEUE, read=self.read)

    def read(self, request: HandlerRequest) -> dict[str, object]:
        """Show a queue of any name."""
        self.calls += 1
        return {"QueueUrl": request.identifier, "DelaySeconds": self.calls}


def test_lost_answer_of_a_read(cloudcontrol: CloudControl) -> None:
    """A read whose answer is lost has run its handler, once; one that an error came instead of hasn't."""
    reads, client = Reads(cloudcontrol), once(cloudcontrol)
    for is_after, calls in ((False, 0), (True, 1)):
        cloudcontrol.add_error("ReadTimeoutError", after=is_after)
        with pytest.raises(ReadTimeoutError):
            client.get_resource(TypeName=QUEUE, Identifier="q")
        assert reads.calls == calls


def test_limit_of_reads(cloudcontrol: CloudControl) -> None:
    """A call that comes too fast runs no handler, and a loop without a sleep gets through."""
    reads, client = Reads(cloudcontrol), once(cloudcontrol)
    cloudcontrol.limit_rate(1, per=10)
    client.get_resource(TypeName=QUEUE, Identifier="q")
    with pytest.raises(ClientError, match="Rate exceeded"):
        client.get_resource(TypeName=QUEUE, Identifier="q")
    assert reads.calls == 1
    client.get_resource(TypeName=QUEUE, Identifier="q")
    assert (reads.calls, cloudcontrol.clock.now()) == (2, after(10))


def test_limit_of_reads_in_threads(cloudcontrol: CloudControl) -> None:
    """Threads that read at once take one token each."""
    reads, client = Reads(cloudcontrol), once(cloudcontrol)
    cloudcontrol.limit_rate(2, per=10)

    def read(name: str) -> None:
        for _ in rounds():
            try:
                client.get_resource(TypeName=QUEUE, Identifier=name)
            except ClientError:
                continue
            break

    in_threads(*[lambda name=name: read(name) for name in "abcdef"])
    assert (reads.calls, cloudcontrol.clock.now()) == (6, after(20))


def test_lost_answer_of_a_create(cloudcontrol: CloudControl) -> None:
    """A create whose answer is lost has its handler called as ever, and the SDK's retry is told of it."""
    steps: list[int] = []

    def create(request: HandlerRequest) -> Iterator[int]:
        steps.append(request.step_number)
        identifier = request.identifier = request.resources.put(QUEUE, {"QueueName": "made"})
        yield 5
        steps.append(request.step_number)
        request.resources.update(QUEUE, identifier, {"DelaySeconds": 7})

    cloudcontrol.add_handler(QUEUE, create=create)
    cloudcontrol.add_error("ConnectionClosedError", api="CreateResource", after=True)
    cloudcontrol.client().create_resource(TypeName=QUEUE, DesiredState="{}")
    request = cloudcontrol.requests.last.run()
    assert (request.status, steps, len(cloudcontrol.requests)) == ("SUCCESS", [1, 2], 1)
    assert request.identifier is not None
    assert (cloudcontrol.resources.get(QUEUE, request.identifier) or {})["DelaySeconds"] == 7


def test_calls_of_a_handler(cloudcontrol: CloudControl) -> None:
    """A handler that calls Cloud Control itself meets faults like everybody else, and its request goes on."""
    client = once(cloudcontrol)

    def create(request: HandlerRequest) -> None:
        with pytest.raises(ReadTimeoutError):
            client.list_resource_requests()
        request.identifier = request.resources.put(QUEUE, {"QueueName": "made"})

    cloudcontrol.add_handler(QUEUE, create=create)
    cloudcontrol.add_error("ReadTimeoutError", api="ListResourceRequests")
    client.create_resource(TypeName=QUEUE, DesiredState="{}")
    assert cloudcontrol.requests.last.run().status == "SUCCESS"
