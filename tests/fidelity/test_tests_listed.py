"""docs/fidelity-tests.md is what tools/write_fidelity.py makes of the tests."""

from __future__ import annotations

import runpy
from typing import Final

from files import ROOT

SCRIPT: Final = ROOT / "tools" / "write_fidelity.py"
PAGE: Final = ROOT / "docs" / "fidelity-tests.md"


def test_the_page_is_up_to_date() -> None:
    """The page has every marked test, with what it says of itself."""
    made = runpy.run_path(str(SCRIPT))["page"]()
    is_up_to_date = PAGE.read_text(encoding="utf-8") == made
    assert is_up_to_date, "docs/fidelity-tests.md isn't up to date: run python tools/write_fidelity.py"


def test_every_fact_has_its_tests_there() -> None:
    """The tool reads the same facts as the suite, each with at least one test."""
    tool = runpy.run_path(str(SCRIPT))
    facts, tests = list(tool["read_facts"]()), tool["read_tests"]()
    assert len(facts) > 100
    assert [fact.id for fact in facts if not tests.get(fact.id)] == []
