"""One resource type, read from the schema that AWS's registry publishes for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypeGuard, cast, get_args

from pytest_cloudcontrol.documents import compact, copied_object, property_path, remove_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Self

    from pytest_cloudcontrol.documents import JSONObject, JSONValue, PropertyPath

HandlerName: TypeAlias = Literal["create", "read", "update", "delete", "list"]

_HANDLER_NAMES: Final = get_args(HandlerName)
_TYPE_NAME: Final = re.compile(r"[A-Za-z0-9]{2,64}(::[A-Za-z0-9]{2,64}){2}")
_POINTERS: Final = "a list of property pointers such as /properties/Name"
_COMBINATORS: Final = ("allOf", "anyOf", "oneOf")

# The longest chain of references in AWS's schemas is far shorter; a longer one is a cycle.
_MAX_REFERENCES: Final = 32
_MAX_SHOWN: Final = 80


class SchemaError(ValueError):
    """A schema, or the place it was to come from, is broken; the message names what was found and what was expected."""


@dataclass(frozen=True, slots=True, eq=False)
class ResourceType:
    """A resource type: its schema, and what the schema says about the roles of its properties.

    Make one with ``from_schema``. Nothing in it is ever changed, so that worlds can share it.

    Attributes:
        type_name: such as ``AWS::Logs::LogGroup``.
        schema: the schema itself. It must not be changed.
        primary_identifier: the properties that identify a resource, in the order in which an identifier joins them.
        additional_identifiers: further groups of properties that identify a resource.
        read_only: what only the service sets.
        write_only: what the service never shows.
        create_only: what no update can change.
        conditional_create_only: what some updates cannot change; these are not in ``create_only``.
        required: the required top-level properties, in the schema's order.
        handlers: the operations that the type supports.
        list_required: what a ListResources call must say in its ResourceModel.
    """

    type_name: str
    schema: JSONObject = field(repr=False)  # some are longer than anybody reads
    primary_identifier: tuple[PropertyPath, ...]
    additional_identifiers: tuple[tuple[PropertyPath, ...], ...]
    read_only: tuple[PropertyPath, ...]
    write_only: tuple[PropertyPath, ...]
    create_only: tuple[PropertyPath, ...]
    conditional_create_only: tuple[PropertyPath, ...]
    required: tuple[str, ...]
    handlers: frozenset[HandlerName]
    list_required: tuple[str, ...]

    @classmethod
    def from_schema(cls, schema: JSONObject) -> Self:
        """Read a schema.

        Args:
            schema: the schema as AWS's registry has it. It is kept, not copied.

        Raises:
            SchemaError: it is no schema of a resource type.
        """
        reader = _Reader(schema)
        reader.object_at("properties", required=True)
        primary_identifier = reader.pointers("primaryIdentifier")
        if not primary_identifier:
            raise reader.error("primaryIdentifier", f"{_POINTERS}, with at least one in it")
        conditional_create_only = reader.pointers("conditionalCreateOnlyProperties")
        conditional = frozenset(conditional_create_only)
        resource_type = cls(
            type_name=reader.type_name,
            schema=schema,
            primary_identifier=primary_identifier,
            additional_identifiers=reader.additional_identifiers(),
            read_only=reader.pointers("readOnlyProperties"),
            write_only=reader.pointers("writeOnlyProperties"),
            create_only=tuple(path for path in reader.pointers("createOnlyProperties") if path not in conditional),
            conditional_create_only=conditional_create_only,
            required=reader.names("required"),
            handlers=reader.handlers(),
            list_required=reader.names("handlers", "list", "handlerSchema", "required"),
        )
        if any(resource_type.property_schema(path) is None for path in primary_identifier):
            raise reader.error("primaryIdentifier", "pointers to properties that the schema describes")
        return resource_type

    @property
    def kind(self) -> str:
        """The last part of the type's name, such as ``LogGroup``."""
        return self.type_name.rpartition("::")[2]

    @property
    def is_provisionable(self) -> bool:
        """Whether Cloud Control can do anything with resources of this type: it has a handler."""
        return bool(self.handlers)

    def property_schema(self, path: PropertyPath) -> JSONObject | None:
        """Return the schema of a property with its references followed; None if the type describes no such property.

        A ``*`` in the path is every item of an array or every value of a map. A property that only a branch of an
        ``allOf``, ``anyOf`` or ``oneOf`` describes is found there.
        """
        current: JSONObject | None = self.schema
        for part in path:
            if current is None:
                break
            current = self._part_of(current, part, set())
        return current

    def resolved(self, schema: JSONObject) -> JSONObject | None:
        """Follow the references of a schema inside this type's; None if they lead nowhere or in a circle."""
        current: JSONValue = schema
        for _ in range(_MAX_REFERENCES):
            if not isinstance(current, dict):
                return None
            reference = current.get("$ref")
            if not isinstance(reference, str):
                return current
            current = _value_at(self.schema, reference)
        return None

    def without_read_only(self, model: JSONObject) -> JSONObject:
        """Return a copy of a resource's properties without those that only the service sets."""
        return _without(model, self.read_only)

    def without_write_only(self, model: JSONObject) -> JSONObject:
        """Return a copy of a resource's properties without those that the service never shows."""
        return _without(model, self.write_only)

    def _part_of(self, schema: JSONObject, part: str, visited: set[int]) -> JSONObject | None:
        """Find one part of a path in a schema or its branches; visiting each only once ends cycles."""
        described = self.resolved(schema)
        if described is None or id(described) in visited:
            return None
        visited.add(id(described))
        found = _items(described) if part == "*" else _member(described, "properties", part)
        if isinstance(found, dict):
            return self.resolved(found)
        for branch in branches(described):
            in_branch = self._part_of(branch, part, visited)
            if in_branch is not None:
                return in_branch
        return None


class _Reader:
    """Takes the parts of a schema out of it, or says what is wrong with them."""

    def __init__(self, schema: JSONObject) -> None:
        self.type_name = ""
        self._schema = schema
        type_name = schema.get("typeName")
        if not isinstance(type_name, str) or not _TYPE_NAME.fullmatch(type_name):
            raise self.error("typeName", "three parts of 2 to 64 letters and digits such as MyCompany::Storage::Bucket")
        self.type_name = type_name

    def error(self, place: str, expected: str) -> SchemaError:
        found = _value_at(self._schema, place)
        shown = "missing" if found is None else _shortened(compact(found))
        of_type = f" of {self.type_name}" if self.type_name else ""
        return SchemaError(f"/{place} of the schema{of_type} is {shown}; expected {expected}")

    def object_at(self, *place: str, required: bool = False) -> JSONObject:
        value = _value_at(self._schema, "/".join(place))
        if value is None and not required:
            return {}
        if not isinstance(value, dict):
            raise self.error("/".join(place), "an object")
        return value

    def names(self, *place: str) -> tuple[str, ...]:
        value = _value_at(self._schema, "/".join(place))
        if value is None:
            return ()
        if not _is_list_of_strings(value):
            raise self.error("/".join(place), "a list of property names")
        return tuple(value)

    def pointers(self, role: str) -> tuple[PropertyPath, ...]:
        value = self._schema.get(role)
        return () if value is None else self._paths(role, value)

    def additional_identifiers(self) -> tuple[tuple[PropertyPath, ...], ...]:
        role = "additionalIdentifiers"
        groups = self._schema.get(role)
        if groups is None:
            return ()
        if not isinstance(groups, list):
            raise self.error(role, f"a list with {_POINTERS} for each identifier")
        # A string that stands by itself is an identifier of one property.
        return tuple(self._paths(role, group if isinstance(group, list) else [group]) for group in groups)

    def handlers(self) -> frozenset[HandlerName]:
        handlers = self.object_at("handlers")
        for name in handlers:
            if name not in _HANDLER_NAMES:
                raise self.error("handlers", f"no other names than {', '.join(_HANDLER_NAMES)}")
            self.object_at("handlers", name, required=True)
        return frozenset(cast("Iterable[HandlerName]", handlers))

    def _paths(self, role: str, pointers: JSONValue) -> tuple[PropertyPath, ...]:
        if not _is_list_of_strings(pointers):
            raise self.error(role, _POINTERS)
        try:
            return tuple(map(property_path, pointers))
        except ValueError:
            raise self.error(role, _POINTERS) from None


def branches(schema: JSONObject) -> Iterator[JSONObject]:
    """Yield the schemas that a schema combines with ``allOf``, ``anyOf`` and ``oneOf``."""
    for combinator in _COMBINATORS:
        branches_of_one = schema.get(combinator)
        if isinstance(branches_of_one, list):
            yield from (branch for branch in branches_of_one if isinstance(branch, dict))


def _is_list_of_strings(value: JSONValue) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _value_at(schema: JSONObject, reference: str) -> JSONValue:
    """Return what a reference such as ``#/definitions/Tag`` points to in a schema; None if there is nothing."""
    current: JSONValue = schema
    for part in reference.removeprefix("#/").split("/"):
        if not isinstance(current, dict):
            return None
        current = current.get(part.replace("~1", "/").replace("~0", "~"))
    return current


def _member(schema: JSONObject, mapping: str, name: str) -> JSONValue:
    members = schema.get(mapping)
    return members.get(name) if isinstance(members, dict) else None


def _items(schema: JSONObject) -> JSONValue:
    """Return the schema of an array's items, or of a map's values."""
    patterns = schema.get("patternProperties")
    values = list(patterns.values()) if isinstance(patterns, dict) else []
    candidates = (schema.get("items"), *values, schema.get("additionalProperties"))
    return next((candidate for candidate in candidates if isinstance(candidate, dict)), None)


def _without(model: JSONObject, paths: tuple[PropertyPath, ...]) -> JSONObject:
    copy = copied_object(model)
    for path in paths:
        remove_at(copy, path)
    return copy


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
