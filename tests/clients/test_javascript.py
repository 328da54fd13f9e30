"""AWS's SDK for JavaScript: its commands, paginators, waiter and errors, against the server."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any, Final

import pytest
from calls import create
from files import ROOT
from resource_types import LOG_GROUP

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl, CloudControlServer

    Script = Callable[[str], Any]

pytestmark = pytest.mark.slow

BEGINNING: Final = """
import * as sdk from "@aws-sdk/client-cloudcontrol";

const client = new sdk.CloudControl();
const TypeName = "AWS::Logs::LogGroup";
const create = async (name) => {
    const answer = await client.createResource({ TypeName, DesiredState: JSON.stringify({ LogGroupName: name }) });
    return answer.ProgressEvent;
};
const tell = (value) => console.log(JSON.stringify(value));
"""


@pytest.fixture
def script(cloudcontrol_server: CloudControlServer) -> Script:
    """Return what runs a script of JavaScript, and returns what it tells."""

    def run(text: str) -> Any:
        # Node looks for packages from the folder on where it is; it is no news that the SDK will want a newer one.
        done = subprocess.run(
            ["node", "--no-warnings", "--input-type=module", "--eval", BEGINNING + text],
            cwd=ROOT,
            env=cloudcontrol_server.environ,
            check=False,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout)

    return run


@pytest.mark.cloudcontrol(auto_advance=False)
def test_creating_and_asking(cloudcontrol: CloudControl, script: Script) -> None:
    """The event of a new request is the one that its status shows, with a Date in it."""
    created, shown, is_date = script("""
        const created = await create("orders");
        const { ProgressEvent } = await client.getResourceRequestStatus({ RequestToken: created.RequestToken });
        tell([created, ProgressEvent, ProgressEvent.EventTime instanceof Date]);
    """)

    assert created == shown
    assert created == {
        "EventTime": cloudcontrol.requests[0].last_event.event_time.isoformat(timespec="milliseconds")[:23] + "Z",
        "Identifier": "orders",
        "Operation": "CREATE",
        "OperationStatus": "IN_PROGRESS",
        "RequestToken": cloudcontrol.requests[0].request_token,
        "TypeName": LOG_GROUP,
    }
    assert is_date


def test_waiting(cloudcontrol: CloudControl, script: Script) -> None:
    """The SDK's waiter polls until the request has succeeded."""
    state = script("""
        const { RequestToken } = await create("orders");
        const waiter = { client, maxWaitTime: 60, minDelay: 0.01, maxDelay: 0.01 };
        tell((await sdk.waitUntilResourceRequestSuccess(waiter, { RequestToken })).state);
    """)

    assert state == "SUCCESS"
    assert [request.status for request in cloudcontrol.requests] == ["SUCCESS"]


def test_waiting_for_what_fails(cloudcontrol: CloudControl, script: Script) -> None:
    """The SDK's waiter throws when the request has failed, with the event that says why."""
    cloudcontrol.add_failure("NotStabilized")

    state, code = script("""
        const { RequestToken } = await create("orders");
        const waiter = { client, maxWaitTime: 60, minDelay: 0.01, maxDelay: 0.01 };
        try {
            await sdk.waitUntilResourceRequestSuccess(waiter, { RequestToken });
        } catch (error) {
            const { state, reason } = JSON.parse(error.message);
            tell([state, reason.ProgressEvent.ErrorCode]);
        }
    """)

    assert (state, code) == ("FAILURE", "NotStabilized")


@pytest.mark.cloudcontrol(list_page_size=2)
def test_pages_of_resources(cloudcontrol: CloudControl, script: Script) -> None:
    """The SDK's paginator of ListResources shows each resource once."""
    names = [f"orders{number}" for number in range(5)]
    for name in names:
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": name})

    pages = script("""
        const pages = [];
        for await (const page of sdk.paginateListResources({ client }, { TypeName })) {
            pages.push(page.ResourceDescriptions.map(({ Identifier }) => Identifier));
        }
        tell(pages);
    """)

    assert [len(page) for page in pages] == [2, 2, 1]
    assert sorted(name for page in pages for name in page) == names


@pytest.mark.cloudcontrol(auto_advance=False)
def test_pages_of_requests(cloudcontrol_client: CloudControlApiClient, script: Script) -> None:
    """The SDK's paginator of ListResourceRequests shows each request once, and filters."""
    tokens = [create(cloudcontrol_client, f"orders{number}") for number in range(5)]
    cloudcontrol_client.cancel_resource_request(RequestToken=tokens.pop())

    pages = script("""
        const pages = [];
        const filter = { Operations: ["CREATE"], OperationStatuses: ["IN_PROGRESS"] };
        const asked = { ResourceRequestStatusFilter: filter };
        for await (const page of sdk.paginateListResourceRequests({ client, pageSize: 3 }, asked)) {
            pages.push(page.ResourceRequestStatusSummaries.map(({ RequestToken }) => RequestToken));
        }
        tell(pages);
    """)

    assert [len(page) for page in pages] == [3, 1]
    assert sorted(token for page in pages for token in page) == sorted(tokens)


ERRORS: Final = {
    "client.getResource({ TypeName, Identifier: 'none' })": "ResourceNotFoundException",
    "client.getResourceRequestStatus({ RequestToken: 'none' })": "RequestTokenNotFoundException",
    "client.getResource({ TypeName: 'AWS::No::Type', Identifier: 'none' })": "TypeNotFoundException",
    "create('orders').then(() => create('orders'))": "ConcurrentOperationException",
    "create('kept')": "HandlerInternalFailureException",
}


@pytest.mark.parametrize(("call", "name"), ERRORS.items(), ids=ERRORS.values())
def test_errors(cloudcontrol: CloudControl, script: Script, call: str, name: str) -> None:
    """What AWS refuses is thrown as the SDK's own class of the error."""
    if name == "HandlerInternalFailureException":
        cloudcontrol.add_error(name, times=3)  # as often as the SDK tries

    thrown = script(f"try {{ await {call}; }} catch (error) {{ tell([error.name, error instanceof sdk.{name}]); }}")

    assert thrown == [name, True]


@pytest.mark.cloudcontrol(auto_advance=False)
def test_cancelling(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, script: Script) -> None:
    """A request that is cancelled half done stays so."""
    token = create(cloudcontrol_client)
    cloudcontrol.requests[0].step()

    status = script(f"""
        const {{ ProgressEvent }} = await client.cancelResourceRequest({{ RequestToken: "{token}" }});
        tell(ProgressEvent.OperationStatus);
    """)

    assert status == "CANCEL_COMPLETE"
    assert len(cloudcontrol.resources) == 1


def test_retries(cloudcontrol: CloudControl, script: Script) -> None:
    """A call that is throttled is made again by the SDK, with the same ClientToken."""
    cloudcontrol.add_error("ThrottlingException")

    script('tell(await create("orders"));')

    assert [call.error_code for call in cloudcontrol.calls] == ["ThrottlingException", None]
    assert len({str(call.input["ClientToken"]) for call in cloudcontrol.calls}) == 1
