"""Answers calls: checks their members, dispatches them, records them, and notices code that only waits.

A call is answered under the clock's lock. When it repeats what its caller was answered before, the caller is waiting
(waiting/): if that lets time go on, for a status poll to the next step of its own request, the call is answered anew.
"""

from __future__ import annotations

import functools
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, cast

from pytest_cloudcontrol.decisions.callbacks import RunningCallbacks
from pytest_cloudcontrol.documents import compact, parse
from pytest_cloudcontrol.service.about import About
from pytest_cloudcontrol.service.calls import CallRecord
from pytest_cloudcontrol.service.constraints import compile_constraints
from pytest_cloudcontrol.service.errors import SERIALIZATION, UNKNOWN_OPERATION, ServiceError, comparable
from pytest_cloudcontrol.service.mutations import Mutations
from pytest_cloudcontrol.service.reads import Reads
from pytest_cloudcontrol.service.tracking import Tracking
from pytest_cloudcontrol.vocabulary import Api
from pytest_cloudcontrol.waiting.patience import Inquiry, Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from botocore.model import ServiceModel

    from pytest_cloudcontrol.decisions.callbacks import BeforeCall
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.vocabulary import Scope
    from pytest_cloudcontrol.waiting.callers import Home
    from pytest_cloudcontrol.waiting.patience import Wait
    from pytest_cloudcontrol.waiting.repetition import CallKey
    from pytest_cloudcontrol.world import World

_DIFFER_AT_EVERY_REPETITION: Final = frozenset({"ClientToken", "NextToken"})

_READING: Final = frozenset({Api.GET_RESOURCE, Api.LIST_RESOURCES, Api.UPDATE_RESOURCE})

Outcome: TypeAlias = "tuple[bytes, ServiceError | None]"
"""What a call would be answered with now: the answer, or an error with a text to compare it by."""


class Answer(NamedTuple):
    """What a call is answered with: JSON text, or an error for the wire to write."""

    body: bytes
    error: ServiceError | None
    request_id: str
    time: datetime


class Service:
    """Cloud Control API over one world.

    Args:
        world: what it serves.
        model: botocore's model of the API, from which the members' constraints are compiled.
        home: where the test itself runs.
    """

    def __init__(self, world: World, model: ServiceModel, home: Home) -> None:
        self.calls: list[CallRecord] = []
        self._world = world
        self._checks = compiled_checks(model)
        self._running_callbacks = RunningCallbacks(world.clock.lock)
        self._patience = Patience(
            world.clock, world.store, world.registry, world.runner, home, world.options.max_idle_calls
        )
        mutations, reads, tracking = Mutations(world), Reads(world), Tracking(world)
        self._operations = cast(
            # The members were checked against the API's model, which is what the operations' own types say.
            "Mapping[str, Callable[[Scope, JSONObject], str]]",
            {
                Api.CREATE_RESOURCE: mutations.create,
                Api.UPDATE_RESOURCE: mutations.update,
                Api.DELETE_RESOURCE: mutations.delete,
                Api.GET_RESOURCE: reads.get,
                Api.LIST_RESOURCES: reads.list,
                Api.GET_RESOURCE_REQUEST_STATUS: tracking.status,
                Api.LIST_RESOURCE_REQUESTS: tracking.list,
                Api.CANCEL_RESOURCE_REQUEST: tracking.cancel,
            },
        )

    def receive(self, target: str, body: bytes, scope: Scope, *, is_retry: bool) -> CallRecord:
        """Record a call, and run what the test wants run before it."""
        with self._world.clock.lock:
            number = self._world.journal.number()
            call = CallRecord(target, body, scope, self._world.clock.now(), is_retry=is_retry, number=number)
            self.calls.append(call)
        about = About(self._world, call)
        done: list[BeforeCall] = []
        while (before := self._next_before(about, done)) is not None:
            done.append(before)
            self._running_callbacks.run(before, before.match, call)
        return call

    def _next_before(self, about: About, done: Collection[BeforeCall]) -> BeforeCall | None:
        with self._world.clock.lock:  # but outside it the callback itself runs
            return self._world.decisions.before_call(about, done)

    def answer(self, call: CallRecord) -> Answer:
        """Answer a call.

        Raises:
            NoProgressError: the caller's loop would never end.
        """
        text, error = self._outcome_for_caller(call)
        with self._world.clock.lock:
            call.number = self._world.journal.number()
            call.time = self._world.clock.now()
            if error is None:
                call.answer = text
            else:
                error.__traceback__ = error.__context__ = None  # what was said is kept, not the frames it was said in
                call.error = error
            answer = Answer(text, error, self._world.new_uuid(), call.time)
        self._world.clock.do_deferred()
        return answer

    def slept(self) -> None:
        """Note that the caller's SDK has slept on the clock."""
        self._patience.slept()

    def _outcome_for_caller(self, call: CallRecord) -> Outcome:
        """Return a call's outcome; for a caller that only waits the one that waiting brings."""
        members, refused = self._received(call)
        holding = nullcontext() if refused is None and self._runs_unlocked(call, members) else self._world.clock.lock
        with holding:
            outcome = refused or self._outcome(call, members)
            wait = self._wait_of(call, members, outcome)
        if wait is None:
            return outcome
        waited = self._patience.let_wait(wait)
        with holding:
            if waited and refused is None:  # what comes before the operation itself can't be asked anew
                outcome = self._outcome(call, members)
            with self._world.clock.lock:
                self._patience.note(wait, outcome[0])
        return outcome

    def _received(self, call: CallRecord) -> tuple[JSONObject, Outcome | None]:
        """Return a call's members, and what it is refused with before the operation itself, if it is."""
        try:
            with self._world.clock.lock:
                fault = self._world.decisions.at_call(About(self._world, call))
            if fault is not None:
                raise ServiceError(fault.code, fault.message)
            return self._checked_members(call), None
        except ServiceError as refusal:
            return call.members(), _refused(refusal)

    def _runs_unlocked(self, call: CallRecord, members: JSONObject) -> bool:
        """Whether answering a call runs a read or list handler of the test's own."""
        type_name = members.get("TypeName")
        reads = call.target in _READING and isinstance(type_name, str)
        return reads and self._world.handlers.reads_unlocked(str(type_name))

    def _wait_of(self, call: CallRecord, members: JSONObject, outcome: Outcome) -> Wait | None:
        with self._world.clock.lock:
            return self._patience.wait_of(self._inquiry(call, members), outcome[0], is_retry=call.is_retry)

    def _inquiry(self, call: CallRecord, members: JSONObject) -> Inquiry:
        token = members.get("RequestToken")
        return Inquiry(
            _key(call, members),
            lambda: f"{call.target} {compact(call.members())}",
            self._world.registry.find(call.scope, token) if isinstance(token, str) else None,
            call.target == Api.GET_RESOURCE_REQUEST_STATUS,
        )

    def _checked_members(self, call: CallRecord) -> JSONObject:
        check = self._checks.get(call.target)
        if check is None:  # C-1
            raise ServiceError(UNKNOWN_OPERATION, f"{call.target} is not an operation of CloudApiService")
        try:
            members = parse(call.body)
        except ValueError:
            raise ServiceError(SERIALIZATION, "The body of the call is not valid JSON") from None
        if not isinstance(members, dict):  # C-14
            raise ServiceError(SERIALIZATION, "The body of the call is not a JSON object")
        check(members)
        return members

    def _outcome(self, call: CallRecord, members: JSONObject) -> Outcome:
        try:
            return self._operations[call.target](call.scope, members).encode(), None
        except ServiceError as error:
            return _refused(error)


@functools.cache
def compiled_checks(model: ServiceModel) -> Mapping[str, Callable[[JSONObject], None]]:
    """Return the check of every operation's members, by the operation's name. A model never changes."""
    return {
        name: compile_constraints(shape)
        for name in model.operation_names
        if (shape := model.operation_model(name).input_shape) is not None
    }


def _refused(error: ServiceError) -> Outcome:
    return comparable(error).encode("utf-8", "backslashreplace"), error


def _key(call: CallRecord, members: JSONObject) -> CallKey:
    if _DIFFER_AT_EVERY_REPETITION.isdisjoint(members):  # of members that weren't valid nothing is known
        return call.target, call.scope, call.body
    return call.target, call.scope, {name: members[name] for name in members.keys() - _DIFFER_AT_EVERY_REPETITION}
