"""Misuse: every error shows what was given, what was expected, and the nearest thing that is valid."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from refusals import ERROR_CODES
from shop import ORDER, Shop, shop_types

from pytest_cloudcontrol import (
    HandlerError,
    HandlerErrorCode,
    IllegalTransition,
    NoProgressError,
    OptionError,
    ResourceRequest,
    StatusNotReached,
    UnknownOption,
    UnknownRequest,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol import CloudControl

pytestmark = shop_types

STATUSES = "PENDING, IN_PROGRESS, SUCCESS, FAILED, CANCEL_IN_PROGRESS, CANCEL_COMPLETE"
OPERATIONS = "CREATE, DELETE, UPDATE"
CODES = (
    "NotUpdatable, InvalidRequest, AccessDenied, UnauthorizedTaggingOperation, InvalidCredentials, AlreadyExists, "
    "NotFound, ResourceConflict, Throttling, ServiceLimitExceeded, NotStabilized, GeneralServiceException, "
    "ServiceInternalError, ServiceTimeout, NetworkFailure, InternalFailure"
)
APIS = (
    "CancelResourceRequest, CreateResource, DeleteResource, GetResource, GetResourceRequestStatus, "
    "ListResourceRequests, ListResources, UpdateResource"
)
COUNT = "a whole number, at least 1"
DURATION = "a timedelta or a number of seconds, at least 0"
KNOWN_TYPE = "a known resource type (cloudcontrol.add_type adds one)"


def nothing() -> None:
    """Do nothing, as a callback."""


# Words


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (
            lambda request: request.run_until("SUCESS"),
            f"status='SUCESS' is not valid. Did you mean 'SUCCESS'? Expected one of {STATUSES}",
        ),
        (
            lambda request: request.run_until("in_progress"),
            f"status='in_progress' is not valid. Did you mean 'IN_PROGRESS'? Expected one of {STATUSES}",
        ),
        (lambda request: request.run_until("?"), f"status='?' is not valid: expected one of {STATUSES}"),
        (
            lambda request: request.fail("Throtling"),
            f"error_code='Throtling' is not valid. Did you mean 'Throttling'? Expected one of {CODES}",
        ),
        (
            lambda request: request.fail("ThrottlingException"),
            f"error_code='ThrottlingException' is not valid. Did you mean 'Throttling'? Expected one of {CODES}",
        ),
        (lambda request: request.fail("5xx"), f"error_code='5xx' is not valid: expected one of {CODES}"),
    ],
)
def test_wrong_word_for_a_request(
    cloudcontrol: CloudControl, use: Callable[[ResourceRequest], object], message: str
) -> None:
    """A wrong status or error code is refused with the valid ones and the nearest, and the request stays as it is."""
    request = Shop(cloudcontrol).create()
    with pytest.raises(OptionError) as raised:
        use(request)
    assert str(raised.value) == message
    assert (request.status, request.steps) == ("IN_PROGRESS", 0)


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (
            lambda mock: mock.add_failure("NotFoud"),
            f"error_code='NotFoud' is not valid. Did you mean 'NotFound'? Expected one of {CODES}",
        ),
        (
            lambda mock: mock.add_error("Throttling"),
            f"code='Throttling' is not valid. Did you mean 'ThrottlingException'? Expected one of {ERROR_CODES}",
        ),
        (
            lambda mock: mock.add_error("ThrottlingException", api="GetResourceStatus"),
            f"api='GetResourceStatus' is not valid. Did you mean 'GetResourceRequestStatus'? Expected one of {APIS}",
        ),
        (
            lambda mock: mock.before(nothing, api="create_resource"),
            f"api='create_resource' is not valid. Did you mean 'CreateResource'? Expected one of {APIS}",
        ),
        (
            lambda mock: mock.plan(operation="create", steps=1),
            f"operation='create' is not valid. Did you mean 'CREATE'? Expected one of {OPERATIONS}",
        ),
        (
            lambda mock: mock.add_failure("NotFound", operation="REMOVE"),
            f"operation='REMOVE' is not valid: expected one of {OPERATIONS}, READ, LIST",
        ),
        (
            lambda mock: mock.add_cancel(operation="UPDTE"),
            f"operation='UPDTE' is not valid. Did you mean 'UPDATE'? Expected one of {OPERATIONS}",
        ),
        (
            lambda mock: mock.add_expiry(operation="DELETED"),
            f"operation='DELETED' is not valid. Did you mean 'DELETE'? Expected one of {OPERATIONS}",
        ),
        (
            lambda mock: mock.before(nothing, operation="CREATED"),
            f"operation='CREATED' is not valid. Did you mean 'CREATE'? Expected one of {OPERATIONS}",
        ),
    ],
)
def test_wrong_word(cloudcontrol: CloudControl, use: Callable[[CloudControl], object], message: str) -> None:
    """A wrong operation, API operation or error code is refused with the valid ones and the nearest."""
    with pytest.raises(OptionError) as raised:
        use(cloudcontrol)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    "use",
    [
        pytest.param(lambda mock, name: mock.plan(name, steps=1), id="plan"),
        pytest.param(lambda mock, name: mock.add_failure("NotFound", type_name=name), id="add_failure"),
        pytest.param(lambda mock, name: mock.add_cancel(type_name=name), id="add_cancel"),
        pytest.param(lambda mock, name: mock.add_expiry(type_name=name), id="add_expiry"),
        pytest.param(lambda mock, name: mock.before(nothing, type_name=name), id="before a step"),
        pytest.param(lambda mock, name: mock.before(nothing, api="GetResource", type_name=name), id="before a call"),
    ],
)
@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("AWS::Logs::Loggroup", ". Did you mean 'AWS::Logs::LogGroup'?"),
        ("aws::s3::bucket", ". Did you mean 'AWS::S3::Bucket'?"),
        ("Test::Shop::Oder", f". Did you mean '{ORDER}'?"),
        ("?", ""),
    ],
)
def test_unknown_type_name(
    cloudcontrol: CloudControl, use: Callable[[CloudControl, str], object], name: str, hint: str
) -> None:
    """A type name that no type has is refused with the nearest that one has."""
    with pytest.raises(OptionError) as raised:
        use(cloudcontrol, name)
    assert str(raised.value) == f"type_name={name!r} is not valid: expected {KNOWN_TYPE}{hint}"


# Numbers and durations


@pytest.mark.parametrize("value", [0, -1, 1.5, True, "2"])
@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("at_step", lambda mock, value: mock.requests.last.cancel(at_step=value)),
        ("max_steps", lambda mock, value: mock.requests.last.run(max_steps=value)),
        ("max_steps", lambda mock, value: mock.requests.last.run_until("SUCCESS", max_steps=value)),
        ("max_steps", lambda mock, value: mock.run_until_idle(max_steps=value)),
        ("max_steps", lambda mock, value: mock.scope().run_until_idle(max_steps=value)),
        ("steps", lambda mock, value: mock.plan(steps=value)),
        ("at_step", lambda mock, value: mock.add_failure("NotFound", at_step=value)),
        ("at_step", lambda mock, value: mock.add_cancel(at_step=value)),
        ("at_step", lambda mock, value: mock.add_expiry(at_step=value)),
        ("at_step", lambda mock, value: mock.before(nothing, at_step=value)),
        ("times", lambda mock, value: mock.add_failure("NotFound", times=value)),
        ("times", lambda mock, value: mock.add_cancel(times=value)),
        ("times", lambda mock, value: mock.add_expiry(times=value)),
        ("times", lambda mock, value: mock.add_error("ThrottlingException", times=value)),
    ],
)
def test_wrong_number(
    cloudcontrol: CloudControl, name: str, use: Callable[[CloudControl, Any], object], value: object
) -> None:
    """What counts calls is a whole number of at least 1; anything else is refused, and nothing is arranged."""
    request = Shop(cloudcontrol).create()
    with pytest.raises(OptionError) as raised:
        use(cloudcontrol, value)
    or_the_end = ", or 'end': when all is done" if (name, value) == ("at_step", "2") else ""
    assert str(raised.value) == f"{name}={value!r} is not valid: expected {COUNT}{or_the_end}"
    assert request.run().events[-1].event_time - request.accepted_at == timedelta(seconds=1.2)


@pytest.mark.parametrize("name", ["delay", "first_delay", "pending"])
@pytest.mark.parametrize("value", [-1, -0.001, timedelta(microseconds=-1), "1", float("nan"), float("inf"), 1e300])
def test_wrong_duration(cloudcontrol: CloudControl, name: str, value: object) -> None:
    """A duration is a timedelta or a number of seconds, not below zero; anything else is refused."""
    plan: Callable[..., object] = cloudcontrol.plan
    with pytest.raises(OptionError) as raised:
        plan(**{name: value})
    assert str(raised.value) == f"{name}={value!r} is not valid: expected {DURATION}"


@pytest.mark.parametrize("name", ["delay", "first_delay"])
def test_boolean_that_is_no_duration(cloudcontrol: CloudControl, name: str) -> None:
    """Only ``pending`` may be True."""
    plan: Callable[..., object] = cloudcontrol.plan
    with pytest.raises(OptionError) as raised:
        plan(**{name: True})
    assert str(raised.value) == f"{name}=True is not valid: expected {DURATION}"


def test_plan_of_nothing(cloudcontrol: CloudControl) -> None:
    """A plan that says nothing is refused."""
    with pytest.raises(OptionError) as raised:
        cloudcontrol.plan(ORDER)
    assert str(raised.value) == (
        "steps=None is not valid: expected at least one of steps, delay, first_delay, pending, downstream, step_time, "
        "consistent_after to be given, "
        f"as in plan(type_name='{ORDER}', steps=3)"
    )


@pytest.mark.parametrize("name", ["delay", "first_delay", "pending"])
def test_duration_beyond_the_last_year(cloudcontrol: CloudControl, name: str) -> None:
    """A duration that leads out of the calendar is refused when it is given, not when a client's call meets it."""
    plan: Callable[..., object] = cloudcontrol.plan
    with pytest.raises(OptionError):
        plan(**{name: timedelta.max})


# Requests


def test_unknown_request_among_none(cloudcontrol: CloudControl) -> None:
    """Asking for a request before there is any says so."""
    with pytest.raises(UnknownRequest) as raised:
        cloudcontrol.request("token")
    assert str(raised.value) == (
        "no request has the token 'token': no request has been made yet (cloudcontrol.requests has them all)"
    )
    assert (raised.value.request_token, list(raised.value.known)) == ("token", [])


def test_unknown_request_like_one(cloudcontrol: CloudControl) -> None:
    """A token that is nearly one's own is answered with that."""
    token = Shop(cloudcontrol).create().request_token
    with pytest.raises(UnknownRequest) as raised:
        cloudcontrol.request(token[:-1])
    assert str(raised.value) == (
        f"no request has the token {token[:-1]!r}: did you mean {token!r}? (cloudcontrol.requests has them all)"
    )
    assert list(raised.value.known) == [token]


@pytest.mark.parametrize(("names", "there_are"), [(["n1"], "1 request has"), (["n1", "n2"], "2 requests have")])
def test_unknown_request_like_none(cloudcontrol: CloudControl, names: list[str], there_are: str) -> None:
    """A token that is like nobody's is answered with how many there are, and the last one's."""
    shop = Shop(cloudcontrol)
    tokens = [shop.create(name).request_token for name in names]
    with pytest.raises(UnknownRequest) as raised:
        cloudcontrol.request("DOESNOTEXIST")
    assert str(raised.value) == (
        f"no request has the token 'DOESNOTEXIST': {there_are} been made, "
        f"the last with token {tokens[-1]!r} (cloudcontrol.requests has them all)"
    )
    assert list(raised.value.known) == tokens


def test_last_of_none(cloudcontrol: CloudControl) -> None:
    """Asking for the last request before there is any says what makes one."""
    with pytest.raises(LookupError) as raised:
        _ = cloudcontrol.requests.last
    assert str(raised.value) == (
        "no request has been made yet: no CreateResource, UpdateResource or DeleteResource was called"
    )


def test_long_timeline(cloudcontrol: CloudControl) -> None:
    """A timeline of very many events shows the first and the last six."""
    cloudcontrol.plan(steps=40)
    request = Shop(cloudcontrol).create().run()
    with pytest.raises(IllegalTransition) as raised:
        request.step()
    _, headline, *events = str(raised.value).splitlines()
    assert headline.endswith("SUCCESS: 40 steps made [123456789012 us-east-1]")
    assert [line.strip()[:23] for line in events] == [
        "2030-01-01 00:00:00.000",
        *(f"2030-01-01 00:00:0{second}.200" for second in range(5)),
        "… 29 more events …",
        *(f"2030-01-01 00:00:{second}.200" for second in range(34, 40)),
    ]


def test_overview_of_very_many_requests(cloudcontrol: CloudControl) -> None:
    """An error about very many requests shows the latest fifty, and how many it leaves out."""
    shop = Shop(cloudcontrol)
    requests = [shop.create(f"n{number}") for number in range(53)]
    with pytest.raises(StatusNotReached) as raised:
        cloudcontrol.run_until_idle(max_steps=1)
    lines = str(raised.value).splitlines()
    assert lines[:2] == [
        "1 handler call was not enough: 53 requests are still running",
        "(3 earlier requests are not shown)",
    ]
    shown = [line.split()[0] for line in lines[2:] if not line.startswith(" ")]
    assert shown == [request.request_token for request in requests[3:]]


# The exceptions themselves


def test_option_error_carries_its_data(cloudcontrol: CloudControl) -> None:
    """An OptionError has the name, the value and what was expected, and is a ValueError."""
    with pytest.raises(OptionError) as raised:
        cloudcontrol.plan(operation="create", steps=1)
    error = raised.value
    assert isinstance(error, ValueError)
    assert (error.name, error.value, error.expected) == ("operation", "create", OPERATIONS.split(", "))


@pytest.mark.parametrize(
    ("exception", "base"),
    [
        (OptionError, ValueError),
        (UnknownOption, OptionError),
        (UnknownRequest, LookupError),
        (IllegalTransition, RuntimeError),
        (StatusNotReached, AssertionError),
        (HandlerError, Exception),
        (NoProgressError, BaseException),
    ],
)
def test_kinds(exception: type[BaseException], base: type[BaseException]) -> None:
    """Each exception is of the kind of Python's that says what it is."""
    assert issubclass(exception, base)


def test_no_progress_is_no_exception() -> None:
    """NoProgressError ends loops around ``except Exception``, too."""
    assert not issubclass(NoProgressError, Exception)


def test_handler_error() -> None:
    """A HandlerError has its code, as the enum, and its message."""
    error = HandlerError("NotFound", "It isn't there.")
    assert (error.error_code, error.message) == (HandlerErrorCode.NOT_FOUND, "It isn't there.")
    assert str(error) == "NotFound: It isn't there."


def test_handler_error_of_an_unknown_code() -> None:
    """A HandlerError of a code that AWS doesn't have is refused."""
    with pytest.raises(OptionError, match=re.escape("Did you mean 'NotFound'?")):
        HandlerError("NotFund", "It isn't there.")
