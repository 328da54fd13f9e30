"""What the tests of the plugin's own behaviour share: their inner test runs know no AWS but the mocked one."""

from __future__ import annotations

import importlib.metadata

import boto3
import hypothesis  # noqa: F401  # its plugin would import it at the end of every inner run
import pytest

from pytest_cloudcontrol import mock_cloudcontrol


@pytest.fixture(scope="session", autouse=True)
def everything_imported() -> None:
    """Import what a mock needs before the first inner run: pytester forgets modules that an inner run has imported."""
    with mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.client().list_resource_requests()


@pytest.fixture
def every_plugin() -> None:
    """Let a test's inner runs in this process find every installed plugin."""


@pytest.fixture(autouse=True)
def only_this_plugin(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let inner runs find this plugin's entry point only: all the others would take most of their time."""
    if "every_plugin" not in request.fixturenames:
        found = [importlib.metadata.distribution("pytest-cloudcontrol")]
        monkeypatch.setattr(importlib.metadata, "distributions", lambda: found)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no default session, and nothing that says which plugins pytest loads."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    for name in ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_PLUGINS"):
        monkeypatch.delenv(name, raising=False)
