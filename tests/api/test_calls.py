"""The record of calls: everything that the code under test asked Cloud Control, and what it was told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError
from mock_time import after
from shop import ORDER, Shop, shop_types

from pytest_cloudcontrol import Api

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = shop_types

EACH: dict[Api, Callable[[CloudControlApiClient], object]] = {
    Api.CREATE_RESOURCE: lambda client: client.create_resource(TypeName=ORDER, DesiredState="{}"),
    Api.UPDATE_RESOURCE: lambda client: client.update_resource(TypeName=ORDER, Identifier="n", PatchDocument="[]"),
    Api.DELETE_RESOURCE: lambda client: client.delete_resource(TypeName=ORDER, Identifier="n"),
    Api.GET_RESOURCE: lambda client: client.get_resource(TypeName=ORDER, Identifier="n"),
    Api.LIST_RESOURCES: lambda client: client.list_resources(TypeName=ORDER),
    Api.GET_RESOURCE_REQUEST_STATUS: lambda client: client.get_resource_request_status(RequestToken="token"),
    Api.CANCEL_RESOURCE_REQUEST: lambda client: client.cancel_resource_request(RequestToken="token"),
    Api.LIST_RESOURCE_REQUESTS: lambda client: client.list_resource_requests(),
}


def attempt(call: Callable[[], object]) -> None:
    """Make a call, whatever it is answered."""
    try:
        call()
    except ClientError as error:
        assert error.response["Error"]["Code"]  # noqa: PT017  # that it is AWS's is all that matters


@pytest.mark.parametrize("api", Api)
def test_every_operation_is_recorded(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: Api
) -> None:
    """A call of any API operation is recorded under its name."""
    attempt(lambda: EACH[api](cloudcontrol_client))
    (call,) = cloudcontrol.calls
    assert call.operation is api


def test_answered_call(cloudcontrol: CloudControl) -> None:
    """A call has its input, its answer as it went over the wire, and no error."""
    shop = Shop(cloudcontrol)
    state = '{"Name": "n1"}'
    cloudcontrol.clock.advance(7)
    shop.client.create_resource(TypeName=ORDER, DesiredState=state, ClientToken="mine")
    (call,) = cloudcontrol.calls
    assert call.input == {"TypeName": ORDER, "DesiredState": state, "ClientToken": "mine"}
    assert call.answer == {
        "ProgressEvent": {
            "TypeName": ORDER,
            "RequestToken": cloudcontrol.requests.last.request_token,
            "Operation": "CREATE",
            "OperationStatus": "IN_PROGRESS",
            "EventTime": after(7).timestamp(),
            "Identifier": "n1",
        }
    }
    assert (call.error_code, call.error_message) == (None, None)
    assert (call.time, call.account_id, call.region) == (after(7), "123456789012", "us-east-1")


def test_client_token_that_botocore_adds(cloudcontrol: CloudControl) -> None:
    """The input has the ClientToken that botocore adds, and the request has it too."""
    request = Shop(cloudcontrol).create()
    assert request.client_token
    assert cloudcontrol.calls[0].input["ClientToken"] == request.client_token


def test_refused_call(cloudcontrol: CloudControl) -> None:
    """A call that was answered with an error has its code and its words, and no answer."""
    shop = Shop(cloudcontrol)
    with pytest.raises(shop.client.exceptions.TypeNotFoundException):
        shop.client.get_resource(TypeName="Test::Shop::Nothing", Identifier="n1")
    (call,) = cloudcontrol.calls
    assert (call.error_code, call.error_message) == (
        "TypeNotFoundException",
        "The type 'Test::Shop::Nothing' cannot be found.",
    )
    assert call.answer is None


def test_call_that_botocore_refuses(cloudcontrol: CloudControl) -> None:
    """A call that botocore itself refuses was never made."""
    client = Shop(cloudcontrol).client
    with pytest.raises(ParamValidationError):
        client.get_resource(TypeName="x", Identifier="n1")
    assert cloudcontrol.calls == ()


def test_account_and_region(cloudcontrol: CloudControl) -> None:
    """A call has the account and the region that it was made in."""
    for region, account_id in (("eu-west-1", "210987654321"), ("us-west-2", "123456789012")):
        cloudcontrol.client(region, account_id).list_resource_requests()
    assert [(call.region, call.account_id) for call in cloudcontrol.calls] == [
        ("eu-west-1", "210987654321"),
        ("us-west-2", "123456789012"),
    ]


def test_time_is_that_of_the_answer(cloudcontrol: CloudControl) -> None:
    """A call that waited has the time of its answer: a status read again after a step is later."""
    shop = Shop(cloudcontrol)
    request = shop.create()
    for _ in range(3):
        shop.client.get_resource_request_status(RequestToken=request.request_token)
    assert [call.time for call in cloudcontrol.calls] == [after(0), after(0), after(0.2), after(1.2)]


def test_retries_are_calls_of_their_own(cloudcontrol: CloudControl) -> None:
    """Each try of an SDK's retries is recorded, with the same input and its own answer."""
    cloudcontrol.add_error("ThrottlingException", times=2)
    client = cloudcontrol.client(config=Config(retries={"mode": "standard", "total_max_attempts": 3}))
    client.create_resource(TypeName=ORDER, DesiredState='{"Name": "n1"}')
    assert [call.error_code for call in cloudcontrol.calls] == ["ThrottlingException", "ThrottlingException", None]
    assert len({json.dumps(call.input) for call in cloudcontrol.calls}) == 1


@pytest.mark.cloudcontrol(auto_advance=False)
def test_replay_is_a_call(cloudcontrol: CloudControl) -> None:
    """A replay is a call of its own, answered alike, and what is kept of ``calls`` stays up to date."""
    client = Shop(cloudcontrol).client
    client.create_resource(TypeName=ORDER, DesiredState='{"Name": "n1"}', ClientToken="mine")
    before = cloudcontrol.calls
    client.create_resource(TypeName=ORDER, DesiredState='{"Name": "n1"}', ClientToken="mine")
    assert (len(before), len(cloudcontrol.calls), len(cloudcontrol.requests)) == (2, 2, 1)
    assert cloudcontrol.calls[1].answer == cloudcontrol.calls[0].answer


def test_what_a_call_gives_is_a_copy(cloudcontrol: CloudControl) -> None:
    """Changing the input or the answer that a call gave changes nothing in the record."""
    Shop(cloudcontrol).create()
    (call,) = cloudcontrol.calls
    call.input.clear()
    assert call.answer is not None
    call.answer.clear()
    assert call.input
    assert call.answer


def test_error_of_a_call(cloudcontrol: CloudControl) -> None:
    """A call that was refused has its error, with code and words; one that was answered has none."""
    shop = Shop(cloudcontrol)
    shop.create()
    attempt(lambda: shop.client.get_resource(TypeName="Test::Shop::Nothing", Identifier="n9"))
    answered, refused = cloudcontrol.calls
    assert answered.error is None
    assert refused.error is not None
    assert (refused.error.code, refused.error.message) == (refused.error_code, refused.error_message)
    assert refused.error.message == "The type 'Test::Shop::Nothing' cannot be found."


def test_call_during_which_a_callback_raised(cloudcontrol: CloudControl) -> None:
    """A call that a test's own callback has ended was made all the same: it stands in the record, unanswered."""

    def stop() -> None:
        raise LookupError

    cloudcontrol.before(stop, api="ListResourceRequests")
    with pytest.raises(LookupError):
        Shop(cloudcontrol).client.list_resource_requests()
    assert [(call.operation, call.answer, call.error_code) for call in cloudcontrol.calls] == [
        ("ListResourceRequests", None, None)
    ]


def test_representation(cloudcontrol: CloudControl) -> None:
    """Printed, a call says its operation, its time, and its error if it has one."""
    shop = Shop(cloudcontrol)
    shop.create()
    attempt(lambda: shop.client.get_resource(TypeName=ORDER, Identifier="n9"))
    assert list(map(repr, cloudcontrol.calls)) == [
        "<Call CreateResource at 2030-01-01T00:00:00+00:00 answered>",
        "<Call GetResource at 2030-01-01T00:00:00+00:00 ResourceNotFoundException>",
    ]
