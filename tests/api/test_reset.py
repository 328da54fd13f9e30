"""Reset: the world begins anew, as if just made."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from mock_time import START, after
from shop import ORDER, Shop, shop_types, statuses

from pytest_cloudcontrol import CloudControl, IllegalTransition, OptionError, UnknownRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol import ResourceRequest

pytestmark = shop_types

OWN_TYPE = {
    "typeName": "Test::Shop::Basket",
    "properties": {"Name": {"type": "string"}},
    "primaryIdentifier": ["/properties/Name"],
    "handlers": {"create": {}, "read": {}},
}


def test_nothing_is_left(cloudcontrol: CloudControl) -> None:
    """After a reset there are no requests, calls and resources, and the clock is at its start."""
    Shop(cloudcontrol).create().run()
    cloudcontrol.reset()
    assert (len(cloudcontrol.requests), len(cloudcontrol.calls), len(cloudcontrol.resources)) == (0, 0, 0)
    assert cloudcontrol.clock.now() == START
    assert cloudcontrol.step() is None
    assert cloudcontrol.clock.advance_to_next() is False


def test_start_that_was_now(cloudcontrol: CloudControl) -> None:
    """The clock goes back to the very instant at which it started."""
    start = cloudcontrol.clock.now()
    cloudcontrol.clock.advance(3600)
    cloudcontrol.reset()
    assert cloudcontrol.clock.now() == start


@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param(lambda mock: mock.plan(steps=9), id="plan"),
        pytest.param(lambda mock: mock.add_failure("Throttling"), id="failure"),
        pytest.param(lambda mock: mock.add_cancel(), id="cancel"),
        pytest.param(lambda mock: mock.add_expiry(), id="expiry"),
        pytest.param(lambda mock: mock.add_error("TypeNotFoundException"), id="error"),
    ],
)
def test_nothing_is_arranged(cloudcontrol: CloudControl, arrange: Callable[[CloudControl], object]) -> None:
    """What was arranged before a reset doesn't happen afterwards."""
    arrange(cloudcontrol)
    cloudcontrol.reset()
    request = Shop(cloudcontrol).create().run()
    assert (request.status, request.steps) == ("SUCCESS", 2)


def test_added_types_are_gone(cloudcontrol: CloudControl) -> None:
    """A type that was added before a reset isn't known afterwards; those of the options are."""
    cloudcontrol.add_type(OWN_TYPE)
    cloudcontrol.reset()
    with pytest.raises(OptionError):
        cloudcontrol.resources.put("Test::Shop::Basket", {"Name": "b"})
    assert cloudcontrol.resources.put(ORDER, {"Name": "n1"}) == "n1"


def test_same_seed_same_world(cloudcontrol: CloudControl) -> None:
    """After a reset the same calls get the same tokens and the same made-up identifiers again."""

    def lived() -> list[tuple[str, str | None]]:
        shop = Shop(cloudcontrol)
        return [
            (request.request_token, request.identifier)
            for request in (shop.create_of("Test::Shop::Ticket").run() for _ in range(3))
        ]

    first = lived()
    cloudcontrol.reset()
    assert lived() == first


def test_clients_stay_good(cloudcontrol: CloudControl) -> None:
    """A client that was made before a reset is answered by the new world, in its own account and region."""
    shop = Shop(cloudcontrol, "eu-west-1", "210987654321")
    shop.create()
    cloudcontrol.reset()
    assert shop.client.list_resource_requests()["ResourceRequestStatusSummaries"] == []
    request = shop.create()
    assert (request.account_id, request.region) == ("210987654321", "eu-west-1")


def test_client_tokens_are_free(cloudcontrol: CloudControl) -> None:
    """A ClientToken that was used before a reset can be used for something else."""
    client = Shop(cloudcontrol).client
    for name in ("one", "two"):
        cloudcontrol.reset()
        client.create_resource(TypeName=ORDER, DesiredState=f'{{"Name": "{name}"}}', ClientToken="same")
    assert cloudcontrol.requests.last.identifier == "two"


# What is left of before


def test_requests_of_before_can_be_read(cloudcontrol: CloudControl) -> None:
    """A request of before shows what it was, though the new world doesn't know its token."""
    request = Shop(cloudcontrol).create(Alpha="1").step()
    cloudcontrol.reset()
    assert statuses(request) == [(0, "IN_PROGRESS"), (0.2, "IN_PROGRESS")]
    assert (request.desired_state, request.next_step_at) == ({"Alpha": "1", "Name": "n1"}, after(1.2))
    with pytest.raises(UnknownRequest) as raised:
        cloudcontrol.request(request.request_token)
    assert str(raised.value) == (
        f"no request has the token {request.request_token!r}: no request has been made yet "
        "(cloudcontrol.requests has them all)"
    )


@pytest.mark.parametrize(
    ("action", "move"),
    [
        ("step", lambda request: request.step()),
        ("run", lambda request: request.run()),
        ("step", lambda request: request.run_until("SUCCESS")),
        ("fail", lambda request: request.fail("Throttling")),
        ("cancel", lambda request: request.cancel()),
        ("cancel at step 2", lambda request: request.cancel(at_step=2)),
        ("expire", lambda request: request.expire()),
    ],
)
def test_requests_of_before_are_not_moved(
    cloudcontrol: CloudControl, action: str, move: Callable[[ResourceRequest], object]
) -> None:
    """A request of before refuses to be moved, and says why."""
    request = Shop(cloudcontrol).create()
    cloudcontrol.reset()
    with pytest.raises(IllegalTransition) as raised:
        move(request)
    assert str(raised.value) == (
        f"can't {action} request {request.request_token}: "
        "cloudcontrol.reset() has begun a new world, without this request\n"
        f"{request.request_token} CREATE {ORDER} n1 IN_PROGRESS: 0 steps made, "
        "the next due at 2030-01-01 00:00:00.200 [123456789012 us-east-1]\n"
        "    2030-01-01 00:00:00.000 IN_PROGRESS"
    )
    assert (request.status, request.steps, cloudcontrol.clock.now()) == ("IN_PROGRESS", 0, START)


def test_clock_moves_no_request_of_before(cloudcontrol: CloudControl) -> None:
    """The clock doesn't make handler calls of requests from before a reset, and lets none of them expire."""
    request = Shop(cloudcontrol).create()
    cloudcontrol.reset()
    cloudcontrol.clock.advance(8 * 24 * 3600)
    assert (request.steps, request.expired, len(cloudcontrol.resources)) == (0, False, 0)


def test_views_of_before(cloudcontrol: CloudControl) -> None:
    """What a test has kept of the world before a reset shows the new world, or refuses: it isn't quietly another's."""
    resources, scope = cloudcontrol.resources, cloudcontrol.scope()
    cloudcontrol.reset()
    resources.put(ORDER, {"Name": "n1"})
    request = Shop(cloudcontrol).create("n2")
    assert len(cloudcontrol.resources) == 1
    assert list(scope.requests) == [request]


# In the middle of something


def test_reset_in_a_callback(cloudcontrol: CloudControl) -> None:
    """A reset right before a handler call leaves that call unmade, and the new world without it."""
    cloudcontrol.before(cloudcontrol.reset)
    request = Shop(cloudcontrol).create()
    cloudcontrol.step()
    assert (request.steps, len(cloudcontrol.resources), len(cloudcontrol.requests)) == (0, 0, 0)
    assert cloudcontrol.clock.now() == START


def test_reset_from_another_thread(cloudcontrol: CloudControl) -> None:
    """The world can be begun anew from any thread."""
    shop = Shop(cloudcontrol)
    shop.create()
    thread = threading.Thread(target=cloudcontrol.reset, daemon=True)
    thread.start()
    thread.join(timeout=30)
    assert not thread.is_alive()
    assert shop.create().run().status == "SUCCESS"


@pytest.mark.parametrize(
    "move",
    [
        pytest.param(lambda request: request.run_until("IN_PROGRESS"), id="run until taken up"),
        pytest.param(lambda request: request.run_until("SUCCESS"), id="run until"),
        pytest.param(lambda request: request.cancel(at_step=1), id="cancel later"),
    ],
)
def test_pending_request_of_before_is_not_moved(
    cloudcontrol: CloudControl, move: Callable[[ResourceRequest], object]
) -> None:
    """A request of before that is still PENDING is refused too, and moves neither the new clock nor itself."""
    cloudcontrol.plan(pending=60)
    request = Shop(cloudcontrol).create()
    cloudcontrol.reset()
    Shop(cloudcontrol).create("new")
    with pytest.raises(IllegalTransition, match="has begun a new world, without this request"):
        move(request)
    assert (statuses(request), cloudcontrol.clock.now()) == ([(0, "PENDING")], START)


def test_reset_before_a_call(cloudcontrol: CloudControl) -> None:
    """A reset right before a call makes it the first one of the new world, which answers it."""
    shop = Shop(cloudcontrol)
    shop.create("old")
    reset = [cloudcontrol.reset]
    cloudcontrol.before(lambda: reset.pop()() if reset else None, api="CreateResource")
    request = shop.create("new")
    assert [request.identifier for request in cloudcontrol.requests] == ["new"]
    assert [call.answer is not None for call in cloudcontrol.calls] == [True]
    assert (cloudcontrol.step(), cloudcontrol.run_until_idle(), request.status) == (request, 1, "SUCCESS")


def test_reset_while_running_until_idle(cloudcontrol: CloudControl) -> None:
    """Running until nothing is due goes on with the requests of the world that a callback has begun."""
    shop = Shop(cloudcontrol)

    def begin_anew() -> None:
        cloudcontrol.reset()
        for number in range(3):
            shop.create(f"n{number}")

    cloudcontrol.before(begin_anew, at_step=2)
    shop.create("old")
    assert cloudcontrol.run_until_idle() == 8  # two of the old world, the second of which wasn't made after all
    assert {request.status for request in cloudcontrol.requests} == {"SUCCESS"}


def test_retries_are_delayed_alike(cloudcontrol: CloudControl) -> None:
    """After a reset the same throttled calls are tried again after the same delays."""

    def waited() -> float:
        cloudcontrol.add_error("ThrottlingException", times=2)
        Shop(cloudcontrol).client.list_resource_requests()
        return (cloudcontrol.clock.now() - START).total_seconds()

    first = waited()
    cloudcontrol.reset()
    assert waited() == first > 0
