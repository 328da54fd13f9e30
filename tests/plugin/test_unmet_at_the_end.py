"""What is wrong with a mocked test besides its own assertions: what never came to be, and a second mock."""

from __future__ import annotations

import pytest
from inner_tests import CREATE, TOKEN
from refusals import ALREADY_ACTIVE

# What never came to be

RULES = {
    "cloudcontrol.add_failure('Throttling')": "add_failure('Throttling', at_step=1)",
    "cloudcontrol.add_failure('NotFound', type_name='AWS::S3::Bucket', operation='CREATE', identifier='b', times=2)": (
        "add_failure('NotFound', type_name='AWS::S3::Bucket', operation='CREATE', identifier='b', at_step=1, times=2)"
    ),
    "cloudcontrol.add_cancel(operation='UPDATE', at_step=2)": "add_cancel(operation='UPDATE', at_step=2)",
    "cloudcontrol.add_expiry(type_name='AWS::S3::Bucket')": "add_expiry(type_name='AWS::S3::Bucket', at_step=1)",
    "cloudcontrol.add_error('ThrottlingException')": "add_error('ThrottlingException')",
    "cloudcontrol.add_error('ThrottlingException', api='GetResource', times=3)": (
        "add_error('ThrottlingException', api='GetResource', times=3)"
    ),
}

each_rule = pytest.mark.parametrize("rule", RULES)


@each_rule
def test_rule_that_never_fired(pytester: pytest.Pytester, rule: str) -> None:
    """A rule that never fired is an error of the test, which names it as the call that arranges it."""
    pytester.makepyfile(f"def test_it(cloudcontrol):\n    {rule}\n")

    result = pytester.runpytest()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.re_match_lines([r".* ERROR at teardown of test_it .*"])
    result.stdout.fnmatch_lines(
        [
            "These were arranged, but never came to be (optional=True allows it):",
            f"    {RULES[rule]}",
            "Cloud Control requests:",
            "No request has been made.",
        ],
        consecutive=True,
    )
    result.stdout.no_fnmatch_line("*plugin.py*")


def test_cancel_that_was_never_reached(pytester: pytest.Pytester) -> None:
    """A ``cancel(at_step=…)`` that the request never came to is an error of the test."""
    pytester.makepyfile(
        f"""
        def test_it(cloudcontrol, cloudcontrol_client):
            {CREATE}
            cloudcontrol.requests.last.cancel(at_step=9).run()
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.re_match_lines(
        [
            r"These were arranged, but never came to be \(optional=True allows it\):$",
            rf"    request {TOKEN}: cancel\(at_step=9\)$",
            r"Cloud Control requests:$",
            rf"{TOKEN} CREATE AWS::Logs::LogGroup app SUCCESS: 2 steps made \[123456789012 us-east-1\]$",
        ],
        consecutive=True,
    )


def test_several_that_never_came_to_be(pytester: pytest.Pytester) -> None:
    """Everything that never came to be is named, not just the first."""
    pytester.makepyfile(
        """
        def test_it(cloudcontrol):
            cloudcontrol.add_failure("Throttling")
            cloudcontrol.add_cancel(at_step=2)
            cloudcontrol.add_error("ThrottlingException")
        """
    )

    result = pytester.runpytest()

    result.stdout.fnmatch_lines(
        [
            "    add_failure('Throttling', at_step=1)",
            "    add_cancel(at_step=2)",
            "    add_error('ThrottlingException')",
        ],
        consecutive=True,
    )


@each_rule
def test_optional_rule(pytester: pytest.Pytester, rule: str) -> None:
    """A rule that is optional may never fire."""
    pytester.makepyfile(f"def test_it(cloudcontrol):\n    {rule[:-1]}, optional=True)\n")

    result = pytester.runpytest()

    result.assert_outcomes(passed=1)


def test_rule_that_fired(pytester: pytest.Pytester) -> None:
    """Rules that fired are no error: not after one of two times either."""
    pytester.makepyfile(
        f"""
        def test_it(cloudcontrol, cloudcontrol_client):
            cloudcontrol.add_failure("Throttling", times=2)
            {CREATE}
            assert cloudcontrol.requests.last.run().status == "FAILED"
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=1)


def test_rule_before_a_reset(pytester: pytest.Pytester) -> None:
    """What was arranged before a reset is forgotten with the rest."""
    pytester.makepyfile(
        f"""
        def test_it(cloudcontrol, cloudcontrol_client):
            cloudcontrol.add_failure("Throttling")
            {CREATE}
            cloudcontrol.requests.last.cancel(at_step=9)
            cloudcontrol.reset()
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("ends", "outcome"),
    [
        ("raise AssertionError('of its own')", "failed"),
        ("pytest.skip('not here')", "skipped"),
        ("pytest.xfail('not yet')", "xfailed"),
        ("request.applymarker(pytest.mark.xfail); raise AssertionError('of its own')", "xfailed"),
    ],
)
def test_rules_of_a_test_that_did_not_pass(pytester: pytest.Pytester, ends: str, outcome: str) -> None:
    """A test that failed, was skipped or xfailed isn't told of rules that never fired."""
    pytester.makepyfile(
        f"""
        import pytest

        def test_it(cloudcontrol, request):
            cloudcontrol.add_failure("Throttling")
            {ends}
        """
    )

    result = pytester.runpytest()

    assert result.parseoutcomes() == {outcome: 1}


def test_rules_after_a_failing_setup(pytester: pytest.Pytester) -> None:
    """Rules that never fired aren't told when a later fixture's setup has failed."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def failing(cloudcontrol):
            cloudcontrol.add_failure("Throttling")
            raise AssertionError("of its own")

        def test_it(failing): pass
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(errors=1)
    result.stdout.no_fnmatch_line("*never came to be*")


@pytest.mark.parametrize(
    ("marker", "acts", "errors"),
    [
        ("leave_nothing_running=True", CREATE, 1),
        ("leave_nothing_running=True", f"{CREATE}\n    cloudcontrol.requests.last.run()", 0),
        ("leave_nothing_running=True", f"{CREATE}\n    cloudcontrol.requests.last.expire()", 0),
        ("leave_nothing_running=True", "pass", 0),
        ("", CREATE, 0),
    ],
)
def test_requests_still_running(pytester: pytest.Pytester, marker: str, acts: str, errors: int) -> None:
    """With leave_nothing_running a request that still runs at the end is an error of the test."""
    pytester.makepyfile(
        "import pytest\n\n"
        f"@pytest.mark.cloudcontrol({marker})\n"
        "def test_it(cloudcontrol, cloudcontrol_client):\n"
        f"    {acts}\n"
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=1, errors=errors)


def test_requests_still_running_are_shown(pytester: pytest.Pytester) -> None:
    """The error of leave_nothing_running says how many requests still run, and shows them."""
    pytester.makepyfile(
        """
        def test_it(cloudcontrol_client):
            for name in ("one", "two"):
                cloudcontrol_client.create_resource(
                    TypeName="AWS::Logs::LogGroup", DesiredState=f'{{"LogGroupName": "{name}"}}')
        """
    )

    result = pytester.runpytest("--cloudcontrol-leave-nothing-running=true")

    result.stdout.re_match_lines(
        [
            r"2 requests are still running at the end, and leave_nothing_running is on\.$",
            r"Cloud Control requests:$",
            rf"{TOKEN} CREATE AWS::Logs::LogGroup one IN_PROGRESS: 0 steps made, .*",
            r"    .* IN_PROGRESS$",
            rf"{TOKEN} CREATE AWS::Logs::LogGroup two IN_PROGRESS: 0 steps made, .*",
        ],
        consecutive=True,
    )


# Two at once


@pytest.mark.parametrize(
    "source",
    [
        "def test_it(cloudcontrol):\n    with mock_cloudcontrol(): pass\n",
        "@mock_cloudcontrol()\ndef test_it(cloudcontrol): pass\n",
        "@pytest.mark.cloudcontrol\n@mock_cloudcontrol()\ndef test_it(): pass\n",
    ],
)
def test_mock_inside_the_fixture(pytester: pytest.Pytester, source: str) -> None:
    """A second mock in a test that has the fixture is refused: the test fails and says what to use."""
    pytester.makepyfile(f"import pytest\nfrom pytest_cloudcontrol import mock_cloudcontrol\n\n{source}")

    result = pytester.runpytest()

    result.assert_outcomes(failed=1)
    errors = [line.removeprefix("E").strip() for line in result.outlines if line.startswith("E  ")]
    assert errors == [f"pytest_cloudcontrol.transport.active.AlreadyActive: {ALREADY_ACTIVE}"]


def test_fixture_inside_a_mock(pytester: pytest.Pytester) -> None:
    """The fixture inside a mock that another fixture has made is refused: an error of the test."""
    pytester.makepyfile(
        """
        import pytest

        from pytest_cloudcontrol import mock_cloudcontrol

        @pytest.fixture(scope="module")
        def mocked():
            with mock_cloudcontrol():
                yield

        def test_it(mocked, cloudcontrol): pass
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(errors=1)
    assert ALREADY_ACTIVE in result.outlines
    result.stdout.no_fnmatch_line("*plugin.py*")
