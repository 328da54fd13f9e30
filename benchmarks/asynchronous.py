"""(y) An asynchronous call, against the same call of a client whose answers are canned; where aiobotocore is installed.

As in (a) a handler of before-send gives the bytes that a socket would, while no mock is active.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import time
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from benchmarks.calls import CANNED_BODY, CANNED_EVENT, CANNED_HEADERS, TYPE
from benchmarks.harness import Figure, seconds_each
from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    Call = Callable[[], Awaitable[object]]

_CALLS: Final = 300
_STATE: Final = '{{"LogGroupName":"app{}","RetentionInDays":7}}'


class _Raw:
    """A response as aiobotocore reads it: aiohttp's or httpx's."""

    raw_headers: Final = [(name.encode(), value.encode()) for name, value in CANNED_HEADERS.items()]

    async def read(self) -> bytes:
        return CANNED_BODY

    aread = read


class _Canned:
    """Answers a client's calls with canned bytes, when it is on."""

    def __init__(self, client: Any) -> None:
        self.on = False
        self._response = import_module("aiobotocore.awsrequest").AioAWSResponse
        client.meta.events.register("before-send.cloudcontrol", self._answer)

    def _answer(self, **_: object) -> object:
        if not self.on:
            return None
        url = "https://cloudcontrolapi.us-east-1.amazonaws.com/"
        return self._response(url, 200, CANNED_HEADERS, _Raw())


def run() -> list[Figure]:
    """Measure the calls; without aiobotocore there are none."""
    if find_spec("aiobotocore") is None:
        return []
    with asyncio.Runner() as runner:
        session = import_module("aiobotocore.session").get_session()
        context = session.create_client(
            "cloudcontrol", region_name="us-east-1", aws_access_key_id="mocked", aws_secret_access_key="mocked"
        )
        client = runner.run(context.__aenter__())
        seconds = seconds_each(_subjects(runner, client, _Canned(client)), rounds=40)
        runner.run(context.__aexit__(None, None, None))
    return [
        Figure("(y) aiobotocore's get_resource_request_status / canned", seconds.ratio("poll", "canned poll"), 1),
        Figure("(y) aiobotocore's create_resource / canned", seconds.ratio("create", "canned create"), 1),
    ]


def _subjects(runner: asyncio.Runner, client: Any, canned: _Canned) -> dict[str, Callable[[], float]]:
    def poll(tokens: Iterator[str]) -> Call:
        return lambda: client.get_resource_request_status(RequestToken=next(tokens))

    def create() -> Call:
        numbers = itertools.count()
        return lambda: client.create_resource(TypeName=TYPE, DesiredState=_STATE.format(next(numbers)))

    def mocked_poll() -> float:
        with mock_cloudcontrol() as cloudcontrol:
            runner.run(_repeat(create(), 20))
            cloudcontrol.run_until_idle()
            tokens = itertools.cycle([request.request_token for request in cloudcontrol.requests])
            return runner.run(_repeat(poll(tokens)))

    def mocked_create() -> float:
        with mock_cloudcontrol():
            return runner.run(_repeat(create()))

    def canned_call(call: Call) -> float:
        canned.on = True
        try:
            return runner.run(_repeat(call))
        finally:
            canned.on = False

    token = str(CANNED_EVENT["ProgressEvent"]["RequestToken"])
    return {
        "poll": mocked_poll,
        "canned poll": lambda: canned_call(poll(itertools.repeat(token))),
        "create": mocked_create,
        "canned create": lambda: canned_call(create()),
    }


async def _repeat(call: Call, times: int = _CALLS) -> float:
    """Return the mean seconds of one call, as the harness measures those that aren't asynchronous."""
    gc.collect()
    start = time.perf_counter()
    for _ in range(times):
        await call()
    return (time.perf_counter() - start) / times
