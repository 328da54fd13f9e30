"""Build the facts of the schema bundle: what recordings teach of the reads of AWS's resource types.

    python tools/build_recorded_facts.py recorded-reads.jsonl.gz --source "..." --licence Apache-2.0 --date 2026-08-11

Each line of a file is one recording, a JSON object (``pytest_cloudcontrol/schemas/recordings/recording.py``): ``type``,
``declared``, ``read``, and as far as they are known ``region``, ``identifier``, ``unknown``, ``trimmed`` and
``changed_behind``. The same recordings and the same schemas give the same bytes.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.schemas.catalog import bundled_schema
from pytest_cloudcontrol.schemas.recordings.lessons import facts_of
from pytest_cloudcontrol.schemas.recordings.recording import recordings_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_cloudcontrol.schemas.recordings.facts import Facts
    from pytest_cloudcontrol.schemas.recordings.recording import Recording

DATA: Final = Path(__file__).parents[1] / "pytest_cloudcontrol" / "schemas" / "data"


def facts_by_type(recordings: Iterable[Recording]) -> dict[str, Facts]:
    """Return what recordings teach, by the type."""
    by_type = defaultdict(list)
    for recording in recordings:
        by_type[recording.type_name].append(recording)
    schemas = {name: bundled_schema(name) for name in sorted(by_type)}
    found = {name: facts_of(schema, by_type[name]) for name, schema in schemas.items() if schema is not None}
    return {name: facts for name, facts in found.items() if facts is not None}


def written(facts: Mapping[str, Facts]) -> bytes:
    """Return the file: a line that says where each type's facts begin, and then a line for each."""
    lines = {
        name: (json.dumps(of_type, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
        for name, of_type in facts.items()
    }
    index, offset = {}, 0
    for name, line in lines.items():
        index[name] = (offset, len(line))
        offset += len(line)
    return b"".join([f"{_compact(index)}\n".encode(), *lines.values()])


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    """Build the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", type=Path, nargs="+", help="files of recordings")
    parser.add_argument("--source", help="where they come from, for SOURCE.json")
    parser.add_argument("--licence", help="under which licence")
    parser.add_argument("--date", help="the day of the newest")
    options = parser.parse_args()
    facts = facts_by_type(recording for path in options.recordings for recording in recordings_in(path))
    (DATA / "reads.jsonl").write_bytes(written(facts))
    if options.source:
        file = DATA / "SOURCE.json"
        source = json.loads(file.read_text(encoding="utf-8"))
        source["reads"] = {"source": options.source, "licence": options.licence, "date": options.date}
        file.write_text(json.dumps(source, indent=2) + "\n", encoding="utf-8")
    print(f"facts of {len(facts)} types, {(DATA / 'reads.jsonl').stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
