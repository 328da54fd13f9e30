"""Declared values that AWS shows in another form: the ways there are, and which of them explains what was recorded."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import compact, parse, same
from pytest_cloudcontrol.schemas.validation.java import hash_map_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pytest_cloudcontrol.documents import JSONObject, JSONValue

    Pair = tuple[JSONValue, JSONValue]

_ARN_PARTS: Final = re.compile("[:/]")


def _lower(value: JSONValue) -> JSONValue:
    return value.lower() if isinstance(value, str) else value


def _upper(value: JSONValue) -> JSONValue:
    return value.upper() if isinstance(value, str) else value


def _lower_items(value: JSONValue) -> JSONValue:
    return [_lower(item) for item in value] if isinstance(value, list) else value


def _label_of_arn(value: JSONValue) -> JSONValue:
    is_arn = isinstance(value, str) and value.startswith("arn:")
    return _ARN_PARTS.split(value)[-1] if is_arn and isinstance(value, str) else value


def _as_text(value: JSONValue) -> JSONValue:
    return value if isinstance(value, str | dict | list) else compact(value)


def _only_item(value: JSONValue) -> JSONValue:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _final_dot(value: JSONValue) -> JSONValue:
    return f"{value}." if isinstance(value, str) and not value.endswith(".") else value


def _compact_text(value: JSONValue) -> JSONValue:
    return value if isinstance(value, str) else compact(value)


def _indented_text(value: JSONValue) -> JSONValue:
    return value if isinstance(value, str) else _as_java_indents(value, "")


def _as_java_indents(value: JSONValue, indent: str) -> str:
    """Return a JSON text as Java's Jackson library writes it for readers: a line for each member, arrays in one."""
    if isinstance(value, dict) and value:
        inside = f"{indent}  "
        lines = [f"{inside}{compact(name)} : {_as_java_indents(value[name], inside)}" for name in hash_map_order(value)]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and value:
        return f"[ {', '.join(_as_java_indents(item, indent) for item in value)} ]"
    return {"{}": "{ }", "[]": "[ ]"}.get(compact(value), compact(value))


def _spaced_text(value: JSONValue) -> JSONValue:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _stripped(value: JSONValue) -> JSONValue:
    return value.strip() if isinstance(value, str) else value


def _account_root(value: JSONValue) -> JSONValue:
    is_account = isinstance(value, str) and re.fullmatch("[0-9]{12}", value)
    return f"arn:aws:iam::{value}:root" if is_account else value


WAYS: Final[dict[str, Callable[[JSONValue], JSONValue]]] = {
    "lower": _lower,
    "upper": _upper,
    "lower items": _lower_items,
    "label of its Arn": _label_of_arn,
    "as text": _as_text,
    "only item": _only_item,
    "final dot": _final_dot,
    "stripped": _stripped,
    "root of the account": _account_root,
    "JSON text": _compact_text,
    "JSON text with spaces": _spaced_text,
    "indented JSON text": _indented_text,
}
"""The ways in which declared values are written anew, by what a fact calls them; each leaves others as they are."""


def way_of(pairs: Sequence[Pair]) -> JSONObject | None:
    """Return how declared values are shown otherwise, given some with what was shown; None if they aren't, or oddly.

    It is one of the ways above, or an Arn around a name, or else other words for just these.
    """
    if all(same(declared, shown) for declared, shown in pairs):
        return None
    for name, way in WAYS.items():
        if all(same(way(declared), shown) for declared, shown in pairs):
            return {"way": name}
    if all(_are_the_same_json(declared, shown) for declared, shown in pairs):
        return {"way": "JSON text"}
    prefix = _common_prefix(pairs)
    if prefix is not None:
        return {"before": prefix}
    return _other_words(pairs)


def shown_otherwise(how: JSONObject, value: JSONValue, fill: Callable[[str], str]) -> JSONValue:
    """Return how a declared value is shown.

    Args:
        how: what ``way_of`` has returned.
        value: the declared value.
        fill: returns the text of a form.
    """
    if "way" in how:
        return WAYS[str(how["way"])](value)
    if "before" in how:
        is_name = isinstance(value, str) and not value.startswith("arn:")
        return fill(str(how["before"])) + str(value) if is_name else value
    words = how["words"]
    if isinstance(words, dict):
        return words.get(compact(value), value)
    return value


def _are_the_same_json(declared: JSONValue, shown: JSONValue) -> bool:
    """Whether a declared object is shown as a text of it, however that is laid out."""
    if isinstance(declared, str) or not isinstance(shown, str):
        return same(declared, shown)
    try:
        return same(parse(shown), declared)
    except ValueError:
        return False


def _common_prefix(pairs: Iterable[Pair]) -> str | None:
    """Return the form of what stands before a declared name in its Arn, if that is the same for all names."""
    prefixes = set()
    for declared, shown in pairs:
        if same(declared, shown):
            continue
        if not (isinstance(declared, str) and declared and isinstance(shown, str) and shown.startswith("arn:")):
            return None
        if not shown.endswith(declared):
            return None
        prefix = shown.removesuffix(declared)
        prefixes.add(re.sub(r"^arn:aws:(\w+):[^:]*:(\d*):", _with_variables, prefix))
    return prefixes.pop() if len(prefixes) == 1 else None


def _with_variables(found: re.Match[str]) -> str:
    region = "" if f":{found[1]}::" in found[0] else "${Region}"
    return f"arn:${{Partition}}:{found[1]}:{region}:{'${Account}' if found[2] else ''}:"


def _other_words(pairs: Iterable[Pair]) -> JSONObject | None:
    words: JSONObject = {}
    for declared, shown in pairs:
        key = compact(declared)
        if len(key) > _LONGEST_WORD or len(compact(shown)) > _LONGEST_SHOWN:
            return None
        if key in words and not same(words[key], shown):
            return None
        words[key] = shown
    words = {key: shown for key, shown in words.items() if key != compact(shown)}
    return {"words": words} if words else None


_LONGEST_WORD: Final = 60
_LONGEST_SHOWN: Final = 400
