"""Requests as a sequence of handles, and the one handle of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from pytest_cloudcontrol.arguments import nearest
from pytest_cloudcontrol.controls.request import ResourceRequest

if TYPE_CHECKING:
    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.vocabulary import Scope


class UnknownRequest(LookupError):
    """No request has the token that was asked for.

    Attributes:
        request_token: the token given.
        known: the tokens of the requests there are, oldest first.
    """

    def __init__(self, request_token: object, known: Sequence[str]) -> None:
        self.request_token = request_token
        self.known = known
        suggestion = nearest(request_token, known)
        if not known:
            there = "no request has been made yet"
        elif suggestion:
            there = f"did you mean {suggestion!r}?"
        else:
            there = f"{len(known)} requests have been made, the last with token {known[-1]!r}"
        super().__init__(f"no request has the token {request_token!r}: {there} (cloudcontrol.requests has them all)")


class Handles:
    """The one handle of each request of the present world, made when the test first looks at it.

    So ``requests.last is requests.last``, and a million requests that nobody looks at have none.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._world = backend.world
        self._made: dict[Request, ResourceRequest] = {}

    def of(self, request: Request) -> ResourceRequest:
        """Return the handle of a request."""
        if self._world is not self.backend.world:
            self._world, self._made = self.backend.world, {}
        handle = self._made.get(request)
        # Of two threads that look first at once, both get the same.
        return self._made.setdefault(request, ResourceRequest(self.backend, request)) if handle is None else handle

    def of_token(self, request_token: str) -> ResourceRequest:
        """Return the handle of the request that has a token, an expired one too.

        Raises:
            UnknownRequest: there is none.
        """
        registry = self.backend.world.registry
        request = registry.of_token(request_token) if isinstance(request_token, str) else None
        if request is None:
            raise UnknownRequest(request_token, [known.request_token for known in registry.requests])
        return self.of(request)


class Requests(Sequence[ResourceRequest]):
    """The requests that there are now, oldest first: of all accounts and regions, or of one.

    What is kept of it stays up to date, and follows a reset. A slice is a list of its own.
    """

    __slots__ = ("_handles", "_scope")

    def __init__(self, handles: Handles, scope: Scope | None = None) -> None:
        self._handles = handles
        self._scope = scope

    @property
    def last(self) -> ResourceRequest:
        """The latest request.

        Raises:
            LookupError: no request has been made.
        """
        requests = self._requests()
        if not requests:
            raise LookupError(
                "no request has been made yet: no CreateResource, UpdateResource or DeleteResource was called"
            )
        return self._handles.of(requests[-1])

    @overload
    def __getitem__(self, index: int) -> ResourceRequest: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[ResourceRequest]: ...

    def __getitem__(self, index: int | slice) -> ResourceRequest | Sequence[ResourceRequest]:
        found = self._requests()[index]
        return [self._handles.of(request) for request in found] if isinstance(found, list) else self._handles.of(found)

    def __len__(self) -> int:
        return len(self._requests())

    def __repr__(self) -> str:
        return repr(list(self))

    def _requests(self) -> list[Request]:
        requests = self._handles.backend.world.registry.requests
        if self._scope is None:
            return requests
        return [request for request in requests if request.scope == self._scope]
