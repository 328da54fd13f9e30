"""Veils: what reads show instead of what a request has done, until that has become consistent.

A veil goes up with a request's first handler call, and comes down so long after the request's end as its plan's
``consistent_after`` says. Meanwhile reads show of its resource what a read showed before that call. Where several veils
hang before a resource the oldest counts: nothing is seen before what was done earlier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pytest_cloudcontrol.documents import JSONObject, copied_object
from pytest_cloudcontrol.handlers.memory import not_found
from pytest_cloudcontrol.handlers.protocol import HandlerError
from pytest_cloudcontrol.resources.identifiers import read_identifier, secondary_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from pytest_cloudcontrol.clock import MockClock, Unlocked
    from pytest_cloudcontrol.handlers.protocol import Handler, HandlerInput
    from pytest_cloudcontrol.resources.store import Store
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Scope

Seen: TypeAlias = JSONObject | HandlerError
"""What a read comes to: a model, or a failure, most often that there is no such resource."""


class Veil:
    """Hides what one request does.

    Attributes:
        given: what the request asks of its handler.
        before: what a read showed before the first handler call, by the identifier; None until that.
        until: when it comes down; None until the request has ended.
    """

    def __init__(self, given: HandlerInput) -> None:
        self.given = given
        self.before: dict[str, Seen] | None = None
        self.until: datetime | None = None

    def shown(self, now: datetime) -> dict[str, Seen]:
        """Return what is shown instead, of each resource that it hides."""
        if self.before is None or (self.until is not None and now >= self.until):
            return {}
        of_request = (*self.given.made, self.given.identifier)
        made = (identifier for identifier in of_request if identifier is not None)
        # What isn't known from before the first call wasn't there: a create has made it.
        return {identifier: not_found(self.given.resource_type, identifier) for identifier in made} | self.before


class Veils:
    """The veils of one world, oldest first. Callers hold the clock's lock.

    Attributes:
        last_ended: of the request that has ended last, where such are remembered.
        lags: whether reads don't show now what that request has done.
    """

    def __init__(self, clock: MockClock, store: Store) -> None:
        self.last_ended: Veil | None = None
        self.lags = False
        self._clock = clock
        self._store = store
        self._veils: dict[tuple[Scope, str], list[Veil]] = {}

    def add(self, veil: Veil) -> None:
        """Keep a veil that is to go up."""
        self._veils.setdefault((veil.given.scope, veil.given.type_name), []).append(veil)

    def hangs(self, veil: Veil) -> bool:
        """Whether a veil hasn't come down yet."""
        return veil in self._veils.get((veil.given.scope, veil.given.type_name), ())

    def lift(self, veil: Veil) -> None:
        """Take a veil down: what it has hidden comes to be seen."""
        key = veil.given.scope, veil.given.type_name
        self._veils[key].remove(veil)
        if not self._veils[key]:
            del self._veils[key]
        self._store.changes += 1

    def shown(self, scope: Scope, type_name: str) -> dict[str, Seen]:
        """Return what reads are to show of the resources of a type before which a veil hangs, by the identifier."""
        if not self._veils and not self.lags:  # as in most tests, at every read
            return {}
        last = self.last_ended if self.lags else None
        shown: dict[str, Seen] = {}
        if last is not None and (last.given.scope, last.given.type_name) == (scope, type_name):
            shown = last.shown(self._clock.now())
        for veil in self._veils.get((scope, type_name), ()):
            shown = veil.shown(self._clock.now()) | shown
        return shown

    def may_lag(self, scope: Scope, type_name: str | None, identifier: str | None) -> bool:
        """Whether a read of a resource, or of all of a type, could leave out what has ended last."""
        last = self.last_ended
        if last is None or (last.given.scope, last.given.type_name) != (scope, type_name):
            return False
        shown = last.shown(self._clock.now())
        return bool(shown) if identifier is None else identifier in shown

    def find(self, resource_type: ResourceType, scope: Scope, given: str) -> str | None:
        """Return the primary identifier of a resource that reads show instead, by an additional one; None without any.

        Raises:
            InvalidIdentifier: it has a wrong number of parts, or is JSON with wrong names.
        """
        shown = self.shown(scope, resource_type.type_name)
        if not shown:
            return None
        meant = read_identifier(given, resource_type.primary_identifier, resource_type.additional_identifiers)
        if isinstance(meant, str):
            return None
        paths = tuple(meant.values)
        return next(
            (
                identifier
                for identifier, seen in shown.items()
                if not isinstance(seen, HandlerError) and secondary_of(seen, paths) == meant
            ),
            None,
        )

    def show(self, resource_type: ResourceType, scope: Scope, identifier: str) -> None:
        """Let a resource be seen as it is now, since the test itself has placed or removed it."""
        properties = self._store.get(scope, resource_type.type_name, identifier)
        for veil in self._veils.get((scope, resource_type.type_name), ()):
            if veil.before is not None and identifier in veil.shown(self._clock.now()):
                if properties is None:
                    veil.before[identifier] = not_found(resource_type, identifier)
                else:
                    veil.before[identifier] = copied_object(resource_type.without_write_only(properties))


class VeilingHandler:
    """A handler that puts a veil up before it begins to work.

    Args:
        handler: what works.
        read: reads a resource.
        reads_unlocked: whether that runs code of the test's own.
        veil: hides what is done.
        clock: whose lock the handler may need.
    """

    def __init__(
        self,
        handler: Handler,
        read: Callable[[ResourceType, Scope, str], JSONObject],
        reads_unlocked: Callable[[], bool],
        veil: Veil,
        clock: MockClock,
    ) -> None:
        self.veil = veil
        self.handler = handler
        self._read = read
        self._reads_unlocked = reads_unlocked
        self._clock = clock

    @property
    def runs_unlocked(self) -> bool:
        """Whether it runs code of the test's own, to read or to work; see Handler."""
        return self.handler.runs_unlocked or (self.veil.before is None and self._reads_unlocked())

    def call(self, given: HandlerInput, now: datetime, seed: str) -> timedelta | None:
        """Make one handler call; see Handler."""
        if self.veil.before is None:
            self._put_up(given)
        if self.handler.runs_unlocked:
            return self.handler.call(given, now, seed)
        with self._clock.lock:  # which is held already, unless reading runs code of the test's own
            return self.handler.call(given, now, seed)

    def close(self, given: HandlerInput) -> Unlocked:
        """Let go of what the calls of a request have left open; see Handler."""
        return self.handler.close(given)

    def place(self, given: HandlerInput) -> str | None:
        """Return where the code of the handler stands; see Handler."""
        return self.handler.place(given)

    def _put_up(self, given: HandlerInput) -> None:
        before: dict[str, Seen] = {}
        if given.identifier is not None:
            try:
                model = self._read(given.resource_type, given.scope, given.identifier)
            except HandlerError as failure:
                before[given.identifier] = failure
            else:
                before[given.identifier] = copied_object(model)
        self.veil.before = before
