"""Clients of a server, as a program in any language is one."""

from __future__ import annotations

import http.client
import json
import socket
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_cloudcontrol.documents import JSONValue

PATIENCE: Final = 10.0
"""Seconds after which a test gives up waiting for an answer; none comes near it."""

SIGNED: Final = "AWS4-HMAC-SHA256 Credential=AKIAMOCKED/20300101/us-east-1/cloudcontrolapi/aws4_request, Signature=0"

HEADERS: Final = {
    "X-Amz-Target": "CloudApiService.ListResourceRequests",
    "Content-Type": "application/x-amz-json-1.0",
    "Authorization": SIGNED,
}
"""Those of a call that changes nothing."""


class Answered(NamedTuple):
    """An answer: its status, its headers, and its document; None if it has no JSON."""

    status: int
    headers: http.client.HTTPMessage
    document: Any

    @property
    def problem(self) -> tuple[int, str]:
        """The status and the words of problem details, whose other members are looked at here."""
        assert self.headers["Content-Type"] == "application/problem+json"
        assert self.document.keys() == {"type", "title", "status", "detail"}
        assert (self.document["type"], self.document["status"]) == ("about:blank", self.status)
        return self.status, self.document["detail"]


class Connection(http.client.HTTPConnection):
    """A connection to a server, which is kept from one request to the next."""

    def __init__(self, url: str) -> None:
        super().__init__(urlsplit(url).netloc, timeout=PATIENCE)

    def ask(
        self,
        method: str,
        path: str,
        document: JSONValue | bytes = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answered:
        """Send a request, below the control API unless its path begins with a slash, and return the answer."""
        body = document if isinstance(document, bytes) else None if document is None else json.dumps(document).encode()
        given = {} if body is None else {"Content-Type": "application/json"}
        self.request(
            method, path if path.startswith("/") else f"/_cloudcontrol/{path}", body, {**given, **(headers or {})}
        )
        return self._answered()

    def call(self, operation: str, members: JSONValue | bytes = None, **headers: str) -> Answered:
        """Call an operation of Cloud Control."""
        body = members if isinstance(members, bytes) else json.dumps(members or {}).encode()
        given = {
            "X-Amz-Target": f"CloudApiService.{operation}",
            "Content-Type": "application/x-amz-json-1.0",
            "Authorization": SIGNED,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        self.request("POST", "/", body, given)
        return self._answered()

    def _answered(self) -> Answered:
        response = self.getresponse()
        body = response.read()
        is_json = "json" in response.headers.get("Content-Type", "")
        return Answered(response.status, response.headers, json.loads(body) if is_json and body else None)


def ask(
    url: str,
    method: str,
    path: str,
    document: JSONValue | bytes = None,
    headers: Mapping[str, str] | None = None,
) -> Answered:
    """Send one request over a connection of its own."""
    with closing(Connection(url)) as connection:
        return connection.ask(method, path, document, headers)


def create(connection: Connection, name: str = "app") -> str:
    """Ask for a log group, and return the request token."""
    state = json.dumps({"LogGroupName": name, "RetentionInDays": 7, "Tags": [{"Key": "team", "Value": "blue"}]})
    answer = connection.call("CreateResource", {"TypeName": "AWS::Logs::LogGroup", "DesiredState": state})
    token = answer.document["ProgressEvent"]["RequestToken"]
    assert isinstance(token, str)
    return token


def poll(connection: Connection, token: str) -> Any:
    """Ask for a request's status, and return its event."""
    answer = connection.call("GetResourceRequestStatus", {"RequestToken": token})
    assert answer.status == 200, answer.document
    return answer.document["ProgressEvent"]


def raw(url: str, sent: bytes, *, closes: bool = False) -> bytes:
    """Send bytes as they are, and return what comes until the server closes the connection, or all is answered.

    Args:
        url: the server.
        sent: the bytes.
        closes: whether nothing more will come, so that the server needn't wait for it.
    """
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as connection:
        received = b""
        try:
            connection.sendall(sent)
            if closes:
                connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):
                received += part
        except OSError:  # the server has refused to read it all, and has gone
            pass
        return received
