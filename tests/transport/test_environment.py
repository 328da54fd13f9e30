"""What the mock changes around it, and that nothing of it stays: patches, the environment, boto3's default session."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from types import BuiltinFunctionType
from typing import TYPE_CHECKING, TypeAlias

import boto3
import botocore.endpoint
import botocore.hooks
import botocore.retries.bucket
import botocore.session
import botocore.signers
import botocore.waiter
import pytest
from calls import create, wait

from pytest_cloudcontrol import AlreadyActive, NoProgressError, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from types_boto3_cloudcontrol import CloudControlApiClient

    Leaving: TypeAlias = Callable[[], object]

METHODS: list[tuple[object, str]] = [
    (botocore.endpoint.Endpoint, "_do_get_response"),
    (botocore.endpoint.Endpoint, "_send_request"),
    (botocore.hooks.EventAliaser, "_alias_event_name"),
    (botocore.session.Session, "__init__"),
    (botocore.session.Session, "create_client"),
    (botocore.session.Session, "get_component"),
    (botocore.session.Session, "get_config_variable"),
    (botocore.session.Session, "get_credentials"),
    (botocore.session.Session, "get_scoped_config"),
    (botocore.signers.RequestSigner, "get_auth_instance"),
    (botocore.waiter.Waiter, "wait"),
    (botocore.retries.bucket.TokenBucket, "acquire"),
]
PATCHED = [
    *METHODS,
    (botocore.endpoint, "time"),
    (botocore.waiter, "time"),
    (boto3, "setup_default_session"),
]
MACHINE = {
    "AWS_ACCESS_KEY_ID": "AKIAOFTHEMACHINE",
    "AWS_SECRET_ACCESS_KEY": "of the machine",
    "AWS_PROFILE": "of-the-machine",
    "AWS_DEFAULT_REGION": "sa-east-1",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_RETRY_MODE": "adaptive",
    "AWS_DEFAULTS_MODE": "auto",
}
ABSENT = ("AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_PROFILE")


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have settings that the mock must replace, and put back."""
    config = tmp_path / "config"
    config.write_text("[profile of-the-machine]\nregion = sa-east-1\n")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    for name, value in MACHINE.items():
        monkeypatch.setenv(name, value)


def use(client: CloudControlApiClient) -> None:
    """Make a request and wait for it."""
    wait(client, create(client))


def leave_normally() -> None:
    """Use a mock and leave it."""
    with mock_cloudcontrol():
        use(boto3.client("cloudcontrol"))


def leave_by_an_error() -> None:
    """Leave a mock by an exception."""
    with suppress(ZeroDivisionError), mock_cloudcontrol():
        use(boto3.client("cloudcontrol"))
        raise ZeroDivisionError


def leave_by_no_progress() -> None:
    """Leave a mock by the error of a loop that never ends."""
    with suppress(NoProgressError), mock_cloudcontrol(auto_advance=False):
        use(boto3.client("cloudcontrol"))


def leave_by_an_unmet_rule() -> None:
    """Leave a mock whose rule never fired, which is an error."""
    with suppress(AssertionError), mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.add_failure("NotFound")


def leave_a_refused_one() -> None:
    """Be refused a second mock, and leave the first."""
    with mock_cloudcontrol(), suppress(AlreadyActive), mock_cloudcontrol():
        pass


WAYS_OUT = pytest.mark.parametrize(
    "leave",
    [leave_normally, leave_by_an_error, leave_by_no_progress, leave_by_an_unmet_rule, leave_a_refused_one],
)


# Patches


def patched() -> dict[str, object]:
    """Return what there is now of everything that a mock replaces."""
    return {f"{owner}.{name}": getattr(owner, name) for owner, name in PATCHED}


@WAYS_OUT
def test_patches_are_taken_out(leave: Leaving) -> None:
    """After leaving, each attribute of botocore's is the very object that it was."""
    before = patched()
    leave()
    after = patched()
    assert [name for name in before if after[name] is not before[name]] == []


def test_patches_are_put_in() -> None:
    """Each of these attributes is another object while a mock is active: the test above could fail."""
    before = patched()
    with mock_cloudcontrol():
        inside = patched()
    assert [name for name in before if inside[name] is before[name]] == []


@pytest.mark.usefixtures("cloudcontrol")
def test_time_itself_is_left_alone() -> None:
    """While a mock is active, what is replaced is the name `time` in botocore's modules, and never time.sleep."""
    assert isinstance(time.sleep, BuiltinFunctionType)


@pytest.mark.parametrize(("owner", "name"), METHODS)
def test_patch_of_somebody_else_stays(owner: object, name: str) -> None:
    """What somebody else has put over a patch inside and left on isn't removed."""
    before: Callable[..., object] = getattr(owner, name)

    def wrapper(*arguments: object, **named: object) -> object:
        return before(*arguments, **named)

    try:
        with mock_cloudcontrol():
            setattr(owner, name, wrapper)
        assert getattr(owner, name) is wrapper
    finally:
        setattr(owner, name, before)


@pytest.mark.parametrize(("owner", "name"), METHODS)
def test_patch_below_somebody_elses_is_inert(owner: object, name: str) -> None:
    """What the mock had put below somebody else's wrapper passes every call through to the original, unchanged."""
    before: Callable[..., object] = getattr(owner, name)
    passed: list[tuple[tuple[object, ...], dict[str, object]]] = []

    def original(*arguments: object, **named: object) -> str:
        passed.append((arguments, named))
        return "from the original"

    client = boto3.client("cloudcontrol", region_name="us-east-1", aws_access_key_id="AKIA", aws_secret_access_key="-")
    model = client.meta.service_model.operation_model("ListResourceRequests")
    arguments: dict[str, tuple[object, ...]] = {
        "_do_get_response": ("endpoint", "request", model, {}),
        "_send_request": ("endpoint", {}, model),
        "_alias_event_name": (botocore.hooks.EventAliaser("emitter"), "before-call.cloudcontrol"),  # type: ignore[arg-type]  # never asked
        "__init__": ("session",),
        "create_client": ("session", "cloudcontrol"),
        "get_component": ("session", "data_loader"),
        "get_config_variable": ("session", "profile"),
        "get_credentials": ("session",),
        "get_scoped_config": ("session",),
        "get_auth_instance": ("signer", "cloudcontrolapi", "us-east-1"),
        "wait": (client.get_waiter("resource_request_success"),),
        "acquire": ("bucket", 1, True),
    }
    setattr(owner, name, original)
    try:
        with mock_cloudcontrol():
            below: Callable[..., object] = getattr(owner, name)
            setattr(owner, name, lambda *given, **named: below(*given, **named))
        answer = getattr(owner, name)(*arguments[name])
    finally:
        setattr(owner, name, before)
    assert answer == "from the original"
    assert passed == [(arguments[name], {})]


@pytest.mark.parametrize("module", [botocore.endpoint, botocore.waiter], ids=lambda module: str(module.__name__))
def test_time_below_somebody_elses_is_inert(module: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in for `time`, kept by somebody beyond the mock's end, really sleeps again."""
    slept: list[float] = []
    with mock_cloudcontrol():
        kept = getattr(module, "time")  # noqa: B009  # botocore-stubs doesn't know it
    monkeypatch.setattr("time.sleep", slept.append)
    kept.sleep(5)
    assert slept == [5]


def test_next_mock_works_over_a_patch_left_on() -> None:
    """A mock that is activated over somebody's wrapper around the last mock's patch is the one that answers."""
    owner, name = botocore.endpoint.Endpoint, "_do_get_response"
    before = getattr(owner, name)
    try:
        with mock_cloudcontrol() as first:
            below: Callable[..., object] = getattr(owner, name)
            setattr(owner, name, lambda *given, **named: below(*given, **named))
        with mock_cloudcontrol() as second:
            use(boto3.client("cloudcontrol"))
    finally:
        setattr(owner, name, before)
    assert (len(first.requests), len(second.requests)) == (0, 1)


# The environment


def test_environment_inside() -> None:
    """Inside there are fake keys, no profile, the mock's region, and botocore's own retries."""
    with mock_cloudcontrol() as cloudcontrol:
        inside = {name: os.environ.get(name) for name in (*MACHINE, *ABSENT)}
    assert inside == {
        "AWS_ACCESS_KEY_ID": "AKIAMOCKEDCLOUDCNTRL",
        "AWS_SECRET_ACCESS_KEY": "mocked",
        "AWS_SESSION_TOKEN": "mocked",
        "AWS_PROFILE": None,
        "AWS_DEFAULT_PROFILE": None,
        "AWS_DEFAULT_REGION": cloudcontrol.options.region,
        "AWS_REGION": cloudcontrol.options.region,
        "AWS_MAX_ATTEMPTS": None,
        "AWS_RETRY_MODE": None,
        "AWS_DEFAULTS_MODE": None,
    }


@WAYS_OUT
def test_environment_is_put_back(leave: Leaving) -> None:
    """After leaving, every environment variable is as before, and none is new."""
    before = dict(os.environ)
    leave()
    assert dict(os.environ) == before


@pytest.mark.parametrize("name", [*MACHINE, *ABSENT])
def test_variable_set_inside_stays(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that somebody has set meanwhile is theirs: leaving lets it be."""
    monkeypatch.setenv(name, "noted, so that the test's end undoes what it does")
    with mock_cloudcontrol():
        os.environ[name] = "set inside"
    assert os.environ[name] == "set inside"


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION"])
def test_variable_removed_inside_stays_away(name: str) -> None:
    """A variable that somebody has taken away meanwhile doesn't come back."""
    with mock_cloudcontrol():
        del os.environ[name]
    assert name not in os.environ


# boto3's default session


@WAYS_OUT
def test_no_default_session_stays(leave: Leaving) -> None:
    """A default session made inside is gone after leaving: it has read the fake keys."""
    leave()
    assert boto3.DEFAULT_SESSION is None


@WAYS_OUT
def test_default_session_is_put_back(leave: Leaving) -> None:
    """A default session from before is the very same object after leaving."""
    boto3.setup_default_session(region_name="sa-east-1")
    before = boto3.DEFAULT_SESSION
    leave()
    assert boto3.DEFAULT_SESSION is before


def test_default_session_keeps_no_fake_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A default session from before, first used inside, has the machine's own keys after leaving."""
    monkeypatch.delenv("AWS_PROFILE")
    boto3.setup_default_session(region_name="sa-east-1")
    leave_normally()
    assert boto3.DEFAULT_SESSION is not None
    credentials = boto3.DEFAULT_SESSION.get_credentials()
    assert credentials is not None
    assert credentials.access_key == "AKIAOFTHEMACHINE"


def test_default_session_of_somebody_else_stays() -> None:
    """A default session that boto3 hasn't made inside was put there by somebody: leaving lets it be."""
    boto3.setup_default_session(region_name="sa-east-1")
    theirs = boto3.Session(region_name="eu-west-1")
    with mock_cloudcontrol():
        boto3.DEFAULT_SESSION = theirs
    assert boto3.DEFAULT_SESSION is theirs


def test_default_session_set_up_inside() -> None:
    """A default session that the code under test sets up inside is gone after leaving, and the one before is back."""
    boto3.setup_default_session(region_name="sa-east-1")
    before = boto3.DEFAULT_SESSION
    with mock_cloudcontrol():
        boto3.setup_default_session(region_name="eu-west-1")
    assert boto3.DEFAULT_SESSION is before
