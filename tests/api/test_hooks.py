"""Hooks: what is asked before a request's first handler call, and what comes of its answer."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

import pytest
from mock_time import START, after
from shop import ORDER, TICKET, Shop, shop_types, statuses

from pytest_cloudcontrol import CloudControl, HookInvocation, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from types_boto3_cloudcontrol.type_defs import HookProgressEventTypeDef

    from pytest_cloudcontrol import ResourceRequest

pytestmark = shop_types

NAMES: Final = "Acme::Rules::Names"
SIZES: Final = "Acme::Rules::Sizes"
FAILED: Final = "The following hook(s) failed: [Acme::Rules::Names]"


def hooks_of(shop: Shop, request: ResourceRequest) -> list[HookProgressEventTypeDef]:
    """Return what GetResourceRequestStatus shows of a request's hooks."""
    answer = shop.client.get_resource_request_status(RequestToken=request.request_token)
    return answer.get("HooksProgressEvent", [])


def shown(shop: Shop, request: ResourceRequest) -> list[tuple[str, str, str | None]]:
    """Return the name, the status and the message of each of a request's hooks."""
    return [
        (hook["HookTypeName"], hook["HookStatus"], hook.get("HookStatusMessage")) for hook in hooks_of(shop, request)
    ]


# What AWS shows of them


@pytest.mark.fidelity("H-1")
@pytest.mark.cloudcontrol(auto_advance=False)
def test_token_in_every_event(cloudcontrol: CloudControl) -> None:
    """A request that hooks apply to has one HooksRequestToken, in the immediate answer and wherever it is shown."""
    cloudcontrol.add_hook(NAMES)
    client = Shop(cloudcontrol).client
    created = client.create_resource(TypeName=ORDER, DesiredState='{"Name": "n1"}')["ProgressEvent"]
    token = created["RequestToken"]
    events = [created, client.get_resource_request_status(RequestToken=token)["ProgressEvent"]]
    events += client.list_resource_requests()["ResourceRequestStatusSummaries"]
    events.append(client.cancel_resource_request(RequestToken=token)["ProgressEvent"])
    tokens = {event["HooksRequestToken"] for event in events}
    assert len(tokens) == 1
    assert tokens != {token}


@pytest.mark.fidelity("H-2")
@pytest.mark.cloudcontrol(auto_advance=False)
def test_progress_is_shown_by_the_status_only(cloudcontrol: CloudControl) -> None:
    """GetResourceRequestStatus shows every member of each hook's progress; no other answer does."""
    cloudcontrol.add_hook(NAMES, fails="too short", failure_mode="WARN")
    shop = Shop(cloudcontrol)
    answer = shop.client.create_resource(TypeName=ORDER, DesiredState='{"Name": "n1"}')
    assert "HooksProgressEvent" not in answer
    request = cloudcontrol.requests.last.step()
    assert hooks_of(shop, request) == [
        {
            "HookTypeName": NAMES,
            "HookTypeVersionId": "00000001",
            "HookTypeArn": "arn:aws:cloudformation:us-east-1:123456789012:type/hook/Acme-Rules-Names",
            "InvocationPoint": "PRE_PROVISION",
            "HookStatus": "HOOK_COMPLETE_FAILED",
            "HookEventTime": START,
            "HookStatusMessage": "Hook failed with message: too short",
            "FailureMode": "WARN",
        }
    ]


@pytest.mark.fidelity("L-12")
@pytest.mark.parametrize(
    ("operations", "applies"), [(None, False), (["DELETE"], True), ("DELETE", True), (["CREATE", "UPDATE"], False)]
)
def test_request_that_no_hook_applies_to(
    cloudcontrol: CloudControl, operations: str | list[str] | None, applies: bool
) -> None:
    """Hooks apply to CREATE and UPDATE unless told otherwise; a request without any shows nothing of them."""
    cloudcontrol.add_hook(NAMES, operations=operations)
    shop = Shop(cloudcontrol)
    shop.existing("old")
    event = shop.client.delete_resource(TypeName=ORDER, Identifier="old")["ProgressEvent"]
    assert ("HooksRequestToken" in event, bool(hooks_of(shop, cloudcontrol.requests.last))) == (applies, applies)


@pytest.mark.fidelity("H-3")
@pytest.mark.parametrize(
    ("mode", "ends"),
    [("FAIL", ("FAILED", 0, "GeneralServiceException", FAILED)), ("WARN", ("SUCCESS", 2, None, None))],
)
def test_failure_mode(cloudcontrol: CloudControl, mode: Literal["FAIL", "WARN"], ends: tuple[object, ...]) -> None:
    """A hook that fails with FAIL ends the request before any handler call; with WARN it goes on."""
    cloudcontrol.add_hook(NAMES, fails="too short", failure_mode=mode)
    shop = Shop(cloudcontrol)
    request = shop.create().run()
    assert (request.status, request.steps, request.error_code, request.status_message) == ends
    assert shown(shop, request) == [(NAMES, "HOOK_COMPLETE_FAILED", "Hook failed with message: too short")]
    assert len(cloudcontrol.resources) == request.steps // 2


@pytest.mark.fidelity("H-4")
def test_the_requests_own_words_only_name_the_hook(cloudcontrol: CloudControl) -> None:
    """The request's StatusMessage names the hook that failed; why it did stands in the hook's progress."""
    cloudcontrol.add_hook(NAMES, fails="too short")
    shop = Shop(cloudcontrol)
    request = shop.create().run()
    event = shop.client.get_resource_request_status(RequestToken=request.request_token)["ProgressEvent"]
    assert (event["ErrorCode"], event["StatusMessage"]) == ("GeneralServiceException", FAILED)


# On the clock


@pytest.mark.cloudcontrol(auto_advance=False)
def test_life_of_two_hooks(cloudcontrol: CloudControl) -> None:
    """Each hook is invoked when the one before has ended, and the first handler call comes after the last."""
    cloudcontrol.add_hook(NAMES, delay=3)
    cloudcontrol.add_hook(SIZES, delay=timedelta(seconds=4))
    shop = Shop(cloudcontrol)
    request = shop.create()
    seen = []
    for due in (3, 7, 7.2):
        assert request.next_step_at == after(due)
        seen.append([(hook["HookStatus"], hook["HookEventTime"]) for hook in hooks_of(shop, request)])
        cloudcontrol.clock.advance_to_next()
    assert seen == [
        [("HOOK_IN_PROGRESS", START), ("HOOK_PENDING", START)],
        [("HOOK_COMPLETE_SUCCEEDED", START), ("HOOK_IN_PROGRESS", after(3))],
        [("HOOK_COMPLETE_SUCCEEDED", START), ("HOOK_COMPLETE_SUCCEEDED", after(3))],
    ]
    assert statuses(request) == [(0, "IN_PROGRESS"), (7.2, "IN_PROGRESS")]


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(lambda _, request: request.step(), id="own step"),
        pytest.param(lambda mock, _: mock.step(), id="world's step"),
        pytest.param(lambda mock, _: mock.clock.advance_to_next(), id="advance_to_next"),
    ],
)
def test_invocation_is_a_step_that_counts_for_none(
    cloudcontrol: CloudControl, step: Callable[[CloudControl, ResourceRequest], object]
) -> None:
    """Every movement takes an invocation as a call, but it is none of the request's steps, and no rule counts it."""
    cloudcontrol.add_hook(NAMES)
    cloudcontrol.add_failure("Throttling", at_step=2)
    before: list[int] = []
    cloudcontrol.before(lambda request: before.append(request.steps))
    request = Shop(cloudcontrol).create()
    step(cloudcontrol, request)
    assert (request.steps, before, cloudcontrol.clock.now()) == (0, [], after(1))
    assert (request.run().error_code, request.steps) == ("Throttling", 2)


@pytest.mark.cloudcontrol(max_steps=2)
def test_invocations_are_no_handler_calls(cloudcontrol: CloudControl) -> None:
    """``max_steps`` bounds handler calls, however many hooks there are; ``run_until_idle`` counts both."""
    for number in range(5):
        cloudcontrol.add_hook(f"Acme::Rules::Number{number}")
    Shop(cloudcontrol).create()
    assert cloudcontrol.run_until_idle() == 7
    assert cloudcontrol.requests.last.status == "SUCCESS"


def test_waiter_goes_through_hooks(cloudcontrol: CloudControl) -> None:
    """Code that waits lets the hooks' time pass, too."""
    cloudcontrol.add_hook(NAMES, delay=60)
    shop = Shop(cloudcontrol)
    request = shop.create()
    shop.client.get_waiter("resource_request_success").wait(RequestToken=request.request_token)
    assert cloudcontrol.clock.now() > after(60)


def test_loop_over_the_status_goes_through_hooks(cloudcontrol: CloudControl) -> None:
    """A loop that polls without sleeping comes to the end of the hooks."""
    cloudcontrol.add_hook(NAMES, fails="no")
    shop = Shop(cloudcontrol)
    request = shop.create()
    for _ in range(10):
        event = shop.client.get_resource_request_status(RequestToken=request.request_token)["ProgressEvent"]
    assert event["OperationStatus"] == "FAILED"


@pytest.mark.parametrize("pending", [5, True])
def test_pending_request(cloudcontrol: CloudControl, pending: float | bool) -> None:
    """A PENDING request's hooks are invoked when it is taken up; one that stays so until its first call, at once."""
    cloudcontrol.add_hook(NAMES)
    cloudcontrol.plan(pending=pending)
    request = Shop(cloudcontrol).create().run()
    taken_up = 5 if pending == 5 else 0
    assert request.last_event.event_time == after(taken_up + 1 + 0.2 + 1)


# Several


def test_no_hook_after_one_that_fails(cloudcontrol: CloudControl) -> None:
    """After a hook has failed with FAIL no further one is asked."""
    asked: list[str] = []
    cloudcontrol.add_hook(NAMES, fails="no")
    cloudcontrol.add_hook(SIZES, fails=lambda invocation: asked.append(invocation.hook_type_name))
    shop = Shop(cloudcontrol)
    request = shop.create().run()
    assert [status for _, status, _ in shown(shop, request)] == ["HOOK_COMPLETE_FAILED", "HOOK_PENDING"]
    assert asked == []


def test_warning_lets_the_next_hook_decide(cloudcontrol: CloudControl) -> None:
    """After a hook that only warns the next one is asked, and may fail the request."""
    cloudcontrol.add_hook(SIZES, fails="hm", failure_mode="WARN")
    cloudcontrol.add_hook(NAMES, fails="no")
    request = Shop(cloudcontrol).create().run()
    assert (request.status, request.status_message) == ("FAILED", FAILED)


# What a hook is asked


def test_invocation(cloudcontrol: CloudControl) -> None:
    """A hook's function is handed the request and what the resource is to become."""
    seen: list[HookInvocation] = []

    def look(invocation: HookInvocation) -> None:
        seen.append(invocation)
        invocation.model["Alpha"] = "changed"

    cloudcontrol.add_hook(NAMES, fails=look)
    request = Shop(cloudcontrol).create(Alpha="1").run()
    [invocation] = seen
    assert invocation.request is request
    assert (invocation.hook_type_name, invocation.type_name, invocation.operation) == (NAMES, ORDER, "CREATE")
    assert invocation.identifier == "n1"
    assert cloudcontrol.resources.get(ORDER, "n1") == {"Alpha": "1", "Name": "n1"} | (
        cloudcontrol.resources.get(ORDER, "n1") or {}
    )
    assert repr(invocation) == f"<HookInvocation {NAMES} before CREATE {ORDER}>"


def test_model_of_an_update(cloudcontrol: CloudControl) -> None:
    """Before an update the model is the patched one."""
    models: list[object] = []
    cloudcontrol.add_hook(NAMES, fails=lambda invocation: models.append(invocation.model.get("Alpha")))
    shop = Shop(cloudcontrol)
    shop.existing("old")
    shop.update("old", Alpha="2").run()
    assert models == ["2"]


@pytest.mark.parametrize(
    ("targets", "asked"),
    [
        (None, 2),
        ([ORDER], 1),
        (ORDER, 1),
        (["Test::Shop::*"], 2),
        (["*::Ticket"], 1),
        (["AWS::S3::Bucket"], 0),
        ([ORDER, TICKET], 2),
    ],
)
def test_targets(cloudcontrol: CloudControl, targets: str | Iterable[str] | None, asked: int) -> None:
    """A hook is for the types that it names, with ``*`` for any letters."""
    hook = cloudcontrol.add_hook(NAMES, targets=targets)
    shop = Shop(cloudcontrol)
    shop.create()
    shop.create_of(TICKET)
    assert hook.fired == asked


def test_hook_that_calls_cloud_control(cloudcontrol: CloudControl) -> None:
    """A hook may call Cloud Control, from another thread too: no lock is in its way."""
    shop = Shop(cloudcontrol)

    def ask(_: HookInvocation) -> str | None:
        thread = threading.Thread(target=shop.client.list_resources, kwargs={"TypeName": ORDER}, daemon=True)
        thread.start()
        thread.join(timeout=30)
        return "the other thread is stuck" if thread.is_alive() else None

    cloudcontrol.add_hook(NAMES, fails=ask)
    assert shop.create().run().status == "SUCCESS"


# Meanwhile


@pytest.mark.parametrize(
    ("end", "status", "expired"),
    [
        (lambda request: request.cancel(), "CANCEL_COMPLETE", False),
        (lambda request: request.fail("NotFound"), "FAILED", False),
        (lambda request: request.expire(), "IN_PROGRESS", True),
    ],
)
def test_request_that_ends_while_a_hook_is_asked(
    cloudcontrol: CloudControl, end: Callable[[ResourceRequest], object], status: str, expired: bool
) -> None:
    """A request that ends meanwhile ends at once; its hook is never heard."""
    asked: list[HookInvocation] = []
    cloudcontrol.add_hook(NAMES, fails=asked.append)
    request = Shop(cloudcontrol).create()
    end(request)
    cloudcontrol.clock.advance(60)
    assert (request.status, request.expired, request.steps, asked) == (status, expired, 0, [])


def test_hook_that_cancels_its_own_request(cloudcontrol: CloudControl) -> None:
    """A cancel while the hook's code runs waits for its end."""
    shop = Shop(cloudcontrol)

    def cancel(invocation: HookInvocation) -> None:
        answer = shop.client.cancel_resource_request(RequestToken=invocation.request.request_token)
        assert answer["ProgressEvent"]["OperationStatus"] == "CANCEL_IN_PROGRESS"

    cloudcontrol.add_hook(NAMES, fails=cancel)
    request = shop.create().run()
    assert (request.status, request.steps) == ("CANCEL_COMPLETE", 0)


def test_hook_that_fails_its_own_request(cloudcontrol: CloudControl) -> None:
    """A request that the hook's code fails has failed; what the hook then says is dropped."""

    def fail(invocation: HookInvocation) -> None:
        invocation.request.fail("NotFound")

    cloudcontrol.add_hook(NAMES, fails=fail)
    request = Shop(cloudcontrol).create().run()
    assert (request.error_code, request.steps) == ("NotFound", 0)


def test_reset(cloudcontrol: CloudControl) -> None:
    """A reset takes hooks away."""
    cloudcontrol.add_hook(NAMES, fails="no")
    cloudcontrol.reset()
    assert Shop(cloudcontrol).create().run().status == "SUCCESS"


def test_removed_hook(cloudcontrol: CloudControl) -> None:
    """A hook that is taken back is asked for no new request; those that have it keep it."""
    hook = cloudcontrol.add_hook(NAMES, fails="no")
    shop = Shop(cloudcontrol)
    first = shop.create("first")
    hook.remove()
    hook.remove()
    second = shop.create("second")
    assert (first.run().status, second.run().status, hook.fired) == ("FAILED", "SUCCESS", 1)


# What goes wrong


class StopNow(BaseException):
    """What is no Exception."""


def test_hook_that_stops_the_test(cloudcontrol: CloudControl) -> None:
    """What a hook raises that is no Exception goes on to whoever moved the request, which has failed."""

    def stop(_: HookInvocation) -> None:
        raise StopNow

    cloudcontrol.add_hook(NAMES, fails=stop)
    request = Shop(cloudcontrol).create()
    with pytest.raises(StopNow):
        request.step()
    assert request.status == "FAILED"


NAME: Final = "a hook type's name such as Acme::Rules::Encryption"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"hook_type_name": "Names"}, f"hook_type_name='Names' is not valid: expected {NAME}"),
        ({"hook_type_name": "A::B::C"}, f"hook_type_name='A::B::C' is not valid: expected {NAME}"),
        ({"hook_type_name": 5}, "hook_type_name=5 is not valid: expected a text"),
        (
            {"fails": 5},
            "fails=5 is not valid: expected a text, or a function of a HookInvocation that returns one or None",
        ),
        (
            {"failure_mode": "WARNING"},
            "failure_mode='WARNING' is not valid. Did you mean 'WARN'? Expected one of FAIL, WARN",
        ),
        (
            {"operations": ["READ"]},
            "operations='READ' is not valid. Did you mean 'CREATE'? Expected one of CREATE, DELETE, UPDATE",
        ),
        ({"operations": []}, "operations=[] is not valid: expected at least one of CREATE, DELETE, UPDATE"),
        ({"targets": []}, "targets=[] is not valid: expected at least one resource type, or None for all"),
        (
            {"targets": ["Test::Shop::Ordr"]},
            (
                "type_name='Test::Shop::Ordr' is not valid: expected a known resource type "
                "(cloudcontrol.add_type adds one). Did you mean 'Test::Shop::Order'?"
            ),
        ),
        (
            {"targets": ["Test::Shoop::*"]},
            (
                "targets='Test::Shoop::*' is not valid: expected a pattern that a known resource type fits. "
                "Did you mean 'Test::Shop::Order'?"
            ),
        ),
        ({"targets": [5]}, "targets=5 is not valid: expected a text"),
        ({"delay": -1}, "delay=-1 is not valid: expected a timedelta or a number of seconds, at least 0"),
    ],
)
def test_wrong_arguments(cloudcontrol: CloudControl, arguments: dict[str, object], message: str) -> None:
    """Wrong arguments are refused where the hook is added."""
    add: Callable[..., object] = cloudcontrol.add_hook
    with pytest.raises(OptionError) as raised:
        add(**{"hook_type_name": NAMES, **arguments})
    assert str(raised.value) == message
