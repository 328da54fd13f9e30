"""The cases of what carries messages and events: SQS, SNS, Kinesis and Events."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from type_cases import (
    OTHER_TAGS,
    ROLE,
    TAGS,
    TypeCase,
    native,
)


def _queue_by_others() -> str:
    return str(native("sqs", "create_queue", QueueName="theirs")["QueueUrl"])


def _queue_changed(url: str) -> tuple[str, object]:
    native("sqs", "set_queue_attributes", QueueUrl=url, Attributes={"DelaySeconds": "11"})
    return "DelaySeconds", 11


QUEUE: Final = TypeCase(
    "AWS::SQS::Queue",
    {"QueueName": "ours"},
    {
        "DelaySeconds": (3, 5),
        "KmsMasterKeyId": ("alias/aws/sqs", "alias/shop"),
        "MaximumMessageSize": (2048, 4096),
        "MessageRetentionPeriod": (60, 90),
        "ReceiveMessageWaitTimeSeconds": (1, 2),
        "RedrivePolicy": (
            {"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:dead", "maxReceiveCount": 3},
            {"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:dead", "maxReceiveCount": 4},
        ),
        "SqsManagedSseEnabled": (True, False),
        "VisibilityTimeout": (7, 8),
        "Tags": (TAGS, OTHER_TAGS),
    },
    _queue_by_others,
    _queue_changed,
    lambda url: url in native("sqs", "list_queues").get("QueueUrls", []),
    prepare=lambda: native("sqs", "create_queue", QueueName="dead"),
    dropped={"RedriveAllowPolicy": {"redrivePermission": "denyAll"}},
)

FIFO_QUEUE: Final = TypeCase(
    "AWS::SQS::Queue",
    {"QueueName": "ours.fifo", "FifoQueue": True},
    {
        "ContentBasedDeduplication": (True, False),
        "DeduplicationScope": ("messageGroup", "queue"),
        "FifoThroughputLimit": ("perMessageGroupId", "perQueue"),
    },
    lambda: str(native("sqs", "create_queue", QueueName="theirs.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]),
    _queue_changed,
    QUEUE.is_there,
)
ENCRYPTED_QUEUE: Final = replace(
    QUEUE,
    least={"QueueName": "ours", "KmsMasterKeyId": "alias/shop"},
    properties={"KmsDataKeyReusePeriodSeconds": (600, 900)},
    dropped={},
)


def _topic_changed(arn: str) -> tuple[str, object]:
    native("sns", "set_topic_attributes", TopicArn=arn, AttributeName="DisplayName", AttributeValue="changed")
    return "DisplayName", "changed"


TOPIC: Final = TypeCase(
    "AWS::SNS::Topic",
    {"TopicName": "ours"},
    {
        "DisplayName": ("Orders", "Returns"),
        "KmsMasterKeyId": ("alias/aws/sns", "alias/shop"),
        "Subscription": (
            [{"Protocol": "email", "Endpoint": "a@example.com"}, {"Protocol": "email", "Endpoint": "b@example.com"}],
            [{"Protocol": "email", "Endpoint": "b@example.com"}, {"Protocol": "email", "Endpoint": "c@example.com"}],
        ),
        "Tags": (TAGS, OTHER_TAGS),
    },
    lambda: str(native("sns", "create_topic", Name="theirs")["TopicArn"]),
    _topic_changed,
    lambda arn: arn in [topic["TopicArn"] for topic in native("sns", "list_topics")["Topics"]],
    dropped={"SignatureVersion": "2", "TracingConfig": "Active", "DataProtectionPolicy": {"Name": "p"}},
)
FIFO_TOPIC: Final = TypeCase(
    "AWS::SNS::Topic",
    {"TopicName": "ours.fifo", "FifoTopic": True},
    {"ContentBasedDeduplication": (True, False)},
    lambda: str(native("sns", "create_topic", Name="theirs.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]),
    _topic_changed,
    TOPIC.is_there,
)


def _stream_by_others() -> str:
    native("kinesis", "create_stream", StreamName="theirs", ShardCount=1)
    return "theirs"


def _stream_changed(name: str) -> tuple[str, object]:
    native("kinesis", "increase_stream_retention_period", StreamName=name, RetentionPeriodHours=72)
    return "RetentionPeriodHours", 72


STREAM: Final = TypeCase(
    "AWS::Kinesis::Stream",
    {"Name": "ours", "ShardCount": 1},
    {
        "RetentionPeriodHours": (48, 36),
        "ShardCount": (2, 4),
        "StreamEncryption": (
            {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"},
            {"EncryptionType": "KMS", "KeyId": "alias/shop"},
        ),
        "DesiredShardLevelMetrics": (["IncomingBytes", "OutgoingBytes"], ["OutgoingBytes", "IncomingRecords"]),
        "Tags": (TAGS, OTHER_TAGS),
    },
    _stream_by_others,
    _stream_changed,
    lambda name: name in native("kinesis", "list_streams")["StreamNames"],
    lasting=("ShardCount",),
)
ON_DEMAND_STREAM: Final = replace(
    STREAM,
    least={"Name": "ours"},
    properties={"StreamModeDetails": ({"StreamMode": "ON_DEMAND"}, {"StreamMode": "PROVISIONED"})},
    lasting=("StreamModeDetails",),
)


def _rule_changed(arn: str) -> tuple[str, object]:
    native("events", "disable_rule", Name=arn.rpartition("/")[2])
    return "State", "DISABLED"


RULE: Final = TypeCase(
    "AWS::Events::Rule",
    {"Name": "ours", "ScheduleExpression": "rate(5 minutes)"},
    {
        "Description": ("one", "another"),
        "EventPattern": ({"source": ["shop"]}, {"source": ["stock"]}),
        "RoleArn": (ROLE, f"{ROLE}-2"),
        "ScheduleExpression": ("rate(5 minutes)", "rate(6 minutes)"),
        "State": ("DISABLED", "ENABLED"),
        "Targets": (
            [{"Id": "a", "Arn": "arn:aws:sqs:us-east-1:123456789012:a"}],
            [{"Id": "b", "Arn": "arn:aws:sqs:us-east-1:123456789012:b", "Input": "{}"}],
        ),
        "Tags": (TAGS, OTHER_TAGS),
    },
    lambda: str(native("events", "put_rule", Name="theirs", ScheduleExpression="rate(1 day)")["RuleArn"]),
    _rule_changed,
    lambda arn: arn in [rule["Arn"] for rule in native("events", "list_rules")["Rules"]],
    lasting=("ScheduleExpression",),
)


def _rule_of_a_bus() -> str:
    pattern = '{"source": ["shop"]}'
    return str(native("events", "put_rule", Name="theirs", EventBusName="shop", EventPattern=pattern)["RuleArn"])


def _rule_of_a_bus_changed(arn: str) -> tuple[str, object]:
    native("events", "disable_rule", Name=arn.rpartition("/")[2], EventBusName="shop")
    return "State", "DISABLED"


BUS_RULE: Final = replace(
    RULE,
    least={"Name": "ours", "EventBusName": "shop", "EventPattern": {"source": ["shop"]}},
    properties={"Targets": RULE.properties["Targets"], "Tags": (TAGS, OTHER_TAGS)},
    lasting=(),
    made_by_others=_rule_of_a_bus,
    changed_by_others=_rule_of_a_bus_changed,
    is_there=lambda arn: arn in [rule["Arn"] for rule in native("events", "list_rules", EventBusName="shop")["Rules"]],
    prepare=lambda: native("events", "create_event_bus", Name="shop"),
)
