"""plan(consistent_after=...): GetResource and ListResources show what a request did only so long after its end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import pytest
from calls import shown, status
from consistency import MINUTE, is_seen, lagging, listed, seen
from mock_time import after
from refusals import refusal
from shop import ORDER, TICKET, Shop, shop_types

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol import CloudControl, ResourceRequest

pytestmark = shop_types


@pytest.fixture
def shop(cloudcontrol: CloudControl) -> Shop:
    """Return what asks for orders, of which everything is consistent a minute after its request's end."""
    return lagging(cloudcontrol)


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
