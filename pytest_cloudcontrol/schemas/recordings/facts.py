"""Facts: what is known of the reads of a type, as plain data, and where the bundled ones are kept.

They are a tree along the properties of the type. Each part of it says of one object, or of each item of a list:

- ``shown``: members that are shown although nobody declared them, with what they show;
- ``hidden``: members that aren't shown although the schema alone would have them shown, or the caller declared them;
- ``otherwise``: declared members that are shown in another form;
- ``filled``: lists that are shown with further items than were declared;
- ``inside``: the parts of members that were declared, or are shown as an object or list that is empty so far.

What is shown may hang on what was declared, so it is a list of cases, of which the first that fits counts.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias, TypedDict

from pytest_cloudcontrol.documents import JSONValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_cloudcontrol.documents import JSONObject

_FILE: Final = Path(__file__).parents[1] / "data" / "reads.jsonl"

Condition: TypeAlias = "list[JSONValue] | None"
"""When a case fits: ``["has", where]``, ``["lacks", where]``, ``["is", where, values]`` or ``["all", condition, …]``;
None always.

Where is the name of a member beside it, or a pointer such as ``/Engine`` into all that was declared; the values are
JSON texts.
"""

Case: TypeAlias = tuple[Condition, JSONValue]
"""A condition, and what is shown then: a value, in which texts may be forms (forms.py); or None for nothing."""


class Filled(TypedDict):
    """A declared list that is shown with further items.

    Attributes:
        by: the members of an item that tell it from others.
        items: the further items, each with its cases, unless one of the same ``by`` was declared.
    """

    by: list[str]
    items: list[list[Case]]


class Part(TypedDict, total=False):
    """What is known of one object, or of each item of a list; see the module."""

    shown: dict[str, list[Case]]
    hidden: dict[str, Condition]
    otherwise: dict[str, JSONObject]
    filled: dict[str, Filled]
    inside: dict[str, Part]


class Facts(TypedDict):
    """What is known of the reads of a type.

    Attributes:
        reads: how many complete recordings it was learnt from.
        root: what is known of its properties.
    """

    reads: int
    root: Part


def merged(first: Facts, further: Facts) -> Facts:
    """Return what is known of a type by two sets of facts; where both know something of a member, the first counts."""
    return {"reads": first["reads"] + further["reads"], "root": _merged_part(first["root"], further["root"])}


def _merged_part(first: Part, further: Part) -> Part:
    inside, also = first.get("inside", {}), further.get("inside", {})
    names = first.get("shown", {}).keys() | first.get("hidden", {}).keys()
    shown = {name: cases for name, cases in further.get("shown", {}).items() if name not in names}
    hidden = {name: condition for name, condition in further.get("hidden", {}).items() if name not in names}
    return {
        "shown": {**shown, **first.get("shown", {})},
        "hidden": {**hidden, **first.get("hidden", {})},
        "otherwise": {**further.get("otherwise", {}), **first.get("otherwise", {})},
        "filled": {**further.get("filled", {}), **first.get("filled", {})},
        "inside": {
            name: _merged_part(inside.get(name, {}), also.get(name, {})) for name in inside.keys() | also.keys()
        },
    }


@functools.cache
def _index() -> Mapping[str, tuple[int, int]]:
    """Return where the facts of each type stand in the file: the first byte, and how many."""
    with _FILE.open("rb") as lines:
        index = json.loads(lines.readline())
        start = lines.tell()
    return {name: (start + offset, length) for name, (offset, length) in index.items()}


@functools.lru_cache(512)
def bundled_facts(type_name: str) -> Facts | None:
    """Return what the bundle knows of the reads of a type; None if no recording of it went in."""
    place = _index().get(type_name)
    if place is None:
        return None
    with _FILE.open("rb") as lines:
        lines.seek(place[0])
        facts: Facts = json.loads(lines.read(place[1]))
    return facts


def bundled_types() -> tuple[str, ...]:
    """Return the types of whose reads the bundle knows something."""
    return tuple(_index())
