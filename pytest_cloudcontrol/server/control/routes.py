"""The table of all routes. The OpenAPI document is made of it, and so is what a request may have."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.server.control import requests, resources, rules, schemas, states, time, world
from pytest_cloudcontrol.server.control.asked import NO_MEMBERS, Member, Route
from pytest_cloudcontrol.server.control.openapi import read_openapi
from pytest_cloudcontrol.server.control.page import show_page
from pytest_cloudcontrol.server.messages import LARGEST_BODY

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject

_CONFLICT: Final = (HTTPStatus.CONFLICT,)
_NOT_FOUND: Final = (HTTPStatus.NOT_FOUND,)


def _may_be_null(schema: JSONObject) -> Member:
    """Return a member that needn't be there, and whose null says the same."""
    return Member(schemas.or_null(schema))


_MAX_STEPS: Final = {"max_steps": _may_be_null(schemas.COUNT)}
_REQUESTS: Final = {
    "type_name": Member(schemas.TEXT),
    "operation": Member(schemas.OPERATION),
    "status": Member(schemas.STATUS),
    "identifier": Member(schemas.TEXT),
}
_SCOPE: Final = {"account_id": Member(schemas.TEXT), "region": Member(schemas.TEXT)}
_NAMED: Final = {
    "type_name": Member(schemas.TEXT, is_required=True),
    "identifier": Member(schemas.TEXT, is_required=True),
}
_PROPERTIES: Final = {"properties": Member(schemas.ANY_OBJECT, is_required=True)}

_MATCH: Final = {
    "type_name": _may_be_null(schemas.TEXT),
    "operation": _may_be_null(schemas.OPERATION),
    "identifier": _may_be_null(schemas.TEXT),
}
_TIMES: Final = {"times": Member(schemas.COUNT), "optional": Member(schemas.SWITCH)}
_AT_STEP: Final = {"at_step": _may_be_null(schemas.AT_STEP)}
_DURING: Final = {"during": Member(schemas.SWITCH)}
_MESSAGE: Final = {"message": _may_be_null(schemas.TEXT)}
_ERROR_CODE: Final = {"error_code": Member(schemas.ERROR_CODE, is_required=True)}

_ARRANGED: Final = {
    "plans": (
        rules.arranging("plan"),
        "Say how long requests take",
        {
            "type_name": _may_be_null(schemas.TEXT),
            "operation": _may_be_null(schemas.OPERATION),
            "steps": _may_be_null(schemas.COUNT),
            "delay": _may_be_null(schemas.SECONDS),
            "first_delay": _may_be_null(schemas.SECONDS),
            "pending": _may_be_null({"oneOf": [schemas.SECONDS, schemas.SWITCH]}),
            "downstream": _may_be_null(schemas.SWITCH),
            "step_time": _may_be_null(schemas.SECONDS),
            "consistent_after": _may_be_null(schemas.SECONDS),
        },
    ),
    "failures": (
        rules.arranging("add_failure"),
        "Let a request fail instead of a handler call",
        {
            **_ERROR_CODE,
            **_MATCH,
            "operation": _may_be_null(schemas.HANDLER_OPERATION),
            **_AT_STEP,
            **_MESSAGE,
            **_TIMES,
        },
    ),
    "cancels": (
        rules.arranging("add_cancel"),
        "Cancel a request instead of a handler call",
        {**_MATCH, **_AT_STEP, **_TIMES, **_DURING},
    ),
    "expiries": (
        rules.arranging("add_expiry"),
        "Let a request expire instead of a handler call",
        {**_MATCH, **_AT_STEP, **_TIMES},
    ),
    "errors": (
        rules.arranging("add_error"),
        "Answer API calls with an error, or not at all",
        {
            "code": Member(schemas.TEXT, is_required=True),
            "api": _may_be_null(schemas.API),
            "type_name": _may_be_null(schemas.TEXT),
            "identifier": _may_be_null(schemas.TEXT),
            **_MESSAGE,
            **_TIMES,
            "after": Member(schemas.SWITCH),
        },
    ),
    "hooks": (
        rules.arranging("add_hook"),
        "Ask a hook before the first handler call",
        {
            "hook_type_name": Member(schemas.TEXT, is_required=True),
            "fails": _may_be_null(schemas.TEXT),
            "failure_mode": Member(schemas.FAILURE_MODE),
            "targets": Member({"oneOf": [schemas.TEXT, schemas.list_of(schemas.TEXT), {"type": "null"}]}),
            "operations": _may_be_null(schemas.list_of(schemas.OPERATION)),
            "delay": Member(schemas.SECONDS),
        },
    ),
    "limits": (
        rules.add_limit,
        "Limit how many calls come through (calls, per, api), or how many requests are worked on (running, type_name)",
        {
            "calls": Member(schemas.COUNT),
            "per": Member(schemas.SECONDS),
            "api": _may_be_null(schemas.API),
            "running": Member(schemas.COUNT),
            "type_name": _may_be_null(schemas.TEXT),
        },
    ),
    "timings": (rules.arranging("use_aws_timings"), "Let requests take about as long as in AWS", NO_MEMBERS),
    "provision": (
        rules.arranging("provision"),
        "Say whose the resources are",
        {
            "whose": Member(schemas.words(("memory", "moto", "moto-or-memory")), is_required=True),
            "type_name": _may_be_null(schemas.TEXT),
        },
    ),
    "types": (
        rules.add_type,
        "Add a resource type",
        {"schema": Member(schemas.ANY_OBJECT, is_required=True), "configuration": Member(schemas.ANY_OBJECT)},
    ),
}

_MOVING: Final = {
    "clock/advance": (
        time.advance,
        "Move the clock on",
        "Clock",
        {"seconds": Member(schemas.SECONDS, is_required=True)},
    ),
    "clock/move-to": (
        time.move_to,
        "Move the clock to an instant",
        "Clock",
        {"instant": Member(schemas.INSTANT, is_required=True)},
    ),
    "clock/advance-to-next": (
        time.advance_to_next,
        "Move the clock to the next piece of work",
        "ClockMoved",
        NO_MEMBERS,
    ),
    "step": (time.step, "Make the earliest handler call of any request", "Step", NO_MEMBERS),
    "run-until-idle": (
        time.run_until_idle,
        "Make handler calls until nothing is due",
        "Steps",
        {"max_steps": Member(schemas.COUNT)},
    ),
}
"""What moves a whole world."""

_MOVED: Final = {
    "step": ("Make its next handler call", NO_MEMBERS),
    "run": ("Make handler calls until it has ended", _MAX_STEPS),
    "run-until": (
        "Make handler calls until it has a status",
        {"status": Member(schemas.STATUS, is_required=True), **_MAX_STEPS},
    ),
    "fail": ("Let it fail now", {**_ERROR_CODE, **_MESSAGE}),
    "cancel": ("Cancel it, now or instead of a handler call", {**_AT_STEP, **_DURING}),
    "expire": ("Let AWS forget it", NO_MEMBERS),
}
"""What moves one request."""

ROUTES: Final = (
    Route("GET", "", show_page, "Show the world live, for a person", "Page", content_type="text/html"),
    Route("GET", "health", world.health, "Say that the server is there", "Health"),
    Route("GET", "openapi.json", read_openapi, "Return this document", "OpenAPI"),
    Route("GET", "clock", time.read_clock, "Return where the clock stands", "Clock"),
    Route(
        "PATCH",
        "clock",
        time.set_clock,
        "Say how the clock goes",
        "Clock",
        {"rate": Member(schemas.RATE), "auto_advance": Member(schemas.SWITCH)},
    ),
    *(
        Route("POST", path, function, summary, answers, members, problems=_CONFLICT)
        for path, (function, summary, answers, members) in _MOVING.items()
    ),
    Route("GET", "requests", requests.list_requests, "Return requests, oldest first", "Requests", query=_REQUESTS),
    Route("GET", "requests/{token}", requests.read_request, "Return a request", "Request", problems=_NOT_FOUND),
    *(
        Route(
            "POST",
            f"requests/{{token}}/{name}",
            requests.moving(name.replace("-", "_")),
            summary,
            "Request",
            members,
            problems=_NOT_FOUND + _CONFLICT,
        )
        for name, (summary, members) in _MOVED.items()
    ),
    *(
        Route("POST", name, function, summary, "Rule", members, status=HTTPStatus.CREATED)
        for name, (function, summary, members) in _ARRANGED.items()
    ),
    Route("GET", "rules", rules.list_rules, "Return all that is arranged", "Rules"),
    Route(
        "DELETE",
        "rules/{id}",
        rules.remove_rule,
        "Take back what is arranged",
        status=HTTPStatus.NO_CONTENT,
        problems=_NOT_FOUND,
    ),
    Route(
        "GET",
        "resources",
        resources.list_resources,
        "Return what exists in an account and region",
        "Resources",
        query={"type_name": Member(schemas.TEXT), "identifier": Member(schemas.TEXT), **_SCOPE},
    ),
    Route(
        "PUT",
        "resources",
        resources.put_resource,
        "Place a resource",
        "Identifier",
        {"type_name": _NAMED["type_name"], **_PROPERTIES, "as_read": Member(schemas.SWITCH), **_SCOPE},
        status=HTTPStatus.CREATED,
    ),
    Route(
        "PATCH",
        "resources",
        resources.update_resource,
        "Change properties of a resource",
        "Identifier",
        {**_NAMED, **_PROPERTIES, **_SCOPE},
        problems=_NOT_FOUND,
    ),
    Route(
        "DELETE",
        "resources",
        resources.delete_resource,
        "Remove a resource",
        query={**_NAMED, **_SCOPE},
        status=HTTPStatus.NO_CONTENT,
        problems=_NOT_FOUND,
    ),
    Route("GET", "downstream", world.list_downstream, "Return all downstream work", "Downstream"),
    *(
        Route(
            "POST",
            f"downstream/{{id}}/{verb}",
            world.moving_work(verb),
            summary,
            "Work",
            problems=_NOT_FOUND + _CONFLICT,
        )
        for verb, summary in (("step", "Make its next piece"), ("run", "Make all its pieces"), ("stop", "End it here"))
    ),
    Route(
        "GET",
        "calls",
        world.list_calls,
        "Return the API calls that were made, oldest first",
        "Calls",
        query={"api": Member(schemas.API), "type_name": Member(schemas.TEXT)},
    ),
    Route("POST", "reset", world.reset, "Begin anew", status=HTTPStatus.NO_CONTENT),
    Route("GET", "state", states.read_state, "Return the whole world", "State", problems=_CONFLICT),
    Route(
        "PUT",
        "state",
        states.restore_state,
        "Have the world be as it was",
        document=states.MEMBERS,
        largest=LARGEST_BODY,
        status=HTTPStatus.NO_CONTENT,
        problems=_CONFLICT,
    ),
)
"""Every route; the paths are below ``/_cloudcontrol/``."""
