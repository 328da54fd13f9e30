"""Which handler call a test means: a number from 1, or the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_cloudcontrol.arguments import OptionError, true_or_false, whole_number
from pytest_cloudcontrol.decisions.faults import END

if TYPE_CHECKING:
    from pytest_cloudcontrol.decisions.faults import StepNumber


def step_number(value: object) -> StepNumber:
    """Return the handler call that an ``at_step`` means.

    Raises:
        OptionError: it means none.
    """
    if value == END:
        return END
    if isinstance(value, str):
        raise OptionError("at_step", value, f"a whole number, at least 1, or {END!r}: when all is done")
    return whole_number(value, "at_step")


def check_during(value: object, at_step: StepNumber | None) -> None:
    """Check whether a cancel may come during a handler call.

    Raises:
        OptionError: ``during`` is no truth value, or there is no call that it could come during.
    """
    if true_or_false(value, "during") and (at_step is None or at_step == END):
        raise OptionError("during", value, "True only together with the at_step of a handler call, which is a number")
