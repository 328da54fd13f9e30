"""What recordings teach of a type, beside what the mock shows by its schema alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.schemas.generation import MadeIn, complete
from pytest_cloudcontrol.schemas.recorded import FORMS
from pytest_cloudcontrol.schemas.recordings.forms import ACCOUNT, MADE_UP
from pytest_cloudcontrol.schemas.recordings.learning import learn
from pytest_cloudcontrol.schemas.resource_type import ResourceType
from pytest_cloudcontrol.schemas.validation.reading import members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.documents import JSONObject, JSONValue, PropertyPath
    from pytest_cloudcontrol.schemas.recordings.facts import Facts, Part
    from pytest_cloudcontrol.schemas.recordings.recording import Recording

_SOME_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)
_REGIONS: Final = ("us-east-1", "us-gov-west-1", "cn-north-1")
"""The usual region, and others with longer names and of other partitions."""

_AT_THE_TOP: Final = re.compile(r"#/([^:/]+)")


def facts_of(schema: JSONObject, recordings: Sequence[Recording]) -> Facts | None:
    """Return what recordings of one type teach; None if that is nothing.

    Args:
        schema: the type's, checked and with patterns translated to Python's.
        recordings: all that there are of the type.
    """
    resource_type = ResourceType.from_schema(schema)
    facts = learn(recordings, lambda declared, region: _shown(resource_type, declared, region))
    if facts is not None:
        _leave_to_the_schema(schema, facts, recordings)
    return facts


def _shown(resource_type: ResourceType, declared: JSONObject, region: str) -> JSONObject:
    made_in = MadeIn(ACCOUNT, region, _SOME_DAY)
    return resource_type.without_write_only(complete(resource_type, declared, made_in, Random(resource_type.type_name)))


def _leave_to_the_schema(schema: JSONObject, facts: Facts, recordings: Sequence[Recording]) -> None:
    """Have texts made up by the schema where it, or what is documented, says more of them than the recordings do.

    That is so of identifiers that were the same in all recordings; of texts whose form the schema refuses; and of
    members that the schema, which is newer, doesn't have at all.
    """
    resource_type = ResourceType.from_schema(schema, facts)
    _leave_out_unknown(resource_type, facts["root"], ())
    shown = facts["root"].get("shown", {})
    identifying = {path[0] for path in resource_type.primary_identifier}
    by_schema = set(FORMS.get(resource_type.type_name, {}))
    declared = [recording.declared for recording in recordings if recording.declared is not None]
    for state in ({}, *declared):
        for region in _REGIONS:
            by_schema |= _refused(resource_type, _shown(resource_type, state, region))
    for name in shown:
        if name in by_schema:
            shown[name] = [(condition, _made_by_schema(form)) for condition, form in shown[name]]
        if name in identifying:
            usual = shown[name][-1][1]
            shown[name] = [(None, usual if _is_form(usual) else MADE_UP)]


def _leave_out_unknown(resource_type: ResourceType, part: Part, path: PropertyPath) -> None:
    """Leave out members that the schema doesn't have, and would refuse, at a path and inside it."""
    schema = resource_type.property_schema(path) or {}
    if schema.get("additionalProperties") is False:
        shown = part.get("shown", {})
        for name in shown.keys() - members(schema, "properties").keys():
            del shown[name]
    for name, inside in part.get("inside", {}).items():
        described = resource_type.property_schema((*path, name)) or {}
        is_list = described.get("type") == "array"
        _leave_out_unknown(resource_type, inside, (*path, name, "*") if is_list else (*path, name))


def _refused(resource_type: ResourceType, model: JSONObject) -> set[str]:
    """Return the properties that the schema refuses in a model."""
    violations = resource_type.part_validator.violations(model)
    return {found[1] for line in violations if (found := _AT_THE_TOP.match(line))}


def _made_by_schema(form: JSONValue) -> JSONValue:
    return MADE_UP if _is_form(form) else form


def _is_form(form: JSONValue) -> bool:
    return isinstance(form, str) and form.startswith("=") and not form.startswith("==")
