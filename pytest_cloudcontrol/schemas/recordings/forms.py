"""Forms: texts of recordings with what differs from resource to resource left open.

A form begins with ``=``; ``${Name}`` in it is what is known of the resource, and ``<…>`` is anything that the pattern
takes (generation/known.py). ``=`` alone is whatever the mock makes up for such a property, and so is ``${MadeUp}`` in
front of an ending. A text that itself begins with ``=`` has another before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_cloudcontrol.documents import JSONValue, PropertyPath

MADE_UP: Final = "="
"""The form of what is made up without a form of its own."""

NOW: Final = "=${Seconds}"
"""The form of a moment that is shown as a number of seconds."""

ACCOUNT: Final = "123456789012"
"""The account that stands in recordings for every other."""

_LEAST_NAME: Final = 4
_LATE: Final = 1_000_000_000

_ONLY_AWS_KNOWS: Final = re.compile(
    r"(?i:arn:)|https?://|\.amazonaws\.|\.aws\b|\.cloudfront\.net|123456789012|\b(?:us|eu|ap)-[a-z]+-\d"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-|\d{4}-\d\d-\d\d|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-f]{10,}\b|\b[A-Z]{2,4}\d?-[A-Z0-9]{4,}"
    r"|(?:mon|tue|wed|thu|fri|sat|sun):\d\d:\d\d|^\d\d:\d\d-\d\d:\d\d$|BEGIN CERT|^[A-Za-z0-9+/]{40,}=*$|^\d{9,}"
    r"|\b(?:use|usw|apne)\d-az\d|[Dd]emo(?:x|-?exam|Exam|apps|Apps)"
)
_MIXED: Final = re.compile(r"(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{9,}")
_SHORT_ID: Final = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{5,10}")
_OF_SHORT_IDS: Final = ("Id", "CacheNamespace")
_DATED: Final = re.compile("time|date|timestamp|created|modified|updated|expir", re.IGNORECASE)
_MOMENT: Final = re.compile(r"^(?:\d{4}-\d\d-\d\d|\d{9,}(?:\.\d+)?$)|^[A-Z][a-z]{2} [A-Z][a-z]{2} ")
_NAMED_BY_OTHERS: Final = re.compile(r"[Dd]emo(?:x|-?exam|Exam|apps|Apps)")
_RANDOM: Final = re.compile(
    r"(?P<uuid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|(?P<digits>\d{9,})|(?P<hex>[0-9a-f]{8,})"
    r"|(?P<mixed>(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{6,})"
)
_ENDING: Final = re.compile(r"(?<=\w)\.[a-z]{3,5}$")
_NAMES: Final = ("Name", "Id", "Identifier")
_IN_FORM: Final = re.compile(r"\$\{(\w+)\}")


class Known(NamedTuple):
    """What a recording's texts may speak of.

    Attributes:
        texts: the name of each property whose text others may have in them, by that text.
        region: where it was recorded.
    """

    texts: Mapping[str, str]
    region: str


def only_aws_knows(value: JSONValue, name: str) -> bool:
    """Whether a value that nobody declared is another one for every resource."""
    if isinstance(value, dict):
        return any(only_aws_knows(item, key) for key, item in value.items())
    if isinstance(value, list):
        return any(only_aws_knows(item, name) for item in value)
    if isinstance(value, str):
        is_short_id = name.endswith(_OF_SHORT_IDS) and _SHORT_ID.fullmatch(value)
        return bool(is_short_id or _ONLY_AWS_KNOWS.search(value) or _MIXED.search(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return value > _LATE and bool(_DATED.search(name))


def form_of(value: JSONValue, name: str, known: Known) -> JSONValue:
    """Return a recorded value with what differs from resource to resource left open."""
    if isinstance(value, dict):
        return {key: form_of(item, key, known) for key, item in value.items()}
    if isinstance(value, list):
        return [form_of(item, name, known) for item in value]
    if isinstance(value, str):
        return _form_of_text(value, name, known)
    return NOW if only_aws_knows(value, name) else value


def _form_of_text(text: str, name: str, known: Known) -> str:
    if not only_aws_knows(text, name):
        return f"={text}" if text.startswith("=") else text
    other = known.texts.get(text)
    if other is not None and other != name:
        return f"=${{{other}}}"
    if _MOMENT.search(text):
        return MADE_UP
    form, rest, unknown = "", text, ""
    while rest:
        piece, after = _first_piece(rest, name, known)
        unknown += "" if piece.startswith("${") else rest.removesuffix(after)
        form, rest = form + piece, after
    if not _NAMED_BY_OTHERS.search(unknown) and "|" not in form:
        return f"={form}"
    ending = _ENDING.search(text)  # such as that of a queue's name which must end so
    return f"=${{MadeUp}}{ending[0]}" if ending and ":" not in text else MADE_UP


def _first_piece(text: str, name: str, known: Known) -> tuple[str, str]:
    """Return the form of what a text begins with, and the rest of it."""
    fixed = {
        "arn:aws:": "arn:${Partition}:",
        ACCOUNT: "${Account}",
        known.region: "${Region}",
        "amazonaws.com": "${Domain}",
    }
    names = {piece: f"${{{other}}}" for piece, other in known.texts.items() if other != name}
    for piece in sorted([*fixed, *names], key=len, reverse=True):
        if text.startswith(piece):
            return fixed.get(piece) or names[piece], text[len(piece) :]
    found = _RANDOM.match(text)
    if found is not None:
        return _random(found), text[found.end() :]
    return ("_" if text[0] in "<>$" else text[0]), text[1:]


def _random(found: re.Match[str]) -> str:
    text = found[0]
    match found.lastgroup:
        case "uuid":
            return "${Uuid}"
        case "digits":
            return f"<[1-9][0-9]{{{len(text) - 1}}}>"
        case "hex":
            return f"<[0-9a-f]{{{len(text)}}}>"
        case _:
            letters = ("A-Z" if any(map(str.isupper, text)) else "") + ("a-z" if any(map(str.islower, text)) else "")
            return f"<[0-9{letters}]{{{len(text)}}}>"


def names_in(form: JSONValue) -> set[str]:
    """Return the names of the properties that a form speaks of."""
    if isinstance(form, dict):
        return set().union(*map(names_in, form.values()))
    if isinstance(form, list):
        return set().union(*map(names_in, form))
    return set(_IN_FORM.findall(form)) if isinstance(form, str) and form.startswith("=") else set()


def has_forms(value: JSONValue) -> bool:
    """Whether a value, or something in it, is a text that stands for another."""
    if isinstance(value, dict):
        return any(map(has_forms, value.values()))
    if isinstance(value, list):
        return any(map(has_forms, value))
    return isinstance(value, str) and value.startswith("=")


def is_open(form: str) -> bool:
    """Whether two values of a form, without its first sign, would differ though everything that is known were alike."""
    return not form or "<" in form or "${Uuid}" in form or "${MadeUp}" in form or f"={form}" == NOW


def filled(form: JSONValue, path: PropertyPath, fill: Callable[[str, PropertyPath], JSONValue]) -> JSONValue:
    """Return a value of a form.

    Args:
        form: the form.
        path: the property that has the value.
        fill: returns a value for a form without its first sign, and the path of the property that has it.
    """
    if isinstance(form, dict):
        return {name: filled(item, (*path, name), fill) for name, item in form.items()}
    if isinstance(form, list):
        return [filled(item, (*path, "*"), fill) for item in form]
    if isinstance(form, str) and form.startswith("="):
        return form[1:] if form.startswith("==") else fill(form[1:], path)
    return form


def literal(value: JSONValue, region: str) -> JSONValue:
    """Return the form of a value that is the same for every resource: only the account and the region are left open."""
    if isinstance(value, dict):
        return {key: literal(item, region) for key, item in value.items()}
    if isinstance(value, list):
        return [literal(item, region) for item in value]
    if isinstance(value, str) and (ACCOUNT in value or region in value or value.startswith("arn:aws:")):
        opened = value.replace(ACCOUNT, "${Account}").replace(region, "${Region}")
        return "=" + opened.replace("arn:aws:", "arn:${Partition}:")
    return f"={value}" if isinstance(value, str) and value.startswith("=") else value


def texts_known(declared: JSONValue, read: JSONValue) -> dict[str, str]:
    """Return the properties whose texts others may have in them, by their texts: names that were given or made up.

    Of properties that have the same text the one that was declared counts, else the first in the alphabet.
    """
    declared = declared if isinstance(declared, dict) else {}
    read = read if isinstance(read, dict) else {}
    known: dict[str, str] = {}
    for name in sorted(read, key=lambda name: (name not in declared, name)):
        value = read[name]
        if not isinstance(value, str) or len(value) < _LEAST_NAME or _MOMENT.search(value):
            continue
        if only_aws_knows(value, name) or name.endswith(_NAMES):
            known.setdefault(value, name)
    return known
