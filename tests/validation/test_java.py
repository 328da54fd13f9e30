"""What is owed to Java, recorded from Java 17: which texts its formats take, and in which order its hash maps are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypedDict, cast

import pytest

from pytest_cloudcontrol.schemas.validation import Validator

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue

Format: TypeAlias = Literal["date-time", "uri"]


class Texts(TypedDict):
    """The texts that Java takes for a format, and those that it doesn't."""

    accepted: list[str]
    refused: list[str]


class Order(TypedDict):
    """Some keys, and the order in which a hash map of them is iterated."""

    about: str
    keys: list[str]
    order: list[str]


FOLDER: Final = Path(__file__).parent

# Everything is allowed beyond ASCII but control characters, and what Character.isSpaceChar says is one.
LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BEYOND_ASCII: Final = "\xad\u200b\u2060\ufeff\ue000\uffff\U0001f600\U0010ffff"
NEVER: Final = "\x00\t\n\r\x1b \x7f\x80\x9f\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000" + '"<>\\^`{|}%'


def taken(name: Format, text: str) -> bool:
    """Tell whether a text has a format."""
    return Validator({"format": name}).violations(text) == []


@pytest.fixture(scope="module")
def formats() -> dict[Format, Texts]:
    """Return what Java says of many texts, by format.

    ``date-time`` was asked of the ``DateTimeFormatter`` of ``yyyy-MM-dd'T'HH:mm:ss``, an optional fraction of 1 to 9
    digits and ``XXX``; ``uri`` of ``new URI(text).getScheme() != null``.
    """
    return cast("dict[Format, Texts]", json.loads((FOLDER / "java_formats.json").read_text("ascii")))


@pytest.mark.parametrize("name", ["date-time", "uri"])
def test_accepted(name: Format, formats: dict[Format, Texts]) -> None:
    """Every text that Java takes is taken."""
    assert len(formats[name]["accepted"]) > 100
    assert [text for text in formats[name]["accepted"] if not taken(name, text)] == []


@pytest.mark.parametrize("name", ["date-time", "uri"])
def test_refused(name: Format, formats: dict[Format, Texts]) -> None:
    """Every text that Java refuses is refused."""
    assert len(formats[name]["refused"]) > 100
    assert [text for text in formats[name]["refused"] if taken(name, text)] == []


@pytest.mark.parametrize(
    ("uri", "marks"),
    [
        ("s{}:x", "+-."),
        ("s://h{}/", "!#$&'()*+,-./:;=?@_~"),
        ("s://h/p{}", "!#$&'()*+,-./:;=?@_~"),
        ("s://h/?q{}", "!#$&'()*+,-./:;=?@_~[]"),
        ("s:o{}", "!#$&'()*+,-./:;=?@_~[]"),
        ("s:/#f{}", "!$&'()*+,-./:;=?@_~[]"),
    ],
    ids=["scheme", "authority", "path", "query", "opaque", "fragment"],
)
def test_characters_of_a_uri(uri: str, marks: str) -> None:
    """Each part of a URI has letters, digits and marks of its own; all but the scheme have others beyond ASCII too."""
    expected = {*LETTERS, *marks, *(":" if uri.startswith("s{}") else BEYOND_ASCII)}
    asked = {*map(chr, range(128)), *BEYOND_ASCII, *NEVER}
    assert {character for character in asked if taken("uri", uri.replace("{}", character))} == expected


# Hash maps

RECORDED_ORDERS: Final[list[Order]] = json.loads((FOLDER / "java_hash_map_orders.json").read_text("ascii"))


@pytest.mark.parametrize("recorded", RECORDED_ORDERS, ids=lambda recorded: recorded["about"])
def test_order_of_a_hash_map(recorded: Order) -> None:
    """Extraneous keys stand in the order of Java's ``new HashMap<String, Object>()``, the keys put in one by one."""
    document: JSONObject = dict.fromkeys(recorded["keys"])
    expected = [f"#: extraneous key [{key}] is not permitted" for key in recorded["order"]]
    assert Validator({"additionalProperties": False}).violations(document) == expected


@pytest.mark.parametrize("recorded", RECORDED_ORDERS, ids=lambda recorded: recorded["about"])
def test_order_of_properties(recorded: Order) -> None:
    """Described properties stand in the order of a map of the schema's, however the document has them."""
    properties: JSONObject = {key: {"type": "string"} for key in recorded["keys"]}
    document: dict[str, JSONValue] = dict.fromkeys(reversed(recorded["keys"]), 1)
    found = Validator({"properties": properties}).violations(document)
    assert [line.removesuffix(": expected type: String, found: Integer") for line in found] == [
        "#/" + key.replace("~", "~0").replace("/", "~1") for key in recorded["order"]
    ]
