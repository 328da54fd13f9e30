"""The second copy of botocore's modules that a process may have: AWS CLI 1.46 brings one, ``awscli.botocore``.

AWS CLI itself uses one copy: what was loaded as ``botocore`` before it, or else its own, which it has Python load by
that name for everybody. Either is patched as ever. But whoever imports a module by its long name, such as
``awscli.botocore.session``, gets it made anew, with classes of its own beside those there are, and without them those
would sign with the machine's keys and call AWS. So what is done to a module of botocore's is done to that one too,
also if it is imported only while the mock is active. Exceptions need nothing: its modules import them, as nearly
everything, from ``botocore``.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib.machinery import PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.transport.patches import Patches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec


_COPY: Final = "awscli.botocore"
_BESIDE: Final = "awscli."
"""What the names of the copy's modules begin with, before the name that botocore has for them."""


class PatchesInCopies(Patches):
    """Patches that are put into both copies of botocore's modules."""

    def __init__(self) -> None:
        super().__init__()
        self._finder = _Finder(self._put_into)

    def put_into_copies(self) -> None:
        """Put those that there are now into the copy too, as far as it is loaded, and into what is imported of it."""
        if _COPY in sys.modules:
            for name, module in list(sys.modules.items()):
                if name.startswith(f"{_COPY}."):
                    self._put_into(module)
        sys.meta_path.insert(0, self._finder)

    def undo(self) -> None:
        """Put everything back, and follow no import any more."""
        with suppress(ValueError):  # it isn't there yet, or somebody else has put back what was there before the mock
            sys.meta_path.remove(self._finder)
        super().undo()

    def _put_into(self, copied: ModuleType) -> None:
        for replaced in list(self._replaced) if self.are_in else ():
            module, class_name = _place(replaced.owner)
            if _BESIDE + module == copied.__name__:
                owner = getattr(copied, class_name, None) if class_name else copied
                if hasattr(owner, replaced.name):  # the copy may be of another version
                    self.replace(owner, replaced.name, replaced.make)


def _place(owner: object) -> tuple[str, str]:
    """Return the names of the module and class that an attribute is of; no class if it is the module's own."""
    if isinstance(owner, ModuleType):
        return owner.__name__, ""
    return (owner.__module__, owner.__name__) if isinstance(owner, type) else ("", "")


class _Finder:
    """Finds the copy's modules as Python does, and tells of each when it has been imported.

    Args:
        tell: what is told.
    """

    def __init__(self, tell: Callable[[ModuleType], None]) -> None:
        self._tell = tell

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how a module of the copy is imported; None for any other."""
        if not fullname.startswith(f"{_COPY}."):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            execute, tell = spec.loader.exec_module, self._tell

            def exec_module(module: ModuleType) -> None:
                execute(module)
                tell(module)

            vars(spec.loader)["exec_module"] = exec_module  # of this one import only: each has a loader of its own
        return spec
