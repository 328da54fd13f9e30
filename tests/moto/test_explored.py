"""Explorations of programs whose resources are moto's: each run finds an empty moto."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError
from calls import wait
from moto import mock_aws
from resource_types import BUCKET

from pytest_cloudcontrol import ExplorationError, explore

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl


def deploy(cloudcontrol: CloudControl) -> None:
    """Create a bucket, and see by its own API that there is none but that."""
    client = cloudcontrol.client()
    names = []
    with suppress(BotoCoreError, ClientError):
        answer = client.create_resource(TypeName=BUCKET, DesiredState='{"BucketName": "orders"}')
        wait(client, answer["ProgressEvent"]["RequestToken"])
        names.append("orders")
    there = [bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]]
    assert names == there or (names == [] and there in ([], ["orders"]))


def test_every_run_has_its_own() -> None:
    """What one run has made the next doesn't find."""
    covered = explore(deploy, provision="moto")
    assert covered.runs == 14


def test_provision_inside() -> None:
    """So it is where the scenario itself says whose the resources are."""

    def scenario(cloudcontrol: CloudControl) -> None:
        cloudcontrol.provision("moto")
        deploy(cloudcontrol)

    assert explore(scenario, errors=()).runs == 8


def test_mock_inside() -> None:
    """A scenario may enter moto's mock by itself."""

    @mock_aws
    def scenario(cloudcontrol: CloudControl) -> None:
        deploy(cloudcontrol)

    assert explore(scenario, provision="moto", errors=()).runs == 8


@pytest.mark.parametrize("is_inside", [False, True])
def test_mock_outside(is_inside: bool) -> None:
    """Where the test itself holds moto's mock an exploration is refused: the runs would share what it has."""

    def scenario(cloudcontrol: CloudControl) -> None:
        if is_inside:
            cloudcontrol.provision("moto")
        deploy(cloudcontrol)

    with mock_aws(), pytest.raises(ExplorationError) as caught:
        explore(scenario, provision="memory" if is_inside else "moto")
    assert str(caught.value) == (
        "the test itself holds moto's mock, so that what one run has made there the next would find: leave out "
        "mock_aws(), which provision='moto' enters and makes anew for each run, or enter it in the scenario"
    )


def test_mock_outside_of_what_is_in_memory() -> None:
    """Where the resources are in memory moto's mock may be held: it is other services' affair."""

    def scenario(cloudcontrol: CloudControl) -> None:
        cloudcontrol.client().list_resource_requests()
        assert boto3.client("s3").list_buckets()["Buckets"] == []

    with mock_aws():
        assert explore(scenario, errors=()).runs == 1
