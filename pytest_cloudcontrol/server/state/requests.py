"""One request of a state: all that its life hangs on, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from pytest_cloudcontrol.decisions.faults import END, Cancel, Failure
from pytest_cloudcontrol.decisions.match import Match
from pytest_cloudcontrol.decisions.plans import Pace
from pytest_cloudcontrol.documents import copied_object
from pytest_cloudcontrol.handlers.protocol import HandlerInput
from pytest_cloudcontrol.handlers.veils import Veil, VeilingHandler
from pytest_cloudcontrol.requests.request import ProgressEvent, Remark, Request, RequestInput, UnderWay
from pytest_cloudcontrol.server.state.parts import instant_text, microseconds
from pytest_cloudcontrol.server.state.veils import restored_veil, veil_data
from pytest_cloudcontrol.vocabulary import HandlerErrorCode, Operation, OperationStatus, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_cloudcontrol.decisions.faults import StepNumber
    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.handlers.protocol import Handler
    from pytest_cloudcontrol.server.state.parts import Part
    from pytest_cloudcontrol.world import World


class Restored(NamedTuple):
    """A request as it was, and its veil, if that hangs still."""

    request: Request
    veil: Veil | None


def request_data(world: World, request: Request) -> JSONObject:
    """Write a request down."""
    veil = request.handler.veil if isinstance(request.handler, VeilingHandler) else None
    return {
        "request_token": request.request_token,
        "account_id": request.scope.account_id,
        "region": request.scope.region,
        "operation": request.operation,
        "input": dict(request.input._asdict()),
        "handler": _handler_data(request.handler_input),
        "pace": _pace_data(request.pace),
        "events": [_event_data(event) for event in request.events],
        "expired": request.expired,
        "under_way": _under_way_data(world, request),
        "cancel": None if request.cancel_rule is None else _cancel_data(request.cancel_rule),
        "take_up_at": instant_text(request.take_up_at),
        "deadline": instant_text(request.deadline),
        "step_at": instant_text(request.step_at),
        "most_steps": request.most_steps,
        "remarks": [
            {"at": instant_text(remark.at), "words": remark.words, "after": remark.after} for remark in request.remarks
        ],
        "causes": {str(number): words for number, words in request.causes.items()},
        "veil": None if veil is None or not world.handlers.veils.hangs(veil) else veil_data(veil),
    }


def restored_request(world: World, part: Part) -> Restored:
    """Return the request that was written down, in its place after those that are there.

    Raises:
        StateError: it is broken.
        OptionError: there is no such resource type.
    """
    handler_input = _handler_input(world, part)
    veil_part = part.part_or_none("veil")
    veil = None if veil_part is None else restored_veil(veil_part, handler_input)
    memory: Handler = world.handlers.memory
    request = Request(
        part.text("request_token"),
        len(world.registry.requests) + 1,
        _input(part.part("input")),
        handler_input,
        memory if veil is None else world.handlers.veiled(memory, veil),
        _pace(part.part("pace")),
        part.count("most_steps"),
    )
    _restore_events(request, part)
    request.expired = part.switch("expired")
    request.under_way = _under_way(world, part.part_or_none("under_way"))
    request.take_up_at = part.instant_or_none("take_up_at")
    request.deadline = part.instant_or_none("deadline")
    request.step_at = part.instant_or_none("step_at")
    request.remarks = tuple(
        Remark(remark.instant("at"), remark.text("words"), remark.count("after")) for remark in part.parts("remarks")
    )
    causes = part.part("causes")
    request.causes = {int(number): causes.text(number) for number in part.object("causes") if number.isdecimal()}
    cancel = part.part_or_none("cancel")
    if cancel is not None:
        request.cancel_rule = _cancel(request, cancel)
    if request.is_running and request.step_at is None:
        raise part.broken(None, "an instant, as the request is running", "step_at")
    return Restored(request, veil)


def _restore_events(request: Request, part: Part) -> None:
    if not part.list("events"):
        raise part.broken([], "at least one event", "events")
    for event in part.parts("events"):
        try:
            request.record(_event(event))
        except RuntimeError as error:
            raise event.broken(event.value("operation_status"), f"what can follow ({error})") from None


def _handler_data(given: HandlerInput) -> JSONObject:
    return {
        "identifier": given.identifier,
        "desired_state": copied_object(given.desired_state),
        "properties": [*given.properties],
        "previous_state": None if given.previous_state is None else copied_object(given.previous_state),
        "planned_steps": given.planned_steps,
        "first_delay": microseconds(given.first_delay),
        "delay": microseconds(given.delay),
        "delays": [microseconds(delay) for delay in given.delays],
        "step_time": microseconds(given.step_time),
        "step_number": given.step_number,
        "worked": given.worked,
        "made": [*given.made],
    }


def _handler_input(world: World, part: Part) -> HandlerInput:
    given, asked = part.part("handler"), _input(part.part("input"))
    previous = given.part_or_none("previous_state")
    return HandlerInput(
        operation=part.word("operation", Operation),
        resource_type=world.catalog.named(asked.type_name),
        scope=Scope(part.text("account_id"), part.text("region")),
        identifier=given.text_or_none("identifier"),
        desired_state=given.object("desired_state"),
        properties=tuple(given.texts("properties")),
        previous_state=None if previous is None else given.object("previous_state"),
        request_token=part.text("request_token"),
        role_arn=asked.role_arn,
        client_token=asked.client_token,
        planned_steps=given.count("planned_steps"),
        first_delay=given.duration("first_delay"),
        delay=given.duration("delay"),
        delays=given.durations("delays"),
        step_time=given.duration("step_time"),
        step_number=given.count("step_number"),
        worked=given.count("worked"),
        made=given.texts("made"),
    )


def _input(part: Part) -> RequestInput:
    others = [part.text_or_none(name) for name in RequestInput._fields[1:]]
    return RequestInput(part.text("type_name"), *others)


def _pace_data(pace: Pace) -> JSONObject:
    return {
        "steps": pace.steps,
        "delay": microseconds(pace.delay),
        "first_delay": microseconds(pace.first_delay),
        "pending": pace.pending if isinstance(pace.pending, bool) else microseconds(pace.pending),
        "downstream": pace.downstream,
        "step_time": microseconds(pace.step_time),
        "consistent_after": microseconds(pace.consistent_after),
        "delays": [microseconds(delay) for delay in pace.delays],
    }


def _pace(part: Part) -> Pace:
    is_switch = isinstance(part.value("pending"), bool)
    return Pace(
        part.count("steps"),
        part.duration("delay"),
        part.duration("first_delay"),
        part.switch("pending") if is_switch else part.duration("pending"),
        part.switch("downstream"),
        part.duration("step_time"),
        part.duration("consistent_after"),
        part.durations("delays"),
    )


def _event_data(event: ProgressEvent) -> JSONObject:
    members: Mapping[str, object] = event._asdict()
    times = {name: instant_text(getattr(event, name)) for name in ("event_time", "retry_after")}
    return cast("JSONObject", {**members, **times})


def _event(part: Part) -> ProgressEvent:
    return ProgressEvent(
        part.word("operation_status", OperationStatus),
        part.instant("event_time"),
        part.text_or_none("identifier"),
        part.text_or_none("model_text"),
        part.text_or_none("status_message"),
        part.word_or_none("error_code", HandlerErrorCode),
        part.instant_or_none("retry_after"),
    )


def _under_way_data(world: World, request: Request) -> JSONValue:
    under_way = request.under_way
    if under_way is None:
        return None
    rule = next((noted.number for noted in world.ledger.noted if noted.what is under_way.failure), None)
    return {"failure": rule, "takes_time": under_way.takes_time}


def _under_way(world: World, part: Part | None) -> UnderWay | None:
    if part is None:
        return None
    failure = None
    if part.value("failure") is not None:
        number = part.count("failure")
        rules = [noted.what for noted in world.ledger.noted if noted.number == number]
        failure = next((rule for rule in rules if isinstance(rule, Failure)), None)
        if failure is None:
            raise part.broken(number, "the id of an add_failure among the rules", "failure")
    return UnderWay(failure=failure, takes_time=part.switch("takes_time"), has_worked=False)


def _cancel_data(rule: Cancel) -> JSONObject:
    return {"at_step": rule.at_step, "during": rule.during, "fired": rule.fired}


def _cancel(request: Request, part: Part) -> Cancel:
    at_step: StepNumber = END if part.value("at_step") == END else part.count("at_step")
    return Cancel(
        match=Match(),
        at_step=at_step,
        request_token=request.request_token,
        order=request.order,
        during=part.switch("during"),
        fired=part.count("fired"),
    )
