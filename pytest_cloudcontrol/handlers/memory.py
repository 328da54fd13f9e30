"""The default handler: the resources of every type, in memory.

A create's first call makes the resource: its identifier, and what the service itself would add. The caller's other
properties are then written in shares, one a call, larger shares first; an update writes its changes in the same way. So
a request that stops between two calls leaves exactly what the calls made so far have written (L-15, L-17). A delete
removes the resource in its last call. [choice: nobody has recorded which properties a half made resource has]
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from pytest_cloudcontrol.documents import compact, copied
from pytest_cloudcontrol.handlers.protocol import HandlerError
from pytest_cloudcontrol.resources.identifiers import primary_of, secondary_of
from pytest_cloudcontrol.schemas.generation import MadeIn, complete, settle
from pytest_cloudcontrol.schemas.recorded import POINTED_AT, SHARED_IDENTIFIERS
from pytest_cloudcontrol.vocabulary import HandlerErrorCode, Operation

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.handlers.protocol import HandlerInput
    from pytest_cloudcontrol.resources.store import Store
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Scope


class MemoryHandler:
    """Keeps what it is asked to make in a store."""

    runs_unlocked = False

    def __init__(self, store: Store) -> None:
        self._store = store

    def call(self, given: HandlerInput, now: datetime, seed: str) -> timedelta | None:
        """Make one handler call of a request; see Handler."""
        given.worked += 1
        if given.operation is Operation.CREATE and given.worked == 1:
            self._make(given, now, seed)
        elif given.operation is Operation.DELETE:
            self._delete(given)
        else:
            if given.worked == 1:
                made_in, present = MadeIn(*given.scope, now), self._existing(given)
                wanted = given.desired_state
                given.desired_state = settle(given.resource_type, wanted, present, made_in, Random(seed))
            self._write(given)
        if given.worked >= given.planned_steps:
            return None
        return given.next_delay if given.delays else given.delay

    def close(self, given: HandlerInput) -> None:
        """Nothing is left open: all that is kept of a request is plain data."""

    def place(self, given: HandlerInput) -> None:
        """No code stands anywhere between two calls."""

    def read(self, resource_type: ResourceType, scope: Scope, identifier: str) -> JSONObject:
        """Return what the read handler shows of a resource: everything but its write-only properties."""
        properties = self._store.get(scope, resource_type.type_name, identifier)
        if properties is None:
            raise not_found(resource_type, identifier)
        return resource_type.without_write_only(properties)

    def _make(self, given: HandlerInput, now: datetime, seed: str) -> None:
        resource_type = given.resource_type
        self._refuse_duplicate(given)
        model = complete(resource_type, given.desired_state, MadeIn(*given.scope, now), Random(seed))  # G-5, G-6
        identifier = primary_of(model, resource_type.primary_identifier)
        if identifier is None:
            raise HandlerError(HandlerErrorCode.INTERNAL_FAILURE, f"{resource_type.type_name} was given no identifier")
        given.identifier = identifier  # L-10, L-11
        if self._store.get(given.scope, resource_type.type_name, identifier) is not None:
            raise already_exists(resource_type, identifier)
        given.desired_state = model
        identifiers = (resource_type.primary_identifier, *resource_type.additional_identifiers)
        own = {path[0] for identifier in identifiers for path in identifier}
        given.properties = tuple(name for name in given.properties if name not in own)
        written_now = {name: value for name, value in model.items() if name not in given.properties}
        given.made.append(identifier)
        self._store.put(given.scope, resource_type.type_name, identifier, written_now)
        self._write(given)

    def _refuse_duplicate(self, given: HandlerInput) -> None:
        """Refuse a resource with the same additional identifier as one that is there (C-23).

        Only an identifier that the caller has named can be taken: what the service makes up is new.
        """
        type_name = given.resource_type.type_name
        for paths in given.resource_type.additional_identifiers:
            is_shared = (type_name, paths) in SHARED_IDENTIFIERS  # C-24
            named = None if is_shared else secondary_of(given.desired_state, paths)
            existing = None if named is None else self._store.shelf(given.scope, type_name).find(named)
            if existing is not None:
                given.identifier = given.identifier or existing  # an identifier that the caller has named stays
                raise already_exists(given.resource_type, existing)

    def _write(self, given: HandlerInput) -> None:
        properties = self._existing(given)
        names = share(given.properties, given.planned_steps, given.worked)
        self._store.changes += bool(names)
        for name in names:
            if name in given.desired_state:
                properties[name] = copied(given.desired_state[name])
            else:
                properties.pop(name, None)
        additional = given.resource_type.additional_identifiers
        if additional and any(path[0] in names for paths in additional for path in paths):
            self._store.shelf(given.scope, given.resource_type.type_name).identifiers_changed()

    def _delete(self, given: HandlerInput) -> None:
        self._existing(given)
        if given.worked == given.planned_steps and given.identifier is not None:
            self._store.delete(given.scope, given.resource_type.type_name, given.identifier)

    def _existing(self, given: HandlerInput) -> JSONObject:
        identifier = given.identifier or ""
        properties = self._store.get(given.scope, given.resource_type.type_name, identifier)
        if properties is None:
            raise not_found(given.resource_type, identifier)
        return properties


def share(names: tuple[str, ...], steps: int, call: int) -> tuple[str, ...]:
    """Return the part of the names that falls to one call (from 1) of several: larger parts first, in order."""
    least, larger = divmod(len(names), steps)
    start = least * (call - 1) + min(call - 1, larger)
    return names[start : start + least + (call <= larger)]


def already_exists(resource_type: ResourceType, identifier: str) -> HandlerError:
    """Return the failure of a create whose resource is there already, in the words recorded from AWS (O-6)."""
    return HandlerError(HandlerErrorCode.ALREADY_EXISTS, f"{_described(resource_type, identifier)} already exists.")


def not_found(resource_type: ResourceType, identifier: str) -> HandlerError:
    """Return the failure of a handler whose resource isn't there, in the words recorded from AWS (O-9)."""
    return HandlerError(HandlerErrorCode.NOT_FOUND, f"{_described(resource_type, identifier)} was not found.")


def _described(resource_type: ResourceType, identifier: str) -> str:
    pointer = POINTED_AT.get(resource_type.type_name)
    written = identifier if pointer is None else compact({pointer: identifier})
    return f"Resource of type '{resource_type.type_name}' with identifier '{written}'"
