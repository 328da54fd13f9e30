"""What the machine's settings change of clients that are made inside, and what those of the test's own change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

import boto3
import pytest
from botocore.exceptions import ClientError, ParamValidationError

from pytest_cloudcontrol import CloudControl, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from types_boto3_cloudcontrol import CloudControlApiClient

    ClientMaker: TypeAlias = Callable[[CloudControl], CloudControlApiClient]
    ConfigFile: TypeAlias = Callable[[str], Path]

ONCE = "max_attempts = 1"


def made_by_boto3(_: CloudControl) -> CloudControlApiClient:
    """Make a client as the code under test does."""
    return boto3.client("cloudcontrol")


def made_by_the_mock(cloudcontrol: CloudControl) -> CloudControlApiClient:
    """Make a client as a test does."""
    return cloudcontrol.client()


WAYS_TO_MAKE = pytest.mark.parametrize("make", [made_by_boto3, made_by_the_mock])


@pytest.fixture(autouse=True, scope="module")  # before the mock of any test
def _no_default_session() -> Iterator[None]:
    """Have none that another test has left."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
        yield


@pytest.fixture
def config_file(tmp_path: Path) -> ConfigFile:
    """Return a function that writes a config file of one profile, from its heading and its settings."""

    def write(text: str) -> Path:
        path = tmp_path / "config"
        path.write_text(text)
        return path

    return write


def tries_of_a_throttled_call(cloudcontrol: CloudControl, client: CloudControlApiClient) -> int:
    """Have a call throttled whenever it is tried; return how often it was."""
    before = len(cloudcontrol.calls)
    cloudcontrol.add_error("ThrottlingException", times=10, optional=True)
    with pytest.raises(ClientError):
        client.list_resource_requests()
    return len(cloudcontrol.calls) - before


# The machine's


@WAYS_TO_MAKE
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_MAX_ATTEMPTS", "1"),
        ("AWS_MAX_ATTEMPTS", "many"),
        ("AWS_RETRY_MODE", "no-such-mode"),
        ("AWS_DEFAULTS_MODE", "no-such-mode"),
    ],
)
def test_variables_of_retries(monkeypatch: pytest.MonkeyPatch, make: ClientMaker, name: str, value: str) -> None:
    """A client made inside retries in botocore's default way, whatever the machine's variables say."""
    with mock_cloudcontrol() as cloudcontrol:
        default = tries_of_a_throttled_call(cloudcontrol, boto3.client("cloudcontrol"))
    monkeypatch.setenv(name, value)
    with mock_cloudcontrol() as cloudcontrol:
        assert tries_of_a_throttled_call(cloudcontrol, make(cloudcontrol)) == default


@WAYS_TO_MAKE
@pytest.mark.parametrize(
    "setting",
    [
        ONCE,
        "max_attempts = many",
        "retry_mode = no-such-mode",
        "defaults_mode = no-such-mode",
        "parameter_validation = false",
        "endpoint_url = not a url",
        "use_fips_endpoint = true\nuse_dualstack_endpoint = true",
        "sso_session = mine\n[sso-session mine]\nsso_region = eu-west-1\nsso_start_url = http://localhost:4566",
        "services = mine\n[services mine]\ncloudcontrol =\n  endpoint_url = http://localhost:4566",
    ],
)
def test_settings_of_the_default_profile(
    monkeypatch: pytest.MonkeyPatch, config_file: ConfigFile, make: ClientMaker, setting: str
) -> None:
    """A client made inside checks, sends and retries in botocore's default way, whatever the default profile says."""
    with mock_cloudcontrol() as cloudcontrol:
        default = tries_of_a_throttled_call(cloudcontrol, boto3.client("cloudcontrol"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config_file(f"[default]\n{setting}\n")))
    with mock_cloudcontrol() as cloudcontrol:
        client = make(cloudcontrol)
        with pytest.raises(ParamValidationError):
            client.create_resource(TypeName="", DesiredState="{}")
        tries = tries_of_a_throttled_call(cloudcontrol, client)
    assert (client.meta.endpoint_url, tries) == ("https://cloudcontrolapi.us-east-1.amazonaws.com", default)


@WAYS_TO_MAKE
def test_data_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, make: ClientMaker) -> None:
    """A client made inside is made from botocore's own data, whatever AWS_DATA_PATH has of the same names."""
    for name in ("endpoints.json", "partitions.json", "_retry.json"):
        (tmp_path / name).write_text("{broken")
    model = tmp_path / "cloudcontrol" / "9999-12-31" / "service-2.json"
    model.parent.mkdir(parents=True)
    model.write_text("{broken")
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    with mock_cloudcontrol() as cloudcontrol:
        make(cloudcontrol).list_resource_requests()
        assert [call.operation for call in cloudcontrol.calls] == ["ListResourceRequests"]


def test_other_services_have_the_machines_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A client of another service, made inside, is made from what AWS_DATA_PATH has, as ever."""
    (tmp_path / "endpoints.json").write_text("{broken")
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    with mock_cloudcontrol(), pytest.raises(json.JSONDecodeError):
        boto3.client("s3")


def test_other_services_have_the_machines_settings(monkeypatch: pytest.MonkeyPatch, config_file: ConfigFile) -> None:
    """A client of another service, made inside, has the default profile's settings, as ever."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config_file("[default]\nendpoint_url = http://localhost:4566\n")))
    with mock_cloudcontrol():
        boto3.client("cloudcontrol")
        assert boto3.client("s3").meta.endpoint_url == "http://localhost:4566"


def test_session_from_before_has_its_settings_afterwards(
    monkeypatch: pytest.MonkeyPatch, config_file: ConfigFile
) -> None:
    """A session that has made a client inside has the default profile's settings after leaving."""
    monkeypatch.setenv(
        "AWS_CONFIG_FILE", str(config_file("[default]\nregion = sa-east-1\nendpoint_url = http://localhost:4566\n"))
    )
    session = boto3.Session()
    with mock_cloudcontrol():
        session.client("cloudcontrol").list_resource_requests()
    client = session.client("cloudcontrol", aws_access_key_id="AKIA", aws_secret_access_key="-")
    assert (client.meta.region_name, client.meta.endpoint_url) == ("sa-east-1", "http://localhost:4566")


# The test's own


def test_variable_set_inside_counts(cloudcontrol: CloudControl, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number of attempts that is set in the environment inside is that of a client made then."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    assert tries_of_a_throttled_call(cloudcontrol, boto3.client("cloudcontrol")) == 1


def test_config_file_named_inside_counts(
    cloudcontrol: CloudControl, monkeypatch: pytest.MonkeyPatch, config_file: ConfigFile
) -> None:
    """The default profile of a config file that AWS_CONFIG_FILE comes to name inside is that of a client made then."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config_file(f"[default]\n{ONCE}\n")))
    assert tries_of_a_throttled_call(cloudcontrol, boto3.client("cloudcontrol")) == 1


@pytest.mark.parametrize("heading", ["default", "profile deployer"])
def test_named_profile_counts(monkeypatch: pytest.MonkeyPatch, config_file: ConfigFile, heading: str) -> None:
    """The settings of a profile that the code under test itself names are those of its client."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config_file(f"[{heading}]\n{ONCE}\n")))
    with mock_cloudcontrol() as cloudcontrol:
        session = boto3.Session(profile_name=heading.removeprefix("profile "))
        assert tries_of_a_throttled_call(cloudcontrol, session.client("cloudcontrol")) == 1
