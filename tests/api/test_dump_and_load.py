"""cloudcontrol.resources: dump and load."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from resource_types import STAGE
from shop import ORDER, TICKET, Shop, shop_types

from pytest_cloudcontrol import CloudControl, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = shop_types

FORMAT = "pytest-cloudcontrol resources, version 1"


@pytest.mark.parametrize("as_argument", [lambda path: path, str], ids=["Path", "str"])
def test_dump_and_load(cloudcontrol: CloudControl, tmp_path: Path, as_argument: Callable[[Path], Path | str]) -> None:
    """What was dumped is there again after loading, in every detail."""
    shop = Shop(cloudcontrol)
    shop.create("größe ☃", Alpha="1", Pin="hush").run()
    cloudcontrol.resources.put(TICKET, {"Text": ""})
    cloudcontrol.resources.put(STAGE, {"RestApiId": "api", "StageName": "prod", "Variables": {"a": "b"}})
    before = list(cloudcontrol.resources)
    cloudcontrol.resources.dump(as_argument(tmp_path / "world.json"))
    cloudcontrol.reset()
    assert list(cloudcontrol.resources) == []
    cloudcontrol.resources.load(as_argument(tmp_path / "world.json"))
    assert list(cloudcontrol.resources) == before


def test_dumped_file(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """The file is JSON that a person can read and change: the format's name and a list of resources."""
    Shop(cloudcontrol).existing("é")
    cloudcontrol.resources.dump(tmp_path / "world.json")
    text = (tmp_path / "world.json").read_text("utf-8")
    assert json.loads(text) == {
        "format": FORMAT,
        "resources": [{"type_name": ORDER, "identifier": "é", "properties": {"Name": "é", "Arn": "arn:é"}}],
    }
    assert '"é"' in text
    assert text.endswith("}\n")


def test_load_beside(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """Loading leaves other resources alone, and replaces those of the same identifier."""
    shop = Shop(cloudcontrol).existing("n1", Alpha="dumped")
    cloudcontrol.resources.dump(tmp_path / "world.json")
    shop.existing("n1", Alpha="newer").existing("n2")
    cloudcontrol.resources.load(tmp_path / "world.json")
    assert (shop.written("n1"), shop.written("n2")) == ({"Alpha": "dumped"}, {})


def test_load_into_another_world(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A scope's dump can be loaded into another account and region."""
    Shop(cloudcontrol).existing(Alpha="1")
    cloudcontrol.resources.dump(tmp_path / "world.json")
    there = cloudcontrol.scope("210987654321", "eu-west-1").resources
    there.load(tmp_path / "world.json")
    assert there.get(ORDER, "n1") == {"Name": "n1", "Arn": "arn:n1", "Alpha": "1"}


WRITTEN = f"a file that resources.dump() has written, of the format '{FORMAT}'"
MEMBERS = "type_name, identifier and properties for each resource"
GOOD = {"type_name": ORDER, "identifier": "good", "properties": {"Name": "good"}}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param([], WRITTEN, id="no object"),
        pytest.param({}, WRITTEN, id="no format"),
        pytest.param({"format": "pytest-cloudcontrol resources, version 2", "resources": []}, WRITTEN, id="newer"),
        pytest.param({"format": FORMAT}, f"{MEMBERS}, not None", id="no resources"),
        pytest.param({"format": FORMAT, "resources": {"a": 1}}, f"{MEMBERS}, not {{'a': 1}}", id="no list"),
        pytest.param({"format": FORMAT, "resources": [GOOD, 5]}, f"{MEMBERS}, not 5", id="no resource"),
        pytest.param(
            {"format": FORMAT, "resources": [GOOD, {"type_name": ORDER, "identifier": "a"}]},
            f"{MEMBERS}, not {{'type_name': '{ORDER}', 'identifier': 'a'}}",
            id="no properties",
        ),
        pytest.param(
            {"format": FORMAT, "resources": [GOOD, {**GOOD, "identifier": 5}]},
            f"{MEMBERS}, not { {**GOOD, 'identifier': 5} }",
            id="identifier that is no text",
        ),
    ],
)
def test_load_of_a_broken_file(cloudcontrol: CloudControl, tmp_path: Path, document: object, expected: str) -> None:
    """A file that ``dump`` hasn't written is refused with what is wrong, and nothing of it is placed."""
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(document), "utf-8")
    with pytest.raises(OptionError) as raised:
        cloudcontrol.resources.load(path)
    assert str(raised.value) == f"path={str(path)!r} is not valid: expected {expected}"
    assert len(cloudcontrol.resources) == 0


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000])
def test_load_of_what_is_no_json(cloudcontrol: CloudControl, tmp_path: Path, content: bytes) -> None:
    """A file that isn't JSON is refused."""
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    with pytest.raises(OptionError) as raised:
        cloudcontrol.resources.load(path)
    start = f"path={str(path)!r} is not valid: expected a file that resources.dump() has written ("
    assert str(raised.value).startswith(start)


def test_load_of_a_missing_file(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A file that isn't there is refused."""
    path = tmp_path / "missing.json"
    with pytest.raises(OptionError) as raised:
        cloudcontrol.resources.load(path)
    assert str(raised.value) == (
        f"path={str(path)!r} is not valid: expected a file that resources.dump() has written "
        f"([Errno 2] No such file or directory: {str(path)!r})"
    )


def test_load_of_an_unknown_type(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A file with a type that this world doesn't know is refused as a whole."""
    path = tmp_path / "world.json"
    resources = [GOOD, {**GOOD, "type_name": "Test::Shop::Orders"}]
    path.write_text(json.dumps({"format": FORMAT, "resources": resources}), "utf-8")
    with pytest.raises(OptionError, match="Did you mean 'Test::Shop::Order'"):
        cloudcontrol.resources.load(path)
    assert len(cloudcontrol.resources) == 0


@pytest.mark.parametrize("properties", [{}, {"Name": "other"}])
def test_load_of_a_resource_under_a_wrong_identifier(
    cloudcontrol: CloudControl, tmp_path: Path, properties: dict[str, str]
) -> None:
    """A file whose resource doesn't have the identifier that it stands under is refused: nobody could find it."""
    path = tmp_path / "world.json"
    resources = [GOOD, {**GOOD, "identifier": "n1", "properties": properties}]
    path.write_text(json.dumps({"format": FORMAT, "resources": resources}), "utf-8")
    with pytest.raises(OptionError):
        cloudcontrol.resources.load(path)
    assert len(cloudcontrol.resources) == 0
