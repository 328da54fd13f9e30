"""The NextToken of a page: where its list goes on, and which list that is.

A token says nothing to its caller, and is good for the one list that it came from (C-11). What it belongs to isn't kept
anywhere: it is in the token, as a digest.
"""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.service.errors import validation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_cloudcontrol.service.errors import ServiceError

_DIGEST_BYTES: Final = 8
_DIGEST_LENGTH: Final = 12
"""That of eight bytes in base64, which always ends in ``=``: so no token is the name of a log group."""


def page_token(position: str, of: Sequence[object]) -> str:
    """Return the token of a page.

    Args:
        position: what the page ended with.
        of: what is listed: the operation, the account and region, and what the caller has chosen, as JSON has it.
    """
    belongs_to = json.dumps([*of, position], sort_keys=True).encode()
    digest = hashlib.blake2b(belongs_to, digest_size=_DIGEST_BYTES).digest()
    return base64.b64encode(digest).decode() + base64.b64encode(position.encode()).decode()


def position_of(token: str, of: Sequence[object]) -> str:
    """Return what the page ended with that a token came with.

    Raises:
        ServiceError: no page of this list has carried it.
    """
    with suppress(ValueError):  # no base64, or no text in it
        position = base64.b64decode(token[_DIGEST_LENGTH:], validate=True).decode()
        if page_token(position, of) == token:
            return position
    raise invalid_token(token)


def invalid_token(token: str) -> ServiceError:
    """Return the error for a token that isn't one of this list's (C-11)."""
    return validation(f"Invalid NextToken: {token}")
