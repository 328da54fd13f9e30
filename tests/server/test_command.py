"""The command ``pytest-cloudcontrol serve``."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from over_http import PATIENCE, Connection, ask, create, poll
from serving import end, serving, start, url_of

from pytest_cloudcontrol.server.command import main
from pytest_cloudcontrol.server.state.state import state_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_cloudcontrol import CloudControl
    from pytest_cloudcontrol.documents import JSONObject

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_from_its_url_to_its_end(by: signal.Signals) -> None:
    """The first line of its output is its URL, on loopback; either signal ends it well, after the answers under way."""
    process = start()
    url = url_of(process)
    with closing(Connection(url)) as connection, closing(Connection(url)) as idle:
        assert idle.ask("GET", "health").document["status"] == "ok"
        connection.ask("POST", "plans", {"steps": 3000, "delay": 0.001})
        token = create(connection)
        connection.request("POST", f"/_cloudcontrol/requests/{token}/run", b"")
        ended = end(process, by)

        assert json.loads(connection.getresponse().read())["status"] == "SUCCESS"
    assert urlsplit(url).hostname == "127.0.0.1"
    assert ended == (0, "")


SIGNALLED = """
import signal, sys, threading, urllib.request
from pytest_cloudcontrol.server.command import main

class Output:
    def write(self, text):
        if text.startswith("http"):
            threading.Thread(target=end, args=(text,)).start()

    def flush(self):
        pass

def end(url):
    for _ in range(20):  # meanwhile the main thread has come to where it waits
        urllib.request.urlopen(f"{url}/_cloudcontrol/health").read()
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

sys.stdout = Output()
sys.exit(main(["serve"]))
"""


def test_a_signal_to_another_thread() -> None:
    """A signal ends it, whichever of its threads the system gives it to."""
    ran = subprocess.run(
        [sys.executable, "-c", SIGNALLED], capture_output=True, text=True, timeout=PATIENCE, check=False
    )

    assert (ran.returncode, ran.stderr) == (0, "")


def test_time_flows(served: str) -> None:
    """A request ends by itself, though nobody polls it: each step at its own time, which is that of the wall."""
    with closing(Connection(served)) as connection:
        connection.ask("POST", "plans", {"first_delay": 0.2, "delay": 0.4})
        before = datetime.now(UTC)
        token = create(connection)
        while (request := connection.ask("GET", f"requests/{token}").document)["status"] != "SUCCESS":
            assert request["next_step_at"]
        after = datetime.now(UTC)

    first, second, last = request["events"]
    instants = [datetime.fromisoformat(event["time"]) for event in (first, second, last)]
    assert second["retry_after"] == last["time"]
    assert [later - instants[0] for later in instants] == [timedelta(0), timedelta(seconds=0.2), timedelta(seconds=0.6)]
    assert before - timedelta(milliseconds=10) <= instants[0]
    assert instants[-1] <= after + timedelta(milliseconds=10)


def test_a_faster_clock(served: str) -> None:
    """Above 1 time flows faster."""
    with closing(Connection(served)) as connection:
        connection.ask("PATCH", "clock", {"rate": 1_000_000})
        token = create(connection)
        while connection.ask("GET", f"requests/{token}").document["expired"] is False:
            pass


def test_loops_are_answered_as_ever(served: str) -> None:
    """A loop that never ends is answered for as long as it goes on."""
    with closing(Connection(served)) as connection:
        answers = {
            connection.call("GetResource", {"TypeName": "AWS::SQS::Queue", "Identifier": "none"}).document["__type"]
            for _ in range(120)
        }

    assert answers == {"com.amazon.cloudapiservice#ResourceNotFoundException"}


def test_auto_advance() -> None:
    """With --auto-advance code that waits moves the clock; with --rate 0 nothing else does."""
    with serving("--rate", "0", "--auto-advance") as url, closing(Connection(url)) as connection:
        token = create(connection)
        polls = 1
        while poll(connection, token)["OperationStatus"] != "SUCCESS":
            polls += 1

        assert polls == 3
        assert connection.ask("GET", "clock").document["rate"] == 0


def test_where_it_listens() -> None:
    """It listens where it is told to; with --no-control there is Cloud Control alone."""
    with closing(socket.create_server(("::1", 0), family=socket.AF_INET6)) as free:
        port = free.getsockname()[1]
    with serving("--no-control", "--host", "::1", "--port", str(port)) as url, closing(Connection(url)) as connection:
        words = "this server was started with --no-control: a world is not to be held from afar"

        assert url == f"http://[::1]:{port}"
        assert connection.ask("GET", "health").problem == (404, words)
        assert connection.call("ListResourceRequests").status == 200


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """Where somebody else listens, it says so, and fails."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        assert main(["serve", "--port", str(taken.getsockname()[1])]) == 1

    assert "Address already in use" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["serve", "--rate=-1"], "argument --rate: '-1' is no finite number, at least 0"),
        (["serve", "--rate", "nan"], "argument --rate: 'nan' is no finite number, at least 0"),
        (["serve", "--rate", "fast"], "argument --rate: 'fast' is no finite number, at least 0"),
        (["serve", "--port", "65536"], "argument --port: '65536' is no whole number from 0 to 65535"),
        (["serve", "--port", "http"], "argument --port: 'http' is no whole number from 0 to 65535"),
        (["serve", "--host", ""], "argument --host: '' is no name or address of a host, without a scheme or a port"),
        *(
            (
                ["serve", "--allow-host", name],
                f"argument --allow-host: {name!r} is no name or address of a host, without a scheme or a port",
            )
            for name in ("http://build.example", "build.example:80", "*", "::1::")
        ),
        (["serve", "--prot", "1"], "unrecognized arguments: --prot 1"),
        ([], "the following arguments are required: command"),
    ],
)
def test_usage(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What it doesn't know is refused."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1].endswith(words)


def test_state(tmp_path: Path) -> None:
    """With --state it goes on where another one has stopped; what fell due meanwhile is made at its own time."""
    file = tmp_path / "world.json"
    with serving("--state", str(file), "--rate", "0") as url, closing(Connection(url)) as connection:
        connection.ask("POST", "plans", {"first_delay": 0.1, "delay": 0.1})
        token = create(connection)
        before = connection.ask("GET", f"requests/{token}").document
    with serving("--state", str(file)) as url, closing(Connection(url)) as connection:
        while (after := connection.ask("GET", f"requests/{token}").document)["status"] != "SUCCESS":
            assert after["next_step_at"]
        clock = connection.ask("GET", "clock").document

        assert connection.ask("GET", "rules").document["rules"][0]["fired"] == 1
        assert len(connection.ask("GET", "resources").document["resources"]) == 1
    instants = [datetime.fromisoformat(event["time"]) for event in after["events"]]
    assert after["events"][0] == before["events"][0]
    assert [instant - instants[0] for instant in instants] == [timedelta(seconds=n / 10) for n in range(3)]
    assert (clock["rate"], before["status"]) == (1, "IN_PROGRESS")
    assert json.loads(file.read_text())["requests"][0]["request_token"] == token
    assert list(tmp_path.iterdir()) == [file]


def test_a_state_while_time_stands_still(tmp_path: Path) -> None:
    """With --rate 0 it goes on exactly where another one has stopped: what was overdue still is."""
    file = tmp_path / "world.json"
    with serving("--state", str(file), "--rate", "0") as url, closing(Connection(url)) as connection:
        create(connection, "overdue")
        connection.ask("POST", f"requests/{create(connection, 'stepped')}/step")
        before = [connection.ask("GET", what).document for what in ("requests", "clock")]
    with serving("--state", str(file), "--rate", "0") as url, closing(Connection(url)) as connection:
        assert [connection.ask("GET", what).document for what in ("requests", "clock")] == before


def test_a_state_that_cannot_be(tmp_path: Path, cloudcontrol: CloudControl) -> None:
    """What no state can have is named at the end, and the file before stays."""
    file = tmp_path / "world.json"
    before = json.dumps(state_of(cloudcontrol._backend))  # noqa: SLF001
    file.write_text(before)
    process = start("--state", str(file))
    ask(url_of(process), "POST", "limits", {"running": 1})

    words = "the state can't have: limit_concurrency(1). Take it back, or let it end, first"
    assert end(process) == (1, f"pytest-cloudcontrol: {file} was not written: {words}\n")
    assert file.read_text() == before


def test_a_state_of_two_servers(tmp_path: Path) -> None:
    """Who stops last doesn't write over what the other has written: its world is in a file beside."""
    file = tmp_path / "world.json"
    first, second = start("--state", str(file)), start("--state", str(file))
    for process, name in ((first, "theirs"), (second, "ours")):
        properties: JSONObject = {"LogGroupName": name}
        ask(url_of(process), "PUT", "resources", {"type_name": "AWS::Logs::LogGroup", "properties": properties})

    assert end(first) == (0, "")
    status, words = end(second)
    (beside,) = set(tmp_path.iterdir()) - {file}
    told = "another, such as a second server, has written it since it was read. This world is in"
    assert (status, words) == (1, f"pytest-cloudcontrol: {file} was not written: {told} {beside}\n")
    assert [saved(path) for path in (file, beside)] == [["theirs"], ["ours"]]


def saved(file: Path) -> list[str]:
    """Return the identifiers of the resources in a state."""
    return [resource["identifier"] for resource in json.loads(file.read_text())["resources"]]


def test_a_folder_for_a_state(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder is refused at the start."""
    assert main(["serve", "--state", str(tmp_path)]) == 1
    words = f"{tmp_path} is a folder: expected a file, or a name for one"
    assert capsys.readouterr().err == f"pytest-cloudcontrol: {words}\n"


def test_a_state_that_nobody_could_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where no file can be written at the end, it doesn't begin."""
    file = tmp_path / "missing" / "world.json"

    assert main(["serve", "--state", str(file)]) == 1
    words = f"{file} could not be written at the end: {file.parent} is no folder that can be written to"
    assert capsys.readouterr().err == f"pytest-cloudcontrol: {words}\n"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "another"}'])
def test_a_broken_state(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A broken file is refused at the start, and kept."""
    file = tmp_path / "world.json"
    file.write_text(text)

    assert (main(["serve", "--state", str(file)]), file.read_text()) == (1, text)
    words = f"pytest-cloudcontrol: {file} is no state that can be restored, and was left as it is: "
    assert capsys.readouterr().err.startswith(words)
