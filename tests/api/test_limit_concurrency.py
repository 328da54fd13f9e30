"""limit_concurrency: further requests stay PENDING until others have ended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from held_back import at_once, three
from mock_time import after
from shop import ORDER, TICKET, Shop, shop_types, statuses

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol import (
        CloudControl,
        ResourceRequest,
    )

pytestmark = shop_types


@pytest.fixture
def shop(cloudcontrol: CloudControl) -> Shop:
    """Return what asks for orders."""
    return Shop(cloudcontrol)


# What is held back


def test_further_requests_are_pending(cloudcontrol: CloudControl) -> None:
    """Beyond the limit a request is answered with PENDING, and nothing is due of it."""
    requests = three(cloudcontrol, running=2)

    assert at_once(cloudcontrol) == ["IN_PROGRESS", "IN_PROGRESS", "PENDING"]
    assert [event.operation_status for event in requests[2].events] == ["PENDING"]
    assert (requests[1].next_step_at, requests[2].next_step_at) == (after(0.2), None)


def test_taken_up_when_another_ends(cloudcontrol: CloudControl) -> None:
    """As one ends the next becomes IN_PROGRESS, and its first call is due after its first delay from then."""
    requests = three(cloudcontrol)

    cloudcontrol.clock.advance(60)

    assert [statuses(request) for request in requests] == [
        [(0, "IN_PROGRESS"), (0.2, "IN_PROGRESS"), (1.2, "SUCCESS")],
        [(0, "PENDING"), (1.2, "IN_PROGRESS"), (1.4, "IN_PROGRESS"), (2.4, "SUCCESS")],
        [(0, "PENDING"), (2.4, "IN_PROGRESS"), (2.6, "IN_PROGRESS"), (3.6, "SUCCESS")],
    ]


def test_the_plan_of_one_held_back_counts_from_its_taking_up(cloudcontrol: CloudControl, shop: Shop) -> None:
    """Its own first delay begins when it is taken up."""
    cloudcontrol.limit_concurrency(1)
    cloudcontrol.plan(ORDER, steps=1, first_delay=10)
    shop.create("n1")
    second = shop.create("n2")

    cloudcontrol.run_until_idle()

    assert statuses(second) == [(0, "PENDING"), (10, "IN_PROGRESS"), (20, "SUCCESS")]


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (lambda request: request.run(), "SUCCESS"),
        (lambda request: request.cancel(), "CANCEL_COMPLETE"),
        (lambda request: request.fail("Throttling"), "FAILED"),
        (lambda request: request.expire(), "IN_PROGRESS"),
    ],
    ids=["run", "cancel", "fail", "expire"],
)
def test_however_one_ends_there_is_room(
    cloudcontrol: CloudControl, end: Callable[[ResourceRequest], object], status: str
) -> None:
    """Success, failure, a cancel and expiry make room for one."""
    requests = three(cloudcontrol)

    end(requests[0])

    assert at_once(cloudcontrol) == [status, "IN_PROGRESS", "PENDING"]


@pytest.mark.parametrize(
    "end",
    [
        lambda request: request.cancel(),
        lambda request: request.fail("Throttling"),
        lambda request: request.expire(),
    ],
    ids=["cancel", "fail", "expire"],
)
def test_one_held_back_that_ends_makes_no_room(
    cloudcontrol: CloudControl, end: Callable[[ResourceRequest], object]
) -> None:
    """It had no place, so nobody gets one; the next in turn comes when the first ends."""
    requests = three(cloudcontrol)

    end(requests[1])

    assert requests[2].status == "PENDING"
    assert cloudcontrol.run_until_idle() == 4
    assert (requests[0].status, requests[1].steps, requests[2].status) == ("SUCCESS", 0, "SUCCESS")


def test_caller_cancels_one_held_back(cloudcontrol: CloudControl) -> None:
    """CancelResourceRequest cancels a PENDING request at once."""
    requests = three(cloudcontrol)
    client = cloudcontrol.client()

    event = client.cancel_resource_request(RequestToken=requests[1].request_token)["ProgressEvent"]

    assert event["OperationStatus"] == "CANCEL_COMPLETE"
    cloudcontrol.run_until_idle()
    assert cloudcontrol.resources.get(ORDER, "n2") is None


def test_seven_days_forget_one_held_back(cloudcontrol: CloudControl) -> None:
    """All of the same age expire together: none of them is taken up by the end of another."""
    cloudcontrol.plan(first_delay=timedelta(days=8))
    requests = three(cloudcontrol)

    cloudcontrol.clock.advance(timedelta(days=7))

    assert [(request.expired, len(request.events)) for request in requests] == [(True, 1)] * 3
    assert cloudcontrol.step() is None


def test_resource_of_one_held_back_is_busy(cloudcontrol: CloudControl) -> None:
    """It is a running request: another one on its resource is refused."""
    three(cloudcontrol)
    client = cloudcontrol.client()

    with pytest.raises(client.exceptions.ConcurrentOperationException):
        client.delete_resource(TypeName=ORDER, Identifier="n3")


# What counts


def test_each_account_and_region_counts_by_itself(cloudcontrol: CloudControl) -> None:
    """The limit is one for each of them."""
    cloudcontrol.limit_concurrency(1)
    for region, account_id in ((None, None), ("eu-west-1", None), (None, "210987654321")):
        shop = Shop(cloudcontrol, region, account_id)
        shop.create("n1")
        shop.create("n2")

    assert at_once(cloudcontrol) == ["IN_PROGRESS", "PENDING"] * 3
    cloudcontrol.scope(region="eu-west-1").run_until_idle()
    assert at_once(cloudcontrol) == ["IN_PROGRESS", "PENDING", "SUCCESS", "SUCCESS", "IN_PROGRESS", "PENDING"]


def test_limit_of_a_type(cloudcontrol: CloudControl, shop: Shop) -> None:
    """Only requests of the type count, and are held back."""
    cloudcontrol.limit_concurrency(1, type_name=TICKET)
    shop.create("n1")
    shop.create("n2")
    for _ in range(2):
        shop.create_of(TICKET)

    assert at_once(cloudcontrol) == ["IN_PROGRESS", "IN_PROGRESS", "IN_PROGRESS", "PENDING"]


def test_several_limits_hold_together(cloudcontrol: CloudControl, shop: Shop) -> None:
    """A request is taken up when there is room under every limit that counts it; a later one of another type passes."""
    of_all = cloudcontrol.limit_concurrency(2)
    of_tickets = cloudcontrol.limit_concurrency(1, type_name=TICKET)
    first, second = shop.create_of(TICKET), shop.create_of(TICKET)
    third, fourth = shop.create("n1"), shop.create("n2")

    assert at_once(cloudcontrol) == ["IN_PROGRESS", "PENDING", "IN_PROGRESS", "PENDING"]
    assert (of_all.fired, of_tickets.fired) == (1, 1)
    third.cancel()
    assert (second.status, fourth.status) == ("PENDING", "IN_PROGRESS")
    assert (of_all.fired, of_tickets.fired) == (2, 1)  # now the limit of all holds the ticket back, too
    first.cancel()
    assert second.status == "IN_PROGRESS"


def test_all_operations_count(cloudcontrol: CloudControl, shop: Shop) -> None:
    """Creates, updates and deletes share the places."""
    shop.existing("n1").existing("n2")
    cloudcontrol.limit_concurrency(1)
    shop.create("n3")
    shop.update("n1", Alpha="1")
    shop.delete("n2")

    assert at_once(cloudcontrol) == ["IN_PROGRESS", "PENDING", "PENDING"]
    assert cloudcontrol.run_until_idle() == 5
    assert at_once(cloudcontrol) == ["SUCCESS"] * 3


def test_request_accepted_before_counts(cloudcontrol: CloudControl, shop: Shop) -> None:
    """What is worked on already when the limit is arranged goes on, and takes its place."""
    shop.create("n1")
    shop.create("n2")
    cloudcontrol.limit_concurrency(1)
    third = shop.create("n3")

    cloudcontrol.requests[0].run()
    assert at_once(cloudcontrol) == ["SUCCESS", "IN_PROGRESS", "PENDING"]
    cloudcontrol.requests[1].run()
    assert third.status == "IN_PROGRESS"


# Together with plans


def test_pending_of_a_plan_takes_no_place(cloudcontrol: CloudControl, shop: Shop) -> None:
    """A request that a plan keeps PENDING isn't worked on; it asks for its place when that time is over."""
    cloudcontrol.limit_concurrency(1)
    cloudcontrol.plan(TICKET, pending=5)
    ticket = shop.create_of(TICKET)
    cloudcontrol.plan(ORDER, steps=1, first_delay=10)
    order, last = shop.create("n1"), shop.create("n2")

    assert (ticket.next_step_at, order.status, last.status) == (after(5.2), "IN_PROGRESS", "PENDING")
    cloudcontrol.clock.advance(5)
    assert (ticket.status, ticket.next_step_at) == ("PENDING", None)
    cloudcontrol.clock.advance(5)
    assert (order.status, ticket.status, last.status) == ("SUCCESS", "IN_PROGRESS", "PENDING")  # it was accepted first
    assert ticket.next_step_at == after(10.2)


def test_pending_of_a_plan_that_ends_while_another_is_stepped(cloudcontrol: CloudControl, shop: Shop) -> None:
    """One whose time PENDING ends while another is stepped is held back, and counts from when it is taken up."""
    cloudcontrol.plan(pending=3)
    cloudcontrol.limit_concurrency(1)
    first, second = shop.create("n1"), shop.create("n2")

    first.step()
    assert (second.status, second.next_step_at) == ("PENDING", None)
    first.cancel()
    assert (second.status, second.next_step_at) == ("IN_PROGRESS", after(3.4))
    cloudcontrol.run_until_idle()
    assert statuses(second) == [
        (0, "PENDING"),
        (3.2, "IN_PROGRESS"),
        (3.4, "IN_PROGRESS"),
        (4.4, "SUCCESS"),
    ]


def test_pending_until_the_first_call(cloudcontrol: CloudControl, shop: Shop) -> None:
    """With ``pending=True`` a request that is taken up stays PENDING until its first handler call."""
    cloudcontrol.plan(pending=True)
    cloudcontrol.limit_concurrency(1)
    first, second = shop.create("n1"), shop.create("n2")

    first.run()

    assert (second.status, second.next_step_at) == ("PENDING", after(1.4))
    assert statuses(second.step()) == [(0, "PENDING"), (1.4, "IN_PROGRESS")]
