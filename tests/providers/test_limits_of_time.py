"""The limits of time that AWS sets to handlers that are deployed: what it answers, and what is told at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cloudformation_cli_python_lib.interface import Action, OperationStatus, ProgressEvent
from notebooks import NOTEBOOK, SCHEMA, Notebook, create, in_progress, read, replace, succeeded, telling

if TYPE_CHECKING:
    from collections.abc import Callable

    from notebooks import Shelf

    from pytest_cloudcontrol import CloudControl, ResourceRequest

HANDLER = f"the CREATE handler replace.<locals>.handler of {NOTEBOOK}"
WAY_OUT = "return FAILED before, or let timeoutInMinutes be longer"
TIMED_OUT = ("FAILED", "NotStabilized", "Exceeded attempts to wait")


def end(request: ResourceRequest) -> tuple[str, str | None, str | None]:
    """Return how a request has ended."""
    return request.status, request.error_code, request.status_message


def minutes(request: ResourceRequest) -> float:
    """Return how long a request took from its first handler call on, which comes 0.2 s after acceptance."""
    return (request.last_event.event_time - request.accepted_at).total_seconds() / 60 - 0.2 / 60


@pytest.mark.fidelity("T-1")
def test_a_handler_that_never_ends(shelf: Shelf) -> None:
    """A request ends with the time-out in the schema, two hours unless it says otherwise, and that is told."""
    replace(shelf, Action.CREATE, lambda _: in_progress(delay=600))

    with telling(shelf) as (cloudcontrol, told):
        request = create(cloudcontrol).run()
        assert end(request) == TIMED_OUT
        assert minutes(request) == pytest.approx(120)

    name = f"{HANDLER} (request {request.request_token})"
    assert told == [f"{name} hasn't ended in the 120 minutes that the type's schema gives it: {WAY_OUT}"]


def test_a_callback_delay_beyond_the_time_out(shelf: Shelf) -> None:
    """A callback delay that leads beyond the time-out ends with that, and no further call is made."""
    answers = iter([in_progress(delay=3 * 60 * 60)])
    replace(shelf, Action.CREATE, lambda _: next(answers))

    with telling(shelf) as (cloudcontrol, told):
        handlers = {**SCHEMA["handlers"], "create": {"timeoutInMinutes": 10}}
        cloudcontrol.add_type({**SCHEMA, "handlers": handlers})
        request = create(cloudcontrol).run()
        assert (end(request), request.steps) == (TIMED_OUT, 1)
        assert minutes(request) == pytest.approx(10)

    name = f"{HANDLER} (request {request.request_token})"
    assert told == [f"{name} hasn't ended in the 10 minutes that the type's schema gives it: {WAY_OUT}"]


def too_long(seconds: int, request: ResourceRequest) -> str:
    """Return what is told of a call of create that takes so long."""
    name = f"the CREATE handler Shelf.create of {NOTEBOOK} (request {request.request_token})"
    limit = "AWS gives it 60 s: return IN_PROGRESS before, and go on later"
    return f"{name} takes {seconds} s for one call, and {limit}"


@pytest.mark.fidelity("P-6")
def test_a_call_that_takes_too_long(shelf: Shelf) -> None:
    """A call that takes longer than AWS waits for one is told."""
    with telling(shelf) as (cloudcontrol, told):
        cloudcontrol.plan(NOTEBOOK, "CREATE", step_time=90)
        request = create(cloudcontrol).run()
        assert request.status == "SUCCESS"

    assert told == [too_long(90, request)]


def waiting(cloudcontrol: CloudControl, seconds: float, result: ProgressEvent) -> Callable[[object], ProgressEvent]:
    """Return what waits on the mock clock, as code does whose sleeps and waiters move it, and then gives a result."""

    def wait(_request: object) -> ProgressEvent:
        cloudcontrol.clock.advance(seconds)
        return result

    return wait


def look(cloudcontrol: CloudControl, action: Action) -> None:
    """Read a notebook, or list all."""
    if action is Action.READ:
        read(cloudcontrol, "nb-1")
    else:
        cloudcontrol.client().list_resources(TypeName=NOTEBOOK)


FOUND = {
    Action.READ: succeeded(Notebook(Id="nb-1")),
    Action.LIST: ProgressEvent(status=OperationStatus.SUCCESS, resourceModels=[Notebook(Id="nb-1")]),
}


@pytest.mark.fidelity("P-6")
@pytest.mark.parametrize("action", FOUND)
def test_a_read_that_waits_too_long(shelf: Shelf, action: Action) -> None:
    """A read or a list that waits for longer than 30 s on the mock clock is told; what it shows is shown."""
    with telling(shelf) as (cloudcontrol, told):
        replace(shelf, action, waiting(cloudcontrol, 45, FOUND[action]))
        look(cloudcontrol, action)

    name = f"the {action.name} handler Shelf.{action.name.lower()} of {NOTEBOOK}"
    assert told == [f"{name} takes 45 s for one call, and AWS gives it 30 s: answer with what there is, without a wait"]


@pytest.mark.parametrize("action", FOUND)
def test_a_read_that_waits(cloud: CloudControl, shelf: Shelf, action: Action) -> None:
    """A read or a list may wait for 30 s."""
    replace(shelf, action, waiting(cloud, 30, FOUND[action]))

    look(cloud, action)


def test_a_read_that_may_wait(cloud: CloudControl, shelf: Shelf) -> None:
    """With ``may_raise`` it isn't told how long a read waits."""
    replace(shelf, Action.READ, waiting(cloud, 45, FOUND[Action.READ]))
    cloud.add_handler(NOTEBOOK, shelf.resource, may_raise=True)

    assert read(cloud, "nb-1") == {"Id": "nb-1"}


@pytest.mark.fidelity("P-6")
def test_a_call_that_waits_too_long(shelf: Shelf) -> None:
    """A call of create that itself waits too long is told, with what the plan's ``step_time`` adds."""
    shelf.there["nb-1"] = Notebook(Id="nb-1")

    with telling(shelf) as (cloudcontrol, told):
        replace(shelf, Action.CREATE, waiting(cloudcontrol, 50, succeeded(Notebook(Id="nb-1"))))
        cloudcontrol.plan(NOTEBOOK, "CREATE", step_time=20)
        request = create(cloudcontrol).run()
        assert request.status == "SUCCESS"

    assert told == [too_long(70, request)]


def test_a_call_that_waits_beyond_the_time_out(cloud: CloudControl, shelf: Shelf) -> None:
    """What a call answers that has waited until the time is over comes too late."""
    replace(shelf, Action.CREATE, waiting(cloud, 2 * 60 * 60, succeeded(Notebook(Id="nb-1"))))
    cloud.add_handler(NOTEBOOK, shelf.resource, may_raise=True)

    assert end(create(cloud).run()) == TIMED_OUT


def test_a_call_beyond_the_time_out(shelf: Shelf) -> None:
    """A call that is under way when the time is over has no effects any more."""
    with telling(shelf) as (cloudcontrol, told):
        cloudcontrol.plan(NOTEBOOK, "CREATE", step_time=3 * 60 * 60)
        request = create(cloudcontrol).run()
        assert end(request) == TIMED_OUT
        assert minutes(request) == pytest.approx(120)
        assert shelf.there == {}

    assert len(told) == 2


def test_a_time_out_that_is_meant(cloud: CloudControl, shelf: Shelf) -> None:
    """With ``may_raise`` a time-out is the request's affair alone."""
    replace(shelf, Action.CREATE, lambda _: in_progress(delay=3600))
    cloud.add_handler(NOTEBOOK, shelf.resource, may_raise=True)

    assert end(create(cloud).run()) == TIMED_OUT


def test_just_in_time(cloud: CloudControl, shelf: Shelf) -> None:
    """A handler that ends before the time is over has succeeded."""
    answers = iter([in_progress(delay=7199), succeeded(Notebook(Id="nb-1"))])
    shelf.there["nb-1"] = Notebook(Id="nb-1")
    replace(shelf, Action.CREATE, lambda _: next(answers))

    assert create(cloud).run().status == "SUCCESS"


@pytest.mark.parametrize("delay", [-1, "soon"])
def test_a_delay_that_is_none(shelf: Shelf, delay: object) -> None:
    """A callback delay that is no length of time is told."""
    event = ProgressEvent(status=OperationStatus.IN_PROGRESS, callbackDelaySeconds=delay)  # type: ignore[arg-type]  # a wrong one
    replace(shelf, Action.CREATE, lambda _: event)

    with telling(shelf) as (cloudcontrol, told):
        assert create(cloudcontrol).run().error_code == "InternalFailure"

    (words,) = told
    assert words.startswith(f"{HANDLER}: callbackDelaySeconds={delay!r} is not valid: expected ")
