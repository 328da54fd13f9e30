"""The page that shows a world live: one file, which asks the control API for all that it shows."""

from __future__ import annotations

import functools
from http import HTTPStatus
from importlib import resources
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.server.messages import Reply

if TYPE_CHECKING:
    from pytest_cloudcontrol.server.control.asked import Asked

_TYPE: Final = "text/html; charset=utf-8"
_POLICY: Final = (
    # What it shows comes from whoever calls, so nothing in it may be run, and nothing be fetched from elsewhere.
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


def show_page(asked: Asked) -> Reply:  # noqa: ARG001  # every route's function takes it
    """Return the page."""
    return Reply(HTTPStatus.OK, _TYPE, _page(), (("Content-Security-Policy", _POLICY), ("Cache-Control", "no-cache")))


@functools.cache
def _page() -> bytes:
    return resources.files(__package__).joinpath("page.html").read_bytes()
