"""What a report shows of many calls and events, of what is still armed, and beside threads and processes."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError
from calls import create
from inner_tests import CREATE
from reports import happened, report_of
from resource_types import LOG_GROUP, QUEUE
from threads import GUARD, in_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl


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
