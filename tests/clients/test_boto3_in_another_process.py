"""boto3 in another process, which knows nothing of the mock but where it is."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl, CloudControlServer

pytestmark = pytest.mark.slow

PROGRAM: Final = """
import boto3

client = boto3.client("cloudcontrol")
event = client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState='{"LogGroupName": "orders"}')
token = event["ProgressEvent"]["RequestToken"]
client.get_waiter("resource_request_success").wait(RequestToken=token, WaiterConfig={"Delay": 0})
print(client.get_resource(TypeName="AWS::Logs::LogGroup", Identifier="orders")["ResourceDescription"]["Identifier"])
"""


@pytest.mark.parametrize("without", [(), ("AWS_ENDPOINT_URL",)], ids=["environ", "of Cloud Control alone"])
def test_the_environment_is_all_it_takes(
    cloudcontrol: CloudControl, cloudcontrol_server: CloudControlServer, without: tuple[str, ...]
) -> None:
    """Of the endpoint's variables AWS_ENDPOINT_URL_CLOUDCONTROL is enough."""
    environ = {name: value for name, value in cloudcontrol_server.environ.items() if name not in without}

    answered = subprocess.run([sys.executable, "-c", PROGRAM], env=environ, check=True, capture_output=True, text=True)

    assert answered.stdout == "orders\n"
    assert [request.status for request in cloudcontrol.requests] == ["SUCCESS"]
