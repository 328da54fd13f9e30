"""Misuse with its full texts, callbacks of unusual kinds, and what objects say when they are printed."""

from __future__ import annotations

import inspect
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest.mock import AsyncMock

import pytest
from calls import sending
from shop import ORDER, TICKET, Shop, shop_types

from pytest_cloudcontrol import (
    Api,
    Call,
    CloudControl,
    OptionError,
    ResourceRequest,
    UnknownRequest,
    mock_cloudcontrol,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator

    from types_boto3_cloudcontrol import CloudControlApiClient

pytestmark = shop_types

NOTHING = b"no text"  # not object(): its repr differs in every process, and xdist compares the ids
TEXT = "expected a text"
BOOLEAN = "expected True or False"
KNOWN_TYPE = "expected a known resource type (cloudcontrol.add_type adds one)"
ROLE = "arn:aws:iam::123456789012:role/shop"


# Arguments of a wrong type


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (
            lambda mock: mock.add_failure("NotFound", message=NOTHING),
            f"message={NOTHING!r} is not valid: {TEXT}",
        ),
        (lambda mock: mock.add_failure("NotFound", identifier=5), f"identifier=5 is not valid: {TEXT}"),
        (lambda mock: mock.add_failure("NotFound", optional="x"), f"optional='x' is not valid: {BOOLEAN}"),
        (lambda mock: mock.add_failure("NotFound", optional=1), f"optional=1 is not valid: {BOOLEAN}"),
        (lambda mock: mock.add_cancel(identifier=5), f"identifier=5 is not valid: {TEXT}"),
        (lambda mock: mock.add_cancel(optional="x"), f"optional='x' is not valid: {BOOLEAN}"),
        (lambda mock: mock.add_expiry(identifier=["n1"]), f"identifier=['n1'] is not valid: {TEXT}"),
        (lambda mock: mock.add_expiry(optional="x"), f"optional='x' is not valid: {BOOLEAN}"),
        (lambda mock: mock.add_error("ThrottlingException", message=5), f"message=5 is not valid: {TEXT}"),
        (lambda mock: mock.add_error("ThrottlingException", optional="x"), f"optional='x' is not valid: {BOOLEAN}"),
        (lambda mock: mock.resources.get(ORDER, None), f"identifier=None is not valid: {TEXT}"),
        (lambda mock: mock.resources.get(ORDER, 5), f"identifier=5 is not valid: {TEXT}"),
        (lambda mock: mock.resources.delete(ORDER, 5), f"identifier=5 is not valid: {TEXT}"),
        (lambda mock: mock.resources.get(5, "n1"), f"type_name=5 is not valid: {KNOWN_TYPE}"),
        (lambda mock: mock.plan([1], steps=1), f"type_name=[1] is not valid: {KNOWN_TYPE}"),
        (lambda mock: mock.add_cancel(type_name=[1]), f"type_name=[1] is not valid: {KNOWN_TYPE}"),
    ],
)
def test_argument_of_a_wrong_type(cloudcontrol: CloudControl, use: Callable[[Any], object], message: str) -> None:
    """An argument of a wrong type is refused where it is given, and nothing has been arranged."""
    with pytest.raises(OptionError) as raised:
        use(cloudcontrol)
    assert str(raised.value) == message
    assert Shop(cloudcontrol).create().run().status == "SUCCESS"


@pytest.mark.parametrize("message", [NOTHING, 5, b"bytes"])
def test_failure_of_a_message_that_is_no_text(cloudcontrol: CloudControl, message: Any) -> None:
    """A request isn't failed with a message that is no text, and stays as it is."""
    request = Shop(cloudcontrol).create()
    with pytest.raises(OptionError) as raised:
        request.fail("NotFound", message=message)
    assert str(raised.value) == f"message={message!r} is not valid: {TEXT}"
    assert request.status == "IN_PROGRESS"


@pytest.mark.parametrize("token", [["a"], None, 5, {}])
def test_request_of_no_text(cloudcontrol: CloudControl, token: Any) -> None:
    """A token that is no text is the token of no request."""
    with pytest.raises(UnknownRequest) as raised:
        cloudcontrol.request(token)
    assert str(raised.value) == (
        f"no request has the token {token!r}: no request has been made yet (cloudcontrol.requests has them all)"
    )


# The decorator


def test_async_generator_refused() -> None:
    """An async generator can't be decorated; the message says what to do instead."""

    async def generate() -> AsyncIterator[int]:
        yield 1

    with pytest.raises(OptionError) as raised:
        mock_cloudcontrol()(generate)
    assert str(raised.value) == (
        f"function={generate!r} is not valid: expected no async generator: use `with mock_cloudcontrol()` inside it"
    )


# Texts that can't be sent

SURROGATE = "half of \ud83d"


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("message", lambda mock: Shop(mock).create().fail("NotFound", SURROGATE)),
        ("message", lambda mock: mock.add_failure("NotFound", message=SURROGATE)),
        ("message", lambda mock: mock.add_error("ThrottlingException", message=SURROGATE)),
        ("identifier", lambda mock: mock.add_failure("NotFound", identifier=SURROGATE)),
        ("identifier", lambda mock: mock.add_cancel(identifier=SURROGATE)),
        ("identifier", lambda mock: mock.resources.get(ORDER, SURROGATE)),
    ],
)
def test_lone_surrogates(cloudcontrol: CloudControl, name: str, use: Callable[[CloudControl], object]) -> None:
    """A text with a lone surrogate is refused at once, and not when the code under test asks for it."""
    with pytest.raises(OptionError) as raised:
        use(cloudcontrol)
    assert str(raised.value) == (
        f"{name}={SURROGATE!r} is not valid: expected a text without lone surrogates, which UTF-8 can't have"
    )


def test_lone_surrogate_in_the_seed() -> None:
    """A seed with a lone surrogate is refused when the mock is made."""
    with pytest.raises(OptionError) as raised:
        mock_cloudcontrol(seed=SURROGATE)
    assert str(raised.value) == (
        f"seed={SURROGATE!r} is not valid: expected a text without lone surrogates, or a whole number"
    )


# Callbacks


async def wait_for_it() -> None:
    """Do nothing, once awaited."""


def go_through_it() -> Generator[None, None, None]:
    """Do nothing, once gone through."""
    yield


async def wait_and_go_through_it() -> AsyncIterator[None]:
    """Do nothing, once awaited and gone through."""
    yield


class WaitForIt:
    """An object whose call is a coroutine."""

    async def __call__(self) -> None:
        """Do nothing, once awaited."""

    async def method(self) -> None:
        """Do nothing, once awaited."""


@pytest.mark.parametrize("api", [None, "CreateResource"])
@pytest.mark.parametrize(
    "callback",
    [
        wait_for_it,
        go_through_it,
        wait_and_go_through_it,
        partial(wait_for_it),
        partial(partial(go_through_it)),
        WaitForIt(),
        partial(WaitForIt()),
        WaitForIt().method,
        AsyncMock(),
    ],
    ids=[str(number) for number in range(9)],  # their reprs differ in every process, and xdist compares the ids
)
def test_callback_that_wouldnt_run(cloudcontrol: CloudControl, callback: Callable[[], object], api: str | None) -> None:
    """A callback that only makes a coroutine or a generator is refused: its code would never run."""
    with pytest.raises(OptionError) as raised:
        cloudcontrol.before(callback, api=api)
    assert str(raised.value) == (
        f"callback={callback!r} is not valid: "
        "expected a callable that runs when it is called, and doesn't make a coroutine or a generator"
    )


def test_callback_that_makes_such_a_call_itself(cloudcontrol: CloudControl) -> None:
    """A callback before a create that itself creates runs once for the outer call, and not for its own."""
    outer, inner = Shop(cloudcontrol), Shop(cloudcontrol)
    ran: list[Call] = []

    def create_another(call: Call) -> None:
        ran.append(call)
        inner.create("n2")

    cloudcontrol.before(create_another, api="CreateResource")
    outer.create("n1")
    assert [call.input["DesiredState"] for call in ran] == ['{"Name": "n1"}']
    assert [request.identifier for request in cloudcontrol.requests] == ["n2", "n1"]


def test_callback_runs_again_for_the_next_call(cloudcontrol: CloudControl) -> None:
    """A callback that makes such a call itself runs for each call of the code under test."""
    outer, inner = Shop(cloudcontrol), Shop(cloudcontrol)
    cloudcontrol.before(lambda call: inner.create(f"before {call.time.second}"), api="CreateResource")
    outer.create("n1")
    cloudcontrol.clock.advance(2)
    outer.create("n2")
    assert [request.identifier for request in cloudcontrol.requests] == ["before 0", "n1", "before 2", "n2"]


def test_callback_that_has_raised_runs_again(cloudcontrol: CloudControl) -> None:
    """A callback that has raised runs for the next call, too."""
    shop = Shop(cloudcontrol)
    ran: list[Call] = []

    def stop(call: Call) -> None:
        ran.append(call)
        raise LookupError

    cloudcontrol.before(stop, api="CreateResource")
    for _ in range(2):
        with pytest.raises(LookupError):
            shop.create()
    assert len(ran) == 2


def test_other_callback_runs_for_a_callbacks_call(cloudcontrol: CloudControl) -> None:
    """Two callbacks that each make the call that they run before run once for the other's, and end."""
    outer, inner = Shop(cloudcontrol), Shop(cloudcontrol)
    ran: list[str] = []

    def first() -> None:
        ran.append("first")
        inner.create(f"of the first, {len(ran)}")

    def second() -> None:
        ran.append("second")
        inner.create(f"of the second, {len(ran)}")

    cloudcontrol.before(first, api="CreateResource")
    cloudcontrol.before(second, api="CreateResource")
    outer.create("n1")
    assert ran == ["first", "second", "second", "first"]
    assert [request.identifier for request in cloudcontrol.requests] == [
        "of the second, 2",
        "of the first, 1",
        "of the first, 4",
        "of the second, 3",
        "n1",
    ]


@pytest.mark.parametrize("api", ["CreateResource", None])
def test_callback_without_a_signature(cloudcontrol: CloudControl, api: str | None) -> None:
    """A callable of C that doesn't tell its arguments is called with the call, or with the request."""
    callback: Callable[[object], object] = dict[object, object]().pop
    with pytest.raises(ValueError, match="signature"):
        inspect.signature(callback)
    cloudcontrol.before(callback, api=api)
    with pytest.raises(KeyError) as raised:
        Shop(cloudcontrol).create().step()
    given = cloudcontrol.calls[0] if api is not None else cloudcontrol.requests.last
    assert raised.value.args == (given,)


# What a call was


def attempt(client: CloudControlApiClient) -> None:
    """Make a call that is refused."""
    with pytest.raises(client.exceptions.ClientError):
        client.list_resource_requests()


def test_call_of_an_unknown_operation(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A call of an operation that there isn't has that name as its operation, as a plain text."""
    sending(cloudcontrol_client, target="CloudApiService.PaintResource")
    attempt(cloudcontrol_client)
    (call,) = cloudcontrol.calls
    assert (call.operation, isinstance(call.operation, Api)) == ("PaintResource", False)
    assert call.error_code == "UnknownOperationException"


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"text"', b"\xff"])
def test_call_of_a_body_that_is_no_object(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, body: bytes
) -> None:
    """A call whose body is no JSON object has an empty input."""
    sending(cloudcontrol_client, body=body)
    attempt(cloudcontrol_client)
    (call,) = cloudcontrol.calls
    assert (call.operation, call.input, call.error_code) == (Api.LIST_RESOURCE_REQUESTS, {}, "SerializationException")


# What a request was asked for


def test_members_of_a_request(cloudcontrol: CloudControl) -> None:
    """A request has the account, region, role and type version that it was asked with."""
    client = cloudcontrol.client("eu-west-1", "210987654321")
    client.create_resource(TypeName=ORDER, DesiredState='{"Name": "n1"}', RoleArn=ROLE, TypeVersionId="00000001")
    request = cloudcontrol.requests.last
    assert (request.account_id, request.region) == ("210987654321", "eu-west-1")
    assert (request.role_arn, request.type_version_id) == (ROLE, "00000001")


def test_members_that_were_not_given(cloudcontrol: CloudControl) -> None:
    """A request without a role and a type version has none, and belongs to the default account and region."""
    request = Shop(cloudcontrol).create()
    assert (request.role_arn, request.type_version_id) == (None, None)
    assert (request.account_id, request.region) == ("123456789012", "us-east-1")


# Printed


@pytest.mark.parametrize(
    ("ask", "text"),
    [
        (lambda shop: shop.create(), "CREATE Test::Shop::Order n1 IN_PROGRESS steps=0"),
        (lambda shop: shop.create().step(), "CREATE Test::Shop::Order n1 IN_PROGRESS steps=1"),
        (lambda shop: shop.create().run(), "CREATE Test::Shop::Order n1 SUCCESS steps=2"),
        (lambda shop: shop.create().expire(), "CREATE Test::Shop::Order n1 IN_PROGRESS expired steps=0"),
        (lambda shop: shop.create_of(TICKET), "CREATE Test::Shop::Ticket (no identifier yet) IN_PROGRESS steps=0"),
        (lambda shop: shop.existing("old").delete("old"), "DELETE Test::Shop::Order old IN_PROGRESS steps=0"),
    ],
)
def test_printed_request(cloudcontrol: CloudControl, ask: Callable[[Shop], ResourceRequest], text: str) -> None:
    """Printed, a request says what it does to which resource, where it stands, and its token."""
    request = ask(Shop(cloudcontrol))
    assert repr(request) == f"<ResourceRequest {text} {request.request_token}>"


def test_printed_requests(cloudcontrol: CloudControl) -> None:
    """Printed, the requests are a list of each."""
    assert repr(cloudcontrol.requests) == "[]"
    shop = Shop(cloudcontrol)
    requests = [shop.create("n1"), shop.create("n2")]
    assert repr(cloudcontrol.requests) == f"[{requests[0]!r}, {requests[1]!r}]"


def test_printed_clock(cloudcontrol: CloudControl) -> None:
    """Printed, a clock says its time."""
    cloudcontrol.clock.advance(timedelta(hours=1))
    assert repr(cloudcontrol.clock) == "<Clock 2030-01-01T01:00:00+00:00>"


def test_printed_mock(cloudcontrol: CloudControl) -> None:
    """Printed, a mock says its time and how many requests there are."""
    Shop(cloudcontrol).create()
    assert repr(cloudcontrol) == "<CloudControl at 2030-01-01T00:00:00+00:00, 1 requests>"
