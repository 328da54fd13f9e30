"""The documentation is true: its Python runs, and its links lead somewhere."""

from __future__ import annotations

import importlib
import re
import textwrap
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, NamedTuple

import boto3
import moto
import pytest
from files import ROOT

from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from pathlib import Path

PAGES: Final = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("**/*.md")),
]
NAMES: Final = [page.relative_to(ROOT).as_posix() for page in PAGES]

_BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_FENCED: Final = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_FILE_NAME: Final = re.compile(r"# ([\w/.]+\.(?:py|ini|toml))\n")
_TEST: Final = re.compile(r"^ *(?:async )?def test_", re.MULTILINE)
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
_NAMED: Final = re.compile(r"\bdocs/[\w/.-]+\.md(?:#[\w-]+)?")
_LINK: Final = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")


class Block(NamedTuple):
    """A fenced block of a page: the file that it stands for, and its text."""

    file: str
    text: str


def blocks_of(page: Path) -> list[Block]:
    """Return the blocks of a page that are to be run, and those that name a configuration file in their first line.

    A Python block without a test function is a test as a whole.
    """
    text = page.read_text(encoding="utf-8")
    blocks = []
    for match in _BLOCK.finditer(text):
        language, content = match.groups()
        named = _FILE_NAME.match(content)
        if named is not None:
            blocks.append(Block(named[1], content))
        elif language == "python":
            line = text.count("\n", 0, match.start()) + 1
            runnable = content if _TEST.search(content) else f"def test_block():\n{textwrap.indent(content, '    ')}"
            blocks.append(Block(f"test_line_{line}.py", runnable))
    return blocks


NEEDED: Final = {
    "docs/how-to/use-asyncio.md": "aiobotocore",
    "docs/how-to/use-the-aws-cli-and-javascript.md": "awscli",
}
"""What a page needs that is installed in an environment of its own, where the page runs."""


def is_runnable(page: Path) -> bool:
    """Whether a page has Python to be run, and all that it needs is installed."""
    needed = NEEDED.get(page.relative_to(ROOT).as_posix(), "pytest")
    return find_spec(needed) is not None and any(block.file.endswith(".py") for block in blocks_of(page))


RUNNABLE: Final = [page for page in PAGES if is_runnable(page)]


@pytest.fixture(scope="module", autouse=True)
def _imported_once() -> None:
    """Import what the pages' runs need: each run would import it anew, and forget it again."""
    for name in ("exploration.explore", "schemas.patterns", "server.serving", "transport.moto.private"):
        importlib.import_module(f"pytest_cloudcontrol.{name}")
    with mock_cloudcontrol() as cloudcontrol, moto.mock_aws():
        cloudcontrol.client().list_resource_requests()
        boto3.client("s3", region_name="us-east-1").list_buckets()
        boto3.client("sts", region_name="us-east-1").get_caller_identity()


@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_python_block_of_a_page_runs(
    page: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every Python block of a page passes as a test of its own, beside the files that other blocks name."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    blocks = blocks_of(page)
    for block in blocks:
        path = pytester.path / block.file
        assert not path.exists(), f"two blocks are both {block.file}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")

    # The plugin is imported already: this very run has loaded it.
    warnings = ["-W", "error", "-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"]
    result = pytester.runpytest_inprocess("-p", "pytest_cloudcontrol", "--strict-markers", *warnings)

    outcomes = result.parseoutcomes()
    tests = sum(len(_TEST.findall(block.text)) for block in blocks)
    assert outcomes == {"passed": tests}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_to_another_page_leads_there(page: Path) -> None:
    """A relative link names a file that exists and, behind a #, one of its headings."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    broken = [target for target in _LINK.findall(text) if not target.startswith("https://") and not leads(page, target)]

    assert broken == []


def test_every_page_that_an_error_names_exists() -> None:
    """A page of the documentation that a message of the package names exists, and so does its heading."""
    sources = (ROOT / "pytest_cloudcontrol").glob("**/*.py")
    named = {target for source in sources for target in _NAMED.findall(source.read_text(encoding="utf-8"))}
    broken = [target for target in named if not leads(ROOT / "README.md", target)]

    assert len(named) > 1
    assert broken == []


def leads(page: Path, target: str) -> bool:
    """Tell whether a link on a page leads to a file, and to a heading there if it names one."""
    name, _, anchor = target.partition("#")
    path = page.parent / name if name else page
    if not anchor:
        return path.exists()
    return path.exists() and anchor in {anchor_of(heading) for heading in _HEADING.findall(path.read_text("utf-8"))}


def anchor_of(heading: str) -> str:
    """Return a heading's anchor, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
