"""One mock for several tests, and what every mock draws its tokens from."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from inner_tests import OTHERS, without

CREATE = """client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState='{"LogGroupName": "app"}')"""

COUNTING_CONFTEST = """
    import json

    import pytest

    @pytest.fixture
    def count(cloudcontrol, cloudcontrol_client, record_property, request):
        state = json.dumps({"LogGroupName": request.node.name})
        cloudcontrol_client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState=state)
        record_property("seen", len(cloudcontrol.requests))
"""

COUNTING_TESTS = {
    "one/test_first.py": """
class TestOne:
    def test_1(self, count): pass
    def test_2(self, count): pass

class TestTwo:
    def test_3(self, count): pass

def test_4(count): pass
def test_5(count): pass
""",
    "one/test_second.py": "def test_6(count): pass\n",
    "two/test_third.py": "def test_7(count): pass\n",
}


def properties(pytester: pytest.Pytester, name: str, *arguments: str) -> dict[str, str]:
    """Run the inner tests, and return what each has recorded under a name."""
    report = pytester.path / "report.xml"
    result = pytester.runpytest(f"--junitxml={report}", "-ojunit_family=xunit1", *arguments)
    assert result.ret == pytest.ExitCode.OK
    return {
        case.attrib["name"]: recorded.attrib["value"]
        for case in ET.parse(report).iter("testcase")
        for recorded in case.iter("property")
        if recorded.attrib["name"] == name
    }


# Sharing


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (None, "1 1 1 1 1 1 1"),
        ("function", "1 1 1 1 1 1 1"),
        ("class", "1 2 1 1 1 1 1"),
        ("module", "1 2 3 4 5 1 1"),
        ("session", "1 2 3 4 5 6 7"),
    ],
)
def test_sharing(pytester: pytest.Pytester, scope: str | None, seen: str) -> None:
    """The tests of one scope share a world, in which each finds the requests of those before it."""
    if scope is not None:
        pytester.makeini(f"[pytest]\ncloudcontrol_fixture_scope = {scope}\n")
    pytester.makeconftest(COUNTING_CONFTEST)
    for name, source in COUNTING_TESTS.items():
        path = pytester.path / name
        path.parent.mkdir(exist_ok=True)
        path.parent.joinpath("__init__.py").touch()
        path.write_text(source)

    counted = properties(pytester, "seen", "-p", "no:randomly")

    assert counted == {f"test_{number}": count for number, count in enumerate(seen.split(), 1)}


def test_wider_fixtures(pytester: pytest.Pytester) -> None:
    """A fixture of the same scope can use the mock and its client."""
    pytester.makeini("[pytest]\ncloudcontrol_fixture_scope = module\n")
    pytester.makepyfile(
        f"""
        import pytest

        @pytest.fixture(scope="module")
        def deployed(cloudcontrol, cloudcontrol_client):
            client = cloudcontrol_client
            {CREATE}
            return cloudcontrol.requests.last.run()

        def test_one(deployed):
            assert deployed.status == "SUCCESS"

        def test_two(deployed, cloudcontrol):
            assert list(cloudcontrol.requests) == [deployed]
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("scope", "source"),
    [
        (
            "class",
            """
            @pytest.mark.cloudcontrol(region="eu-west-1")
            class TestMarked:
                def test_it(self, cloudcontrol):
                    assert cloudcontrol.options.region == "eu-west-1"
            """,
        ),
        (
            "class",
            """
            @pytest.mark.cloudcontrol(region="eu-west-1")
            def test_outside_a_class(cloudcontrol):
                assert cloudcontrol.options.region == "eu-west-1"
            """,
        ),
        (
            "class",
            """
            pytestmark = pytest.mark.cloudcontrol(region="eu-west-1")

            class TestMarked:
                def test_it(self, cloudcontrol):
                    assert cloudcontrol.options.region == "eu-west-1"
            """,
        ),
        (
            "module",
            """
            pytestmark = pytest.mark.cloudcontrol(region="eu-west-1")

            @pytest.mark.cloudcontrol
            def test_it(cloudcontrol):
                assert cloudcontrol.options.region == "eu-west-1"
            """,
        ),
    ],
)
def test_marker_of_the_scope(pytester: pytest.Pytester, scope: str, source: str) -> None:
    """The marker of what shares the mock, or of what is around it, has its options; an empty one may stand below."""
    pytester.makeini(f"[pytest]\ncloudcontrol_fixture_scope = {scope}\n")
    pytester.makepyfile("import pytest\n\n" + "\n".join(line[12:] for line in source.splitlines()))

    result = pytester.runpytest()

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("scope", "on", "source"),
    [
        (
            "class",
            "test_late",
            (
                "class TestIt:\n"
                "    @pytest.mark.cloudcontrol(region='eu-west-1', max_steps=5)\n"
                "    def test_late(self): pass\n"
                "    def test_other(self, cloudcontrol): pass\n"
            ),
        ),
        (
            "module",
            "test_late",
            (
                "@pytest.mark.cloudcontrol(region='eu-west-1', max_steps=5)\n"
                "def test_late(cloudcontrol): pass\n"
                "def test_other(cloudcontrol): pass\n"
            ),
        ),
        (
            "module",
            "TestLate",
            (
                "@pytest.mark.cloudcontrol(region='eu-west-1', max_steps=5)\n"
                "class TestLate:\n"
                "    def test_late(self, cloudcontrol): pass\n"
                "def test_other(cloudcontrol): pass\n"
            ),
        ),
        (
            "session",
            "test_late",
            (
                "@pytest.mark.cloudcontrol(region='eu-west-1', max_steps=5)\n"
                "def test_late(cloudcontrol): pass\n"
                "def test_other(cloudcontrol): pass\n"
            ),
        ),
    ],
)
def test_marker_that_comes_too_late(pytester: pytest.Pytester, scope: str, on: str, source: str) -> None:
    """Options below what shares the mock are the error of their own tests, whichever test comes first."""
    pytester.makeini(f"[pytest]\ncloudcontrol_fixture_scope = {scope}\n")
    pytester.makepyfile(f"import pytest\n\n{source}")

    result = pytester.runpytest()

    result.assert_outcomes(passed=1, errors=1)
    message = (
        f"@pytest.mark.cloudcontrol(region='eu-west-1', max_steps=5) on '{on}' comes too late: with "
        f"cloudcontrol_fixture_scope = {scope} the mock is shared by the whole {scope}. "
        f"Mark the {scope}, or use the ini options."
    )
    assert message in result.outlines
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*plugin.py*")


def test_module_marker_in_a_session(pytester: pytest.Pytester) -> None:
    """A module's options come too late when the mock is shared by the session."""
    pytester.makeini("[pytest]\ncloudcontrol_fixture_scope = session\n")
    pytester.makepyfile(
        """
        import pytest

        pytestmark = pytest.mark.cloudcontrol(region="eu-west-1")

        def test_it(cloudcontrol): pass
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            (
                "@pytest.mark.cloudcontrol(region='eu-west-1') on 'test_module_marker_in_a_session.py' comes too late: "
                "with cloudcontrol_fixture_scope = session the mock is shared by the whole session. *"
            )
        ]
    )


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("modul", ". Did you mean 'module'? Expected"),
        ("Session", ". Did you mean 'session'? Expected"),
        ("42", ": expected"),
    ],
)
def test_wrong_scope(pytester: pytest.Pytester, scope: str, expected: str) -> None:
    """A wrong scope ends the run, with the valid ones."""
    pytester.makeini(f"[pytest]\ncloudcontrol_fixture_scope = {scope}\n")
    pytester.makepyfile("def test_it(cloudcontrol): pass")

    result = pytester.runpytest()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.errlines if line] == [
        (f"ERROR: cloudcontrol_fixture_scope='{scope}' is not valid{expected} one of function, class, module, session")
    ]


def test_report_of_a_shared_mock(pytester: pytest.Pytester) -> None:
    """A failing test shows the requests of the tests before it too, for they are in its world."""
    pytester.makeini("[pytest]\ncloudcontrol_fixture_scope = module\n")
    pytester.makepyfile(
        f"""
        def test_one(cloudcontrol_client):
            client = cloudcontrol_client
            {CREATE}

        def test_two():
            raise AssertionError("of its own")
        """
    )

    result = pytester.runpytest("-p", "no:randomly")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*- Cloud Control -*", "Requests:", "    1. * CREATE AWS::Logs::LogGroup app IN_PROGRESS: *"]
    )


@pytest.mark.parametrize(("ends", "errors"), [("pass", 1), ("raise AssertionError", 0)])
def test_rules_of_a_shared_mock(pytester: pytest.Pytester, ends: str, errors: int) -> None:
    """A rule that never fired is the error of the last test that shares the mock, unless one of them has failed."""
    pytester.makeini("[pytest]\ncloudcontrol_fixture_scope = module\n")
    pytester.makepyfile(
        f"""
        def test_one(cloudcontrol):
            cloudcontrol.add_failure("Throttling")
            {ends}

        def test_two(cloudcontrol): pass
        """
    )

    result = pytester.runpytest("-p", "no:randomly")

    result.assert_outcomes(passed=2 - (not errors), failed=int(not errors), errors=errors)
    told = "These were arranged, but never came to be (optional=True allows it):"
    assert (told in result.outlines) is bool(errors)


# The seed

SEEDED_TESTS = f"""
    import pytest

    @pytest.fixture
    def token(cloudcontrol, cloudcontrol_client, record_property):
        client = cloudcontrol_client
        {CREATE}
        record_property("token", cloudcontrol.requests.last.request_token)

    def test_one(token): pass
    def test_two(token): pass
    def test_three(token): pass

    class TestClass:
        @pytest.mark.parametrize("number", [1, 2])
        def test_parametrized(self, token, number): pass
"""


def test_seed_differs(pytester: pytest.Pytester) -> None:
    """Every test draws request tokens of its own."""
    pytester.makepyfile(SEEDED_TESTS)

    tokens = properties(pytester, "token")

    assert len(tokens) == 5
    assert len(set(tokens.values())) == 5


@pytest.mark.slow
@pytest.mark.usefixtures("every_plugin")
def test_seed_is_the_tests_own(pytester: pytest.Pytester) -> None:
    """A test draws the same request tokens run again, in random order, by itself, and with xdist."""
    pytester.makepyfile(SEEDED_TESTS)

    runs = [
        properties(pytester, "token", *arguments, *without("hypothesispytest"))
        for arguments in (
            ["-p", "no:randomly"],
            ["-p", "no:randomly"],
            ["--randomly-seed=1"],
            ["--randomly-seed=2"],
            ["-n", "2"],
        )
    ]
    alone = properties(pytester, "token", "-k", "test_two")

    assert all(before == after for before, after in pairwise(runs))
    assert alone == {"test_two": runs[0]["test_two"]}


@pytest.mark.parametrize("seed", ["orders", "7"])
def test_seed_given(pytester: pytest.Pytester, seed: str) -> None:
    """With a seed given, every test draws the same request tokens."""
    pytester.makepyfile(SEEDED_TESTS)

    tokens = properties(pytester, "token", f"--cloudcontrol-seed={seed}")

    assert len(tokens) == 5
    assert len(set(tokens.values())) == 1


def test_seed_as_a_number(pytester: pytest.Pytester) -> None:
    """A number and its text are the same seed."""
    pytester.makepyfile(
        f"""
        import pytest

        @pytest.fixture
        def token(cloudcontrol, cloudcontrol_client, record_property):
            client = cloudcontrol_client
            {CREATE}
            record_property("token", cloudcontrol.requests.last.request_token)

        @pytest.mark.cloudcontrol(seed=7)
        def test_number(token): pass

        @pytest.mark.cloudcontrol(seed="7")
        def test_text(token): pass
        """
    )

    tokens = properties(pytester, "token")

    assert tokens["test_number"] == tokens["test_text"]


@pytest.mark.slow
def test_seed_of_a_test_in_an_undecodable_folder(pytester: pytest.Pytester) -> None:
    """A test in a folder whose name is no UTF-8 has a seed all the same."""
    folder = pytester.path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    folder.joinpath("test_it.py").write_text("def test_it(cloudcontrol): assert cloudcontrol.options.seed.isascii()")

    # Neither can pytester read what is printed, nor pytest's cache write it.
    command = [sys.executable, "-m", "pytest", *without("cacheprovider", *OTHERS)]
    run = subprocess.run(command, cwd=pytester.path, capture_output=True, check=False)

    assert b"1 passed" in run.stdout
