"""Downstream work that breaks, that is none, that never ends, or that a test leaves running."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from clusters import CLUSTER, SCHEMA, create, put, statuses, telling
from threads import GUARD

from pytest_cloudcontrol import (
    CloudControl,
    HandlerError,
    NoProgressError,
    OptionError,
    mock_cloudcontrol,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_cloudcontrol import HandlerRequest

PIECES = "a generator, or a function that makes one: each `yield` waits on the clock"


def starting(work: object, **options: Any) -> Callable[[HandlerRequest], None]:
    """Return a handler that starts some work."""

    def handler(request: HandlerRequest) -> None:
        put(request)
        request.start(work, **options)  # type: ignore[arg-type]  # some of it is wrong, which the tests are about

    return handler


def test_work_that_breaks() -> None:
    """An exception ends the work, is kept, and told at the test's end; the movement and the request go on."""

    def work() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError("downstream")

    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, create=starting(work))
        request = create(cloudcontrol).run()
        cloudcontrol.clock.advance(60)
        broken = cloudcontrol.downstream.last
        assert (broken.done, repr(broken.error)) == (True, "ZeroDivisionError('downstream')")
        assert (request.status, request.handler_error) == ("SUCCESS", None)

    assert told == ["the downstream work work raised ZeroDivisionError: downstream"]


def test_first_piece_that_breaks() -> None:
    """Where already the first piece breaks, start() doesn't: the handler goes on."""

    def work() -> Iterator[int]:
        yield 1 // len(cloudcontrol.downstream[1:])

    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, create=starting(work, name="tables"))
        assert create(cloudcontrol).run().status == "SUCCESS"

    assert told == ["the downstream work tables raised ZeroDivisionError: integer division or modulo by zero"]


def test_work_that_fails(cloud: CloudControl) -> None:
    """A HandlerError ends the work, and is the service's own refusal: the test isn't told."""

    def work() -> Iterator[int]:
        yield 1
        raise HandlerError("ServiceLimitExceeded", "no more")

    cloud.add_handler(CLUSTER, create=starting(work))
    create(cloud).run()

    error = cloud.downstream.last.run().error
    assert (type(error), str(error)) == (HandlerError, "ServiceLimitExceeded: no more")


def test_work_that_may_raise(cloud: CloudControl) -> None:
    """Work of a handler that may raise may do so too."""

    def work() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError("downstream")

    cloud.add_handler(CLUSTER, create=starting(work), may_raise=True)
    create(cloud).run()

    assert isinstance(cloud.downstream.last.run().error, ZeroDivisionError)


def test_outcome_in_work(cloud: CloudControl) -> None:
    """What isn't an Exception goes on to whoever moved the clock."""

    def work() -> Iterator[int]:
        yield 1
        raise KeyboardInterrupt

    cloud.add_handler(CLUSTER, create=starting(work))
    create(cloud).run()

    with pytest.raises(KeyboardInterrupt):
        cloud.clock.advance(60)
    assert isinstance(cloud.downstream.last.error, KeyboardInterrupt)


@pytest.mark.parametrize(
    ("value", "shown", "expected"),
    [
        ("soon", "'soon'", "a timedelta or a number of seconds, at least 0"),
        (-1, "-1", "a timedelta or a number of seconds, at least 0"),
        (float("nan"), "nan", "a timedelta or a number of seconds, at least 0"),
        (timedelta(days=4000), "datetime.timedelta(days=4000)", "at most 3650 days"),
    ],
)
def test_wrong_wait(value: object, shown: str, expected: str) -> None:
    """Work that yields no length of time ends in the error that shows it."""

    def work() -> Iterator[object]:
        yield value

    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, create=starting(work))
        create(cloudcontrol).run()
        assert cloudcontrol.downstream.last.done

    assert told == [f"the downstream work work: yield={shown} is not valid: expected {expected}"]


async def never_awaited() -> None:
    """Never run."""


WRONG: dict[str, tuple[Any, dict[str, Any], str]] = {
    "a text": ("work", {}, f"work='work' is not valid: expected {PIECES}"),
    "nothing": (None, {}, f"work=None is not valid: expected {PIECES}"),
    "a function that makes none": (dict, {}, f"work={dict!r} is not valid: expected {PIECES}"),
    "a list": ([1], {}, f"work=[1] is not valid: expected {PIECES}"),
    "a name that is none": (lambda: (yield 1), {"name": 5}, "name=5 is not valid: expected a text"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_work(what: str) -> None:
    """What is no downstream work is refused inside the handler, which has failed then."""
    work, options, error = WRONG[what]
    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, create=starting(work, **options))
        assert create(cloudcontrol).run().error_code == "InternalFailure"
        assert len(cloudcontrol.downstream) == 0

    assert told == [f"the CREATE handler starting.<locals>.handler of Test::Db::Cluster raised OptionError: {error}"]


def test_work_that_is_a_coroutine() -> None:
    """A coroutine function makes no downstream work, and its coroutine isn't left behind."""
    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, create=starting(never_awaited))
        create(cloudcontrol).run()

    (line,) = told
    assert "raised OptionError: work=<coroutine object never_awaited at " in line
    assert line.endswith(f" is not valid: expected {PIECES}")


def test_step_of_work_that_is_done(cloud: CloudControl) -> None:
    """Work that is done has no step left."""
    cloud.add_handler(CLUSTER, create=starting(lambda: (yield 1)))
    create(cloud).run()
    work = cloud.downstream.last.run()

    with pytest.raises(OptionError) as error:
        work.step()
    assert str(error.value) == (
        f"work={work!r} is not valid: expected work that isn't done: nothing of it is left to be made"
    )


@pytest.mark.parametrize("move", ["step", "run"])
def test_work_that_moves_itself(cloud: CloudControl, move: str) -> None:
    """Work can't step itself: its piece must end first."""
    refused: list[str] = []

    def work() -> Iterator[int]:
        yield 1
        own = cloud.downstream.last
        with pytest.raises(OptionError) as error:
            getattr(own, move)()
        refused.append(str(error.value).partition(" is not valid: ")[2])

    cloud.add_handler(CLUSTER, create=starting(work))
    create(cloud).run()
    cloud.clock.advance(5)

    assert refused == ["expected work that isn't being made in this thread: its piece must end first"]
    assert cloud.downstream.last.done


def test_work_that_stops_itself(cloud: CloudControl) -> None:
    """Work that stops itself is closed at its next yield."""
    closed: list[bool] = []

    def work() -> Iterator[int]:
        yield 1
        cloud.downstream.last.stop()
        try:
            yield 1
        finally:
            closed.append(True)

    cloud.add_handler(CLUSTER, create=starting(work))
    create(cloud).run()
    cloud.clock.advance(5)

    assert (cloud.downstream.last.done, closed) == (True, [True])


def test_step_of_work_that_another_thread_makes(cloud: CloudControl) -> None:
    """A second thread's step waits until the first one's piece is made, and makes the next."""
    at_work, go_on = threading.Event(), threading.Event()
    made: list[int] = []

    def work() -> Iterator[int]:
        yield 1
        at_work.set()
        assert go_on.wait(GUARD)
        made.append(1)
        yield 1
        made.append(2)

    cloud.add_handler(CLUSTER, create=starting(work))
    create(cloud).run()
    own = cloud.downstream.last
    first = threading.Thread(target=own.step, daemon=True)
    first.start()
    assert at_work.wait(GUARD)
    second = threading.Thread(target=own.step, daemon=True)
    second.start()
    go_on.set()
    first.join(GUARD)
    second.join(GUARD)

    assert (made, own.done) == ([1, 2], True)


def test_work_that_never_ends(cloud: CloudControl) -> None:
    """Work that never ends is stopped by max_steps, with the line where it stands."""

    def work() -> Iterator[int]:
        while True:
            yield 0

    cloud.add_handler(CLUSTER, create=starting(work))
    request = create(cloud).run()
    with pytest.raises(NoProgressError) as stopped:
        cloud.clock.advance(5)

    line = work.__code__.co_firstlineno + 2
    assert stopped.value.stalled == (
        f"the downstream work work of request {request.request_token} has not ended after 1000 pieces; "
        f"it stands at {__file__}:{line}."
    )
    assert stopped.value.remedy == (
        "What to do: end it (work.stop(), or fewer pieces). "
        "If so many are meant, give a larger option max_steps than 1000."
    )
    cloud.downstream.last.stop()


# The mock's end


def test_work_is_closed_at_the_mocks_end() -> None:
    """The mock's end closes downstream work while it still answers."""
    seen: list[int] = []

    def work() -> Iterator[int]:
        try:
            yield 1
        finally:
            seen.append(len(cloudcontrol.client().list_resources(TypeName=CLUSTER)["ResourceDescriptions"]))

    with mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.add_type(SCHEMA)
        cloudcontrol.add_handler(CLUSTER, create=starting(work))
        create(cloudcontrol).run()

    assert seen == [1]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["one"], "1 downstream work is"),
        (["one", "two"], "2 downstream works are"),
    ],
)
def test_leave_nothing_running(names: list[str], words: str) -> None:
    """With leave_nothing_running downstream work that goes on at the end is an error of the test."""

    def work() -> Iterator[int]:
        yield 3600

    mock = mock_cloudcontrol(leave_nothing_running=True)
    cloudcontrol = mock.__enter__()
    cloudcontrol.add_type(SCHEMA)
    cloudcontrol.add_handler(CLUSTER, create=starting(work))
    for name in names:
        create(cloudcontrol, name).run()
    with pytest.raises(AssertionError) as error:
        mock.__exit__(None, None, None)

    assert str(error.value).splitlines()[0] == f"{words} still running at the end, and leave_nothing_running is on."


@pytest.mark.parametrize("end", ["stop", "run"])
def test_leave_nothing_running_of_work_that_has_ended(end: str) -> None:
    """Downstream work that was stopped or has ended isn't left running."""
    with mock_cloudcontrol(leave_nothing_running=True) as cloudcontrol:
        cloudcontrol.add_type(SCHEMA)
        cloudcontrol.add_handler(CLUSTER, create=starting(lambda: (yield 60)))
        create(cloudcontrol).run()
        getattr(cloudcontrol.downstream.last, end)()


def test_work_started_after_a_reset(cloud: CloudControl) -> None:
    """Work that a handler of the old world starts after a reset ends with its first piece."""
    closed: list[str] = []

    def work() -> Iterator[int]:
        try:
            yield 1
        finally:
            closed.append("work")

    def handler(request: HandlerRequest) -> Iterator[int]:
        cloud.reset()
        request.start(work)
        yield 1

    cloud.add_handler(CLUSTER, create=handler)
    request = create(cloud)
    cloud.clock.advance(5)

    assert (statuses(request), closed, len(cloud.downstream)) == (["IN_PROGRESS"], ["work"], 0)
