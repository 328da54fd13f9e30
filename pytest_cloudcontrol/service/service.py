"""Answers calls: checks their members, dispatches them, records them, and notices code that only waits.

A call is answered under the clock's lock. When it repeats what its caller was answered before (repetition.py), the
caller is waiting: with ``auto_advance`` the clock moves to the next step that is due (of the request itself, if it is
one's status that is asked for) and the call is answered anew; with nothing due, a caller that goes on repeating is
stopped.
"""

from __future__ import annotations

import functools
import threading
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, cast

from pytest_cloudcontrol.decisions.callbacks import RunningCallbacks
from pytest_cloudcontrol.documents import compact, parse
from pytest_cloudcontrol.errors import NoProgressError
from pytest_cloudcontrol.service.calls import Call
from pytest_cloudcontrol.service.constraints import compile_constraints
from pytest_cloudcontrol.service.errors import SERIALIZATION, UNKNOWN_OPERATION, ServiceError
from pytest_cloudcontrol.service.mutations import Mutations
from pytest_cloudcontrol.service.reads import Reads
from pytest_cloudcontrol.service.repetition import Repetition
from pytest_cloudcontrol.service.tracking import Tracking
from pytest_cloudcontrol.vocabulary import Api

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from botocore.model import ServiceModel

    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.service.repetition import Asking
    from pytest_cloudcontrol.service.world import World
    from pytest_cloudcontrol.vocabulary import Scope

_DIFFER_AT_EVERY_REPETITION: Final = frozenset({"ClientToken", "NextToken"})
_REMEDY: Final = (
    "call request.run(), request.step() or cloudcontrol.clock.advance() before the code under test waits, "
    "or look at what it waits for"
)


Outcome: TypeAlias = "tuple[bytes, ServiceError | None]"
"""What a call would be answered with now: the answer, or an error with a text to compare it by."""


class Answer(NamedTuple):
    """What a call is answered with: JSON text, or an error for the codec to write."""

    body: bytes
    error: ServiceError | None
    request_id: str
    time: datetime


class Service:
    """Cloud Control API over one world.

    Args:
        world: what it serves.
        model: botocore's model of the API, from which the members' constraints are compiled.
    """

    def __init__(self, world: World, model: ServiceModel) -> None:
        self.world = world
        self.calls: list[Call] = []
        self._running_callbacks = RunningCallbacks()
        self._home = threading.current_thread()
        self._checks = compiled_checks(model)
        self._repetition = Repetition()
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

    def answer(self, target: str, body: bytes, scope: Scope, *, is_retry: bool) -> Answer:
        """Answer one call.

        Args:
            target: the operation's name, from the header X-Amz-Target.
            body: the call's JSON text.
            scope: the caller's account and region.
            is_retry: whether an SDK repeats the call by itself; then the repetition says nothing about the code.

        Raises:
            NoProgressError: the caller's loop would never end.
        """
        world = self.world
        call = Call(target, body, scope, world.clock.now())
        self.calls.append(call)
        if world.decisions.before_calls:
            for before in world.decisions.before_call(target, call.input.get("TypeName")):
                self._running_callbacks.run(before, before.callback, call)
        text, error = self._outcome_for_caller(call, target, body, scope, is_retry=is_retry)
        with world.clock.lock:
            now = world.clock.now()
            if error is None:
                call.answered(text, now)
            else:
                call.refused(error, now)
            return Answer(text, error, world.new_uuid(), now)

    def slept(self) -> None:
        """Note that the caller's SDK has slept on the clock."""
        self._repetition.slept()

    def _outcome_for_caller(self, call: Call, target: str, body: bytes, scope: Scope, *, is_retry: bool) -> Outcome:
        """Return a call's outcome; for a caller that only repeats itself the one that waiting brings."""
        clock, registry, repetition = self.world.clock, self.world.registry, self._repetition
        with clock.lock:
            try:
                if (fault := self.world.decisions.at_call(target)) is not None:
                    raise ServiceError(fault.code, fault.message)
                members = self._checked_members(target, body)
            except ServiceError as refusal:  # before the operation itself, which can't be asked anew then
                outcome, anew = _refused(refusal), False
                members = call.input
            else:
                outcome, anew = self._outcome(target, scope, members), True
            asking = _asking(target, scope, members, body)
            history = repetition.history()
            moment = clock.touched, registry.version
            if is_retry or not repetition.is_repeated(history, asking, outcome[0], *moment):
                repetition.remember(history, asking, outcome[0], *moment, counts=not is_retry)
                return outcome
        waited = self._let_time_pass(target, scope, members)
        if not waited and repetition.is_hopeless(history, asking, outcome[0]):
            self._stop(call, moment)
            waited = True
        with clock.lock:
            if waited and anew:
                outcome = self._outcome(target, scope, members)
            repetition.remember(history, asking, outcome[0], clock.touched, registry.version, counts=True)
        return outcome

    def _checked_members(self, target: str, body: bytes) -> JSONObject:
        check = self._checks.get(target)
        if check is None:
            raise ServiceError(UNKNOWN_OPERATION, f"{target} is not an operation of CloudApiService")
        try:
            members = parse(body)
        except ValueError:
            raise ServiceError(SERIALIZATION, "The body of the call is not valid JSON") from None
        if not isinstance(members, dict):
            raise ServiceError(SERIALIZATION, "The body of the call is not a JSON object")
        check(members)
        return members

    def _outcome(self, target: str, scope: Scope, members: JSONObject) -> Outcome:
        with self.world.clock.lock:
            try:
                return self._operations[target](scope, members).encode(), None
            except ServiceError as error:
                return _refused(error)

    def _let_time_pass(self, target: str, scope: Scope, members: JSONObject) -> bool:
        """Move the clock to the next step that may bring the caller what it waits for; False if nothing is due."""
        clock = self.world.clock
        if not clock.auto_advance:
            return False
        with clock.lock:
            due = clock.work.head()
            if target == Api.GET_RESOURCE_REQUEST_STATUS:
                request = self.world.registry.find(scope, str(members.get("RequestToken")))
                due = request.due if request is not None else None
            # One that isn't pending is under way: the caller is the test's own code right before that very step.
            at = max(due.at, clock.now()) if due is not None and due.pending else None
        if at is None:
            return False
        clock.run_until(at)
        return True

    def _stop(self, call: Call, moment: tuple[int, int]) -> None:
        """End the caller's loop; in a thread that the test may still move time for, hold it until something changes."""
        clock, registry = self.world.clock, self.world.registry
        asked = f"{call.operation} {compact(call.input)}"
        if clock.auto_advance:
            stalled = f"the code under test repeats {asked} and gets the same answer, but nothing is due any more."
        elif threading.current_thread() is self._home:
            stalled = f"the code under test repeats {asked} and gets the same answer, and clock.auto_advance is off."
        elif clock.wait_for_change(lambda: (clock.touched, registry.version) == moment):
            return
        else:
            stalled = f"the mock ended while a thread was waiting in {asked}."
        raise NoProgressError(stalled, f"What to do: {_REMEDY}.", registry.requests)


@functools.cache
def compiled_checks(model: ServiceModel) -> Mapping[str, Callable[[JSONObject], None]]:
    """Return the check of every operation's members, by the operation's name. A model never changes."""
    return {
        name: compile_constraints(shape)
        for name in model.operation_names
        if (shape := model.operation_model(name).input_shape) is not None
    }


def _refused(error: ServiceError) -> Outcome:
    return error.meaning.encode("utf-8", "backslashreplace"), error


def _asking(target: str, scope: Scope, members: JSONObject, body: bytes) -> Asking:
    if _DIFFER_AT_EVERY_REPETITION.isdisjoint(members):  # of members that weren't valid nothing is known
        return target, scope, body
    same = {name: value for name, value in members.items() if name not in _DIFFER_AT_EVERY_REPETITION}
    return target, scope, repr(same).encode()  # compared only, and four times as fast as JSON
