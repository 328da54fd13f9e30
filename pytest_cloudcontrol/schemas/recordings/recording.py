"""Recordings: what a read handler has shown, beside what was declared; one JSON object a line."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_cloudcontrol.documents import parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_cloudcontrol.documents import JSONObject, JSONValue

_GZIP: Final = b"\x1f\x8b"
DEFAULT_REGION: Final = "us-east-1"


class Recording(NamedTuple):
    """One read.

    Attributes:
        type_name: of which type.
        declared: the desired state that the resource was made with; None if nobody noted it.
        read: what GetResource showed.
        region: where.
        unknown: pointers to properties of which it says nothing, such as ``/Tags``.
        is_whole: whether it is all that was shown, of a resource that nobody has changed since its creation.
        identifier: the resource's, if it was noted.
    """

    type_name: str
    declared: JSONObject | None
    read: JSONObject
    region: str
    unknown: frozenset[str]
    is_whole: bool
    identifier: str | None


def recording_of(document: JSONValue) -> Recording:
    """Return a recording out of its JSON object.

    Raises:
        ValueError: it isn't one; the message says what is missing.
    """
    members = document if isinstance(document, dict) else {}
    type_name, declared, read = members.get("type"), members.get("declared"), members.get("read")
    if not isinstance(type_name, str) or not isinstance(read, dict) or not isinstance(declared, dict | None):
        raise ValueError(
            "a recording has `type`, a text; `read`, an object; and `declared`, an object or null, "
            f"and not {str(document)[:200]}"
        )
    region, unknown, identifier = members.get("region"), members.get("unknown") or [], members.get("identifier")
    if not isinstance(unknown, list):
        raise ValueError(f"the `unknown` of a recording is a list of pointers, and not {str(unknown)[:200]}")
    return Recording(
        type_name,
        declared,
        read,
        region if isinstance(region, str) else DEFAULT_REGION,
        frozenset(map(str, unknown)),
        not members.get("trimmed") and not members.get("changed_behind"),
        identifier if isinstance(identifier, str) else None,
    )


def recordings_in(path: Path) -> Iterator[Recording]:
    """Yield the recordings of a file, which may be compressed by gzip.

    Raises:
        ValueError: a line is no recording; the message says which.
    """
    yield from recordings_of(uncompressed(path.read_bytes()), str(path))


def uncompressed(content: bytes) -> bytes:
    """Return the content of a file that may be compressed by gzip.

    Raises:
        ValueError: it begins like such a file, but is broken.
    """
    if not content.startswith(_GZIP):
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"it is no whole gzip file: {error}") from None


def recordings_of(content: bytes, place: str) -> Iterator[Recording]:
    """Yield the recordings of a file's content.

    Raises:
        ValueError: a line is no recording; the message says which, and of which place.
    """
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            try:
                yield recording_of(parse(line))
            except ValueError as error:
                raise ValueError(f"line {number} of {place}: {error}") from None
