"""Servers of the command ``pytest-cloudcontrol serve``, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from over_http import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator


class Ended(NamedTuple):
    """How a server has ended: its exit status, and what it had to say."""

    status: int
    errors: str


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start a server; the first line of its output is its URL."""
    command = [str(Path(sys.executable).with_name("pytest-cloudcontrol")), "serve", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def url_of(process: subprocess.Popen[str]) -> str:
    """Return the URL of a server that has been started."""
    assert process.stdout is not None
    return process.stdout.readline().removesuffix("\n")


def end(process: subprocess.Popen[str], signal: int | None = None) -> Ended:
    """Have a server end, by SIGTERM unless by another signal, and return how it has."""
    if signal is None:
        process.terminate()
    else:
        process.send_signal(signal)
    _, errors = process.communicate(timeout=PATIENCE)
    return Ended(process.returncode, errors)


@contextmanager
def serving(*arguments: str) -> Iterator[str]:
    """Let a server run until the block ends, and give its URL."""
    process = start(*arguments)
    try:
        yield url_of(process)
    finally:
        ended = end(process)
    assert ended == (0, "")
