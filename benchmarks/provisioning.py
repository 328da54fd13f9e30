"""(m) A queue's life through Cloud Control with moto behind it, against the same by SQS's own client under mock_aws."""

from __future__ import annotations

import json
from typing import Final

import boto3
from moto import mock_aws

from benchmarks.harness import Figure, seconds_each, seconds_of
from pytest_cloudcontrol import mock_cloudcontrol

_TYPE: Final = "AWS::SQS::Queue"
_STATE: Final = {"QueueName": "orders", "DelaySeconds": 3, "Tags": [{"Key": "team", "Value": "shop"}]}


def run() -> list[Figure]:
    """Measure the ratio."""
    taken = seconds_each({"through": _through_cloudcontrol, "native": _native}, rounds=9)
    ratio = taken.ratio("through", "native")
    return [
        Figure("(m) create, wait, read, delete of a queue: with moto behind / native calls", ratio, 3, "x"),
        Figure("(m) the same, in milliseconds", taken["through"] * 1000, 100, "ms"),
    ]


def _through_cloudcontrol() -> float:
    with mock_cloudcontrol(provision="moto") as cloudcontrol:
        client = cloudcontrol.client()

        def live() -> None:
            answer = client.create_resource(TypeName=_TYPE, DesiredState=json.dumps(_STATE))
            token = answer["ProgressEvent"]["RequestToken"]
            client.get_waiter("resource_request_success").wait(RequestToken=token)
            status = client.get_resource_request_status(RequestToken=token)
            identifier = status["ProgressEvent"]["Identifier"]
            client.get_resource(TypeName=_TYPE, Identifier=identifier)
            client.delete_resource(TypeName=_TYPE, Identifier=identifier)
            cloudcontrol.run_until_idle()

        live()
        return seconds_of(live, 10)


def _native() -> float:
    with mock_aws():
        client = boto3.client("sqs", region_name="us-east-1")

        def live() -> None:
            created = client.create_queue(QueueName="orders", Attributes={"DelaySeconds": "3"}, tags={"team": "shop"})
            url = created["QueueUrl"]
            client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
            client.list_queue_tags(QueueUrl=url)
            client.delete_queue(QueueUrl=url)

        live()
        return seconds_of(live, 10)
