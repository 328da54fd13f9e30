"""What comes and what goes, as HTTP has it, whichever library speaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from pytest_cloudcontrol.documents import compact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_cloudcontrol.documents import JSONValue

LARGEST_BODY: Final = 1024**3
"""How many bytes any body may have: an object of S3's, or the state of a world."""


class Readable(Protocol):
    """The body of a request, as WSGI has it."""

    def read(self, size: int, /) -> bytes:
        """Read up to so many bytes."""
        ...


class Incoming:
    """A request.

    Args:
        environ: as WSGI has it.
    """

    def __init__(self, environ: Mapping[str, object]) -> None:
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        """Return a variable of WSGI's; an empty text if there is none."""
        return str(self._environ.get(name, ""))

    def get(self, name: str, /) -> str | None:
        """Return a header's value, whatever case its name is written in; None if it isn't there."""
        key = name.upper().replace("-", "_")
        value = self._environ.get(key if key == "CONTENT_TYPE" else f"HTTP_{key}")
        return None if value is None else str(value)

    @property
    def path(self) -> str:
        """The path, without its escapes."""
        return self["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")  # WSGI has bytes as Latin 1

    @property
    def length(self) -> int:
        """How many bytes the body has; the library that speaks HTTP has refused what is no number."""
        return int(self["CONTENT_LENGTH"] or 0)

    def body(self) -> bytes:
        """Read the body."""
        stream: Readable = self._environ["wsgi.input"]  # type: ignore[assignment]  # WSGI says that it is one
        return stream.read(self.length) if self.length else b""


class Reply(NamedTuple):
    """An answer.

    Attributes:
        status: the HTTP status.
        content_type: the type of the body; empty if there is none.
        body: its bytes.
        headers: further headers.
    """

    status: int
    content_type: str = ""
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


def json_reply(document: JSONValue, status: int = 200) -> Reply:
    """Return an answer that is a JSON document."""
    return Reply(status, "application/json", compact(document).encode())
