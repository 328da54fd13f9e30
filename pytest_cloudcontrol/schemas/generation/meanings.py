"""What the names of properties and types say about their values."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import PropertyPath
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

_MEANING: Final = re.compile(
    r"""
      (?P<arn>       A(?:rn|RN) )$
    | (?P<moment>    (?:Time|[Tt]imestamp|TimeStamp|Date|LastModified|(?<=[a-z])At|(?<=[a-z])On) )$
    | (?P<account>   (?:Account(?:I[dD])?|OwnerI[dD]) )$
    | (?P<region>    Region(?:Name)? )$
    | (?P<zone>      AvailabilityZone )$
    | (?P<address>   I[pP](?:Address)? )$
    | (?P<network>   Cidr(?:Block)? )$
    | (?P<url>       U(?:rl|RL|ri|RI) )$
    | (?P<host>      (?:Domain(?:Name)?|D(?:ns|NS)(?:Name)?|Host[nN]ame|Endpoint|Address) )$
    | (?P<state>     (?:Status|State) )$
    | (?P<message>   (?:Status|State|Failure|Error)(?:Message|Reason|Details?|Description) )$
    | (?P<number>    (?:Version|Number|Count|Port|Progress) )$
    | (?P<uuid>      U(?:uid|UID) )$
    | (?P<id>        (?:I[dD]|Identifier) )$
    | (?P<name>      Name )$
    """,
    re.VERBOSE,
)
"""What the end of a property's name says about its value."""

_WORD_START: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@functools.cache
def meaning_of(name: str) -> tuple[str, str]:
    """Return what the end of a property's name says about its value, and what stands before that.

    Example:
        >>> meaning_of("BookCaseId")
        ('id', 'BookCase')
        >>> meaning_of("Keeper")
        ('', 'Keeper')
    """
    found = _MEANING.search(name)
    return ("", name) if found is None else (found.lastgroup or "", name[: found.start()])


@functools.cache
def kebab(name: str) -> str:
    """Return a name's words in lower case with hyphens between them, such as ``log-group``."""
    return _WORD_START.sub("-", name).lower()


def own_names(resource_type: ResourceType) -> tuple[PropertyPath, ...]:
    """Return the properties that may hold the name of a resource that is identified by its Arn."""
    kind = resource_type.kind
    return ((f"{kind}Name",), ("Name",), (f"{kind}Id",), ("Id",))
