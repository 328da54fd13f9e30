"""Every exception of the package comes whole through copies and pickles, and so through pools of processes."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Final

import pytest
from calls import create

import pytest_cloudcontrol
from pytest_cloudcontrol import (
    AlreadyActive,
    CloudControl,
    ExplorationError,
    HandlerError,
    IllegalTransition,
    MotoDropped,
    NoProgressError,
    NotInThisProcess,
    OptionError,
    ReplayDoesNotFit,
    ScenarioDiffers,
    SchemaError,
    ServiceError,
    StatusNotReached,
    TooManySchedules,
    UnknownOption,
    UnknownRequest,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Copying = Callable[[BaseException], BaseException]

MADE: Final = [
    AlreadyActive("a block"),
    ExplorationError("it can't be made"),
    HandlerError("NotFound", "it is gone"),
    MotoDropped("moto hasn't kept it"),
    NoProgressError("nothing moves", "move it", ""),
    NotInThisProcess(),
    OptionError("count", 0, "at least 1"),
    OptionError("code", "Trottling", ["Throttling", "NotFound"]),
    ReplayDoesNotFit("there is no call 3"),
    ScenarioDiffers("the plain run", 3, "call 2 GetResource", "call 2 ListResources"),
    SchemaError("no schema"),
    ServiceError("TypeNotFoundException", "no such type"),
    StatusNotReached(None, "not enough", []),
    TooManySchedules("there are 3 left", 10, 3),
    UnknownOption("regoin", "eu-west-1", ["region", "seed"]),
    UnknownRequest("token", ["tokem"]),
]
"""One of each that holds no more than values; IllegalTransition holds a request, and is looked at apart."""


def twice_pickled(error: BaseException) -> BaseException:
    """Return what comes of an error that is pickled in one process, and again in the next."""
    for _ in range(2):
        error = pickle.loads(pickle.dumps(error))
    return error


COPYING: Final = pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, twice_pickled])


def test_every_exported_exception_is_made_here() -> None:
    """None that the package exports is left out below."""
    exported = {getattr(pytest_cloudcontrol, name) for name in pytest_cloudcontrol.__all__}
    errors = {value for value in exported if isinstance(value, type) and issubclass(value, BaseException)}

    assert {type(error) for error in MADE} | {IllegalTransition} == errors


@COPYING
@pytest.mark.parametrize("error", MADE, ids=lambda error: type(error).__name__)
def test_copies(error: BaseException, copied: Copying) -> None:
    """A copy has the class, the text, the attributes and the notes."""
    error.add_note("a note")
    try:
        other = copied(error)
    finally:
        del error.__notes__

    assert type(other) is type(error)
    assert (str(other), repr(other)) == (str(error), repr(error))
    assert vars(other) == {**vars(error), "__notes__": ["a note"]}


@COPYING
def test_copies_of_what_holds_a_request(cloudcontrol: CloudControl, copied: Copying) -> None:
    """The copy of an error that holds a request has the request's repr in its place: it leads into no mock."""
    create(cloudcontrol.client())
    request = cloudcontrol.requests.last.run()
    with pytest.raises(IllegalTransition) as illegal:
        request.step()
    with pytest.raises(StatusNotReached) as not_reached:
        request.run_until("FAILED")

    for error in (illegal.value, not_reached.value):
        other = copied(error)
        assert str(other) == str(error)
        assert vars(other) == {**vars(error), "request": repr(request)}


@COPYING
def test_copies_of_what_holds_no_value_to_pickle(copied: Copying) -> None:
    """What was given wrongly, and can't be pickled, is its repr in a copy."""

    def given() -> None:
        """Be a function of a function, which can't be pickled."""

    other = copied(OptionError("count", given, "a number"))

    assert isinstance(other, OptionError)
    assert other.value == repr(given)
