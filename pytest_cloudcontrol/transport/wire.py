"""The wire: who calls, read from a signed request, and AWS JSON 1.0, written as an HTTP answer."""

from __future__ import annotations

import functools
import re
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

from botocore.awsrequest import AWSResponse

from pytest_cloudcontrol.documents import compact
from pytest_cloudcontrol.service.errors import SERIALIZATION, UNKNOWN_OPERATION, VALIDATION
from pytest_cloudcontrol.transport.clients import server_faults
from pytest_cloudcontrol.vocabulary import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from botocore.awsrequest import AWSPreparedRequest

    from pytest_cloudcontrol.service.errors import ServiceError
    from pytest_cloudcontrol.service.service import Answer

_CREDENTIAL: Final = re.compile(rb"Credential=([^/,\s]+)/[0-9]{8}/([^/,\s]+)/cloudcontrolapi/aws4_request")
_HOST: Final = re.compile(r"https?://cloudcontrolapi(?:-fips)?\.([a-z0-9-]+)\.")

_NAME_SPACES: Final = {
    # Errors that the API doesn't model come from the frameworks below it, and say so.
    VALIDATION: "com.amazon.coral.validate",
    SERIALIZATION: "com.amazon.coral.service",
    UNKNOWN_OPERATION: "com.amazon.coral.service",
    "AccessDeniedException": "com.amazon.coral.service",
    "ThrottlingException": "com.amazon.coral.availability",
}
_OWN_NAME_SPACE: Final = "com.amazon.cloudapiservice"


class Body:
    """The body of an answer, as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        """Yield the whole body."""
        yield self._content


def scope_of(request: AWSPreparedRequest, accounts: Mapping[str, str], default: Scope) -> Scope:
    """Return the account and region of a request: from the credential scope, else from the host, else the default."""
    signed = _CREDENTIAL.search(_bytes_of(request.headers.get("Authorization")))
    if signed is not None:
        access_key, region = signed.groups()
        return Scope(accounts.get(access_key.decode(), default.account_id), region.decode())
    host = _HOST.match(request.url)
    return Scope(default.account_id, host[1] if host is not None else default.region)


def target_of(request: AWSPreparedRequest) -> str:
    """Return the name of the operation that a request asks for; for another service's, the whole target."""
    return _bytes_of(request.headers.get("X-Amz-Target")).removeprefix(b"CloudApiService.").decode("utf-8", "replace")


def body_of(request: AWSPreparedRequest) -> bytes:
    """Return a request's body."""
    return _bytes_of(request.body)


def _bytes_of(value: str | bytes | bytearray | object) -> bytes:
    """Return a header's or a body's bytes; botocore has several kinds."""
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else bytes(value) if isinstance(value, bytearray) else b""


def response_of(answer: Answer, url: str) -> AWSResponse:
    """Write an answer as an HTTP response."""
    status, body = (200, answer.body) if answer.error is None else _error_of(answer.error)
    headers = {
        "x-amzn-RequestId": answer.request_id,
        "Date": _http_date(answer.time),
        "Content-Type": "application/x-amz-json-1.0",
        "Content-Length": str(len(body)),
    }
    # botocore takes any mapping, and makes a HeadersDict of it; botocore-stubs asks for another class of its own.
    return AWSResponse(url, status, headers, Body(body))  # type: ignore[arg-type]


@functools.lru_cache(maxsize=16)  # the clock stands still most of the time
def _http_date(time: datetime) -> str:
    return format_datetime(time, usegmt=True)


def _error_of(error: ServiceError) -> tuple[int, bytes]:
    document = {
        "__type": f"{_NAME_SPACES.get(error.code, _OWN_NAME_SPACE)}#{error.code}",
        "message" if error.code == VALIDATION else "Message": error.message,
    }
    return 500 if error.code in server_faults() else 400, compact(dict(document)).encode()
