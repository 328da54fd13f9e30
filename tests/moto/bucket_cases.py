"""The cases of what a bucket tells others and copies to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from storage_cases import BUCKET
from type_cases import ROLE, native

ACCOUNT: Final = "123456789012"
ZIPPED: Final = b"PK\x05\x06" + bytes(18)
"""An archive without a file."""

QUEUE_ARN: Final = f"arn:aws:sqs:us-east-1:{ACCOUNT}:uploads"
TOPIC_ARN: Final = f"arn:aws:sns:us-east-1:{ACCOUNT}:uploads"
FUNCTION_ARN: Final = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:uploads"


def _notified() -> None:
    native("sqs", "create_queue", QueueName="uploads")
    native("sns", "create_topic", Name="uploads")
    native("iam", "create_role", RoleName="runner", AssumeRolePolicyDocument="{}")
    code = {"ZipFile": ZIPPED}
    native(
        "lambda", "create_function", FunctionName="uploads", Role=ROLE, Code=code, Runtime="python3.12", Handler="a.b"
    )


def _notifying(bucket: str, *events: str) -> dict[str, Any]:
    configuration = {"QueueConfigurations": [{"QueueArn": QUEUE_ARN, "Events": list(events)}]}
    native("s3", "put_bucket_notification_configuration", Bucket=bucket, NotificationConfiguration=configuration)
    return {"QueueConfigurations": [{"Queue": QUEUE_ARN, "Event": event} for event in events]}


def _notifying_by_others() -> str:
    native("s3", "create_bucket", Bucket="theirs")
    _notifying("theirs", "s3:ObjectCreated:*", "s3:ObjectRemoved:*")
    return "theirs"


def _notifications_seen(bucket: str) -> dict[str, Any]:
    found = native("s3", "get_bucket_notification_configuration", Bucket=bucket)
    return {
        "NotificationConfiguration": {
            "LambdaConfigurations": [
                {"Function": one["LambdaFunctionArn"], "Event": one["Events"][0]}
                for one in found["LambdaFunctionConfigurations"]
            ],
            "QueueConfigurations": [
                {"Queue": one["QueueArn"], "Event": one["Events"][0]} for one in found["QueueConfigurations"]
            ],
            "TopicConfigurations": [
                {"Topic": one["TopicArn"], "Event": one["Events"][0]} for one in found["TopicConfigurations"]
            ],
        }
    }


_CREATED: Final = "s3:ObjectCreated:*"
_IN_A_FOLDER: Final = {"S3Key": {"Rules": [{"Name": "prefix", "Value": "a/"}, {"Name": "suffix", "Value": ".png"}]}}
NOTIFYING_BUCKET: Final = replace(
    BUCKET,
    properties={
        "NotificationConfiguration": (
            {
                "LambdaConfigurations": [{"Function": FUNCTION_ARN, "Event": _CREATED}],
                "QueueConfigurations": [{"Queue": QUEUE_ARN, "Event": _CREATED, "Filter": _IN_A_FOLDER}],
                "TopicConfigurations": [{"Topic": TOPIC_ARN, "Event": "s3:ObjectRemoved:*"}],
            },
            {"TopicConfigurations": [{"Topic": TOPIC_ARN, "Event": _CREATED, "Filter": _IN_A_FOLDER}]},
        )
    },
    prepare=_notified,
    made_by_others=_notifying_by_others,
    changed_by_others=lambda bucket: ("NotificationConfiguration", _notifying(bucket, _CREATED)),
    seen_by_others=_notifications_seen,
    theirs={
        "NotificationConfiguration": {
            "QueueConfigurations": [
                {"Queue": QUEUE_ARN, "Event": _CREATED},
                {"Queue": QUEUE_ARN, "Event": "s3:ObjectRemoved:*"},
            ]
        }
    },
)


def _copying(*rules: tuple[str, str]) -> dict[str, Any]:
    destination = {"Bucket": "arn:aws:s3:::the-copies", "StorageClass": "STANDARD_IA"}
    made = [
        {"Id": name, "Status": status, "Priority": place, "Destination": destination}
        for place, (name, status) in enumerate(rules, start=1)
    ]
    return {"Role": ROLE, "Rules": made}


def _copying_natively(bucket: str, *rules: tuple[str, str]) -> dict[str, Any]:
    wanted = _copying(*rules)
    made = [{"ID": rule["Id"], "Filter": {"Prefix": ""}, **rule} for rule in wanted["Rules"]]
    for rule in made:
        del rule["Id"]
    configuration = {"Role": ROLE, "Rules": made}
    native("s3", "put_bucket_replication", Bucket=bucket, ReplicationConfiguration=configuration)
    answered = {"DeleteMarkerReplication": {"Status": "Disabled"}, "Filter": {"Prefix": ""}}
    return {"Role": ROLE, "Rules": [{**rule, **answered} for rule in wanted["Rules"]]}


def _copied_by_others() -> str:
    native("s3", "create_bucket", Bucket="theirs")
    native("s3", "put_bucket_versioning", Bucket="theirs", VersioningConfiguration={"Status": "Enabled"})
    _copying_natively("theirs", ("all", "Disabled"))
    return "theirs"


def _copies_seen(bucket: str) -> dict[str, Any]:
    found = native("s3", "get_bucket_replication", Bucket=bucket)["ReplicationConfiguration"]
    names = ("Status", "Priority", "Destination")
    rules = [{"Id": rule["ID"], **{name: rule[name] for name in names}} for rule in found["Rules"]]
    return {"ReplicationConfiguration": {"Role": found["Role"], "Rules": rules}}


COPIED_BUCKET: Final = replace(
    BUCKET,
    least={"BucketName": "ours", "VersioningConfiguration": {"Status": "Enabled"}},
    properties={
        "ReplicationConfiguration": (_copying(("all", "Enabled")), _copying(("all", "Disabled"), ("more", "Enabled")))
    },
    prepare=lambda: native("s3", "create_bucket", Bucket="the-copies"),
    made_by_others=_copied_by_others,
    changed_by_others=lambda bucket: ("ReplicationConfiguration", _copying_natively(bucket, ("all", "Disabled"))),
    seen_by_others=_copies_seen,
    theirs={"ReplicationConfiguration": _copying(("all", "Disabled"))},
)


def _inventory(name: str, frequency: str) -> dict[str, Any]:
    destination = {"BucketArn": "arn:aws:s3:::the-lists", "Format": "CSV", "BucketAccountId": ACCOUNT, "Prefix": "x"}
    return {
        "Id": name,
        "Destination": destination,
        "Enabled": True,
        "IncludedObjectVersions": "All",
        "OptionalFields": ["Size", "ETag"],
        "Prefix": "a/",
        "ScheduleFrequency": frequency,
    }


def _inventory_natively(bucket: str, frequency: str) -> list[dict[str, Any]]:
    configuration = {
        "Id": "all",
        "Destination": {
            "S3BucketDestination": {
                "Bucket": "arn:aws:s3:::the-lists",
                "Format": "CSV",
                "AccountId": ACCOUNT,
                "Prefix": "x",
            }
        },
        "IsEnabled": True,
        "IncludedObjectVersions": "All",
        "OptionalFields": ["Size", "ETag"],
        "Filter": {"Prefix": "a/"},
        "Schedule": {"Frequency": frequency},
    }
    native("s3", "put_bucket_inventory_configuration", Bucket=bucket, Id="all", InventoryConfiguration=configuration)
    return [_inventory("all", frequency)]


def _listed_by_others() -> str:
    native("s3", "create_bucket", Bucket="theirs")
    _inventory_natively("theirs", "Weekly")
    return "theirs"


def _inventories_seen(bucket: str) -> dict[str, Any]:
    found = native("s3", "list_bucket_inventory_configurations", Bucket=bucket)["InventoryConfigurationList"]
    return {"InventoryConfigurations": [_inventory(one["Id"], one["Schedule"]["Frequency"]) for one in found]}


LISTED_BUCKET: Final = replace(
    BUCKET,
    properties={
        "InventoryConfigurations": (
            [_inventory("all", "Daily")],
            [_inventory("all", "Weekly"), _inventory("more", "Daily")],
        )
    },
    lasting=("InventoryConfigurations",),
    made_by_others=_listed_by_others,
    changed_by_others=lambda bucket: ("InventoryConfigurations", _inventory_natively(bucket, "Weekly")),
    seen_by_others=_inventories_seen,
    theirs={"InventoryConfigurations": [_inventory("all", "Weekly")]},
)

BUCKET_CASES: Final = {
    "notifying bucket": NOTIFYING_BUCKET,
    "copied bucket": COPIED_BUCKET,
    "listed bucket": LISTED_BUCKET,
}
