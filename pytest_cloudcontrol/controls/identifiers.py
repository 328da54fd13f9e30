"""Identifiers as a test writes them: in every form that the API takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.arguments import OptionError, text
from pytest_cloudcontrol.documents import parse
from pytest_cloudcontrol.resources.identifiers import InvalidIdentifier, is_json, read_identifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.decisions.match import Subject
    from pytest_cloudcontrol.schemas.resource_type import ResourceType
    from pytest_cloudcontrol.vocabulary import Scope
    from pytest_cloudcontrol.world import World


def primary_identifier(world: World, resource_type: ResourceType, scope: Scope, given: str) -> str:
    """Return the primary identifier of the resource that a test means.

    Raises:
        OptionError: what is given is no identifier of the type.
    """
    text(given, "identifier")
    if world.store.get(scope, resource_type.type_name, given) is not None:
        return given  # what put() has returned, though the API would read it as JSON (D-9)
    try:
        return world.primary_identifier(resource_type, scope, given)
    except InvalidIdentifier as error:
        raise _no_identifier_of(resource_type, given, error) from None


def meant_by(backend: Backend, given: str, resource_type: ResourceType | None) -> Callable[[Subject], bool]:
    """Return whether a request or a call is of the resource that a test means; told anew for each.

    Args:
        backend: the mock.
        given: the identifier.
        resource_type: the type, if the test has named one.

    Raises:
        OptionError: what is given is no identifier of the type, or of any.
    """
    _refuse_unless_identifier(given, resource_type)

    def is_meant(subject: Subject) -> bool:
        world = backend.world
        subject_type = None if subject.type_name is None else world.catalog.find(subject.type_name)
        if subject_type is None:
            return False
        try:
            found = world.primary_identifier(subject_type, subject.scope, given)
        except InvalidIdentifier:  # of another type than those that have such an identifier
            return False
        return subject.identifier == found

    return is_meant


def _refuse_unless_identifier(given: str, resource_type: ResourceType | None) -> None:
    is_broken_json = is_json(given) and not _is_json_object(given)
    if is_broken_json and "|" in given:
        return  # parts that look like JSON: the API reads no such identifier, but answers it (D-9)
    if resource_type is None:
        if is_broken_json:
            expected = "an identifier: plain, or a JSON object of properties and their values"
            raise OptionError("identifier", given, expected)
        return
    try:
        read_identifier(given, resource_type.primary_identifier, resource_type.additional_identifiers)
    except InvalidIdentifier as error:
        raise _no_identifier_of(resource_type, given, error) from None


def _is_json_object(given: str) -> bool:
    try:
        return isinstance(parse(given), dict)
    except ValueError:
        return False


def _no_identifier_of(resource_type: ResourceType, given: str, error: InvalidIdentifier) -> OptionError:
    return OptionError("identifier", given, f"an identifier of {resource_type.type_name}: {error}")
