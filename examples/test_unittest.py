"""The mock without its fixture: in unittest, and in any code that isn't a pytest test."""

from __future__ import annotations

import json
import unittest
from datetime import UTC, datetime

import boto3

from pytest_cloudcontrol import mock_cloudcontrol


class LogGroupTest(unittest.TestCase):
    """A test case of the standard library."""

    def setUp(self) -> None:
        """Activate a mock for each test; it ends with the test."""
        self.cloudcontrol = self.enterContext(mock_cloudcontrol(start=datetime(2030, 1, 1, tzinfo=UTC)))
        self.client = boto3.client("cloudcontrol")

    def test_a_log_group_is_made(self) -> None:
        """The request succeeds at an instant that the mock clock tells."""
        self.client.create_resource(
            TypeName="AWS::Logs::LogGroup", DesiredState=json.dumps({"LogGroupName": "app", "RetentionInDays": 7})
        )

        self.cloudcontrol.requests.last.run()

        last_event = self.cloudcontrol.requests.last.events[-1]
        assert last_event.operation_status == "SUCCESS"
        assert last_event.event_time == datetime(2030, 1, 1, 0, 0, 1, 200_000, tzinfo=UTC)


@mock_cloudcontrol(region="eu-west-1")
def test_a_decorated_function_has_a_mock_of_its_own() -> None:
    """The region is the mock's, whatever the machine's settings are."""
    client = boto3.client("cloudcontrol")

    assert client.meta.region_name == "eu-west-1"
    assert client.list_resources(TypeName="AWS::S3::Bucket")["ResourceDescriptions"] == []
