"""AWS CLI in the process of the mock, as tests of programs that are made of its parts have it.

It brings a copy of botocore, which is *the* botocore of a process that had none before: so who comes first decides
which there is. Each test has a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest

pytestmark = pytest.mark.slow

FIRST: Final = {
    "AWS CLI first": "import awscli.clidriver, botocore; assert 'awscli' in botocore.__file__",
    "boto3 first": "import boto3, awscli.clidriver, botocore; assert 'awscli' not in botocore.__file__",
    "the mock first": "",
    "a module by its long name": "import botocore.session, awscli.botocore.session",
}
PROGRAM: Final = """
import time

import pytest_cloudcontrol

time.sleep = None  # which nobody is to call

with pytest_cloudcontrol.mock_cloudcontrol() as cloudcontrol:
    from awscli.clidriver import create_clidriver

    def aws(*arguments):
        assert create_clidriver().main(["cloudcontrol", *arguments]) == 0

    aws("create-resource", "--type-name", "AWS::Logs::LogGroup", "--desired-state", '{"LogGroupName": "orders"}')
    aws("wait", "resource-request-success", "--request-token", cloudcontrol.requests[0].request_token)
    aws("get-resource", "--type-name", "AWS::Logs::LogGroup", "--identifier", "orders", "--query", "TypeName")

    import awscli.botocore.session

    client = awscli.botocore.session.Session().create_client("cloudcontrol")
    client.get_resource(TypeName="AWS::Logs::LogGroup", Identifier="orders")
    assert [request.status for request in cloudcontrol.requests] == ["SUCCESS"]
"""


@pytest.mark.parametrize("first", FIRST.values(), ids=FIRST)
def test_whichever_botocore_there_is_meets_the_mock(first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its calls are answered, without keys of the machine's, and its waiter sleeps on the mock clock."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)

    done = subprocess.run([sys.executable, "-c", first + PROGRAM], check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == '"AWS::Logs::LogGroup"'
