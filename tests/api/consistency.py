"""What tests of plan(consistent_after=...) ask: what GetResource and ListResources show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from calls import shown
from shop import ORDER, Shop

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl


MINUTE = 60.0


def lagging(cloudcontrol: CloudControl) -> Shop:
    """Return what asks for orders, of which everything is consistent a minute after its request's end."""
    cloudcontrol.clock.auto_advance = False  # so that looking twice changes nothing
    cloudcontrol.plan(consistent_after=MINUTE, steps=2)
    return Shop(cloudcontrol)


def seen(shop: Shop, name: str = "n1", type_name: str = ORDER) -> dict[str, Any] | None:
    """Return what GetResource shows, without the ARN; None if there is no such resource."""
    try:
        properties = shown(shop.client, type_name, name)
    except shop.client.exceptions.ResourceNotFoundException:
        return None
    properties.pop("Arn", None)
    return properties


def listed(shop: Shop, type_name: str = ORDER) -> dict[str, dict[str, Any]]:
    """Return what ListResources shows, on all pages, by the identifier."""
    found: dict[str, dict[str, Any]] = {}
    for page in shop.client.get_paginator("list_resources").paginate(TypeName=type_name):
        for description in page["ResourceDescriptions"]:
            assert description["Identifier"] not in found
            found[description["Identifier"]] = json.loads(description["Properties"])
    return found


def is_seen(shop: Shop, name: str = "n1") -> bool:
    """Whether GetResource and ListResources show an order; they agree."""
    there = seen(shop, name) is not None
    assert (name in listed(shop)) == there
    return there
