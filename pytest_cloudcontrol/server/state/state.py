"""A world as one document, and a world of such a document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.arguments import OptionError
from pytest_cloudcontrol.clock import END
from pytest_cloudcontrol.controls.cloudcontrol import CloudControl
from pytest_cloudcontrol.documents import copied_object
from pytest_cloudcontrol.resources.identifiers import primary_of
from pytest_cloudcontrol.schemas.resource_type import SchemaError
from pytest_cloudcontrol.server.state.parts import Part, StateError
from pytest_cloudcontrol.server.state.refusals import refuse_unsaved
from pytest_cloudcontrol.server.state.requests import request_data, restored_request
from pytest_cloudcontrol.server.state.rules import restore_rule, rule_data
from pytest_cloudcontrol.vocabulary import Scope

if TYPE_CHECKING:
    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.documents import JSONObject

FORMAT: Final = "pytest-cloudcontrol state, version 1"


def state_of(backend: Backend) -> JSONObject:
    """Return all that a world goes on with.

    Raises:
        NotSaved: it has what no state can have.
    """
    clock = backend.clock
    clock.catch_up()
    with clock.lock:
        refuse_unsaved(backend)
        world = backend.world
        return {
            "format": FORMAT,
            "saved_at": datetime.now(UTC).isoformat(),
            "seed": backend.options.seed,
            "uuids_made": world.uuids_made,
            "clock": {"now": clock.now().isoformat(), "rate": clock.rate, "auto_advance": clock.auto_advance},
            "rules_made": world.ledger.count,
            "rules": [rule_data(noted) for noted in world.ledger.noted],
            "resources": [
                {**scope._asdict(), **resource._asdict(), "properties": copied_object(resource.properties)}
                for scope, resource in world.store.everywhere()
            ],
            "requests": [request_data(world, request) for request in world.registry.requests],
        }


def restore(backend: Backend, document: JSONObject) -> None:
    """Have a world be as it was; if the document is broken, the world stays as it is.

    Raises:
        StateError: it is.
    """
    state = Part(document)
    if document.get("format") != FORMAT:
        raise state.broken(document.get("format"), repr(FORMAT), "format")
    clock = state.part("clock")
    now = clock.instant("now")
    if now >= END:
        raise clock.broken(now.isoformat(), f"an instant before {END}", "now")
    state.instant("saved_at")
    rate, auto_advance = clock.number("rate"), clock.switch("auto_advance")
    try:
        backend.restore(state.text("seed"), now, lambda: _fill(backend, state))
    except (OptionError, SchemaError, OverflowError) as error:
        raise StateError(str(error)) from None
    backend.clock.auto_advance = auto_advance
    backend.clock.rate = rate


def go_on(backend: Backend, document: JSONObject, rate: float) -> None:
    """Let the time pass that has passed since a state was written, doing in order what has fallen due.

    Where time stands still nothing is done, what was overdue neither.
    """
    if not rate:
        return
    passed = datetime.now(UTC) - Part(document).instant("saved_at")
    clock = backend.clock
    clock.run_until(clock.after(passed.total_seconds() * rate))


def _fill(backend: Backend, state: Part) -> None:
    world = backend.world
    cloudcontrol = CloudControl(backend)
    for rule in state.parts("rules"):
        restore_rule(cloudcontrol, world.ledger, rule)
    world.ledger.count = state.count("rules_made")
    for part in state.parts("resources"):
        _restore_resource(backend, part)
    for part in state.parts("requests"):
        request, veil = restored_request(world, part)
        if world.registry.of_token(request.request_token) is not None:
            raise part.broken(request.request_token, "a token that no other request has", "request_token")
        world.registry.adopt(request)
        world.runner.resume(request, veil)
        if request.cancel_rule is not None:
            world.decisions.add_own(request.cancel_rule)
    world.uuids_made = state.count("uuids_made")


def _restore_resource(backend: Backend, part: Part) -> None:
    type_name, identifier, properties = part.text("type_name"), part.text("identifier"), part.object("properties")
    paths = backend.world.catalog.named(type_name).primary_identifier
    if primary_of(properties, paths) != identifier:
        raise part.broken(identifier, "the identifier that its properties say", "identifier")
    backend.world.store.put(Scope(part.text("account_id"), part.text("region")), type_name, identifier, properties)
