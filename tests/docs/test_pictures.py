"""The pictures of the documentation are there, and render wherever the pages are read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import pytest
from files import ROOT

from pytest_cloudcontrol import OperationStatus

if TYPE_CHECKING:
    from pathlib import Path

PAGES: Final = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
PICTURES: Final = sorted((ROOT / "docs").glob("**/*.svg"))
SVG: Final = "{http://www.w3.org/2000/svg}"

_SHOWN: Final = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_ELSEWHERE: Final = re.compile(r"url\((?!#)|@import|href|https?://(?!www\.w3\.org/2000/svg\")")

each_picture = pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)


def shown_on(page: Path) -> list[tuple[str, Path]]:
    """Return the pictures that a page shows, each with the words that stand for it."""
    found: list[tuple[str, str]] = _SHOWN.findall(page.read_text(encoding="utf-8"))
    return [(words, (page.parent / target).resolve()) for words, target in found]


def test_every_picture_that_a_page_shows_exists() -> None:
    """Each is one of the pictures there are, with words for who can't see it; and each of these is shown."""
    shown = [picture for page in PAGES for picture in shown_on(page)]

    assert all(words for words, _ in shown)
    assert {path for _, path in shown} == set(PICTURES)


@each_picture
def test_a_picture_has_a_title_and_a_description(picture: Path) -> None:
    """It is well-formed SVG, and says in words what it shows."""
    root = ET.parse(picture).getroot()

    assert root.tag == f"{SVG}svg"
    named = {element.get("id"): (element.tag, element.text) for element in root[:2]}
    assert [named[name][0] for name in root.attrib["aria-labelledby"].split()] == [f"{SVG}title", f"{SVG}desc"]
    assert all(words for _, words in named.values())


@each_picture
def test_a_picture_needs_nothing_from_elsewhere(picture: Path) -> None:
    """It has no script, and no font, style or image of another file: a code forge would leave them out."""
    root = ET.parse(picture).getroot()

    assert {element.tag.removeprefix(SVG) for element in root.iter()} & {"script", "image", "foreignObject"} == set()
    assert _ELSEWHERE.findall(picture.read_text(encoding="utf-8")) == []


@each_picture
def test_every_colour_has_one_for_dark_pages(picture: Path) -> None:
    """Whatever sets a colour on light pages sets it on dark ones too."""
    (style,) = [element.text or "" for element in ET.parse(picture).getroot().iter(f"{SVG}style")]
    light, _, dark = style.partition("@media (prefers-color-scheme: dark)")

    def coloured(rules: str) -> set[str]:
        found: list[tuple[str, str]] = re.findall(r"([\w., ]+) \{([^{}]*)\}", rules)
        return {name.strip() for names, rule in found if "#" in rule for name in names.split(",")}

    assert coloured(light)
    assert coloured(light) == coloured(dark)


def test_the_picture_of_the_statuses_has_each() -> None:
    """Every status is in it once."""
    root = ET.parse(ROOT / "docs" / "pictures" / "statuses.svg").getroot()

    boxes = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "code"]
    assert sorted(filter(None, boxes)) == sorted(OperationStatus)
