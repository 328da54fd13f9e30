"""What a mock's block tells of hooks at its end, and what hooks change of a world that has none."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import pytest
from mock_time import START
from shop import SCHEMAS, Shop

from pytest_cloudcontrol import CloudControl, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_cloudcontrol import HookInvocation

NAMES: Final = "Acme::Rules::Names"


@pytest.fixture
def block() -> Iterator[ExitStack]:
    """Return a stack to enter a mock on: closing it ends the mock's block."""
    with ExitStack() as stack:
        yield stack


def entered(block: ExitStack) -> CloudControl:
    """Enter a mock that knows the shop's types."""
    return block.enter_context(mock_cloudcontrol(schemas=SCHEMAS, start=START, seed="the same"))


def broken(invocation: HookInvocation) -> None:
    """Break, as a hook."""
    raise ZeroDivisionError(invocation.type_name)


def test_hook_need_not_be_asked(block: ExitStack) -> None:
    """A hook that no request applies to is no error at the end."""
    entered(block).add_hook(NAMES, fails="no")
    block.close()


def test_hook_that_raises(block: ExitStack) -> None:
    """A hook whose code raises is HOOK_FAILED, fails the request, and is told at the end with its traceback."""
    mock = entered(block)
    mock.add_hook(NAMES, fails=broken)
    shop = Shop(mock)
    request = shop.create().run()
    answer = shop.client.get_resource_request_status(RequestToken=request.request_token)
    [hook] = answer["HooksProgressEvent"]
    assert (request.status, hook["HookStatus"]) == ("FAILED", "HOOK_FAILED")
    assert hook["HookStatusMessage"] == "Hook failed with an exception: ZeroDivisionError: Test::Shop::Order"
    with pytest.raises(AssertionError) as raised:
        block.close()
    assert str(raised.value).splitlines()[:2] == [
        "These handlers of the test's own are wrong:",
        f"    the hook {NAMES} raised ZeroDivisionError: Test::Shop::Order",
    ]
    assert isinstance(raised.value.__cause__, ZeroDivisionError)


def test_hook_that_raises_in_a_warning(block: ExitStack) -> None:
    """A hook that only warns lets the request go on when its code raises, which is told all the same."""
    mock = entered(block)
    mock.add_hook(NAMES, fails=broken, failure_mode="WARN")
    assert Shop(mock).create().run().status == "SUCCESS"
    with pytest.raises(AssertionError):
        block.close()


def test_hook_that_says_no_text(block: ExitStack) -> None:
    """A hook that returns neither a text nor None is told at the end."""
    mock = entered(block)
    mock.add_hook(NAMES, fails=lambda _: 5)  # type: ignore[arg-type, return-value]  # wrong on purpose
    assert Shop(mock).create().run().status == "FAILED"
    with pytest.raises(AssertionError) as raised:
        block.close()
    assert str(raised.value).splitlines()[1] == (
        f"    the hook {NAMES}: message=5 is not valid: "
        "expected a text that says why the hook fails, or None if it doesn't"
    )


def test_same_tokens_with_hooks_and_without() -> None:
    """Hooks change no request token."""
    tokens = []
    for hooks in (0, 2):
        with ExitStack() as block:
            mock = entered(block)
            for number in range(hooks):
                mock.add_hook(f"Acme::Rules::Number{number}")
            tokens.append(Shop(mock).create().request_token)
    assert tokens[0] == tokens[1]
