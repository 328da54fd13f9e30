"""The errors that the API doesn't model: they come from the frameworks below it and the front end before it.

Of ThrottlingException the API's model has a shape, but its name space says that it comes from there too.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

VALIDATION: Final = "ValidationException"
SERIALIZATION: Final = "SerializationException"
THROTTLING: Final = "ThrottlingException"
UNKNOWN_OPERATION: Final = "UnknownOperationException"

_SERVICE: Final = "com.amazon.coral.service"
_AVAILABILITY: Final = "com.amazon.coral.availability"
_VALIDATE: Final = "com.amazon.coral.validate"


class Unmodelled(NamedTuple):
    """How an error that the API doesn't model is answered.

    Attributes:
        name_space: what stands before its name in ``__type``.
        status: the HTTP status.
        words: its usual words; None if they say who asked what, and so are different every time. InternalFailure comes
            without any.
        member: where the words are.
    """

    name_space: str = _SERVICE
    status: int = 400
    words: str | None = None
    member: str = "message"


UNMODELLED: Final[Mapping[str, Unmodelled]] = MappingProxyType(
    {
        VALIDATION: Unmodelled(_VALIDATE),  # W-7
        SERIALIZATION: Unmodelled(member="Message"),  # C-14
        UNKNOWN_OPERATION: Unmodelled(member="Message"),  # C-1
        "AccessDeniedException": Unmodelled(member="Message"),  # W-8
        THROTTLING: Unmodelled(_AVAILABILITY, words="Rate exceeded", member="Message"),  # W-8
        # The caller's credentials (W-15, C-40)
        "ExpiredTokenException": Unmodelled(words="The security token included in the request is expired"),
        "UnrecognizedClientException": Unmodelled(words="The security token included in the request is invalid."),
        "InvalidSignatureException": Unmodelled(
            words="The request signature we calculated does not match the signature you provided. Check your AWS "
            "Secret Access Key and signing method. Consult the service documentation for details."
        ),
        "IncompleteSignatureException": Unmodelled(),
        "MissingAuthenticationTokenException": Unmodelled(words="Missing Authentication Token"),
        # The service itself (W-16), and what its front end says for it (C-41)
        "InternalFailure": Unmodelled(status=500, words=""),
        "ServiceUnavailable": Unmodelled(status=503),
        "NotAuthorized": Unmodelled(status=401),
        "OptInRequired": Unmodelled(status=403),
        "RequestEntityTooLargeException": Unmodelled(status=413),
        "RequestExpired": Unmodelled(),
        "RequestTimeoutException": Unmodelled(status=408),
    }
)
