"""What a test does to a resource that a request is working on: allowed, and shown in that request's timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mock_time import START
from shop import ORDER, Shop, shop_types

from pytest_cloudcontrol import CloudControl, StatusNotReached

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_cloudcontrol import ResourceRequest

pytestmark = shop_types


def events_shown(request: ResourceRequest) -> list[str]:
    """Return what a request's timeline shows after its first line, without the date."""
    with pytest.raises(StatusNotReached) as raised:
        request.run_until("PENDING")
    return [line.strip().removeprefix("2030-01-01 ") for line in str(raised.value).splitlines()[2:]]


def test_replaced_between_two_calls(cloudcontrol: CloudControl) -> None:
    """A resource that is put while its create runs is replaced, and the next call goes on with the other one."""
    shop = Shop(cloudcontrol)
    request = shop.create(Alpha="1", Beta="2").step()
    cloudcontrol.resources.put(ORDER, {"Name": "n1", "Gamma": "3"})
    request.run()
    assert (request.status, shop.written()) == ("SUCCESS", {"Beta": "2", "Gamma": "3"})
    assert events_shown(request) == [
        "00:00:00.000 IN_PROGRESS",
        "00:00:00.200 IN_PROGRESS, retry after 2030-01-01 00:00:01.200",
        "00:00:00.200 resources.put() has replaced the resource",
        "00:00:01.200 SUCCESS",
    ]


def test_placed_before_the_first_call(cloudcontrol: CloudControl) -> None:
    """A create whose resource was placed before its first call fails, and its timeline shows why."""
    request = Shop(cloudcontrol).create()
    cloudcontrol.clock.advance(0.1)
    cloudcontrol.resources.put(ORDER, {"Name": "n1"})
    assert request.run().error_code == "AlreadyExists"
    assert events_shown(request)[1] == "00:00:00.100 resources.put() has placed the resource"


def test_deleted_before_the_first_call(cloudcontrol: CloudControl) -> None:
    """An update whose resource was deleted meanwhile fails, and its timeline shows why."""
    request = Shop(cloudcontrol).existing().update(Alpha="1")
    cloudcontrol.resources.delete(ORDER, "n1")
    assert request.run().error_code == "NotFound"
    assert events_shown(request)[1] == "00:00:00.000 resources.delete() has removed the resource"


def test_loaded_meanwhile(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """What is loaded over a resource that a request is working on is shown too, after what was shown before."""
    shop = Shop(cloudcontrol).existing()
    cloudcontrol.resources.dump(tmp_path / "resources.json")
    request = shop.update(Alpha="1")
    cloudcontrol.resources.put(ORDER, {"Name": "n1"})
    cloudcontrol.resources.load(tmp_path / "resources.json")
    request.run()
    assert events_shown(request)[1:3] == [
        "00:00:00.000 resources.put() has replaced the resource",
        "00:00:00.000 resources.load() has replaced the resource",
    ]


def test_others_show_nothing(cloudcontrol: CloudControl) -> None:
    """Requests of other resources, elsewhere, and those that have ended show nothing of it."""
    shop = Shop(cloudcontrol)
    ended, other = shop.create().run(), shop.create("n2")
    elsewhere = Shop(cloudcontrol, "eu-west-1").create()
    cloudcontrol.resources.put(ORDER, {"Name": "n1"})
    for request in (ended, other.run(), elsewhere.run()):
        assert not any("resources." in line for line in events_shown(request))
    assert cloudcontrol.clock.now() > START
