"""The language of the table: JMESPath, as in the AWS CLI's --query, with some functions more.

============================  =============================================================================
``pairs(map)``                ``{"a": "b"}`` as ``[{"Key": "a", "Value": "b"}]``; null if it is empty
``from_pairs(list)``          the other way about
``parse(text)``               what a JSON text says
``text(value)``               a value as JSON text; a text stays as it is
``boolean(text)``             whether a text is ``true``
``some(list)``                null for an empty list, map or text
``minus(list, list)``         the items of the first that are not in the second
``find(list, like)``          the first item that has all members of an object
``having(list, key, list)``   the items that have one of some values under a key
``spread(list, key)``         an item for each of the values that an item has under a key
``kebab(text)``               ``PublicRead`` as ``public-read``
``with_key(json, key, text)`` a JSON object's text with one member more; the member's text itself for no key
``split(text, separator)``    a text's parts
``camel(value)``              with keys that begin with a small letter, at every depth
``pascal(value)``             with keys that begin with a capital letter, at every depth
``zipped(code)``              a source text as a zip of one file ``index.py``
``decoded(text)``             the bytes of a base64 text
``wanted(value, words)``      a value that the service refuses to do without, in these words; moto wouldn't
============================  =============================================================================

All but the last give null for null.
"""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any, Final, cast

import jmespath
from jmespath import functions

from pytest_cloudcontrol.documents import compact
from pytest_cloudcontrol.handlers.moto.services import ServiceRefusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_cloudcontrol.documents import JSONObject, JSONValue


def _with_keys(value: JSONValue, change: Callable[[str], str]) -> JSONValue:
    if isinstance(value, dict):
        return {change(key): _with_keys(inner, change) for key, inner in value.items()}
    return [_with_keys(inner, change) for inner in value] if isinstance(value, list) else value


class _Functions(functions.Functions):
    @functions.signature({"types": []})
    def _func_pairs(self, given: dict[str, Any] | None) -> Any:
        return [{"Key": key, "Value": value} for key, value in (given or {}).items()] or None

    @functions.signature({"types": []})
    def _func_from_pairs(self, given: list[dict[str, Any]] | None) -> Any:
        return None if given is None else {pair["Key"]: pair["Value"] for pair in given}

    @functions.signature({"types": []})
    def _func_parse(self, given: Any) -> Any:
        return json.loads(given) if isinstance(given, str) and given else given or None

    @functions.signature({"types": []})
    def _func_text(self, given: Any) -> Any:
        return given if given is None or isinstance(given, str) else compact(given)

    @functions.signature({"types": []})
    def _func_boolean(self, given: Any) -> Any:
        return None if given is None else str(given).lower() == "true"

    @functions.signature({"types": []})
    def _func_some(self, given: Any) -> Any:
        return given or None

    @functions.signature({"types": []}, {"types": []})
    def _func_minus(self, given: list[Any] | None, other: list[Any] | None) -> Any:
        return [item for item in given or () if item not in (other or ())]

    @functions.signature({"types": []}, {"types": []})
    def _func_split(self, given: str | None, separator: str) -> Any:
        return None if given is None else given.split(separator)

    @functions.signature({"types": []})
    def _func_camel(self, given: Any) -> Any:
        return _with_keys(given, lambda key: key[:1].lower() + key[1:])

    @functions.signature({"types": []})
    def _func_pascal(self, given: Any) -> Any:
        return _with_keys(given, lambda key: key[:1].upper() + key[1:])

    @functions.signature({"types": []}, {"types": []})
    def _func_find(self, given: list[Any] | None, like: dict[str, Any] | None) -> Any:
        wanted = (like or {}).items()
        return next((item for item in given or () if wanted <= item.items()), None)

    @functions.signature({"types": []}, {"types": []}, {"types": []})
    def _func_having(self, given: list[dict[str, Any]] | None, key: str, values: list[Any] | None) -> Any:
        return [item for item in given or () if item.get(key) in (values or ())]

    @functions.signature({"types": []}, {"types": []})
    def _func_spread(self, given: list[dict[str, Any]] | None, key: str) -> Any:
        return [{**item, key: value} for item in given or () for value in item[key]] or None

    @functions.signature({"types": []})
    def _func_kebab(self, given: str | None) -> Any:
        return None if given is None else re.sub(r"(?<=[a-z])(?=[A-Z])", "-", given).lower()

    @functions.signature({"types": []}, {"types": []}, {"types": []})
    def _func_with_key(self, template: str | None, key: str | None, value: str) -> Any:
        return value if key is None else compact({**json.loads(template or "{}"), key: value})

    @functions.signature({"types": []})
    def _func_zipped(self, given: str | None) -> Any:
        if given is None:
            return None
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(zipfile.ZipInfo("index.py"), given)
        return packed.getvalue()

    @functions.signature({"types": []})
    def _func_decoded(self, given: str | None) -> Any:
        return None if given is None else base64.b64decode(given)

    @functions.signature({"types": []}, {"types": ["string"]})
    def _func_wanted(self, given: Any, words: str) -> Any:
        if not given:
            raise ServiceRefusal("InvalidParameterValueException", words)
        return given


_OPTIONS: Final = jmespath.Options(custom_functions=_Functions())


class Expression:
    """A JMESPath expression of the table.

    Attributes:
        source: as the table has it.
        names: the names that it takes from what it is evaluated on; what it takes of ``before`` is ``before.Name`` too.
        shown: the names of the object that it gives; none if it gives something else.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self._compiled = jmespath.compile(source)
        parsed = cast("dict[str, Any]", self._compiled.parsed)
        self.names = frozenset(_names(parsed))
        self.shown = frozenset(_shown(parsed))

    def of(self, given: JSONObject) -> JSONValue:
        """Return its value, without the members that are null."""
        return without_nulls(cast("JSONValue", self._compiled.search(given, options=_OPTIONS)))


def without_nulls(value: JSONValue) -> JSONValue:
    """Return a value without the members of objects that are null."""
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [without_nulls(inner) for inner in value] if isinstance(value, list) else value


_FROM_THE_FIRST: Final = frozenset(
    {"subexpression", "index_expression", "projection", "value_projection", "filter_projection", "flatten", "pipe"}
)
"""The kinds of node whose other parts speak of what the first one gives."""


_BEFORE: Final = {"type": "field", "children": [], "value": "before"}


def _shown(node: dict[str, Any]) -> Iterator[str]:
    """Yield the names of the object that a parsed expression gives."""
    if node["type"] == "multi_select_dict":
        yield from (member["value"] for member in node["children"])
    elif node["type"] in _FROM_THE_FIRST:
        yield from _shown(node["children"][-1])


def _names(node: dict[str, Any]) -> Iterator[str]:
    """Yield the names that a parsed expression takes from what it is evaluated on."""
    if node["type"] == "field":
        yield node["value"]
        return
    inner = node["children"]
    if node["type"] == "subexpression" and inner[0] == _BEFORE:
        yield f"before.{inner[1]['value']}"
    for child in inner[:1] if node["type"] in _FROM_THE_FIRST else inner:
        if isinstance(child, dict):
            yield from _names(child)
