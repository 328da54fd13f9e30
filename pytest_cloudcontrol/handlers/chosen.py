"""What works requests off in one world: the default handler, those of the test's own, downstream work, hooks.

Which handler a resource type has for an operation: the latest that the test has added for it, else the default, which
is moto's for the types that a test wants there.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from pytest_cloudcontrol.handlers.downstream import Downstream
from pytest_cloudcontrol.handlers.hooks import Hooks
from pytest_cloudcontrol.handlers.memory import MemoryHandler
from pytest_cloudcontrol.handlers.veils import Veil, VeilingHandler, Veils
from pytest_cloudcontrol.handlers.watching import WatchingHandler
from pytest_cloudcontrol.vocabulary import HandlerOperation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.clock import MockClock
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.handlers.moto.handler import MotoHandler
    from pytest_cloudcontrol.handlers.problems import Problems
    from pytest_cloudcontrol.handlers.protocol import Handler, HandlerInput, Listing
    from pytest_cloudcontrol.handlers.provision import Provisions
    from pytest_cloudcontrol.handlers.written import WrittenHandler
    from pytest_cloudcontrol.journal import Journal
    from pytest_cloudcontrol.resources.store import Store
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Scope


class Handlers:
    """The handlers of one world. Callers hold the clock's lock, but for ``read`` and ``listed``.

    Attributes:
        memory: the default.
        provisions: for which types moto's is the default instead.
        downstream: what goes on whatever becomes of the request that has started it.
        hooks: what is asked before.
        veils: what reads don't show yet.
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
        self.veils = Veils(clock, store)
        self._clock = clock
        self.problems = problems
        self._watching = WatchingHandler(self.default, self.downstream, clock)
        self._written: dict[str, list[WrittenHandler]] = {}

    def add(self, handler: WrittenHandler) -> None:
        """Let a handler of the test's own do what it has functions for."""
        self._written.setdefault(handler.type_name, []).append(handler)

    def remove(self, handler: WrittenHandler) -> None:
        """Take a handler back; nothing happens if that has been done already."""
        there = self._written.get(handler.type_name, [])
        if handler in there:
            there.remove(handler)  # requests that it works on keep it

    def written(self, type_name: str, operation: HandlerOperation | str) -> WrittenHandler | None:
        """Return the handler of the test's own; None if the default is to do it."""
        if not self._written:  # as in most tests, at every call
            return None
        there = reversed(self._written.get(type_name, ()))
        return next((handler for handler in there if operation in handler.functions), None)

    def accepting(self, given: HandlerInput, *, watches: bool, is_veiled: bool, remembers: bool) -> Handler:
        """Return the handler of a new request, counted.

        Args:
            given: what the request asks.
            watches: whether the default handler only watches downstream work.
            is_veiled: whether reads are to show what is done only later.
            remembers: whether it is to be known what a read showed before.
        """
        type_name = given.type_name
        written = self.written(type_name, given.operation)
        handler: Handler
        if written is not None:
            written.fired += 1
            given.has_time_out = written.has_time_out
            handler = written
        else:
            handler = self._watching if watches else self.default(type_name)
            if self.provisions.is_used:
                self.provisions.of(type_name).fired += 1
        if not is_veiled and not remembers:
            return handler
        return self.veiled(handler, Veil(given), is_up=is_veiled)

    def veiled(self, handler: Handler, veil: Veil, *, is_up: bool = True) -> VeilingHandler:
        """Return a handler that puts up a veil before another one begins to work, or only notes what one would hide."""
        given = veil.given
        if is_up:
            self.veils.add(veil)
        return VeilingHandler(handler, self.read, partial(self._reads_by_test, given.type_name), veil, self._clock)

    def _reads_by_test(self, type_name: str) -> bool:
        return self.written(type_name, HandlerOperation.READ) is not None

    def default(self, type_name: str) -> MemoryHandler | MotoHandler:
        """Return the handler of a type for what the test has no handler of its own for."""
        return self.provisions.handler(type_name) or self.memory

    def lacks(self, type_name: str, operation: HandlerOperation) -> bool:
        """Whether there is no handler: the type's resources would have to be moto's, and can't."""
        return self.provisions.lacks(type_name) and self.written(type_name, operation) is None

    def reads_unlocked(self, type_name: str) -> bool:
        """Whether a read or a list of a type runs code of the test's own."""
        return bool(self._written) and any(
            self.written(type_name, operation) is not None
            for operation in (HandlerOperation.READ, HandlerOperation.LIST)
        )

    def read(self, resource_type: ResourceType, scope: Scope, identifier: str) -> JSONObject:
        """Return what the type's read handler shows; the lock is held just where no code of the test's own runs."""
        written = self.written(resource_type.type_name, HandlerOperation.READ)
        if written is not None:
            with self._timed(written, HandlerOperation.READ):
                return written.read(resource_type, scope, identifier)
        with self._clock.lock:
            return self.default(resource_type.type_name).read(resource_type, scope, identifier)

    @contextmanager
    def _timed(self, written: WrittenHandler, operation: HandlerOperation) -> Iterator[None]:
        """Look at how long a read or a list takes on the mock clock, which its code moves where it waits."""
        begun = self._clock.now()
        try:
            yield
        finally:
            written.check_time(operation, self._clock.now() - begun)

    def listed(
        self, resource_type: ResourceType, scope: Scope, model: JSONObject, next_token: str | None
    ) -> Listing | None:
        """Return what the type's list handler finds; None where those of the store are listed."""
        written = self.written(resource_type.type_name, HandlerOperation.LIST)
        if written is not None:
            with self._timed(written, HandlerOperation.LIST):
                return written.listed(resource_type, scope, model, next_token)
        with self._clock.lock:
            moto = self.provisions.handler(resource_type.type_name)
            return None if moto is None else moto.listed(resource_type, scope, model)
