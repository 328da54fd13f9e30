"""plan(consistent_after=...): GetResource and ListResources show what a request did only so long after its end."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

import pytest
from calls import create, shown, status, wait
from mock_time import after
from refusals import refusal
from resource_types import LOG_GROUP, QUEUE
from shop import ORDER, TICKET, Shop, shop_types
from threads import in_threads

from pytest_cloudcontrol import CloudControl, HandlerError, HandlerRequest, NoProgressError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import ResourceRequest, Resources

pytestmark = shop_types

MINUTE = 60.0


@pytest.fixture
def shop(cloudcontrol: CloudControl) -> Shop:
    """Return what asks for orders, of which everything is consistent a minute after its request's end."""
    cloudcontrol.clock.auto_advance = False  # so that looking twice changes nothing
    cloudcontrol.plan(consistent_after=MINUTE, steps=2)
    return Shop(cloudcontrol)


def seen(shop: Shop, name: str = "n1", type_name: str = ORDER) -> dict[str, Any] | None:
    """Return what GetResource shows, without the ARN; None if there is no such resource."""
    try:
        properties = shown(shop.client, type_name, name)
    except shop.client.exceptions.ResourceNotFoundException:
        return None
    properties.pop("Arn", None)
    return properties


def listed(shop: Shop, type_name: str = ORDER) -> dict[str, dict[str, Any]]:
    """Return what ListResources shows, on all pages, by the identifier."""
    found: dict[str, dict[str, Any]] = {}
    for page in shop.client.get_paginator("list_resources").paginate(TypeName=type_name):
        for description in page["ResourceDescriptions"]:
            assert description["Identifier"] not in found
            found[description["Identifier"]] = json.loads(description["Properties"])
    return found


def is_seen(shop: Shop, name: str = "n1") -> bool:
    """Whether GetResource and ListResources show an order; they agree."""
    there = seen(shop, name) is not None
    assert (name in listed(shop)) == there
    return there


# What is seen, and when


def test_create(cloudcontrol: CloudControl, shop: Shop) -> None:
    """Neither the half made resource nor the whole is seen before its time, but in ``cloudcontrol.resources``."""
    request = shop.create(Alpha="1")
    instants = []
    for seconds in (0, 0.2, 1.2, 61.1, 61.2):
        cloudcontrol.clock.move_to(after(seconds))
        instants.append((request.status.value, shop.written() is not None, is_seen(shop)))

    assert instants == [
        ("IN_PROGRESS", False, False),
        ("IN_PROGRESS", True, False),
        ("SUCCESS", True, False),
        ("SUCCESS", True, False),
        ("SUCCESS", True, True),
    ]


def test_not_found_in_the_usual_words(cloudcontrol: CloudControl, shop: Shop) -> None:
    """A resource that isn't seen yet is answered like one that isn't there."""
    shop.create().run()

    told = refusal(shop.client.get_resource, TypeName=ORDER, Identifier="n1")

    absent = "Resource of type 'Test::Shop::Order' with identifier 'n1' was not found."
    assert told.code == "ResourceNotFoundException"
    assert told.message.startswith(f"{ORDER} Handler returned status FAILED: {absent} (HandlerErrorCode: NotFound, ")
    assert cloudcontrol.resources.get(ORDER, "n1") is not None


def test_update(cloudcontrol: CloudControl, shop: Shop) -> None:
    """The values from before are seen, until both shares of the work come to be seen at once."""
    shop.existing(Alpha="old", Beta="old")
    shop.update(Alpha="new", Beta="new").step()

    assert shop.written() == {"Alpha": "new", "Beta": "old"}
    assert seen(shop) == {"Name": "n1", "Alpha": "old", "Beta": "old"}
    cloudcontrol.clock.advance(1)
    assert seen(shop) == {"Name": "n1", "Alpha": "old", "Beta": "old"}
    assert listed(shop)["n1"].items() >= {"Alpha": "old", "Beta": "old"}.items()
    cloudcontrol.clock.advance(MINUTE)
    assert seen(shop) == {"Name": "n1", "Alpha": "new", "Beta": "new"}


def test_delete(cloudcontrol: CloudControl, shop: Shop) -> None:
    """A deleted resource is still seen for a time."""
    shop.existing(Alpha="1").delete().run()

    assert (shop.written(), seen(shop), is_seen(shop)) == (None, {"Name": "n1", "Alpha": "1"}, True)
    cloudcontrol.clock.advance(MINUTE)
    assert not is_seen(shop)


def test_delete_by_an_additional_identifier(cloudcontrol: CloudControl, shop: Shop) -> None:
    """A deleted resource that is still seen is found by its additional identifier, too, and then by none."""
    type_name, by_name = "AWS::AppConfig::Application", '{"Name": "orders"}'
    cloudcontrol.resources.put(type_name, {"Name": "orders"})
    shop.client.delete_resource(TypeName=type_name, Identifier=by_name)
    cloudcontrol.requests.last.run()

    assert shown(shop.client, type_name, by_name)["Name"] == "orders"
    assert seen(shop, '{"Name": "others"}', type_name) is None
    cloudcontrol.clock.advance(MINUTE)
    assert seen(shop, by_name, type_name) is None


def test_identifier_that_the_service_makes(cloudcontrol: CloudControl, shop: Shop) -> None:
    """It isn't in the list before its time."""
    request = shop.create_of(TICKET)
    for _ in range(2):
        request.step()
        assert listed(shop, TICKET) == {}
    cloudcontrol.clock.advance(MINUTE)
    assert list(listed(shop, TICKET)) == [request.identifier]


@pytest.mark.parametrize("length", [timedelta(minutes=1), 60, 60.0])
def test_length(cloudcontrol: CloudControl, length: timedelta | float) -> None:
    """It is a timedelta, or a number of seconds."""
    cloudcontrol.clock.auto_advance = False
    cloudcontrol.plan(consistent_after=length)
    shop = Shop(cloudcontrol)
    end = shop.create().run().last_event.event_time

    cloudcontrol.clock.move_to(end + timedelta(minutes=1, milliseconds=-1))
    assert not is_seen(shop)
    cloudcontrol.clock.advance(0.001)
    assert is_seen(shop)


def test_no_time_at_all(cloudcontrol: CloudControl) -> None:
    """With 0 seconds everything is seen as it is done, half made resources too."""
    cloudcontrol.plan(consistent_after=0)
    shop = Shop(cloudcontrol)
    shop.create(Alpha="1", Beta="2").step()

    assert seen(shop) == {"Name": "n1", "Alpha": "1"}


def test_only_what_the_plan_is_about(cloudcontrol: CloudControl) -> None:
    """Requests of another operation, type, account or region are seen at once."""
    cloudcontrol.plan(ORDER, "CREATE", consistent_after=MINUTE)
    shop = Shop(cloudcontrol)
    shop.existing().update(Alpha="new").run()
    ticket = shop.create_of(TICKET).run()

    assert seen(shop) == {"Name": "n1", "Alpha": "new"}
    assert list(listed(shop, TICKET)) == [ticket.identifier]


def test_region(cloudcontrol: CloudControl, shop: Shop) -> None:
    """A resource of the same name in another region is another one."""
    elsewhere = Shop(cloudcontrol, "eu-west-1").existing(Alpha="there")
    shop.create(Alpha="here").run()

    assert (seen(shop), seen(elsewhere)) == (None, {"Name": "n1", "Alpha": "there"})


def test_request_itself_is_no_secret(cloudcontrol: CloudControl, shop: Shop) -> None:
    """Its status is told as ever."""
    request = shop.create().run()

    assert status(shop.client, request.request_token) == "SUCCESS"
    summaries = shop.client.list_resource_requests()["ResourceRequestStatusSummaries"]
    assert [summary["OperationStatus"] for summary in summaries] == ["SUCCESS"]
    assert cloudcontrol.requests.last.identifier == "n1"


# However the request ends


@pytest.mark.parametrize(
    "end",
    [
        lambda request: request.cancel(),
        lambda request: request.fail("Throttling"),
        lambda request: request.expire(),
    ],
    ids=["cancel", "fail", "expire"],
)
def test_half_done_work(cloudcontrol: CloudControl, shop: Shop, end: Callable[[ResourceRequest], object]) -> None:
    """What was done until then is seen so long after the end, whatever end that was."""
    request = shop.create(Alpha="1", Beta="2").step()
    cloudcontrol.clock.advance(0.5)
    end(request)

    cloudcontrol.clock.advance(MINUTE - 0.001)
    assert not is_seen(shop)
    cloudcontrol.clock.advance(0.001)
    assert seen(shop) == {"Name": "n1", "Alpha": "1"}


def test_expiry_after_seven_days(cloudcontrol: CloudControl) -> None:
    """A request that never ends before it expires hides its work until then, and so long after."""
    cloudcontrol.clock.auto_advance = False
    cloudcontrol.plan(delay=timedelta(days=30), consistent_after=MINUTE)
    shop = Shop(cloudcontrol)
    shop.create(Alpha="1", Beta="2")

    cloudcontrol.clock.advance(timedelta(days=7))
    assert (cloudcontrol.requests.last.expired, is_seen(shop)) == (True, False)
    cloudcontrol.clock.advance(MINUTE)
    assert is_seen(shop)


def test_nothing_done(cloudcontrol: CloudControl, shop: Shop) -> None:
    """A request that ends before its first call has hidden nothing, and nothing is due of it."""
    shop.existing().delete().cancel()

    assert is_seen(shop)
    assert not cloudcontrol.clock.advance_to_next()


@pytest.mark.parametrize(
    ("operation", "ask"),
    [
        ("CREATE", lambda shop: shop.create()),
        ("DELETE", lambda shop: shop.delete()),
        ("UPDATE", lambda shop: shop.update(Alpha="new")),
    ],
)
def test_failure_instead_of_the_first_call(
    cloudcontrol: CloudControl, shop: Shop, operation: str, ask: Callable[[Shop], ResourceRequest]
) -> None:
    """A failure that comes instead of the work changes nothing of what is seen."""
    cloudcontrol.add_failure("InternalFailure", at_step=1)
    if operation != "CREATE":
        shop.existing()
    ask(shop).run()

    assert is_seen(shop) == (operation != "CREATE")


def test_create_of_what_is_there(shop: Shop) -> None:
    """A create that fails with AlreadyExists hides nothing of the resource that was there."""
    shop.existing(Alpha="1")
    request = shop.create(Alpha="2")

    assert is_seen(shop)
    assert request.run().error_code == "AlreadyExists"
    assert seen(shop) == {"Name": "n1", "Alpha": "1"}


@pytest.mark.parametrize("code", ["AlreadyExists", "NotFound"])
@pytest.mark.parametrize("at_step", [2, "end"])
def test_arranged_failure_that_sounds_like_nothing_done(
    cloudcontrol: CloudControl, shop: Shop, code: str, at_step: Literal[2, "end"]
) -> None:
    """What was done before a failure by a rule is hidden, whatever its code."""
    cloudcontrol.add_failure(code, at_step=at_step)
    shop.create().run()

    assert (shop.written() is not None, is_seen(shop)) == (True, False)
    cloudcontrol.clock.advance(MINUTE)
    assert is_seen(shop)


def test_create_after_a_delete_that_found_nothing(cloudcontrol: CloudControl, shop: Shop) -> None:
    """A delete that fails with NotFound keeps no later request from being seen."""
    shop.delete().run()
    cloudcontrol.plan(consistent_after=0)
    shop.create().run()

    assert is_seen(shop)


def test_delete_of_what_is_not_there(shop: Shop) -> None:
    """A delete that fails with NotFound makes nothing come."""
    assert shop.delete().run().error_code == "NotFound"
    assert not is_seen(shop)


def test_call_that_takes_time_and_outlives_its_request(cloudcontrol: CloudControl, shop: Shop) -> None:
    """What a call does after its request has failed is seen so long after the failure."""
    cloudcontrol.plan(step_time=10)
    request = shop.create()
    cloudcontrol.clock.advance(5)
    request.fail("Throttling")

    cloudcontrol.clock.advance(20)
    assert (shop.written() is not None, is_seen(shop)) == (True, False)
    cloudcontrol.clock.move_to(after(65))
    assert is_seen(shop)


def test_downstream_work_that_goes_on(cloudcontrol: CloudControl, shop: Shop) -> None:
    """What a service does by itself is hidden too, even if its request never comes to know the identifier."""
    cloudcontrol.plan(TICKET, downstream=True, steps=3, delay=10)
    request = shop.create_of(TICKET).step().cancel()
    cloudcontrol.clock.advance(30)

    assert (request.identifier, len(cloudcontrol.resources)) == (None, 1)
    assert listed(shop, TICKET) == {}
    cloudcontrol.clock.advance(MINUTE)
    assert len(listed(shop, TICKET)) == 1


def test_reset(cloudcontrol: CloudControl, shop: Shop) -> None:
    """A new world hides nothing."""
    shop.create().run()
    cloudcontrol.reset()
    shop.existing(Alpha="1")

    assert is_seen(shop)
    cloudcontrol.clock.advance(2 * MINUTE)
    assert is_seen(shop)


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


# Code that waits, and the clock


@pytest.fixture
def client(cloudcontrol: CloudControl) -> CloudControlApiClient:
    """Return a client of a mock in which waiting moves the clock, and everything is consistent after a minute."""
    cloudcontrol.plan(consistent_after=MINUTE)
    return cloudcontrol.client()


def is_there(client: CloudControlApiClient, name: str) -> bool:
    """Look once whether a log group is seen."""
    try:
        client.get_resource(TypeName=LOG_GROUP, Identifier=name)
    except client.exceptions.ResourceNotFoundException:
        return False
    return True


def look_until_there(client: CloudControlApiClient, name: str) -> None:
    """Look until a log group is seen."""
    while not is_there(client, name):
        pass


def test_loop_until_it_is_there(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A loop over GetResource ends when the resource is seen."""
    wait(client, create(client, "app"))
    look_until_there(client, "app")

    end = cloudcontrol.requests.last.last_event.event_time
    assert cloudcontrol.clock.now() - end == timedelta(minutes=1)
    assert len(cloudcontrol.calls.matching(api="GetResource")) == 2


def test_loop_from_the_beginning(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """Code that never looks at the request comes to see the resource too."""
    create(client, "app")
    while not client.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"]:
        pass
    assert cloudcontrol.requests.last.status == "SUCCESS"


def test_loop_until_it_is_gone(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A loop that waits for a delete ends when nothing is seen any more."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    client.delete_resource(TypeName=LOG_GROUP, Identifier="app")
    while is_there(client, "app"):
        pass
    assert cloudcontrol.requests.last.status == "SUCCESS"


def test_loop_for_what_never_comes(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """When all is consistent nothing is due any more, and the loop is stopped."""
    create(client, "app")
    with pytest.raises(NoProgressError, match="nothing is due any more"):
        look_until_there(client, "other")
    assert "app" in [resource.identifier for resource in cloudcontrol.resources]


def test_loops_in_threads(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """Four threads that look until they see what all of them wait for come to their end."""
    for name in "abcd":
        create(client, name)

    def look() -> None:
        own = cloudcontrol.client()
        while len(own.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"]) < 4:
            pass

    in_threads(*[look] * 4)
    assert len(client.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"]) == 4


def test_status_needs_no_waiting(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A poll that has seen the success moves nothing."""
    token = create(client)
    wait(client, token)
    now = cloudcontrol.clock.now()
    for _ in range(9):
        status(client, token)
    assert cloudcontrol.clock.now() == now


def test_advance_to_next(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """To become consistent is a piece of work."""
    create(client)
    instants = []
    while cloudcontrol.clock.advance_to_next():
        instants.append(round((cloudcontrol.clock.now() - cloudcontrol.requests.last.accepted_at).total_seconds(), 1))
    assert instants == [0.2, 1.2, 61.2]


def test_run_until_idle(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """It counts handler calls, and ends when all is consistent."""
    create(client, "app")

    assert cloudcontrol.run_until_idle() == 2
    client.get_resource(TypeName=LOG_GROUP, Identifier="app")
    assert not cloudcontrol.clock.advance_to_next()


def test_step_of_any_request(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """What becomes consistent before the next call does so on the way, and is no step."""
    create(client, "app")
    first = cloudcontrol.requests.last.run()
    cloudcontrol.plan(first_delay=5 * MINUTE)
    create(client, "other")

    assert cloudcontrol.step() is cloudcontrol.requests.last
    client.get_resource(TypeName=LOG_GROUP, Identifier="app")
    assert first.steps == 2


def test_run_of_another_request(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """Time passes for all: what has become consistent meanwhile is seen, whatever has moved the clock."""
    create(client, "app")
    cloudcontrol.requests.last.run()
    cloudcontrol.plan(steps=1, first_delay=MINUTE)
    create(client, "other")
    cloudcontrol.requests.last.run()

    client.get_resource(TypeName=LOG_GROUP, Identifier="app")


def test_first_of_all_at_its_instant(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """At one instant what becomes consistent comes before the handler calls."""
    saw: list[str] = []

    def look() -> None:
        found = client.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"]
        saw.extend(item["Identifier"] for item in found)

    cloudcontrol.plan(steps=1, first_delay=0)
    create(client, "app")
    cloudcontrol.clock.advance(0)
    cloudcontrol.plan(steps=1, first_delay=MINUTE)
    create(client, "other")
    cloudcontrol.before(look, at_step=1)
    cloudcontrol.clock.advance(MINUTE)

    assert saw == ["app"]


def test_told_in_the_report(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A failing test is told when reads show what a request did."""
    client.create_resource(TypeName=QUEUE, DesiredState="{}")
    cloudcontrol.run_until_idle()
    with pytest.raises(NoProgressError) as stopped:
        look_until_there(client, "other")
    assert "reads show what it did" in str(stopped.value)
