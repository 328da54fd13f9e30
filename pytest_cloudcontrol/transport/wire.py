"""The wire: a signed call read from its headers and bytes, and an answer written as AWS JSON 1.0. No client library."""

from __future__ import annotations

import functools
import re
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from pytest_cloudcontrol.documents import compact
from pytest_cloudcontrol.service.unmodelled import UNMODELLED
from pytest_cloudcontrol.vocabulary import Scope

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.service.errors import ServiceError
    from pytest_cloudcontrol.service.service import Answer

ENDPOINT_PREFIX: Final = "cloudcontrolapi"  # W-1
"""What the service is called in host names and signatures."""

_CREDENTIAL: Final = re.compile(rb"Credential=([^/,\s]+)/[0-9]{8}/([^/,\s]+)/[^/,\s]+/aws4_request")
_HOST: Final = re.compile(rf"https?://{ENDPOINT_PREFIX}(?:-fips)?\.([a-z0-9-]+)\.")  # W-2

_OWN_NAME_SPACE: Final = "com.amazon.cloudapiservice"  # W-6


class Headers(Protocol):
    """The headers of a call."""

    def get(self, name: str, /) -> str | bytes | None:
        """Return a header's value, whatever case its name is written in; None if it isn't there."""
        ...


class Accounts(Protocol):
    """Which account an access key belongs to."""

    def of(self, access_key: str, /) -> str:
        """Return the account of a key."""
        ...


class Response(NamedTuple):
    """An answer as HTTP has it."""

    status: int
    headers: dict[str, str]
    body: bytes


def scope_of(headers: Headers, url: str, accounts: Accounts, default: Scope) -> Scope:
    """Return the account and region of a call: from the credential scope, else from the host, else the default (D-6).

    Args:
        headers: the call's headers.
        url: where it was sent to.
        accounts: the accounts of access keys.
        default: what counts where nothing else is said.
    """
    signed = _signed_by(headers.get("Authorization"))
    if signed is not None:
        access_key, region = signed
        return _scope(accounts.of(access_key), region)
    host = _HOST.match(url)
    return _scope(default.account_id, host[1] if host is not None else default.region)


def is_signed(headers: Headers) -> bool:
    """Whether a call has a signature that names a key, a region and a service."""
    return _signed_by(headers.get("Authorization")) is not None


@functools.lru_cache(maxsize=64)  # without a digest, all calls of a client have the same
def _signed_by(authorization: str | bytes | None) -> tuple[str, str] | None:
    """Return the access key and the region that a signature names; None where there is no signature."""
    signed = _CREDENTIAL.search(_as_bytes(authorization))
    return None if signed is None else (signed[1].decode(), signed[2].decode())


@functools.lru_cache(maxsize=64)  # so that calls and requests by the million share the few that there are
def _scope(account_id: str, region: str) -> Scope:
    return Scope(account_id, region)


def target_of(headers: Headers) -> str:
    """Return the name of the operation that a call asks for; for another service's, the whole target (W-1)."""
    return _operation(headers.get("X-Amz-Target"))


@functools.lru_cache(maxsize=64)
def _operation(target: str | bytes | None) -> str:
    return _as_bytes(target).removeprefix(b"CloudApiService.").decode("utf-8", "replace")


def written(answer: Answer, server_faults: Collection[str]) -> Response:
    """Write an answer as an HTTP response.

    Args:
        answer: the answer.
        server_faults: the names of the errors that are the server's fault, by the model of the API.
    """
    if answer.error is None:
        status, body = 200, answer.body
    else:
        status, body = _status(answer.error.code, server_faults), _written_error(answer.error)
    headers = {
        "x-amzn-RequestId": answer.request_id,
        "Date": _http_date(answer.time),
        "Content-Type": "application/x-amz-json-1.0",
        "Content-Length": str(len(body)),
    }
    return Response(status, headers, body)


def _as_bytes(value: str | bytes | None) -> bytes:
    """Return a header's bytes; clients have both kinds."""
    return value if isinstance(value, bytes) else value.encode() if value is not None else b""


@functools.lru_cache(maxsize=16)  # the clock stands still most of the time
def _http_date(time: datetime) -> str:
    return format_datetime(time, usegmt=True)


def _status(code: str, server_faults: Collection[str]) -> int:
    if code in UNMODELLED:
        return UNMODELLED[code].status
    return 500 if code in server_faults else 400  # W-9


def _written_error(error: ServiceError) -> bytes:
    unmodelled = UNMODELLED.get(error.code)  # which come from elsewhere, and say so
    name_space, member = (
        (_OWN_NAME_SPACE, "Message") if unmodelled is None else (unmodelled.name_space, unmodelled.member)
    )
    document: JSONObject = {"__type": f"{name_space}#{error.code}"}
    if error.message:
        document[member] = error.message
    return compact(document).encode()
