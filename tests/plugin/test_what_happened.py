"""What a report shows of calls and events: one line each, in order, short, and never too many."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import pytest
from botocore.exceptions import ClientError
from calls import RETENTION_PATCH, create, sending
from inner_tests import CREATE, TOKEN, without
from mock_time import START
from resource_types import LOG_GROUP, QUEUE, SECRET
from threads import GUARD, in_threads

from pytest_cloudcontrol import CloudControl, NoProgressError, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

    Acts = Callable[[CloudControl, CloudControlApiClient], object]

AT_START: Final = "    2030-01-01 00:00:00.000 "


def report_of(acts: Acts) -> list[str]:
    """Return the lines of the report of a failing block that does these acts."""
    failure = AssertionError("of its own")

    def fail() -> None:
        with mock_cloudcontrol(start=START) as cloudcontrol:
            acts(cloudcontrol, cloudcontrol.client())
            raise failure

    with pytest.raises(AssertionError):
        fail()
    (note,) = failure.__notes__
    title, *lines = note.split("\n")
    assert title == "Cloud Control:"
    return lines


def happened(acts: Acts) -> list[str]:
    """Return the lines of the time axis; those at the start of mock time without it."""
    lines = report_of(acts)
    beginning = lines.index("What happened, on the mock clock:") + 1
    end = lines.index("Still armed:") if "Still armed:" in lines else len(lines)
    return [line.removeprefix(AT_START) for line in lines[beginning:end]]


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
    """An SDK's own retries are marked."""

    def acts(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
        cloudcontrol.add_error("ThrottlingException", times=2)
        client.list_resources(TypeName=QUEUE)

    lines = [line.partition("ListResources")[2] for line in happened(acts)]
    assert lines == [
        f" {QUEUE} -> ThrottlingException: Rate exceeded",
        f" {QUEUE} (an SDK's retry) -> ThrottlingException: Rate exceeded",
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


# Not too many


def test_thirty_calls() -> None:
    """The last thirty calls are shown, and how many came before."""

    def acts(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
        for number in range(33):
            with pytest.raises(ClientError):
                client.get_resource(TypeName=QUEUE, Identifier=f"q{number}")
            cloudcontrol.clock.advance(1)

    left_out, first, *others = happened(acts)
    assert left_out == "    (3 earlier calls are not shown)"
    assert " q3 -> ResourceNotFoundException: " in first
    assert len(others) == 29


@pytest.mark.parametrize(("calls", "beginning"), [(30, "request 1: "), (31, "    (1 earlier call is not shown)")])
def test_one_more_than_thirty(calls: int, beginning: str) -> None:
    """Thirty are shown without more words."""

    def acts(_: CloudControl, client: CloudControlApiClient) -> None:
        for number in range(calls):
            create(client, f"group-{number}")

    assert happened(acts)[0].startswith(beginning)


def test_repeated_lines_are_counted() -> None:
    """Lines that are alike, one after the other at one instant, are one line with their number."""

    def acts(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
        for turn in range(3):
            for _ in range(turn + 1):
                client.list_resources(TypeName=QUEUE)
                cloudcontrol.clock.advance(0)
            client.list_resources(TypeName=LOG_GROUP)

    queues, groups = f"ListResources {QUEUE} -> 0 resources", f"ListResources {LOG_GROUP} -> 0 resources"
    assert happened(acts) == [queues, groups, f"{queues} (2 times)", groups, f"{queues} (3 times)", groups]


def test_two_hundred_events() -> None:
    """The last two hundred events are shown, and how many came before."""

    def acts(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
        cloudcontrol.plan(steps=300, delay=1)
        create(client)
        cloudcontrol.requests.last.run()

    lines = happened(acts)
    assert lines[0] == "    (101 earlier events are not shown)"
    assert lines[1].startswith("CreateResource")
    assert lines[2] == ("    2030-01-01 00:01:40.200 request 1: IN_PROGRESS, retry after 2030-01-01 00:01:41.200")
    assert len(lines) == 202
    assert lines[-1].endswith("request 1: SUCCESS")


# Still armed


def test_what_is_still_armed() -> None:
    """Rules that will still fire are shown, with how often they have; used up and removed ones and plans aren't."""

    def acts(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
        cloudcontrol.plan(steps=2)
        cloudcontrol.add_failure("Throttling", times=2)
        cloudcontrol.add_cancel(identifier="none")
        cloudcontrol.add_expiry().remove()
        cloudcontrol.add_error("AccessDeniedException", api="CreateResource")
        cloudcontrol.add_error("AccessDeniedException", api="GetResource", type_name=QUEUE, optional=True)
        cloudcontrol.before(print, api="DeleteResource", times=2)
        cloudcontrol.before(print, api="DeleteResource")
        with suppress(ClientError):
            create(client)
        create(client)
        cloudcontrol.step()

    lines = report_of(acts)
    assert lines[lines.index("Still armed:") + 1 :] == [
        "    add_failure('Throttling', at_step=1, times=2), fired 1 of 2 times",
        "    add_cancel(identifier='none', at_step=1)",
        f"    add_error('AccessDeniedException', api='GetResource', type_name='{QUEUE}')",
        "    before(print, api='DeleteResource', times=2)",
    ]


# Threads and processes


def test_report_while_another_thread_is_inside_a_step() -> None:
    """A report is made while another thread stands in a callback, and shows the call that isn't answered yet."""
    inside, leave = threading.Event(), threading.Event()
    threads: list[threading.Thread] = []

    def stand() -> None:
        inside.set()
        assert leave.wait(GUARD)

    def acts(cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
        create(client)
        cloudcontrol.before(stand)
        cloudcontrol.before(stand, api="ListResources")
        for work in (cloudcontrol.step, lambda: client.list_resources(TypeName=QUEUE)):
            threads.append(threading.Thread(target=work, daemon=True))
            threads[-1].start()
            assert inside.wait(GUARD)
            inside.clear()

    try:
        lines = happened(acts)
    finally:
        leave.set()
        for thread in threads:
            thread.join(GUARD)
    assert lines[-1].endswith(f"ListResources {QUEUE} -> (not answered)")


def test_report_while_threads_call() -> None:
    """Reports made while others call and step are whole: each call and each event in its place once."""

    def acts(cloudcontrol: CloudControl, _: CloudControlApiClient) -> None:
        def working(number: int) -> Callable[[], None]:
            client = cloudcontrol.client()

            def work() -> None:
                for turn in range(5):
                    cloudcontrol.request(create(client, f"{number}-{turn}")).run()

            return work

        in_threads(*(working(number) for number in range(3)))

    lines = happened(acts)
    for order in range(1, 16):
        of_request = [line for line in lines if f"request {order}: " in line or f"request {order}," in line]
        assert len(of_request) == 4
        assert of_request[-1].endswith("SUCCESS")


@pytest.mark.slow
@pytest.mark.usefixtures("every_plugin")
def test_report_with_xdist(pytester: pytest.Pytester) -> None:
    """The whole report comes through from xdist's workers, whatever the code under test has sent."""
    pytester.makepyfile(
        rf"""
        import json

        def test_it(cloudcontrol, cloudcontrol_client):
            cloudcontrol.add_failure("Throttling", identifier="caf\u00e9")
            def rewrite(params, **_):
                params["body"] = json.dumps({{"TypeName": "\ud800"}}).encode()
            events = cloudcontrol_client.meta.events
            events.register("before-call.cloudcontrol.ListResources", rewrite)
            {CREATE}
            cloudcontrol_client.list_resources(TypeName="AWS::SQS::Queue")
        """
    )

    result = pytester.runpytest(
        "--cloudcontrol-start=2030-01-01T00:00:00+00:00", "-n", "2", *without("hypothesispytest", "randomly")
    )

    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines(
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


def test_report_of_a_shared_mock(pytester: pytest.Pytester) -> None:
    """A failing test of a shared mock shows the calls of the tests before it too."""
    pytester.makeini("[pytest]\ncloudcontrol_fixture_scope = module\n")
    pytester.makepyfile(
        f"""
        def test_one(cloudcontrol_client):
            {CREATE}

        def test_two(cloudcontrol_client):
            cloudcontrol_client.list_resources(TypeName="AWS::SQS::Queue")
            raise AssertionError("of its own")
        """
    )

    result = pytester.runpytest("--cloudcontrol-start=2030-01-01T00:00:00+00:00", "-p", "no:randomly")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.re_match_lines(
        [
            r"    2030-01-01 00:00:00\.000 CreateResource .* -> request 1, IN_PROGRESS$",
            r"    2030-01-01 00:00:00\.000 ListResources AWS::SQS::Queue -> 0 resources$",
        ],
        consecutive=True,
    )
