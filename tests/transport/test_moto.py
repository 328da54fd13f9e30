"""Together with moto: its services answer as ever, Cloud Control is answered here, whichever was entered first."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeAlias

import boto3
import pytest
from calls import create, shown, wait
from moto import mock_aws
from resource_types import BUCKET, LOG_GROUP

from pytest_cloudcontrol import CloudControl, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from types_boto3_cloudcontrol import CloudControlApiClient

    Mock: TypeAlias = Callable[[], AbstractContextManager[object]]

REGION = "us-east-1"
ORDERS = pytest.mark.parametrize(
    ("outer", "inner"),
    [
        pytest.param(mock_aws, mock_cloudcontrol, id="moto entered first"),
        pytest.param(mock_cloudcontrol, mock_aws, id="Cloud Control entered first"),
    ],
)


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no default session, and let nothing of the environment outlive a test that leaves the mocks crosswise."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "of-the-machine-1")


def buckets() -> list[str]:
    """Make a bucket by moto's S3, and return the names of all there are."""
    s3 = boto3.client("s3", region_name=REGION)
    s3.create_bucket(Bucket="moto-has-this")
    return [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


def arn_of_new(client: CloudControlApiClient, name: str = "orders") -> str:
    """Make a log group by Cloud Control, wait for it, and return its Arn."""
    wait(client, create(client, name))
    arn = shown(client, LOG_GROUP, name)["Arn"]
    assert isinstance(arn, str)
    return arn


ARN = "arn:aws:logs:us-east-1:123456789012:log-group:orders:*"


@ORDERS
def test_both_answer(outer: Mock, inner: Mock) -> None:
    """S3 is moto's and Cloud Control is ours in one block, in either order of entering."""
    with outer(), inner():
        assert buckets() == ["moto-has-this"]
        assert arn_of_new(boto3.client("cloudcontrol", region_name=REGION)) == ARN


@ORDERS
def test_client_made_before_both(outer: Mock, inner: Mock) -> None:
    """A Cloud Control client made before either mock is ours inside both."""
    client = boto3.client("cloudcontrol", region_name=REGION, aws_access_key_id="AKIA", aws_secret_access_key="-")
    with outer(), inner():
        assert arn_of_new(client) == ARN


@ORDERS
def test_client_made_between(outer: Mock, inner: Mock) -> None:
    """A Cloud Control client made in the outer mock is ours in the inner one."""
    with outer():
        client = boto3.client("cloudcontrol", region_name=REGION)
        with inner():
            assert arn_of_new(client) == ARN


def test_moto_goes_on_after_cloudcontrol() -> None:
    """When the inner Cloud Control is left, moto's S3 still answers, with what was made meanwhile."""
    with mock_aws():
        with mock_cloudcontrol():
            buckets()
            arn_of_new(boto3.client("cloudcontrol"))
        s3 = boto3.client("s3", region_name=REGION)
        assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["moto-has-this"]


def test_cloudcontrol_goes_on_after_moto() -> None:
    """When the inner moto is left, Cloud Control still answers, with what was made meanwhile."""
    with mock_cloudcontrol() as cloudcontrol:
        with mock_aws():
            arn_of_new(boto3.client("cloudcontrol"))
        client = boto3.client("cloudcontrol")
        assert client.get_resource(TypeName=LOG_GROUP, Identifier="orders")["TypeName"] == LOG_GROUP
        arn_of_new(client, "more")
        assert len(cloudcontrol.requests) == 2


@ORDERS
def test_left_in_the_order_of_entering(outer: Mock, inner: Mock) -> None:
    """The one that was entered last still answers when the other has been left first."""
    with ExitStack() as last:
        with ExitStack() as first:
            first.enter_context(outer())
            last.enter_context(inner())
        if inner is mock_aws:
            assert buckets() == ["moto-has-this"]
        else:
            assert arn_of_new(boto3.client("cloudcontrol", region_name=REGION)) == ARN


@ORDERS
def test_environment_is_put_back(outer: Mock, inner: Mock) -> None:
    """After both, the environment is as before, and there is no default session."""
    before = dict(os.environ)
    with outer(), inner():
        buckets()
        arn_of_new(boto3.client("cloudcontrol"))
    assert dict(os.environ) == before
    assert boto3.DEFAULT_SESSION is None


@mock_aws
def test_moto_as_a_decorator(cloudcontrol_client: CloudControlApiClient) -> None:
    """The fixture and moto's decorator go together."""
    assert buckets() == ["moto-has-this"]
    assert arn_of_new(cloudcontrol_client) == ARN


@mock_cloudcontrol()
@mock_aws
def test_both_as_decorators() -> None:
    """Both decorators go together, ours outside."""
    assert buckets() == ["moto-has-this"]
    assert arn_of_new(boto3.client("cloudcontrol")) == ARN


@mock_aws
@mock_cloudcontrol()
def test_both_as_decorators_the_other_way() -> None:
    """Both decorators go together, moto's outside."""
    assert buckets() == ["moto-has-this"]
    assert arn_of_new(boto3.client("cloudcontrol")) == ARN


def test_each_knows_nothing_of_the_other(cloudcontrol: CloudControl) -> None:
    """A bucket of moto's isn't Cloud Control's, nor the other way about."""
    client = boto3.client("cloudcontrol")
    with mock_aws():
        buckets()
        answer = client.create_resource(TypeName=BUCKET, DesiredState='{"BucketName": "ours"}')
        cloudcontrol.request(answer["ProgressEvent"]["RequestToken"]).run()
        listed = client.list_resources(TypeName=BUCKET)["ResourceDescriptions"]
        assert [description["Identifier"] for description in listed] == ["ours"]
        s3 = boto3.client("s3", region_name=REGION)
        assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["moto-has-this"]


def test_moto_left_first_has_put_back_what_it_found() -> None:
    """What moto, entered before and left before Cloud Control, has put back is there after both."""
    boto3.setup_default_session(region_name=REGION)
    variables, session = dict(os.environ), boto3.DEFAULT_SESSION
    moto = mock_aws()
    moto.start()
    with mock_cloudcontrol():
        buckets()
        arn_of_new(boto3.client("cloudcontrol"))
        moto.stop()
    assert dict(os.environ) == variables
    assert boto3.DEFAULT_SESSION is session


def test_moto_around_the_mock_of_a_test_case(pytester: pytest.Pytester) -> None:
    """A TestCase that starts moto in setUp and stops it in tearDown has its environment back, though ours ends last."""
    pytester.makepyfile(
        """
        import os
        import unittest

        import boto3
        from moto import mock_aws

        from pytest_cloudcontrol import mock_cloudcontrol

        BEFORE = dict(os.environ)

        class BothTest(unittest.TestCase):
            def setUp(self):
                self.moto = mock_aws()
                self.moto.start()
                self.enterContext(mock_cloudcontrol())

            def tearDown(self):
                self.moto.stop()

            def test_both(self):
                boto3.client("s3").create_bucket(Bucket="motos")
                boto3.client("cloudcontrol").create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")

        def test_after():
            for environment in (BEFORE, os.environ):
                environment.pop("PYTEST_CURRENT_TEST", None)
            assert os.environ == BEFORE
            assert boto3.DEFAULT_SESSION is None
        """
    )

    result = pytester.runpytest("-p", "no:randomly")

    result.assert_outcomes(passed=2)
