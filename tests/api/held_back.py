"""Requests that a limit of concurrency holds back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shop import Shop

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl, ResourceRequest


def three(cloudcontrol: CloudControl, running: int = 1) -> list[ResourceRequest]:
    """Ask for three orders where so many are worked on at once."""
    cloudcontrol.limit_concurrency(running)
    shop = Shop(cloudcontrol)
    return [shop.create(name) for name in ("n1", "n2", "n3")]


def at_once(cloudcontrol: CloudControl) -> list[str]:
    """Return the status of every request."""
    return [request.status.value for request in cloudcontrol.requests]
