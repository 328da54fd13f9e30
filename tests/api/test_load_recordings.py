"""``resources.load`` takes recordings of AWS's own reads: it places what was read, and learns what is shown besides."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from shop import ORDER, Shop, shop_types

from pytest_cloudcontrol import CloudControl, OptionError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = shop_types

READ: Final = {"Name": "old", "Arn": "arn:old", "Alpha": "usual"}
PLAIN: Final = {"type": ORDER, "declared": {"Name": "old"}, "read": READ}


def written(path: Path, *recordings: dict[str, Any]) -> Path:
    """Write recordings to a file, one a line."""
    path.write_text("\n".join(map(json.dumps, recordings)) + "\n", encoding="utf-8")
    return path


def made(cloudcontrol: CloudControl, name: str = "new", **properties: str) -> dict[str, Any]:
    """Create an order, and return all of its properties but for its Arn."""
    Shop(cloudcontrol).create(name, **properties).run()
    order = cloudcontrol.resources.get(ORDER, name) or {}
    return {key: value for key, value in order.items() if key != "Arn"}


def test_recorded_resource_is_there(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A recorded resource is placed as it was read."""
    cloudcontrol.resources.load(written(tmp_path / "orders.jsonl", PLAIN))
    assert cloudcontrol.resources.get(ORDER, "old") == READ


def test_compressed_file(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """The file may be compressed."""
    path = tmp_path / "orders.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(PLAIN).encode()))
    cloudcontrol.resources.load(str(path))
    assert cloudcontrol.resources.get(ORDER, "old") == READ


def test_undeclared_member_is_learnt(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """What a recorded resource showed although it wasn't declared is shown of new ones, unless they declare it."""
    cloudcontrol.resources.load(written(tmp_path / "orders.jsonl", PLAIN))
    assert made(cloudcontrol) == {"Name": "new", "Alpha": "usual"}
    assert made(cloudcontrol, "other", Alpha="mine") == {"Name": "other", "Alpha": "mine"}


def test_condition_is_learnt(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """What was shown under some declared state only is shown under that."""
    lit, dark = {"Beta": "on"}, {"Gamma": "off"}
    recordings = [
        {"type": ORDER, "declared": {"Name": name, **more}, "read": {"Name": name, **more, "Alpha": alpha}}
        for name, more, alpha in (("a", lit, "lit"), ("b", dark, "dark"), ("c", lit, "lit"), ("d", dark, "dark"))
    ]
    cloudcontrol.resources.load(written(tmp_path / "orders.jsonl", *recordings))
    assert made(cloudcontrol, Beta="on")["Alpha"] == "lit"
    assert made(cloudcontrol, "other")["Alpha"] == "dark"


@pytest.mark.parametrize("mark", [{"trimmed": True}, {"changed_behind": True}, {"declared": None}])
def test_what_proves_nothing(cloudcontrol: CloudControl, tmp_path: Path, mark: dict[str, object]) -> None:
    """A recording that was trimmed, of a resource changed since, or without a desired state teaches nothing."""
    cloudcontrol.resources.load(written(tmp_path / "orders.jsonl", {**PLAIN, **mark}))
    assert made(cloudcontrol) == {"Name": "new"}
    assert cloudcontrol.resources.get(ORDER, "old") == READ


def test_unknown_pointer(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A recording says nothing of the properties that it calls unknown."""
    cloudcontrol.resources.load(written(tmp_path / "orders.jsonl", {**PLAIN, "unknown": ["/Alpha"]}))
    assert made(cloudcontrol) == {"Name": "new"}


def test_reset_forgets(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A reset takes away what was learnt."""
    cloudcontrol.resources.load(written(tmp_path / "orders.jsonl", PLAIN))
    cloudcontrol.reset()
    assert made(cloudcontrol) == {"Name": "new"}


def test_recording_before_the_bundle(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A recording of one's own counts before what the bundle knows of a type, member by member."""
    queue = "AWS::SQS::Queue"
    read = {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs", "QueueName": "jobs", "DelaySeconds": 9}
    recording = {"type": queue, "declared": {"QueueName": "jobs"}, "read": read}
    cloudcontrol.resources.load(written(tmp_path / "queues.jsonl", recording))
    Shop(cloudcontrol).create_of(queue, '{"QueueName": "other"}').run()
    (shown,) = (one.properties for one in cloudcontrol.resources if one.properties["QueueName"] == "other")
    assert (shown["DelaySeconds"], shown["VisibilityTimeout"]) == (9, 30)


EXPECTED: Final = "recordings, each a JSON object in a line of its own"
MEMBERS: Final = "a recording has `type`, a text; `read`, an object; and `declared`, an object or null, and not "


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([PLAIN, {"type": ORDER, "read": []}], f"{EXPECTED} (line 2 of {{path}}: {MEMBERS}"),
        ([{**PLAIN, "declared": []}], f"{EXPECTED} (line 1 of {{path}}: {MEMBERS}"),
        (
            [{**PLAIN, "unknown": "/Alpha"}],
            f"{EXPECTED} (line 1 of {{path}}: the `unknown` of a recording is a list of pointers, and not /Alpha)",
        ),
        ([{**PLAIN, "read": {"Alpha": "a"}}], f"recordings whose `read` has the identifier (Name of {ORDER})"),
    ],
)
def test_broken_recordings(
    cloudcontrol: CloudControl, tmp_path: Path, lines: list[dict[str, Any]], expected: str
) -> None:
    """A file with a line that is no recording is refused, with the line and what is missing; nothing is placed."""
    path = written(tmp_path / "orders.jsonl", *lines)
    with pytest.raises(OptionError) as refused:
        cloudcontrol.resources.load(path)
    start = f"path={str(path)!r} is not valid: expected {expected.format(path=path)}"
    assert str(refused.value).startswith(start)
    assert len(cloudcontrol.resources) == 0


def test_unknown_type(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A recording of a type that nobody knows is refused, with the nearest that there is."""
    path = written(tmp_path / "orders.jsonl", {**PLAIN, "type": "Test::Shop::Oder"})
    with pytest.raises(
        OptionError, match=r"^type_name='Test::Shop::Oder' is not valid: .* Did you mean 'Test::Shop::O"
    ):
        cloudcontrol.resources.load(path)


def test_broken_gzip(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A compressed file of which the end is missing is refused."""
    path = tmp_path / "orders.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(PLAIN).encode())[:-9])
    with pytest.raises(OptionError, match="it is no whole gzip file"):
        cloudcontrol.resources.load(path)
