"""Whatever comes, the server goes on: bytes that are no HTTP, requests that break off, floods, and all at once."""

from __future__ import annotations

import json
import re
import socket
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from over_http import HEADERS, Connection, ask, create, poll, raw
from threads import in_threads

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl, CloudControlServer

CALL = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items()).encode()


def request(
    line: bytes = b"POST / HTTP/1.1", headers: bytes = CALL, body: bytes = b"{}", length: bytes | None = None
) -> bytes:
    """Write a call down, of which any part may be wrong."""
    stated = str(len(body)).encode() if length is None else length
    return line + b"\r\nHost: localhost\r\n" + headers + b"Content-Length: " + stated + b"\r\n\r\n" + body


BROKEN: dict[str, bytes] = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20 + b"\r\n\r\n",
    "no version": b"POST /\r\n\r\n",
    "no host": b"POST / HTTP/1.1\r\n" + CALL + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}",
    "a length that is none": request(length=b"two"),
    "a negative length": request(length=b"-2"),
    "two lengths": request(headers=CALL + b"Content-Length: 7\r\n"),
    "a length and chunks": request(headers=CALL + b"Transfer-Encoding: chunked\r\n", body=b"zz\r\n{}\r\n0\r\n\r\n"),
    "an unknown coding": request(headers=CALL + b"Transfer-Encoding: gzip\r\n"),
    "a header without a name": request(headers=CALL + b": nameless\r\n"),
    "a header without a colon": request(headers=CALL + b"nonsense\r\n"),
    "a flood of headers": request(headers=CALL + b"X-Flood: flood\r\n" * 20_000),
    "a very long header": request(headers=CALL + b"X-Long: " + b"x" * 1_000_000 + b"\r\n"),
    "a very long path": request(line=b"GET /" + b"x" * 1_000_000 + b" HTTP/1.1"),
}


@pytest.mark.parametrize("sent", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_request(cloudcontrol_server: CloudControlServer, cloudcontrol: CloudControl, sent: bytes) -> None:
    """It is refused with a plain 4xx, or the connection is closed; nothing is done for it, and the server goes on."""
    received = raw(cloudcontrol_server.url, sent, closes=True)

    assert received == b"" or received.split(b" ", 2)[1].startswith((b"4", b"5"))
    assert len(cloudcontrol.calls) == 0
    assert ask(cloudcontrol_server.url, "GET", "health").status == 200


@pytest.mark.parametrize("sent", [b"", b"POST", request(body=b"{", length=b"100"), request()[:-3], CALL])
def test_what_breaks_off(cloudcontrol_server: CloudControlServer, cloudcontrol: CloudControl, sent: bytes) -> None:
    """Half a request is none, whether more may come or not."""
    address = urlsplit(cloudcontrol_server.url)
    with ExitStack() as stack:
        for _ in range(30):  # more than there are threads
            slow = stack.enter_context(socket.create_connection((address.hostname, address.port)))
            slow.sendall(sent)
        assert ask(cloudcontrol_server.url, "GET", "health").status == 200
    assert raw(cloudcontrol_server.url, sent, closes=True) == b""
    assert len(cloudcontrol.calls) == 0


def test_pipelining(cloudcontrol_server: CloudControlServer, cloudcontrol: CloudControl) -> None:
    """Requests that come at once over a connection are answered one by one, in their order."""
    targets = [b"ListResourceRequests", b"Nonsense", b"ListResourceRequests"]
    sent = b"".join(request(headers=CALL.replace(b"ListResourceRequests", target)) for target in targets)
    last = request(headers=CALL + b"Connection: close\r\n")
    received = raw(cloudcontrol_server.url, sent + last)

    assert re.findall(rb"HTTP/1.1 ([0-9]+) ", received) == [b"200", b"400", b"200", b"200"]
    assert len(cloudcontrol.calls) == 4


@pytest.mark.parametrize(("path", "headers", "status"), [("/_cloudcontrol/health", b"", b"405"), ("/", CALL, b"400")])
def test_no_body_for_head(cloudcontrol_server: CloudControlServer, path: str, headers: bytes, status: bytes) -> None:
    """HEAD, which neither of the two APIs has, is refused without a body, as HTTP has it."""
    line = f"HEAD {path} HTTP/1.1".encode()
    received = raw(cloudcontrol_server.url, request(line, headers + b"Connection: close\r\n", b""))

    assert received.startswith(b"HTTP/1.1 " + status)
    assert received.endswith(b"\r\n\r\n")


def test_a_body_in_chunks(cloudcontrol_server: CloudControlServer) -> None:
    """A body without a length is taken as well."""
    sent = b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n" + CALL
    received = raw(cloudcontrol_server.url, sent + b"\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")

    assert received.endswith(b'{"ResourceRequestStatusSummaries":[]}')


LINES = st.sampled_from(
    [
        b"POST / HTTP/1.1",
        b"GET / HTTP/1.1",
        b"POST / HTTP/1.0",
        b"PUT /_cloudcontrol/state HTTP/1.1",
        b"PATCH //%ff HTTP/1.1",
    ]
)
TARGETS = st.sampled_from([b"CloudApiService.CreateResource", b"CloudApiService.ListResources", b"x"])
VALUES = st.one_of(st.binary(max_size=40).filter(lambda value: b"\n" not in value and b"\r" not in value), TARGETS)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20)),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
        max_leaves=8,
    ).map(lambda document: json.dumps(document).encode()),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    line=LINES,
    headers=st.dictionaries(st.sampled_from([*HEADERS, "Host", "Origin", "Expect", "Connection", "X-Any"]), VALUES),
    body=BODIES,
    surplus=st.integers(-3, 0),
    cut=st.integers(0, 40),
)
@example(line=b"POST / HTTP/1.1", headers={"Content-Type": b"\xff"}, body=b"\xff", surplus=0, cut=0)
def test_anything(
    cloudcontrol_server: CloudControlServer,
    cloudcontrol: CloudControl,
    line: bytes,
    headers: dict[str, bytes],
    body: bytes,
    surplus: int,
    cut: int,
) -> None:
    """The answer is an error of AWS's form, a plain 4xx, what moto says, or none; and no request is made."""
    written = {**{name: value.encode() for name, value in HEADERS.items()}, **headers}
    lines = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in written.items())
    length = str(max(len(body) + surplus, 0)).encode()
    sent = line + b"\r\nHost: localhost\r\n" + lines + b"Content-Length: " + length + b"\r\n\r\n" + body
    received = raw(cloudcontrol_server.url, sent[: len(sent) - cut], closes=True)

    assert received == b"" or received.startswith(b"HTTP/1.")
    assert b" 500 " not in received.partition(b"\r\n")[0] or b'"detail":"moto broke: ' in received
    assert len(cloudcontrol.requests) == 0
    assert ask(cloudcontrol_server.url, "GET", "health").status == 200


@pytest.mark.slow
def test_two_hundred_connections(cloudcontrol_server: CloudControlServer, cloudcontrol: CloudControl) -> None:
    """So many are served at once: no error, no request that is lost, no token twice, and no two on one resource."""
    cloudcontrol.plan(steps=1)

    def work(number: int) -> list[str]:
        with closing(Connection(cloudcontrol_server.url)) as connection:
            tokens = [create(connection, f"app-{number}-{turn}") for turn in range(3)]
            assert {poll(connection, token)["RequestToken"] for token in tokens} == set(tokens)
            contended = connection.call("DeleteResource", {"TypeName": "AWS::Logs::LogGroup", "Identifier": "app"})
            if contended.status == 200:
                tokens.append(contended.document["ProgressEvent"]["RequestToken"])
            else:
                assert contended.document["__type"].endswith("#ConcurrentOperationException")
            return tokens

    def step() -> list[str]:
        for _ in range(100):
            cloudcontrol.step()
        return []

    tokens = [token for made in in_threads(*(lambda n=n: work(n) for n in range(200)), step) for token in made]

    assert len(tokens) == len(set(tokens)) >= 600
    assert set(tokens) == {request.request_token for request in cloudcontrol.requests}
    cloudcontrol.run_until_idle()
    assert {request.status for request in cloudcontrol.requests.matching(operation="CREATE")} == {"SUCCESS"}
