"""What comes through from xdist's workers: one run of all that goes wrong here, as workers take long to start."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest
from inner_tests import CREATE, TOKEN, without
from resource_types import LOG_GROUP

pytestmark = pytest.mark.slow

TESTS: Final = {
    "test_section.py": f"""
def test_section(cloudcontrol_client):
    {CREATE}
    raise AssertionError("of its own")
""",
    "test_large_section.py": rf"""
import json

def test_large_section(cloudcontrol, cloudcontrol_client):
    cloudcontrol.add_failure("Throttling", identifier="caf\u00e9")
    def rewrite(params, **_):
        params["body"] = json.dumps({{"TypeName": "\ud800"}}).encode()
    cloudcontrol_client.meta.events.register("before-call.cloudcontrol.ListResources", rewrite)
    {CREATE}
    cloudcontrol_client.list_resources(TypeName="AWS::SQS::Queue")
""",
    "test_handler.py": f"""
def broken(request):
    yield 1
    raise ZeroDivisionError("in the handler")

def test_handler(cloudcontrol, cloudcontrol_client):
    cloudcontrol.add_handler("{LOG_GROUP}", create=broken)
    {CREATE}
    cloudcontrol.requests.last.run()
""",
    "test_errors.py": f"""
def test_option(cloudcontrol):
    cloudcontrol.plan(steps=0)

def test_request(cloudcontrol):
    cloudcontrol.request("nope")

def test_wait(cloudcontrol, cloudcontrol_client):
    cloudcontrol.clock.auto_advance = False
    {CREATE}
    token = cloudcontrol.requests.last.request_token
    cloudcontrol_client.get_waiter("resource_request_success").wait(RequestToken=token)
""",
}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Run the tests in two workers, and return the lines of what the run says."""
    folder = tmp_path_factory.mktemp("workers")
    for name, source in TESTS.items():
        (folder / name).write_text(source, encoding="utf-8")
    options = ["-n", "2", "--cloudcontrol-start=2030-01-01T00:00:00+00:00", *without("hypothesispytest", "randomly")]
    command = [sys.executable, "-X", "utf8", "-m", "pytest", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False).stdout.splitlines()


@pytest.fixture
def stdout(output: list[str]) -> pytest.LineMatcher:
    """Look at the lines with pytest's own matcher, which remembers how far it has come."""
    return pytest.LineMatcher(output)


def of_test(name: str, lines: pytest.LineMatcher) -> pytest.LineMatcher:
    """Return the lines from a failed test's headline on."""
    return pytest.LineMatcher([*lines.get_lines_after(f"_* {name} _*")])


def test_outcomes(output: list[str]) -> None:
    """Each test fails that fails without xdist, and the one with the handler passes before its end fails."""
    assert "5 failed, 1 passed, 1 error in " in output[-1]


def test_section(stdout: pytest.LineMatcher) -> None:
    """The section of a failing test comes through."""
    of_test("test_section", stdout).re_match_lines(
        [
            "-+ Cloud Control -+",
            r"Requests:$",
            (
                rf"    1\. {TOKEN} CREATE AWS::Logs::LogGroup app IN_PROGRESS: 0 steps made, "
                r"the next due at 2030-01-01 00:00:00\.200 \[123456789012 us-east-1\]$"
            ),
            r"What happened, on the mock clock:$",
            r"    2030-01-01 00:00:00\.000 request 1: IN_PROGRESS$",
            (
                r"    2030-01-01 00:00:00\.000 CreateResource AWS::Logs::LogGroup \{\"LogGroupName\": \"app\"\} "
                r"-> request 1, IN_PROGRESS$"
            ),
        ],
        consecutive=True,
    )


def test_section_hard_to_write(stdout: pytest.LineMatcher) -> None:
    """The whole section comes through, whatever the code under test has sent."""
    of_test("test_large_section", stdout).re_match_lines(
        [
            r"Requests:$",
            rf"    1\. {TOKEN} CREATE {LOG_GROUP} app IN_PROGRESS: 0 steps made, .*",
            r"What happened, on the mock clock:$",
            r"    2030-01-01 00:00:00\.000 request 1: IN_PROGRESS$",
            r"    2030-01-01 00:00:00\.000 CreateResource .* -> request 1, IN_PROGRESS$",
            r"    2030-01-01 00:00:00\.000 ListResources -> SerializationException: .*",
            r"Still armed:$",
            r"    add_failure\('Throttling', identifier='café', at_step=1\)$",
        ],
        consecutive=True,
    )


def test_handler_that_is_wrong(stdout: pytest.LineMatcher) -> None:
    """What is told at the end of a test's own handlers comes through."""
    stdout.fnmatch_lines(
        [
            "_* ERROR at teardown of test_handler _*",
            "E*ZeroDivisionError: in the handler",
            "*These handlers of the test's own are wrong:",
            "*the CREATE handler broken of AWS::Logs::LogGroup raised ZeroDivisionError: in the handler",
        ]
    )


def test_errors(stdout: pytest.LineMatcher) -> None:
    """The whole text of each error that fails a test comes through."""
    stdout.fnmatch_lines_random(
        [
            "E *OptionError: steps=0 is not valid: expected a whole number, at least 1",
            (
                "E *UnknownRequest: no request has the token 'nope': no request has been made yet "
                "(cloudcontrol.requests has them all)"
            ),
            "E *NoProgressError: a waiter is about to sleep 5 s, but clock.auto_advance is off: nothing moves*",
            (
                "E *What to do: let the request come to its end first (request.run(), cloudcontrol.clock.advance()), "
                "wait in another thread, or set cloudcontrol.clock.auto_advance = True."
            ),
        ]
    )
