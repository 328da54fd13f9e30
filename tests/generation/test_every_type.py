"""Every type that can be created and read: the least that its schema asks for makes a resource, and a valid one.

What is validated is the resource with its write-only properties, since a schema may require these although GetResource
never shows them; and what GetResource shows is that resource without them.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from generation_support import SURROUNDINGS, bundled

from pytest_cloudcontrol.documents import values_at
from pytest_cloudcontrol.schemas.catalog import Catalog
from pytest_cloudcontrol.schemas.generation import Surroundings, complete
from pytest_cloudcontrol.schemas.generation.facts import Facts
from pytest_cloudcontrol.schemas.generation.values import ValueMaker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl
    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

ARN: Final = re.compile(r"arn:aws:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:.+")

EXCEPTIONS: Final[Mapping[str, str]] = {}
"""What goes wrong with which type, with a comment that says why. One that stands here and passes fails its test too."""


def types_by_initial() -> Mapping[str, list[str]]:
    """Return the names of the bundled types, by the first letter of their service's name."""
    types = defaultdict(list)
    for type_name in Catalog():
        types[type_name.removeprefix("AWS::")[0]].append(type_name)
    return types


def least_state(resource_type: ResourceType) -> JSONValue:
    """Return a desired state with nothing but what the schema asks for."""
    facts = Facts(resource_type, {}, SURROUNDINGS, Random(resource_type.type_name))
    # What stands beside a type's properties is no keyword of JSON Schema, but a registry's.
    return ValueMaker(facts).value(resource_type.kind, {**resource_type.schema, "type": "object"})


def what_goes_wrong(cloudcontrol: CloudControl, client: CloudControlApiClient, resource_type: ResourceType) -> str:
    """Create a resource and read it; return what goes wrong, empty if nothing does."""
    type_name = resource_type.type_name
    try:
        client.create_resource(TypeName=type_name, DesiredState=json.dumps(least_state(resource_type)))
    except client.exceptions.ClientError as refusal:
        return str(refusal)
    request = cloudcontrol.requests.last.run()
    if request.status != "SUCCESS" or request.identifier is None:
        return f"{request.status}: {request.status_message}"
    shown = client.get_resource(TypeName=type_name, Identifier=request.identifier)["ResourceDescription"]
    resource = cloudcontrol.resources.get(type_name, request.identifier)
    assert resource is not None
    assert json.loads(shown["Properties"]) == resource_type.without_write_only(resource)
    return "\n".join(resource_type.validator.violations(resource))


@pytest.mark.fidelity("G-4")
@pytest.mark.parametrize("initial", sorted(types_by_initial()))
def test_least_state_makes_a_valid_resource(
    initial: str, cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A minimal desired state of every type is accepted, ends in SUCCESS, and what is read satisfies the schema."""
    types = [bundled(type_name) for type_name in types_by_initial()[initial]]
    wrong = {
        resource_type.type_name: found
        for resource_type in types
        if {"create", "read"} <= resource_type.handlers
        and (found := what_goes_wrong(cloudcontrol, cloudcontrol_client, resource_type))
    }
    of_types = {resource_type.type_name for resource_type in types}
    assert wrong == {type_name: found for type_name, found in EXCEPTIONS.items() if type_name in of_types}


def made_texts(
    value: JSONValue, schema: JSONObject | None, of: ResourceType, name: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield the name and value of each text that was made up, not copied from a default or an enum."""
    if schema is not None and schema.keys() & {"default", "enum", "const"}:
        return
    if isinstance(value, dict):
        properties = schema.get("properties") if schema is not None else None
        for key, part in value.items():
            described = properties.get(key) if isinstance(properties, dict) else None
            yield from made_texts(part, of.resolved(described) if isinstance(described, dict) else None, of, key)
    elif isinstance(value, str):
        yield name, value


def test_every_identifier_is_made_whole() -> None:
    """Every type gets its whole identifier out of nothing, and none of its parts can be mistaken for two."""
    for type_name in Catalog():
        resource_type = bundled(type_name)
        resource = complete(resource_type, {}, SURROUNDINGS, Random(0))
        for path in resource_type.primary_identifier:
            (value,) = values_at(resource, path)
            assert isinstance(value, str | int), (type_name, path)
            assert value != ""
            assert "|" not in str(value), (type_name, path)


def test_every_arn_looks_like_one() -> None:
    """Whatever is called an Arn looks like an Arn, but for one whose pattern demands backslashes in it."""
    arns = {
        (type_name, name): text
        for type_name in Catalog()
        for name, text in made_texts(
            complete(bundled(type_name), {}, SURROUNDINGS, Random(0)), bundled(type_name).schema, bundled(type_name)
        )
        if name.endswith(("Arn", "ARN"))
    }
    assert len(arns) > 1000
    assert [of for of, text in arns.items() if not ARN.fullmatch(text)] == [
        ("AWS::RefactorSpaces::Application", "NlbArn")
    ]


def test_identifiers_that_the_service_makes_differ() -> None:
    """Two resources of a type get different identifiers, unless the schema or the account leaves only one."""
    random = Random(0)
    singular = {SURROUNDINGS.account_id, SURROUNDINGS.region}

    def identifier(of: ResourceType) -> list[JSONValue]:
        resource = complete(of, {}, SURROUNDINGS, random)
        return [value for path in of.primary_identifier for value in values_at(resource, path)]

    same = [
        type_name
        for type_name in Catalog()
        if set((of := bundled(type_name)).primary_identifier) <= set(of.read_only)
        and not any("enum" in (of.property_schema(path) or {}) for path in of.primary_identifier)
        and identifier(of) == identifier(of)
        and not singular.issuperset(map(str, identifier(of)))
    ]
    # There are two of these in an account: the pattern of their Arns has the kind of contact at its end.
    assert same == ["AWS::Lightsail::ContactMethod"]


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_resources_of_other_partitions_are_valid(region: str) -> None:
    """What is made up in other partitions, whose Arns and domains are others, satisfies the schemas too."""
    surroundings = Surroundings("000000000001", region, SURROUNDINGS.now)
    wrong = {}
    for type_name in Catalog():
        resource_type = bundled(type_name)
        state = least_state(resource_type)
        assert isinstance(state, dict)
        given = resource_type.without_read_only(state)
        violations = resource_type.validator.violations(complete(resource_type, given, surroundings, Random(0)))
        if violations:
            wrong[type_name] = violations
    assert wrong == {}
