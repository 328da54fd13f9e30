"""What is wrong with a test's own handlers fails the test at its end, with the handler's own traceback."""

from __future__ import annotations

import pytest

HANDLER = """
    import pytest
    from pytest_cloudcontrol import mock_cloudcontrol

    LOG_GROUP = "AWS::Logs::LogGroup"

    def broken(request):
        yield 1
        raise ZeroDivisionError("in the handler")

    def create(cloudcontrol):
        cloudcontrol.add_handler(LOG_GROUP, create=broken)
        cloudcontrol.client().create_resource(TypeName=LOG_GROUP, DesiredState="{}")
        cloudcontrol.requests.last.run()
"""

TOLD = [
    "*These handlers of the test's own are wrong:",
    "*the CREATE handler broken of AWS::Logs::LogGroup raised ZeroDivisionError: in the handler",
]


def run(pytester: pytest.Pytester, tests: str, *arguments: str) -> pytest.RunResult:
    """Run tests beside a handler that breaks."""
    pytester.makepyfile(f"{HANDLER}\n{tests}")
    return pytester.runpytest(*arguments)


def test_with_the_fixture(pytester: pytest.Pytester) -> None:
    """A test that passes fails at its end, with the traceback of the handler's own lines and nothing of the package."""
    result = run(
        pytester,
        """
    def test_it(cloudcontrol):
        create(cloudcontrol)
        assert cloudcontrol.requests.last.status == "FAILED"
        """,
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.re_match_lines([r".* ERROR at teardown of test_it .*"])
    result.stdout.fnmatch_lines(
        [
            "*def broken(request):",
            "*yield 1",
            '>*raise ZeroDivisionError("in the handler")',
            "E*ZeroDivisionError: in the handler",
            "",
            "test_with_the_fixture.py:8: ZeroDivisionError",
            "",
            "The above exception was the direct cause of the following exception:",
            *TOLD,
            "*See docs/how-to/write-a-handler.md#what-is-told-at-the-end",
        ]
    )
    result.stdout.no_fnmatch_line("*written.py*")


def test_with_a_block(pytester: pytest.Pytester) -> None:
    """A block of mock_cloudcontrol raises the same where it ends: the test fails."""
    result = run(
        pytester,
        """
    def test_it():
        with mock_cloudcontrol() as cloudcontrol:
            create(cloudcontrol)
        """,
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E*ZeroDivisionError: in the handler", *TOLD])


def test_with_a_shared_mock(pytester: pytest.Pytester) -> None:
    """With a mock that is shared by a module, the module's last test has the error."""
    result = run(
        pytester,
        """
    def test_first(cloudcontrol):
        create(cloudcontrol)

    def test_last(cloudcontrol):
        assert len(cloudcontrol.requests) == 1
        """,
        "-ocloudcontrol_fixture_scope=module",
    )

    result.assert_outcomes(passed=2, errors=1)
    result.stdout.re_match_lines([r".* ERROR at teardown of test_last .*"])
    result.stdout.fnmatch_lines(TOLD)


def test_beside_a_rule_that_never_fired(pytester: pytest.Pytester) -> None:
    """Rules that never fired and handlers that are wrong are told together."""
    result = run(
        pytester,
        """
    def test_it(cloudcontrol):
        create(cloudcontrol)
        cloudcontrol.add_failure("Throttling")
        """,
    )

    result.stdout.fnmatch_lines(
        [
            "*These were arranged, but never came to be (optional=True allows it):",
            "*add_failure('Throttling', at_step=1)",
            *TOLD,
            "*See docs/how-to/arrange-beforehand.md#rules-that-never-fire and docs/how-to/write-a-handler.md*",
        ]
    )


@pytest.mark.parametrize(
    ("ends", "outcome"),
    [
        ("raise AssertionError('of its own')", "failed"),
        ("pytest.skip('not here')", "skipped"),
        ("pytest.xfail('not yet')", "xfailed"),
    ],
)
def test_of_a_test_that_did_not_pass(pytester: pytest.Pytester, ends: str, outcome: str) -> None:
    """A test that failed, was skipped or xfailed has no second error; if it failed, its report shows the traceback."""
    result = run(
        pytester,
        f"""
    def test_it(cloudcontrol):
        create(cloudcontrol)
        {ends}
        """,
    )

    assert result.parseoutcomes() == {outcome: 1}
    if outcome == "failed":
        result.stdout.fnmatch_lines([*TOLD, "*Traceback (most recent call last):", "*, in broken"])


def test_generator_left_suspended(pytester: pytest.Pytester) -> None:
    """A handler that a test leaves suspended is closed at the test's end, while the mock answers."""
    pytester.makepyfile(
        """
        seen = []

        def handler(request):
            try:
                yield 1
            finally:
                seen.append(len(client.list_resources(TypeName="AWS::Logs::LogGroup")["ResourceDescriptions"]))

        def test_one(cloudcontrol, cloudcontrol_client):
            global client
            client = cloudcontrol_client
            cloudcontrol.add_handler("AWS::Logs::LogGroup", create=handler)
            cloudcontrol_client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState="{}")
            cloudcontrol.requests.last.step()


        def test_two():
            assert seen == [0]
        """
    )

    pytester.runpytest().assert_outcomes(passed=2)


def test_downstream_work_left_running(pytester: pytest.Pytester) -> None:
    """With leave_nothing_running a request and its downstream work are told that go on at the end."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.cloudcontrol(leave_nothing_running=True)
        def test_it(cloudcontrol, cloudcontrol_client):
            cloudcontrol.plan(downstream=True)
            cloudcontrol_client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState="{}")
            cloudcontrol.requests.last.step()
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "1 request is still running at the end, and leave_nothing_running is on.",
            "1 downstream work is still running at the end, and leave_nothing_running is on.",
        ],
        consecutive=True,
    )
