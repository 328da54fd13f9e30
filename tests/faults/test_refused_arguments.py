"""What ``add_error``, ``limit_rate`` and ``resources.update`` refuse, and in which words."""

from __future__ import annotations

import copy
import pickle
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from refusals import ERROR_CODES

from pytest_cloudcontrol import HandlerErrorCode, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_cloudcontrol import CloudControl

COUNT: Final = "a whole number, at least 1"
LENGTH: Final = "a timedelta or a number of seconds, more than 0"
NO_WORDS: Final = "which has no words but botocore's own"
NEVER_SENT: Final = (
    "since a call without a connection isn't carried out (ReadTimeoutError or ConnectionClosedError lose an answer)"
)


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("Throttling", "ThrottlingException"),
        ("ReadTimeout", "ReadTimeoutError"),
        ("IncompleteSignature", "IncompleteSignatureException"),
        ("ExpiredToken", "ExpiredTokenException"),
        ("serviceunavailable", "ServiceUnavailable"),
    ],
)
def test_unknown_code_that_is_nearly_one(cloudcontrol: CloudControl, code: str, meant: str) -> None:
    """A misspelt code is refused with what was most likely meant first, then with all there are."""
    with pytest.raises(OptionError) as raised:
        cloudcontrol.add_error(code)
    assert str(raised.value) == f"code={code!r} is not valid. Did you mean {meant!r}? Expected one of {ERROR_CODES}"


@pytest.mark.parametrize("code", ["418", "", None, 500, ["ThrottlingException"], b"ThrottlingException"])
def test_unknown_code(cloudcontrol: CloudControl, code: Any) -> None:  # of any wrong type
    """A code like none there is is refused with all there are."""
    with pytest.raises(OptionError) as raised:
        cloudcontrol.add_error(code)
    assert str(raised.value).startswith(f"code={code!r} is not valid")
    assert str(raised.value).endswith(f"xpected one of {ERROR_CODES}")


def test_code_that_a_handler_has_too(cloudcontrol: CloudControl) -> None:
    """A member of HandlerErrorCode that is a code of the API's frame as well is taken as its text."""
    assert repr(cloudcontrol.add_error(HandlerErrorCode.INTERNAL_FAILURE, optional=True)) == (
        "<add_error('InternalFailure'), fired 0 times>"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"code": "ReadTimeoutError", "message": "slow"},
            f"message='slow' is not valid: expected no message with ReadTimeoutError, {NO_WORDS}",
        ),
        (
            {"code": "ConnectTimeoutError", "message": ""},
            f"message='' is not valid: expected no message with ConnectTimeoutError, {NO_WORDS}",
        ),
        (
            {"code": "ConnectTimeoutError", "after": True},
            f"after=True is not valid: expected False with ConnectTimeoutError, {NEVER_SENT}",
        ),
        (
            {"code": "EndpointConnectionError", "after": True},
            f"after=True is not valid: expected False with EndpointConnectionError, {NEVER_SENT}",
        ),
        ({"code": "InternalFailure", "after": 1}, "after=1 is not valid: expected True or False"),
        ({"code": "InternalFailure", "after": None}, "after=None is not valid: expected True or False"),
        ({"code": "InternalFailure", "optional": "no"}, "optional='no' is not valid: expected True or False"),
        ({"code": "InternalFailure", "times": 0}, f"times=0 is not valid: expected {COUNT}"),
        ({"code": "InternalFailure", "times": -1}, f"times=-1 is not valid: expected {COUNT}"),
        ({"code": "InternalFailure", "times": 1.5}, f"times=1.5 is not valid: expected {COUNT}"),
        ({"code": "InternalFailure", "times": None}, f"times=None is not valid: expected {COUNT}"),
        ({"code": "InternalFailure", "message": 5}, "message=5 is not valid: expected a text"),
        (
            {"code": "InternalFailure", "message": "\ud800"},
            "message='\\ud800' is not valid: expected a text without lone surrogates, which UTF-8 can't have",
        ),
        (
            {"code": "InternalFailure", "api": "ListResourceRequests", "type_name": "AWS::SQS::Queue"},
            (
                "type_name='AWS::SQS::Queue' is not valid: expected no type_name with ListResourceRequests, "
                "whose calls are about no resource"
            ),
        ),
    ],
)
def test_wrong_arguments_of_an_error(cloudcontrol: CloudControl, arguments: Mapping[str, Any], message: str) -> None:
    """What an error can't have is refused, with what was given and why; and nothing is arranged."""
    with pytest.raises(OptionError) as raised:
        cloudcontrol.add_error(**arguments)
    assert str(raised.value) == message
    cloudcontrol.client().list_resource_requests()


@pytest.mark.parametrize(
    ("calls", "per", "message"),
    [
        (0, 1, f"calls=0 is not valid: expected {COUNT}"),
        (-3, 1, f"calls=-3 is not valid: expected {COUNT}"),
        (2.5, 1, f"calls=2.5 is not valid: expected {COUNT}"),
        (True, 1, f"calls=True is not valid: expected {COUNT}"),
        (None, 1, f"calls=None is not valid: expected {COUNT}"),
        (10**30, 1, f"calls={10**30} is not valid: expected a whole number, at most 9223372036854775807"),
        (1, 0, f"per=0 is not valid: expected {LENGTH}"),
        (1, -1, f"per=-1 is not valid: expected {LENGTH}"),
        (1, 1e-9, f"per=1e-09 is not valid: expected {LENGTH}"),
        (1, timedelta(0), f"per=datetime.timedelta(0) is not valid: expected {LENGTH}"),
        (1, timedelta(seconds=-1), f"per=datetime.timedelta(days=-1, seconds=86399) is not valid: expected {LENGTH}"),
        (1, float("nan"), f"per=nan is not valid: expected {LENGTH}"),
        (1, float("inf"), f"per=inf is not valid: expected {LENGTH}"),
        (1, 1e300, f"per=1e+300 is not valid: expected {LENGTH}"),
        (1, True, f"per=True is not valid: expected {LENGTH}"),
        (1, "1s", f"per='1s' is not valid: expected {LENGTH}"),
        (1, None, f"per=None is not valid: expected {LENGTH}"),
        (1, timedelta(days=3651), "per=datetime.timedelta(days=3651) is not valid: expected at most 3650 days"),
    ],
)
def test_wrong_rate(cloudcontrol: CloudControl, calls: Any, per: Any, message: str) -> None:
    """A rate that is none is refused, and limits nothing."""
    with pytest.raises(OptionError) as raised:
        cloudcontrol.limit_rate(calls, per)
    assert str(raised.value) == message
    for copied in (copy.copy(raised.value), pickle.loads(pickle.dumps(raised.value))):
        assert (str(copied), type(copied)) == (message, OptionError)


def test_rate_of_an_unknown_operation(cloudcontrol: CloudControl) -> None:
    """A misspelt API operation is refused with the one that was meant."""
    with pytest.raises(OptionError, match=r"^api='GetResources' is not valid\. Did you mean 'GetResource'\? Expected"):
        cloudcontrol.limit_rate(1, 1, api="GetResources")


GROUP: Final = "AWS::Logs::LogGroup"


@pytest.mark.parametrize(
    ("update", "message"),
    [
        (
            lambda resources: resources.update(GROUP, "apq", {"RetentionInDays": 7}),
            f"identifier='apq' is not valid: expected an existing {GROUP}; there are: app, web. Did you mean 'app'?",
        ),
        (
            lambda resources: resources.update("AWS::SQS::Queue", "q", {"DelaySeconds": 7}),
            "identifier='q' is not valid: expected an existing AWS::SQS::Queue; there are: none",
        ),
        (
            lambda resources: resources.update(GROUP, '{"Name": "app"}', {"RetentionInDays": 7}),
            (
                f'identifier=\'{{"Name": "app"}}\' is not valid: expected an identifier of {GROUP}: When '
                "specifying the identifier as JSON, you must specify exactly one identifier from "
                "[[/properties/LogGroupName]], and no additional properties can be specified"
            ),
        ),
        (
            lambda resources: resources.update("AWS::Logs::LogGruop", "app", {"RetentionInDays": 7}),
            (
                "type_name='AWS::Logs::LogGruop' is not valid: expected a known resource type "
                "(cloudcontrol.add_type adds one). Did you mean 'AWS::Logs::LogGroup'?"
            ),
        ),
        (
            lambda resources: resources.update(GROUP, "app", {}),
            "properties={} is not valid: expected at least one property, with its new value or None",
        ),
        (
            lambda resources: resources.update(GROUP, "app", {"RetentionInDay": 7}),
            (
                f"properties={{'RetentionInDay': 7}} is not valid: expected properties that are valid for {GROUP} "
                "(#: extraneous key [RetentionInDay] is not permitted)"
            ),
        ),
        (
            lambda resources: resources.update(GROUP, "app", {"Tags": 7}),
            (
                f"properties={{'Tags': 7}} is not valid: expected properties that are valid for {GROUP} "
                "(#/Tags: expected type: JSONArray, found: Integer)"
            ),
        ),
        (
            lambda resources: resources.update(GROUP, "app", {"RetentionInDay": None}),
            (
                "properties={'RetentionInDay': None} is not valid: expected None only for properties that are there, "
                "as RetentionInDay isn't: LogGroupName, RetentionInDays. Did you mean 'RetentionInDays'?"
            ),
        ),
        (
            lambda resources: resources.update(GROUP, "app", {"LogGroupName": "other"}),
            (
                "properties={'LogGroupName': 'other'} is not valid: expected no other LogGroupName, "
                "which would be another resource"
            ),
        ),
        (
            lambda resources: resources.update(GROUP, "app", {"LogGroupName": None}),
            (
                "properties={'LogGroupName': None} is not valid: expected no other LogGroupName, "
                "which would be another resource"
            ),
        ),
        (
            lambda resources: resources.update(GROUP, "app", [("RetentionInDays", 7)]),
            "properties=[('RetentionInDays', 7)] is not valid: expected a dict that can be written as JSON",
        ),
        (
            lambda resources: resources.update(GROUP, "app", {"RetentionInDays": {7}}),
            (
                "properties={'RetentionInDays': {7}} is not valid: expected a dict that can be written as JSON "
                "(Object of type set is not JSON serializable)"
            ),
        ),
        (
            lambda resources: resources.update(GROUP, "app", None),
            "properties=None is not valid: expected a dict that can be written as JSON",
        ),
    ],
)
def test_wrong_update(cloudcontrol: CloudControl, update: Callable[..., object], message: str) -> None:
    """A change that can't be is refused, with what was given and what is there; and nothing is changed."""
    before = {"LogGroupName": "app", "RetentionInDays": 7}
    cloudcontrol.resources.put(GROUP, before, as_read=True)
    cloudcontrol.resources.put(GROUP, {"LogGroupName": "web"}, as_read=True)
    with pytest.raises(OptionError) as raised:
        update(cloudcontrol.resources)
    assert str(raised.value) == message
    assert cloudcontrol.resources.get(GROUP, "app") == before
