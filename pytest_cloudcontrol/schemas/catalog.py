"""The resource types that a world knows: AWS's own, which are bundled, and those that a test or its settings add."""

from __future__ import annotations

import functools
import json
import os
import re
from codecs import BOM_UTF8
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, cast

from pytest_cloudcontrol.arguments import OptionError, did_you_mean, shown
from pytest_cloudcontrol.documents import parse
from pytest_cloudcontrol.schemas.configuration import configured
from pytest_cloudcontrol.schemas.projects import schema_of_project
from pytest_cloudcontrol.schemas.recordings.facts import bundled_facts, merged
from pytest_cloudcontrol.schemas.resource_type import ResourceType, SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.schemas.recordings.facts import Facts

_DATA: Final = Path(__file__).with_name("data")
_EXPECTED_SOURCE: Final = "expected a folder of *.json schemas, or a zip of them such as AWS's CloudformationSchema.zip"
_EXPECTED_SCHEMA: Final = "expected a schema as a dict, or the path of a JSON file that holds one"

_BEGINNING_OF_AWS: Final = re.compile(rb'\s*\{\s*"typeName"\s*:\s*"(AWS::[A-Za-z0-9:]+)"')

_Stamp: TypeAlias = tuple[tuple[str, int, int], ...]
"""The name, time of change and size of each file of a source: while these stay the same, so does what was read."""


class Catalog:
    """The resource types that one world knows.

    Making one costs next to nothing: a type is read when it is first asked for, and since a type never changes, all
    catalogs share what was read.

    Args:
        source: a folder of ``*.json`` schemas, or a zip of them. Its types win over the bundled ones.

    Raises:
        SchemaError: (on first use) the source is missing or holds a broken schema.

    Example:
        >>> catalog = Catalog()
        >>> catalog.find("AWS::Logs::LogGroup").primary_identifier
        (('LogGroupName',),)
    """

    def __init__(self, source: Path | None = None) -> None:
        self._added: dict[str, list[AddedType]] = {}
        self._source = None if source is None else _Source(source)

    def find(self, type_name: str) -> ResourceType | None:
        """Return the type of that name: an added one before the source's, and that before the bundled one."""
        added = self._added.get(type_name)
        if added:
            return added[-1].versions[-1]
        from_source = None if self._source is None else self._source.find(type_name)
        return _bundled_type(type_name) if from_source is None else from_source

    def add(
        self, schema: Mapping[str, object] | str | Path, configuration: Mapping[str, object] | None = None
    ) -> AddedType:
        """Add a type to this catalog; it wins over any other of the same name.

        Args:
            schema: the schema itself, the path of a JSON file that holds it, or the folder of its project.
            configuration: the type's configuration, which its handlers are given.

        Raises:
            SchemaError: there is no such file, or it is no schema of a resource type.
            OptionError: the configuration isn't valid by the schema.
        """
        published = _content_of(Path(schema)) if isinstance(schema, str | Path) else _as_json(schema)
        resource_type = published.read()
        if configuration is not None:
            resource_type = configured(resource_type, configuration)
        return self._add(resource_type, published.text)

    def remove(self, added: AddedType) -> None:
        """Take an added type back: what was there before counts again. Once more does nothing."""
        there = self._added.get(added.type_name, [])
        there[:] = [kept for kept in there if kept is not added]
        if not there:
            self._added.pop(added.type_name, None)

    def _add(self, resource_type: ResourceType, published: str = "") -> AddedType:
        added = AddedType([resource_type], published)
        self._added.setdefault(added.type_name, []).append(added)
        return added

    def teach(self, type_name: str, facts: Facts) -> None:
        """Let a type know what recordings of its reads teach; that wins over what it knows already."""
        resource_type = self.named(type_name)
        known = resource_type.facts
        taught = replace(resource_type, facts=facts if known is None else merged(facts, known))
        if type_name in self._added:
            self._added[type_name][-1].versions.append(taught)
        else:
            self._add(taught)

    def named(self, type_name: str) -> ResourceType:
        """Return the type that a test has named.

        Raises:
            OptionError: there is none of that name; the message suggests the nearest.
        """
        resource_type = self.find(type_name) if isinstance(type_name, str) else None
        if resource_type is None:
            expected = "a known resource type (cloudcontrol.add_type adds one)"
            question = did_you_mean(type_name, self)
            raise OptionError("type_name", type_name, f"{expected}{'. ' if question else ''}{question}")
        return resource_type

    def __contains__(self, type_name: object) -> bool:
        return type_name in self._added or type_name in self._source_names() or type_name in _bundled_index()

    def __len__(self) -> int:
        return len(self._names())

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names()))

    def _names(self) -> set[str]:
        return {*self._added, *self._source_names(), *_bundled_index()}

    def _source_names(self) -> Mapping[str, str]:
        return {} if self._source is None else self._source.files


@dataclass(slots=True, eq=False)
class AddedType:
    """A type that was added to a catalog.

    Attributes:
        versions: the type as it was added, and then with each thing that recordings have taught; the last counts.
        published: its schema's text, as its author has published it; empty if it is one of those that are there anyway.
    """

    versions: list[ResourceType]
    published: str = ""

    @property
    def type_name(self) -> str:
        """The type's name."""
        return self.versions[0].type_name


class _Source:
    """A folder or a zip of schemas, looked at when it is first used."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @functools.cached_property
    def files(self) -> Mapping[str, str]:
        """The name of each type's file."""
        return _files_by_type(self._path, self._stamp)

    def find(self, type_name: str) -> ResourceType | None:
        file = self.files.get(type_name)
        return None if file is None else _type_from_source(self._path, self._stamp, file)

    @functools.cached_property
    def _stamp(self) -> _Stamp:
        try:
            return tuple(sorted(_states(self._path)))
        except OSError as error:
            raise SchemaError(f"{self._path} cannot be read: {error.strerror}; {_EXPECTED_SOURCE}") from error


def _states(source: Path) -> Iterator[tuple[str, int, int]]:
    """Yield the state of each file of a source; every test asks, and there may be thousands."""
    if not source.is_dir():
        state = source.stat()
        yield source.name, state.st_mtime_ns, state.st_size
        return
    with os.scandir(source) as files:  # which is several times as quick as Path.glob and stat
        for file in files:
            if file.name.endswith(".json"):
                state = file.stat()
                yield file.name, state.st_mtime_ns, state.st_size


def schema_files(source: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of every ``*.json`` file of a folder or a zip.

    Raises:
        SchemaError: the source is neither, or cannot be read.
    """
    from zipfile import BadZipFile, ZipFile

    try:
        if source.is_dir():
            for path in sorted(source.glob("*.json")):
                yield path.name, path.read_bytes()
        else:
            with ZipFile(source) as archive:
                for name in sorted(archive.namelist()):
                    # What else is in a zip made on a Mac begins with a dot.
                    if name.endswith(".json") and not name.rpartition("/")[2].startswith("."):
                        yield name, archive.read(name)
    except OSError as error:
        raise SchemaError(f"{source} cannot be read: {error.strerror}; {_EXPECTED_SOURCE}") from error
    except BadZipFile as error:
        raise SchemaError(f"{source} is neither a folder nor a zip; {_EXPECTED_SOURCE}") from error


@functools.cache
def _bundled_index() -> Mapping[str, tuple[int, int]]:
    """Where each bundled type begins in the data, and how long it is."""
    index = json.loads((_DATA / "index.json").read_bytes())
    return cast("Mapping[str, tuple[int, int]]", index)


def bundled_schema(type_name: str) -> JSONObject | None:
    """Return the schema of a bundled type, read anew; None if there is none."""
    place = _bundled_index().get(type_name)
    if place is None:
        return None
    offset, length = place
    with (_DATA / "types.jsonl").open("rb") as lines:
        lines.seek(offset)
        # Checked when the bundle was built; the checks of parse() would take twice as long again.
        return cast("JSONObject", json.loads(lines.read(length)))


@functools.cache
def _bundled_type(type_name: str) -> ResourceType | None:
    schema = bundled_schema(type_name)
    return None if schema is None else ResourceType.from_schema(schema, bundled_facts(type_name))


@functools.cache
def _files_by_type(source: Path, _stamp: _Stamp) -> Mapping[str, str]:
    """Learn the type name of every file of a source: the files may be called anything.

    The types of AWS's own come by the thousand, so each is checked when it is first used. All others are somebody's own
    and few: what is wrong with these is told at once.
    """
    files: dict[str, str] = {}
    for file, content in schema_files(source):
        type_name = _type_name(content, f"{file} in {source}")
        if type_name in files:
            both = f"{files[type_name]} and {file}"
            raise SchemaError(f"{source} has {type_name} in both {both}; expected one file a type")
        files[type_name] = file
    if not files:
        raise SchemaError(f"{source} holds no *.json file; {_EXPECTED_SOURCE}")
    return files


def _type_name(content: bytes, place: str) -> str:
    """Return the type name of a schema; if it isn't AWS's, check the whole schema."""
    # Nearly all of AWS's schemas begin with it, and to parse them all would take several times as long.
    beginning = _BEGINNING_OF_AWS.match(content)
    if beginning is not None:
        return beginning[1].decode()
    schema = _parsed(content, place)
    type_name = schema.get("typeName")
    is_of_aws = isinstance(type_name, str) and type_name.startswith("AWS::")
    return str(type_name) if is_of_aws else _checked_at(place, schema).type_name


@functools.cache
def _type_from_source(source: Path, _stamp: _Stamp, file: str) -> ResourceType:
    if source.is_dir():
        return _read((source / file).read_bytes(), f"{file} in {source}")
    from zipfile import ZipFile

    with ZipFile(source) as archive:
        return _read(archive.read(file), f"{file} in {source}")


class _Published(NamedTuple):
    """A schema as its author has published it: its text, and what reads it."""

    text: str
    read: Callable[[], ResourceType]


def _content_of(path: Path) -> _Published:
    if path.is_dir():
        path = schema_of_project(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SchemaError(f"{path} cannot be read: {error.strerror}; {_EXPECTED_SCHEMA}") from error
    text = content.removeprefix(BOM_UTF8).decode(errors="replace")  # what is no UTF-8 is no JSON, and refused
    return _Published(text, functools.partial(_read, content, str(path)))


def _read(content: bytes, place: str) -> ResourceType:
    return _checked_at(place, _parsed(content, place))


def _parsed(content: bytes, place: str) -> JSONObject:
    try:
        schema = parse(content.removeprefix(BOM_UTF8))
    except ValueError as error:
        raise SchemaError(f"{place} is not JSON: {error}") from error
    if not isinstance(schema, dict):
        raise SchemaError(f"{place} is not a JSON object; expected the schema of a resource type")
    return schema


def _checked_at(place: str, schema: JSONObject) -> ResourceType:
    try:
        return type_of_published(schema)
    except SchemaError as error:
        raise SchemaError(f"{place}: {error}") from error


def _as_json(schema: Mapping[str, object]) -> _Published:
    """Copy a caller's schema; what the caller does with it afterwards must not reach the type."""
    try:
        text = json.dumps(schema, allow_nan=False)
        copy = parse(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise SchemaError(f"{shown(schema)} is no JSON: {error}; {_EXPECTED_SCHEMA}") from None
    if not isinstance(copy, dict):
        raise SchemaError(f"{shown(schema)} is no schema; {_EXPECTED_SCHEMA}")
    # One of its own: what uses an added type is counted for that one.
    return _Published(text, lambda: replace(_type_of_text(text)))


@functools.lru_cache(maxsize=64)
def _type_of_text(text: str) -> ResourceType:
    """Make a type of a schema that tests add anew in each of their mocks; like a bundled type it never changes."""
    return type_of_published(cast("JSONObject", parse(text)))


def type_of_published(schema: JSONObject) -> ResourceType:
    """Make a type of a schema as its author has published it.

    Raises:
        SchemaError: something is wrong with it; the message says where.
    """
    from pytest_cloudcontrol.schemas.checking import check_schema
    from pytest_cloudcontrol.schemas.patterns import with_python_patterns

    check_schema(schema)
    translated = with_python_patterns(schema)
    translated.pop("type", None)  # "RESOURCE", which is no type of JSON's
    return ResourceType.from_schema(translated)
