"""Resources that are moto's, as a test places, replaces, removes, dumps and loads them itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import boto3
import pytest
from queues_of_moto import MOTO
from resource_types import LOG_GROUP, QUEUE, VPC

from pytest_cloudcontrol import OptionError, mock_cloudcontrol

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_cloudcontrol import CloudControl

KEY: Final = "AWS::KMS::Key"
SUBNET: Final = "AWS::EC2::Subnet"
INSTANCE: Final = "AWS::EC2::Instance"
KINDS: Final = (VPC, SUBNET, "AWS::EC2::SecurityGroup", INSTANCE, QUEUE)


@MOTO
def test_put_replaces_and_dump_loads(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A put replaces, and what was dumped can be loaded again."""
    resources = cloudcontrol.resources
    for seconds in (3, 4):
        identifier = resources.put(QUEUE, {"QueueName": "orders", "DelaySeconds": seconds})
    read = resources.get(QUEUE, identifier)
    assert read is not None
    assert read["DelaySeconds"] == 4
    resources.put(LOG_GROUP, {"LogGroupName": "app", "RetentionInDays": 7})
    before = list(resources)
    resources.dump(tmp_path / "resources.json")
    resources.delete(LOG_GROUP, "app")
    resources.delete(QUEUE, identifier)
    resources.load(tmp_path / "resources.json")
    assert list(resources) == before
    assert resources.get(QUEUE, "https://sqs.us-east-1.amazonaws.com/123456789012/none") is None


@MOTO
def test_hand_that_moto_refuses(cloudcontrol: CloudControl) -> None:
    """What can't be placed or removed is refused."""
    with pytest.raises(OptionError, match="False for AWS::SQS::Queue, whose resources are moto's"):
        cloudcontrol.resources.put(QUEUE, {"QueueName": "a"}, as_read=True)
    with pytest.raises(OptionError, match="an existing AWS::SQS::Queue; there are: none"):
        cloudcontrol.resources.delete(QUEUE, "https://sqs.us-east-1.amazonaws.com/123456789012/none")


@MOTO
def test_refused_put_leaves_what_was_there(cloudcontrol: CloudControl) -> None:
    """A put that moto refuses leaves the resource that was there as it was, with all that is in it."""
    resources, sqs = cloudcontrol.resources, boto3.client("sqs")
    url = resources.put(QUEUE, {"QueueName": "orders", "DelaySeconds": 3, "VisibilityTimeout": 7})
    sqs.send_message(QueueUrl=url, MessageBody="one", DelaySeconds=0)
    before = resources.get(QUEUE, url)
    nowhere = {"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:none", "maxReceiveCount": 3}

    with pytest.raises(OptionError, match=r"expected what moto takes \(InvalidRequest: Could not find DLQ"):
        resources.put(QUEUE, {"QueueName": "orders", "DelaySeconds": 4, "RedrivePolicy": nowhere})
    with pytest.raises(OptionError, match=r"moto can change of a AWS::SQS::Queue \(InvalidRequest: Could not find DLQ"):
        resources.update(QUEUE, url, {"DelaySeconds": 4, "RedrivePolicy": nowhere})

    assert resources.get(QUEUE, url) == before
    assert [message["Body"] for message in sqs.receive_message(QueueUrl=url)["Messages"]] == ["one"]


@MOTO
def test_put_keeps_what_is_in_a_resource(cloudcontrol: CloudControl) -> None:
    """A put over a queue changes it, and its messages stay."""
    url = cloudcontrol.resources.put(QUEUE, {"QueueName": "orders"})
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody="one")
    cloudcontrol.resources.put(QUEUE, {"QueueName": "orders", "VisibilityTimeout": 7})
    received = boto3.client("sqs").receive_message(QueueUrl=url)["Messages"]
    assert [message["Body"] for message in received] == ["one"]


@MOTO
def test_put_that_wants_another_resource(cloudcontrol: CloudControl) -> None:
    """What moto sets only when it makes a resource can't be another for the one that is there."""
    vpc = cloudcontrol.resources.put(VPC, {"CidrBlock": "10.0.0.0/16"})
    with pytest.raises(OptionError) as refused:
        cloudcontrol.resources.put(VPC, {"VpcId": vpc, "CidrBlock": "10.1.0.0/16"})
    assert str(refused.value) == (
        f"properties={{'VpcId': '{vpc}', 'CidrBlock': '10.1.0.0/16'}} is not valid: "
        f"expected the CidrBlock of {vpc}, which moto sets when it makes one: delete that first"
    )


@MOTO
def test_put_with_what_no_read_shows(cloudcontrol: CloudControl) -> None:
    """What a read never shows may be given again, though it counts only when moto makes a resource."""
    state = {"KeyPolicy": {"Version": "2012-10-17", "Statement": []}, "BypassPolicyLockoutSafetyCheck": True}
    key = cloudcontrol.resources.put(KEY, state)
    assert cloudcontrol.resources.put(KEY, {**state, "KeyId": key, "Description": "other"}) == key
    assert (cloudcontrol.resources.get(KEY, key) or {})["Description"] == "other"


def network(cloudcontrol: CloudControl) -> None:
    """Make two networks alike, one of them with a subnet and an instance in it."""
    resources = cloudcontrol.resources
    for _ in range(2):
        vpc = resources.put(VPC, {"CidrBlock": "10.0.0.0/16"})
    subnet = resources.put(SUBNET, {"VpcId": vpc, "CidrBlock": "10.0.0.0/24"})
    resources.put(INSTANCE, {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro", "SubnetId": subnet})
    resources.put(QUEUE, {"QueueName": "orders"})


@MOTO
def test_loaded_before_those_that_speak_of_it(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A queue whose messages end in another one of the file, which moto wants to be there, comes after that."""
    resources = cloudcontrol.resources
    dead = resources.get(QUEUE, resources.put(QUEUE, {"QueueName": "the-dead"})) or {}
    policy = {"deadLetterTargetArn": dead["Arn"], "maxReceiveCount": 3}
    url = resources.put(QUEUE, {"QueueName": "orders", "RedrivePolicy": policy})
    resources.dump(tmp_path / "resources.json")
    cloudcontrol.reset()
    resources.load(tmp_path / "resources.json")
    assert (resources.get(QUEUE, url) or {})["RedrivePolicy"] == policy


@MOTO
def test_dump_loaded_over_itself(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A dump of all that moto has, its default network too, changes nothing where all that is there still."""
    network(cloudcontrol)
    before = list(cloudcontrol.resources)
    cloudcontrol.resources.dump(tmp_path / "resources.json")
    cloudcontrol.resources.load(tmp_path / "resources.json")
    assert list(cloudcontrol.resources) == before


def test_dump_loaded_elsewhere(tmp_path: Path) -> None:
    """In another world resources have other identifiers, by which the others of the file speak of them."""
    with mock_cloudcontrol(provision="moto", seed="here") as cloudcontrol:
        network(cloudcontrol)
        cloudcontrol.resources.dump(tmp_path / "resources.json")
        before = list(cloudcontrol.resources)
    with mock_cloudcontrol(provision="moto", seed="there") as cloudcontrol:
        default = [found.identifier for found in cloudcontrol.resources if found.type_name == VPC]
        cloudcontrol.resources.load(tmp_path / "resources.json")
        after = {kind: [found for found in cloudcontrol.resources if found.type_name == kind] for kind in KINDS}

    assert [len(after[kind]) for kind in KINDS] == [[found.type_name for found in before].count(kind) for kind in KINDS]
    [instance], [queue] = after[INSTANCE], after[QUEUE]
    [subnet] = [found for found in after[SUBNET] if found.properties["CidrBlock"] == "10.0.0.0/24"]
    vpcs = [found.identifier for found in after[VPC]]
    assert instance.properties["SubnetId"] == subnet.identifier
    assert subnet.properties["VpcId"] in set(vpcs) - set(default)
    assert set(default) < set(vpcs)
    assert not {found.identifier for found in before} & {*vpcs, subnet.identifier, instance.identifier}
    assert queue.identifier == "https://sqs.us-east-1.amazonaws.com/123456789012/orders"
