"""Backend: one active mock, as the ways in and the plugin need it; a test holds it as a CloudControl (controls/)."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from pytest_cloudcontrol.clock import MockClock
from pytest_cloudcontrol.decisions.decisions import Decisions
from pytest_cloudcontrol.exceptions import NoProgressError
from pytest_cloudcontrol.handlers.moto.dropped import Dropped
from pytest_cloudcontrol.handlers.moto.services import Services
from pytest_cloudcontrol.handlers.problems import FIRST_WORDS, Problems, described
from pytest_cloudcontrol.service.report import report
from pytest_cloudcontrol.service.service import Service
from pytest_cloudcontrol.vocabulary import Scope
from pytest_cloudcontrol.waiting.callers import Home
from pytest_cloudcontrol.waiting.sleeps import Sleeps
from pytest_cloudcontrol.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from botocore.model import ServiceModel

    from pytest_cloudcontrol.options import Options
    from pytest_cloudcontrol.service.service import Answer
    from pytest_cloudcontrol.waiting.callers import Connection

_OF_RULES: Final = "docs/how-to/arrange-beforehand.md#rules-that-never-fire"
_OF_REST: Final = "docs/how-to/wait-without-sleeping.md#requests-left-running"
_OF_HANDLERS: Final = "docs/how-to/write-a-handler.md#what-is-told-at-the-end"
_OF_SERVER: Final = "docs/how-to/serve-other-languages.md#loops-that-never-end"
"""The pages of the project's documentation that say what to do."""

_FIRST_WORDS_OF_ELSEWHERE: Final = "What called over HTTP was stopped:"


class EnteredServices(Services, Protocol):
    """Services that answer from when they are entered until they are left."""

    is_entered: bool

    @property
    def is_held(self) -> bool:
        """Whether the test itself holds them, so that ``reset`` leaves what they have."""
        ...

    def enter(self, now: Callable[[], datetime]) -> None:
        """Have them answer, and what they have change by a clock; entering again does nothing."""
        ...

    def leave(self) -> None:
        """Have them be as they were before."""
        ...

    def account_of(self, access_key: str) -> str | None:
        """Return the account of a key that they have handed out; None if they haven't."""
        ...


class Accounts:
    """The accounts of the access keys that were handed out, by the mock or by the services behind it.

    Args:
        services: these services.
        default: the account of every other key.
    """

    def __init__(self, services: EnteredServices, default: str) -> None:
        self._services = services
        self._default = default
        self._handed_out: dict[str, str] = {}

    def hand_out(self, access_key: str, account_id: str) -> None:
        """Let a key be an account's from now on."""
        self._handed_out[access_key] = account_id

    def of(self, access_key: str) -> str:
        """Return the account of a key."""
        account = self._handed_out.get(access_key)
        if account is None and self._services.is_entered:
            account = self._services.account_of(access_key)
        return self._default if account is None else account


class Backend:
    """One mocked Cloud Control: the world there is now, and what answers for it.

    Args:
        options: how it behaves.
        model: botocore's model of the API.
        services: those behind Cloud Control.
        most_calls: how many calls are kept on the record; None is all.

    Attributes:
        options: how it behaves.
        model: botocore's model of the API.
        clock: the mock clock; ``reset`` sets it back, too.
        accounts: the accounts of access keys.
        default_scope: the account and region of the options.
        home: where the test itself runs.
        world: what there is now; another one after ``reset``.
        service: what answers the calls.
        sleeps: what spends the sleeps of the clients.
        services: the services behind Cloud Control, entered where a test wants its resources there.
        problems: what is wrong with the test's own handlers.
        dropped: what the services haven't kept of what was wanted.
        make_decisions: makes what decides in a new world.
        is_elsewhere: whether this is a forked process's copy of a mock that is active in the parent: it answers
            nothing, and leaving it does nothing.

    Raises:
        SchemaError: the option ``schemas`` names something else than schemas.
    """

    def __init__(
        self, options: Options, model: ServiceModel, services: EnteredServices, most_calls: int | None = None
    ) -> None:
        self._most_calls = most_calls
        self.options = options
        self.model = model
        self.clock = MockClock(options.start, auto_advance=options.auto_advance)
        self.default_scope = Scope(options.account_id, options.region)
        self.accounts = Accounts(services, options.account_id)
        self.home = Home()
        self.is_elsewhere = False
        self.services = services
        self.problems = Problems()
        self._raised_elsewhere: list[BaseException] = []
        self.make_decisions: Callable[[], Decisions] = Decisions
        self._left: tuple[list[str], str] | None = None
        self._has_ended = self._problems_told = False
        self.dropped = Dropped()
        self._begin()
        if options.schemas is not None:
            len(self.world.catalog)  # reads the names of its types

    def _begin(self) -> None:
        self.world = World(self.options, self.clock, self.problems, self.services, self.dropped, self.make_decisions())
        self.service = Service(self.world, self.model, self.home, self._most_calls)
        self.sleeps = Sleeps(self.clock, self.world.registry, self.home, self.service.slept, self.options.seed)

    def answer(
        self, target: str, body: bytes, scope: Scope, *, is_retry: bool, connection: Connection | None = None
    ) -> Answer:
        """Answer one call.

        Args:
            target: the operation's name, from the header X-Amz-Target.
            body: the call's JSON text.
            scope: the caller's account and region.
            is_retry: whether an SDK repeats the call by itself.
            connection: over which it came; None in this process.

        Raises:
            NoProgressError: the caller's loop would never end.
        """
        self.clock.catch_up()
        service = self.service
        call = service.record(target, body, scope, is_retry=is_retry)
        try:
            service.run_before(call)
            if self.service is not service:  # a callback has reset: the new world answers, and has it on its record
                self.service.note(call)
            return self.service.answer(call, connection)
        finally:
            self.world.decisions.end_call(call)

    def enter_services(self) -> None:
        """Have the services behind Cloud Control answer until the end; doing so again does nothing.

        Raises:
            OptionError: they aren't installed.
        """
        self.services.enter(self.clock.now)

    def reset(self) -> None:
        """Begin anew, as if just made: the clock at its start, and nothing made, arranged or added."""
        self.world.end()
        with self.clock.lock:
            self.world.registry.ended = True
            self.clock.restart()
            self.services.reset()
            self._begin()

    def restore(self, seed: str, now: datetime, fill: Callable[[], object]) -> None:
        """Begin anew as another world, at its instant; if that can't be, all stays as it is.

        Args:
            seed: what tokens and made-up values are drawn from.
            now: where the clock stands.
            fill: fills the new world, which is there as ``world`` already.
        """
        before = self.world
        with self.clock.lock:
            kept = self.options, self.world, self.service, self.sleeps, self.clock.standing()
            try:
                self.options = replace(self.options, seed=seed)
                self.clock.restart(now)
                self._begin()
                fill()
            except BaseException:
                self.options, self.world, self.service, self.sleeps, standing = kept
                self.clock.stand(standing)
                raise
            before.registry.ended = True
        before.end()

    def begin_run(self, make_decisions: Callable[[], Decisions] = Decisions) -> None:
        """Begin anew, with nothing to be told of what was before.

        Args:
            make_decisions: makes what decides from now on.
        """
        self.problems, self.dropped = Problems(), Dropped()
        self._left, self._problems_told = None, False
        self._raised_elsewhere.clear()
        self.make_decisions = make_decisions
        self.reset()

    def begin_test(self) -> None:
        """Note that another test begins: what one has asked, the next doesn't repeat."""
        self.clock.note_act()

    def report(self) -> str:
        """Return what there is and what happened, for a failing test, and what is wrong with its own handlers."""
        with nullcontext() if self.is_elsewhere else self.clock.lock:  # which may be held for ever there, see close()
            happened = report(self.world, self.service.calls, self.default_scope)
        return "\n".join([happened, *([] if self._problems_told else self.problems.lines())])

    def raised_elsewhere(self, error: BaseException) -> None:
        """Note what was raised where the test doesn't see it, in a thread of the server's; it is told at its end."""
        if all(str(error) != str(known) for known in self._raised_elsewhere):  # or a loop would fill it
            self._raised_elsewhere.append(error)

    def unmet(self, *, with_report: bool) -> AssertionError | None:
        """Return what is wrong at a test's end, beside what the test itself has found; None if nothing is.

        That is what it arranged and never came to be, what it left running against its options, and what is wrong with
        its own handlers.

        Args:
            with_report: whether to tell of the rest, too, for where nothing else does.
        """
        if self.is_elsewhere:
            return None
        found = [
            finding
            for finding in (self._rules(), self._left, self._problems(), self._elsewhere())
            if finding is not None
        ]
        if not found:
            return None
        lines = [line for lines, _ in found for line in lines]
        self._problems_told = True
        report = [self.report()] if with_report else []
        pages = " and ".join(page for _, page in found)
        unmet = AssertionError("\n".join([*lines, *report, f"See {pages}"]))
        errors = [problem.error for problem in self.problems.found if problem.error is not None]
        errors += [error for error in self._raised_elsewhere if not isinstance(error, NoProgressError)]
        if errors:
            unmet.__cause__ = errors[0] if len(errors) == 1 else BaseExceptionGroup("what was raised", errors)
        return unmet

    def _rules(self) -> tuple[list[str], str] | None:
        rules = [f"    {rule}" for rule in self.world.decisions.unmet()]
        first = "These were arranged, but never came to be (optional=True allows it):"
        return ([first, *rules], _OF_RULES) if rules else None

    def _left_running(self) -> tuple[list[str], str] | None:
        if not self.options.leave_nothing_running:
            return None
        left = {
            "request": len(self.world.registry.running),
            "downstream work": len(list(self.world.handlers.downstream.running())),
        }
        lines = [
            f"{count} {what}{' is' if count == 1 else 's are'} still running at the end, "
            "and leave_nothing_running is on."
            for what, count in left.items()
            if count
        ]
        return (lines, _OF_REST) if lines else None

    def _problems(self) -> tuple[list[str], str] | None:
        lines = [f"    {problem.words}" for problem in self.problems.found]
        return ([FIRST_WORDS, *lines], _OF_HANDLERS) if lines else None

    def _elsewhere(self) -> tuple[list[str], str] | None:
        lines = [f"    {line}" for error in self._raised_elsewhere for line in described(error).splitlines()]
        return ([_FIRST_WORDS_OF_ELSEWHERE, *lines], _OF_SERVER) if lines else None

    def end_work(self) -> None:
        """Close the test's own code that is suspended, while the mock still answers."""
        if not (self.is_elsewhere or self._has_ended):
            self._has_ended = True
            self.end_world()

    def end_world(self) -> None:
        """Close the test's own code that is suspended in this world; another may follow."""
        self._left = self._left_running()
        self.world.end()

    def close(self) -> None:
        """End: let every suspended thread go."""
        if not self.is_elsewhere:  # where a thread that isn't here may hold the lock for ever
            self.clock.close()
