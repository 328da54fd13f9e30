"""What a failing test shows of the mock: its requests, and what happened on the mock clock."""

from __future__ import annotations

import pytest
from inner_tests import CREATE, TOKEN

SECTION = "-+ Cloud Control -+"

START = "--cloudcontrol-start=2030-01-01T00:00:00+00:00"

ASKED = (
    r"    2030-01-01 00:00:00\.000 CreateResource AWS::Logs::LogGroup \{\"LogGroupName\": \"app\"\} "
    r"-> request 1, IN_PROGRESS$"
)
HAPPENED = [
    r"What happened, on the mock clock:$",
    r"    2030-01-01 00:00:00\.000 request 1: IN_PROGRESS$",
    ASKED,
]

IN_PROGRESS = [
    SECTION,
    r"Requests:$",
    (
        rf"    1\. {TOKEN} CREATE AWS::Logs::LogGroup app IN_PROGRESS: 0 steps made, "
        r"the next due at 2030-01-01 00:00:00\.200 \[123456789012 us-east-1\]$"
    ),
    *HAPPENED,
]


def ended(status: str, steps: str = "0 steps made") -> list[str]:
    """Return the lines of a section whose one request has ended, as far as what happened to it then."""
    headline = rf"    1\. {TOKEN} CREATE AWS::Logs::LogGroup app {status}: {steps} \[123456789012 us-east-1\]$"
    return [SECTION, r"Requests:$", headline, *HAPPENED]


# The section


@pytest.mark.parametrize(
    ("acts", "lines"),
    [
        pytest.param("", [SECTION, r"No request has been made\.$", r"No call has been made\.$"], id="nothing asked"),
        pytest.param(CREATE, IN_PROGRESS, id="in progress"),
        pytest.param(
            f"{CREATE}\n    cloudcontrol.requests.last.run()",
            [
                *ended("SUCCESS", "2 steps made"),
                r"    2030-01-01 00:00:00\.200 request 1: IN_PROGRESS, retry after 2030-01-01 00:00:01\.200$",
                r"    2030-01-01 00:00:01\.200 request 1: SUCCESS$",
            ],
            id="at its end",
        ),
        pytest.param(
            f"{CREATE}\n    cloudcontrol.requests.last.fail('Throttling', 'Rate exceeded')",
            [
                *ended("FAILED"),
                r"    2030-01-01 00:00:00\.000 request 1: FAILED, Throttling: Rate exceeded, by request\.fail\(\)$",
            ],
            id="failed",
        ),
        pytest.param(
            f"cloudcontrol.add_failure('NotStabilized', message='')\n    {CREATE}\n    cloudcontrol.step()",
            [
                *ended("FAILED", "1 step made"),
                (
                    r"    2030-01-01 00:00:00\.200 request 1: FAILED, NotStabilized, "
                    r"by add_failure\('NotStabilized', at_step=1\)$"
                ),
            ],
            id="failed by a rule",
        ),
        pytest.param(
            f"{CREATE}\n    cloudcontrol.requests.last.cancel()",
            [
                *ended("CANCEL_COMPLETE"),
                r"    2030-01-01 00:00:00\.000 request 1: CANCEL_COMPLETE, by request\.cancel\(\)$",
            ],
            id="cancelled",
        ),
        pytest.param(
            f"{CREATE}\n    cloudcontrol.requests.last.cancel(at_step=1).run()",
            [
                *ended("CANCEL_COMPLETE"),
                r"    2030-01-01 00:00:00\.200 request 1: CANCEL_COMPLETE, by request\.cancel\(at_step=1\)$",
            ],
            id="cancelled at a step",
        ),
        pytest.param(
            f"cloudcontrol.add_cancel(times=3)\n    {CREATE}\n    cloudcontrol.step()",
            [
                *ended("CANCEL_COMPLETE"),
                r"    2030-01-01 00:00:00\.200 request 1: CANCEL_COMPLETE, by add_cancel\(at_step=1, times=3\)$",
                r"Still armed:$",
                r"    add_cancel\(at_step=1, times=3\), fired 1 of 3 times$",
            ],
            id="cancelled by a rule",
        ),
        pytest.param(
            f"{CREATE}\n    cloudcontrol_client.cancel_resource_request(\n"
            "        RequestToken=cloudcontrol.requests.last.request_token)",
            [
                *ended("CANCEL_COMPLETE"),
                r"    2030-01-01 00:00:00\.000 request 1: CANCEL_COMPLETE, by CancelResourceRequest$",
                r"    2030-01-01 00:00:00\.000 CancelResourceRequest request 1 -> CANCEL_COMPLETE$",
            ],
            id="cancelled by the code",
        ),
        pytest.param(
            f"{CREATE}\n    cloudcontrol.requests.last.expire()",
            [
                *ended(r"IN_PROGRESS \(expired\)"),
                r"    2030-01-01 00:00:00\.000 request 1: expired, by request\.expire\(\)$",
            ],
            id="expired",
        ),
        pytest.param(
            f"cloudcontrol.add_expiry()\n    {CREATE}\n    cloudcontrol.step()",
            [
                *ended(r"IN_PROGRESS \(expired\)"),
                r"    2030-01-01 00:00:00\.200 request 1: expired, by add_expiry\(at_step=1\)$",
            ],
            id="expired by a rule",
        ),
        pytest.param(
            f"cloudcontrol.plan(pending=900_000)\n    {CREATE}\n    cloudcontrol.clock.advance(604_800)",
            [
                *ended(r"PENDING \(expired\)")[:3],
                r"What happened, on the mock clock:$",
                r"    2030-01-01 00:00:00\.000 request 1: PENDING$",
                ASKED.replace("IN_PROGRESS", "PENDING"),
                r"    2030-01-08 00:00:00\.000 request 1: expired$",
            ],
            id="expired after seven days",
        ),
        pytest.param(
            f"{CREATE}\n    cloudcontrol.requests.last.step().cancel(at_step=2)",
            [
                SECTION,
                r"Requests:$",
                (
                    rf"    1\. {TOKEN} CREATE AWS::Logs::LogGroup app IN_PROGRESS: 1 step made, "
                    r"the next due at 2030-01-01 00:00:01\.200, to be cancelled at step 2 \[123456789012 us-east-1\]$"
                ),
                *HAPPENED,
                r"    2030-01-01 00:00:00\.200 request 1: IN_PROGRESS, retry after 2030-01-01 00:00:01\.200$",
                r"Still armed:$",
                rf"    request {TOKEN}: cancel\(at_step=2\)$",
            ],
            id="to be cancelled",
        ),
        pytest.param(
            "cloudcontrol.client('eu-west-1', '111122223333').create_resource("
            "TypeName='AWS::EC2::InternetGateway', DesiredState='{}')",
            [
                SECTION,
                r"Requests:$",
                (
                    rf"    1\. {TOKEN} CREATE AWS::EC2::InternetGateway \(no identifier yet\) IN_PROGRESS: "
                    r"0 steps made, the next due at 2030-01-01 00:00:00\.200 \[111122223333 eu-west-1\]$"
                ),
                r"What happened, on the mock clock:$",
                r"    2030-01-01 00:00:00\.000 request 1: IN_PROGRESS$",
                (
                    r"    2030-01-01 00:00:00\.000 CreateResource AWS::EC2::InternetGateway \{\} "
                    r"\[111122223333 eu-west-1\] -> request 1, IN_PROGRESS$"
                ),
            ],
            id="elsewhere, without an identifier",
        ),
    ],
)
def test_section(pytester: pytest.Pytester, acts: str, lines: list[str]) -> None:
    """A failing test shows a line for each request, then calls and events in order, then what is still armed."""
    pytester.makepyfile(
        f"def test_it(cloudcontrol, cloudcontrol_client):\n    {acts}\n    raise AssertionError('of its own')\n"
    )

    result = pytester.runpytest(START)

    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines(lines, consecutive=True)


def test_section_with_many_requests(pytester: pytest.Pytester) -> None:
    """Of very many requests the latest are shown."""
    pytester.makepyfile(
        """
        def test_it(cloudcontrol, cloudcontrol_client):
            for number in range(53):
                cloudcontrol_client.create_resource(
                    TypeName="AWS::Logs::LogGroup", DesiredState=f'{{"LogGroupName": "app-{number}"}}')
            raise AssertionError("of its own")
        """
    )

    result = pytester.runpytest(START)

    result.stdout.re_match_lines(
        [
            SECTION,
            r"Requests:$",
            r"    \(3 earlier requests are not shown\)$",
            rf"    4\. {TOKEN} CREATE AWS::Logs::LogGroup app-3 .*",
        ],
        consecutive=True,
    )
    result.stdout.re_match_lines([r"    \(23 earlier calls are not shown\)$"])
    assert sum(" CREATE AWS::Logs::LogGroup app-" in line for line in result.outlines) == 50


def test_no_section_of_a_passing_test(pytester: pytest.Pytester) -> None:
    """A passing test shows nothing, even when pytest shows what passing tests have written."""
    pytester.makepyfile(f"def test_it(cloudcontrol_client):\n    print('written')\n    {CREATE}\n")

    result = pytester.runpytest("-rA")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["written"])
    result.stdout.no_re_match_line(SECTION)


def test_no_section_without_the_fixture(pytester: pytest.Pytester) -> None:
    """A failing test that isn't mocked shows nothing of Cloud Control."""
    pytester.makepyfile("def test_it():\n    raise AssertionError('of its own')\n")

    result = pytester.runpytest()

    result.assert_outcomes(failed=1)
    result.stdout.no_re_match_line(SECTION)


@pytest.mark.parametrize("when", ["setup", "teardown"])
def test_section_of_another_fixture(pytester: pytest.Pytester, when: str) -> None:
    """When a fixture fails that came after the mock, in its setup or its teardown, the requests are shown too."""
    pytester.makepyfile(
        f"""
        import pytest

        @pytest.fixture
        def deployed(cloudcontrol_client):
            {CREATE}
            if "{when}" == "setup":
                raise AssertionError("of its own")
            yield
            raise AssertionError("of its own")

        def test_it(deployed): pass
        """
    )

    result = pytester.runpytest(START)

    result.assert_outcomes(passed=int(when == "teardown"), errors=1)
    result.stdout.re_match_lines(IN_PROGRESS, consecutive=True)


def test_section_of_a_unittest(pytester: pytest.Pytester) -> None:
    """A failing unittest shows its requests too."""
    pytester.makepyfile(
        """
        import unittest

        import boto3
        import pytest

        @pytest.mark.cloudcontrol
        class Deploying(unittest.TestCase):
            def test_it(self):
                cloudcontrol_client = boto3.client("cloudcontrol")
                cloudcontrol_client.create_resource(
                    TypeName="AWS::Logs::LogGroup", DesiredState='{"LogGroupName": "app"}')
                self.fail("of its own")
        """
    )

    result = pytester.runpytest(START)

    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines(IN_PROGRESS, consecutive=True)


def test_no_progress_fails_the_test_only(pytester: pytest.Pytester) -> None:
    """Code that would hang fails its own test, with the reason and the requests, and the run goes on."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.cloudcontrol(auto_advance=False)
        def test_hangs(cloudcontrol_client):
            created = cloudcontrol_client.create_resource(
                TypeName="AWS::Logs::LogGroup", DesiredState='{"LogGroupName": "app"}')
            while True:
                cloudcontrol_client.get_resource_request_status(RequestToken=created["ProgressEvent"]["RequestToken"])

        def test_goes_on(cloudcontrol):
            pass
        """
    )

    result = pytester.runpytest(START, "-p", "no:randomly")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["E *NoProgressError: *"])
    result.stdout.re_match_lines(IN_PROGRESS, consecutive=True)


def test_comparison_of_a_status(pytester: pytest.Pytester) -> None:
    """A failing comparison with a word of the API reads like one of two texts."""
    pytester.makepyfile(
        f"""
        def test_it(cloudcontrol, cloudcontrol_client):
            {CREATE}
            request = cloudcontrol.requests.last
            assert (request.status, request.operation) == ("SUCCESS", "UPDATE")
        """
    )

    result = pytester.runpytest(START)

    result.stdout.re_match_lines([r"E +AssertionError: assert \('IN_PROGRESS', 'CREATE'\) == \('SUCCESS', 'UPDATE'\)"])
