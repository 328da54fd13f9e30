"""provision="moto": how moto is entered, begun anew and left, and whose account it is."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from moto import mock_aws
from queues_of_moto import MOTO, create, make, queues
from resource_types import QUEUE

from pytest_cloudcontrol import CloudControl, OptionError, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def ours() -> Iterator[CloudControl]:
    """Activate the mock with moto."""
    with mock_cloudcontrol(provision="moto") as cloudcontrol:
        yield cloudcontrol


def test_left_with_the_mock() -> None:
    """After the mock moto is left, and what was there has gone."""
    with ours() as cloudcontrol:
        make(cloudcontrol)
    with mock_aws():
        assert queues(region_name="us-east-1") == []


def test_moto_entered_before() -> None:
    """What the test's own moto has is Cloud Control's, and stays when the mock is left."""
    with mock_aws():
        boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="before")
        with ours() as cloudcontrol:
            make(cloudcontrol)
            assert sorted(queues()) == ["before", "orders"]
            assert len(cloudcontrol.client().list_resources(TypeName=QUEUE)["ResourceDescriptions"]) == 2
        assert sorted(queues(region_name="us-east-1")) == ["before", "orders"]


def test_moto_entered_inside() -> None:
    """Moto entered and left inside the mock is the same, and leaves what is there."""
    with ours() as cloudcontrol:
        make(cloudcontrol)
        with mock_aws():
            assert queues() == ["orders"]
        make(cloudcontrol, "then")
        assert queues() == ["orders", "then"]


@mock_aws
@MOTO
def test_moto_as_a_decorator(cloudcontrol: CloudControl) -> None:
    """Moto's decorator is entered after the fixture, and left before it."""
    make(cloudcontrol)
    assert queues() == ["orders"]


@mock_aws
@mock_cloudcontrol(provision="moto")
def test_both_as_decorators() -> None:
    """Moto's decorator outside ours."""
    boto3.client("sqs").create_queue(QueueName="theirs")
    client = boto3.client("cloudcontrol")
    assert len(client.list_resources(TypeName=QUEUE)["ResourceDescriptions"]) == 1


def test_left_crosswise() -> None:
    """The test's own moto may be left before the mock, though it was entered before."""
    with ExitStack() as last:
        with ExitStack() as first:
            first.enter_context(mock_aws())
            cloudcontrol = last.enter_context(ours())
            make(cloudcontrol)
        assert cloudcontrol.requests[-1].status == "SUCCESS"


@pytest.fixture
def moto_of_a_fixture() -> Iterator[None]:
    """Enter moto in a fixture."""
    with mock_aws():
        yield


@MOTO
def test_moto_as_a_fixture(cloudcontrol: CloudControl, moto_of_a_fixture: None) -> None:  # noqa: ARG001
    """Moto entered by a fixture, after ours."""
    make(cloudcontrol)
    assert queues() == ["orders"]


def test_client_made_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client made before the mock meets the same moto."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "-")
    sqs = boto3.session.Session().client("sqs", region_name="us-east-1")
    with ours() as cloudcontrol:
        make(cloudcontrol)
        assert len(sqs.list_queues()["QueueUrls"]) == 1


def test_moto_is_not_imported_without_it() -> None:
    """Who doesn't ask for moto doesn't import it."""
    code = """if True:
        import sys
        from pytest_cloudcontrol import mock_cloudcontrol
        with mock_cloudcontrol() as cloudcontrol:
            cloudcontrol.client().create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            cloudcontrol.requests.last.run()
        print([name for name in sys.modules if name.partition(".")[0] == "moto"])
        """
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert printed == "[]\n"


def test_moto_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where moto isn't, the error has the line that installs it."""
    monkeypatch.setitem(sys.modules, "moto.core.models", None)
    monkeypatch.delitem(sys.modules, "pytest_cloudcontrol.transport.moto.private", raising=False)
    monkeypatch.delattr("pytest_cloudcontrol.transport.moto.private", raising=False)
    with pytest.raises(OptionError, match=r"pip install 'pytest-cloudcontrol\[moto\]'"):
        mock_cloudcontrol(provision="moto").__enter__()


# Reset, seed, account, region


@MOTO
def test_reset(cloudcontrol: CloudControl) -> None:
    """A reset begins moto anew, too."""
    make(cloudcontrol)
    cloudcontrol.reset()
    assert queues() == []
    make(cloudcontrol)
    assert queues() == ["orders"]


def test_reset_within_the_tests_own_moto() -> None:
    """Where the test holds moto's mock, a reset leaves it: entered before, or after."""
    with mock_aws(), ours() as cloudcontrol:
        make(cloudcontrol)
        cloudcontrol.reset()
        assert queues() == ["orders"]
    with ours() as cloudcontrol:
        make(cloudcontrol)
        with mock_aws():
            cloudcontrol.reset()
            assert queues() == ["orders"]


IDS: Final = """
import sys
from pytest_cloudcontrol import mock_cloudcontrol
for seed in sys.argv[1]:
    with mock_cloudcontrol(provision="moto", seed=seed) as cloudcontrol:
        for _ in range(2):
            client = cloudcontrol.client()
            client.create_resource(TypeName="AWS::SecretsManager::Secret", DesiredState='{"Name": "key"}')
            print(cloudcontrol.requests.last.run().identifier)
            cloudcontrol.reset()
"""


def test_ids_are_of_the_seed() -> None:
    """In a process of its own the same seed gives the same ids, also after a reset; another one gives others."""
    command = [sys.executable, "-c", IDS, "aab"]
    ids = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert ids[0].startswith("arn:aws:secretsmanager:us-east-1:123456789012:secret:key-")
    assert ids[0] == ids[1] == ids[2] == ids[3] != ids[4] == ids[5]


def test_account_and_region() -> None:
    """The account and region of a call are those of moto's resource, and of every client with the same key."""
    with mock_cloudcontrol(provision="moto", account_id="111111111111", region="eu-west-1") as cloudcontrol:
        url = make(cloudcontrol)
        assert url == "https://sqs.eu-west-1.amazonaws.com/111111111111/orders"
        assert queues() == ["orders"]
        other = cloudcontrol.client(account_id="222222222222", region_name="eu-west-2", aws_access_key_id="AKIAOTHER")
        create(other, QUEUE, QueueName="elsewhere")
        assert cloudcontrol.requests[-1].run().identifier == (
            "https://sqs.eu-west-2.amazonaws.com/222222222222/elsewhere"
        )
        assert queues() == ["orders"]
        there = cloudcontrol.scope("222222222222", "eu-west-2")
        keys = {"aws_access_key_id": "AKIAOTHER", "aws_secret_access_key": "-"}
        assert queues(region_name="eu-west-2", **keys) == ["elsewhere"]
        assert QUEUE in [found.type_name for found in there.resources]


@pytest.mark.parametrize(
    ("region", "website", "domain"),
    [
        ("eu-west-1", "s3-website-eu-west-1", "amazonaws.com"),
        ("eu-central-1", "s3-website.eu-central-1", "amazonaws.com"),
        ("cn-north-1", "s3-website.cn-north-1", "amazonaws.com.cn"),
    ],
)
def test_addresses_of_a_region(region: str, website: str, domain: str) -> None:
    """Addresses end in the domain of the region's partition, and older regions' websites have a dash."""
    with mock_cloudcontrol(provision="moto", region=region) as cloudcontrol:
        url = f"https://sqs.{region}.{domain}/123456789012/orders"
        assert [make(cloudcontrol), make(cloudcontrol)] == [url, url]
        words = f"Resource of type '{QUEUE}' with identifier '{url}' already exists."
        assert cloudcontrol.requests[-1].status_message == words
        bucket = cloudcontrol.resources.put("AWS::S3::Bucket", {"BucketName": "our-pictures"})
        shown = cloudcontrol.resources.get("AWS::S3::Bucket", bucket) or {}
    assert [shown[name] for name in ("DomainName", "RegionalDomainName", "DualStackDomainName", "WebsiteURL")] == [
        f"our-pictures.s3.{domain}",
        f"our-pictures.s3.{region}.{domain}",
        f"our-pictures.s3.dualstack.{region}.{domain}",
        f"http://our-pictures.{website}.{domain}",
    ]


def test_keys_of_motos_sts() -> None:
    """A key that moto's STS has handed out is of its account for Cloud Control, too."""
    with ours() as cloudcontrol:
        assumed = boto3.client("sts").assume_role(RoleArn="arn:aws:iam::333333333333:role/r", RoleSessionName="session")
        keys = assumed["Credentials"]
        given: dict[str, Any] = {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"],
        }
        create(boto3.client("cloudcontrol", **given), QUEUE, QueueName="there")
        assert cloudcontrol.requests[-1].run().account_id == "333333333333"
        assert queues(**given) == ["there"]
        assert queues() == []
