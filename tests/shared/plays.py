"""What the tests of actors share: who goes first, threads beside the one that is played, and lines of stacks."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_cloudcontrol.exploration.actors import Actor


class Crash(BaseException):
    """The program is killed."""


def nobody_first(_current: Actor, _others: Sequence[Actor]) -> Actor | None:
    """Let whoever hands over go on."""
    return None


def always_first(_current: Actor, others: Sequence[Actor]) -> Actor | None:
    """Let another one go first at each chance."""
    return others[0]


def last_first(_current: Actor, others: Sequence[Actor]) -> Actor | None:
    """Let the other one of the highest number go first."""
    return others[-1]


def first(number: int) -> Callable[[Actor, Sequence[Actor]], Actor | None]:
    """Return a choice by which an actor goes first whenever that is possible."""
    return lambda _, others: next((other for other in others if other.number == number), None)


def beside(function: Callable[[], object]) -> threading.Thread:
    """Return a thread that was just started."""
    thread = threading.Thread(target=function)
    thread.start()
    return thread


def side_by_side(*functions: Callable[[], object]) -> None:
    """Start a thread for each function, and join them all."""
    for thread in [beside(function) for function in functions]:
        thread.join()


def lines_of(file: str) -> Callable[[str, str], str]:
    """Return what tells the line of a stack for a line of a file, given the function and the line's source."""
    here = Path(file)
    lines = here.read_text(encoding="utf-8").splitlines()

    def at(function: str, source: str) -> str:
        shown = here.relative_to(Path.cwd()) if here.is_relative_to(Path.cwd()) else here
        (number,) = (number for number, line in enumerate(lines, 1) if line.strip() == source)
        return f"  {shown}:{number}, in {function}: {source}"

    return at
