"""What is wrong with a test's own handlers, downstream work and hooks: collected, and told at the test's end."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Final, NamedTuple

from pytest_cloudcontrol.arguments import OptionError

FIRST_WORDS: Final = "These handlers of the test's own are wrong:"

_PACKAGE: Final = str(Path(__file__).parents[1])


class WrongResult(OptionError):
    """Code of the test's own gave what it may not give."""


class Problem(NamedTuple):
    """One thing that is wrong.

    Attributes:
        words: what it is, and whose.
        error: the exception that the test's own code raised, if that is what is wrong.
    """

    words: str
    error: BaseException | None = None


class Problems:
    """All that is wrong so far. It outlives a reset: a handler that broke before one has broken."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def tell(self, words: str, error: BaseException | None = None) -> None:
        """Note something; the same is told once."""
        if all(problem.words != words for problem in self.found):
            self.found.append(Problem(words, error))

    def lines(self) -> list[str]:
        """Return all that was found as lines of text, with the tracebacks; nothing if there is nothing."""
        lines = [FIRST_WORDS] if self.found else []
        for problem in self.found:
            lines.append(f"    {problem.words}")
            if problem.error is not None:
                text = "".join(traceback.format_exception(problem.error)).encode("utf-8", "backslashreplace").decode()
                lines += [f"        {line}" for line in text.splitlines()]
        return lines

    def raised(self, whose: str, error: BaseException, *, may_raise: bool) -> None:
        """Note that code of the test's own raised what it may not; an AssertionError it never may."""
        if isinstance(error, WrongResult):
            self.tell(f"{whose}: {error}")  # raised here, so nobody wants its traceback
        elif not may_raise or isinstance(error, AssertionError):
            _leave_out_own_frames(error)
            self.tell(f"{whose} raised {described(error)}", error)


def _leave_out_own_frames(error: BaseException) -> None:
    """Let a traceback begin in the test's own code."""
    place = error.__traceback__
    while place is not None and place.tb_frame.f_code.co_filename.startswith(_PACKAGE):
        place = place.tb_next
    error.__traceback__ = place or error.__traceback__


def described(error: BaseException) -> str:
    """Return an exception as Python's tracebacks end with it."""
    try:
        words = str(error)
    except Exception:  # of what is wrong with its own text, nobody wants to hear here
        words = ""
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
