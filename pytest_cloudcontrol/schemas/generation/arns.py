"""Arns: of the resource itself by the template that AWS publishes for its type, of others by their names (G-3)."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.schemas.generation.known import HEXADECIMAL
from pytest_cloudcontrol.schemas.generation.made_in import partition_of
from pytest_cloudcontrol.schemas.generation.meanings import kebab
from pytest_cloudcontrol.schemas.recorded import OTHER_ARNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.schemas.generation.known import KnownOf

_USUAL: Final = (
    "arn:${Partition}:${Service}:${Region}:${Account}:${Kind}/${Label}",
    "arn:${Partition}:${Service}:${Region}:${Account}:${Kind}:${Label}",
    "arn:${Partition}:${Service}:${Region}:${Account}:${JoinedKind}/${Label}",
    "arn:${Partition}:${Service}:${Region}:${Account}:${JoinedKind}:${Label}",
    "arn:${Partition}:${Service}:${Region}:${Account}:${Label}",
    "arn:${Partition}:${Service}::${Account}:${Kind}/${Label}",
    "arn:${Partition}:${Service}:${Region}::${Kind}/${Label}",
    "arn:${Partition}:${Service}:::${Kind}/${Label}",
)
"""The forms of Arns, the usual one first; the others are for schemas whose pattern refuses it."""

_SERVICE_IN_PATTERN: Final = re.compile(r"arn:.*?:([a-z][a-z0-9-]+):")


def arns(known: KnownOf, stem: str, pattern: str, *, is_identifier: bool) -> Iterator[str]:
    """Yield the Arns that a property may hold, the likeliest first.

    Args:
        known: what is known of the resource.
        stem: what the property's name says the Arn is of.
        pattern: the property's pattern; empty if it has none.
        is_identifier: whether the Arn identifies the resource.
    """
    kind = known.resource_type.kind
    is_own = is_identifier or stem == "Resource" or kind.lower().endswith(stem.lower())
    form = known.resource_type.arn_template if is_own else _of_another(stem)
    more = {} if is_own else {"Label": known.characters(HEXADECIMAL, 17)}
    if form is not None:
        yield known.filled(form, more)
    subject = kind if is_own else stem
    more |= {"Kind": kebab(subject), "JoinedKind": subject.lower()}
    service = _SERVICE_IN_PATTERN.search(pattern)
    if service is not None:
        more["Service"] = service[1]
    for usual in _USUAL:
        yield known.filled(usual, more)


def like(text: str, known: KnownOf) -> Iterator[str]:
    """Yield the Arns nearest to one that only its pattern has made, and at last that text itself.

    A pattern leaves its partition, service, region and account open; here are the resource's own instead. They end
    where the sixth part begins, or before it the first that has a ``/``, if the pattern is not so precise.
    """
    parts = text.split(":")
    if parts[0] == "arn" and len(parts) > 2:
        here = known.made_in
        start = next((index for index, part in enumerate(parts[:5]) if "/" in part), 5)
        region = here.region if start < 5 or parts[3:4] != [""] else ""
        account = here.account_id if start < 5 or parts[4:5] != [""] else ""
        for service in (known.arn_service(), parts[2]):
            yield ":".join(("arn", partition_of(here.region), service, region, account, *parts[start:]))
    yield text


@functools.cache
def _of_another(stem: str) -> str | None:
    return next((form for kind, form in OTHER_ARNS.items() if stem.endswith(kind)), None)
