"""How the plugin gets into a test run, and how little it costs there."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from itertools import product

import pytest
from inner_tests import OTHERS, without

import pytest_cloudcontrol

USES_THE_FIXTURE = """
    def test_active(cloudcontrol):
        assert cloudcontrol.clock.auto_advance
"""
"""A test that takes the fixture and imports no client library, which takes longer than all the rest."""


def disable_autoload(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have pytest load no plugin by its entry point."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


@pytest.mark.parametrize(
    ("autoload", "conftest", "option"),
    [ways for ways in product((True, False), repeat=3) if any(ways)],
)
def test_ways_to_activate(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, autoload: bool, conftest: bool, option: bool
) -> None:
    """The entry point, a root conftest and ``-p`` each load the plugin, and so do any of them together."""
    if not autoload:
        disable_autoload(monkeypatch)
    if conftest:
        pytester.makeconftest('pytest_plugins = ["pytest_cloudcontrol"]')
    pytester.makepyfile(USES_THE_FIXTURE)

    arguments = ["-p", "pytest_cloudcontrol"] if option else []
    result = pytester.runpytest_inprocess("-W", "error", *arguments)

    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.OK


@pytest.mark.slow
@pytest.mark.parametrize("autoload", [True, False])
def test_activated_by_the_environment(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, autoload: bool
) -> None:
    """The variable PYTEST_PLUGINS loads the plugin, with the entry point and without."""
    if not autoload:
        disable_autoload(monkeypatch)
    monkeypatch.setenv("PYTEST_PLUGINS", "pytest_cloudcontrol")
    pytester.makepyfile(USES_THE_FIXTURE)

    result = pytester.runpytest_subprocess("-W", "error", *without(*OTHERS))

    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.OK


@pytest.mark.slow
def test_not_activated(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without autoload, and named nowhere, the plugin isn't there."""
    disable_autoload(monkeypatch)
    pytester.makepyfile(USES_THE_FIXTURE)

    result = pytester.runpytest_subprocess()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["E *fixture 'cloudcontrol' not found"])


@pytest.mark.slow
def test_loaded_once(pytester: pytest.Pytester) -> None:
    """Named in every way, the plugin is registered once."""
    pytester.makeconftest(
        """
        pytest_plugins = ["pytest_cloudcontrol"]

        def pytest_report_header(config):
            plugins = config.pluginmanager.list_name_plugin()
            return [f"registered as {name}" for name, plugin in plugins if "pytest_cloudcontrol" in repr(plugin)]
        """
    )

    result = pytester.runpytest_subprocess("-p", "pytest_cloudcontrol", *without(*OTHERS))

    assert [line for line in result.outlines if line.startswith("registered as")] == [
        "registered as pytest_cloudcontrol"
    ]


COLLECTED = {
    "the fixtures": """
        def test_it(cloudcontrol, cloudcontrol_client): pass
    """,
    "the marker": """
        import pytest

        @pytest.mark.cloudcontrol(region="eu-west-1")
        def test_it(): pass
    """,
    "names to import": """
        from pytest_cloudcontrol import NoProgressError, mock_cloudcontrol

        def test_it(cloudcontrol): pass
    """,
    "the decorator": """
        from pytest_cloudcontrol import mock_cloudcontrol

        @mock_cloudcontrol(region="eu-west-1")
        def test_it(): pass
    """,
}


LOOKING_CONFTEST = """
import sys

def pytest_collectreport(report):
    loaded = {"botocore", "boto3", "moto", "jsonpatch"}.intersection(sys.modules)
    print(f"{report.nodeid}: {len(report.result)} collected, heavy: {sorted(loaded)}")
"""


@pytest.fixture(scope="module")
def collecting(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Collect them all in one process, and return what it says: nothing is heavy after one if not before it."""
    folder = tmp_path_factory.mktemp("collected")
    (folder / "conftest.py").write_text(LOOKING_CONFTEST)
    for number, source in enumerate(COLLECTED.values()):
        (folder / f"test_{number}.py").write_text(textwrap.dedent(source))
    command = [sys.executable, "-m", "pytest", "--collect-only", "--capture=no", "--cloudcontrol-region=eu-west-1"]
    run = subprocess.run([*command, *without(*OTHERS)], cwd=folder, capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("uses", COLLECTED)
def test_collecting_imports_nothing_heavy(collecting: list[str], uses: str) -> None:
    """Collecting tests imports neither botocore nor boto3, moto or jsonpatch, whatever of the package they use."""
    assert f"test_{list(COLLECTED).index(uses)}.py: 1 collected, heavy: []" in collecting


@pytest.mark.slow
def test_dir_imports_nothing(pytester: pytest.Pytester) -> None:
    """Asking for every name that ``dir()`` gives, as pluggy does, imports nothing more."""
    script = pytester.makepyfile(
        """
        import sys

        import pytest_cloudcontrol

        before = set(sys.modules)
        for name in dir(pytest_cloudcontrol):
            getattr(pytest_cloudcontrol, name)
        print("imported:", sorted(set(sys.modules) - before))
        """
    )

    result = pytester.run(sys.executable, script)

    assert result.outlines == ["imported: []"]


@pytest.mark.parametrize("name", pytest_cloudcontrol.__all__)
def test_public_names(name: str) -> None:
    """Every public name gives the thing of that name."""
    value = getattr(pytest_cloudcontrol, name)

    assert getattr(value, "__name__", name) == name


@pytest.mark.slow
def test_star_import(pytester: pytest.Pytester) -> None:
    """A star import gives every public name."""
    script = pytester.makepyfile(
        """
        import pytest_cloudcontrol
        from pytest_cloudcontrol import *

        print("missing:", set(pytest_cloudcontrol.__all__) - set(globals()))
        """
    )

    result = pytester.run(sys.executable, script)

    assert result.outlines == ["missing: set()"]


def test_unknown_name() -> None:
    """A name that the package doesn't have is an AttributeError, as of every module."""
    with pytest.raises(AttributeError) as caught:
        getattr(pytest_cloudcontrol, "CloudControll")  # noqa: B009  # a type checker knows that it isn't there

    assert str(caught.value) == "module 'pytest_cloudcontrol' has no attribute 'CloudControll'"
