"""The marker ``cloudcontrol_explore``: a test's body is run under every schedule."""

from __future__ import annotations

import re
from typing import Final

import pytest
from test_marker import OPTION_NAMES

MARK: Final = "@pytest.mark.cloudcontrol_explore"
LOOK: Final = "cloudcontrol.client().list_resource_requests()"
CARELESS: Final = """
    client = cloudcontrol.client()
    answer = client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState='{"LogGroupName": "app"}')
    cloudcontrol.run_until_idle()
    assert cloudcontrol.requests.last.status == "SUCCESS", "not there"
"""
ARGUMENTS: Final = (
    "setup, surprises, cancels, failures, errors, moves, interleavings, expiries, crashes, stale_reads, others, "
    "max_runs, replay"
)


def explored(body: str, marker: str = "", parameters: str = "cloudcontrol") -> str:
    """Return a file with one explored test."""
    return f"""
import pytest

pytestmark = pytest.mark.cloudcontrol_explore({marker})

def test_it({parameters}):
    {body}
"""


def shown(result: pytest.RunResult) -> str:
    """Return what a run has shown, without what pytest marks errors with."""
    return "\n".join(line.removeprefix("E").strip() for line in result.outlines)


def run(pytester: pytest.Pytester, source: str, *arguments: str) -> pytest.RunResult:
    """Run a file of tests."""
    pytester.makepyfile(source)
    return pytester.runpytest("-W", "error", "--strict-markers", *arguments)


# What it does


def test_every_schedule(pytester: pytest.Pytester) -> None:
    """The body is run under every schedule, as one test, and the summary says what was covered."""
    result = run(
        pytester,
        """
        import pytest

        runs = []

        @pytest.mark.cloudcontrol_explore(cancels=False, errors=("lost answer", "InternalFailure"))
        def test_it(cloudcontrol):
            runs.append(len(cloudcontrol.requests))
            client = cloudcontrol.client()
            try:
                client.list_resource_requests()
            except Exception:
                pass

        def test_afterwards():
            assert runs == [0] * 4
        """,
        "-p",
        "no:randomly",
    )
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        ["cloudcontrol: 1 exploration, 3 schedules, 1 pruned; surprises: 1 lost answer, 1 error"]
    )


def test_several_in_the_summary(pytester: pytest.Pytester) -> None:
    """Explorations are counted together; a run without any says nothing of them."""
    body = "with pytest.MonkeyPatch.context(): pass"
    result = run(pytester, explored(body) + explored(body).replace("test_it", "test_other"))
    result.stdout.fnmatch_lines(["cloudcontrol: 2 explorations, 2 schedules, 0 pruned; surprises: none"])
    pytester.makepyfile("def test_it(cloudcontrol): pass")
    assert "exploration" not in pytester.runpytest().stdout.str()


def test_failure(pytester: pytest.Pytester) -> None:
    """A failure shows the test's own assertion, and the note with a command that replays it."""
    result = run(pytester, explored(CARELESS, "errors=()"))
    result.assert_outcomes(failed=1)
    said = shown(result)
    assert "AssertionError: not there" in said
    assert (
        "Cloud Control: it fails with 1 surprise:\n"
        "instead of request 1 step 1 the request was cancelled\n"
        "1 schedule has passed before it, the plain one first.\n"
        'Replay: pytest "test_failure.py::test_it" --cloudcontrol-replay="request 1 step 1: CANCELLED"\n'
        "Lines with !! are the surprises; until the first of them all went as in the plain run.\n"
        "Requests:\n"
    ) in said
    assert said.count("What happened, on the mock clock:") == 1


def test_plain_run_fails(pytester: pytest.Pytester) -> None:
    """A test that fails without any surprise says so."""
    result = run(pytester, explored("assert cloudcontrol.requests"))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Cloud Control: the plain run, without any surprise, fails.*"])


def test_coroutine(pytester: pytest.Pytester) -> None:
    """A test that is a coroutine function is explored without any plugin for such."""
    result = run(pytester, explored(CARELESS, "errors=()").replace("def test_it", "async def test_it"))
    result.assert_outcomes(failed=1)
    assert 'Replay: pytest "test_coroutine.py::test_it" --cloudcontrol-replay="request 1 step 1: CANCELLED"' in shown(
        result
    )


@pytest.mark.parametrize("outcome", ["skip", "xfail"])
def test_outcomes_of_its_own(pytester: pytest.Pytester, outcome: str) -> None:
    """A skip or an xfail in one of the runs is the test's."""
    body = f"if cloudcontrol.calls: pytest.{outcome}('so be it')"
    result = run(pytester, explored(f"{LOOK}\n    {body}"))
    result.assert_outcomes(**{"skip": {"skipped": 1}, "xfail": {"xfailed": 1}}[outcome])


def test_expected_failure(pytester: pytest.Pytester) -> None:
    """A test that is marked xfail is expected to fail under some schedule."""
    source = explored(CARELESS, "errors=()").replace("def test_it", "@pytest.mark.xfail(strict=True)\ndef test_it")
    run(pytester, source).assert_outcomes(xfailed=1)


# Beside pytest's own


def test_parametrized(pytester: pytest.Pytester) -> None:
    """Each case is explored by itself, with its own arguments."""
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.parametrize("region", ["us-east-1", pytest.param("eu-west-1", id="ireland")])
        @pytest.mark.parametrize("number", [1, 2])
        @pytest.mark.cloudcontrol_explore(errors=())
        def test_it(cloudcontrol, region, number):
            cloudcontrol.client(region).list_resource_requests()
            assert (region, number) != ("eu-west-1", 2)
        """,
    )
    result.assert_outcomes(passed=3, failed=1)
    assert "FAILED test_parametrized.py::test_it[2-ireland]" in result.stdout.str()


def test_selected_by_name(pytester: pytest.Pytester) -> None:
    """-k selects explored tests as any other."""
    source = explored(LOOK, "errors=()") + "\ndef test_other(cloudcontrol):\n    pass\n"
    result = run(pytester, source, "-k", "it")
    result.assert_outcomes(passed=1, deselected=1)


def test_class(pytester: pytest.Pytester) -> None:
    """A test may be a class's, and the marker stand on the class; the closest argument wins."""
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.cloudcontrol_explore(surprises=0, errors=("lost answer",))
        class TestIt:
            def test_outer(self, cloudcontrol):
                cloudcontrol.client().list_resource_requests()

            @pytest.mark.cloudcontrol_explore(surprises=1)
            def test_inner(self, cloudcontrol):
                try:
                    cloudcontrol.client().list_resource_requests()
                except Exception:
                    pass
        """,
    )
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["cloudcontrol: 2 explorations, 3 schedules, 1 pruned; surprises: 1 lost answer"])


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_instance_of_a_class(pytester: pytest.Pytester, kind: str) -> None:
    """Each run has an instance of its own, as each test has: what one run leaves there no other finds."""
    source = f"""
        import pytest

        class TestIt:
            calls = 0

            @pytest.mark.cloudcontrol_explore(others=[lambda cloudcontrol: None])
            {kind} test_it(self, cloudcontrol):
                self.calls += 1
                try:
                    cloudcontrol.client().list_resource_requests()
                except Exception:
                    pass
                assert self.calls == 1
    """
    run(pytester, source).assert_outcomes(passed=1)


def test_instance_that_was_set_up(pytester: pytest.Pytester) -> None:
    """What setup_method or a fixture has set on the instance is refused: a run's own instance wouldn't have it."""
    source = """
        import pytest

        @pytest.mark.cloudcontrol_explore
        class TestIt:
            def setup_method(self):
                self.made = []

            def test_it(self, cloudcontrol):
                self.made.append(1)
    """
    result = run(pytester, source)
    result.assert_outcomes(failed=1)
    assert (
        "each run of @pytest.mark.cloudcontrol_explore has an instance of the test class of its own, without what a "
        "fixture or setup_method has set on the test's one: made. What to do: make it in the test itself"
    ) in shown(result)


def test_options_of_the_mock(pytester: pytest.Pytester) -> None:
    """Options come from both markers, the command line and the ini file; the start is one day unless given."""
    pytester.makeini("[pytest]\ncloudcontrol_account_id = 999999999999")
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.cloudcontrol(region="eu-west-1")
        @pytest.mark.cloudcontrol_explore(list_page_size=7)
        def test_it(cloudcontrol):
            options = cloudcontrol.options
            assert (options.region, options.list_page_size, options.account_id) == ("eu-west-1", 7, "999999999999")
            assert cloudcontrol.clock.now().isoformat() == "2026-01-01T00:00:00+00:00"

        @pytest.mark.cloudcontrol(start="2030-01-01T00:00:00+00:00")
        def test_refused(cloudcontrol):
            pass
        """,
        "-k",
        "test_it",
    )
    result.assert_outcomes(passed=1, deselected=1)


def test_client_fixture(pytester: pytest.Pytester) -> None:
    """The mock's own client may be asked for: it is answered by each run's world."""
    result = run(
        pytester,
        explored(
            "assert cloudcontrol_client.list_resource_requests()['ResourceRequestStatusSummaries'] == []\n"
            "    cloudcontrol_client.create_resource(TypeName='AWS::SQS::Queue', DesiredState='{}')",
            "errors=(), surprises=2",
            "cloudcontrol_client",
        ),
    )
    result.assert_outcomes(passed=1)


def test_fixtures_of_wider_scope(pytester: pytest.Pytester) -> None:
    """Fixtures of a wider scope, and `request`, may be asked for."""
    source = """
import pytest

@pytest.fixture(scope="module")
def there():
    return "there"
""" + explored("assert there == 'there' and request.node.name == 'test_it'", "", "cloudcontrol, there, request")
    run(pytester, source).assert_outcomes(passed=1)


@pytest.mark.parametrize("asked", ["parameter", "usefixtures"])
def test_fixtures_that_runs_would_share(pytester: pytest.Pytester, asked: str) -> None:
    """A fixture that is made for the test alone is refused: its runs would share it."""
    parameters = "cloudcontrol, mine" if asked == "parameter" else "cloudcontrol"
    source = explored("pass", "", parameters)
    if asked == "usefixtures":
        source = source.replace("def test_it", "@pytest.mark.usefixtures('mine')\ndef test_it")
    result = run(pytester, f"import pytest\n\n@pytest.fixture\ndef mine():\n    return []\n{source}")
    result.assert_outcomes(errors=1)
    assert (
        "the fixture 'mine' is made once for the test, and the runs of @pytest.mark.cloudcontrol_explore would share "
        "it: make what it gives in the test itself, or give the fixture a wider scope if it keeps nothing"
    ) in shown(result)


@pytest.mark.parametrize("name", ["monkeypatch", "tmp_path", "capsys"])
def test_pytest_s_own_fixtures(pytester: pytest.Pytester, name: str) -> None:
    """So are pytest's own that keep something."""
    result = run(pytester, explored("pass", "", f"cloudcontrol, {name}"))
    result.assert_outcomes(errors=1)
    assert f"the fixture '{name}' is made once for the test" in shown(result)


def test_test_case(pytester: pytest.Pytester) -> None:
    """A unittest.TestCase is refused: it runs its tests itself."""
    result = run(
        pytester,
        """
        import unittest

        import pytest

        @pytest.mark.cloudcontrol_explore
        class Test(unittest.TestCase):
            def test_it(self):
                pass
        """,
    )
    assert result.ret == 1
    assert (
        "@pytest.mark.cloudcontrol_explore isn't for a unittest.TestCase, which runs its tests itself: "
        "call explore() in the test"
    ) in shown(result)


def test_given(pytester: pytest.Pytester) -> None:
    """A test whose data Hypothesis draws is refused: explore() belongs inside."""
    given = "from hypothesis import given, strategies\n\n@given(strategies.integers())\ndef test_it"
    result = run(pytester, explored("pass", "", "cloudcontrol, number").replace("def test_it", given))
    result.assert_outcomes(errors=1)
    assert (
        "@pytest.mark.cloudcontrol_explore isn't for a test with @given, whose examples would share a world: "
        "call explore() in the test"
    ) in shown(result)


def test_doctest(pytester: pytest.Pytester) -> None:
    """What isn't a test function is refused."""
    pytester.makeconftest(
        """
        import pytest

        def pytest_collection_modifyitems(items):
            for item in items:
                item.add_marker(pytest.mark.cloudcontrol_explore)
        """
    )
    pytester.maketxtfile(test_it=">>> 1\n1\n")
    result = pytester.runpytest("--doctest-glob=*.txt")
    assert (
        "@pytest.mark.cloudcontrol_explore is for test functions, and test_it.txt::test_it.txt is none: "
        "call explore() in it"
    ) in shown(result)


def test_shared_mock(pytester: pytest.Pytester) -> None:
    """Where the mock is shared with other tests an exploration is refused: it makes it anew."""
    pytester.makeini("[pytest]\ncloudcontrol_fixture_scope = module")
    result = run(pytester, explored(LOOK))
    result.assert_outcomes(errors=1)
    assert (
        "@pytest.mark.cloudcontrol_explore makes a world for each of its runs, but with cloudcontrol_fixture_scope = "
        "module the test shares its mock with others: call explore() in a test that doesn't take the fixture"
    ) in shown(result)


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        (
            "surprise=2",
            (
                "there is no option 'surprise' (given as surprise=2). Did you mean 'surprises'? "
                f"The options are {ARGUMENTS}, {OPTION_NAMES}."
            ),
        ),
        ("surprises='2'", "surprises='2' is not valid: expected a whole number, at least 0"),
        ("errors=('Throtling',)", "errors='Throtling' is not valid"),
        ("2", "marker=(2,) is not valid: expected arguments by name, such as cloudcontrol_explore(surprises=2)"),
        ("replay=3", "replay=3 is not valid: expected a text"),
        ("regoin='x'", "there is no option 'regoin' (given as regoin='x'). Did you mean 'region'?"),
    ],
)
def test_wrong_argument(pytester: pytest.Pytester, marker: str, said: str) -> None:
    """A wrong argument fails the test, with what is valid."""
    result = run(pytester, explored(LOOK, marker))
    assert result.ret == 1
    assert said in re.sub(r"\s+", " ", shown(result))
