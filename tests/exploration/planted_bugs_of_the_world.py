"""Bugs of programs that drive Cloud Control, planted: in what they expect of the world. Each has a mended twin."""

from __future__ import annotations

import json
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ReadTimeoutError, WaiterError
from planting import NO_ENDINGS, DeploymentFailed, Planted, asked, ended, waited
from programs import groups
from resource_types import LOG_GROUP, QUEUE
from retrying import standard

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl

# A create is made again by hand after its answer was lost: with a client token of its own, as botocore draws one.


def _one_queue(cloudcontrol: CloudControl, **token: str) -> None:
    client = standard(cloudcontrol)

    def create() -> str:
        answer = client.create_resource(TypeName=QUEUE, DesiredState="{}", **token)
        return answer["ProgressEvent"]["RequestToken"]

    try:
        request = create()
    except ReadTimeoutError:
        request = create()
    with suppress(WaiterError, ReadTimeoutError):
        waited(client, request)
    cloudcontrol.run_until_idle()
    assert len(cloudcontrol.resources) <= 1, "two queues were made"


def creates_again(cloudcontrol: CloudControl) -> None:
    """Create again without a client token."""
    _one_queue(cloudcontrol)


def creates_again_with_its_token(cloudcontrol: CloudControl) -> None:
    """Create again with the client token of before."""
    _one_queue(cloudcontrol, ClientToken=str(uuid.uuid4()))


# Somebody else has deleted it already, which is taken for an error.


def somebody_deletes_it(cloudcontrol: CloudControl) -> None:
    """Delete the log group by hand."""
    if "orders" in groups(cloudcontrol):
        cloudcontrol.resources.delete(LOG_GROUP, "orders")


def there_already(cloudcontrol: CloudControl) -> None:
    """Have the log group there."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "orders"})


def _tidied_up(cloudcontrol: CloudControl, done: frozenset[str | None]) -> None:
    client = standard(cloudcontrol)
    answer = client.delete_resource(TypeName=LOG_GROUP, Identifier="orders")
    event = ended(client, answer["ProgressEvent"]["RequestToken"])
    if event.get("ErrorCode") not in done:
        raise DeploymentFailed(event.get("StatusMessage"))
    assert groups(cloudcontrol) == {}


def minds_that_it_is_gone(cloudcontrol: CloudControl) -> None:
    """Take every error code for a failure."""
    _tidied_up(cloudcontrol, frozenset({None}))


def knows_that_gone_is_gone(cloudcontrol: CloudControl) -> None:
    """Take NotFound for what was wanted."""
    _tidied_up(cloudcontrol, frozenset({None, "NotFound"}))


# The program crashes between its create and its saving the request token.

DISK: Final[dict[str, str]] = {}
"""What the program finds again when it is started again."""


def empty_disk(_: CloudControl) -> None:
    """Begin with nothing saved."""
    DISK.clear()


def _resumed(cloudcontrol: CloudControl, request: Callable[[CloudControlApiClient], str]) -> None:
    client = standard(cloudcontrol)
    ended(client, request(client))
    cloudcontrol.run_until_idle()
    assert len(cloudcontrol.resources) == 1, "two queues were made"


def saves_too_late(cloudcontrol: CloudControl) -> None:
    """Save the request token when there is one."""

    def request(client: CloudControlApiClient) -> str:
        if "request" not in DISK:
            answer = client.create_resource(TypeName=QUEUE, DesiredState="{}")
            DISK["request"] = answer["ProgressEvent"]["RequestToken"]
        return DISK["request"]

    _resumed(cloudcontrol, request)


def saves_before(cloudcontrol: CloudControl) -> None:
    """Save a client token first, with which a second create is the first one."""

    def request(client: CloudControlApiClient) -> str:
        token = DISK.setdefault("client token", str(uuid.uuid4()))
        answer = client.create_resource(TypeName=QUEUE, DesiredState="{}", ClientToken=token)
        return answer["ProgressEvent"]["RequestToken"]

    _resumed(cloudcontrol, request)


# An update is made of what a stale read shows.


def tagged_already(cloudcontrol: CloudControl) -> None:
    """Have the log group there, with a tag."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "orders", "Tags": [{"Key": "team", "Value": "shop"}]})


def _tagged(cloudcontrol: CloudControl, patch: Callable[[CloudControlApiClient, dict[str, str]], object]) -> None:
    client = standard(cloudcontrol)
    for key in ("stage", "owner"):
        document = json.dumps([patch(client, {"Key": key, "Value": "x"})])
        answer = client.update_resource(TypeName=LOG_GROUP, Identifier="orders", PatchDocument=document)
        waited(client, answer["ProgressEvent"]["RequestToken"])
    properties: dict[str, Any] = cloudcontrol.resources.get(LOG_GROUP, "orders") or {}
    assert [tag["Key"] for tag in properties["Tags"]] == ["team", "stage", "owner"], "a tag is gone"


def writes_back_what_it_read(cloudcontrol: CloudControl) -> None:
    """Read the tags, and write them all back with one more."""

    def patch(client: CloudControlApiClient, tag: dict[str, str]) -> object:
        read = client.get_resource(TypeName=LOG_GROUP, Identifier="orders")["ResourceDescription"]["Properties"]
        return {"op": "replace", "path": "/Tags", "value": [*json.loads(read)["Tags"], tag]}

    _tagged(cloudcontrol, patch)


def writes_the_change_only(cloudcontrol: CloudControl) -> None:
    """Have Cloud Control append the tag."""
    _tagged(cloudcontrol, lambda _, tag: {"op": "add", "path": "/Tags/-", "value": tag})


# Only the first page of a list is read.


def somebody_adds_one(cloudcontrol: CloudControl) -> None:
    """Have one log group more, among the first."""
    cloudcontrol.resources.put(LOG_GROUP, {"LogGroupName": "archive"})


def _found(cloudcontrol: CloudControl, listed: Callable[[CloudControlApiClient], list[str]]) -> None:
    client = standard(cloudcontrol)
    waited(client, asked(client, "orders"))
    assert "orders" in listed(client), "it is there, and wasn't found"


def reads_one_page(cloudcontrol: CloudControl) -> None:
    """Take the first page for all."""

    def listed(client: CloudControlApiClient) -> list[str]:
        page = client.list_resources(TypeName=LOG_GROUP)
        return [description["Identifier"] for description in page["ResourceDescriptions"]]

    _found(cloudcontrol, listed)


def reads_every_page(cloudcontrol: CloudControl) -> None:
    """Read on as long as there is a next page."""

    def listed(client: CloudControlApiClient) -> list[str]:
        pages = client.get_paginator("list_resources").paginate(TypeName=LOG_GROUP)
        return [description["Identifier"] for page in pages for description in page["ResourceDescriptions"]]

    _found(cloudcontrol, listed)


PLANTED: Final = [
    Planted(
        creates_again,
        creates_again_with_its_token,
        "call 1 CreateResource: lost answer",
        "call 1 CreateResource was carried out, but its answer was lost",
        {"errors": ("lost answer",)},
    ),
    Planted(
        minds_that_it_is_gone,
        knows_that_gone_is_gone,
        "call 1 DeleteResource: somebody_deletes_it",
        "before call 1 DeleteResource somebody else came: somebody_deletes_it()",
        NO_ENDINGS | {"setup": there_already, "others": (somebody_deletes_it,)},
    ),
    Planted(
        saves_too_late,
        saves_before,
        "call 1 CreateResource: crash after",
        "the program crashed right after call 1 CreateResource, and was started again",
        NO_ENDINGS | {"setup": empty_disk, "crashes": True},
    ),
    Planted(
        writes_back_what_it_read,
        writes_the_change_only,
        "call 5 GetResource: stale",
        "call 5 GetResource was answered as if what ended last hadn't happened yet",
        NO_ENDINGS | {"setup": tagged_already, "stale_reads": True},
    ),
    Planted(
        reads_one_page,
        reads_every_page,
        "call 1 CreateResource: somebody_adds_one",
        "before call 1 CreateResource somebody else came: somebody_adds_one()",
        NO_ENDINGS | {"others": (somebody_adds_one,), "list_page_size": 1},
    ),
]
