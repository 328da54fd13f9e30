"""``check_contract``: what AWS's contract tests want of a type, asked through Cloud Control."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cloudformation_cli_python_lib.interface import Action, HandlerErrorCode, OperationStatus, ProgressEvent
from notebooks import NOTEBOOK, SCHEMA, Notebook, replace, succeeded, telling

from pytest_cloudcontrol import OptionError, check_contract

if TYPE_CHECKING:
    from collections.abc import Callable

    from notebooks import Shelf

    from pytest_cloudcontrol import CloudControl

CREATE = {"Title": "field notes", "Pages": 12, "Secret": "hush"}
UPDATE = {"Title": "field notes", "Pages": 20, "Secret": "hush"}


def breaches(cloud: CloudControl, **states: Any) -> list[str]:
    """Return what a check of notebooks reports."""
    with pytest.raises(AssertionError) as caught:
        check_contract(cloud, NOTEBOOK, **{"create": CREATE, "update": UPDATE, **states})
    first, *lines = str(caught.value).splitlines()
    assert first == f"The handlers of {NOTEBOOK} break the contract of AWS's resource handlers:"
    assert f" CREATE {NOTEBOOK} " in str(caught.value)  # the timeline
    return [line.strip() for line in lines[: lines.index("")]]


def test_handlers_that_keep_it(cloud: CloudControl, shelf: Shelf) -> None:
    """Nothing is reported of handlers that keep the contract, and nothing of the walk stays."""
    check_contract(cloud, NOTEBOOK, create=CREATE, update=UPDATE)

    assert shelf.there == {}


@pytest.mark.parametrize(
    ("type_name", "create", "update"),
    [
        ("AWS::Logs::LogGroup", {"LogGroupName": "app"}, {"LogGroupName": "app", "RetentionInDays": 7}),
        ("AWS::SQS::Queue", {"QueueName": "orders", "DelaySeconds": 3}, {"QueueName": "orders"}),
    ],
)
def test_the_default_handler(
    cloudcontrol: CloudControl, type_name: str, create: dict[str, object], update: dict[str, object]
) -> None:
    """The mock's own handler keeps it."""
    check_contract(cloudcontrol, type_name, create=create, update=update)


def forget_pages(shelf: Shelf) -> None:
    """Have READ leave something out."""
    replace(
        shelf,
        Action.READ,
        lambda request: succeeded(Notebook(Id=shelf.shown(request.desiredResourceState.Id).Id, Title="field notes")),  # type: ignore[union-attr]  # a model has one
    )


def list_nothing(shelf: Shelf) -> None:
    """Have LIST find nothing."""
    replace(shelf, Action.LIST, lambda _: ProgressEvent(status=OperationStatus.SUCCESS, resourceModels=[]))


def change_nothing(shelf: Shelf) -> None:
    """Have UPDATE do nothing."""
    replace(shelf, Action.UPDATE, lambda request: succeeded(shelf.shown(request.desiredResourceState.Id)))  # type: ignore[union-attr]  # a model has one


def delete_again(shelf: Shelf) -> None:
    """Have DELETE succeed whatever is there."""
    replace(
        shelf,
        Action.DELETE,
        lambda request: succeeded(shelf.there.pop(request.desiredResourceState.Id, None) and None),  # type: ignore[union-attr]  # a model has one
    )


def refuse_to_create(shelf: Shelf) -> None:
    """Have CREATE fail."""
    replace(shelf, Action.CREATE, lambda _: ProgressEvent.failed(HandlerErrorCode.AccessDenied, "No."))


def find_nothing(shelf: Shelf) -> None:
    """Have READ fail."""
    replace(shelf, Action.READ, lambda _: ProgressEvent.failed(HandlerErrorCode.AccessDenied, "No."))


BREACHES: dict[str, tuple[Callable[[Shelf], None], list[str]]] = {
    "a property that isn't read": (
        forget_pages,
        [
            "contract_create_read: READ doesn't show Pages, which was to be 12",
            "contract_update_read: READ doesn't show Pages, which was to be 20",
        ],
    ),
    "a list without it": (
        list_nothing,
        [
            "contract_create_list: LIST doesn't have 'nb-1', which is there",
            "contract_update_list: LIST doesn't have 'nb-1', which is there",
        ],
    ),
    "an update that does nothing": (
        change_nothing,
        ["contract_update_read: READ shows Pages as 12, which was to be 20"],
    ),
    "a delete that always succeeds": (
        delete_again,
        ["contract_delete_delete: DELETE of what was deleted must fail with NotFound, not end with SUCCESS"],
    ),
    "a create that fails": (
        refuse_to_create,
        ["contract_create_read: CREATE must end with SUCCESS, not FAILED/AccessDenied (No.)"],
    ),
}


@pytest.mark.parametrize("kind", BREACHES)
def test_breaches(cloud: CloudControl, shelf: Shelf, kind: str) -> None:
    """All breaches are reported at once, each under the name of AWS's test, with the timeline."""
    spoil, expected = BREACHES[kind]
    spoil(shelf)

    assert breaches(cloud) == expected


def test_a_read_that_fails(shelf: Shelf) -> None:
    """A read that fails is a breach, with what it says; and one of what was deleted must fail with NotFound."""
    find_nothing(shelf)

    with telling(shelf) as (cloudcontrol, told):
        first, *_, last = breaches(cloudcontrol)

    assert first.startswith("contract_create_read: READ doesn't show 'nb-1', which is there: AccessDeniedException, ")
    assert f"{NOTEBOOK} Handler returned status FAILED: No. (HandlerErrorCode: AccessDenied" in first
    assert last == (
        "contract_delete_update: UPDATE of what was deleted must fail with NotFound, not AccessDeniedException"
    )
    (words,) = told
    assert words.endswith("has succeeded, but a read still finds 'nb-1'")


def test_a_handler_of_ones_own(cloudcontrol: CloudControl) -> None:
    """Handlers that the test has written are checked as well: here a create takes what is there already."""
    cloudcontrol.add_handler("AWS::Logs::LogGroup", create=take_over)
    state = {"LogGroupName": "app"}

    with pytest.raises(AssertionError) as caught:
        check_contract(cloudcontrol, "AWS::Logs::LogGroup", create=state, update=state)

    breach = "contract_create_create: CREATE of what is there must fail with AlreadyExists, not end with SUCCESS"
    assert str(caught.value).splitlines()[1:3] == [f"    {breach}", ""]


def test_a_state_that_is_refused(cloudcontrol: CloudControl) -> None:
    """A call that Cloud Control refuses is reported with what it says."""
    with pytest.raises(AssertionError) as caught:
        check_contract(cloudcontrol, "AWS::SNS::Topic", create={"TopicName": 3}, update={})

    refusal = "Model validation failed (#/TopicName: expected type: String, found: Integer)"
    assert str(caught.value).splitlines()[1].startswith("    contract_create_read: the call was refused: ")
    assert refusal in str(caught.value)


def take_over(request: Any) -> None:
    """Create a resource, whether it is there or not."""
    request.resources.put(request.type_name, request.desired_state)
    request.identifier = request.desired_state["LogGroupName"]


def without(name: str) -> dict[str, Any]:
    """Return the schema of notebooks without a handler."""
    return {**SCHEMA, "handlers": {key: value for key, value in SCHEMA["handlers"].items() if key != name}}


def test_a_type_without_update(cloudcontrol: CloudControl, shelf: Shelf) -> None:
    """A type without an update handler is checked without a state to change a resource to."""
    cloudcontrol.add_type(without("update"))
    cloudcontrol.add_handler(NOTEBOOK, shelf.resource)
    check_contract(cloudcontrol, NOTEBOOK, create=CREATE)

    with pytest.raises(OptionError) as caught:
        check_contract(cloudcontrol, NOTEBOOK, create=CREATE, update=UPDATE)

    assert str(caught.value) == f"update={UPDATE!r} is not valid: expected None: {NOTEBOOK} has no update handler"


@pytest.mark.parametrize("update", [UPDATE, {"Title": "field notes", "Pages": 20}])
def test_what_no_patch_may_send(cloud: CloudControl, shelf: Shelf, update: dict[str, object]) -> None:
    """An update is made without what is write-only and create-only, which Cloud Control takes in no patch."""
    cloud.add_type({**SCHEMA, "createOnlyProperties": ["/properties/Secret"]})
    cloud.add_handler(NOTEBOOK, shelf.resource)

    check_contract(cloud, NOTEBOOK, create=CREATE, update=update)


def test_a_secret_that_cannot_be_changed(cloud: CloudControl, shelf: Shelf) -> None:
    """A changed one is sent, and refused."""
    cloud.add_type({**SCHEMA, "createOnlyProperties": ["/properties/Secret"]})
    cloud.add_handler(NOTEBOOK, shelf.resource)

    (refused,) = breaches(cloud, update={**UPDATE, "Secret": "other"})

    assert refused.startswith("contract_update_read: the call was refused: ")
    assert refused.endswith("Invalid patch update: createOnlyProperties [/properties/Secret] cannot be updated")


def test_a_missing_update(cloud: CloudControl) -> None:
    """A type with an update handler needs a state to change a resource to."""
    with pytest.raises(OptionError) as caught:
        check_contract(cloud, NOTEBOOK, create=CREATE)

    assert str(caught.value) == "update=None is not valid: expected the whole state to change it to"


def test_a_type_that_cannot_be_read(cloudcontrol: CloudControl) -> None:
    """A type without one of the handlers that the contract is about is refused."""
    cloudcontrol.add_type(without("read"))

    with pytest.raises(OptionError) as caught:
        check_contract(cloudcontrol, NOTEBOOK, create=CREATE, update=UPDATE)

    expected = "a type with the handlers create, read and delete; its schema lacks read"
    assert str(caught.value) == f"type_name={NOTEBOOK!r} is not valid: expected {expected}"


def test_a_state_that_is_no_json(cloud: CloudControl) -> None:
    """A state that can't be written as JSON is refused."""
    with pytest.raises(OptionError) as caught:
        check_contract(cloud, NOTEBOOK, create={"Title": {1}}, update=UPDATE)

    expected = "a desired state, as a dict that can be written as JSON (Object of type set is not JSON serializable)"
    assert str(caught.value) == f"create={{'Title': {{1}}}} is not valid: expected {expected}"
