"""What the handler needs of the services behind Cloud Control: their native calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.vocabulary import Scope


class ServiceRefusal(Exception):
    """A service has refused a native call.

    Attributes:
        code: the service's own, such as ``NoSuchBucket``.
        message: its words.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message}")


class Services(Protocol):
    """The services of every account and region."""

    def call(self, scope: Scope, service: str, operation: str, members: Mapping[str, object]) -> JSONObject:
        """Make a native call.

        Args:
            scope: the account and region.
            service: what boto3 calls the service, such as ``sqs``.
            operation: the name of the client's method, such as ``create_queue``.
            members: its arguments.

        Returns:
            The answer, as JSON has it: instants as ISO 8601 text, bytes as text.

        Raises:
            ServiceRefusal: the service has refused it.
        """
        ...

    def pages(self, scope: Scope, service: str, operation: str, members: Mapping[str, object]) -> Iterable[JSONObject]:
        """Make a native call, and yield all pages of its answer."""
        ...

    def reset(self) -> None:
        """Begin anew, unless the test itself holds what is behind the services."""
        ...
