"""The fixture ``cloudcontrol_server``: the test's own world, for other processes."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from over_http import Connection, ask, create

from pytest_cloudcontrol.server.served import served

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl, CloudControlServer

PROGRAM = """
import boto3

cloudcontrol = boto3.client("cloudcontrol")
state = '{"QueueName": "orders"}'
event = cloudcontrol.create_resource(TypeName="AWS::SQS::Queue", DesiredState=state)["ProgressEvent"]
while event["OperationStatus"] != "SUCCESS":
    event = cloudcontrol.get_resource_request_status(RequestToken=event["RequestToken"])["ProgressEvent"]
print(event["Identifier"])
"""


def run(program: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own."""
    return subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.cloudcontrol(region="eu-west-1")
def test_a_process_with_its_environment(cloudcontrol: CloudControl, cloudcontrol_server: CloudControlServer) -> None:
    """A program that knows nothing of it reaches the test's world, in its region; its loop moves the clock."""
    ran = run(PROGRAM, cloudcontrol_server.environ)

    assert ran.stderr == ""
    assert ran.stdout == "https://sqs.eu-west-1.amazonaws.com/123456789012/orders\n"
    assert (cloudcontrol.requests.last.status, cloudcontrol.requests.last.region) == ("SUCCESS", "eu-west-1")


@pytest.mark.slow
def test_a_process_with_the_endpoint_alone(cloudcontrol: CloudControl, cloudcontrol_server: CloudControlServer) -> None:
    """One that has only AWS_ENDPOINT_URL_CLOUDCONTROL, and any keys and region, does too."""
    named = "AWS_ENDPOINT_URL_CLOUDCONTROL"
    environ = {
        "PATH": cloudcontrol_server.environ["PATH"],
        named: cloudcontrol_server.environ[named],
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }

    assert run(PROGRAM, environ).stderr == ""
    assert cloudcontrol.requests.last.status == "SUCCESS"


def test_environ(cloudcontrol_server: CloudControlServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment is the test's own, with the endpoint, fake keys and a region, and without a profile."""
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("OWN", "kept")
    environ = cloudcontrol_server.environ

    assert environ["OWN"] == "kept"
    assert "AWS_PROFILE" not in environ
    assert environ["AWS_ENDPOINT_URL"] == environ["AWS_ENDPOINT_URL_CLOUDCONTROL"] == cloudcontrol_server.url
    assert environ["AWS_ACCESS_KEY_ID"] == "AKIAMOCKEDCLOUDCNTRL"
    assert environ["AWS_REGION"] == environ["AWS_DEFAULT_REGION"] == "us-east-1"
    assert environ["AWS_EC2_METADATA_DISABLED"] == "true"
    assert "127.0.0.1" in environ["NO_PROXY"].split(",")


def test_the_same_world(connection: Connection, cloudcontrol: CloudControl) -> None:
    """What comes over HTTP is on the record of the test, and moves by its hand."""
    token = create(connection)
    cloudcontrol.request(token).run()

    assert cloudcontrol.calls.last.operation == "CreateResource"
    assert cloudcontrol.clock.rate == 0
    assert connection.call("GetResource", {"TypeName": "AWS::Logs::LogGroup", "Identifier": "app"}).status == 200


def test_it_listens_on_loopback(cloudcontrol_server: CloudControlServer) -> None:
    """Nobody else in the network reaches it."""
    assert cloudcontrol_server.url.startswith("http://127.0.0.1:")
    assert repr(cloudcontrol_server) == f"<CloudControlServer at {cloudcontrol_server.url}>"


def test_a_reset_is_followed(connection: Connection, cloudcontrol: CloudControl) -> None:
    """After a reset it serves the new world."""
    create(connection)
    cloudcontrol.reset()

    assert connection.ask("GET", "requests").document == {"requests": []}


@pytest.mark.slow
def test_a_server_a_scope(pytester: pytest.Pytester) -> None:
    """A wider mock has one server, and what was held by one test is there for the next."""
    pytester.makeini("[pytest]\ncloudcontrol_fixture_scope = module")
    pytester.makepyfile(
        """
        URLS = set()

        def test_one(cloudcontrol_server, cloudcontrol):
            URLS.add(cloudcontrol_server.url)
            cloudcontrol.resources.put("AWS::SQS::Queue", {"QueueName": "orders"})

        def test_two(cloudcontrol_server, cloudcontrol):
            URLS.add(cloudcontrol_server.url)
            assert len(URLS) == len(cloudcontrol.resources) == 1
        """
    )

    pytester.runpytest("-p", "no:randomly").assert_outcomes(passed=2)


@pytest.mark.slow
def test_each_worker_has_its_own(pytester: pytest.Pytester) -> None:
    """Every worker of pytest-xdist has a server of its own, on a port of its own, with a world of its own."""
    pytester.makepyfile(
        """
        import pathlib
        import pytest

        @pytest.mark.parametrize("number", range(4))
        def test_one(cloudcontrol_server, cloudcontrol, number, pytestconfig):
            cloudcontrol.resources.put("AWS::SQS::Queue", {"QueueName": "orders"})
            assert len(cloudcontrol.resources) == 1
            (pytestconfig.rootpath / f"port{number}").write_text(cloudcontrol_server.url)
        """
    )

    arguments = ("-n", "2", "-W", "error", "-p", "no:randomly", "-p", "no:hypothesispytest")
    pytester.runpytest_subprocess(*arguments).assert_outcomes(passed=4)
    assert len(list(pytester.path.glob("port*"))) == 4


def test_without_the_library(pytester: pytest.Pytester) -> None:
    """Where the extra isn't installed, the test is told what to install."""
    pytester.makepyfile(
        """
        import sys

        import pytest

        @pytest.fixture(autouse=True)
        def without(monkeypatch):
            monkeypatch.setitem(sys.modules, "waitress.server", None)

        def test_it(without, cloudcontrol_server):
            pass
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:randomly")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["the server needs what isn't installed (*waitress.server*): pip install 'pytest-cloudcontrol[[]server]'"]
    )


def test_a_server_that_has_stopped(pytester: pytest.Pytester) -> None:
    """At the test's end nobody listens any more."""
    pytester.makepyfile(
        """
        from pathlib import Path

        def test_it(cloudcontrol_server):
            Path("url").write_text(cloudcontrol_server.url)
        """
    )
    pytester.runpytest_inprocess().assert_outcomes(passed=1)

    with pytest.raises(ConnectionRefusedError):
        ask((pytester.path / "url").read_text(), "GET", "health")


def test_threads_of_a_server_that_has_stopped(cloudcontrol: CloudControl) -> None:
    """When a server has stopped every thread of it has ended, and not only been told to."""
    before = threading.enumerate()
    for _ in range(3):
        with served(cloudcontrol._backend) as server:  # noqa: SLF001
            assert ask(server.url, "GET", "health").status == 200

        assert [thread for thread in threading.enumerate() if thread not in before] == []
