"""limit_concurrency: the test moves requests on that are held back, and takes limits back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from held_back import at_once, three
from mock_time import after
from shop import ORDER, TICKET, Shop, shop_types

from pytest_cloudcontrol import CloudControl, IllegalTransition, NoProgressError, OptionError, StatusNotReached

pytestmark = shop_types


@pytest.fixture
def shop(cloudcontrol: CloudControl) -> Shop:
    """Return what asks for orders."""
    return Shop(cloudcontrol)


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
