"""Every type that can be created and read: the least that its schema asks for makes a resource, and a valid one.

Two things are validated: the resource with its write-only properties, and what GetResource shows, which is the resource
without them. A schema may require what is never shown; the types whose schemas do so are listed.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from generation_support import MADE_IN, bundled

from pytest_cloudcontrol.documents import values_at
from pytest_cloudcontrol.schemas.catalog import Catalog
from pytest_cloudcontrol.schemas.generation import MadeIn, complete
from pytest_cloudcontrol.schemas.generation.known import KnownOf
from pytest_cloudcontrol.schemas.generation.values import ValueMaker
from pytest_cloudcontrol.vocabulary import HandlerOperation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl
    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

MISSING: Final = re.compile(r"required key \[(\w+)\] not found")
ARN: Final = re.compile(r"arn:aws:[a-z0-9-]+:[a-z0-9-]*:(?:[0-9]*|aws):.+|")

REFUSED_AS_RECORDED: Final[Mapping[str, Sequence[str]]] = {
    "AWS::DynamoDB::GlobalTable": ["#/Replicas/0/GlobalTableSettingsReplicationMode: [enum]"],
    "AWS::KinesisVideo::SignalingChannel": ["#/Tags: expected minimum item count: 1, found: 0"],
    "AWS::KinesisVideo::Stream": ["#/Tags: expected minimum item count: 1, found: 0"],
    "AWS::Lambda::EventInvokeConfig": [
        "#/DestinationConfig/OnSuccess: required key [Destination] not found",
        "#/DestinationConfig/OnFailure: required key [Destination] not found",
    ],
    "AWS::VpcLattice::ServiceNetworkVpcAssociation": [
        "#/DnsOptions/PrivateDnsSpecifiedDomains: expected minimum item count: 1, found: 0"
    ],
    "AWS::WAFv2::IPSet": ["#/Description: [pattern]"],
    "AWS::WAFv2::RegexPatternSet": ["#/Description: [pattern]"],
    "AWS::WAFv2::RuleGroup": ["#/Description: [pattern]"],
    "AWS::WAFv2::WebACL": ["#/Description: [pattern]"],
}
"""The types of which AWS was recorded to show what their own schemas refuse, with what is refused: every update is
refused then, too. One that stands here and is shown valid fails its test, as does one that is otherwise invalid."""

REQUIRED_BUT_NOT_SHOWN: Final[Mapping[str, Sequence[str]]] = {
    "AWS::ACMPCA::Certificate": ["CertificateSigningRequest", "SigningAlgorithm", "Validity"],
    "AWS::ACMPCA::CertificateAuthority": ["Subject"],
    "AWS::ACMPCA::CertificateAuthorityActivation": ["Certificate"],
    "AWS::AppStream::DirectoryConfig": ["AccountPassword"],
    "AWS::AppStream::ImageBuilder": ["ImageArn", "ImageName"],
    "AWS::Bedrock::GuardrailVersion": ["GuardrailIdentifier"],
    "AWS::CloudFormation::HookVersion": ["SchemaHandlerPackage"],
    "AWS::CloudFormation::ModuleVersion": ["ModulePackage"],
    "AWS::CloudFormation::ResourceVersion": ["SchemaHandlerPackage"],
    "AWS::CloudFormation::StackSet": ["TemplateBody", "TemplateURL"],
    "AWS::CloudFormation::TypeActivation": ["Type", "PublicTypeArn"],
    "AWS::CodeBuild::SourceCredential": ["Token"],
    "AWS::DataZone::Connection": ["DomainIdentifier"],
    "AWS::DataZone::DataSource": ["DomainIdentifier", "ProjectIdentifier"],
    "AWS::DataZone::Environment": ["ProjectIdentifier", "DomainIdentifier"],
    "AWS::DataZone::EnvironmentBlueprintConfiguration": ["DomainIdentifier", "EnvironmentBlueprintIdentifier"],
    "AWS::DataZone::EnvironmentProfile": ["EnvironmentBlueprintIdentifier", "ProjectIdentifier", "DomainIdentifier"],
    "AWS::DataZone::GroupProfile": ["DomainIdentifier"],
    "AWS::DataZone::Owner": ["Owner"],
    "AWS::DataZone::Project": ["DomainIdentifier"],
    "AWS::DataZone::ProjectMembership": ["Designation", "Member"],
    "AWS::DataZone::SubscriptionTarget": ["DomainIdentifier", "EnvironmentIdentifier"],
    "AWS::DataZone::UserProfile": ["DomainIdentifier", "UserIdentifier"],
    "AWS::EC2::LaunchTemplate": ["LaunchTemplateData"],
    "AWS::Lambda::LayerVersion": ["Content"],
    "AWS::Lambda::MicrovmImage": [
        "BaseImageArn",
        "BaseImageVersion",
        "BuildRoleArn",
        "Description",
        "CodeArtifact",
        "Logging",
        "EgressNetworkConnectors",
        "CpuConfigurations",
        "Resources",
        "AdditionalOsCapabilities",
        "Hooks",
        "EnvironmentVariables",
    ],
    "AWS::Lex::BotVersion": ["BotVersionLocaleSpecification"],
    "AWS::Logs::Integration": ["ResourceConfig"],
    "AWS::MSK::Configuration": ["ServerProperties"],
    "AWS::PCAConnectorAD::TemplateGroupAccessControlEntry": ["AccessRights", "GroupDisplayName"],
    "AWS::QuickSight::ActionConnector": ["AuthenticationConfig"],
    "AWS::RefactorSpaces::Route": ["ServiceIdentifier", "RouteType"],
    "AWS::RefactorSpaces::Service": ["EndpointType", "Name"],
    "AWS::SecurityLake::SubscriberNotification": ["HttpsNotificationConfiguration", "SqsNotificationConfiguration"],
}
"""The types of which GetResource shows no valid model, with the properties that validation misses in it: the schema
requires write-only ones, by themselves or as one of several alternatives, all of which are named. A type that stands
here and is shown valid fails its test, as does one that is shown otherwise invalid."""


@cache
def types_by_initial() -> Mapping[str, list[str]]:
    """Return the names of the bundled types, by the first letter of their service's name."""
    types = defaultdict(list)
    for type_name in Catalog():
        types[type_name.removeprefix("AWS::")[0]].append(type_name)
    return types


@cache
def least_state(resource_type: ResourceType) -> JSONValue:
    """Return a desired state with nothing but what the schema asks for; nobody changes it."""
    known = KnownOf(resource_type, {}, MADE_IN, Random(resource_type.type_name))
    # What stands beside a type's properties is no keyword of JSON Schema, but a registry's.
    return ValueMaker(known).value(resource_type.kind, {**resource_type.schema, "type": "object"})


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
    model = json.loads(shown["Properties"])
    assert model == resource_type.without_write_only(resource)
    if type_name in REFUSED_AS_RECORDED:
        refused = refused_by(resource_type, model)
        return "" if refused == REFUSED_AS_RECORDED[type_name] else f"refused in what is shown: {refused}"
    # The resource itself is valid, so that nothing but its write-only values can be missing in what is shown.
    missing = missing_in(resource_type.validator.violations(model))
    if missing != REQUIRED_BUT_NOT_SHOWN.get(type_name, []):
        return f"missing in what is shown: {missing}"
    return "\n".join(resource_type.validator.violations(resource))


def refused_by(resource_type: ResourceType, model: JSONObject) -> Sequence[str]:
    """Return what a type's schema refuses in a model, without the words that are the same for every keyword."""
    violations = resource_type.validator.violations(model)
    told = [line for line in violations if not line.endswith("#: only 1 subschema matches out of 2")]
    return [line.replace("failed validation constraint for keyword ", "") for line in told]


def missing_in(violations: Sequence[str]) -> Sequence[str]:
    """Return the properties that the lines of a validation miss, or the lines if none is about a missing one."""
    missing = [found[1] for violation in violations if (found := MISSING.search(violation))]
    return list(dict.fromkeys(missing)) or violations


@pytest.mark.slow
@pytest.mark.fidelity("G-4")
@pytest.mark.parametrize("initial", sorted(types_by_initial()))
def test_least_state_makes_a_valid_resource(
    initial: str, cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A minimal desired state of every type makes a valid resource, and is shown as one but for the types listed."""
    types = [bundled(type_name) for type_name in types_by_initial()[initial]]
    wrong = {
        resource_type.type_name: found
        for resource_type in types
        if {HandlerOperation.CREATE, HandlerOperation.READ} <= resource_type.handlers
        and (found := what_goes_wrong(cloudcontrol, cloudcontrol_client, resource_type))
    }
    assert wrong == {}


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


@cache
def made_of_nothing(resource_type: ResourceType) -> JSONObject:
    """Return what a resource has that nothing was given for; nobody changes it."""
    return complete(resource_type, {}, MADE_IN, Random(0))


@pytest.mark.slow
def test_every_identifier_is_made_whole() -> None:
    """Every type gets its whole identifier out of nothing, and none of its parts can be mistaken for two."""
    for type_name in Catalog():
        resource_type = bundled(type_name)
        resource = made_of_nothing(resource_type)
        for path in resource_type.primary_identifier:
            (value,) = values_at(resource, path)
            assert isinstance(value, str | int), (type_name, path)
            assert value != ""
            assert "|" not in str(value), (type_name, path)


@pytest.mark.slow
def test_every_arn_looks_like_one() -> None:
    """Whatever is called an Arn looks like one or is empty, but for two with another word or with backslashes in it."""
    arns = {
        (type_name, name): text
        for type_name in Catalog()
        for name, text in made_texts(made_of_nothing(bundled(type_name)), bundled(type_name).schema, bundled(type_name))
        if name.endswith(("Arn", "ARN"))
    }
    assert len(arns) > 1000
    assert {of: text for of, text in arns.items() if not ARN.fullmatch(text) and "\\" not in text} == {
        ("AWS::OpenSearchServerless::Collection", "KmsKeyArn"): "auto"  # as recorded
    }


@pytest.mark.slow
def test_identifiers_that_the_service_makes_differ() -> None:
    """Two resources of a type get different identifiers, unless the schema or the account leaves only one."""
    random = Random(0)
    singular = {MADE_IN.account_id, MADE_IN.region}

    def identifier(of: ResourceType) -> list[JSONValue]:
        resource = complete(of, {}, MADE_IN, random)
        return [value for path in of.primary_identifier for value in values_at(resource, path)]

    same = [
        type_name
        for type_name in Catalog()
        if set((of := bundled(type_name)).primary_identifier) <= set(of.read_only)
        and not any("enum" in (of.property_schema(path) or {}) for path in of.primary_identifier)
        and identifier(of) == identifier(of)
        and not singular.issuperset(map(str, identifier(of)))
    ]
    # There are two of the one in an account: the pattern of their Arns has the kind of contact at its end. Of the other
    # there is one.
    assert same == ["AWS::Lightsail::ContactMethod", "AWS::SecurityHub::Hub"]


@pytest.mark.slow
@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_resources_of_other_partitions_are_valid(region: str) -> None:
    """What is made up in other partitions, whose Arns and domains are others, satisfies the schemas too."""
    made_in = MadeIn("000000000001", region, MADE_IN.now)
    wrong = {}
    for type_name in Catalog():
        resource_type = bundled(type_name)
        state = least_state(resource_type)
        assert isinstance(state, dict)
        given = resource_type.without_read_only(state)
        violations = refused_by(resource_type, complete(resource_type, given, made_in, Random(0)))
        if violations != REFUSED_AS_RECORDED.get(type_name, []):
            wrong[type_name] = violations
    assert wrong == {}
