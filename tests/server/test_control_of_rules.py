"""The control API arranges what the verbs of CloudControl arrange, and takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from over_http import create

from pytest_cloudcontrol import OptionError
from pytest_cloudcontrol.schemas.resource_type import SchemaError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from over_http import Connection

    from pytest_cloudcontrol import CloudControl
    from pytest_cloudcontrol.documents import JSONObject

SHELF: JSONObject = {
    "typeName": "Test::Library::Shelf",
    "properties": {"Name": {"type": "string"}},
    "primaryIdentifier": ["/properties/Name"],
    "handlers": {"create": {}, "read": {}, "delete": {}},
}

ARRANGED: list[tuple[str, JSONObject, str]] = [
    ("plans", {"operation": "CREATE", "steps": 3, "delay": 1.5}, "plan(operation='CREATE', steps=3, delay=1.5)"),
    ("failures", {"error_code": "NotStabilized", "optional": True}, "add_failure('NotStabilized', at_step=1)"),
    ("cancels", {"at_step": 2, "during": True, "optional": True}, "add_cancel(at_step=2, during=True)"),
    ("expiries", {"at_step": "end", "optional": True}, "add_expiry(at_step='end')"),
    ("errors", {"code": "NotAuthorized", "optional": True}, "add_error('NotAuthorized')"),
    ("hooks", {"hook_type_name": "A1::B2::C3", "fails": "no", "operations": ["DELETE"]}, "add_hook('A1::B2::C3')"),
    ("limits", {"calls": 100, "per": 1, "api": "GetResource"}, "limit_rate(100, per=1, api='GetResource')"),
    ("limits", {"running": 5}, "limit_concurrency(5)"),
    ("timings", {}, "use_aws_timings()"),
    ("provision", {"whose": "memory"}, "provision('memory')"),
    ("types", {"schema": SHELF}, "add_type('Test::Library::Shelf')"),
]


@pytest.mark.parametrize(("path", "given", "text"), ARRANGED, ids=lambda given: given if isinstance(given, str) else "")
def test_each_is_arranged_and_taken_back(connection: Connection, path: str, given: JSONObject, text: str) -> None:
    """Each is told as the test would write it in Python, is listed, and goes."""
    made = connection.ask("POST", path, given)

    assert (made.status, made.document) == (201, {"id": 1, "text": text, "fired": 0})
    assert connection.ask("GET", "rules").document == {"rules": [made.document]}
    assert connection.ask("DELETE", "rules/1").status == 204
    assert connection.ask("GET", "rules").document == {"rules": []}


def test_it_takes_effect(connection: Connection) -> None:
    """A rule fires, and says how often."""
    connection.ask("POST", "failures", {"error_code": "NotStabilized", "at_step": 2, "message": "no quorum"})
    token = create(connection)
    ended = connection.ask("POST", f"requests/{token}/run").document

    assert (ended["error_code"], ended["status_message"], ended["steps"]) == ("NotStabilized", "no quorum", 2)
    assert [rule["fired"] for rule in connection.ask("GET", "rules").document["rules"]] == [1]


def test_those_of_python_are_there_too(connection: Connection, cloudcontrol: CloudControl) -> None:
    """What the test has arranged in Python is listed, and what it takes back there is gone; no id is given twice."""
    arranged = cloudcontrol.plan(steps=1)
    connection.ask("POST", "plans", {"steps": 2})
    arranged.remove()
    connection.ask("POST", "plans", {"steps": 3})

    rules = connection.ask("GET", "rules").document["rules"]
    assert [(rule["id"], rule["text"]) for rule in rules] == [(2, "plan(steps=2)"), (3, "plan(steps=3)")]


def test_timings_are_there_once(connection: Connection) -> None:
    """To use them again does nothing more."""
    first, second = (connection.ask("POST", "timings").document for _ in range(2))

    assert first == second == {"id": 1, "text": "use_aws_timings()", "fired": 0}


@pytest.mark.parametrize("number", ["2", "0", "one", "01", "9" * 5000])
def test_unknown_rule(connection: Connection, number: str) -> None:
    """What isn't there can't be taken back."""
    connection.ask("POST", "plans", {"steps": 2})
    words = f"there is no rule {number!r}: GET /_cloudcontrol/rules has them all"

    assert connection.ask("DELETE", f"rules/{number}").problem == (404, words)


WRONG: list[tuple[str, str, JSONObject]] = [
    ("plans", "plan", {"type_name": "AWS::SQS::Queu", "steps": 2}),
    ("plans", "plan", {}),
    ("plans", "plan", {"delay": -1}),
    ("plans", "plan", {"delay": "1"}),
    ("plans", "plan", {"steps": 1.5}),
    ("failures", "add_failure", {"error_code": "NotStable"}),
    ("failures", "add_failure", {"error_code": None}),
    ("failures", "add_failure", {"error_code": ["NotStabilized"]}),
    ("failures", "add_failure", {"error_code": "NotStabilized", "times": 0}),
    ("cancels", "add_cancel", {"operation": "READ"}),
    ("cancels", "add_cancel", {"at_step": True}),
    ("expiries", "add_expiry", {"optional": None}),
    ("errors", "add_error", {"code": "Nonsense"}),
    ("errors", "add_error", {"code": {}}),
    ("errors", "add_error", {"code": "AccessDeniedException", "api": []}),
    ("hooks", "add_hook", {"hook_type_name": "Names"}),
    ("hooks", "add_hook", {"hook_type_name": 5}),
    ("hooks", "add_hook", {"hook_type_name": "Acme::Rules::Names", "fails": 5}),
    ("hooks", "add_hook", {"hook_type_name": "Acme::Rules::Names", "targets": 5}),
    ("hooks", "add_hook", {"hook_type_name": "Acme::Rules::Names", "targets": [5]}),
    ("hooks", "add_hook", {"hook_type_name": "Acme::Rules::Names", "operations": True}),
    ("hooks", "add_hook", {"hook_type_name": "Acme::Rules::Names", "operations": [None]}),
    ("hooks", "add_hook", {"hook_type_name": "Acme::Rules::Names", "failure_mode": "STOP"}),
    ("limits", "limit_rate", {"calls": 0, "per": 1}),
    ("limits", "limit_rate", {"calls": 1, "per": 0}),
    ("limits", "limit_concurrency", {"running": "1"}),
    ("limits", "limit_concurrency", {"running": 1, "type_name": 7}),
    ("provision", "provision", {"whose": "mine"}),
    ("provision", "provision", {"whose": []}),
    ("provision", "provision", {"whose": "memory", "type_name": {}}),
    ("types", "add_type", {"schema": {"typeName": "Test"}}),
    ("types", "add_type", {"schema": SHELF, "configuration": []}),
]


@pytest.mark.parametrize(("path", "verb", "given"), WRONG)
def test_wrong_values(
    connection: Connection, cloudcontrol: CloudControl, path: str, verb: str, given: Mapping[str, object]
) -> None:
    """What Python refuses is refused in the same words, and nothing is arranged."""
    with pytest.raises((OptionError, SchemaError)) as refused:
        getattr(cloudcontrol, verb)(**given)

    assert connection.ask("POST", path, dict(given)).problem == (422, str(refused.value))  # type: ignore[arg-type]
    assert connection.ask("GET", "rules").document == {"rules": []}


def test_a_limit_of_both_kinds(connection: Connection) -> None:
    """A limit is of calls or of requests."""
    both = connection.ask("POST", "limits", {"calls": 1, "per": 1, "running": 1}).problem
    neither = connection.ask("POST", "limits", {}).problem
    half = connection.ask("POST", "limits", {"per": 1}).problem

    assert both == (422, "a limit has either calls and per, or running: 'running' doesn't go with 'calls'")
    assert neither == (422, "the document needs the member 'running'")
    assert half == (422, "the document needs the member 'calls'")


def test_no_path_of_a_schema(connection: Connection) -> None:
    """A file of the server's machine is none of a client's business."""
    words = str(OptionError("schema", "/etc/passwd", "the schema itself, as an object"))

    assert connection.ask("POST", "types", {"schema": "/etc/passwd"}).problem == (422, words)
