"""Models that handlers written with AWS's library return and may not: they are shown as they are, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cloudformation_cli_python_lib.interface import Action, OperationStatus, ProgressEvent
from notebooks import NOTEBOOK, SCHEMA, Notebook, create, in_progress, read, replace, succeeded, telling

if TYPE_CHECKING:
    from notebooks import Shelf

    from pytest_cloudcontrol import CloudControl

CREATE = f"the CREATE handler replace.<locals>.handler of {NOTEBOOK}"
READ = f"the READ handler replace.<locals>.handler of {NOTEBOOK}"
WRONG_TITLE: Any = Notebook(Id="nb-1", Title=3)  # type: ignore[arg-type]  # a wrong one
UNFIT = (
    "resourceModel={'Id': 'nb-1', 'Title': 3} is not valid: "
    f"expected a model that fits the schema of {NOTEBOOK} (#/Title: expected type: String, found: Integer)"
)


def listed(*models: Notebook) -> ProgressEvent:
    """Return the event of a list."""
    return ProgressEvent(status=OperationStatus.SUCCESS, resourceModels=list(models))


@pytest.mark.fidelity("P-8")
def test_a_read_model_that_does_not_fit(shelf: Shelf) -> None:
    """A model of READ with a value that the schema doesn't allow is shown, and told."""
    replace(shelf, Action.READ, lambda _: succeeded(WRONG_TITLE))

    with telling(shelf) as (cloudcontrol, told):
        assert read(cloudcontrol, "nb-1") == {"Id": "nb-1", "Title": 3}

    assert told == [f"{READ}: {UNFIT}"]


def test_a_listed_model_that_does_not_fit(shelf: Shelf) -> None:
    """So is one of LIST."""
    replace(shelf, Action.LIST, lambda _: listed(Notebook(Id="nb-0"), WRONG_TITLE))

    with telling(shelf) as (cloudcontrol, told):
        cloudcontrol.client().list_resources(TypeName=NOTEBOOK)

    assert told == [f"the LIST handler replace.<locals>.handler of {NOTEBOOK}: {UNFIT}"]


def test_an_event_model_that_does_not_fit(shelf: Shelf) -> None:
    """So is one of a call of create that isn't the last."""
    shelf.there["nb-1"] = Notebook(Id="nb-1")
    answers = iter([in_progress(model=WRONG_TITLE), succeeded(Notebook(Id="nb-1"))])
    replace(shelf, Action.CREATE, lambda _: next(answers))

    with telling(shelf) as (cloudcontrol, told):
        assert create(cloudcontrol).run().status == "SUCCESS"

    assert told == [f"{CREATE}: {UNFIT}"]


@pytest.mark.fidelity("P-8")
def test_what_a_model_may_lack(cloud: CloudControl, shelf: Shelf) -> None:
    """A model may lack what the schema requires, also inside, and combinations of schemas don't count."""
    needing: dict[str, Any] = {
        **SCHEMA,
        "properties": {
            **SCHEMA["properties"],
            "Cover": {"type": "object", "properties": {"Colour": {"type": "string"}}, "required": ["Colour"]},
        },
        "oneOf": [{"required": ["Pages"]}, {"required": ["Cover"]}],
    }
    cloud.add_type(needing)
    replace(shelf, Action.READ, lambda _: succeeded(Notebook(Id="nb-1")))
    shown: Any = Notebook(Id="nb-2")
    vars(shown)["Cover"] = {}
    replace(shelf, Action.LIST, lambda _: listed(shown))
    cloud.add_handler(NOTEBOOK, shelf.resource)

    assert read(cloud, "nb-1") == {"Id": "nb-1"}
    [found] = cloud.client().list_resources(TypeName=NOTEBOOK)["ResourceDescriptions"]
    assert found["Properties"] == '{"Cover":{},"Id":"nb-2"}'


@pytest.mark.fidelity("P-8")
def test_the_model_of_another_resource(shelf: Shelf) -> None:
    """A model of READ that isn't that of the resource which was asked for is shown, and told."""
    replace(shelf, Action.READ, lambda _: succeeded(Notebook(Id="nb-2")))

    with telling(shelf) as (cloudcontrol, told):
        assert read(cloudcontrol, "nb-1") == {"Id": "nb-2"}

    expected = "expected the model of 'nb-1', which was asked for"
    assert told == [f"{READ}: resourceModel={{'Id': 'nb-2'}} is not valid: {expected}"]


@pytest.mark.fidelity("P-8")
def test_the_model_of_what_is_deleted(shelf: Shelf) -> None:
    """A DELETE that succeeds with a model has succeeded, and is told."""
    model = Notebook(Id="nb-1")
    replace(shelf, Action.DELETE, lambda _: succeeded(shelf.there.pop("nb-1")))
    shelf.there["nb-1"] = model

    with telling(shelf) as (cloudcontrol, told):
        cloudcontrol.client().delete_resource(TypeName=NOTEBOOK, Identifier="nb-1")
        request = cloudcontrol.requests.last.run()
        assert (request.status, request.last_event.resource_model) == ("SUCCESS", None)

    name = f"the DELETE handler replace.<locals>.handler of {NOTEBOOK}"
    expected = "expected None: what is deleted has no model any more"
    assert told == [f"{name}: resourceModel={{'Id': 'nb-1'}} is not valid: {expected}"]
