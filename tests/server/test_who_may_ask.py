"""No web page of another origin reaches the server, by whatever name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from over_http import SIGNED, ask

if TYPE_CHECKING:
    from over_http import Connection

    from pytest_cloudcontrol import CloudControl

NAMES = "127.0.0.1, [::1], localhost"


def refused_host(host: str, names: str = NAMES) -> tuple[int, str]:
    """Return what is told to who comes by a foreign name."""
    return 403, (
        f"the Host {host!r} is not one that this server answers for ({names}); "
        "pytest-cloudcontrol serve --allow-host NAME allows another"
    )


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:80", "bucket.localhost:5000"])
def test_names_of_loopback(connection: Connection, host: str) -> None:
    """It is reached by every name of loopback, whatever port stands there."""
    assert connection.ask("GET", "health", headers={"Host": host}).status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "a@evil", "", "127.0.0.1, evil", "a b"],
)
def test_foreign_names(connection: Connection, host: str) -> None:
    """A name that a site has resolve to this machine is refused: so is no name."""
    assert connection.ask("GET", "health", headers={"Host": host}).problem == refused_host(host)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:3000", "http://127.0.0.1:1"])
def test_foreign_origins(connection: Connection, cloudcontrol: CloudControl, origin: str) -> None:
    """What another page sends is refused, before anything is done for it."""
    status, words = connection.ask("POST", "reset", headers={"Origin": origin}).problem
    host = f"{connection.host}:{connection.port}"

    assert (status, words) == (403, f"the Origin {origin!r} is foreign: a page of {host!r} only may ask")
    for path, headers in (("/", {"Authorization": SIGNED}), ("/bucket", {})):
        assert connection.ask("POST", path, headers={"Origin": origin, **headers}).status == 403
    assert len(cloudcontrol.calls) == 0


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", ["/_cloudcontrol/health", "/?Action=CreateQueue&QueueName=jobs", "/bucket/key"])
def test_what_has_no_origin(connection: Connection, site: str, path: str) -> None:
    """What another page fetches without an Origin, as an image, is refused: the browser says whose page it is."""
    host = f"{connection.host}:{connection.port}"
    words = f"a page of another origin has sent this (Sec-Fetch-Site: {site}): a page of {host!r} only may ask"

    assert connection.ask("GET", path, headers={"Sec-Fetch-Site": site}).problem == (403, words)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/_cloudcontrol/", 200), ("POST", "/_cloudcontrol/reset", 403), ("GET", "/?Action=ListQueues", 403)],
)
def test_a_link_elsewhere(connection: Connection, method: str, path: str, status: int) -> None:
    """Who follows a link to the page comes there; nothing else is reached by a link or a form."""
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}

    assert connection.ask(method, path, headers=followed).status == status


def test_its_own_page(connection: Connection) -> None:
    """What its own page sends it takes."""
    origin = f"http://{connection.host}:{connection.port}"

    for headers in ({"Origin": origin}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        assert connection.ask("GET", "health", headers=headers).status == 200


def test_a_name_that_is_allowed(served: str) -> None:
    """The command's --allow-host allows a name, in letters of either size."""
    port = urlsplit(served).port

    assert ask(served, "GET", "health", headers={"Host": f"build.example:{port}"}).status == 200
    names = "127.0.0.1, [::1], build.example, localhost"
    assert ask(served, "GET", "health", headers={"Host": "evil.example"}).problem == refused_host("evil.example", names)
