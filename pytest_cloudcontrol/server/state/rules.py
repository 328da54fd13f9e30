"""Plans, rules and resource types of a state: each as the verb that arranges it, with its arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from pytest_cloudcontrol.decisions.arranged import Arranged
from pytest_cloudcontrol.decisions.faults import ApiError, Cancel, Expiry, Failure
from pytest_cloudcontrol.decisions.plans import PLANNED, Plan, Timings
from pytest_cloudcontrol.documents import parse
from pytest_cloudcontrol.handlers.provision import Provision
from pytest_cloudcontrol.schemas.catalog import AddedType

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cloudcontrol.controls.cloudcontrol import CloudControl
    from pytest_cloudcontrol.decisions.ledger import Ledger, Noted
    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.server.state.parts import Part

SAVED: Final = (Plan, Timings, Failure, Cancel, Expiry, ApiError, AddedType)
"""What a state can have of what is arranged; and a provision in memory."""

_OF_RULES: Final = ("add_failure", "add_cancel", "add_expiry", "add_error")
_VERBS: Final = (*_OF_RULES, "plan", "use_aws_timings", "add_type", "provision")


def rule_data(noted: Noted) -> JSONObject:
    """Write down what is arranged."""
    verb, arguments = _written(noted.what)
    given: JSONObject = {name: value for name, value in arguments.items() if value is not None}
    return {"id": noted.number, "verb": verb, "arguments": given, "fired": noted.fired()}


def restore_rule(cloudcontrol: CloudControl, ledger: Ledger, part: Part) -> None:
    """Arrange what was written down, as often fired as it was.

    Raises:
        StateError: it is broken.
        OptionError: an argument isn't valid.
    """
    verb = part.text("verb")
    if verb not in _VERBS:
        raise part.broken(verb, f"one of {', '.join(_VERBS)}", "verb")
    arrange: Callable[..., object] = getattr(cloudcontrol, verb)
    try:
        arrange(**part.object("arguments"))
    except TypeError as error:  # an argument that there isn't, or one that is missing
        raise part.broken(part.value("arguments"), f"the arguments of {verb} ({error})", "arguments") from None
    noted = cast("Noted", ledger.latest)
    noted.number = part.count("id")
    if isinstance(noted.what, Arranged | Provision):
        noted.what.fired = part.count("fired")


def _written(what: object) -> tuple[str, JSONObject]:
    match what:
        case Plan():
            paces = {name: _seconds(getattr(what, name)) for name in PLANNED}
            return "plan", {"type_name": what.match.type_name, "operation": what.match.operation, **paces}
        case Failure():
            return what.verb, {"error_code": what.error_code, "message": what.message, **_of_step(what)}
        case Cancel():
            return what.verb, {"during": what.during, **_of_step(what)}
        case Expiry():
            return what.verb, _of_step(what)
        case ApiError():
            return what.verb, _of_call(what)
        case AddedType():
            configuration = what.versions[0].configuration
            return "add_type", {"schema": parse(what.published), "configuration": configuration}
        case Provision():
            return "provision", {"whose": what.whose, "type_name": what.type_name}
    return "use_aws_timings", {}


def _of_step(rule: Failure | Cancel | Expiry) -> JSONObject:
    return {
        "type_name": rule.match.type_name,
        "operation": rule.match.operation,
        "identifier": rule.match.identifier,
        "at_step": rule.at_step,
        "times": rule.times,
        "optional": rule.optional,
    }


def _of_call(rule: ApiError) -> JSONObject:
    return {
        "code": rule.code,
        "api": rule.match.api,
        "type_name": rule.match.type_name,
        "identifier": rule.match.identifier,
        "message": rule.message,
        "times": rule.times,
        "after": rule.after,
        "optional": rule.optional,
    }


def _seconds(value: object) -> JSONValue:
    return value.total_seconds() if hasattr(value, "total_seconds") else cast("JSONValue", value)
