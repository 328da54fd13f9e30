"""The default handler where a service does the work by itself, and the handler only watches it: plan(downstream=True).

The first call starts the work. The next ones look, until it is done. The resource comes as the work goes on, whatever
has become of the request meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from pytest_cloudcontrol.handlers.protocol import HandlerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime, timedelta

    from pytest_cloudcontrol.clock import MockClock
    from pytest_cloudcontrol.handlers.downstream import Downstream, Work
    from pytest_cloudcontrol.handlers.protocol import Handler, HandlerInput
    from pytest_cloudcontrol.handlers.written import Suspendable


class WatchingHandler:
    """Lets the default handler's work go on downstream."""

    runs_unlocked = False

    def __init__(self, default: Callable[[str], Handler], downstream: Downstream, clock: MockClock) -> None:
        self._default = default
        self._downstream = downstream
        self._clock = clock
        self._started: dict[int, tuple[Work, HandlerInput]] = {}

    def call(self, given: HandlerInput, now: datetime, seed: str) -> timedelta | None:  # noqa: ARG002  # see Handler
        """Start the work, or look how far it has come; see Handler."""
        if id(given) not in self._started:
            self._start(given, seed)
        work, service = self._started[id(given)]
        given.identifier = service.identifier
        if isinstance(work.error, HandlerError):
            raise work.error
        return None if work.done else given.delay

    def _start(self, given: HandlerInput, seed: str) -> None:
        # A copy: the request's own is forgotten when it ends, and the work goes on.
        service = replace(given, planned_steps=max(given.planned_steps - 1, 1))
        pieces = cast("Suspendable", self._pieces(service, seed, comes_later=given.planned_steps > 1))
        name = f"{given.operation} {given.type_name}"
        work = self._downstream.start(given, name, pieces, runs_unlocked=False, may_raise=False)
        self._started[id(given)] = work, service
        self._downstream.make(work)

    def _pieces(self, service: HandlerInput, seed: str, *, comes_later: bool) -> Iterator[timedelta]:
        if comes_later:
            yield service.delay
        handler = self._default(service.type_name)
        while handler.call(service, self._clock.now(), seed) is not None:
            yield service.delay

    def close(self, given: HandlerInput) -> None:
        """Let the work go on by itself; see Handler."""
        self._started.pop(id(given), None)

    def place(self, given: HandlerInput) -> None:
        """No code of the test's own stands anywhere."""
