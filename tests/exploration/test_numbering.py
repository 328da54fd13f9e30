"""How calls and requests are numbered: as a reader of the code under test would count them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.config import Config
from calls import create, status
from programs import NO_SURPRISES, Seen, tried
from resource_types import LOG_GROUP, QUEUE
from retrying import once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrying import Mode

    from pytest_cloudcontrol import CloudControl, HandlerRequest

CALLS: Final[dict[str, Any]] = NO_SURPRISES | {"errors": ("AccessDeniedException",)}


def calls_of(program: Any, **arguments: Any) -> list[str]:
    """Return the places of a program's calls."""
    return [line.removesuffix(": AccessDeniedException") for line in tried(Seen(program), **CALLS | arguments)]


@pytest.mark.parametrize("mode", ["legacy", "standard"])
def test_retries_are_one_call(mode: Mode) -> None:
    """What an SDK tries again by itself is one call, however often."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.add_error("ThrottlingException", times=3, optional=True)
        client = cloudcontrol.client(config=Config(retries={"mode": mode, "total_max_attempts": 5}))
        return status(client, create(client))

    assert calls_of(program) == ["call 1 CreateResource", "call 2 GetResourceRequestStatus"]


def test_tries_of_the_code_s_own_are_several() -> None:
    """What the code itself tries again is a call each time."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.add_error("ThrottlingException", times=2, optional=True)
        client = once(cloudcontrol)
        for _ in range(3):
            try:
                return create(client)
            except client.exceptions.ThrottlingException:
                continue
        return "given up"

    assert calls_of(program) == [f"call {number} CreateResource" for number in (1, 2, 3)]


def test_several_clients() -> None:
    """All clients of the code count together, whichever operation they call."""

    def program(cloudcontrol: CloudControl) -> object:
        first, second = once(cloudcontrol), once(cloudcontrol, "eu-west-1")
        token = create(first)
        second.list_resource_requests()
        return first.cancel_resource_request(RequestToken=token)["ProgressEvent"]["OperationStatus"]

    assert calls_of(program) == ["call 1 CreateResource", "call 2 ListResourceRequests", "call 3 CancelResourceRequest"]


def test_calls_of_handlers() -> None:
    """What a handler of the test's own calls counts for nothing; its requests do."""

    def program(cloudcontrol: CloudControl) -> object:
        client = once(cloudcontrol)

        def work(request: HandlerRequest) -> Iterator[int]:
            create(client, "inner")
            yield 1
            request.identifier = request.resources.put(QUEUE, request.desired_state)

        cloudcontrol.add_handler(QUEUE, create=work)
        client.create_resource(TypeName=QUEUE, DesiredState='{"QueueName": "outer"}')
        cloudcontrol.run_until_idle()
        client.list_resource_requests()
        return [request.type_name for request in cloudcontrol.requests]

    seen = Seen(program)
    assert calls_of(program) == ["call 1 CreateResource", "call 2 ListResourceRequests"]
    lines = tried(seen, **NO_SURPRISES | {"cancels": True})
    assert {line.partition(" step")[0] for line in lines} == {"request 1", "request 2"}
    assert seen.outcomes[0] == str([QUEUE, LOG_GROUP])


def test_calls_of_callbacks() -> None:
    """What runs before a call or a step calls nothing that counts."""

    def program(cloudcontrol: CloudControl) -> object:
        client = once(cloudcontrol)
        cloudcontrol.before(lambda: client.list_resource_requests(), api="CreateResource")
        cloudcontrol.before(lambda: client.list_resource_requests(), at_step=1)
        token = create(client)
        cloudcontrol.run_until_idle()
        return status(client, token)

    assert calls_of(program) == ["call 1 CreateResource", "call 2 GetResourceRequestStatus"]


def test_calls_of_hooks() -> None:
    """What a hook calls counts for nothing."""

    def program(cloudcontrol: CloudControl) -> object:
        client = once(cloudcontrol)

        def fails(_: object) -> None:
            client.list_resource_requests()

        cloudcontrol.add_hook("Acme::Rules::Names", fails=fails)
        token = create(client)
        cloudcontrol.run_until_idle()
        return status(client, token)

    assert calls_of(program) == ["call 1 CreateResource", "call 2 GetResourceRequestStatus"]


def test_calls_of_setup_and_undisturbed_ones() -> None:
    """What setup calls, and what is called in an undisturbed block, counts for nothing."""

    def setup(cloudcontrol: CloudControl) -> None:
        create(once(cloudcontrol), "first")

    def program(cloudcontrol: CloudControl) -> object:
        client = once(cloudcontrol)
        with cloudcontrol.undisturbed():
            client.list_resource_requests()
        client.list_resource_requests()
        with cloudcontrol.undisturbed():
            client.list_resource_requests()
        return client.list_resource_requests()["ResponseMetadata"]["HTTPStatusCode"]

    assert calls_of(program, setup=setup) == [f"call {number} ListResourceRequests" for number in (1, 2)]


def test_calls_that_are_refused() -> None:
    """A call that Cloud Control refuses is a call, but makes no request to be numbered."""

    def program(cloudcontrol: CloudControl) -> object:
        client = once(cloudcontrol)
        with pytest.raises(client.exceptions.ClientError):
            client.create_resource(TypeName="AWS::No::Type", DesiredState="{}")
        create(client)
        cloudcontrol.run_until_idle()
        return len(cloudcontrol.requests)

    assert calls_of(program) == ["call 1 CreateResource", "call 2 CreateResource"]
    lines = tried(Seen(program), **NO_SURPRISES | {"cancels": True})
    assert {line.partition(" step")[0] for line in lines} == {"request 1"}


def test_calls_that_botocore_refuses() -> None:
    """A call that botocore doesn't send is none."""

    def program(cloudcontrol: CloudControl) -> object:
        client = once(cloudcontrol)
        with pytest.raises(Exception, match="Parameter validation failed"):
            client.create_resource(TypeName=1, DesiredState="{}")  # type: ignore[arg-type]
        return create(client) and "created"

    assert calls_of(program) == ["call 1 CreateResource"]


def test_the_same_token_again() -> None:
    """A create with a client token that is known is a call, and no request of its own."""

    def program(cloudcontrol: CloudControl) -> object:
        client = once(cloudcontrol)
        for _ in range(2):
            client.create_resource(TypeName=QUEUE, DesiredState="{}", ClientToken="mine")
        cloudcontrol.run_until_idle()
        return len(cloudcontrol.requests)

    assert calls_of(program) == ["call 1 CreateResource", "call 2 CreateResource"]
    lines = tried(Seen(program), **NO_SURPRISES | {"cancels": True})
    assert {line.partition(" step")[0] for line in lines} == {"request 1"}


def test_downstream_work() -> None:
    """Pieces of downstream work are no steps, but the world moves on by them, too."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.plan(QUEUE, downstream=True, steps=2, delay=timedelta(seconds=1))
        client = once(cloudcontrol)
        client.create_resource(TypeName=QUEUE, DesiredState='{"QueueName": "q"}')
        client.list_resource_requests()
        return [(work.done, str(work.next_step_at)) for work in cloudcontrol.downstream]

    seen = Seen(program)
    lines = tried(seen, **NO_SURPRISES | {"moves": True, "surprises": 2})
    assert len(lines) == 2
    assert len(set(seen.outcomes)) == 3
