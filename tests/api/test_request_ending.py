"""How a test ends a request: it fails, cancels or expires it, now or at a handler call."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from mock_time import START, after
from shop import ORDER, Shop, shop_types, shown, statuses

from pytest_cloudcontrol import (
    CloudControl,
    HandlerErrorCode,
    IllegalTransition,
    OperationStatus,
    ProgressEvent,
    ResourceRequest,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = shop_types

ENDINGS = [
    pytest.param(lambda request: request.fail("NotStabilized"), id="fail"),
    pytest.param(lambda request: request.cancel(), id="cancel"),
    pytest.param(lambda request: request.expire(), id="expire"),
]


# All of them


@pytest.mark.parametrize("end", ENDINGS)
@pytest.mark.parametrize("pending", [True, False])
def test_ended_request_gets_no_further_calls(
    cloudcontrol: CloudControl, end: Callable[[ResourceRequest], object], pending: bool
) -> None:
    """A request that the test has ended, even a PENDING one, gets no handler call any more."""
    cloudcontrol.plan(pending=pending)
    request = Shop(cloudcontrol).create()
    end(request)
    assert (request.is_running, request.next_step_at) == (False, None)
    assert cloudcontrol.run_until_idle() == 0
    assert cloudcontrol.clock.advance_to_next() is False


@pytest.mark.parametrize("end", ENDINGS)
def test_what_calls_did_stays(cloudcontrol: CloudControl, end: Callable[[ResourceRequest], object]) -> None:
    """Ending a request half done rolls nothing back, and the rest never happens."""
    shop = Shop(cloudcontrol)
    end(shop.create(Alpha="1", Beta="2").step())
    cloudcontrol.clock.advance(timedelta(days=1))
    assert shop.written() == {"Alpha": "1"}


@pytest.mark.parametrize("end", ENDINGS)
def test_ended_request_makes_way(cloudcontrol: CloudControl, end: Callable[[ResourceRequest], object]) -> None:
    """A resource is no longer busy once the request that worked on it was ended."""
    shop = Shop(cloudcontrol)
    shop.existing()
    end(shop.update(Alpha="1").step())
    assert shop.delete().run().status == "SUCCESS"


@pytest.mark.parametrize("end", ENDINGS)
def test_ending_moves_no_time(cloudcontrol: CloudControl, end: Callable[[ResourceRequest], object]) -> None:
    """Ending a request happens now, and makes nobody's call."""
    shop = Shop(cloudcontrol)
    other, request = shop.create("other"), shop.create()
    end(request)
    assert (cloudcontrol.clock.now(), other.steps) == (START, 0)


# Failing


@pytest.mark.parametrize("code", ["NotStabilized", HandlerErrorCode.NOT_STABILIZED])
def test_fail(cloudcontrol: CloudControl, code: str) -> None:
    """A request that fails has a FAILED event with the code and the message, and keeps its identifier."""
    request = Shop(cloudcontrol).create()
    cloudcontrol.clock.advance(0.1)
    request.fail(code, "It never settled.")
    assert request.events[1:] == (
        ProgressEvent(
            OperationStatus.FAILED,
            after(0.1),
            "n1",
            status_message="It never settled.",
            error_code=HandlerErrorCode.NOT_STABILIZED,
        ),
    )
    assert (request.error_code, request.status_message) == ("NotStabilized", "It never settled.")


def test_fail_without_message(cloudcontrol: CloudControl) -> None:
    """Without a message the event has words that name the code."""
    request = Shop(cloudcontrol).create().fail("ServiceTimeout")
    assert request.status_message == "Handler returned status FAILED (HandlerErrorCode: ServiceTimeout)"


def test_failed_request_for_a_client(cloudcontrol: CloudControl) -> None:
    """A client sees the code and the message of a request that the test let fail."""
    shop = Shop(cloudcontrol)
    request = shop.create().fail("AccessDenied", "Not you.")
    event = shop.client.get_resource_request_status(RequestToken=request.request_token)["ProgressEvent"]
    assert (event["OperationStatus"], event["ErrorCode"], event["StatusMessage"]) == (
        "FAILED",
        "AccessDenied",
        "Not you.",
    )


# Cancelling


def test_cancel(cloudcontrol: CloudControl) -> None:
    """Cancelling ends a request with an event of the basic members only."""
    request = Shop(cloudcontrol).create().step()
    cloudcontrol.clock.advance(0.3)
    request.cancel()
    assert request.events[2:] == (ProgressEvent(OperationStatus.CANCEL_COMPLETE, after(0.5), "n1"),)
    assert (request.error_code, request.status_message) == (None, None)


def test_cancel_again(cloudcontrol: CloudControl) -> None:
    """Cancelling a cancelled request changes nothing, as for a client."""
    request = Shop(cloudcontrol).create().cancel()
    events = request.events
    cloudcontrol.clock.advance(1)
    assert request.cancel().events == events


@pytest.mark.parametrize(
    ("step", "written"),
    [(1, None), (2, {"Alpha": "1"}), (3, {"Alpha": "1", "Beta": "2"})],
)
def test_cancel_at_step(cloudcontrol: CloudControl, step: int, written: dict[str, object] | None) -> None:
    """``cancel(at_step=…)`` comes instead of that handler call: what the calls before it did stays."""
    cloudcontrol.plan(steps=3)
    shop = Shop(cloudcontrol)
    request = shop.create(Alpha="1", Beta="2", Gamma="3")
    request.cancel(at_step=step).run()
    assert (request.status, request.steps) == ("CANCEL_COMPLETE", step - 1)
    assert request.events[-1] == ProgressEvent(OperationStatus.CANCEL_COMPLETE, after(step - 0.8), "n1")
    assert shop.written() == written


def test_cancel_at_step_as_the_clock_moves(cloudcontrol: CloudControl) -> None:
    """A cancellation arranged for a handler call comes when the clock reaches that call, not before."""
    request = Shop(cloudcontrol).create().cancel(at_step=2)
    cloudcontrol.clock.advance(1.1)
    assert request.status == "IN_PROGRESS"
    cloudcontrol.clock.advance(5)
    assert statuses(request)[-1] == (1.2, "CANCEL_COMPLETE")


def test_later_cancel_at_step_replaces_the_earlier(cloudcontrol: CloudControl) -> None:
    """Of two calls at which a request is to be cancelled the one named last counts."""
    cloudcontrol.plan(steps=5)
    request = Shop(cloudcontrol).create()
    request.cancel(at_step=4).cancel(at_step=2).run()
    assert request.steps == 1


# Expiring


def test_expire(cloudcontrol: CloudControl) -> None:
    """An expired request keeps its last status and its events, and the test still finds it."""
    request = Shop(cloudcontrol).create().step()
    events = request.events
    request.expire()
    assert (request.expired, request.status, request.events) == (True, "IN_PROGRESS", events)
    assert cloudcontrol.request(request.request_token) is request
    assert cloudcontrol.requests.last is request


def test_expire_a_finished_request(cloudcontrol: CloudControl) -> None:
    """A finished request can expire too."""
    request = Shop(cloudcontrol).create().run().expire()
    assert (request.expired, request.status) == (True, "SUCCESS")


def test_expired_request_for_a_client(cloudcontrol: CloudControl) -> None:
    """Status and Cancel don't know an expired request any more, and the list leaves it out."""
    shop = Shop(cloudcontrol)
    kept, request = shop.create("kept"), shop.create().expire()
    for call in (shop.client.get_resource_request_status, shop.client.cancel_resource_request):
        with pytest.raises(shop.client.exceptions.RequestTokenNotFoundException):
            call(RequestToken=request.request_token)
    summaries = shop.client.list_resource_requests()["ResourceRequestStatusSummaries"]
    assert [event["RequestToken"] for event in summaries] == [kept.request_token]


def test_expiry_frees_the_client_token(cloudcontrol: CloudControl) -> None:
    """The ClientToken of an expired request stands for a new request, whatever is asked with it."""
    client = Shop(cloudcontrol).client
    tokens = []
    for state in ('{"Name": "one"}', '{"Name": "two"}'):
        answer = client.create_resource(TypeName=ORDER, DesiredState=state, ClientToken="same")
        tokens.append(answer["ProgressEvent"]["RequestToken"])
        cloudcontrol.requests.last.expire()
    assert [request.request_token for request in cloudcontrol.requests] == tokens


@pytest.mark.parametrize("finished", [True, False])
def test_expiry_after_seven_days(cloudcontrol: CloudControl, finished: bool) -> None:
    """Seven days after acceptance, and not before, a request expires, finished or not."""
    cloudcontrol.plan(delay=timedelta(days=6))
    request = Shop(cloudcontrol).create()
    if finished:
        request.run()
    cloudcontrol.clock.move_to(after(timedelta(days=7).total_seconds() - 0.001))
    assert not request.expired
    cloudcontrol.clock.advance(0.001)
    assert request.expired


def test_call_at_the_instant_of_expiry(cloudcontrol: CloudControl) -> None:
    """A handler call that falls due at the very instant of expiry is made no more."""
    cloudcontrol.plan(first_delay=timedelta(days=7))
    request = Shop(cloudcontrol).create()
    cloudcontrol.clock.advance(timedelta(days=8))
    assert (request.expired, request.steps, request.status) == (True, 0, "IN_PROGRESS")


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(lambda _, request: request.run(), id="run"),
        pytest.param(lambda cloudcontrol, _: cloudcontrol.step(), id="step"),
        pytest.param(lambda cloudcontrol, _: cloudcontrol.run_until_idle(), id="run_until_idle"),
        pytest.param(lambda cloudcontrol, _: cloudcontrol.scope().step(), id="step of a scope"),
        pytest.param(lambda cloudcontrol, _: cloudcontrol.scope().run_until_idle(), id="run_until_idle of a scope"),
    ],
)
def test_running_into_expiry(
    cloudcontrol: CloudControl, run: Callable[[CloudControl, ResourceRequest], object]
) -> None:
    """Running a request whose next call lies beyond its expiry ends with the expiry, not in an error."""
    cloudcontrol.plan(first_delay=timedelta(days=8))
    request = Shop(cloudcontrol).create()
    run(cloudcontrol, request)
    assert (request.expired, request.steps) == (True, 0)


# What can't be done any more


ENDED: dict[str, tuple[Callable[[ResourceRequest], object], str]] = {
    "SUCCESS": (lambda request: request.run(), "it is SUCCESS already, which is terminal"),
    "FAILED": (lambda request: request.fail("Throttling"), "it is FAILED already, which is terminal"),
    "CANCEL_COMPLETE": (lambda request: request.cancel(), "it is CANCEL_COMPLETE already, which is terminal"),
    "expired": (lambda request: request.expire(), "it has expired, and AWS has forgotten it"),
}

ACTIONS: dict[str, Callable[[ResourceRequest], object]] = {
    "step": lambda request: request.step(),
    "run": lambda request: request.run(),
    "fail": lambda request: request.fail("NotFound"),
    "cancel": lambda request: request.cancel(),
    "cancel at step 9": lambda request: request.cancel(at_step=9),
    "expire": lambda request: request.expire(),
}

TERMINAL = ("SUCCESS", "FAILED", "CANCEL_COMPLETE")
LEGAL = {("CANCEL_COMPLETE", "cancel"), *((state, action) for state in TERMINAL for action in ("expire", "run"))}


@pytest.mark.parametrize(
    ("state", "action"), [(state, action) for state in ENDED for action in ACTIONS if (state, action) not in LEGAL]
)
def test_ended_request_is_not_moved(cloudcontrol: CloudControl, state: str, action: str) -> None:
    """A request that has ended refuses to be moved, says why with its timeline, and stays as it was."""
    end, reason = ENDED[state]
    request = Shop(cloudcontrol).create()
    end(request)
    before = (request.events, request.status, request.expired, request.steps, cloudcontrol.clock.now())
    cause = {"FAILED": "request.fail()", "CANCEL_COMPLETE": "request.cancel()"}.get(state, "")
    expired = "2030-01-01 00:00:00.000 expired, by request.expire()" if state == "expired" else ""
    timeline = shown(request, cause, expired)
    with pytest.raises(IllegalTransition) as raised:
        ACTIONS[action](request)
    assert str(raised.value) == f"can't {action} request {request.request_token}: {reason}\n{timeline}"
    assert (raised.value.request, raised.value.action) == (request, action)
    assert (request.events, request.status, request.expired, request.steps, cloudcontrol.clock.now()) == before


@pytest.mark.parametrize("state", TERMINAL)
def test_running_what_has_ended(cloudcontrol: CloudControl, state: str) -> None:
    """A request that has come to its end is run at once: nothing happens to it any more."""
    request = Shop(cloudcontrol).create()
    ENDED[state][0](request)
    events = request.events
    assert request.run() is request
    assert request.events == events


def test_ending_otherwise_than_arranged(cloudcontrol: CloudControl) -> None:
    """A test that itself ends a request before the call at which it was to be cancelled has changed its mind."""
    shop = Shop(cloudcontrol)
    shop.create("one").cancel(at_step=2).step().cancel()
    shop.create("two").cancel(at_step=2).fail("Throttling")
    shop.create("three").cancel(at_step=2).expire()
    assert [request.cancel_at_step for request in cloudcontrol.requests] == [None] * 3
    # And at its end the fixture fails no test for a cancel that never came to be.


@pytest.mark.parametrize("step", [1, 2])
def test_cancel_at_a_step_already_made(cloudcontrol: CloudControl, step: int) -> None:
    """A request can't be cancelled at a handler call that was made already."""
    cloudcontrol.plan(steps=3)
    request = Shop(cloudcontrol).create().step().step()
    with pytest.raises(IllegalTransition) as raised:
        request.cancel(at_step=step)
    assert str(raised.value) == (
        f"can't cancel at step {step} request {request.request_token}: "
        f"at_step={step}, but handler call 2 has been made already\n"
        f"{request.request_token} CREATE {ORDER} n1 IN_PROGRESS: 2 steps made, "
        "the next due at 2030-01-01 00:00:02.200 [123456789012 us-east-1]\n"
        "    2030-01-01 00:00:00.000 IN_PROGRESS\n"
        "    2030-01-01 00:00:00.200 IN_PROGRESS, retry after 2030-01-01 00:00:01.200\n"
        "    2030-01-01 00:00:01.200 IN_PROGRESS, retry after 2030-01-01 00:00:02.200"
    )


def test_timeline_shows_the_cancellation_to_come(cloudcontrol: CloudControl) -> None:
    """The timeline of a running request tells at which call it will be cancelled."""
    request = Shop(cloudcontrol).create().step()
    with pytest.raises(IllegalTransition, match=r" IN_PROGRESS: 1 step made, .*, to be cancelled at step 2 \["):
        request.cancel(at_step=2).cancel(at_step=1)
    assert request.run().status == "CANCEL_COMPLETE"
