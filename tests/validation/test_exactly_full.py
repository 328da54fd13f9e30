"""Containers that are exactly full: one fewer, just as many, and one more than each keyword says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from refusals import hidden
from validation_rows import STRING, assert_lines

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject

LIMITS: Final = pytest.mark.parametrize("limit", [0, 1, 2, 5])
BESIDE: Final = pytest.mark.parametrize("beside", [-1, 0, 1])
KINDS: Final = pytest.mark.parametrize("kind", ["array", "object"])


def container(kind: str, count: int) -> Any:
    """Return an array or an object of so many different things."""
    return list(range(count)) if kind == "array" else {f"a{number}": number for number in range(count)}


KEYWORDS: Final = {"array": ("minItems", "maxItems"), "object": ("minProperties", "maxProperties")}
WORDS: Final = {
    "minItems": "#: expected minimum item count: {}, found: {}",
    "maxItems": "#: expected maximum item count: {}, found: {}",
    "minProperties": "#: minimum size: [{}], found: [{}]",
    "maxProperties": "#: maximum size: [{}], found: [{}]",
}


@KINDS
@LIMITS
@BESIDE
def test_least(kind: str, limit: int, beside: int) -> None:
    """A container may have just as many as the least number, and not one fewer."""
    count = max(limit + beside, 0)
    keyword, _ = KEYWORDS[kind]
    lines = [WORDS[keyword].format(limit, count)] if count < limit else []
    assert_lines({keyword: limit}, container(kind, count), lines)


@KINDS
@LIMITS
@BESIDE
def test_most(kind: str, limit: int, beside: int) -> None:
    """A container may have just as many as the greatest number, and not one more."""
    count = max(limit + beside, 0)
    _, keyword = KEYWORDS[kind]
    lines = [WORDS[keyword].format(limit, count)] if count > limit else []
    assert_lines({keyword: limit}, container(kind, count), lines)


@KINDS
@LIMITS
@BESIDE
def test_least_and_most_are_the_same(kind: str, limit: int, beside: int) -> None:
    """Where the two numbers are the same, a container has just so many."""
    count = max(limit + beside, 0)
    least, most = KEYWORDS[kind]
    keyword = least if count < limit else most
    lines = [WORDS[keyword].format(limit, count)] if count != limit else []
    assert_lines({least: limit, most: limit}, container(kind, count), lines)


OTHERS: Final[dict[str, JSONObject]] = {
    "whatever": {},
    "any": {"additionalItems": True},
    "none": {"additionalItems": False},
    "of a schema": {"additionalItems": {"type": "boolean"}},
}
FIRST: Final[dict[str, list[JSONObject]]] = {
    "none": [],
    "one": [STRING],
    "two": [STRING, {"type": "integer"}],
    "three": [STRING, {"type": "integer"}, STRING],
}


@pytest.mark.parametrize("others", OTHERS)
@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("beside", [-1, 0, 1, 2])
def test_items_one_by_one(others: str, first: str, beside: int) -> None:
    """Where each of the first items has its own schema, further ones are those after all of these."""
    schemas = FIRST[first]
    count = max(len(schemas) + beside, 0)
    values: list[Any] = ["a", 1, "b"][: len(schemas)]
    document = [*values, None, None][:count]
    further = range(len(schemas), count)
    lines: list[str] = []
    if others == "none" and further:
        lines = [hidden("items")]
    elif others == "of a schema":
        lines = [f"#/{index}: expected type: Boolean, found: Null" for index in further]
    assert_lines({"items": [*schemas], **OTHERS[others]}, document, lines)


@pytest.mark.parametrize("others", OTHERS)
@pytest.mark.parametrize("wrong", [0, 1, 2])
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_wrong_one_of_the_first_items(others: str, wrong: int, count: int) -> None:
    """Each of the first items is checked by its own schema, wherever the array ends."""
    kinds = ["String", "Integer", "String"]
    document: list[Any] = [*["a", 1, "b"], True][:count]
    lines = [hidden("items")] if others == "none" and count == 4 else []
    if wrong < count:
        document[wrong] = None
        lines.append(f"#/{wrong}: expected type: {kinds[wrong]}, found: Null")
    assert_lines({"items": [*FIRST["three"]], **OTHERS[others]}, document, lines)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
@pytest.mark.parametrize("wrong", [None, "first", "last"])
def test_every_item_of_one_schema(count: int, wrong: str | None) -> None:
    """Where all items have one schema, the first and the last of them count as well."""
    document: list[Any] = ["a"] * count
    lines = []
    if wrong and count:
        index = 0 if wrong == "first" else count - 1
        document[index] = 1
        lines = [f"#/{index}: expected type: String, found: Integer"]
    assert_lines({"items": STRING, "additionalItems": False}, document, lines)


@pytest.mark.parametrize("keyword", ["minLength", "maxLength"])
@pytest.mark.parametrize("limit", [0, 1, 3])
@BESIDE
@pytest.mark.parametrize("character", ["a", "é", "𝄞"])
def test_lengths_of_texts(keyword: str, limit: int, beside: int, character: str) -> None:
    """A text may have just the least and just the greatest length, in characters."""
    count = max(limit + beside, 0)
    broken = count < limit if keyword == "minLength" else count > limit
    lines = [f"#: expected {keyword}: {limit}, actual: {count}"] if broken else []
    assert_lines({keyword: limit}, character * count, lines)
