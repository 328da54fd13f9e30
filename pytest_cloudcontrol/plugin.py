"""The pytest plugin: options, the marker, the fixtures, and what a failing test shows.

Only pytest is imported at the top. botocore, boto3 and all the rest come when the first test asks for the fixture.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import pytest

from pytest_cloudcontrol import explored_tests

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.controls.cloudcontrol import CloudControl
    from pytest_cloudcontrol.options import Options
    from pytest_cloudcontrol.server.served import CloudControlServer

    FixtureScope: TypeAlias = Literal["function", "class", "module", "session"]

_MARKER: Final = "cloudcontrol"
_MARKERS: Final = (_MARKER, explored_tests.MARKER)
_FIXTURE: Final = "cloudcontrol"
_INI_PREFIX: Final = "cloudcontrol_"
_FLAG_PREFIX: Final = "--cloudcontrol-"
_SCOPE_INI: Final = "cloudcontrol_fixture_scope"
# Not "package": for a fixture that a plugin defines pytest makes it the same as "session".
_SCOPES: Final[tuple[FixtureScope, ...]] = ("function", "class", "module", "session")
_NODES: Final = (pytest.Item, pytest.Class, pytest.Module, pytest.Session)
_NOT_GIVEN: Final = "(not given)"


@dataclass
class Active:
    """The backend that is active below a node of pytest's tree.

    Attributes:
        backend: the backend.
        excused: whether what never came to be is excused: a test that had it didn't pass.
        has_tested: whether a test has run with it; with ``--setup-only`` none does.
        ended: whether it is active no more.
    """

    backend: Backend
    excused: bool = False
    has_tested: bool = False
    ended: bool = False


_ACTIVE: Final = pytest.StashKey[Active]()


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the ini and command line options."""
    from pytest_cloudcontrol.options import HELP

    config = pluginmanager.get_plugin("pytestconfig")
    if isinstance(config, pytest.Config):
        _refuse_unknown_flags([str(argument) for argument in config.invocation_params.args])
    group = parser.getgroup("cloudcontrol", "mocked AWS Cloud Control API (pytest-cloudcontrol)")
    for name, words in HELP.items():
        group.addoption(_flag(name), dest=_INI_PREFIX + name, metavar="VALUE", default=None, help=words)
        parser.addini(_INI_PREFIX + name, words, default=_NOT_GIVEN)
    group.addoption(explored_tests.REPLAY, metavar="LINE", default=None, help=explored_tests.HELP)
    parser.addini(_SCOPE_INI, f"the scope of the fixtures: {', '.join(_SCOPES)}", default="function")


def pytest_load_initial_conftests(args: list[str]) -> None:
    """Refuse misspelt options that come from an ini file's addopts or the environment."""
    _refuse_unknown_flags(args)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and check every option before a test runs."""
    from pytest_cloudcontrol.options import HELP

    config.addinivalue_line(
        "markers",
        f"{_MARKER}(**options): mock AWS Cloud Control for the test, with these options: {', '.join(HELP)}",
    )
    config.addinivalue_line(
        "markers",
        f"{explored_tests.MARKER}(surprises=1, **arguments): run the test under every schedule with so many surprises "
        "at most; the arguments are those of explore(), and shards=N",
    )
    _refuse_unknown_settings(config)
    _fixture_scope(_MARKER, config)
    _configured_options(config, seed="checked only")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin a test of a shared mock, and refuse options that come too late: on a test that doesn't have its own."""
    explored_tests.refuse_in_vain(item)
    scope = _fixture_scope(_MARKER, item.config)
    if explored_tests.is_explored(item):
        explored_tests.refuse(item, scope)
    if scope == "function":
        return
    shared = _active_at(item)
    if shared is not None:
        shared.backend.begin_test()
    shared_by = item.getparent(_NODES[_SCOPES.index(scope)])
    for node, marker in item.iter_markers_with_node(_MARKER):
        if marker.kwargs and shared_by is not None and node not in shared_by.listchain():
            from pytest_cloudcontrol.arguments import shown

            given = ", ".join(f"{name}={shown(value)}" for name, value in marker.kwargs.items())
            pytest.fail(
                f"@pytest.mark.cloudcontrol({given}) on {node.name!r} comes too late: with {_SCOPE_INI} = {scope} "
                f"the mock is shared by the whole {scope}. Mark the {scope}, or use the ini options.",
                pytrace=False,
            )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Explore a test that has the marker for it.

    What is called is another function then, so that no other plugin, whichever comes first, calls the test itself.
    """
    active = _active_at(pyfuncitem) if explored_tests.is_explored(pyfuncitem) else None
    if active is None:
        return (yield)
    function = pyfuncitem.obj
    pyfuncitem.obj = explored_tests.exploring(pyfuncitem, active.backend)
    try:
        return (yield)
    finally:
        pyfuncitem.obj = function


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what was explored."""
    reports = (
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if report.when == "call"
    )
    line = explored_tests.summary(reports)
    if line is not None:
        terminalreporter.write_line(line)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show a failing test's requests, and remember how it ended."""
    report = yield
    active = _active_at(item)
    if active is None:
        return report
    if report.failed and not (report.when == "call" and explored_tests.is_explored(item)):  # whose note has it
        report.sections.append(("Cloud Control", active.backend.report()))
    if report.outcome != "passed":
        active.excused = True
    active.has_tested |= report.when == "call"
    if active.ended:
        for node in item.listchain():
            if node.stash.get(_ACTIVE, None) is active:
                del node.stash[_ACTIVE]  # pytest keeps its nodes; the mock needn't stay with them
    return report


def _fixture_scope(fixture_name: str, config: pytest.Config) -> FixtureScope:  # noqa: ARG001  # pytest passes it by name
    wanted = config.getini(_SCOPE_INI)
    for scope in _SCOPES:
        if scope == wanted:
            return scope
    from pytest_cloudcontrol.arguments import OptionError

    raise pytest.UsageError(str(OptionError(_SCOPE_INI, wanted, _SCOPES)))


def _has_a_cause(raised: pytest.ExceptionInfo[BaseException]) -> bool:
    return raised.value.__cause__ is not None


@pytest.fixture(scope=_fixture_scope)
def cloudcontrol(request: pytest.FixtureRequest) -> Iterator[CloudControl]:
    """Mock AWS Cloud Control API for this test: a ``CloudControl``, with the clock and the steps in the test's hand."""
    from pytest_cloudcontrol.activation import activated
    from pytest_cloudcontrol.arguments import OptionError
    from pytest_cloudcontrol.controls.cloudcontrol import CloudControl
    from pytest_cloudcontrol.schemas.resource_type import SchemaError
    from pytest_cloudcontrol.transport.active import AlreadyActive

    __tracebackhide__ = _has_a_cause  # of whose traceback only the cause's own matters
    with ExitStack() as stack:
        try:
            options = _options_of(request.node, request.config)
            active = Active(
                stack.enter_context(activated(options, f"the fixture `{_FIXTURE}` of {_place(request.node)}"))
            )
        except (AlreadyActive, OptionError, SchemaError) as error:
            active, refusal = None, str(error)
        if active is None:
            pytest.fail(refusal, pytrace=False)
        request.node.stash[_ACTIVE] = active
        yield CloudControl(active.backend)
        active.backend.end_work()
        unmet = active.backend.unmet(with_report=False) if active.has_tested and not active.excused else None
        active.ended = True  # but still in the stash, for the report of what goes wrong at teardown
    if unmet is not None and unmet.__cause__ is not None:
        raise unmet
    if unmet is not None:
        pytest.fail(str(unmet), pytrace=False)
    if not active.excused:
        active.backend.dropped.warn()


@pytest.fixture(autouse=True)
def _cloudcontrol_first(request: pytest.FixtureRequest) -> None:
    """Make the mock of a test that has the marker or asks for it before the fixtures that are made for the test alone.

    These are then undone before the mock ends. One made earlier, such as monkeypatch, would note what the mock has put
    in, and put that back when the mock has gone.
    """
    is_marked = request.node.get_closest_marker(_MARKER) is not None or explored_tests.is_explored(request.node)
    if _FIXTURE in request.fixturenames or is_marked:
        request.getfixturevalue(_FIXTURE)


@pytest.fixture(scope=_fixture_scope)
def cloudcontrol_client(cloudcontrol: CloudControl) -> CloudControlApiClient:
    """Make a boto3 client of the mocked Cloud Control, in its default account and region."""
    return cloudcontrol.client()


@pytest.fixture(scope=_fixture_scope)
def cloudcontrol_server(
    cloudcontrol: CloudControl,  # noqa: ARG001  # whose world it serves
    request: pytest.FixtureRequest,
) -> Iterator[CloudControlServer]:
    """Serve the world of ``cloudcontrol`` over HTTP, for other processes: a server with its ``url`` and ``environ``."""
    from pytest_cloudcontrol.server.served import served
    from pytest_cloudcontrol.server.serving import ServerMissing

    active = request.node.stash[_ACTIVE]
    with ExitStack() as stack:
        try:
            server = stack.enter_context(served(active.backend))
        except ServerMissing as missing:
            server, refusal = None, str(missing)
        if server is None:
            pytest.fail(refusal, pytrace=False)
        yield server


def _place(node: pytest.Item | pytest.Collector) -> str:
    """Return which test, class, module or session it is, with its file and line if it has one."""
    if isinstance(node, pytest.Session):
        return "the session"
    path, line, _ = node.reportinfo() if isinstance(node, pytest.Item | pytest.Class) else (node.path, None, "")
    return f"{node.nodeid} ({path}{'' if line is None else f':{line + 1}'})"


def _options_of(node: pytest.Item | pytest.Collector, config: pytest.Config) -> Options:
    """Merge the options option by option: the closest marker wins, then the command line, then the ini file."""
    from pytest_cloudcontrol.arguments import OptionError
    from pytest_cloudcontrol.options import merged

    seed = node.nodeid.encode(errors="backslashreplace").decode()  # the path may have bytes that are no UTF-8
    options = _configured_options(config, seed)
    wrong = None
    for marker in _closest_last(node):
        try:
            if marker.args:
                raise OptionError("marker", marker.args, "options by name, such as cloudcontrol(auto_advance=False)")
            own = explored_tests.mock_options_of(marker) if marker.name == explored_tests.MARKER else marker.kwargs
            given = {name: value for name, value in own.items() if (name, value) != ("seed", None)}
            options = merged(options, given)
        except OptionError as error:
            wrong = error
    if options.start is None and explored_tests.is_explored(node):
        from pytest_cloudcontrol.exploration.explore import START

        options = merged(options, {"start": START})
    if wrong is not None:  # raised outside the handler, so that the message stands alone
        pytest.fail(f"@pytest.mark.cloudcontrol: {wrong}", pytrace=False)
    return options


def _closest_last(node: pytest.Item | pytest.Collector) -> Iterator[pytest.Mark]:
    """Yield the markers that hold for a node, the closest last."""
    for place in node.listchain():
        own = [mark for mark in place.own_markers if mark.name in _MARKERS]
        if isinstance(place, pytest.Class):
            yield from own  # pytest has the marks of base classes before those of the class itself
        else:
            # A decorator nearer to the function comes first, and the marks of a parametrized case come after all.
            case = place.callspec.marks if isinstance(place, pytest.Function) and hasattr(place, "callspec") else ()
            yield from reversed([mark for mark in own if mark not in case])
            yield from (mark for mark in case if mark.name in _MARKERS)


def _configured_options(config: pytest.Config, seed: str) -> Options:
    """Return the options of the command line and the ini file; the default seed is the test's own."""
    from pytest_cloudcontrol.arguments import OptionError
    from pytest_cloudcontrol.options import HELP, Options, from_text, merged

    options = merged(Options(), {"seed": seed})
    for name in HELP:
        text, where, folder = config.getoption(_INI_PREFIX + name), _flag(name), config.invocation_params.dir
        if text is None:
            text, where = config.getini(_INI_PREFIX + name), _INI_PREFIX + name
            if config.inipath is not None:
                folder = config.inipath.parent  # as pytest takes the paths of its own settings
        if text == _NOT_GIVEN:
            continue
        try:
            options = merged(options, {name: from_text(name, str(text), folder)})
        except OptionError as error:
            raise pytest.UsageError(f"{where}: {error}") from None
    return options


def _refuse_unknown_flags(arguments: list[str]) -> None:
    from pytest_cloudcontrol.options import HELP

    known = [*(_flag(name) for name in HELP), explored_tests.REPLAY]
    for argument in arguments:
        flag = argument.partition("=")[0]
        if flag.startswith(_FLAG_PREFIX) and flag not in known:
            raise pytest.UsageError(_unknown(flag, known))


def _refuse_unknown_settings(config: pytest.Config) -> None:
    from pytest_cloudcontrol.options import HELP

    known = [*(_INI_PREFIX + name for name in HELP), _SCOPE_INI]
    overridden = [setting.partition("=")[0] for setting in config.getoption("override_ini", None) or ()]
    # pytest has no public way to ask which settings there are: 9.2 deprecates `inicfg`, and 8 has nothing else.
    settings = getattr(config, "_inicfg", None)
    for setting in [*(config.inicfg if settings is None else settings), *overridden]:
        if setting.startswith(_INI_PREFIX) and setting not in known:
            raise pytest.UsageError(_unknown(setting, known))


def _unknown(given: str, known: list[str]) -> str:
    from pytest_cloudcontrol.arguments import did_you_mean, with_valid

    there_is_none = f"pytest-cloudcontrol has no option {given}"
    return with_valid(there_is_none, "the options are", known, did_you_mean(given, known, shown=str))


def _flag(name: str) -> str:
    return _FLAG_PREFIX + name.replace("_", "-")


def _active_at(item: pytest.Item) -> Active | None:
    return next((node.stash[_ACTIVE] for node in reversed(item.listchain()) if _ACTIVE in node.stash), None)
