"""What a pattern is made of: the tree between Java's text and Python's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from pytest_cloudcontrol.schemas.patterns.characters import Characters

Place: TypeAlias = Literal["start", "end", "very end", "line start", "line end", "boundary", "no boundary"]
GroupKind: TypeAlias = Literal["capturing", "plain", "atomic", "ahead", "not ahead", "behind", "not behind"]
Mode: TypeAlias = Literal["greedy", "lazy", "possessive"]


@dataclass(frozen=True, slots=True)
class OneOf:
    """One character of a set."""

    characters: Characters


@dataclass(frozen=True, slots=True)
class At:
    """A place in the text, such as its end."""

    place: Place


@dataclass(frozen=True, slots=True)
class Reference:
    """What a group has matched before."""

    group: int
    in_either_case: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Something in parentheses."""

    kind: GroupKind
    body: Node


@dataclass(frozen=True, slots=True)
class Repeat:
    """Something repeated; ``most`` is None where there is no limit."""

    item: Node
    least: int
    most: int | None
    mode: Mode


@dataclass(frozen=True, slots=True)
class Sequence:
    """Some things, one after the other."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some things."""

    branches: tuple[Node, ...]


Node: TypeAlias = OneOf | At | Reference | Group | Repeat | Sequence | Choice

NOTHING: Final = Sequence(())
