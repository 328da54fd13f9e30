"""Any two of what a test can arrange, together in one request: what comes earlier decides, and nothing hangs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from shop import ORDER, Shop, shop_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_cloudcontrol import CloudControl, HandlerRequest

pytestmark = shop_types

HOOK, FIRST, SECOND, END, NEVER = range(5)
CANCEL, EXPIRY, FAILURE = range(3)


class Arranged(NamedTuple):
    """Something that a test arranges.

    Attributes:
        arrange: arranges it.
        place: where in a request's life it decides.
        kind: what decides at one place: cancels before expiries, and these before failures.
        ends: what it ends the request with; None if it ends none.
    """

    arrange: Callable[[CloudControl], object]
    place: int = NEVER
    kind: int = FAILURE
    ends: str | None = None


def own_create(request: HandlerRequest) -> Iterator[float]:
    """Create in two calls, as the default handler does."""
    request.identifier = request.resources.put(ORDER, {"Name": request.desired_state["Name"]})
    yield 1


def own_work(request: HandlerRequest) -> Iterator[float]:
    """Create in two calls while work goes on downstream."""

    def pieces() -> Iterator[float]:
        yield 0.5
        yield 0.5

    request.start(pieces)
    yield from own_create(request)


ARRANGED: Final = {
    "nothing": Arranged(lambda _: None),
    "hook that fails": Arranged(
        lambda mock: mock.add_hook("Acme::Rules::Names", fails="no"), HOOK, ends="GeneralServiceException"
    ),
    "hook that warns": Arranged(lambda mock: mock.add_hook("Acme::Rules::Sizes", fails="hm", failure_mode="WARN")),
    "cancel at 1": Arranged(lambda mock: mock.add_cancel(at_step=1), FIRST, CANCEL, "CANCEL_COMPLETE"),
    "cancel at 2": Arranged(lambda mock: mock.add_cancel(at_step=2), SECOND, CANCEL, "CANCEL_COMPLETE"),
    "cancel at the end": Arranged(lambda mock: mock.add_cancel(at_step="end"), END, CANCEL, "CANCEL_COMPLETE"),
    "expiry at 1": Arranged(lambda mock: mock.add_expiry(at_step=1), FIRST, EXPIRY, "expired"),
    "expiry at 2": Arranged(lambda mock: mock.add_expiry(at_step=2), SECOND, EXPIRY, "expired"),
    "expiry at the end": Arranged(lambda mock: mock.add_expiry(at_step="end"), END, EXPIRY, "expired"),
    "failure at 1": Arranged(lambda mock: mock.add_failure("NotFound", at_step=1), FIRST, FAILURE, "NotFound"),
    "failure at 2": Arranged(lambda mock: mock.add_failure("Throttling", at_step=2), SECOND, FAILURE, "Throttling"),
    "failure at the end": Arranged(
        lambda mock: mock.add_failure("NotStabilized", at_step="end"), END, FAILURE, "NotStabilized"
    ),
    "callback before each": Arranged(lambda mock: mock.before(lambda: mock.requests.last.status)),
    "callback at the end": Arranged(lambda mock: mock.before(lambda: mock.requests.last.status, at_step="end")),
    "pending": Arranged(lambda mock: mock.plan(pending=5)),
    "step time": Arranged(lambda mock: mock.plan(step_time=3)),
    "late consistency": Arranged(lambda mock: mock.plan(consistent_after=9)),
    "one at a time": Arranged(lambda mock: mock.limit_concurrency(1)),
    "timings of AWS": Arranged(lambda mock: mock.use_aws_timings()),
    "lost answer": Arranged(lambda mock: mock.add_error("ReadTimeoutError", api="CreateResource", after=True)),
    "throttled call": Arranged(lambda mock: mock.add_error("ThrottlingException", api="CreateResource")),
    "rate": Arranged(lambda mock: mock.limit_rate(9, per=1, api="CreateResource")),
}
HANDLERS: Final = {
    "default handler": Arranged(lambda _: None),
    "downstream": Arranged(lambda mock: mock.plan(downstream=True)),
    "own handler": Arranged(lambda mock: mock.add_handler(ORDER, create=own_create)),
    "own handler with work downstream": Arranged(lambda mock: mock.add_handler(ORDER, create=own_work)),
}


def expected(*arranged: Arranged) -> str:
    """Return what a request comes to: what decides first does; of one kind at one place what was arranged first."""
    deciding = [each for each in arranged if each.ends is not None]
    first = min(deciding, key=lambda each: (each.place, each.kind), default=None)
    return "SUCCESS" if first is None or first.ends is None else first.ends


@pytest.mark.parametrize("handler", HANDLERS)
@pytest.mark.parametrize("one", ARRANGED)
def test_pairs(cloudcontrol: CloudControl, handler: str, one: str) -> None:
    """With every other thing arranged after it, a request comes to what decides first."""
    came_to, wanted = {}, {}
    shop = Shop(cloudcontrol)
    for other in ARRANGED:
        pair = (one, other)
        cloudcontrol.reset()
        HANDLERS[handler].arrange(cloudcontrol)
        for name in dict.fromkeys(pair):
            ARRANGED[name].arrange(cloudcontrol)
        shop.client.create_resource(TypeName=ORDER, DesiredState='{"Name": "n1"}')
        request = cloudcontrol.requests[0]
        if not request.expired:
            request.run()
        ended = "expired" if request.expired else str(request.error_code or request.status)
        came_to[pair], wanted[pair] = ended, expected(*(ARRANGED[name] for name in pair))
        cloudcontrol.run_until_idle()
        assert cloudcontrol.step() is None
        # The retry after a lost answer finds its token free again where the request has expired meanwhile.
        assert len(cloudcontrol.requests) == 1 or (request.expired and "lost answer" in pair)
    cloudcontrol.reset()
    assert came_to == wanted
