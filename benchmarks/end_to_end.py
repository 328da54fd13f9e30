"""(g) A whole run of pytest: tests that create, wait and read here, against as many of moto's with a client each."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.harness import Figure, seconds_each

_TESTS: Final = 200
_HERE: Final = f"""
import json
import pytest

@pytest.mark.parametrize("number", range({_TESTS}))
def test_it(cloudcontrol, cloudcontrol_client, number):
    state = json.dumps({{"LogGroupName": f"app-{{number}}", "RetentionInDays": 7}})
    answer = cloudcontrol_client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState=state)
    waiter = cloudcontrol_client.get_waiter("resource_request_success")
    waiter.wait(RequestToken=answer["ProgressEvent"]["RequestToken"])
    found = cloudcontrol_client.get_resource(TypeName="AWS::Logs::LogGroup", Identifier=f"app-{{number}}")
    assert json.loads(found["ResourceDescription"]["Properties"])["RetentionInDays"] == 7
"""
_MOTO: Final = f"""
import boto3
import pytest
from moto import mock_aws

@pytest.mark.parametrize("number", range({_TESTS}))
def test_it(number):
    with mock_aws():
        client = boto3.client("logs", region_name="us-east-1")
        client.create_log_group(logGroupName=f"app-{{number}}")
        found = client.describe_log_groups(logGroupNamePrefix=f"app-{{number}}")
        assert [group["logGroupName"] for group in found["logGroups"]] == [f"app-{{number}}"]
"""


def run() -> list[Figure]:
    """Measure the runs."""
    with tempfile.TemporaryDirectory() as folder:
        here, moto = _written(folder, "here", _HERE), _written(folder, "moto", _MOTO)
        # What Python compiles is kept, as where users run: it is done in the first round, which isn't counted.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(folder, "compiled"))}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        # The plugins that this project is developed with are in no user's run: Hypothesis's imports take half a second.
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        seconds = seconds_each(
            {
                "here": lambda: _seconds(here, environment, "-p", "pytest_cloudcontrol"),
                "moto": lambda: _seconds(moto, environment),
            },
            rounds=5,
        )
    ratio = seconds.ratio("here", "moto")
    return [Figure(f"(g) {_TESTS} tests, a whole pytest / the same of moto's logs with a client each", ratio, 0.12)]


def _written(folder: str, name: str, tests: str) -> Path:
    place = Path(folder, name)
    place.mkdir()
    (place / "test_it.py").write_text(tests)
    return place


def _seconds(place: Path, environment: dict[str, str], *options: str) -> float:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "--rootdir", str(place)]
    start = time.perf_counter()
    printed = subprocess.run(command, check=True, capture_output=True, text=True, cwd=place, env=environment).stdout
    seconds = time.perf_counter() - start
    assert f"{_TESTS} passed" in printed, printed
    return seconds
