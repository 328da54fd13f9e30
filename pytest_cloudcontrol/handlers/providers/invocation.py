"""One invocation of what was written with AWS's library, by the entrypoint that its authors' own tests use.

The entrypoint swallows whatever a handler raises, and makes an InternalFailure of what it can't write as JSON. So the
registered functions are wrapped for each invocation, and what they came to is looked at afterwards.
"""

from __future__ import annotations

import copy
import functools
from typing import TYPE_CHECKING, Final, Protocol

from pytest_cloudcontrol.arguments import OptionError, duration
from pytest_cloudcontrol.decisions.plans import LONGEST
from pytest_cloudcontrol.documents import compact
from pytest_cloudcontrol.handlers.problems import WrongResult
from pytest_cloudcontrol.handlers.protocol import HandlerError
from pytest_cloudcontrol.handlers.providers.library import is_handler_error, is_progress_event
from pytest_cloudcontrol.vocabulary import HandlerErrorCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from cloudformation_cli_python_lib.boto3_proxy import SessionProxy
    from cloudformation_cli_python_lib.hook import Hook
    from cloudformation_cli_python_lib.interface import BaseModel, ProgressEvent
    from cloudformation_cli_python_lib.resource import Resource

    from pytest_cloudcontrol.documents import JSONObject, JSONValue

_CODES: Final = frozenset(code.value for code in HandlerErrorCode)
_EXPECTED: Final = "a ProgressEvent of AWS's library"
_EXPECTED_CODE: Final = "one of the library's HandlerErrorCode, as in ProgressEvent.failed(HandlerErrorCode.NotFound)"
_EXPECTED_JSON: Final = f"{_EXPECTED} that can be written as JSON: models of the type's class, a text as message"
_EXPECTED_STATUS: Final = "one of the library's OperationStatus, as in ProgressEvent(status=OperationStatus.SUCCESS)"
_MODELS: Final = frozenset(("_model_cls", "_type_configuration_model_cls"))
_UNWRITTEN: Final[JSONObject] = {"status": "FAILED", "errorCode": "InternalFailure"}
"""What the entrypoint of a Resource answers where it can't write a result; that of a Hook has various answers then."""

_STATUSES: Final = ("SUCCESS", "IN_PROGRESS", "FAILED")


class KeepsAtHome(Protocol):
    """Sees to it that the clients of a handler's session never reach the network."""

    def __call__(self, session: SessionProxy, account_id: str, /) -> None:
        """Prepare the session of one invocation."""
        ...


def credentials(access_key: str) -> JSONObject:
    """Return the keys that a handler's session is made with."""
    return {"accessKeyId": access_key, "secretAccessKey": "mocked", "sessionToken": "mocked"}


class Answer:
    """What an invocation has come to, as the service receives it.

    Args:
        written: the ProgressEvent as JSON.

    Attributes:
        status: SUCCESS, IN_PROGRESS or FAILED.
        message: its message; empty if it has none.
        context: the callback context, as it comes back at the next invocation.
        model: the resource's model; None if there is none.
        listed: the models of a list; empty if there is none.
        next_token: where a list goes on; None at its end.
        error_code: the name of a failure's code, which Cloud Control needn't have; empty if it is none.
    """

    def __init__(self, written: JSONObject) -> None:
        self.status = str(written["status"])
        self.message = _text(written.get("message"))
        self.context = _object(written.get("callbackContext")) or {}
        self._delay = written.get("callbackDelaySeconds") or 0
        self.model = _object(written.get("resourceModel"))
        token = written.get("nextToken")
        self.next_token = None if token is None else str(token)
        self.error_code = str(written.get("errorCode") or "")
        self._models = written.get("resourceModels")
        self.listed = self._models if isinstance(self._models, list) else []

    @property
    def delay(self) -> timedelta:
        """How long until the next invocation.

        Raises:
            WrongResult: it is no length of time.
        """
        try:
            return duration(self._delay, "callbackDelaySeconds", at_most=LONGEST)
        except OptionError as error:
            raise WrongResult(error.name, error.value, error.expected) from None

    @property
    def failure(self) -> HandlerError:
        """The failure that it is; a code that Cloud Control doesn't have is InternalFailure, with its name."""
        if self.error_code in _CODES:
            return HandlerError(self.error_code, self.message)
        words = ": ".join(part for part in (self.error_code, self.message) if part)
        return HandlerError(HandlerErrorCode.INTERNAL_FAILURE, words)  # P-2

    def has_come_of(self, result: ProgressEvent) -> bool:
        """Whether this is what a handler has returned: not so if the library could not write that as JSON.

        The library says so in silence: the answer is an InternalFailure without words, whatever was returned.
        """
        if self.status != "FAILED" or self.error_code != HandlerErrorCode.INTERNAL_FAILURE or self.message:
            return True  # an IN_PROGRESS of a read or list is refused in the library's own words
        return getattr(result.errorCode, "name", None) == self.error_code and not result.message

    @property
    def models(self) -> list[JSONValue]:
        """The models of a list that has to be one.

        Raises:
            WrongResult: there is no list.
        """
        if not isinstance(self._models, list):
            raise WrongResult("resourceModels", self._models, "a list of the models of resources, empty for none")
        return self._models


def _text(message: JSONValue) -> str:
    """Return a message, which some handlers take from an answer's body as it is: no text, then, but JSON."""
    return message if isinstance(message, str) else compact(message) if message else ""


def _object(value: JSONValue) -> JSONObject | None:
    return value if isinstance(value, dict) else None


class Invoked:
    """What an invocation came to, on both sides of the entrypoint.

    Attributes:
        answer: what the service receives.
        returned: what the function returned; None if none was called, or it raised one of the library's exceptions.
        refused: what a model's class raised when it was to be made of the request.
    """

    def __init__(self, answer: Answer, returned: ProgressEvent | None, refused: Exception | None) -> None:
        self.answer = answer
        self.returned = returned
        self.refused = refused

    @property
    def lost_context(self) -> WrongResult | None:
        """What is wrong with the callback context, if it comes back otherwise than it was returned."""
        kept = self.returned.callbackContext if self.returned is not None else None
        if not kept or kept == self.answer.context:
            return None
        expected = f"what comes back from JSON as it went: the next call gets {self.answer.context!r}"
        return WrongResult("callbackContext", kept, expected)


def invoke(provider: Resource | Hook, event: JSONObject, account_id: str, keep_at_home: KeepsAtHome) -> Invoked:
    """Invoke the handler that an event asks for.

    Args:
        provider: what the handlers are registered to; it isn't changed.
        event: what the entrypoint is given.
        account_id: whose the resources are that the handler's session reaches.
        keep_at_home: prepares that session.

    Raises:
        BaseException: what the handler raised, unless it is one of the library's exceptions.
        WrongResult: it returned no ProgressEvent, or one that isn't right.
    """
    witness = _Witness(lambda session: keep_at_home(session, account_id))
    watched = copy.copy(provider)
    registered = vars(provider)["_handlers"]  # which the library has no public way to read
    vars(watched)["_handlers"] = {action: witness.watching(function) for action, function in registered.items()}
    for name in _MODELS & vars(provider).keys():
        if vars(provider)[name] is not None:
            vars(watched)[name] = _WatchedModel(vars(provider)[name], witness)
    written: JSONValue = watched.test_entrypoint(event, None)
    answer = Answer(written if isinstance(written, dict) and "status" in written else _UNWRITTEN)
    if witness.refused is not None:  # in the words of the entrypoint that is deployed
        answer.error_code = HandlerErrorCode.INVALID_REQUEST
        answer.message = f"{witness.refused} ({type(witness.refused).__name__})"
    return Invoked(answer, witness.returned(answer), witness.refused)


class _Witness:
    """Sees what a handler's function comes to."""

    def __init__(self, prepare: Callable[[SessionProxy], None]) -> None:
        self.refused: Exception | None = None
        self._prepare = prepare
        self._error: BaseException | None = None
        self._results: list[object] = []

    def watching(self, function: Callable[..., ProgressEvent]) -> Callable[..., ProgressEvent]:
        """Return the function with eyes on it."""

        @functools.wraps(function)
        def watched(session: SessionProxy, *arguments: object) -> ProgressEvent:
            self._prepare(session)
            try:
                result = function(session, *arguments)
            except BaseException as error:  # what isn't an Exception too: the library swallows that as well
                self._error = error
                raise
            self._results.append(result)
            return result

        return watched

    def returned(self, answer: Answer) -> ProgressEvent | None:
        """Return what the function has returned, checked against what became of it; see ``invoke``."""
        if self._error is not None and not is_handler_error(self._error):
            raise self._error
        for result in self._results:
            if not is_progress_event(result):
                raise WrongResult("result", result, _EXPECTED)
            if not hasattr(result.status, "name"):
                raise WrongResult("status", result.status, _EXPECTED_STATUS)
            if result.status.name not in _STATUSES:
                raise WrongResult("status", result.status.name, _STATUSES)
            if result.status.name == "FAILED" and not hasattr(result.errorCode, "name"):
                raise WrongResult("errorCode", result.errorCode, _EXPECTED_CODE)
            if not answer.has_come_of(result):
                raise WrongResult("result", result, _EXPECTED_JSON)
            return result
        return None


class _WatchedModel:
    """Stands for the class of a model where one is made of the request."""

    def __init__(self, model: type[BaseModel], witness: _Witness) -> None:
        self._model = model
        self._witness = witness

    def _deserialize(self, json_data: object) -> object:
        try:
            return getattr(self._model, "_deserialize")(json_data)  # noqa: B009  # as the library calls it
        except Exception as error:
            self._witness.refused = error
            raise
