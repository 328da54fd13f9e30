"""explore(): runs code under every schedule with at most so many surprises."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Unpack

from pytest_cloudcontrol.activation import activated, caller
from pytest_cloudcontrol.arguments import text
from pytest_cloudcontrol.controls.cloudcontrol import CloudControl
from pytest_cloudcontrol.exploration.actors.watch import Watch
from pytest_cloudcontrol.exploration.exploring import Exploration, Exploring
from pytest_cloudcontrol.exploration.failure import note
from pytest_cloudcontrol.exploration.loops import in_a_thread_of_its_own, is_coroutine_function, is_loop_running
from pytest_cloudcontrol.exploration.runs import Runs
from pytest_cloudcontrol.exploration.schedules import Replayed, replay_line
from pytest_cloudcontrol.exploration.surprises import Kind, name_of
from pytest_cloudcontrol.exploration.wanted import Wanted, check_function, wanted_of
from pytest_cloudcontrol.options import Options, merged
from pytest_cloudcontrol.service.errors import known_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.exploration.runs import Ran, Scenario
    from pytest_cloudcontrol.exploration.surprises import Other
    from pytest_cloudcontrol.options import OptionValues
    from pytest_cloudcontrol.vocabulary import HandlerErrorCode

START: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Where the mock clock of every run starts unless told: a run shall be the same on any day."""


def explore(  # each is a kind of surprise, given by its name
    scenario: Scenario,
    *,
    setup: Scenario | None = None,
    surprises: int = 1,
    cancels: bool = True,
    failures: Sequence[HandlerErrorCode | str] = ("GeneralServiceException",),
    errors: Sequence[str] = ("lost answer", "ThrottlingException"),
    moves: bool = True,
    interleavings: bool = True,
    expiries: bool = False,
    crashes: bool = False,
    stale_reads: bool = False,
    others: Sequence[Other] = (),
    max_runs: int = 10_000,
    replay: str | None = None,
    **options: Unpack[OptionValues],
) -> Exploration:
    """Run a scenario under every schedule with at most so many surprises, each in a fresh world.

    A surprise is one thing that AWS, or somebody else, may do and that a plain run doesn't. First the plain run is
    made, then all with one surprise, then all with two, and so on: so the first failure has the fewest there can be.

    Args:
        scenario: takes the ``CloudControl`` of its world: the code under test with its assertions; a function or a
            coroutine function.
        setup: takes it too, and arranges the world before each run, undisturbed; not again after a crash.
        surprises: how many there are at most in one run.
        cancels: whether requests are cancelled, instead of each handler call and at the end.
        failures: the codes with which handler calls fail, at each and at the end; a hook fails if there are any.
        errors: what API calls get instead of an answer: error codes as ``add_error`` takes them, for as long as an
            SDK retries, and ``lost answer``: the call is carried out, and nobody is told.
        moves: whether the world moves on by one piece of work before each call.
        interleavings: whether other threads and tasks of the scenario come first at each call.
        expiries: whether requests expire, instead of each handler call and at the end.
        crashes: whether the program is killed before and after each call, and started again in the same world.
        stale_reads: whether a read doesn't show yet what the request has done that ended last.
        others: functions of the test's own, which take the ``CloudControl``: what somebody else does before a call.
        max_runs: how many schedules are run at most.
        replay: a line from a failure's note: only that schedule is run.
        options: those of the mock; see Options. ``start`` is one fixed day by default.

    Returns:
        What was covered: all of it has passed.

    Raises:
        OptionError: a value isn't valid.
        AlreadyActive: a mock is active.
        ScenarioDiffers: the scenario doesn't do the same each time.
        ReplayDoesNotFit: the replay line names what isn't there.
        TooManySchedules: there are more than max_runs, and those that were run have passed.
        ExplorationError: the resources are moto's, and the test itself holds moto's mock.

    Whatever the scenario raises is its failure, and goes on to the caller with a note that says which surprises it
    took, what happened, and how to replay it.

    Inside a coroutine a scenario that is one runs in a thread of its own, since an event loop is running in this one;
    meanwhile nothing else of that loop goes on.

    Example:
        ```python
        def create(cloudcontrol):
            client = cloudcontrol.client()
            answer = client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            token = answer["ProgressEvent"]["RequestToken"]
            client.get_waiter("resource_request_success").wait(RequestToken=token)

        covered = explore(create, cancels=False, failures=(), errors=())
        assert covered.surprises["moved on"] > 0
        ```
    """
    wanted = Wanted(
        setup=setup,
        surprises=surprises,
        cancels=cancels,
        failures=failures,
        errors=errors,
        moves=moves,
        interleavings=interleavings,
        expiries=expiries,
        crashes=crashes,
        stale_reads=stale_reads,
        others=others,
        max_runs=max_runs,
        replay=replay,
    )
    wanted_of(options)  # or a misspelt argument would be told as a misspelt option of the mock
    name = name_of(check_function("scenario", scenario))
    replayed_by = f'explore({name}, replay="{{line}}"){_same([*wanted.scene(), *options])}'
    holder = f"explore() at {caller(__name__)}"

    def explore_here() -> Exploration:
        with activated(merged(Options(start=START), options), holder) as backend:
            return explore_in(backend, scenario, wanted, replayed_by)

    needs_loop = any(function is not None and is_coroutine_function(function) for function in (scenario, setup))
    return in_a_thread_of_its_own(explore_here) if needs_loop and is_loop_running() else explore_here()


def explore_in(
    backend: Backend,
    scenario: Scenario,
    wanted: Wanted,
    replayed_by: str,
    *,
    shard: tuple[int, int] = (0, 1),
    tell: Callable[[int, int], None] | None = None,
) -> Exploration:
    """Explore in a backend that is active already, and whose world is made anew for each run.

    Args:
        backend: the backend.
        scenario: the code under test with its assertions.
        wanted: which surprises are tried.
        replayed_by: how a test replays a line, with ``{line}`` where it stands.
        shard: which of how many parts is run.
        tell: told after each run how many there were, and of how many at least.
    """
    replay = None if wanted.replay is None else Replayed(text(wanted.replay, "replay"))
    codes = known_codes(shape.name for shape in backend.model.error_shapes)
    surprises = wanted.checked(codes, None if replay is None else replay.words)

    def fail(ran: Ran, passed: int) -> BaseException:
        if ran.error is None:
            raise AssertionError("a run that has passed is no failure")
        ran.error.add_note(note(ran, passed, backend, replayed_by))
        return ran.error

    with Watch() as watch:
        runs = Runs(backend, CloudControl(backend), scenario, wanted.setup, surprises, watch)
        if replay is not None:
            ran = runs.run(replay)
            if ran.error is not None:
                raise fail(ran, 0)
            replay.check()
            explored = _replayed(ran)
        else:
            explored = Exploring(
                runs, wanted.surprises, wanted.max_runs, fail, moves=wanted.moves, shard=shard, tell=tell
            ).explore()
    backend.begin_run()
    return explored


def _same(names: list[str]) -> str:
    """Return what a replay needs beside its line: the world that the exploration has had."""
    return f", with the same {' and '.join(names)}" if names else ""


def _replayed(ran: Ran) -> Exploration:
    counts = {kind.value: sum(surprise.kind is kind for _, surprise in ran.chosen) for kind in Kind}
    lines = (replay_line(ran.chosen),) if ran.chosen else ()
    return Exploration(1, ran.trace.places, 0, lines, counts)
