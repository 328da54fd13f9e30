"""Code that tells its user what is wrong with a resource, as AWS says it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import boto3
import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_cloudcontrol import CloudControl

_PREFIX: Final = "Model validation failed ("


class Invalid(Exception):
    """AWS won't have a resource; the lines say why."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def deploy(path: Path) -> str:
    """Create the resource that a file describes, and return its identifier.

    This is the code under test.
    """
    described = json.loads(path.read_text(encoding="utf-8"))
    client = boto3.client("cloudcontrol")
    try:
        answer = client.create_resource(TypeName=described["Type"], DesiredState=json.dumps(described["Properties"]))
    except ClientError as error:
        message = error.response["Error"]["Message"]
        if not message.startswith(_PREFIX):
            raise
        raise Invalid(message.removeprefix(_PREFIX).removesuffix(")").split("\n")) from None
    token = answer["ProgressEvent"]["RequestToken"]
    client.get_waiter("resource_request_success").wait(RequestToken=token)
    return client.get_resource_request_status(RequestToken=token)["ProgressEvent"]["Identifier"]


def described(folder: Path, **properties: object) -> Path:
    """Write the description of a table, and return its file."""
    path = folder / "table.json"
    path.write_text(json.dumps({"Type": "AWS::DynamoDB::Table", "Properties": properties}), encoding="utf-8")
    return path


@pytest.mark.cloudcontrol
def test_a_table_is_deployed(tmp_path: Path) -> None:
    """A table with a name and a key is made."""
    key = {"KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}]}

    assert deploy(described(tmp_path, TableName="orders", **key)) == "orders"


def test_everything_wrong_is_told_at_once(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A missing key, a misspelt property and a value that isn't allowed have a line each, and nothing is made."""
    with pytest.raises(Invalid) as invalid:
        deploy(described(tmp_path, TableName="orders", Tag=[], DeletionProtectionEnabled="yes"))

    assert invalid.value.lines == [
        "#: required key [KeySchema] not found",
        "#: extraneous key [Tag] is not permitted",
        "#/DeletionProtectionEnabled: expected type: Boolean, found: String",
    ]
    assert len(cloudcontrol.requests) == 0
