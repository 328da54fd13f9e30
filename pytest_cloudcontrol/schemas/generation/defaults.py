"""The defaults in a type's schema: what a new resource shows although its caller left it out.

A default is shown at the top and in every object that is there; an optional object that isn't there stays away. Not
shown is the default of a write-only property, one that its own schema refuses, and one of a property that belongs to
some alternatives only, or that wants other properties beside it.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import copied
from pytest_cloudcontrol.schemas.resource_type import branches
from pytest_cloudcontrol.schemas.validation import Validator
from pytest_cloudcontrol.schemas.validation.reading import items, members, names

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue, PropertyPath
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

_MAX_REMEMBERED: Final = 512
_PLACEHOLDER: Final = re.compile("<[a-z-]+>")
"""Part of a text that describes a default instead of being one: the key policy of a KMS key has ``<account-id>``."""


def add_defaults(resource_type: ResourceType, model: JSONObject) -> None:
    """Add to a new resource's properties, in place, the defaults that they lack (G-2)."""
    _part_of_type(resource_type).complete(model)


@functools.lru_cache(_MAX_REMEMBERED)
def _part_of_type(resource_type: ResourceType) -> _Part:
    return _Part(resource_type, resource_type.schema, ())


class _Part:
    """The defaults of one part of a type's models; what is inside it is looked at when the first model has it.

    Args:
        resource_type: the type.
        schema: the part's schema, with references followed.
        path: where the part is.
    """

    def __init__(self, resource_type: ResourceType, schema: JSONObject, path: PropertyPath) -> None:
        self._type = resource_type
        self._schema = schema
        self._path = path
        self._inside: dict[str, _Part | None] = {}
        self._defaults = self._found()

    def complete(self, value: JSONValue) -> None:
        """Add the defaults that a value lacks, in place."""
        if isinstance(value, dict):
            for name, default in self._defaults.items():
                if name not in value:
                    value[name] = copied(default)
            for name, inner in value.items():
                self._complete_inside(name, inner)
        elif isinstance(value, list):
            for item in value:
                self._complete_inside("*", item)

    def _complete_inside(self, name: str, value: JSONValue) -> None:
        if isinstance(value, dict | list):
            part = self._at(name)
            if part is not None:
                part.complete(value)

    def _at(self, name: str) -> _Part | None:
        """Return a part of this part; the values of a map are alike."""
        name = name if name in members(self._schema, "properties") else "*"
        if name not in self._inside:
            path = (*self._path, name)
            schema = self._type.property_schema(path)
            self._inside[name] = None if schema is None else _Part(self._type, schema, path)
        return self._inside[name]

    def _found(self) -> JSONObject:
        alternatives = {name for branch in branches(self._schema) for name in names(branch, "required")}
        left_out = alternatives.union(members(self._schema, "dependencies"))
        defaults: JSONObject = {}
        for name, described in members(self._schema, "properties").items():
            if isinstance(described, dict) and name not in left_out and not self._is_set_otherwise(name):
                default = self._default_of(described)
                if default is not None:
                    defaults[name] = default
        return defaults

    def _default_of(self, schema: JSONObject) -> JSONValue:
        """Return a property's default, None if there is none that can be shown.

        It may stand beside a reference, where the reference leads, or in a part of an ``allOf``.
        """
        described = self._type.resolved(schema) or {}
        places = [schema, described, *(part for part in items(described, "allOf") if isinstance(part, dict))]
        default = next((place["default"] for place in places if place.get("default") is not None), None)
        if isinstance(default, str) and _PLACEHOLDER.search(default):
            return None
        is_refused = default is None or Validator(schema, root=self._type.schema).violations(default)
        return None if is_refused else default

    def _is_set_otherwise(self, name: str) -> bool:
        """Tell whether a property is never shown, or set by the service alone."""
        path = (*self._path, name)
        return path in self._type.read_only or any(path[: len(hidden)] == hidden for hidden in self._type.write_only)
