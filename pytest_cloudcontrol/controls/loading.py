"""Files that ``resources.load`` takes: those that ``resources.dump`` has written, and recordings of AWS's own reads."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_cloudcontrol.arguments import OptionError
from pytest_cloudcontrol.documents import parse
from pytest_cloudcontrol.resources.identifiers import primary_of
from pytest_cloudcontrol.resources.store import Resource
from pytest_cloudcontrol.schemas.recordings.recording import recordings_of, uncompressed

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONValue
    from pytest_cloudcontrol.schemas.catalog import Catalog
    from pytest_cloudcontrol.schemas.recordings.facts import Facts
    from pytest_cloudcontrol.schemas.recordings.recording import Recording

FORMAT: Final = "pytest-cloudcontrol resources, version 1"
_EXPECTED: Final = "a file that resources.dump() has written"


class Loaded(NamedTuple):
    """What a file has.

    Attributes:
        resources: what is to be placed.
        facts: what its recordings teach, by the type.
    """

    resources: list[Resource]
    facts: dict[str, Facts]


def loaded_from(path: Path | str, catalog: Catalog) -> Loaded:
    """Return what a file has.

    Raises:
        OptionError: it is neither of the two, or a type in it isn't known.
    """
    try:
        content = uncompressed(Path(path).read_bytes())
        if _has_recordings(content):
            return _of_recordings(path, content, catalog)
        document = parse(content)
    except OptionError:
        raise
    except (OSError, ValueError) as error:
        raise OptionError("path", str(path), f"{_EXPECTED} ({error})") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise OptionError("path", str(path), f"{_EXPECTED}, of the format {FORMAT!r}")
    return Loaded([_resource_of(item, path, catalog) for item in _list(document.get("resources"))], {})


def _resource_of(item: JSONValue, path: Path | str, catalog: Catalog) -> Resource:
    if isinstance(item, dict):
        type_name, identifier, properties = item.get("type_name"), item.get("identifier"), item.get("properties")
        if isinstance(type_name, str) and isinstance(identifier, str) and isinstance(properties, dict):
            primary = catalog.named(type_name).primary_identifier
            if primary_of(properties, primary) == identifier:
                return Resource(type_name, identifier, properties)
    expected = f"type_name, identifier and properties for each resource, not {item!r}"
    raise OptionError("path", str(path), expected)


def _has_recordings(content: bytes) -> bool:
    """Whether the first line is a recording: a JSON object with a ``read``."""
    try:
        first = parse(content.lstrip().partition(b"\n")[0])
    except ValueError:  # the first line of a JSON text that goes on
        return False
    return isinstance(first, dict) and "read" in first


def _of_recordings(path: Path | str, content: bytes, catalog: Catalog) -> Loaded:
    from pytest_cloudcontrol.schemas.recordings.lessons import facts_of  # who loads no recordings doesn't pay for it

    by_type: dict[str, list[Recording]] = defaultdict(list)
    try:
        recordings = list(recordings_of(content, str(path)))
    except ValueError as error:
        raise OptionError("path", str(path), f"recordings, each a JSON object in a line of its own ({error})") from None
    for recording in recordings:
        by_type[catalog.named(recording.type_name).type_name].append(recording)
    taught = {name: facts_of(catalog.named(name).schema, of_type) for name, of_type in by_type.items()}
    facts = {name: of_type for name, of_type in taught.items() if of_type is not None}
    resources = [_recorded(recording, path, catalog) for of_type in by_type.values() for recording in of_type]
    return Loaded(resources, facts)


def _recorded(recording: Recording, path: Path | str, catalog: Catalog) -> Resource:
    """Return the resource that a recording shows."""
    primary = catalog.named(recording.type_name).primary_identifier
    identifier = primary_of(recording.read, primary)
    if identifier is None:
        names = ", ".join("/".join(parts) for parts in primary)
        expected = f"recordings whose `read` has the identifier ({names} of {recording.type_name})"
        raise OptionError("path", str(path), expected)
    return Resource(recording.type_name, identifier, recording.read)


def _list(value: JSONValue) -> list[JSONValue]:
    return value if isinstance(value, list) else [value]
