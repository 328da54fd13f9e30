"""A second mock beside an active one is refused, and told who has the first one, with file and line."""

from __future__ import annotations

import copy
import functools
import inspect
import pickle
import re
import unittest
from contextlib import AsyncExitStack, ExitStack
from typing import TYPE_CHECKING

import pytest
from refusals import already_active

from pytest_cloudcontrol import AlreadyActive, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def line() -> int:
    """Return the line that this is called in."""
    return inspect.stack(0)[1].lineno


def held_by() -> str:
    """Return who has the active mock, as a second one is told."""
    with pytest.raises(AlreadyActive) as refused:
        mock_cloudcontrol().__enter__()
    assert str(refused.value) == already_active(refused.value.holder)
    return refused.value.holder


# The fixture


@pytest.mark.parametrize(
    "source",
    [
        "def test_it(cloudcontrol):\n    with mock_cloudcontrol(): pass\n",
        "@mock_cloudcontrol()\ndef test_it(cloudcontrol): pass\n",
        "@pytest.mark.cloudcontrol\n@mock_cloudcontrol()\ndef test_it(): pass\n",
    ],
)
def test_mock_inside_the_fixture(pytester: pytest.Pytester, source: str) -> None:
    """A second mock in a test that has the fixture is refused: the test fails, and says which fixture has the first."""
    path = pytester.makepyfile(f"import pytest\nfrom pytest_cloudcontrol import mock_cloudcontrol\n\n{source}")

    result = pytester.runpytest()

    result.assert_outcomes(failed=1)
    errors = [text.removeprefix("E").strip() for text in result.outlines if text.startswith("E  ")]
    holder = f"the fixture `cloudcontrol` of {path.name}::test_it ({path}:4)"
    assert errors == [f"pytest_cloudcontrol.transport.active.AlreadyActive: {already_active(holder)}"]


@pytest.mark.parametrize(
    ("scope", "holder"),
    [
        ("function", r"test_it\.py::TestIt::test_it\[1\] \(PATH:\d+\)"),
        ("class", r"test_it\.py::TestIt \(PATH:4\)"),
        ("module", r"test_it\.py \(PATH\)"),
        ("session", "the session"),
    ],
)
def test_fixture_of_every_scope(pytester: pytest.Pytester, scope: str, holder: str) -> None:
    """The holder is the test, class or module that the mock is made for, with file and line; or the session."""
    pytester.makeini(f"[pytest]\ncloudcontrol_fixture_scope = {scope}\n")
    path = pytester.makepyfile(
        test_it="""
            import pytest
            from pytest_cloudcontrol import mock_cloudcontrol

            class TestIt:
                @pytest.mark.parametrize("number", [1])
                def test_it(self, cloudcontrol, number):
                    with mock_cloudcontrol(): pass
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(failed=1)
    pattern = f"the fixture `cloudcontrol` of {holder.replace('PATH', re.escape(str(path)))}"
    refused = re.escape(already_active("HOLDER")).replace("HOLDER", pattern)
    result.stdout.re_match_lines([f"E +pytest_cloudcontrol.transport.active.AlreadyActive: {refused}$"])


def test_fixture_inside_a_mock(pytester: pytest.Pytester) -> None:
    """The fixture inside a mock that another fixture has made is refused: an error of the test."""
    path = pytester.makepyfile(
        """
        import pytest

        from pytest_cloudcontrol import mock_cloudcontrol

        @pytest.fixture(scope="module")
        def mocked():
            with mock_cloudcontrol():
                yield

        def test_it(mocked, cloudcontrol): pass
        """
    )
    (at,) = (number for number, text in enumerate(path.read_text().splitlines(), 1) if "with mock" in text)

    result = pytester.runpytest()

    result.assert_outcomes(errors=1)
    holder = f"the block of mock_cloudcontrol() at {path}:{at}, in mocked"
    assert already_active(holder) in result.outlines
    result.stdout.no_fnmatch_line("*plugin.py*")


# A block


def test_block() -> None:
    """A block is told with the place that enters it."""
    with mock_cloudcontrol():
        entered = line() - 1
        holder = held_by()

    assert holder == f"the block of mock_cloudcontrol() at {__file__}:{entered}, in test_block"


def test_block_of_a_mock_made_elsewhere() -> None:
    """What counts is where it is entered, not where it was made."""
    mock = mock_cloudcontrol()

    def enter() -> str:
        with mock:
            return held_by()

    assert re.fullmatch(
        rf"the block of mock_cloudcontrol\(\) at {re.escape(__file__)}:\d+, "
        r"in test_block_of_a_mock_made_elsewhere\.<locals>\.enter",
        enter(),
    )


def test_exit_stack() -> None:
    """A mock entered by an ExitStack is told with the place that calls it, not with contextlib's."""
    with ExitStack() as stack:
        stack.enter_context(mock_cloudcontrol())
        entered = line() - 1
        holder = held_by()

    assert holder == f"the block of mock_cloudcontrol() at {__file__}:{entered}, in test_exit_stack"


def test_async_exit_stack() -> None:
    """So is one that an AsyncExitStack has entered."""

    async def enter() -> tuple[int, str]:
        async with AsyncExitStack() as stack:
            stack.enter_context(mock_cloudcontrol())
            return line() - 1, held_by()

    coroutine = enter()
    with pytest.raises(StopIteration) as returned:
        coroutine.send(None)

    entered, holder = returned.value.value
    assert holder.startswith(f"the block of mock_cloudcontrol() at {__file__}:{entered}, in test_async_exit_stack.")


def test_mock_that_has_ended_holds_nothing() -> None:
    """The holder is the one of now, not of before."""
    with mock_cloudcontrol():
        pass
    with mock_cloudcontrol():
        entered = line() - 1
        holder = held_by()

    assert (
        holder == f"the block of mock_cloudcontrol() at {__file__}:{entered}, in test_mock_that_has_ended_holds_nothing"
    )


# What is decorated


@mock_cloudcontrol()
def decorated() -> str:
    """Return who has the mock."""
    return held_by()


@mock_cloudcontrol
async def decorated_coroutine() -> str:
    """Return who has the mock."""
    return held_by()


@mock_cloudcontrol(region="eu-west-1")
def decorated_generator() -> Iterator[str]:
    """Yield who has the mock."""
    yield held_by()


def awaited() -> str:
    """Return what the coroutine returns."""
    with pytest.raises(StopIteration) as returned:
        decorated_coroutine().send(None)
    return str(returned.value.value)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (decorated, "decorated"),
        (awaited, "decorated_coroutine"),
        (lambda: next(decorated_generator()), "decorated_generator"),
    ],
)
def test_decorated_function(call: Callable[[], str], name: str) -> None:
    """A decorated function is told with its name and its own place."""
    place = re.escape(__file__)

    assert re.fullmatch(rf"mock_cloudcontrol\(\) around {name} at {place}:\d+", call())


class HeldBy:
    """Tells who has the mock."""

    def __call__(self) -> str:
        """Return who has the mock."""
        return held_by()


def test_decorated_object() -> None:
    """An object that is called like a function is told by its class."""
    assert mock_cloudcontrol()(HeldBy())() == "mock_cloudcontrol() around HeldBy"


def test_decorated_partial() -> None:
    """A partial is told by the function that it calls."""
    holder = mock_cloudcontrol()(functools.partial(held_by))()

    assert holder == f"mock_cloudcontrol() around held_by at {__file__}:{held_by.__code__.co_firstlineno}"


def test_test_case() -> None:
    """A decorated TestCase is told by the test that runs, and one that enters a mock by the line of that."""
    holders = []

    @mock_cloudcontrol()
    class Decorated(unittest.TestCase):
        def setUp(self) -> None:
            holders.append(held_by())

        def test_it(self) -> None:
            pass

    class Entering(unittest.TestCase):
        def test_it(self) -> None:
            self.enterContext(mock_cloudcontrol())
            holders.append(held_by())

    for case in (Decorated("test_it"), Entering("test_it")):
        result = case.run()
        assert result is not None
        assert (result.errors, result.failures) == ([], [])

    around, block = holders
    assert re.fullmatch(
        rf"mock_cloudcontrol\(\) around test_test_case\.<locals>\.Decorated\.test_it at {re.escape(__file__)}:\d+",
        around,
    )
    assert re.fullmatch(
        rf"the block of mock_cloudcontrol\(\) at {re.escape(__file__)}:\d+, "
        r"in test_test_case\.<locals>\.Entering\.test_it",
        block,
    )


# Copies


def test_holder_survives_copies() -> None:
    """The error is the same, holder and all, when it was copied or pickled."""
    with mock_cloudcontrol(), pytest.raises(AlreadyActive) as refused:
        mock_cloudcontrol().__enter__()

    for again in (copy.copy(refused.value), pickle.loads(pickle.dumps(refused.value))):
        assert (str(again), again.holder) == (str(refused.value), refused.value.holder)
