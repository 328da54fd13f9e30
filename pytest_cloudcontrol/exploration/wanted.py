"""What an exploration is asked for: its arguments, checked."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pytest_cloudcontrol.arguments import OptionError, UnknownOption, runs_as, true_or_false, whole_number, word
from pytest_cloudcontrol.exploration.surprises import FAILED, LOST_ANSWER, WORDS, Surprises, name_of
from pytest_cloudcontrol.options import HELP
from pytest_cloudcontrol.vocabulary import HandlerErrorCode

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from pytest_cloudcontrol.exploration.runs import Scenario
    from pytest_cloudcontrol.exploration.surprises import Other

Function = TypeVar("Function", bound="Callable[..., object]")

_FUNCTION: Final = "a function, or a coroutine function, that takes the CloudControl of its world"
_SWITCHES: Final = ("cancels", "moves", "interleavings", "expiries", "crashes", "stale_reads")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The arguments of ``explore()`` and of the marker, but for the mock's options; see there for what each means."""

    setup: Scenario | None = None
    surprises: int = 1
    cancels: bool = True
    failures: Sequence[HandlerErrorCode | str] = ("GeneralServiceException",)
    errors: Sequence[str] = (LOST_ANSWER, "ThrottlingException")
    moves: bool = True
    interleavings: bool = True
    expiries: bool = False
    crashes: bool = False
    stale_reads: bool = False
    others: Sequence[Other] = ()
    max_runs: int = 10_000
    replay: str | None = None

    def check(self) -> None:
        """Check what can be checked without knowing the codes of errors; see checked().

        Raises:
            OptionError: a value isn't valid.
        """
        self.checked([code for code in _each("errors", self.errors) if isinstance(code, str)])

    def scene(self) -> list[str]:
        """Return the names of those arguments that say what there is in a run, beside the scenario."""
        return [name for name in ("setup", "others") if getattr(self, name)]

    def checked(self, known_errors: Sequence[str], replayed: Collection[str] | None = None) -> Surprises:
        """Return which surprises are tried.

        Args:
            known_errors: the codes of errors that a call may be answered with.
            replayed: what a replay line has happen: then just that may.

        Raises:
            OptionError: a value isn't valid.
        """
        for name in _SWITCHES:
            true_or_false(getattr(self, name), name)
        if isinstance(self.surprises, bool) or not isinstance(self.surprises, int) or self.surprises < 0:
            raise OptionError("surprises", self.surprises, "a whole number, at least 0")
        whole_number(self.max_runs, "max_runs")
        if self.setup is not None:
            check_function("setup", self.setup)
        others = tuple(_each("others", self.others))
        for other in others:
            _check_other(other)
        names = [name_of(other) for other in others]
        for name in names:
            if name in (*WORDS, *known_errors):
                raise OptionError("others", name, "a function of another name: in a replay line it is a surprise's")
        if len(set(names)) < len(names):
            raise OptionError("others", names, "functions of different names: a replay line tells them by these")
        failures = [word(HandlerErrorCode, code, "failures") for code in _each("failures", self.failures)]
        errors = list(_each("errors", self.errors))
        for code in errors:
            if code not in (LOST_ANSWER, *known_errors):
                raise OptionError("errors", code, [LOST_ANSWER, *known_errors])
        if replayed is not None:
            return _all_of(replayed, failures, errors, known_errors, others)
        return Surprises(
            cancels=self.cancels,
            failures=list(dict.fromkeys(failures)),
            lost_answers=LOST_ANSWER in errors,
            errors=[code for code in dict.fromkeys(errors) if code != LOST_ANSWER],
            moves=self.moves,
            interleavings=self.interleavings,
            expiries=self.expiries,
            crashes=self.crashes,
            stale_reads=self.stale_reads,
            others=others,
        )


NAMES: Final = tuple(field.name for field in fields(Wanted))


def wanted_of(given: Mapping[str, object]) -> tuple[Wanted, dict[str, object]]:
    """Return what is wanted, and the mock's options, of arguments given by name.

    Raises:
        UnknownOption: there is no such argument.
    """
    for name, value in given.items():
        if name not in NAMES and name not in HELP:
            raise UnknownOption(name, value, (*NAMES, *HELP))
    # Which values are valid checked() tells; a type checker can't see what a name's type is.
    wanted = Wanted(**{name: value for name, value in given.items() if name in NAMES})  # type: ignore[arg-type]
    return wanted, {name: value for name, value in given.items() if name not in NAMES}


def check_function(name: str, function: Function, expected: str = _FUNCTION) -> Function:
    """Return a function that takes the ``CloudControl``.

    Raises:
        OptionError: it isn't one, or would never run.
    """
    if not callable(function):
        raise OptionError(name, function, expected)
    if runs_as(function, inspect.isasyncgenfunction, inspect.isgeneratorfunction):
        raise OptionError(name, function, f"{expected}: a generator function would never run")
    try:
        inspect.signature(function).bind(None)
    except ValueError:  # a callable of C without a signature
        pass
    except TypeError:
        raise OptionError(name, function, f"{expected} as its one argument") from None
    return function


def _check_other(function: Other) -> None:
    """Refuse what is no function of ``others``: it is called in the middle of a call, where nobody could await it."""
    expected = "a function that takes the CloudControl of its world"
    check_function("others", function, expected)
    if runs_as(function, inspect.iscoroutinefunction):
        raise OptionError("others", function, f"{expected}: a coroutine function would never be awaited")


def _each(name: str, values: object) -> Iterator[Any]:
    """Yield the values of a list or a tuple; a set has them in another order in each process."""
    if not isinstance(values, list | tuple):
        raise OptionError(name, values, "a list or a tuple, empty for none")
    yield from values


def _all_of(
    words: Collection[str],
    failures: Sequence[HandlerErrorCode],
    errors: Sequence[str],
    known_errors: Sequence[str],
    others: Sequence[Other],
) -> Surprises:
    """Return all kinds of surprises, with the codes that are tried and those that a replay line names."""
    named = [word_.removeprefix(f"{FAILED} ") for word_ in words if word_.startswith(f"{FAILED} ")]
    codes = [*failures, *(word(HandlerErrorCode, code, "replay") for code in named)]
    return Surprises(
        cancels=True,
        failures=list(dict.fromkeys(codes)) or [HandlerErrorCode.NOT_FOUND],  # with any, hooks fail too
        lost_answers=True,
        errors=[code for code in dict.fromkeys([*errors, *words]) if code in known_errors],
        moves=True,
        interleavings=True,
        expiries=True,
        crashes=True,
        stale_reads=True,
        others=others,
    )
