"""What the tests of the server share: connections to it, a server of the command's, and no thread that is left."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from over_http import PATIENCE, Connection, ask
from serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol import CloudControlServer


@pytest.fixture
def connection(cloudcontrol_server: CloudControlServer) -> Iterator[Connection]:
    """Give a connection to the server of the test's own world."""
    connection = Connection(cloudcontrol_server.url)
    yield connection
    connection.close()


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """Look whether every thread that a test has begun has ended with it."""
    before = set(threading.enumerate())
    yield
    begun = set(threading.enumerate()) - before
    for thread in begun:
        thread.join(PATIENCE / 10)
    assert [thread for thread in begun if thread.is_alive()] == []


@pytest.fixture(scope="session")
def _served() -> Iterator[str]:
    """Run a server of the command's, which the tests share."""
    with serving("--allow-host", "Build.Example") as url:
        yield url


@pytest.fixture
def served(_served: str) -> str:
    """Give the URL of a server of the command's, with a world begun anew: time flows there, and loops go on."""
    ask(_served, "PATCH", "clock", {"rate": 1, "auto_advance": False})
    ask(_served, "POST", "reset")
    return _served
