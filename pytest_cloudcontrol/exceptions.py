"""What every exception of the package is, beside its kind: one that comes whole through a copy and another process.

And the one for whatever would never end, which any room may have to raise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = TypeVar("Kind", bound=BaseException)


class Portable(BaseException):
    """An exception that is copied and pickled with its text and its attributes, whatever its ``__init__`` takes.

    Python would call ``__init__`` anew with the text alone. An attribute that can't be pickled, such as the handle of a
    request, becomes its repr: no copy leads back into a mock.
    """

    def __reduce__(self) -> tuple[Callable[..., BaseException], tuple[object, ...], dict[str, object]]:
        return _made_anew, (type(self), self.args), {name: _portable(value) for name, value in vars(self).items()}


def _made_anew(kind: type[Kind], arguments: tuple[object, ...]) -> Kind:
    return kind.__new__(kind, *arguments)  # which alone sets what str() and repr() show


def _portable(value: object) -> object:
    import pickle  # pytest's start doesn't pay for it

    try:
        pickle.dumps(value)
    except Exception:  # a value's own code says that it can't be pickled in any way it likes
        return repr(value)
    return value


class NoProgressError(Portable):
    """The code under test waits for something that will never come, or a request never ends: it would hang.

    A BaseException, as pytest's own outcomes are, so that a loop around ``except Exception`` ends too.

    Attributes:
        stalled: one sentence: what stands still.
        remedy: one sentence: what to call.
    """

    def __init__(self, stalled: str, remedy: str, shown: str) -> None:
        self.stalled = stalled
        self.remedy = remedy
        super().__init__(f"{stalled}\n{remedy}\n{shown}".rstrip())
