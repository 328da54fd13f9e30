"""What add_handler refuses, where it is given: each error shows the value, and what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from clusters import CLUSTER, create, put

from pytest_cloudcontrol import OptionError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from pytest_cloudcontrol import CloudControl, HandlerRequest

AT_LEAST_ONE = "expected a function for at least one of create, delete, update, read, list"
ONE_ARGUMENT = "expected a function that takes one argument, the HandlerRequest"
GENERATOR = "expected a generator function, not one that makes something else"
ANSWER = "expected a function that answers when it is called, not one that makes something else"


class Named:
    """A value whose repr is its name."""

    def __init__(self, name: str, **attributes: object) -> None:
        self._name = name
        for attribute, value in attributes.items():
            setattr(self, attribute, value)

    def __repr__(self) -> str:
        return self._name


async def coroutine(_: HandlerRequest) -> None:
    """Never run."""


async def async_generator(_: HandlerRequest) -> AsyncIterator[int]:
    """Never run."""
    yield 1


def generator(_: HandlerRequest) -> Iterator[int]:
    """Never run."""
    yield 1


def of_none() -> None:
    """Never run."""


def of_two(request: HandlerRequest, other: object) -> None:
    """Never run."""


class Handler:
    """A class, where an object is wanted."""

    def create(self, request: HandlerRequest) -> None:
        """Never run."""


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, f"handler=None is not valid: {AT_LEAST_ONE}"),
    "an object without any": ({"handler": Named("one")}, f"handler=one is not valid: {AT_LEAST_ONE}"),
    "a misspelt method": (
        {"handler": Named("one", creat=put)},
        f"handler=one is not valid: {AT_LEAST_ONE}. Does 'creat' mean 'create'?",
    ),
    "a misspelt method beside a right one": (
        {"handler": Named("one", create=put, updates=put)},
        f"handler=one is not valid: {AT_LEAST_ONE}. Does 'updates' mean 'update'?",
    ),
    "a method in capitals": (
        {"handler": Named("one", CREATE=put)},
        f"handler=one is not valid: {AT_LEAST_ONE}. Does 'CREATE' mean 'create'?",
    ),
    "a class": (
        {"handler": Handler},
        f"handler={Handler!r} is not valid: expected an object with the methods, not its class",
    ),
    "a text": ({"create": "make"}, "create='make' is not valid: expected a function that takes the HandlerRequest"),
    "an attribute that is none": (
        {"handler": Named("one", delete=5)},
        "delete=5 is not valid: expected a function that takes the HandlerRequest",
    ),
    "a coroutine function": ({"create": coroutine}, f"create={coroutine!r} is not valid: {GENERATOR}"),
    "an async generator": ({"update": async_generator}, f"update={async_generator!r} is not valid: {GENERATOR}"),
    "a coroutine function that reads": ({"read": coroutine}, f"read={coroutine!r} is not valid: {ANSWER}"),
    "a generator that reads": ({"read": generator}, f"read={generator!r} is not valid: {ANSWER}"),
    "an async generator that lists": (
        {"list": async_generator},
        f"list={async_generator!r} is not valid: {GENERATOR}",
    ),
    "no parameter": ({"create": of_none}, f"create={of_none!r} is not valid: {ONE_ARGUMENT}"),
    "two": ({"delete": of_two}, f"delete={of_two!r} is not valid: {ONE_ARGUMENT}"),
    "may_raise": (
        {"create": put, "may_raise": "yes"},
        "may_raise='yes' is not valid: expected True or False",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused(cloud: CloudControl, what: str) -> None:
    """What is no handler is refused, and nothing has changed then."""
    given, error = REFUSED[what]
    with pytest.raises(OptionError) as refused:
        cloud.add_handler(CLUSTER, **given)

    assert str(refused.value) == error
    assert create(cloud).run().steps == 2


def test_type_that_there_is_not(cloud: CloudControl) -> None:
    """A misspelt type is refused, with the one that was meant."""
    with pytest.raises(OptionError) as refused:
        cloud.add_handler("AWS::S3::Buckt", create=put)

    assert str(refused.value).startswith("type_name='AWS::S3::Buckt' is not valid")
    assert "Did you mean 'AWS::S3::Bucket'?" in str(refused.value)


def test_operation_that_the_type_lacks(cloud: CloudControl) -> None:
    """A function for an operation that the type's schema doesn't have would never be called, so it is refused."""
    cloud.add_type(
        {
            "typeName": "Test::Db::Backup",
            "properties": {"Name": {"type": "string"}},
            "primaryIdentifier": ["/properties/Name"],
            "handlers": {"create": {}, "read": {}},
        }
    )
    with pytest.raises(OptionError) as refused:
        cloud.add_handler("Test::Db::Backup", update=put)

    assert str(refused.value) == (
        f"update={put!r} is not valid: expected no update for Test::Db::Backup: "
        "its schema has no such handler, but create, read (see add_type)"
    )


def test_helpers_beside_the_methods(cloud: CloudControl) -> None:
    """An object may have methods of other names."""
    helper = Named("one", create=put, created=put, reset=put, repeat=put, deploy=put, readings=["a"])

    cloud.add_handler(CLUSTER, helper)

    assert create(cloud).run().steps == 1


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (
            {"operation": "READ", "at_step": 1},
            "at_step=1 is not valid: expected no at_step with READ, which is one handler call",
        ),
        (
            {"operation": "LIST", "at_step": "end"},
            "at_step='end' is not valid: expected no at_step with LIST, which is one handler call",
        ),
        (
            {"operation": "LIST", "identifier": "one"},
            "identifier='one' is not valid: expected no identifier with LIST, which is about no single resource",
        ),
    ],
    ids=["a step of a read", "the end of a list", "one of a list"],
)
def test_refused_rule_of_reads(cloud: CloudControl, given: dict[str, Any], error: str) -> None:
    """A rule of reads and lists has no step, and one of lists no identifier."""
    with pytest.raises(OptionError) as refused:
        cloud.add_failure("NotFound", **given)

    assert str(refused.value) == error


@pytest.mark.parametrize("verb", ["add_failure", "add_cancel"])
def test_unknown_operation(cloud: CloudControl, verb: str) -> None:
    """An operation that there is not is refused with all those that may be given there."""
    words = {
        "add_failure": "CREATE, DELETE, UPDATE, READ, LIST",
        "add_cancel": "CREATE, DELETE, UPDATE",
    }
    with pytest.raises(OptionError) as refused:
        cloud.add_failure("NotFound", operation="REED") if verb == "add_failure" else cloud.add_cancel(operation="REED")

    assert str(refused.value).endswith(f"xpected one of {words[verb]}")


def test_downstream_plan_of_a_type_with_a_handler(cloud: CloudControl) -> None:
    """The default handler's downstream work is refused for a type that has a handler of the test's own."""
    cloud.add_handler(CLUSTER, create=put)
    with pytest.raises(OptionError) as refused:
        cloud.plan(CLUSTER, downstream=True)

    assert str(refused.value) == (
        "downstream=True is not valid: expected no downstream for Test::Db::Cluster, "
        "which has a handler of the test's own: request.start() is there"
    )


def test_handler_of_a_type_with_a_downstream_plan(cloud: CloudControl) -> None:
    """A handler is refused for a type whose downstream work the default handler is to watch; nothing is added."""
    planned = cloud.plan(CLUSTER, "CREATE", downstream=True)
    with pytest.raises(OptionError) as refused:
        cloud.add_handler(CLUSTER, create=put)
    planned.remove()
    cloud.add_handler(CLUSTER, create=put)

    assert str(refused.value) == (
        "type_name='Test::Db::Cluster' is not valid: expected a type whose work isn't downstream by "
        "plan(type_name='Test::Db::Cluster', operation='CREATE', downstream=True): "
        "take that back, or request.start() it"
    )


def test_downstream_plan_of_another_operation(cloud: CloudControl) -> None:
    """A type may have a handler of the test's own for one operation, and downstream work for another."""
    cloud.add_handler(CLUSTER, create=put)
    cloud.plan(CLUSTER, "DELETE", downstream=True)
    identifier = cloud.resources.put(CLUSTER, {"Name": "main"})
    cloud.client().delete_resource(TypeName=CLUSTER, Identifier=identifier)

    assert cloud.requests.last.run().status == "SUCCESS"
    assert cloud.downstream.last.done
