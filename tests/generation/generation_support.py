"""What the tests of made-up values share: where and when they are made, a type of shelves, and one value of it."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.schemas.catalog import Catalog
from pytest_cloudcontrol.schemas.generation import MadeIn, complete
from pytest_cloudcontrol.schemas.resource_type import ResourceType

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue

MADE_IN: Final = MadeIn("123456789012", "eu-west-1", datetime(2026, 10, 1, 12, 30, tzinfo=UTC))


def of_properties(read_only: list[str], properties: JSONObject, **keywords: JSONValue) -> ResourceType:
    """Return a type of shelves with a name and these properties."""
    shelf: JSONObject = {
        "typeName": "Test::Library::Shelf",
        "properties": {"Name": {"type": "string"}, **properties},
        "primaryIdentifier": ["/properties/Name"],
        "readOnlyProperties": [f"/properties/{path}" for path in read_only],
    }
    return ResourceType.from_schema({**shelf, **keywords})


def made(described: JSONObject, name: str = "Thing", **keywords: JSONValue) -> JSONValue:
    """Return the value made up for a read-only property that is described so."""
    shelf = of_properties([name], {name: described}, **keywords)
    return complete(shelf, {"Name": "top"}, MADE_IN, Random(0))[name]


def bundled(type_name: str) -> ResourceType:
    """Return one of AWS's types."""
    resource_type = Catalog().find(type_name)
    assert resource_type is not None
    return resource_type


def completed(type_name: str, model: JSONObject, region: str = "eu-west-1") -> JSONObject:
    """Return what a new resource of one of AWS's types has."""
    made_in = MadeIn(MADE_IN.account_id, region, MADE_IN.now)
    return complete(bundled(type_name), model, made_in, Random(0))
