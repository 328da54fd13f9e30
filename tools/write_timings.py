"""Write docs/timings.md: how long types take after ``use_aws_timings()``, and the source of each figure.

The page is made of ``pytest_cloudcontrol/schemas/timings.json``::

    python tools/write_timings.py

A test of the suite fails when the page isn't what this makes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.schemas.timings import A_FEW_MINUTES, CALLBACK_DELAY, known_timings

if TYPE_CHECKING:
    from datetime import timedelta

    from pytest_cloudcontrol.schemas.timings import Timing

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "timings.md"

INTRODUCTION: Final = """\
<!-- Written by tools/write_timings.py from pytest_cloudcontrol/schemas/timings.json; changes belong there. -->

# Timings

How long requests take after [`cloudcontrol.use_aws_timings()`](how-to/let-slow-types-take-their-time.md). Types and
operations that aren't here keep the [defaults](reference.md#time): nothing is known of them.

## Recorded

The instants of the handler calls, in seconds after acceptance, are those of one capture, [fact](fidelity.md) T-2. AWS
calls a handler again a fraction of a second after the instant that it has announced as RetryAfter; here it is called at
that instant. A recorded create that failed did so in its first call, at +0.119; here it fails when that is due.

| type | operation | handler calls |
| --- | --- | --- |
"""

DOCUMENTED: Final = f"""
## Documented

No evidence is better here than what somebody has written of it, mostly AWS. The sources speak of a range, or of what is
typical: expect no more than the order of magnitude. The mock takes the middle of a range, and the time itself where the
source says "up to". Where it says "a few minutes" or "several minutes", the mock takes {A_FEW_MINUTES.seconds // 60}.
The handler is called every {CALLBACK_DELAY.seconds} s: nobody has recorded how often AWS does so. The time counts from
the first call, which is 0.2 s after acceptance. AWS's guides were read in the sources that AWS has published on GitHub
(`awsdocs`); their pages may have changed since.

| type | operation | the mock's time | handler calls | what the source says |
| --- | --- | --- | --- | --- |
"""


def page() -> str:
    """Return the text of the page."""
    recorded = [_recorded(timing) for timing in known_timings() if timing.calls]
    documented = [_documented(timing) for timing in known_timings() if not timing.calls]
    return "".join([INTRODUCTION, *recorded, DOCUMENTED, *documented])


def _recorded(timing: Timing) -> str:
    calls = ", ".join(f"+{instant:.3f}" for instant in timing.calls)
    return f"| `{timing.type_name}` | {timing.operation} | {calls} |\n"


def _documented(timing: Timing) -> str:
    source = f"[{timing.says}]({timing.source})"
    return f"| `{timing.type_name}` | {timing.operation} | {_written(timing.length)} | {timing.steps} | {source} |\n"


def _written(time: timedelta) -> str:
    return f"{time.total_seconds() / 60:g} min"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} is written")
