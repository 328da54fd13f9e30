"""What a test arranged but never came to be is told at the end: it would test nothing."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from mock_time import START
from shop import ORDER, SCHEMAS, Shop

from pytest_cloudcontrol import CloudControl, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def block() -> Iterator[ExitStack]:
    """Return a stack to enter a mock on: closing it ends the mock's block."""
    with ExitStack() as stack:
        yield stack


def entered(block: ExitStack) -> CloudControl:
    """Enter a mock that knows the shop's types."""
    return block.enter_context(mock_cloudcontrol(schemas=SCHEMAS, start=START))


PAGE = "See docs/how-to/arrange-beforehand.md#rules-that-never-fire"

UNFIRED: list[tuple[Callable[[CloudControl], object], str]] = [
    (lambda mock: mock.add_failure("Throttling"), "add_failure('Throttling', at_step=1)"),
    (
        lambda mock: mock.add_failure(
            "NotFound", type_name=ORDER, operation="DELETE", identifier="n9", at_step=2, times=3
        ),
        f"add_failure('NotFound', type_name='{ORDER}', operation='DELETE', identifier='n9', at_step=2, times=3)",
    ),
    (lambda mock: mock.add_cancel(operation="UPDATE"), "add_cancel(operation='UPDATE', at_step=1)"),
    (lambda mock: mock.add_expiry(identifier="n9"), "add_expiry(identifier='n9', at_step=1)"),
    (lambda mock: mock.add_error("ThrottlingException"), "add_error('ThrottlingException')"),
    (
        lambda mock: mock.add_error("TypeNotFoundException", api="GetResource", times=2),
        "add_error('TypeNotFoundException', api='GetResource', times=2)",
    ),
]


@pytest.mark.parametrize(("arrange", "rule"), UNFIRED)
def test_rule_that_never_fired(block: ExitStack, arrange: Callable[[CloudControl], object], rule: str) -> None:
    """A rule that never fired is an error at the end, which writes the rule as it was arranged."""
    arrange(entered(block))
    with pytest.raises(AssertionError) as raised:
        block.close()
    assert str(raised.value) == (
        "These were arranged, but never came to be (optional=True allows it):\n"
        f"    {rule}\n"
        "No request has been made.\n"
        "No call has been made.\n"
        "Still armed:\n"
        f"    {rule}\n"
        f"{PAGE}"
    )


@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param(lambda mock: mock.add_failure("Throttling", optional=True), id="failure"),
        pytest.param(lambda mock: mock.add_cancel(optional=True), id="cancel"),
        pytest.param(lambda mock: mock.add_expiry(optional=True), id="expiry"),
        pytest.param(lambda mock: mock.add_error("ThrottlingException", optional=True), id="error"),
        pytest.param(lambda mock: mock.plan(steps=9), id="plan"),
        pytest.param(lambda mock: mock.before(lambda: None, api="GetResource"), id="before"),
        pytest.param(lambda mock: (mock.add_cancel(), mock.reset()), id="before a reset"),
    ],
)
def test_what_need_not_come(block: ExitStack, arrange: Callable[[CloudControl], object]) -> None:
    """Optional rules, plans, callbacks, and rules from before a reset need not come to be."""
    arrange(entered(block))
    block.close()


def test_rule_that_fired_less_often_than_it_may(block: ExitStack) -> None:
    """A rule that fired once has come to be, though it may fire more often."""
    mock = entered(block)
    mock.add_failure("Throttling", times=2)
    assert Shop(mock).create().run().status == "FAILED"
    block.close()


def test_cancel_at_step_that_is_never_reached(block: ExitStack) -> None:
    """A cancellation at a handler call that was never reached is an error at the end."""
    request = Shop(entered(block)).create()
    request.cancel(at_step=3).run()
    with pytest.raises(AssertionError) as raised:
        block.close()
    assert str(raised.value) == (
        "These were arranged, but never came to be (optional=True allows it):\n"
        f"    request {request.request_token}: cancel(at_step=3)\n"
        "Requests:\n"
        f"    1. {request.request_token} CREATE {ORDER} n1 SUCCESS: 2 steps made [123456789012 us-east-1]\n"
        "What happened, on the mock clock:\n"
        "    2030-01-01 00:00:00.000 request 1: IN_PROGRESS\n"
        f'    2030-01-01 00:00:00.000 CreateResource {ORDER} {{"Name": "n1"}} -> request 1, IN_PROGRESS\n'
        "    2030-01-01 00:00:00.200 request 1: IN_PROGRESS, retry after 2030-01-01 00:00:01.200\n"
        "    2030-01-01 00:00:01.200 request 1: SUCCESS\n"
        "Still armed:\n"
        f"    request {request.request_token}: cancel(at_step=3)\n"
        f"{PAGE}"
    )


def test_all_that_is_unmet_is_told_at_once(block: ExitStack) -> None:
    """Several things unmet stand in one error, rules first."""
    mock = entered(block)
    mock.add_error("ThrottlingException", api="GetResource")
    mock.add_cancel(identifier="n9")
    request = Shop(mock).create().cancel(at_step=3).run()
    with pytest.raises(AssertionError) as raised:
        block.close()
    assert str(raised.value).splitlines()[1:4] == [
        "    add_cancel(identifier='n9', at_step=1)",
        "    add_error('ThrottlingException', api='GetResource')",
        f"    request {request.request_token}: cancel(at_step=3)",
    ]


def test_unmet_hides_no_other_error(block: ExitStack) -> None:
    """An error that ends the block is not replaced by what was unmet; the requests stand in a note of it."""
    mock = entered(block)
    mock.add_cancel(identifier="n9")
    request = Shop(mock).create()
    error = RuntimeError("the code under test broke")
    assert block.__exit__(RuntimeError, error, None) is False
    (note,) = error.__notes__
    assert note == (
        "Cloud Control:\n"
        "Requests:\n"
        f"    1. {request.request_token} CREATE {ORDER} n1 IN_PROGRESS: 0 steps made, "
        "the next due at 2030-01-01 00:00:00.200 [123456789012 us-east-1]\n"
        "What happened, on the mock clock:\n"
        "    2030-01-01 00:00:00.000 request 1: IN_PROGRESS\n"
        f'    2030-01-01 00:00:00.000 CreateResource {ORDER} {{"Name": "n1"}} -> request 1, IN_PROGRESS\n'
        "Still armed:\n"
        "    add_cancel(identifier='n9', at_step=1)"
    )
