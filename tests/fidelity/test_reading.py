"""GetResource and ListResources: what is shown of a resource, and how a list is paged and selected."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from fidelity_support import ORDER, log_group_not_found, order_schema, token_of, without_token
from refusals import Refusal, refusal
from resource_types import LOG_GROUP, STAGE

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)


def names(answer: Any) -> list[str]:
    """Return the identifiers of a page of resources."""
    return [description["Identifier"] for description in answer["ResourceDescriptions"]]


# GetResource


@pytest.mark.fidelity("O-22")
def test_get_shows_read_only_values_and_never_write_only_ones(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """GetResource answers the type, the primary identifier and the properties, nested write-only ones left out."""
    cloudcontrol.add_type(order_schema())
    cloudcontrol.resources.put(
        ORDER, {"Name": "first", "Password": "p", "Card": {"Number": "1", "Pin": "2"}, "Serial": "S1", "Shelf": "A"}
    )
    answer = cloudcontrol_client.get_resource(TypeName=ORDER, Identifier="first")
    assert set(answer) == {"TypeName", "ResourceDescription", "ResponseMetadata"}
    assert answer["TypeName"] == ORDER
    assert set(answer["ResourceDescription"]) == {"Identifier", "Properties"}
    assert answer["ResourceDescription"]["Identifier"] == "first"
    assert json.loads(answer["ResourceDescription"]["Properties"]) == {
        "Name": "first",
        "Card": {"Number": "1"},
        "Serial": "S1",
        "Shelf": "A",
    }


@pytest.mark.fidelity("O-23")
def test_get_of_an_absent_resource_says_what_the_handler_said(cloudcontrol_client: CloudControlApiClient) -> None:
    """The read handler's failure is answered in the recorded words, each time with another token."""
    told = [
        refusal(cloudcontrol_client.get_resource, TypeName=LOG_GROUP, Identifier=name) for name in ("none", "nothing")
    ]
    assert [without_token(each) for each in told] == [log_group_not_found("none"), log_group_not_found("nothing")]
    assert token_of(told[0]) != token_of(told[1])


@pytest.mark.fidelity("O-23")
def test_get_of_an_absent_resource_makes_no_request(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The token in the message of a failed read belongs to no request, and the list of requests stays empty."""
    refusal(lambda: cloudcontrol_client.get_resource(TypeName=LOG_GROUP, Identifier="none"))
    assert not cloudcontrol.requests
    assert cloudcontrol_client.list_resource_requests()["ResourceRequestStatusSummaries"] == []


# ListResources


@pytest.mark.fidelity("O-24")
def test_list_of_nothing_is_an_empty_array(cloudcontrol_client: CloudControlApiClient) -> None:
    """Where there is no resource, ResourceDescriptions is an empty array, and there is no NextToken."""
    answer: dict[str, Any] = {**cloudcontrol_client.list_resources(TypeName=LOG_GROUP)}
    del answer["ResponseMetadata"]
    assert answer == {"TypeName": LOG_GROUP, "ResourceDescriptions": []}


@pytest.mark.fidelity("O-24")
def test_list_describes_each_resource(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Each resource of the type has its Identifier and its Properties, without write-only ones."""
    cloudcontrol.add_type(order_schema())
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "other"})
    for name in ("first", "second"):
        cloudcontrol.resources.put(ORDER, {"Name": name, "Password": "p", "Serial": "S", "Shelf": "A"})
    answer = cloudcontrol_client.list_resources(TypeName=ORDER)
    assert [
        (description["Identifier"], json.loads(description["Properties"]))
        for description in answer["ResourceDescriptions"]
    ] == [(name, {"Name": name, "Serial": "S", "Shelf": "A"}) for name in ("first", "second")]


@pytest.mark.fidelity("O-25")
@pytest.mark.parametrize(
    ("type_name", "properties", "shown"),
    [
        ("AWS::S3::Bucket", {"BucketName": "photos", "ObjectLockEnabled": True}, {"BucketName": "photos"}),
        (
            LOG_GROUP,
            {
                "LogGroupName": "app",
                "Arn": "arn:x",
                "LogGroupClass": "STANDARD",
                "RetentionInDays": 7,
                "Tags": [{"Key": "a", "Value": "b"}],
                "KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/k",
                "DataProtectionPolicy": {},
            },
            {
                "LogGroupName": "app",
                "Arn": "arn:x",
                "LogGroupClass": "STANDARD",
                "RetentionInDays": 7,
                "Tags": [{"Key": "a", "Value": "b"}],
            },
        ),
        (
            LOG_GROUP,
            {
                "LogGroupName": "app",
                "Arn": "arn:x",
                "LogGroupClass": "STANDARD",
                "KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/k",
            },
            {"LogGroupName": "app", "Arn": "arn:x", "LogGroupClass": "STANDARD"},
        ),
    ],
    ids=["bucket", "log group", "log group without retention and tags"],
)
def test_a_list_may_show_less_than_get(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    type_name: str,
    properties: dict[str, Any],
    shown: dict[str, Any],
) -> None:
    """Buckets and log groups are listed with the few properties that were recorded."""
    cloudcontrol.resources.put(type_name, properties)
    (description,) = cloudcontrol_client.list_resources(TypeName=type_name)["ResourceDescriptions"]
    assert json.loads(description["Properties"]) == shown


@pytest.mark.fidelity("O-26")
def test_max_results_is_ignored(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """ListResources with MaxResults=1 shows as many resources as without."""
    for number in range(10):
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": f"app-{number}"})
    assert len(names(cloudcontrol_client.list_resources(TypeName=LOG_GROUP, MaxResults=1))) == 10


@pytest.mark.fidelity("O-26")
def test_max_results_is_checked_all_the_same(cloudcontrol_client: CloudControlApiClient) -> None:
    """A MaxResults out of its range is refused."""
    assert refusal(lambda: cloudcontrol_client.list_resources(TypeName=LOG_GROUP, MaxResults=101)) == Refusal(
        "ValidationException",
        "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: "
        "Member must have value less than or equal to 100",
        400,
    )


@pytest.mark.fidelity("C-8")
@pytest.mark.parametrize(("count", "pages"), [(100, [100]), (101, [100, 1]), (200, [100, 100])])
def test_a_page_has_a_hundred_resources(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, count: int, pages: list[int]
) -> None:
    """A page holds 100 resources, so that code which reads only the first one loses nothing."""
    for number in range(count):
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": f"app-{number:03}"})
    found = list(cloudcontrol_client.get_paginator("list_resources").paginate(TypeName=LOG_GROUP))
    assert [len(names(page)) for page in found] == pages
    assert len({name for page in found for name in names(page)}) == count


@pytest.mark.fidelity("O-27")
@pytest.mark.cloudcontrol(list_page_size=2)
def test_the_next_token_is_the_last_identifier(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """NextToken names the last resource of the page, and is absent on the last page."""
    for name in ("a", "b", "c"):
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": name})
    first = cloudcontrol_client.list_resources(TypeName=LOG_GROUP)
    assert (names(first), first["NextToken"]) == (["a", "b"], "b")
    last = cloudcontrol_client.list_resources(TypeName=LOG_GROUP, NextToken=first["NextToken"])
    assert (names(last), "NextToken" in last) == (["c"], False)


@pytest.mark.fidelity("O-28")
@pytest.mark.parametrize("given", [{}, {"ResourceModel": "{}"}, {"ResourceModel": '{"NodegroupName": "x"}'}])
def test_a_list_handler_may_require_a_model(cloudcontrol_client: CloudControlApiClient, given: dict[str, Any]) -> None:
    """A type whose list handler needs properties refuses a list without them, in the recorded words."""
    assert refusal(lambda: cloudcontrol_client.list_resources(TypeName="AWS::EKS::Nodegroup", **given)) == Refusal(
        "InvalidRequestException",
        "Missing or invalid ResourceModel property in AWS::EKS::Nodegroup list handler request input."
        "Required property: (#: required key [ClusterName] not found)",
        400,
    )


@pytest.mark.fidelity("O-28")
def test_the_model_selects_by_the_required_properties(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Only resources that have the model's values are listed; other properties in the model don't count."""
    for api, stage in (("a", "prod"), ("a", "test"), ("b", "prod")):
        cloudcontrol.resources.put(STAGE, {"RestApiId": api, "StageName": stage})
    model = json.dumps({"RestApiId": "a", "StageName": "prod"})
    assert names(cloudcontrol_client.list_resources(TypeName=STAGE, ResourceModel=model)) == ["a|prod", "a|test"]


@pytest.mark.fidelity("C-9")
@pytest.mark.parametrize("model", ["[]", "1", "null", '"text"'])
def test_a_model_that_is_no_object_is_refused(cloudcontrol_client: CloudControlApiClient, model: str) -> None:
    """A ResourceModel of another kind of JSON is a ValidationException."""
    told = refusal(lambda: cloudcontrol_client.list_resources(TypeName=LOG_GROUP, ResourceModel=model))
    assert told == Refusal("ValidationException", "ResourceModel is not valid: expected a JSON object", 400)


@pytest.mark.fidelity("C-9")
def test_a_model_that_is_no_json_is_refused(cloudcontrol_client: CloudControlApiClient) -> None:
    """A ResourceModel that isn't JSON is a ValidationException that says so."""
    told = refusal(lambda: cloudcontrol_client.list_resources(TypeName=LOG_GROUP, ResourceModel="{"))
    assert told == Refusal("ValidationException", told.message, 400)
    assert told.message.startswith("ResourceModel is not valid JSON: ")
