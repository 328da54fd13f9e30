"""(e) A waiter that polls 3,000 times waits out an operation of 10,000 handler calls, without a real sleep."""

from __future__ import annotations

import time
from unittest import mock

from benchmarks.harness import Figure
from pytest_cloudcontrol import mock_cloudcontrol


def run() -> list[Figure]:
    """Measure the wait."""
    with mock_cloudcontrol(max_steps=10_000) as cloudcontrol, mock.patch("time.sleep") as sleep:
        client = cloudcontrol.client()
        cloudcontrol.plan(steps=10_000)
        client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState='{"LogGroupName": "app"}')
        request = cloudcontrol.requests.last
        start = time.perf_counter()
        client.get_waiter("resource_request_success").wait(
            RequestToken=request.request_token, WaiterConfig={"MaxAttempts": 3_000}
        )
        seconds = time.perf_counter() - start
        steps, sleeps = request.steps, sleep.call_count
    return [
        Figure("(e) handler calls that the waiter left unmade, of 10,000", 10_000 - steps, 0),
        Figure("(e) real sleeps meanwhile", sleeps, 0),
        Figure("(e) the whole wait", seconds, 60, "s"),
    ]
