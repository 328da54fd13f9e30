"""Calls: what the code under test asked of the API, and what it was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pytest_cloudcontrol.arguments import OptionError
from pytest_cloudcontrol.controls.live import Live
from pytest_cloudcontrol.controls.matching import call_match
from pytest_cloudcontrol.documents import parse
from pytest_cloudcontrol.service.about import About
from pytest_cloudcontrol.service.errors import answered_codes
from pytest_cloudcontrol.vocabulary import Api

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.service.calls import CallRecord
    from pytest_cloudcontrol.service.errors import ServiceError


class Call:
    """One API call. An SDK's retries are calls of their own."""

    __slots__ = ("_record",)

    def __init__(self, record: CallRecord) -> None:
        self._record = record

    def __eq__(self, other: object) -> bool:
        return self._record is other._record if isinstance(other, Call) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._record)

    def __repr__(self) -> str:
        return f"<Call {self._record.target} at {self.time.isoformat()} {self.error_code or 'answered'}>"

    @property
    def operation(self) -> Api | str:
        """The API operation; its plain name if there is none of that name."""
        try:
            return Api(self._record.target)
        except ValueError:
            return self._record.target

    @property
    def account_id(self) -> str:
        """The account it was made in."""
        return self._record.scope.account_id

    @property
    def region(self) -> str:
        """The region it was made in."""
        return self._record.scope.region

    @property
    def time(self) -> datetime:
        """When it was answered, on the mock clock."""
        return self._record.time

    @property
    def input(self) -> JSONObject:
        """What was sent, parsed anew at each reading; empty if it was no JSON object."""
        return self._record.members()

    @property
    def answer(self) -> JSONObject | None:
        """What the caller was told, parsed anew at each reading; None for an error, and before the answer."""
        return _parsed(self._record.answer)

    @property
    def lost_answer(self) -> JSONObject | None:
        """What the service answered and the caller was never told, since ``add_error(..., after=True)`` took its place.

        None if nothing was lost, or the service itself had answered an error.
        """
        return None if self._record.lost is None else _parsed(self._record.lost.answer)

    @property
    def error(self) -> ServiceError | None:
        """The error that its caller was told, with its ``code`` and its ``message``; None if there was none.

        What the network does has the name of botocore's exception as its code, and no words.
        """
        return self._record.error

    @property
    def error_code(self) -> str | None:
        """The name of the error's exception, such as ``TypeNotFoundException``; None if there was no error."""
        return None if self.error is None else self.error.code

    @property
    def error_message(self) -> str | None:
        """The error's words, or None."""
        return None if self.error is None else self.error.message


def _parsed(answer: bytes | None) -> JSONObject | None:
    return None if answer is None else cast("JSONObject", parse(answer))


class Calls(Live["CallRecord", Call]):
    """The API calls that were made so far, oldest first, or those of them that match.

    What is kept of it stays up to date, and follows a reset. A slice is a list of its own.
    """

    __slots__ = ("_backend", "_matches")

    def __init__(self, backend: Backend, matches: Callable[[CallRecord], bool] | None = None) -> None:
        self._backend = backend
        self._matches = matches

    @property
    def last(self) -> Call:
        """The latest call.

        Raises:
            LookupError: none was made.
        """
        if self._matches is not None:
            return self._last("no API call matches (cloudcontrol.calls has them all)")
        return self._last("no API call has been made yet")

    def matching(
        self,
        *,
        api: Api | str | None = None,
        type_name: str | None = None,
        identifier: str | None = None,
        error_code: str | None = None,
    ) -> Calls:
        """Return those of one operation, on one type and resource, with one error, as far as these are given.

        A call with a request token is about the type and the resource of its request, and so is one that was answered
        with the token: a create is found by the identifier that the service made up.

        Args:
            api: the API operation, such as ``GetResource``.
            type_name: the resource type.
            identifier: of the resource, any as the API takes it.
            error_code: the name of the exception that it was answered with.

        Raises:
            OptionError: a value isn't valid.

        Example:
            ```python
            cloudcontrol.add_error("ThrottlingException", api="CreateResource", times=2)
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            assert len(cloudcontrol.calls.matching(api="CreateResource")) == 3
            assert len(cloudcontrol.calls.matching(error_code="ThrottlingException")) == 2
            ```
        """
        backend, among = self._backend, self._matches
        is_mistaken = self._has_named(type_name)  # by the code under test; it may be asked for all the same
        match = call_match(backend, api, None if is_mistaken else type_name, identifier)._replace(type_name=type_name)
        if error_code is not None and not self._has_answered(error_code):
            codes = answered_codes(shape.name for shape in backend.model.error_shapes)
            if error_code not in codes:
                raise OptionError("error_code", error_code, codes)

        def matches(call: CallRecord) -> bool:
            return (
                (among is None or among(call))
                and (error_code is None or (call.error is not None and call.error.code == error_code))
                and match.matches(About(backend.world, call))
            )

        return Calls(backend, matches)

    def _has_named(self, type_name: object) -> bool:
        """Whether a call has named a type that there isn't."""
        if not isinstance(type_name, str) or self._backend.world.catalog.find(type_name) is not None:
            return False
        return any(call.members().get("TypeName") == type_name for call in self._backend.service.calls)

    def _has_answered(self, error_code: object) -> bool:
        return any(call.error is not None and call.error.code == error_code for call in self._backend.service.calls)

    def _kept(self) -> Sequence[CallRecord]:
        calls = self._backend.service.calls
        if self._matches is None:
            return calls
        with self._backend.clock.lock:  # what a call is about is looked up in the world
            return [call for call in calls if self._matches(call)]

    def _shown(self, kept: CallRecord) -> Call:
        return Call(kept)
