"""TypeVersionId and RoleArn, which every operation on resources takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.config import Config
from fidelity_support import ROLE
from refusals import refusal
from resource_types import LOG_GROUP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)


CALLS: Final[Mapping[str, Mapping[str, str]]] = {
    "create_resource": {"DesiredState": '{"LogGroupName": "new"}'},
    "update_resource": {"Identifier": "app", "PatchDocument": "[]"},
    "delete_resource": {"Identifier": "app"},
    "get_resource": {"Identifier": "app"},
    "list_resources": {},
}


@pytest.fixture(autouse=True)
def _app(cloudcontrol: CloudControl) -> None:
    """Have a log group."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})


@pytest.mark.fidelity("O-35")
@pytest.mark.parametrize("api", CALLS)
def test_they_are_accepted(cloudcontrol_client: CloudControlApiClient, api: str) -> None:
    """A call with a type version and a role is answered like one without."""
    call = getattr(cloudcontrol_client, api)
    answer = call(TypeName=LOG_GROUP, TypeVersionId="00000001", RoleArn=ROLE, **CALLS[api])
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.fidelity("O-35")
@pytest.mark.parametrize("api", CALLS)
def test_their_form_is_checked(cloudcontrol: CloudControl, api: str) -> None:
    """A type version and a role that don't have the form which the API's model asks for are refused."""
    call = getattr(cloudcontrol.client(config=Config(parameter_validation=False)), api)
    told = refusal(lambda: call(TypeName=LOG_GROUP, TypeVersionId="1.0", RoleArn="deployer-without-arn", **CALLS[api]))
    assert told.code == "ValidationException"
    assert told.message.startswith("2 validation errors detected: ")
    assert "'1.0' at 'typeVersionId' failed to satisfy constraint: Member must satisfy regular" in told.message
    assert "'deployer-without-arn' at 'roleArn' failed to satisfy constraint: Member must satisfy" in told.message
    assert not cloudcontrol.requests


@pytest.mark.fidelity("O-35")
@pytest.mark.parametrize("api", ["create_resource", "update_resource", "delete_resource"])
def test_a_request_has_them(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, api: str) -> None:
    """The request that a call makes has both, and changes in nothing by them."""
    members: dict[str, Any] = {"TypeName": LOG_GROUP, **CALLS[api]}
    getattr(cloudcontrol_client, api)(**members, TypeVersionId="00000001", RoleArn=ROLE)
    request = cloudcontrol.requests.last.run()
    assert (request.type_version_id, request.role_arn, request.status) == ("00000001", ROLE, "SUCCESS")
