"""No call reaches the network while a mock is active: shown with sockets forbidden."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Literal, NoReturn, TypeAlias

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError
from calls import RETENTION_PATCH, create, status, wait
from resource_types import LOG_GROUP

from pytest_cloudcontrol import CloudControl, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from types_boto3_cloudcontrol import CloudControlApiClient

    RetryMode: TypeAlias = Literal["legacy", "standard", "adaptive"]
    Calls: TypeAlias = Callable[[CloudControlApiClient], object]

ONCE = Config(retries={"total_max_attempts": 1})


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Forbid sockets; return what was tried nevertheless."""
    tried: list[str] = []

    def forbid(name: str) -> Callable[..., NoReturn]:
        def refuse(*_: object, **__: object) -> NoReturn:
            tried.append(name)
            raise OSError("sockets are forbidden here")

        return refuse

    monkeypatch.setattr(socket.socket, "connect", forbid("connect"))
    monkeypatch.setattr(socket.socket, "connect_ex", forbid("connect_ex"))
    monkeypatch.setattr(socket, "create_connection", forbid("create_connection"))
    monkeypatch.setattr(socket, "getaddrinfo", forbid("getaddrinfo"))
    return tried


@pytest.fixture(autouse=True)
def _untouched(network: list[str]) -> Iterator[None]:
    """Let each test fail whose calls have tried the network, even if something swallowed the refusal."""
    yield
    assert network == []


@pytest.fixture
def token(cloudcontrol_client: CloudControlApiClient, cloudcontrol: CloudControl) -> str:
    """Have a log group made, and return the request's token."""
    token = create(cloudcontrol_client)
    cloudcontrol.run_until_idle()
    return token


def cancel(client: CloudControlApiClient) -> object:
    """Cancel a request of its own."""
    answer = client.delete_resource(TypeName=LOG_GROUP, Identifier="orders")
    return client.cancel_resource_request(RequestToken=answer["ProgressEvent"]["RequestToken"])


OPERATIONS: dict[str, Calls] = {
    "CreateResource": lambda client: client.create_resource(TypeName=LOG_GROUP, DesiredState="{}"),
    "UpdateResource": lambda client: client.update_resource(
        TypeName=LOG_GROUP, Identifier="orders", PatchDocument=RETENTION_PATCH
    ),
    "DeleteResource": lambda client: client.delete_resource(TypeName=LOG_GROUP, Identifier="orders"),
    "GetResource": lambda client: client.get_resource(TypeName=LOG_GROUP, Identifier="orders"),
    "ListResources": lambda client: client.list_resources(TypeName=LOG_GROUP),
    "ListResourceRequests": lambda client: client.list_resource_requests(),
    "CancelResourceRequest": cancel,
}
"""All but GetResourceRequestStatus, which needs a token."""


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("operation", OPERATIONS)
def test_operation_without_network(cloudcontrol: CloudControl, operation: str) -> None:
    """Each operation is answered without a socket, for a client of the user's own."""
    OPERATIONS[operation](boto3.client("cloudcontrol"))
    assert cloudcontrol.calls[-1].operation == operation


def test_status_without_network(cloudcontrol: CloudControl, token: str) -> None:
    """So is GetResourceRequestStatus."""
    client = boto3.client("cloudcontrol")
    assert status(client, token) == "SUCCESS"
    assert cloudcontrol.calls[-1].operation == "GetResourceRequestStatus"


def test_refused_call_without_network(cloudcontrol_client: CloudControlApiClient) -> None:
    """A call that is answered with an error is answered without a socket too."""
    with pytest.raises(cloudcontrol_client.exceptions.TypeNotFoundException):
        cloudcontrol_client.get_resource(TypeName="AWS::No::Type", Identifier="any")


def test_waiter_without_network(cloudcontrol_client: CloudControlApiClient) -> None:
    """A waiter polls without a socket."""
    token = create(cloudcontrol_client)
    wait(cloudcontrol_client, token)
    assert status(cloudcontrol_client, token) == "SUCCESS"


@pytest.mark.cloudcontrol(list_page_size=2)
def test_paginator_of_resources_without_network(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The paginator of ListResources turns its pages without a socket."""
    for number in range(5):
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": f"orders-{number}"})
    pages = cloudcontrol_client.get_paginator("list_resources").paginate(TypeName=LOG_GROUP)
    assert [len(page["ResourceDescriptions"]) for page in pages] == [2, 2, 1]


def test_paginator_of_requests_without_network(cloudcontrol_client: CloudControlApiClient) -> None:
    """The paginator of ListResourceRequests turns its pages without a socket."""
    for number in range(5):
        create(cloudcontrol_client, f"orders-{number}")
    pages = cloudcontrol_client.get_paginator("list_resource_requests").paginate(PaginationConfig={"PageSize": 2})
    assert [len(page["ResourceRequestStatusSummaries"]) for page in pages] == [2, 2, 1]


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_retries_without_network(cloudcontrol: CloudControl, mode: RetryMode) -> None:
    """Tries after a throttled one are answered without a socket, in every retry mode."""
    client = boto3.client("cloudcontrol", config=Config(retries={"mode": mode}))
    cloudcontrol.add_error("ThrottlingException", times=2)
    client.list_resource_requests()
    assert [call.error_code for call in cloudcontrol.calls] == ["ThrottlingException", "ThrottlingException", None]


@pytest.mark.parametrize("endpoint_url", ["http://localhost:4566", "http://169.254.169.254", "http://10.0.0.1:80"])
def test_custom_endpoint_without_network(cloudcontrol: CloudControl, endpoint_url: str) -> None:
    """A client with an endpoint of its own doesn't go there."""
    boto3.client("cloudcontrol", endpoint_url=endpoint_url).list_resource_requests()
    assert len(cloudcontrol.calls) == 1


def test_client_is_made_without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mock's own client doesn't ask the metadata service for its defaults mode."""
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED", raising=False)
    monkeypatch.setenv("AWS_DEFAULTS_MODE", "auto")
    with mock_cloudcontrol() as cloudcontrol:
        cloudcontrol.client().list_resource_requests()
        assert len(cloudcontrol.calls) == 1


# The guard can fail


@pytest.mark.usefixtures("cloudcontrol")
def test_another_service_would_reach_the_network(network: list[str]) -> None:
    """A client of another service, which nobody mocks, runs into the forbidden sockets."""
    client = boto3.client("sts", config=ONCE)
    with pytest.raises(EndpointConnectionError):
        client.get_caller_identity()
    assert network != []
    network.clear()


def test_client_reaches_the_network_after_the_mock(
    network: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """After leaving, a Cloud Control client runs into the forbidden sockets as well: the mock is gone."""
    nothing = tmp_path / "empty"
    nothing.touch()
    monkeypatch.setenv("AWS_CONFIG_FILE", str(nothing))
    client = boto3.client(
        "cloudcontrol",
        region_name="us-east-1",
        aws_access_key_id="AKIASTATIC",
        aws_secret_access_key="static",
        config=ONCE,
    )
    with mock_cloudcontrol():
        client.list_resource_requests()
        assert network == []
    with pytest.raises(EndpointConnectionError):
        client.list_resource_requests()
    assert network != []
    network.clear()
