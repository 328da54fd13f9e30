"""Which clients the mock answers: made before, inside and after, by any session, for any endpoint and region."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

import boto3
import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from botocore.waiter import SingleWaiterConfig, Waiter
from calls import CannedBody, create, shown
from refusals import already_active
from resource_types import LOG_GROUP

from pytest_cloudcontrol import AlreadyActive, CloudControl, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from botocore.awsrequest import AWSPreparedRequest
    from types_boto3_cloudcontrol import CloudControlApiClient

    ClientMaker: TypeAlias = Callable[[], CloudControlApiClient]
    SessionMaker: TypeAlias = Callable[[], ClientMaker]

REGION = "us-east-1"


@pytest.fixture(autouse=True, scope="module")  # before the mock of any test
def _keys() -> Iterator[None]:
    """Have keys that aren't the mock's, and no default session."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOFTHEMACHINE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of the machine")
        yield


def by_boto3() -> ClientMaker:
    """Let boto3's default session make clients."""
    return lambda: boto3.client("cloudcontrol", region_name=REGION)


def by_default_session() -> ClientMaker:
    """Let a default session that was set up by hand make clients."""
    boto3.setup_default_session(region_name=REGION)
    return lambda: boto3.client("cloudcontrol")


def by_boto3_session() -> ClientMaker:
    """Let a session of boto3's make clients."""
    session = boto3.Session(region_name=REGION)
    return lambda: session.client("cloudcontrol")


def by_botocore_session() -> ClientMaker:
    """Let a session of botocore's make clients."""
    session = botocore.session.Session()
    return lambda: cast("CloudControlApiClient", session.create_client("cloudcontrol", region_name=REGION))


SESSIONS = pytest.mark.parametrize("session", [by_boto3, by_default_session, by_boto3_session, by_botocore_session])


# Before, inside and after


@SESSIONS
def test_client_made_before(session: SessionMaker) -> None:
    """A client made before the activation is answered by the mock."""
    client = session()()
    with mock_cloudcontrol() as cloudcontrol:
        assert create(client) == cloudcontrol.requests.last.request_token


@SESSIONS
def test_session_made_before(session: SessionMaker) -> None:
    """A client made inside from a session made before is answered by the mock."""
    make = session()
    with mock_cloudcontrol() as cloudcontrol:
        assert create(make()) == cloudcontrol.requests.last.request_token


@SESSIONS
def test_client_made_inside(session: SessionMaker, cloudcontrol: CloudControl) -> None:
    """A client made inside is answered by the mock."""
    assert create(session()()) == cloudcontrol.requests.last.request_token


@SESSIONS
def test_client_of_an_earlier_mock(session: SessionMaker) -> None:
    """A client made inside one mock is answered by the next one, which knows nothing of the first."""
    with mock_cloudcontrol():
        client = session()()
        token = create(client)
    with mock_cloudcontrol(seed="another") as cloudcontrol:
        with pytest.raises(client.exceptions.RequestTokenNotFoundException):
            client.get_resource_request_status(RequestToken=token)
        assert create(client) == cloudcontrol.requests.last.request_token


def test_client_made_inside_takes_the_option_region() -> None:
    """A client that is made without a region has the option's."""
    with mock_cloudcontrol(region="eu-west-1") as cloudcontrol:
        create(boto3.client("cloudcontrol"))
        assert cloudcontrol.requests.last.region == "eu-west-1"


def test_events_of_the_client_are_emitted(cloudcontrol: CloudControl) -> None:
    """Botocore's own work goes on around the mock: every event of a call is emitted, in its order."""
    client = cloudcontrol.client()
    seen: list[str] = []

    def note(event_name: str, **_: object) -> None:
        seen.append(event_name.partition(".")[0])

    for event in ("before-send", "response-received", "needs-retry", "after-call"):
        client.meta.events.register(f"{event}.cloudcontrol", note)
    client.list_resource_requests()
    assert seen == ["before-send", "response-received", "needs-retry", "after-call"]


# Endpoints and regions


@pytest.mark.parametrize(
    "endpoint_url",
    [
        "http://localhost:4566",
        "https://cloudcontrol.internal.example/some/path",
        "https://vpce-0123456789abcdef0.cloudcontrolapi.us-east-1.vpce.amazonaws.com",
        "http://[::1]:8080",
    ],
)
def test_custom_endpoint(cloudcontrol: CloudControl, endpoint_url: str) -> None:
    """A client with an endpoint of its own is answered by the mock, in the region it signs for."""
    create(boto3.client("cloudcontrol", region_name="eu-west-3", endpoint_url=endpoint_url))
    assert cloudcontrol.requests.last.region == "eu-west-3"


PLAIN, FIPS, DUAL_STACK, BOTH = (
    Config(use_fips_endpoint=fips, use_dualstack_endpoint=dualstack)
    for dualstack in (False, True)
    for fips in (False, True)
)


@pytest.mark.parametrize(
    ("region", "config", "host"),
    [
        ("eu-west-1", PLAIN, "cloudcontrolapi.eu-west-1.amazonaws.com"),
        ("us-west-2", FIPS, "cloudcontrolapi-fips.us-west-2.amazonaws.com"),
        ("eu-west-1", DUAL_STACK, "cloudcontrolapi.eu-west-1.api.aws"),
        ("us-west-2", BOTH, "cloudcontrolapi-fips.us-west-2.api.aws"),
        ("cn-north-1", PLAIN, "cloudcontrolapi.cn-north-1.amazonaws.com.cn"),
        ("cn-northwest-1", DUAL_STACK, "cloudcontrolapi.cn-northwest-1.api.amazonwebservices.com.cn"),
        ("us-gov-west-1", PLAIN, "cloudcontrolapi.us-gov-west-1.amazonaws.com"),
        ("us-gov-east-1", FIPS, "cloudcontrolapi-fips.us-gov-east-1.amazonaws.com"),
        ("us-iso-east-1", PLAIN, "cloudcontrolapi.us-iso-east-1.c2s.ic.gov"),
        ("us-isob-east-1", FIPS, "cloudcontrolapi-fips.us-isob-east-1.sc2s.sgov.gov"),
        ("eusc-de-east-1", PLAIN, None),  # its host depends on how old botocore is
        ("xx-nowhere-7", PLAIN, "cloudcontrolapi.xx-nowhere-7.amazonaws.com"),
    ],
)
def test_every_region_and_variant(cloudcontrol: CloudControl, region: str, config: Config, host: str | None) -> None:
    """The region is the one that the client signs for, whatever its partition and the variant of its host."""
    client = boto3.client("cloudcontrol", region_name=region, config=config)
    create(client)
    assert cloudcontrol.requests.last.region == region
    assert host in (None, client.meta.endpoint_url.removeprefix("https://"))


REGIONS = ("us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1", "xx-nowhere-7")


@pytest.mark.parametrize("other", REGIONS[1:])
def test_regions_share_no_request(cloudcontrol: CloudControl, other: str) -> None:
    """A request of one region is unknown in another."""
    token = create(cloudcontrol.client("us-east-1"))
    client = cloudcontrol.client(other)
    with pytest.raises(client.exceptions.RequestTokenNotFoundException):
        client.get_resource_request_status(RequestToken=token)
    assert client.list_resource_requests()["ResourceRequestStatusSummaries"] == []


def test_regions_share_no_resource(cloudcontrol: CloudControl) -> None:
    """The same name can be made in every region, each with its own region in the Arn."""
    for region in REGIONS:
        create(cloudcontrol.client(region))
    cloudcontrol.run_until_idle()
    arns = [shown(cloudcontrol.client(region), LOG_GROUP, "orders")["Arn"] for region in REGIONS]
    assert tuple(arn.split(":")[3] for arn in arns) == REGIONS


def test_regions_share_no_client_token(cloudcontrol: CloudControl) -> None:
    """One ClientToken in two regions stands for two requests."""
    tokens = {
        cloudcontrol.client(region).create_resource(
            TypeName=LOG_GROUP, DesiredState='{"LogGroupName": "orders"}', ClientToken="once"
        )["ProgressEvent"]["RequestToken"]
        for region in REGIONS
    }
    assert len(tokens) == len(REGIONS)


@pytest.mark.parametrize(
    ("region", "config"),
    [
        ("ap-south-1", Config(signature_version=UNSIGNED)),
        ("us-west-2", Config(signature_version=UNSIGNED, use_fips_endpoint=True)),
        ("cn-northwest-1", Config(signature_version=UNSIGNED)),
        ("eu-north-1", Config(signature_version=UNSIGNED, use_dualstack_endpoint=True)),
    ],
)
def test_unsigned_client(cloudcontrol: CloudControl, region: str, config: Config) -> None:
    """A client that doesn't sign is answered too; its region is the host's, its account the default."""
    create(boto3.client("cloudcontrol", region_name=region, config=config))
    request = cloudcontrol.requests.last
    assert (request.region, request.account_id) == (region, "123456789012")


def test_unsigned_client_with_an_endpoint_of_its_own(cloudcontrol: CloudControl) -> None:
    """Where neither a signature nor the host names a region, it is the default one."""
    config = Config(signature_version=UNSIGNED)
    create(boto3.client("cloudcontrol", region_name="eu-west-1", endpoint_url="http://localhost:4566", config=config))
    assert cloudcontrol.requests.last.region == "us-east-1"


# Others that want to answer


def test_before_send_handler_runs(cloudcontrol: CloudControl) -> None:
    """A before-send handler of the user's sees the signed request, and the mock answers it."""
    client = cloudcontrol.client()
    seen: list[str] = []

    def look(request: AWSPreparedRequest, **_: object) -> None:
        seen.append(request.url)

    client.meta.events.register("before-send.cloudcontrol.ListResourceRequests", look)
    assert client.list_resource_requests()["ResourceRequestStatusSummaries"] == []
    assert seen == ["https://cloudcontrolapi.us-east-1.amazonaws.com/"]


def test_before_send_handler_that_answers_wins(cloudcontrol: CloudControl) -> None:
    """A before-send handler that answers does so instead of the mock, as it does against AWS."""
    client = cloudcontrol.client()

    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        body = CannedBody(b'{"ResourceRequestStatusSummaries": [], "NextToken": "canned"}')
        return AWSResponse(request.url, 200, {}, body)  # type: ignore[arg-type]  # as botocore itself passes them

    # botocore-stubs has it that handlers return nothing; botocore takes a response from this one.
    client.meta.events.register("before-send.cloudcontrol", answer)  # type: ignore[arg-type]
    assert client.list_resource_requests()["NextToken"] == "canned"
    assert cloudcontrol.calls == ()


def test_stubber_wins(cloudcontrol: CloudControl) -> None:
    """A client with a Stubber gets the Stubber's answers, and the mock never sees the call."""
    client = cloudcontrol.client()
    with Stubber(client) as stubber:
        stubber.add_response("get_resource_request_status", {"ProgressEvent": {"OperationStatus": "PENDING"}})
        stubber.add_client_error("get_resource", "ThrottlingException", http_status_code=400)
        event = client.get_resource_request_status(RequestToken="anything")["ProgressEvent"]
        with pytest.raises(ClientError, match="ThrottlingException"):
            client.get_resource(TypeName=LOG_GROUP, Identifier="orders")
    assert event["OperationStatus"] == "PENDING"
    assert cloudcontrol.calls == ()


def test_client_is_the_mocks_again_after_its_stubber(cloudcontrol: CloudControl) -> None:
    """When a Stubber is deactivated, its client is answered by the mock again."""
    client = cloudcontrol.client()
    with Stubber(client):
        pass
    assert create(client) == cloudcontrol.requests.last.request_token


# One at a time


def refuse_block() -> None:
    """Enter a second mock as a block."""
    with mock_cloudcontrol(region="eu-west-1"):
        pass


@mock_cloudcontrol()
def refuse_decorator() -> None:
    """Enter a second mock by a decorated function."""


@pytest.mark.parametrize("enter", [refuse_block, refuse_decorator])
def test_nested_activation_is_refused(cloudcontrol: CloudControl, enter: Callable[[], None]) -> None:
    """A second mock beside an active one is refused, with what to use instead."""
    client = boto3.client("cloudcontrol")
    with pytest.raises(AlreadyActive) as refused:
        enter()
    assert str(refused.value) == already_active(refused.value.holder)
    create(client)
    assert cloudcontrol.requests.last.region == "us-east-1"


def test_mock_entered_twice_is_refused() -> None:
    """Entering the very mock that is active is refused too, and it goes on working until it is left."""
    mock = mock_cloudcontrol()
    with mock as cloudcontrol:
        with pytest.raises(AlreadyActive), mock:
            pass
        assert create(cloudcontrol.client()) == cloudcontrol.requests.last.request_token


def test_mock_used_again_begins_anew() -> None:
    """A mock that was left can be entered again: it begins with nothing made."""
    mock = mock_cloudcontrol()
    with mock as first:
        create(first.client())
    with mock as second:
        assert len(second.requests) == 0


# Waiters of no client


@pytest.mark.usefixtures("cloudcontrol")
def test_waiter_of_a_function_really_sleeps(slept: list[float]) -> None:
    """A waiter that polls with a function of somebody's own is left alone: it polls, and really sleeps."""
    acceptor = {"state": "success", "matcher": "path", "argument": "Ready", "expected": True}
    config = {"operation": "Look", "delay": 7, "maxAttempts": 2, "acceptors": [acceptor]}
    answers = [{"Ready": False}, {"Ready": True}]
    # botocore-stubs asks for the mapping from which the configuration is made.
    waiter = Waiter("ready", SingleWaiterConfig(config), lambda: answers.pop(0))  # type: ignore[arg-type]
    waiter.wait()
    assert (answers, slept) == ([], [7])
