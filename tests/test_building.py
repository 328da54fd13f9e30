"""The script that builds the bundle of schemas."""

from __future__ import annotations

import gzip
import json
import runpy
import subprocess
import sys
import tarfile
import unicodedata
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, NamedTuple

import pytest
from files import ROOT, json_object

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_cloudcontrol.documents import JSONObject

SCRIPT = ROOT / "tools" / "build_schema_bundle.py"

SHELF: JSONObject = {
    "typeName": "Test::Library::Shelf",
    "description": "A shelf.",
    "properties": {
        "description": {"type": "string", "description": "What stands on it.", "default": {"description": "kept"}},
        "Description": {"type": "string", "description": "The same.", "pattern": r"^[\w-.]\/"},
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


TEMPLATES: JSONObject = {
    "schema": {
        "resource": {
            "entities": [
                {"cloudFormationType": "Test::Library::Shelf", "arnTemplate": "arn:${Partition}:library:::${Room}"},
                {"cloudFormationType": "Test::Library::Rack"},
                {"cloudFormationType": "Test::Library::Book", "arnTemplate": "arn:${Partition}:library:::${Title}"},
            ]
        }
    }
}
PACKAGE: JSONObject = {"name": "@library/spec", "version": "0.3", "license": "BSD-3-Clause"}


class Run(NamedTuple):
    """How the script ended, and what it said of what is wrong."""

    returncode: int
    stderr: str


def build(source: Path, output: Path, *facts: str) -> Run:
    """Run the script as a developer does, but in this process."""
    errors = StringIO()
    with pytest.MonkeyPatch.context() as monkeypatch, redirect_stdout(StringIO()), redirect_stderr(errors):
        monkeypatch.setattr(sys, "argv", [str(SCRIPT), str(source), "--output", str(output), *facts])
        try:
            runpy.run_path(str(SCRIPT), run_name="__main__")
        except SystemExit as end:
            if not isinstance(end.code, str):
                return Run(end.code or 0, errors.getvalue())
            return Run(1, f"{errors.getvalue()}{end.code}\n")  # as Python itself ends
    return Run(0, errors.getvalue())


def build_elsewhere(source: Path, output: Path, *facts: str) -> Run:
    """Run the script in a process of its own, in which sets and the like have another order."""
    command = [sys.executable, str(SCRIPT), str(source), "--output", str(output), *facts]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return Run(run.returncode, run.stderr)


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
    """Build a bundle twice from a small source of each kind: in another process, and in this one."""
    source, facts = source_of(request.param, tmp_path_factory.mktemp("source"))
    first, second = (tmp_path_factory.mktemp("bundle") for _ in range(2))
    runs = [build_elsewhere(source, first, *facts), build(source, second, *facts)]
    assert runs == [Run(0, ""), Run(0, "")]
    return first, second


def test_building_is_reproducible(built: tuple[Path, Path]) -> None:
    """The same source gives the same bytes twice."""
    first, second = map(contents, built)
    assert first == second
    assert sorted(first) == ["SOURCE.json", "index.json", "types.jsonl"]


def test_origin_is_recorded(built: tuple[Path, Path]) -> None:
    """What a wheel says of itself, and the command line of any other source, is recorded with the numbers of types."""
    assert json_object(built[0] / "SOURCE.json") == {
        "name": "my-library",
        "version": "7.1",
        "date": "2026-03-04",
        "licence": "MIT",
        "types": 2,
        "types_with_handlers": 1,
        "unicode": unicodedata.unidata_version,
    }


def test_command_line_wins(tmp_path: Path) -> None:
    """What the command line says of a wheel goes before what the wheel says."""
    wheel, _ = source_of("wheel", tmp_path)
    build(wheel, tmp_path / "out", "--name", "better")
    source = json_object(tmp_path / "out" / "SOURCE.json")
    assert (source["name"], source["version"]) == ("better", "7.1")


def test_schemas(built: tuple[Path, Path]) -> None:
    """Descriptions are left out, but not what is only called so; patterns are Python's; everything else stays."""
    rack, shelf = (built[0] / "types.jsonl").read_text("utf-8").splitlines()
    assert json.loads(rack) == RACK
    assert json.loads(shelf) == {
        "typeName": "Test::Library::Shelf",
        "properties": {
            "description": {"type": "string", "default": {"description": "kept"}},
            "Description": {"type": "string", "pattern": r"^[\w\-.]/"},
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
    assert json_object(built[0] / "index.json") == {
        "Test::Library::Rack": [0, len(rack)],
        "Test::Library::Shelf": [len(rack) + 1, len(shelf)],
    }


def npm_package(folder: Path, files: dict[str, bytes]) -> Path:
    """Make an npm package."""
    package = folder / "library-spec-0.3.tgz"
    with tarfile.open(package, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            archive.addfile(member, BytesIO(content))
    return package


def with_arn_templates(folder: Path, packed: bool, *facts: str) -> Run:
    """Build a bundle whose Arns come from an npm package, or from the file in it."""
    wheel, _ = source_of("wheel", folder)
    database = gzip.compress(json.dumps(TEMPLATES).encode())
    templates = folder / "db.json.gz"
    templates.write_bytes(database)
    if packed:
        templates = npm_package(folder, {"db.json.gz": database, "package.json": json.dumps(PACKAGE).encode()})
    return build(wheel, folder / "out", "--arn-templates", str(templates), *facts)


@pytest.mark.parametrize("packed", [True, False], ids=["package", "file"])
def test_arn_templates_are_added(tmp_path: Path, packed: bool) -> None:
    """The form of a type's Arn becomes the last keyword of its schema; its origin is recorded."""
    facts = {"date": "2026-05-06"} | ({} if packed else {"name": "@library/spec", "version": "0.3", "licence": "MIT"})
    options = [option for fact, value in facts.items() for option in (f"--arn-templates-{fact}", value)]
    run = with_arn_templates(tmp_path, packed, *options)
    assert (run.returncode, run.stderr) == (0, "")
    rack, shelf = (tmp_path / "out" / "types.jsonl").read_text("utf-8").splitlines()
    assert json.loads(rack) == RACK
    assert shelf.endswith(',"arnTemplate":"arn:${Partition}:library:::${Room}"}')
    assert json_object(tmp_path / "out" / "SOURCE.json")["arn_templates"] == {
        "name": "@library/spec",
        "version": "0.3",
        "date": "2026-05-06",
        "licence": "BSD-3-Clause" if packed else "MIT",
        "types": 1,
    }


@pytest.mark.parametrize(
    ("packed", "missing"),
    [
        (True, "--arn-templates-date"),
        (
            False,
            "--arn-templates-name, --arn-templates-version, --arn-templates-date, --arn-templates-licence",
        ),
    ],
    ids=["package", "file"],
)
def test_origin_of_arn_templates_must_be_given(tmp_path: Path, packed: bool, missing: str) -> None:
    """The script asks for what the source of the Arns doesn't say of itself; an npm package has no date."""
    run = with_arn_templates(tmp_path, packed)
    assert run.returncode == 2
    assert run.stderr.splitlines()[-1].endswith(f" doesn't say everything of itself: give {missing}")


def test_other_npm_package(tmp_path: Path) -> None:
    """An npm package without the forms of Arns is refused."""
    wheel, _ = source_of("wheel", tmp_path)
    package = npm_package(tmp_path, {"package.json": json.dumps(PACKAGE).encode()})
    run = build(wheel, tmp_path / "out", "--arn-templates", str(package), "--arn-templates-date", "2026-05-06")
    message = f"{package} holds no package/db.json.gz; expected the npm package @aws-cdk/aws-service-spec"
    assert (run.returncode, run.stderr) == (1, f"build_schema_bundle.py: {message}\n")


def test_origin_must_be_given(tmp_path: Path) -> None:
    """Without a wheel the script asks for what it cannot know."""
    run = build(tmp_path, tmp_path / "out", "--name", "library")
    assert run.returncode == 2
    assert run.stderr.splitlines()[-1] == (
        f"build_schema_bundle.py: error: {tmp_path} doesn't say everything of itself: give --version, --date, --licence"
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
            "a.json in {source}: /properties of the schema of Test::Library::Rack is 1; expected an object of schemas",
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
