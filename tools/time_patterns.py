"""Time the patterns of AWS's schemas on texts that are made to keep them busy.

To be run whenever the schemas are new. A pattern that takes longer than 0.1 s belongs into the replacements of
``pytest_cloudcontrol.schemas.patterns``, or the texts that patterns are tried on must become shorter::

    python tools/time_patterns.py c7n_awscc-*.whl

A backtracking engine is busy while it repeats things and can divide a text among the repetitions in many ways. So each
text begins as the pattern asks, then has what one of its repetitions matches, over and over, and ends in what doesn't
match. It consists as far as possible of one character, such as several of the pattern's sets have in common.
"""

from __future__ import annotations

import argparse
import re
import signal
import time
from itertools import combinations_with_replacement, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from pytest_cloudcontrol.documents import parse as parse_json
from pytest_cloudcontrol.schemas.catalog import schema_files
from pytest_cloudcontrol.schemas.keywords import all_schemas
from pytest_cloudcontrol.schemas.patterns import python_pattern
from pytest_cloudcontrol.schemas.patterns.characters import complement, intersection, union
from pytest_cloudcontrol.schemas.patterns.syntax import parse
from pytest_cloudcontrol.schemas.patterns.tree import Choice, Group, OneOf, Repeat, Sequence
from pytest_cloudcontrol.schemas.validation.strings import LONGEST_TRIED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.schemas.patterns.characters import Characters
    from pytest_cloudcontrol.schemas.patterns.tree import Node

LIMIT: Final = 1.0
"""Seconds: a pattern that takes so long isn't tried any further."""

MOST_CHARACTERS: Final = 14
FEW: Final = 5
"""Fewer repetitions than these keep nobody busy."""


def main() -> None:
    """Time the patterns of the source that the command line names."""
    parser = argparse.ArgumentParser(description="Time the patterns of AWS's schemas on texts that keep them busy.")
    parser.add_argument("source", type=Path, help="a c7n-awscc wheel, a zip of *.json schemas, or a folder of them")
    parser.add_argument("--length", type=int, default=LONGEST_TRIED, help="the length of the texts")
    parser.add_argument("--over", type=float, default=0.05, help="show the patterns that take more seconds than this")
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, _stop)
    patterns = patterns_of(options.source)
    times = {pattern: worst(pattern, options.length) for pattern in sorted(patterns)}
    for pattern, (seconds, text) in sorted(times.items(), key=lambda item: -item[1][0]):
        if seconds > options.over:
            print(f"{seconds:.3f} s  {pattern}\n    {text[:50]!r} ... {text[-10:]!r}")
    print(f"{len(patterns)} patterns")


def patterns_of(source: Path) -> set[str]:
    """Return all patterns of Java's in the schemas of a source."""
    found: set[str] = set()
    for name, content in schema_files(source):
        if name.endswith("/index.json"):
            continue
        for schema in all_schemas(cast("JSONObject", parse_json(content))):
            found.update(cast("JSONObject", schema.get("patternProperties", {})))
            if isinstance(pattern := schema.get("pattern"), str):
                found.add(pattern)
    return found


def worst(pattern: str, length: int) -> tuple[float, str]:
    """Return the longest time in seconds that a pattern takes, and the text that it takes it for."""
    compiled = re.compile(python_pattern(pattern), re.ASCII)
    slowest = (0.0, "")
    for text in dict.fromkeys(busy_texts(parse(pattern), length)):
        slowest = max(slowest, (seconds(compiled, text), text))
        if slowest[0] >= LIMIT:
            break
    return slowest


def seconds(compiled: re.Pattern[str], text: str) -> float:
    """Return how long a search takes, at most the limit."""
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    begin = time.perf_counter()
    try:
        compiled.search(text)
    except TimeoutError:
        return LIMIT
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return time.perf_counter() - begin


def _stop(_number: int, _frame: object) -> None:
    raise TimeoutError


def busy_texts(pattern: Node, length: int) -> Iterator[str]:
    """Yield texts that keep a pattern busy."""
    repeats = [node for node in nodes(pattern) if isinstance(node, Repeat) and (node.most is None or node.most >= FEW)]
    sets = {node.characters for node in nodes(pattern) if isinstance(node, OneOf)}
    strange = complement(union(*sets))
    endings = ["\n\n", *(chr(first) for first, _ in (*strange[:2], *strange[-1:]))]
    for character in islice(dict.fromkeys(likely_characters(sets)), MOST_CHARACTERS):
        for ending in endings:
            yield character * length + ending
        for repeat in repeats:
            before, once, after = around(pattern, repeat, character)
            busy = before + once * (length // max(1, len(once)))
            for ending in endings:
                yield busy[:length] + ending
                yield busy[:length] + after + ending


def nodes(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes inside it."""
    yield node
    for part in parts(node):
        yield from nodes(part)


def parts(node: Node) -> tuple[Node, ...]:
    """Return the nodes right inside a node."""
    match node:
        case Group():
            return (node.body,)
        case Repeat():
            return (node.item,)
        case Sequence():
            return node.items
        case Choice():
            return node.branches
    return ()


def likely_characters(sets: set[Characters]) -> Iterator[str]:
    """Yield the characters that are a set of their own in a pattern, and others that two sets have in common."""
    for one in sorted(sets):
        if one and one[0][0] == one[-1][1] and not chr(one[0][0]).isalnum():
            yield chr(one[0][0])
    for left, right in combinations_with_replacement(sorted(sets), 2):
        common = intersection(left, right)
        if len(common) > 1 or (common and common[0][0] < common[0][1]):
            yield from [char for char in "aA0-./:_ ~,\t" if any(first <= ord(char) <= last for first, last in common)][
                :2
            ]
            yield chr(common[-1][0])


def around(node: Node, repeat: Repeat, character: str) -> tuple[str, str, str]:
    """Return what a pattern matches before a repetition, what the repetition matches once, and what comes after it."""
    if node is repeat:
        return "", sample(repeat.item, character), ""
    before = after = ""
    found = None
    for part in parts(node):
        if any(inner is repeat for inner in nodes(part)):
            found = around(part, repeat, character)
        elif isinstance(node, Sequence) and found is None:
            before += sample(part, character)
        elif isinstance(node, Sequence):
            after += sample(part, character)
    inside = found or ("", "", "")
    return before + inside[0], inside[1], inside[2] + after


def sample(node: Node, character: str) -> str:
    """Return a short text that a node matches, of a given character as far as possible."""
    match node:
        case OneOf(characters=((first, _), *_)):
            has_it = any(low <= ord(character) <= high for low, high in node.characters)
            return character if has_it else chr(max(first, 0x21)) if node.characters[0][1] >= 0x21 else chr(first)
        case Group(kind="capturing" | "plain" | "atomic"):
            return sample(node.body, character)
        case Repeat():
            return sample(node.item, character) * node.least
        case Sequence():
            return "".join(sample(item, character) for item in node.items)
        case Choice():
            return sample(node.branches[-1], character)
    return ""


if __name__ == "__main__":
    main()
