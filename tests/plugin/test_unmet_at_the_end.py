"""What is wrong with a mocked test besides its own assertions: what never came to be."""

from __future__ import annotations

import pytest
from inner_tests import CREATE, TOKEN

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

ARRANGED_BY_A_FIXTURE = """
    import pytest

    @pytest.fixture
    def arranged(cloudcontrol, cloudcontrol_client):
        cloudcontrol.add_failure("Throttling", type_name="AWS::S3::Bucket")
        cloudcontrol_client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")

    class TestIt:
        def test_one(self, arranged): pass
        def test_two(self, cloudcontrol, arranged): cloudcontrol.requests.last.run()
"""

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
            "See docs/how-to/arrange-beforehand.md#rules-that-never-fire",
            "*- Cloud Control -*",
            "No request has been made.",
            "No call has been made.",
            "Still armed:",
            f"    {RULES[rule]}",
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
            r"See docs/how-to/arrange-beforehand\.md#rules-that-never-fire$",
            r"-+ Cloud Control -+$",
            r"Requests:$",
            rf"    1\. {TOKEN} CREATE AWS::Logs::LogGroup app SUCCESS: 2 steps made \[123456789012 us-east-1\]$",
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
            r"See docs/how-to/wait-without-sleeping\.md#requests-left-running$",
            r"-+ Cloud Control -+$",
            r"Requests:$",
            rf"    1\. {TOKEN} CREATE AWS::Logs::LogGroup one IN_PROGRESS: 0 steps made, .*",
            rf"    2\. {TOKEN} CREATE AWS::Logs::LogGroup two IN_PROGRESS: 0 steps made, .*",
        ],
        consecutive=True,
    )


# Without tests


def test_setup_only(pytester: pytest.Pytester) -> None:
    """With ``--setup-only`` no test has run, so nothing is told of what its fixtures have arranged."""
    pytester.makepyfile(ARRANGED_BY_A_FIXTURE)

    result = pytester.runpytest("--setup-only", "--cloudcontrol-leave-nothing-running=true")

    assert result.ret == pytest.ExitCode.OK
    result.stdout.no_fnmatch_line("*never came to be*")


def test_setup_plan(pytester: pytest.Pytester) -> None:
    """With ``--setup-plan`` not even a fixture is made."""
    pytester.makepyfile(ARRANGED_BY_A_FIXTURE)

    result = pytester.runpytest("--setup-plan")

    assert result.ret == pytest.ExitCode.OK
    result.stdout.no_fnmatch_line("*never came to be*")


@pytest.mark.parametrize("scope", ["function", "class", "module", "session"])
def test_setup_only_of_a_shared_mock(pytester: pytest.Pytester, scope: str) -> None:
    """Nor is anything told of a mock that many tests would have shared."""
    pytester.makeini(f"[pytest]\ncloudcontrol_fixture_scope = {scope}\n")
    pytester.makepyfile(ARRANGED_BY_A_FIXTURE)

    result = pytester.runpytest("--setup-only")

    assert result.ret == pytest.ExitCode.OK
    result.stdout.no_fnmatch_line("*never came to be*")


def test_setup_show(pytester: pytest.Pytester) -> None:
    """With ``--setup-show`` the tests do run, and are told."""
    pytester.makepyfile(ARRANGED_BY_A_FIXTURE)

    result = pytester.runpytest("--setup-show")

    result.assert_outcomes(passed=2, errors=2)
    result.stdout.fnmatch_lines(["These were arranged, but never came to be (optional=True allows it):"])


def test_end_of_a_test_that_leaves_one_held_back(pytester: pytest.Pytester) -> None:
    """It is still running, and the report says that it is held back."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.cloudcontrol(leave_nothing_running=True)
        def test_it(cloudcontrol, cloudcontrol_client):
            cloudcontrol.limit_concurrency(1)
            for _ in range(2):
                cloudcontrol_client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
        """
    )
    result = pytester.runpytest()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*2 requests are still running at the end, and leave_nothing_running is on.",
            "*1. * IN_PROGRESS: 0 steps made, the next due at *",
            "*2. * PENDING: 0 steps made, held back by a limit of 1 *",
        ]
    )
