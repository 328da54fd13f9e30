"""What a case is: states with every property of a type that moto keeps, and what other clients do to its resources."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from importlib.metadata import version
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypedDict

import boto3

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Native = Callable[..., Mapping[str, Any]]

MOTO: Final = tuple(map(int, version("moto").split(".")))
ROLE: Final = "arn:aws:iam::123456789012:role/runner"
TAGS: Final = [{"Key": "team", "Value": "shop"}, {"Key": "stage", "Value": "test"}]
OTHER_TAGS: Final = [{"Key": "stage", "Value": "live"}]
READING: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}
WRITING: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}],
}
EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})


def native(service: str, operation: str, **members: object) -> Mapping[str, Any]:
    """Make a call by a client of the service's own, as any code would."""
    call: Native = getattr(_client(service), operation)
    return call(**members)


@functools.cache
def _client(service: str) -> object:
    """Return a client that outlives its test: the next one's mock answers it as it would a new one."""
    make: Callable[..., object] = boto3.client
    return make(service, region_name="us-east-1")


@dataclass(frozen=True)
class TypeCase:
    """What the tests do with resources of a type.

    Attributes:
        type_name: the type.
        least: the state with what is required, and a name.
        properties: further properties, each with a value at first and another one later.
        lasting: those of them that no update takes away again, since moto or the service has no call for that.
        made_by_others: makes a resource of the name ``theirs`` by the service's own client, and returns its identifier.
        changed_by_others: changes one, and returns a property with its new value.
        is_there: whether the service's own client sees one.
        prepare: makes what the states speak of.
        fixed: properties that are given once.
        named: whether the caller names it, so that there can be a duplicate.
        dropped: properties that moto doesn't keep.
        seen_by_others: what the service's own client sees of a resource, as properties.
        theirs: properties that a read shows of what others have made.

    A value that is only known when moto is there is a function that gives it.
    """

    type_name: str
    least: Mapping[str, Any]
    properties: Mapping[str, tuple[Any, Any]]
    made_by_others: Callable[[], str]
    changed_by_others: Callable[[str], tuple[str, Any]]
    is_there: Callable[[str], bool]
    lasting: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[], object] = lambda: None
    named: bool = True
    dropped: Mapping[str, Any] = field(default_factory=dict)
    seen_by_others: Callable[[str], Mapping[str, Any]] = lambda _: {}
    theirs: Mapping[str, Any] = field(default_factory=dict)


class Kept(TypedDict):
    """What is given once of what moto keeps, and what it drops."""

    fixed: Mapping[str, Any]
    dropped: Mapping[str, Any]


def kept_since(
    version: tuple[int, int, int],
    properties: Mapping[str, Any],
    fixed: Mapping[str, Any] = EMPTY,
    dropped: Mapping[str, Any] = EMPTY,
) -> Kept:
    """Return what moto keeps and drops, where it keeps some properties from one version on and drops them before."""
    if version <= MOTO:
        return {"fixed": {**fixed, **properties}, "dropped": dropped}
    return {"fixed": fixed, "dropped": {**dropped, **properties}}
