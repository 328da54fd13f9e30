"""(a) A call, against the same call of a client whose answers are canned, and against moto's CreateLogGroup.

The canned client signs and parses as ever; a before-send handler gives the bytes that a socket would.
"""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Final

import boto3
from botocore.awsrequest import AWSResponse

from benchmarks.harness import Figure, seconds_each, seconds_of
from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from types_boto3_cloudcontrol import CloudControlApiClient

TYPE: Final = "AWS::Logs::LogGroup"
_CALLS: Final = 300  # enough for the collector to come several times
CANNED_EVENT: Final = {
    "ProgressEvent": {
        "TypeName": TYPE,
        "Identifier": "app",
        "RequestToken": "5f40c577-3534-4b20-9599-0b0123456789",
        "Operation": "CREATE",
        "OperationStatus": "SUCCESS",
        "EventTime": 1763921710.123,
    }
}
CANNED_BODY: Final = json.dumps(CANNED_EVENT, separators=(",", ":")).encode()
CANNED_HEADERS: Final = {
    "x-amzn-RequestId": "0b0a7f3c-3b0e-4c5b-9a57-0a1b2c3d4e5f",
    "Date": "Mon, 23 Nov 2026 18:15:10 GMT",
    "Content-Type": "application/x-amz-json-1.0",
    "Content-Length": str(len(CANNED_BODY)),
}


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        yield self._content


class _Canned:
    """A client whose calls a handler answers with canned bytes, when it is on."""

    def __init__(self) -> None:
        self.on = False
        session = boto3.Session(aws_access_key_id="mocked", aws_secret_access_key="mocked", region_name="us-east-1")
        self.client: CloudControlApiClient = session.client("cloudcontrol")
        # botocore-stubs has handlers that return nothing, but before-send's may answer.
        self.client.meta.events.register("before-send.cloudcontrol", self._answer)  # type: ignore[arg-type]

    def _answer(self, **_: object) -> AWSResponse | None:
        if not self.on:
            return None
        url = "https://cloudcontrolapi.us-east-1.amazonaws.com/"
        return AWSResponse(url, 200, CANNED_HEADERS, _Body(CANNED_BODY))  # type: ignore[arg-type]  # any mapping will do

    def seconds_of(self, call: Callable[[], object]) -> float:
        self.on = True
        try:
            return seconds_of(call, _CALLS)
        finally:
            self.on = False


def _create(client: CloudControlApiClient, numbers: Iterator[int]) -> Callable[[], object]:
    return lambda: client.create_resource(
        TypeName=TYPE, DesiredState=f'{{"LogGroupName":"app{next(numbers)}","RetentionInDays":7}}'
    )


def _poll(client: CloudControlApiClient, tokens: Iterator[str]) -> Callable[[], object]:
    return lambda: client.get_resource_request_status(RequestToken=next(tokens))


def _mocked_create(client: CloudControlApiClient) -> float:
    with mock_cloudcontrol():
        return seconds_of(_create(client, itertools.count()), _CALLS)


def _mocked_poll(client: CloudControlApiClient) -> float:
    with mock_cloudcontrol() as cloudcontrol:
        create = _create(client, itertools.count())
        for _ in range(20):
            create()
        cloudcontrol.run_until_idle()
        tokens = itertools.cycle([request.request_token for request in cloudcontrol.requests])
        return seconds_of(_poll(client, tokens), _CALLS)


def run() -> list[Figure]:
    """Measure the calls."""
    canned = _Canned()  # before moto is imported, so that moto's handler isn't among its own
    client = canned.client
    token = str(CANNED_EVENT["ProgressEvent"]["RequestToken"])
    seconds = seconds_each(
        {
            "poll": lambda: _mocked_poll(client),
            "canned poll": lambda: canned.seconds_of(_poll(client, itertools.repeat(token))),
            "create": lambda: _mocked_create(client),
            "canned create": lambda: canned.seconds_of(_create(client, itertools.count())),
        },
        rounds=40,
    )
    return [
        Figure("(a) get_resource_request_status / canned", seconds.ratio("poll", "canned poll"), 0.95),
        Figure("(a) create_resource / canned", seconds.ratio("create", "canned create"), 1),
        Figure("(a) create_resource / moto's logs.create_log_group", _against_moto(client), 0.65),
    ]


def _against_moto(client: CloudControlApiClient) -> float:
    from moto import mock_aws

    def moto_create() -> float:
        with mock_aws():
            logs = boto3.client("logs", region_name="us-east-1")
            logs.create_log_group(logGroupName="first")
            numbers = itertools.count()
            return seconds_of(lambda: logs.create_log_group(logGroupName=f"app{next(numbers)}"), _CALLS)

    seconds = seconds_each({"create": lambda: _mocked_create(client), "moto": moto_create}, rounds=20)
    return seconds.ratio("create", "moto")
