"""What a failing test shows of calls that something was arranged for."""

from __future__ import annotations

import pytest
from inner_tests import OTHERS, without

TEST = """
    import pytest
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError


    def test_it(cloudcontrol):
        client = cloudcontrol.client(config=Config(retries={{"total_max_attempts": 1}}))
        {arranged}
        for _ in range(2):
            try:
                {call}
            except (BotoCoreError, ClientError):
                pass
        pytest.fail("so that it shows")
"""
CREATE = "client.create_resource(TypeName='AWS::SQS::Queue', DesiredState='{}')"
LIST = "client.list_resources(TypeName='AWS::SQS::Queue')"
ASKED = "2030-01-01 00:00:00.000 CreateResource AWS::SQS::Queue {} ->"


@pytest.mark.parametrize(
    ("arranged", "call", "line"),
    [
        (
            "cloudcontrol.add_error('ReadTimeoutError', api='CreateResource', after=True)",
            CREATE,
            (
                f"{ASKED} ReadTimeoutError; request 1, IN_PROGRESS was answered, but the answer was lost by "
                "add_error('ReadTimeoutError', api='CreateResource', after=True)"
            ),
        ),
        (
            "cloudcontrol.add_error('InternalFailure', after=True)",
            CREATE.replace("SQS", "SSQS"),
            (
                "2030-01-01 00:00:00.000 CreateResource AWS::SSQS::Queue {} -> InternalFailure; TypeNotFoundException: "
                "The type 'AWS::SSQS::Queue' cannot be found. was answered, but the answer was lost by "
                "add_error('InternalFailure', after=True)"
            ),
        ),
        (
            "cloudcontrol.add_error('ConnectTimeoutError', times=2)",
            CREATE,
            f"{ASKED} ConnectTimeoutError, by add_error('ConnectTimeoutError', times=2) (2 times)",
        ),
        (
            "cloudcontrol.limit_rate(1, per=60, api='ListResources')",
            LIST,
            (
                "2030-01-01 00:00:00.000 ListResources AWS::SQS::Queue -> ThrottlingException: Rate exceeded, by "
                "limit_rate(1, per=60, api='ListResources')"
            ),
        ),
    ],
    ids=["a lost answer", "a lost refusal", "never sent", "too fast"],
)
def test_call(pytester: pytest.Pytester, arranged: str, call: str, line: str) -> None:
    """The line of a call says what the code was told, what was answered if that was lost, and what made it so."""
    pytester.makepyfile(TEST.format(arranged=arranged, call=call))
    result = pytester.runpytest_inprocess("--cloudcontrol-start=2030-01-01T00:00:00+00:00", *without(*OTHERS))
    result.assert_outcomes(failed=1)
    assert line in [shown.strip() for shown in result.outlines]
