"""Patterns that would run away on some texts: they don't, and still every verdict is the one that Java 17 gave."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest
from files import ROOT
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_cloudcontrol.schemas.catalog import Catalog
from pytest_cloudcontrol.schemas.keywords import all_schemas
from pytest_cloudcontrol.schemas.patterns import LONGEST_AMBIGUOUS, python_pattern
from pytest_cloudcontrol.schemas.patterns.ambiguity import is_ambiguous
from pytest_cloudcontrol.schemas.patterns.replacements import HARMLESS, REPLACEMENTS
from pytest_cloudcontrol.schemas.patterns.simplification import simplified
from pytest_cloudcontrol.schemas.patterns.syntax import parse
from pytest_cloudcontrol.schemas.patterns.writing import python_text
from pytest_cloudcontrol.schemas.validation.reading import members
from pytest_cloudcontrol.schemas.validation.strings import LONGEST_TRIED

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = ROOT / "tools" / "time_patterns.py"


class Case(NamedTuple):
    """A pattern of Java's, texts in which it finds a match, and texts in which it finds none.

    ``busy`` is a text that keeps the pattern itself busy for ever: how it begins, what is repeated, and how it ends.
    """

    pattern: str
    found: tuple[str, ...]
    not_found: tuple[str, ...]
    busy: tuple[str, str, str]


CASES = [
    Case(
        r"^([ \t]*[\x20-\x7E]+([ \t]+[\x20-\x7E]+)*[ \t]*|\{%[\s\S]+?%\})$",
        (" ", "\t a\t\tb\t", "a b", "{%\0%}", "a\n"),
        ("", "\t\t", "a\x0bb", "é", "{%%}\0"),
        ("", " ", "\0"),
    ),
    Case(
        r"^[ \t]*[^\x00-\x1F\x7F]+([ \t]+[^\x00-\x1F\x7F]+)*[ \t]*$",
        (" ", "\té\t\tb\t", "a\u2028b", "a\n"),
        ("", "\t", "a\x0bb", "\x7f"),
        ("", " ", "\0"),
    ),
    Case(
        r"^arn:(.+:){2,4}.+$|^arn:(.+:){1,3}.+\/.+$",
        ("arn:a:b:c", "arn:a:b/c", "arn::::::", "arn:a:b:c:d:e:f"),
        ("arn:a:b", "arn::b/c", "arn:a:b/", "arn:a:b:", "arn:a\n:b:c", "arn:::::", "arn:::/:"),
        ("arn:", ":", "\n\n"),
    ),
    Case(
        r"^((\d{12}\.dkr\.ecr\.[a-z0-9-]+\.[a-z.]+)|public\.ecr\.aws/[a-z][a-z0-9]+([._-][a-z0-9]+)*)"
        r"/[a-z0-9]+((\.||__|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.||__|__|-+)[a-z0-9]+)*)*"
        r"(:[a-zA-Z0-9._-]+|@sha256:[a-f0-9]{64})?$",
        (
            "public.ecr.aws/abc/d",
            "123456789012.dkr.ecr.eu.a/b__c-d---e.f/g:Tag_1",
            "public.ecr.aws/a1.b/c@sha256:" + "0f" * 32,
        ),
        ("public.ecr.aws/abc/d_e", "public.ecr.aws/abc/d..e", "public.ecr.aws/abc/d-", "public.ecr.aws/abc/d@sha256:0"),
        ("public.ecr.aws/a0/", "0", "\0"),
    ),
    Case(
        r"^[a-z0-9*](?:[._\-/a-z0-9*]?[a-z0-9*]+)*$",
        ("a", "*", "a/b.c_d-e", "abc*\n"),
        ("", "/a", "a//b", "a/", "A"),
        ("", "a", "\0"),
    ),
    Case(
        r"^([^:*\/]+\/?)*[^:*\/]+$",
        ("a", "a/b\n/c", "ab/c"),
        ("", "/a", "a//b", "a/", "a:b"),
        ("", "a", ":"),
    ),
    Case(
        r"^[\/]+([^~]*(~[01])*)*{1,512}$",
        ("/", "/a/~0~1b", "//\n", "/~1"),
        ("", "a", "/~", "/a~2", "~0/"),
        ("/", "~0", "~"),
    ),
    Case(
        r"^\$\{(\w+.)+\w+\}$",
        ("${a.b}", "${abc}", "${a-b.c}", "${a}b}"),
        ("${ab}", "${a..b}", "${.a}", "${a\nb}"),
        ("${", "a", "\0"),
    ),
    Case(
        r"^arn:(aws|aws-cn|aws-iso|aws-iso-[a-z]{1}|aws-us-gov):iam::[0-9]{12}:role\/"
        r"(([^\/][\x21-\x7E]+\/){1,511})?[A-Za-z0-9_+=,.@-]{1,64}$",
        tuple(
            f"arn:aws:iam::123456789012:role/{name}"
            for name in ("a", "ab/c", "é!/ab/ a/c", " //x", "ab/" * 600 + "c", "éa/" * 511 + "c")
        ),
        tuple(
            f"arn:aws:iam::123456789012:role/{name}"
            for name in ("", "a/b", "/a", "ab/", "é/b", "a é/b", "a" * 65, "éa/" * 512 + "c")
        ),
        ("arn:aws:iam::123456789012:role/", "ab/", "\0"),
    ),
    Case(
        r"^https://([.\-_a-zA-Z0-9]+/?){3,1016}$",
        tuple(f"https://{name}" for name in ("abc", "a/b/c", "ab/c/", "a" * 2000, "a/" * 1016)),
        tuple(f"https://{name}" for name in ("ab", "a/b/", "/abc", "a//bc", "abc//", "a/" * 1017)),
        ("https://", "a", "\0"),
    ),
    Case(
        r"^https://[A-Za-z0-9]((.|-+)?[A-Za-z0-9]){0,252}/[a-z0-9](-?[a-z0-9]){2,62}$",
        tuple(
            f"https://{name}/abc"
            for name in ("a", "a.b", "a/b", "a---b", "abcd", "aéb", "a" + "bc" * 252, "a" + "-b" * 252)
        ),
        tuple(
            f"https://{name}"
            for name in ("a/ab", "a/abc-", "-/abc", "a..b/abc", "a.-b/abc", "a//abc", "a" + ".b" * 253 + "/abc")
        ),
        ("https://", "a", "\0"),
    ),
    Case(
        r"^https://aps-workspaces.([a-z]{2}-[a-z-]{1,20}-[1-9]).amazonaws(.[0-9A-Za-z]{2,4})+"
        r"/workspaces/[-_.0-9A-Za-z]{1,100}/api/v1/remote_write$",
        tuple(
            f"https://aps-workspaces.eu-west-1.amazonaws{name}/workspaces/ws-1/api/v1/remote_write"
            for name in (".com", ".com.cn", "com", ".abcdef", ".co/workspaces", "abcde.fg")
        ),
        tuple(
            f"https://aps-workspaces.eu-west-1.amazonaws{name}/workspaces/ws-1/api/v1/remote_write"
            for name in ("", ".", ".c", "co", ".com.", ".com..cn", ".com/")
        ),
        ("https://aps-workspaces.eu-west-1.amazonaws", "a", "\0"),
    ),
    Case(
        r"^(?!d-)([\da-zA-Z]+)([-]*[\da-zA-Z])*$",
        ("a", "d", "ab--c-d", "dd-1\n"),
        ("d-1", "-a", "a-", "a_b", ""),
        ("", "a", "!"),
    ),
    Case(
        r"^[a-z]+([a-z._]*[a-z]+)?$",
        ("a", "ab", "a._b"),
        ("a.", "_a", "", "a-b"),
        ("", "a", "\0"),
    ),
    Case(
        r"^([A-Za-z0-9]+[A-Za-z0-9-.]*)*[A-Za-z0-9-]*[A-Za-z0-9]$",
        ("a", "a.b-c", "-a", "--a-b", "1.-.2"),
        ("", "a.", "a-", ".a", "-a.b", "a_b"),
        ("", "a", "\0"),
    ),
    Case(
        r"^\+?([0-9 \t\-()\/]{7,})(?:\s*(?:#|x\.?|ext\.?|extension) \t*(\d+))?$",
        ("+1234567", "(555) 12-34\n", "1234567  x 1", "1234567\n\t ext. \t12", "1      # 9"),
        ("123456", "1234567 x1", "1234567 ex 1", "1234567 x 1 "),
        ("1234567", "\t", "x 1\0"),
    ),
    Case(
        r"^[0-9]+\.?[0-9]*(Mbps|Gbps|Tbps)$",
        ("1Mbps", "1.Gbps", "12.5Tbps\n"),
        ("Mbps", ".5Gbps", "1.2.3Tbps", "1 Mbps"),
        ("", "1", "\0"),
    ),
    Case(
        r"^arn:aws(-[^:]+)?:rolesanywhere(:.*){2}(:trust-anchor.*)$",
        ("arn:aws:rolesanywhere:::trust-anchor", "arn:aws-x:rolesanywhere:a:b:c:trust-anchor/1"),
        (
            "arn:aws:rolesanywhere::trust-anchor",
            "arn:aws:rolesanywhere:a:b:anchor",
            "arn:aws:rolesanywhere:\n::trust-anchor",
        ),
        ("arn:aws:rolesanywhere:::trust-anchor", ":trust-anchor", "\n\n"),
    ),
    Case(
        r"^(arn:aws[a-zA-Z-]*:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}"
        r":network-connector:[a-zA-Z0-9-_]+(:[1-9]|[1-9][0-9]+)?)$",
        tuple(f"arn:aws:lambda:eu-west-1:123456789012:network-connector:{name}" for name in ("a", "a:1", "a12", "1")),
        tuple(
            f"arn:aws:lambda:eu-west-1:123456789012:network-connector:{name}"
            for name in ("", ":1", "a:0", "a:12", "a:")
        ),
        ("arn:aws:lambda:eu-west-1:123456789012:network-connector:", "1", "\n\n"),
    ),
    Case(
        r"^((([a-zA-Z][a-zA-Z0-9+.-]*):\/\/(\*|[\w%._\-\+~#=@]+)?(\/[^@\s]*)?(?:\?([^*\s]+(?:\*?)))?)"
        r"|(\*|[\w%._\-\+~#=@]+\.[\w%._\-\+~#=@]+)(?::(\d{1,5}))?(\/[^@\s]*)?(?:\?([^*\s]+(?:\*?)))?"
        r"|(([a-zA-Z][a-zA-Z0-9+.-]*):(\/\/)?\*))$",
        ("https://", "a://b/c?d=@*", "a.b:80/*?x", "*", "a:*", "a.b?@", "a://b/?*?a@", "a.b/?@*\n"),
        ("a", "a.b/@", "a://b/?@*a", "a.b?", "a.b/?*@", "a://b c", "a.b?*"),
        ("#.#/", "?", "\n\n"),
    ),
]


def test_every_replacement_is_tried() -> None:
    """There are examples for each pattern that has a replacement."""
    assert [case.pattern for case in CASES] == list(REPLACEMENTS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.pattern)
def test_verdicts(case: Case) -> None:
    """What stands for a pattern finds a match where Java does, and nowhere else."""
    search = re.compile(python_pattern(case.pattern), re.ASCII).search
    assert [text for text in case.found if search(text)] == list(case.found)
    assert [text for text in case.not_found if search(text)] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.pattern)
def test_busy_text(case: Case) -> None:
    """A long text that would keep the pattern itself busy for ever is refused."""
    start, repeated, end = case.busy
    text = start + repeated * (LONGEST_TRIED // len(repeated)) + end
    assert re.search(python_pattern(case.pattern), text, re.ASCII) is None


# Simplification

ATOMS = st.sampled_from(
    ["a", "b", ":", "/", "[ab]", "[a-z]", r"\w", ".", "[^:]", "[^a]", r"\s", "$", "^", "(?=a)", "(?<!b)"]
)
SIGNS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}", "{2,}", "*?", "+?", "*+", "++"])


def nested(patterns: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Make longer patterns out of short ones."""
    grouped = st.builds("{}{}{})".format, st.sampled_from(["(", "(?:", "(?=", "(?!", "(?>"]), patterns, st.just(""))
    repeated = st.builds("({}){}".format, patterns, SIGNS)
    chosen = st.builds("(?:{}|{})".format, patterns, patterns)
    return grouped | repeated | chosen | st.lists(patterns, max_size=4).map("".join)


PATTERNS = st.recursive(st.builds("{}{}".format, ATOMS, SIGNS), nested, max_leaves=8)


@given(PATTERNS, st.lists(st.text("ab:/\n é", max_size=7), min_size=8))
@example("^.*:.*:.+$", ["::a", "a:b:c:d", "::", ":a", "::\n"])
@example("(a+|b?)*(ab*)+$", ["", "b", "ab", "abab\n", "ba"])
def test_simpler_patterns_match_the_same(pattern: str, texts: list[str]) -> None:
    """What is taken out of a pattern changes no verdict."""
    simpler = re.compile(python_pattern(pattern), re.ASCII)
    original = re.compile(python_text(parse(pattern)), re.ASCII)
    assert [simpler.search(text) is None for text in texts] == [original.search(text) is None for text in texts]


# The script that finds such patterns


@pytest.mark.slow
def test_slow_patterns_are_shown(tmp_path: Path) -> None:
    """The script shows a pattern that takes longer than a limit, and the text that keeps it busy; others cannot be."""
    shelf = {"properties": {"Name": {"pattern": "^(a+-?)*b"}, "Size": {"pattern": "^1"}, "Same": {"pattern": "^1"}}}
    (tmp_path / "shelf.json").write_text(json.dumps(shelf), "utf-8")
    command = [sys.executable, str(SCRIPT), str(tmp_path), "--length", "9", "--over", "0"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    pattern, text, number = run.stdout.splitlines()
    assert pattern.endswith(" s  ^(a+-?)*b")
    assert " ... " in text
    assert number == "2 patterns"


AMBIGUOUS = {
    r"^([a-zA-Z0-9]+[-_]?)+$": "a-b_c",
    r"^(\w+\s?)*$": "ab cd",
    r"^([a-z0-9]+(-[a-z0-9]+)*)+$": "a-b-c",
    r"^(([a-z])+.)+[A-Z]([a-z])+$": "a.b.Cd",
    r"^(a|aa)+$": "aaa",
    r"^(.*a){12}$": "a" * 12,
    r"^(?=([a-z]+-?)+!)x": "xy!",
}


@pytest.mark.parametrize(("java", "match"), AMBIGUOUS.items())
def test_ambiguous_pattern(java: str, match: str) -> None:
    """A pattern that would take exponential time decides on short texts, and takes all others."""
    pattern = re.compile(python_pattern(java), re.ASCII)
    assert pattern.search(match)
    assert not pattern.search("?" * LONGEST_AMBIGUOUS)
    assert not pattern.search(("a" * 40)[: LONGEST_AMBIGUOUS - 1] + "?")
    assert pattern.search("a" * LONGEST_TRIED + "?")


@pytest.mark.parametrize(
    "java",
    [
        r"^\w+(\s\w+)*\s?$",
        r"^([a-z]+-)*[a-z]+$",
        r"^([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}$",
        r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$",
        r"^(a+)+$",
        r"^(a|a)*b",
        r"^(?>[a-z]+-?)+$",
    ],
)
def test_unambiguous_pattern(java: str) -> None:
    """A pattern with repetitions in repetitions that has one way only, or is freed of the others, always decides."""
    assert not re.compile(python_pattern(java), re.ASCII).search("?" * LONGEST_TRIED)


def test_no_bundled_pattern_is_ambiguous() -> None:
    """AWS's own patterns decide on every text that they are tried on."""
    cap = python_pattern(r"^(a|aa)+$").partition("|")[0]
    patterns = {
        pattern
        for type_name in Catalog()
        if (resource_type := Catalog().find(type_name)) is not None
        for part in all_schemas(resource_type.schema)
        for pattern in [str(part.get("pattern", "")), *members(part, "patternProperties")]
    }
    assert cap.startswith(r"\A(?=")
    assert [pattern for pattern in patterns if pattern.startswith(cap)] == []


@pytest.mark.parametrize("java", sorted(HARMLESS))
def test_harmless_patterns_only_look_ambiguous(java: str) -> None:
    """What is excepted would be taken for ambiguous."""
    assert is_ambiguous(simplified(parse(java)))
