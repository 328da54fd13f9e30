"""What explore() refuses before anything is run: wrong arguments, and scenarios that could never be one."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest
from programs import deploy
from refusals import ERROR_CODES, already_active

from pytest_cloudcontrol import AlreadyActive, HandlerErrorCode, OptionError, explore, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from pytest_cloudcontrol import CloudControl

ARGUMENTS: Final = (
    "setup, surprises, cancels, failures, errors, moves, interleavings, expiries, crashes, stale_reads, others, "
    "max_runs, replay"
)
OPTIONS: Final = (
    "auto_advance, start, seed, region, account_id, max_steps, max_idle_calls, real_signatures, list_page_size, "
    "leave_nothing_running, schemas, provision, patch_sleep"
)
FUNCTION: Final = "a function, or a coroutine function, that takes the CloudControl of its world"
OTHER: Final = "a function that takes the CloudControl of its world"
SEQUENCE: Final = "a list or a tuple, empty for none"
CODES: Final = ", ".join(HandlerErrorCode)


def refused(scenario: Any = deploy, **arguments: Any) -> str:
    """Return what is said of arguments that are refused."""
    with pytest.raises(OptionError) as caught:
        explore(scenario, **arguments)
    return str(caught.value)


def nobody(_: CloudControl) -> None:
    """Do nothing."""


def generator(_: CloudControl) -> Iterator[int]:
    """Yield, which nobody would go through."""
    yield 1


async def coroutine(_: CloudControl) -> None:
    """Do nothing, which nobody would await."""


def stale(_: CloudControl) -> None:
    """Do nothing, under the name of a surprise."""


async def async_generator(_: CloudControl) -> AsyncIterator[int]:
    """Yield, which nobody would go through."""
    yield 1


class Generating:
    """An object whose call is a generator's."""

    def __call__(self, _: CloudControl) -> Iterator[int]:
        """Yield, which nobody would go through."""
        yield 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"surprises": -1}, "surprises=-1 is not valid: expected a whole number, at least 0"),
        ({"surprises": True}, "surprises=True is not valid: expected a whole number, at least 0"),
        ({"surprises": 1.5}, "surprises=1.5 is not valid: expected a whole number, at least 0"),
        ({"max_runs": 0}, "max_runs=0 is not valid: expected a whole number, at least 1"),
        ({"cancels": "no"}, "cancels='no' is not valid: expected True or False"),
        ({"moves": None}, "moves=None is not valid: expected True or False"),
        ({"interleavings": 1}, "interleavings=1 is not valid: expected True or False"),
        ({"expiries": 0}, "expiries=0 is not valid: expected True or False"),
        ({"crashes": "yes"}, "crashes='yes' is not valid: expected True or False"),
        ({"stale_reads": []}, "stale_reads=[] is not valid: expected True or False"),
        ({"failures": "NotFound"}, f"failures='NotFound' is not valid: expected {SEQUENCE}"),
        ({"failures": None}, f"failures=None is not valid: expected {SEQUENCE}"),
        (
            {"failures": ("NotFuond",)},
            f"failures='NotFuond' is not valid. Did you mean 'NotFound'? Expected one of {CODES}",
        ),
        ({"failures": (3,)}, f"failures=3 is not valid: expected one of {CODES}"),
        ({"errors": "lost answer"}, f"errors='lost answer' is not valid: expected {SEQUENCE}"),
        (
            {"errors": ("lost awnser",)},
            (
                "errors='lost awnser' is not valid. Did you mean 'lost answer'? "
                f"Expected one of lost answer, {ERROR_CODES}"
            ),
        ),
        (
            {"errors": ("ThrotlingException",)},
            (
                "errors='ThrotlingException' is not valid. Did you mean 'ThrottlingException'? "
                f"Expected one of lost answer, {ERROR_CODES}"
            ),
        ),
        ({"errors": (3,)}, f"errors=3 is not valid: expected one of lost answer, {ERROR_CODES}"),
        ({"others": nobody}, f"others={nobody!r} is not valid: expected {SEQUENCE}"),
        ({"others": ["nobody"]}, f"others='nobody' is not valid: expected {OTHER}"),
        (
            {"others": [nobody, nobody]},
            (
                "others=['nobody', 'nobody'] is not valid: expected functions of different names: a replay line tells "
                "them by these"
            ),
        ),
        (
            {"others": [generator]},
            f"others={generator!r} is not valid: expected {OTHER}: a generator function would never run",
        ),
        (
            {"others": [coroutine]},
            f"others={coroutine!r} is not valid: expected {OTHER}: a coroutine function would never be awaited",
        ),
        (
            {"others": [stale]},
            "others='stale' is not valid: expected a function of another name: in a replay line it is a surprise's",
        ),
        ({"failures": {"NotFound"}}, f"failures={{'NotFound'}} is not valid: expected {SEQUENCE}"),
        ({"setup": 3}, f"setup=3 is not valid: expected {FUNCTION}"),
        (
            {"setup": generator},
            f"setup={generator!r} is not valid: expected {FUNCTION}: a generator function would never run",
        ),
        ({"replay": 3}, "replay=3 is not valid: expected a text"),
        (
            {"surprise": 2},
            (
                "there is no option 'surprise' (given as surprise=2). Did you mean 'surprises'? "
                f"The options are {ARGUMENTS}, {OPTIONS}."
            ),
        ),
        (
            {"regoin": "eu-west-1"},
            (
                "there is no option 'regoin' (given as regoin='eu-west-1'). Did you mean 'region'? "
                f"The options are {ARGUMENTS}, {OPTIONS}."
            ),
        ),
        ({"max_steps": 0}, "max_steps=0 is not valid: expected a whole number, at least 1"),
    ],
    ids=lambda value: "" if isinstance(value, str) else next(iter(value)),  # no function, whose address varies
)
def test_argument(arguments: dict[str, Any], said: str) -> None:
    """A wrong argument is refused with what was given, what was most likely meant, and what is valid."""
    assert refused(**arguments) == said


@pytest.mark.parametrize(
    "scenario",
    [3, None, "deploy"],
)
def test_not_callable(scenario: Any) -> None:
    """What can't be called is no scenario."""
    assert refused(scenario) == f"scenario={scenario!r} is not valid: expected {FUNCTION}"


@pytest.mark.parametrize(
    "scenario", [lambda: None, lambda _one, _two: None, partial(lambda: None), lambda *, _cloudcontrol: None]
)
def test_other_arguments(scenario: Any) -> None:
    """A scenario takes just the CloudControl."""
    assert refused(scenario) == f"scenario={scenario!r} is not valid: expected {FUNCTION} as its one argument"


@pytest.mark.parametrize("scenario", [generator, async_generator, Generating(), partial(generator)])
def test_generators(scenario: Any) -> None:
    """A generator function would never run, nor would an async one."""
    assert refused(scenario) == (
        f"scenario={scenario!r} is not valid: expected {FUNCTION}: a generator function would never run"
    )


def test_coroutine_that_nobody_awaits() -> None:
    """A scenario that isn't a coroutine function, and returns a coroutine, hasn't run: that is its failure."""

    async def real(_: CloudControl) -> None:
        await asyncio.sleep(0)

    made = []

    def scenario(cloudcontrol: CloudControl) -> object:
        made.append(real(cloudcontrol))
        return made[-1]

    with pytest.raises(OptionError) as caught:
        explore(scenario)
    assert str(caught.value) == (
        f"scenario's result={made[0]!r} is not valid: expected something that has run: "
        "a coroutine would never be awaited. Give the `async def` itself"
    )


def test_setup_that_nobody_awaits() -> None:
    """So is a setup that returns one."""

    async def real(_: CloudControl) -> None:
        await asyncio.sleep(0)

    with pytest.raises(OptionError, match="setup's result=<coroutine object"):
        explore(deploy, setup=lambda cloudcontrol: real(cloudcontrol))


def test_others_that_nobody_awaits() -> None:
    """So does a function of others that returns one."""
    with pytest.raises(OptionError, match="others's result=<coroutine object coroutine at"):
        explore(deploy, others=[others])


def others(cloudcontrol: CloudControl) -> object:
    """Return a coroutine."""
    return coroutine(cloudcontrol)


@pytest.mark.parametrize(
    "scenario",
    [lambda *arguments: deploy(*arguments), lambda cloudcontrol, _more=1: deploy(cloudcontrol), partial(deploy)],
)
def test_ways_to_take_it(scenario: Any) -> None:
    """What can be called with the CloudControl alone is a scenario, whatever else it takes."""
    assert explore(scenario, surprises=0).runs == 1


def test_a_mock_is_active() -> None:
    """Where a mock is active there can't be another, and the error says whose it is."""
    with mock_cloudcontrol(), pytest.raises(AlreadyActive) as caught:
        explore(deploy)
    assert str(caught.value) == already_active(caught.value.holder)
    assert "the block of mock_cloudcontrol()" in caught.value.holder


def test_explore_inside_explore() -> None:
    """An exploration inside one is refused as its scenario's failure."""

    def scenario(_: CloudControl) -> None:
        explore(deploy)

    with pytest.raises(AlreadyActive) as caught:
        explore(scenario)
    assert caught.value.holder.startswith("explore() at ")
    assert __file__ in caught.value.holder
