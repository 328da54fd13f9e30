"""(h) A step of a handler that a test has written, against one of the default handler."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from benchmarks.harness import Figure, seconds_each
from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol import CloudControl, HandlerRequest

_TYPE: Final = "AWS::Logs::LogGroup"
_REQUESTS: Final = 50
_STEPS: Final = 10


def _create(request: HandlerRequest) -> Iterator[None]:
    """Do what the default handler does of a create without properties: make it at first, and then only look."""
    request.identifier = request.resources.put(_TYPE, request.desired_state)
    for _ in range(_STEPS - 1):
        yield None


def _steps(cloudcontrol: CloudControl) -> float:
    """Return the seconds that one step takes in the mean."""
    cloudcontrol.plan(steps=_STEPS)
    client = cloudcontrol.client()
    for number in range(_REQUESTS):
        client.create_resource(TypeName=_TYPE, DesiredState=f'{{"LogGroupName":"app{number}"}}')
    start = time.perf_counter()
    made = cloudcontrol.run_until_idle()
    return (time.perf_counter() - start) / made


def _default() -> float:
    with mock_cloudcontrol() as cloudcontrol:
        return _steps(cloudcontrol)


def _written() -> float:
    with mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.add_handler(_TYPE, create=_create)
        return _steps(cloudcontrol)


def run() -> list[Figure]:
    """Measure the steps."""
    seconds = seconds_each({"default": _default, "written": _written}, rounds=20)
    ratio = seconds.ratio("written", "default")
    return [Figure("(h) a generator handler's step / the default handler's", ratio, 2)]
