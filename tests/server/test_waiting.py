"""Code in another process that waits: its connection is the caller."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from over_http import Connection, create, poll

from pytest_cloudcontrol import mock_cloudcontrol
from pytest_cloudcontrol.server import connections
from pytest_cloudcontrol.server.served import served as serve

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl, CloudControlServer
    from pytest_cloudcontrol.documents import JSONObject

NONE: JSONObject = {"TypeName": "AWS::Logs::LogGroup", "Identifier": "none"}


def polls_to_the_end(connection: Connection, token: str) -> int:
    """Poll without a sleep until a request has succeeded, and count the polls."""
    polls = 1
    while poll(connection, token)["OperationStatus"] != "SUCCESS":
        polls += 1
        assert polls < 50
    return polls


def test_a_bare_loop(connection: Connection) -> None:
    """A loop over one request needs three polls, as in the test's own process."""
    assert polls_to_the_end(connection, create(connection)) == 3


def test_a_connection_a_poll(cloudcontrol_server: CloudControlServer, connection: Connection) -> None:
    """So does a program that makes a connection for every poll: that rule minds nobody's connection."""
    token = create(connection)
    statuses = []
    while "SUCCESS" not in statuses:
        with closing(Connection(cloudcontrol_server.url)) as another:
            statuses.append(poll(another, token)["OperationStatus"])

    assert len(statuses) < 10


def test_a_repeated_call(connection: Connection) -> None:
    """A repeated GetResource over one connection waits for what makes the resource."""
    create(connection)
    wanted: JSONObject = {"TypeName": "AWS::Logs::LogGroup", "Identifier": "app"}
    statuses = [connection.call("GetResource", wanted).status for _ in range(3)]

    assert statuses[0] == 400
    assert statuses[-1] == 200


@pytest.mark.parametrize("header", ["Via", "Forwarded", "X-Forwarded-For"])
def test_behind_a_proxy(connection: Connection, cloudcontrol: CloudControl, header: str) -> None:
    """Where a connection may have the calls of many, no call of it repeats another; polls of a status wait."""
    token = create(connection)
    for _ in range(150):
        answer = connection.call("GetResource", NONE, **{header: "proxy"})
        assert answer.document["__type"].endswith("#ResourceNotFoundException")

    assert cloudcontrol.request(token).steps == 0
    assert polls_to_the_end(connection, token) == 3


def test_two_connections_are_two_callers(
    cloudcontrol_server: CloudControlServer, connection: Connection, cloudcontrol: CloudControl
) -> None:
    """What one was told, another one doesn't repeat."""
    token = create(connection)
    for _ in range(5):
        with closing(Connection(cloudcontrol_server.url)) as another:
            another.call("GetResource", NONE)

    assert cloudcontrol.request(token).steps == 0


def test_a_loop_that_never_ends() -> None:
    """With nothing due it is answered with NoProgressError after a hundred repetitions, and the test fails."""
    with pytest.raises(AssertionError) as failed, mock_cloudcontrol() as cloudcontrol:  # noqa: SIM117
        with serve(cloudcontrol._backend) as server, closing(Connection(server.url)) as connection:  # noqa: SLF001
            answers = [connection.call("GetResource", NONE) for _ in range(102)]

    (refused,) = {json.dumps(answer.document) for answer in answers[100:]}
    assert {answer.document["__type"].partition("#")[2] for answer in answers[:100]} == {"ResourceNotFoundException"}
    assert answers[-1].status == 400
    document = json.loads(refused)
    assert document["__type"] == "com.amazon.cloudapiservice#NoProgressError"
    assert document["Message"].startswith(
        f"the code under test repeats GetResource {json.dumps(NONE, separators=(',', ':'))} and gets the same answer, "
        "but nothing is due any more.\nWhat to do: "
    )
    lines = str(failed.value).splitlines()
    assert lines[0] == "What called over HTTP was stopped:"
    assert lines[1].startswith("    NoProgressError: the code under test repeats GetResource")
    assert lines[-1].endswith("See docs/how-to/serve-other-languages.md#loops-that-never-end")


@pytest.mark.cloudcontrol(auto_advance=False)
def test_no_call_is_held(connection: Connection, cloudcontrol: CloudControl) -> None:
    """With auto_advance off every call is answered at once: the test may move the clock meanwhile."""
    token = create(connection)
    events = {json.dumps(poll(connection, token)) for _ in range(150)}
    cloudcontrol.request(token).run()

    assert len(events) == 1
    assert poll(connection, token)["OperationStatus"] == "SUCCESS"


def test_so_many_idle_calls() -> None:
    """Calls that come to nothing have an end with auto_advance off, too."""
    with (  # noqa: PT012
        pytest.raises(AssertionError, match="without any progress"),
        mock_cloudcontrol(auto_advance=False, max_idle_calls=20) as cloudcontrol,
    ):
        with serve(cloudcontrol._backend) as server, closing(Connection(server.url)) as connection:  # noqa: SLF001
            codes = [connection.call("GetResource", NONE).document["__type"].partition("#")[2] for _ in range(21)]
        assert "NoProgressError" in codes


def test_a_request_that_never_ends() -> None:
    """Where time flows, what falls due and can't be done fails the test at its end; time stands still then."""
    with pytest.raises(AssertionError) as failed, mock_cloudcontrol(max_steps=2) as cloudcontrol:  # noqa: PT012, SIM117
        with serve(cloudcontrol._backend) as server, closing(Connection(server.url)) as connection:  # noqa: SLF001
            cloudcontrol.plan(steps=5)
            create(connection)
            cloudcontrol.clock.rate = 1000
            while connection.ask("GET", "clock").document.get("rate") != 0:
                pass

    assert "has not ended after 2 handler calls" in str(failed.value)


def test_many_connections_are_not_all_remembered(
    cloudcontrol_server: CloudControlServer, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of very many connections the latest are remembered: what an earlier one was told it doesn't repeat any more."""
    monkeypatch.setattr(connections, "_MOST", 1)
    token = create(connection)
    for _ in range(3):
        with closing(Connection(cloudcontrol_server.url)) as another:
            another.call("GetResource", NONE)
        connection.call("GetResource", NONE)

    assert connection.ask("GET", f"requests/{token}").document["steps"] == 0
