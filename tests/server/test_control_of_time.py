"""The control API moves the clock, and makes steps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from over_http import create

if TYPE_CHECKING:
    from over_http import Connection

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(start=datetime(2030, 1, 1, tzinfo=UTC))

AT_START = {"now": "2030-01-01T00:00:00.000Z", "rate": 0.0, "auto_advance": True}


def test_clock(connection: Connection) -> None:
    """It shows where the clock stands, and how it goes."""
    assert connection.ask("GET", "clock").document == AT_START


def test_set_clock(connection: Connection, cloudcontrol: CloudControl) -> None:
    """It says how the clock goes: what isn't given stays."""
    assert connection.ask("PATCH", "clock", {"auto_advance": False}).document == {**AT_START, "auto_advance": False}
    assert connection.ask("PATCH", "clock", {"rate": 0}).document == {**AT_START, "auto_advance": False}
    assert not cloudcontrol.clock.auto_advance


def test_nothing_is_set_by_halves(connection: Connection, cloudcontrol: CloudControl) -> None:
    """Where one value isn't valid, the other isn't taken."""
    refused = connection.ask("PATCH", "clock", {"auto_advance": False, "rate": -1})

    assert refused.problem == (422, "rate=-1 is not valid: expected a finite number, at least 0")
    assert cloudcontrol.clock.auto_advance


def test_advance(connection: Connection, cloudcontrol: CloudControl) -> None:
    """It moves the clock on, and does what falls due."""
    token = create(connection)
    answered = connection.ask("POST", "clock/advance", {"seconds": 3600.5})

    assert answered.document == {**AT_START, "now": "2030-01-01T01:00:00.500Z"}
    assert cloudcontrol.request(token).status == "SUCCESS"


def test_move_to(connection: Connection) -> None:
    """It moves the clock to an instant, of any time zone."""
    answered = connection.ask("POST", "clock/move-to", {"instant": "2030-01-01T02:00:00+01:00"})

    assert answered.document == {**AT_START, "now": "2030-01-01T01:00:00.000Z"}


@pytest.mark.parametrize("given", ["yesterday", "2030-01-01T00:00:00", 5, None])
def test_no_instant(connection: Connection, given: object) -> None:
    """What is no instant is refused in the words that Python gets."""
    refused = connection.ask("POST", "clock/move-to", {"instant": given})  # type: ignore[dict-item]  # it is JSON

    shown = repr(datetime.fromisoformat(given)) if given == "2030-01-01T00:00:00" else repr(given)
    words = f"instant={shown} is not valid: expected an aware datetime, such as datetime(2030, 1, 1, tzinfo=UTC)"
    assert refused.problem == (422, words)


def test_never_backwards(connection: Connection) -> None:
    """An instant in the past of the clock is refused."""
    refused = connection.ask("POST", "clock/move-to", {"instant": "2029-12-31T23:59:59Z"})

    assert refused.status == 422
    assert refused.document["detail"].endswith("it never runs backwards")


def test_advance_to_next(connection: Connection) -> None:
    """It moves the clock to the next piece of work, and says whether there was one."""
    create(connection)
    moved = [connection.ask("POST", "clock/advance-to-next").document for _ in range(3)]

    assert [answer["moved"] for answer in moved] == [True, True, False]
    assert moved[0] == {**AT_START, "now": "2030-01-01T00:00:00.200Z", "moved": True}


def test_step(connection: Connection) -> None:
    """It makes the earliest handler call, and shows whose it was; null where none is due."""
    token = create(connection)

    assert connection.ask("POST", "step").document["request"]["request_token"] == token
    connection.ask("POST", "step")
    assert connection.ask("POST", "step").document == {"request": None}


def test_run_until_idle(connection: Connection) -> None:
    """It makes handler calls until nothing is due, and counts them."""
    create(connection, "one")
    create(connection, "two")

    assert connection.ask("POST", "run-until-idle").document == {"steps": 4}
    assert connection.ask("POST", "run-until-idle", {"max_steps": 1}).document == {"steps": 0}


def test_too_few_steps(connection: Connection) -> None:
    """Where so many aren't enough, it is a conflict."""
    create(connection)
    status, words = connection.ask("POST", "run-until-idle", {"max_steps": 1}).problem

    assert status == 409
    assert words.startswith("1 handler call was not enough: 1 request is still running\n")


def test_a_control_call_is_an_act(connection: Connection, cloudcontrol: CloudControl) -> None:
    """What a step made is what a poll shows next: no time goes by for it."""
    token = create(connection)
    connection.ask("POST", f"requests/{token}/step")
    connection.call("GetResourceRequestStatus", {"RequestToken": token})

    assert cloudcontrol.clock.now() - cloudcontrol.request(token).accepted_at == timedelta(seconds=0.2)
