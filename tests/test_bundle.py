"""The bundled schemas: what is in them, that every one of them works, and how they are built."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, cast

import pytest

import pytest_cloudcontrol.schemas
from pytest_cloudcontrol.documents import JSONObject, JSONValue, parse, values_at
from pytest_cloudcontrol.schemas.catalog import Catalog
from pytest_cloudcontrol.schemas.generation import Surroundings, complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.schemas.resource_type import ResourceType

DATA = Path(pytest_cloudcontrol.schemas.__file__).with_name("data")
SCRIPT = Path(__file__).parents[1] / "tools" / "build_schema_bundle.py"
SURROUNDINGS = Surroundings("123456789012", "us-east-1", datetime(2026, 10, 1, tzinfo=UTC))
ARN = re.compile(r"arn:aws:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:.+")


def json_file(path: Path) -> JSONObject:
    """Read a JSON object from a file."""
    return cast("JSONObject", parse(path.read_bytes()))


@pytest.fixture(scope="module")
def types() -> list[ResourceType]:
    """Every bundled type."""
    catalog = Catalog()
    return [resource_type for name in catalog if (resource_type := catalog.find(name)) is not None]


# What is in the bundle


def test_every_type_loads(types: list[ResourceType]) -> None:
    """Every bundled schema is one of a resource type, and the bundle says how many there are."""
    source = json_file(DATA / "SOURCE.json")
    assert len(types) == len(Catalog()) == source["types"]
    assert sum(resource_type.is_provisionable for resource_type in types) == source["types_with_handlers"]


def test_the_bundle_says_where_it_comes_from() -> None:
    """Name, version, date and licence of the source are recorded."""
    source = json_file(DATA / "SOURCE.json")
    assert (source["name"], source["licence"]) == ("c7n-awscc", "Apache-2.0")
    assert re.fullmatch(r"\d+\.\d+\.\d+", str(source["version"]))
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(source["date"]))


def test_index_and_data_agree() -> None:
    """The index leads to each line of the data, in order and without a gap."""
    data = (DATA / "types.jsonl").read_bytes()
    index = cast("dict[str, tuple[int, int]]", json_file(DATA / "index.json"))
    assert list(index) == sorted(index)
    end = 0
    for name, (offset, length) in index.items():
        assert offset == end
        assert data[offset : offset + 1] == b"{"
        assert json.loads(data[offset : offset + length])["typeName"] == name
        assert data[offset + length : offset + length + 1] == b"\n"
        end = offset + length + 1
    assert end == len(data)


def test_handlers_keep_their_permissions() -> None:
    """The permissions of the handlers are in the bundle."""
    log_group = Catalog().find("AWS::Logs::LogGroup")
    assert log_group is not None
    (permissions,) = values_at(log_group.schema, ("handlers", "create", "permissions"))
    assert isinstance(permissions, list)
    assert "logs:CreateLogGroup" in permissions


# Every type can be completed


def texts(value: JSONValue, schema: JSONObject | None, of: ResourceType, name: str) -> Iterator[tuple[str, str]]:
    """Yield the name and value of each text that was made up, not copied from a default or an enum."""
    if schema is not None and schema.keys() & {"default", "enum", "const"}:
        return
    if isinstance(value, dict):
        properties = schema.get("properties") if schema is not None else None
        for key, part in value.items():
            described = properties.get(key) if isinstance(properties, dict) else None
            yield from texts(part, of.resolved(described) if isinstance(described, dict) else None, of, key)
    elif isinstance(value, str):
        yield name, value


def test_every_type_can_be_completed(types: list[ResourceType]) -> None:
    """Every type gets its whole identifier out of nothing, and none of its parts can be mistaken for two."""
    for resource_type in types:
        completed = complete(resource_type, {}, SURROUNDINGS, Random(0))
        for path in resource_type.primary_identifier:
            (value,) = values_at(completed, path)
            assert isinstance(value, str | int), (resource_type.type_name, path)
            assert value != ""
            assert "|" not in str(value), (resource_type.type_name, path)


def test_every_arn_looks_like_one(types: list[ResourceType]) -> None:
    """Whatever is called an Arn looks like an Arn."""
    arns = [
        (resource_type.type_name, name, text)
        for resource_type in types
        for name, text in texts(
            complete(resource_type, {}, SURROUNDINGS, Random(0)), resource_type.schema, resource_type, ""
        )
        if name.endswith(("Arn", "ARN"))
    ]
    assert len(arns) > 1000
    assert [found for found in arns if not ARN.fullmatch(found[2])] == []


def test_identifiers_that_the_service_makes_differ(types: list[ResourceType]) -> None:
    """Two resources of a type get different identifiers, unless the schema or the account leaves only one."""
    random = Random(0)
    singular = {SURROUNDINGS.account_id, SURROUNDINGS.region}

    def identifier(of: ResourceType) -> list[JSONValue]:
        completed = complete(of, {}, SURROUNDINGS, random)
        return [value for path in of.primary_identifier for value in values_at(completed, path)]

    same = [
        resource_type.type_name
        for resource_type in types
        if set(resource_type.primary_identifier) <= set(resource_type.read_only)
        and not any("enum" in (resource_type.property_schema(path) or {}) for path in resource_type.primary_identifier)
        and identifier(resource_type) == identifier(resource_type)
        and not singular.issuperset(map(str, identifier(resource_type)))
    ]
    assert same == []


# Building a bundle

SHELF: JSONObject = {
    "typeName": "Test::Library::Shelf",
    "description": "A shelf.",
    "properties": {
        "description": {"type": "string", "description": "What stands on it.", "default": {"description": "kept"}},
        "Description": {"type": "string", "description": "The same."},
        "properties": {"type": "object", "properties": {"Größe": {"type": "integer", "description": "In cm."}}},
        "Books": {"type": "array", "items": {"oneOf": [{"type": "string", "description": "A title."}]}},
    },
    "definitions": {"description": {"type": "string", "description": "A text."}},
    "primaryIdentifier": ["/properties/description"],
    "handlers": {"read": {"permissions": ["library:Read"]}},
}
RACK: JSONObject = {
    "typeName": "Test::Library::Rack",
    "properties": {"Name": {"type": "string"}},
    "primaryIdentifier": ["/properties/Name"],
}
FACTS = ("--name", "my-library", "--version", "7.1", "--date", "2026-03-04", "--licence", "MIT")
METADATA = "Metadata-Version: 2.5\nName: my_library\nVersion: 7.1\nLicense-Expression: MIT\n\nA library.\n"


def build(source: Path, output: Path, *facts: str) -> subprocess.CompletedProcess[str]:
    """Run the script as a developer does."""
    command = [sys.executable, str(SCRIPT), str(source), "--output", str(output), *facts]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def contents(folder: Path) -> dict[str, bytes]:
    """Return the content of each file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def source_of(kind: str, folder: Path) -> tuple[Path, tuple[str, ...]]:
    """Make a small source, and say what the command line must tell of it."""
    files = {"b.json": json.dumps(SHELF), "a.json": json.dumps(RACK)}
    if kind == "folder":
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
        return folder, FACTS
    if kind == "wheel":
        files = {f"data/{name}": text for name, text in files.items()}
        files |= {"data/index.json": "{}", "my_library-7.1.dist-info/METADATA": METADATA}
    archive = folder / ("my_library-7.1.whl" if kind == "wheel" else "schemas.zip")
    with zipfile.ZipFile(archive, "w") as opened:
        for name, text in files.items():
            opened.writestr(zipfile.ZipInfo(name, (2026, 3, 4, 5, 6, 8)), text)
    return archive, () if kind == "wheel" else FACTS


@pytest.fixture(scope="module", params=["folder", "zip", "wheel"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build a bundle twice from a small source of each kind."""
    source, facts = source_of(request.param, tmp_path_factory.mktemp("source"))
    first, second = (tmp_path_factory.mktemp("bundle") for _ in range(2))
    runs = [build(source, output, *facts) for output in (first, second)]
    assert [(run.returncode, run.stderr) for run in runs] == [(0, ""), (0, "")]
    return first, second


def test_building_is_reproducible(built: tuple[Path, Path]) -> None:
    """The same source gives the same bytes twice."""
    first, second = map(contents, built)
    assert first == second
    assert sorted(first) == ["SOURCE.json", "index.json", "types.jsonl"]


def test_origin_is_recorded(built: tuple[Path, Path]) -> None:
    """What a wheel says of itself, and the command line of any other source, is recorded with the numbers of types."""
    assert json_file(built[0] / "SOURCE.json") == {
        "name": "my-library",
        "version": "7.1",
        "date": "2026-03-04",
        "licence": "MIT",
        "types": 2,
        "types_with_handlers": 1,
    }


def test_command_line_wins(tmp_path: Path) -> None:
    """What the command line says of a wheel goes before what the wheel says."""
    wheel, _ = source_of("wheel", tmp_path)
    build(wheel, tmp_path / "out", "--name", "better")
    source = json_file(tmp_path / "out" / "SOURCE.json")
    assert (source["name"], source["version"]) == ("better", "7.1")


def test_only_documentation_is_left_out(built: tuple[Path, Path]) -> None:
    """Descriptions are left out, but not what is only called so; everything else stays, sorted by type name."""
    rack, shelf = (built[0] / "types.jsonl").read_text("utf-8").splitlines()
    assert json.loads(rack) == RACK
    assert json.loads(shelf) == {
        "typeName": "Test::Library::Shelf",
        "properties": {
            "description": {"type": "string", "default": {"description": "kept"}},
            "Description": {"type": "string"},
            "properties": {"type": "object", "properties": {"Größe": {"type": "integer"}}},
            "Books": {"type": "array", "items": {"oneOf": [{"type": "string"}]}},
        },
        "definitions": {"description": {"type": "string"}},
        "primaryIdentifier": ["/properties/description"],
        "handlers": {"read": {"permissions": ["library:Read"]}},
    }


def test_index_counts_bytes(built: tuple[Path, Path]) -> None:
    """The index counts bytes, not characters."""
    rack, shelf = (built[0] / "types.jsonl").read_bytes().splitlines()
    assert json_file(built[0] / "index.json") == {
        "Test::Library::Rack": [0, len(rack)],
        "Test::Library::Shelf": [len(rack) + 1, len(shelf)],
    }


def test_origin_must_be_given(tmp_path: Path) -> None:
    """Without a wheel the script asks for what it cannot know."""
    run = build(tmp_path, tmp_path / "out", "--name", "library")
    assert run.returncode == 2
    assert run.stderr.splitlines()[-1] == (
        f"build_schema_bundle.py: error: {tmp_path} is not a wheel and says nothing of itself: "
        "give --version, --date, --licence"
    )


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "{source} holds no *.json schema; expected one file a type"),
        ({"a": "[]"}, "a.json in {source}: not a JSON object"),
        (
            {"a": json.dumps(RACK), "b": json.dumps(RACK)},
            "b.json in {source}: Test::Library::Rack is there twice; expected one file a type",
        ),
        (
            {"a": json.dumps({**RACK, "properties": 1})},
            "a.json in {source}: /properties of the schema of Test::Library::Rack is 1; expected an object",
        ),
    ],
    ids=["empty", "no object", "twice", "broken"],
)
def test_broken_source_writes_nothing(tmp_path: Path, files: dict[str, str], message: str) -> None:
    """A source with anything wrong in it ends the script before it writes."""
    source = tmp_path / "source"
    source.mkdir()
    for name, text in files.items():
        (source / f"{name}.json").write_text(text, "utf-8")
    run = build(source, tmp_path / "out", *FACTS)
    assert (run.returncode, run.stderr) == (
        1,
        f"build_schema_bundle.py: {message.replace('{source}', str(source))}\n",
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.zip", "{source} cannot be read: No such file or directory; expected a folder of *.json schemas, "),
        ("missing.whl", "[Errno 2] No such file or directory: '{source}'"),
    ],
)
def test_missing_source(tmp_path: Path, name: str, message: str) -> None:
    """A source that isn't there is named."""
    run = build(tmp_path / name, tmp_path / "out", *FACTS)
    assert run.returncode == 1
    assert run.stderr.startswith(f"build_schema_bundle.py: {message.replace('{source}', str(tmp_path / name))}")
