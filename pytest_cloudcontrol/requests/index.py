"""The requests of an account and region by operation and status, newest first: what ListResourceRequests pages through.

A request changes its status a few times and is listed in the order of acceptance, and there may be a million of them.
So each status keeps its requests in blocks of consecutive ones: changing a status moves one entry between two small
dictionaries, and a page sorts only the few blocks that it touches.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pytest_cloudcontrol.requests.request import ResourceRequest
    from pytest_cloudcontrol.vocabulary import Operation, OperationStatus

_BLOCK_BITS: Final = 8
_Blocks: TypeAlias = "dict[int, dict[int, ResourceRequest]]"


class StatusIndex:
    """The unexpired requests of an account and region."""

    def __init__(self) -> None:
        self._blocks: defaultdict[tuple[Operation, OperationStatus], _Blocks] = defaultdict(dict)

    def add(self, request: ResourceRequest) -> None:
        """Put a request in, under its present status."""
        blocks = self._blocks[request.operation, request.status]
        block = blocks.get(request.order >> _BLOCK_BITS)
        if block is None:
            block = blocks[request.order >> _BLOCK_BITS] = {}
        block[request.order] = request

    def remove(self, request: ResourceRequest, status: OperationStatus) -> None:
        """Take a request out, which was put in under a status."""
        blocks = self._blocks[request.operation, status]
        block = blocks[request.order >> _BLOCK_BITS]
        del block[request.order]
        if not block:
            del blocks[request.order >> _BLOCK_BITS]

    def newest_first(
        self, operations: Collection[Operation], statuses: Collection[OperationStatus], before: int | None
    ) -> Iterator[ResourceRequest]:
        """Yield the requests of these operations and statuses that were accepted before one, all of them for None."""
        chosen = [self._blocks[operation, status] for operation in operations for status in statuses]
        numbers = sorted({number for blocks in chosen for number in blocks}, reverse=True)
        for number in numbers:
            if before is not None and number > before >> _BLOCK_BITS:
                continue
            block: dict[int, ResourceRequest] = {}
            for blocks in chosen:
                block.update(blocks.get(number, {}))
            for order in sorted(block, reverse=True):
                if before is None or order < before:
                    yield block[order]
