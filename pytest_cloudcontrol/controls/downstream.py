"""Downstream work in the test's hand."""

from __future__ import annotations

import threading
from types import GeneratorType
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.arguments import OptionError, refuse_unfinished
from pytest_cloudcontrol.controls.live import Live

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pytest_cloudcontrol.controls.request import ResourceRequest
    from pytest_cloudcontrol.controls.requests import Handles
    from pytest_cloudcontrol.handlers.downstream import Work
    from pytest_cloudcontrol.handlers.written import Suspendable
    from pytest_cloudcontrol.world import World


_PIECES: Final = "a generator, or a function that makes one: each `yield` waits on the clock"


def pieces_of(work: object) -> Suspendable:
    """Return the generator that some work is, or makes.

    Raises:
        OptionError: it is none, and makes none.
    """
    made = work() if callable(work) else work
    if not isinstance(made, GeneratorType):
        refuse_unfinished("work", made, _PIECES)
        raise OptionError("work", work, _PIECES)
    return made


class DownstreamWork:
    """Work that goes on downstream, whatever becomes of the request that has started it."""

    __slots__ = ("_handles", "_work", "_world")

    def __init__(self, handles: Handles, world: World, work: Work) -> None:
        self._handles = handles
        self._world = world
        self._work = work

    def __eq__(self, other: object) -> bool:
        return self._work is other._work if isinstance(other, DownstreamWork) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._work)

    def __repr__(self) -> str:
        state = "done" if self.done else f"next at {self.next_step_at}"
        return f"<DownstreamWork {self.name} of {self._work.request_token}, {state}>"

    @property
    def name(self) -> str:
        """What it is called."""
        return self._work.name

    @property
    def request(self) -> ResourceRequest:
        """The request that has started it."""
        return self._handles.of(self._world, self._world.runner.request_of(self._work))

    @property
    def done(self) -> bool:
        """Whether it has come to its end, was stopped, or has ended in an error."""
        return self._work.done

    @property
    def error(self) -> BaseException | None:
        """What has ended it; None if nothing has."""
        return self._work.error

    @property
    def next_step_at(self) -> datetime | None:
        """When its next piece is due; None if there is none."""
        return self._work.next_step_at

    def step(self) -> DownstreamWork:
        """Make its next piece; the clock moves to the piece's due time if that is later.

        Returns:
            The work itself.

        Raises:
            OptionError: it is done, or its own code is at work in this thread.
        """
        if self.done:
            raise OptionError("work", self, "work that isn't done: nothing of it is left to be made")
        self._refuse_inside()
        self._world.runner.make_piece(self._work)
        return self

    def run(self) -> DownstreamWork:
        """Make all its pieces; it may be done already.

        Returns:
            The work itself.

        Raises:
            OptionError: its own code is at work in this thread.
            NoProgressError: it has as many pieces as the option ``max_steps`` allows, and hasn't ended.
        """
        while not self.done:
            self._refuse_inside()
            self._world.runner.make_piece(self._work)
        return self

    def _refuse_inside(self) -> None:
        if self._work.making == threading.get_ident():
            raise OptionError("work", self, "work that isn't being made in this thread: its piece must end first")

    def stop(self) -> DownstreamWork:
        """Let it end here, as if its service had given it up. What it has done stays; stopping twice does nothing.

        Returns:
            The work itself.
        """
        with self._world.clock.act():
            self._world.handlers.downstream.stop(self._work)
        return self


class Downstream(Live["Work", DownstreamWork]):
    """All downstream work there was, oldest first. What is kept of it stays up to date, and follows a reset."""

    __slots__ = ("_handles",)

    def __init__(self, handles: Handles) -> None:
        self._handles = handles

    @property
    def last(self) -> DownstreamWork:
        """The latest.

        Raises:
            LookupError: there is none.
        """
        return self._last("no downstream work has been started: request.start() of a handler, or plan(downstream=True)")

    def _kept(self) -> Sequence[Work]:
        return self._handles.backend.world.handlers.downstream.works

    def _shown(self, kept: Work) -> DownstreamWork:
        return DownstreamWork(self._handles, self._handles.backend.world, kept)
