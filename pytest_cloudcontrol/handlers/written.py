"""Handlers that a test has written: generator functions, each of whose ``yield`` ends a handler call, and plain ones.

Their code is the test's own, so it runs without the mock's lock: it may call Cloud Control, from any thread. What it
raises that isn't HandlerError, and what it does that no handler may, is told at the test's end; for the caller of
Cloud Control the handler has failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial
from types import GeneratorType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from pytest_cloudcontrol.arguments import OptionError, duration, refuse_unfinished, shown
from pytest_cloudcontrol.decisions.plans import LONGEST
from pytest_cloudcontrol.handlers.memory import not_found
from pytest_cloudcontrol.handlers.problems import WrongResult
from pytest_cloudcontrol.handlers.protocol import HandlerBroke, HandlerError, Listed, Listing, ReadInput
from pytest_cloudcontrol.resources.identifiers import model_of, primary_of
from pytest_cloudcontrol.schemas.given import json_object
from pytest_cloudcontrol.vocabulary import HandlerErrorCode, HandlerOperation

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pytest_cloudcontrol.clock import Unlocked
    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.handlers.problems import Problems
    from pytest_cloudcontrol.handlers.protocol import HandlerInput
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Scope

Suspendable: TypeAlias = "GeneratorType[object, None, object]"
"""A generator of the test's own: it is suspended where it yields, and may be closed there."""


class ModelPage(NamedTuple):
    """What a list handler returns that pages itself: some models, and where it goes on."""

    models: list[JSONValue]
    next_token: str | None


_LONGEST_CALL: Final = timedelta(seconds=60)  # P-6
"""How long AWS waits for one call of create, update or delete, by its handler contract."""

_LONGEST_READ: Final = timedelta(seconds=30)  # P-6
"""How long it waits for a read or a list."""

_READS: Final = (HandlerOperation.READ, HandlerOperation.LIST)

_NOTHING: Final = "nothing: what a handler has made stands in request.identifier and in the resource itself"


class WrittenHandler:
    """A handler of the test's own for one resource type.

    Args:
        type_name: the resource type.
        functions: what it does, by operation.
        open_request: makes what its functions are handed.
        problems: what is told at the test's end.
        may_raise: whether it is all right if it raises something else than HandlerError.
        has_time_out: whether AWS's limits of time hold for it, as they do for what is to be deployed.

    Attributes:
        fired: for how many requests it was to work.
    """

    runs_unlocked = True

    def __init__(
        self,
        type_name: str,
        functions: Mapping[HandlerOperation, Callable[..., object]],
        open_request: Callable[[HandlerInput | ReadInput], object],
        problems: Problems,
        *,
        may_raise: bool,
        has_time_out: bool = False,
    ) -> None:
        self.has_time_out = has_time_out
        self.type_name = type_name
        self.functions = functions
        self.fired = 0
        self.may_raise = may_raise
        self._open_request = open_request
        self._problems = problems
        self._suspended: dict[int, tuple[HandlerInput, Suspendable]] = {}

    def name(self, operation: HandlerOperation | str) -> str:
        """Return how an error names one of its functions."""
        function = self.functions[HandlerOperation(operation)]
        name = getattr(function, "__qualname__", None) or shown(function)
        return f"the {operation} handler {name} of {self.type_name}"

    def check_time(self, operation: HandlerOperation | str, takes: timedelta, whose: str = "") -> None:
        """Tell of a call that takes longer than AWS waits for one.

        Args:
            operation: the operation.
            takes: how long it takes on the mock clock.
            whose: what names the request that it is made for.
        """
        is_read = operation in _READS
        longest = _LONGEST_READ if is_read else _LONGEST_CALL
        if not self.has_time_out or self.may_raise or takes <= longest:
            return
        way_out = (
            "answer with what there is, without a wait" if is_read else "return IN_PROGRESS before, and go on later"
        )
        took = f"takes {takes.total_seconds():g} s for one call, and AWS gives it {longest.total_seconds():g} s"
        self._problems.tell(f"{self.name(operation)}{whose} {took}: {way_out}")

    def call(self, given: HandlerInput, now: datetime, seed: str) -> timedelta | None:  # noqa: ARG002  # see Handler
        """Make one handler call of a request; see Handler."""
        try:
            return self._go_on(given)
        except HandlerError:
            self._suspended.pop(id(given), None)
            raise
        except Exception as error:  # whatever it is: it is the test's own code
            self._suspended.pop(id(given), None)
            raise self._broken(given.operation, error) from error

    def _go_on(self, given: HandlerInput) -> timedelta | None:
        _, suspended = self._suspended.pop(id(given), (given, None))
        generator = self._begun(given) if suspended is None else suspended
        if generator is None:
            return None
        try:
            delay = next(generator)
        except StopIteration as end:
            self._refuse_result(end.value)
            return None
        try:
            length = given.delay if delay is None else duration(delay, "yield", at_most=LONGEST)
        except OptionError as error:
            generator.close()
            raise WrongResult(error.name, error.value, error.expected) from None
        self._suspended[id(given)] = given, generator
        return length

    def _begun(self, given: HandlerInput) -> Suspendable | None:
        """Call a request's function; None if that was all, else the generator to go through."""
        returned = self.functions[HandlerOperation(given.operation)](self._open_request(given))
        if isinstance(returned, GeneratorType):
            return returned
        _refuse_unfinished("result", returned, "a generator, or nothing: a coroutine would never be awaited")
        self._refuse_result(returned)
        return None

    def _refuse_result(self, returned: object) -> None:
        if returned is not None:
            raise WrongResult("result", returned, _NOTHING)

    def close(self, given: HandlerInput) -> Unlocked:
        """Close the generator that a request's calls have left suspended; see Handler."""
        _, generator = self._suspended.pop(id(given), (given, None))
        return None if generator is None else partial(self._close, given, generator)

    def _close(self, given: HandlerInput, generator: Suspendable) -> None:
        close(generator, self.name(given.operation), self._problems, may_raise=self.may_raise)

    def place(self, given: HandlerInput) -> str | None:
        """Return where a request's generator is suspended; see Handler."""
        _, generator = self._suspended.get(id(given), (given, None))
        return None if generator is None else f"{self.name(given.operation)} stands at {place_of(generator)}"

    def read(self, resource_type: ResourceType, scope: Scope, identifier: str) -> JSONObject:
        """Return what the test's own read handler shows of a resource, without write-only properties."""
        desired = model_of(identifier, resource_type.primary_identifier)
        given = ReadInput(HandlerOperation.READ, resource_type, scope, identifier, desired)
        try:
            model = self._model(resource_type, self.functions[HandlerOperation.READ](self._open_request(given)))
        except HandlerError as error:
            if error.error_code is HandlerErrorCode.NOT_FOUND and error.message is None:
                raise not_found(resource_type, identifier) from None
            raise
        except Exception as error:  # whatever it is: it is the test's own code
            raise self._broken(HandlerOperation.READ, error) from error
        return resource_type.without_write_only(model)

    def listed(self, resource_type: ResourceType, scope: Scope, model: JSONObject, next_token: str | None) -> Listing:
        """Return what the test's own list handler finds."""
        given = ReadInput(HandlerOperation.LIST, resource_type, scope, None, model, next_token)
        try:
            found = self.functions[HandlerOperation.LIST](self._open_request(given))
            if not isinstance(found, GeneratorType):
                _refuse_unfinished("list", found, "identifiers or models: a coroutine would never be awaited")
            if isinstance(found, ModelPage):
                return Listing(self._listed(resource_type, found.models), is_page=True, next_token=found.next_token)
            return Listing(self._listed(resource_type, found))
        except HandlerError:
            raise
        except Exception as error:  # whatever it is: it is the test's own code
            raise self._broken(HandlerOperation.LIST, error) from error

    def _listed(self, resource_type: ResourceType, found: object) -> list[Listed]:
        if not isinstance(found, Iterable) or isinstance(found, str | Mapping):
            raise WrongResult("list", found, "identifiers or models of resources, one after the other")
        listed: dict[str, Listed] = {}
        for item in found:
            model = None if isinstance(item, str) else self._model(resource_type, item)
            identifier = item if isinstance(item, str) else primary_of(model or {}, resource_type.primary_identifier)
            if identifier is None or identifier in listed:
                raise WrongResult("list", item, "each resource once")
            listed[identifier] = Listed(identifier, model)
        return list(listed.values())

    def _model(self, resource_type: ResourceType, returned: object) -> JSONObject:
        """Check a model that the test's own code has returned."""
        _refuse_unfinished("model", returned, "the properties of a resource: a read handler can't go on later")
        if not isinstance(returned, Mapping):
            raise WrongResult("model", returned, "the properties of a resource, as a dict")
        try:
            model = json_object(dict(returned), "model")
        except OptionError as error:
            raise WrongResult(error.name, returned, error.expected) from None
        if primary_of(model, resource_type.primary_identifier) is None:
            names = ", ".join("/".join(path) for path in resource_type.primary_identifier)
            raise WrongResult("model", returned, f"the identifier of {resource_type.type_name} among them: {names}")
        return model

    def _broken(self, operation: HandlerOperation | str, error: Exception) -> HandlerBroke:
        self._problems.raised(self.name(operation), error, may_raise=self.may_raise)
        return HandlerBroke(error)


def close(generator: Suspendable, whose: str, problems: Problems, *, may_raise: bool) -> None:
    """Close a generator of the test's own, and note what is wrong with how it ends; a HandlerError is nobody's now."""
    try:
        generator.close()
    except HandlerError:
        pass
    except Exception as error:  # of a `finally` block, say
        if generator.gi_frame is None:
            problems.raised(f"{whose}, while it was being closed,", error, may_raise=may_raise)
        else:
            problems.tell(f"{whose} yielded while it was being closed, at {place_of(generator)}")


def _refuse_unfinished(name: str, returned: object, expected: str) -> None:
    try:
        refuse_unfinished(name, returned, expected)
    except OptionError as error:
        raise WrongResult(error.name, error.value, error.expected) from None


def place_of(generator: Suspendable) -> str:
    """Return the line where a generator stands."""
    frame = generator.gi_frame
    line = generator.gi_code.co_firstlineno if frame is None else frame.f_lineno
    return f"{generator.gi_code.co_filename}:{line}"
