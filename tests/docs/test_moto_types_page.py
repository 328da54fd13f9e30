"""docs/moto-types.md is what a run over the table makes of it."""

from __future__ import annotations

import runpy

import pytest
from files import ROOT


@pytest.mark.slow
def test_the_page_is_what_a_run_makes() -> None:
    """The page is up to date: python tools/write_moto_types.py writes it."""
    made = runpy.run_path(str(ROOT / "tools" / "write_moto_types.py"))["page"]()

    assert (ROOT / "docs" / "moto-types.md").read_text(encoding="utf-8") == made
