"""The folder of a resource type's project, as AWS's ``cfn init`` makes it, and the schema in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import parse
from pytest_cloudcontrol.schemas.resource_type import SchemaError

if TYPE_CHECKING:
    from pathlib import Path

_SETTINGS: Final = ".rpdk-config"
_RESOURCE: Final = "RESOURCE"
_EXPECTED: Final = (
    f"expected the folder of a type's project, with a {_SETTINGS} whose typeName says which file has the schema, "
    "or with one *.json file"
)


def schema_of_project(folder: Path) -> Path:
    """Return the file that has the schema of a project: the one that its settings name, or the only one there is.

    Raises:
        SchemaError: the settings can't be read or aren't a resource type's, or there are several files, or none.
    """
    settings = folder / _SETTINGS
    named = folder / _file_name(settings) if settings.is_file() else None
    if named is not None and named.is_file():
        return named
    found = sorted(path.name for path in folder.glob("*.json"))
    if len(found) == 1:
        return folder / found[0]
    wanted = "" if named is None else f"no {named.name}, which {_SETTINGS} names, and "
    there = f"several *.json files ({', '.join(found)})" if found else "no *.json file"
    raise SchemaError(f"{folder} has {wanted}{there}; {_EXPECTED}")


def _file_name(settings: Path) -> str:
    """Return the name of the file that has the schema: the type's, in small letters, with dashes."""
    try:
        document = parse(settings.read_bytes())
    except (OSError, ValueError) as error:
        raise SchemaError(f"{settings} cannot be read as JSON: {error}; {_EXPECTED}") from error
    members = document if isinstance(document, dict) else {}
    type_name = members.get("typeName")
    if not isinstance(type_name, str):
        raise SchemaError(f"{settings} has no typeName; {_EXPECTED}")
    kind = members.get("artifact_type", _RESOURCE)  # which older projects don't say
    if kind != _RESOURCE:
        way_out = "; add_hook takes the Hook of its handlers" if kind == "HOOK" else ""
        raise SchemaError(f"{settings} is of the {kind} {type_name}, which is no resource type{way_out}; {_EXPECTED}")
    return f"{type_name.replace('::', '-').lower()}.json"
