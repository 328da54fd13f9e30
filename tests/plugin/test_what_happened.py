"""What a report shows of calls and events: one line each, in order, and short."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError
from calls import RETENTION_PATCH, create, sending
from reports import AT_START, happened, report_of
from resource_types import LOG_GROUP, QUEUE, SECRET

from pytest_cloudcontrol import CloudControl, NoProgressError

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient


# One line each


def test_every_operation() -> None:
    """A call is shown with what it names and asks, and with what it was answered in short."""

    def acts(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
        token = create(client, "app")
        cloudcontrol.requests.last.run()
        client.get_resource(TypeName=LOG_GROUP, Identifier="app")
        client.update_resource(TypeName=LOG_GROUP, Identifier="app", PatchDocument=RETENTION_PATCH)
        client.list_resources(TypeName=LOG_GROUP)
        client.list_resources(TypeName=QUEUE)
        client.list_resource_requests()
        client.get_resource_request_status(RequestToken=token)
        client.cancel_resource_request(RequestToken=cloudcontrol.requests.last.request_token)
        client.list_resource_requests(ResourceRequestStatusFilter={"Operations": ["CREATE"]})
        client.delete_resource(TypeName=LOG_GROUP, Identifier="app")

    last = "    2030-01-01 00:00:01.200 "
    get, *others = [line.removeprefix(last) for line in happened(acts) if line.startswith(last)][1:]
    assert get.startswith(f'GetResource {LOG_GROUP} app -> {{"')
    assert (get[-1], len(get)) == ("…", len(f"GetResource {LOG_GROUP} app -> ") + 121)
    assert others == [
        "request 2: IN_PROGRESS",
        f"UpdateResource {LOG_GROUP} app {RETENTION_PATCH} -> request 2, IN_PROGRESS",
        f"ListResources {LOG_GROUP} -> 1 resource",
        f"ListResources {QUEUE} -> 0 resources",
        "ListResourceRequests -> 2 requests",
        "GetResourceRequestStatus request 1 -> SUCCESS",
        "request 2: CANCEL_COMPLETE, by CancelResourceRequest",
        "CancelResourceRequest request 2 -> CANCEL_COMPLETE",
        "ListResourceRequests -> 1 request",
        "request 3: IN_PROGRESS",
        f"DeleteResource {LOG_GROUP} app -> request 3, IN_PROGRESS",
    ]


def test_errors() -> None:
    """An error is shown with its code and its words, which may be longer than an answer; all in one line."""

    def acts(_: CloudControl, client: CloudControlApiClient) -> None:
        for state in ('{"Wrong": 1, "LogGroupName": 5,\n "Tags": [{}]}', json.dumps({"Tags": [{}] * 30})):
            with pytest.raises(ClientError):
                client.create_resource(TypeName=LOG_GROUP, DesiredState=state)
        with pytest.raises(ClientError):
            client.get_resource_request_status(RequestToken="0" * 36)

    first, second, third = happened(acts)
    assert first == (
        f'CreateResource {LOG_GROUP} {{"Wrong": 1, "LogGroupName": 5, "Tags": [{{}}]}} -> ValidationException: '
        "Model validation failed (#: extraneous key [Wrong] is not permitted "
        "#/LogGroupName: expected type: String, found: Integer "
        "#/Tags/0: required key [Key] not found #/Tags/0: required key [Value] not found)"
    )
    assert second.count("…") == 2
    assert len(second.partition(" -> ")[2]) == 401
    assert third == (
        f"GetResourceRequestStatus {'0' * 36} -> RequestTokenNotFoundException: "
        f"Request with token {'0' * 36} was not found"
    )


def test_failed_request_asked_for() -> None:
    """The status of a request that has failed is shown with the code."""

    def acts(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
        token = create(client)
        cloudcontrol.requests.last.fail("NotStabilized", "no quorum")
        client.get_resource_request_status(RequestToken=token)

    assert happened(acts)[2:] == [
        "request 1: FAILED, NotStabilized: no quorum, by request.fail()",
        "GetResourceRequestStatus request 1 -> FAILED NotStabilized",
    ]


def test_documents_of_many_lines() -> None:
    """A document written over many lines is shown in one."""

    def acts(_: CloudControl, client: CloudControlApiClient) -> None:
        client.create_resource(TypeName=QUEUE, DesiredState=json.dumps({"QueueName": "q"}, indent=4))

    assert happened(acts)[1] == f'CreateResource {QUEUE} {{ "QueueName": "q" }} -> request 1, IN_PROGRESS'


def test_long_documents() -> None:
    """Of a long document the beginning is shown."""

    def acts(_: CloudControl, client: CloudControlApiClient) -> None:
        client.create_resource(TypeName=SECRET, DesiredState=json.dumps({"SecretString": "x" * 1000}))

    asked = f'CreateResource {SECRET} {{"SecretString": "{"x" * 1000}'
    assert happened(acts)[1] == f"{asked[:120]}… -> request 1, IN_PROGRESS"


@pytest.mark.parametrize(
    ("body", "target", "line"),
    [
        (
            b"no JSON",
            None,
            "ListResourceRequests -> SerializationException: The body of the call is not valid JSON",
        ),
        (
            b"[]",
            None,
            "ListResourceRequests -> SerializationException: ",
        ),
        (
            b'{"TypeName": ["AWS::S3::Bucket"], "RequestToken": {"a": 1}}',
            "CloudApiService.GetResource",
            "GetResource ['AWS::S3::Bucket'] {'a': 1} -> ",
        ),
        (
            b"{}",
            "CloudApiService.Nonsense",
            "Nonsense -> UnknownOperationException: Nonsense is not an operation of CloudApiService",
        ),
    ],
)
def test_whatever_was_sent(body: bytes, target: str | None, line: str) -> None:
    """A call is shown however wrong it is."""

    def acts(_: CloudControl, client: CloudControlApiClient) -> None:
        sending(client, body=body, target=target)
        with pytest.raises(ClientError):
            client.list_resource_requests()

    (shown,) = happened(acts)
    assert shown.startswith(line)


@pytest.mark.parametrize("member", ["TypeName", "Identifier"])
def test_lone_surrogates(member: str) -> None:
    """What can't be written in UTF-8 is in no report: xdist couldn't send it, and no terminal could show it."""

    def acts(_: CloudControl, client: CloudControlApiClient) -> None:
        sending(client, body=json.dumps({"TypeName": QUEUE, "Identifier": "q", member: "\ud800"}).encode())
        with pytest.raises(ClientError):
            client.get_resource(TypeName=QUEUE, Identifier="q")

    lines = report_of(acts)
    assert "\n".join(lines).encode()
    assert lines[-1] == f"{AT_START}GetResource -> SerializationException: The body of the call is not valid JSON"


def test_lone_surrogates_inside_a_document() -> None:
    """Nor is one that a document has as an escape."""

    def acts(_: CloudControl, client: CloudControlApiClient) -> None:
        with pytest.raises(ClientError):
            client.create_resource(TypeName=LOG_GROUP, DesiredState='{"LogGroupName": "caf\\ud800"}')

    (line,) = happened(acts)
    assert line.startswith(rf'CreateResource {LOG_GROUP} {{"LogGroupName": "caf\ud800"}} -> ')
    assert line.encode()


def test_retries() -> None:
    """An SDK's own retries are marked, and what made a try end so is named."""

    def acts(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
        cloudcontrol.add_error("ThrottlingException", times=2)
        client.list_resources(TypeName=QUEUE)

    lines = [line.partition("ListResources")[2] for line in happened(acts)]
    throttled = "ThrottlingException: Rate exceeded, by add_error('ThrottlingException', times=2)"
    assert lines == [
        f" {QUEUE} -> {throttled}",
        f" {QUEUE} (an SDK's retry) -> {throttled}",
        f" {QUEUE} (an SDK's retry) -> 0 resources",
    ]


def test_other_accounts_and_regions() -> None:
    """Calls in other accounts and regions are marked with them."""

    def acts(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
        client.list_resources(TypeName=QUEUE)
        cloudcontrol.client("eu-west-1").list_resources(TypeName=QUEUE)
        cloudcontrol.client(account_id="210987654321").list_resources(TypeName=QUEUE)

    assert happened(acts) == [
        f"ListResources {QUEUE} -> 0 resources",
        f"ListResources {QUEUE} [123456789012 eu-west-1] -> 0 resources",
        f"ListResources {QUEUE} [210987654321 us-east-1] -> 0 resources",
    ]


# In order


def test_order_at_one_instant() -> None:
    """At one instant too, calls and events are in the order in which they happened."""

    def acts(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
        create(client, "one")
        client.list_resources(TypeName=QUEUE)
        create(client, "two")
        cloudcontrol.requests[0].cancel()
        client.list_resource_requests()
        cloudcontrol.requests[1].expire()

    assert happened(acts) == [
        "request 1: IN_PROGRESS",
        f'CreateResource {LOG_GROUP} {{"LogGroupName": "one"}} -> request 1, IN_PROGRESS',
        f"ListResources {QUEUE} -> 0 resources",
        "request 2: IN_PROGRESS",
        f'CreateResource {LOG_GROUP} {{"LogGroupName": "two"}} -> request 2, IN_PROGRESS',
        "request 1: CANCEL_COMPLETE, by request.cancel()",
        "ListResourceRequests -> 2 requests",
        "request 2: expired, by request.expire()",
    ]


def test_what_a_waiting_call_brings_comes_before_its_answer() -> None:
    """A poll that has waited is shown where it was answered: after the step that it waited for."""

    def acts(_: CloudControl, client: CloudControlApiClient) -> None:
        token = create(client)
        for _turn in range(2):
            client.get_resource_request_status(RequestToken=token)

    assert happened(acts)[2:] == [
        "GetResourceRequestStatus request 1 -> IN_PROGRESS",
        "    2030-01-01 00:00:00.200 request 1: IN_PROGRESS, retry after 2030-01-01 00:00:01.200",
        "    2030-01-01 00:00:00.200 GetResourceRequestStatus request 1 -> IN_PROGRESS",
    ]


def test_call_that_a_callback_stopped() -> None:
    """A call that was never answered is shown where it came."""

    def acts(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
        def stop() -> None:
            client.list_resource_requests()
            raise LookupError

        stopping = cloudcontrol.before(stop, api="ListResources")
        with pytest.raises(LookupError):
            client.list_resources(TypeName=QUEUE)
        stopping.remove()
        client.list_resources(TypeName=QUEUE)

    assert happened(acts) == [
        f"ListResources {QUEUE} -> (not answered)",
        "ListResourceRequests -> 0 requests",
        f"ListResources {QUEUE} -> 0 resources",
    ]


def test_call_that_would_have_waited_for_ever() -> None:
    """So is the one that was stopped with NoProgressError."""

    def acts(_: CloudControl, client: CloudControlApiClient) -> None:
        def poll() -> None:
            while True:
                client.list_resources(TypeName=QUEUE)

        with pytest.raises(NoProgressError):
            poll()

    *answered, last = happened(acts)
    (counted,) = answered
    assert counted == f"ListResources {QUEUE} -> 0 resources (10 times)"
    assert last == f"ListResources {QUEUE} -> (not answered)"


def test_reset_in_a_callback() -> None:
    """Of the world before a reset nothing is shown, and the call during which it was reset is the first of the new."""

    def acts(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
        create(client, "old")
        cloudcontrol.before(cloudcontrol.reset, api="ListResources")
        client.list_resources(TypeName=QUEUE)
        create(client, "new")

    assert happened(acts) == [
        f"ListResources {QUEUE} -> 0 resources",
        "request 1: IN_PROGRESS",
        f'CreateResource {LOG_GROUP} {{"LogGroupName": "new"}} -> request 1, IN_PROGRESS',
    ]
