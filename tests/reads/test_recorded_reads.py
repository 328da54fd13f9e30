"""The recorded reads: what the bundle was taught by them, and how near the mock comes to each."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any, Final

import pytest
from files import ROOT, json_object

import pytest_cloudcontrol.schemas

RECORDINGS: Final = ROOT / "tests" / "reads" / "recorded_reads.jsonl.gz"
DATA: Final = Path(pytest_cloudcontrol.schemas.__file__).with_name("data")


def tool(name: str) -> dict[str, Any]:
    """Return what a tool defines."""
    return runpy.run_path(str(ROOT / "tools" / f"{name}.py"))


@pytest.mark.slow
def test_the_bundle_has_what_the_recordings_teach() -> None:
    """The bundle's facts are those that its builder makes of the recordings, byte for byte."""
    build = tool("build_recorded_facts")
    facts = build["facts_by_type"](build["recordings_in"](RECORDINGS))
    is_up_to_date = build["written"](facts) == (DATA / "reads.jsonl").read_bytes()
    assert is_up_to_date, "the bundle's reads.jsonl isn't up to date: run tools/build_recorded_facts.py"


@pytest.mark.slow
@pytest.mark.fidelity("G-8")
def test_what_is_shown_is_what_was_recorded() -> None:
    """Nearly all that AWS showed is shown, hardly anything else, and values that can be told are AWS's."""
    checker = tool("check_reads")
    tallies = checker["check"](checker["recordings_in"](RECORDINGS))
    total = checker["together"](tallies.values())
    assert total.shown / total.theirs >= 0.98
    assert total.shown / total.ours >= 0.99
    assert total.right / total.told >= 0.99
    is_up_to_date = (ROOT / "docs" / "reads.md").read_text(encoding="utf-8") == checker["page"](tallies)
    assert is_up_to_date, "docs/reads.md isn't up to date: run tools/check_reads.py with --page docs/reads.md"


def test_the_bundle_says_where_the_recordings_come_from() -> None:
    """Source, licence and date of the recordings are noted beside those of the schemas."""
    assert json_object(DATA / "SOURCE.json")["reads"] == {
        "source": "cdk-real-drift@c00ed982, Cloud Custodian, LocalStack",
        "licence": "Apache-2.0",
        "date": "2026-08-11",
    }


def test_index_and_facts_agree() -> None:
    """The file's first line leads to the facts of each type, in order and without a gap."""
    first, *lines = (DATA / "reads.jsonl").read_bytes().splitlines(keepends=True)
    index = json.loads(first)
    assert list(index) == sorted(index)
    assert [length for _, length in index.values()] == [len(line) for line in lines]
    assert [offset for offset, _ in index.values()] == [sum(map(len, lines[:number])) for number in range(len(lines))]
