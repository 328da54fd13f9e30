"""One account and region of a mocked Cloud Control."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.controls.moving import UNTIL_IDLE, run_until_idle, step_earliest
from pytest_cloudcontrol.controls.requests import Requests
from pytest_cloudcontrol.controls.resources import Resources

if TYPE_CHECKING:
    from pytest_cloudcontrol.controls.request import ResourceRequest
    from pytest_cloudcontrol.controls.requests import Handles
    from pytest_cloudcontrol.vocabulary import Scope


class ScopedCloudControl:
    """One account and region of a mocked Cloud Control.

    Attributes:
        key: the account and region, as a pair.
    """

    __slots__ = ("_handles", "key")

    def __init__(self, handles: Handles, key: Scope) -> None:
        self._handles = handles
        self.key = key

    @property
    def requests(self) -> Requests:
        """The requests made in it, oldest first."""
        return Requests(self._handles, self.key)

    @property
    def resources(self) -> Resources:
        """What exists in it."""
        return Resources(self._handles.backend, self.key)

    def step(self) -> ResourceRequest | None:
        """Make the earliest due handler call of a request in it; None when nothing is due.

        Example:
            ```python
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            assert cloudcontrol.scope(region="eu-west-1").step() is None
            assert cloudcontrol.scope().step() is cloudcontrol.requests.last
            ```
        """
        return step_earliest(self._handles, self.key)

    def run_until_idle(self, max_steps: int = UNTIL_IDLE) -> int:
        """Make handler calls until nothing is due in it any more, and return how many they were.

        What falls due elsewhere on the way is left overdue.

        Args:
            max_steps: how many handler calls at most, of all requests together.

        Raises:
            StatusNotReached: so many were not enough.
            OptionError: max_steps isn't a positive whole number.

        Example:
            ```python
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            cloudcontrol.client("eu-west-1").create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            assert cloudcontrol.scope(region="eu-west-1").run_until_idle() == 2
            assert [request.status for request in cloudcontrol.requests] == ["IN_PROGRESS", "SUCCESS"]
            ```
        """
        return run_until_idle(self._handles, max_steps, self.key)
