"""Where the resources of a type are kept, in memory or by moto, as a test sees and arranges them without requests."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_cloudcontrol.arguments import OptionError
from pytest_cloudcontrol.documents import value_at
from pytest_cloudcontrol.handlers.moto.kept import is_shown, lost
from pytest_cloudcontrol.handlers.protocol import HandlerError, HandlerInput
from pytest_cloudcontrol.resources.identifiers import primary_of, secondary_of
from pytest_cloudcontrol.resources.store import Resource
from pytest_cloudcontrol.schemas.generation import MadeIn, complete
from pytest_cloudcontrol.vocabulary import HandlerErrorCode, Operation

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.handlers.moto.handler import MotoHandler
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Scope
    from pytest_cloudcontrol.world import World


class Placed(NamedTuple):
    """A resource was placed.

    Attributes:
        identifier: its primary identifier.
        was_there: whether it took the place of another one.
    """

    identifier: str
    was_there: bool


class Kept(Protocol):
    """The resources of one type, in one account and region. Callers hold the clock's lock.

    What can't be done is an OptionError.
    """

    @property
    def resource_type(self) -> ResourceType:
        """Their type."""
        ...

    @property
    def looks_at_others(self) -> bool:
        """Whether one is refused where others aren't there that it speaks of."""
        ...

    def find(self, identifier: str) -> JSONObject | None:
        """Return the properties of a resource, for reading; None if there is none."""
        ...

    def identifiers(self) -> Sequence[str]:
        """Return the primary identifiers of all."""
        ...

    def put(self, properties: JSONObject, *, as_read: bool) -> Placed:
        """Place a resource with these properties; ``as_read`` takes them as all that there are."""
        ...

    def refuse_namesake(self, resource: Resource) -> None:
        """Refuse to place a resource instead of another one whose compound identifier reads the same (C-30)."""
        ...

    def place(self, resource: Resource, taken: Container[str]) -> Placed:
        """Place a resource as it is.

        Args:
            resource: this.
            taken: identifiers of resources that have been placed with it, and so aren't the one that is meant.
        """
        ...

    def change(self, identifier: str, model: JSONObject, names: tuple[str, ...]) -> None:
        """Make a model of a resource, which differs from what there is in the properties with these names."""
        ...

    def remove(self, identifier: str) -> None:
        """Remove a resource."""
        ...


def kept(world: World, resource_type: ResourceType, scope: Scope) -> Kept:
    """Return where the resources of a type are kept."""
    moto = world.handlers.provisions.handler(resource_type.type_name)
    if moto is None:
        return KeptInMemory(world, resource_type, scope)
    return KeptByMoto(world, resource_type, scope, moto)


def all_kept(world: World, scope: Scope) -> Iterator[Resource]:
    """Yield all resources of an account and region, for reading: those in memory first."""
    yield from world.store.all(scope)
    provisions = world.handlers.provisions
    for type_name in provisions.moto_types():
        yield from provisions.moto.resources(world.catalog.named(type_name), scope)


@dataclass(frozen=True, slots=True)
class KeptInMemory:
    """Resources in the world's own store."""

    world: World
    resource_type: ResourceType
    scope: Scope
    looks_at_others: bool = False

    def find(self, identifier: str) -> JSONObject | None:
        """Return the properties of a resource, for reading; None if there is none."""
        return self.world.store.get(self.scope, self.resource_type.type_name, identifier)

    def identifiers(self) -> Sequence[str]:
        """Return the primary identifiers of all."""
        return self.world.store.shelf(self.scope, self.resource_type.type_name).after(None, sys.maxsize)

    def put(self, properties: JSONObject, *, as_read: bool) -> Placed:
        """Place a resource; what a create would make up is made up, unless they are all that there are."""
        type_name, paths, model = self.resource_type.type_name, self.resource_type.primary_identifier, properties
        if not as_read:
            made_in = MadeIn(*self.scope, self.world.clock.now())
            model = complete(self.resource_type, properties, made_in, Random(self.world.new_uuid()))
        identifier = primary_of(model, paths)
        if identifier is None:
            raise OptionError("properties", properties, f"the identifier of {type_name} among them")
        self._refuse_namesake(identifier, model, properties)
        return self.place(Resource(type_name, identifier, model), ())

    def refuse_namesake(self, resource: Resource) -> None:
        """Refuse to place a resource instead of another one whose compound identifier reads the same (C-30)."""
        self._refuse_namesake(resource.identifier, resource.properties, resource.properties)

    def _refuse_namesake(self, identifier: str, model: JSONObject, given: JSONObject) -> None:
        there, paths = self.find(identifier), self.resource_type.primary_identifier
        if there is None or secondary_of(there, paths) == secondary_of(model, paths):
            return
        type_name = self.resource_type.type_name
        other = ", ".join(f"{'/'.join(path)} {value_at(there, path)!r}" for path in paths)
        expected = f"another identifier than {identifier!r}, which is that of the {type_name} with {other}"
        raise OptionError("properties", given, expected)

    def place(self, resource: Resource, _taken: Container[str]) -> Placed:
        """Place a resource as it is."""
        was_there = self.find(resource.identifier) is not None
        self.world.store.put(self.scope, *resource)
        return Placed(resource.identifier, was_there)

    def change(self, identifier: str, model: JSONObject, _names: tuple[str, ...]) -> None:
        """Keep a model instead of what there is of a resource."""
        self.world.store.put(self.scope, self.resource_type.type_name, identifier, model)

    def remove(self, identifier: str) -> None:
        """Remove a resource."""
        self.world.store.delete(self.scope, self.resource_type.type_name, identifier)


@dataclass(frozen=True, slots=True)
class KeptByMoto:
    """Resources that are moto's, reached by the work of its handler."""

    world: World
    resource_type: ResourceType
    scope: Scope
    moto: MotoHandler
    looks_at_others: bool = True

    def find(self, identifier: str) -> JSONObject | None:
        """Return what moto shows of a resource; None if there is none."""
        try:
            return self.moto.read(self.resource_type, self.scope, identifier)
        except HandlerError as error:
            if error.error_code is HandlerErrorCode.NOT_FOUND:
                return None
            raise

    def identifiers(self) -> Sequence[str]:
        """Return the primary identifiers of all."""
        return self.moto.identifiers(self.resource_type, self.scope)

    def put(self, properties: JSONObject, *, as_read: bool) -> Placed:
        """Make a resource, or of the one that is there what is wanted."""
        if as_read:
            expected = f"False for {self.resource_type.type_name}, whose resources are moto's"
            raise OptionError("as_read", as_read, expected)
        identifier = self.moto.named(self.resource_type, self.scope, properties)
        there = None if identifier is None else self.find(identifier)
        if identifier is None or there is None:
            return Placed(self._make(properties), was_there=False)
        self._replace(identifier, there, properties)
        return Placed(identifier, was_there=True)

    def refuse_namesake(self, resource: Resource) -> None:
        """Do nothing: moto, which names its resources itself, has no two that read the same."""

    def place(self, resource: Resource, taken: Container[str]) -> Placed:
        """Put a resource, unless the service has named one itself that is the same."""
        if self.find(resource.identifier) is None and self.moto.names_itself(self.resource_type):
            same = next(self._same_as(resource.properties, taken), None)
            if same is not None:
                return Placed(same, was_there=True)
        return self.put(resource.properties, as_read=False)

    def _same_as(self, properties: JSONObject, taken: Container[str]) -> Iterator[str]:
        """Yield the resources that differ from this one in nothing but what the service sets."""
        wanted = self.resource_type.without_read_only(properties)
        for identifier in self.identifiers():
            there = self.resource_type.without_read_only(self.find(identifier) or {})
            if identifier not in taken and there.keys() == wanted.keys() and not any(lost(wanted, there, ())):
                yield identifier

    def _make(self, properties: JSONObject) -> str:
        wanted = self.resource_type.without_read_only(properties)
        given = HandlerInput(Operation.CREATE, self.resource_type, self.scope, None, wanted, tuple(wanted))
        try:
            self._work(given)
        except HandlerError as error:
            raise OptionError("properties", properties, f"what moto takes ({error})") from None
        return given.identifier or ""

    def _replace(self, identifier: str, there: JSONObject, properties: JSONObject) -> None:
        """Change a resource to what is wanted, rather than make it anew: what hangs on it stays."""
        wanted = self.resource_type.without_read_only(properties)
        made_once = self.moto.made_once(self.resource_type)
        for name in (wanted.keys() & made_once) - self._unseen:
            if not is_shown(wanted[name], there.get(name)):
                expected = f"the {name} of {identifier}, which moto sets when it makes one: delete that first"
                raise OptionError("properties", properties, expected)
        changed = tuple(name for name in wanted if name not in made_once and wanted[name] != there.get(name))
        gone = tuple(self.moto.removable(self.resource_type) & (there.keys() - wanted.keys()))
        try:
            with suppress(HandlerError):  # what the service has by itself may be there to stay
                return self._change(identifier, wanted, (*changed, *gone), there)
            return self._change(identifier, wanted, changed, there)
        except HandlerError as error:
            raise OptionError("properties", properties, f"what moto takes ({error})") from None

    def change(self, identifier: str, model: JSONObject, names: tuple[str, ...]) -> None:
        """Change some properties of a resource."""
        try:
            self._change(identifier, model, names, self.find(identifier) or {})
        except HandlerError as error:
            expected = f"properties that moto can change of a {self.resource_type.type_name} ({error})"
            raise OptionError("properties", {name: model.get(name) for name in names}, expected) from None

    def _change(self, identifier: str, model: JSONObject, names: tuple[str, ...], there: JSONObject) -> None:
        """Make the native calls of a change, all or none: those before a refused one are taken back."""
        try:
            self._work(HandlerInput(Operation.UPDATE, self.resource_type, self.scope, identifier, model, names))
        except HandlerError:
            seen = tuple(name for name in names if name not in self._unseen)
            self._work(HandlerInput(Operation.UPDATE, self.resource_type, self.scope, identifier, there, seen))
            raise

    @property
    def _unseen(self) -> frozenset[str]:
        """The properties of which no read shows everything."""
        return frozenset(path[0] for path in self.resource_type.write_only)

    def remove(self, identifier: str) -> None:
        """Remove a resource."""
        try:
            self._work(HandlerInput(Operation.DELETE, self.resource_type, self.scope, identifier, {}, ()))
        except HandlerError as error:
            expected = f"a {self.resource_type.type_name} that moto can delete ({error})"
            raise OptionError("identifier", identifier, expected) from None

    def _work(self, given: HandlerInput) -> None:
        self.moto.call(given, self.world.clock.now(), self.world.new_uuid())
