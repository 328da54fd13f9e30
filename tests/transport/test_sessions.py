"""Sessions and their profiles: what was made before, what is set inside, and what each finds afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import boto3
import botocore.session
import pytest

from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_cloudcontrol import CloudControl

    Use: TypeAlias = Callable[[boto3.Session], object]

OWN_KEY = "AKIAOFTHEPROFILE"
FAKE_KEY = "AKIAMOCKEDCLOUDCNTRL"
REGION = "eu-central-1"


@pytest.fixture(autouse=True)
def trace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Have a machine with two profiles, one of keys and one of a process; return the file that the process makes."""
    trace = tmp_path / "process-was-run"
    config, credentials = tmp_path / "config", tmp_path / "credentials"
    config.write_text(
        f"[profile of-keys]\nregion = {REGION}\n"
        f"[profile of-a-process]\nregion = {REGION}\ncredential_process = touch {trace}\n"
    )
    credentials.write_text(f"[of-keys]\naws_access_key_id = {OWN_KEY}\naws_secret_access_key = of the profile\n")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    monkeypatch.setenv("AWS_PROFILE", "of-keys")
    return trace


def key_of(session: boto3.Session) -> str:
    """Return the access key that a session finds."""
    credentials = session.get_credentials()
    assert credentials is not None
    return credentials.access_key


def call(session: boto3.Session) -> None:
    """Make a client of a session, and a call with it."""
    session.client("cloudcontrol").list_resource_requests()


# A session from before


USES: dict[str, Use] = {
    "nothing": lambda _: None,
    "a call": call,
    "its credentials": key_of,
    "its region": lambda session: session.region_name,
    "its profile": lambda session: session.profile_name,
    "another service's client": lambda session: session.client("s3", region_name=REGION),
}


@pytest.mark.parametrize("use", USES)
def test_session_from_before_finds_its_own_keys_afterwards(use: str) -> None:
    """A session made before the mock and first used inside finds its own profile's keys afterwards."""
    session = boto3.Session()
    with mock_cloudcontrol():
        USES[use](session)
    assert key_of(session) == OWN_KEY


def test_session_from_before_finds_its_own_region_afterwards() -> None:
    """A session made before the mock and first used inside is in its own profile's region afterwards."""
    session = boto3.Session()
    with mock_cloudcontrol():
        call(session)
    assert (session.region_name, session.profile_name) == (REGION, "of-keys")


def test_session_from_before_has_fake_keys_inside() -> None:
    """A session made before the mock that has looked for no keys yet has fake ones inside."""
    session = boto3.Session()
    with mock_cloudcontrol():
        assert key_of(session) == FAKE_KEY


def test_session_that_has_found_its_keys_keeps_them() -> None:
    """A session that has found its keys before the mock has the same ones inside, and its calls are answered."""
    session = boto3.Session()
    before = session.get_credentials()
    with mock_cloudcontrol() as cloudcontrol:
        call(session)
        assert session.get_credentials() is before
        assert [made.operation for made in cloudcontrol.calls] == ["ListResourceRequests"]


def test_session_of_botocore_finds_its_own_keys_afterwards() -> None:
    """A session of botocore's own, made before and first used inside, finds its own profile's keys afterwards."""
    session = botocore.session.get_session()
    with mock_cloudcontrol():
        client: Any = session.create_client("cloudcontrol", region_name=REGION)  # which botocore-stubs has no type for
        client.list_resource_requests()
    credentials = session.get_credentials()
    assert credentials is not None
    assert credentials.access_key == OWN_KEY


# A profile whose process would fail


def test_process_of_a_profile_would_be_run(trace: Path) -> None:
    """Without a mock the profile's process is run: the tests below could fail."""
    with pytest.raises(ValueError, match="Expecting value"):  # it prints no JSON
        boto3.Session(profile_name="of-a-process").get_credentials()
    assert trace.exists()


def test_session_of_a_profile_made_before(trace: Path) -> None:
    """A session of a profile, made before, is answered in the mock's region, and the profile's process isn't run."""
    session = boto3.Session(profile_name="of-a-process")
    with mock_cloudcontrol() as cloudcontrol:
        call(session)
        regions = [made.region for made in cloudcontrol.calls]
    assert (regions, trace.exists()) == (["us-east-1"], False)


def test_session_of_a_profile_made_inside(cloudcontrol: CloudControl, trace: Path) -> None:
    """A session of a profile, made inside, is answered, and the profile's process isn't run."""
    call(boto3.Session(profile_name="of-a-process", region_name=REGION))
    assert ([made.region for made in cloudcontrol.calls], trace.exists()) == ([REGION], False)


def test_process_of_the_machines_profile(monkeypatch: pytest.MonkeyPatch, trace: Path) -> None:
    """A client made inside doesn't run the process of the profile that the machine's environment names."""
    monkeypatch.setenv("AWS_PROFILE", "of-a-process")
    session = boto3.Session()
    with mock_cloudcontrol() as cloudcontrol:
        call(session)
        call(boto3.Session())
        assert len(cloudcontrol.calls) == 2
    assert not trace.exists()


# Variables


def test_profile_set_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile that doesn't exist, set in the environment inside, disturbs no client of the code under test."""
    with mock_cloudcontrol() as cloudcontrol, monkeypatch.context() as inside:
        inside.setenv("AWS_PROFILE", "nope")
        boto3.client("cloudcontrol").list_resource_requests()
        call(boto3.Session())
    assert [made.region for made in cloudcontrol.calls] == ["us-east-1"] * 2


def test_endpoint_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """An endpoint of the service that is no URL, set in the environment before, disturbs no client made inside."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDCONTROL", "not a url")
    with mock_cloudcontrol() as cloudcontrol:
        boto3.client("cloudcontrol").list_resource_requests()
        cloudcontrol.client().list_resource_requests()
        assert len(cloudcontrol.calls) == 2
