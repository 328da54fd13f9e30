"""What a service adds to a new resource: read-only values, identifiers and defaults."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest
from calls import shown
from fidelity_support import LOG_GROUP_DEFAULTS, ORDER, adding, create, order_schema, update
from resource_types import LOG_GROUP, QUEUE

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)

ARN: Final = "arn:aws:logs:us-east-1:123456789012:log-group:app:*"
TAGS: Final = [{"Key": "team", "Value": "blue"}]


def made(cloudcontrol: CloudControl, type_name: str, desired: dict[str, Any], region: str = "us-east-1") -> Any:
    """Create a resource of any type, and return the properties that GetResource shows."""
    client = cloudcontrol.client(region_name=region)
    client.create_resource(TypeName=type_name, DesiredState=json.dumps(desired))
    identifier = cloudcontrol.requests.last.run().identifier
    assert identifier is not None
    return shown(client, type_name, identifier)


@pytest.mark.fidelity("G-1")
def test_a_log_group_shows_the_recorded_properties(cloudcontrol: CloudControl) -> None:
    """A log group made with a name, a retention and a tag shows the nine properties recorded from AWS."""
    given = {"LogGroupName": "app", "RetentionInDays": 1, "Tags": TAGS}
    assert made(cloudcontrol, LOG_GROUP, given) == {**given, **LOG_GROUP_DEFAULTS, "Arn": ARN}


@pytest.mark.fidelity("G-1")
def test_the_model_of_a_log_groups_update_has_them_too(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The immediate answer of an update shows the same properties but for the Arn."""
    create(cloudcontrol_client, Tags=TAGS)
    cloudcontrol.run_until_idle()
    event = update(cloudcontrol_client, adding("/RetentionInDays", 7))
    expected = {"LogGroupName": "app", "Tags": TAGS, "RetentionInDays": 7, **LOG_GROUP_DEFAULTS}
    assert json.loads(event["ResourceModel"]) == expected


@pytest.mark.fidelity("G-1")
def test_what_the_caller_gives_stays(cloudcontrol: CloudControl) -> None:
    """A property that the caller gives isn't set to what AWS was recorded to set it to."""
    shown = made(cloudcontrol, LOG_GROUP, {"LogGroupName": "app", "DeletionProtectionEnabled": True})
    assert shown["DeletionProtectionEnabled"] is True


@pytest.mark.fidelity("G-2")
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        pytest.param({}, {"Note": "none"}, id="left out"),
        pytest.param({"Note": "mine"}, {"Note": "mine"}, id="given"),
        pytest.param(
            {"Address": {"Country": "NL"}},
            {"Note": "none", "Address": {"Country": "NL", "Street": "unknown"}},
            id="inside an object that is there",
        ),
    ],
)
def test_a_default_of_the_schema_is_shown(
    cloudcontrol: CloudControl, given: dict[str, Any], shown: dict[str, Any]
) -> None:
    """A property that the caller left out has its default, but an object that isn't there isn't made for one."""
    schema = order_schema(readOnlyProperties=[], additionalIdentifiers=[])
    schema["properties"]["Note"]["default"] = "none"
    schema["properties"]["Address"]["properties"]["Street"]["default"] = "unknown"
    cloudcontrol.add_type(schema)
    assert made(cloudcontrol, ORDER, {"Name": "first", **given}) == {"Name": "first", **shown}


@pytest.mark.fidelity("G-2")
def test_a_default_of_one_of_awss_types(cloudcontrol: CloudControl) -> None:
    """A key pair's type is rsa by default, and a role's path is /."""
    assert made(cloudcontrol, "AWS::EC2::KeyPair", {"KeyName": "laptop"})["KeyType"] == "rsa"
    assert made(cloudcontrol, "AWS::IAM::Role", {"AssumeRolePolicyDocument": {}})["Path"] == "/"


@pytest.mark.fidelity("G-3")
@pytest.mark.parametrize(
    ("type_name", "desired", "name", "form"),
    [
        (QUEUE, {"QueueName": "jobs"}, "QueueUrl", "https://sqs.us-east-1.amazonaws.com/123456789012/jobs"),
        (QUEUE, {"QueueName": "jobs"}, "Arn", "arn:aws:sqs:us-east-1:123456789012:jobs"),
        ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}, "VpcId", "vpc-[0-9a-f]{17}"),
        ("AWS::EC2::KeyPair", {"KeyName": "laptop"}, "KeyPairId", "key-[0-9a-f]{17}"),
        (
            "AWS::IAM::Role",
            {"RoleName": "deployer", "AssumeRolePolicyDocument": {}},
            "Arn",
            "arn:aws:iam::123456789012:role/deployer",
        ),
        (
            "AWS::DynamoDB::Table",
            {"TableName": "orders", "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}]},
            "Arn",
            "arn:aws:dynamodb:us-east-1:123456789012:table/orders",
        ),
    ],
)
def test_what_the_service_sets_looks_like_its_own(
    cloudcontrol: CloudControl, type_name: str, desired: dict[str, Any], name: str, form: str
) -> None:
    """Ids have the service's usual prefix, and Arns and addresses the account, the region and the resource's name."""
    assert re.fullmatch(form, made(cloudcontrol, type_name, desired)[name])


@pytest.mark.fidelity("G-3")
def test_arns_are_of_the_regions_partition(cloudcontrol: CloudControl) -> None:
    """In China an Arn begins with another partition, and an address ends in another domain."""
    shown = made(cloudcontrol, QUEUE, {"QueueName": "jobs"}, region="cn-north-1")
    assert shown["Arn"] == "arn:aws-cn:sqs:cn-north-1:123456789012:jobs"
    assert shown["QueueUrl"] == "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/jobs"


@pytest.mark.fidelity("G-4")
def test_what_is_made_up_is_valid(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """What GetResource shows is valid by the type's schema, so that an empty patch of it is accepted."""
    desired = {
        "Name": "nightly",
        "QueryLanguage": "CWLI",
        "QueryString": "fields @message",
        "ScheduleExpression": "cron(0 0 * * ? *)",
        "ExecutionRoleArn": "arn:aws:iam::123456789012:role/query",
    }
    shown = made(cloudcontrol, "AWS::Logs::ScheduledQuery", desired)
    assert shown["LastExecutionStatus"] == "Complete"  # the one of its enum that lasts
    cloudcontrol_client.update_resource(
        TypeName="AWS::Logs::ScheduledQuery", Identifier=shown["ScheduledQueryArn"], PatchDocument="[]"
    )
    assert cloudcontrol.requests.last.run().status == "SUCCESS"


@pytest.mark.fidelity("G-5")
@pytest.mark.cloudcontrol(start=datetime(2030, 1, 1, tzinfo=UTC))
def test_times_are_the_mock_clocks(cloudcontrol: CloudControl) -> None:
    """The time at which a resource was created is the time of the handler call that made it."""
    created = made(cloudcontrol, "AWS::Bedrock::Agent", {"AgentName": "clerk"})["CreatedAt"]
    assert datetime.fromisoformat(created).replace(microsecond=0) == datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.fidelity("G-6")
def test_the_same_seed_makes_up_the_same(cloudcontrol: CloudControl) -> None:
    """A mock that begins anew makes up the same values again, and others for each resource."""
    first, second = (made(cloudcontrol, "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}) for _ in range(2))
    cloudcontrol.reset()
    again = made(cloudcontrol, "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"})
    assert first == again
    assert first["VpcId"] != second["VpcId"]


@pytest.mark.fidelity("G-7")
@pytest.mark.parametrize(
    ("type_name", "desired", "names"),
    [
        pytest.param(
            LOG_GROUP,
            {"LogGroupName": "app", "RetentionInDays": 1, "Tags": TAGS},
            "FieldIndexPolicies RetentionInDays BearerTokenAuthenticationEnabled LogGroupClass LogGroupName Arn "
            "DeletionProtectionEnabled Tags DataProtectionPolicy",
            id="log group",
        ),
        pytest.param(
            "AWS::S3::Bucket",
            {"BucketName": "app"},
            "AbacStatus PublicAccessBlockConfiguration BucketName RegionalDomainName OwnershipControls DomainName "
            "BucketEncryption WebsiteURL DualStackDomainName Arn",
            id="bucket",
        ),
    ],
)
def test_properties_are_shown_in_the_recorded_order(
    cloudcontrol: CloudControl, type_name: str, desired: dict[str, Any], names: str
) -> None:
    """The properties stand in the order in which they were recorded from AWS, and those of a tag too."""
    shown = made(cloudcontrol, type_name, desired)
    assert list(shown) == names.split()
    assert [list(tag) for tag in shown.get("Tags", [])] == [["Value", "Key"] for _ in desired.get("Tags", [])]
