"""What may surprise at a step, at a request's end and at a hook."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from calls import RETENTION_PATCH, create, wait
from programs import NO_SURPRISES, REFUSED, Seen, at, deploy, groups, tried
from resource_types import LOG_GROUP
from retrying import once

from pytest_cloudcontrol import HandlerErrorCode, explore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol import CloudControl, HandlerRequest, HookInvocation

STEPS_ONLY: dict[str, Any] = {"errors": (), "moves": False}


def ended(cloudcontrol: CloudControl) -> object:
    """Create something, and return how its request has ended, after how many steps, and what is there."""
    client = cloudcontrol.client()
    token = create(client)
    with suppress(*REFUSED):
        wait(client, token)
    request = cloudcontrol.request(token)
    return str(request.status), request.error_code, request.expired, request.steps, groups(cloudcontrol)


@pytest.mark.parametrize(
    ("line", "comes_to"),
    [
        ("request 1 step 1: CANCELLED", ("CANCEL_COMPLETE", None, False, 0, {})),
        ("request 1 step 2: CANCELLED", ("CANCEL_COMPLETE", None, False, 1, {"orders": None})),
        ("request 1 step end: CANCELLED", ("CANCEL_COMPLETE", None, False, 2, {"orders": None})),
        ("request 1 step 1: FAILED GeneralServiceException", ("FAILED", "GeneralServiceException", False, 1, {})),
        (
            "request 1 step 2: FAILED GeneralServiceException",
            ("FAILED", "GeneralServiceException", False, 2, {"orders": None}),
        ),
        (
            "request 1 step end: FAILED GeneralServiceException",
            ("FAILED", "GeneralServiceException", False, 2, {"orders": None}),
        ),
        ("request 1 step 1: EXPIRED", ("IN_PROGRESS", None, True, 0, {})),
        ("request 1 step end: EXPIRED", ("IN_PROGRESS", None, True, 2, {"orders": None})),
    ],
)
def test_instead_of_a_step(line: str, comes_to: object) -> None:
    """The request ends so instead of that handler call; at the end everything has been done."""
    assert at(ended, line) == str(comes_to)


def test_order_at_a_step() -> None:
    """At a step a cancel comes first, then each failure in the order given, then the expiry."""
    codes = ["NotStabilized", HandlerErrorCode.THROTTLING, "NotStabilized"]
    lines = tried(Seen(ended), failures=codes, expiries=True, **STEPS_ONLY)
    assert lines[:4] == [
        "request 1 step 1: CANCELLED",
        "request 1 step 1: FAILED NotStabilized",
        "request 1 step 1: FAILED Throttling",
        "request 1 step 1: EXPIRED",
    ]
    assert len(lines) == 12


@pytest.mark.parametrize(
    ("switched_on", "words"),
    [
        ({"cancels": True}, {"CANCELLED"}),
        ({"failures": ("NotFound",)}, {"FAILED NotFound"}),
        ({"expiries": True}, {"EXPIRED"}),
    ],
)
def test_switches(switched_on: dict[str, Any], words: set[str]) -> None:
    """Each kind is there if it is switched on, at every step and at the end."""
    lines = tried(Seen(ended), **NO_SURPRISES | switched_on)
    assert lines == [f"request 1 step {number}: {word}" for number in (1, 2, "end") for word in words]


def test_update_and_delete() -> None:
    """Updates and deletes are surprised as creates are, each request by its own number."""

    def program(cloudcontrol: CloudControl) -> object:
        client = cloudcontrol.client()
        wait(client, create(client))
        updated = client.update_resource(TypeName=LOG_GROUP, Identifier="orders", PatchDocument=RETENTION_PATCH)
        wait(client, updated["ProgressEvent"]["RequestToken"])
        deleted = client.delete_resource(TypeName=LOG_GROUP, Identifier="orders")
        wait(client, deleted["ProgressEvent"]["RequestToken"])
        return groups(cloudcontrol)

    lines = tried(Seen(program), failures=(), **STEPS_ONLY)
    assert [line.partition(":")[0] for line in lines] == [
        *(f"request 1 step {number}" for number in (1, 2, "end")),
        *(f"request 2 step {number}" for number in (1, 2, "end")),
        *(f"request 3 step {number}" for number in (1, "end")),
    ]


def test_every_piece_of_a_plan() -> None:
    """A request that takes more handler calls has as many points more."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.plan(steps=4)
        return ended(cloudcontrol)

    lines = tried(Seen(program), failures=(), **STEPS_ONLY)
    assert [line.split()[3] for line in lines] == ["1:", "2:", "3:", "4:", "end:"]


def test_steps_that_the_scenario_makes() -> None:
    """Steps are points whoever moves the world on: the scenario's own clock too."""

    def program(cloudcontrol: CloudControl) -> object:
        create(cloudcontrol.client())
        cloudcontrol.clock.advance(60)
        return str(cloudcontrol.requests.last.status)

    assert at(program, "request 1 step 2: CANCELLED") == "CANCEL_COMPLETE"


def test_what_the_scenario_arranges_comes_first() -> None:
    """Where a rule of the scenario's ends the request there is no point: it holds in every run."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.add_failure("AccessDenied", at_step=2)
        return ended(cloudcontrol)

    lines = tried(Seen(program), failures=(), **STEPS_ONLY)
    assert lines == ["request 1 step 1: CANCELLED"]


def test_requests_of_every_scope() -> None:
    """Requests are numbered as they are accepted, in whichever account and region."""

    def program(cloudcontrol: CloudControl) -> object:
        for region in ("eu-west-1", "us-east-1"):
            create(once(cloudcontrol, region))
        cloudcontrol.run_until_idle()
        return [str(request.status) for request in cloudcontrol.requests]

    assert at(program, "request 2 step 1: CANCELLED") == str(["SUCCESS", "CANCEL_COMPLETE"])


def test_handlers_of_the_test_s_own() -> None:
    """The steps of a handler of the test's own are points as any others."""

    def program(cloudcontrol: CloudControl) -> object:
        def work(request: HandlerRequest) -> Iterator[int]:
            yield 1
            request.resources.put(LOG_GROUP, {"LogGroupName": "orders"})

        cloudcontrol.add_handler(LOG_GROUP, create=work)
        return ended(cloudcontrol)

    lines = tried(Seen(program), failures=(), **STEPS_ONLY)
    assert [line.split()[3] for line in lines] == ["1:", "2:", "end:"]


# Hooks


@pytest.mark.parametrize(("mode", "status"), [("FAIL", "FAILED"), ("WARN", "SUCCESS")])
def test_hook_fails(mode: Any, status: str) -> None:
    """A hook fails without being asked; what comes of that is its failure mode's affair."""

    def program(cloudcontrol: CloudControl) -> object:
        asked: list[HookInvocation] = []
        cloudcontrol.add_hook("Acme::Rules::Names", fails=asked.append, failure_mode=mode)
        return ended(cloudcontrol)[0], len(asked)  # type: ignore[index]

    assert at(program, "request 1 hook 1: FAILED") == str((status, 0))


def test_each_hook() -> None:
    """Each hook is a point, by its number, before the steps."""

    def program(cloudcontrol: CloudControl) -> object:
        for name in ("Names", "Sizes"):
            cloudcontrol.add_hook(f"Acme::Rules::{name}")
        return ended(cloudcontrol)

    lines = tried(Seen(program), cancels=False, **STEPS_ONLY)
    assert lines[:3] == [
        "request 1 hook 1: FAILED",
        "request 1 hook 2: FAILED",
        "request 1 step 1: FAILED GeneralServiceException",
    ]


def test_hooks_without_failures() -> None:
    """With failures=() no hook fails either."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.add_hook("Acme::Rules::Names")
        return ended(cloudcontrol)

    assert not [line for line in tried(Seen(program), failures=(), **STEPS_ONLY) if "hook" in line]


# Undisturbed


def test_undisturbed_steps() -> None:
    """Steps that are made in an undisturbed block are no points, and calls in it are none and count for nothing."""

    def program(cloudcontrol: CloudControl) -> object:
        client = cloudcontrol.client()
        with cloudcontrol.undisturbed():
            wait(client, create(client))
        client.list_resource_requests()
        return groups(cloudcontrol)

    assert tried(Seen(program), errors=("ThrottlingException",)) == ["call 1 ListResourceRequests: ThrottlingException"]


def test_setup_is_undisturbed() -> None:
    """What setup does is no point, but the requests that it leaves running are surprised later."""

    def setup(cloudcontrol: CloudControl) -> None:
        wait(cloudcontrol.client(), create(cloudcontrol.client(), "old"))
        create(cloudcontrol.client(), "new")

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.run_until_idle()
        return groups(cloudcontrol)

    lines = tried(Seen(program), setup=setup, failures=())
    assert lines == [f"request 2 step {number}: CANCELLED" for number in (1, 2, "end")]


def test_undisturbed_outside() -> None:
    """Points before an undisturbed block, and after it, are there as without it."""

    def program(cloudcontrol: CloudControl) -> object:
        client = once(cloudcontrol)
        token = create(client)
        with cloudcontrol.undisturbed():
            before = client.list_resource_requests()["ResourceRequestStatusSummaries"]
        client.cancel_resource_request(RequestToken=token)
        return len(before)

    lines = tried(Seen(program), errors=("ThrottlingException",), moves=False)
    assert lines == [
        "call 1 CreateResource: ThrottlingException",
        "call 2 CancelResourceRequest: ThrottlingException",
    ]


def test_plain_deploy_passes_all() -> None:
    """A program that bears everything passes every schedule with everything on."""
    covered = explore(deploy, expiries=True, crashes=True, stale_reads=True, failures=tuple(HandlerErrorCode))
    assert covered.surprises["failed"] == 3 * len(HandlerErrorCode)


def test_requests_after_a_reset() -> None:
    """After the scenario's own reset requests are numbered on, and nothing that was arranged before it holds."""

    def program(cloudcontrol: CloudControl) -> object:
        cloudcontrol.add_failure("AccessDenied", optional=True, times=9)
        create(once(cloudcontrol))
        cloudcontrol.reset()
        return ended(cloudcontrol)

    assert at(program, "request 2 step 1: CANCELLED") == str(("CANCEL_COMPLETE", None, False, 0, {}))
    lines = tried(Seen(program), failures=(), **STEPS_ONLY)
    assert lines == [f"request 2 step {number}: CANCELLED" for number in (1, 2, "end")]
