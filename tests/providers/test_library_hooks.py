"""A Hook of AWS's library: it is asked before a request's first handler call, as AWS asks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from cloudformation_cli_python_lib import exceptions
from cloudformation_cli_python_lib.hook import Hook
from cloudformation_cli_python_lib.interface import (
    BaseModel,
    HandlerErrorCode,
    HookInvocationPoint,
    OperationStatus,
    ProgressEvent,
)
from notebooks import telling

from pytest_cloudcontrol import OptionError, explore

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from notebooks import Shelf

    from pytest_cloudcontrol import CloudControl, ResourceRequest

NAMES = "Acme::Rules::Names"
QUEUE = "AWS::SQS::Queue"


@dataclass
class Rules(BaseModel):
    """The configuration of the hook's type, as ``cfn generate`` writes it."""

    Prefix: str | None = None

    @classmethod
    def _deserialize(cls, json_data: Mapping[str, Any] | None) -> Rules | None:
        return cls(**json_data) if json_data is not None else None


def hook_that(
    *results: object,
    asked: list[Any] | None = None,
    point: HookInvocationPoint = HookInvocationPoint.CREATE_PRE_PROVISION,
) -> Hook:
    """Return a hook that gives or raises these, before a create unless said otherwise, one after the other."""
    hook, answers = Hook(NAMES, Rules), iter(results)

    @hook.handler(point)
    def handler(_session: Any, request: Any, context: Any, configuration: Any) -> Any:
        if asked is not None:
            asked.append((request, context, configuration))
        answer = next(answers)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    return hook


def create(cloudcontrol: CloudControl) -> ResourceRequest:
    """Ask for a queue, and return the request."""
    cloudcontrol.client().create_resource(TypeName=QUEUE, DesiredState='{"QueueName": "orders"}')
    return cloudcontrol.requests.last


def shown(cloudcontrol: CloudControl, request: ResourceRequest) -> tuple[str, str | None]:
    """Return the status and the message of the only hook."""
    answer = cloudcontrol.client().get_resource_request_status(RequestToken=request.request_token)
    [hook] = answer["HooksProgressEvent"]
    return hook["HookStatus"], hook.get("HookStatusMessage")


SUCCESS = ProgressEvent(status=OperationStatus.SUCCESS, message="Fine.")


def test_success(cloudcontrol: CloudControl) -> None:
    """A hook that succeeds lets the request go on."""
    cloudcontrol.add_hook(NAMES, hook_that(SUCCESS))

    request = create(cloudcontrol).run()

    assert request.status == "SUCCESS"
    assert shown(cloudcontrol, request) == ("HOOK_COMPLETE_SUCCEEDED", None)


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (ProgressEvent.failed(HandlerErrorCode.NonCompliant, "No prefix."), "No prefix."),
        (exceptions.AccessDenied("May not look."), "May not look."),
        (ProgressEvent.failed(HandlerErrorCode.NonCompliant), "NonCompliant"),
    ],
)
def test_failure(cloudcontrol: CloudControl, result: object, message: str) -> None:
    """A failure, returned or raised as one of the library's exceptions, fails the request."""
    cloudcontrol.add_hook(NAMES, hook_that(result))

    request = create(cloudcontrol).run()

    assert (request.error_code, request.steps) == ("GeneralServiceException", 0)
    assert shown(cloudcontrol, request) == ("HOOK_COMPLETE_FAILED", f"Hook failed with message: {message}")


@pytest.mark.fidelity("P-7")
def test_asked_again(cloudcontrol: CloudControl) -> None:
    """IN_PROGRESS has it asked again after the callback delay, with the callback context; it is none of the steps."""
    asked: list[Any] = []
    again = ProgressEvent(status=OperationStatus.IN_PROGRESS, callbackContext={"call": 1}, callbackDelaySeconds=60)
    cloudcontrol.add_hook(NAMES, hook_that(again, SUCCESS, asked=asked))

    request = create(cloudcontrol)
    request.step()
    first = cloudcontrol.clock.now()
    assert shown(cloudcontrol, request) == ("HOOK_IN_PROGRESS", None)
    request.step()

    assert (cloudcontrol.clock.now() - first).total_seconds() == 60
    assert [context for _, context, _ in asked] == [{}, {"call": 1}]
    assert request.steps == 0
    assert request.run().status == "SUCCESS"


def test_asked_again_in_an_exploration() -> None:
    """However often it is asked again, its failure is one surprise, at one place of a replay line."""
    again = ProgressEvent(status=OperationStatus.IN_PROGRESS, callbackContext={}, callbackDelaySeconds=60)

    def scenario(cloudcontrol: CloudControl) -> None:
        cloudcontrol.add_hook(NAMES, hook_that(again, again, SUCCESS))
        create(cloudcontrol).run()

    covered = explore(scenario, cancels=False, errors=(), moves=False)

    assert [line for line in covered.schedules if "hook" in line] == ["request 1 hook 1: FAILED"]


def test_what_it_is_asked(cloudcontrol: CloudControl) -> None:
    """It gets the target, its model, and the configuration of its type."""
    asked: list[Any] = []
    cloudcontrol.add_hook(NAMES, hook_that(SUCCESS, asked=asked), configuration={"Prefix": "acme-"})

    request = create(cloudcontrol).run()

    ((given, _, configuration),) = asked
    context = given.hookContext
    assert (context.hookTypeName, context.targetName, context.targetType) == (NAMES, QUEUE, "RESOURCE")
    assert context.targetModel == {"resourceProperties": {"QueueName": "orders"}}
    assert (context.awsAccountId, context.invocationPoint) == (request.account_id, "CREATE_PRE_PROVISION")
    assert configuration == Rules(Prefix="acme-")


def test_what_it_is_asked_before_an_update(cloudcontrol: CloudControl) -> None:
    """It gets what the resource is to become, and what it was."""
    asked: list[Any] = []
    identifier = cloudcontrol.resources.put(QUEUE, {"QueueName": "orders"})
    cloudcontrol.add_hook(NAMES, hook_that(SUCCESS, asked=asked, point=HookInvocationPoint.UPDATE_PRE_PROVISION))

    patch = '[{"op": "add", "path": "/DelaySeconds", "value": 3}]'
    cloudcontrol.client().update_resource(TypeName=QUEUE, Identifier=identifier, PatchDocument=patch)
    cloudcontrol.requests.last.run()

    ((given, _, _),) = asked
    target = given.hookContext.targetModel
    assert target["resourceProperties"]["DelaySeconds"] == 3
    assert target["previousResourceProperties"] == {**target["resourceProperties"], "DelaySeconds": 0}


@pytest.mark.fidelity("P-9")
def test_what_it_is_asked_before_a_delete(cloudcontrol: CloudControl) -> None:
    """It gets what there is, as a read shows it."""
    asked: list[Any] = []
    identifier = cloudcontrol.resources.put(QUEUE, {"QueueName": "orders"})
    cloudcontrol.add_hook(NAMES, hook_that(SUCCESS, asked=asked, point=HookInvocationPoint.DELETE_PRE_PROVISION))

    cloudcontrol.client().delete_resource(TypeName=QUEUE, Identifier=identifier)
    cloudcontrol.requests.last.run()

    ((given, _, _),) = asked
    assert given.hookContext.targetModel["resourceProperties"]["QueueName"] == "orders"


def test_a_delete_of_what_has_gone(cloudcontrol: CloudControl) -> None:
    """It gets nothing of a resource that somebody else has deleted meanwhile."""
    asked: list[Any] = []
    identifier = cloudcontrol.resources.put(QUEUE, {"QueueName": "orders"})
    cloudcontrol.add_hook(NAMES, hook_that(SUCCESS, asked=asked, point=HookInvocationPoint.DELETE_PRE_PROVISION))

    cloudcontrol.client().delete_resource(TypeName=QUEUE, Identifier=identifier)
    cloudcontrol.resources.delete(QUEUE, identifier)
    request = cloudcontrol.requests.last.run()

    ((given, _, _),) = asked
    assert given.hookContext.targetModel == {"resourceProperties": {}}
    assert request.error_code == "NotFound"


def test_operations_without_a_handler(cloudcontrol: CloudControl) -> None:
    """A Hook doesn't apply to operations that it has no handler for."""
    handle = cloudcontrol.add_hook(NAMES, hook_that(SUCCESS))
    request = create(cloudcontrol).run()
    cloudcontrol.client().delete_resource(TypeName=QUEUE, Identifier=request.identifier or "")
    cloudcontrol.run_until_idle()

    assert handle.fired == 1


def test_one_that_raises(shelf: Shelf) -> None:
    """What else it raises is HOOK_FAILED, and told at the end."""
    with telling(shelf) as (cloudcontrol, told):
        cloudcontrol.add_hook(NAMES, hook_that(ZeroDivisionError("by none")))
        request = create(cloudcontrol).run()
        message = "Hook failed with an exception: ZeroDivisionError: by none"
        assert shown(cloudcontrol, request) == ("HOOK_FAILED", message)

    assert told == [f"the hook {NAMES} raised ZeroDivisionError: by none"]


CODES = "one of the library's HandlerErrorCode, as in ProgressEvent.failed(HandlerErrorCode.NotFound)"
TEXT: Any = "NonCompliant"
UNWRITTEN: Any = ProgressEvent.failed(HandlerErrorCode.NonCompliant, ValueError("no"))  # type: ignore[arg-type]  # a wrong one
WRONG: dict[str, tuple[Any, str]] = {
    "nothing": (None, "result=None is not valid: expected a ProgressEvent of AWS's library"),
    "a code as text": (ProgressEvent.failed(TEXT), f"errorCode='NonCompliant' is not valid: expected {CODES}"),
    "no code": (ProgressEvent(status=OperationStatus.FAILED), f"errorCode=None is not valid: expected {CODES}"),
    "no JSON": (
        UNWRITTEN,
        (
            f"result={UNWRITTEN!r} is not valid: expected a ProgressEvent of AWS's library that can be written as "
            "JSON: models of the type's class, a text as message"
        ),
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_results_that_are_not_right(shelf: Shelf, kind: str) -> None:
    """A result that AWS can make nothing of has failed, and is told with what was expected."""
    result, words = WRONG[kind]

    with telling(shelf) as (cloudcontrol, told):
        cloudcontrol.add_hook(NAMES, hook_that(result))
        request = create(cloudcontrol).run()
        assert (request.status, shown(cloudcontrol, request)[0]) == ("FAILED", "HOOK_FAILED")

    assert told == [f"the hook {NAMES}: {words}"]


def test_a_configuration_that_does_not_fit_its_model(shelf: Shelf) -> None:
    """What the class of the configuration's model raises is the hook's failure, and told at the end."""
    with telling(shelf) as (cloudcontrol, told):
        cloudcontrol.add_hook(NAMES, hook_that(), configuration={"Length": "9"})
        request = create(cloudcontrol).run()
        status, message = shown(cloudcontrol, request)

    words = "Rules.__init__() got an unexpected keyword argument 'Length'"
    assert (status, message) == ("HOOK_COMPLETE_FAILED", f"Hook failed with message: {words} (TypeError)")
    assert told == [f"the model of the configuration of {NAMES} raised TypeError: {words}"]


def test_one_that_never_ends(shelf: Shelf) -> None:
    """A hook that is asked again and again is stopped after ``max_steps``."""
    again = ProgressEvent(status=OperationStatus.IN_PROGRESS)

    with telling(shelf, max_steps=5) as (cloudcontrol, told):
        cloudcontrol.add_hook(NAMES, hook_that(*[again] * 10))
        assert create(cloudcontrol).run().status == "FAILED"

    assert told == [f"the hook {NAMES}: calls=6 is not valid: expected an end: a hook is asked 5 times at most"]


def test_a_context_that_json_changes(shelf: Shelf) -> None:
    """A callback context that comes back otherwise than it was returned is told."""
    again = ProgressEvent(status=OperationStatus.IN_PROGRESS, callbackContext={"ids": (1, 2)})

    with telling(shelf) as (cloudcontrol, told):
        cloudcontrol.add_hook(NAMES, hook_that(again, SUCCESS))
        assert create(cloudcontrol).run().status == "SUCCESS"

    expected = "expected what comes back from JSON as it went: the next call gets {'ids': [1, 2]}"
    assert told == [f"the hook {NAMES}: callbackContext={{'ids': (1, 2)}} is not valid: {expected}"]


def test_a_function_that_is_asked_again(cloudcontrol: CloudControl) -> None:
    """A hook that the test has written is asked again where its function is a generator function."""

    def slow(_invocation: object) -> Generator[float, None, str | None]:
        yield 60
        return None

    cloudcontrol.add_hook(NAMES, fails=slow)
    request = create(cloudcontrol).run()

    assert request.status == "SUCCESS"
    assert (request.last_event.event_time - request.accepted_at).total_seconds() > 60


def test_a_cancel_between_two_calls(cloudcontrol: CloudControl) -> None:
    """A cancel while it is to be asked again leaves it so."""
    again = ProgressEvent(status=OperationStatus.IN_PROGRESS, callbackDelaySeconds=60)
    cloudcontrol.add_hook(NAMES, hook_that(again))
    request = create(cloudcontrol)

    request.step().cancel()
    cloudcontrol.clock.advance(3600)

    assert (request.status, request.steps) == ("CANCEL_COMPLETE", 0)


def test_what_is_refused(cloudcontrol: CloudControl) -> None:
    """A Hook of another type, one without handlers, and what fits none are refused."""
    other, empty, hook = Hook("Acme::Rules::Other", Rules), Hook(NAMES, Rules), hook_that(SUCCESS)
    no_hook: Any = object()
    refusals: list[tuple[dict[str, Any], str]] = [
        ({"hook": other}, f"hook={other!r} is not valid: expected the Hook of {NAMES}, not that of Acme::Rules::Other"),
        ({"hook": empty}, f"hook={empty!r} is not valid: expected a Hook to which a handler is registered"),
        (
            {"hook": no_hook},
            (
                f"hook={no_hook!r} is not valid: expected a Hook of AWS's library cloudformation-cli-python-lib; "
                "see fails for others"
            ),
        ),
        (
            {"hook": hook, "fails": "no"},
            "fails='no' is not valid: expected None beside a Hook of AWS's library, which says itself why it fails",
        ),
        (
            {"hook": hook, "operations": ["DELETE"]},
            "operations=['DELETE'] is not valid: expected at least one of CREATE",
        ),
        (
            {"fails": "no", "configuration": {}},
            "configuration={} is not valid: expected None: only a Hook of AWS's library has one",
        ),
    ]
    for arguments, words in refusals:
        with pytest.raises(OptionError) as caught:
            cloudcontrol.add_hook(NAMES, **arguments)
        assert str(caught.value) == words
