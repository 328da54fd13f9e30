"""A call, as far as it matters to waiting: what it asks, and about which request."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.vocabulary import Scope

CallKey: TypeAlias = "tuple[str, Scope, bytes | JSONObject]"
"""A call: its operation, account and region, and its text; where members differ every time, its other members."""


class Inquiry(NamedTuple):
    """A call, as far as it matters to waiting.

    Attributes:
        key: returns what it asks.
        text: returns it as text, for an error.
        request: the request that it asks about by its token; None if it asks about none, or an unknown one.
        is_poll: whether it asks for the status of a request.
        until: the instant at which a rate limit lets it through; None if none holds it back.
    """

    key: Callable[[], CallKey]
    text: Callable[[], str]
    request: Request | None
    is_poll: bool
    until: datetime | None

    @property
    def is_of_ended(self) -> bool:
        """Whether it asks about a request that has ended."""
        return self.request is not None and not self.request.is_running
