"""What the Java library says, recorded: 900 documents, each judged by everit-org/json-schema 1.14.1.

``everit_cases.jsonl.gz`` has a JSON object a line: ``type``, the resource type by whose schema, as AWS publishes it,
the document was judged; ``state``, the document; ``valid``, the verdict; and, where that is false, ``message``: the
lines of what is wrong as AWS shows them, joined by newlines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest
from files import judged_by_java

from pytest_cloudcontrol.schemas.catalog import Catalog

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject

NUMBER_OF_CASES: Final = 900
NUMBER_OF_INVALID: Final = 577

# The Java library sorts the branches of combinations by its own hash codes: that is the order of the other lines.
LEAST_EQUAL: Final = 894


@dataclass(frozen=True)
class Case:
    """One document and its two judgements; pytest shows it when they differ.

    Attributes:
        type_name: the resource type.
        state: the document.
        expected: the lines of the Java library; none when it finds the document valid.
        found: the lines of the plugin.
    """

    type_name: str
    state: JSONObject
    expected: list[str]
    found: list[str]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Judge every recorded document."""
    catalog = Catalog()

    def judged(record: dict[str, Any]) -> Case:
        resource_type = catalog.find(record["type"])
        assert resource_type is not None, record["type"]
        expected = [] if record["valid"] else record["message"].split("\n")
        return Case(record["type"], record["state"], expected, resource_type.validator.violations(record["state"]))

    return [judged(record) for record in judged_by_java()]


def test_all_cases_are_there(cases: list[Case]) -> None:
    """All the documents were read, valid and invalid ones."""
    assert len(cases) == NUMBER_OF_CASES
    assert sum(bool(case.expected) for case in cases) == NUMBER_OF_INVALID


@pytest.mark.fidelity("V-8")
def test_verdicts(cases: list[Case]) -> None:
    """Every document that the Java library takes is valid, and every other isn't."""
    assert [case for case in cases if bool(case.expected) != bool(case.found)] == []


@pytest.mark.fidelity("V-8")
def test_lines(cases: list[Case]) -> None:
    """Every document has the Java library's lines, and as often."""
    assert [case for case in cases if sorted(case.expected) != sorted(case.found)] == []


@pytest.mark.fidelity("V-8")
def test_texts(cases: list[Case]) -> None:
    """All but a few texts are equal byte for byte."""
    assert sum(case.expected == case.found for case in cases) >= LEAST_EQUAL
