"""``max_steps`` bounds the handler calls of one request in all, whatever moves the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from calls import create, status, wait
from loops import loop
from mock_time import START, after

from pytest_cloudcontrol import CloudControl, NoProgressError, ResourceRequest, StatusNotReached

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from types_boto3_cloudcontrol import CloudControlApiClient

    Move: TypeAlias = Callable[[CloudControl, CloudControlApiClient], object]

THREE = pytest.mark.cloudcontrol(start=START, max_steps=3)


def endless(cloudcontrol: CloudControl, client: CloudControlApiClient, name: str = "orders") -> ResourceRequest:
    """Ask for a log group whose request never ends."""
    cloudcontrol.plan(steps=10**9, delay=0)
    return cloudcontrol.request(create(client, name))


def step_for_ever(cloudcontrol: CloudControl) -> None:
    """Step until nothing is due."""
    while cloudcontrol.step() is not None:
        pass


MOVES: dict[str, Move] = {
    "advance": lambda cloudcontrol, _: cloudcontrol.clock.advance(60),
    "move_to": lambda cloudcontrol, _: cloudcontrol.clock.move_to(after(60)),
    "advance_to_next": lambda cloudcontrol, _: [cloudcontrol.clock.advance_to_next() for _ in range(4)],
    "step": lambda cloudcontrol, _: step_for_ever(cloudcontrol),
    "step of the scope": lambda cloudcontrol, _: [cloudcontrol.scope().step() for _ in range(4)],
    "step of the request": lambda cloudcontrol, _: [cloudcontrol.requests.last.step() for _ in range(4)],
    "run_until_idle": lambda cloudcontrol, _: cloudcontrol.run_until_idle(max_steps=4),
    "loop": lambda cloudcontrol, client: loop(client, cloudcontrol.requests.last.request_token),
    "waiter": lambda cloudcontrol, client: wait(client, cloudcontrol.requests.last.request_token),
}


@THREE
@pytest.mark.parametrize("move", MOVES)
def test_one_call_more(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, move: str) -> None:
    """Whatever would make one handler call more than ``max_steps`` is stopped, and told what to do."""
    request = endless(cloudcontrol, cloudcontrol_client)
    with pytest.raises(NoProgressError) as stopped:
        MOVES[move](cloudcontrol, cloudcontrol_client)
    assert request.steps == 3
    assert str(stopped.value) == (
        f"request {request.request_token} has not ended after 3 handler calls.\n"
        "What to do: end it (a plan of fewer steps, request.cancel(), request.fail()). If so many are meant, give a "
        "larger option max_steps than 3, or request.run(max_steps=...).\n"
        f"{request.request_token} CREATE AWS::Logs::LogGroup orders IN_PROGRESS: 3 steps made, "
        "the next due at 2030-01-01 00:00:00.200 [123456789012 us-east-1]\n"
        "    2030-01-01 00:00:00.000 IN_PROGRESS\n"
        + "\n".join(["    2030-01-01 00:00:00.200 IN_PROGRESS, retry after 2030-01-01 00:00:00.200"] * 3)
    )


@pytest.mark.cloudcontrol(max_steps=2)
def test_as_many_calls_as_there_may_be(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A request that ends with its last allowed call ends as ever."""
    request = cloudcontrol.request(create(cloudcontrol_client))
    cloudcontrol.clock.advance(60)
    assert (request.steps, request.status) == (2, "SUCCESS")


@THREE
def test_the_next_call_stays_due(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A request that was stopped can still be ended by the test, and others go on."""
    request = endless(cloudcontrol, cloudcontrol_client)
    for _ in range(2):
        with pytest.raises(NoProgressError):
            cloudcontrol.clock.advance(60)
    assert (request.status, request.next_step_at) == ("IN_PROGRESS", after(0.2))
    request.cancel()
    cloudcontrol.plan(steps=2)
    other = cloudcontrol.request(create(cloudcontrol_client, "other"))
    cloudcontrol.clock.advance(60)
    assert (request.status, other.status) == ("CANCEL_COMPLETE", "SUCCESS")


@THREE
def test_code_that_goes_on_after_every_exception(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Code that catches every Exception and goes on is stopped too."""
    request = endless(cloudcontrol, cloudcontrol_client)

    def poll_whatever_comes() -> None:
        for _ in range(100):
            try:
                status(cloudcontrol_client, request.request_token)
            except Exception:
                continue

    with pytest.raises(NoProgressError, match=r"has not ended after 3 handler calls\."):
        poll_whatever_comes()


@THREE
@pytest.mark.parametrize(
    "run",
    [
        pytest.param(lambda request, **given: request.run(**given), id="run"),
        pytest.param(lambda request, **given: request.run_until("SUCCESS", **given), id="run_until"),
    ],
)
class TestRuns:
    """``run`` and ``run_until`` under the option."""

    def test_what_is_left(
        self,
        cloudcontrol: CloudControl,
        cloudcontrol_client: CloudControlApiClient,
        run: Callable[..., ResourceRequest],
    ) -> None:
        """A run makes the calls that the request has left, those of before counted."""
        request = endless(cloudcontrol, cloudcontrol_client).step().step()
        with pytest.raises(StatusNotReached, match=r"^1 handler call was not enough"):
            run(request)
        with pytest.raises(StatusNotReached, match=r"^3 handler calls were not enough"):
            run(request)
        assert request.steps == 3

    def test_beyond_the_option(
        self,
        cloudcontrol: CloudControl,
        cloudcontrol_client: CloudControlApiClient,
        run: Callable[..., ResourceRequest],
    ) -> None:
        """A run with a number of its own makes so many calls, more than the option allows."""
        request = endless(cloudcontrol, cloudcontrol_client).step()
        with pytest.raises(StatusNotReached, match=r"^5 handler calls were not enough"):
            run(request, max_steps=5)
        assert request.steps == 6
        with pytest.raises(NoProgressError, match=r"has not ended after 6 handler calls\."):
            request.step()

    def test_below_the_option(
        self,
        cloudcontrol: CloudControl,
        cloudcontrol_client: CloudControlApiClient,
        run: Callable[..., ResourceRequest],
    ) -> None:
        """A run with a smaller number leaves the rest to what comes after it."""
        request = endless(cloudcontrol, cloudcontrol_client)
        with pytest.raises(StatusNotReached, match=r"^1 handler call was not enough"):
            run(request, max_steps=1)
        assert request.step().step().steps == 3

    def test_overdue_calls_of_others(
        self,
        cloudcontrol: CloudControl,
        cloudcontrol_client: CloudControlApiClient,
        run: Callable[..., ResourceRequest],
    ) -> None:
        """A run that isn't enough names the requests whose calls it has left overdue, which it may wait for."""
        cloudcontrol.plan(delay=60)
        others = [cloudcontrol.request(create(cloudcontrol_client, name)) for name in ("one", "two")]
        request = endless(cloudcontrol, cloudcontrol_client)
        with pytest.raises(StatusNotReached) as raised:
            run(request)
        first, *rest = str(raised.value).split("\n")
        assert first.endswith("give a larger max_steps than 3.")
        assert rest[0] == "Overdue meanwhile: calls of 2 others, which cloudcontrol.run_until_idle() makes too"
        assert [line.split()[0] for line in rest if "CREATE" in line] == [
            each.request_token for each in (request, *others)
        ]


@pytest.mark.cloudcontrol(max_steps=2)
def test_no_callback_before_a_call_too_many(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Callbacks before the call that is one too many aren't run."""
    steps: list[int] = []
    cloudcontrol.before(lambda request: steps.append(request.steps))
    endless(cloudcontrol, cloudcontrol_client)
    with pytest.raises(NoProgressError):
        cloudcontrol.clock.advance(60)
    assert steps == [0, 1]
