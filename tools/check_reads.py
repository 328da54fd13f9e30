"""Check what the mock shows of resources against recordings of what AWS showed.

    python tools/check_reads.py tests/reads/recorded_reads.jsonl.gz
    python tools/check_reads.py my-recordings.jsonl --type AWS::IAM::Role
    python tools/check_reads.py tests/reads/recorded_reads.jsonl.gz --page docs/reads.md

Of each recording (``pytest_cloudcontrol/schemas/recordings/recording.py``) the resource is made from ``declared`` by
CreateResource, read by GetResource, and compared with ``read``, JSON pointer by JSON pointer. The items of lists of
objects are paired with those that are most like them. A value *can be told* if it was declared, or doesn't look like
one that only AWS could know, such as an id or a date.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_cloudcontrol import mock_cloudcontrol
from pytest_cloudcontrol.documents import same
from pytest_cloudcontrol.schemas.recordings.forms import only_aws_knows
from pytest_cloudcontrol.schemas.recordings.pairing import paired
from pytest_cloudcontrol.schemas.recordings.recording import recordings_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.schemas.recordings.recording import Recording

INTRODUCTION: Final = """\
<!-- Written by tools/check_reads.py from a run; changes belong there. -->

# Reads: how near GetResource comes to AWS

What AWS shows of a resource is more than what was declared: defaults of the service, names and addresses that it makes,
states. The mock shows what was learnt from recordings, which of it hangs on what was declared, and beside that what the
schema says. This page is made from a run: each recorded resource is made in the mock, read, and compared with what AWS
showed, property by property.

- **recordings**: how many complete ones stand behind a type. One read shows one moment, in one account and region, of
  one configuration: what the mock shows in others is as likely as what they have in common.
- **shown**: of the properties that AWS showed, those that the mock shows.
- **made up**: properties that the mock shows and AWS didn't.
- **right**: of the values that can be told (not ids, dates and the like), those that are AWS's.
- **known to differ**: where the mock shows less, more, or another value.

A type that isn't in the table has no recording: it shows what was declared, its read-only properties, and the defaults
in its schema. [Recordings of your own](how-to/use-recorded-reads.md) count before these.

These are facts [G-8 to G-11](fidelity.md#made-up-values) of the fidelity list.
"""
_MOST_POINTERS: Final = 6


class Tally(NamedTuple):
    """What the comparison of some recordings came to; each is a number of properties, but for the first.

    Attributes:
        recordings: how many were compared.
        theirs: AWS showed.
        shown: of these the mock shows.
        ours: the mock shows.
        told: AWS showed, with a value that can be told, and the mock shows.
        right: of these the mock has AWS's value.
        differing: the pointers at which they differ, items of lists as ``*``.
    """

    recordings: int
    theirs: int
    shown: int
    ours: int
    told: int
    right: int
    differing: Counter[str]


def together(tallies: Iterable[Tally]) -> Tally:
    """Return what several comparisons came to together."""
    all_of_them = list(tallies)
    return Tally(
        sum(tally.recordings for tally in all_of_them),
        sum(tally.theirs for tally in all_of_them),
        sum(tally.shown for tally in all_of_them),
        sum(tally.ours for tally in all_of_them),
        sum(tally.told for tally in all_of_them),
        sum(tally.right for tally in all_of_them),
        sum((tally.differing for tally in all_of_them), Counter()),
    )


def check(recordings: Iterable[Recording]) -> dict[str, Tally]:
    """Compare the complete recordings with what the mock shows, and return what that came to, by type."""
    tallies: dict[str, list[Tally]] = defaultdict(list)
    clients: dict[str, CloudControlApiClient] = {}  # by region: making one takes as long as a recording
    for number, recording in enumerate(recordings):
        if recording.declared is not None and recording.is_whole:
            ours = _shown(recording, recording.declared, f"recording {number}", clients)
            tallies[recording.type_name].append(_compared(recording, recording.declared, ours))
    return {name: together(of_type) for name, of_type in sorted(tallies.items())}


def _shown(
    recording: Recording, declared: JSONObject, seed: str, clients: dict[str, CloudControlApiClient]
) -> JSONValue:
    with mock_cloudcontrol(region=recording.region, seed=seed) as cloudcontrol:
        if recording.region not in clients:
            clients[recording.region] = cloudcontrol.client()
        client = clients[recording.region]
        client.create_resource(TypeName=recording.type_name, DesiredState=json.dumps(declared))
        request = cloudcontrol.requests.last.run()
        if request.identifier is None or request.status != "SUCCESS":
            raise RuntimeError(f"{recording.type_name} {declared}: {request.status} {request.status_message}")
        answer = client.get_resource(TypeName=recording.type_name, Identifier=request.identifier)
        shown: JSONValue = json.loads(answer["ResourceDescription"]["Properties"])
        return shown


def _compared(recording: Recording, declared: JSONObject, ours: JSONValue) -> Tally:
    theirs = {at: value for at, value in _leaves(recording.read) if not _is_unknown(at, recording)}
    aligned = _aligned(recording.read, ours)
    mine = {at: value for at, value in _leaves(aligned) if not _is_unknown(at, recording)}
    known = dict(_leaves(_aligned(recording.read, declared)))
    told = [at for at, value in theirs.items() if at in mine and (at in known or _can_be_told(at, value, recording))]
    wrong = [at for at in told if not same(theirs[at], mine[at])]
    differing = Counter(_starred(at) for at in {*wrong, *(theirs.keys() ^ mine.keys())})
    shown = len(theirs.keys() & mine.keys())
    return Tally(1, len(theirs), shown, len(mine), len(told), len(told) - len(wrong), differing)


def _leaves(value: JSONValue, at: str = "") -> Iterator[tuple[str, JSONValue]]:
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from _leaves(item, f"{at}/{name}")
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from _leaves(item, f"{at}/{index}")
    else:
        yield at, value


def _aligned(theirs: JSONValue, ours: JSONValue) -> JSONValue:
    """Return our value with the items of its lists where AWS has those that are most like them."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return {name: _aligned(theirs[name], item) if name in theirs else item for name, item in ours.items()}
    if isinstance(theirs, list) and isinstance(ours, list):
        pairs, rest = paired(theirs, ours)
        return [*(_aligned(their_item, our_item) for their_item, our_item in pairs), *rest]
    return ours


def _is_unknown(at: str, recording: Recording) -> bool:
    return any(at == pointer or at.startswith(f"{pointer}/") for pointer in recording.unknown)


def _can_be_told(at: str, value: JSONValue, recording: Recording) -> bool:
    is_of_identifier = isinstance(value, str) and value != "" and value in (recording.identifier or "")
    return not is_of_identifier and not only_aws_knows(value, _name(at))


def _name(at: str) -> str:
    return next((part for part in reversed(at.split("/")) if not part.isdigit()), "")


def _starred(at: str) -> str:
    return "/".join("*" if part.isdigit() else part for part in at.split("/"))


def page(tallies: Mapping[str, Tally]) -> str:
    """Return the page of the documentation that says what the check came to."""
    total = together(tallies.values())
    figures = (
        f"In all: {total.recordings} recordings of {len(tallies)} types. Of {total.theirs:,} properties that AWS "
        f"showed the mock shows {total.shown / total.theirs:.1%}; of {total.ours:,} that the mock shows "
        f"{total.shown / total.ours:.1%} are AWS's; and {total.right / total.told:.1%} of the values that can be told "
        "are right.\n"
    )
    lines = [
        INTRODUCTION,
        figures,
        "| type | recordings | shown | made up | right | known to differ |\n| --- | --- | --- | --- | --- | --- |",
        *(_row(type_name, tally) for type_name, tally in tallies.items()),
    ]
    return "\n".join(lines) + "\n"


def _row(type_name: str, tally: Tally) -> str:
    differing = [f"`{at}`" for at, _ in sorted(tally.differing.items(), key=lambda item: (-item[1], item[0]))]
    more = f" and {len(differing) - _MOST_POINTERS} more" if len(differing) > _MOST_POINTERS else ""
    return (
        f"| `{type_name}` | {tally.recordings} | {tally.shown} of {tally.theirs} | {tally.ours - tally.shown} "
        f"| {tally.right} of {tally.told} | {', '.join(differing[:_MOST_POINTERS])}{more} |"
    )


def main() -> None:
    """Check the recordings, and print or write what it came to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", type=Path, nargs="+", help="files of recordings")
    parser.add_argument("--type", help="only recordings of this type")
    parser.add_argument("--page", type=Path, help="write the page of the documentation there")
    options = parser.parse_args()
    recordings = (recording for path in options.recordings for recording in recordings_in(path))
    chosen = (recording for recording in recordings if options.type in (None, recording.type_name))
    text = page(check(chosen))
    if options.page is None:
        print(text[len(INTRODUCTION) :])
    else:
        options.page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
