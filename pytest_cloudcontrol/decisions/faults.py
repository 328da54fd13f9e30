"""Rules: what comes instead of a handler call, or of an API call, so many times.

A rule that never fires is an error of the test, and told at its end in the words in which the test arranged it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Literal, TypeAlias

from pytest_cloudcontrol.decisions.arranged import Arranged

if TYPE_CHECKING:
    from pytest_cloudcontrol.decisions.match import CallMatch, Match
    from pytest_cloudcontrol.vocabulary import HandlerErrorCode

END: Final = "end"
"""The place after the last handler call's work, before its success is recorded."""

StepNumber: TypeAlias = int | Literal["end"]
"""Which handler call, from 1; or the end."""


@dataclass(slots=True, kw_only=True, eq=False)
class Rule(Arranged):
    """What a test has arranged to come instead of something else.

    Attributes:
        times: how often it does.
        optional: whether it is all right if it never does.
    """

    verb: ClassVar[str]
    times: int = 1
    optional: bool = False

    @property
    def is_armed(self) -> bool:
        """Whether it will fire again."""
        return self.fired < self.times

    @property
    def is_unmet(self) -> bool:
        """Whether it never fired, although it should have."""
        return not self.fired and not self.optional

    @property
    def cause(self) -> str:
        """How the timeline of what it has ended names it."""
        return str(self)

    def __str__(self) -> str:
        times = [f"times={self.times}"] if self.times != 1 else []
        return f"{self.verb}({', '.join([*self.given(), *times])})"


@dataclass(slots=True, kw_only=True, eq=False)
class StepRule(Rule):
    """A rule that comes instead of a handler call.

    Attributes:
        match: of which requests, or which reads.
        at_step: which of their calls; None of a read and a list, which have one.
    """

    match: Match
    at_step: StepNumber | None

    def given(self) -> list[str]:
        """Return the arguments that the test wrote, but for ``times``."""
        at_step = [] if self.at_step is None else [f"at_step={self.at_step!r}"]
        return [*filter(None, [str(self.match)]), *at_step]


@dataclass(slots=True, kw_only=True, eq=False)
class Failure(StepRule):
    """A handler call fails."""

    verb: ClassVar[str] = "add_failure"
    error_code: HandlerErrorCode
    message: str | None = None

    def given(self) -> list[str]:
        """Return the arguments that the test wrote, but for ``times``."""
        return [repr(self.error_code.value), *StepRule.given(self)]  # super() doesn't know a class made anew for slots


@dataclass(slots=True, kw_only=True, eq=False)
class Cancel(StepRule):
    """A request is cancelled.

    Attributes:
        request_token: the request, if it is arranged for just one, by its own ``cancel(at_step=...)``.
        order: that request's place among all.
        during: whether the call is made, and the cancel comes while it is under way.
    """

    verb: ClassVar[str] = "add_cancel"
    request_token: str | None = None
    order: int = 0
    during: bool = False

    def given(self) -> list[str]:
        """Return the arguments that the test wrote, but for ``times``."""
        return [*StepRule.given(self), *(["during=True"] if self.during else [])]

    def __str__(self) -> str:
        if self.request_token is None:
            return StepRule.__str__(self)
        return f"request {self.request_token}: cancel({', '.join(self.given())})"

    @property
    def cause(self) -> str:
        """How the timeline of what it has ended names it."""
        return str(self) if self.request_token is None else f"request.cancel({', '.join(self.given())})"


@dataclass(slots=True, kw_only=True, eq=False)
class Expiry(StepRule):
    """A request expires."""

    verb: ClassVar[str] = "add_expiry"


@dataclass(slots=True, kw_only=True, eq=False)
class ApiError(Rule):
    """An API call is answered with an error.

    Attributes:
        code: the exception's name, or what the network does, by the name of botocore's exception.
        message: the words; None is those usual for the code.
        after: whether the call is carried out first, and only its answer is lost; else the service never sees it.
    """

    verb: ClassVar[str] = "add_error"
    match: CallMatch
    code: str
    message: str | None = None
    after: bool = False

    def given(self) -> list[str]:
        """Return the arguments that the test wrote, but for ``times``."""
        after = ["after=True"] if self.after else []
        return [repr(self.code), *filter(None, [str(self.match)]), *after]
