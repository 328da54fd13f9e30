"""The bundled schemas: what is in them, and that every one of them works."""

from __future__ import annotations

import json
import re
import warnings
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, cast

import pytest

import pytest_cloudcontrol.schemas
from pytest_cloudcontrol.documents import JSONObject, JSONValue, parse, values_at
from pytest_cloudcontrol.schemas.catalog import Catalog
from pytest_cloudcontrol.schemas.generation import Surroundings, complete
from pytest_cloudcontrol.schemas.keywords import all_schemas
from pytest_cloudcontrol.schemas.patterns import python_pattern
from pytest_cloudcontrol.schemas.patterns.replacements import REPLACEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.schemas.resource_type import ResourceType

DATA = Path(pytest_cloudcontrol.schemas.__file__).with_name("data")
SURROUNDINGS = Surroundings("123456789012", "us-east-1", datetime(2026, 10, 1, tzinfo=UTC))
ARN = re.compile(r"arn:aws:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:.+")
# Its pattern asks for a backslash and twelve w, where it means twelve characters of a word.
NO_USUAL_ARN = {("AWS::RefactorSpaces::Application", "NlbArn")}
# Its pattern leaves two identifiers, one for e-mail and one for SMS.
FEW_IDENTIFIERS = {"AWS::Lightsail::ContactMethod"}


def json_file(path: Path) -> JSONObject:
    """Read a JSON object from a file."""
    return cast("JSONObject", parse(path.read_bytes()))


@pytest.fixture(scope="module")
def types() -> list[ResourceType]:
    """Every bundled type."""
    catalog = Catalog()
    return [resource_type for name in catalog if (resource_type := catalog.find(name)) is not None]


# What is in the bundle


def test_every_type_loads(types: list[ResourceType]) -> None:
    """Every bundled schema is one of a resource type, and the bundle says how many there are."""
    source = json_file(DATA / "SOURCE.json")
    assert len(types) == len(Catalog()) == source["types"]
    assert sum(resource_type.is_provisionable for resource_type in types) == source["types_with_handlers"]


@pytest.mark.parametrize(
    ("place", "name"), [((), "c7n-awscc"), (("arn_templates",), "@aws-cdk/aws-service-spec")], ids=["schemas", "arns"]
)
def test_the_bundle_says_where_it_comes_from(place: tuple[str, ...], name: str) -> None:
    """Name, version, date and licence of both sources are recorded."""
    (source,) = values_at(json_file(DATA / "SOURCE.json"), place)
    assert isinstance(source, dict)
    assert (source["name"], source["licence"]) == (name, "Apache-2.0")
    assert re.fullmatch(r"\d+\.\d+\.\d+", str(source["version"]))
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(source["date"]))


def test_index_and_data_agree() -> None:
    """The index leads to each line of the data, in order and without a gap."""
    data = (DATA / "types.jsonl").read_bytes()
    index = cast("dict[str, tuple[int, int]]", json_file(DATA / "index.json"))
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
    source = json_file(DATA / "SOURCE.json")
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


# Every type can be completed


def texts(value: JSONValue, schema: JSONObject | None, of: ResourceType, name: str) -> Iterator[tuple[str, str]]:
    """Yield the name and value of each text that was made up, not copied from a default or an enum."""
    if schema is not None and schema.keys() & {"default", "enum", "const"}:
        return
    if isinstance(value, dict):
        properties = schema.get("properties") if schema is not None else None
        for key, part in value.items():
            described = properties.get(key) if isinstance(properties, dict) else None
            yield from texts(part, of.resolved(described) if isinstance(described, dict) else None, of, key)
    elif isinstance(value, str):
        yield name, value


def test_every_type_can_be_completed(types: list[ResourceType]) -> None:
    """Every type gets its whole identifier out of nothing, and none of its parts can be mistaken for two."""
    for resource_type in types:
        completed = complete(resource_type, {}, SURROUNDINGS, Random(0))
        for path in resource_type.primary_identifier:
            (value,) = values_at(completed, path)
            assert isinstance(value, str | int), (resource_type.type_name, path)
            assert value != ""
            assert "|" not in str(value), (resource_type.type_name, path)


def test_every_arn_looks_like_one(types: list[ResourceType]) -> None:
    """Whatever is called an Arn looks like an Arn, if its pattern allows."""
    arns = [
        (resource_type.type_name, name, text)
        for resource_type in types
        for name, text in texts(
            complete(resource_type, {}, SURROUNDINGS, Random(0)), resource_type.schema, resource_type, ""
        )
        if name.endswith(("Arn", "ARN"))
    ]
    assert len(arns) > 1000
    assert {found[:2] for found in arns if not ARN.fullmatch(found[2])} <= NO_USUAL_ARN


def test_identifiers_that_the_service_makes_differ(types: list[ResourceType]) -> None:
    """Two resources of a type get different identifiers, unless the schema or the account leaves only one."""
    random = Random(0)
    singular = {SURROUNDINGS.account_id, SURROUNDINGS.region}

    def identifier(of: ResourceType) -> list[JSONValue]:
        completed = complete(of, {}, SURROUNDINGS, random)
        return [value for path in of.primary_identifier for value in values_at(completed, path)]

    same = {
        resource_type.type_name
        for resource_type in types
        if set(resource_type.primary_identifier) <= set(resource_type.read_only)
        and not any("enum" in (resource_type.property_schema(path) or {}) for path in resource_type.primary_identifier)
        and identifier(resource_type) == identifier(resource_type)
        and not singular.issuperset(map(str, identifier(resource_type)))
    }
    assert same <= FEW_IDENTIFIERS
