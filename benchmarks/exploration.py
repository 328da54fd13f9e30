"""(x) Exploring, against the same calls without; two surprises in a program of ten calls; and memory."""

from __future__ import annotations

import gc
import json
import time
import tracemalloc
from typing import TYPE_CHECKING, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from benchmarks.harness import Figure, seconds_each
from pytest_cloudcontrol import explore, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

_APPLICATION: Final = [
    ("AWS::Logs::LogGroup", {"LogGroupName": "shop"}),
    ("AWS::SSM::Parameter", {"Name": "/shop/log", "Type": "String", "Value": "shop"}),
]
_RUNS: Final = 40
_LEVEL_TWO: Final = 15.0
_MANY: Final = 10_000
_FEW: Final = 1_000
_OTHERS: Final = 141
"""With one call these are 141 schedules with one surprise, and 9,870 with two."""
_MOST: Final = 11_000


def _create(client: CloudControlApiClient, type_name: str, state: dict[str, str]) -> None:
    answer = client.create_resource(TypeName=type_name, DesiredState=json.dumps(state))
    client.get_waiter("resource_request_success").wait(RequestToken=answer["ProgressEvent"]["RequestToken"])


def _deploy(cloudcontrol: CloudControl) -> None:  # noqa: ARG001  # a scenario takes it
    client = boto3.client("cloudcontrol")
    for type_name, state in _APPLICATION:
        _create(client, type_name, state)


def _explored() -> float:
    """Return the seconds of one run, where the surprises do nothing, so that all runs are the plain one."""
    nothings = [_nothing(number) for number in range(_RUNS // 6)]
    start = time.perf_counter()
    explored = explore(
        _deploy, cancels=False, failures=(), errors=(), moves=False, interleavings=False, others=nothings
    )
    return (time.perf_counter() - start) / (explored.runs + 1)  # the plain run is made twice


def _nothing(number: int) -> Callable[[CloudControl], object]:
    def nothing(cloudcontrol: CloudControl) -> None:
        pass

    nothing.__name__ = f"nothing_{number}"
    return nothing


def _reset() -> float:
    """Return the seconds of the same calls in a mock that is reset before each run."""
    with mock_cloudcontrol() as cloudcontrol:
        start = time.perf_counter()
        for _ in range(_RUNS):
            cloudcontrol.reset()
            _deploy(cloudcontrol)
        return (time.perf_counter() - start) / _RUNS


def _ten_calls(cloudcontrol: CloudControl) -> None:
    """Make ten calls, and have three requests worked off in six steps in all."""
    client = cloudcontrol.client()
    try:
        for name in ("one", "two", "three"):
            cloudcontrol.plan(steps=2)
            state = {"LogGroupName": name}
            answer = client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState=json.dumps(state))
            client.get_waiter("resource_request_success").wait(RequestToken=answer["ProgressEvent"]["RequestToken"])
        client.list_resources(TypeName="AWS::Logs::LogGroup")
    except (BotoCoreError, ClientError):
        pass


def _memory() -> float:
    """Return the bytes that one run leaves, in the mean, between the thousandth and the ten thousandth."""
    sizes: dict[int, int] = {}
    made = 0

    def one_call(cloudcontrol: CloudControl) -> None:
        nonlocal made
        made += 1
        if made in (_FEW, _MANY):
            gc.collect()  # clients that are garbage, but not collected yet, are no growth
            sizes[made] = tracemalloc.get_traced_memory()[0]
        cloudcontrol.client().list_resource_requests()

    nothings = [_nothing(number) for number in range(_OTHERS)]
    tracemalloc.start()
    explore(one_call, surprises=2, cancels=False, failures=(), errors=(), moves=False, others=nothings, max_runs=_MOST)
    tracemalloc.stop()
    return (sizes[_MANY] - sizes[_FEW]) / (_MANY - _FEW)


def run() -> list[Figure]:
    """Measure explorations."""
    seconds = seconds_each({"explored": _explored, "reset": _reset}, rounds=7)
    start = time.perf_counter()
    explored = explore(_ten_calls, surprises=2)
    level_two = time.perf_counter() - start
    return [
        Figure("(x) a run of an exploration / the same calls without", seconds.ratio("explored", "reset"), 1.3),
        Figure(f"(x) all {explored.runs} schedules with two surprises, ten calls", level_two, _LEVEL_TWO, "s"),
        Figure("(x) what a run leaves in memory", _memory(), 200, "B"),
    ]
