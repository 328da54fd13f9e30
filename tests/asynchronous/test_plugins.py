"""Tests that are coroutines, with the plugins that run them; the fixture stays synchronous."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pytest

TEST: Final = """
    import json, pytest
    from aiobotocore.session import get_session

    @pytest.mark.{plugin}
    async def test_deploy(cloudcontrol):
        async with get_session().create_client("cloudcontrol") as client:
            answer = await client.create_resource(
                TypeName="AWS::SQS::Queue", DesiredState=json.dumps({{"QueueName": "orders"}})
            )
            token = answer["ProgressEvent"]["RequestToken"]
            await client.get_waiter("resource_request_success").wait(RequestToken=token)
        assert cloudcontrol.requests.last.status == "SUCCESS"
"""


def test_pytest_asyncio(pytester: pytest.Pytester) -> None:
    """A coroutine test of pytest-asyncio's has the fixture."""
    pytester.makepyfile(TEST.format(plugin="asyncio"))
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function")

    pytester.runpytest_subprocess("-p", "no:anyio").assert_outcomes(passed=1)


def test_anyio(pytester: pytest.Pytester) -> None:
    """A coroutine test of anyio's plugin has the fixture."""
    pytester.makepyfile(TEST.format(plugin="anyio"))
    pytester.makeconftest("import pytest\n@pytest.fixture\ndef anyio_backend(): return 'asyncio'")

    pytester.runpytest_subprocess("-p", "no:asyncio").assert_outcomes(passed=1)


EXPLORED: Final = """
    import pytest
    from aiobotocore.session import get_session
    from botocore.exceptions import BotoCoreError, ClientError

    @pytest.mark.{plugin}
    @pytest.mark.cloudcontrol_explore
    async def test_deploy(cloudcontrol):
        async with get_session().create_client("cloudcontrol") as client:
            try:
                answer = await client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{{}}")
                token = answer["ProgressEvent"]["RequestToken"]
                await client.get_waiter("resource_request_success").wait(RequestToken=token)
            except (BotoCoreError, ClientError):
                pass
"""
COVERED: Final = (
    "cloudcontrol: 1 exploration, 14 schedules, 2 pruned; "
    "surprises: 1 moved on, 3 lost answer, 3 error, 3 cancelled, 3 failed"
)


def test_explored_by_pytest_asyncio(pytester: pytest.Pytester) -> None:
    """A coroutine test of pytest-asyncio's is explored in its event loop."""
    pytester.makepyfile(EXPLORED.format(plugin="asyncio"))
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function")

    result = pytester.runpytest_subprocess("-p", "no:anyio")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([COVERED])


def test_explored_by_anyio(pytester: pytest.Pytester) -> None:
    """A coroutine test of anyio's plugin is explored."""
    pytester.makepyfile(EXPLORED.format(plugin="anyio"))
    pytester.makeconftest("import pytest\n@pytest.fixture\ndef anyio_backend(): return 'asyncio'")

    result = pytester.runpytest_subprocess("-p", "no:asyncio")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([COVERED])
