"""The order in which AWS shows the properties of a resource: that of a Java hash map.

The models recorded from AWS have it, at the top and inside: a log group's nine properties begin with
``FieldIndexPolicies``, ``RetentionInDays``, ``BearerTokenAuthenticationEnabled``; the six of a bucket with
``BucketName``, ``RegionalDomainName``, ``DomainName``; and a tag has its ``Value`` before its ``Key``. Neither order is
the schema's, the alphabet's or the caller's. So the order says something of AWS, not of these types, and is taken to be
that of all [choice] (G-7).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from pytest_cloudcontrol.schemas.validation.java import hash_map_order

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue


def in_shown_order(model: JSONObject) -> JSONObject:
    """Return a copy of a resource's properties in the order in which AWS shows them.

    Example:
        >>> in_shown_order({"Tags": [{"Key": "team", "Value": "a"}], "LogGroupName": "orders"})
        {'LogGroupName': 'orders', 'Tags': [{'Value': 'a', 'Key': 'team'}]}
    """
    return {name: _ordered(model[name]) for name in _order(tuple(model))}


@functools.lru_cache(1024)
def _order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(hash_map_order(names))


def _ordered(value: JSONValue) -> JSONValue:
    if isinstance(value, dict):
        return in_shown_order(value)
    return [_ordered(item) for item in value] if isinstance(value, list) else value
