"""The bundled schemas: what is in them, and that every one of them works."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from files import json_object

import pytest_cloudcontrol.schemas
from pytest_cloudcontrol.documents import JSONObject, values_at
from pytest_cloudcontrol.schemas.catalog import Catalog
from pytest_cloudcontrol.schemas.keywords import all_schemas
from pytest_cloudcontrol.schemas.patterns import python_pattern
from pytest_cloudcontrol.schemas.patterns.replacements import REPLACEMENTS

if TYPE_CHECKING:
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

DATA = Path(pytest_cloudcontrol.schemas.__file__).with_name("data")


@pytest.fixture(scope="module")
def types() -> list[ResourceType]:
    """Every bundled type."""
    catalog = Catalog()
    return [resource_type for name in catalog if (resource_type := catalog.find(name)) is not None]


# What is in the bundle


def test_every_type_loads(types: list[ResourceType]) -> None:
    """Every bundled schema is one of a resource type, and the bundle says how many there are."""
    source = json_object(DATA / "SOURCE.json")
    assert len(types) == len(Catalog()) == source["types"]
    assert sum(resource_type.is_provisionable for resource_type in types) == source["types_with_handlers"]


@pytest.mark.parametrize(
    ("place", "name"), [((), "c7n-awscc"), (("arn_templates",), "@aws-cdk/aws-service-spec")], ids=["schemas", "arns"]
)
def test_the_bundle_says_where_it_comes_from(place: tuple[str, ...], name: str) -> None:
    """Name, version, date and licence of both sources are recorded."""
    (source,) = values_at(json_object(DATA / "SOURCE.json"), place)
    assert isinstance(source, dict)
    assert (source["name"], source["licence"]) == (name, "Apache-2.0")
    assert re.fullmatch(r"\d+\.\d+\.\d+", str(source["version"]))
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(source["date"]))


def test_index_and_data_agree() -> None:
    """The index leads to each line of the data, in order and without a gap."""
    data = (DATA / "types.jsonl").read_bytes()
    index = cast("dict[str, tuple[int, int]]", json_object(DATA / "index.json"))
    assert list(index) == sorted(index)
    end = 0
    for name, (offset, length) in index.items():
        assert offset == end
        assert data[offset : offset + 1] == b"{"
        assert json.loads(data[offset : offset + length])["typeName"] == name
        assert data[offset + length : offset + length + 1] == b"\n"
        end = offset + length + 1
    assert end == len(data)


def test_handlers_keep_their_permissions() -> None:
    """The permissions of the handlers are in the bundle."""
    log_group = Catalog().find("AWS::Logs::LogGroup")
    assert log_group is not None
    (permissions,) = values_at(log_group.schema, ("handlers", "create", "permissions"))
    assert isinstance(permissions, list)
    assert "logs:CreateLogGroup" in permissions


def test_arn_templates(types: list[ResourceType]) -> None:
    """The forms of Arns are in the bundle, and the bundle says how many there are."""
    source = json_object(DATA / "SOURCE.json")
    templates = {of.type_name: template for of in types if (template := of.schema.get("arnTemplate")) is not None}
    assert [len(templates)] == list(values_at(source, ("arn_templates", "types")))
    assert templates["AWS::Logs::LogGroup"] == "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}"
    assert {type(template) for template in templates.values()} == {str}


@pytest.fixture(scope="module")
def patterns(types: list[ResourceType]) -> set[str]:
    """Every pattern in the bundle."""
    found: set[str] = set()
    for resource_type in types:
        for schema in all_schemas(resource_type.schema):
            found.update(cast("JSONObject", schema.get("patternProperties", {})))
            if "pattern" in schema:
                found.add(str(schema["pattern"]))
    return found


@pytest.mark.slow
def test_every_pattern_compiles(patterns: set[str]) -> None:
    """Every pattern is one of Python's, and one that Python has no doubts about."""
    assert len(patterns) > 2000
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for pattern in patterns:
            re.compile(pattern, re.ASCII)


def test_every_replacement_is_used(patterns: set[str]) -> None:
    """Each pattern that has a replacement is one of AWS's."""
    assert [java for java in REPLACEMENTS if python_pattern(java) not in patterns] == []
