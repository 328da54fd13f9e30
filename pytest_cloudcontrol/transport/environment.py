"""What surrounds the clients: environment variables, and boto3's default session.

While a mock is active the environment has fake keys, no profile, and the mock's region: so clients that the code under
test makes need no settings of the machine, and no test depends on them. All is put back afterwards.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

FAKE_KEYS: Final = {
    "AWS_ACCESS_KEY_ID": "AKIAMOCKEDCLOUDCNTRL",
    "AWS_SECRET_ACCESS_KEY": "mocked",
    "AWS_SESSION_TOKEN": "mocked",
}
_REMOVED: Final = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")


@contextmanager
def surroundings(region: str) -> Iterator[None]:
    """Have fake keys, no profile and one region in the environment until the block ends."""
    changes: dict[str, str | None] = {**FAKE_KEYS, "AWS_DEFAULT_REGION": region, "AWS_REGION": region}
    changes |= dict.fromkeys(_REMOVED)
    before = {name: os.environ.get(name) for name in changes}
    default_session = _default_session()
    _set(changes)
    try:
        yield
    finally:
        _set(before)
        boto3 = sys.modules.get("boto3")
        if boto3 is not None:
            # One that was made inside has read the fake keys and would keep them.
            boto3.DEFAULT_SESSION = default_session  # type: ignore[attr-defined]  # sys.modules knows no attributes


def _default_session() -> object:
    return getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)


def _set(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
