"""Each type of the table through its whole life: made here and seen there, and the other way about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from bucket_cases import NOTIFYING_BUCKET, TOPIC_ARN
from every_case import CASES, EVERY_CASE
from type_cases import ROLE

from pytest_cloudcontrol import MotoDropped
from pytest_cloudcontrol.handlers.moto.kept import lost
from pytest_cloudcontrol.handlers.moto.table import moto_types

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from type_cases import TypeCase
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl, ResourceRequest

pytestmark = pytest.mark.cloudcontrol(provision="moto")

OFF = (
    {"Status": "Suspended"},
    {"AccelerationStatus": "Suspended"},
    {"Enabled": False},
    {"Enabled": False, "AttributeName": "until"},
    {"Level": "OFF", "IncludeExecutionData": False},
)
"""What the services show of what has been taken away from a resource that once had it."""

EACH = pytest.mark.parametrize("case", EVERY_CASE.values(), ids=EVERY_CASE)


def properties() -> Iterator[object]:
    """Yield each case with each of its properties."""
    for name, case in EVERY_CASE.items():
        for wanted in case.properties:
            yield pytest.param(case, wanted, id=f"{name}, {wanted}")


@pytest.fixture
def client(cloudcontrol_client: CloudControlApiClient, case: TypeCase) -> CloudControlApiClient:
    """Have what a case needs there."""
    case.prepare()
    return cloudcontrol_client


def known(value: Any) -> Any:
    """Return a value of a case, also one that is only known when moto is there."""
    if isinstance(value, dict):
        return {name: known(inner) for name, inner in value.items()}
    return value() if callable(value) else value


def least(case: TypeCase) -> dict[str, Any]:
    """Return the least state."""
    state: dict[str, Any] = known(case.least)
    return state


def ended(cloudcontrol: CloudControl) -> ResourceRequest:
    """Work the last request off, which succeeds."""
    request = cloudcontrol.requests[-1].run()
    assert (request.status, request.error_code, request.status_message) == ("SUCCESS", None, None)
    return request


def make(cloudcontrol: CloudControl, client: CloudControlApiClient, case: TypeCase, state: Mapping[str, Any]) -> str:
    """Create a resource, and return its identifier."""
    client.create_resource(TypeName=case.type_name, DesiredState=json.dumps(state))
    return str(ended(cloudcontrol).identifier)


def shown(client: CloudControlApiClient, case: TypeCase, identifier: str) -> dict[str, Any]:
    """Return what GetResource shows."""
    answer = client.get_resource(TypeName=case.type_name, Identifier=identifier)
    read: dict[str, Any] = json.loads(answer["ResourceDescription"]["Properties"])
    return read


def first_state(case: TypeCase) -> dict[str, Any]:
    """Return a state with all that moto keeps."""
    firsts = {name: known(first) for name, (first, _) in case.properties.items()}
    return {**least(case), **firsts, **known(case.fixed)}


@pytest.fixture(scope="module")
def seen_by_itself() -> dict[int, Mapping[str, Any]]:
    """Return what was shown of resources for which no more than the least was given, by the case."""
    return {}


@pytest.fixture
def by_itself(
    seen_by_itself: dict[int, Mapping[str, Any]],
    cloudcontrol: CloudControl,
    client: CloudControlApiClient,
    case: TypeCase,
) -> Mapping[str, Any]:
    """Return what is shown of a resource for which no more than the least was given, which has gone again."""
    if id(case) not in seen_by_itself:  # whatever the property is that is tested
        identifier = make(cloudcontrol, client, case, least(case))
        seen_by_itself[id(case)] = shown(client, case, identifier)
        client.delete_resource(TypeName=case.type_name, Identifier=identifier)
        ended(cloudcontrol)
    return seen_by_itself[id(case)]


@EACH
def test_all_that_is_created_here_is_there(
    case: TypeCase, cloudcontrol: CloudControl, client: CloudControlApiClient
) -> None:
    """A resource with all properties at once is the service's, and a read shows them all."""
    state = first_state(case)
    identifier = make(cloudcontrol, client, case, state)
    write_only = cloudcontrol.resources._backend.world.catalog.named(case.type_name).write_only  # noqa: SLF001
    assert case.is_there(identifier)
    assert list(lost(state, shown(client, case, identifier), write_only)) == []
    assert list(lost(dict(case.seen_by_others(identifier)), state, ())) == []


@pytest.mark.parametrize(("case", "name"), list(properties()))
def test_one_property_created_changed_and_removed(
    case: TypeCase,
    name: str,
    by_itself: Mapping[str, Any],
    cloudcontrol: CloudControl,
    client: CloudControlApiClient,
) -> None:
    """Each property by itself is as created, then as updated, then gone or as the service has it by itself."""
    first, second = (known(value) for value in case.properties[name])
    without = by_itself.get(name)
    identifier = make(cloudcontrol, client, case, {**least(case), name: first})
    assert list(lost({name: first}, shown(client, case, identifier), ())) == []

    def change(**how: object) -> None:
        document = json.dumps([{"path": f"/{name}", **how}])
        client.update_resource(TypeName=case.type_name, Identifier=identifier, PatchDocument=document)
        ended(cloudcontrol)

    change(op="add", value=second)
    assert list(lost({name: second}, shown(client, case, identifier), ())) == []
    if name not in case.lasting:
        change(op="remove")
        assert shown(client, case, identifier).get(name) in (without, None, *OFF)


@pytest.mark.parametrize(("case", "name"), [(case, name) for case in EVERY_CASE.values() for name in case.dropped])
def test_property_that_is_dropped(
    case: TypeCase, name: str, cloudcontrol: CloudControl, client: CloudControlApiClient
) -> None:
    """A property that moto doesn't keep is named in a warning."""
    make(cloudcontrol, client, case, {**least(case), name: case.dropped[name]})
    with pytest.warns(MotoDropped) as warned:
        cloudcontrol._backend.dropped.warn()  # noqa: SLF001
    words = f"moto hasn't kept {name} of {case.type_name}: see docs/moto-types.md for what it keeps"
    assert [str(warning.message) for warning in warned] == [words]


@pytest.mark.parametrize(
    ("state", "path"),
    [
        (
            {"NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}},
            "NotificationConfiguration",
        ),
        (
            {
                "NotificationConfiguration": {
                    "EventBridgeConfiguration": {"EventBridgeEnabled": True},
                    "TopicConfigurations": [{"Topic": TOPIC_ARN, "Event": "s3:ObjectCreated:*"}],
                }
            },
            "NotificationConfiguration/EventBridgeConfiguration",
        ),
        (
            {
                "VersioningConfiguration": {"Status": "Enabled"},
                "ReplicationConfiguration": {
                    "Role": ROLE,
                    "Rules": [
                        {"Prefix": "a/", "Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::the-copies"}}
                    ],
                },
            },
            "ReplicationConfiguration/Rules",
        ),
    ],
)
def test_part_of_a_property_that_is_dropped(
    state: dict[str, Any], path: str, cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Of a property that moto keeps in part, the warning names the part that it doesn't show."""
    NOTIFYING_BUCKET.prepare()
    make(cloudcontrol, cloudcontrol_client, NOTIFYING_BUCKET, {"BucketName": "ours", **state})
    with pytest.warns(MotoDropped, match=f"^moto hasn't kept {path} of AWS::S3::Bucket: "):
        cloudcontrol._backend.dropped.warn()  # noqa: SLF001


@EACH
def test_made_by_others_and_listed_here(
    case: TypeCase, cloudcontrol: CloudControl, client: CloudControlApiClient
) -> None:
    """What another client has made is listed, read, and deleted."""
    theirs = case.made_by_others()
    ours = make(cloudcontrol, client, case, least(case))
    listed = client.list_resources(TypeName=case.type_name)["ResourceDescriptions"]
    assert {theirs, ours} <= {found["Identifier"] for found in listed}
    assert list(lost(known(case.theirs), shown(client, case, theirs), ())) == []
    client.delete_resource(TypeName=case.type_name, Identifier=theirs)
    ended(cloudcontrol)
    assert not case.is_there(theirs)
    assert case.is_there(ours)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_resource(TypeName=case.type_name, Identifier=theirs)


@EACH
def test_changed_by_others_and_seen_here(
    case: TypeCase, cloudcontrol: CloudControl, client: CloudControlApiClient
) -> None:
    """A read shows what another client has changed since."""
    identifier = make(cloudcontrol, client, case, least(case))
    name, value = case.changed_by_others(identifier)
    assert shown(client, case, identifier)[name] == value


@EACH
def test_created_twice(case: TypeCase, cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A resource that is there already fails with AlreadyExists, in AWS's words, and stays as it is."""
    identifier = make(cloudcontrol, client, case, least(case))
    client.create_resource(TypeName=case.type_name, DesiredState=json.dumps(least(case)))
    request = cloudcontrol.requests[-1].run()
    if case.named:
        assert (request.status, request.error_code) == ("FAILED", "AlreadyExists")
        assert str(request.status_message).endswith(" already exists.")
    else:
        assert request.identifier != identifier


@EACH
def test_delete_of_what_is_gone(case: TypeCase, cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A second delete fails with NotFound."""
    identifier = make(cloudcontrol, client, case, least(case))
    for _ in range(2):
        client.delete_resource(TypeName=case.type_name, Identifier=identifier)
        request = cloudcontrol.requests[-1].run()
    assert (request.status, request.error_code) == ("FAILED", "NotFound")


@EACH
def test_resources_of_the_test(case: TypeCase, cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """The test's own hand places, sees and removes moto's resources."""
    identifier = cloudcontrol.resources.put(case.type_name, least(case))
    assert case.is_there(identifier)
    assert cloudcontrol.resources.get(case.type_name, identifier) == shown(client, case, identifier)
    cloudcontrol.resources.delete(case.type_name, identifier)
    assert not case.is_there(identifier)


@EACH
@pytest.mark.filterwarnings(
    "ignore:moto hasn't kept EphemeralStorage/Size, TracingConfig/Mode of AWS..Lambda..Function",
    "ignore:moto hasn't kept BlockDeviceMappings of AWS..EC2..Instance",
)
def test_one_put_over_another(case: TypeCase, cloudcontrol: CloudControl, client: CloudControlApiClient) -> None:
    """A put over a resource that is there makes of it what is wanted: more properties, or fewer."""
    the_least = {**least(case), **known(case.fixed)}
    identifier = cloudcontrol.resources.put(case.type_name, the_least)
    by_itself = shown(client, case, identifier)
    catalog = cloudcontrol.resources._backend.world.catalog  # noqa: SLF001
    named = {path[0]: by_itself[path[0]] for path in catalog.named(case.type_name).primary_identifier}
    hidden = catalog.named(case.type_name).write_only
    for wanted in (first_state(case), the_least):
        assert cloudcontrol.resources.put(case.type_name, {**wanted, **named}) == identifier
        read = shown(client, case, identifier)
        assert [path for path in lost(wanted, read, hidden) if path.partition("/")[0] not in case.lasting] == []
        gone = case.properties.keys() - {*wanted, *case.lasting}
        assert [name for name in gone if read.get(name) not in (by_itself.get(name), None, *OFF)] == []


def test_all_resources_of_the_test(cloudcontrol: CloudControl) -> None:
    """The test's own hand sees moto's resources of every type, each as it is shown by itself."""
    placed = {}
    for case in {case.type_name: case for case in CASES.values()}.values():
        case.prepare()
        placed[case.type_name] = cloudcontrol.resources.put(case.type_name, least(case))
    found = {(found.type_name, found.identifier): found.properties for found in cloudcontrol.resources}
    for type_name, identifier in placed.items():
        assert found[type_name, identifier] == cloudcontrol.resources.get(type_name, identifier)


def test_every_type_of_the_table_has_a_case(cloudcontrol: CloudControl) -> None:
    """No type of the table goes untested, nor any property that it carries and that reads show."""
    tested: dict[str, set[str]] = {}
    for case in EVERY_CASE.values():
        names = {*case.least, *case.properties, *case.fixed, *case.dropped}
        tested.setdefault(case.type_name, set()).update(names)
    assert {kept.type_name for kept in moto_types()} == tested.keys()
    catalog = cloudcontrol.resources._backend.world.catalog  # noqa: SLF001
    for kept in moto_types():
        hidden = {path[0] for path in catalog.named(kept.type_name).write_only}
        assert kept.carried - hidden - tested[kept.type_name] == set()
        assert [call.operation for call in kept.read if not call.shown] == []


@pytest.mark.parametrize(
    ("name", "operations"),
    [
        ("Tags", ["get_bucket_tagging"]),
        (
            "InventoryConfigurations",
            ["list_bucket_inventory_configurations", "get_bucket_inventory_configuration"],
        ),
    ],
)
def test_what_is_read_for_a_change(name: str, operations: list[str]) -> None:
    """A change makes the reads that show what it looks at, those that they ask, and the first, which finds it."""
    [bucket] = [kept for kept in moto_types() if kept.type_name == "AWS::S3::Bucket"]
    for asked in (name, f"before.{name}"):
        assert [call.operation for call in bucket.reads([asked])] == ["get_bucket_location", *operations]
