"""A sequence of what there is now, whichever world that is: what a test keeps of it stays up to date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar, overload

Kept = TypeVar("Kept")
Shown = TypeVar("Shown")


class Live(Sequence[Shown], Generic[Kept, Shown]):
    """A sequence that is looked up at each use. A slice is a list of its own. Every sequence of the same is equal."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # what changes has no hash; typeshed has one for every sequence

    def _kept(self) -> Sequence[Kept]:
        """Return what the present world keeps, for reading."""
        raise NotImplementedError

    def _shown(self, kept: Kept) -> Shown:
        """Return one of these as a test sees it."""
        raise NotImplementedError

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

    def __len__(self) -> int:
        return len(self._kept())

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    def __repr__(self) -> str:
        return repr(list(self))
