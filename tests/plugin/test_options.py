"""The plugin's options: in an ini file, on the command line, at the marker; and what a wrong one is told."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import NamedTuple

import pytest

from pytest_cloudcontrol import Options
from pytest_cloudcontrol.options import OptionValues


class Case(NamedTuple):
    """One option: a value as Python source, and the text that stands for it in an ini file or a command line."""

    name: str
    source: str
    text: str


CASES = [
    Case("auto_advance", "False", "false"),
    Case("auto_advance", "False", "No"),
    Case("auto_advance", "True", "on"),
    Case("start", "datetime(2030, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=1)))", "2030-01-02T03:04:00+01:00"),
    Case("start", "datetime(2030, 1, 2, 3, 4, tzinfo=UTC)", "2030-01-02 03:04Z"),
    Case("seed", '"a seed of mine"', "a seed of mine"),
    Case("region", '"eu-west-1"', "eu-west-1"),
    Case("region", '"us-isob-east-1"', "us-isob-east-1"),
    Case("account_id", '"012345678901"', "012345678901"),
    Case("max_steps", "7", "7"),
    Case("max_idle_calls", "9", "9"),
    Case("real_signatures", "True", "yes"),
    Case("list_page_size", "3", "3"),
    Case("leave_nothing_running", "True", "true"),
    Case("leave_nothing_running", "False", "off"),
    Case("schemas", 'Path("types").absolute()', "types"),
]

SETTINGS = [f"cloudcontrol_{field.name}" for field in dataclasses.fields(Options)] + ["cloudcontrol_fixture_scope"]
FLAGS = [f"--cloudcontrol-{field.name.replace('_', '-')}" for field in dataclasses.fields(Options)]
EVERY_FLAG = [*FLAGS, "--cloudcontrol-replay"]

each_case = pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.name} {case.text}") for case in CASES])


def make_types(pytester: pytest.Pytester) -> None:
    """Write a folder with the schema of one resource type."""
    schema = {
        "typeName": "My::Own::Type",
        "properties": {"Name": {"type": "string"}},
        "primaryIdentifier": ["/properties/Name"],
    }
    (pytester.mkdir("types") / "type.json").write_text(json.dumps(schema))


def make_test(pytester: pytest.Pytester, case: Case, marker: str = "") -> None:
    """Write a test that looks at one option."""
    make_types(pytester)
    pytester.makepyfile(
        f"""
        from datetime import UTC, datetime, timedelta, timezone
        from pathlib import Path

        import pytest

        @pytest.mark.cloudcontrol({marker})
        def test_option(cloudcontrol):
            assert cloudcontrol.options.{case.name} == {case.source}
        """
    )


def test_every_option_is_known_to_type_checkers() -> None:
    """The keyword arguments of mock_cloudcontrol() are the table's options, in its order."""
    assert [field.name for field in dataclasses.fields(Options)] == list(OptionValues.__annotations__)


# Given


@each_case
def test_in_an_ini_file(pytester: pytest.Pytester, case: Case) -> None:
    """Every option can be set in an ini file."""
    make_test(pytester, case)
    pytester.makeini(f"[pytest]\ncloudcontrol_{case.name} = {case.text}\n")

    result = pytester.runpytest("-W", "error", "--strict-config")

    result.assert_outcomes(passed=1)


@each_case
def test_on_the_command_line(pytester: pytest.Pytester, case: Case) -> None:
    """Every option can be given on the command line."""
    make_test(pytester, case)

    result = pytester.runpytest(f"--cloudcontrol-{case.name.replace('_', '-')}", case.text)

    result.assert_outcomes(passed=1)


@each_case
def test_at_the_marker(pytester: pytest.Pytester, case: Case) -> None:
    """Every option can be given at the marker."""
    make_test(pytester, case, f"{case.name}={case.source}")

    result = pytester.runpytest()

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[tool.pytest.ini_options]\n{}"),
        ("setup.cfg", "[tool:pytest]\n{}"),
        ("tox.ini", "[pytest]\n{}"),
    ],
)
def test_in_every_kind_of_file(pytester: pytest.Pytester, name: str, text: str) -> None:
    """Options are read wherever pytest reads its own."""
    make_test(pytester, Case("auto_advance", "False", "false"))
    value = "false" if not name.endswith(".toml") else '"false"'
    (pytester.path / name).write_text(text.format(f"cloudcontrol_auto_advance = {value}\n"))

    result = pytester.runpytest("-W", "error", "--strict-config")

    result.assert_outcomes(passed=1)


def test_defaults(pytester: pytest.Pytester) -> None:
    """Without any option everything but the seed is as it stands in Options."""
    pytester.makepyfile(
        """
        from dataclasses import replace

        from pytest_cloudcontrol import Options

        def test_options(cloudcontrol):
            assert replace(cloudcontrol.options, seed=Options().seed) == Options()
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=1)


def test_precedence(pytester: pytest.Pytester) -> None:
    """The marker wins over the command line, and the command line over the ini file, option by option."""
    pytester.makeini(
        """
        [pytest]
        cloudcontrol_region = eu-west-1
        cloudcontrol_account_id = 111111111111
        cloudcontrol_max_steps = 1
        """
    )
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.cloudcontrol(region="eu-west-3")
        def test_options(cloudcontrol):
            options = cloudcontrol.options
            assert (options.region, options.account_id, options.max_steps) == ("eu-west-3", "222222222222", 1)
        """
    )

    result = pytester.runpytest("--cloudcontrol-region=eu-west-2", "--cloudcontrol-account-id=222222222222")

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("ini", "flag", "marker", "expected"),
    [("true", "false", "True", True), ("false", "true", "False", False), ("true", "false", None, False)],
)
def test_precedence_of_booleans(
    pytester: pytest.Pytester, ini: str, flag: str, marker: str | None, expected: bool
) -> None:
    """False wins as True does."""
    make_test(
        pytester,
        Case("auto_advance", str(expected), ""),
        "" if marker is None else f"auto_advance={marker}",
    )
    pytester.makeini(f"[pytest]\ncloudcontrol_auto_advance = {ini}\n")

    result = pytester.runpytest(f"--cloudcontrol-auto-advance={flag}")

    result.assert_outcomes(passed=1)


def test_schemas_of_an_ini_file(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path in an ini file is meant from the ini file's folder, wherever pytest is started."""
    pytester.makeini("[pytest]\ncloudcontrol_schemas = types\n")
    make_types(pytester)
    started_in = pytester.mkdir("below")
    (started_in / "test_below.py").write_text(
        "def test_option(cloudcontrol, pytestconfig):\n"
        "    assert cloudcontrol.options.schemas.resolve() == pytestconfig.rootpath / 'types'\n"
    )
    monkeypatch.chdir(started_in)

    result = pytester.runpytest()

    assert result.ret == pytest.ExitCode.OK


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (None, "{path} holds no *.json file; expected a folder of *.json schemas"),
        ("no zip", "{path} is neither a folder nor a zip; expected a folder of *.json schemas"),
    ],
)
def test_schemas_that_are_none(pytester: pytest.Pytester, content: str | None, refusal: str) -> None:
    """A path that exists but holds no schemas fails the tests with its message, without the plugin's inside."""
    path = pytester.path / "types"
    if content is None:
        path.mkdir()
    else:
        path.write_text(content)
    pytester.makepyfile("def test_it(cloudcontrol): pass")

    result = pytester.runpytest("--cloudcontrol-schemas=types")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{refusal.format(path=path)}*".replace("[", "[[]")])
    result.stdout.no_fnmatch_line("*plugin.py*")


# Listed


def test_help(pytester: pytest.Pytester) -> None:
    """``pytest --help`` lists every option there is, as a flag and as a setting, and no other."""
    result = pytester.runpytest("--help")

    text = result.stdout.str()
    assert re.findall(r"^ +(--cloudcontrol-[a-z-]+)=VALUE", text, re.MULTILINE) == FLAGS
    assert re.findall(r"^ +(cloudcontrol_[a-z_]+) \(string\):", text, re.MULTILINE) == SETTINGS


# Refused


def assert_refused(result: pytest.RunResult, message: str) -> None:
    """Check that pytest has refused its usage with one message, and shows nothing of the plugin's inside."""
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.errlines if line] == [f"ERROR: {message}"]
    assert "Traceback" not in result.stdout.str()
    assert "plugin.py" not in result.stdout.str()


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("cloudcontrol_regoin", ". Did you mean cloudcontrol_region? The"),
        ("cloudcontrol_fixture_scop", ". Did you mean cloudcontrol_fixture_scope? The"),
        ("cloudcontrol_AUTO_ADVANCE", ". Did you mean cloudcontrol_auto_advance? The"),
        ("cloudcontrol_qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", ": the"),
    ],
)
@pytest.mark.parametrize("place", ["ini", "override"])
def test_misspelt_settings(pytester: pytest.Pytester, place: str, given: str, hint: str) -> None:
    """A misspelt setting ends the run, in an ini file as in ``-o``, with the valid ones."""
    if place == "ini":
        pytester.makeini(f"[pytest]\n{given} = eu-west-1\n")
    pytester.makepyfile("def test_it(): pass")

    result = pytester.runpytest(*([f"-o{given}=eu-west-1"] if place == "override" else []))

    assert_refused(result, f"pytest-cloudcontrol has no option {given}{hint} options are {', '.join(SETTINGS)}.")


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("--cloudcontrol-regoin", ". Did you mean --cloudcontrol-region? The"),
        ("--cloudcontrol-reg", ". Did you mean --cloudcontrol-region? The"),
        ("--cloudcontrol-auto_advance", ". Did you mean --cloudcontrol-auto-advance? The"),
        ("--cloudcontrol-qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", ": the"),
    ],
)
@pytest.mark.parametrize("place", ["arguments", "two arguments", "addopts", "environment"])
def test_misspelt_flags(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, place: str, given: str, hint: str
) -> None:
    """A misspelt flag ends the run, wherever it comes from, with the valid ones."""
    pytester.makepyfile("def test_it(): pass")
    arguments = {"arguments": [f"{given}=eu-west-1"], "two arguments": [given, "eu-west-1"]}.get(place, [])
    if place == "addopts":
        pytester.makeini(f"[pytest]\naddopts = {given}=eu-west-1\n")
    if place == "environment":
        monkeypatch.setenv("PYTEST_ADDOPTS", f"{given}=eu-west-1")

    result = pytester.runpytest(*arguments)

    assert_refused(result, f"pytest-cloudcontrol has no option {given}{hint} options are {', '.join(EVERY_FLAG)}.")


@pytest.mark.slow
@pytest.mark.parametrize("activation", ["conftest", "option"])
def test_misspelt_flags_without_the_entry_point(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, activation: str
) -> None:
    """A misspelt flag is refused the same when the plugin is named in a conftest or with ``-p``."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile("def test_it(): pass")
    if activation == "conftest":
        pytester.makeconftest('pytest_plugins = ["pytest_cloudcontrol"]')
    named = ["-p", "pytest_cloudcontrol"] if activation == "option" else []

    result = pytester.runpytest_subprocess(*named, "--cloudcontrol-regoin=eu-west-1")

    assert_refused(
        result,
        "pytest-cloudcontrol has no option --cloudcontrol-regoin. Did you mean --cloudcontrol-region? "
        f"The options are {', '.join(EVERY_FLAG)}.",
    )


WRONG = [
    ("auto_advance", "perhaps", "auto_advance='perhaps' is not valid: expected true or false"),
    (
        "start",
        "tomorrow",
        "start='tomorrow' is not valid: expected an aware datetime such as 2030-01-01T00:00:00+00:00",
    ),
    (
        "start",
        "2030-01-01",
        ("start='2030-01-01' is not valid: expected an aware datetime such as 2030-01-01T00:00:00+00:00"),
    ),
    ("region", "Ireland", "region='Ireland' is not valid: expected a region's name such as eu-west-1"),
    ("region", "", "region='' is not valid: expected a region's name such as eu-west-1"),
    ("account_id", "42", "account_id='42' is not valid: expected an account's twelve digits"),
    ("max_steps", "many", "max_steps='many' is not valid: expected a whole number, at least 1"),
    ("max_steps", "0", "max_steps='0' is not valid: expected a whole number, at least 1"),
    ("list_page_size", "-1", "list_page_size='-1' is not valid: expected a whole number, at least 1"),
    ("leave_nothing_running", "2", "leave_nothing_running='2' is not valid: expected true or false"),
    (
        "schemas",
        "nowhere",
        (
            "schemas='nowhere' is not valid: "
            "expected the path of a folder of *.json schemas, or of a zip of them, which exists"
        ),
    ),
]


@pytest.mark.parametrize("place", ["ini", "override", "flag"])
@pytest.mark.parametrize(
    ("name", "text", "message"), [pytest.param(*wrong, id=f"{wrong[0]} {wrong[1]}") for wrong in WRONG]
)
def test_wrong_values(pytester: pytest.Pytester, place: str, name: str, text: str, message: str) -> None:
    """A wrong value ends the run before any test, and the message says where it stands and what is valid."""
    pytester.makepyfile("def test_it(): pass")
    flag = f"--cloudcontrol-{name.replace('_', '-')}"
    if place == "ini":
        pytester.makeini(f"[pytest]\ncloudcontrol_{name} = {text}\n")
    arguments = {"override": [f"-ocloudcontrol_{name}={text}"], "flag": [f"{flag}={text}"]}.get(place, [])

    result = pytester.runpytest(*arguments)

    assert_refused(result, f"{flag if place == 'flag' else f'cloudcontrol_{name}'}: {message}")
