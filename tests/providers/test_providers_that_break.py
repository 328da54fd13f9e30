"""What goes wrong in handlers that are written with AWS's library: what Cloud Control answers, and what is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from cloudformation_cli_python_lib import exceptions
from cloudformation_cli_python_lib.interface import Action, HandlerErrorCode, OperationStatus, ProgressEvent
from notebooks import NOTEBOOK, Notebook, create, in_progress, read, replace, succeeded, telling

if TYPE_CHECKING:
    from collections.abc import Callable

    from notebooks import Shelf

    from pytest_cloudcontrol import CloudControl

CREATE = f"the CREATE handler replace.<locals>.handler of {NOTEBOOK}"
READ = f"the READ handler replace.<locals>.handler of {NOTEBOOK}"
LIST = f"the LIST handler replace.<locals>.handler of {NOTEBOOK}"


def raising(error: BaseException) -> Callable[[object], object]:
    """Return what raises an exception."""

    def raise_it(_request: object) -> object:
        raise error

    return raise_it


FAILURES: dict[str, tuple[Callable[[object], object], str, str | None]] = {
    "returned": (
        lambda _: ProgressEvent.failed(HandlerErrorCode.AlreadyExists, "It is there."),
        "AlreadyExists",
        "It is there.",
    ),
    "raised": (raising(exceptions.Throttling("Slow down.")), "Throttling", "Slow down."),
    "words that are JSON": (
        lambda _: ProgressEvent.failed(HandlerErrorCode.NotFound, {"errors": ["none"]}),  # type: ignore[arg-type]  # a wrong one
        "NotFound",
        '{"errors":["none"]}',
    ),
    "without words": (lambda _: ProgressEvent.failed(HandlerErrorCode.NetworkFailure), "NetworkFailure", None),
    "a code of hooks": (
        raising(exceptions.InvalidTypeConfiguration(NOTEBOOK, "no token")),
        "InternalFailure",
        f"InvalidTypeConfiguration: Invalid TypeConfiguration provided for type {NOTEBOOK}. Reason: no token",
    ),
    "a code without words": (lambda _: ProgressEvent.failed(HandlerErrorCode.Unknown), "InternalFailure", "Unknown"),
}


@pytest.mark.fidelity("P-2")
@pytest.mark.parametrize("kind", FAILURES)
def test_failures(cloud: CloudControl, shelf: Shelf, kind: str) -> None:
    """A failure, returned or raised, is the request's; a code that Cloud Control doesn't have is InternalFailure."""
    result, error_code, message = FAILURES[kind]
    replace(shelf, Action.CREATE, result)

    request = create(cloud).run()

    assert (request.status, request.error_code, request.status_message) == ("FAILED", error_code, message)
    assert request.handler_error is None


def test_a_handler_that_raises(shelf: Shelf) -> None:
    """What else a handler raises is InternalFailure to the caller, kept by the request, and told at the end."""
    error = ZeroDivisionError("by none")
    replace(shelf, Action.CREATE, raising(error))

    with telling(shelf) as (cloudcontrol, told):
        request = create(cloudcontrol).run()
        assert (request.error_code, request.status_message) == ("InternalFailure", None)
        assert request.handler_error is error

    assert told == [f"{CREATE} raised ZeroDivisionError: by none"]


def test_a_handler_that_may_raise(cloud: CloudControl, shelf: Shelf) -> None:
    """With ``may_raise`` nothing is told."""
    replace(shelf, Action.CREATE, raising(ZeroDivisionError("by none")))
    cloud.add_handler(NOTEBOOK, shelf.resource, may_raise=True)

    assert create(cloud).run().error_code == "InternalFailure"


def test_what_is_no_exception_goes_on(cloud: CloudControl, shelf: Shelf) -> None:
    """An outcome of pytest's goes on to whoever makes the step, and the request has failed."""

    class Outcome(BaseException):
        """What isn't an Exception."""

    replace(shelf, Action.CREATE, raising(Outcome("here")))
    request = create(cloud)

    with pytest.raises(Outcome, match="here"):
        request.step()

    assert request.error_code == "InternalFailure"


def test_a_read_that_raises(shelf: Shelf) -> None:
    """A READ handler that raises is HandlerInternalFailureException to the caller, and told at the end."""
    replace(shelf, Action.READ, raising(ZeroDivisionError("by none")))

    with telling(shelf) as (cloudcontrol, told):
        with pytest.raises(ClientError) as caught:
            read(cloudcontrol, "nb-1")
        assert caught.value.response["Error"]["Code"] == "HandlerInternalFailureException"

    assert told == [f"{READ} raised ZeroDivisionError: by none"]


def lost(context: dict[Any, Any]) -> Callable[[object], object]:
    """Return what gives a callback context once, and then succeeds."""
    answers = iter([in_progress(context, 5, Notebook(Id="nb-1")), succeeded(Notebook(Id="nb-1"))])
    return lambda _: next(answers)


@pytest.mark.fidelity("P-1")
@pytest.mark.parametrize(
    ("context", "given", "comes_back"),
    [
        ({"ids": (1, 2)}, "{'ids': (1, 2)}", "{'ids': [1, 2]}"),
        ({1: "one"}, "{1: 'one'}", "{'1': 'one'}"),
        ({"model": Notebook(Id="x")}, None, "{'model': {'Id': 'x'}}"),
    ],
)
def test_a_context_that_json_changes(shelf: Shelf, context: dict[Any, Any], given: str | None, comes_back: str) -> None:
    """A callback context that comes back otherwise than it was returned is told; the work goes on with what came."""
    shelf.there["nb-1"] = Notebook(Id="nb-1")
    replace(shelf, Action.CREATE, lost(context))

    with telling(shelf) as (cloudcontrol, told):
        assert create(cloudcontrol).run().status == "SUCCESS"

    expected = f"expected what comes back from JSON as it went: the next call gets {comes_back}"
    assert told == [f"{CREATE}: callbackContext={given or repr(context)} is not valid: {expected}"]


NO_JSON: dict[str, ProgressEvent] = {
    "a set": in_progress({"ids": {1}}),
    "a dict for a model": ProgressEvent(status=OperationStatus.SUCCESS, resourceModel={"Id": "nb-1"}),  # type: ignore[arg-type]  # a wrong one
    "an exception for a message": ProgressEvent.failed(HandlerErrorCode.InternalFailure, ValueError("broken")),  # type: ignore[arg-type]  # a wrong one
}

WRONG: dict[str, tuple[object, str]] = {
    "nothing": (None, "result=None is not valid: expected a ProgressEvent of AWS's library"),
    "a dict": (
        {"status": "SUCCESS"},
        "result={'status': 'SUCCESS'} is not valid: expected a ProgressEvent of AWS's library",
    ),
    "pending": (
        ProgressEvent(status=OperationStatus.PENDING),
        "status='PENDING' is not valid: expected one of SUCCESS, IN_PROGRESS, FAILED",
    ),
    "no code": (
        ProgressEvent(status=OperationStatus.FAILED, message="Broken."),
        (
            "errorCode=None is not valid: expected one of the library's HandlerErrorCode, "
            "as in ProgressEvent.failed(HandlerErrorCode.NotFound)"
        ),
    ),
    "a status as text": (
        ProgressEvent(status="SUCCESS"),  # type: ignore[arg-type]  # a wrong one
        (
            "status='SUCCESS' is not valid: expected one of the library's OperationStatus, "
            "as in ProgressEvent(status=OperationStatus.SUCCESS)"
        ),
    ),
    "a code as text": (
        ProgressEvent.failed("NotFound"),  # type: ignore[arg-type]  # a wrong one
        (
            "errorCode='NotFound' is not valid: expected one of the library's HandlerErrorCode, "
            "as in ProgressEvent.failed(HandlerErrorCode.NotFound)"
        ),
    ),
    **{
        f"no JSON: {kind}": (
            result,
            (
                f"result={result!r} is not valid: expected a ProgressEvent of AWS's library that can be written as "
                "JSON: models of the type's class, a text as message"
            ),
        )
        for kind, result in NO_JSON.items()
    },
}


@pytest.mark.parametrize("kind", WRONG)
def test_results_that_are_not_right(shelf: Shelf, kind: str) -> None:
    """A result that AWS can make nothing of is InternalFailure, and told with what was expected."""
    result, words = WRONG[kind]
    replace(shelf, Action.CREATE, lambda _: result)

    with telling(shelf) as (cloudcontrol, told):
        assert create(cloudcontrol).run().error_code == "InternalFailure"

    assert told == [f"{CREATE}: {words}"]


def test_a_model_that_is_not_made_of_the_request(shelf: Shelf) -> None:
    """A class of a model that raises is InvalidRequest to the caller, as it is where it is deployed, and told."""

    class Strict(Notebook):
        @classmethod
        def _deserialize(cls, json_data: Any) -> Any:
            return cls(Title=json_data["Titel"])

    vars(shelf.resource)["_model_cls"] = Strict

    with telling(shelf) as (cloudcontrol, told):
        request = create(cloudcontrol).run()

    assert (request.error_code, request.status_message) == ("InvalidRequest", "'Titel' (KeyError)")
    assert told == [f"the model of {NOTEBOOK}, made for CREATE, raised KeyError: 'Titel'"]


def test_a_model_that_refuses_the_request(shelf: Shelf) -> None:
    """What such a class raises of the library's own exceptions is its verdict, and not told."""

    class Strict(Notebook):
        @classmethod
        def _deserialize(cls, json_data: Any) -> Any:
            raise exceptions.InvalidRequest(f"no {json_data['Title']}")

    vars(shelf.resource)["_model_cls"] = Strict

    with telling(shelf) as (cloudcontrol, told):
        request = create(cloudcontrol).run()

    assert (request.error_code, request.status_message) == ("InvalidRequest", "no field notes (InvalidRequest)")
    assert told == []


def test_an_action_without_a_handler(cloud: CloudControl, shelf: Shelf) -> None:
    """An operation that the schema has and the Resource hasn't fails as the library says."""
    del vars(shelf.resource)["_handlers"][Action.CREATE]

    request = create(cloud).run()

    assert (request.error_code, request.status_message) == ("InternalFailure", "No handler for CREATE")


@pytest.mark.fidelity("P-5")
def test_a_read_that_wants_to_be_called_again(shelf: Shelf) -> None:
    """IN_PROGRESS from READ is refused by the library, and told."""
    replace(shelf, Action.READ, lambda _: in_progress())

    with telling(shelf) as (cloudcontrol, told):
        with pytest.raises(ClientError, match=r"READ and LIST handlers must return synchronously\.") as caught:
            read(cloudcontrol, "nb-1")
        assert caught.value.response["Error"]["Code"] == "HandlerInternalFailureException"

    expected = "expected SUCCESS or FAILED from a read: only create, update and delete are called again"
    assert told == [f"{READ}: status='IN_PROGRESS' is not valid: {expected}"]


def test_a_read_without_a_model(shelf: Shelf) -> None:
    """A READ that succeeds without a model is told."""
    replace(shelf, Action.READ, lambda _: succeeded())

    with telling(shelf) as (cloudcontrol, told), pytest.raises(ClientError):
        read(cloudcontrol, "nb-1")

    expected = "expected the resource's model, or the failure NotFound"
    assert told == [f"{READ}: resourceModel=None is not valid: {expected}"]


def test_a_list_without_models(shelf: Shelf) -> None:
    """A LIST that succeeds without a list of models is told."""
    replace(shelf, Action.LIST, lambda _: succeeded())

    with telling(shelf) as (cloudcontrol, told), pytest.raises(ClientError):
        cloudcontrol.client().list_resources(TypeName=NOTEBOOK)

    expected = "expected a list of the models of resources, empty for none"
    assert told == [f"{LIST}: resourceModels=None is not valid: {expected}"]


def test_a_list_that_never_ends(shelf: Shelf) -> None:
    """A LIST that gives the nextToken again that it was asked with is ended, and told."""
    replace(
        shelf,
        Action.LIST,
        lambda _: ProgressEvent(status=OperationStatus.SUCCESS, resourceModels=[], nextToken="more"),
    )

    with telling(shelf) as (cloudcontrol, told), pytest.raises(ClientError):
        list(cloudcontrol.client().get_paginator("list_resources").paginate(TypeName=NOTEBOOK))

    expected = "expected another one than it was asked with, or None at the end"
    assert told == [f"{LIST}: nextToken='more' is not valid: {expected}"]
