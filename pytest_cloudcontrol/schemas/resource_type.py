"""One resource type, read from the schema that AWS's registry publishes for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

from pytest_cloudcontrol.documents import copied, copied_object, property_path, remove_at, value_at
from pytest_cloudcontrol.exceptions import Portable
from pytest_cloudcontrol.schemas.listing import Listing
from pytest_cloudcontrol.schemas.validation import Validator
from pytest_cloudcontrol.schemas.validation.combinations import CRITERIA
from pytest_cloudcontrol.schemas.validation.reading import names
from pytest_cloudcontrol.vocabulary import HandlerOperation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from pytest_cloudcontrol.documents import JSONObject, JSONValue, PropertyPath
    from pytest_cloudcontrol.schemas.recordings.facts import Facts
    from pytest_cloudcontrol.vocabulary import Operation

_OF_PARTS: Final = ("properties", "patternProperties", "additionalProperties")

_TIMEOUT: Final = 120  # minutes, where a handler's schema has none (T-1)

# The longest chain of references in AWS's schemas is far shorter; a longer one is a cycle.
_MAX_REFERENCES: Final = 32


class SchemaError(ValueError, Portable):
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
        conditional_create_only: what some updates cannot change; these are not in ``create_only`` (O-33).
        required: the required top-level properties, in the schema's order.
        handlers: the operations that the type supports.
        listing: what a ListResources call must say in its ResourceModel, and selects by.
        arn_template: the form of Arns, such as ``arn:${Partition}:sqs:${Region}:${Account}:${QueueName}``.
        validator: checks models against the schema.
        part_validator: checks what a model has, not what it lacks: a resource may be half made.
        facts: what recordings have taught of what AWS shows of such resources; None if there are none.
        configuration: the type's configuration, which its handlers are given; None if there is none.
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
    handlers: frozenset[HandlerOperation]
    listing: Listing = field(repr=False)
    arn_template: str | None
    validator: Validator = field(repr=False)
    part_validator: Validator = field(repr=False)
    facts: Facts | None = field(repr=False)
    configuration: JSONObject | None = field(default=None, repr=False)  # it may have keys of a service

    @classmethod
    def from_schema(cls, schema: JSONObject, facts: Facts | None = None) -> Self:
        """Read a schema.

        Args:
            schema: a schema that ``check_schema`` passes, its patterns translated to Python's. It is kept, not copied.
            facts: what is known of the reads of the type.
        """
        conditional_create_only = _paths(schema.get("conditionalCreateOnlyProperties"))
        conditional = frozenset(conditional_create_only)
        handlers = cast("JSONObject", schema.get("handlers", {}))
        return cls(
            type_name=cast("str", schema["typeName"]),
            schema=schema,
            primary_identifier=_paths(schema["primaryIdentifier"]),
            additional_identifiers=_identifiers(schema.get("additionalIdentifiers")),
            read_only=_paths(schema.get("readOnlyProperties")),
            write_only=_paths(schema.get("writeOnlyProperties")),
            create_only=tuple(path for path in _paths(schema.get("createOnlyProperties")) if path not in conditional),
            conditional_create_only=conditional_create_only,
            required=tuple(cast("list[str]", schema.get("required", []))),
            handlers=frozenset(operation for operation in HandlerOperation if operation.lower() in handlers),
            listing=Listing(schema),
            arn_template=cast("str | None", schema.get("arnTemplate")),
            validator=Validator(schema),
            part_validator=Validator({name: schema[name] for name in _OF_PARTS if name in schema}, root=schema),
            facts=facts,
        )

    @property
    def kind(self) -> str:
        """The last part of the type's name, such as ``LogGroup``."""
        return self.type_name.rpartition("::")[2]

    @property
    def is_provisionable(self) -> bool:
        """Whether Cloud Control can do anything with resources of this type: it has a handler."""
        return bool(self.handlers)

    def timeout(self, operation: Operation) -> timedelta:
        """Return how long after its first handler call a request must have succeeded at the latest (T-1)."""
        handlers = cast("dict[str, JSONObject]", self.schema.get("handlers", {}))
        minutes = handlers.get(operation.lower(), {}).get("timeoutInMinutes", _TIMEOUT)
        return timedelta(minutes=cast("int", minutes))

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
        """Return a copy of a resource's properties without those that the service never shows (O-34).

        An optional object that had nothing else in it isn't shown either [choice]: it would make the model invalid.
        """
        shown = _without(model, self.write_only)
        for path in self.write_only:
            self._drop_emptied(path[:-1], model, shown)  # C-28
        return shown

    def _drop_emptied(self, path: PropertyPath, before: JSONObject, shown: JSONObject) -> None:
        """Remove the object at a path, and those around it, if it became empty and isn't required."""
        while path and "*" not in path and value_at(shown, path) == {} and value_at(before, path):
            around = self.property_schema(path[:-1]) or {}
            if path[-1] in names(around, "required"):
                return
            remove_at(shown, path)
            path = path[:-1]

    def only_identifier(self, model: JSONObject) -> JSONObject:
        """Return what identifies a resource: the top-level properties that its primary identifier is in."""
        names = {path[0] for path in self.primary_identifier}
        return {name: copied(value) for name, value in model.items() if name in names}

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


def branches(schema: JSONObject) -> Iterator[JSONObject]:
    """Yield the schemas that a schema combines with ``allOf``, ``anyOf`` and ``oneOf``."""
    for combinator in CRITERIA:
        branches_of_one = schema.get(combinator)
        if isinstance(branches_of_one, list):
            yield from (branch for branch in branches_of_one if isinstance(branch, dict))


def _paths(pointers: JSONValue) -> tuple[PropertyPath, ...]:
    return tuple(map(property_path, cast("list[str]", pointers or [])))


def _identifiers(groups: JSONValue) -> tuple[tuple[PropertyPath, ...], ...]:
    """Read additional identifiers; a pointer that stands by itself is an identifier of one property."""
    return tuple(
        _paths([group] if isinstance(group, str) else group) for group in cast("list[JSONValue]", groups or [])
    )


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
