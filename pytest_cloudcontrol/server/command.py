"""The command line: ``pytest-cloudcontrol serve``."""

from __future__ import annotations

import argparse
import signal
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.arguments import finite_number
from pytest_cloudcontrol.backend import Backend
from pytest_cloudcontrol.options import Options
from pytest_cloudcontrol.server.application import Application
from pytest_cloudcontrol.server.origins import is_name
from pytest_cloudcontrol.server.serving import ServerMissing, Serving
from pytest_cloudcontrol.server.state.file import SavedBeside, restore_from, write_to
from pytest_cloudcontrol.server.state.parts import StateError
from pytest_cloudcontrol.server.state.refusals import NotSaved
from pytest_cloudcontrol.transport.api_model import service_model
from pytest_cloudcontrol.transport.moto.services import MotoServices

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_CALLS: Final = 10_000
"""How many calls are kept: more than anybody looks through, and a server that runs for weeks stays small."""

_MOST_STEPS: Final = 1_000_000
"""Beyond any plan: nobody is there to be told that a request has more steps than it should have."""

_ENDS: Final = (signal.SIGINT, signal.SIGTERM)
_HIGHEST_PORT: Final = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit status.

    Args:
        arguments: those of the command line by default.
    """
    given = _parser().parse_args(arguments)
    options = Options(auto_advance=given.auto_advance, max_steps=_MOST_STEPS)
    services = MotoServices(options.seed)
    backend = Backend(options, service_model(), services, _MOST_CALLS)
    backend.clock.run_until(datetime.now(UTC))  # as late as the wall's, though a world takes a moment to be made
    backend.clock.rate = given.rate
    names = [given.host, *given.allow_host]
    is_controlled = not given.no_control
    application = Application(backend, loops_end=False, is_controlled=is_controlled, allowed_hosts=names)
    read = ""
    try:
        if given.state is not None:
            read = restore_from(given.state, backend, given.rate)
            backend.clock.auto_advance, backend.clock.rate = given.auto_advance, given.rate
        serving = Serving(application, backend, given.host, given.port)
    except (StateError, ServerMissing, OSError) as error:
        return _failed(str(error))
    _serve_until_told(serving)
    services.leave()
    try:
        if given.state is not None:
            write_to(given.state, backend, read)
    except (NotSaved, SavedBeside, OSError) as error:
        return _failed(f"{given.state} was not written: {error}")
    return 0


def _serve_until_told(serving: Serving) -> None:
    """Say where it is, and serve until a signal comes."""
    # A signal wakes no thread that waits for a lock if it comes to another thread, or a moment before the wait begins;
    # but Python writes it down for whoever reads, wherever it comes.
    reader, writer = socket.socketpair()
    with reader, writer:
        writer.setblocking(False)
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        for end in _ENDS:
            signal.signal(end, lambda *_: None)
        print(serving.url, flush=True)  # noqa: T201  # which is what whoever has started it waits for
        while reader.recv(1)[0] not in _ENDS:
            pass
        signal.set_wakeup_fd(-1)
    serving.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pytest-cloudcontrol", description="AWS Cloud Control API in memory")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve a world over HTTP until SIGINT or SIGTERM")
    serve.add_argument(
        "--host", type=_name, default="127.0.0.1", help="the address to listen on (default: %(default)s)"
    )
    serve.add_argument("--port", type=_port, default=0, help="the port to listen on (default: any that is free)")
    serve.add_argument(
        "--allow-host",
        type=_name,
        action="append",
        default=[],
        metavar="NAME",
        help="a further name that it may be reached by",
    )
    serve.add_argument(
        "--rate", type=_rate, default=1.0, help="seconds of mock time in a second of real time (default: %(default)s)"
    )
    serve.add_argument("--auto-advance", action="store_true", help="let code that waits move the clock further")
    serve.add_argument(
        "--state", type=Path, metavar="FILE", help="go on with the world of this file, and write it at the end"
    )
    serve.add_argument("--no-control", action="store_true", help="serve Cloud Control without the control API")
    return parser


def _name(text: str) -> str:
    if not is_name(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no name or address of a host, without a scheme or a port")
    return text


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 to {_HIGHEST_PORT}")
    return int(text)


def _rate(text: str) -> float:
    try:
        return finite_number(float(text), "rate")
    except ValueError:  # of what is no number at all; and the check's own, which names no argument of the command's
        raise argparse.ArgumentTypeError(f"{text!r} is no finite number, at least 0") from None


def _failed(words: str) -> int:
    print(f"pytest-cloudcontrol: {words}", file=sys.stderr)  # noqa: T201
    return 1
