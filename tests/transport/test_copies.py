"""A second copy of botocore's modules, as AWS CLI has one: what is imported of it meets the mock as well."""

from __future__ import annotations

import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import botocore
import pytest
from calls import create, wait
from resource_types import LOG_GROUP

from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_cloudcontrol import CloudControlApiClient

NAME: Final = "awscli.botocore"
COPIED: Final = ("__init__", "args", "client", "endpoint", "exceptions", "session", "signers", "waiter")
REPLACED: Final = (
    ("endpoint", "Endpoint", "_do_get_response"),
    ("endpoint", "Endpoint", "_send_request"),
    ("session", "Session", "create_client"),
    ("session", "Session", "get_credentials"),
    ("signers", "RequestSigner", "get_auth_instance"),
    ("waiter", "Waiter", "wait"),
)
"""Each part of what the mock does to botocore."""


@pytest.fixture(autouse=True)
def _copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have a copy that nothing has imported yet: of the botocore there is, but its own modules meet one another."""
    folder = tmp_path / "awscli" / "botocore"
    folder.mkdir(parents=True)
    (tmp_path / "awscli" / "__init__.py").touch()
    for name in COPIED:
        source = Path(botocore.__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
        for copied in ("args", "client", "endpoint", "signers", "waiter"):  # or the first client is botocore's again
            source = source.replace(f"import botocore.{copied}\n", f"import {NAME}.{copied}\n")
            source = source.replace(f"from botocore.{copied} import", f"from {NAME}.{copied} import")
        source = source.replace("botocore.client.ClientCreator(", f"{NAME}.client.ClientCreator(")
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    shutil.copytree(Path(botocore.__file__).with_name("data") / "cloudcontrol", folder / "data" / "cloudcontrol")
    loaded = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "awscli"}
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in list(sys.modules):
        if name.partition(".")[0] == "awscli":
            del sys.modules[name]
    sys.modules.update(loaded)


def client_of_the_copy() -> CloudControlApiClient:
    """Return a client whose classes are the copy's."""
    session = import_module(f"{NAME}.session").Session()
    client: CloudControlApiClient = session.create_client("cloudcontrol", region_name="us-east-1")
    assert type(getattr(client, "_endpoint")).__module__ == f"{NAME}.endpoint"  # noqa: B009  # private, to be sure
    return client


def test_a_copy_that_is_loaded_already(monkeypatch: pytest.MonkeyPatch, slept: list[float]) -> None:
    """Clients of a copy that was imported before the mock are answered, and their waiters sleep on its clock."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of the machine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of the machine")
    client = client_of_the_copy()

    with mock_cloudcontrol() as cloudcontrol:
        wait(client, create(client))

    assert [request.status for request in cloudcontrol.requests] == ["SUCCESS"]
    assert slept == []


def test_a_copy_that_is_imported_inside(monkeypatch: pytest.MonkeyPatch, slept: list[float]) -> None:
    """Clients of a copy that is imported while the mock is active need no keys, and never reach the network."""
    monkeypatch.setenv("AWS_PROFILE", "of the machine")

    with mock_cloudcontrol() as cloudcontrol:
        client = client_of_the_copy()
        wait(client, create(client))

    assert [request.status for request in cloudcontrol.requests] == ["SUCCESS"]
    assert slept == []


@pytest.mark.parametrize("before", [True, False], ids=["before", "inside"])
def test_nothing_is_left(before: bool) -> None:
    """After the mock a copy is as it was made, whether it was imported before or inside."""
    finders = list(sys.meta_path)
    if before:
        found = originals()

    with mock_cloudcontrol():
        replaced = originals()

    assert all(function.__module__.startswith("pytest_cloudcontrol.") for function in replaced)
    assert [function.__module__ for function in originals()] == [f"{NAME}.{module}" for module, _, _ in REPLACED]
    assert not before or originals() == found
    assert sys.meta_path == finders


def originals() -> list[Any]:
    """Return what the copy has now at the places that the mock replaces."""
    return [getattr(getattr(import_module(f"{NAME}.{module}"), kind), name) for module, kind, name in REPLACED]


def test_exceptions_are_those_that_a_copy_expects() -> None:
    """What the network does instead of an answer is retried by the copy's own endpoint, as ever."""
    with mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.add_error("ConnectTimeoutError")
        create(client_of_the_copy())

    assert [call.error_code for call in cloudcontrol.calls] == ["ConnectTimeoutError", None]


def test_a_module_that_the_copy_doesnt_have() -> None:
    """A module that is missing is missing as ever."""
    with mock_cloudcontrol(), pytest.raises(ModuleNotFoundError, match=r"^No module named 'awscli\.botocore\.none'$"):
        import_module(f"{NAME}.none")


def test_finders_that_somebody_else_puts_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that restores Python's finders inside the mock doesn't hinder its end."""
    with mock_cloudcontrol() as cloudcontrol:
        monkeypatch.setattr(sys, "meta_path", sys.meta_path[1:])
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "orders"})

    assert [resource.identifier for resource in cloudcontrol.resources] == ["orders"]
