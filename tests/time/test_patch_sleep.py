"""The option patch_sleep: modules of the user's own sleep on the mock clock."""

from __future__ import annotations

import asyncio
import sys
import time
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from calls import create, status
from threads import suspended

from pytest_cloudcontrol import NoProgressError, OptionError, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ASYNC = """
async def nap(seconds):
    return await {call}(seconds, "rested")
"""


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Return what makes a module of the user's own, of some lines."""

    def make(text: str, name: str = "myapp") -> ModuleType:
        made = ModuleType(name)
        exec(text, vars(made))
        monkeypatch.setitem(sys.modules, name, made)
        return made

    return make


@pytest.fixture
def napping(module: Callable[[str], Any]) -> Iterator[tuple[Any, Any]]:
    """Return a mock in which a module with ``nap`` sleeps on the clock, which only the test moves, and the module."""
    own = module("import time\ndef nap(seconds): return time.sleep(seconds)")
    with mock_cloudcontrol(patch_sleep=["myapp"], auto_advance=False) as cloudcontrol:
        yield cloudcontrol, own


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import time\ndef nap(seconds): time.sleep(seconds)", id="the module"),
        pytest.param("import time as clock\ndef nap(seconds): clock.sleep(seconds)", id="by another name"),
        pytest.param("from time import sleep\ndef nap(seconds): sleep(seconds)", id="the function"),
        pytest.param("from time import sleep as rest\ndef nap(seconds): rest(seconds)", id="the function renamed"),
    ],
)
def test_time(module: Callable[[str], Any], slept: list[float], text: str) -> None:
    """A sleep moves the clock and makes what is due, however the module has come by it, and afterwards is real."""
    own = module(text)
    with mock_cloudcontrol(patch_sleep="myapp") as cloudcontrol:
        token = create(cloudcontrol.client())
        before = cloudcontrol.clock.now()
        own.nap(30)
        assert (cloudcontrol.clock.now() - before).total_seconds() == 30
        assert status(cloudcontrol.client(), token) == "SUCCESS"
        assert slept == []
    own.nap(7)
    assert slept == [7]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import asyncio" + ASYNC.format(call="asyncio.sleep"), id="the module"),
        pytest.param("from asyncio import sleep" + ASYNC.format(call="sleep"), id="the function"),
    ],
)
def test_asyncio(module: Callable[[str], Any], text: str) -> None:
    """A task's sleep moves the clock, gives other tasks their turn, and returns what it is to return."""
    own, turns = module(text), []

    async def both() -> list[str]:
        async def other() -> str:
            turns.append(cloudcontrol.clock.now())
            return "other"

        return list(await asyncio.gather(own.nap(3600), other()))

    with mock_cloudcontrol(patch_sleep=["myapp"]) as cloudcontrol:
        before = cloudcontrol.clock.now()
        assert asyncio.run(both()) == ["rested", "other"]
        assert (cloudcontrol.clock.now() - before).total_seconds() == 3600
        assert len(turns) == 1


def test_the_rest_of_the_module_time(napping: tuple[Any, Any]) -> None:
    """Everything else of the module is as ever."""
    assert napping[1].time.monotonic is time.monotonic


def test_other_modules(napping: tuple[Any, Any], module: Callable[[str, str], Any], slept: list[float]) -> None:
    """A module that isn't named sleeps for real."""
    del napping
    module("from time import sleep", "another").sleep(2)
    assert slept == [2]


def test_only_the_test_moves_time(napping: tuple[Any, Any]) -> None:
    """With auto_advance off a sleep in the test's own thread, where nobody could move the clock, is an error."""
    with pytest.raises(NoProgressError) as caught:
        napping[1].nap(30)
    assert caught.value.stalled == (
        "the code under test is about to sleep 30 s, but clock.auto_advance is off: nothing moves the clock."
    )


def test_in_another_thread(napping: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """With auto_advance off a sleep in another thread ends when the test has moved the clock so far."""
    cloudcontrol, own = napping
    worker = suspended(monkeypatch, lambda: own.nap(30))
    cloudcontrol.clock.advance(29)
    worker.let_it_be_suspended()
    cloudcontrol.clock.advance(1)
    worker.let_it_end()
    assert worker.error is None


def test_in_a_task(module: Callable[[str], Any]) -> None:
    """With auto_advance off a task's sleep ends when another task has moved the clock so far."""
    own = module("import asyncio" + ASYNC.format(call="asyncio.sleep"))

    async def both() -> tuple[bool, str]:
        sleeping = asyncio.create_task(own.nap(30))
        for _ in range(3):
            await asyncio.sleep(0)
        was_done = sleeping.done()
        cloudcontrol.clock.advance(30)
        return was_done, await sleeping

    with mock_cloudcontrol(patch_sleep=["myapp"], auto_advance=False) as cloudcontrol:
        assert asyncio.run(both()) == (False, "rested")


@pytest.mark.parametrize(
    ("seconds", "error"), [(-1, ValueError), ("a", TypeError), (float("nan"), ValueError)], ids=str
)
def test_what_is_no_length(napping: tuple[Any, Any], seconds: object, error: type[Exception]) -> None:
    """What time.sleep refuses is refused."""
    with pytest.raises(error):
        napping[1].nap(seconds)


def test_no_time_at_all(slept: list[float], napping: tuple[Any, Any]) -> None:
    """To sleep for no time at all only gives way, as ever."""
    cloudcontrol, own = napping
    before = cloudcontrol.clock.now()
    own.nap(0)
    assert (cloudcontrol.clock.now(), slept) == (before, [0])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ptyest", "a module that can be imported. Did you mean 'pytest'?"),
        ("pytest_cloudcontrol.clcok", "a module that can be imported. Did you mean 'pytest_cloudcontrol.clock'?"),
        ("pytest_cloudcontrol.words", "a module that imports time or asyncio, or sleep of either, at its top"),
    ],
)
def test_module_that_is_not_there(module: Callable[[str, str], Any], name: str, expected: str) -> None:
    """A module that can't be imported is refused with the nearest that can, and so is one that never sleeps."""
    module("text = 'a'", "pytest_cloudcontrol.words")
    with pytest.raises(OptionError) as caught, mock_cloudcontrol(patch_sleep=[name]):
        pass
    assert str(caught.value) == f"patch_sleep={name!r} is not valid: expected {expected}"


def test_module_that_cannot_import_another(pytester: pytest.Pytester) -> None:
    """What the named module itself fails to import is told as it is."""
    pytester.makepyfile(broken="import not_there_at_all")
    pytester.syspathinsert()
    with pytest.raises(ModuleNotFoundError, match="not_there_at_all"), mock_cloudcontrol(patch_sleep=["broken"]):
        pass


@pytest.mark.parametrize("given", [[1], ["my app"], 7, [""]], ids=repr)
def test_what_is_no_name(given: Any) -> None:
    """What can't be a module's name is refused."""
    with pytest.raises(OptionError) as caught:
        mock_cloudcontrol(patch_sleep=given)
    assert str(caught.value) == (
        f"patch_sleep={given!r} is not valid: expected a list of modules' names such as ['myapp.deploy']"
    )


def test_ini_file(pytester: pytest.Pytester) -> None:
    """The option has commas between the names in an ini file."""
    pytester.makeini("[pytest]\ncloudcontrol_patch_sleep = first, second")
    pytester.makepyfile(
        first="import time",
        second="from time import sleep",
        test_it="""
            import first, second

            def test_both(cloudcontrol):
                before = cloudcontrol.clock.now()
                first.time.sleep(1)
                second.sleep(2)
                assert (cloudcontrol.clock.now() - before).total_seconds() == 3
        """,
    )

    pytester.runpytest_inprocess().assert_outcomes(passed=1)
