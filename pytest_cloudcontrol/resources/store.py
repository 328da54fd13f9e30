"""What exists: the properties of every resource, by account and region, type and primary identifier."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from pytest_cloudcontrol.resources.identifiers import SecondaryIdentifier, is_json, read_identifier, secondary_of
from pytest_cloudcontrol.schemas.recorded import PLAIN_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_cloudcontrol.documents import JSONObject, PropertyPath
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Scope


class Resource(NamedTuple):
    """One resource: its type, its primary identifier, and all its properties, write-only ones included."""

    type_name: str
    identifier: str
    properties: JSONObject


class Shelf:
    """The resources of one type in one account and region."""

    __slots__ = ("_by_secondary", "_ordered", "properties")

    def __init__(self) -> None:
        self.properties: dict[str, JSONObject] = {}
        self._ordered: list[str] | None = None
        # By the properties of an additional identifier, and by their values; made when one is first looked for.
        self._by_secondary: dict[tuple[PropertyPath, ...], dict[tuple[str, ...], list[str]]] = {}

    def put(self, identifier: str, properties: JSONObject) -> None:
        """Place a resource, instead of one that was there before."""
        if identifier in self.properties:
            self.identifiers_changed()
        else:
            self._ordered = None
            for paths, index in self._by_secondary.items():
                _note(index, paths, identifier, properties)
        self.properties[identifier] = properties

    def delete(self, identifier: str) -> bool:
        """Remove a resource; False when there was none."""
        if self.properties.pop(identifier, None) is None:
            return False
        self._ordered = None
        self.identifiers_changed()
        return True

    def identifiers_changed(self) -> None:
        """Note that a resource has another additional identifier than before."""
        self._by_secondary.clear()

    def find(self, identifier: SecondaryIdentifier) -> str | None:
        """Return the primary identifier of the first resource that an additional one belongs to; None without any."""
        return next(iter(self.find_all(identifier)), None)

    def find_all(self, identifier: SecondaryIdentifier) -> Sequence[str]:
        """Return the primary identifiers of all resources that an additional one belongs to, the first placed first."""
        paths = tuple(identifier.values)
        index = self._by_secondary.get(paths)
        if index is None:
            index = self._by_secondary[paths] = {}
            for primary, properties in self.properties.items():
                _note(index, paths, primary, properties)
        return index.get(tuple(identifier.values.values()), ())

    def after(self, identifier: str | None, count: int) -> list[str]:
        """Return up to so many identifiers that follow one in the alphabet, the first ones after None."""
        if self._ordered is None:  # sorted when asked for, so that filling the shelf costs nothing
            self._ordered = sorted(self.properties)
        start = 0 if identifier is None else bisect_right(self._ordered, identifier)
        return self._ordered[start : start + count]


def _note(
    index: dict[tuple[str, ...], list[str]], paths: tuple[PropertyPath, ...], primary: str, properties: JSONObject
) -> None:
    """Note the additional identifier of a resource."""
    identifier = secondary_of(properties, paths)
    if identifier is not None:
        index.setdefault(tuple(identifier.values.values()), []).append(primary)


class Store:
    """All resources of a mocked Cloud Control. What it returns is its own: callers copy before they let it out."""

    def __init__(self) -> None:
        self.changes = 0
        """How often a resource has come, changed or gone."""
        self._shelves: dict[tuple[Scope, str], Shelf] = {}  # D-6

    def shelf(self, scope: Scope, type_name: str) -> Shelf:
        """Return the resources of a type, an empty shelf if there are none."""
        return self._shelves.get((scope, type_name)) or Shelf()

    def get(self, scope: Scope, type_name: str, identifier: str) -> JSONObject | None:
        """Return the properties of a resource, or None."""
        shelf = self._shelves.get((scope, type_name))
        return shelf.properties.get(identifier) if shelf else None

    def put(self, scope: Scope, type_name: str, identifier: str, properties: JSONObject) -> None:
        """Place a resource, instead of one that was there before."""
        self._shelves.setdefault((scope, type_name), Shelf()).put(identifier, properties)
        self.changes += 1

    def delete(self, scope: Scope, type_name: str, identifier: str) -> bool:
        """Remove a resource; False when there was none."""
        shelf = self._shelves.get((scope, type_name))
        if shelf is None or not shelf.delete(identifier):
            return False
        self.changes += 1
        return True

    def all(self, scope: Scope) -> Iterator[Resource]:
        """Yield every resource of an account and region, types and identifiers in the order they first came."""
        for (of, type_name), shelf in list(self._shelves.items()):
            if of == scope:
                for identifier, properties in list(shelf.properties.items()):
                    yield Resource(type_name, identifier, properties)

    def everywhere(self) -> Iterator[tuple[Scope, Resource]]:
        """Yield every resource of all accounts and regions, in the order in which types and identifiers first came."""
        for (scope, type_name), shelf in self._shelves.items():
            for identifier, properties in shelf.properties.items():
                yield scope, Resource(type_name, identifier, properties)

    def primary_identifier(self, resource_type: ResourceType, scope: Scope, given: str) -> str:
        """Return the primary identifier of the resource that an identifier means (D-7).

        One that has to be searched and belongs to no resource is returned as it was given: it won't be found either.

        Raises:
            InvalidIdentifier: it has a wrong number of parts, or is JSON with wrong names.
        """
        if not is_json(given) and self.get(scope, resource_type.type_name, given) is not None:
            return given  # before its parts are counted: one of them may have a | in it
        identifier = read_identifier(given, resource_type.primary_identifier, resource_type.additional_identifiers)
        if isinstance(identifier, str):
            return self._named(resource_type.type_name, scope, identifier) or identifier
        return self.shelf(scope, resource_type.type_name).find(identifier) or given

    def _named(self, type_name: str, scope: Scope, name: str) -> str | None:
        """Return the primary identifier of the resource that a plain name means; None where that means nothing."""
        known = PLAIN_NAMES.get(type_name)
        if known is None or self.get(scope, type_name, name) is not None:
            return None
        shelf = self.shelf(scope, type_name)
        for found in shelf.find_all(SecondaryIdentifier({known.path: name})):
            properties = shelf.properties[found]
            if all(properties.get(key, value) == value for key, value in known.where.items()):
                return found
        return None
