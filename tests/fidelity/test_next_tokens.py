"""NextTokens: each is good for the list that it came from, and for no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from fidelity_support import create
from refusals import Refusal, refusal
from resource_types import LOG_GROUP, QUEUE, every_handler

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient
    from types_boto3_cloudcontrol.type_defs import ResourceRequestStatusFilterTypeDef

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False, list_page_size=2)

ROOM: Final = "Acme::House::Room"
FIRST_FLOOR: Final[Mapping[str, Any]] = {"TypeName": ROOM, "ResourceModel": '{"Floor": "1"}'}
ELSEWHERE: Final = [("eu-west-1", None), (None, "210987654321")]


def invalid(token: str) -> Refusal:
    """Return what is told who gives a token that isn't one of the list's."""
    return Refusal("ValidationException", f"Invalid NextToken: {token}", 400)


@pytest.fixture
def token(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> str:
    """Place rooms on the first floor, and return the token of their first page."""
    selecting = {"handlerSchema": {"properties": {"Floor": {"type": "string"}}}}
    cloudcontrol.add_type(
        {
            "typeName": ROOM,
            "properties": {name: {"type": "string"} for name in ("Name", "Floor")},
            "primaryIdentifier": ["/properties/Name"],
            "handlers": {**every_handler(), "list": selecting},
        }
    )
    for name in ("a", "b", "c", "d", "e"):
        cloudcontrol.resources.put(ROOM, {"Name": name, "Floor": "1"})
    return cloudcontrol_client.list_resources(**FIRST_FLOOR)["NextToken"]


@pytest.mark.fidelity("C-11")
def test_a_token_of_resources_goes_on_with_its_list(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, token: str
) -> None:
    """The next page begins after the last one, though its last resource is gone and another page size is asked for."""
    cloudcontrol.resources.delete(ROOM, "b")
    answer = cloudcontrol_client.list_resources(**FIRST_FLOOR, NextToken=token, MaxResults=7)
    assert [each["Identifier"] for each in answer["ResourceDescriptions"]] == ["c", "d"]


@pytest.mark.fidelity("C-11")
@pytest.mark.parametrize(
    "other",
    [
        {"TypeName": QUEUE},
        {"TypeName": ROOM},
        {"TypeName": ROOM, "ResourceModel": '{"Floor": "2"}'},
        {"TypeName": LOG_GROUP},
    ],
    ids=["type", "no model", "model", "log groups"],
)
def test_a_token_of_resources_is_of_one_type_and_model(
    cloudcontrol_client: CloudControlApiClient, token: str, other: dict[str, Any]
) -> None:
    """A token is refused with another type or another ResourceModel."""
    assert refusal(cloudcontrol_client.list_resources, **other, NextToken=token) == invalid(token)


@pytest.mark.fidelity("C-11")
@pytest.mark.parametrize(("region", "account_id"), ELSEWHERE)
def test_a_token_of_resources_is_of_one_account_and_region(
    cloudcontrol: CloudControl, token: str, region: str | None, account_id: str | None
) -> None:
    """A token is refused in another account or region."""
    client = cloudcontrol.client(region, account_id)
    assert refusal(client.list_resources, **FIRST_FLOOR, NextToken=token) == invalid(token)


CHANGES: Final[Mapping[str, Callable[[str], str]]] = {
    "longer": lambda token: token + "x",
    "shorter": lambda token: token[:-4],
    "another": lambda token: token.swapcase(),
    "the identifier": lambda _: "b",
    "no base64": lambda token: token[:12] + "é",
}


@pytest.mark.fidelity("C-11")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_token_of_resources_is_refused(
    cloudcontrol_client: CloudControlApiClient, token: str, change: Callable[[str], str]
) -> None:
    """A token that no page has carried is refused."""
    changed = change(token)
    assert refusal(cloudcontrol_client.list_resources, **FIRST_FLOOR, NextToken=changed) == invalid(changed)


@pytest.mark.fidelity("C-11")
def test_a_token_is_of_one_operation(cloudcontrol_client: CloudControlApiClient, token: str) -> None:
    """Neither list takes the other's token."""
    for name in ("a", "b"):
        create(cloudcontrol_client, name)
    of_requests = cloudcontrol_client.list_resource_requests(MaxResults=1)["NextToken"]
    assert refusal(cloudcontrol_client.list_resource_requests, NextToken=token) == invalid(token)
    assert refusal(cloudcontrol_client.list_resources, **FIRST_FLOOR, NextToken=of_requests) == invalid(of_requests)


FILTER: Final[ResourceRequestStatusFilterTypeDef] = {
    "Operations": ["CREATE", "DELETE"],
    "OperationStatuses": ["IN_PROGRESS"],
}


@pytest.fixture
def token_of_requests(cloudcontrol_client: CloudControlApiClient) -> str:
    """Ask for three log groups, and return the token after the newest."""
    for name in ("a", "b", "c"):
        create(cloudcontrol_client, name)
    first = cloudcontrol_client.list_resource_requests(MaxResults=1, ResourceRequestStatusFilter=FILTER)
    return first["NextToken"]


@pytest.mark.fidelity("C-11")
@pytest.mark.parametrize(
    "same", [FILTER, {"Operations": ["DELETE", "CREATE", "CREATE"], "OperationStatuses": ["IN_PROGRESS"]}]
)
def test_a_token_of_requests_goes_on_with_its_list(
    cloudcontrol_client: CloudControlApiClient, token_of_requests: str, same: Any
) -> None:
    """The next page may have another size, and the filter its words in another order."""
    answer = cloudcontrol_client.list_resource_requests(
        MaxResults=5, ResourceRequestStatusFilter=same, NextToken=token_of_requests
    )
    assert [each["Identifier"] for each in answer["ResourceRequestStatusSummaries"]] == ["b", "a"]


@pytest.mark.fidelity("C-11")
@pytest.mark.parametrize(
    "other",
    [
        {},
        {"ResourceRequestStatusFilter": {**FILTER, "Operations": ["CREATE"]}},
        {"ResourceRequestStatusFilter": {**FILTER, "OperationStatuses": ["SUCCESS"]}},
    ],
    ids=["no filter", "operations", "statuses"],
)
def test_a_token_of_requests_is_of_one_filter(
    cloudcontrol_client: CloudControlApiClient, token_of_requests: str, other: dict[str, Any]
) -> None:
    """A token is refused with another filter."""
    told = refusal(cloudcontrol_client.list_resource_requests, **other, NextToken=token_of_requests)
    assert told == invalid(token_of_requests)


@pytest.mark.fidelity("C-11")
@pytest.mark.parametrize(("region", "account_id"), ELSEWHERE)
def test_a_token_of_requests_is_of_one_account_and_region(
    cloudcontrol: CloudControl, token_of_requests: str, region: str | None, account_id: str | None
) -> None:
    """A token is refused in another account or region."""
    told = refusal(
        cloudcontrol.client(region, account_id).list_resource_requests,
        ResourceRequestStatusFilter=FILTER,
        NextToken=token_of_requests,
    )
    assert told == invalid(token_of_requests)


@pytest.mark.fidelity("C-29")
@pytest.mark.parametrize("given", ["arn:aws:s3:::app", "two words", "x" * 513])
def test_a_token_that_is_no_log_groups_name_is_refused(cloudcontrol_client: CloudControlApiClient, given: str) -> None:
    """A list of log groups refuses a token that can't be the name of one."""
    assert refusal(cloudcontrol_client.list_resources, TypeName=LOG_GROUP, NextToken=given) == invalid(given)


@pytest.mark.fidelity("C-29")
def test_a_log_group_that_is_gone_is_a_token_still(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Code that deletes what each page shows can go on with the page's token."""
    for name in ("a", "b", "c"):
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": name})
    token = cloudcontrol_client.list_resources(TypeName=LOG_GROUP)["NextToken"]
    for name in ("a", "b"):
        cloudcontrol.resources.delete(LOG_GROUP, name)
    rest = cloudcontrol_client.list_resources(TypeName=LOG_GROUP, NextToken=token)["ResourceDescriptions"]
    assert [each["Identifier"] for each in rest] == ["c"]
