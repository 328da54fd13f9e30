"""The rooms of the house: imports go only downwards, and what a room must not know it doesn't import.

A module's imports count wherever they stand: at the top, inside a function, or for type checkers only.
"""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from files import ROOT

import pytest_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE: Final = Path(pytest_cloudcontrol.__file__).parent
PAGE: Final = ROOT / "docs" / "explanation" / "architecture.md"
FILES: Final = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}
TREES: Final = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in FILES.items()}
TYPE_NAME: Final = re.compile(r"AWS::\w")


def modules_named(tree: ast.AST) -> Iterator[str]:
    """Yield every module that a tree imports, or that may be one: ``from a.b import c`` may import ``a.b.c``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, "a relative import, which this test doesn't follow"  # noqa: PT018
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from inner & FILES.keys() or {node.module}
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@cache
def imports_of(name: str) -> set[str]:
    """Return what one of the package's modules imports of the package."""
    return set(modules_named(TREES[name])) & FILES.keys()


@cache
def foreign_imports_of(tree: ast.AST) -> set[str]:
    """Return the packages beside Python's own and this one that a tree imports."""
    packages = {module.partition(".")[0] for module in modules_named(tree)}
    return packages - sys.stdlib_module_names - {PACKAGE.name}


def room_of(name: str) -> str:
    """Return the room that a module is in: a folder of the package, or a file beside these."""
    return name.split(".")[1] if "." in name else name


def imports_between_rooms() -> set[tuple[str, str]]:
    """Return each pair of rooms of which the first imports from the second; the package itself only re-exports."""
    pairs = {(room_of(name), room_of(known)) for name in FILES.keys() - {PACKAGE.name} for known in imports_of(name)}
    return {(room, other) for room, other in pairs if room != other}


@cache
def without_type_checking(tree: ast.Module) -> ast.Module:
    """Return a module without what only type checkers read."""

    class Remover(ast.NodeTransformer):
        def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
            self.generic_visit(node)
            is_for_checkers = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
            return node.orelse if is_for_checkers else node

    copy = ast.parse(ast.unparse(tree))
    return Remover().visit(copy)  # type: ignore[no-any-return]  # a module stays one


@cache
def texts_of(tree: ast.AST) -> list[str]:
    """Return the texts in a module's code, without docstrings."""
    documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in documented]
    return [node.value for node in texts if isinstance(node.value, str)]


# No circle


def test_no_circle_of_modules() -> None:
    """No module imports one that leads back to it."""
    try:
        TopologicalSorter({name: imports_of(name) for name in FILES}).prepare()
    except CycleError as error:
        raise AssertionError(" <- ".join(error.args[1])) from None


def test_no_circle_of_rooms() -> None:
    """No room imports from one that leads back to it."""
    rooms: dict[str, set[str]] = {}
    for room, other in imports_between_rooms():
        rooms.setdefault(room, set()).add(other)
    try:
        TopologicalSorter(rooms).prepare()
    except CycleError as error:
        raise AssertionError(" <- ".join(error.args[1])) from None


# The picture


def picture() -> list[list[str]]:
    """Return the lines of the picture of the rooms on the page, the rooms of each."""
    (drawn,) = re.findall(r"^```text\n([^`]*\bplugin\b[^`]*)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    rooms = {room_of(name) for name in FILES} - {PACKAGE.name}
    lines = [line.partition("·")[0] for line in drawn.splitlines()]
    return [there for line in lines if (there := [word for word in re.findall(r"\w+", line) if word in rooms])]


def test_the_picture_has_every_room_once() -> None:
    """The page's picture shows all the rooms there are, each in one place."""
    shown = [room for line in picture() for room in line]

    assert sorted(shown) == sorted({room_of(name) for name in FILES} - {PACKAGE.name})


def test_imports_go_down_the_picture() -> None:
    """Every import leads from a room to one that is drawn on a lower line."""
    height = {room: -number for number, line in enumerate(picture()) for room in line}

    assert [(room, other) for room, other in imports_between_rooms() if height[other] >= height[room]] == []


# The walls


@pytest.mark.parametrize("name", ["arguments", "clock", "documents", "exceptions", "vocabulary"])
def test_the_ground_imports_nothing_of_the_house(name: str) -> None:
    """The clock, the words, the documents and the checks of arguments need nothing, but for what every exception is."""
    assert imports_of(f"{PACKAGE.name}.{name}") <= {f"{PACKAGE.name}.exceptions"}


def test_decisions_know_words_only() -> None:
    """What decides knows neither requests nor calls, so that something else can decide in its place."""
    decisions = [name for name in FILES if room_of(name) == "decisions"]
    known = {room_of(other) for name in decisions for other in imports_of(name)} - {"decisions"}

    assert len(decisions) > 1
    assert known <= {"arguments", "vocabulary"}


USED_BY: Final = {
    # So the mock works without pytest, and only two files follow pytest's changes.
    "plugin": {"pytest"},
    "explored_tests": {"pytest"},
    "server": {"waitress"},  # in one file, which another library could take the place of
    "transport": {"boto3", "botocore", "moto"},  # every other room knows of them no more than types
    "handlers": {"jmespath"},  # the language of the table of moto's types
    "resources": {"jsonpatch"},
}


@pytest.mark.parametrize("room", sorted({room_of(name) for name in FILES}))
def test_each_room_imports_its_own_libraries(room: str) -> None:
    """Beside Python's own, a room imports only the packages that it is there to deal with; most import none."""
    trees = [without_type_checking(TREES[name]) for name in FILES if room_of(name) == room]

    assert {package for tree in trees for package in foreign_imports_of(tree)} == USED_BY.get(room, set())


def test_no_room_is_imported_by_its_name() -> None:
    """Only the package itself has its modules' names as texts, by which they could be imported unseen."""
    naming = {
        name
        for name, tree in TREES.items()
        for text in texts_of(tree)
        if text == PACKAGE.name or text.startswith(f"{PACKAGE.name}.")
    }

    assert naming == {PACKAGE.name}


def test_moto_is_known_in_two_files() -> None:
    """What moto's documentation promises is used in one file, and what it doesn't in another."""
    knowing = {name for name, tree in TREES.items() if "moto" in foreign_imports_of(tree)}

    assert knowing == {f"{PACKAGE.name}.transport.moto.{name}" for name in ("private", "services")}


def test_the_wire_needs_no_client_library() -> None:
    """Reading and writing calls takes neither boto3 nor botocore, for the wire and for all that it imports."""
    known, pending = set(), [f"{PACKAGE.name}.transport.wire"]
    while pending:
        name = pending.pop()
        known.add(name)
        pending += set(modules_named(without_type_checking(TREES[name]))) & FILES.keys() - known

    assert len(known) > 1
    assert {name for name in known if foreign_imports_of(without_type_checking(TREES[name]))} == set()


def test_types_are_known_by_name_in_one_place() -> None:
    """No other file has the name of a resource type in its code; docstrings may show one."""
    named = {name for name, tree in TREES.items() if any(TYPE_NAME.search(text) for text in texts_of(tree))}
    put_together = {
        name
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and "AWS::" in ast.unparse(node)
    }

    assert named | put_together == {f"{PACKAGE.name}.schemas.recorded"}
