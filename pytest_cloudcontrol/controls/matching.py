"""The words by which a test says which requests or which API calls it means, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.arguments import OptionError, text, word
from pytest_cloudcontrol.controls.identifiers import meant_by
from pytest_cloudcontrol.decisions.match import CallMatch, Match
from pytest_cloudcontrol.vocabulary import Api, HandlerOperation, Operation

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.decisions.match import Subject


def request_match(
    backend: Backend, type_name: str | None, operation: Operation | str | None, identifier: str | None = None
) -> Match:
    """Return which requests are meant.

    Raises:
        OptionError: a value isn't valid.
    """
    named = None if operation is None else word(Operation, operation, "operation")
    return Match(_known(backend, type_name), named, identifier, _is_meant(backend, type_name, identifier))


def read_match(backend: Backend, type_name: str | None, operation: HandlerOperation, identifier: str | None) -> Match:
    """Return which reads or lists are meant.

    Raises:
        OptionError: a value isn't valid, or an identifier is given for lists.
    """
    if operation is HandlerOperation.LIST and identifier is not None:
        raise OptionError("identifier", identifier, "no identifier with LIST, which is about no single resource")
    return Match(_known(backend, type_name), operation, identifier, _is_meant(backend, type_name, identifier))


def call_match(
    backend: Backend, api: Api | str | None, type_name: str | None, identifier: str | None = None
) -> CallMatch:
    """Return which API calls are meant.

    Raises:
        OptionError: a value isn't valid.
    """
    named = None if api is None else word(Api, api, "api")
    if named is Api.LIST_RESOURCE_REQUESTS:
        for name, value in (("type_name", type_name), ("identifier", identifier)):
            if value is not None:
                raise OptionError(name, value, f"no {name} with {named}, whose calls are about no resource")
    return CallMatch(named, _known(backend, type_name), identifier, _is_meant(backend, type_name, identifier))


def _known(backend: Backend, type_name: str | None) -> str | None:
    return None if type_name is None else backend.world.catalog.named(type_name).type_name


def _is_meant(backend: Backend, type_name: str | None, identifier: str | None) -> Callable[[Subject], bool] | None:
    if identifier is None:
        return None
    resource_type = None if type_name is None else backend.world.catalog.named(type_name)
    return meant_by(backend, text(identifier, "identifier"), resource_type)
