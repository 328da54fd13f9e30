"""A Resource of AWS's library behind Cloud Control: its handlers are called as AWS calls them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from cloudformation_cli_python_lib.interface import Action
from cloudformation_cli_python_lib.resource import Resource
from notebooks import NOTEBOOK, SCHEMA, Notebook, create, in_progress, read, replace, succeeded

from pytest_cloudcontrol import HandlerError, OptionError, mock_cloudcontrol

if TYPE_CHECKING:
    from cloudformation_cli_python_lib.interface import BaseResourceHandlerRequest
    from notebooks import Shelf

    from pytest_cloudcontrol import CloudControl, HandlerRequest


def test_create_in_two_calls(cloud: CloudControl, shelf: Shelf) -> None:
    """Each handler call is one invocation; the next comes after the callback delay, with the callback context."""
    request = create(cloud)

    request.step()
    assert list(shelf.there) == ["nb-1"]
    assert (request.status, request.identifier) == ("IN_PROGRESS", "nb-1")
    assert request.next_step_at == request.last_event.event_time + timedelta(seconds=30)
    request.step()
    assert (request.status, request.steps) == ("SUCCESS", 2)
    assert read(cloud, "nb-1") == {"Id": "nb-1", "Title": "field notes"}


@pytest.mark.fidelity("P-3")
def test_models_in_events(cloud: CloudControl) -> None:
    """An event has the model that its call has returned, without write-only properties; the first answer has none."""
    request = create(cloud, Pages=12, Secret="hush").run()

    assert [event.resource_model for event in request.events] == [
        None,
        {"Id": "nb-1"},
        {"Id": "nb-1", "Title": "field notes", "Pages": 12},
    ]
    assert [event.identifier for event in request.events] == [None, "nb-1", "nb-1"]


def test_a_call_without_a_model(cloud: CloudControl, shelf: Shelf) -> None:
    """An event whose call has returned no model shows none, and keeps the identifier."""
    answers = iter([in_progress(model=Notebook(Id="nb-1")), in_progress()])
    shelf.there["nb-1"] = Notebook(Id="nb-1")
    replace(shelf, Action.CREATE, lambda _: next(answers))
    request = create(cloud)

    request.step().step()

    assert [event.resource_model for event in request.events] == [None, {"Id": "nb-1"}, None]
    assert request.last_event.identifier == "nb-1"


def test_cancelled_half_way(cloud: CloudControl, shelf: Shelf) -> None:
    """A cancel between two calls leaves what the first has done, and no call follows."""
    request = create(cloud)
    request.step().cancel()

    cloud.clock.advance(3600)

    assert (request.status, request.steps) == ("CANCEL_COMPLETE", 1)
    assert list(shelf.there) == ["nb-1"]


def test_failing_at_the_second_call(cloud: CloudControl, shelf: Shelf) -> None:
    """An arranged failure comes instead of a call, and the handler isn't called."""
    cloud.add_failure("NotStabilized", at_step=2)

    request = create(cloud).run()

    assert (request.status, request.error_code, request.steps) == ("FAILED", "NotStabilized", 2)
    assert list(shelf.there) == ["nb-1"]


def test_update_and_delete(cloud: CloudControl, shelf: Shelf) -> None:
    """An update gets the patched model and what a read showed before; a delete the identifier."""
    create(cloud, Pages=12).run()
    asked: list[BaseResourceHandlerRequest] = []

    def note(request: BaseResourceHandlerRequest) -> object:
        asked.append(request)
        return shelf.update(request, {}) if len(asked) == 1 else shelf.delete(request, {})

    replace(shelf, Action.UPDATE, note)
    replace(shelf, Action.DELETE, note)
    patch = json.dumps([{"op": "replace", "path": "/Pages", "value": 20}])
    cloud.client().update_resource(TypeName=NOTEBOOK, Identifier="nb-1", PatchDocument=patch)
    assert cloud.requests.last.run().status == "SUCCESS"
    cloud.client().delete_resource(TypeName=NOTEBOOK, Identifier="nb-1")
    assert cloud.requests.last.run().status == "SUCCESS"

    update, delete = asked
    assert update.previousResourceState == Notebook(Id="nb-1", Title="field notes", Pages=12)
    assert delete.desiredResourceState == Notebook(Id="nb-1")
    assert delete.previousResourceState is None
    assert shelf.there == {}
    assert cloud.requests.last.last_event.resource_model is None


@pytest.mark.fidelity("P-4")
def test_what_a_handler_is_asked(cloud: CloudControl, shelf: Shelf) -> None:
    """A handler gets the account, the region and its partition, the caller's token, and no tags of a stack."""
    asked: list[BaseResourceHandlerRequest] = []

    def note(request: BaseResourceHandlerRequest) -> object:
        asked.append(request)
        return succeeded(Notebook(Id="nb-9"))

    replace(shelf, Action.CREATE, note)
    shelf.there["nb-9"] = Notebook(Id="nb-9")
    client = cloud.client(region_name="cn-north-1", account_id="210987654321")
    client.create_resource(TypeName=NOTEBOOK, DesiredState='{"Title": "x"}', ClientToken="mine")
    cloud.requests.last.run()

    (request,) = asked
    assert (request.awsAccountId, request.region, request.awsPartition) == ("210987654321", "cn-north-1", "aws-cn")
    assert request.clientRequestToken == "mine"
    assert (request.desiredResourceTags, request.previousResourceTags, request.systemTags) == ({}, None, None)
    assert (request.stackId, request.logicalResourceIdentifier, request.nextToken) == (None, None, None)
    assert request.desiredResourceState == Notebook(Title="x")


@pytest.mark.fidelity("P-10")
def test_a_model_comes_back(cloud: CloudControl, shelf: Shelf) -> None:
    """A further call gets the model that the one before has returned as the desired state; without one, what it got."""
    returned = [Notebook(Id="nb-1", Title="x"), None, Notebook(Id="nb-1", Pages=3)]
    answers = iter([*(in_progress(model=model) for model in returned), succeeded(Notebook(Id="nb-1"))])
    asked: list[object] = []

    def note(request: BaseResourceHandlerRequest) -> object:
        asked.append(request.desiredResourceState)
        return next(answers)

    replace(shelf, Action.CREATE, note)
    shelf.there["nb-1"] = Notebook(Id="nb-1")
    create(cloud, Secret="hush").run()

    first = Notebook(Title="field notes", Secret="hush")
    assert asked == [first, returned[0], returned[0], returned[2]]


@pytest.mark.fidelity("P-1")
def test_the_first_callback_context_is_empty(cloud: CloudControl, shelf: Shelf) -> None:
    """The first call gets an empty callback context, and each further one a copy of what was returned."""
    contexts: list[dict[str, Any]] = []
    shelf.there["nb-1"] = Notebook(Id="nb-1")

    @shelf.resource.handler(Action.CREATE)
    def stabilizing(_session: object, _request: Any, context: Any) -> Any:
        contexts.append(dict(context))
        context["calls"] = [*context.get("calls", []), len(contexts)]
        return in_progress(context, 5) if len(contexts) < 3 else succeeded(Notebook(Id="nb-1"))

    create(cloud).run()

    assert contexts == [{}, {"calls": [1]}, {"calls": [1, 2]}]


def test_read_of_what_is_not_there(cloud: CloudControl) -> None:
    """GetResource is the READ handler's: its NotFound is the API's ResourceNotFoundException."""
    with pytest.raises(
        ClientError, match=f"Resource of type '{NOTEBOOK}' with identifier 'nb-7' was not found"
    ) as caught:
        read(cloud, "nb-7")

    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_list_of_several_pages(cloud: CloudControl) -> None:
    """A page of ListResources is one call of the LIST handler, which gets its own nextToken back for the next one."""
    for title in ("a", "b", "c", "d", "e"):
        create(cloud, title).run()

    pages = list(cloud.client().get_paginator("list_resources").paginate(TypeName=NOTEBOOK))

    found = [[one["Identifier"] for one in page["ResourceDescriptions"]] for page in pages]
    assert found == [["nb-1", "nb-2"], ["nb-3", "nb-4"], ["nb-5"]]
    assert pages[0]["ResourceDescriptions"][0]["Properties"] == '{"Id":"nb-1"}'
    assert "NextToken" not in pages[-1]


def test_list_whose_resources_lag_behind(cloud: CloudControl) -> None:
    """What a list doesn't find any more, but is still to be seen, stands on its last page, and nothing stands twice."""
    client = cloud.client()
    for title in ("a", "b", "c", "d"):
        create(cloud, title).run()
    cloud.plan(consistent_after=60)
    client.delete_resource(TypeName=NOTEBOOK, Identifier="nb-1")
    cloud.requests.last.run()
    document = '[{"op": "replace", "path": "/Title", "value": "z"}]'
    client.update_resource(TypeName=NOTEBOOK, Identifier="nb-2", PatchDocument=document)
    cloud.requests.last.run()

    pages = list(client.get_paginator("list_resources").paginate(TypeName=NOTEBOOK))

    found = [[one["Identifier"] for one in page["ResourceDescriptions"]] for page in pages]
    assert found == [["nb-2", "nb-3"], ["nb-4", "nb-1"]]


def test_page_size_of_the_handler(shelf: Shelf) -> None:
    """A page of the LIST handler's is whole, however many the option list_page_size says."""
    with mock_cloudcontrol(list_page_size=1) as cloudcontrol:
        cloudcontrol.add_type(SCHEMA)
        cloudcontrol.add_handler(NOTEBOOK, shelf.resource)
        for title in ("a", "b"):
            create(cloudcontrol, title).run()
        answer = cloudcontrol.client().list_resources(TypeName=NOTEBOOK)
    assert [found["Identifier"] for found in answer["ResourceDescriptions"]] == ["nb-1", "nb-2"]
    assert "NextToken" not in answer


def test_the_resource_stays_as_it_was(cloud: CloudControl, shelf: Shelf) -> None:
    """The handlers that are registered with a Resource are the same after they were called."""
    before = dict(vars(shelf.resource)["_handlers"])
    create(cloud).run()

    assert vars(shelf.resource)["_handlers"] == before


def test_functions_beside_a_resource(cloud: CloudControl, shelf: Shelf) -> None:
    """A function that is given too comes before the Resource's handler."""

    def refusing(_request: HandlerRequest) -> None:
        raise HandlerError("ServiceLimitExceeded", "At most none.")

    cloud.add_handler(NOTEBOOK, shelf.resource, create=refusing)

    request = create(cloud).run()
    assert (request.error_code, request.status_message) == ("ServiceLimitExceeded", "At most none.")
    assert cloud.client().list_resources(TypeName=NOTEBOOK)["ResourceDescriptions"] == []


def test_a_resource_of_another_type(cloud: CloudControl) -> None:
    """A Resource that was made for another type is refused."""
    other = Resource("Acme::Notes::Pencil", Notebook)

    with pytest.raises(OptionError) as caught:
        cloud.add_handler(NOTEBOOK, other)

    assert str(caught.value) == (
        f"handler={other!r} is not valid: expected the Resource of {NOTEBOOK}, not that of Acme::Notes::Pencil"
    )


def test_its_handle(cloud: CloudControl, shelf: Shelf) -> None:
    """Its handle counts the requests, and takes it back."""
    handle = cloud.add_handler(NOTEBOOK, shelf.resource)
    create(cloud).run()

    assert handle.fired == 1
    assert repr(handle).startswith(f"<add_handler('{NOTEBOOK}') for CREATE, DELETE, LIST, READ, UPDATE")
