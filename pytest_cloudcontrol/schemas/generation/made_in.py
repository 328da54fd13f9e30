"""Where and when a resource is made: what every made-up value may speak of."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

_PARTITIONS: Final = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
    "us-iso-": ("aws-iso", "c2s.ic.gov"),
    "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
    "eu-isoe-": ("aws-iso-e", "cloud.adc-e.uk"),
    "us-isof-": ("aws-iso-f", "csp.hci.ic.gov"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
}
"""The partition and the domain of the regions whose names begin like this; all others are in ``aws``."""


@dataclass(frozen=True)
class MadeIn:
    """Where and when a resource is made; ``now`` is aware and in UTC."""

    account_id: str
    region: str
    now: datetime


def partition_of(region: str) -> str:
    """Return the partition that a region belongs to, such as ``aws`` or ``aws-cn``."""
    return _partition_and_domain(region)[0]


def domain_of(region: str) -> str:
    """Return the domain that the region's host names end in, such as ``amazonaws.com``."""
    return _partition_and_domain(region)[1]


@functools.lru_cache(64)
def _partition_and_domain(region: str) -> tuple[str, str]:
    found = (names for prefix, names in _PARTITIONS.items() if region.startswith(prefix))
    return next(found, ("aws", "amazonaws.com"))
