"""The limits of time that AWS sets to handlers that are deployed: what it answers, and what is told at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cloudformation_cli_python_lib.interface import Action, OperationStatus, ProgressEvent
from notebooks import NOTEBOOK, SCHEMA, Notebook, create, in_progress, replace, succeeded, telling

if TYPE_CHECKING:
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


@pytest.mark.fidelity("P-6")
def test_a_call_that_takes_too_long(shelf: Shelf) -> None:
    """A call that takes longer than AWS waits for one is told."""
    with telling(shelf) as (cloudcontrol, told):
        cloudcontrol.plan(NOTEBOOK, "CREATE", step_time=90)
        request = create(cloudcontrol).run()
        assert request.status == "SUCCESS"

    name = f"the CREATE handler Shelf.create of {NOTEBOOK} (request {request.request_token})"
    limit = "AWS gives it 60 s: return IN_PROGRESS before, and go on later"
    assert told == [f"{name} takes 90 s for one call, and {limit}"]


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
