"""``@mock_cloudcontrol``: what it may stand on, and that nothing decorated runs on when the mock has ended."""

from __future__ import annotations

import asyncio
import os
import unittest
from functools import partial, wraps
from typing import TYPE_CHECKING

import pytest

from pytest_cloudcontrol import OptionError, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator

    Returning = Callable[[], object]


def mocked_region() -> str | None:
    """Return the region of the mock that is active now, or None when none is."""
    return os.environ.get("AWS_DEFAULT_REGION")


@pytest.fixture(autouse=True)
def _no_region(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no region but that of a mock."""
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)


# Without parentheses


@mock_cloudcontrol
def region_of_the_default() -> str | None:
    """Return the region inside."""
    return mocked_region()


def test_without_parentheses() -> None:
    """A function decorated without parentheses runs inside a mock with the default options."""
    assert region_of_the_default() == "us-east-1"
    assert mocked_region() is None


def test_options_as_a_dict_refused() -> None:
    """Options in a dict are refused, with how they are given."""
    with pytest.raises(OptionError) as caught:
        mock_cloudcontrol({"region": "eu-west-1"})  # type: ignore[call-overload]  # the mistake that the test makes

    assert str(caught.value) == (
        "function={'region': 'eu-west-1'} is not valid: "
        "expected a function, or options by name, as in @mock_cloudcontrol(region=...)"
    )


# What runs later


async def later() -> str | None:
    """Return the region inside, when another task has had its turn."""
    await asyncio.sleep(0)
    return mocked_region()


def regions() -> Generator[str | None, None, None]:
    """Yield the region inside."""
    yield mocked_region()


async def async_regions() -> AsyncIterator[str | None]:
    """Yield the region inside."""
    yield mocked_region()


class Later:
    """An object whose call is a coroutine."""

    async def __call__(self) -> str | None:
        """Return the region inside."""
        return await later()


class Regions:
    """An object whose call is a generator."""

    def __call__(self) -> Iterator[str | None]:
        """Yield the region inside."""
        yield from regions()


@pytest.mark.parametrize("function", [later, partial(later), partial(partial(later)), Later(), partial(Later())])
def test_coroutine_functions_of_any_kind(function: Callable[[], Awaitable[str | None]]) -> None:
    """Whatever makes a coroutine when it is called is inside the mock until that ends."""

    async def run() -> str | None:
        return await mock_cloudcontrol(function)()

    assert asyncio.run(run()) == "us-east-1"
    assert mocked_region() is None


@pytest.mark.parametrize("function", [regions, partial(regions), Regions()])
def test_generator_functions_of_any_kind(function: Callable[[], Iterator[str | None]]) -> None:
    """Whatever makes a generator when it is called is inside the mock until that ends."""
    assert list(mock_cloudcontrol(function)()) == ["us-east-1"]
    assert mocked_region() is None


@pytest.mark.parametrize("made", [later, regions, async_regions], ids=["coroutine", "generator", "async generator"])
def test_returning_what_runs_later_is_refused(made: Returning) -> None:
    """A function that returns what is still to run is refused when called, and it is closed without a warning."""

    @mock_cloudcontrol()
    def plain() -> object:
        return made()

    with pytest.raises(OptionError) as caught:
        plain()

    assert str(caught.value) == (
        f"returned={caught.value.value!r} is not valid: "
        "expected something that is done when the function returns, for then the mock ends: "
        "decorate the `async def` or the generator function itself, or use `with mock_cloudcontrol()` in it"
    )
    assert mocked_region() is None


def test_returning_a_task_is_refused() -> None:
    """A function that starts a task and returns it is refused, and the task is cancelled before it runs."""
    ran = []

    async def work() -> None:
        ran.append(mocked_region())

    @mock_cloudcontrol()
    def start() -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(work())

    async def run() -> None:
        with pytest.raises(OptionError, match="something that is done when the function returns"):
            start()
        await asyncio.sleep(0)

    asyncio.run(run())
    assert ran == []


@pytest.mark.parametrize("function", [async_regions, partial(async_regions)])
def test_async_generator_functions_refused(function: Returning) -> None:
    """An async generator function, behind a partial too, is refused when it is decorated."""
    with pytest.raises(OptionError) as caught:
        mock_cloudcontrol(function)

    assert str(caught.value) == (
        f"function={function!r} is not valid: expected no async generator: use `with mock_cloudcontrol()` inside it"
    )


# Descriptors


class Deploying:
    """Has methods of every kind."""

    @mock_cloudcontrol
    @classmethod
    def above_a_class_method(cls) -> tuple[str, str | None]:
        """Return the class's name and the region inside."""
        return cls.__name__, mocked_region()

    @classmethod
    @mock_cloudcontrol
    def below_a_class_method(cls) -> tuple[str, str | None]:
        """Return the class's name and the region inside."""
        return cls.__name__, mocked_region()

    @mock_cloudcontrol(region="eu-west-1")
    @staticmethod
    def above_a_static_method(given: str) -> tuple[str, str | None]:
        """Return what is given and the region inside."""
        return given, mocked_region()

    @property
    @mock_cloudcontrol
    def region(self) -> str | None:
        """The region inside."""
        return mocked_region()


def test_class_methods() -> None:
    """A class method gets its class, with the decorator above it or below."""
    assert Deploying.above_a_class_method() == ("Deploying", "us-east-1")
    assert Deploying.below_a_class_method() == ("Deploying", "us-east-1")


def test_static_methods() -> None:
    """A static method gets its arguments alone, of the class and of an object."""
    assert Deploying.above_a_static_method("given") == ("given", "eu-west-1")
    assert Deploying().above_a_static_method("given") == ("given", "eu-west-1")


def test_below_a_property() -> None:
    """The function of a property may be decorated."""
    assert Deploying().region == "us-east-1"


def test_above_a_property() -> None:
    """A property itself is refused, with where its decorator belongs."""
    given = property(lambda _: mocked_region())
    with pytest.raises(OptionError) as caught:
        mock_cloudcontrol()(given)  # type: ignore[type-var]  # it is the mistake that the test makes

    assert str(caught.value) == (
        f"function={given!r} is not valid: expected a function: @property belongs above @mock_cloudcontrol()"
    )


# Classes


def outcome_of(case: type[unittest.TestCase]) -> unittest.TestResult:
    """Run the tests of a class, and return what came of them."""
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    return result


def test_test_case() -> None:
    """Each test of a decorated TestCase has one mock, from setUp until after its last cleanup."""
    seen: list[str | None] = []

    @mock_cloudcontrol(region="eu-west-1")
    class Case(unittest.TestCase):
        def setUp(self) -> None:
            seen.append(mocked_region())
            self.addCleanup(lambda: seen.append(mocked_region()))

        def test_it(self) -> None:
            seen.append(mocked_region())

        def tearDown(self) -> None:
            seen.append(mocked_region())

    assert outcome_of(Case).wasSuccessful()
    assert seen == ["eu-west-1"] * 4
    assert mocked_region() is None


def test_test_case_without_a_set_up() -> None:
    """A decorated TestCase needs no setUp; its coroutine tests are mocked too."""
    seen: list[str | None] = []

    @mock_cloudcontrol
    class Case(unittest.IsolatedAsyncioTestCase):
        async def test_it(self) -> None:
            seen.append(await later())

    assert outcome_of(Case).wasSuccessful()
    assert seen == ["us-east-1"]


@pytest.mark.parametrize("overrides", [True, False])
def test_test_case_that_derives_from_a_decorated_one(overrides: bool) -> None:
    """Of two decorated TestCases one mock comes: where a class has a setUp of its own, that of its own options."""
    seen: list[str | None] = []

    @mock_cloudcontrol(region="eu-west-1")
    class Base(unittest.TestCase):
        def test_it(self) -> None:
            seen.append(mocked_region())

    class Derived(Base):
        if overrides:

            def setUp(self) -> None:
                super().setUp()

    assert outcome_of(mock_cloudcontrol(region="eu-west-2")(Derived)).wasSuccessful()
    assert seen == ["eu-west-2" if overrides else "eu-west-1"]


def test_methods_of_a_class() -> None:
    """Of a decorated class the methods whose names begin with `test` are mocked, inherited ones too, and no others."""

    class Base:
        def test_inherited(self) -> str | None:
            return mocked_region()

    @mock_cloudcontrol(region="eu-west-1")
    class Tests(Base):
        test_data = ("is no method",)

        def test_it(self) -> str | None:
            return mocked_region()

        @staticmethod
        def test_static() -> str | None:
            return mocked_region()

        @mock_cloudcontrol(region="eu-west-2")
        def test_with_its_own_options(self) -> str | None:
            return mocked_region()

        def helper(self) -> str | None:
            return mocked_region()

    tests = Tests()
    assert [tests.test_inherited(), tests.test_it(), tests.test_static()] == ["eu-west-1"] * 3
    assert tests.test_with_its_own_options() == "eu-west-2"
    assert tests.helper() is None
    assert Base().test_inherited() is None


def test_wrapper_around_a_decorated_function() -> None:
    """What somebody has wrapped around a decorated function isn't taken for one: it stays, and has no mock yet."""
    calls: list[str | None] = []

    def counted(function: Returning) -> Returning:
        @wraps(function)
        def call() -> object:
            calls.append(mocked_region())
            return None

        return call

    mock_cloudcontrol(region="eu-west-1")(counted(region_of_the_default))()
    assert calls == ["eu-west-1"]


def test_class_without_tests_refused() -> None:
    """A class without tests is refused: nothing of it would be mocked."""

    class Nothing: ...

    with pytest.raises(OptionError) as caught:
        mock_cloudcontrol(Nothing)

    assert str(caught.value) == (
        f"class={Nothing!r} is not valid: expected a class with methods that begin with `test`, or a unittest.TestCase"
    )


@pytest.mark.parametrize("name", ["setup_method", "teardown_method"])
def test_class_with_pytests_set_up_refused(name: str) -> None:
    """A class whose methods run outside the tests' own mocks is refused, with what mocks for them too."""
    tests = type("Tests", (), {"test_it": lambda _: None, name: lambda _: None})

    with pytest.raises(OptionError) as caught:
        mock_cloudcontrol()(tests)

    assert str(caught.value) == (
        f"class={tests!r} is not valid: "
        "expected one without setup_method and teardown_method: the marker `cloudcontrol` mocks for them too"
    )


def test_decorated_classes_in_pytest(pytester: pytest.Pytester) -> None:
    """Decorated classes of both kinds run in pytest, with their fixtures and parameters."""
    pytester.makepyfile(
        """
        import os
        import unittest

        import pytest

        from pytest_cloudcontrol import mock_cloudcontrol

        @mock_cloudcontrol
        class TestPlain:
            @pytest.mark.parametrize("number", [1, 2])
            def test_it(self, tmp_path, number):
                assert os.environ["AWS_DEFAULT_REGION"] == "us-east-1"

        @mock_cloudcontrol(region="eu-west-1")
        class Case(unittest.TestCase):
            def test_it(self):
                self.assertEqual(os.environ["AWS_DEFAULT_REGION"], "eu-west-1")
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=3)
