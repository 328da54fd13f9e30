"""A resource type as the table has it: which native calls make, change, remove, show and list its resources.

Each has a file of its own, ``types/sqs-queue.toml``, so that only those are read that a test needs. docs/moto-types.md
and CONTRIBUTING.md say how one is written.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pytest_cloudcontrol.handlers.moto.expressions import Expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.resources.abc import Traversable

    Entry: TypeAlias = Mapping[str, Any]
    """A table of TOML, whose keys are checked when it is read."""


@dataclass(frozen=True, slots=True)
class NativeCall:
    """One native call.

    Attributes:
        operation: the name of the client's method.
        members: gives its arguments.
        condition: gives whether it is made.
        each: gives a list, for each item of which it is made, with ``item`` in what expressions see.
        show: gives what its answer says: of a resource the properties, of a list the identifiers.
        gather: the property whose items are what the answers show, for a read that is made for each of a list.
        absent: the error codes that say that there is nothing to show, or nothing left to do.
        service: of another service than the type's own.
        asked: the names that its expressions take, ``before.Name`` for what they take of what there was before.
        shown: the names of what its answer says.
    """

    operation: str
    members: Expression
    condition: Expression | None
    each: Expression | None
    show: Expression | None
    gather: str | None
    absent: frozenset[str]
    service: str
    asked: frozenset[str]
    shown: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        """The properties that it carries."""
        return frozenset(name for name in self.asked if name[0].isupper())


@dataclass(frozen=True, slots=True)
class MotoType:
    """A resource type of the table.

    Attributes:
        type_name: its name.
        made_up: the properties for which a name is made up where the caller gives none.
        named: gives the identifier that a desired state asks for, for services that accept a duplicate.
        lasting: the properties that no call takes away again.
        create: the call that makes a resource.
        identifier: gives the identifier of what it has made, from ``answer``.
        update: what sets properties, after the call that makes it too if that doesn't carry them.
        delete: what removes it.
        read: what shows it; the first one is refused where there is none.
        listing: what lists the identifiers: the last of them, which sees what the others show.
    """

    type_name: str
    made_up: tuple[str, ...]
    named: Expression | None
    lasting: frozenset[str]
    create: NativeCall
    identifier: Expression
    update: tuple[NativeCall, ...]
    delete: tuple[NativeCall, ...]
    read: tuple[NativeCall, ...]
    listing: tuple[NativeCall, ...]

    @property
    def carried(self) -> frozenset[str]:
        """The properties that any call carries."""
        return self.create.names.union(*(call.names for call in self.update))

    @property
    def made_once(self) -> frozenset[str]:
        """The properties that only the call carries which makes a resource."""
        return self.create.names.difference(*(call.names for call in self.update))

    def reads(self, names: Iterable[str]) -> tuple[NativeCall, ...]:
        """Return the reads that show what is asked for, with what they themselves ask for; the first one always."""
        wanted = {name.removeprefix("before.") for name in names}
        needed: list[NativeCall] = []
        for call in reversed(self.read):
            if call is self.read[0] or not wanted.isdisjoint(call.shown):
                wanted |= call.asked
                needed.insert(0, call)
        return tuple(needed)


_OF_A_CALL: Final = {"call", "with", "if", "each", "show", "gather", "absent", "service"}
_OF_A_TYPE: Final = {
    "type",
    "service",
    "made_up",
    "named",
    "lasting",
    "create",
    "identifier",
    "update",
    "delete",
    "read",
    "list",
}


def _call(entry: Entry, service: str) -> NativeCall:
    if unknown := entry.keys() - _OF_A_CALL:
        raise ValueError(f"{entry['call']} has {sorted(unknown)}, which are none of {sorted(_OF_A_CALL)}")
    members, condition, each, show = (
        Expression(entry[key]) if key in entry else None for key in ("with", "if", "each", "show")
    )
    asked = [expression.names for expression in (members, condition, each) if expression is not None]
    gather = entry.get("gather")
    return NativeCall(
        operation=entry["call"],
        members=members or Expression("`{}`"),
        condition=condition,
        each=each,
        show=show,
        gather=gather,
        absent=frozenset(entry.get("absent", ())),
        service=entry.get("service", service),
        asked=frozenset[str]().union(*asked),
        shown=frozenset({gather} if gather else show.shown if show else ()),
    )


def _type(entry: Entry) -> MotoType:
    type_name = entry["type"]
    if unknown := entry.keys() - _OF_A_TYPE:
        raise ValueError(f"{type_name} has {sorted(unknown)}, which are none of {sorted(_OF_A_TYPE)}")

    def calls(key: str) -> tuple[NativeCall, ...]:
        return tuple(_call(inner, entry["service"]) for inner in entry.get(key, ()))

    return MotoType(
        type_name=type_name,
        made_up=tuple(entry.get("made_up", ())),
        named=Expression(entry["named"]) if "named" in entry else None,
        lasting=frozenset(entry.get("lasting", ())),
        create=_call(entry["create"], entry["service"]),
        identifier=Expression(entry["identifier"]),
        update=calls("update"),
        delete=calls("delete"),
        read=calls("read"),
        listing=calls("list"),
    )


_FOLDER: Final = resources.files(__package__) / "types"


@functools.cache
def _type_of(file_name: str) -> MotoType | None:
    file: Traversable = _FOLDER / file_name
    return _type(tomllib.loads(file.read_text(encoding="utf-8"))) if file.is_file() else None


def moto_type(type_name: str) -> MotoType | None:
    """Return a type of the table; None if it isn't there."""
    found = _type_of("-".join(type_name.lower().split("::")[1:]) + ".toml")
    return found if found is not None and found.type_name == type_name else None


def moto_types() -> list[MotoType]:
    """Return all types of the table, by their names."""
    files = (file.name for file in _FOLDER.iterdir() if file.name.endswith(".toml"))
    return sorted((kept for kept in map(_type_of, files) if kept is not None), key=lambda kept: kept.type_name)
