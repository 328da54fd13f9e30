"""What moto hasn't kept of what was wanted, told at the test's end."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class MotoDropped(UserWarning):
    """Properties of a desired state that moto doesn't keep: nothing that reads the resource will see them.

    Given once a type, at the test's end. A test that can do without them says so with a filter of pytest's.

    Example:
        ```text
        @pytest.mark.filterwarnings("ignore:moto hasn't kept .* of AWS..SQS..Queue:pytest_cloudcontrol.MotoDropped")
        ```
    """


class Dropped:
    """The properties that moto hasn't kept, by type."""

    def __init__(self) -> None:
        self._names: dict[str, dict[str, None]] = {}

    def note(self, type_name: str, names: Iterable[str]) -> None:
        """Note properties of a type."""
        for name in names:
            self._names.setdefault(type_name, {})[name] = None

    def warn(self) -> None:
        """Warn, once a type, and forget."""
        found, self._names = self._names, {}
        for type_name, names in found.items():
            words = f"moto hasn't kept {', '.join(names)} of {type_name}: see docs/moto-types.md for what it keeps"
            warnings.warn(words, MotoDropped, stacklevel=2)
