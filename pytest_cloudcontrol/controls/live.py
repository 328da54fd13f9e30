"""A sequence of what there is now, whichever world that is: what a test keeps of it stays up to date."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Iterator

Kept = TypeVar("Kept")
Shown = TypeVar("Shown")


class Live(Sequence[Shown], Generic[Kept, Shown]):
    """A sequence that is looked up at each use. Every sequence of the same is equal.

    A slice is a list of its own, and a loop goes over what there was when it began: what it does may let things come,
    or match no more.
    """

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # what changes has no hash; typeshed has one for every sequence

    @abstractmethod
    def _kept(self) -> Sequence[Kept]:
        """Return what the present world keeps, for reading."""

    @abstractmethod
    def _shown(self, kept: Kept) -> Shown:
        """Return one of these as a test sees it."""

    def _last(self, missing: str) -> Shown:
        kept = self._kept()
        if not kept:
            raise LookupError(missing)
        return self._shown(kept[-1])

    @overload
    def __getitem__(self, index: int) -> Shown: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Shown]: ...

    def __getitem__(self, index: int | slice) -> Shown | Sequence[Shown]:
        if isinstance(index, slice):
            return [self._shown(kept) for kept in self._kept()[index]]
        return self._shown(self._kept()[index])

    def __iter__(self) -> Iterator[Shown]:
        return iter([self._shown(kept) for kept in self._kept()])  # now: a loop may reset

    def __reversed__(self) -> Iterator[Shown]:
        return reversed([self._shown(kept) for kept in self._kept()])

    def __len__(self) -> int:
        return len(self._kept())

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    def __repr__(self) -> str:
        return repr(list(self))
