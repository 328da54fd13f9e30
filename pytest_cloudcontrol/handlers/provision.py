"""Whose the resources of a type are: the mock's own, in memory, or moto's."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.handlers.moto.handler import MotoHandler

MEMORY: Final = "memory"
MOTO: Final = "moto"


@dataclass(slots=True, eq=False)
class Provision:
    """Whose the resources are, as a test has arranged it.

    Attributes:
        whose: memory, moto or moto-or-memory.
        type_name: of which type; None is all.
        fired: how many requests were accepted under it.
    """

    whose: str
    type_name: str | None = None
    fired: int = field(default=0, compare=False)


class Provisions:
    """Which of these holds for a type: one of the type's own, then the latest.

    Args:
        whose: what the option says.
        make: makes the handler of moto's resources, when it is first needed.
    """

    def __init__(self, whose: str, make: Callable[[], MotoHandler]) -> None:
        self._arranged = [Provision(whose)]
        self._make = make
        self.is_used = whose != MEMORY
        """Whether any resources may be moto's: asked several times at each request, and seldom another."""
        self.in_memory: dict[str, None] = {}
        """The types that are kept in memory because the table lacks them."""

    @functools.cached_property
    def moto(self) -> MotoHandler:
        """The handler of moto's resources."""
        return self._make()

    def add(self, provision: Provision) -> None:
        """Let it hold from now on."""
        self._arranged.append(provision)
        self._look()

    def remove(self, provision: Provision) -> None:
        """Take it back; nothing happens if that has been done already."""
        if provision in self._arranged:
            self._arranged.remove(provision)
            self._look()

    def _look(self) -> None:
        self.is_used = len(self._arranged) > 1 or self._arranged[0].whose != MEMORY

    def of(self, type_name: str) -> Provision:
        """Return the one that holds for a type."""
        own = [provision for provision in self._arranged if provision.type_name == type_name]
        return (own or [provision for provision in self._arranged if provision.type_name is None])[-1]

    def handler(self, type_name: str) -> MotoHandler | None:
        """Return the handler of a type whose resources are moto's; None if they aren't."""
        return self.moto if self.is_used and self._is_moto(type_name) else None

    def lacks(self, type_name: str) -> bool:
        """Whether a type's resources would have to be moto's, and can't."""
        return self.is_used and self.of(type_name).whose == MOTO and not self._is_moto(type_name)

    def _is_moto(self, type_name: str) -> bool:
        whose = self.of(type_name).whose
        if whose == MEMORY:
            return False
        is_there = self.is_in_table(type_name)
        if not is_there and whose != MOTO:
            self.in_memory[type_name] = None
        return is_there

    def is_in_table(self, type_name: str) -> bool:
        """Whether a type's resources can be moto's."""
        from pytest_cloudcontrol.handlers.moto.table import moto_type  # which reads the table

        return moto_type(type_name) is not None

    def moto_types(self) -> list[str]:
        """Return the types whose resources are moto's."""
        if not self.is_used:
            return []
        from pytest_cloudcontrol.handlers.moto.table import moto_types

        return [kept.type_name for kept in moto_types() if self.of(kept.type_name).whose != MEMORY]
