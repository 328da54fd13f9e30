"""Write the bundle of AWS's resource type schemas that the plugin carries.

The schemas come from the PyPI package ``c7n-awscc`` (Apache-2.0), which holds them as AWS's registry publishes them::

    pip download --no-deps c7n-awscc
    python tools/build_schema_bundle.py c7n_awscc-*.whl

AWS publishes the same files as ``CloudformationSchema.zip``; such a zip, or a folder of ``*.json`` files, is taken too,
and the command line then says what a wheel says of itself::

    python tools/build_schema_bundle.py CloudformationSchema.zip \
        --name CloudformationSchema --version us-east-1 --date 2026-10-01 --licence "see AWS"

Three files are written: ``types.jsonl`` has a type a line, sorted by name and without the documentation;
``index.json`` says at which byte each type begins and how many bytes it has; ``SOURCE.json`` says where it comes from.
The same source always gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass, replace
from email.parser import Parser
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile

from pytest_cloudcontrol.documents import compact, parse
from pytest_cloudcontrol.schemas.catalog import schema_files
from pytest_cloudcontrol.schemas.resource_type import ResourceType, SchemaError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.documents import JSONObject, JSONValue

DATA: Final = Path(__file__).parents[1] / "pytest_cloudcontrol" / "schemas" / "data"

FACTS: Final = ("name", "version", "date", "licence")
# Under these keywords a key is a name that the schema's author chose, not a keyword.
NAMES: Final = frozenset({"properties", "patternProperties", "definitions", "dependencies"})
# Under these keywords stand values, not schemas.
VALUES: Final = frozenset({"const", "default", "enum", "examples"})


@dataclass(frozen=True)
class Origin:
    """Where a bundle's schemas come from."""

    name: str
    version: str
    date: str
    licence: str


def main(arguments: Sequence[str] | None = None) -> None:
    """Build the bundle as the command line says."""
    parser = argparse.ArgumentParser(description="Write the bundle of AWS's resource type schemas.")
    parser.add_argument("source", type=Path, help="a c7n-awscc wheel, a zip of *.json schemas, or a folder of them")
    parser.add_argument("--output", type=Path, default=DATA, help="the folder to write to (default: the plugin's own)")
    for fact in FACTS:
        parser.add_argument(f"--{fact}", help=f"the {fact} of the source; a wheel says it itself")
    options = parser.parse_args(arguments)
    given: dict[str, str] = {fact: value for fact in FACTS if (value := getattr(options, fact)) is not None}
    missing = [] if is_wheel(options.source) else [f"--{fact}" for fact in FACTS if fact not in given]
    if missing:
        parser.error(f"{options.source} is not a wheel and says nothing of itself: give {', '.join(missing)}")
    try:
        origin = replace(origin_of_wheel(options.source), **given) if is_wheel(options.source) else Origin(**given)
        types = read_types(options.source)
    except (OSError, BadZipFile, SchemaError) as error:
        sys.exit(f"{parser.prog}: {error}")
    write_bundle(types, origin, options.output)
    print(f"{options.output}: {len(types)} types")


def is_wheel(source: Path) -> bool:
    """Tell whether a source is a wheel, which says itself what it is."""
    return source.suffix == ".whl"


def origin_of_wheel(wheel: Path) -> Origin:
    """Read a wheel's own account of itself; its date is that of its youngest file."""
    with ZipFile(wheel) as archive:
        metadata_name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(metadata_name).decode())
        year, month, day = max(member.date_time for member in archive.infolist())[:3]
    return Origin(
        name=metadata["Name"].replace("_", "-"),
        version=metadata["Version"],
        date=f"{year}-{month:02}-{day:02}",
        licence=metadata["License-Expression"],
    )


def read_types(source: Path) -> list[ResourceType]:
    """Read every schema of a source, without its documentation, sorted by type name.

    Raises:
        SchemaError: the source holds no schema, one that is broken, or two of the same type.
    """
    types: dict[str, ResourceType] = {}
    for name, content in schema_files(source):
        # Besides its schemas a wheel holds an index of its Python classes.
        if is_wheel(source) and name.endswith("/index.json"):
            continue
        try:
            schema = parse(content)
            if not isinstance(schema, dict):
                raise SchemaError("not a JSON object")
            resource_type = ResourceType.from_schema(without_documentation(schema))
        except ValueError as error:
            raise SchemaError(f"{name} in {source}: {error}") from error
        if resource_type.type_name in types:
            raise SchemaError(f"{name} in {source}: {resource_type.type_name} is there twice; expected one file a type")
        types[resource_type.type_name] = resource_type
    if not types:
        raise SchemaError(f"{source} holds no *.json schema; expected one file a type")
    return [types[name] for name in sorted(types)]


def without_documentation(schema: JSONObject) -> JSONObject:
    """Return a copy of a schema without the ``description`` keywords; a property of that name stays."""
    return {
        keyword: _part_without_documentation(keyword, value)
        for keyword, value in schema.items()
        if not (keyword == "description" and isinstance(value, str))
    }


def _part_without_documentation(keyword: str, value: JSONValue) -> JSONValue:
    if keyword in VALUES:
        return value
    if isinstance(value, list):
        return [without_documentation(item) if isinstance(item, dict) else item for item in value]
    if not isinstance(value, dict):
        return value
    if keyword in NAMES:
        return {name: without_documentation(part) if isinstance(part, dict) else part for name, part in value.items()}
    return without_documentation(value)


def write_bundle(types: Sequence[ResourceType], origin: Origin, output: Path) -> None:
    """Write the three files of a bundle."""
    index: JSONObject = {}
    lines = bytearray()
    for resource_type in types:
        line = compact(resource_type.schema).encode()
        index[resource_type.type_name] = [len(lines), len(line)]
        lines += line + b"\n"
    facts = asdict(origin) | {
        "types": len(types),
        "types_with_handlers": sum(resource_type.is_provisionable for resource_type in types),
    }
    output.mkdir(parents=True, exist_ok=True)
    (output / "types.jsonl").write_bytes(lines)
    (output / "index.json").write_bytes(compact(index).encode() + b"\n")
    (output / "SOURCE.json").write_bytes(json.dumps(facts, indent=2).encode() + b"\n")


if __name__ == "__main__":
    main()
