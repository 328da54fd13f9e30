"""The configuration of a resource type: what its handlers need beside the model, such as the key of a service."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_cloudcontrol.arguments import OptionError
from pytest_cloudcontrol.schemas.given import json_object
from pytest_cloudcontrol.schemas.validation import Validator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_cloudcontrol.schemas.resource_type import ResourceType


def configured(resource_type: ResourceType, configuration: Mapping[str, object]) -> ResourceType:
    """Return a type with a configuration, checked against the ``typeConfiguration`` of its schema.

    Raises:
        OptionError: it isn't valid by that, or the schema has none.
    """
    given = json_object(configuration, "configuration")
    schema = resource_type.schema.get("typeConfiguration")
    if not isinstance(schema, dict):
        expected = f"none: the schema of {resource_type.type_name} has no typeConfiguration"
        raise OptionError("configuration", configuration, expected)
    violations = Validator(schema, root=resource_type.schema).violations(given)
    if violations:
        expected = f"what fits the typeConfiguration of {resource_type.type_name} ({'; '.join(violations)})"
        raise OptionError("configuration", configuration, expected)
    return replace(resource_type, configuration=given)
