"""plan(consistent_after=...): what is done one after the other, lists, and handlers of the test's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from consistency import MINUTE, is_seen, lagging, listed, seen
from mock_time import after
from refusals import refusal
from shop import ORDER, Shop, shop_types
from threads import in_threads

from pytest_cloudcontrol import CloudControl, HandlerError, HandlerRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from pytest_cloudcontrol import Resources

pytestmark = shop_types


@pytest.fixture
def shop(cloudcontrol: CloudControl) -> Shop:
    """Return what asks for orders, of which everything is consistent a minute after its request's end."""
    return lagging(cloudcontrol)


# One after the other on the same resource


def test_update_of_what_is_not_seen_yet(cloudcontrol: CloudControl, shop: Shop) -> None:
    """UpdateResource's own read sees the resource; each state is seen in its turn."""
    shop.create(Alpha="1").run()  # seen from 61.2 on
    cloudcontrol.clock.advance(10)
    shop.update(Alpha="2").run()  # seen from 72.4 on

    assert cloudcontrol.clock.now() == after(12.4)
    assert (seen(shop), shop.written()) == (None, {"Alpha": "2"})
    cloudcontrol.clock.move_to(after(61.2))
    assert seen(shop) == {"Name": "n1", "Alpha": "1"}
    cloudcontrol.clock.move_to(after(72.4))
    assert seen(shop) == {"Name": "n1", "Alpha": "2"}


def test_delete_of_what_is_not_seen_yet(cloudcontrol: CloudControl, shop: Shop) -> None:
    """It is seen for a while, though it has gone long ago."""
    shop.create().run()
    cloudcontrol.clock.advance(10)
    shop.delete().run()

    instants = []
    for seconds in (61.1, 61.2, 72.3, 72.4):
        cloudcontrol.clock.move_to(after(seconds))
        instants.append(is_seen(shop))
    assert instants == [False, True, True, False]


def test_nothing_is_seen_before_what_was_done_earlier(cloudcontrol: CloudControl) -> None:
    """A change that is consistent at once waits for an earlier one to the same resource."""
    cloudcontrol.clock.auto_advance = False
    shop = Shop(cloudcontrol).existing(Alpha="1")
    slow = cloudcontrol.plan(consistent_after=MINUTE)
    shop.update(Alpha="2").run()
    slow.remove()
    shop.update(Beta="2").run()

    assert seen(shop) == {"Name": "n1", "Alpha": "1"}
    cloudcontrol.clock.advance(MINUTE)
    assert seen(shop) == {"Name": "n1", "Alpha": "2", "Beta": "2"}


def test_delete_and_create_anew(cloudcontrol: CloudControl, shop: Shop) -> None:
    """The old one is seen, then none, then the new one."""
    shop.existing(Alpha="old").delete().run()
    cloudcontrol.clock.advance(10)
    shop.create(Alpha="new").run()

    views = []
    for seconds in (61.1, 61.2, 72.3, 72.4):
        cloudcontrol.clock.move_to(after(seconds))
        views.append(seen(shop))
    assert views == [{"Name": "n1", "Alpha": "old"}, None, None, {"Name": "n1", "Alpha": "new"}]


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda resources: resources.put(ORDER, {"Name": "n1", "Alpha": "put"}), {"Name": "n1", "Alpha": "put"}),
        (lambda resources: resources.update(ORDER, "n1", {"Gamma": "put"}), {"Alpha": "new", "Gamma": "put"}),
        (lambda resources: resources.delete(ORDER, "n1"), None),
    ],
    ids=["put", "update", "delete"],
)
def test_what_the_test_itself_does_is_seen_at_once(
    cloudcontrol: CloudControl, shop: Shop, act: Callable[[Resources], object], expected: dict[str, str] | None
) -> None:
    """What somebody does behind Cloud Control's back hides behind no request; what the request does next, does."""
    request = shop.existing(Alpha="old").update(Alpha="new", Beta="new").step()
    act(cloudcontrol.resources)

    shown_now = None if expected is None else {"Name": "n1", **expected}
    assert seen(shop) == shown_now
    request.run()
    assert seen(shop) == shown_now


def test_put_of_another_resource(shop: Shop) -> None:
    """It isn't hidden by a request on another one, and what is done to it later is seen."""
    shop.create("n1").run()
    shop.existing("n2", Alpha="1").existing("n2", Alpha="2")

    assert (is_seen(shop, "n1"), seen(shop, "n2")) == (False, {"Name": "n2", "Alpha": "2"})


# Lists


@pytest.mark.parametrize(
    "size", [pytest.param(size, marks=pytest.mark.cloudcontrol(list_page_size=size)) for size in (1, 2, 3, 100)]
)
def test_pages(cloudcontrol: CloudControl, shop: Shop, size: int) -> None:
    """Every page is full, in order, and without what isn't seen yet; what has gone is still in its place."""
    for name in ("a", "c", "e"):
        shop.existing(name)
    for name in ("b", "d"):
        shop.create(name).run()
    for name in ("a", "e"):
        shop.delete(name).run()

    assert cloudcontrol.options.list_page_size == size
    assert list(listed(shop)) == ["a", "c", "e"]
    cloudcontrol.clock.advance(MINUTE)
    assert list(listed(shop)) == ["b", "c", "d"]


@pytest.mark.cloudcontrol(list_page_size=2)
def test_becoming_consistent_between_two_pages(cloudcontrol: CloudControl, shop: Shop) -> None:
    """The next page goes on behind the last one, with what there is to be seen by then."""
    for name in ("a", "b", "d"):
        shop.existing(name)
    shop.delete("b").run()
    shop.create("c").run()

    first = shop.client.list_resources(TypeName=ORDER)
    cloudcontrol.clock.advance(MINUTE)
    second = shop.client.list_resources(TypeName=ORDER, NextToken=first["NextToken"])

    assert [item["Identifier"] for item in first["ResourceDescriptions"]] == ["a", "b"]
    assert [item["Identifier"] for item in second["ResourceDescriptions"]] == ["c", "d"]


def test_list_by_a_resource_model(cloudcontrol: CloudControl, shop: Shop) -> None:
    """What is selected is so by what is seen."""
    stage = "AWS::ApiGateway::Stage"
    for number in (1, 2):
        state = json.dumps({"RestApiId": "api", "StageName": f"s{number}", "DeploymentId": "d"})
        shop.create_of(stage, state).run()
        cloudcontrol.clock.advance(MINUTE / 2)
    client = shop.client

    def names(api: str) -> list[str]:
        found = client.list_resources(TypeName=stage, ResourceModel=json.dumps({"RestApiId": api}))
        return [item["Identifier"] for item in found["ResourceDescriptions"]]

    assert (names("api"), names("other")) == (["api|s1"], [])
    shop.client.delete_resource(TypeName=stage, Identifier="api|s1")
    cloudcontrol.run_until_idle()
    assert names("api") == ["api|s2"]


# Handlers of the test's own


class Shelf:
    """A handler that keeps its resources itself, and reads and lists them."""

    def __init__(self) -> None:
        self.there: dict[str, dict[str, Any]] = {}

    def create(self, request: HandlerRequest) -> Generator[int]:
        """Make one in two calls."""
        request.identifier = name = str(request.desired_state["Name"])
        if name in self.there:
            raise HandlerError("AlreadyExists", "it is there")
        self.there[name] = {"Name": name}
        yield 1
        self.there[name] |= request.desired_state

    def update(self, request: HandlerRequest) -> None:
        """Change one."""
        self.there[str(request.identifier)] = {**request.desired_state}

    def delete(self, request: HandlerRequest) -> None:
        """Remove one."""
        del self.there[str(request.identifier)]

    def read(self, request: HandlerRequest) -> Mapping[str, object]:
        """Show one."""
        if request.identifier not in self.there:
            raise HandlerError("NotFound", f"no {request.identifier} on the shelf")
        return self.there[request.identifier]

    def list(self, request: HandlerRequest) -> Iterator[str | Mapping[str, object]]:  # noqa: ARG002  # what it is handed
        """List all, by names and models in turn."""
        for number, (name, model) in enumerate(self.there.items()):
            yield model if number % 2 else name


def test_handler_that_reads_and_lists_itself(cloudcontrol: CloudControl, shop: Shop) -> None:
    """What a handler of the test's own does is hidden from its own reads."""
    shelf = Shelf()
    cloudcontrol.add_handler(ORDER, shelf)
    shelf.there = {"old": {"Name": "old", "Alpha": "1"}, "new": {"Name": "new", "Alpha": "1"}}
    shop.create("n1", Alpha="1").run()
    shop.update("new", Alpha="2").run()
    shop.delete("old").run()

    assert list(shelf.there) == ["new", "n1"]
    assert listed(shop) == {"new": {"Name": "new", "Alpha": "1"}, "old": {"Name": "old", "Alpha": "1"}}
    assert [seen(shop, name) for name in ("n1", "old")] == [None, {"Name": "old", "Alpha": "1"}]
    cloudcontrol.clock.advance(2 * MINUTE)
    assert listed(shop) == {"new": {"Name": "new", "Alpha": "2"}, "n1": {"Name": "n1", "Alpha": "1"}}
    assert [seen(shop, name) for name in ("n1", "old")] == [{"Name": "n1", "Alpha": "1"}, None]


def test_create_of_what_a_handler_has_already(cloudcontrol: CloudControl, shop: Shop) -> None:
    """A create that is doomed hides nothing of what is there."""
    shelf = Shelf()
    cloudcontrol.add_handler(ORDER, shelf)
    shelf.there["n1"] = {"Name": "n1", "Alpha": "1"}

    assert shop.create("n1", Alpha="2").run().error_code == "AlreadyExists"
    assert seen(shop) == {"Name": "n1", "Alpha": "1"}


def test_words_of_a_read_handler(cloudcontrol: CloudControl, shop: Shop) -> None:
    """What isn't seen yet is answered in the words in which the handler has not found it."""
    cloudcontrol.add_handler(ORDER, Shelf())
    shop.create("n1").run()

    told = refusal(shop.client.get_resource, TypeName=ORDER, Identifier="n1")
    assert told.message.startswith(f"{ORDER} Handler returned status FAILED: no n1 on the shelf (HandlerErrorCode: ")


def test_default_handler_with_a_read_of_ones_own(cloudcontrol: CloudControl, shop: Shop) -> None:
    """A read handler may itself call Cloud Control, from another thread too, before the first call of the work."""
    reads: list[str | None] = []

    def read(request: HandlerRequest) -> Mapping[str, object]:
        in_threads(lambda: cloudcontrol.client().list_resource_requests())
        reads.append(request.identifier)
        model = request.resources.get(ORDER, str(request.identifier))
        if model is None:
            raise HandlerError("NotFound", "none")
        return {**model, "Gamma": "read"}

    cloudcontrol.add_handler(ORDER, read=read)
    shop.existing(Alpha="old").delete().run()

    assert reads == ["n1"]
    assert seen(shop) == {"Name": "n1", "Alpha": "old", "Gamma": "read"}
    cloudcontrol.clock.advance(MINUTE)
    assert seen(shop) is None


def test_contract_sees_through_it(cloudcontrol: CloudControl, shop: Shop) -> None:
    """A handler that keeps the contract is told nothing about, though reads don't show what it did yet."""
    cloudcontrol.add_handler(ORDER, Shelf())
    shop.create("n1").run()
    shop.update(Alpha="1").run()
    shop.delete().run()

    assert [request.status for request in cloudcontrol.requests] == ["SUCCESS"] * 3


def test_type_without_a_read_handler(cloudcontrol: CloudControl, shop: Shop) -> None:
    """Its list shows identifiers only, of what is seen."""
    cloudcontrol.add_type(
        {
            "typeName": "Test::Shop::Mute",
            "properties": {"Name": {"type": "string"}, "A": {"type": "string"}},
            "primaryIdentifier": ["/properties/Name"],
            "handlers": {name: {} for name in ("create", "delete", "list")},
        }
    )
    for name in ("one", "two"):
        shop.create_of("Test::Shop::Mute", json.dumps({"Name": name, "A": "1"})).run()
        cloudcontrol.clock.advance(MINUTE / 2)

    assert listed(shop, "Test::Shop::Mute") == {"one": {"Name": "one"}}
