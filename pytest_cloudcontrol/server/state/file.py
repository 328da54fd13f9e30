"""The file of a state: written whole or not at all, and kept where it can't be read or somebody else has written it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_cloudcontrol.documents import compact, parse
from pytest_cloudcontrol.server.state.parts import StateError
from pytest_cloudcontrol.server.state.state import go_on, restore, state_of

if TYPE_CHECKING:
    from pytest_cloudcontrol.backend import Backend


class SavedBeside(RuntimeError):
    """A world was written to another file than it should be.

    Attributes:
        path: that file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"another, such as a second server, has written it since it was read. This world is in {path}")


def restore_from(path: Path, backend: Backend, rate: float) -> str:
    """Go on with the world of a file, if there is one, from now; what fell due meanwhile is done in order.

    Args:
        path: the file.
        backend: whose world it is to be.
        rate: how many seconds of mock time have passed in a second of real time.

    Returns:
        What tells the file from another one, for ``write_to``.

    Raises:
        StateError: the file is broken, and stays as it is; or none could be written there at the end.
        OSError: it can't be read.
    """
    folder = path.resolve().parent
    if not os.access(folder, os.W_OK):
        raise StateError(f"{path} could not be written at the end: {folder} is no folder that can be written to")
    if path.is_dir():
        raise StateError(f"{path} is a folder: expected a file, or a name for one")
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return ""
    try:
        document = parse(text)
        if not isinstance(document, dict):
            raise StateError("it holds no JSON object")
        restore(backend, document)
        go_on(backend, document, rate)
    except ValueError as error:
        raise StateError(f"{path} is no state that can be restored, and was left as it is: {error}") from None
    return _digest(text)


def write_to(path: Path, backend: Backend, before: str) -> None:
    """Write a world to a file, in place of what is there; whoever reads it sees the one or the other, whole.

    Args:
        path: the file.
        backend: whose world it is.
        before: what told the file from another one when it was read.

    Raises:
        NotSaved: the world has what no state can have; the file stays as it is.
        SavedBeside: somebody else has written the file since; it stays as it is, and the world is beside it.
        OSError: the file can't be written; it stays as it is, too.
    """
    text = compact(state_of(backend))
    path = path.resolve()  # where a link leads to
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            if _digest(path.read_bytes()) != before:
                raise SavedBeside(beside)
            beside.chmod(path.stat().st_mode & 0o777)
        beside.replace(path)
    except SavedBeside:
        raise
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
