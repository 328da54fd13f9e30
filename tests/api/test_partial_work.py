"""Half done: which handler call writes what, and what stays of a request that stops on the way."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from resource_types import QUEUE
from shop import ORDER, TICKET, Shop, shop_types

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_cloudcontrol import CloudControl, ResourceRequest

pytestmark = shop_types

FIVE = {"Gamma": "3", "Alpha": "1", "Epsilon": "5", "Beta": "2", "Delta": "4"}

# How five properties are split over so many handler calls: larger shares first.
SHARES = {1: [5], 2: [3, 2], 3: [2, 2, 1], 4: [2, 1, 1, 1], 5: [1] * 5, 7: [1] * 5 + [0, 0]}


def written_by_each(shop: Shop, request: ResourceRequest, before: dict[str, object]) -> list[dict[str, object]]:
    """Step a request to its end; return what each handler call wrote."""
    shares = []
    while request.is_running:
        request.step()
        now = shop.written() or {}
        shares.append({name: value for name, value in now.items() if before.get(name) != value})
        before = now
    return shares


def cut(values: dict[str, str], sizes: list[int]) -> list[dict[str, str]]:
    """Return the values in parts of so many, in their order."""
    items = iter(values.items())
    return [dict(next(items) for _ in range(size)) for size in sizes]


@pytest.mark.parametrize(("steps", "sizes"), SHARES.items())
def test_shares_of_a_create(cloudcontrol: CloudControl, steps: int, sizes: list[int]) -> None:
    """A create's properties are split over its calls in the desired state's order, larger shares first."""
    cloudcontrol.plan(steps=steps)
    shop = Shop(cloudcontrol)
    assert written_by_each(shop, shop.create(**FIVE), {}) == cut(FIVE, sizes)


@pytest.mark.parametrize(("steps", "sizes"), SHARES.items())
def test_shares_of_an_update(cloudcontrol: CloudControl, steps: int, sizes: list[int]) -> None:
    """An update's changes are split over its calls in the order the patch touches them, larger shares first."""
    cloudcontrol.plan(steps=steps)
    shop = Shop(cloudcontrol)
    shop.existing(Alpha="old", Beta="old")
    request = shop.update(**FIVE)
    assert written_by_each(shop, request, {"Alpha": "old", "Beta": "old"}) == cut(FIVE, sizes)


def test_order_of_first_touch(cloudcontrol: CloudControl) -> None:
    """A property that a patch touches twice counts where it is touched first, with the value it ends with."""
    cloudcontrol.plan(steps=3)
    shop = Shop(cloudcontrol)
    shop.existing()
    request = shop.patch(
        "n1",
        [
            {"op": "add", "path": "/Gamma", "value": "early"},
            {"op": "add", "path": "/Alpha", "value": "1"},
            {"op": "add", "path": "/Beta", "value": "2"},
            {"op": "replace", "path": "/Gamma", "value": "late"},
        ],
    )
    assert written_by_each(shop, request, {}) == [{"Gamma": "late"}, {"Alpha": "1"}, {"Beta": "2"}]


def test_unchanged_properties_take_no_call(cloudcontrol: CloudControl) -> None:
    """A property that a patch sets to the value it has isn't a change, and fills no call's share."""
    cloudcontrol.plan(steps=2)
    shop = Shop(cloudcontrol)
    shop.existing(Alpha="same")
    request = shop.update(Alpha="same", Beta="2", Gamma="3")
    assert written_by_each(shop, request, {"Alpha": "same"}) == [{"Beta": "2"}, {"Gamma": "3"}]


def test_removal_takes_its_turn(cloudcontrol: CloudControl) -> None:
    """A removed property goes in the call whose share it is."""
    shop = Shop(cloudcontrol)
    shop.existing(Alpha="1", Beta="2")
    request = shop.patch("n1", [{"op": "remove", "path": "/Beta"}, {"op": "remove", "path": "/Alpha"}])
    left = [shop.written(), request.step() and shop.written(), request.step() and shop.written()]
    assert left == [{"Alpha": "1", "Beta": "2"}, {"Alpha": "1"}, {}]


def test_first_call_of_a_create(cloudcontrol: CloudControl) -> None:
    """A create's first call makes the resource, with its identifier and read-only values, for everybody to see."""
    shop = Shop(cloudcontrol)
    request = shop.create()
    assert cloudcontrol.resources.get(ORDER, "n1") is None
    request.step()
    made = cloudcontrol.resources.get(ORDER, "n1")
    assert made is not None
    assert set(made) == {"Name", "Arn"}
    assert shop.client.get_resource(TypeName=ORDER, Identifier="n1")["ResourceDescription"]["Identifier"] == "n1"


def test_identifier_that_the_first_call_makes(cloudcontrol: CloudControl) -> None:
    """A create whose identifier the service makes has none before its first call, in the events too."""
    request = Shop(cloudcontrol).create_of(TICKET, '{"Text": "hello"}')
    before = request.identifier
    request.run()
    (ticket,) = cloudcontrol.resources
    assert (before, request.identifier) == (None, ticket.identifier)
    assert [event.identifier for event in request.events] == [None, ticket.identifier, ticket.identifier]


def test_write_only_property_is_written(cloudcontrol: CloudControl) -> None:
    """A write-only property takes its turn too; only the test ever sees it."""
    shop = Shop(cloudcontrol)
    shop.create(Alpha="1", Pin="hush").run()
    assert shop.written() == {"Alpha": "1", "Pin": "hush"}
    answer = shop.client.get_resource(TypeName=ORDER, Identifier="n1")
    assert "hush" not in answer["ResourceDescription"]["Properties"]


STOPS: list[tuple[str, Callable[[ResourceRequest], object]]] = [
    ("cancelled", lambda request: request.cancel()),
    ("cancelled at a call", lambda request: request.cancel(at_step=request.steps + 1).run()),
    ("failed", lambda request: request.fail("NotStabilized")),
    ("expired", lambda request: request.expire()),
]


@pytest.mark.parametrize(("_", "stop"), STOPS)
@pytest.mark.parametrize(("steps", "left"), [(0, 0), (1, 2), (2, 4)])
def test_create_that_stops_half_way(
    cloudcontrol: CloudControl, _: str, stop: Callable[[ResourceRequest], object], steps: int, left: int
) -> None:
    """Of a create that stops the calls made stay, nothing is rolled back, and the rest never happens."""
    cloudcontrol.plan(steps=3)
    shop = Shop(cloudcontrol)
    request = shop.create(**FIVE)
    for _step in range(steps):
        request.step()
    stop(request)
    cloudcontrol.clock.advance(3600)
    assert shop.written() == (dict(list(FIVE.items())[:left]) if steps else None)


@pytest.mark.parametrize(("_", "stop"), STOPS)
@pytest.mark.parametrize(("steps", "left"), [(0, 0), (1, 2), (2, 4)])
def test_update_that_stops_half_way(
    cloudcontrol: CloudControl, _: str, stop: Callable[[ResourceRequest], object], steps: int, left: int
) -> None:
    """Of an update that stops the calls made stay, nothing is rolled back, and the rest never happens."""
    cloudcontrol.plan(steps=3)
    shop = Shop(cloudcontrol)
    old = dict.fromkeys(FIVE, "old")
    shop.existing(**old)
    request = shop.update(**FIVE)
    for _step in range(steps):
        request.step()
    stop(request)
    cloudcontrol.clock.advance(3600)
    assert shop.written() == old | dict(list(FIVE.items())[:left])


@pytest.mark.parametrize(("_", "stop"), STOPS)
def test_delete_that_stops_half_way(
    cloudcontrol: CloudControl, _: str, stop: Callable[[ResourceRequest], object]
) -> None:
    """A delete removes the resource in its last call: one that stops before leaves all of it."""
    cloudcontrol.plan(operation="DELETE", steps=3)
    shop = Shop(cloudcontrol)
    shop.existing(Alpha="1")
    stop(shop.delete().step().step())
    assert shop.written() == {"Alpha": "1"}


def test_delete_in_several_calls(cloudcontrol: CloudControl) -> None:
    """The resource is there until the delete's last call."""
    cloudcontrol.plan(operation="DELETE", steps=3)
    shop = Shop(cloudcontrol)
    shop.existing()
    request = shop.delete()
    there = [request.step() and shop.written() is not None for _ in range(3)]
    assert (there, request.status) == ([True, True, False], "SUCCESS")


def test_half_made_resource_can_be_worked_on(cloudcontrol: CloudControl) -> None:
    """What a cancelled create has left can be updated and deleted like any other resource."""
    shop = Shop(cloudcontrol)
    shop.create(Alpha="1", Beta="2").step().cancel()
    assert shop.update(Beta="2").run().status == "SUCCESS"
    assert shop.written() == {"Alpha": "1", "Beta": "2"}
    assert shop.delete().run().status == "SUCCESS"


# Several requests on one resource


def test_second_create_of_an_identifier(cloudcontrol: CloudControl) -> None:
    """A create of what an earlier one has made is accepted, then fails, and leaves that one's resource alone."""
    shop = Shop(cloudcontrol)
    shop.create(Alpha="1", Beta="1").run()
    second = shop.create(Alpha="2", Gamma="2").run()
    assert (second.status, second.error_code, second.steps) == ("FAILED", "AlreadyExists", 1)
    assert second.status_message == "Resource of type 'Test::Shop::Order' with identifier 'n1' already exists."
    assert second.identifier == second.events[-1].identifier == "n1"
    assert shop.written() == {"Alpha": "1", "Beta": "1"}


def test_second_create_that_overtakes_the_first(cloudcontrol: CloudControl) -> None:
    """Of two creates that come to one identifier the one whose handler is called first makes the resource."""
    shop = Shop(cloudcontrol)
    first = shop.create_of(QUEUE, '{"QueueName": "jobs", "DelaySeconds": 1}')
    second = shop.create_of(QUEUE, '{"QueueName": "jobs", "DelaySeconds": 2}')
    second.run()
    first.run()
    assert (first.error_code, second.status) == ("AlreadyExists", "SUCCESS")
    assert [resource.properties["DelaySeconds"] for resource in cloudcontrol.resources] == [2]


def test_create_beside_a_half_made_resource(cloudcontrol: CloudControl) -> None:
    """A create of what a cancelled one has left half made fails: the resource exists."""
    shop = Shop(cloudcontrol)
    shop.create(Alpha="1", Beta="2").step().cancel()
    assert shop.create().run().error_code == "AlreadyExists"
    assert shop.written() == {"Alpha": "1"}


OPERATIONS: Mapping[str, Callable[[Shop, str], ResourceRequest]] = {
    "create": lambda shop, name: shop.create(name),
    "update": lambda shop, name: shop.update(name, Beta="2"),
    "delete": lambda shop, name: shop.delete(name),
}

# An update that comes before the create's first call is told that there is no such resource.
PAIRS = [pair for pair in product(OPERATIONS, repeat=2) if pair != ("create", "update")]


@pytest.mark.parametrize("pending", [True, False])
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_busy_resource(cloudcontrol: CloudControl, pending: bool, first: str, second: str) -> None:
    """Whatever is asked of a resource is refused while another request works on it, whose token the error names."""
    cloudcontrol.plan(pending=pending)
    shop = Shop(cloudcontrol)
    shop.existing("old")
    name = "new" if first == "create" else "old"
    running = OPERATIONS[first](shop, name)
    with pytest.raises(shop.client.exceptions.ConcurrentOperationException) as raised:
        OPERATIONS[second](shop, name)
    assert raised.value.response["Error"]["Message"] == (
        f"Concurrent operation found for resource {name} with RequestToken {running.request_token}"
    )
    assert len(cloudcontrol.requests) == 1
    assert running.run().status == "SUCCESS"


def test_create_of_a_resource_that_was_deleted(cloudcontrol: CloudControl) -> None:
    """A create succeeds once a delete of what was there is through."""
    shop = Shop(cloudcontrol)
    shop.existing(Alpha="old")
    delete = shop.delete().run()
    create = shop.create(Alpha="new").run()
    assert (delete.status, create.status, shop.written()) == ("SUCCESS", "SUCCESS", {"Alpha": "new"})


# Behind Cloud Control's back


REMOVED: list[tuple[str, Callable[[Shop], ResourceRequest]]] = [
    ("create", lambda shop: shop.create("n1", Alpha="1", Beta="2")),
    ("update", lambda shop: shop.existing().update("n1", Alpha="1", Beta="2")),
    ("delete", lambda shop: shop.existing().delete()),
]


@pytest.mark.parametrize(("_", "ask"), REMOVED)
def test_resource_removed_in_mid_request(
    cloudcontrol: CloudControl, _: str, ask: Callable[[Shop], ResourceRequest]
) -> None:
    """A request whose resource was removed behind Cloud Control's back fails with NotFound in its next call."""
    cloudcontrol.plan(steps=3)
    request = ask(Shop(cloudcontrol)).step()
    cloudcontrol.resources.delete(ORDER, "n1")
    request.run()
    assert (request.status, request.error_code, request.steps) == ("FAILED", "NotFound", 2)
    assert request.status_message == "Resource of type 'Test::Shop::Order' with identifier 'n1' was not found."
    assert len(cloudcontrol.resources) == 0


def test_resource_replaced_in_mid_request(cloudcontrol: CloudControl) -> None:
    """An update goes on with a resource that was replaced meanwhile: only its own changes are written."""
    shop = Shop(cloudcontrol)
    shop.existing(Alpha="old", Gamma="old")
    request = shop.update(Alpha="1", Beta="2").step()
    shop.existing(Alpha="replaced", Gamma="replaced")
    request.run()
    assert shop.written() == {"Alpha": "replaced", "Gamma": "replaced", "Beta": "2"}
