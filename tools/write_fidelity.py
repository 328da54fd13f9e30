"""Write docs/fidelity-tests.md: for each fact of docs/fidelity.md the tests that show it, and what each says of itself.

The page is made from the sources of the tests: from the marks ``@pytest.mark.fidelity("W-1")``, the first sentence of
each docstring, and a few constants. No test is imported or run::

    python tools/write_fidelity.py

A test of the suite fails when the page isn't what this makes.
"""

from __future__ import annotations

import ast
import json
import re
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT: Final = Path(__file__).parents[1]
TESTS: Final = ROOT / "tests"
FACTS: Final = ROOT / "docs" / "fidelity.md"
PAGE: Final = ROOT / "docs" / "fidelity-tests.md"
JUDGED: Final = TESTS / "validation" / "test_judged_by_java.py"
EVERY_TYPE: Final = TESTS / "generation" / "test_every_type.py"
TYPES: Final = ROOT / "pytest_cloudcontrol" / "schemas" / "data" / "types.jsonl"

INTRODUCTION: Final = """\
<!-- Written by tools/write_fidelity.py from the tests; changes belong there. -->

# Fidelity: the tests that show each fact

For each fact of [Fidelity](fidelity.md) the tests that are marked with its id, and what each says of itself. This page
is made from the tests by `python tools/write_fidelity.py`, and a test compares the two.
"""

REFUSED: Final = """\
The types of which AWS was recorded to show what their own schemas refuse, so that every update is refused (G-11):"""

NOT_SHOWN: Final = """\
The types of which GetResource shows no valid model, because their schemas require what is write-only, by itself or as
one of several alternatives, all of which are named:"""

_HEADING: Final = re.compile(r"## (.+)")
_ROW: Final = re.compile(r"\| ([A-Z]-[1-9][0-9]*) \| .+ \| ([^|]+) \| [^|]+ \|")


class Fact(NamedTuple):
    """A row of docs/fidelity.md.

    Attributes:
        id: such as ``W-1``.
        section: the heading it stands under.
        evidence: the kinds of evidence for it.
    """

    id: str
    section: str
    evidence: Sequence[str]


class Test(NamedTuple):
    """A test that is marked with a fact's id.

    Attributes:
        path: its file, relative to the project's folder.
        name: its function.
        sentence: the first sentence of its docstring.
    """

    path: str
    name: str
    sentence: str


def read_facts() -> Iterator[Fact]:
    """Yield the facts in the document's order."""
    section = ""
    for line in FACTS.read_text(encoding="utf-8").splitlines():
        if heading := _HEADING.fullmatch(line):
            section = heading[1]
        elif row := _ROW.fullmatch(line):
            yield Fact(row[1], section, [kind.strip() for kind in row[2].split(",")])


def read_tests() -> Mapping[str, Sequence[Test]]:
    """Return the tests of each fact, in the order of the files and of the functions in them."""
    tests = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for fact_id in _facts_of(node):
                    sentence = (ast.get_docstring(node) or "").partition("\n\n")[0].replace("\n", " ")
                    tests[fact_id].append(Test(path.relative_to(ROOT).as_posix(), node.name, sentence))
    return tests


def _facts_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.fidelity":
            yield ast.literal_eval(decorator.args[0])


def page() -> str:
    """Return the text of the page."""
    facts, tests = list(read_facts()), read_tests()
    return "\n".join([INTRODUCTION, *_figures(facts, tests), *_sections(facts, tests)]) + "\n"


def _figures(facts: Sequence[Fact], tests: Mapping[str, Sequence[Test]]) -> Iterator[str]:
    kinds = Counter(kind for fact in facts for kind in fact.evidence)
    number = len({(test.path, test.name) for each in tests.values() for test in each})
    judged = constants(JUDGED)
    of_types = [set(json.loads(line).get("handlers", ())) for line in TYPES.read_text(encoding="utf-8").splitlines()]
    tried = sum({"create", "read"} <= handlers for handlers in of_types)
    every_type = constants(EVERY_TYPE)
    refused = cast("Mapping[str, Sequence[str]]", every_type["REFUSED_AS_RECORDED"])
    not_shown = cast("Mapping[str, Sequence[str]]", every_type["REQUIRED_BUT_NOT_SHOWN"])
    yield "## Figures\n"
    yield "| what | how many |\n| --- | --- |"
    yield f"| facts | {len(facts)} |"
    yield from (f"| facts with evidence of the kind *{kind}* | {count} |" for kind, count in kinds.most_common())
    yield f"| tests of facts | {number} |"
    yield f"| documents judged by the Java library (V-8) | {judged['NUMBER_OF_CASES']} |"
    yield f"| those of them that it refuses | {judged['NUMBER_OF_INVALID']} |"
    yield f"| documents on which the verdicts must agree | {judged['NUMBER_OF_CASES']} |"
    yield f"| documents on which the texts must agree, byte for byte | {judged['LEAST_EQUAL']} |"
    yield f"| resource types | {len(of_types)} |"
    yield f"| resource types with create and read handlers | {tried} |"
    yield f"| those whose least desired state makes a valid resource (G-4) | {tried - len(refused)} |"
    yield f"| those of which GetResource shows a valid model (G-4) | {tried - len(refused) - len(not_shown)} |"
    yield f"\n{REFUSED}\n\n| type | what its schema refuses |\n| --- | --- |"
    yield from (
        f"| `{type_name}` | {', '.join(f'`{line}`' for line in lines)} |" for type_name, lines in refused.items()
    )
    yield f"\n{NOT_SHOWN}\n\n| type | what validation misses |\n| --- | --- |"
    yield from (f"| `{type_name}` | {', '.join(names)} |" for type_name, names in not_shown.items())


def constants(path: Path) -> Mapping[str, object]:
    """Return the values of a file's constants that are written out, such as ``NUMBER_OF_CASES: Final = 900``."""
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8"), str(path)).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            with suppress(ValueError):  # a call or the like
                found[node.target.id] = ast.literal_eval(node.value)
    return found


def _sections(facts: Sequence[Fact], tests: Mapping[str, Sequence[Test]]) -> Iterator[str]:
    for section in dict.fromkeys(fact.section for fact in facts):
        yield f"\n## {section}\n\n| fact | test | what it says |\n| --- | --- | --- |"
        for fact in facts:
            if fact.section == section:
                yield from (_row(fact, test) for test in tests.get(fact.id, ()))


def _row(fact: Fact, test: Test) -> str:
    name = test.name.removeprefix("test_").replace("_", " ")
    sentence = test.sentence.replace("``", "`").replace("|", r"\|")
    return f"| {fact.id} | [{name}](../{test.path}) | {sentence} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} is written")
