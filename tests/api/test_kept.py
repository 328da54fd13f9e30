"""What a test has kept of a mock stays up to date: through new requests, and through a reset."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest
from shop import Shop, shop_types
from threads import in_threads

from pytest_cloudcontrol import IllegalTransition

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol import CloudControl, Requests, ResourceRequest

pytestmark = shop_types

either = pytest.mark.parametrize(
    "requests_of",
    [
        pytest.param(lambda mock: mock.requests, id="of all"),
        pytest.param(lambda mock: mock.scope().requests, id="of a scope"),
    ],
)


@either
def test_kept_requests_are_live(cloudcontrol: CloudControl, requests_of: Callable[[CloudControl], Requests]) -> None:
    """Requests that were kept are those that there are now, also after a reset."""
    kept = requests_of(cloudcontrol)
    shop = Shop(cloudcontrol)
    shop.create("one")
    shop.create("two")
    assert [request.identifier for request in kept] == ["one", "two"]
    cloudcontrol.reset()
    assert (len(kept), list(kept)) == (0, [])
    shop.create("three")
    assert (kept.last.identifier, kept[0].identifier, len(kept)) == ("three", "three", 1)


def test_requests_of_another_scope_stay_out(cloudcontrol: CloudControl) -> None:
    """A kept sequence of one account and region shows no other's requests."""
    kept = cloudcontrol.scope(region="eu-west-1").requests
    Shop(cloudcontrol).create("here")
    there = Shop(cloudcontrol, "eu-west-1").create("there")
    assert list(kept) == [there]


def test_kept_scope_follows_a_reset(cloudcontrol: CloudControl) -> None:
    """A scope that was kept steps the requests of the new world."""
    scope = cloudcontrol.scope()
    Shop(cloudcontrol).create("one")
    cloudcontrol.reset()
    request = Shop(cloudcontrol).create("two")
    assert (scope.step(), scope.requests.last, scope.run_until_idle()) == (request, request, 1)


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(lambda mock: mock.requests.last, id="last"),
        pytest.param(lambda mock: mock.requests[0], id="index"),
        pytest.param(lambda mock: mock.requests[:1][0], id="slice"),
        pytest.param(lambda mock: next(iter(mock.requests)), id="iteration"),
        pytest.param(lambda mock: mock.scope().requests.last, id="scope"),
        pytest.param(lambda mock: mock.request(mock.requests.last.request_token), id="token"),
        pytest.param(lambda mock: mock.requests.last.step(), id="its own step"),
        pytest.param(lambda mock: mock.step(), id="step"),
        pytest.param(lambda mock: mock.scope().step(), id="step of a scope"),
    ],
)
def test_one_handle_a_request(cloudcontrol: CloudControl, found: Callable[[CloudControl], ResourceRequest]) -> None:
    """However a test comes by a request, it is the same object."""
    request = Shop(cloudcontrol).create()
    assert found(cloudcontrol) is request is cloudcontrol.requests.last


def test_handle_of_a_callback(cloudcontrol: CloudControl) -> None:
    """What a callback is handed before a step is the request's one handle, too."""
    seen: list[ResourceRequest] = []
    cloudcontrol.before(seen.append, at_step=1)
    request = Shop(cloudcontrol).create().step()
    assert seen == [request]
    assert seen[0] is request


def test_handle_after_a_reset_in_a_callback(cloudcontrol: CloudControl) -> None:
    """A callback that comes after one which has reset is handed the same old request, and can't move it."""
    seen: list[ResourceRequest] = []
    cloudcontrol.before(cloudcontrol.reset, at_step=1)
    cloudcontrol.before(seen.append, at_step=1)
    request = Shop(cloudcontrol).create()
    cloudcontrol.clock.advance(1)
    assert seen[0] is request
    assert (request.steps, len(cloudcontrol.requests)) == (0, 0)


def test_requests_made_while_they_are_iterated(cloudcontrol: CloudControl) -> None:
    """A loop goes over what there was when it began, so that it ends whatever it makes; backwards too."""
    shop = Shop(cloudcontrol)
    shop.create("n1")
    shop.create("n2")
    for way in (iter, reversed):
        seen = []
        for request in way(cloudcontrol.scope().requests):
            seen.append(request.identifier)
            shop.create(f"{request.identifier}-{way.__name__}")
    assert seen == ["n2-iter", "n1-iter", "n2", "n1"]
    assert len(cloudcontrol.requests) == 8


def test_last_of_a_scope_without_requests(cloudcontrol: CloudControl) -> None:
    """The last request of an account and region that has none is refused, in words that name it."""
    Shop(cloudcontrol).create()
    with pytest.raises(LookupError) as refused:
        cloudcontrol.scope(region="eu-west-1").requests.last  # noqa: B018  # looking is what is refused
    assert str(refused.value) == (
        "no request has been made yet in account 123456789012 and eu-west-1: "
        "no CreateResource, UpdateResource or DeleteResource was called"
    )


def test_handle_that_threads_look_for_at_once(cloudcontrol: CloudControl) -> None:
    """Threads that look at a request for the first time at once get the same object."""
    shop = Shop(cloudcontrol)
    for number in range(200):
        shop.client.create_resource(TypeName="Test::Shop::Order", DesiredState=f'{{"Name": "n{number}"}}')
    seen = in_threads(*(lambda: list(cloudcontrol.requests) for _ in range(4)))
    assert len({id(request) for requests in seen for request in requests}) == 200


def test_requests_of_before_are_let_go(cloudcontrol: CloudControl) -> None:
    """After a reset nothing keeps a request that the test doesn't keep itself."""
    kept = [Shop(cloudcontrol).create(f"n{number}") for number in range(3)]
    known = [weakref.ref(request) for request in kept]
    cloudcontrol.reset()
    del kept[:2]
    gc.collect()
    assert [reference() for reference in known] == [None, None, kept[0]]


def test_reset_while_requests_are_iterated(cloudcontrol: CloudControl) -> None:
    """A loop that resets goes on with the requests of before, which can still be read, but not moved."""
    shop = Shop(cloudcontrol)
    shop.create("n1")
    shop.create("n2")
    seen = []
    for request in cloudcontrol.requests:
        cloudcontrol.reset()
        seen.append(request.identifier)
        with pytest.raises(IllegalTransition, match="has begun a new world, without this request"):
            request.step()
    assert seen == ["n1", "n2"]
