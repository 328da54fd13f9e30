"""Requests as a sequence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from pytest_cloudcontrol.requests.request import ResourceRequest


class Requests(Sequence["ResourceRequest"]):
    """Requests, oldest first."""

    def __init__(self, requests: Sequence[ResourceRequest]) -> None:
        self._requests = requests

    @property
    def last(self) -> ResourceRequest:
        """The latest request.

        Raises:
            LookupError: no request has been made.
        """
        if not self._requests:
            raise LookupError(
                "no request has been made yet: no CreateResource, UpdateResource or DeleteResource was called"
            )
        return self._requests[-1]

    @overload
    def __getitem__(self, index: int) -> ResourceRequest: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[ResourceRequest]: ...

    def __getitem__(self, index: int | slice) -> ResourceRequest | Sequence[ResourceRequest]:
        return self._requests[index]

    def __len__(self) -> int:
        return len(self._requests)

    def __repr__(self) -> str:
        return repr(list(self._requests))
