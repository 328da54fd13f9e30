"""Remembers the parts of the header User-Agent, which botocore puts together anew at every call.

The parts say what runs where, and seldom change. Up to version 1.44.5 botocore looks at each of their letters again
whenever it makes a call, which takes a tenth of the call. So what it makes of a part is kept; what the header says
stays as it is.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import botocore.useragent

if TYPE_CHECKING:
    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.transport.patches import Method, Patches

_SANITIZE: Final = "sanitize_user_agent_string_component"
_PLAIN: Final[Method] = getattr(botocore.useragent, _SANITIZE)
_REMEMBERING: Final = functools.lru_cache(maxsize=512)(_PLAIN)
"""A call has thirty parts, those of all clients of a process not many more."""


def put_in(patches: Patches, backend: Backend) -> None:  # noqa: ARG001  # every part is put in with the same two
    """Look at each part once, unless somebody else does it in another way."""

    def remembering(original: Method) -> Method:
        return _REMEMBERING if original is _PLAIN else original

    patches.replace(botocore.useragent, _SANITIZE, remembering)
