"""What isn't Cloud Control is answered by moto, on the same port."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from over_http import Connection, create

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

    from pytest_cloudcontrol import CloudControl


SIGNED_FOR_S3 = {"Authorization": "AWS4-HMAC-SHA256 Credential=a/20300101/us-east-1/s3/aws4_request"}


@pytest.fixture
def s3(served: str) -> S3Client:
    """Give a client of S3 at the server of another process."""
    return boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url=served,
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.mark.slow
def test_s3(s3: S3Client) -> None:
    """Buckets and objects are kept, whatever their keys and as large as they are."""
    s3.create_bucket(Bucket="files")
    content, key = bytes(range(256)) * 8192, "a folder/ä+&?=%20"
    s3.put_object(Bucket="files", Key=key, Body=content)

    assert s3.get_object(Bucket="files", Key=key)["Body"].read() == content
    assert [one["Key"] for one in s3.list_objects_v2(Bucket="files", Prefix="a f")["Contents"]] == [key]
    assert "Contents" not in s3.list_objects_v2(Bucket="files", Prefix="x/cloudcontrolapi/cloudapiservice")


@pytest.mark.slow
def test_anonymous_calls(served: str) -> None:
    """Calls without a signature pass to moto."""
    with closing(Connection(served)) as connection:
        connection.request("GET", "/moto-api/data.json")
        answer = connection.getresponse()
        answer.read()

    assert answer.status == 200


@pytest.mark.slow
@pytest.mark.cloudcontrol(provision="moto")
def test_the_same_bucket(connection: Connection) -> None:
    """With provision="moto" S3 has the bucket that Cloud Control has made."""
    members = {"TypeName": "AWS::S3::Bucket", "DesiredState": json.dumps({"BucketName": "files"})}
    connection.call("CreateResource", {**members})
    connection.ask("POST", "run-until-idle")
    connection.request(
        "GET", "/", headers={"Authorization": "AWS4-HMAC-SHA256 Credential=a/20300101/us-east-1/s3/aws4_request"}
    )

    assert b"<Name>files</Name>" in connection.getresponse().read()


@pytest.mark.slow
def test_a_test_leaves_nothing_there(connection: Connection, cloudcontrol: CloudControl) -> None:
    """What a test has made in other services goes with it, or with a reset."""
    connection.request("PUT", "/files", headers=SIGNED_FOR_S3)
    connection.getresponse().read()
    cloudcontrol.reset()
    connection.request("GET", "/", headers=SIGNED_FOR_S3)

    assert b"<Name>files</Name>" not in connection.getresponse().read()


def test_without_motos_server(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where what moto's server needs isn't installed, it says so; Cloud Control is answered all the same."""
    monkeypatch.setitem(sys.modules, "moto.moto_server.werkzeug_app", None)
    status, words = connection.ask("GET", "/bucket").problem

    assert status == 501
    assert words.startswith("everything but Cloud Control is answered by moto's server, and what that needs isn't")
    assert words.endswith("pip install 'pytest-cloudcontrol[server]'")
    create(connection)


@pytest.mark.slow
def test_where_moto_breaks(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """What moto raises is told, and the server goes on."""

    def broken(*_: object) -> None:
        raise KeyError("orders")

    monkeypatch.setattr("moto.moto_server.werkzeug_app.DomainDispatcherApplication.get_application", broken)

    assert connection.ask("GET", "/bucket").problem == (500, "moto broke: KeyError: 'orders'")
    assert connection.ask("GET", "health").status == 200
