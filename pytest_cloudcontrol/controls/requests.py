"""Requests as a sequence of handles, and the one handle of each."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from pytest_cloudcontrol.arguments import did_you_mean, shown, word
from pytest_cloudcontrol.controls.live import Live
from pytest_cloudcontrol.controls.matching import request_match
from pytest_cloudcontrol.controls.request import ResourceRequest
from pytest_cloudcontrol.exceptions import Portable
from pytest_cloudcontrol.vocabulary import OperationStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.vocabulary import Operation, Scope
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


class Requests(Live["Request", ResourceRequest]):
    """The requests that there are now, oldest first: of all accounts and regions, of one, or those that match.

    What is kept of it stays up to date, and follows a reset. A slice is a list of its own.
    """

    __slots__ = ("_handles", "_matches", "_scope")

    def __init__(
        self, handles: Handles, scope: Scope | None = None, matches: Callable[[Request], bool] | None = None
    ) -> None:
        self._handles = handles
        self._scope = scope
        self._matches = matches

    @property
    def last(self) -> ResourceRequest:
        """The latest request.

        Raises:
            LookupError: no request has been made.
        """
        where = "" if self._scope is None else f" in account {self._scope.account_id} and {self._scope.region}"
        if self._matches is not None:
            return self._last(f"no request{where} matches (cloudcontrol.requests has them all)")
        return self._last(
            f"no request has been made yet{where}: no CreateResource, UpdateResource or DeleteResource was called"
        )

    def matching(
        self,
        *,
        type_name: str | None = None,
        operation: Operation | str | None = None,
        identifier: str | None = None,
        status: OperationStatus | str | None = None,
    ) -> Requests:
        """Return those of one type, operation, resource and status, as far as these are given.

        Args:
            type_name: the resource type.
            operation: CREATE, UPDATE or DELETE.
            identifier: of the resource, any as the API takes it.
            status: an OperationStatus or its string.

        Raises:
            OptionError: a value isn't valid.

        Example:
            ```python
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            client.create_resource(TypeName="AWS::SNS::Topic", DesiredState="{}")
            cloudcontrol.requests[0].run()
            running = cloudcontrol.requests.matching(status="IN_PROGRESS")
            assert [request.type_name for request in running] == ["AWS::SNS::Topic"]
            assert cloudcontrol.requests.matching(operation="DELETE") == []
            ```
        """
        backend, of_gone = self._handles.backend, self._is_gone(type_name)
        match = request_match(backend, None if of_gone else type_name, operation, identifier)
        if of_gone:
            match = match._replace(type_name=type_name)
        wanted = None if status is None else word(OperationStatus, status, "status")
        among = self._matches

        def matches(request: Request) -> bool:
            return (
                (among is None or among(request))
                and (wanted is None or request.status is wanted)
                and match.matches(request)
            )

        return Requests(self._handles, self._scope, matches)

    def _is_gone(self, type_name: object) -> bool:
        """Whether there are requests of a type that the test has taken back."""
        world = self._handles.backend.world
        return any(request.type_name == type_name for request in world.registry.requests) and (
            world.catalog.find(str(type_name)) is None
        )

    def _kept(self) -> Sequence[Request]:
        world = self._handles.backend.world
        requests = world.registry.made_in(self._scope)
        if self._matches is None:
            return requests
        with world.clock.lock:  # what an identifier means is looked up in the world
            return [request for request in requests if self._matches(request)]

    def _shown(self, kept: Request) -> ResourceRequest:
        return self._handles.of(self._handles.backend.world, kept)
