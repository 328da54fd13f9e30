"""A resource type that is written with AWS's library, whose handlers each test registers as it needs them."""

from __future__ import annotations

import functools
import json
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from cloudformation_cli_python_lib.exceptions import NotFound
from cloudformation_cli_python_lib.interface import Action, BaseModel, OperationStatus, ProgressEvent
from cloudformation_cli_python_lib.resource import Resource
from mock_time import START

from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, MutableMapping

    from cloudformation_cli_python_lib.boto3_proxy import SessionProxy
    from cloudformation_cli_python_lib.interface import BaseResourceHandlerRequest
    from cloudformation_cli_python_lib.resource import HandlerSignature

    from pytest_cloudcontrol import CloudControl, ResourceRequest

Context: TypeAlias = "MutableMapping[str, Any]"
"""A callback context."""

NOTEBOOK: Final = "Acme::Notes::Notebook"

SCHEMA: Final[dict[str, Any]] = {
    "typeName": NOTEBOOK,
    "description": "A notebook.",
    "properties": {
        "Id": {"type": "string"},
        "Title": {"type": "string"},
        "Pages": {"type": "integer"},
        "Secret": {"type": "string"},
    },
    "additionalProperties": False,
    "required": ["Title"],
    "primaryIdentifier": ["/properties/Id"],
    "readOnlyProperties": ["/properties/Id"],
    "writeOnlyProperties": ["/properties/Secret"],
    "handlers": {name: {"permissions": []} for name in ("create", "read", "update", "delete", "list")},
}


@dataclass
class Notebook(BaseModel):
    """The model, as ``cfn generate`` writes it."""

    Id: str | None = None
    Title: str | None = None
    Pages: int | None = None
    Secret: str | None = None

    @classmethod
    def _deserialize(cls, json_data: Mapping[str, Any] | None) -> Notebook | None:
        return cls(**json_data) if json_data else None


def succeeded(model: Notebook | None = None) -> ProgressEvent:
    """Return the event of a handler that has done all."""
    return ProgressEvent(status=OperationStatus.SUCCESS, resourceModel=model)


def in_progress(
    context: MutableMapping[str, Any] | None = None, delay: int = 0, model: Notebook | None = None
) -> ProgressEvent:
    """Return the event of a handler that is to be called again."""
    return ProgressEvent(
        status=OperationStatus.IN_PROGRESS,
        callbackContext=context,
        callbackDelaySeconds=delay,
        resourceModel=model,
    )


def handler_of(method: Callable[[BaseResourceHandlerRequest, Context], ProgressEvent]) -> HandlerSignature:
    """Return a method as a handler that needs no session."""

    @functools.wraps(method)
    def handler(_session: object, request: BaseResourceHandlerRequest, context: Context) -> ProgressEvent:
        return method(request, context)

    return handler


def asked_for(request: BaseResourceHandlerRequest) -> Notebook:
    """Return the notebook that a request is about."""
    model = request.desiredResourceState
    assert isinstance(model, Notebook)
    return model


class Shelf:
    """The service that the handlers of notebooks use, with handlers that are right.

    Attributes:
        resource: to which they are registered.
        there: what there is.
    """

    def __init__(self) -> None:
        self.resource = Resource(NOTEBOOK, Notebook)
        self.there: dict[str, Notebook] = {}
        for action in Action:
            self.resource.handler(action)(handler_of(getattr(self, action.name.lower())))

    def create(self, request: BaseResourceHandlerRequest, context: Context) -> ProgressEvent:
        """Make a notebook in two calls."""
        model = asked_for(request)
        if "Id" in context:
            model.Id = context["Id"]
            return succeeded(self.shown(context["Id"]))
        model.Id = f"nb-{len(self.there) + 1}"
        self.there[model.Id] = model
        return in_progress({"Id": model.Id}, 30, Notebook(Id=model.Id))

    def update(self, request: BaseResourceHandlerRequest, _context: Context) -> ProgressEvent:
        """Change a notebook."""
        model = asked_for(request)
        self.there[self.shown(model.Id).Id or ""] = model
        return succeeded(self.shown(model.Id))

    def delete(self, request: BaseResourceHandlerRequest, _context: Context) -> ProgressEvent:
        """Remove a notebook."""
        model = asked_for(request)
        del self.there[self.shown(model.Id).Id or ""]
        return succeeded()

    def read(self, request: BaseResourceHandlerRequest, _context: Context) -> ProgressEvent:
        """Show a notebook."""
        model = asked_for(request)
        return succeeded(self.shown(model.Id))

    def list(self, request: BaseResourceHandlerRequest, _context: Context) -> ProgressEvent:
        """List the identifiers of all notebooks, two on a page."""
        first = int(request.nextToken or 0)
        names = sorted(self.there)
        return ProgressEvent(
            status=OperationStatus.SUCCESS,
            resourceModels=[Notebook(Id=name) for name in names[first : first + 2]],
            nextToken=str(first + 2) if len(names) > first + 2 else None,
        )

    def shown(self, identifier: str | None) -> Notebook:
        """Return what a read shows of a notebook."""
        if identifier not in self.there:
            raise NotFound(NOTEBOOK, str(identifier))
        kept = self.there[identifier]
        return Notebook(Id=kept.Id, Title=kept.Title, Pages=kept.Pages)


def replace(shelf: Shelf, action: Action, result: Callable[[BaseResourceHandlerRequest], object]) -> None:
    """Have a handler return something else, or raise it."""

    def handler(_session: SessionProxy | None, request: BaseResourceHandlerRequest, _context: Context) -> ProgressEvent:
        returned: Any = result(request)
        return returned  # type: ignore[no-any-return]  # some tests return what isn't one

    shelf.resource.handler(action)(handler)


def create(cloudcontrol: CloudControl, title: str = "field notes", **properties: object) -> ResourceRequest:
    """Ask for a notebook, and return the request."""
    state = json.dumps({"Title": title, **properties})
    cloudcontrol.client().create_resource(TypeName=NOTEBOOK, DesiredState=state)
    return cloudcontrol.requests.last


def read(cloudcontrol: CloudControl, identifier: str) -> dict[str, Any]:
    """Return what GetResource shows of a notebook."""
    answer = cloudcontrol.client().get_resource(TypeName=NOTEBOOK, Identifier=identifier)
    shown: dict[str, Any] = json.loads(answer["ResourceDescription"]["Properties"])
    return shown


@contextmanager
def telling(shelf: Shelf, max_steps: int = 1000) -> Iterator[tuple[CloudControl, list[str]]]:
    """Mock Cloud Control with notebooks in it, and note what is told at the end."""
    told: list[str] = []
    with ExitStack() as stack:
        cloudcontrol = stack.enter_context(mock_cloudcontrol(start=START, max_steps=max_steps))
        cloudcontrol.add_type(SCHEMA)
        cloudcontrol.add_handler(NOTEBOOK, shelf.resource)
        yield cloudcontrol, told
        try:
            stack.close()
        except AssertionError as error:
            first, *lines = str(error).splitlines()
            assert first == "These handlers of the test's own are wrong:"
            words = takewhile(lambda line: line.startswith("    "), lines)
            told += [line.strip() for line in words if not line.startswith("     ")]
