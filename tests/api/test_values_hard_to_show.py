"""Values that Python can't write, or only at great length: the error that shows them is still the right one."""

from __future__ import annotations

import json
import sys
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pytest
from resource_types import LOG_GROUP, every_handler
from shop import ORDER, Shop, shop_types

from pytest_cloudcontrol import CloudControl, OptionError, SchemaError, UnknownRequest, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient

pytestmark = shop_types

LONG: Final = 10**5000
"""A number of more digits than Python writes."""


class Broken:
    """What can't be written, in a way of its own."""

    def __repr__(self) -> str:
        raise LookupError("of its own")


@cache
def deep(levels: int = 100_000) -> dict[str, object]:
    """Return a dict of so many levels, which nobody changes."""
    document: dict[str, object] = {}
    for _ in range(levels):
        document = {"a": document}
    return document


VALUES: Final[dict[str, Callable[[], object]]] = {
    "<dict that can't be shown: RecursionError>": deep,
    "<int that can't be shown: ValueError>": lambda: -LONG,
    "<Broken that can't be shown: LookupError>": Broken,
    f"'{'x' * 1999}… (5002 characters)": lambda: "x" * 5000,
}

USES: Final[dict[str, Callable[[CloudControl, Any], object]]] = {
    "error_code": lambda mock, value: mock.add_failure(value),
    "code": lambda mock, value: mock.add_error(value),
    "api": lambda mock, value: mock.add_error("ThrottlingException", api=value),
    "operation": lambda mock, value: mock.plan(operation=value, steps=1),
    "status": lambda mock, value: Shop(mock).create().run_until(value),
    "at_step": lambda mock, value: mock.add_cancel(at_step=value),
    "delay": lambda mock, value: mock.plan(delay=value),
    "time": lambda mock, value: mock.clock.advance(value),
    "instant": lambda mock, value: mock.clock.move_to(value),
    "auto_advance": lambda mock, value: setattr(mock.clock, "auto_advance", value),
    "properties": lambda mock, value: mock.resources.put(ORDER, {"Name": value}),
    "callback": lambda mock, value: mock.before(value),
    "region": lambda mock, value: mock.scope(region=value),
    "account_id": lambda mock, value: mock.client(account_id=value),
    "max_steps": lambda _, value: mock_cloudcontrol(max_steps=value),
    "schemas": lambda _, value: mock_cloudcontrol(schemas=value),
}

VALID: Final = {("properties", f"'{'x' * 1999}… (5002 characters)")}


@pytest.mark.parametrize(
    ("name", "shown"), [(name, shown) for name in USES for shown in VALUES if (name, shown) not in VALID]
)
def test_argument(cloudcontrol: CloudControl, name: str, shown: str) -> None:
    """An argument that can't be shown is refused like any other, with its kind in place of its value."""
    with pytest.raises(OptionError) as refused:
        USES[name](cloudcontrol, VALUES[shown]())
    around = (f"{name}=", " is not valid: expected ")
    if name == "properties":
        around = ("properties=", " is not valid: expected a dict that can be written as JSON (")
        shown = "<dict that can't be shown: " + shown.partition(": ")[2]
    assert str(refused.value).startswith(f"{around[0]}{shown}{around[1]}")


@pytest.mark.parametrize("shown", VALUES)
def test_request_token(cloudcontrol: CloudControl, shown: str) -> None:
    """A request token that can't be shown is unknown."""
    with pytest.raises(UnknownRequest) as refused:
        cloudcontrol.request(VALUES[shown]())  # type: ignore[arg-type]  # what no type checker would let through
    assert str(refused.value).startswith(f"no request has the token {shown}: ")


@pytest.mark.parametrize("shown", list(VALUES)[:3])
def test_schema(cloudcontrol: CloudControl, shown: str) -> None:
    """A schema that can't be shown is no schema."""
    schema: Mapping[str, object] = {"typeName": "Test::Shop::Deep", "description": VALUES[shown]()}
    with pytest.raises(SchemaError, match=r"^<dict that can't be shown: \w+> is no JSON: "):
        cloudcontrol.add_type(schema)


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("at_step", lambda mock: mock.add_cancel(at_step=LONG)),
        ("times", lambda mock: mock.add_cancel(times=LONG)),
        ("steps", lambda mock: mock.plan(steps=LONG)),
        ("max_steps", lambda mock: mock.run_until_idle(max_steps=LONG)),
    ],
)
def test_count_that_is_too_large(cloudcontrol: CloudControl, name: str, use: Callable[[CloudControl], object]) -> None:
    """A number that nothing could be counted up to is refused where it is given."""
    with pytest.raises(OptionError) as refused:
        use(cloudcontrol)
    assert str(refused.value) == (
        f"{name}=<int that can't be shown: ValueError> is not valid: expected a whole number, at most {sys.maxsize}"
    )


# What the API takes


NUMBERS: Final = {
    "typeName": "Test::Shop::Number",
    "additionalProperties": False,
    "properties": {
        "Name": {"type": "string"},
        "Any": {"type": "number"},
        "Bounded": {"type": "integer", "minimum": 1, "maximum": 5},
        "Multiple": {"type": "number", "multipleOf": 0.5},
        "Word": {"enum": [1, 2]},
    },
    "primaryIdentifier": ["/properties/Name"],
    "handlers": every_handler(),
}


def created(cloudcontrol: CloudControl, client: CloudControlApiClient, text: str) -> str:
    """Create a resource with a number as a text has it, and return how GetResource shows its properties."""
    cloudcontrol.add_type(NUMBERS)
    client.create_resource(TypeName="Test::Shop::Number", DesiredState=f'{{"Name": "one", "Any": {text}}}')
    cloudcontrol.run_until_idle()
    return client.get_resource(TypeName="Test::Shop::Number", Identifier="one")["ResourceDescription"]["Properties"]


@pytest.mark.fidelity("C-31")
@pytest.mark.parametrize("text", ["12345678901234567890", "9" * 4300, "-" + "9" * 4300, "0.1", "1.0", "-0.5"])
def test_number_that_is_read_back_as_it_was_written(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, text: str
) -> None:
    """Whole numbers keep all their digits, and others those that a double holds."""
    assert created(cloudcontrol, cloudcontrol_client, text) == f'{{"Any":{text},"Name":"one"}}'


@pytest.mark.fidelity("C-31")
@pytest.mark.parametrize(
    ("text", "read"),
    [("12345678901234567890.123456789", "1.2345678901234567e+19"), ("1.50", "1.5"), ("1e2", "100.0")],
)
def test_number_that_is_read_back_as_a_double(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, text: str, read: str
) -> None:
    """A number with a fraction or an exponent is read back as the double nearest to it."""
    assert created(cloudcontrol, cloudcontrol_client, text) == f'{{"Any":{read},"Name":"one"}}'


@pytest.mark.fidelity("C-31")
@pytest.mark.parametrize("name", ["Bounded", "Multiple", "Word"])
def test_long_number_is_validated(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, name: str
) -> None:
    """A number of thousands of digits is checked like any other."""
    cloudcontrol.add_type(NUMBERS)
    text = f'{{"Name": "one", "{name}": {"9" * 4300}}}'
    if name == "Multiple":
        assert cloudcontrol_client.create_resource(TypeName="Test::Shop::Number", DesiredState=text)
        return
    with pytest.raises(cloudcontrol_client.exceptions.ClientError, match="Model validation failed"):
        cloudcontrol_client.create_resource(TypeName="Test::Shop::Number", DesiredState=text)


@pytest.mark.fidelity("C-31")
def test_number_of_too_many_digits(cloudcontrol_client: CloudControlApiClient) -> None:
    """A number of more digits is refused in words of the service, not of Python."""
    with pytest.raises(cloudcontrol_client.exceptions.ClientError) as refused:
        cloudcontrol_client.create_resource(TypeName=LOG_GROUP, DesiredState=f'{{"LogGroupName": -{"9" * 4301}}}')
    assert refused.value.response["Error"]["Message"] == (
        "DesiredState is not valid JSON: a number of 4301 digits is too long"
    )


@pytest.mark.fidelity("C-16")
@pytest.mark.parametrize(("levels", "valid"), [(99, True), (100, False)])
def test_levels_that_are_put(cloudcontrol: CloudControl, levels: int, valid: bool) -> None:
    """A test may place a resource of as many levels as the API takes, and no more."""
    cloudcontrol.add_type({**NUMBERS, "properties": {"Name": {"type": "string"}, "Deep": {"type": "object"}}})
    properties = {"Name": "one", "Deep": deep(levels - 1)}
    if valid:
        cloudcontrol.resources.put("Test::Shop::Number", properties)
        assert cloudcontrol.resources.get("Test::Shop::Number", "one") == json.loads(json.dumps(properties))
        return
    with pytest.raises(OptionError, match=r"\(it is nested more than 100 levels deep\)$"):
        cloudcontrol.resources.put("Test::Shop::Number", properties)
