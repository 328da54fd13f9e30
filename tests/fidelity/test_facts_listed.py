"""docs/fidelity.md and the tests name the same facts, and the package's comments name facts that it lists."""

from __future__ import annotations

import ast
import re
import tokenize
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from files import ROOT

import pytest_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DOCUMENT: Final = ROOT / "docs" / "fidelity.md"
PACKAGE: Final = Path(pytest_cloudcontrol.__file__).parent

FACT_ID: Final = re.compile(r"[A-Z]-[1-9][0-9]*")
KINDS: Final = frozenset({"recorded", "documented", "relied on by clients", "choice"})

LEAST_NAMED_IN_CODE: Final = 100
"""How many facts the package's code names at least: far fewer, and they are looked for in a wrong way."""

_BETWEEN_STATEMENTS: Final = frozenset({tokenize.ENCODING, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})


class Fact(NamedTuple):
    """One row of a table of facts."""

    id: str
    sentence: str
    kinds: frozenset[str]
    source: str


class Mark(NamedTuple):
    """One ``pytest.mark.fidelity(...)``."""

    arguments: Sequence[object]
    where: str
    is_on_a_test: bool


@cache
def facts_listed() -> list[Fact]:
    """Return the facts of the document: the rows whose first cell is an id."""
    facts = []
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and FACT_ID.fullmatch(cells[0]):
            assert len(cells) == 4, f"expected | id | fact | evidence | source |, got: {line}"
            kinds = frozenset(kind.strip() for kind in cells[2].split(","))
            facts.append(Fact(cells[0], cells[1], kinds, cells[3]))
    return facts


@cache
def marks_set() -> list[Mark]:
    """Return every fidelity mark in the source of the tests, wherever it stands."""
    marks: list[Mark] = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "fidelity" not in text:
            continue  # to parse it would take a while, and find nothing
        tree = ast.parse(text, str(path))
        on_tests = {id(call) for decorator in _decorators_of_tests(tree) for call in _marks_in(decorator)}
        for call in _marks_in(tree):
            arguments = [argument.value if isinstance(argument, ast.Constant) else None for argument in call.args]
            marks.append(Mark(arguments, f"{path.name}:{call.lineno}", id(call) in on_tests))
    return marks


def facts_named_in_code() -> Iterator[tuple[str, str]]:
    """Yield every id in a comment or docstring of the package, and where it stands."""
    prefixes = {fact.id.partition("-")[0] for fact in facts_listed()}
    fact_id = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(prefixes))})-[0-9]+(?![\w-])")
    for path in sorted(PACKAGE.rglob("*.py")):
        for token in _comments_and_docstrings(path):
            for found in fact_id.finditer(token.string):
                line = token.start[0] + token.string.count("\n", 0, found.start())
                yield found[0], f"{path.relative_to(PACKAGE)}:{line}"


def _comments_and_docstrings(path: Path) -> Iterator[tokenize.TokenInfo]:
    """Yield the comments of a file, and the strings that are statements of their own."""
    before = tokenize.ENCODING
    with path.open("rb") as source:
        for token in tokenize.tokenize(source.readline):
            is_docstring = token.type == tokenize.STRING and before in _BETWEEN_STATEMENTS
            if token.type == tokenize.COMMENT or is_docstring:
                yield token
            if token.type not in (tokenize.COMMENT, tokenize.NL):
                before = token.type


def _decorators_of_tests(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")) or (
            isinstance(node, ast.ClassDef) and node.name.startswith("Test")
        ):
            yield from node.decorator_list


def _marks_in(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fidelity":
            yield node


def test_every_listed_fact_has_a_test() -> None:
    """Each id in the document is the mark of at least one test."""
    marked = {argument for mark in marks_set() for argument in mark.arguments}
    assert [fact.id for fact in facts_listed() if fact.id not in marked] == []


def test_every_marked_fact_is_listed() -> None:
    """Each mark names an id of the document."""
    listed = {fact.id for fact in facts_listed()}
    assert [mark for mark in marks_set() if not listed.issuperset(mark.arguments)] == []


def test_every_mark_is_on_a_test_and_names_one_fact() -> None:
    """A mark has one id, written out, and decorates a test that pytest collects."""
    wrong = [
        mark
        for mark in marks_set()
        if not mark.is_on_a_test
        or len(mark.arguments) != 1
        or not isinstance(mark.arguments[0], str)
        or not FACT_ID.fullmatch(mark.arguments[0])
    ]
    assert wrong == []


def test_every_fact_named_in_code_is_listed() -> None:
    """Each id in a comment or docstring of the package is one of the document."""
    listed = {fact.id for fact in facts_listed()}
    named = list(facts_named_in_code())
    assert [(fact_id, where) for fact_id, where in named if fact_id not in listed] == []
    assert len({fact_id for fact_id, _ in named}) >= LEAST_NAMED_IN_CODE


def test_ids_are_unique() -> None:
    """No id stands for two facts."""
    counts = Counter(fact.id for fact in facts_listed())
    assert counts, "the document lists no facts"
    assert [fact_id for fact_id, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("fact", facts_listed(), ids=lambda fact: fact.id)
def test_a_fact_has_a_sentence_evidence_and_a_source(fact: Fact) -> None:
    """Each row says the fact in a sentence, which kinds of evidence there are, and where it is from."""
    assert fact.sentence.endswith((".", ".`"))
    assert fact.kinds
    assert fact.kinds <= KINDS
    assert fact.source
