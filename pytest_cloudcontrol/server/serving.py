"""Serving: waitress speaks HTTP for an application, on loopback, from its start to a clean stop."""

from __future__ import annotations

import logging
import socket
import threading
import time
from typing import TYPE_CHECKING, Final, Protocol

from pytest_cloudcontrol.server.calls import NoAnswer
from pytest_cloudcontrol.server.messages import LARGEST_BODY
from pytest_cloudcontrol.server.ticker import Ticker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sized
    from wsgiref.types import StartResponse, WSGIEnvironment

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.server.application import Application

_THREADS: Final = 16
"""How many requests are answered at once; code that runs inside one and calls itself takes a second thread."""

_MOST_CONNECTIONS: Final = 1000
_MOST_HEADERS: Final = 64 * 1024
_SILENCE: Final = 60
"""Seconds after which a connection is closed on which nothing comes, or only a part of a request."""

_PATIENCE: Final = 30
"""Seconds in which answers are finished that are under way at a stop: what takes longer never ends."""

_INSTALL: Final = "pip install 'pytest-cloudcontrol[server]'"
_QUIET: Final = logging.Logger("cloudcontrol server", logging.CRITICAL)
"""For what waitress tells of its queue: that it has one is no news."""


class Channel(Protocol):
    """A connection, as waitress has it: its requests that aren't answered yet, and how many bytes are to be sent."""

    requests: Sized
    total_outbufs_len: int

    def handle_close(self) -> None:
        """Close it."""
        ...


class Dispatcher(Protocol):
    """The threads of waitress's, in which requests are answered."""

    queue_logger: logging.Logger
    start_new_thread: Callable[[Callable[[int], object], int], object]

    def set_thread_count(self, count: int, /) -> object:
        """Start threads, or have those end that are too many, once they have answered what they are at."""
        ...

    def shutdown(self, *, timeout: float) -> object:
        """Take back what no thread has begun to answer."""
        ...


class Trigger(Protocol):
    """What wakes the thread of waitress's that goes round."""

    def pull_trigger(self, thunk: Callable[[], object]) -> None:
        """Have something done in that thread."""
        ...


class WaitressServer(Protocol):
    """What is used of a server of waitress's."""

    accepting: bool
    effective_port: int
    active_channels: dict[int, Channel]
    task_dispatcher: Dispatcher
    trigger: Trigger

    def close(self) -> object:
        """Stop listening."""
        ...


class ServerMissing(ModuleNotFoundError):
    """The extra ``server`` isn't installed."""

    def __init__(self, missing: ModuleNotFoundError) -> None:
        super().__init__(f"the server needs what isn't installed ({missing}): {_INSTALL}", name=missing.name)


class Serving:
    """A server that runs.

    Args:
        application: what it serves.
        backend: whose time it lets flow.
        host: the address that it listens on.
        port: the port; 0 is any that is free.

    Raises:
        ServerMissing: the library isn't installed.
        OSError: the address or the port can't be had.
    """

    def __init__(self, application: Application, backend: Backend, host: str = "127.0.0.1", port: int = 0) -> None:
        try:
            from waitress.server import create_server
        except ModuleNotFoundError as missing:
            raise ServerMissing(missing) from None
        self._application = application
        self._sockets: dict[int, object] = {}
        self._answering: list[threading.Thread] = []
        self._stopping = False
        self._gives_up_at = 0.0
        server: WaitressServer = create_server(
            self._answer,
            map=self._sockets,
            sockets=[_listening(host, port)],
            threads=0,
            connection_limit=_MOST_CONNECTIONS,
            max_request_header_size=_MOST_HEADERS,
            max_request_body_size=LARGEST_BODY,
            channel_timeout=_SILENCE,
            asyncore_use_poll=True,
            ident=None,
            clear_untrusted_proxy_headers=False,
            log_socket_errors=False,
        )
        server.task_dispatcher.queue_logger = _QUIET
        server.task_dispatcher.start_new_thread = self._start_to_answer
        server.task_dispatcher.set_thread_count(_THREADS)
        self._server = server
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{server.effective_port}"
        self._thread = threading.Thread(target=self._run, name="pytest-cloudcontrol server", daemon=True)
        self._ticker = Ticker(backend)
        self._thread.start()
        self._ticker.start()

    def stop(self) -> None:
        """Finish the answers that are under way, then close every connection, and wait until every thread has ended."""
        self._server.trigger.pull_trigger(self._begin_to_stop)
        self._thread.join()
        self._end_answering()
        self._ticker.stop()
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()
        self._server.close()  # last: each of the threads has had a descriptor of it in its hand

    def _start_to_answer(self, work: Callable[[int], object], number: int) -> None:
        """Start one of the threads of waitress's, which doesn't keep them."""
        thread = threading.Thread(
            target=work, args=(number,), name=f"pytest-cloudcontrol answers {number}", daemon=True
        )
        self._answering.append(thread)
        thread.start()

    def _end_answering(self) -> None:
        dispatcher = self._server.task_dispatcher
        dispatcher.set_thread_count(0)
        for thread in self._answering:  # one may be at what nobody waits for any more, its connection being closed
            thread.join(max(self._gives_up_at - time.monotonic(), 0.0))
        dispatcher.shutdown(timeout=0)

    def _begin_to_stop(self) -> None:
        """Note that it is to stop: in the thread that goes round, which wakes for that."""
        self._stopping = True
        self._gives_up_at = time.monotonic() + _PATIENCE
        self._server.accepting = False

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return self._application(environ, start_response)
        except NoAnswer:
            from waitress.channel import ClientDisconnected

            raise ClientDisconnected from None  # which has waitress close the connection without a word

    def _run(self) -> None:
        """Go round until it is to stop, and every answer that was under way has been sent."""
        from waitress import wasyncore

        channels = self._server.active_channels
        while not self._stopping or (channels and time.monotonic() < self._gives_up_at):
            idle = [channel for channel in channels.values() if _is_idle(channel)] if self._stopping else []
            wasyncore.loop(0 if idle else 1, use_poll=True, map=self._sockets, count=1)
            for channel in filter(_is_idle, idle):  # still: what had come by now has been read
                channel.handle_close()


def _is_idle(channel: Channel) -> bool:
    return not (channel.requests or channel.total_outbufs_len)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=_MOST_CONNECTIONS)
