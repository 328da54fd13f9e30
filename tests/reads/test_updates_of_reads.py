"""What lives from a read follows what AWS shows: patches, their words, comparisons, lists, and what stays refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from calls import patch, shown
from refusals import Refusal, refusal
from resource_types import LOG_GROUP, QUEUE

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

ROLE: Final = "AWS::IAM::Role"
CLUSTER: Final = "AWS::EKS::Cluster"
TRUST: Final = {"Version": "2012-10-17", "Statement": []}


def made(cloudcontrol: CloudControl, client: CloudControlApiClient, type_name: str, **declared: object) -> str:
    """Create a resource, and return its identifier."""
    client.create_resource(TypeName=type_name, DesiredState=json.dumps(declared))
    identifier = cloudcontrol.requests.last.run().identifier
    assert cloudcontrol.requests.last.status == "SUCCESS"
    assert identifier is not None
    return identifier


@pytest.mark.fidelity("G-8")
def test_defaults_of_the_service(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A queue shows the defaults that nobody declared, and its names in what the service makes of them."""
    queue = made(cloudcontrol, cloudcontrol_client, QUEUE, QueueName="orders")
    assert shown(cloudcontrol_client, QUEUE, queue) == {
        "Arn": "arn:aws:sqs:us-east-1:123456789012:orders",
        "DelaySeconds": 0,
        "MaximumMessageSize": 1048576,
        "MessageRetentionPeriod": 345600,
        "QueueName": "orders",
        "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/orders",
        "ReceiveMessageWaitTimeSeconds": 0,
        "SqsManagedSseEnabled": True,
        "VisibilityTimeout": 30,
    }


@pytest.mark.fidelity("G-8")
@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({}, {"SqsManagedSseEnabled": True}),
        ({"KmsMasterKeyId": "alias/aws/sqs"}, {"SqsManagedSseEnabled": False}),
        ({"FifoQueue": True}, {"SqsManagedSseEnabled": True, "FifoThroughputLimit": "perQueue"}),
    ],
)
def test_what_hangs_on_what_was_declared(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    declared: dict[str, object],
    expected: dict[str, object],
) -> None:
    """A value may hang on what was declared: a queue with a key of its own isn't encrypted by SQS's."""
    queue = shown(cloudcontrol_client, QUEUE, made(cloudcontrol, cloudcontrol_client, QUEUE, **declared))
    names = ("SqsManagedSseEnabled", "FifoThroughputLimit")
    assert {name: queue[name] for name in names if name in queue} == expected


@pytest.mark.fidelity("G-8")
def test_state_that_a_loop_waits_for(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A database is shown as `available`, in RDS's own word, with the port of its engine."""
    declared = {"Engine": "postgres", "DBInstanceClass": "db.t3.micro", "AllocatedStorage": "20"}
    database = shown(
        cloudcontrol_client,
        "AWS::RDS::DBInstance",
        made(cloudcontrol, cloudcontrol_client, "AWS::RDS::DBInstance", **declared),
    )
    assert (database["DBInstanceStatus"], database["Port"], database["Endpoint"]["Port"]) == (
        "available",
        "5432",
        "5432",
    )


@pytest.mark.fidelity("G-8")
def test_declared_value_in_another_form(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A parameter group's name is shown in lower case, as RDS keeps it."""
    type_name = "AWS::RDS::DBParameterGroup"
    declared = {"DBParameterGroupName": "Orders-PG", "Family": "mysql8.4", "Description": "of the shop"}
    group = made(cloudcontrol, cloudcontrol_client, type_name, **declared)
    assert shown(cloudcontrol_client, type_name, group)["DBParameterGroupName"] == "orders-pg"


@pytest.mark.fidelity("G-8")
@pytest.mark.parametrize(("declared", "ending"), [({}, ""), ({"FifoQueue": True}, ".fifo")])
def test_made_up_name(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, declared: dict[str, object], ending: str
) -> None:
    """What the service makes speaks of the name that it has made, which ends as such a name must."""
    queue = shown(cloudcontrol_client, QUEUE, made(cloudcontrol, cloudcontrol_client, QUEUE, **declared))
    name, *rest = queue["QueueName"].partition(".")
    assert (name.isascii(), "".join(rest)) == (True, ending)
    assert queue["QueueUrl"] == f"https://sqs.us-east-1.amazonaws.com/123456789012/{queue['QueueName']}"
    assert queue["Arn"] == f"arn:aws:sqs:us-east-1:123456789012:{queue['QueueName']}"


@pytest.mark.fidelity("G-8")
def test_arn_of_a_made_up_name(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """An Arn speaks of the name that was made up, though nothing but the name was recorded beside it."""
    name = made(cloudcontrol, cloudcontrol_client, LOG_GROUP)
    arn = shown(cloudcontrol_client, LOG_GROUP, name)["Arn"]
    assert arn == f"arn:aws:logs:us-east-1:123456789012:log-group:{name}:*"


# Updates


@pytest.mark.fidelity("G-9")
def test_made_up_value_that_a_patch_removes(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A value that the service made up is the same again, where a patch removes it."""
    type_name = "AWS::RDS::DBInstance"
    declared = {"Engine": "mysql", "DBInstanceClass": "db.t3.micro", "AllocatedStorage": "20"}
    database = made(cloudcontrol, cloudcontrol_client, type_name, **declared)
    before = shown(cloudcontrol_client, type_name, database)
    patch(cloudcontrol_client, type_name, database, {"op": "remove", "path": "/PreferredBackupWindow"})
    assert cloudcontrol.requests.last.run().status == "SUCCESS"
    assert shown(cloudcontrol_client, type_name, database) == before


@pytest.mark.fidelity("G-9")
@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "/MaxSessionDuration", "value": 7200},
        {"op": "test", "path": "/MaxSessionDuration", "value": 3600},
        {"op": "remove", "path": "/Description"},
    ],
    ids=["replace", "test", "remove"],
)
def test_patch_of_a_default(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, operation: dict[str, object]
) -> None:
    """A patch may speak of a default that nobody declared."""
    made(cloudcontrol, cloudcontrol_client, ROLE, RoleName="clerk", AssumeRolePolicyDocument=TRUST)
    patch(cloudcontrol_client, ROLE, "clerk", operation)
    assert cloudcontrol.requests.last.run().status == "SUCCESS"
    duration = 7200 if operation["op"] == "replace" else 3600
    assert shown(cloudcontrol_client, ROLE, "clerk")["MaxSessionDuration"] == duration


@pytest.mark.fidelity("G-9")
def test_removed_default_is_shown_again(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A value that a patch removes is the service's default again."""
    made(
        cloudcontrol,
        cloudcontrol_client,
        ROLE,
        RoleName="clerk",
        AssumeRolePolicyDocument=TRUST,
        MaxSessionDuration=7200,
    )
    event = patch(cloudcontrol_client, ROLE, "clerk", {"op": "remove", "path": "/MaxSessionDuration"})
    assert "MaxSessionDuration" not in json.loads(event["ResourceModel"])
    cloudcontrol.requests.last.run()
    assert shown(cloudcontrol_client, ROLE, "clerk")["MaxSessionDuration"] == 3600


@pytest.mark.fidelity("G-9")
def test_model_of_the_immediate_answer(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """The ResourceModel of an update's answer has the defaults too, without what only the service sets."""
    made(cloudcontrol, cloudcontrol_client, ROLE, RoleName="clerk", AssumeRolePolicyDocument=TRUST)
    event = patch(cloudcontrol_client, ROLE, "clerk", {"op": "add", "path": "/Tags", "value": []})
    assert json.loads(event["ResourceModel"]) == {
        "AssumeRolePolicyDocument": TRUST,
        "Description": "",
        "MaxSessionDuration": 3600,
        "Path": "/",
        "RoleName": "clerk",
        "Tags": [],
    }


@pytest.mark.fidelity("G-9")
def test_list_shows_the_defaults(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """ListResources shows what GetResource shows, but for types whose lists show less."""
    made(cloudcontrol, cloudcontrol_client, QUEUE, QueueName="orders")
    (listed,) = cloudcontrol_client.list_resources(TypeName=QUEUE)["ResourceDescriptions"]
    assert json.loads(listed["Properties"]) == shown(cloudcontrol_client, QUEUE, listed["Identifier"])


def cluster(cloudcontrol: CloudControl, client: CloudControlApiClient) -> dict[str, Any]:
    """Create a cluster, and return how it is shown."""
    declared = {
        "Name": "shop",
        "RoleArn": "arn:aws:iam::123456789012:role/clerk",
        "ResourcesVpcConfig": {"SubnetIds": ["subnet-1", "subnet-2"]},
        "KubernetesNetworkConfig": {"ServiceIpv4Cidr": "10.100.0.0/16"},
    }
    made(cloudcontrol, client, CLUSTER, **declared)
    return shown(client, CLUSTER, "shop")


@pytest.mark.fidelity("G-10")
def test_object_replaced_by_what_was_declared(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """An object without a create-only value that AWS shows in it is refused for that, and not for a made-up one."""
    network = cluster(cloudcontrol, cloudcontrol_client)["KubernetesNetworkConfig"]
    assert "ServiceIpv6Cidr" not in network
    declared = {"op": "replace", "path": "/KubernetesNetworkConfig", "value": {"ServiceIpv4Cidr": "10.100.0.0/16"}}
    assert refusal(lambda: patch(cloudcontrol_client, CLUSTER, "shop", declared)) == Refusal(
        "NotUpdatableException",
        "Invalid patch update: createOnlyProperties [/properties/KubernetesNetworkConfig/IpFamily] cannot be updated",
        400,
    )


@pytest.mark.fidelity("G-11")
@pytest.mark.parametrize(
    ("type_name", "declared", "words"),
    [
        ("AWS::KinesisVideo::Stream", {"Name": "door"}, "#/Tags: expected minimum item count: 1, found: 0"),
        (
            "AWS::WAFv2::IPSet",
            {"Name": "office", "Scope": "REGIONAL", "IPAddressVersion": "IPV4", "Addresses": []},
            "#/Description: failed validation constraint for keyword [pattern]",
        ),
        (
            "AWS::Lambda::EventInvokeConfig",
            {
                "FunctionName": "bill",
                "Qualifier": "$LATEST",
                "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:dead"}},
            },
            "#/DestinationConfig/OnSuccess: required key [Destination] not found",
        ),
    ],
)
def test_read_that_the_schema_refuses(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    type_name: str,
    declared: dict[str, object],
    words: str,
) -> None:
    """A resource that AWS shows in a form which its schema refuses can't be updated, whatever is to change."""
    identifier = made(cloudcontrol, cloudcontrol_client, type_name, **declared)
    told = refusal(lambda: patch(cloudcontrol_client, type_name, identifier))
    assert told == Refusal("ValidationException", f"Model validation failed ({words})", 400)
