"""What the state machine is about: its resource type, the values it draws, and calls compared with the model."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError
from hypothesis import strategies as st
from resource_types import every_handler

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry_model import Request, RequestInput
    from types_boto3_cloudcontrol import CloudControlApiClient
    from types_boto3_cloudcontrol.literals import OperationType
    from types_boto3_cloudcontrol.type_defs import ProgressEventTypeDef

TYPE: Final = "Test::Model::Thing"
SCHEMA: Final[dict[str, Any]] = {
    "typeName": TYPE,
    "properties": {name: {"type": "string"} for name in ("Name", "A", "B", "C", "D")},
    "primaryIdentifier": ["/properties/Name"],
    "createOnlyProperties": ["/properties/Name"],
    "handlers": every_handler(),
}

OPERATIONS: Final[list[OperationType]] = ["CREATE", "UPDATE", "DELETE"]

values = st.dictionaries(st.sampled_from("ABCD"), st.sampled_from(["1", "2"]), max_size=4)
changes = st.dictionaries(st.sampled_from("ABCD"), st.sampled_from(["1", "2", "3", None]), max_size=4)
steps = st.integers(1, 4)
delays = st.sampled_from([timedelta(0), timedelta(seconds=1), timedelta(seconds=5), timedelta(hours=30)])
times = st.sampled_from(
    [timedelta(seconds=seconds) for seconds in (0, 0.2, 1, 1.2, 10)] + [timedelta(hours=20), timedelta(days=2)]
)
MOMENT: Final = timedelta(milliseconds=1)
ages = st.sampled_from(
    [timedelta(hours=36) - MOMENT, timedelta(hours=36), timedelta(days=7) - MOMENT, timedelta(days=7)]
)


def call(client: CloudControlApiClient, asked: RequestInput, given: dict[str, Any]) -> ProgressEventTypeDef:
    """Make the call that asks for something."""
    if asked.operation == "CREATE":
        state = json.dumps({"Name": asked.name, **dict(asked.values)})
        return client.create_resource(TypeName=TYPE, DesiredState=state, **given)["ProgressEvent"]
    if asked.operation == "DELETE":
        return client.delete_resource(TypeName=TYPE, Identifier=asked.name, **given)["ProgressEvent"]
    patch = [
        {"op": "remove", "path": f"/{name}"} if value is None else {"op": "add", "path": f"/{name}", "value": value}
        for name, value in asked.values
    ]
    document = json.dumps(patch)
    answer = client.update_resource(TypeName=TYPE, Identifier=asked.name, PatchDocument=document, **given)
    return answer["ProgressEvent"]


def assert_shown(event: ProgressEventTypeDef, request: Request) -> None:
    """Compare what a client is shown with the model's last event."""
    last = request.events[-1]
    assert (event["RequestToken"], event["Operation"], event["Identifier"]) == (request.token, *request.asked[:2])
    assert (event["OperationStatus"], event["EventTime"]) == last[:2]
    assert (event.get("ErrorCode"), event.get("RetryAfter")) == last[2:]


def assert_unknown(call: Callable[..., object], request: Request) -> None:
    """Make a call about a request that AWS doesn't know, or not any more, in this account."""
    with pytest.raises(ClientError) as raised:
        call(RequestToken=request.token)
    assert raised.value.response["Error"]["Code"] == "RequestTokenNotFoundException"
