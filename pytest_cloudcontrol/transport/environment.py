"""What surrounds the clients: environment variables, and boto3's default session.

While a mock is active the environment has fake keys, no profile, the mock's region, and nothing of how clients retry:
so clients that the code under test makes need no settings of the machine, and no test depends on them. All is put back
afterwards, except what somebody else has set or put back meanwhile: that is theirs.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.transport.patches import Patches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.transport.patches import Method

FAKE_KEYS: Final = {
    "AWS_ACCESS_KEY_ID": "AKIAMOCKEDCLOUDCNTRL",
    "AWS_SECRET_ACCESS_KEY": "mocked",
    "AWS_SESSION_TOKEN": "mocked",
}
_REMOVED: Final = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ENDPOINT_URL_CLOUDCONTROL",
    "AWS_RETRY_MODE",
    "AWS_MAX_ATTEMPTS",
    "AWS_DEFAULTS_MODE",  # which says the retry mode too, and may ask the metadata service
)
_DEFAULT_SESSION: Final = "DEFAULT_SESSION"  # which a type checker doesn't see in a module from sys.modules


@contextmanager
def clean_environment(region: str) -> Iterator[None]:
    """Have fake keys, no profile, one region, botocore's own retries and no default session until the block ends."""
    changes: dict[str, str | None] = {**FAKE_KEYS, "AWS_DEFAULT_REGION": region, "AWS_REGION": region}
    changes["AWS_EC2_METADATA_DISABLED"] = "true"  # or a client may ask over the network where it is
    changes |= dict.fromkeys(_REMOVED)
    with _default_session_set_aside(), _variables(changes):
        yield


@contextmanager
def _variables(changes: dict[str, str | None]) -> Iterator[None]:
    """Have variables changed; None is without. Those that have another value at the end are left as they are."""
    found = {name: os.environ.get(name) for name in changes}
    before = {name: value for name, value in found.items() if value != changes[name]}
    _set({name: changes[name] for name in before})
    try:
        yield
    finally:
        _set({name: value for name, value in before.items() if os.environ.get(name) == changes[name]})


def _set(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@contextmanager
def _default_session_set_aside() -> Iterator[None]:
    """Have boto3 make its default session anew: the one before shall not come to know the fake keys.

    One that is made inside has read them, and goes. Any other that is found at the end somebody has put back.
    """
    boto3 = sys.modules.get("boto3")
    if boto3 is None:  # then whatever session there will be is made inside
        try:
            yield
        finally:
            if (imported := sys.modules.get("boto3")) is not None:
                setattr(imported, _DEFAULT_SESSION, None)
        return
    made: list[object] = [None]

    def noting(original: Method) -> Method:
        def setup_default_session(*arguments: object, **named: object) -> None:
            original(*arguments, **named)
            made.append(getattr(boto3, _DEFAULT_SESSION))

        return setup_default_session

    before = getattr(boto3, _DEFAULT_SESSION)
    setattr(boto3, _DEFAULT_SESSION, None)
    patches = Patches()
    patches.replace(boto3, "setup_default_session", noting)
    try:
        yield
    finally:
        patches.undo()
        if getattr(boto3, _DEFAULT_SESSION) in made:
            setattr(boto3, _DEFAULT_SESSION, before)
