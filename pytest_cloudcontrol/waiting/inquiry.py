"""A call, as far as it matters to waiting: what it asks, about which request, and what it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from pytest_cloudcontrol.documents import compact
from pytest_cloudcontrol.vocabulary import Api

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.vocabulary import Scope

CallKey: TypeAlias = "tuple[str, Scope, bytes | JSONObject]"
"""A call: its operation, account and region, and its text; where members differ every time, its other members."""

_DIFFER_AT_EVERY_REPETITION: Final = frozenset({"ClientToken", "NextToken"})


class Inquiry:
    """A call, as far as it matters to waiting. One is made for each call: what few need is made when it is asked for.

    Args:
        target: the operation's name.
        scope: the account and region.
        body: the call's JSON text.
        members: what that says; nothing if it isn't valid.
        request: the request that it asks about by its token; None if it asks about none, or an unknown one.
        answer: the text of its answer; one that has waited is told another one.
        until: the instant at which a rate limit lets it through; None if none holds it back.

    Attributes:
        is_poll: whether it asks for the status of a request.
    """

    __slots__ = ("_body", "_members", "_scope", "_target", "answer", "is_poll", "request", "until")

    def __init__(
        self,
        target: str,
        scope: Scope,
        body: bytes,
        members: JSONObject,
        request: Request | None,
        answer: bytes,
        until: datetime | None,
    ) -> None:
        self._target = target
        self._scope = scope
        self._body = body
        self._members = members
        self.request = request
        self.answer = answer
        self.until = until
        self.is_poll = target == Api.GET_RESOURCE_REQUEST_STATUS

    @property
    def is_of_ended(self) -> bool:
        """Whether it asks about a request that has ended."""
        return self.request is not None and not self.request.is_running

    def is_as(self, other: Inquiry) -> bool:
        """Whether it asks the same as another one, and is told the same. What it asks is compared only then."""
        return self.answer == other.answer and self.key() == other.key()

    def key(self) -> CallKey:
        """Return what it asks."""
        members = self._members
        if _DIFFER_AT_EVERY_REPETITION.isdisjoint(members):  # of members that weren't valid nothing is known
            return self._target, self._scope, self._body
        kept = {name: members[name] for name in members.keys() - _DIFFER_AT_EVERY_REPETITION}
        return self._target, self._scope, kept

    def text(self) -> str:
        """Return what it asks as text, for an error."""
        return f"{self._target} {compact(self._members)}"
