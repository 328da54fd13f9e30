"""Answers calls: checks their members, dispatches them, records them, and notices code that only waits.

A call is answered under the clock's lock. When it repeats what its caller was answered before, the caller is waiting
(waiting/): if that lets time go on, for a status poll to the next step of its own request, the call is answered anew.
"""

from __future__ import annotations

import functools
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from pytest_cloudcontrol.clock import END
from pytest_cloudcontrol.decisions.callbacks import RunningCallbacks
from pytest_cloudcontrol.documents import parse
from pytest_cloudcontrol.service.about import About
from pytest_cloudcontrol.service.calls import CallRecord, Outcome
from pytest_cloudcontrol.service.constraints import compile_constraints
from pytest_cloudcontrol.service.errors import ServiceError, arranged, comparable, throttled
from pytest_cloudcontrol.service.mutations import Mutations
from pytest_cloudcontrol.service.reads import Reads
from pytest_cloudcontrol.service.tracking import Tracking
from pytest_cloudcontrol.service.unmodelled import SERIALIZATION, UNKNOWN_OPERATION
from pytest_cloudcontrol.vocabulary import Api
from pytest_cloudcontrol.waiting.inquiry import Inquiry
from pytest_cloudcontrol.waiting.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from botocore.model import ServiceModel

    from pytest_cloudcontrol.decisions.callbacks import BeforeCall
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.vocabulary import Scope
    from pytest_cloudcontrol.waiting.callers import Connection, Home
    from pytest_cloudcontrol.waiting.patience import Wait
    from pytest_cloudcontrol.waiting.tasks import HeldTask
    from pytest_cloudcontrol.world import World

_READING: Final = frozenset({Api.GET_RESOURCE, Api.LIST_RESOURCES, Api.UPDATE_RESOURCE})


class Reply(NamedTuple):
    """What a call is answered with, if it is answered now.

    Attributes:
        outcome: what its caller is told.
        by: what the test has arranged that makes it so, in words; else empty.
        lost: what the service has answered, if that is lost.
        anew: replies anew, for a caller that has waited meanwhile; None if that would say the same.
        until: the instant at which a rate limit lets it through; None if none holds it back.
    """

    outcome: Outcome
    by: str = ""
    lost: Outcome | None = None
    anew: Callable[[], Reply] | None = None
    until: datetime | None = None


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
        most_calls: how many calls are kept on the record; None is all.
    """

    def __init__(self, world: World, model: ServiceModel, home: Home, most_calls: int | None = None) -> None:
        self.calls: list[CallRecord] = []
        self._most_calls = most_calls
        self._world = world
        self._checks = compiled_checks(model)
        self._running_callbacks = RunningCallbacks(world.clock.lock)
        self._patience = Patience(
            world.clock, world.store, world.registry, world.runner, home, world.options.max_idle_calls
        )

    @functools.cached_property
    def _operations(self) -> Mapping[str, Callable[[Scope, JSONObject], str]]:
        """What answers each operation; many worlds are asked nothing."""
        world = self._world
        mutations, reads, tracking = Mutations(world), Reads(world), Tracking(world)
        return cast(
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

    def record(self, target: str, body: bytes, scope: Scope, *, is_retry: bool) -> CallRecord:
        """Record a call that has come."""
        with self._world.clock.lock:
            number = self._world.journal.number()
            call = CallRecord(target, body, scope, self._world.clock.now(), is_retry=is_retry, number=number)
            self.note(call)
        return call

    def note(self, call: CallRecord) -> None:
        """Put a call on the record, and the oldest off it where so many are on it as are kept."""
        self.calls.append(call)
        if self._most_calls is not None and len(self.calls) > self._most_calls:
            del self.calls[0]

    def run_before(self, call: CallRecord) -> None:
        """Run what the test wants run before a call."""
        if not self._world.decisions.runs_before_calls:  # as in most tests, at every call
            return
        about = About(self._world, call)
        done: list[BeforeCall] = []
        while (before := self._next_before(about, done)) is not None:
            done.append(before)
            self._running_callbacks.run(before, before.match, call)

    def _next_before(self, about: About, done: Collection[BeforeCall]) -> BeforeCall | None:
        with self._world.clock.lock:  # but outside it the callback itself runs
            return self._world.decisions.before_call(about, done)

    def answer(self, call: CallRecord, connection: Connection | None = None) -> Answer:
        """Answer a call; of one from another process, ``connection`` is what it came over.

        Raises:
            NoProgressError: the caller's loop would never end.
        """
        reply = self._reply_to_caller(call, connection)
        with self._world.clock.lock:
            call.number = self._world.journal.number()
            call.time = self._world.clock.now()
            call.answer, call.error = reply.outcome.answer, reply.outcome.error
            call.by, call.lost = reply.by, reply.lost
            answer = Answer(reply.outcome.text, call.error, self._world.new_uuid(), call.time)
        self._world.clock.do_deferred()
        return answer

    def slept(self, until: datetime) -> None:
        """Note that the caller's SDK sleeps on the clock, until an instant."""
        self._patience.slept()
        self._world.decisions.let_others_go(until)

    def held(self, target: str, body: bytes, scope: Scope) -> HeldTask | None:
        """Return what a task is to await before it makes a call again; None if it may make it."""
        return self._patience.held((target, scope, body))

    def _reply_to_caller(self, call: CallRecord, connection: Connection | None) -> Reply:
        """Return what is replied to a call; to a caller that only waits what waiting brings."""
        members = call.members()
        holding = nullcontext() if self._runs_unlocked(call, members) else self._world.clock.lock
        with holding:
            reply = self._reply(call, members)
            wait = self._wait_of(call, members, reply, connection)
        if wait is None:
            return reply
        waited = self._let_wait(wait)
        with holding:
            if waited and reply.anew is not None:
                reply = reply.anew()
            with self._world.clock.lock:
                self._patience.note(wait, reply.outcome.text)
        return reply

    def _let_wait(self, wait: Wait) -> bool:
        """Let a caller wait; True if something may have changed for it."""
        self._world.decisions.let_others_go(self._world.clock.now())
        return self._patience.has_changed_for(wait) or self._patience.let_wait(wait)

    def _runs_unlocked(self, call: CallRecord, members: JSONObject) -> bool:
        """Whether answering a call runs a read or list handler of the test's own."""
        if call.target not in _READING:
            return False
        type_name = members.get("TypeName")
        return isinstance(type_name, str) and self._world.handlers.reads_unlocked(type_name)

    def _wait_of(
        self, call: CallRecord, members: JSONObject, reply: Reply, connection: Connection | None
    ) -> Wait | None:
        with self._world.clock.lock:
            token = members.get("RequestToken")
            request = self._world.registry.find(call.scope, token) if isinstance(token, str) else None
            inquiry = Inquiry(call.target, call.scope, call.body, members, request, reply.outcome.text, reply.until)
            return self._patience.wait_of(inquiry, is_retry=call.is_retry, connection=connection)

    def _reply(self, call: CallRecord, members: JSONObject) -> Reply:
        """Reply to a call that has come; what the test has arranged comes instead of the service's own reply."""
        if not self._world.decisions.touches_calls:  # as in most tests, at every call
            return self._carry_out(call, members)
        about = About(self._world, call)
        with self._world.clock.lock:
            fault = self._world.decisions.at_call(about)
        if fault is None:
            return self._let_in(about, call, members)
        lost = self._let_in(about, call, members).outcome if fault.after else None
        return Reply(_refused(arranged(fault.code, fault.message)), fault.cause, lost)

    def _let_in(self, about: About, call: CallRecord, members: JSONObject) -> Reply:
        """Carry a call out unless it comes too fast."""
        with self._world.clock.lock:
            refusal = self._world.decisions.at_limits(about, self._world.clock.now())
        if refusal is not None:
            again = partial(self._let_in, about, call, members)
            return Reply(_refused(throttled()), str(refusal.by), anew=again, until=min(refusal.until, END))
        return self._carry_out(call, members)

    def _check(self, call: CallRecord, members: JSONObject) -> None:
        check = self._checks.get(call.target)
        if check is None:  # C-1
            raise ServiceError(UNKNOWN_OPERATION, f"{call.target} is not an operation of CloudApiService")
        if not members:  # as of a body that has none, or can't be read
            try:
                is_object = isinstance(parse(call.body), dict)
            except ValueError:
                raise ServiceError(SERIALIZATION, "The body of the call is not valid JSON") from None
            if not is_object:  # C-14
                raise ServiceError(SERIALIZATION, "The body of the call is not a JSON object")
        check(members)

    def _carry_out(self, call: CallRecord, members: JSONObject) -> Reply:
        """Carry a call out, if it is as the model of the API says."""
        try:
            self._check(call, members)
            outcome = Outcome(self._operations[call.target](call.scope, members).encode())
        except ServiceError as error:
            outcome = _refused(error)
        return Reply(outcome, anew=partial(self._carry_out, call, members))


@functools.cache
def compiled_checks(model: ServiceModel) -> Mapping[str, Callable[[JSONObject], None]]:
    """Return the check of every operation's members, by the operation's name. A model never changes."""
    return {
        name: compile_constraints(shape)
        for name in model.operation_names
        if (shape := model.operation_model(name).input_shape) is not None
    }


def _refused(error: ServiceError) -> Outcome:
    error.__traceback__ = error.__context__ = None  # what is said is kept, not the frames it is said in
    return Outcome(comparable(error).encode("utf-8", "backslashreplace"), error)
