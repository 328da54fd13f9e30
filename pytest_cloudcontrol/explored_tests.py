"""The marker ``cloudcontrol_explore``: a test whose body is run under every schedule with at most so many surprises."""

from __future__ import annotations

import inspect
import json
import time
from collections import Counter
from dataclasses import replace
from types import MethodType
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.controls.cloudcontrol import CloudControl
    from pytest_cloudcontrol.exploration.wanted import Wanted

MARKER: Final = "cloudcontrol_explore"
REPLAY: Final = "--cloudcontrol-replay"
HELP: Final = "the replay line of a failed exploration: tests with the marker run just that schedule"

_SHARDS: Final = "shards"
_SHARD: Final = "_cloudcontrol_shard"
_IN_VAIN: Final = f"{REPLAY}: none of the selected tests has the marker {MARKER}"
_COVERED: Final = "cloudcontrol_explored"
_OWN: Final = frozenset({"cloudcontrol", "cloudcontrol_client", "cloudcontrol_server", "request", _SHARD})
_OF_PLUGINS: Final = frozenset({"anyio_backend"})
"""Fixtures that a mark of another plugin asks for, by which the test is run and that keep nothing."""
_INSTANCE: Final = (
    f"each run of @pytest.mark.{MARKER} has an instance of the test class of its own, without what a fixture or "
    "setup_method has set on the test's one: {names}. What to do: make it in the test itself"
)
_QUIET: Final = 2.0
"""So many seconds an exploration takes before it says how far it is; and so often it says so, four times a second."""
_PACE: Final = 0.25


def is_explored(node: pytest.Item | pytest.Collector) -> bool:
    """Whether a test is explored."""
    return node.get_closest_marker(MARKER) is not None


def mock_options_of(marker: pytest.Mark) -> dict[str, object]:
    """Return the options of the mock that the marker gives.

    Raises:
        UnknownOption: it gives what there isn't.
    """
    from pytest_cloudcontrol.exploration.wanted import wanted_of

    return wanted_of({name: value for name, value in marker.kwargs.items() if name != _SHARDS})[1]


def _given_to(node: pytest.Item) -> dict[str, Any]:
    """Return the arguments of a test's markers, merged: the closest wins."""
    merged: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers(MARKER))):
        if marker.args:
            from pytest_cloudcontrol.arguments import OptionError

            raise OptionError("marker", marker.args, f"arguments by name, such as {MARKER}(surprises=2)")
        merged |= marker.kwargs
    return merged


def _wanted_by(node: pytest.Item) -> Wanted:
    from pytest_cloudcontrol.exploration.wanted import wanted_of

    given = {name: value for name, value in _given_to(node).items() if name != _SHARDS}
    wanted, _ = wanted_of(given)
    line = node.config.getoption(REPLAY)
    return wanted if line is None else replace(wanted, replay=line)


# ---------------------------------------------------------------------- before the test


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Divide an exploration into as many tests as the marker says."""
    markers = list(metafunc.definition.iter_markers(MARKER))
    shards = next((marker.kwargs[_SHARDS] for marker in markers if _SHARDS in marker.kwargs), None)
    if shards is None:
        return
    from pytest_cloudcontrol.arguments import OptionError, whole_number

    try:
        count = whole_number(shards, _SHARDS)
    except OptionError as error:
        pytest.fail(f"@pytest.mark.{MARKER} of {metafunc.definition.nodeid}: {error}", pytrace=False)
    metafunc.fixturenames.append(_SHARD)
    ids = [f"shard {number} of {count}" for number in range(1, count + 1)]
    metafunc.parametrize(_SHARD, [(number, count) for number in range(count)], ids=ids, indirect=True)


@pytest.fixture
def _cloudcontrol_shard(request: pytest.FixtureRequest) -> tuple[int, int]:
    shard: tuple[int, int] = request.param
    return shard


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse a replay line that no test would replay."""
    is_worker = hasattr(session.config, "workerinput")  # xdist breaks down where one refuses: there each test fails
    if session.items and _is_in_vain(session) and not is_worker:
        raise pytest.UsageError(_IN_VAIN)


def _is_in_vain(session: pytest.Session) -> bool:
    """Whether there is a replay line that none of the selected tests replays."""
    return session.config.getoption(REPLAY) is not None and not any(map(is_explored, session.items))


def refuse_in_vain(item: pytest.Item) -> None:
    """Fail a test where there is a replay line that none replays."""
    if _is_in_vain(item.session):
        pytest.fail(_IN_VAIN, pytrace=False)


def refuse(item: pytest.Item, fixture_scope: str) -> None:
    """Fail a test that can't be explored."""
    refusal = _refusal(item, fixture_scope)
    if refusal is not None:
        pytest.fail(refusal, pytrace=False)


def _refusal(item: pytest.Item, fixture_scope: str) -> str | None:
    """Return why a test can't be explored; None if it can."""
    from unittest import TestCase

    from pytest_cloudcontrol.arguments import OptionError

    mark = f"@pytest.mark.{MARKER}"
    try:
        _wanted_by(item).check()
    except OptionError as error:
        return f"{mark}: {error}"
    if not isinstance(item, pytest.Function):
        return f"{mark} is for test functions, and {item.nodeid} is none: call explore() in it"
    if item.cls is not None and issubclass(item.cls, TestCase):
        return f"{mark} isn't for a unittest.TestCase, which runs its tests itself: call explore() in the test"
    if getattr(item.obj, "is_hypothesis_test", False):
        return f"{mark} isn't for a test with @given, whose examples would share a world: call explore() in the test"
    if fixture_scope != "function":
        return (
            f"{mark} makes a world for each of its runs, but with cloudcontrol_fixture_scope = {fixture_scope} the "
            "test shares its mock with others: call explore() in a test that doesn't take the fixture"
        )
    shared = next(_shared_fixtures(item), None)
    if shared is not None:
        return (
            f"the fixture {shared!r} is made once for the test, and the runs of {mark} would share it: make what it "
            "gives in the test itself, or give the fixture a wider scope if it keeps nothing"
        )
    return None


def _shared_fixtures(item: pytest.Function) -> Iterator[str]:
    """Yield the fixtures that a test names and that are made for it alone, but for those that follow its runs."""
    # pytest has no public way to ask for a fixture's scope.
    definitions: Mapping[str, Any] = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009
    named = [*inspect.signature(item.obj).parameters]
    named += [name for marker in item.iter_markers("usefixtures") for name in marker.args]
    for name in named:
        found = definitions.get(name)
        is_parameter = found and found[-1].func.__module__ == "_pytest.python"
        if found and found[-1].scope == "function" and name not in _OWN | _OF_PLUGINS and not is_parameter:
            yield name


# ---------------------------------------------------------------------- the test


def exploring(item: pytest.Function, backend: Backend) -> Callable[..., None]:
    """Return what is called in the place of a test function, with the same arguments: it explores that."""
    function: Callable[..., Any] = item.obj

    def explore_it(**_: object) -> None:
        _explore(item, function, backend)

    return explore_it


def _explore(item: pytest.Function, function: Callable[..., Any], backend: Backend) -> None:
    """Run a test function under every schedule."""
    from pytest_cloudcontrol.exploration.explore import explore_in

    argument_names = inspect.signature(function).parameters
    arguments = {name: item.funcargs[name] for name in argument_names if name in item.funcargs}

    instance = _instance_of(function, item)
    if getattr(instance, "__dict__", None):
        pytest.fail(_INSTANCE.format(names=", ".join(vars(instance))), pytrace=False)

    def scenario(cloudcontrol: CloudControl) -> object:  # noqa: ARG001  # the fixture's, which follows each reset
        return _of_a_new_instance(function, item)(**arguments)

    async def scenario_of_coroutines(cloudcontrol: CloudControl) -> None:  # noqa: ARG001  # see above
        await _of_a_new_instance(function, item)(**arguments)

    # pytest hands a parameter only to a test that names it, and can't know of what type it is.
    parameters: Mapping[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
    shard: tuple[int, int] = parameters.get(_SHARD, (0, 1))
    is_async = inspect.iscoroutinefunction(function)
    replayed_by = f'pytest "{item.nodeid}" {REPLAY}="{{line}}"'
    progress = _Progress(item)
    try:
        explored = explore_in(
            backend,
            scenario_of_coroutines if is_async else scenario,
            _wanted_by(item),
            replayed_by,
            shard=shard,
            tell=progress.tell,
        )
    finally:
        progress.end()
    covered = {"runs": explored.runs, "pruned": explored.pruned, **explored.surprises}
    item.user_properties.append((_COVERED, json.dumps(covered)))


def _instance_of(function: Callable[..., Any], item: pytest.Function) -> object:
    """Return the instance of its class that a test method has; None for another function.

    Before pytest 8.2 the item itself doesn't know it any more: it says that of what is called in the method's place.
    """
    instance: object = getattr(function, "__self__", None)
    return instance if item.cls is not None and isinstance(instance, item.cls) else None


def _of_a_new_instance(function: Callable[..., Any], item: pytest.Function) -> Callable[..., Any]:
    """Return a test method of a new instance of its class, so that runs share none; another function as it is."""
    if isinstance(function, MethodType) and _instance_of(function, item) is not None:
        return MethodType(function.__func__, type(function.__self__)())
    return function


class _Progress:
    """Tells on the terminal how far an exploration is that takes long, and leaves nothing of that there.

    Args:
        item: the test; where there is no terminal nothing is told.
    """

    def __init__(self, item: pytest.Item) -> None:
        self._reporter: Any = item.config.pluginmanager.get_plugin("terminalreporter")
        self._capturing: Any = item.config.pluginmanager.get_plugin("capturemanager")
        self._is_seen = self._reporter is not None and self._reporter.isatty and self._capturing is not None
        self._next_at = time.monotonic() + _QUIET
        self._has_told = False

    def tell(self, runs: int, of: int) -> None:
        """Tell how many schedules were run, and of how many at least, if it is time again."""
        if not self._is_seen or time.monotonic() < self._next_at:
            return
        self._next_at = time.monotonic() + _PACE
        with self._capturing.global_and_fixture_disabled():
            if not self._has_told:
                self._has_told = True
                self._reporter.ensure_newline()
            self._reporter.rewrite(f"cloudcontrol: {runs} schedules run, of {of}", erase=True)
            self._reporter.flush()

    def end(self) -> None:
        """Wipe out what was told."""
        if self._has_told:
            with self._capturing.global_and_fixture_disabled():
                self._reporter.rewrite("", erase=True)
                self._reporter.rewrite("")


# ---------------------------------------------------------------------- afterwards


def summary(reports: Iterator[pytest.TestReport]) -> str | None:
    """Return a line that says what the tests of a run have covered; None if nothing was explored."""
    covered: Counter[str] = Counter()
    tests = 0
    for report in reports:
        for name, value in report.user_properties:
            if name == _COVERED:
                tests += 1
                covered.update(json.loads(str(value)))
    if not tests:
        return None
    runs, pruned = covered.pop("runs"), covered.pop("pruned")
    tried = ", ".join(f"{count} {kind}" for kind, count in covered.items() if count)
    return (
        f"cloudcontrol: {tests} exploration{'' if tests == 1 else 's'}, {runs} schedule{'' if runs == 1 else 's'}, "
        f"{pruned} pruned; "
        f"surprises: {tried or 'none'}"
    )
