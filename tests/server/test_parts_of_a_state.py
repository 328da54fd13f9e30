"""Every part that a state may have goes into another world; what it can't have is told by its name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from resource_types import LOG_GROUP
from worlds import create_handler, do, shown, world

from pytest_cloudcontrol.server.state.file import restore_from, write_to
from pytest_cloudcontrol.server.state.refusals import NotSaved
from pytest_cloudcontrol.server.state.state import restore, state_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_cloudcontrol import CloudControl


def rules(cloudcontrol: CloudControl) -> None:
    """Arrange one of each verb."""
    cloudcontrol.plan(LOG_GROUP, "CREATE", steps=3, delay=0.25, pending=True)
    cloudcontrol.use_aws_timings()
    cloudcontrol.add_failure("NotFound", operation="READ", type_name=LOG_GROUP, message="gone", optional=True)
    cloudcontrol.add_failure("NotStabilized", identifier="two", at_step="end", times=2, message="", optional=True)
    cloudcontrol.add_cancel(operation="DELETE", at_step=2, during=True, optional=True)
    cloudcontrol.add_expiry(identifier="three", optional=True)
    cloudcontrol.add_error("ReadTimeoutError", api="CreateResource", identifier="three", after=True, optional=True)
    cloudcontrol.provision("memory", LOG_GROUP)
    do(cloudcontrol, ("create", "one"))


def seen_later(cloudcontrol: CloudControl) -> None:
    """Have resources that reads show as they were: one changed, one gone, and one that isn't there yet."""
    for name in ("one", "two"):
        cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": name, "RetentionInDays": 7})
    cloudcontrol.plan(consistent_after=100, steps=3)
    for act in [("update", "one"), ("delete", "two"), ("create", "three"), ("advance", 0.7)]:
        do(cloudcontrol, act)


def ended_and_seen_later(cloudcontrol: CloudControl) -> None:
    """Have the requests of these ended, too."""
    seen_later(cloudcontrol)
    do(cloudcontrol, ("advance", 40))


def under_way(cloudcontrol: CloudControl) -> None:
    """Have handler calls under way: one that works, one that fails, and one that is cancelled meanwhile."""
    cloudcontrol.plan(step_time=10)
    cloudcontrol.add_failure("NotStabilized", identifier="two", optional=True)
    for name in ("one", "two", "three"):
        do(cloudcontrol, ("create", name))
    cloudcontrol.requests.last.cancel(at_step=1, during=True)
    do(cloudcontrol, ("advance", 3))


def to_be_cancelled(cloudcontrol: CloudControl) -> None:
    """Have a request that is to be cancelled at its end, and one that is PENDING for a time."""
    do(cloudcontrol, ("create", "one"))
    cloudcontrol.requests.last.cancel(at_step="end")
    cloudcontrol.plan(pending=60)
    do(cloudcontrol, ("create", "two"))


@pytest.mark.parametrize("fill", [rules, seen_later, ended_and_seen_later, under_way, to_be_cancelled])
def test_each_part_goes_on(fill: Callable[[CloudControl], None]) -> None:
    """It shows the same at once, and comes to the same."""
    with world("original") as original:
        fill(original)
        saved = json.dumps(state_of(original._backend))  # noqa: SLF001
        expected = [shown(original)]
        original.run_until_idle()
        expected.append(shown(original))
    with world("another") as another:
        restore(another._backend, json.loads(saved))  # noqa: SLF001
        found = [shown(another)]
        another.run_until_idle()
        found.append(shown(another))

    assert found == expected


def hooks(cloudcontrol: CloudControl) -> str:
    """Have a request that a hook was asked about, which was taken back, and return what it is called."""
    arranged = cloudcontrol.add_hook("Acme::Rules::Names")
    do(cloudcontrol, ("create", "one"))
    arranged.remove()
    return f"the hooks of request {cloudcontrol.requests.last.request_token}"


def type_taken_back(cloudcontrol: CloudControl) -> str:
    """Have a request of a type that was taken back, and return what it is called."""
    schema = {
        "typeName": "Acme::Shop::Order",
        "properties": {"Name": {"type": "string"}},
        "primaryIdentifier": ["/properties/Name"],
        "handlers": {"create": {}},
    }
    arranged = cloudcontrol.add_type(schema)
    cloudcontrol.client().create_resource(TypeName="Acme::Shop::Order", DesiredState='{"Name": "a"}')
    request = cloudcontrol.requests.last.run()
    arranged.remove()
    return f"request {request.request_token}, as its type Acme::Shop::Order was taken back"


@pytest.mark.parametrize("arrange", [hooks, type_taken_back, create_handler])
def test_what_was_taken_back(arrange: Callable[[CloudControl], str]) -> None:
    """What was taken back, and leaves something behind, is refused by name as well."""
    with world("original") as original:
        name = arrange(original)
        with pytest.raises(NotSaved) as refused:
            state_of(original._backend)  # noqa: SLF001

    assert refused.value.names == [name]


@pytest.mark.cloudcontrol(provision="moto")
def test_resources_of_motos(cloudcontrol: CloudControl) -> None:
    """Resources that are moto's can't be in a state."""
    with pytest.raises(NotSaved) as refused:
        state_of(cloudcontrol._backend)  # noqa: SLF001

    assert refused.value.names == ["resources that are moto's (provision='moto')"]


def test_a_file_that_cannot_be_written(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """Nothing is left of a file that can't take its place."""
    place = tmp_path / "world.json"
    place.mkdir()

    with pytest.raises(IsADirectoryError):
        write_to(place, cloudcontrol._backend, "")  # noqa: SLF001
    assert list(tmp_path.iterdir()) == [place]


def test_a_link(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A link stays one: what it leads to is written, with the rights that it had."""
    there, link = tmp_path / "there.json", tmp_path / "world.json"
    write_to(there, cloudcontrol._backend, "")  # noqa: SLF001
    there.chmod(0o640)
    link.symlink_to(there)
    read = restore_from(link, cloudcontrol._backend, rate=0)  # noqa: SLF001
    cloudcontrol.resources.put("AWS::Logs::LogGroup", {"LogGroupName": "app"})
    write_to(link, cloudcontrol._backend, read)  # noqa: SLF001

    assert link.is_symlink()
    assert len(json.loads(there.read_text())["resources"]) == 1
    assert json.loads(there.read_text())["format"] == "pytest-cloudcontrol state, version 1"
    assert there.stat().st_mode & 0o777 == 0o640
