"""A resource type that is written with AWS's library, tried through Cloud Control before anybody deploys it.

``acme-parcel-locker`` is its project, as ``cfn init`` lays it out. Its handlers use SQS and SSM, which are moto's here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import boto3
import pytest

from pytest_cloudcontrol import check_contract

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl, ResourceRequest

PROJECT: Final = Path(__file__).parent / "acme-parcel-locker"
LOCKER: Final = "Acme::Parcel::Locker"

pytestmark = pytest.mark.cloudcontrol(provision="moto-or-memory")


@pytest.fixture
def lockers(cloudcontrol: CloudControl, monkeypatch: pytest.MonkeyPatch) -> CloudControl:
    """Have the type with its handlers. A project's own tests have its ``src`` on their path already."""
    monkeypatch.syspath_prepend(PROJECT / "src")
    from acme_parcel_locker.handlers import resource

    cloudcontrol.add_type(PROJECT)
    cloudcontrol.add_handler(LOCKER, resource)
    return cloudcontrol


def install(lockers: CloudControl, place: str) -> ResourceRequest:
    """Ask for a locker, and return the request."""
    state = json.dumps({"Place": place, "Boxes": 12})
    lockers.client().create_resource(TypeName=LOCKER, DesiredState=state)
    return lockers.requests.last


def test_a_locker_is_installed(lockers: CloudControl) -> None:
    """The second handler call, five minutes later, opens it."""
    request = install(lockers, "station").run()

    assert [event.resource_model and event.resource_model["Status"] for event in request.events] == [
        None,
        "INSTALLING",
        "OPEN",
    ]
    assert (request.last_event.event_time - request.accepted_at).total_seconds() > 300


def test_cancelled_half_way(lockers: CloudControl) -> None:
    """A cancel while it is being installed leaves a locker that is never opened."""
    request = install(lockers, "station").step()
    request.cancel()
    lockers.clock.advance(3600)

    shown = lockers.client().get_resource(TypeName=LOCKER, Identifier=request.identifier or "")
    assert json.loads(shown["ResourceDescription"]["Properties"])["Status"] == "INSTALLING"


def test_failing_at_the_second_call(lockers: CloudControl) -> None:
    """A failure of the second call leaves its queue behind."""
    lockers.add_failure("NetworkFailure", at_step=2)

    assert install(lockers, "station").run().error_code == "NetworkFailure"
    assert len(boto3.client("sqs").list_queues()["QueueUrls"]) == 1


def test_all_are_listed(lockers: CloudControl) -> None:
    """A list shows every locker with its place."""
    for place in ("station", "market"):
        install(lockers, place).run()

    listed = lockers.client().list_resources(TypeName=LOCKER)["ResourceDescriptions"]
    assert {json.loads(locker["Properties"])["Place"] for locker in listed} == {"station", "market"}


def test_the_contract(lockers: CloudControl) -> None:
    """The handlers keep the contract that AWS looks at before it registers the type."""
    check_contract(
        lockers,
        LOCKER,
        create={"Place": "station", "Boxes": 12},
        update={"Place": "station", "Boxes": 20},
    )
