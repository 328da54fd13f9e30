"""Whose keys sign, and what of the machine's settings can't disturb; and which account a call belongs to."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias, cast

import boto3
import botocore.auth
import botocore.session
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import CredentialProvider, CredentialResolver, Credentials, RefreshableCredentials
from botocore.exceptions import NoCredentialsError, NoRegionError
from botocore.hooks import HierarchicalEmitter
from botocore.model import ServiceId
from botocore.signers import RequestSigner
from calls import create, shown
from resource_types import LOG_GROUP

from pytest_cloudcontrol import CloudControl, OptionError, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from botocore.awsrequest import AWSPreparedRequest
    from types_boto3_cloudcontrol import CloudControlApiClient

    ClientMaker: TypeAlias = Callable[[CloudControl], CloudControlApiClient]

REGION = "us-east-1"


@pytest.fixture(autouse=True, scope="module")  # before the mock of any test
def _no_default_session() -> Iterator[None]:
    """Have none that another test has left."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
        yield


def authorization_of(client: CloudControlApiClient) -> str:
    """Make a call, and return its header Authorization."""
    seen: list[str] = []

    def look(request: AWSPreparedRequest, **_: object) -> None:
        header = request.headers["Authorization"]
        seen.append(header.decode() if isinstance(header, bytes) else header)

    client.meta.events.register("before-send.cloudcontrol", look)
    client.list_resource_requests()
    return seen[0]


class Provider(CredentialProvider):
    """Gives credentials that were made beforehand."""

    METHOD = "beforehand"

    def __init__(self, credentials: Credentials) -> None:
        super().__init__()
        self._credentials = credentials

    def load(self) -> Credentials:
        """Return them."""
        return self._credentials


def client_with(credentials: Credentials) -> CloudControlApiClient:
    """Return a client of a session that has just these credentials."""
    session = botocore.session.Session()
    session.register_component("credential_provider", CredentialResolver([Provider(credentials)]))
    return cast("CloudControlApiClient", session.create_client("cloudcontrol", region_name=REGION))


# The signature


def signed(cloudcontrol: CloudControl, **credentials: str) -> str:
    """Make a call with a client of the mock's, and return its header Authorization."""
    return authorization_of(cloudcontrol.client("eu-west-1", **credentials))  # type: ignore[arg-type]  # names of these


def test_header_without_a_digest(cloudcontrol: CloudControl) -> None:
    """The header of a call names the key, the region and the service, and has no digest."""
    header = signed(cloudcontrol, aws_access_key_id="AKIAEXAMPLE")
    assert re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/[0-9]{8}/eu-west-1/cloudcontrolapi/aws4_request, "
        r"SignedHeaders=host, Signature=0{64}",
        header,
    )


@pytest.mark.cloudcontrol(real_signatures=True)
def test_real_signature(cloudcontrol: CloudControl) -> None:
    """With the option ``real_signatures`` botocore computes the digest."""
    header = signed(cloudcontrol)
    assert re.search(
        "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=(?!0{64})[0-9a-f]{64}$", header
    )


def test_token_of_a_session(cloudcontrol: CloudControl) -> None:
    """A session's token is sent beside the header, and so is the moment, at a retry too."""
    sent: list[AWSPreparedRequest] = []
    client = cloudcontrol.client(aws_access_key_id="ASIAEXAMPLE", aws_session_token="token")
    client.meta.events.register("before-send.cloudcontrol", lambda request, **_: sent.append(request))
    cloudcontrol.add_error("ThrottlingException", times=1)
    client.list_resource_requests()
    tokens = [request.headers["X-Amz-Security-Token"] for request in sent]
    assert [token.decode() if isinstance(token, bytes) else token for token in tokens] == ["token", "token"]
    assert all(name in request.headers for request in sent for name in ("X-Amz-Date", "Authorization"))


def test_event_before_signing(cloudcontrol: CloudControl) -> None:
    """A handler of the event ``before-sign`` sees each call, and what it changes stays."""
    client = cloudcontrol.client()
    client.meta.events.register(
        "before-sign.cloudcontrol", lambda request, **_: request.headers.add_header("X-Own", "value")
    )
    seen: list[object] = []
    client.meta.events.register("before-send.cloudcontrol", lambda request, **_: seen.append(request.headers["X-Own"]))
    client.list_resource_requests()
    assert [value.decode() if isinstance(value, bytes) else value for value in seen] == ["value"]


def test_header_of_an_earlier_signer_is_replaced(cloudcontrol: CloudControl) -> None:
    """A header that names who calls, and is there already, is sent as the mock writes it."""
    client = cloudcontrol.client("eu-west-1", aws_access_key_id="AKIAEXAMPLE")
    client.meta.events.register(
        "before-sign.cloudcontrol", lambda request, **_: request.headers.add_header("authorization", "earlier")
    )
    assert authorization_of(client).startswith("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/")


def test_keys_of_one_call(cloudcontrol: CloudControl) -> None:
    """Keys that a handler of ``before-sign`` gives for a call are those that the header names."""

    def give(request: AWSRequest, **_: object) -> None:
        request.context.setdefault("signing", {})["request_credentials"] = Credentials("AKIAOFONECALL", "secret")

    client = cloudcontrol.client()
    client.meta.events.register("before-sign.cloudcontrol", give)
    assert authorization_of(client).startswith("AWS4-HMAC-SHA256 Credential=AKIAOFONECALL/")


@pytest.mark.usefixtures("cloudcontrol")
def test_signer_without_a_region() -> None:
    """A signer that has no region refuses to sign, as ever."""
    events, keys = HierarchicalEmitter(), Credentials("AKIA", "secret")
    # botocore-stubs has a region always.
    signer = RequestSigner(ServiceId("CloudControl"), None, "cloudcontrolapi", "v4", keys, events)  # type: ignore[arg-type]
    with pytest.raises(NoRegionError, match=r"^You must specify a region\.$"):
        signer.sign("ListResources", AWSRequest("POST", "https://localhost/"))


def test_signer_of_the_users_own(cloudcontrol: CloudControl, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signer that the user has put in the place of botocore's signs as ever."""

    class Own(SigV4Auth):
        def add_auth(self, request: AWSRequest) -> None:
            request.headers["Authorization"] = "of its own"

    monkeypatch.setitem(botocore.auth.AUTH_TYPE_MAPS, "v4", Own)
    assert signed(cloudcontrol) == "of its own"


# Clients made before


def test_client_without_credentials() -> None:
    """A client made before on a machine without credentials signs with fake ones."""
    client = boto3.client("cloudcontrol", region_name=REGION)
    with mock_cloudcontrol() as cloudcontrol:
        create(client)
        assert cloudcontrol.requests.last.account_id == "123456789012"


def test_client_without_credentials_has_none_afterwards() -> None:
    """After leaving, such a client has no credentials, as before."""
    client = boto3.client("cloudcontrol", region_name=REGION)
    with mock_cloudcontrol():
        create(client)
    with pytest.raises(NoCredentialsError):
        client.list_resource_requests()


@pytest.mark.parametrize("expires_in", [timedelta(hours=-1), timedelta(minutes=1)], ids=["expired", "about to expire"])
def test_refreshable_credentials_are_not_refreshed(expires_in: timedelta) -> None:
    """Credentials that would be refreshed at the next signing, such as SSO's, are left alone."""
    refreshed: list[str] = []

    def refresh() -> dict[str, str]:
        refreshed.append("refreshed")
        soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        return {"access_key": "AKIANEW", "secret_key": "new", "token": "new", "expiry_time": soon}

    expiry = datetime.now(UTC) + expires_in
    client = client_with(RefreshableCredentials("AKIAOLD", "old", "old", expiry, refresh, "sso"))
    with mock_cloudcontrol():
        create(client)
        assert "Credential=AKIAMOCKEDCLOUDCNTRL/" in authorization_of(client)
    assert refreshed == []


def test_role_is_not_assumed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A client made before from a profile that assumes a role doesn't call STS when it signs."""
    config = tmp_path / "config"
    config.write_text(
        "[profile deployer]\nrole_arn = arn:aws:iam::111111111111:role/deployer\nsource_profile = base\n"
        "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = base\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("STS was called")

    session = boto3.Session(profile_name="deployer", region_name=REGION)
    client = session.client("cloudcontrol")
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    with mock_cloudcontrol() as cloudcontrol:
        assert create(client) == cloudcontrol.requests.last.request_token


def test_static_keys_sign_themselves() -> None:
    """A client made before with keys of its own signs with these."""
    client = boto3.client(
        "cloudcontrol", region_name=REGION, aws_access_key_id="AKIASTATIC", aws_secret_access_key="static"
    )
    with mock_cloudcontrol():
        assert "Credential=AKIASTATIC/" in authorization_of(client)


def test_other_keys_belong_to_the_default_account() -> None:
    """Keys that the mock hasn't handed out are the default account's."""
    client = boto3.client(
        "cloudcontrol", region_name=REGION, aws_access_key_id="AKIASTATIC", aws_secret_access_key="static"
    )
    with mock_cloudcontrol(account_id="444455556666") as cloudcontrol:
        create(client)
        assert cloudcontrol.requests.last.account_id == "444455556666"


# Clients made inside, among settings that would disturb them elsewhere


def made_by_boto3(_: CloudControl) -> CloudControlApiClient:
    """Make a client as the code under test does."""
    return boto3.client("cloudcontrol")


def made_by_the_mock(cloudcontrol: CloudControl) -> CloudControlApiClient:
    """Make a client as a test does."""
    return cloudcontrol.client()


DISTURBING = [
    pytest.param({"AWS_PROFILE": "missing"}, id="missing profile"),
    pytest.param({"AWS_DEFAULT_PROFILE": "missing"}, id="missing default profile"),
    pytest.param({"AWS_ENDPOINT_URL": "http://localhost:4566"}, id="endpoint"),
    pytest.param({"AWS_ENDPOINT_URL_CLOUDCONTROL": "http://localhost:4566"}, id="endpoint of the service"),
    pytest.param({"AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_CLOUDCONTROL": "http://b"}, id="both endpoints"),
    pytest.param({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, id="region"),
    pytest.param({"AWS_ACCESS_KEY_ID": "AKIAREAL"}, id="half a key"),
    pytest.param({"AWS_CONFIG_FILE": "/does/not/exist", "AWS_SHARED_CREDENTIALS_FILE": "/nor/this"}, id="no files"),
    pytest.param({"AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"}, id="variants"),
]


@pytest.mark.parametrize("settings", DISTURBING)
@pytest.mark.parametrize("make", [made_by_boto3, made_by_the_mock])
def test_settings_of_the_machine_do_not_disturb(
    monkeypatch: pytest.MonkeyPatch, make: ClientMaker, settings: dict[str, str]
) -> None:
    """A client made inside is answered in the default account and region, whatever the machine's variables say."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with mock_cloudcontrol() as cloudcontrol:
        create(make(cloudcontrol))
        request = cloudcontrol.requests.last
    assert (request.account_id, request.region) == ("123456789012", "us-east-1")


@pytest.mark.parametrize("make", [made_by_boto3, made_by_the_mock])
def test_configured_profile_does_not_disturb(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, make: ClientMaker
) -> None:
    """A default profile that would run a process for its keys, in another region, doesn't disturb."""
    config = tmp_path / "config"
    config.write_text(
        "[default]\nregion = ap-south-1\ncredential_process = /does/not/exist\nendpoint_url = http://localhost:4566\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    with mock_cloudcontrol() as cloudcontrol:
        create(make(cloudcontrol))
        request = cloudcontrol.requests.last
    assert (request.account_id, request.region) == ("123456789012", "us-east-1")


@pytest.mark.parametrize(
    "name", ["AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_CLOUDCONTROL", "AWS_DEFAULT_REGION"]
)
def test_variables_set_inside_do_not_disturb_the_mocks_clients(
    cloudcontrol: CloudControl, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A client of the mock's own doesn't look at variables that the test has set inside."""
    with monkeypatch.context() as inside:
        inside.setenv(name, "http://localhost:4566" if "URL" in name else "missing-profile-1")
        client = cloudcontrol.client()
    assert client.meta.endpoint_url == "https://cloudcontrolapi.us-east-1.amazonaws.com"


def test_endpoint_given_to_the_mocks_client_counts(cloudcontrol: CloudControl) -> None:
    """An endpoint_url that the test itself gives is the client's."""
    client = cloudcontrol.client(endpoint_url="http://localhost:4566")
    assert client.meta.endpoint_url == "http://localhost:4566"
    assert create(client) == cloudcontrol.requests.last.request_token


# Accounts


@pytest.fixture
def mine(cloudcontrol: CloudControl) -> CloudControlApiClient:
    """Make a client of one account."""
    return cloudcontrol.client(account_id="111111111111")


@pytest.fixture
def yours(cloudcontrol: CloudControl) -> CloudControlApiClient:
    """Make a client of another account."""
    return cloudcontrol.client(account_id="222222222222")


def test_request_belongs_to_the_clients_account(
    cloudcontrol: CloudControl, mine: CloudControlApiClient, yours: CloudControlApiClient
) -> None:
    """A request carries the account of the client that made it."""
    create(mine)
    create(yours)
    create(cloudcontrol.client())
    create(boto3.client("cloudcontrol"), "bills")
    accounts = [request.account_id for request in cloudcontrol.requests]
    assert accounts == ["111111111111", "222222222222", "123456789012", "123456789012"]


def test_accounts_share_no_request(mine: CloudControlApiClient, yours: CloudControlApiClient) -> None:
    """A request of one account is unknown in another."""
    token = create(mine)
    with pytest.raises(yours.exceptions.RequestTokenNotFoundException):
        yours.get_resource_request_status(RequestToken=token)
    with pytest.raises(yours.exceptions.RequestTokenNotFoundException):
        yours.cancel_resource_request(RequestToken=token)
    assert yours.list_resource_requests()["ResourceRequestStatusSummaries"] == []


def test_accounts_share_no_resource(
    cloudcontrol: CloudControl, mine: CloudControlApiClient, yours: CloudControlApiClient
) -> None:
    """A resource of one account doesn't exist in another, and its name is free there."""
    create(mine)
    cloudcontrol.run_until_idle()
    with pytest.raises(yours.exceptions.ResourceNotFoundException):
        yours.get_resource(TypeName=LOG_GROUP, Identifier="orders")
    token = create(yours)
    assert cloudcontrol.request(token).run().status == "SUCCESS"
    assert shown(yours, LOG_GROUP, "orders")["Arn"] == "arn:aws:logs:us-east-1:222222222222:log-group:orders:*"


def test_client_with_an_account_and_keys_of_its_own(cloudcontrol: CloudControl) -> None:
    """An account given to a client is its account, also when keys are given with it."""
    client = cloudcontrol.client(
        account_id="222222222222", aws_access_key_id="AKIAOFTHETEST", aws_secret_access_key="of the test"
    )
    create(client)
    assert cloudcontrol.requests.last.account_id == "222222222222"


def test_key_given_with_an_account_stands_for_it(cloudcontrol: CloudControl) -> None:
    """Whichever client signs with a key that was given with an account belongs to that account."""
    cloudcontrol.client(account_id="222222222222", aws_access_key_id="ASIAASSUMED")
    create(boto3.client("cloudcontrol", aws_access_key_id="ASIAASSUMED", aws_secret_access_key="-"))
    assert cloudcontrol.requests.last.account_id == "222222222222"


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ({"account_id": "12345"}, "account_id='12345' is not valid: expected an account's twelve digits"),
        ({"region_name": "Ireland"}, "region='Ireland' is not valid: expected a region's name such as eu-west-1"),
    ],
)
def test_client_of_no_account_or_region_is_refused(
    cloudcontrol: CloudControl, arguments: dict[str, str], refusal: str
) -> None:
    """A client of something that is no account or no region isn't made."""
    with pytest.raises(OptionError) as refused:
        cloudcontrol.client(**arguments)  # type: ignore[arg-type]  # only these two names are given
    assert str(refused.value) == refusal
