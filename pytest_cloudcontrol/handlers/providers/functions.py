"""The handlers of a Resource of AWS's library, as the functions that a handler of a test's own has.

A function of these makes the calls that AWS would make: each with the callback context and the model, and after the
delay, that the one before has returned, until one succeeds or fails.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final, Protocol

from pytest_cloudcontrol.arguments import OptionError
from pytest_cloudcontrol.documents import copied_object
from pytest_cloudcontrol.handlers.problems import WrongResult
from pytest_cloudcontrol.handlers.providers.invocation import credentials, invoke
from pytest_cloudcontrol.handlers.providers.library import is_handler_error
from pytest_cloudcontrol.handlers.written import ModelPage
from pytest_cloudcontrol.resources.identifiers import primary_of
from pytest_cloudcontrol.schemas.shapes import shape_validator
from pytest_cloudcontrol.vocabulary import HandlerOperation

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from datetime import timedelta
    from random import Random

    from cloudformation_cli_python_lib.resource import Resource

    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.handlers.problems import Problems
    from pytest_cloudcontrol.handlers.providers.invocation import Answer, KeepsAtHome
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

_AT_ONCE: Final = "SUCCESS or FAILED from a {}: only create, update and delete are called again"


class Asked(Protocol):
    """What a handler's function is handed, as far as it is needed here."""

    identifier: str | None
    resource_model: JSONObject | None

    @property
    def operation(self) -> HandlerOperation:
        """CREATE, UPDATE, DELETE, READ or LIST."""
        ...

    @property
    def desired_state(self) -> JSONObject:
        """What the resource is to become, or what identifies it."""
        ...

    @property
    def previous_state(self) -> JSONObject | None:
        """What the resource was before an update."""
        ...

    @property
    def type_configuration(self) -> JSONObject | None:
        """The configuration of the type."""
        ...

    @property
    def account_id(self) -> str:
        """The account."""
        ...

    @property
    def region(self) -> str:
        """The region."""
        ...

    @property
    def client_token(self) -> str | None:
        """The caller's ClientToken."""
        ...

    @property
    def request_token(self) -> str | None:
        """The request's token."""
        ...

    @property
    def next_token(self) -> str | None:
        """Where a list goes on; None at its beginning."""
        ...

    @property
    def random(self) -> Random:
        """Random numbers of the request's own."""
        ...


def functions_of(
    resource: Resource,
    resource_type: ResourceType,
    problems: Problems,
    access_key_of: Callable[[str], str],
    keep_at_home: KeepsAtHome,
) -> Mapping[HandlerOperation, Callable[[Asked], object]]:
    """Return what a Resource does, for every operation that its type has.

    Args:
        resource: the Resource.
        resource_type: its type.
        problems: what is told at the test's end.
        access_key_of: returns the access key of an account.
        keep_at_home: prepares the session that a handler is given.

    Raises:
        OptionError: the Resource is of another type.
    """
    if resource.type_name != resource_type.type_name:
        expected = f"the Resource of {resource_type.type_name}, not that of {resource.type_name}"
        raise OptionError("handler", resource, expected)
    provider = _Provider(resource, resource_type, problems, access_key_of, keep_at_home)
    return {operation: provider.function(operation) for operation in resource_type.handlers}


class _Provider:
    def __init__(
        self,
        resource: Resource,
        resource_type: ResourceType,
        problems: Problems,
        access_key_of: Callable[[str], str],
        keep_at_home: KeepsAtHome,
    ) -> None:
        self._resource = resource
        self._type = resource_type
        self._problems = problems
        self._access_key_of = access_key_of
        self._keep_at_home = keep_at_home
        self._shape = shape_validator(resource_type)

    def function(self, operation: HandlerOperation) -> Callable[[Asked], object]:
        """Return what does one operation, under the name of the function that the Resource has for it."""
        kinds: dict[HandlerOperation, Callable[[Asked], object]] = {
            HandlerOperation.READ: self._read,
            HandlerOperation.LIST: self._list,
        }
        work = kinds.get(operation, self._work)

        def function(asked: Asked) -> object:
            return work(asked)

        function.__qualname__ = self._name(operation)
        return function

    def _name(self, operation: HandlerOperation) -> str:
        registered = {action.name: function for action, function in vars(self._resource)["_handlers"].items()}
        return getattr(registered.get(operation.value), "__qualname__", "(none registered)")

    def _work(self, asked: Asked) -> Generator[timedelta, None, None]:
        """Create, update or delete: call again and again."""
        token = _token(asked)
        desired = asked.desired_state
        context: JSONObject = {}
        while True:
            answer = self._call(asked, token, desired, context=context)
            self._show(asked, answer)
            if answer.status == "SUCCESS":
                return
            if answer.status == "FAILED":
                raise answer.failure
            context = answer.context
            if answer.model is not None:
                desired = answer.model  # P-10
            yield answer.delay

    def _show(self, asked: Asked, answer: Answer) -> None:
        """Let the request's event show what the call has returned of the resource."""
        asked.resource_model = None
        if answer.model is None or asked.operation is HandlerOperation.DELETE:
            return
        asked.resource_model = self._type.without_write_only(answer.model)  # P-3
        identifier = primary_of(answer.model, self._type.primary_identifier)
        if identifier is not None:
            asked.identifier = identifier

    def _read(self, asked: Asked) -> JSONObject:
        answer = self._call(asked, _token(asked), asked.desired_state)
        if answer.status == "FAILED":
            raise answer.failure
        if answer.model is None:
            raise WrongResult("resourceModel", None, "the resource's model, or the failure NotFound")
        return answer.model

    def _list(self, asked: Asked) -> ModelPage:
        answer = self._call(asked, _token(asked), asked.desired_state, next_token=asked.next_token)
        if answer.status == "FAILED":
            raise answer.failure
        if answer.next_token is not None and answer.next_token == asked.next_token:
            raise WrongResult("nextToken", answer.next_token, "another one than it was asked with, or None at the end")
        return ModelPage(answer.models, answer.next_token)

    def _call(
        self,
        asked: Asked,
        token: str,
        desired: JSONObject,
        *,
        context: JSONObject | None = None,
        next_token: str | None = None,
    ) -> Answer:
        request: JSONObject = {
            "clientRequestToken": token,
            "desiredResourceState": copied_object(desired),  # the library casts values in it
            "previousResourceState": None if asked.previous_state is None else copied_object(asked.previous_state),
            "desiredResourceTags": {},  # those of a stack, and there is none (P-4)
            "typeConfiguration": asked.type_configuration,
            "awsAccountId": asked.account_id,
            "region": asked.region,
            "nextToken": next_token,
        }
        event: JSONObject = {
            "credentials": credentials(self._access_key_of(asked.account_id)),
            "action": asked.operation.value,
            "request": request,
            "callbackContext": context,
            "region": asked.region,
        }
        invoked = invoke(self._resource, event, asked.account_id, self._keep_at_home)
        name = f"the {asked.operation} handler {self._name(asked.operation)} of {self._type.type_name}"
        if invoked.lost_context is not None:
            self._problems.tell(f"{name}: {invoked.lost_context}")
        if invoked.refused is not None and not is_handler_error(invoked.refused):
            whose = f"the model of {self._type.type_name}, made for {asked.operation},"
            self._problems.raised(whose, invoked.refused, may_raise=False)
        if invoked.returned is not None and invoked.returned.status.name != invoked.answer.status:
            status, expected = invoked.returned.status.name, _AT_ONCE.format(asked.operation.lower())
            self._problems.tell(f"{name}: {OptionError('status', status, expected)}")
        for model, expected in self._wrong_models(asked, invoked.answer):
            self._problems.tell(f"{name}: {OptionError('resourceModel', model, expected)}")
        return invoked.answer

    def _wrong_models(self, asked: Asked, answer: Answer) -> Iterator[tuple[JSONValue, str]]:
        """Yield the models that a handler may not return, each with what is expected instead (P-8)."""
        if answer.status == "FAILED":
            return
        if asked.operation is HandlerOperation.DELETE:
            if answer.status == "SUCCESS" and answer.model is not None:
                yield answer.model, "None: what is deleted has no model any more"
            return
        models: list[JSONValue] = [*answer.listed] if answer.model is None else [answer.model]
        for model in models:
            violations = self._shape.violations(model)
            if violations:
                yield model, f"a model that fits the schema of {self._type.type_name} ({'; '.join(violations)})"
        shown = primary_of(answer.model or {}, self._type.primary_identifier)
        if asked.operation is HandlerOperation.READ and shown not in (None, asked.identifier):
            yield answer.model, f"the model of {asked.identifier!r}, which was asked for"


def _token(asked: Asked) -> str:
    """Return the client request token, the same at every call: the caller's own, if there is one."""
    own = asked.client_token or asked.request_token  # P-4
    return own or str(uuid.UUID(int=asked.random.getrandbits(128), version=4))
