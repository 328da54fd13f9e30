"""limit_concurrency under random histories: never more at once than a limit says, first come first served, all end."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from resource_types import every_handler

from pytest_cloudcontrol import OperationStatus, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from pytest_cloudcontrol import CloudControl, ResourceRequest

TYPES: Final = ("Test::Limits::One", "Test::Limits::Other")
REGIONS: Final = ("us-east-1", "eu-west-1")
LIMITS: Final = st.lists(st.tuples(st.integers(1, 3), st.sampled_from([None, *TYPES])), min_size=1, max_size=3)
ACTIONS: Final = st.lists(
    st.one_of(
        st.tuples(st.just("create"), st.sampled_from(TYPES), st.sampled_from(REGIONS)),
        st.tuples(st.just("pending"), st.sampled_from(TYPES), st.sampled_from(REGIONS)),
        st.tuples(st.just("advance"), st.sampled_from([0.1, 0.2, 1, 1.2, 5])),
        st.tuples(st.just("step")),
        st.tuples(st.sampled_from(["cancel", "fail", "expire", "run"]), st.integers(0, 30)),
    ),
    max_size=40,
)


def schema(type_name: str) -> dict[str, Any]:
    """Return a type's schema."""
    return {
        "typeName": type_name,
        "properties": {"Id": {"type": "string"}, "A": {"type": "string"}, "B": {"type": "string"}},
        "primaryIdentifier": ["/properties/Id"],
        "readOnlyProperties": ["/properties/Id"],
        "handlers": every_handler(),
    }


def act(cloudcontrol: CloudControl, verb: str, *given: Any) -> None:
    """Do one thing of a history."""
    if verb in ("create", "pending"):
        type_name, region = given
        plan = cloudcontrol.plan(pending=3) if verb == "pending" else None
        cloudcontrol.client(region).create_resource(TypeName=type_name, DesiredState='{"A": "1", "B": "2"}')
        if plan is not None:
            plan.remove()
    elif verb == "advance":
        cloudcontrol.clock.advance(given[0])
    elif verb == "step":
        cloudcontrol.step()
    else:
        running = [request for request in cloudcontrol.requests if request.is_running]
        if running:
            request = running[given[0] % len(running)]
            getattr(request, verb)(*(["Throttling"] if verb == "fail" else []))


def taken_up_at(request: ResourceRequest) -> datetime | None:
    """Return when a request was taken up; None if it never was."""
    return next((event.event_time for event in request.events if event.operation_status == "IN_PROGRESS"), None)


def at_once(requests: Sequence[ResourceRequest]) -> Iterator[ResourceRequest]:
    """Yield the requests that are worked on."""
    return (request for request in requests if request.is_running and request.status == "IN_PROGRESS")


@settings(max_examples=60)
@given(LIMITS, ACTIONS)
def test_any_history(limits: list[tuple[int, str | None]], actions: list[tuple[Any, ...]]) -> None:
    """Whatever happens, no limit is exceeded, nothing waits where there is room, and in the end all have ended."""
    with mock_cloudcontrol() as cloudcontrol:
        for type_name in TYPES:
            cloudcontrol.add_type(schema(type_name))
        for running, limited in limits:
            cloudcontrol.limit_concurrency(running, type_name=limited)
        for action in actions:
            act(cloudcontrol, *action)
            assert_kept(cloudcontrol, limits)
        cloudcontrol.run_until_idle()
        assert [request for request in cloudcontrol.requests if request.is_running] == []
        assert_in_order(cloudcontrol.requests)


def assert_kept(cloudcontrol: CloudControl, limits: list[tuple[int, str | None]]) -> None:
    """Assert that no limit is exceeded, and that who is held back is so by a limit that is full."""
    for region in REGIONS:
        requests = cloudcontrol.scope(region=region).requests
        counts: Counter[str | None] = Counter()
        for request in at_once(requests):
            counts.update([None, request.type_name])
        assert all(counts[type_name] <= running for running, type_name in limits)
        for request in requests:
            if request.is_running and request.next_step_at is None:
                assert request.status is OperationStatus.PENDING
                assert any(
                    counts[type_name] == running
                    for running, type_name in limits
                    if type_name in (None, request.type_name)
                )


def assert_in_order(requests: Sequence[ResourceRequest]) -> None:
    """Assert that those of one type, account and region which no plan kept PENDING were taken up as they came."""
    for region in REGIONS:
        for type_name in TYPES:
            instants = [
                taken_up_at(request)
                for request in requests
                if (request.region, request.type_name) == (region, type_name) and not was_planned(request)
            ]
            taken = [instant for instant in instants if instant is not None]
            assert taken == sorted(taken)


def was_planned(request: ResourceRequest) -> bool:
    """Whether a plan kept a request PENDING: it was taken up three seconds later or more, or maybe so."""
    taken = taken_up_at(request)
    return taken is None or taken - request.accepted_at >= timedelta(seconds=3)
