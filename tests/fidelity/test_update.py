"""UpdateResource: the patch, the model it makes, and what that may not change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from calls import patch
from fidelity_support import (
    LOG_GROUP_DEFAULTS,
    ORDER,
    adding,
    delete,
    log_group_not_found,
    order_schema,
    replacing,
    status,
    update,
    without_token,
)
from refusals import Refusal, refusal
from resource_types import LOG_GROUP, QUEUE, SECRET, VPC

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(auto_advance=False)


def invalid(message: str, code: str = "ValidationException") -> Refusal:
    """Return what a refused update is told."""
    return Refusal(code, message, 400)


@pytest.fixture
def order(cloudcontrol: CloudControl) -> str:
    """Place a resource of a type with a property of every role, and return its identifier."""
    cloudcontrol.add_type(order_schema())
    return cloudcontrol.resources.put(
        ORDER,
        {
            "Name": "first",
            "Customer": "ada",
            "Address": {"Country": "NL", "Street": "Dam 1"},
            "Password": "hidden",
            "Card": {"Number": "1", "Pin": "2"},
            "Serial": "S1",
            "Shelf": "A",
        },
    )


# The order of checks


@pytest.mark.fidelity("O-10")
def test_the_patch_is_parsed_before_the_type_is_looked_at(cloudcontrol_client: CloudControlApiClient) -> None:
    """A patch document that can't be parsed is refused even for a type that doesn't exist."""
    told = refusal(
        lambda: cloudcontrol_client.update_resource(TypeName="No::Such::Type", Identifier="x", PatchDocument="{}")
    )
    assert told == invalid("The patch document is {}: expected a JSON array of operations")


@pytest.mark.fidelity("O-10")
def test_an_empty_patch_does_not_excuse_an_unknown_type(cloudcontrol_client: CloudControlApiClient) -> None:
    """The type is looked up though there is nothing to change."""
    told = refusal(lambda: patch(cloudcontrol_client, "No::Such::Type", "x"))
    assert told == Refusal("TypeNotFoundException", "The type 'No::Such::Type' cannot be found.", 400)


@pytest.mark.fidelity("O-11")
@pytest.mark.parametrize("path", ["/RetentionInDays", "/No/Such/Path", "/Arn", "/LogGroupName"])
def test_an_absent_resource_is_refused_whatever_the_path(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, path: str
) -> None:
    """The present state is read first: a resource that isn't there is the read handler's NotFound, at once."""
    told = refusal(lambda: update(cloudcontrol_client, replacing(path, 7), name="none"))
    assert without_token(told) == log_group_not_found("none")
    assert not cloudcontrol.requests


@pytest.mark.fidelity("O-11")
def test_an_absent_resource_is_absent_while_a_delete_of_it_is_running(
    cloudcontrol_client: CloudControlApiClient,
) -> None:
    """A delete of what isn't there, which is going to fail, doesn't make an update of it ConcurrentOperation."""
    delete(cloudcontrol_client, "none")
    told = refusal(lambda: update(cloudcontrol_client, replacing("/RetentionInDays", 7), name="none"))
    assert without_token(told) == log_group_not_found("none")


# The patch


@pytest.mark.fidelity("O-12")
def test_all_six_operations_are_applied_in_order(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, order: str
) -> None:
    """Add, replace, test, copy, move and remove each see what those before them have made."""
    patch(
        cloudcontrol_client,
        ORDER,
        order,
        adding("/Note", "a"),
        replacing("/Note", "b"),
        {"op": "test", "path": "/Note", "value": "b"},
        {"op": "copy", "from": "/Note", "path": "/Card/Number"},
        {"op": "move", "from": "/Note", "path": "/Address/Street"},
        {"op": "remove", "path": "/Card/Number"},
    )
    cloudcontrol.run_until_idle()
    properties = cloudcontrol.resources.get(ORDER, order) or {}
    assert (properties.get("Note"), properties["Address"]) == (None, {"Country": "NL", "Street": "b"})


@pytest.mark.fidelity("O-12")
def test_a_patch_is_applied_as_a_whole_or_not_at_all(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """When a later operation can't be applied, the earlier ones haven't happened, and there is no request."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "RetentionInDays": 1})
    before = cloudcontrol.resources.get(LOG_GROUP, "app")
    told = refusal(
        lambda: update(cloudcontrol_client, replacing("/RetentionInDays", 7), {"op": "remove", "path": "/KmsKeyId"})
    )
    assert told.code == "ValidationException"
    assert cloudcontrol.resources.get(LOG_GROUP, "app") == before
    assert not cloudcontrol.requests


@pytest.mark.fidelity("O-13")
@pytest.mark.parametrize("verb", ["replace", "remove", "test", "move", "copy"])
def test_a_path_that_leads_nowhere_is_named_with_two_slashes(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, verb: str
) -> None:
    """The recorded words name the operation and the path that isn't there, with a slash too many."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "Tags": []})
    missing = "/Behaviors/0/Criteria"
    operation = (
        {"op": verb, "path": "/Tags", "from": missing}
        if verb in ("move", "copy")
        else {"op": verb, "path": missing, "value": 1}
    )
    assert refusal(lambda: update(cloudcontrol_client, operation)) == invalid(
        f"[{verb.upper()} Operation] noSuchPath in source, path provided : //Behaviors/0/Criteria"
    )


@pytest.mark.fidelity("O-13")
def test_an_add_needs_the_parent_of_its_path(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """An add below what isn't there is refused in the same words."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    assert refusal(lambda: update(cloudcontrol_client, adding("/Policy/Version", 1))) == invalid(
        "[ADD Operation] noSuchPath in source, path provided : //Policy/Version"
    )


@pytest.mark.fidelity("O-14")
def test_a_test_that_fails_says_so(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A test operation that finds another value refuses the patch, in the recorded words."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "RetentionInDays": 1})
    told = refusal(lambda: update(cloudcontrol_client, {"op": "test", "path": "/RetentionInDays", "value": 7}))
    assert told == invalid("[TEST Operation] value mismatch")


@pytest.mark.fidelity("O-15")
@pytest.mark.parametrize("path", ["/RetentionInDays", "RetentionInDays"])
def test_a_path_may_leave_out_its_first_slash(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, path: str
) -> None:
    """Both ways in which AWS writes a path mean the same."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "RetentionInDays": 1})
    update(cloudcontrol_client, replacing(path, 7))
    cloudcontrol.run_until_idle()
    assert (cloudcontrol.resources.get(LOG_GROUP, "app") or {})["RetentionInDays"] == 7


@pytest.mark.fidelity("O-16")
def test_an_empty_patch_succeeds_and_changes_nothing(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A patch of no operations on a resource that exists is accepted, and comes to SUCCESS."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app", "RetentionInDays": 1})
    before = cloudcontrol.resources.get(LOG_GROUP, "app")
    event = update(cloudcontrol_client)
    expected = {"LogGroupName": "app", "RetentionInDays": 1, **LOG_GROUP_DEFAULTS}
    assert json.loads(event["ResourceModel"]) == expected
    cloudcontrol.run_until_idle()
    assert status(cloudcontrol_client, event)["OperationStatus"] == "SUCCESS"
    assert cloudcontrol.resources.get(LOG_GROUP, "app") == before


@pytest.mark.fidelity("C-6")
@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("[1]", "is no JSON object: 1"),
        ('[{"path": "/A"}]', 'has no op: {"path": "/A"}'),
        ('[{"op": "remove"}]', 'has no path: {"op": "remove"}'),
        (
            '[{"op": "add", "path": "/A"}]',
            'has no value: {"op": "add", "path": "/A"}',
        ),
        (
            '[{"op": "merge", "path": "/A"}]',
            'has the op "merge", expected one of add, remove, replace, move, copy, test: {"op": "merge", "path": "/A"}',
        ),
    ],
)
def test_a_patch_with_an_operation_of_a_wrong_form_is_refused(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, document: str, words: str
) -> None:
    """An operation that RFC 6902 doesn't allow is a ValidationException that says what is wrong with it."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    told = refusal(
        lambda: cloudcontrol_client.update_resource(TypeName=LOG_GROUP, Identifier="app", PatchDocument=document)
    )
    assert told == invalid(f"Operation 0 of the patch document {words}")
    assert not cloudcontrol.requests


@pytest.mark.fidelity("C-6")
@pytest.mark.parametrize("document", ["{}", '"x"', "1", "null"])
def test_a_patch_document_that_is_no_array_is_refused(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, document: str
) -> None:
    """A patch document that is other JSON than an array is a ValidationException that shows it."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    told = refusal(
        lambda: cloudcontrol_client.update_resource(TypeName=LOG_GROUP, Identifier="app", PatchDocument=document)
    )
    assert told == invalid(f"The patch document is {document}: expected a JSON array of operations")
    assert not cloudcontrol.requests


# What a patch may not change


@pytest.mark.fidelity("O-17")
def test_create_only_properties_cannot_be_updated(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, order: str
) -> None:
    """All create-only properties that the patch has changed are named, nested ones with their path."""
    told = refusal(
        lambda: patch(
            cloudcontrol_client, ORDER, order, replacing("/Address/Country", "BE"), replacing("/Customer", "bob")
        )
    )
    assert told == invalid(
        "Invalid patch update: createOnlyProperties [/properties/Customer, /properties/Address/Country] "
        "cannot be updated",
        "NotUpdatableException",
    )
    assert not cloudcontrol.requests


@pytest.mark.fidelity("O-17")
def test_aws_own_create_only_properties_cannot_be_updated(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The name of a log group is create-only."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "app"})
    assert refusal(lambda: update(cloudcontrol_client, replacing("/LogGroupName", "new"))) == invalid(
        "Invalid patch update: createOnlyProperties [/properties/LogGroupName] cannot be updated",
        "NotUpdatableException",
    )


@pytest.mark.fidelity("O-18")
def test_read_only_properties_cannot_be_updated(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Read-only properties that the patch has changed are named, in a ValidationException and in schema order."""
    queue = cloudcontrol.resources.put(QUEUE, {"QueueName": "jobs"})
    told = refusal(
        lambda: patch(cloudcontrol_client, QUEUE, queue, replacing("/Arn", "a"), replacing("/QueueUrl", "b"))
    )
    assert told == invalid(
        "Invalid patch update: readOnlyProperties [/properties/QueueUrl, /properties/Arn] cannot be updated"
    )


@pytest.mark.fidelity("O-19")
def test_replacing_an_object_without_its_create_only_part_is_refused(
    cloudcontrol_client: CloudControlApiClient, order: str
) -> None:
    """Models are compared, not paths: the create-only property was lost with its parent."""
    told = refusal(lambda: patch(cloudcontrol_client, ORDER, order, replacing("/Address", {"Street": "Dam 2"})))
    assert told == invalid(
        "Invalid patch update: createOnlyProperties [/properties/Address/Country] cannot be updated",
        "NotUpdatableException",
    )


@pytest.mark.fidelity("O-19")
@pytest.mark.parametrize(
    "operation",
    [
        replacing("/Customer", "ada"),
        replacing("/Serial", "S1"),
        adding("/Serial", "S1"),
        replacing("/Address", {"Street": "Dam 2", "Country": "NL"}),
    ],
    ids=["create-only", "read-only", "add", "parent"],
)
def test_a_value_that_stays_the_same_is_no_change(
    cloudcontrol_client: CloudControlApiClient, order: str, operation: dict[str, object]
) -> None:
    """Models are compared, not paths: naming such a property is no offence as long as its value stays."""
    answer = cloudcontrol_client.update_resource(
        TypeName=ORDER, Identifier=order, PatchDocument=json.dumps([operation])
    )
    assert answer["ProgressEvent"]["OperationStatus"] == "IN_PROGRESS"


@pytest.mark.fidelity("O-19")
def test_a_change_that_a_later_operation_takes_back_is_none(
    cloudcontrol_client: CloudControlApiClient, order: str
) -> None:
    """Only the patched model as a whole counts, not the way to it."""
    answer = cloudcontrol_client.update_resource(
        TypeName=ORDER,
        Identifier=order,
        PatchDocument=json.dumps([replacing("/Customer", "bob"), replacing("/Customer", "ada")]),
    )
    assert answer["ProgressEvent"]["OperationStatus"] == "IN_PROGRESS"


@pytest.mark.fidelity("O-33")
def test_what_some_updates_cannot_change_can_be_changed(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The tenancy of a VPC is create-only under certain conditions, which aren't looked at: its update is accepted."""
    vpc = cloudcontrol.resources.put(VPC, {"CidrBlock": "10.0.0.0/16", "InstanceTenancy": "dedicated"})
    patch(cloudcontrol_client, VPC, vpc, replacing("/InstanceTenancy", "default"))
    assert cloudcontrol.requests.last.run().status == "SUCCESS"
    assert (cloudcontrol.resources.get(VPC, vpc) or {})["InstanceTenancy"] == "default"


# Write-only properties


@pytest.mark.fidelity("O-20")
@pytest.mark.parametrize("verb", ["replace", "test", "remove"])
def test_a_write_only_property_can_only_be_added(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, verb: str
) -> None:
    """Since no read shows a write-only value, an operation that needs it there is refused, in the clients' words."""
    secret = cloudcontrol.resources.put(SECRET, {"Name": "db", "SecretString": "hush"})
    told = refusal(
        lambda: patch(cloudcontrol_client, SECRET, secret, {"op": verb, "path": "/SecretString", "value": "hush"})
    )
    assert told == invalid(
        "Invalid patch update: writeOnlyProperties [/SecretString] can only be updated using 'add' operation"
    )


@pytest.mark.fidelity("O-20")
def test_adding_a_write_only_property_sets_it(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """An add of a write-only property reaches the resource, and no read shows it."""
    secret = cloudcontrol.resources.put(SECRET, {"Name": "db", "SecretString": "hush"})
    patch(cloudcontrol_client, SECRET, secret, adding("/SecretString", "new"))
    cloudcontrol.run_until_idle()
    assert (cloudcontrol.resources.get(SECRET, secret) or {})["SecretString"] == "new"
    got = cloudcontrol_client.get_resource(TypeName=SECRET, Identifier=secret)["ResourceDescription"]
    assert json.loads(got["Properties"]) == {"Name": "db", "Id": secret, "ReplicaRegions": [], "Tags": []}


@pytest.mark.fidelity("O-21")
def test_a_required_write_only_property_must_be_sent_again(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A write-only value isn't in the state that is patched: if it is required, a patch without it is refused."""
    cloudcontrol.add_type(order_schema(required=["Password"]))
    order = cloudcontrol.resources.put(ORDER, {"Name": "first", "Password": "hidden"})
    told = refusal(lambda: patch(cloudcontrol_client, ORDER, order, adding("/Note", "n")))
    assert told == invalid("Model validation failed (#: required key [Password] not found)")
    patch(cloudcontrol_client, ORDER, order, adding("/Note", "n"), adding("/Password", "hidden"))
    assert cloudcontrol.requests.last.operation == "UPDATE"


@pytest.mark.fidelity("O-5")
def test_a_patch_that_removes_what_is_required_is_refused(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """The patched model as a whole is checked as a desired state is."""
    cloudcontrol.add_type(order_schema(required=["Note"]))
    order = cloudcontrol.resources.put(ORDER, {"Name": "first", "Note": "n"})
    told = refusal(lambda: patch(cloudcontrol_client, ORDER, order, {"op": "remove", "path": "/Note"}))
    assert told == invalid("Model validation failed (#: required key [Note] not found)")


@pytest.mark.fidelity("C-7")
def test_the_model_shown_has_no_write_only_values(cloudcontrol_client: CloudControlApiClient, order: str) -> None:
    """The immediate answer's model leaves out what no read shows, as well as what only the service sets."""
    answer = cloudcontrol_client.update_resource(
        TypeName=ORDER, Identifier=order, PatchDocument=json.dumps([adding("/Note", "n")])
    )
    assert json.loads(answer["ProgressEvent"]["ResourceModel"]) == {
        "Name": "first",
        "Customer": "ada",
        "Address": {"Country": "NL", "Street": "Dam 1"},
        "Card": {"Number": "1"},
        "Note": "n",
    }
