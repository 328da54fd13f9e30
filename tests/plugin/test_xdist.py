"""pytest-xdist: each worker has mocks of its own, however the tests are shared out."""

from __future__ import annotations

import sys

import pytest

TESTS = """
    import boto3, pytest

    class Test{name}:
        @pytest.mark.parametrize("number", range(6))
        def test_deploy(self, cloudcontrol, number):
            client = boto3.client("cloudcontrol")
            answer = client.create_resource(TypeName="AWS::SQS::Queue", DesiredState='{{"QueueName": "orders"}}')
            token = answer["ProgressEvent"]["RequestToken"]
            client.get_waiter("resource_request_success").wait(RequestToken=token)
            assert [resource.type_name for resource in cloudcontrol.resources] == ["AWS::SQS::Queue"]
            assert len(cloudcontrol.requests) == 1
"""


@pytest.mark.slow
@pytest.mark.usefixtures("every_plugin")
@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["-n", "2", "--dist", "loadscope"], id="by scope"),
        pytest.param(["-n", "2", "--dist", "worksteal"], id="by stealing work"),
        pytest.param(["-d", *(2 * ["--tx", f"popen//python={sys.executable}"])], id="workers of other interpreters"),
    ],
)
def test_workers(pytester: pytest.Pytester, arguments: list[str]) -> None:
    """In each way of xdist's, and in random order, every test passes as it would alone."""
    pytester.makepyfile(test_a=TESTS.format(name="A"), test_b=TESTS.format(name="B"))

    pytester.runpytest_subprocess(*arguments, "-p", "randomly", "-p", "no:hypothesispytest").assert_outcomes(passed=12)
