"""The order in which a resource's properties are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from generation_support import bundled, completed, of_properties

from pytest_cloudcontrol.documents import compact
from pytest_cloudcontrol.schemas.shown import in_shown_order

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject


@pytest.mark.parametrize(
    ("type_name", "given", "order"),
    [
        (
            "AWS::Logs::LogGroup",
            {"LogGroupName": "orders", "RetentionInDays": 1, "Tags": []},
            [
                "FieldIndexPolicies",
                "RetentionInDays",
                "BearerTokenAuthenticationEnabled",
                "LogGroupClass",
                "LogGroupName",
                "Arn",
                "DeletionProtectionEnabled",
                "Tags",
                "DataProtectionPolicy",
            ],
        ),
        (
            "AWS::S3::Bucket",
            {"BucketName": "orders"},
            [
                "AbacStatus",
                "PublicAccessBlockConfiguration",
                "BucketName",
                "RegionalDomainName",
                "OwnershipControls",
                "DomainName",
                "BucketEncryption",
                "WebsiteURL",
                "DualStackDomainName",
                "Arn",
            ],
        ),
    ],
)
def test_order_of_recorded_models(type_name: str, given: JSONObject, order: list[str]) -> None:
    """The recorded resources are shown with their properties in the recorded order."""
    assert list(in_shown_order(bundled(type_name), completed(type_name, given))) == order


def test_order_inside() -> None:
    """Objects inside a resource, and those inside its arrays, have the same order: a tag's value stands first."""
    shelf = of_properties([], {})
    model: JSONObject = {
        "Tags": [{"Key": "team", "Value": "a"}],
        "Tag": {"Key": "team", "Value": {"Key": 1, "Value": 2}},
    }
    assert compact(in_shown_order(shelf, model)) == (
        '{"Tag":{"Value":{"Value":2,"Key":1},"Key":"team"},"Tags":[{"Value":"a","Key":"team"}]}'
    )


def test_members_of_one_bucket() -> None:
    """Members that Java's map keeps in one bucket stand in the schema's order, whatever the caller's was."""
    shelf = of_properties([], {"SubnetIds": {}, "SecurityGroupIds": {}})
    other = of_properties([], {"SecurityGroupIds": {}, "SubnetIds": {}})
    models: list[JSONObject] = [
        {"SubnetIds": [], "SecurityGroupIds": []},
        {"SecurityGroupIds": [], "SubnetIds": []},
    ]
    for model in models:
        assert list(in_shown_order(shelf, model)) == ["SubnetIds", "SecurityGroupIds"]
        assert list(in_shown_order(other, model)) == ["SecurityGroupIds", "SubnetIds"]
