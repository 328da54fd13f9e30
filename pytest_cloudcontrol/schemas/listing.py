"""What a type's list handler wants to know before it lists, and what it selects by.

Most list handlers list everything. Some want properties in the call's ResourceModel, as their ``handlerSchema`` says,
and list only the resources that have these. The schema's names are usually the resource's own; where one refers to a
property of another name, that property is meant, and a list of such values selects the resources with any of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from pytest_cloudcontrol.documents import same
from pytest_cloudcontrol.schemas.validation import Validator
from pytest_cloudcontrol.schemas.validation.compiler import value_at
from pytest_cloudcontrol.schemas.validation.reading import members, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.documents import JSONObject, JSONValue

_PROPERTY_REFERENCE: Final = "#/properties/"

Criteria: TypeAlias = "dict[str, list[JSONValue]]"
"""The values that a listed resource may have, by property."""


class Listing:
    """The list handler of one type.

    Args:
        schema: the type's schema.
    """

    def __init__(self, schema: JSONObject) -> None:
        self._root = schema
        handler_schema = members(members(members(schema, "handlers"), "list"), "handlerSchema")
        self._validator = Validator(handler_schema, root=schema)  # O-36
        self._known = frozenset(members(schema, "properties"))
        *_, followed = self._followed(handler_schema)
        self._described = members(followed, "properties")
        self._names = tuple(dict.fromkeys([*self._described, *names(followed, "required")]))

    def violations(self, resource_model: JSONObject) -> list[str]:
        """Return what is missing from a ResourceModel or wrong in it, a line each."""
        return self._validator.violations(resource_model)

    def criteria(self, resource_model: JSONObject) -> Criteria:
        """Return the values that a listed resource may have, by property.

        What the resources of the type can't have, such as the name of their parent under another name, selects nothing.
        """
        criteria: Criteria = {}
        for name in self._names:  # C-18
            if name in resource_model:
                wanted, values = self._criterion(name, resource_model[name])
                if wanted in self._known:  # C-20
                    criteria[wanted] = values
        return criteria

    def _criterion(self, name: str, value: JSONValue) -> tuple[str, list[JSONValue]]:
        """Return the property that a name of the list's means, and the values that it may have (C-19)."""
        described = self._described.get(name)
        meant = self._property_meant(described)
        if meant is None and isinstance(described, dict) and isinstance(value, list):
            *_, followed = self._followed(described)
            if isinstance(items := followed.get("items"), dict):
                return self._property_meant(items) or name, value
        return meant or name, [value]

    def _property_meant(self, described: JSONValue) -> str | None:
        """Return the property that a schema refers to, at once or by way of definitions; None if it refers to none."""
        if isinstance(described, dict):
            for schema in self._followed(described):
                _, is_reference, property_name = str(schema.get("$ref")).partition(_PROPERTY_REFERENCE)
                if is_reference and "/" not in property_name:
                    return property_name
        return None

    def _followed(self, schema: JSONObject) -> Iterator[JSONObject]:
        """Yield a schema, and those that its references lead to; never in a circle, which no type's schema may have."""
        yield schema
        reference = schema.get("$ref")
        if isinstance(reference, str) and isinstance(target := value_at(self._root, reference), dict):
            yield from self._followed(target)


def is_selected(properties: JSONObject, criteria: Criteria) -> bool:
    """Tell whether a resource's properties meet all criteria."""
    return all(any(same(properties.get(name), value) for value in values) for name, values in criteria.items())
