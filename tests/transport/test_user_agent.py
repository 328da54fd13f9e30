"""The header User-Agent says in a mock what it says outside, though its parts are looked at once for all calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import botocore.useragent
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config

from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.awsrequest import AWSPreparedRequest
    from types_boto3_cloudcontrol import CloudControlApiClient

SANITIZE = "sanitize_user_agent_string_component"


class Body:
    """The body of a response without any members."""

    def stream(self) -> Iterator[bytes]:
        """Yield the whole body."""
        yield b"{}"


class Heard:
    """Hears what a client says of itself; where no mock answers it, this does."""

    def __init__(self, client: CloudControlApiClient) -> None:
        self.said: list[str] = []
        self.answers = True
        # botocore-stubs has handlers that return nothing, but before-send's may answer.
        client.meta.events.register("before-send.cloudcontrol", self._hear)  # type: ignore[arg-type]

    def _hear(self, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        said = request.headers["User-Agent"]
        self.said.append(said.decode() if isinstance(said, bytes) else said)
        # botocore takes any body with a stream; botocore-stubs asks for urllib3's.
        return AWSResponse(request.url, 200, {}, Body()) if self.answers else None  # type: ignore[arg-type]


def of_application(name: str) -> Config:
    """Return the settings of a client of an application."""
    return Config(user_agent_appid=name)  # type: ignore[call-arg]  # botocore-stubs doesn't know it


def client_of(session: boto3.Session, config: Config) -> CloudControlApiClient:
    """Return a client with keys of its own."""
    return session.client(
        "cloudcontrol",
        region_name="eu-west-1",
        aws_access_key_id="mocked",
        aws_secret_access_key="mocked",
        config=config,
    )


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(Config(), id="plain"),
        pytest.param(of_application("a#b/c d(ü)"), id="application with letters that aren't allowed"),
        pytest.param(Config(user_agent_extra="x/1 (own words) #"), id="own words"),
        pytest.param(Config(user_agent="my agent; 1"), id="own header"),
        pytest.param(Config(retries={"mode": "adaptive"}), id="other features"),
    ],
)
def test_the_header_is_the_same(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call says inside, twice, what the same client says outside, whatever its parts are."""
    monkeypatch.setenv("AWS_EXECUTION_ENV", "of (my) own/1#2")
    client = client_of(boto3.Session(), config)
    heard = Heard(client)
    client.list_resource_requests()
    heard.answers = False
    with mock_cloudcontrol():
        client.list_resource_requests()
        client.list_resource_requests()
    assert len(heard.said) == 3
    assert len(set(heard.said)) == 1


def test_every_client_says_its_own() -> None:
    """What one client says is never said of another."""
    with mock_cloudcontrol():
        clients = [client_of(boto3.Session(), of_application(name)) for name in ("one", "two")]
        heard = [Heard(client) for client in clients]
        for one in heard:
            one.answers = False
        for client in clients * 2:
            client.list_resource_requests()
    assert [{"app/one" in said for said in one.said} for one in heard] == [{True}, {False}]
    assert [{"app/two" in said for said in one.said} for one in heard] == [{False}, {True}]


def test_parts_are_looked_at_once() -> None:
    """A part that was looked at in one mock isn't looked at again in the next; outside it is, as ever."""
    plain = getattr(botocore.useragent, SANITIZE)
    with mock_cloudcontrol():
        first = getattr(botocore.useragent, SANITIZE)("a part (of two)", allow_hash=False)
    with mock_cloudcontrol():
        assert getattr(botocore.useragent, SANITIZE)("a part (of two)", allow_hash=False) is first
    assert getattr(botocore.useragent, SANITIZE) is plain
    assert plain("a part (of two)", allow_hash=False) == first


def test_another_way_of_somebodys_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody looks at the parts in a way of their own, each is looked at in that way, every time."""
    monkeypatch.setattr(botocore.useragent, SANITIZE, lambda raw_str, allow_hash: f"<{raw_str}>")  # noqa: ARG005
    own = getattr(botocore.useragent, SANITIZE)
    with mock_cloudcontrol():
        assert getattr(botocore.useragent, SANITIZE) is own
        assert getattr(botocore.useragent, SANITIZE)("a", allow_hash=True) == "<a>"
