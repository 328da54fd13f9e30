"""(s) The served world: a status poll over HTTP against a call to moto's server, and what many polls leave behind.

Both servers are processes of their own, and both are asked by the same client, which sends prepared bytes and keeps its
connection where the server does: moto's closes each after its answer.
"""

from __future__ import annotations

import contextlib
import gc
import json
import re
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
from typing import TYPE_CHECKING, Final

from benchmarks.harness import Figure, seconds_each, seconds_of
from pytest_cloudcontrol.backend import Backend
from pytest_cloudcontrol.options import Options
from pytest_cloudcontrol.server.application import Application
from pytest_cloudcontrol.server.serving import Serving
from pytest_cloudcontrol.transport.api_model import service_model
from pytest_cloudcontrol.transport.moto.services import MotoServices

if TYPE_CHECKING:
    from collections.abc import Iterator

_CALLS: Final = 200
_CONNECTIONS: Final = 200
_POLLS: Final = 100_000
_RECORDED: Final = 10_000  # the calls that `serve` keeps
_PATIENCE: Final = 30
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_CLOSES: Final = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)

_START: Final = """
import time
import botocore.loaders, botocore.model, waitress.server
from benchmarks.http import Client, port_of, prepared, serve
began = time.perf_counter()
serving = serve()
Client(port_of(serving)).call(prepared("CloudApiService.ListResourceRequests", "cloudcontrolapi", {}))
print(time.perf_counter() - began)
serving.stop()
"""
"""All that a server imports is there before the time is taken."""


class Client:
    """Sends requests to a port of this machine, and reads the answers.

    Args:
        port: the port.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self._socket: socket.socket | None = None

    def call(self, request: bytes) -> bytes:
        """Send a request, and return the body of the answer.

        Raises:
            ValueError: it isn't answered with 200.
        """
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=_PATIENCE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        head, _, body = self._socket.recv(65536).partition(b"\r\n\r\n")
        (length,) = _LENGTH.findall(head)
        while len(body) < int(length):
            body += self._socket.recv(65536)
        if _CLOSES.search(head):
            self.close()
        if b" 200 " not in head[:16]:
            raise ValueError(body)
        return body

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def prepared(target: str, service: str, document: object) -> bytes:
    """Return a request as an SDK sends it."""
    body = json.dumps(document).encode()
    version = "1.0" if service == "cloudcontrolapi" else "1.1"
    scope = f"AKIAMOCKEDCLOUDCNTRL/20261127/us-east-1/{service}/aws4_request"
    headers = {
        "Host": "127.0.0.1",
        "X-Amz-Target": target,
        "X-Amz-Date": "20261127T080000Z",
        "Content-Type": f"application/x-amz-json-{version}",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature={'0' * 64}",
        "Content-Length": str(len(body)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST / HTTP/1.1\r\n{lines}\r\n".encode() + body


def serve() -> Serving:
    """Serve a world whose time stands still, as the command does."""
    options = Options(auto_advance=False)
    backend = Backend(options, service_model(), MotoServices(options.seed), _RECORDED)
    return Serving(Application(backend, loops_end=False), backend)


def port_of(serving: Serving) -> int:
    """Return the port of a server."""
    return int(serving.url.rpartition(":")[2])


def _created(client: Client) -> bytes:
    """Have a request, and return a poll of it."""
    document = {"TypeName": "AWS::Logs::LogGroup", "DesiredState": '{"LogGroupName": "app"}'}
    event = json.loads(client.call(prepared("CloudApiService.CreateResource", "cloudcontrolapi", document)))
    token = event["ProgressEvent"]["RequestToken"]
    return prepared("CloudApiService.GetResourceRequestStatus", "cloudcontrolapi", {"RequestToken": token})


@contextlib.contextmanager
def _process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


@contextlib.contextmanager
def _here() -> Iterator[Client]:
    program = "import sys; from pytest_cloudcontrol.server.command import main; sys.exit(main(sys.argv[1:]))"
    with _process("-c", program, "serve", "--rate", "0") as process:
        assert process.stdout is not None
        yield Client(int(process.stdout.readline().rpartition(":")[2]))


@contextlib.contextmanager
def _moto() -> Iterator[Client]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with _process("-m", "moto.server", "-p", str(port)):
        client, patience = Client(port), time.monotonic() + _PATIENCE
        while time.monotonic() < patience:
            with contextlib.suppress(ConnectionRefusedError):
                client.call(prepared("Logs_20140328.CreateLogGroup", "logs", {"logGroupName": "app"}))
                break
            time.sleep(0.1)
        yield client


def run() -> list[Figure]:
    """Measure the server."""
    with _here() as here, _moto() as moto:
        poll = _created(here)
        describe = prepared("Logs_20140328.DescribeLogGroups", "logs", {"logGroupNamePrefix": "app"})
        seconds = seconds_each(
            {
                "here": lambda: seconds_of(lambda: here.call(poll), _CALLS),
                "moto": lambda: seconds_of(lambda: moto.call(describe), _CALLS),
            },
            rounds=15,
        )
        failures = _failures_of_many(here, poll)
    ratio = seconds.ratio("here", "moto")
    return [
        Figure("(s) a status poll over HTTP / moto's server, logs.describe_log_groups", ratio, 0.25),
        Figure("(s) the same, in milliseconds", seconds["here"] * 1000, 5, "ms"),
        Figure("(s) a server's first answer, after the imports", _start() * 1000, 20, "ms"),
        Figure(f"(s) errors of {_CONNECTIONS} connections at once, each with 50 polls", failures, 0),
        Figure(f"(s) memory after {_POLLS:,} further polls, the record of calls being full", _growth(), 64, "KiB"),
    ]


def _start() -> float:
    def once() -> float:
        done = subprocess.run([sys.executable, "-c", _START], check=True, capture_output=True, text=True)
        return float(done.stdout)

    return seconds_each({"start": once}, rounds=7)["start"]


def _failures_of_many(client: Client, poll: bytes) -> int:
    """Return how many polls fail of as many connections, all of which are open at once."""
    failed: list[Exception] = []
    all_connected = threading.Barrier(_CONNECTIONS)

    def repeat() -> None:
        own = Client(client.port)
        try:
            own.call(poll)
            all_connected.wait(_PATIENCE)
            for _ in range(50):
                own.call(poll)
            all_connected.wait(_PATIENCE)
        except (OSError, ValueError, threading.BrokenBarrierError) as error:
            failed.append(error)
        own.close()

    threads = [threading.Thread(target=repeat) for _ in range(_CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(failed)


def _growth() -> float:
    """Return by how many KiB a server has grown after many polls, of which it keeps the latest."""
    serving = serve()
    client = Client(port_of(serving))
    poll = _created(client)
    tracemalloc.start()
    try:
        sizes = []
        for polls in (2 * _RECORDED, _POLLS):
            for _ in range(polls):
                client.call(poll)
            gc.collect()
            sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
        client.close()
        serving.stop()
    return (sizes[1] - sizes[0]) / 1024
