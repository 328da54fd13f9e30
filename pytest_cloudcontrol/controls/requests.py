"""Requests as a sequence of handles, and the one handle of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload
from weakref import WeakValueDictionary

from pytest_cloudcontrol.arguments import did_you_mean, shown
from pytest_cloudcontrol.controls.request import ResourceRequest
from pytest_cloudcontrol.exceptions import Portable

if TYPE_CHECKING:
    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.vocabulary import Scope
    from pytest_cloudcontrol.world import World


class UnknownRequest(LookupError, Portable):
    """No request has the token that was asked for.

    Attributes:
        request_token: the token given.
        known: the tokens of the requests there are, oldest first.
    """

    def __init__(self, request_token: object, known: Sequence[str]) -> None:
        self.request_token = request_token
        self.known = known
        question = did_you_mean(request_token, known)
        if not known:
            there = "no request has been made yet"
        elif question:
            there = question.replace("Did", "did", 1)
        else:
            requests_have = "request has" if len(known) == 1 else "requests have"
            there = f"{len(known)} {requests_have} been made, the last with token {known[-1]!r}"
        super().__init__(
            f"no request has the token {shown(request_token)}: {there} (cloudcontrol.requests has them all)"
        )


class Handles:
    """The one handle of each request, made when the test looks at it, and kept for as long as the test keeps it."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._made: WeakValueDictionary[Request, ResourceRequest] = WeakValueDictionary()

    def of(self, world: World, request: Request) -> ResourceRequest:
        """Return the handle of a request of a world."""
        with world.clock.lock:  # of two threads that look first at once, both get the same
            handle = self._made.get(request)
            if handle is None:
                handle = self._made[request] = ResourceRequest(world, request)
            return handle

    def of_token(self, request_token: str) -> ResourceRequest:
        """Return the handle of the request that has a token, an expired one too.

        Raises:
            UnknownRequest: there is none.
        """
        world = self.backend.world
        request = world.registry.of_token(request_token) if isinstance(request_token, str) else None
        if request is None:
            raise UnknownRequest(request_token, [known.request_token for known in world.registry.requests])
        return self.of(world, request)


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
        world = self._handles.backend.world
        requests = world.registry.made_in(self._scope)
        if not requests:
            where = "" if self._scope is None else f" in account {self._scope.account_id} and {self._scope.region}"
            raise LookupError(
                f"no request has been made yet{where}: no CreateResource, UpdateResource or DeleteResource was called"
            )
        return self._handles.of(world, requests[-1])

    @overload
    def __getitem__(self, index: int) -> ResourceRequest: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[ResourceRequest]: ...

    def __getitem__(self, index: int | slice) -> ResourceRequest | Sequence[ResourceRequest]:
        world = self._handles.backend.world
        found = world.registry.made_in(self._scope)[index]
        if isinstance(found, list):
            return [self._handles.of(world, request) for request in found]
        return self._handles.of(world, found)

    def __len__(self) -> int:
        return len(self._handles.backend.world.registry.made_in(self._scope))

    def __repr__(self) -> str:
        return repr(list(self))
