"""Write the bundle of AWS's resource type schemas that the plugin carries.

The schemas come from the PyPI package ``c7n-awscc``, which holds them as AWS's registry publishes them; the forms of
the types' ARNs come from the npm package ``@aws-cdk/aws-service-spec``. Both are Apache-2.0::

    pip download --no-deps c7n-awscc
    npm pack @aws-cdk/aws-service-spec
    python tools/build_schema_bundle.py c7n_awscc-*.whl \
        --arn-templates aws-cdk-aws-service-spec-*.tgz --arn-templates-date 2026-09-29

AWS publishes the same schemas as ``CloudformationSchema.zip``; such a zip, or a folder of ``*.json`` files, is taken
too, and the command line then says what a wheel says of itself::

    python tools/build_schema_bundle.py CloudformationSchema.zip \
        --name CloudformationSchema --version us-east-1 --date 2026-10-01 --licence "see AWS"

Three files are written. ``types.jsonl`` has a type a line, sorted by name: its schema without the documentation, with
patterns translated to Python's, and with the form of its ARN as the last keyword, ``arnTemplate``. ``index.json`` says
at which byte each type begins and how many bytes it has. ``SOURCE.json`` says where everything comes from, and with
which version of Unicode the patterns were translated. The same sources and the same Python give the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tarfile
import unicodedata
from dataclasses import asdict, dataclass
from email.parser import Parser
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile

from pytest_cloudcontrol.documents import compact, parse
from pytest_cloudcontrol.schemas.catalog import schema_files, type_of_published
from pytest_cloudcontrol.schemas.resource_type import SchemaError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

DATA: Final = Path(__file__).parents[1] / "pytest_cloudcontrol" / "schemas" / "data"

FACTS: Final = ("name", "version", "date", "licence")
# Under these keywords a key is a name that the schema's author chose, not a keyword.
NAMES: Final = frozenset({"properties", "patternProperties", "definitions", "dependencies"})
# Under these keywords stand values, not schemas.
VALUES: Final = frozenset({"const", "default", "enum", "examples"})


@dataclass(frozen=True)
class Origin:
    """Where data of the bundle comes from."""

    name: str
    version: str
    date: str
    licence: str


@dataclass(frozen=True)
class ArnTemplates:
    """What the ARNs of each type look like, and where that comes from."""

    by_type: dict[str, str]
    origin: Origin


def main(arguments: Sequence[str] | None = None) -> None:
    """Build the bundle as the command line says."""
    parser = argparse.ArgumentParser(description="Write the bundle of AWS's resource type schemas.")
    parser.add_argument("source", type=Path, help="a c7n-awscc wheel, a zip of *.json schemas, or a folder of them")
    parser.add_argument("--output", type=Path, default=DATA, help="the folder to write to (default: the plugin's own)")
    parser.add_argument("--arn-templates", type=Path, help="an aws-service-spec npm package, or its db.json.gz")
    for fact in FACTS:
        parser.add_argument(f"--{fact}", help=f"the {fact} of the source; a wheel says it itself")
        parser.add_argument(f"--arn-templates-{fact}", help=f"the {fact} of the arn templates")
    options = parser.parse_args(arguments)
    try:
        origin = origin_of(options.source, parser, options)
        types = read_types(options.source)
        templates = None
        if options.arn_templates is not None:
            origin_of_templates = origin_of(options.arn_templates, parser, options, "arn-templates-")
            templates = ArnTemplates(read_arn_templates(options.arn_templates), origin_of_templates)
    except (OSError, BadZipFile, tarfile.TarError, SchemaError) as error:
        sys.exit(f"{parser.prog}: {error}")
    write_bundle(types, origin, templates, options.output)
    print(f"{options.output}: {len(types)} types")


def origin_of(source: Path, parser: argparse.ArgumentParser, options: argparse.Namespace, prefix: str = "") -> Origin:
    """Put together what the command line and the source itself say of the source; the command line wins."""
    facts = facts_of(source)
    for fact in FACTS:
        if (given := getattr(options, f"{prefix}{fact}".replace("-", "_"))) is not None:
            facts[fact] = given
    if missing := [f"--{prefix}{fact}" for fact in FACTS if fact not in facts]:
        parser.error(f"{source} doesn't say everything of itself: give {', '.join(missing)}")
    return Origin(**facts)


def facts_of(source: Path) -> dict[str, str]:
    """Read a source's own account of itself: a wheel says everything, an npm package everything but its date."""
    if is_wheel(source):
        return facts_of_wheel(source)
    if is_npm_package(source):
        package = json.loads(file_of(source, "package/package.json"))
        return {"name": package["name"], "version": package["version"], "licence": package["license"]}
    return {}


def facts_of_wheel(wheel: Path) -> dict[str, str]:
    """Read a wheel's own account of itself; its date is that of its youngest file."""
    with ZipFile(wheel) as archive:
        metadata_name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(metadata_name).decode())
        year, month, day = max(member.date_time for member in archive.infolist())[:3]
    return {
        "name": metadata["Name"].replace("_", "-"),
        "version": metadata["Version"],
        "date": f"{year}-{month:02}-{day:02}",
        "licence": metadata["License-Expression"],
    }


def is_wheel(source: Path) -> bool:
    """Tell whether a source is a wheel, which says itself what it is."""
    return source.suffix == ".whl"


def is_npm_package(source: Path) -> bool:
    """Tell whether a source is an npm package, in which every file has the same meaningless date."""
    return source.suffix == ".tgz"


def file_of(package: Path, name: str) -> bytes:
    """Read a file of an npm package.

    Raises:
        SchemaError: the package has no such file.
    """
    with tarfile.open(package) as archive:
        file = archive.extractfile(name) if name in archive.getnames() else None
        if file is None:
            raise SchemaError(f"{package} holds no {name}; expected the npm package @aws-cdk/aws-service-spec")
        return file.read()


def read_arn_templates(source: Path) -> dict[str, str]:
    """Read what the ARNs of each type look like, such as ``arn:${Partition}:sns:${Region}:${Account}:${TopicName}``.

    Args:
        source: the npm package ``@aws-cdk/aws-service-spec``, or the ``db.json.gz`` in it.
    """
    compressed = file_of(source, "package/db.json.gz") if is_npm_package(source) else source.read_bytes()
    database = json.loads(gzip.decompress(compressed))
    resources = database["schema"]["resource"]["entities"]
    return {
        resource["cloudFormationType"]: resource["arnTemplate"] for resource in resources if "arnTemplate" in resource
    }


def read_types(source: Path) -> list[ResourceType]:
    """Read every schema of a source, without its documentation and with Python's patterns, sorted by type name.

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
            resource_type = type_of_published(without_documentation(schema))
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


def write_bundle(types: Sequence[ResourceType], origin: Origin, templates: ArnTemplates | None, output: Path) -> None:
    """Write the three files of a bundle."""
    index: JSONObject = {}
    lines = bytearray()
    for resource_type in types:
        schema = resource_type.schema
        if templates is not None and resource_type.type_name in templates.by_type:
            schema = schema | {"arnTemplate": templates.by_type[resource_type.type_name]}
        line = compact(schema).encode()
        index[resource_type.type_name] = [len(lines), len(line)]
        lines += line + b"\n"
    facts: dict[str, object] = asdict(origin) | {
        "types": len(types),
        "types_with_handlers": sum(resource_type.is_provisionable for resource_type in types),
        "unicode": unicodedata.unidata_version,
    }
    if templates is not None:
        with_template = sum(resource_type.type_name in templates.by_type for resource_type in types)
        facts["arn_templates"] = asdict(templates.origin) | {"types": with_template}
    output.mkdir(parents=True, exist_ok=True)
    (output / "types.jsonl").write_bytes(lines)
    (output / "index.json").write_bytes(compact(index).encode() + b"\n")
    (output / "SOURCE.json").write_bytes(json.dumps(facts, indent=2).encode() + b"\n")


if __name__ == "__main__":
    main()
