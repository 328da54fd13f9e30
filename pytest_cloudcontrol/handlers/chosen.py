"""What works requests off in one world: the default handler, those of the test's own, downstream work, hooks.

Which handler a resource type has for an operation: the latest that the test has added for it, else the default, which
is moto's for the types that a test wants there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.handlers.downstream import Downstream
from pytest_cloudcontrol.handlers.hooks import Hooks
from pytest_cloudcontrol.handlers.memory import MemoryHandler
from pytest_cloudcontrol.handlers.watching import WatchingHandler
from pytest_cloudcontrol.vocabulary import HandlerOperation

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.clock import MockClock
    from pytest_cloudcontrol.handlers.moto.handler import MotoHandler
    from pytest_cloudcontrol.handlers.problems import Problems
    from pytest_cloudcontrol.handlers.protocol import Handler, HandlerInput
    from pytest_cloudcontrol.handlers.provision import Provisions
    from pytest_cloudcontrol.handlers.written import WrittenHandler
    from pytest_cloudcontrol.journal import Journal
    from pytest_cloudcontrol.resources.store import Store


class Handlers:
    """The handlers of one world. Callers hold the clock's lock.

    Attributes:
        memory: the default.
        provisions: for which types moto's is the default instead.
        downstream: what goes on whatever becomes of the request that has started it.
        hooks: what is asked before.
        problems: what is told at the test's end.
    """

    def __init__(
        self,
        store: Store,
        clock: MockClock,
        journal: Journal,
        problems: Problems,
        most_pieces: int,
        provisions: Provisions,
    ) -> None:
        self.memory = MemoryHandler(store)
        self.provisions = provisions
        self.downstream = Downstream(clock, journal, problems, most_pieces)
        self.hooks = Hooks()
        self.problems = problems
        self._watching = WatchingHandler(self.default, self.downstream, clock)
        self._written: dict[str, list[WrittenHandler]] = {}
        self._removed: list[WrittenHandler] = []

    def add(self, handler: WrittenHandler) -> None:
        """Let a handler of the test's own do what it has functions for."""
        self._written.setdefault(handler.type_name, []).append(handler)

    def remove(self, handler: WrittenHandler) -> None:
        """Take a handler back; nothing happens if that has been done already."""
        there = self._written.get(handler.type_name, [])
        if handler in there:
            there.remove(handler)
            self._removed.append(handler)  # requests that it works on keep it

    def written(self, type_name: str, operation: HandlerOperation | str) -> WrittenHandler | None:
        """Return the handler of the test's own; None if the default is to do it."""
        if not self._written:  # as in most tests, at every call
            return None
        there = reversed(self._written.get(type_name, ()))
        return next((handler for handler in there if operation in handler.functions), None)

    def accepting(self, given: HandlerInput, *, watches: bool) -> Handler:
        """Return the handler of a new request, counted; ``watches`` is what its plan says of downstream work."""
        written = self.written(given.type_name, given.operation)
        if written is not None:
            written.fired += 1
            return written
        if self.provisions.is_used:
            self.provisions.of(given.type_name).fired += 1
        return self._watching if watches else self.default(given.type_name)

    def default(self, type_name: str) -> MemoryHandler | MotoHandler:
        """Return the handler of a type for what the test has no handler of its own for."""
        return self.provisions.handler(type_name) or self.memory

    def lacks(self, type_name: str, operation: HandlerOperation) -> bool:
        """Whether there is no handler: the type's resources would have to be moto's, and can't."""
        return self.provisions.lacks(type_name) and self.written(type_name, operation) is None

    def close_all(self) -> list[Callable[[], object]]:
        """Return what is to be done without the lock to close every generator that is suspended, downstream too."""
        everyone = [handler for there in self._written.values() for handler in there]
        closings = [closing for handler in (*everyone, *self._removed) for closing in handler.close_all()]
        return [*closings, *self.downstream.close_all()]

    def reads_unlocked(self, type_name: str) -> bool:
        """Whether a read or a list of a type runs code of the test's own."""
        return bool(self._written) and any(
            self.written(type_name, operation) is not None
            for operation in (HandlerOperation.READ, HandlerOperation.LIST)
        )

    def of(self, type_name: str, operation: HandlerOperation | str) -> Handler:
        """Return the handler."""
        return self.written(type_name, operation) or self.default(type_name)
