"""One account and region of a mocked Cloud Control."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.views.requests import Requests
from pytest_cloudcontrol.views.resources import Resources

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.requests.request import ResourceRequest
    from pytest_cloudcontrol.service.world import World
    from pytest_cloudcontrol.vocabulary import Scope


class ScopedCloudControl:
    """One account and region of a mocked Cloud Control.

    Attributes:
        key: the account and region.
    """

    __slots__ = ("_world", "key")

    def __init__(self, world: Callable[[], World], key: Scope) -> None:
        self._world = world
        self.key = key

    @property
    def requests(self) -> Requests:
        """The requests made in it, oldest first."""
        return Requests([request for request in self._world().registry.requests if request.scope == self.key])

    @property
    def resources(self) -> Resources:
        """What exists in it."""
        return Resources(self._world, self.key)

    def step(self) -> ResourceRequest | None:
        """Make the earliest due handler call of a request in it; None when nothing is due."""
        return self._world().runner.step_any(self.key)

    def run_until_idle(self, max_steps: int = 1000) -> int:
        """Make handler calls until nothing is due in it any more, and return how many they were.

        Raises:
            StatusNotReached: so many were not enough.
        """
        return self._world().runner.run_until_idle(max_steps, self.key)
