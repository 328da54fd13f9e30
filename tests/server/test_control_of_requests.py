"""The control API shows requests, and moves one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from over_http import create

from pytest_cloudcontrol import IllegalTransition, OperationStatus, UnknownRequest

if TYPE_CHECKING:
    from over_http import Connection

    from pytest_cloudcontrol import CloudControl

pytestmark = pytest.mark.cloudcontrol(start=datetime(2030, 1, 1, tzinfo=UTC))


def test_the_document_of_a_request(connection: Connection, cloudcontrol: CloudControl) -> None:
    """It has all that a test may want to know of it, its hooks and its events among that."""
    cloudcontrol.add_hook("Acme::Rules::Names", fails="a poor name", failure_mode="WARN")
    token = create(connection)
    connection.ask("POST", f"requests/{token}/step")
    connection.ask("POST", f"requests/{token}/step")

    assert connection.ask("GET", f"requests/{token}").document == {
        "request_token": token,
        "type_name": "AWS::Logs::LogGroup",
        "operation": "CREATE",
        "identifier": "app",
        "status": "IN_PROGRESS",
        "error_code": None,
        "status_message": None,
        "account_id": "123456789012",
        "region": "us-east-1",
        "steps": 1,
        "next_step_at": "2030-01-01T00:00:02.200Z",
        "expired": False,
        "hooks": [
            {
                "hook_type_name": "Acme::Rules::Names",
                "status": "HOOK_COMPLETE_FAILED",
                "message": "Hook failed with message: a poor name",
                "time": "2030-01-01T00:00:00.000Z",
            }
        ],
        "events": [
            {
                "time": "2030-01-01T00:00:00.000Z",
                "status": "IN_PROGRESS",
                "error_code": None,
                "status_message": None,
                "retry_after": None,
            },
            {
                "time": "2030-01-01T00:00:01.200Z",
                "status": "IN_PROGRESS",
                "error_code": None,
                "status_message": None,
                "retry_after": "2030-01-01T00:00:02.200Z",
            },
        ],
    }


def test_requests(connection: Connection) -> None:
    """They come oldest first, all of them or those that match."""
    one, two = create(connection, "one"), create(connection, "two")
    connection.ask("POST", f"requests/{one}/run")

    def tokens(query: str) -> list[str]:
        return [request["request_token"] for request in connection.ask("GET", f"requests{query}").document["requests"]]

    assert tokens("") == [one, two]
    assert tokens("?status=SUCCESS&type_name=AWS::Logs::LogGroup") == [one]
    assert tokens("?identifier=two&operation=CREATE") == [two]
    assert tokens("?operation=DELETE") == []


@pytest.mark.parametrize(
    ("verb", "given", "status"),
    [
        ("step", None, "IN_PROGRESS"),
        ("run", None, "SUCCESS"),
        ("run", {"max_steps": 2}, "SUCCESS"),
        ("run-until", {"status": "SUCCESS"}, "SUCCESS"),
        ("fail", {"error_code": "NotStabilized", "message": "no quorum"}, "FAILED"),
        ("cancel", {}, "CANCEL_COMPLETE"),
        ("expire", None, "IN_PROGRESS"),
    ],
)
def test_each_verb(
    connection: Connection, cloudcontrol: CloudControl, verb: str, given: dict[str, object] | None, status: str
) -> None:
    """Each moves the request, and answers with it."""
    token = create(connection)
    answered = connection.ask("POST", f"requests/{token}/{verb}", given)  # type: ignore[arg-type]  # it is JSON

    request = cloudcontrol.request(token)
    assert answered.status == 200
    assert (answered.document["request_token"], answered.document["status"]) == (token, status)
    assert (request.status, request.expired) == (status, verb == "expire")
    assert answered.document["status_message"] == request.status_message


def test_cancel_later(connection: Connection) -> None:
    """A cancel may be for a later handler call."""
    token = create(connection)
    assert connection.ask("POST", f"requests/{token}/cancel", {"at_step": 2}).document["status"] == "IN_PROGRESS"

    ended = connection.ask("POST", f"requests/{token}/run").document
    assert (ended["status"], ended["steps"]) == ("CANCEL_COMPLETE", 1)


def test_unknown_token(connection: Connection) -> None:
    """What no request has is not found, in the words that Python gets."""
    assert connection.ask("GET", "requests/none").problem == (404, str(UnknownRequest("none", [])))
    assert connection.ask("POST", "requests/none/step").problem == (404, str(UnknownRequest("none", [])))


def test_illegal_transition(connection: Connection, cloudcontrol: CloudControl) -> None:
    """What a request can't do in its state is a conflict."""
    token = create(connection)
    request = cloudcontrol.request(token).run()
    with pytest.raises(IllegalTransition) as refused:
        request.cancel()

    assert connection.ask("POST", f"requests/{token}/cancel").problem == (409, str(refused.value))


def test_another_end(connection: Connection) -> None:
    """Another terminal status than the one waited for is a conflict, and so are too few steps."""
    token = create(connection)
    few = connection.ask("POST", f"requests/{token}/run-until", {"status": "SUCCESS", "max_steps": 1}).problem
    other = connection.ask("POST", f"requests/{token}/run-until", {"status": "FAILED"}).problem

    assert (few[0], few[1].partition(":")[0]) == (
        409,
        "1 handler call was not enough for the request to become SUCCESS",
    )
    assert (other[0], other[1].partition("\n")[0]) == (409, "the request is SUCCESS and will never be FAILED")


@pytest.mark.parametrize(
    ("path", "given", "words"),
    [
        ("run", {"max_steps": 0}, "max_steps=0 is not valid: expected a whole number, at least 1"),
        (
            "run",
            {"max_step": 1},
            (
                "the document has no member 'max_step' (given as max_step=1). "
                "Did you mean 'max_steps'? The members are max_steps."
            ),
        ),
        ("run-until", {}, "the document needs the member 'status'"),
        ("step", {"times": 2}, "the document has no member 'times' (given as times=2): it takes none"),
        (
            "cancel",
            {"at_step": "last"},
            "at_step='last' is not valid: expected a whole number, at least 1, or 'end': when all is done",
        ),
        ("cancel", {"during": 1}, "during=1 is not valid: expected True or False"),
    ],
)
def test_wrong_values(connection: Connection, path: str, given: dict[str, object], words: str) -> None:
    """A wrong value, a missing or an unknown member is refused with the words for it, and nothing happens."""
    token = create(connection)
    refused = connection.ask("POST", f"requests/{token}/{path}", given)  # type: ignore[arg-type]  # it is JSON

    assert refused.problem == (422, words)
    assert connection.ask("GET", f"requests/{token}").document["steps"] == 0


def test_wrong_query(connection: Connection) -> None:
    """So is it in a query."""
    unknown = connection.ask("GET", "requests?stat=SUCCESS").problem
    twice = connection.ask("GET", "requests?status=SUCCESS&status=FAILED").problem
    wrong = connection.ask("GET", "requests?status=DONE").problem

    assert (unknown[0], twice[0], wrong[0]) == (422, 422, 422)
    assert unknown[1] == (
        "the query has no member 'stat' (given as stat='SUCCESS'). Did you mean 'status'? "
        "The members are type_name, operation, status, identifier."
    )
    assert connection.ask("GET", "requests?status=%ff").problem[0] == 422
    assert twice[1] == "the query has 'status' twice"
    assert wrong[1] == f"status='DONE' is not valid: expected one of {', '.join(OperationStatus)}"
