"""docs/fidelity-tests.md is what tools/write_fidelity.py makes of the tests."""

from __future__ import annotations

import runpy
from typing import Any, Final

import pytest
from files import ROOT

SCRIPT: Final = ROOT / "tools" / "write_fidelity.py"
PAGE: Final = ROOT / "docs" / "fidelity-tests.md"


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    """Return what the tool defines, and the page that it makes of the tests as they are."""
    defined = runpy.run_path(str(SCRIPT))
    return {**defined, "made": defined["page"]()}


def test_the_page_is_up_to_date(tool: dict[str, Any]) -> None:
    """The page has every marked test, with what it says of itself."""
    is_up_to_date = PAGE.read_text(encoding="utf-8") == tool["made"]
    assert is_up_to_date, "docs/fidelity-tests.md isn't up to date: run python tools/write_fidelity.py"


def test_every_fact_has_its_tests_there(tool: dict[str, Any]) -> None:
    """The tool reads the same facts as the suite, each with at least one test."""
    facts = list(tool["read_facts"]())
    assert len(facts) > 100
    assert [fact.id for fact in facts if f"\n| {fact.id} | [" not in tool["made"]] == []
