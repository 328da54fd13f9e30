"""The requests of an account and region by operation and status, newest first: what ListRequests pages through.

A request changes its status a few times and is listed in the order of acceptance, and there may be a million of them.
So each status keeps its requests in blocks of consecutive ones: changing a status moves one entry between two small
dictionaries, and a page sorts only the few blocks that it touches.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pytest_cloudcontrol.requests.request import Request
    from pytest_cloudcontrol.vocabulary import Operation, OperationStatus

_BLOCK_BITS: Final = 8


class Blocks:
    """The requests of one operation and status, in blocks by their order; ``numbers`` has the blocks', ascending."""

    __slots__ = ("_blocks", "numbers")

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self._blocks: dict[int, dict[int, Request]] = {}

    def add(self, request: Request) -> None:
        """Put a request in."""
        number = request.order >> _BLOCK_BITS
        block = self._blocks.get(number)
        if block is None:
            block = self._blocks[number] = {}
            insort(self.numbers, number)
        block[request.order] = request

    def remove(self, request: Request) -> None:
        """Take a request out."""
        number = request.order >> _BLOCK_BITS
        block = self._blocks[number]
        del block[request.order]
        if not block:
            del self._blocks[number]
            del self.numbers[bisect_left(self.numbers, number)]

    def block(self, number: int) -> dict[int, Request]:
        """Return a block: requests by their order."""
        return self._blocks.get(number, {})

    def numbers_down_from(self, number: int | None) -> Iterator[int]:
        """Yield the numbers of the blocks from one on downwards, from the highest for None."""
        count = len(self.numbers) if number is None else bisect_right(self.numbers, number)
        return (self.numbers[index] for index in range(count - 1, -1, -1))


class StatusIndex:
    """The unexpired requests of an account and region."""

    def __init__(self) -> None:
        self._blocks: defaultdict[tuple[Operation, OperationStatus], Blocks] = defaultdict(Blocks)

    def add(self, request: Request, status: OperationStatus) -> None:
        """Put a request in, under its present status."""
        self._blocks[request.operation, status].add(request)

    def remove(self, request: Request, status: OperationStatus) -> None:
        """Take a request out, which was put in under a status."""
        self._blocks[request.operation, status].remove(request)

    def newest_first(
        self, operations: Collection[Operation], statuses: Collection[OperationStatus], before: int | None
    ) -> Iterator[Request]:
        """Yield the requests of these operations and statuses that were accepted before one, all of them for None."""
        chosen = [self._blocks[operation, status] for operation in set(operations) for status in set(statuses)]
        start = None if before is None else before >> _BLOCK_BITS
        last = -1
        for number in heapq.merge(*(blocks.numbers_down_from(start) for blocks in chosen), reverse=True):
            if number == last:
                continue
            last = number
            block: dict[int, Request] = {}
            for blocks in chosen:
                block.update(blocks.block(number))
            for order in sorted(block, reverse=True):
                if before is None or order < before:
                    yield block[order]
