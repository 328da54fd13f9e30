"""A scenario that doesn't do the same each time is refused: what it would say wouldn't be so."""

from __future__ import annotations

import itertools
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from calls import create, status
from programs import NO_SURPRISES, REFUSED, Seen
from retrying import once

from pytest_cloudcontrol import ScenarioDiffers, explore

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl

CAUSES = (
    "Likely causes: a cache or a counter in a module, which the runs share; a clock or a random generator of the "
    "code's own; time that flows, by clock.rate; the order of a set; threads that the exploration doesn't see."
)


def test_plain_run() -> None:
    """The plain run is made twice; where the second differs the place and both sides are shown."""
    numbers = itertools.count(1)

    def scenario(cloudcontrol: CloudControl) -> None:
        once(cloudcontrol).list_resource_requests(MaxResults=next(numbers))

    with pytest.raises(ScenarioDiffers) as caught:
        explore(scenario, errors=("lost answer",))
    answer = '{"ResourceRequestStatusSummaries":[]}'
    before = f'call 1 ListResourceRequests {{"MaxResults": 1}} -> {answer}'
    now = f'call 1 ListResourceRequests {{"MaxResults": 2}} -> {answer}'
    assert (caught.value.before, caught.value.now) == (before, now)
    assert str(caught.value) == (
        "the scenario differs from run to run, so that no schedule could be tried: the plain run, without any "
        "surprise, was made twice\n"
        f"    At place 2 it did first:  {before}\n"
        f"    and in another run:     {now}\n"
        f"{CAUSES}"
    )


def test_one_call_more() -> None:
    """A call that only one of them makes is shown beside nothing."""
    cache: list[str] = []

    def scenario(cloudcontrol: CloudControl) -> None:
        client = once(cloudcontrol)
        if not cache:
            cache.append(create(client))
        client.list_resource_requests()

    with pytest.raises(ScenarioDiffers) as caught:
        explore(scenario, **NO_SURPRISES)
    assert caught.value.before.startswith("call 1 CreateResource")
    assert caught.value.now.startswith("call 1 ListResourceRequests")


def test_a_run_that_ends_early() -> None:
    """Where one run makes fewer calls, the other side says that there is nothing more."""
    runs = itertools.count(1)

    def scenario(cloudcontrol: CloudControl) -> None:
        client = once(cloudcontrol)
        client.list_resource_requests()
        if next(runs) == 1:
            client.list_resource_requests()

    with pytest.raises(ScenarioDiffers) as caught:
        explore(scenario, **NO_SURPRISES)
    assert caught.value.now == "(nothing more)"


def test_in_a_child_s_prefix() -> None:
    """A run that goes another way before its last surprise than its parent's did is refused, and shown."""
    runs = itertools.count(1)

    def scenario(cloudcontrol: CloudControl) -> None:
        client = once(cloudcontrol)
        with suppress(*REFUSED):
            client.list_resource_requests(MaxResults=1 if next(runs) < 5 else 2)
            client.list_resource_requests()

    with pytest.raises(ScenarioDiffers) as caught:
        explore(scenario, **NO_SURPRISES | {"errors": ("ThrottlingException", "AccessDeniedException")})
    assert str(caught.value).startswith(
        "the scenario differs from run to run, so that no schedule could be tried: until its last surprise, "
        "'call 2 ListResourceRequests: ThrottlingException' went another way than before\n    At place 2 it did first:"
    )


def test_a_child_that_never_comes_to_its_surprise() -> None:
    """A run that ends before its surprise is refused, with what was missed."""
    runs = itertools.count(1)

    def scenario(cloudcontrol: CloudControl) -> None:
        if next(runs) < 3:
            once(cloudcontrol).list_resource_requests()

    with pytest.raises(ScenarioDiffers) as caught:
        explore(scenario, **NO_SURPRISES | {"errors": ("ThrottlingException",)})
    assert "'call 1 ListResourceRequests: ThrottlingException' went another way" in str(caught.value)


def test_real_time() -> None:
    """Real time in what is sent differs from run to run."""

    def scenario(cloudcontrol: CloudControl) -> None:
        create(once(cloudcontrol), f"at-{time.perf_counter_ns()}")

    with pytest.raises(ScenarioDiffers, match="a clock or a random generator of the code's own"):
        explore(scenario)


def test_what_may_differ() -> None:
    """Client tokens that an SDK draws, other clients, and what isn't sent, may differ."""
    numbers = itertools.count()

    def program(cloudcontrol: CloudControl) -> object:
        client = cloudcontrol.client() if next(numbers) % 2 else once(cloudcontrol)
        answer = client.create_resource(
            TypeName="AWS::SQS::Queue", DesiredState="{}", ClientToken=f"token-{next(numbers)}"
        )
        return status(client, answer["ProgressEvent"]["RequestToken"])

    assert explore(Seen(program), **NO_SURPRISES | {"moves": True}).runs == 2
