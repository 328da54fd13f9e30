"""What a handler raises that isn't HandlerError: the request has failed, and the test is told at its end."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING

import pytest
from clusters import CLUSTER, create, failing, put, statuses, telling

from pytest_cloudcontrol import HandlerError, NoProgressError, OptionError, StatusNotReached, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from pytest_cloudcontrol import CloudControl, HandlerRequest


class Broken(Exception):
    """An exception of the test's own handler."""


def broken(request: HandlerRequest) -> Iterator[int]:
    """Break in the second call."""
    put(request)
    yield 1
    raise Broken("in call 2")


@pytest.mark.fidelity("L-27")
def test_handler_that_breaks() -> None:
    """The request is FAILED with InternalFailure and no words, and has the exception; the test is told at its end."""
    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, create=broken)
        request = create(cloudcontrol)
        cloudcontrol.clock.advance(60)  # which goes on
        event = cloudcontrol.client().get_resource_request_status(RequestToken=request.request_token)["ProgressEvent"]

        assert statuses(request) == ["IN_PROGRESS", "IN_PROGRESS", "FAILED"]
        assert (event["ErrorCode"], event.get("StatusMessage")) == ("InternalFailure", None)
        assert isinstance(request.handler_error, Broken)
        assert len(cloudcontrol.resources) == 1
        assert cloudcontrol.step() is None

    assert told == ["the CREATE handler broken of Test::Db::Cluster raised Broken: in call 2"]


def test_traceback_of_a_handler() -> None:
    """The test's error is an AssertionError chained to the handler's, whose traceback begins in the handler."""
    with failing() as (cloudcontrol, errors):
        cloudcontrol.add_handler(CLUSTER, create=lambda _: [][1])
        create(cloudcontrol).run()

    (error,) = errors
    cause = error.__cause__
    assert isinstance(cause, IndexError)
    assert cause.__traceback__ is not None
    assert (cause.__traceback__.tb_frame.f_code.co_filename, cause.__traceback__.tb_next) == (__file__, None)
    assert str(error).endswith("\nSee docs/how-to/write-a-handler.md#what-is-told-at-the-end")


def test_several_that_break() -> None:
    """All that was raised is told, in one group."""

    def other(request: HandlerRequest) -> None:
        raise ZeroDivisionError(request.identifier)

    with failing() as (cloudcontrol, errors):
        for type_name, handler in (("AWS::Logs::LogGroup", other), ("AWS::SQS::Queue", other)):
            cloudcontrol.add_handler(type_name, create=handler)
            cloudcontrol.client().create_resource(TypeName=type_name, DesiredState="{}")
        cloudcontrol.run_until_idle()

    (error,) = errors
    cause = error.__cause__
    assert isinstance(cause, BaseExceptionGroup)
    assert [type(one) for one in cause.exceptions] == [ZeroDivisionError, ZeroDivisionError]
    assert "raised ZeroDivisionError: None" in str(error)


def test_same_mistake_is_told_once() -> None:
    """A handler that breaks for every request in the same way is told once."""
    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, create=broken)
        for name in ("one", "two"):
            create(cloudcontrol, name).run()

    assert len(told) == 1


def test_mistake_before_a_reset() -> None:
    """A handler that broke before a reset has broken."""
    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, create=broken)
        create(cloudcontrol).run()
        cloudcontrol.reset()

    assert told == ["the CREATE handler broken of Test::Db::Cluster raised Broken: in call 2"]


def test_handler_that_may_raise(cloud: CloudControl) -> None:
    """With may_raise an exception fails the request just so, and the test can look at it."""
    cloud.add_handler(CLUSTER, create=broken, may_raise=True)

    request = create(cloud).run()

    assert (request.error_code, request.status_message) == ("InternalFailure", None)
    assert isinstance(request.handler_error, Broken)
    assert request.handler_error.args == ("in call 2",)


def test_assertion_in_a_handler_that_may_raise() -> None:
    """An AssertionError in a handler is the test's own, and always told."""

    def handler(request: HandlerRequest) -> None:
        assert request.identifier == "two"

    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, create=handler, may_raise=True)
        request = create(cloudcontrol).run()
        assert isinstance(request.handler_error, AssertionError)

    (line,) = told
    name = "the CREATE handler test_assertion_in_a_handler_that_may_raise.<locals>.handler of Test::Db::Cluster"
    assert line.startswith(f"{name} raised AssertionError: assert 'one' == 'two'")


def test_failing_test_shows_what_its_handler_raised() -> None:
    """A test that fails by itself shows its handlers' tracebacks with all else that happened."""

    def test() -> None:
        with mock_cloudcontrol() as cloudcontrol:
            cloudcontrol.add_handler("AWS::Logs::LogGroup", create=lambda _: [][1])
            cloudcontrol.client().create_resource(TypeName="AWS::Logs::LogGroup", DesiredState="{}")
            cloudcontrol.requests.last.run()
            raise ValueError("the test's own")

    with pytest.raises(ValueError, match="the test's own") as error:
        test()

    (note,) = error.value.__notes__
    lines = note.splitlines()
    start = lines.index("These handlers of the test's own are wrong:")
    name = "test_failing_test_shows_what_its_handler_raised.<locals>.test.<locals>.<lambda>"
    assert lines[start + 1 : start + 3] == [
        f"    the CREATE handler {name} of AWS::Logs::LogGroup raised IndexError: list index out of range",
        "        Traceback (most recent call last):",
    ]
    assert lines[-1] == "        IndexError: list index out of range"


# What isn't an Exception


class Outcome(BaseException):
    """What isn't an Exception, as pytest's own outcomes aren't."""


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), Outcome("of a test")], ids=repr)
@pytest.mark.parametrize("move", ["step", "advance", "poll"])
def test_outcome_in_a_handler(cloud: CloudControl, error: BaseException, move: str) -> None:
    """What isn't an Exception goes on to whoever made the step, and the request has failed."""

    def handler(request: HandlerRequest) -> Iterator[int]:
        put(request)
        yield 1
        raise error

    cloud.add_handler(CLUSTER, create=handler)
    client, request = cloud.client(), create(cloud).step()
    moves: dict[str, Callable[[], object]] = {
        "step": request.step,
        "advance": lambda: cloud.clock.advance(60),
        "poll": lambda: [client.get_resource_request_status(RequestToken=request.request_token) for _ in range(9)],
    }

    with pytest.raises(type(error)) as caught:
        moves[move]()

    assert caught.value is error
    assert (statuses(request)[-1], request.error_code, request.handler_error) == ("FAILED", "InternalFailure", error)
    assert cloud.step() is None


def test_outcome_of_pytest_in_a_handler(cloud: CloudControl) -> None:
    """pytest.fail in a handler fails the test where the step is made."""
    cloud.add_handler(CLUSTER, create=lambda _: pytest.fail("not so"))

    with pytest.raises(pytest.fail.Exception, match="not so"):
        create(cloud).run()


# What it gives wrongly

YIELDED = "a timedelta or a number of seconds, at least 0"
NOTHING = "nothing: what a handler has made stands in request.identifier and in the resource itself"


@pytest.mark.parametrize(
    ("value", "shown", "expected"),
    [
        ("soon", "'soon'", YIELDED),
        (-1, "-1", YIELDED),
        (float("nan"), "nan", YIELDED),
        (float("inf"), "inf", YIELDED),
        (True, "True", YIELDED),
        (1e10, "10000000000.0", "at most 3650 days"),
        ({"wait": 1}, "{'wait': 1}", YIELDED),
    ],
    ids=str,
)
def test_wrong_delay(value: object, shown: str, expected: str) -> None:
    """A handler that yields no length of time has failed, and what it yielded is told."""
    closed: list[bool] = []

    def handler(request: HandlerRequest) -> Iterator[object]:
        put(request)
        try:
            yield value
        finally:
            closed.append(True)

    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, create=handler)
        request = create(cloudcontrol).run()
        assert (request.error_code, request.steps, closed) == ("InternalFailure", 1, [True])
        assert isinstance(request.handler_error, OptionError)

    name = "the CREATE handler test_wrong_delay.<locals>.handler of Test::Db::Cluster"
    assert told == [f"{name}: yield={shown} is not valid: expected {expected}"]


@pytest.mark.parametrize("kind", ["plain", "generator"])
def test_handler_that_returns_something(kind: str) -> None:
    """A create that returns something has failed: nobody would look at it."""

    def plain(request: HandlerRequest) -> str:
        put(request)
        return "one"

    def generator(request: HandlerRequest) -> Generator[int, None, str]:
        put(request)
        yield 1
        return "one"

    handlers: dict[str, Callable[[HandlerRequest], object]] = {"plain": plain, "generator": generator}
    handler = handlers[kind]
    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, create=handler)
        assert create(cloudcontrol).run().error_code == "InternalFailure"

    name = f"the CREATE handler test_handler_that_returns_something.<locals>.{kind} of Test::Db::Cluster"
    assert told == [f"{name}: result='one' is not valid: expected {NOTHING}"]


def test_handler_that_returns_a_coroutine() -> None:
    """A function that only makes a coroutine has failed: it would never be awaited."""

    async def work() -> None:
        """Do nothing."""

    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, create=lambda _: work())
        assert create(cloudcontrol).run().error_code == "InternalFailure"

    (line,) = told
    assert line.startswith("the CREATE handler test_handler_that_returns_a_coroutine.<locals>.<lambda> of ")
    assert line.endswith(" is not valid: expected a generator, or nothing: a coroutine would never be awaited")


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [(5, "identifier=5 is not valid: expected a text"), (None, "identifier=None is not valid: expected a text")],
)
def test_wrong_identifier(identifier: object, expected: str) -> None:
    """An identifier that is no text is refused where it is set."""

    def handler(request: HandlerRequest) -> None:
        request.identifier = identifier  # type: ignore[assignment]  # which is what the test is about

    with telling() as (cloudcontrol, told):
        cloudcontrol.add_handler(CLUSTER, create=handler)
        assert create(cloudcontrol).run().identifier == "one"

    name = "the CREATE handler test_wrong_identifier.<locals>.handler of Test::Db::Cluster"
    assert told == [f"{name} raised OptionError: {expected}"]


def test_error_code_that_there_is_not() -> None:
    """A HandlerError of a misspelt code is refused where it is made, with the code that was meant."""
    with pytest.raises(OptionError) as error:
        HandlerError("NotStabilised", "no quorum")

    assert str(error.value).startswith("error_code='NotStabilised' is not valid. Did you mean 'NotStabilized'?")


def test_error_message_that_is_no_text() -> None:
    """A HandlerError's message is a text."""
    with pytest.raises(OptionError) as error:
        HandlerError("NotFound", 404)  # type: ignore[arg-type]  # which is what the test is about

    assert str(error.value) == "message=404 is not valid: expected a text"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (HandlerError("NotFound", "gone"), "NotFound: gone"),
        (HandlerError("NotFound", ""), "NotFound"),
        (HandlerError("NotFound"), "NotFound"),
    ],
)
def test_handler_error_as_text(error: HandlerError, text: str) -> None:
    """A HandlerError says its code and its words, also as a copy."""
    for one in (error, copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (str(one), one.error_code, one.message) == (text, "NotFound", error.message)


# What never ends


def test_handler_that_never_ends(cloud: CloudControl) -> None:
    """A generator that never ends is stopped by max_steps, with the line where it stands."""

    def handler(request: HandlerRequest) -> Iterator[int]:
        put(request)
        while True:
            yield 1

    cloud.add_handler(CLUSTER, create=handler)
    request = create(cloud)
    with pytest.raises(NoProgressError) as stopped:
        cloud.clock.advance(10_000)

    name = "the CREATE handler test_handler_that_never_ends.<locals>.handler of Test::Db::Cluster"
    line = handler.__code__.co_firstlineno + 3
    assert stopped.value.stalled == (
        f"request {request.request_token} has not ended after 1000 handler calls; {name} stands at {__file__}:{line}."
    )
    assert (request.steps, request.status) == (1000, "IN_PROGRESS")
    assert request.cancel().status == "CANCEL_COMPLETE"


def test_handler_that_needs_more_steps(cloud: CloudControl) -> None:
    """Where a run's calls aren't enough, the error has the line where the generator stands, too."""

    def handler(request: HandlerRequest) -> Iterator[int]:
        put(request)
        for _ in range(5):
            yield 1

    cloud.add_handler(CLUSTER, create=handler)
    with pytest.raises(StatusNotReached) as error:
        create(cloud).run(max_steps=2)

    name = "the CREATE handler test_handler_that_needs_more_steps.<locals>.handler of Test::Db::Cluster"
    line = handler.__code__.co_firstlineno + 3
    assert str(error.value).partition("\n")[0] == (
        "2 handler calls were not enough for the request to come to an end: give a larger max_steps than 2; "
        f"{name} stands at {__file__}:{line}"
    )


def test_handler_that_waits_for_its_own_request(cloud: CloudControl) -> None:
    """A handler that polls its own request until it ends is stopped: it never would."""
    client = cloud.client()

    def handler(request: HandlerRequest) -> None:
        token = request.request_token or ""
        while client.get_resource_request_status(RequestToken=token)["ProgressEvent"]["OperationStatus"] != "SUCCESS":
            pass

    cloud.add_handler(CLUSTER, create=handler)
    request = create(cloud)
    with pytest.raises(NoProgressError, match="the code under test repeats GetResourceRequestStatus"):
        cloud.clock.advance(60)

    assert (request.status, request.error_code) == ("FAILED", "InternalFailure")
    assert isinstance(request.handler_error, NoProgressError)
