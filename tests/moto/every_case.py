"""Every case there is, by its name."""

from __future__ import annotations

from typing import Final

from attached_cases import (
    ATTACHED_INSTANCE,
    CONNECTED_FUNCTION,
    ENCRYPTED_MACHINE,
    EXCLUDING_REPOSITORY,
    GUARDED_INSTANCE,
    LAUNCHED_INSTANCE,
    LAYERED_FUNCTION,
    SUBNET_BY_ZONE_ID,
)
from bucket_cases import BUCKET_CASES
from message_cases import (
    BUS_RULE,
    ENCRYPTED_QUEUE,
    FIFO_QUEUE,
    FIFO_TOPIC,
    ON_DEMAND_STREAM,
    QUEUE,
    RULE,
    STREAM,
    TOPIC,
)
from network_cases import INSTANCE, SECURITY_GROUP, SUBNET, VPC
from running_cases import FUNCTION, IAM_ROLE, KEY, MACHINE
from storage_cases import (
    BUCKET,
    LOCKED_BUCKET,
    LOG_GROUP,
    LOGGED_BUCKET,
    PARAMETER,
    PROVISIONED_TABLE,
    REPOSITORY,
    SECRET,
    TABLE,
)

CASES: Final = {
    "queue": QUEUE,
    "fifo queue": FIFO_QUEUE,
    "encrypted queue": ENCRYPTED_QUEUE,
    "topic": TOPIC,
    "fifo topic": FIFO_TOPIC,
    "log group": LOG_GROUP,
    "parameter": PARAMETER,
    "stream": STREAM,
    "on-demand stream": ON_DEMAND_STREAM,
    "repository": REPOSITORY,
    "secret": SECRET,
    "role": IAM_ROLE,
    "table": TABLE,
    "provisioned table": PROVISIONED_TABLE,
    "bucket": BUCKET,
    "locked bucket": LOCKED_BUCKET,
    "logged bucket": LOGGED_BUCKET,
    "rule": RULE,
    "rule of a bus": BUS_RULE,
    "key": KEY,
    "state machine": MACHINE,
    "vpc": VPC,
    "subnet": SUBNET,
    "security group": SECURITY_GROUP,
    "instance": INSTANCE,
    "function": FUNCTION,
}

EVERY_CASE: Final = {
    **CASES,
    **BUCKET_CASES,
    "subnet by zone id": SUBNET_BY_ZONE_ID,
    "attached instance": ATTACHED_INSTANCE,
    "guarded instance": GUARDED_INSTANCE,
    "launched instance": LAUNCHED_INSTANCE,
    "excluding repository": EXCLUDING_REPOSITORY,
    "layered function": LAYERED_FUNCTION,
    "connected function": CONNECTED_FUNCTION,
    "encrypted state machine": ENCRYPTED_MACHINE,
}
