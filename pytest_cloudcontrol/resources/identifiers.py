"""A resource's identifier, as Cloud Control writes it and as callers may give it.

A resource type has one primary identifier and may have additional ones; each is a tuple of property paths. Answers
always give the primary one: the value of its property, or the values of several joined by ``|`` in the schema's order.
Callers may give that text, or a JSON object of the properties' values (D-1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import compact, parsed_object, pointer_of, value_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_cloudcontrol.documents import JSONObject, JSONValue, PropertyPath

_SEPARATOR: Final = "|"  # D-2


class InvalidIdentifier(ValueError):
    """An identifier that doesn't have the parts which its resource type's identifiers are made of."""


@dataclass(frozen=True, slots=True)
class SecondaryIdentifier:
    """The values of an additional identifier, by which a resource can be found but isn't kept.

    Attributes:
        values: the text of each property's value, by the property's path.
    """

    values: Mapping[PropertyPath, str]


def secondary_of(model: JSONObject, paths: tuple[PropertyPath, ...]) -> SecondaryIdentifier | None:
    """Return a model's values for an additional identifier; None when it lacks one."""
    texts = _if_complete(_text_at(model, path) for path in paths)
    return None if texts is None else SecondaryIdentifier(dict(zip(paths, texts, strict=True)))


def is_json(given: str) -> bool:
    """Tell whether an identifier is read as JSON, be it valid or not (D-9)."""
    return given.lstrip().startswith("{")


def primary_of(model: JSONObject, primary: tuple[PropertyPath, ...]) -> str | None:
    """Return the primary identifier of a resource in its normal form, such as ``my-api|prod``.

    Numbers and booleans are written as JSON writes them.

    Returns:
        None when the model lacks one of the properties, as it does until a service has named a new resource.
    """
    if len(primary) == 1:  # as most types have it
        return _text_at(model, primary[0])
    texts = _if_complete(_text_at(model, path) for path in primary)
    return None if texts is None else _SEPARATOR.join(texts)


def model_of(identifier: str, primary: tuple[PropertyPath, ...]) -> JSONObject:
    """Return the properties that a primary identifier in its normal form says, as texts."""
    model: JSONObject = {}
    parts = identifier.split(_SEPARATOR) if len(primary) > 1 else [identifier]
    for path, part in zip(primary, parts, strict=False):  # a part may have the separator in it
        place = model
        for name in path[:-1]:
            inner = place.setdefault(name, {})
            if isinstance(inner, dict):
                place = inner
        place[path[-1]] = part
    return model


def read_identifier(
    given: str, primary: tuple[PropertyPath, ...], additional: tuple[tuple[PropertyPath, ...], ...] = ()
) -> str | SecondaryIdentifier:
    """Read an identifier that a caller gave.

    It is either the primary identifier's normal form or a JSON object of the values of the primary or of an additional
    identifier, in any order. The object's names are the properties', such as ``RestApiId``, ``Endpoint/Id`` for a
    nested one, or their whole pointers, such as ``/properties/RestApiId``.

    Returns:
        The primary identifier in its normal form, for looking the resource up, or a secondary one, for searching it;
        so is a primary one whose normal form could be another's too.

    Raises:
        InvalidIdentifier: the number of parts, or the object's names, fit no identifier of the type.
    """
    if not is_json(given):
        # One property's value may contain anything, the separator included.
        if len(primary) > 1 and given.count(_SEPARATOR) + 1 != len(primary):
            raise InvalidIdentifier(f"Identifier {given} is not valid for identifier {_pointers(primary)}")  # D-4
        return given
    names = parsed_object(given)  # what isn't valid has no names (D-9)
    texts = _given_texts(names, primary)
    if texts is not None:
        if len(texts) > 1 and any(_SEPARATOR in text for text in texts):
            return SecondaryIdentifier(dict(zip(primary, texts, strict=True)))  # C-30
        return _SEPARATOR.join(texts)
    for paths in additional:  # D-3
        texts = _given_texts(names, paths)
        if texts is not None:
            return SecondaryIdentifier(dict(zip(paths, texts, strict=True)))
    listed = ", ".join(map(_pointers, (primary, *additional)))
    raise InvalidIdentifier(  # D-8
        "When specifying the identifier as JSON, you must specify exactly one identifier "
        f"from [{listed}], and no additional properties can be specified"
    )


def _pointers(paths: tuple[PropertyPath, ...]) -> str:
    return f"[{', '.join(map(pointer_of, paths))}]"


def _given_texts(names: JSONObject, paths: tuple[PropertyPath, ...]) -> list[str] | None:
    """Return what a caller's JSON object gives for these paths; None unless it gives just them."""
    if len(names) != len(paths):
        return None
    return _if_complete(_text(names.get("/".join(path), names.get(pointer_of(path)))) for path in paths)  # C-26


def _if_complete(texts: Iterable[str | None]) -> list[str] | None:
    complete = []
    for text in texts:
        if text is None:
            return None
        complete.append(text)
    return complete


def _text_at(model: JSONObject, path: PropertyPath) -> str | None:
    return _text(value_at(model, path))


def _text(value: JSONValue) -> str | None:
    if isinstance(value, bool):
        return compact(value)
    return str(value) if isinstance(value, str | int | float) else None
