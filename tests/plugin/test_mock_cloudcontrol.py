"""``mock_cloudcontrol()``: the mock without the fixture, for a block or around a function."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import boto3
import pytest
from calls import create
from refusals import already_active

from pytest_cloudcontrol import AlreadyActive, CloudControl, OptionError, UnknownOption, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


def report_of_a_create(token: str) -> str:
    """Return what is told of a mock in which a log group was asked for, at the start of 2030, and nothing else."""
    return (
        "Requests:\n"
        f"    1. {token} CREATE AWS::Logs::LogGroup orders IN_PROGRESS: 0 steps made, "
        "the next due at 2030-01-01 00:00:00.200 [123456789012 us-east-1]\n"
        "What happened, on the mock clock:\n"
        "    2030-01-01 00:00:00.000 request 1: IN_PROGRESS\n"
        '    2030-01-01 00:00:00.000 CreateResource AWS::Logs::LogGroup {"LogGroupName": "orders"} '
        "-> request 1, IN_PROGRESS"
    )


def mocked_region() -> str | None:
    """Return the region of the mock that is active now, or None when none is."""
    return os.environ.get("AWS_DEFAULT_REGION")


# A block


def test_block() -> None:
    """Inside the block boto3's clients are answered by the mock that it gives."""
    with mock_cloudcontrol(region="eu-west-1", account_id="111122223333") as cloudcontrol:
        token = create(boto3.client("cloudcontrol"))

    assert isinstance(cloudcontrol, CloudControl)
    assert [(request.request_token, request.region, request.account_id) for request in cloudcontrol.requests] == [
        (token, "eu-west-1", "111122223333")
    ]


def test_after_the_block() -> None:
    """After the block nothing of the mock is left, but its requests can still be read."""
    with mock_cloudcontrol() as cloudcontrol:
        token = create(cloudcontrol.client())

    assert mocked_region() is None
    assert cloudcontrol.request(token).status == "IN_PROGRESS"


def test_default_session_made_before() -> None:
    """A default session made before, without credentials, has none after it was used inside the block either."""
    boto3.setup_default_session()
    with mock_cloudcontrol():
        create(boto3.client("cloudcontrol"))

    session = boto3.DEFAULT_SESSION
    assert session is not None
    assert session.get_credentials() is None


def test_blocks_one_after_the_other() -> None:
    """A second block is a new world, and with the same seed draws the same request tokens."""
    with mock_cloudcontrol(seed="orders") as first:
        create(first.client())
    with mock_cloudcontrol(seed="orders") as second:
        assert list(second.requests) == []
        create(second.client())

    assert [request.request_token for request in first.requests] == [
        request.request_token for request in second.requests
    ]


def test_block_entered_again() -> None:
    """One mock can be entered again when it has been left: a new world with the same options."""
    mock = mock_cloudcontrol(region="eu-west-1")
    with mock as first:
        create(first.client())
    with mock as second:
        requests = list(second.requests)

    assert requests == []
    assert second.options == first.options


def test_nested_blocks() -> None:
    """A block inside another is refused, and the outer mock stays as it was."""
    with mock_cloudcontrol(region="eu-west-1") as outer:
        with pytest.raises(AlreadyActive) as caught, mock_cloudcontrol(region="eu-west-2"):
            pass
        create(boto3.client("cloudcontrol"))

    assert str(caught.value) == already_active(caught.value.holder)
    assert [request.region for request in outer.requests] == ["eu-west-1"]


def test_mock_nested_in_itself() -> None:
    """The same mock entered twice is refused too, and leaves the block that it is in alone."""
    mock = mock_cloudcontrol()
    with mock as outer:
        with pytest.raises(AlreadyActive), mock:
            pass
        create(boto3.client("cloudcontrol"))

    assert len(outer.requests) == 1


# A function


@mock_cloudcontrol(region="eu-west-1")
def region_inside() -> str | None:
    """Return the region inside the mock."""
    return mocked_region()


@mock_cloudcontrol(region="eu-west-1")
async def region_inside_a_coroutine() -> tuple[str | None, str | None]:
    """Return the region inside the mock, before and after another task had its turn."""
    before = mocked_region()
    await asyncio.sleep(0)
    return before, mocked_region()


@mock_cloudcontrol(region="eu-west-1")
def regions_inside_a_generator(given: str) -> Generator[str | None, str, str]:
    """Yield the region inside the mock, then what was sent, and return what was given."""
    sent = yield mocked_region()
    yield sent
    return given


def test_function() -> None:
    """A decorated function runs inside the mock, and returns what it returns."""
    assert region_inside() == "eu-west-1"
    assert mocked_region() is None


def test_coroutine_function() -> None:
    """A decorated coroutine function runs inside the mock until it ends, not just until it is called."""
    coroutine = region_inside_a_coroutine()

    assert mocked_region() is None
    assert asyncio.run(coroutine) == ("eu-west-1", "eu-west-1")
    assert mocked_region() is None


def test_coroutine_function_stays_one() -> None:
    """A decorated coroutine function is still known as one, for plugins that run such tests."""
    assert asyncio.iscoroutinefunction(region_inside_a_coroutine)


def test_generator_function() -> None:
    """A decorated generator function is inside the mock from its first value to its end; what is sent comes through."""
    generator = regions_inside_a_generator("given")

    assert mocked_region() is None
    assert next(generator) == "eu-west-1"
    assert generator.send("sent") == "sent"
    assert list(generator) == []
    assert mocked_region() is None


def test_generator_function_returns() -> None:
    """A decorated generator function returns what it returns."""

    def delegate() -> Generator[str | None, str, None]:
        returned.append((yield from regions_inside_a_generator("given")))

    returned: list[str] = []
    list(delegate())

    assert returned == ["given"]


def test_closed_generator() -> None:
    """A decorated generator that is closed early ends its mock."""
    generator = regions_inside_a_generator("given")
    next(generator)
    generator.close()

    assert mocked_region() is None


def test_every_call_has_its_own_mock() -> None:
    """Every call of a decorated function has a new world."""

    @mock_cloudcontrol()
    def requests_after_a_create() -> int:
        client = boto3.client("cloudcontrol")
        create(client)
        return len(client.list_resource_requests()["ResourceRequestStatusSummaries"])

    assert [requests_after_a_create(), requests_after_a_create()] == [1, 1]


@mock_cloudcontrol(region="eu-west-1")
def documented() -> None:
    """Do what it says."""


def test_wrapped_function() -> None:
    """A decorated function keeps its name and its docstring."""
    assert (documented.__name__, documented.__doc__) == ("documented", "Do what it says.")


@mock_cloudcontrol(region="eu-west-1")
def test_decorated_test() -> None:
    """A test can be decorated."""
    create(boto3.client("cloudcontrol"))


@pytest.mark.parametrize("name", ["one", "two"])
@mock_cloudcontrol(region="eu-west-1")
def test_decorated_test_with_fixtures(tmp_path: Path, name: str) -> None:
    """A decorated test has its fixtures and parameters as ever."""
    assert tmp_path.is_dir()
    client = boto3.client("cloudcontrol")
    create(client, name)
    assert client.list_resource_requests()["ResourceRequestStatusSummaries"][0]["Identifier"] == name


class TestDecorated:
    """Methods are functions too."""

    @mock_cloudcontrol(region="eu-west-1")
    def test_method(self, tmp_path: Path) -> None:
        """A method of a class of tests can be decorated."""
        assert tmp_path.is_dir()
        create(boto3.client("cloudcontrol"))


# Refused


def test_misspelt_option() -> None:
    """A misspelt option is refused when the mock is made, with the valid ones."""
    with pytest.raises(UnknownOption) as caught:
        mock_cloudcontrol(regoin="eu-west-1")  # type: ignore[call-overload]  # it is the mistake that the test makes

    assert str(caught.value) == (
        "there is no option 'regoin' (given as regoin='eu-west-1'). Did you mean 'region'? The options are "
        "auto_advance, start, seed, region, account_id, max_steps, max_idle_calls, real_signatures, list_page_size, "
        "leave_nothing_running, schemas, provision, patch_sleep."
    )


def test_wrong_value() -> None:
    """A wrong value is refused when the mock is made, with what is valid."""
    with pytest.raises(OptionError) as caught:
        mock_cloudcontrol(max_steps=0)

    assert str(caught.value) == "max_steps=0 is not valid: expected a whole number, at least 1"
    assert (caught.value.name, caught.value.value, caught.value.expected) == (
        "max_steps",
        0,
        "a whole number, at least 1",
    )


# On leaving


def test_rule_that_never_fired() -> None:
    """A rule that never fired is an AssertionError on leaving, and the mock has ended nevertheless."""
    with pytest.raises(AssertionError) as caught, mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.add_failure("Throttling", operation="CREATE")

    assert str(caught.value) == (
        "These were arranged, but never came to be (optional=True allows it):\n"
        "    add_failure('Throttling', operation='CREATE', at_step=1)\n"
        "No request has been made.\n"
        "No call has been made.\n"
        "Still armed:\n"
        "    add_failure('Throttling', operation='CREATE', at_step=1)\n"
        "See docs/how-to/arrange-beforehand.md#rules-that-never-fire"
    )
    assert mocked_region() is None


def test_request_still_running() -> None:
    """With leave_nothing_running a request that still runs is an AssertionError on leaving."""
    with (
        pytest.raises(AssertionError) as caught,
        mock_cloudcontrol(leave_nothing_running=True, start=datetime(2030, 1, 1, tzinfo=UTC)) as cloudcontrol,
    ):
        token = create(cloudcontrol.client())

    assert str(caught.value) == (
        "1 request is still running at the end, and leave_nothing_running is on.\n"
        f"{report_of_a_create(token)}\n"
        "See docs/how-to/wait-without-sleeping.md#requests-left-running"
    )


def test_request_left_running_by_a_decorated_function() -> None:
    """What a decorated function leaves undone is an AssertionError of its call."""

    @mock_cloudcontrol(leave_nothing_running=True)
    def leave_a_request_running() -> None:
        create(boto3.client("cloudcontrol"))

    with pytest.raises(AssertionError, match="leave_nothing_running is on"):
        leave_a_request_running()


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt])
def test_exception_out_of_the_block(kind: type[BaseException]) -> None:
    """An exception leaves the block as it is, with the requests as a note, and rules that never fired untold."""
    failure = kind("of its own")
    tokens = []

    def fail_inside() -> None:
        with mock_cloudcontrol(start=datetime(2030, 1, 1, tzinfo=UTC)) as cloudcontrol:
            cloudcontrol.add_failure("Throttling")
            tokens.append(create(cloudcontrol.client()))
            raise failure

    with pytest.raises(kind) as caught:
        fail_inside()

    assert caught.value is failure
    assert "\n".join(failure.__notes__) == (
        f"Cloud Control:\n{report_of_a_create(tokens[0])}\nStill armed:\n    add_failure('Throttling', at_step=1)"
    )
