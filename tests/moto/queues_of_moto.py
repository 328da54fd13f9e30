"""Queues that are moto's, made by Cloud Control and seen by SQS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from resource_types import QUEUE

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

MOTO: Final = pytest.mark.cloudcontrol(provision="moto")


def create(client: CloudControlApiClient, type_name: str, **state: object) -> None:
    """Ask for a resource."""
    client.create_resource(TypeName=type_name, DesiredState=json.dumps(state))


def queues(**client_arguments: Any) -> list[str]:
    """Return the names of SQS's queues."""
    urls = boto3.client("sqs", **client_arguments).list_queues().get("QueueUrls", [])
    return [url.rpartition("/")[2] for url in urls]


def make(cloudcontrol: CloudControl, name: str = "orders") -> str:
    """Make a queue by Cloud Control, and return its identifier."""
    create(cloudcontrol.client(), QUEUE, QueueName=name)
    return str(cloudcontrol.requests[-1].run().identifier)
