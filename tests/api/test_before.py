"""Callbacks: test code that runs right before a call or a handler call."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from mock_time import START, after
from shop import ORDER, TICKET, Shop, shop_types, statuses

from pytest_cloudcontrol import Call, CloudControl, OptionError, ResourceRequest

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = shop_types


class StopNow(Exception):
    """What a test's own callback raises."""


def raise_stop() -> None:
    """Raise in a callback."""
    raise StopNow


# Before calls


def test_before_a_call(cloudcontrol: CloudControl) -> None:
    """A callback runs with the call, before it is answered, each time one of the API operation is made."""
    seen: list[tuple[Call, object]] = []
    cloudcontrol.before(lambda call: seen.append((call, call.answer)), api="CreateResource")
    shop = Shop(cloudcontrol)
    shop.create("one", Alpha="1")
    shop.client.list_resource_requests()
    shop.create("two")
    assert [(call.operation, answer) for call, answer in seen] == [("CreateResource", None)] * 2
    assert [call for call, _ in seen] == [cloudcontrol.calls[0], cloudcontrol.calls[2]]


def test_before_a_call_on_a_type(cloudcontrol: CloudControl) -> None:
    """A callback for one resource type runs before calls about that type only."""
    seen: list[Call] = []
    cloudcontrol.before(seen.append, api="CreateResource", type_name=TICKET)
    shop = Shop(cloudcontrol)
    shop.create()
    shop.create_of(TICKET)
    assert [call.input["TypeName"] for call in seen] == [TICKET]


def test_what_happens_before_a_call_counts_for_it(cloudcontrol: CloudControl) -> None:
    """The answer of a call tells what its callback has done."""
    shop = Shop(cloudcontrol)
    request = shop.create()
    cloudcontrol.before(request.step, api="GetResourceRequestStatus")
    answer = shop.client.get_resource_request_status(RequestToken=request.request_token)
    assert answer["ProgressEvent"]["EventTime"] == after(0.2)


def test_raising_before_a_call(cloudcontrol: CloudControl) -> None:
    """What a callback raises ends the call, which changes nothing, and reaches the caller as it is."""
    cloudcontrol.before(raise_stop, api="CreateResource")
    shop = Shop(cloudcontrol)
    with pytest.raises(StopNow):
        shop.create()
    assert len(cloudcontrol.requests) == 0


# Before steps


def test_before_a_step(cloudcontrol: CloudControl) -> None:
    """A callback runs with the request, before each of its handler calls, at the call's instant."""
    seen: list[tuple[ResourceRequest, int, object]] = []
    cloudcontrol.before(lambda request: seen.append((request, request.steps, cloudcontrol.clock.now())))
    request = Shop(cloudcontrol).create()
    cloudcontrol.clock.advance(10)
    assert seen == [(request, 0, after(0.2)), (request, 1, after(1.2))]


@pytest.mark.parametrize(
    "move",
    [
        pytest.param(lambda mock, _: mock.clock.advance(1), id="advance"),
        pytest.param(lambda mock, _: mock.clock.move_to(after(1)), id="move_to"),
        pytest.param(lambda mock, _: mock.clock.advance_to_next(), id="advance_to_next"),
        pytest.param(lambda mock, _: mock.step(), id="world's step"),
        pytest.param(lambda mock, _: mock.scope().step(), id="scope's step"),
        pytest.param(lambda _, request: request.step(), id="own step"),
    ],
)
def test_before_a_step_whatever_moves(
    cloudcontrol: CloudControl, move: Callable[[CloudControl, ResourceRequest], object]
) -> None:
    """A callback runs whatever makes the handler call."""
    seen: list[ResourceRequest] = []
    cloudcontrol.before(seen.append, at_step=1)
    request = Shop(cloudcontrol).create()
    move(cloudcontrol, request)
    assert seen == [request]


@pytest.mark.parametrize(
    ("match", "seen"),
    [
        ({}, ["old 1", "old 2", "n1 1", "n1 2", "None 1", "None 2"]),
        ({"type_name": TICKET}, ["None 1", "None 2"]),
        ({"operation": "UPDATE"}, ["old 1", "old 2"]),
        ({"at_step": 2}, ["old 2", "n1 2", "None 2"]),
        ({"type_name": ORDER, "operation": "CREATE", "at_step": 1}, ["n1 1"]),
    ],
)
def test_which_steps(cloudcontrol: CloudControl, match: dict[str, object], seen: list[str]) -> None:
    """A callback runs before the handler calls of the type, operation and number that it names."""
    found: list[str] = []
    shop = Shop(cloudcontrol)
    shop.existing("old")
    requests = [shop.update("old", Alpha="1"), shop.create(), shop.create_of(TICKET)]
    names = {request.request_token: str(request.identifier) for request in requests}
    arrange: Callable[..., object] = cloudcontrol.before
    arrange(lambda request: found.append(f"{names[request.request_token]} {request.steps + 1}"), **match)
    for request in requests:
        request.run()
    assert found == seen


def test_several_callbacks(cloudcontrol: CloudControl) -> None:
    """Several callbacks run in the order they were arranged."""
    seen: list[str] = []
    cloudcontrol.before(lambda: seen.append("first"), at_step=1)
    cloudcontrol.before(lambda: seen.append("second"))
    Shop(cloudcontrol).create().step()
    assert seen == ["first", "second"]


def test_before_a_call_that_a_rule_takes(cloudcontrol: CloudControl) -> None:
    """A callback runs before a handler call that a rule then takes the place of."""
    seen: list[ResourceRequest] = []
    cloudcontrol.before(seen.append)
    cloudcontrol.add_failure("Throttling")
    request = Shop(cloudcontrol).create().run()
    assert (seen, request.status) == ([request], "FAILED")


def test_rule_arranged_before_a_step(cloudcontrol: CloudControl) -> None:
    """A rule that a callback arranges fires in the very handler call."""
    cloudcontrol.before(lambda: cloudcontrol.add_failure("Throttling", at_step=2), at_step=2)
    assert Shop(cloudcontrol).create().run().error_code == "Throttling"


# With and without an argument


def test_callables_with_and_without_an_argument(cloudcontrol: CloudControl) -> None:
    """A callback gets the request if it has a parameter without a default for it, and nothing if it hasn't."""
    seen: list[object] = []

    def with_default(request: ResourceRequest | None = None) -> None:
        seen.append(request)

    def of_any_number(*arguments: ResourceRequest) -> None:
        seen.extend(arguments)

    def by_name_only(*, request: ResourceRequest | None = None) -> None:
        seen.append(request)

    for callback in (seen.append, with_default, of_any_number, by_name_only, lambda: seen.append("none")):
        cloudcontrol.before(callback, at_step=1)
    request = Shop(cloudcontrol).create().step()
    assert seen == [request, None, request, None, "none"]


def test_error_of_the_callback_itself(cloudcontrol: CloudControl) -> None:
    """A TypeError from inside a callback is the test's own, and isn't taken for a wrong number of arguments."""

    def callback(request: ResourceRequest) -> None:
        raise TypeError(f"inside, at {request.steps}")

    cloudcontrol.before(callback)
    with pytest.raises(TypeError, match="inside, at 0"):
        Shop(cloudcontrol).create().step()


# What a callback may do


def test_calling_the_api_from_a_callback(cloudcontrol: CloudControl) -> None:
    """A callback may call Cloud Control itself: the step's request is as it was before the step."""
    shop = Shop(cloudcontrol)
    request = shop.create()
    seen: list[str] = []

    def poll() -> None:
        answer = shop.client.get_resource_request_status(RequestToken=request.request_token)
        seen.append(answer["ProgressEvent"]["OperationStatus"])
        shop.create("made by the callback")

    cloudcontrol.before(poll, at_step=2, type_name=ORDER)
    request.run()
    assert (seen, len(cloudcontrol.requests)) == (["IN_PROGRESS"], 2)


@pytest.mark.parametrize("api", ["GetResourceRequestStatus", None])
def test_calling_the_api_from_another_thread(cloudcontrol: CloudControl, api: str | None) -> None:
    """A callback may wait for another thread that calls Cloud Control: neither stands in the other's way."""
    shop = Shop(cloudcontrol)
    request = shop.create()
    ended: list[bool] = []

    def create_in_a_thread() -> None:
        thread = threading.Thread(target=shop.create, args=("made by the thread",), daemon=True)
        thread.start()
        thread.join(timeout=30)
        ended.append(not thread.is_alive())

    cloudcontrol.before(create_in_a_thread, api=api, type_name=None if api else ORDER, at_step=None if api else 1)
    if api is None:
        request.step()
    shop.client.get_resource_request_status(RequestToken=request.request_token)
    assert ended == [True]
    assert cloudcontrol.requests.last.identifier == "made by the thread"


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (lambda request: request.cancel(), "CANCEL_COMPLETE"),
        (lambda request: request.fail("NotStabilized"), "FAILED"),
        (lambda request: request.expire(), "IN_PROGRESS"),
    ],
)
def test_ending_the_request_in_a_callback(
    cloudcontrol: CloudControl, end: Callable[[ResourceRequest], object], status: str
) -> None:
    """A request that a callback ended doesn't get the handler call."""
    shop = Shop(cloudcontrol)
    cloudcontrol.before(end, at_step=2)
    request = shop.create(Alpha="1", Beta="2").run()
    assert (request.status, request.steps, shop.written()) == (status, 1, {"Alpha": "1"})


def test_cancel_by_a_client_in_a_callback(cloudcontrol: CloudControl) -> None:
    """The code under test can cancel a request right before a handler call, which isn't made then."""
    shop = Shop(cloudcontrol)
    request = shop.create()
    cloudcontrol.before(
        lambda: shop.client.cancel_resource_request(RequestToken=request.request_token), at_step=2, operation="CREATE"
    )
    cloudcontrol.clock.advance(10)
    assert statuses(request) == [(0, "IN_PROGRESS"), (0.2, "IN_PROGRESS"), (1.2, "CANCEL_COMPLETE")]


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(lambda _, request: request.step(), id="own step"),
        pytest.param(lambda mock, _: mock.scope().step(), id="scope's step"),
    ],
)
def test_stepping_the_request_in_its_own_callback(
    cloudcontrol: CloudControl, step: Callable[[CloudControl, ResourceRequest], object]
) -> None:
    """A callback that steps the very request makes the call that it runs before, once, and doesn't run for it again."""
    cloudcontrol.before(lambda request: step(cloudcontrol, request), at_step=1)
    request = Shop(cloudcontrol).create().step()
    assert request.steps == 1


def test_stepping_other_requests_in_a_callback(cloudcontrol: CloudControl) -> None:
    """A callback that lets the world step moves the other requests, and its own call still comes."""
    shop = Shop(cloudcontrol)
    cloudcontrol.plan(steps=1)
    first, second = shop.create("first"), shop.create("second")
    moved: list[ResourceRequest | None] = []
    cloudcontrol.before(
        lambda request: moved.append(cloudcontrol.step()) if request is first else None,
    )
    first.step()
    assert (moved, first.status, second.status) == ([second], "SUCCESS", "SUCCESS")


def test_moving_the_clock_in_a_callback(cloudcontrol: CloudControl) -> None:
    """A callback may move the clock: its handler call then comes that much later."""
    cloudcontrol.before(lambda: cloudcontrol.clock.advance(30), at_step=1)
    request = Shop(cloudcontrol).create().step()
    assert statuses(request) == [(0, "IN_PROGRESS"), (30.2, "IN_PROGRESS")]
    assert request.next_step_at == after(31.2)


@pytest.mark.parametrize(
    "move",
    [
        pytest.param(lambda _, request: request.step(), id="own step"),
        pytest.param(lambda mock, _: mock.step(), id="world's step"),
        pytest.param(lambda mock, _: mock.clock.advance(1), id="advance"),
    ],
)
def test_raising_before_a_step(
    cloudcontrol: CloudControl, move: Callable[[CloudControl, ResourceRequest], object]
) -> None:
    """What a callback raises reaches whoever moved the request, and the handler call is still to be made."""
    raised: list[ResourceRequest] = []

    def raise_once(request: ResourceRequest) -> None:
        raised.append(request)
        if len(raised) == 1:
            raise StopNow

    cloudcontrol.before(raise_once, at_step=1)
    request = Shop(cloudcontrol).create()
    with pytest.raises(StopNow):
        move(cloudcontrol, request)
    assert (request.steps, request.status, request.next_step_at) == (0, "IN_PROGRESS", after(0.2))
    cloudcontrol.clock.advance(10)
    assert (request.steps, request.status, len(raised)) == (2, "SUCCESS", 2)


def test_raising_after_having_stepped(cloudcontrol: CloudControl) -> None:
    """A callback that steps its request and then raises leaves the next call due once, not twice."""
    inside: list[bool] = []

    def step_and_raise(request: ResourceRequest) -> None:
        if not inside:
            inside.append(True)
            request.step()
            raise StopNow

    cloudcontrol.plan(steps=5)
    cloudcontrol.before(step_and_raise, at_step=1)
    request = Shop(cloudcontrol).create()
    with pytest.raises(StopNow):
        request.step()
    cloudcontrol.clock.advance(1)
    assert statuses(request) == [(0, "IN_PROGRESS"), (0.2, "IN_PROGRESS"), (1.2, "IN_PROGRESS")]


def test_raising_stops_the_clock_at_the_step(cloudcontrol: CloudControl) -> None:
    """A clock movement that a callback's error ends has come as far as that handler call."""
    cloudcontrol.before(raise_stop, at_step=2)
    Shop(cloudcontrol).create()
    with pytest.raises(StopNow):
        cloudcontrol.clock.advance(60)
    assert cloudcontrol.clock.now() == after(1.2)


# What it can't be


@pytest.mark.parametrize("given", [{"operation": "CREATE"}, {"at_step": 1}, {"operation": "CREATE", "at_step": 1}])
def test_calls_have_no_steps(cloudcontrol: CloudControl, given: dict[str, object]) -> None:
    """An API operation and what is about handler calls don't go together."""
    before: Callable[..., object] = cloudcontrol.before
    with pytest.raises(OptionError) as raised:
        before(raise_stop, api="GetResource", **given)
    assert str(raised.value) == (
        "api='GetResource' is not valid: expected no api together with operation or at_step, "
        "which are about handler calls"
    )
    assert Shop(cloudcontrol).create().step().steps == 1


def test_callback_that_is_none(cloudcontrol: CloudControl) -> None:
    """What can't be called is refused at once."""
    with pytest.raises(OptionError) as raised:
        cloudcontrol.before("callback")  # type: ignore[arg-type]  # a wrong argument on purpose
    assert str(raised.value) == "callback='callback' is not valid: expected a callable"


def test_type_of_a_call_that_has_none(cloudcontrol: CloudControl) -> None:
    """A resource type for the API operation whose calls are about none is refused: the callback would never run."""
    api = "ListResourceRequests"
    with pytest.raises(OptionError):
        cloudcontrol.before(raise_stop, api=api, type_name=ORDER)


def test_reset_forgets_callbacks(cloudcontrol: CloudControl) -> None:
    """After a reset no callback of before runs."""
    cloudcontrol.before(raise_stop)
    cloudcontrol.before(raise_stop, api="CreateResource")
    cloudcontrol.reset()
    assert Shop(cloudcontrol).create().run().status == "SUCCESS"
    assert cloudcontrol.requests.last.accepted_at == START


@pytest.mark.parametrize("arguments", [{"api": "GetResourceRequestStatus"}, {"operation": "CREATE"}])
def test_callbacks_are_no_act_of_the_test(cloudcontrol: CloudControl, arguments: dict[str, str]) -> None:
    """Code that only polls comes to an end, although a callback runs before each of its polls or of the steps."""
    cloudcontrol.before(lambda: None, api=arguments.get("api"), operation=arguments.get("operation"))
    shop = Shop(cloudcontrol)
    token = shop.create().request_token
    while shop.client.get_resource_request_status(RequestToken=token)["ProgressEvent"]["OperationStatus"] != "SUCCESS":
        assert len(cloudcontrol.calls) < 20


# The same callback twice


def test_callback_that_was_arranged_twice(cloudcontrol: CloudControl) -> None:
    """A callback that makes the call which it comes before isn't run again for that, however often it was arranged."""
    shop = Shop(cloudcontrol)
    runs: list[int] = []

    def list_orders() -> None:
        runs.append(len(cloudcontrol.calls))
        shop.client.list_resources(TypeName="Test::Shop::Order")

    for _ in range(3):
        cloudcontrol.before(list_orders, api="ListResources")
    shop.client.list_resources(TypeName="Test::Shop::Order")
    assert (runs, len(cloudcontrol.calls)) == ([1, 2, 3], 4)


def test_callback_that_is_arranged_meanwhile(cloudcontrol: CloudControl) -> None:
    """A callback that another one arranges for the same calls comes before the very call."""
    ran: list[str] = []

    def arrange() -> None:
        ran.append("first")
        if len(ran) == 1:
            cloudcontrol.before(lambda: ran.append("second"), api="ListResources")

    cloudcontrol.before(arrange, api="ListResources")
    Shop(cloudcontrol).client.list_resources(TypeName="Test::Shop::Order")
    assert ran == ["first", "second"]
