"""(d) A million requests: what a page, a poll and a step take then, and how large a request is.

The calls are made at the service, below botocore, whose own time would hide a difference.
"""

from __future__ import annotations

import gc
import itertools
import json
import time
import tracemalloc
from typing import TYPE_CHECKING, Final

from benchmarks.harness import Figure, seconds_each, seconds_of
from pytest_cloudcontrol import CloudControl, Options, mock_cloudcontrol
from pytest_cloudcontrol.backend import Backend
from pytest_cloudcontrol.transport.api_model import service_model
from pytest_cloudcontrol.transport.moto.services import MotoServices

if TYPE_CHECKING:
    from collections.abc import Callable

_TYPE: Final = "AWS::Logs::LogGroup"
_FEW: Final = 1_000
_MANY: Final = 1_000_000
_BATCH: Final = 1_000


def _answer(backend: Backend, operation: str, **members: object) -> None:
    body = json.dumps(members).encode()
    backend.answer(operation, body, backend.default_scope, is_retry=False)


def _filled(count: int) -> Backend:
    """Return a backend with so many finished requests and their resources."""
    backend = Backend(Options(auto_advance=False), service_model(), MotoServices("never entered"))
    cloudcontrol = CloudControl(backend)
    for start in range(0, count, _BATCH):
        for number in range(start, start + _BATCH):
            desired = json.dumps({"LogGroupName": f"app-{number:07}", "RetentionInDays": 7})
            _answer(backend, "CreateResource", TypeName=_TYPE, DesiredState=desired, ClientToken=f"token-{number}")
        cloudcontrol.run_until_idle(2 * _BATCH)
    return backend


def _page(backend: Backend) -> Callable[[], float]:
    def measure() -> float:
        CloudControl(backend).clock.advance(0)
        return seconds_of(lambda: _answer(backend, "ListResourceRequests"), 5)

    return measure


def _active_page(backend: Backend) -> Callable[[], float]:
    wanted = {"OperationStatuses": ["IN_PROGRESS", "FAILED"]}

    def measure() -> float:
        CloudControl(backend).clock.advance(0)
        return seconds_of(lambda: _answer(backend, "ListResourceRequests", ResourceRequestStatusFilter=wanted), 5)

    return measure


def _poll(backend: Backend) -> Callable[[], float]:
    tokens = itertools.cycle([request.request_token for request in CloudControl(backend).requests[:1000:50]])

    def measure() -> float:
        CloudControl(backend).clock.advance(0)
        return seconds_of(lambda: _answer(backend, "GetResourceRequestStatus", RequestToken=next(tokens)), 20)

    return measure


def _step(backend: Backend) -> Callable[[], float]:
    """Measure the steps of fresh creates, half of which end them."""
    numbers = itertools.count()

    def measure() -> float:
        for _ in range(10):
            desired = json.dumps({"LogGroupName": f"step-{next(numbers)}", "RetentionInDays": 7})
            _answer(backend, "CreateResource", TypeName=_TYPE, DesiredState=desired)
        requests = CloudControl(backend).requests[-10:]
        start = time.perf_counter()
        for request in requests:
            request.step()
            request.step()
        return (time.perf_counter() - start) / 20

    return measure


def _bytes_of_a_request() -> float:
    count = 5_000
    with mock_cloudcontrol(auto_advance=False) as cloudcontrol:
        client = cloudcontrol.client()
        client.create_resource(TypeName=_TYPE, DesiredState='{"LogGroupName": "first"}')
        cloudcontrol.run_until_idle()
        gc.collect()
        tracemalloc.start()
        for number in range(count):
            client.create_resource(
                TypeName=_TYPE, DesiredState=f'{{"LogGroupName": "app-{number:07}", "RetentionInDays": 7}}'
            )
        cloudcontrol.run_until_idle(3 * count)
        gc.collect()
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return size / count


def run() -> list[Figure]:
    """Measure few requests against many."""
    figures = [Figure("(d) a finished request with its resource and its call", _bytes_of_a_request() / 1024, 3, "KiB")]
    few, many = _filled(_FEW), _filled(_MANY)
    gc.freeze()  # a full collection walks all million requests; it belongs to none of the measured calls
    for name, make in (
        ("a ListResourceRequests page", _page),
        ("a page of the few that are IN_PROGRESS or FAILED", _active_page),
        ("a status poll", _poll),
        ("a step", _step),
    ):
        seconds = seconds_each({"few": make(few), "many": make(many)}, rounds=60)
        figures.append(Figure(f"(d) {name}, {_MANY:,} requests / {_FEW:,}", seconds.ratio("many", "few"), 1.5))
    return figures
