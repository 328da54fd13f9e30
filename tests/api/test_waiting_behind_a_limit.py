"""limit_concurrency: code that waits for a request that is held back, and hooks of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import WaiterError
from calls import status, wait
from held_back import at_once, three
from mock_time import after
from shop import ORDER, Shop, shop_types, statuses
from threads import in_threads

from pytest_cloudcontrol import CloudControl, HandlerRequest, HookInvocation, IllegalTransition, NoProgressError

if TYPE_CHECKING:
    from collections.abc import Generator

pytestmark = shop_types


@pytest.fixture
def shop(cloudcontrol: CloudControl) -> Shop:
    """Return what asks for orders."""
    return Shop(cloudcontrol)


# Code that waits


def test_poll_of_one_held_back(cloudcontrol: CloudControl) -> None:
    """A loop over its status lets those go on that hold it back, and ends."""
    requests = three(cloudcontrol)
    client = cloudcontrol.client()

    while status(client, requests[2].request_token) != "SUCCESS":
        pass

    assert at_once(cloudcontrol) == ["SUCCESS"] * 3
    assert cloudcontrol.clock.now() == after(3.6)


def test_poll_moves_to_the_next_work_of_those_that_hold_it_back(cloudcontrol: CloudControl) -> None:
    """What is due of others on the way is done, but not waited for."""
    three(cloudcontrol)
    other = Shop(cloudcontrol, "eu-west-1").create()
    token = cloudcontrol.requests[2].request_token
    cloudcontrol.requests[0].step()
    client = cloudcontrol.client()

    for _ in range(2):
        status(client, token)

    assert cloudcontrol.clock.now() == after(1.2)
    assert (other.steps, at_once(cloudcontrol)[:3]) == (2, ["SUCCESS", "IN_PROGRESS", "PENDING"])


def test_poll_of_one_that_two_hold_back(cloudcontrol: CloudControl, shop: Shop) -> None:
    """Of several that hold a request back, a poll moves to the work that is due first."""
    cloudcontrol.limit_concurrency(running=2)
    plan = cloudcontrol.plan(first_delay=5)
    requests = [shop.create("slow")]
    plan.remove()
    requests += [shop.create("quick"), shop.create("held back")]
    client = cloudcontrol.client()

    for _ in range(3):
        status(client, requests[2].request_token)

    assert [request.steps for request in requests] == [0, 2, 0]


def test_waiter_of_one_held_back(cloudcontrol: CloudControl) -> None:
    """The waiter of botocore comes to its end."""
    requests = three(cloudcontrol)

    wait(cloudcontrol.client(), requests[2].request_token)

    assert requests[2].status == "SUCCESS"


def test_deploy_that_cancels_when_it_is_too_slow(cloudcontrol: CloudControl) -> None:
    """Code that gives a PENDING request up can be tested: nothing of it is made."""
    cloudcontrol.plan(steps=2, delay=3600)
    requests = three(cloudcontrol)
    client = cloudcontrol.client()

    with pytest.raises(WaiterError):
        wait(client, requests[1].request_token, delay=5, attempts=3)
    client.cancel_resource_request(RequestToken=requests[1].request_token)

    assert statuses(requests[1]) == [(0, "PENDING"), (10, "CANCEL_COMPLETE")]


def test_handler_that_waits_for_one_that_it_holds_back(cloudcontrol: CloudControl) -> None:
    """That would be for ever: the poll in the handler ends in an error."""

    def create(request: HandlerRequest) -> None:
        if request.desired_state["Name"] == "n1":
            token = Shop(cloudcontrol).create("n2").request_token
            with pytest.raises(NoProgressError, match="nothing is due any more"):
                wait_by_polling(token)
            with pytest.raises(IllegalTransition, match=f"until one of these has ended: {request.request_token}"):
                cloudcontrol.request(token).run()
        request.identifier = request.resources.put(ORDER, request.desired_state)

    def wait_by_polling(token: str) -> None:
        while status(client, token) == "PENDING":
            pass

    client = cloudcontrol.client()
    cloudcontrol.limit_concurrency(1)
    cloudcontrol.add_handler(ORDER, create=create)
    Shop(cloudcontrol).create("n1").run()

    assert at_once(cloudcontrol) == ["SUCCESS", "IN_PROGRESS"]


def test_handler_of_ones_own_makes_room(cloudcontrol: CloudControl) -> None:
    """A generator that is cancelled makes room as every other."""

    def create(request: HandlerRequest) -> Generator[int]:
        yield 10
        request.identifier = request.resources.put(ORDER, request.desired_state)

    cloudcontrol.add_handler(ORDER, create=create)
    requests = three(cloudcontrol)
    requests[0].step().cancel()
    cloudcontrol.run_until_idle()

    assert at_once(cloudcontrol) == ["CANCEL_COMPLETE", "SUCCESS", "SUCCESS"]


def test_threads_that_wait_at_once(cloudcontrol: CloudControl) -> None:
    """Eight threads that create and wait all come to their end, two at a time."""
    cloudcontrol.limit_concurrency(2)

    def deploy(name: str) -> None:
        shop = Shop(cloudcontrol)
        wait(shop.client, shop.create(name).request_token)

    in_threads(*(lambda name=f"n{number}": deploy(name) for number in range(8)))

    assert at_once(cloudcontrol) == ["SUCCESS"] * 8


def test_same_again(cloudcontrol: CloudControl) -> None:
    """The same calls give the same instants and tokens again."""

    def runs() -> list[object]:
        cloudcontrol.reset()
        three(cloudcontrol, running=2)
        cloudcontrol.run_until_idle()
        return [(request.request_token, statuses(request)) for request in cloudcontrol.requests]

    first = runs()
    assert (len(first), runs()) == (3, first)


# Hooks


def test_hooks_of_one_held_back(cloudcontrol: CloudControl) -> None:
    """A hook is asked when the request is taken up, and the first call is due after it."""
    asked: list[float] = []

    def look(_: HookInvocation) -> None:
        asked.append((cloudcontrol.clock.now() - after(0)).total_seconds())

    cloudcontrol.add_hook("Test::Shop::Check", fails=look, delay=3)
    requests = three(cloudcontrol)
    cloudcontrol.run_until_idle()

    assert asked == [3, 7.2, 11.4]
    assert statuses(requests[1])[:3] == [(0, "PENDING"), (4.2, "IN_PROGRESS"), (7.4, "IN_PROGRESS")]
