"""The note on a scenario's own exception: which surprises it took, what happened, and how to see it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.exploration.schedules import replay_line
from pytest_cloudcontrol.exploration.surprises import in_words

if TYPE_CHECKING:
    from pytest_cloudcontrol.exploration.runs import Ran


def note(ran: Ran, passed: int, report: str, replay: str) -> str:
    """Return what a reader needs to understand a failure.

    Args:
        ran: the run.
        passed: how many schedules have passed before.
        report: what there is in its world, and what happened.
        replay: how the test replays a line, with ``{line}`` where it stands.
    """
    if not ran.chosen:
        return f"Cloud Control: the plain run, without any surprise, fails.\n{report}"
    surprises = [f"    {in_words(place.name, surprise)}" for place, surprise in ran.chosen]
    count = len(surprises)
    fewer = "" if count == 1 else f", so it takes at least {count} surprises"
    passed_words = (
        f"{passed} schedule{' has' if passed == 1 else 's have'} passed before it, the plain one first{fewer}."
    )
    return "\n".join(
        [
            f"Cloud Control: it fails with {count} surprise{'' if count == 1 else 's'}:",
            *surprises,
            passed_words,
            f"Replay: {replay.format(line=replay_line(ran.chosen))}",
            "Lines with !! are the surprises; until the first of them all went as in the plain run.",
            report,
        ]
    )
