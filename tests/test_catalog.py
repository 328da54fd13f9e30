"""The catalog: which resource types a world knows, where they come from, and which of two of one name wins."""

from __future__ import annotations

import copy
import json
import math
import zipfile
from typing import TYPE_CHECKING, cast

import pytest

from pytest_cloudcontrol.arguments import nearest
from pytest_cloudcontrol.schemas.catalog import Catalog
from pytest_cloudcontrol.schemas.patterns import python_pattern
from pytest_cloudcontrol.schemas.resource_type import SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_cloudcontrol.documents import JSONObject

SHELF: JSONObject = {
    "typeName": "Test::Library::Shelf",
    "properties": {"Name": {"type": "string"}},
    "primaryIdentifier": ["/properties/Name"],
}
SHELF_WITHOUT_NAME = {keyword: value for keyword, value in SHELF.items() if keyword != "typeName"}
NO_NAME = (
    "/typeName of the schema is missing; "
    "expected three parts of 2 to 64 letters and digits such as MyCompany::Storage::Bucket"
)
CIRCLE: JSONObject = {}
CIRCLE["a"] = CIRCLE
NO_SOURCE = "expected a folder of *.json schemas, or a zip of them such as AWS's CloudformationSchema.zip"


# The catalog


def test_finds_bundled_types() -> None:
    """AWS's own types are there, and catalogs share them."""
    log_group = Catalog().find("AWS::Logs::LogGroup")
    assert log_group is not None
    assert log_group.primary_identifier == (("LogGroupName",),)
    assert Catalog().find("AWS::Logs::LogGroup") is log_group


def test_finds_no_unknown_type() -> None:
    """A type that nobody added isn't there."""
    assert Catalog().find("Test::Library::Shelf") is None
    assert "Test::Library::Shelf" not in Catalog()


@pytest.mark.parametrize("as_argument", [lambda path: path, str], ids=["Path", "str"])
def test_adds_a_file(tmp_path: Path, as_argument: Callable[[Path], Path | str]) -> None:
    """A type can be added from a JSON file."""
    file = tmp_path / "shelf.json"
    file.write_text(json.dumps(SHELF), "utf-8")
    catalog = Catalog()
    assert catalog.find("Test::Library::Shelf") is not catalog.add(as_argument(file)).versions[0]
    assert "Test::Library::Shelf" in catalog


def test_added_type_wins() -> None:
    """An added type wins over a bundled one, in this catalog only."""
    catalog = Catalog()
    added = catalog.add({**SHELF, "typeName": "AWS::S3::Bucket"}).versions[0]
    assert catalog.find("AWS::S3::Bucket") is added
    assert Catalog().find("AWS::S3::Bucket") is not added
    assert len(catalog) == len(Catalog())


def test_added_schema_is_copied() -> None:
    """What the caller does with a schema after adding it changes nothing."""
    mine = copy.deepcopy(SHELF)
    added = Catalog().add(mine).versions[0]
    mine["properties"] = {}
    assert added.property_schema(("Name",)) == {"type": "string"}


def test_patterns_become_those_of_python() -> None:
    """The patterns of an added schema, which are Java's, are translated, wherever they stand."""
    labels: JSONObject = {"patternProperties": {"^a$": {"pattern": "^b$"}}}
    handlers: JSONObject = {"list": {"handlerSchema": {"properties": {"Name": {"pattern": "^c$"}}}}}
    properties: JSONObject = {"Name": {"pattern": "^d$"}, "Labels": labels}
    added = Catalog().add({**SHELF, "properties": properties, "handlers": handlers}).versions[0]
    assert added.property_schema(("Name",)) == {"pattern": python_pattern("^d$")}
    assert added.property_schema(("Labels",)) == {
        "patternProperties": {python_pattern("^a$"): {"pattern": python_pattern("^b$")}}
    }
    assert added.schema["handlers"] == {
        "list": {"handlerSchema": {"properties": {"Name": {"pattern": python_pattern("^c$")}}}}
    }


def test_type_of_the_whole() -> None:
    """A schema may say that it is one of a resource, as the registry's do; that isn't a type of values."""
    added = Catalog().add({**SHELF, "type": "RESOURCE"}).versions[0]
    assert added.validator.violations({"Name": "a"}) == []


def test_iterates_over_sorted_names() -> None:
    """Iterating gives every type name once, sorted."""
    catalog = Catalog()
    catalog.add(SHELF)
    names = list(catalog)
    assert names == sorted(set(names))
    assert "Test::Library::Shelf" in names
    assert len(names) == len(catalog) == len(Catalog()) + 1


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("AWS::Logs::Loggroup", "AWS::Logs::LogGroup"),
        ("aws::s3::bucket", "AWS::S3::Bucket"),
        ("AWS::S3::Bukcet", "AWS::S3::Bucket"),
        ("xyzzy", None),
    ],
)
def test_nearest(wrong: str, expected: str | None) -> None:
    """A misspelt type name is recognised."""
    assert nearest(wrong, Catalog()) == expected


def test_adding_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A path that leads nowhere is named, with what could stand there."""
    with pytest.raises(SchemaError) as refused:
        Catalog().add(tmp_path / "shelf.json")
    assert str(refused.value) == (
        f"{tmp_path / 'shelf.json'} cannot be read: No such file or directory; "
        "expected a schema as a dict, or the path of a JSON file that holds one"
    )


def test_adding_what_is_no_schema_is_refused() -> None:
    """A value that is neither a schema nor a path is shown, with what could stand there."""
    with pytest.raises(SchemaError) as refused:
        Catalog().add(cast("JSONObject", [SHELF["typeName"]]))
    assert str(refused.value) == (
        "['Test::Library::Shelf'] is no schema; expected a schema as a dict, or the path of a JSON file that holds one"
    )


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        pytest.param({"typeName": {1}}, "{'typeName': {1}} is no JSON: Object of type set is not JSON serializable"),
        pytest.param(
            {"typeName": math.nan}, "{'typeName': nan} is no JSON: Out of range float values are not JSON compliant"
        ),
        pytest.param(CIRCLE, "{'a': {...}} is no JSON: Circular reference detected"),
    ],
    ids=["set", "nan", "circle"],
)
def test_adding_what_is_no_json_is_refused(schema: JSONObject, message: str) -> None:
    """A dict that can't be written as JSON is refused, however it is made."""
    with pytest.raises(SchemaError) as refused:
        Catalog().add(schema)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("levels", [201, 100_000])
def test_adding_too_deep_a_schema_is_refused(levels: int) -> None:
    """A schema that is nested too deeply to be followed is refused like any other wrong one."""
    deep: JSONObject = {}
    for _ in range(levels):
        deep = {"a": deep}
    with pytest.raises(SchemaError, match=r" is no JSON: .*; expected a schema as a dict"):
        Catalog().add(deep)


def test_adding_a_broken_schema_is_refused() -> None:
    """The whole of an added schema is checked."""
    with pytest.raises(SchemaError) as refused:
        Catalog().add({**SHELF, "properties": {"Name": {"minLength": "1"}}})
    assert str(refused.value) == (
        '/properties/Name/minLength of the schema of Test::Library::Shelf is "1"; expected a whole number, 0 or more'
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "{path} is not a JSON object; expected the schema of a resource type"),
        ("{", "{path} is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("{}", f"{{path}}: {NO_NAME}"),
    ],
)
def test_adding_a_broken_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """A file that holds no schema is named, with what is wrong in it."""
    file = tmp_path / "shelf.json"
    file.write_text(text, "utf-8")
    with pytest.raises(SchemaError) as refused:
        Catalog().add(file)
    assert str(refused.value) == message.replace("{path}", str(file))


# A catalog's own source


def folder_of(path: Path, **files: str) -> Path:
    """Write a folder of JSON files."""
    path.mkdir()
    for name, text in files.items():
        (path / f"{name}.json").write_text(text, "utf-8")
    return path


def zip_of(path: Path, **files: str) -> Path:
    """Write a zip of JSON files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.json", text)
    return path


SOURCES = pytest.mark.parametrize("source_of", [folder_of, zip_of], ids=["folder", "zip"])


@SOURCES
def test_source_wins_over_the_bundle(tmp_path: Path, source_of: Callable[..., Path]) -> None:
    """A source adds types and replaces bundled ones, whatever its files are called."""
    bucket = json.dumps({**SHELF, "typeName": "AWS::S3::Bucket"})
    catalog = Catalog(source_of(tmp_path / "source", one=json.dumps(SHELF), two=bucket))
    assert "Test::Library::Shelf" in catalog
    assert len(catalog) == len(Catalog()) + 1
    from_source = catalog.find("AWS::S3::Bucket")
    assert from_source is not None
    assert from_source.primary_identifier == (("Name",),)
    assert catalog.find("AWS::Logs::LogGroup") is Catalog().find("AWS::Logs::LogGroup")


@SOURCES
def test_catalogs_share_a_source(tmp_path: Path, source_of: Callable[..., Path]) -> None:
    """Two catalogs of the same source read it once."""
    source = source_of(tmp_path / "source", shelf=json.dumps(SHELF))
    assert Catalog(source).find("Test::Library::Shelf") is Catalog(source).find("Test::Library::Shelf")


@SOURCES
def test_changed_source_is_read_again(tmp_path: Path, source_of: Callable[..., Path]) -> None:
    """A catalog made after its source has changed sees the change."""
    old = source_of(tmp_path / "old", shelf=json.dumps(SHELF))
    assert "Test::Library::Shelf" in Catalog(old)
    source_of(tmp_path / "new", rack=json.dumps({**SHELF, "typeName": "Test::Library::Rack"}))
    old.rename(tmp_path / "gone")
    (tmp_path / "new").rename(old)
    assert "Test::Library::Shelf" not in Catalog(old)


@SOURCES
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(json.dumps({**SHELF, "typeName": "AWS::Library::Shelf"}), id="first"),
        pytest.param(json.dumps({"title": "Shelf", **SHELF, "typeName": "AWS::Library::Shelf"}), id="later"),
        pytest.param(' {\n"typeName"\t:"AWS::Library::Shelf",' + json.dumps(SHELF_WITHOUT_NAME)[1:], id="spaces"),
    ],
)
def test_type_name_at_any_place(tmp_path: Path, source_of: Callable[..., Path], text: str) -> None:
    """A type of AWS's is found in a source wherever in its schema its name stands."""
    catalog = Catalog(source_of(tmp_path / "source", any_name=text))
    assert "AWS::Library::Shelf" in catalog
    found = catalog.find("AWS::Library::Shelf")
    assert found is not None
    assert found.type_name == "AWS::Library::Shelf"


@SOURCES
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"typeName": "AWS::Library::Shelf", "properties": {',
            (
                "shelf.json in {source} is not JSON: "
                "Expecting property name enclosed in double quotes: line 1 column 52 (char 51)"
            ),
        ),
        (
            '{"title": "Shelf", "typeName": "AWS::Library::Shelf", "properties": {}}',
            (
                "shelf.json in {source}: /primaryIdentifier of the schema of AWS::Library::Shelf is missing; "
                "expected a list of property pointers such as /properties/Name, with at least one in it"
            ),
        ),
    ],
    ids=["no JSON", "no schema"],
)
def test_broken_type_of_aws(tmp_path: Path, source_of: Callable[..., Path], text: str, message: str) -> None:
    """AWS's types, which come by the thousand, are checked one by one when they are first used."""
    source = source_of(tmp_path / "source", shelf=text)
    catalog = Catalog(source)
    assert catalog.find("AWS::Logs::LogGroup") is Catalog().find("AWS::Logs::LogGroup")
    with pytest.raises(SchemaError) as refused:
        catalog.find("AWS::Library::Shelf")
    assert str(refused.value) == message.replace("{source}", str(source))


@SOURCES
@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"shelf": "{"},
            (
                "shelf.json in {source} is not JSON: "
                "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"
            ),
        ),
        ({"shelf": "[]"}, "shelf.json in {source} is not a JSON object; expected the schema of a resource type"),
        (
            {"shelf": json.dumps({**SHELF, "required": "Name"})},
            (
                'shelf.json in {source}: /required of the schema of Test::Library::Shelf is "Name"; '
                "expected a list of property names"
            ),
        ),
        ({"shelf": "{}"}, f"shelf.json in {{source}}: {NO_NAME}"),
        (
            {"rack": json.dumps(SHELF), "shelf": json.dumps(SHELF)},
            "{source} has Test::Library::Shelf in both rack.json and shelf.json; expected one file a type",
        ),
        ({}, f"{{source}} holds no *.json file; {NO_SOURCE}"),
    ],
    ids=["no JSON", "no object", "broken", "no name", "twice", "empty"],
)
def test_broken_source(tmp_path: Path, source_of: Callable[..., Path], files: dict[str, str], message: str) -> None:
    """A broken source is named when it is first used."""
    source = source_of(tmp_path / "source", **files)
    catalog = Catalog(source)
    with pytest.raises(SchemaError) as refused:
        catalog.find("AWS::Logs::LogGroup")
    assert str(refused.value) == message.replace("{source}", str(source))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "{source} cannot be read: No such file or directory"),
        ("no zip", "{source} is neither a folder nor a zip"),
    ],
)
def test_source_that_is_none(tmp_path: Path, content: str | None, message: str) -> None:
    """A source that is missing, or neither a folder nor a zip, is named."""
    source = tmp_path / "source"
    if content is not None:
        source.write_text(content, "utf-8")
    with pytest.raises(SchemaError) as refused:
        list(Catalog(source))
    assert str(refused.value) == f"{message.replace('{source}', str(source))}; {NO_SOURCE}"


def test_files_with_a_byte_order_mark(tmp_path: Path) -> None:
    """A file may begin with a byte order mark, as some editors write it."""
    path = tmp_path / "shelf.json"
    path.write_text(json.dumps(SHELF), "utf-8-sig")
    assert Catalog().add(path).type_name == "Test::Library::Shelf"


def test_zip_made_on_a_mac(tmp_path: Path) -> None:
    """What else a Mac puts into a zip is no schema."""
    path = tmp_path / "schemas.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("shelf.json", json.dumps(SHELF))
        archive.writestr("__MACOSX/._shelf.json", b"\x00\x05\x16\x07")
    assert "Test::Library::Shelf" in Catalog(path)
