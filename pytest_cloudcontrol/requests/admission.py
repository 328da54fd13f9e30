"""Admission: which requests are worked on at once, and which are held back until others have ended.

A request asks for it when it would be taken up: when it is accepted, or when the time is over that a plan keeps it
PENDING. Where a limit is full it waits. As soon as there is room, the earliest accepted is let in that has room under
every limit that counts it.
"""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.decisions.decisions import Decisions
    from pytest_cloudcontrol.decisions.limits import ConcurrencyLimit
    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.vocabulary import Scope


class Admission:
    """Lets the requests of one world in. Callers hold the clock's lock."""

    def __init__(self, decisions: Decisions) -> None:
        self._decisions = decisions
        self._inside: dict[Scope, dict[int, Request]] = {}
        # By type, as all of a type are held back by the same limits; the orders ascend.
        self._waiting: dict[Scope, dict[str, list[int]]] = {}
        self._held_back: dict[int, Request] = {}

    def full_limits(self, scope: Scope, type_name: str) -> tuple[ConcurrencyLimit, ...]:
        """Return the limits that have no room for one more request of a type."""
        if not self._decisions.limits:  # as in most tests, at every request
            return ()
        inside = self._inside.get(scope, {}).values()
        return tuple(
            limit
            for limit in self._decisions.limits
            if limit.counts(type_name) and sum(limit.counts(other.type_name) for other in inside) >= limit.running
        )

    def ask(self, request: Request) -> bool:
        """Let a request in that is to be taken up; False if it is held back, and waits from now on."""
        full = self.full_limits(request.scope, request.type_name)
        if not full:
            self._let_in(request)
            return True
        self._hold_back(request, full)
        self._held_back[request.order] = request
        insort(self._waiting.setdefault(request.scope, {}).setdefault(request.type_name, []), request.order)
        return False

    def leave(self, request: Request) -> None:
        """Note that a request has ended, whether it was let in, held back, or neither yet."""
        self._inside.get(request.scope, {}).pop(request.order, None)
        if request.order in self._held_back:
            self._wait_no_more(request)

    def let_in_next(self, scope: Scope) -> Request | None:
        """Let the earliest request in for which there is room; None if there is none."""
        with_room = []
        for type_name, orders in self._waiting.get(scope, {}).items():
            full = self.full_limits(scope, type_name)
            if not full:
                with_room.append(orders[0])
            elif full != self._held_back[orders[0]].held_back_by:
                for order in orders:
                    self._hold_back(self._held_back[order], full)
        if not with_room:
            return None
        request = self._held_back[min(with_room)]
        self._wait_no_more(request)
        self._let_in(request)
        return request

    def scopes_waiting(self) -> Sequence[Scope]:
        """Return the accounts and regions in which requests are held back, in the order in which that began."""
        return list(self._waiting)

    def holders(self, request: Request) -> list[Request]:
        """Return the requests that hold a request back, oldest first: none if it isn't held back."""
        if not request.held_back_by:
            return []
        full = self.full_limits(request.scope, request.type_name)
        inside = sorted(self._inside.get(request.scope, {}).items())
        return [other for _, other in inside if any(limit.counts(other.type_name) for limit in full)]

    def _let_in(self, request: Request) -> None:
        self._inside.setdefault(request.scope, {})[request.order] = request

    def _hold_back(self, request: Request, full: tuple[ConcurrencyLimit, ...]) -> None:
        request.held_back_by = full
        for limit in full:
            limit.note_held_back(request.order)

    def _wait_no_more(self, request: Request) -> None:
        del self._held_back[request.order]
        request.held_back_by = ()
        of_scope = self._waiting[request.scope]
        of_scope[request.type_name].remove(request.order)
        if not of_scope[request.type_name]:
            del of_scope[request.type_name]
        if not of_scope:
            del self._waiting[request.scope]
