"""Rows of the tables of the words: a schema, a document, and the document's lines."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Final, TypeAlias

import pytest

from pytest_cloudcontrol.schemas.validation import Validator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.documents import JSONObject, JSONValue

STRING: Final[JSONObject] = {"type": "string"}

Row: TypeAlias = "tuple[str, JSONObject, JSONValue, list[str]]"
"""What the row shows, the schema, the document, the lines."""


def table(rows: Sequence[Row]) -> pytest.MarkDecorator:
    """Return the mark that runs a test for each row, under what the row shows."""
    names = ("schema", "document", "lines")
    return pytest.mark.parametrize(names, [row[1:] for row in rows], ids=[row[0] for row in rows])


def assert_lines(schema: JSONObject, document: JSONValue, lines: list[str]) -> None:
    """Assert that a document has just these lines, and that both it and the schema stay as they are."""
    before = copy.deepcopy((schema, document))
    assert Validator(schema).violations(document) == lines
    assert (schema, document) == before
