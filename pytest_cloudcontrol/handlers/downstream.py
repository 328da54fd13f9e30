"""Downstream work: what a service does by itself, whatever becomes of the request that has started it.

Cancelling a request ends no work that has begun downstream (L-17), and neither does its failure or its expiry. A piece
of it is made when the clock comes to it, before the handler calls of the same instant, in the order of the starts.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from pytest_cloudcontrol.arguments import OptionError, duration
from pytest_cloudcontrol.clock import Entry, Rank
from pytest_cloudcontrol.decisions.plans import LONGEST
from pytest_cloudcontrol.exceptions import NoProgressError
from pytest_cloudcontrol.handlers.problems import WrongResult, described
from pytest_cloudcontrol.handlers.protocol import HandlerError
from pytest_cloudcontrol.handlers.written import Suspendable, close, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    from pytest_cloudcontrol.clock import MockClock, Unlocked
    from pytest_cloudcontrol.handlers.problems import Problems
    from pytest_cloudcontrol.handlers.protocol import HandlerInput
    from pytest_cloudcontrol.journal import Journal
    from pytest_cloudcontrol.vocabulary import Scope


class Work:
    """One piece after the other of what a service does.

    Args:
        given: what the request that has started it asks.
        name: what a test knows it by.
        pieces: yields between two pieces how long the next one waits.
        runs_unlocked: whether it is the test's own code.
        may_raise: whether it is all right if that raises something else than HandlerError.

    Attributes:
        order: its place among all, from 1.
        error: what has ended it, if it didn't come to its end.
        entry: what stands for its next piece in the clock's queue; None if there is none.
        making: the thread that makes a piece of it; None if none is being made.
    """

    def __init__(
        self,
        given: HandlerInput,
        name: str,
        pieces: Suspendable,
        order: int,
        *,
        runs_unlocked: bool,
        may_raise: bool,
    ) -> None:
        self.request_token = given.request_token
        self.scope: Scope = given.scope
        self.delay = given.delay
        self.name = name
        self.pieces = pieces
        self.order = order
        self.runs_unlocked = runs_unlocked
        self.may_raise = may_raise
        self.made = 0
        self.done = False
        self.error: BaseException | None = None
        self.entry: Entry | None = None
        self.making: int | None = None

    @property
    def next_step_at(self) -> datetime | None:
        """When its next piece is due; None if there is none."""
        return None if self.entry is None else self.entry.at


class Downstream:
    """All downstream work of one world. Callers hold the clock's lock, but for what they are given to do without it."""

    def __init__(self, clock: MockClock, journal: Journal, problems: Problems, most_pieces: int) -> None:
        self.works: list[Work] = []
        self._clock = clock
        self._queue = clock.work  # this world's own
        self._journal = journal
        self._problems = problems
        self._most_pieces = most_pieces
        self._ending = False

    def running(self) -> Iterator[Work]:
        """Yield the work that isn't done."""
        return (work for work in self.works if not work.done)

    def start(
        self,
        given: HandlerInput,
        name: str,
        pieces: Suspendable,
        *,
        runs_unlocked: bool,
        may_raise: bool,
    ) -> Work:
        """Note new work; its first piece is for the caller to make, at once."""
        work = Work(given, name, pieces, len(self.works) + 1, runs_unlocked=runs_unlocked, may_raise=may_raise)
        self.works.append(work)
        self._note(work, "begins")
        return work

    def make(self, work: Work) -> Unlocked:
        """Make the next piece of some work, or return that for the caller to do without the lock."""
        if work.entry is not None:
            work.entry.withdraw()
            work.entry = None
        if work.done or work.making is not None:
            return None
        if work.made >= self._most_pieces:
            self._await(work, self._clock.now())
            raise self._never_ends(work)
        work.making = threading.get_ident()
        if work.runs_unlocked:
            return partial(self._go_on, work)
        self._go_on(work)
        return None

    def stop(self, work: Work) -> None:
        """Let some work end here, as if its service had given it up; its generator is closed without the lock."""
        if work.done:
            return
        work.done = True
        self._note(work, "stopped")
        if work.entry is not None:
            work.entry.withdraw()
            work.entry = None
        if work.making is None:
            self._close(work)

    def stop_all(self) -> int:
        """End all work with the mock, also what begins from now on; return how much was running."""
        self._ending = True
        if not self.works:  # as in most tests
            return 0
        running = list(self.running())
        for work in running:
            self.stop(work)
        return len(running)

    def _close(self, work: Work) -> None:
        whose = f"the downstream work {work.name}"
        self._clock.defer(partial(close, work.pieces, whose, self._problems, may_raise=work.may_raise))

    def _go_on(self, work: Work) -> None:
        try:
            waits = self._wait(work, next(work.pieces))
        except StopIteration:
            self._end(work, None)
        except Exception as error:
            self._end(work, error)
        except BaseException as error:  # an outcome of pytest's: the work has ended, and whoever moved on sees it
            self._end(work, error)
            raise
        else:
            with self._clock.lock:
                work.making = None
                work.made += 1
                self._clock.announce()
                if work.done:  # stopped meanwhile
                    self._close(work)
                elif self._ending:
                    self.stop(work)
                else:
                    self._await(work, self._clock.now() + waits)
                    self._note(work, f"goes on {waits.total_seconds():g} s later")

    def _wait(self, work: Work, given: object) -> timedelta:
        try:
            return work.delay if given is None else duration(given, "yield", at_most=LONGEST)
        except OptionError as error:
            work.pieces.close()
            raise WrongResult(error.name, error.value, error.expected) from None

    def _end(self, work: Work, error: BaseException | None) -> None:
        with self._clock.lock:
            work.making = None
            work.made += 1
            work.done = True
            work.error = error
            self._note(work, "done" if error is None else f"ended by {described(error)}")
            # A HandlerError is the service's own refusal; what is no Exception goes on to whoever moves the clock.
            if isinstance(error, Exception) and not isinstance(error, HandlerError):
                self._problems.raised(f"the downstream work {work.name}", error, may_raise=work.may_raise)
            self._clock.announce()

    def _await(self, work: Work, at: datetime) -> None:
        work.entry = Entry(at, work.order, partial(self.make, work), work, Rank.DOWNSTREAM)
        self._queue.add(work.entry)

    def _note(self, work: Work, words: str) -> None:
        self._journal.note(self._clock.now(), work.request_token, f"downstream work {work.name}: {words}")

    def _never_ends(self, work: Work) -> NoProgressError:
        stalled = (
            f"the downstream work {work.name} of request {work.request_token} has not ended after "
            f"{self._most_pieces} pieces; it stands at {place_of(work.pieces)}."
        )
        remedy = (
            "What to do: end it (work.stop(), or fewer pieces). "
            f"If so many are meant, give a larger option max_steps than {self._most_pieces}."
        )
        return NoProgressError(stalled, remedy, "")
