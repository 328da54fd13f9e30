"""(b) What a test pays for the fixture and for a client, and (c) what pytest pays for the plugin."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import boto3

from benchmarks.harness import Figure, Taken, seconds_each, seconds_of
from pytest_cloudcontrol import Options, mock_cloudcontrol
from pytest_cloudcontrol.activation import activated

if TYPE_CHECKING:
    ServiceName: TypeAlias = Literal["cloudcontrol", "s3", "logs", "dynamodb", "ec2"]

_IMPORT: Final = """
import pytest, time
start = time.perf_counter()
import pytest_cloudcontrol
print((time.perf_counter() - start) * 1000)
"""
_SERVICES: Final[tuple[ServiceName, ...]] = ("cloudcontrol", "s3", "logs", "dynamodb", "ec2")
_HEAVY: Final = ("boto3", "botocore", "jsonpatch", "moto")
_CONFTEST: Final = f"""
import sys
def pytest_sessionfinish():
    print("loaded:", [name for name in {_HEAVY!r} if name in sys.modules])
"""


def run() -> list[Figure]:
    """Measure the costs."""
    with mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.client()
        client = seconds_each({"client": lambda: seconds_of(cloudcontrol.client, 10)}, rounds=15)["client"]
    clients = _default_clients()
    fixture = seconds_each({"fixture": lambda: seconds_of(_activate, 20)}, rounds=15)["fixture"]
    imports = [float(_python("-c", _IMPORT)) for _ in range(15)]
    return [
        Figure("(b) fixture set-up and tear-down, after the first", fixture * 1000, 2, "ms"),
        Figure("(b) cloudcontrol.client(), after the first", client * 1000, 3, "ms"),
        *(Figure(f"(b) boto3.client({name!r}), after the first", clients[name] * 1000, 10, "ms") for name in _SERVICES),
        Figure("(c) importing the plugin's module", median(imports), 10, "ms"),
        Figure("(c) botocore, boto3, moto, jsonpatch loaded after --collect-only", _loaded_after_collection(), 0),
    ]


def _default_clients() -> Taken:
    """Return the seconds that a client takes of the default session, which each test has anew, by the service."""
    return seconds_each({name: partial(_default_client, name) for name in _SERVICES}, rounds=30)


def _default_client(service: ServiceName) -> float:
    with mock_cloudcontrol():
        return seconds_of(partial(boto3.client, service), 1)


def _activate() -> None:
    with activated(Options(), "the benchmark"):
        pass


def _loaded_after_collection() -> int:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "conftest.py").write_text(_CONFTEST)
        Path(folder, "test_it.py").write_text("def test_it(cloudcontrol): pass\n")
        printed = _python("-m", "pytest", "--collect-only", "-q", "--rootdir", folder, folder)
    loaded = next(line for line in printed.splitlines() if line.startswith("loaded:"))
    return sum(name in loaded for name in _HEAVY)


def _python(*arguments: str) -> str:
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True).stdout
