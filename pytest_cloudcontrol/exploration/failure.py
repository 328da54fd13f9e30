"""The note on a scenario's own exception: which surprises it took, how to replay it, what happened, what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.exploration.changes import what_there_is
from pytest_cloudcontrol.exploration.schedules import replay_line
from pytest_cloudcontrol.exploration.surprises import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.exploration.runs import Ran

_MOST_SHOWN: Final = 20


def note(ran: Ran, passed: int, backend: Backend, replay: str) -> str:
    """Return what a reader needs to understand a failure.

    Args:
        ran: the run.
        passed: how many schedules have passed before; 0 in a replay.
        backend: the mock, in whose world it ended.
        replay: how the test replays a line, with ``{line}`` where it stands.
    """
    happened = [backend.report(), *_resources(backend)]
    if not ran.chosen:
        return "\n".join(["Cloud Control: the plain run, without any surprise, fails.", *happened])
    surprises = [f"    {in_words(place.name, surprise)}" for place, surprise in ran.chosen]
    count = len(surprises)
    fewer = "" if count == 1 else f", so it takes at least {count} surprises"
    have_passed = (
        f"{passed} schedule{' has' if passed == 1 else 's have'} passed before it, the plain one first{fewer}."
    )
    return "\n".join(
        [
            f"Cloud Control: it fails with {count} surprise{'' if count == 1 else 's'}:",
            *surprises,
            *([have_passed] if passed else []),  # a replay tries nothing before
            f"Replay: {replay.format(line=replay_line(ran.chosen))}",
            "Lines with !! are the surprises; until the first of them all went as in the plain run.",
            *happened,
        ]
    )


def _resources(backend: Backend) -> Iterator[str]:
    """Yield what there is at the end: most often a scenario's own assertion is about that."""
    there = list(what_there_is(backend))
    yield "Resources at the end:" if there else "There are no resources at the end."
    for name in there[:_MOST_SHOWN]:
        yield f"    {name}"
    if len(there) > _MOST_SHOWN:
        yield f"    (and {len(there) - _MOST_SHOWN} more)"
