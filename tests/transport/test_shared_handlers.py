"""botocore's event handlers are registered once for all sessions made inside a mock, and nobody sees a difference."""

from __future__ import annotations

import copy
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypedDict, cast

import boto3
import botocore.handlers
import pytest
from botocore.hooks import EventAliaser, HierarchicalEmitter
from botocore.session import Session
from botocore.utils import EVENT_ALIASES
from threads import in_threads

from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.client import BaseClient
    from botocore.hooks import BaseEventHooks

    Handler: TypeAlias = Callable[..., None]
    Clients: TypeAlias = Callable[..., BaseClient]

EVENT = "selling.shop.Sell"


class Node(TypedDict):
    """A part of an event's name: its handlers, first, middle and last ones, and the parts that may follow."""

    chunk: str | None
    children: dict[str, Node]
    values: tuple[list[object], list[object], list[object]] | None


def emitter_of(session: Session) -> BaseEventHooks:
    """Return the emitter that a session's clients get copies of."""
    emitter: BaseEventHooks = session.get_component("event_emitter")
    return emitter


def root_of(emitter: object) -> Node:
    """Return all handlers of an emitter; they are private, since none are listed in public."""
    root: Node = vars(vars(emitter)["_handlers"])["_root"]
    return root


def handlers_of(session: Session) -> Node:
    """Return all handlers of a session."""
    return root_of(vars(emitter_of(session))["_emitter"])


def names_of(client: BaseClient) -> list[str]:
    """Return the names of a client's handlers, with their events."""

    def below(node: Node, path: str) -> list[str]:
        handlers = [handler for part in node["values"] or () for handler in part]
        here = [f"{path} {getattr(handler, '__qualname__', type(handler))}" for handler in handlers]
        return here + [line for name, child in node["children"].items() for line in below(child, f"{path}.{name}")]

    return below(root_of(vars(client.meta.events)["_emitter"]), "")


def sold(session: Session) -> list[object]:
    """Return what a session's handlers answer to an event of this test's own."""
    return [answer for _, answer in emitter_of(session).emit(EVENT)]


def answering(words: str) -> Handler:
    """Return a handler that answers so."""
    # botocore-stubs has handlers that return nothing, but they may answer.
    return cast("Handler", lambda **_: words)


def test_handlers_are_the_same() -> None:
    """A session made inside has the handlers that one made outside has, in the same order."""
    outside = handlers_of(Session())
    with mock_cloudcontrol():
        assert handlers_of(Session()) == outside
        assert handlers_of(Session({"profile": (None, None, None, None)})) == outside


def test_handlers_of_one_session_are_its_own() -> None:
    """What is registered with one session, or taken from it, makes no difference to another."""
    with mock_cloudcontrol():
        first, second = Session(), Session()
        first.register(EVENT, answering("first"))
        for event_name, handler, *_ in botocore.handlers.BUILTIN_HANDLERS:
            first.unregister(event_name, handler)
        third = Session()
        assert (sold(first), sold(second), sold(third)) == (["first"], [], [])
        assert handlers_of(second) == handlers_of(third)
        assert handlers_of(first) != handlers_of(second)


def test_what_was_looked_up_is_a_sessions_own() -> None:
    """What one session has found for an event another one looks for by itself."""
    with mock_cloudcontrol():
        first, second = Session(), Session()
        assert sold(first) == []
        first.register(EVENT, answering("first"))
        assert sold(first) == ["first"]
        assert (sold(second), sold(Session())) == ([], [])
        looked_up = [vars(vars(emitter_of(session))["_emitter"])["_lookup_cache"] for session in (second, Session())]
        assert looked_up[0] is not looked_up[1]  # which only threads that register meanwhile could tell otherwise


def test_added_to_botocores_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handler that somebody adds to botocore's list, as moto does, is in the sessions made while it is there."""
    with mock_cloudcontrol():
        before = Session()
        with monkeypatch.context() as added:
            more = [*botocore.handlers.BUILTIN_HANDLERS, (EVENT, answering("added"))]
            added.setattr(botocore.handlers, "BUILTIN_HANDLERS", more)
            inside = Session()
        after = Session()
        assert (sold(before), sold(inside), sold(after)) == ([], ["added"], [])


@pytest.mark.parametrize("by_name", [True, False])
def test_emitter_of_ones_own(by_name: bool) -> None:
    """A session that is made with an emitter keeps it, with what is registered there, and gets botocore's as well."""
    own = HierarchicalEmitter()
    own.register(EVENT, answering("own"))
    outside = copy.copy(own)
    with mock_cloudcontrol():
        session = Session(event_hooks=own) if by_name else Session(None, own)
        assert sold(session) == ["own"]
        assert len(own.emit(EVENT)) == 1
    assert str(handlers_of(session)) == str(handlers_of(Session(event_hooks=outside)))


def test_session_without_handlers() -> None:
    """A session that asks for none of botocore's handlers has none."""
    with mock_cloudcontrol():
        session = Session(include_builtin_handlers=False)
    assert handlers_of(session) == root_of(HierarchicalEmitter())


def test_session_of_ones_own_class() -> None:
    """A session of a class of somebody's own registers botocore's handlers as that class does."""
    registered: list[str] = []

    class OwnSession(Session):
        def register(self, event_name: str, *arguments: object, **named: object) -> None:
            registered.append(event_name)
            super().register(event_name, *arguments, **named)  # type: ignore[arg-type]  # passed on as they come

    with mock_cloudcontrol():
        inside = OwnSession()
    assert len(registered) > 100
    assert handlers_of(inside) == handlers_of(Session())


def test_session_made_inside_afterwards() -> None:
    """A session made inside goes on after the mock as one made outside, and its handlers are its own."""
    with mock_cloudcontrol():
        inside = Session()
    inside.register(EVENT, answering("inside"))
    outside = Session()
    assert (sold(inside), sold(outside)) == (["inside"], [])
    outside.register(EVENT, answering("outside"))
    assert sold(outside) == ["outside"]
    with mock_cloudcontrol():
        assert sold(Session()) == []


def test_sessions_made_outside_register_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before and after a mock each session registers botocore's handlers itself."""
    registered: list[object] = []
    with mock_cloudcontrol():
        Session()
    monkeypatch.setattr(Session, "_register_builtin_handlers", lambda session, _: registered.append(session))
    session = Session()
    assert registered == [session]


def test_below_somebody_elses_wrapper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody's wrapper keeps the mock's replacement, sessions register by themselves after the mock's end."""
    registered: list[object] = []
    monkeypatch.setattr(Session, "_register_builtin_handlers", lambda session, _: registered.append(session))
    with mock_cloudcontrol():
        below: Callable[..., None] = Session.__init__
    monkeypatch.setattr(Session, "__init__", lambda *given, **named: below(*given, **named))
    session = Session()
    assert registered == [session]


def heard(events: EventAliaser, name: str) -> str:
    """Return the name under which an event is heard that is registered and emitted under a name."""
    names: list[str] = []
    events.register(name, cast("Handler", lambda event_name, **_: names.append(event_name)))
    events.emit(name)
    assert len(names) == 1
    return names[0]


def test_names_of_events() -> None:
    """Every event that has an old name is heard inside under the name that it has outside."""
    names = [f"{prefix}{old}{suffix}" for old in EVENT_ALIASES for prefix in ("", "on.") for suffix in ("", ".Sell")]
    outside = [heard(EventAliaser(HierarchicalEmitter()), name) for name in names]
    assert outside != names
    for _ in range(2):
        with mock_cloudcontrol():
            assert [heard(EventAliaser(HierarchicalEmitter()), name) for name in names] == outside
            assert [heard(copy.copy(EventAliaser(HierarchicalEmitter())), name) for name in names] == outside


def test_names_of_ones_own() -> None:
    """An emitter with names of its own goes by those, and by no others."""
    old = "on.apigateway"
    with mock_cloudcontrol():
        assert heard(EventAliaser(HierarchicalEmitter()), old) == "on.api-gateway"
        assert heard(EventAliaser(HierarchicalEmitter(), {"apigateway": "gate"}), old) == "on.gate"
        assert heard(EventAliaser(HierarchicalEmitter(), {}), old) == old
        assert heard(EventAliaser(HierarchicalEmitter()), old) == "on.api-gateway"


def test_sessions_in_threads() -> None:
    """Sessions that many threads make at once all have the same handlers, each its own."""
    outside = handlers_of(Session())

    def make(number: int) -> tuple[bool, list[object]]:
        session = Session()
        is_same = handlers_of(session) == outside
        session.register(EVENT, answering(str(number)))
        return is_same, sold(session)

    with mock_cloudcontrol():
        made = in_threads(*(partial(make, number) for number in range(8)))
    assert made == [(True, [str(number)]) for number in range(8)]


@pytest.mark.parametrize("service", ["s3", "ec2", "logs", "dynamodb", "cloudcontrol"])
def test_clients_have_the_same_handlers(service: str) -> None:
    """A client made inside has the handlers, by name, that one made outside has, in the same order."""
    outside = cast("Clients", boto3.Session("AKIA", "mocked", region_name="eu-west-1").client)(service)
    with mock_cloudcontrol():
        inside = cast("Clients", boto3.Session("AKIA", "mocked", region_name="eu-west-1").client)(service)
    assert names_of(inside) == names_of(outside)


def test_clients_of_the_mocks_own() -> None:
    """A client that the mock makes has those of all handlers that another session's has, but for other services'."""
    with mock_cloudcontrol() as cloudcontrol:
        own = names_of(cloudcontrol.client())
        others = names_of(boto3.Session(region_name="us-east-1").client("cloudcontrol"))
    events = [line.split(" ")[0].split(".")[1:] for line in others if line not in own]
    services = {event[2] if event[0] == "docs" else event[1] for event in events}

    assert set(own) <= set(others)
    assert "s3" in services
    assert services.isdisjoint({"*", "cloudcontrol"})
