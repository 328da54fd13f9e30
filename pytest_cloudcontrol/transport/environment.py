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
_REMOVED: Final = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL_CLOUDCONTROL")


@contextmanager
def clean_environment(region: str) -> Iterator[None]:
    """Have fake keys, no profile and one region in the environment until the block ends."""
    changes: dict[str, str | None] = {**FAKE_KEYS, "AWS_DEFAULT_REGION": region, "AWS_REGION": region}
    changes["AWS_EC2_METADATA_DISABLED"] = "true"  # or a client may ask over the network where it is
    changes |= dict.fromkeys(_REMOVED)
    before = {name: os.environ.get(name) for name in changes}
    default_session = _set_default_session(None)
    _set(changes)
    try:
        yield
    finally:
        _set(before)
        _set_default_session(default_session)


def _set_default_session(session: object) -> object:
    """Set boto3's default session and return the one before, which shall not come to know the fake keys."""
    boto3 = sys.modules.get("boto3")
    if boto3 is None:
        return None
    before = getattr(boto3, "DEFAULT_SESSION", None)
    boto3.DEFAULT_SESSION = session  # type: ignore[attr-defined]  # sys.modules knows no attributes
    return before


def _set(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
