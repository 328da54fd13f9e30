"""Clients by how they retry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

    Mode: TypeAlias = Literal["legacy", "standard", "adaptive"]

ONCE: Final = Config(retries={"total_max_attempts": 1})
"""No retries: each call of the code is one try."""


STANDARD: Final = Config(retries={"mode": "standard", "total_max_attempts": 3})
"""The retries that the newest botocore has by default; the oldest tries more often, which takes more mock time."""


def standard(cloudcontrol: CloudControl) -> CloudControlApiClient:
    """Return a client that retries in the same way in each botocore."""
    return cloudcontrol.client(config=STANDARD)


def once(cloudcontrol: CloudControl, region: str | None = None, account_id: str | None = None) -> CloudControlApiClient:
    """Return a client that tries once."""
    return cloudcontrol.client(region, account_id, config=ONCE)


def codes(cloudcontrol: CloudControl) -> list[str | None]:
    """Return how each try was answered: with an error of this code, or with none."""
    return [call.error_code for call in cloudcontrol.calls]
