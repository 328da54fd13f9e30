"""AWS CLI, as a program of its own: the commands of AWS's guide, and all others, against the server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from calls import create
from resource_types import LOG_GROUP

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl, CloudControlServer

pytestmark = pytest.mark.slow

# AWS's guide, "Managing resource operation requests": its commands, its token, and what it shows of the resource.
LIST_ACTIVE: Final = r"""aws cloudcontrol list-resource-requests --resource-request-status-filter \
Operations=CREATE,OperationStatuses=IN_PROGRESS"""
TRACK: Final = r"""aws cloudcontrol get-resource-request-status \
--request-token 5f40c577-3534-4b20-9599-0b0123456789"""
CANCEL: Final = "aws cloudcontrol cancel-resource-request --request-token 5f40c577-3534-4b20-9599-0b0123456789"
"""The guide tells of this one in words, and the command's reference has it."""
TOKEN: Final = "5f40c577-3534-4b20-9599-0b0123456789"
NAME: Final = "LogGroupResourceExample"
START: Final = datetime(2021, 8, 9, 18, 17, 15, 219_000, tzinfo=UTC)

FLOWING: Final = 10_000
"""A rate at which a log group is made in a tenth of a millisecond, and a request expires after a minute."""


@dataclass
class Cli:
    """AWS CLI.

    Args:
        environ: its environment.
        options: what each command is given in addition.
    """

    environ: dict[str, str]
    options: str = ""

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Have a shell run a command, by the ``aws`` beside this Python."""
        path = os.pathsep.join([str(Path(sys.executable).parent), self.environ["PATH"]])
        called = ["sh", "-c", f"{command} {self.options}"]
        return subprocess.run(called, env=self.environ | {"PATH": path}, check=False, capture_output=True, text=True)

    def answer(self, command: str) -> Any:
        """Run a command, and return what it prints; None if that is nothing."""
        done = self.run(command)
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout) if done.stdout else None


@pytest.fixture
def cli(cloudcontrol_server: CloudControlServer) -> Cli:
    """AWS CLI, which finds the server by the one variable."""
    environ = cloudcontrol_server.environ
    del environ["AWS_ENDPOINT_URL"]
    return Cli(environ)


@pytest.fixture(params=["by the option", "by the environment"])
def guided(request: pytest.FixtureRequest, cloudcontrol_server: CloudControlServer, cli: Cli) -> Cli:
    """AWS CLI, which finds the server in either way."""
    if request.param == "by the environment":
        return cli
    del cli.environ["AWS_ENDPOINT_URL_CLOUDCONTROL"]
    return Cli(cli.environ, f"--endpoint-url {cloudcontrol_server.url}")


@pytest.fixture
def guides_request(cloudcontrol_client: CloudControlApiClient, cloudcontrol_server: CloudControlServer) -> None:
    """Have the guide's request, with its own token: the world's document has it in place of the mock's."""
    token = create(cloudcontrol_client, NAME)
    url = f"{cloudcontrol_server.url}/_cloudcontrol/state"
    with urllib.request.urlopen(url) as answer:
        state = answer.read().replace(token.encode(), TOKEN.encode())
    request = urllib.request.Request(url, state, {"Content-Type": "application/json"}, method="PUT")
    with urllib.request.urlopen(request):
        pass


def event(**members: object) -> dict[str, object]:
    """Return an event of the guide's request, as AWS CLI shows it."""
    return {
        "TypeName": LOG_GROUP,
        "Identifier": NAME,
        "RequestToken": TOKEN,
        "Operation": "CREATE",
        "OperationStatus": "IN_PROGRESS",
        "EventTime": START.timestamp(),
    } | members


# The guide


@pytest.mark.usefixtures("guides_request")
@pytest.mark.cloudcontrol(auto_advance=False, start=START)
def test_the_guides_list_of_active_requests(guided: Cli) -> None:
    """The guide's filter is understood in AWS CLI's shorthand."""
    assert guided.answer(LIST_ACTIVE) == {"ResourceRequestStatusSummaries": [event()]}


@pytest.mark.usefixtures("guides_request")
@pytest.mark.cloudcontrol(auto_advance=False, start=START)
def test_the_guides_way_to_track_a_request(cloudcontrol: CloudControl, guided: Cli) -> None:
    """The token is taken from one command to the next, and shows how the request ends."""
    assert guided.answer(TRACK) == {"ProgressEvent": event()}

    cloudcontrol.run_until_idle()

    ended = cloudcontrol.requests[0].last_event.event_time.timestamp()
    assert guided.answer(TRACK) == {"ProgressEvent": event(OperationStatus="SUCCESS", EventTime=ended)}


@pytest.mark.usefixtures("guides_request")
@pytest.mark.cloudcontrol(auto_advance=False, start=START)
def test_the_guides_way_to_cancel_a_request(cloudcontrol: CloudControl, guided: Cli) -> None:
    """No further handler call is made, and what was made stays."""
    cloudcontrol.requests[0].step()

    cancelled = guided.answer(CANCEL)

    assert cancelled["ProgressEvent"]["OperationStatus"] == "CANCEL_COMPLETE"
    assert cloudcontrol.requests[0].status == "CANCEL_COMPLETE"


# Every other command


@pytest.mark.cloudcontrol(auto_advance=False)
def test_creating(cloudcontrol: CloudControl, cli: Cli) -> None:
    """CreateResource takes its document from the command line."""
    command = (
        f"""aws cloudcontrol create-resource --type-name {LOG_GROUP} --desired-state '{{"LogGroupName": "app"}}'"""
    )

    created = cli.answer(command)["ProgressEvent"]

    assert created["RequestToken"] == cloudcontrol.requests[0].request_token
    assert created["OperationStatus"] == "IN_PROGRESS"


def test_reading_and_listing(cloudcontrol: CloudControl, cli: Cli) -> None:
    """GetResource and ListResources show what there is."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})

    read = cli.answer(f"aws cloudcontrol get-resource --type-name {LOG_GROUP} --identifier app")
    listed = cli.answer(f"aws cloudcontrol list-resources --type-name {LOG_GROUP} --max-items 5")

    assert json.loads(read["ResourceDescription"]["Properties"])["LogGroupName"] == "app"
    assert [description["Identifier"] for description in listed["ResourceDescriptions"]] == ["app"]


def test_updating_and_deleting(cloudcontrol: CloudControl, cli: Cli) -> None:
    """UpdateResource and DeleteResource make requests too."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    cloudcontrol.clock.rate = FLOWING

    cli.answer(
        f"aws cloudcontrol update-resource --type-name {LOG_GROUP} --identifier app "
        """--patch-document '[{"op": "add", "path": "/RetentionInDays", "value": 7}]'"""
    )
    cli.answer(f"aws cloudcontrol delete-resource --type-name {LOG_GROUP} --identifier app")
    cloudcontrol.run_until_idle()

    assert [(request.operation, request.status) for request in cloudcontrol.requests] == [
        ("UPDATE", "SUCCESS"),
        ("DELETE", "SUCCESS"),
    ]


# Waiting


def test_waiting_for_success(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, cli: Cli) -> None:
    """Where time flows, AWS CLI's own waiter sees the request end."""
    token = create(cloudcontrol_client)
    cloudcontrol.clock.rate = FLOWING

    assert cli.answer(f"aws cloudcontrol wait resource-request-success --request-token {token}") is None
    assert cloudcontrol.requests[0].status == "SUCCESS"


def test_waiting_for_what_fails(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, cli: Cli
) -> None:
    """The waiter says that the request has failed, and ends with 255."""
    cloudcontrol.add_failure("NotStabilized")
    token = create(cloudcontrol_client)
    cloudcontrol.run_until_idle()

    done = cli.run(f"aws cloudcontrol wait resource-request-success --request-token {token}")

    assert done.returncode == 255
    assert done.stderr == (
        "\nWaiter ResourceRequestSuccess failed: Waiter encountered a terminal failure state: "
        'For expression "ProgressEvent.OperationStatus" we matched expected path: "FAILED"\n'
    )


# Errors


def test_errors(cli: Cli) -> None:
    """AWS's words come through, with the operation's name, and the command ends with 255."""
    done = cli.run(TRACK)

    assert done.returncode == 255
    assert done.stderr == (
        "\nAn error occurred (RequestTokenNotFoundException) when calling the GetResourceRequestStatus operation: "
        f"Request with token {TOKEN} was not found\n"
    )


# Other services


@pytest.mark.cloudcontrol(provision="moto")
def test_another_service_shows_the_same_resource(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    cloudcontrol_server: CloudControlServer,
) -> None:
    """Under one endpoint ``aws s3 ls`` shows the bucket that Cloud Control has made."""
    cloudcontrol_client.create_resource(TypeName="AWS::S3::Bucket", DesiredState='{"BucketName": "orders"}')
    cloudcontrol.run_until_idle()

    listed = Cli(cloudcontrol_server.environ).run("aws s3 ls")

    assert (listed.returncode, listed.stdout.split()[-1]) == (0, "orders")
