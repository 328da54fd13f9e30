"""The state: a world as one document, with which it goes on exactly as it would have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from over_http import create
from resource_types import LOG_GROUP
from worlds import ACTS, create_handler, do, shown, world

from pytest_cloudcontrol.server.state.parts import StateError
from pytest_cloudcontrol.server.state.state import restore, state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from over_http import Connection

    from pytest_cloudcontrol import CloudControl


@settings(max_examples=40)
@given(before=st.lists(ACTS, max_size=10), after=st.lists(ACTS, max_size=8))
def test_it_goes_on_exactly_as_the_original(before: list[tuple[str, Any]], after: list[tuple[str, Any]]) -> None:
    """A world that is saved and restored at any moment comes to the same, whatever is done then."""
    with world("original") as original:
        for act in before:
            do(original, act)
        saved = json.dumps(state_of(original._backend))  # noqa: SLF001
        for act in after:
            do(original, act)
        original.run_until_idle()
        expected = shown(original)
    with world("another") as another:
        do(another, ("create", "gone"))
        restore(another._backend, json.loads(saved))  # noqa: SLF001
        for act in after:
            do(another, act)
        another.run_until_idle()

        assert shown(another) == expected


def saved_world(cloudcontrol: CloudControl) -> dict[str, Any]:
    """Fill a world with something of everything, and return its state."""
    for act in [
        ("plan", "slow and lagging"),
        ("fail", 3),
        ("create", "one"),
        ("advance", 40),
        ("update", "one"),
        ("create", "two"),
        ("cancel", 2),
        ("advance", 0.1),
    ]:
        do(cloudcontrol, act)
    state: dict[str, Any] = json.loads(json.dumps(state_of(cloudcontrol._backend)))  # noqa: SLF001
    return state


def places(value: Any, place: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the place of each value in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(deeper for key, item in inner for deeper in places(item, (*place, key)))]


def change(document: Any, place: tuple[str | int, ...], value: object) -> None:
    """Put something else in a place; an ellipsis takes out what is there."""
    for key in place[:-1]:
        document = document[key]
    if value is ...:
        del document[place[-1]]
    else:
        document[place[-1]] = value


INSTEAD: Final[tuple[Any, ...]] = (..., None, True, -1, 10**40, 1.5, "", "2030-01-01", "x", [], {}, [5], {"a": {}})


@settings(max_examples=80)
@given(data=st.data(), value=st.sampled_from(INSTEAD))
def test_a_broken_state_changes_nothing(data: st.DataObject, value: object) -> None:
    """A state that is broken anywhere is refused or restored, and nothing else; where it is refused, all stays."""
    with world("original") as cloudcontrol:
        broken = saved_world(cloudcontrol)
        before = shown(cloudcontrol)
        change(broken, data.draw(st.sampled_from(places(broken)[1:])), value)
        try:
            restore(cloudcontrol._backend, broken)  # noqa: SLF001
        except StateError:
            assert shown(cloudcontrol) == before
        else:
            shown(cloudcontrol)


def test_over_http(connection: Connection, cloudcontrol: CloudControl) -> None:
    """It is had and put back over HTTP."""
    token = create(connection)
    state = connection.ask("GET", "state").document
    cloudcontrol.request(token).run()

    assert connection.ask("PUT", "state", state).status == 204
    assert cloudcontrol.request(token).status == "IN_PROGRESS"
    assert cloudcontrol.request(token).run().status == "SUCCESS"


def hook(cloudcontrol: CloudControl) -> str:
    """Add a hook, and return its name."""
    cloudcontrol.add_hook("Acme::Rules::Names")
    return "add_hook('Acme::Rules::Names')"


def limit(cloudcontrol: CloudControl) -> str:
    """Add a limit, and return its name."""
    cloudcontrol.limit_rate(100, per=1)
    return "limit_rate(100, per=1)"


def callback(cloudcontrol: CloudControl) -> str:
    """Add a callback, and return its name."""
    cloudcontrol.before(print)
    return "before(print)"


def downstream(cloudcontrol: CloudControl) -> str:
    """Start downstream work, and return its name, with that of the request that only looks at it."""
    cloudcontrol.plan(downstream=True, steps=3)
    do(cloudcontrol, ("create", "one"))
    request = cloudcontrol.requests.last.step()
    work = f"the downstream work CREATE {LOG_GROUP} of request {request.request_token}"
    return f"{work}; the handler of request {request.request_token} (CREATE {LOG_GROUP})"


def running_handler(cloudcontrol: CloudControl) -> str:
    """Have a handler at work that was taken back, and return its name."""

    def create(request: Any) -> Any:
        request.identifier = request.resources.put(LOG_GROUP, request.desired_state)
        yield 1

    arranged = cloudcontrol.add_handler(LOG_GROUP, create=create)
    do(cloudcontrol, ("create", "one"))
    arranged.remove()
    return f"the handler of request {cloudcontrol.requests.last.request_token} (CREATE {LOG_GROUP})"


@pytest.mark.parametrize("arrange", [create_handler, hook, limit, callback, downstream, running_handler])
def test_what_no_state_can_have(
    connection: Connection, cloudcontrol: CloudControl, arrange: Callable[[CloudControl], str]
) -> None:
    """It is refused by its name, to be written and to be thrown away."""
    state = connection.ask("GET", "state").document
    words = f"the state can't have: {arrange(cloudcontrol)}. Take it back, or let it end, first"

    assert connection.ask("GET", "state").problem == (409, words)
    assert connection.ask("PUT", "state", state).problem == (409, words)


def test_a_type_of_ones_own(connection: Connection, cloudcontrol: CloudControl) -> None:
    """A type that was added is a part of the state, and so are its resources."""
    schema = {
        "typeName": "Acme::Shop::Order",
        "properties": {"Name": {"type": "string", "pattern": "^[a-z]+$"}},
        "primaryIdentifier": ["/properties/Name"],
        "handlers": {"create": {}, "read": {}},
    }
    connection.ask("POST", "types", {"schema": schema})  # type: ignore[dict-item]  # it is JSON
    cloudcontrol.resources.put("Acme::Shop::Order", {"Name": "first"})
    state = connection.ask("GET", "state").document
    cloudcontrol.reset()

    assert connection.ask("PUT", "state", state).status == 204
    assert cloudcontrol.resources.get("Acme::Shop::Order", "first") == {"Name": "first"}


@pytest.mark.parametrize(
    ("change_to", "words"),
    [
        ({"format": "another"}, "format is 'another': expected 'pytest-cloudcontrol state, version 1'"),
        ({"clock": None}, "clock is None: expected an object"),
        ({"requests": [{}]}, "requests[0].handler is missing"),
        ({"seed": 5}, "seed is 5: expected a text"),
        ({"saved_at": "now"}, "saved_at is 'now': expected an instant with its time zone"),
    ],
)
def test_where_it_is_broken(
    connection: Connection, cloudcontrol: CloudControl, change_to: dict[str, Any], words: str
) -> None:
    """A broken state is refused, with the place."""
    token = create(connection)
    state = connection.ask("GET", "state").document

    assert connection.ask("PUT", "state", {**state, **change_to}).problem == (422, words)
    assert cloudcontrol.requests.last.request_token == token
