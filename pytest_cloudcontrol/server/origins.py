"""Who may ask: nobody whom a web page of another origin sends.

A browser says in ``Origin`` which page has sent a request, or where it doesn't, as for an image, in ``Sec-Fetch-Site``
that it was another one; and a page that has its own name resolve to this machine is told by that name in ``Host``. So
whatever site a developer visits reaches nothing here.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from ipaddress import IPv6Address
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.server.control.control import PREFIX
from pytest_cloudcontrol.server.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_cloudcontrol.server.messages import Incoming

_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
_NAME: Final = re.compile(r"[a-z0-9._-]+", re.IGNORECASE)
_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]/@,\s]+)(?::[0-9]+)?")
_FOREIGN: Final = ("cross-site", "same-site")
"""What a browser says of a page of another origin: on the same site, too, as is another port of this machine."""


def is_name(text: str) -> bool:
    """Whether a text is the name or the address of a host, without a scheme or a port."""
    if ":" not in text:
        return _NAME.fullmatch(text) is not None
    try:
        IPv6Address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


class Origins:
    """The names under which a server may be reached.

    Args:
        allowed: further names beside those of loopback.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._names = {name.lower() for name in (*_LOOPBACK, *allowed)}
        self._names |= {f"[{name}]" for name in self._names if ":" in name and not name.startswith("[")}

    def check(self, incoming: Incoming) -> None:
        """Refuse a request that comes under a foreign name, or from a page of another origin.

        Raises:
            Problem: it does.
        """
        host = (incoming.get("Host") or "").lower()
        found = _HOST.fullmatch(host)
        if found is None or not self._is_known(found[1]):
            raise Problem(
                HTTPStatus.FORBIDDEN,
                f"the Host {host!r} is not one that this server answers for ({', '.join(sorted(self._names))}); "
                "pytest-cloudcontrol serve --allow-host NAME allows another",
            )
        origin = incoming.get("Origin")
        if origin is not None and origin.lower().partition("://")[2] != host:
            raise Problem(HTTPStatus.FORBIDDEN, f"the Origin {origin!r} is foreign: a page of {host!r} only may ask")
        site = incoming.get("Sec-Fetch-Site")
        if site in _FOREIGN and not _is_followed(incoming):
            words = f"a page of another origin has sent this (Sec-Fetch-Site: {site}): a page of {host!r} only may ask"
            raise Problem(HTTPStatus.FORBIDDEN, words)

    def _is_known(self, name: str) -> bool:
        return name in self._names or name.endswith(".localhost")  # which is loopback by RFC 6761


def _is_followed(incoming: Incoming) -> bool:
    """Whether somebody has followed a link to the control API, whose answers to GET a page elsewhere can't read."""
    is_looking = incoming["REQUEST_METHOD"] == "GET" and incoming.get("Sec-Fetch-Mode") == "navigate"
    return is_looking and incoming.path.startswith(f"{PREFIX}/")
