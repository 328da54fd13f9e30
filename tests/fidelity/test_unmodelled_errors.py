"""The errors that the API doesn't model, what the network does, and how fast calls may come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from fidelity_support import Wire
from refusals import Refusal, refusal
from retrying import once

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl

SERVICE: Final = "com.amazon.coral.service"

CREDENTIALS: Final = {
    "ExpiredTokenException": "The security token included in the request is expired",
    "UnrecognizedClientException": "The security token included in the request is invalid.",
    "InvalidSignatureException": (
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details."
    ),
    "IncompleteSignatureException": "IncompleteSignatureException (arranged by the test)",
    "MissingAuthenticationTokenException": "Missing Authentication Token",
}
FRONT_END: Final = {
    "ServiceUnavailable": 503,
    "NotAuthorized": 401,
    "OptInRequired": 403,
    "RequestEntityTooLargeException": 413,
    "RequestExpired": 400,
    "RequestTimeoutException": 408,
}


@pytest.mark.fidelity("W-15")
@pytest.mark.fidelity("C-40")
@pytest.mark.parametrize(("code", "words"), CREDENTIALS.items())
def test_credentials(cloudcontrol: CloudControl, code: str, words: str) -> None:
    """An error about the caller's credentials is a 400 in coral's name space, its words in ``message``."""
    client = once(cloudcontrol)
    wire = Wire(client)
    cloudcontrol.add_error(code)
    assert refusal(client.list_resource_requests) == Refusal(code, words, 400)
    assert wire.last.document == {"__type": f"{SERVICE}#{code}", "message": words}


@pytest.mark.fidelity("W-16")
def test_internal_failure(cloudcontrol: CloudControl) -> None:
    """InternalFailure is a 500 without any words."""
    client = once(cloudcontrol)
    wire = Wire(client)
    cloudcontrol.add_error("InternalFailure")
    assert refusal(client.list_resource_requests) == Refusal("InternalFailure", "", 500)
    assert wire.last.document == {"__type": f"{SERVICE}#InternalFailure"}


@pytest.mark.fidelity("C-41")
@pytest.mark.parametrize(("code", "http_status"), FRONT_END.items())
def test_front_end(cloudcontrol: CloudControl, code: str, http_status: int) -> None:
    """What the front end answers has the documented status, and words of the mock's own."""
    client = once(cloudcontrol)
    wire = Wire(client)
    cloudcontrol.add_error(code)
    words = f"{code} (arranged by the test)"
    assert refusal(client.list_resource_requests) == Refusal(code, words, http_status)
    assert wire.last.document == {"__type": f"{SERVICE}#{code}", "message": words}


@pytest.mark.fidelity("W-8")
@pytest.mark.parametrize(
    ("message", "sent"), [(None, {"Message": "Rate exceeded"}), ("Slow down.", {"Message": "Slow down."}), ("", {})]
)
def test_words(cloudcontrol: CloudControl, message: str | None, sent: dict[str, str]) -> None:
    """The words are the usual ones, or those that the test gives; empty ones aren't sent."""
    client = once(cloudcontrol)
    wire = Wire(client)
    cloudcontrol.add_error("ThrottlingException", message=message)
    assert refusal(client.list_resource_requests).http_status == 400
    assert wire.last.document == {"__type": "com.amazon.coral.availability#ThrottlingException", **sent}


@pytest.mark.fidelity("C-42")
def test_network(cloudcontrol: CloudControl) -> None:
    """What the network does is botocore's own exception, and no response at all comes."""
    start = cloudcontrol.clock.now()
    client = once(cloudcontrol)
    seen: list[object] = []
    client.meta.events.register(
        "response-received.cloudcontrol", lambda response_dict, exception, **_: seen.extend([response_dict, exception])
    )
    cloudcontrol.add_error("ReadTimeoutError")
    with pytest.raises(ReadTimeoutError) as raised:
        client.list_resource_requests()
    assert seen == [None, raised.value]
    assert cloudcontrol.clock.now() == start


@pytest.mark.fidelity("C-43")
def test_rate(cloudcontrol: CloudControl) -> None:
    """Calls beyond the rate are throttled; an account and region has its bucket, which fills at an even pace."""
    cloudcontrol.limit_rate(1, per=10)
    client = once(cloudcontrol)
    client.list_resources(TypeName="AWS::SQS::Queue")
    with pytest.raises(ClientError, match=r"\(ThrottlingException\).*: Rate exceeded$"):
        client.list_resource_requests()
    once(cloudcontrol, "eu-west-1").list_resource_requests()
    cloudcontrol.clock.advance(10)
    client.list_resource_requests()
