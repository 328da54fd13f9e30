"""What a type's list handler wants to know before it lists, and what it selects by.

Most list handlers list everything. Some want properties in the call's ResourceModel, as their ``handlerSchema`` says,
and list only the resources that have these. The schema's names are usually the resource's own; where one refers to a
property of another name, that property is meant, and a list of such values selects the resources with any of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from pytest_cloudcontrol.documents import same
from pytest_cloudcontrol.schemas.validation import Validator
from pytest_cloudcontrol.schemas.validation.reading import members, names

if TYPE_CHECKING:
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
        handler_schema = members(members(members(schema, "handlers"), "list"), "handlerSchema")
        self._validator = Validator(handler_schema, root=schema)  # O-36
        self._known = frozenset(members(schema, "properties"))
        self._described = members(handler_schema, "properties")
        self._names = tuple(dict.fromkeys([*self._described, *names(handler_schema, "required")]))

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
                described, value = self._described.get(name), resource_model[name]
                items = described.get("items") if isinstance(described, dict) else None
                if isinstance(items, dict) and isinstance(value, list):  # C-19
                    wanted, values = _meant(items, name), value
                else:
                    wanted, values = _meant(described, name), [value]
                if wanted in self._known:  # C-20
                    criteria[wanted] = values
        return criteria


def is_selected(properties: JSONObject, criteria: Criteria) -> bool:
    """Tell whether a resource's properties meet all criteria."""
    return all(any(same(properties.get(name), value) for value in values) for name, values in criteria.items())


def _meant(described: JSONValue, name: str) -> str:
    """Return the property that a schema refers to, or else the name it stands under (C-19)."""
    reference = described.get("$ref") if isinstance(described, dict) else None
    if isinstance(reference, str):
        _, is_reference, property_name = reference.partition(_PROPERTY_REFERENCE)
        if is_reference and "/" not in property_name:
            return property_name
    return name
