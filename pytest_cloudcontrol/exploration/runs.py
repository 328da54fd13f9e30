"""One run of a scenario, in a world of its own, under a script that says which surprises come."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from pytest_cloudcontrol.arguments import refuse_unfinished
from pytest_cloudcontrol.exploration.choosing import Choosing
from pytest_cloudcontrol.exploration.errors import ExplorationError
from pytest_cloudcontrol.exploration.loops import is_coroutine_function, run_in_a_loop
from pytest_cloudcontrol.exploration.randomness import seeded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.controls.cloudcontrol import CloudControl
    from pytest_cloudcontrol.exploration.actors.watch import Watch
    from pytest_cloudcontrol.exploration.schedules import Script, Told
    from pytest_cloudcontrol.exploration.surprises import Surprise, Surprises
    from pytest_cloudcontrol.exploration.trace import Place, Trace

    Scenario = Callable[[CloudControl], object]

_HELD = (
    "the test itself holds moto's mock, so that what one run has made there the next would find: leave out mock_aws(), "
    "which provision='moto' enters and makes anew for each run, or enter it in the scenario"
)
_UNFINISHED = "something that has run: a coroutine would never be awaited. Give the `async def` itself"


_HOLDS_KILLS = (
    "the scenario goes on and on when it is killed, as by a crash, or where a run is cut short: what is no Exception "
    "has to end it. What to do: let its loop around the calls catch Exception, and neither BaseException nor everything"
)


class Ran(NamedTuple):
    """A run that has ended.

    Attributes:
        trace: what it did.
        chosen: the surprises there were, and where.
        error: what the scenario raised; None if it passed.
        is_vain: whether it was ended early, since it goes on like another schedule.
    """

    trace: Trace
    chosen: Sequence[tuple[Place, Surprise]]
    error: BaseException | None
    is_vain: bool


class Runs:
    """Runs one scenario again and again.

    Args:
        backend: the mock, made anew for each run.
        cloudcontrol: the mock as the scenario gets it.
        scenario: the code under test with its assertions.
        setup: arranges each world; None for none.
        surprises: what may happen.
        watch: looks at real time, for all runs.
    """

    def __init__(
        self,
        backend: Backend,
        cloudcontrol: CloudControl,
        scenario: Scenario,
        setup: Scenario | None,
        surprises: Surprises,
        watch: Watch,
    ) -> None:
        self._backend = backend
        self._cloudcontrol = cloudcontrol
        self._scenario = scenario
        self._setup = setup
        self._surprises = surprises
        self._watch = watch

    def run(self, script: Script, told: Told | None = None) -> Ran:
        """Run the scenario.

        Args:
            script: says which surprises come.
            told: which answer to which call makes the run equal to another one; see Schedule.

        Raises:
            ExplorationError: the run would find what another has made.
        """
        if self._backend.services.is_held:
            raise ExplorationError(_HELD)
        decisions = Choosing(self._backend, self._cloudcontrol, self._surprises, script, told, self._watch)
        self._backend.begin_run(decisions.in_a_new_world)
        with seeded(self._backend.options.seed):
            if self._setup is not None:
                with decisions.undisturbed():
                    self._perform("setup", self._setup)
            error = self._error_of(decisions)
        return Ran(decisions.trace, decisions.chosen, error, decisions.killing.is_vain)

    def _error_of(self, decisions: Choosing) -> BaseException | None:
        """Run the program until it ends otherwise than killed, and return what it raises, or what else is wrong."""
        while True:
            error = None
            with decisions.choosing():
                try:
                    decisions.play(partial(self._perform, "scenario", self._scenario))
                except BaseException as raised:
                    if _passes_through(raised) or decisions.somebody.error is not None:
                        raise
                    error = raised
            if decisions.somebody.error is not None:
                raise decisions.somebody.error
            if decisions.killing.is_held:
                raise ExplorationError(_HOLDS_KILLS)
            if decisions.killing.is_vain:
                return None
            if not decisions.killing.is_done:
                self._backend.end_world()
                return error or self._backend.unmet(with_report=False)

    def _perform(self, name: str, function: Scenario) -> None:
        if is_coroutine_function(function):
            run_in_a_loop(function, self._cloudcontrol)
            return
        refuse_unfinished(f"{name}'s result", function(self._cloudcontrol), _UNFINISHED)


def _passes_through(error: BaseException) -> bool:
    """Whether an exception is no failure: somebody ends the program, or the test ends itself as skipped or xfailed."""
    if isinstance(error, KeyboardInterrupt | SystemExit):
        return True
    kind = type(error)  # pytest says of some of its outcomes that they were Python's own
    is_outcome = any(base.__module__ == "_pytest.outcomes" for base in kind.__mro__)
    return is_outcome and kind.__name__ != "Failed"
