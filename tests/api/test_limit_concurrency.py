"""limit_concurrency: further requests stay PENDING until others have ended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import WaiterError
from calls import status, wait
from mock_time import after
from shop import ORDER, TICKET, Shop, shop_types, statuses
from threads import in_threads

from pytest_cloudcontrol import (
    CloudControl,
    HandlerRequest,
    HookInvocation,
    IllegalTransition,
    NoProgressError,
    OptionError,
    StatusNotReached,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from pytest_cloudcontrol import ResourceRequest

pytestmark = shop_types


@pytest.fixture
def shop(cloudcontrol: CloudControl) -> Shop:
    """Return what asks for orders."""
    return Shop(cloudcontrol)


def three(cloudcontrol: CloudControl, running: int = 1) -> list[ResourceRequest]:
    """Ask for three orders where so many are worked on at once."""
    cloudcontrol.limit_concurrency(running)
    shop = Shop(cloudcontrol)
    return [shop.create(name) for name in ("n1", "n2", "n3")]


def at_once(cloudcontrol: CloudControl) -> list[str]:
    """Return the status of every request."""
    return [request.status.value for request in cloudcontrol.requests]


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


def test_pending_until_the_first_call(cloudcontrol: CloudControl, shop: Shop) -> None:
    """With ``pending=True`` a request that is taken up stays PENDING until its first handler call."""
    cloudcontrol.plan(pending=True)
    cloudcontrol.limit_concurrency(1)
    first, second = shop.create("n1"), shop.create("n2")

    first.run()

    assert (second.status, second.next_step_at) == ("PENDING", after(1.4))
    assert statuses(second.step()) == [(0, "PENDING"), (1.4, "IN_PROGRESS")]


# The test moves on


def test_step_of_one_held_back_is_refused(cloudcontrol: CloudControl) -> None:
    """It can't be stepped; the error names the limits, and what is worked on."""
    cloudcontrol.limit_concurrency(1, type_name=ORDER)
    first, second, third = three(cloudcontrol)

    with pytest.raises(IllegalTransition) as refused:
        third.step()

    assert str(refused.value) == (
        f"can't step request {third.request_token}: it is held back by limit_concurrency(1, type_name='{ORDER}') and "
        f"limit_concurrency(1) until one of these has ended: {first.request_token}\n"
        f"{third.request_token} CREATE {ORDER} n3 PENDING: 0 steps made, held back by a limit of 1 "
        "[123456789012 us-east-1]\n"
        "    2030-01-01 00:00:00.000 PENDING"
    )
    assert (second.steps, third.steps, cloudcontrol.clock.now()) == (0, 0, after(0))


def test_only_those_that_count_hold_it_back(cloudcontrol: CloudControl, shop: Shop) -> None:
    """What a limit doesn't count isn't named, nor stepped by a run."""
    cloudcontrol.limit_concurrency(1, type_name=TICKET)
    order, first, second = shop.create("n1"), shop.create_of(TICKET), shop.create_of(TICKET)

    with pytest.raises(IllegalTransition, match=f"until one of these has ended: {first.request_token}\n"):
        second.step()
    second.run()

    assert (order.steps, first.status, second.status) == (0, "SUCCESS", "SUCCESS")


def test_step_of_one_that_a_plan_and_then_a_limit_keep_pending(cloudcontrol: CloudControl, shop: Shop) -> None:
    """The clock goes to the end of the plan's time; there it is found to be held back."""
    cloudcontrol.limit_concurrency(1)
    shop.create("n1")
    cloudcontrol.plan(pending=60)
    second = shop.create("n2")

    with pytest.raises(IllegalTransition, match="it is held back by"):
        second.step()

    assert (cloudcontrol.clock.now(), second.steps) == (after(60), 0)


def test_run_lets_the_others_go_on(cloudcontrol: CloudControl) -> None:
    """Those that hold it back are stepped until it is taken up; what comes behind it stays."""
    requests = three(cloudcontrol)

    requests[1].run(max_steps=2)

    assert at_once(cloudcontrol) == ["SUCCESS", "SUCCESS", "IN_PROGRESS"]
    assert cloudcontrol.clock.now() == after(2.4)


def test_run_steps_the_earliest_of_those_that_hold_it_back(cloudcontrol: CloudControl, shop: Shop) -> None:
    """Of two the one that is due first is stepped, and the other left as soon as there is room."""
    cloudcontrol.limit_concurrency(2)
    cloudcontrol.plan(ORDER, steps=3)
    first = shop.create("n1")
    cloudcontrol.plan(ORDER, steps=2)
    second, third = shop.create("n2"), shop.create("n3")

    third.run_until("IN_PROGRESS")

    assert (first.steps, second.status, third.steps) == (2, "SUCCESS", 0)


@pytest.mark.parametrize("pending", [False, 60])
def test_run_until_in_progress(cloudcontrol: CloudControl, shop: Shop, pending: bool | int) -> None:
    """It becomes IN_PROGRESS without a handler call of its own, and no allowance is used up by it."""
    cloudcontrol.limit_concurrency(1)
    shop.create("n1")
    cloudcontrol.plan(pending=pending)
    second = shop.create("n2")

    second.run_until("IN_PROGRESS", max_steps=1)

    assert (second.status, second.steps) == ("IN_PROGRESS", 0)


def test_run_until_pending_changes_nothing(cloudcontrol: CloudControl) -> None:
    """It is PENDING already."""
    requests = three(cloudcontrol)

    assert requests[2].run_until("PENDING") is requests[2]
    assert cloudcontrol.clock.now() == after(0)


def test_run_that_is_not_enough(cloudcontrol: CloudControl) -> None:
    """``max_steps`` counts the request's own calls only."""
    requests = three(cloudcontrol)

    with pytest.raises(StatusNotReached, match=r"^1 handler call was not enough"):
        requests[1].run(max_steps=1)

    assert (requests[0].status, requests[1].steps) == ("SUCCESS", 1)


def test_run_behind_one_that_never_ends(cloudcontrol: CloudControl, shop: Shop) -> None:
    """The error names the request that has had too many calls."""
    cloudcontrol.limit_concurrency(1)
    cloudcontrol.plan(steps=10**6)
    first, second = shop.create("n1"), shop.create("n2")

    with pytest.raises(NoProgressError, match=f"request {first.request_token} has not ended after 1000 handler calls"):
        second.run()


def test_expires_while_it_waits_in_a_run(cloudcontrol: CloudControl, shop: Shop) -> None:
    """A run of one that expires before it is taken up ends there, without any call."""
    cloudcontrol.limit_concurrency(1)
    cloudcontrol.plan(steps=10, delay=timedelta(days=1))
    shop.create("n1")
    second = shop.create("n2").run()

    assert (second.expired, second.status, second.steps) == (True, "PENDING", 0)


def test_step_of_any_request_passes_over_them(cloudcontrol: CloudControl) -> None:
    """``cloudcontrol.step()`` makes the earliest due call, in acceptance order at last."""
    requests = three(cloudcontrol)

    stepped = [cloudcontrol.step() for _ in range(7)]

    assert stepped == [requests[0]] * 2 + [requests[1]] * 2 + [requests[2]] * 2 + [None]


def test_advance_to_next(cloudcontrol: CloudControl) -> None:
    """Nothing of one held back is due."""
    three(cloudcontrol)
    instants = []
    while cloudcontrol.clock.advance_to_next():
        instants.append(cloudcontrol.clock.now())

    assert instants == [after(seconds) for seconds in (0.2, 1.2, 1.4, 2.4, 2.6, 3.6)]


@pytest.mark.parametrize("during", [False, True])
def test_arranged_cancel_makes_room_at_its_end(cloudcontrol: CloudControl, during: bool) -> None:
    """A request that is CANCEL_IN_PROGRESS is still worked on."""
    cloudcontrol.plan(step_time=10)
    requests = three(cloudcontrol)
    requests[0].cancel(at_step=1, during=during)

    cloudcontrol.clock.advance(0.2)

    assert requests[0].status == ("CANCEL_IN_PROGRESS" if during else "CANCEL_COMPLETE")
    assert requests[1].status == ("PENDING" if during else "IN_PROGRESS")


# Taken back


def test_remove_lets_them_go(cloudcontrol: CloudControl) -> None:
    """What was held back is taken up at once, in order, and nothing more is held back."""
    limit = cloudcontrol.limit_concurrency(1)
    shop = Shop(cloudcontrol)
    requests = [shop.create(name) for name in ("n1", "n2", "n3")]
    cloudcontrol.clock.advance(0.1)

    limit.remove()
    limit.remove()

    assert (at_once(cloudcontrol), limit.fired) == (["IN_PROGRESS"] * 3, 2)
    assert [request.next_step_at for request in requests] == [after(0.2), after(0.3), after(0.3)]
    assert shop.create("n4").status == "IN_PROGRESS"


def test_remove_of_one_of_two(cloudcontrol: CloudControl) -> None:
    """The other limit holds on."""
    cloudcontrol.limit_concurrency(2)
    limit = cloudcontrol.limit_concurrency(1)
    shop = Shop(cloudcontrol)
    requests = [shop.create(name) for name in ("n1", "n2", "n3")]

    limit.remove()

    assert at_once(cloudcontrol) == ["IN_PROGRESS", "IN_PROGRESS", "PENDING"]
    with pytest.raises(IllegalTransition, match=r"it is held back by limit_concurrency\(2\) until"):
        requests[2].step()


def test_reset_forgets_it(cloudcontrol: CloudControl) -> None:
    """In the new world there is no limit, nor in the old one anything that could move."""
    limit = cloudcontrol.limit_concurrency(1)
    shop = Shop(cloudcontrol)
    old = [shop.create("n1"), shop.create("n2")][1]

    cloudcontrol.reset()
    limit.remove()

    assert (old.status, len(old.events)) == ("PENDING", 1)
    with pytest.raises(IllegalTransition, match="has begun a new world"):
        old.step()
    assert [shop.create(name).status for name in ("n1", "n2")] == ["IN_PROGRESS"] * 2


@pytest.mark.parametrize("running", [0, -1, 1.5, True, None, "2"])
def test_wrong_number(cloudcontrol: CloudControl, running: int) -> None:
    """A number that is none is refused."""
    with pytest.raises(OptionError) as refused:
        cloudcontrol.limit_concurrency(running)
    assert str(refused.value) == f"running={running!r} is not valid: expected a whole number, at least 1"


def test_unknown_type(cloudcontrol: CloudControl) -> None:
    """A type that there isn't is refused."""
    with pytest.raises(OptionError, match="Did you mean 'Test::Shop::Order'") as refused:
        cloudcontrol.limit_concurrency(1, type_name="Test::Shop::Oder")
    assert str(refused.value) == (
        "type_name='Test::Shop::Oder' is not valid: expected a known resource type (cloudcontrol.add_type adds one). "
        "Did you mean 'Test::Shop::Order'?"
    )


def test_shown_as_written(cloudcontrol: CloudControl) -> None:
    """The handle says what was arranged, and how many it has held back."""
    limit = cloudcontrol.limit_concurrency(2, type_name=ORDER)

    assert repr(limit) == f"<limit_concurrency(2, type_name='{ORDER}'), fired 0 times>"


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
