"""The reference is complete: every public name, option and word is in it."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING, Final

import pytest
from files import ROOT

import pytest_cloudcontrol
from pytest_cloudcontrol import (
    AlreadyActive,
    Api,
    Arrangement,
    Call,
    Calls,
    Clock,
    CloudControl,
    CloudControlServer,
    Downstream,
    DownstreamWork,
    HandlerErrorCode,
    HandlerRequest,
    IllegalTransition,
    NoProgressError,
    Operation,
    OperationStatus,
    OptionError,
    Options,
    ProgressEvent,
    Requests,
    Resource,
    ResourceRequest,
    Resources,
    ScopedCloudControl,
    ServiceError,
    StatusNotReached,
    UnknownRequest,
    mock_cloudcontrol,
)
from pytest_cloudcontrol.exceptions import Portable

if TYPE_CHECKING:
    from enum import StrEnum

REFERENCE: Final = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
_CODE: Final = re.compile(r"`[^`\n]+`")
WORDS_IN_CODE: Final = {word for code in _CODE.findall(REFERENCE) for word in re.findall(r"\w+", code)}

# What a test can hold.
HELD: Final = [
    *(CloudControl, ScopedCloudControl, Clock, Requests, ResourceRequest, ProgressEvent),
    *(Resources, Resource, Call, Calls, Arrangement, Options),
    *(Downstream, DownstreamWork, HandlerRequest, CloudControlServer),
]


def public_names(class_: type) -> set[str]:
    """Return the public methods, properties and attributes that a class has of this package's own."""
    own = [base for base in class_.__mro__ if base.__module__.partition(".")[0] == pytest_cloudcontrol.__name__]
    return {name for base in own for name in vars(base) if not name.startswith("_")}


def test_every_exported_name_is_in_the_reference() -> None:
    """Whatever the package exports, but for pytest's hooks, is named."""
    exported = {name for name in pytest_cloudcontrol.__all__ if not name.startswith("pytest_")}

    assert exported - WORDS_IN_CODE == set()


@pytest.mark.parametrize("class_", HELD, ids=lambda class_: class_.__name__)
def test_every_public_name_is_in_the_reference(class_: type) -> None:
    """Every public method, property and attribute of the classes that a test meets is named: none is internal."""
    public = public_names(class_)

    assert public
    assert public - WORDS_IN_CODE == set()


def test_mock_cloudcontrol_is_used_as_a_function() -> None:
    """What it gives is a context manager and a decorator, and nothing else is public of it."""
    assert public_names(type(mock_cloudcontrol())) == set()


def test_what_a_calls_error_carries_is_in_the_reference() -> None:
    """A ServiceError has its attributes from its making."""
    assert public_names(ServiceError) == set()
    assert "`error` (a `ServiceError` with its `code` and `message`, or `None`)" in REFERENCE
    assert vars(ServiceError("Code", "words")).keys() == {"code", "message"}


@pytest.mark.parametrize("class_", [*HELD, ServiceError], ids=lambda class_: class_.__name__)
def test_whatever_a_test_holds_can_be_annotated(class_: type) -> None:
    """Each of these classes is exported."""
    assert getattr(pytest_cloudcontrol, class_.__name__) is class_


@pytest.mark.parametrize("name", [field.name for field in fields(Options) if field.name != "seed"])
def test_every_option_is_there_with_its_default(name: str) -> None:
    """The table of options has a row for each, with the default that it really has."""
    default = getattr(mock_cloudcontrol_options(), name)
    written = f'"{default}"' if isinstance(default, str) else str(default)

    assert f"| `{name}` | `{written}` |" in REFERENCE


def test_the_seed_is_there_with_its_default() -> None:
    """The seed's default is the test's id."""
    assert "| `seed` | the test's id |" in REFERENCE


def mock_cloudcontrol_options() -> Options:
    """Return the options of a mock that was given none."""
    with mock_cloudcontrol() as cloudcontrol:
        return cloudcontrol.options


@pytest.mark.parametrize("words", [Api, HandlerErrorCode, Operation, OperationStatus])
def test_every_word_is_there(words: type[StrEnum]) -> None:
    """The row of each enum has all of its members, in their order."""
    assert f"| `{words.__name__}` | {', '.join(words)}" in REFERENCE


@pytest.mark.parametrize(
    ("error", "attributes"),
    [
        (NoProgressError("stalled", "remedy", ""), "`stalled`, `remedy`"),
        (StatusNotReached(None, "message", []), "`request`"),
        (AlreadyActive("the session"), "`holder`"),
        (UnknownRequest("token", []), "`request_token`, `known`"),
        (OptionError("name", "value", "expected"), "`name`, `value`, `expected`"),
    ],
    ids=lambda given: type(given).__name__,
)
def test_every_error_is_there_with_what_it_carries(error: BaseException, attributes: str) -> None:
    """The table of errors has each one's base class and attributes."""
    (row,) = re.findall(rf"^\| `{type(error).__name__}` \| .*", REFERENCE, re.MULTILINE)

    kind = next(base for base in type(error).__mro__[1:] if base is not Portable)
    assert row.startswith(f"| `{type(error).__name__}` | `{kind.__name__}` |")
    assert row.endswith(f"| {attributes} |")
    assert set(vars(error)) == set(re.findall(r"\w+", attributes))


def test_an_illegal_transition_carries_what_the_reference_says(cloudcontrol: CloudControl) -> None:
    """It has the request and the action."""
    cloudcontrol.client().create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
    request = cloudcontrol.requests.last.run()

    with pytest.raises(IllegalTransition) as refused:
        request.step()

    assert (refused.value.request, refused.value.action) == (request, "step")
