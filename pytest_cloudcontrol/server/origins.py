"""Who may ask: nobody whom a web page of another origin sends.

A browser says in ``Origin`` which page has sent it; and a page that has its own name resolve to this machine is told
by that name in ``Host``. So whatever site a developer visits reaches nothing here.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.server.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_cloudcontrol.server.messages import Incoming

_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]/@,\s]+)(?::[0-9]+)?")


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

    def _is_known(self, name: str) -> bool:
        return name in self._names or name.endswith(".localhost")  # which is loopback by RFC 6761
