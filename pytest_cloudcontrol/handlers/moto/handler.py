"""The handler whose resources are moto's: each of its calls makes the native calls of the type's table.

A create's first call makes the resource, with all that the native call carries. What else the caller wants is set by
the further ones, in shares as the default handler has them; so are an update's changes. So a request that stops between
two calls leaves what moto then has.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, cast

from pytest_cloudcontrol.documents import copied_object
from pytest_cloudcontrol.handlers.memory import already_exists, not_found, share
from pytest_cloudcontrol.handlers.moto.errors import handler_error_code
from pytest_cloudcontrol.handlers.moto.kept import lost
from pytest_cloudcontrol.handlers.moto.services import ServiceRefusal
from pytest_cloudcontrol.handlers.moto.table import moto_type
from pytest_cloudcontrol.handlers.protocol import HandlerError, Listed, Listing
from pytest_cloudcontrol.resources.identifiers import primary_of, read_identifier
from pytest_cloudcontrol.resources.store import Resource, Store
from pytest_cloudcontrol.schemas.generation import MadeIn, complete
from pytest_cloudcontrol.schemas.generation.made_in import domain_of, partition_of
from pytest_cloudcontrol.schemas.listing import is_selected
from pytest_cloudcontrol.schemas.recorded import PLAIN_NAMES
from pytest_cloudcontrol.vocabulary import HandlerErrorCode, Operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime, timedelta

    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.handlers.moto.dropped import Dropped
    from pytest_cloudcontrol.handlers.moto.services import Services
    from pytest_cloudcontrol.handlers.moto.table import MotoType, NativeCall
    from pytest_cloudcontrol.handlers.protocol import HandlerInput
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Scope


class MotoHandler:
    """Keeps what it is asked to make in the services behind Cloud Control.

    Args:
        services: these.
        store: the store of the other types, told of changes: waiting code goes by them.
        dropped: what is told of what the services don't keep.
    """

    runs_unlocked = False

    def __init__(self, services: Services, store: Store, dropped: Dropped) -> None:
        self._services = services
        self._store = store
        self._dropped = dropped

    def call(self, given: HandlerInput, now: datetime, seed: str) -> timedelta | None:
        """Make one handler call of a request; see Handler."""
        given.worked += 1
        kept = _kept(given.resource_type)
        self._store.changes += 1
        if given.operation is Operation.CREATE:
            self._create(kept, given, now, seed)
        elif given.operation is Operation.UPDATE:
            self._set(kept, given, share(given.properties, given.planned_steps, given.worked))
        else:
            self._delete(kept, given)
        if given.worked < given.planned_steps:
            return given.delay
        if given.operation is not Operation.DELETE:
            self._note_dropped(kept, given)
        return None

    def close(self, given: HandlerInput) -> None:
        """Nothing is left open: all that is kept of a request is plain data."""

    def place(self, given: HandlerInput) -> None:
        """No code stands anywhere between two calls."""

    def read(self, resource_type: ResourceType, scope: Scope, identifier: str) -> JSONObject:
        """Return what the services show of a resource."""
        shown = self._read(resource_type, scope, identifier)
        properties = {name: value for name, value in shown.items() if name[0].isupper()}
        return resource_type.without_write_only(properties)

    def listed(self, resource_type: ResourceType, scope: Scope, model: JSONObject) -> Listing:
        """Return the resources that a ResourceModel selects."""
        criteria = resource_type.listing.criteria(model)
        if not criteria:
            return Listing([Listed(identifier, None) for identifier in self.identifiers(resource_type, scope)])
        everything = self.resources(resource_type, scope)
        selected = (found.identifier for found in everything if is_selected(found.properties, criteria))
        return Listing([Listed(identifier, None) for identifier in selected])

    def identifiers(self, resource_type: ResourceType, scope: Scope) -> list[str]:
        """Return the identifiers of all resources of a type, in the order of the alphabet."""
        *others, call = _kept(resource_type).listing
        seen = self._context(scope, None)
        try:
            for other in others:
                for answered in self._answers(other, scope, seen):
                    seen |= _object(_shown_by(other, answered))
            pages = [page for given in _each(call, seen) for page in self._pages(call, scope, given)]
            found = [name for page in pages for name in cast("list[str]", _shown_by(call, page) or [])]
        except ServiceRefusal as refusal:
            raise self._failure(resource_type, None, refusal, None) from None
        return sorted(found)

    def primary_identifier(self, resource_type: ResourceType, scope: Scope, given: str) -> str:
        """Return the primary identifier of the resource that an identifier means; see Store."""
        read = read_identifier(given, resource_type.primary_identifier, resource_type.additional_identifiers)
        if isinstance(read, str) and resource_type.type_name not in PLAIN_NAMES:
            return read
        everything = Store()
        for resource in self.resources(resource_type, scope):
            everything.put(scope, *resource)
        return everything.primary_identifier(resource_type, scope, given)

    def named(self, resource_type: ResourceType, scope: Scope, model: JSONObject) -> str | None:
        """Return the identifier that properties ask for; None if the service makes it."""
        expression = _kept(resource_type).named
        if expression is None:
            return primary_of(model, resource_type.primary_identifier)
        return _text(expression.of({**self._context(scope, None), **model}))

    def names_itself(self, resource_type: ResourceType) -> bool:
        """Whether it is the service that makes the identifier."""
        return _kept(resource_type).named is None and resource_type.primary_identifier[0] in resource_type.read_only

    def made_once(self, resource_type: ResourceType) -> frozenset[str]:
        """Return the properties that only the call carries which makes a resource."""
        return _kept(resource_type).made_once

    def removable(self, resource_type: ResourceType) -> frozenset[str]:
        """Return the properties that calls take away from a resource."""
        kept = _kept(resource_type)
        return kept.carried - kept.made_once - kept.lasting

    def resources(self, resource_type: ResourceType, scope: Scope) -> Iterator[Resource]:
        """Yield all resources of a type."""
        for identifier in self.identifiers(resource_type, scope):
            yield Resource(resource_type.type_name, identifier, self.read(resource_type, scope, identifier))

    # ------------------------------------------------------------------ what the calls do

    def _create(self, kept: MotoType, given: HandlerInput, now: datetime, seed: str) -> None:
        wanted = tuple(name for name in given.desired_state if name not in kept.create.names)
        if given.worked == 1:
            self._make(kept, given, now, seed)
            if given.planned_steps == 1:
                self._set(kept, given, wanted)
        else:
            self._set(kept, given, share(wanted, given.planned_steps - 1, given.worked - 1))

    def _make(self, kept: MotoType, given: HandlerInput, now: datetime, seed: str) -> None:
        resource_type = given.resource_type
        for name in kept.made_up:
            if name not in given.desired_state:
                made_in = MadeIn(*given.scope, now)
                made_up = complete(resource_type, given.desired_state, made_in, Random(seed))[name]
                given.desired_state = {**given.desired_state, name: made_up}
        context = {**self._context(given.scope, None), **given.desired_state}
        named = self.named(resource_type, given.scope, given.desired_state)
        if named is not None and self._is_there(resource_type, given.scope, named):
            given.identifier = named
            raise already_exists(resource_type, named)
        identifier = given.identifier
        try:
            [answered] = self._answers(kept.create, given.scope, context)
        except ServiceRefusal as refusal:
            raise self._failure(resource_type, identifier or named, refusal, Operation.CREATE) from None
        given.identifier = _text(kept.identifier.of(answered))

    def _set(self, kept: MotoType, given: HandlerInput, names: Sequence[str]) -> None:
        """Make the native calls that set some properties."""
        calls = [call for call in kept.update if not call.names.isdisjoint(names)]
        if not calls:
            return
        before = self._read(given.resource_type, given.scope, given.identifier or "", _asked(calls))
        model = copied_object(before)
        for name in names:
            if name in given.desired_state:
                model[name] = given.desired_state[name]
            else:
                model.pop(name, None)
        context = {**self._context(given.scope, given.identifier), **model, "before": before}
        for call in calls:
            self._do(call, given, context)

    def _delete(self, kept: MotoType, given: HandlerInput) -> None:
        before = self._read(given.resource_type, given.scope, given.identifier or "", _asked(kept.delete))
        if given.worked == given.planned_steps:
            context = {**self._context(given.scope, given.identifier), **before, "before": before}
            for call in kept.delete:
                self._do(call, given, context)

    def _do(self, call: NativeCall, given: HandlerInput, context: JSONObject) -> None:
        """Make a native call; the next ones see its ``answer``."""
        try:
            for answered in self._answers(call, given.scope, context):
                context["answer"] = answered["answer"]
        except ServiceRefusal as refusal:
            raise self._failure(given.resource_type, given.identifier, refusal, given.operation) from None

    def _note_dropped(self, kept: MotoType, given: HandlerInput) -> None:
        resource_type = given.resource_type
        names = given.desired_state if given.operation is Operation.CREATE else given.properties
        desired = {name: value for name, value in given.desired_state.items() if name in names}
        shown = self._read(resource_type, given.scope, given.identifier or "", desired)
        unseen = [path for path in resource_type.write_only if path[0] in kept.carried]
        removable = kept.carried - kept.lasting
        still_there = (name for name in names if name not in given.desired_state and name not in removable)
        self._dropped.note(resource_type.type_name, [*lost(desired, shown, unseen), *still_there])

    # ------------------------------------------------------------------ what there is

    def _read(
        self,
        resource_type: ResourceType,
        scope: Scope,
        identifier: str,
        names: Iterable[str] | None = None,
    ) -> JSONObject:
        """Return what reads show, with what only other calls look at: all of it, or by the calls that some names take.

        A bucket, for one, takes 16 calls to be read, and a change of its tags two of them.
        """
        context = self._context(scope, identifier)
        model: JSONObject = {}
        kept = _kept(resource_type)
        own = (path[0] for path in resource_type.primary_identifier)
        calls = kept.read if names is None else kept.reads({*names, *own})
        for call in calls:
            seen = {**context, **model}
            try:
                shown = [_shown_by(call, answered) for answered in self._answers(call, scope, seen)]
            except ServiceRefusal as refusal:
                raise self._failure(resource_type, identifier, refusal, None) from None
            if call is calls[0] and not shown[0]:
                raise not_found(resource_type, identifier)
            if call.gather is None:
                model |= {name: value for part in shown for name, value in _object(part).items()}
            elif shown:
                model[call.gather] = shown
        if primary_of(model, resource_type.primary_identifier) != identifier:
            raise not_found(resource_type, identifier)
        return model

    def _is_there(self, resource_type: ResourceType, scope: Scope, identifier: str) -> bool:
        try:
            self._read(resource_type, scope, identifier, ())
        except HandlerError as error:
            if error.error_code is HandlerErrorCode.NOT_FOUND:
                return False
            raise
        return True

    def _answers(self, call: NativeCall, scope: Scope, context: JSONObject) -> Iterator[JSONObject]:
        """Make a native call as often as the table says, and yield what expressions see then, the ``answer`` too."""
        if call.condition is not None and not call.condition.of(context):
            return
        for given in _each(call, context):
            try:
                answer = self._services.call(scope, call.service, call.operation, _object(call.members.of(given)))
            except ServiceRefusal as refusal:
                if refusal.code not in call.absent:
                    raise
            else:
                yield {**given, "answer": answer}

    def _pages(self, call: NativeCall, scope: Scope, context: JSONObject) -> Iterator[JSONObject]:
        members = _object(call.members.of(context))
        for page in self._services.pages(scope, call.service, call.operation, members):
            yield {**context, "answer": page}

    def _context(self, scope: Scope, identifier: str | None) -> JSONObject:
        """Return what every expression sees beside properties, whose names begin with capital letters."""
        return {
            "identifier": identifier,
            "account": scope.account_id,
            "region": scope.region,
            "partition": partition_of(scope.region),
            "domain": domain_of(scope.region),
            "before": {},
        }

    def _failure(
        self, resource_type: ResourceType, identifier: str | None, refusal: ServiceRefusal, operation: Operation | None
    ) -> HandlerError:
        code = handler_error_code(refusal.code, operation)
        if code is HandlerErrorCode.ALREADY_EXISTS and identifier:
            return already_exists(resource_type, identifier)
        if code is HandlerErrorCode.NOT_FOUND and operation in (Operation.CREATE, Operation.UPDATE):
            code = HandlerErrorCode.INVALID_REQUEST  # it is something else that the resource is to hang on
        elif code is HandlerErrorCode.NOT_FOUND and identifier:
            return not_found(resource_type, identifier)
        return HandlerError(code, refusal.message)


def _kept(resource_type: ResourceType) -> MotoType:
    kept = moto_type(resource_type.type_name)
    if kept is None:
        raise LookupError(resource_type.type_name)  # whoever chooses the handler has looked
    return kept


def _asked(calls: Iterable[NativeCall]) -> frozenset[str]:
    return frozenset[str]().union(*(call.asked for call in calls))


def _each(call: NativeCall, context: JSONObject) -> list[JSONObject]:
    """Return what the expressions see each time that a native call is made."""
    if call.each is None:
        return [context]
    return [{**context, "item": item} for item in cast("list[JSONValue]", call.each.of(context) or [])]


def _shown_by(call: NativeCall, answered: JSONObject) -> JSONValue:
    return None if call.show is None else call.show.of(answered)


def _object(value: JSONValue) -> JSONObject:
    return value if isinstance(value, dict) else {}


def _text(value: JSONValue) -> str | None:
    return value if isinstance(value, str) else None
