"""Registers botocore's own event handlers once for all sessions made while a mock is active, and knows events' names.

Each session registers the same 130, which takes most of the time in which a session and its first client are made. So
they are registered with one emitter, which nobody else has, and each session is made with a copy of that: botocore
itself copies an emitter so for every client. A session that is made with an emitter of its own, without botocore's
handlers, or of a class of somebody's own, is made as ever. What is added to botocore's list of handlers, as moto does,
is seen.

Some events have an old name and a new one. Each emitter compares each event's name with all of those, the first time;
here that is done once for all emitters.
"""

from __future__ import annotations

import copy
import functools
from typing import TYPE_CHECKING, Final, Protocol

import botocore.handlers
from botocore.hooks import EventAliaser, HierarchicalEmitter
from botocore.session import Session
from botocore.utils import EVENT_ALIASES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_cloudcontrol.backend import Backend
    from pytest_cloudcontrol.transport.patches import Method, Patches

_SAY_OTHERWISE: Final = frozenset({"event_hooks", "include_builtin_handlers"})
_RENAME: Final = getattr(EventAliaser, "_alias_event_name")  # noqa: B009  # private
_ALIASER: Final = EventAliaser(HierarchicalEmitter())
"""What has botocore's own names, and nothing else; an aliaser keeps every answer."""


def put_in(patches: Patches, backend: Backend) -> None:  # noqa: ARG001  # every part is put in with the same two
    """Make sessions with a copy of the emitter that has botocore's handlers already."""

    def making(original: Method) -> Method:
        def make(session: Session, *arguments: object, **named: object) -> object:
            # The second argument is an emitter, the third whether botocore's handlers are registered with it.
            is_plain = type(session) is Session and len(arguments) < 2 and _SAY_OTHERWISE.isdisjoint(named)
            if patches.are_in and is_plain:
                named |= {"event_hooks": own_emitter(), "include_builtin_handlers": False}
            return original(session, *arguments, **named)

        return make

    def renaming(original: Method) -> Method:
        def alias_event_name(aliaser: Aliaser, event_name: str) -> object:
            known = aliaser._alias_name_cache  # noqa: SLF001  # as the original, which is called for every event
            if event_name in known:
                return known[event_name]
            if not patches.are_in or aliaser._event_aliases != EVENT_ALIASES:  # noqa: SLF001
                return original(aliaser, event_name)
            known[event_name] = name = _RENAME(_ALIASER, event_name)
            return name

        return alias_event_name

    patches.replace(Session, "__init__", making)
    patches.replace(EventAliaser, "_alias_event_name", renaming)


class Aliaser(Protocol):
    """An emitter that knows events by their old names, too."""

    _alias_name_cache: dict[str, object]
    _event_aliases: Mapping[str, str]


class Registrar:
    """A session as its method that registers the handlers sees it: where they are registered, and nothing else.

    Args:
        service: the service whose handlers, beside those of every service, are registered; those of all by default.
    """

    def __init__(self, service: str | None = None) -> None:
        self.emitter = HierarchicalEmitter()
        self._events = EventAliaser(self.emitter)
        self._register: Callable[..., object] = self._events.register
        self._service = service

    def register(self, event_name: str, *arguments: object) -> None:
        """Register a handler, unless it is of another service."""
        kind, *parts = event_name.split(".")
        of = parts[1:2] if kind == "docs" else parts[:1]  # in between stands a part of the documentation
        if self._service is None or not of or of[0] in {"*", self._service}:
            self._register(event_name, *arguments)

    def register_all(self) -> None:
        """Register botocore's own handlers, as a session does."""
        register: Method = getattr(Session, "_register_builtin_handlers")  # noqa: B009  # private
        register(self, self._events)


def emitter_for(service: str) -> HierarchicalEmitter:
    """Return a new emitter with those of botocore's handlers that a service's clients can meet.

    Each client begins with a copy of its session's handlers, and most of botocore's are of another service.
    """
    registrar = Registrar(service)
    registrar.register_all()
    return registrar.emitter


def own_emitter() -> HierarchicalEmitter:
    """Return a new emitter with botocore's handlers, the present ones."""
    emitter = copy.copy(_with_handlers(tuple(botocore.handlers.BUILTIN_HANDLERS)))
    setattr(emitter, "_lookup_cache", {})  # noqa: B010  # private: a copy has its original's until it registers
    return emitter


@functools.lru_cache(maxsize=1)
def _with_handlers(_handlers: tuple[object, ...]) -> HierarchicalEmitter:
    """Return an emitter with botocore's handlers as they are now, which is for copying only."""
    registrar = Registrar()
    registrar.register_all()
    return registrar.emitter
