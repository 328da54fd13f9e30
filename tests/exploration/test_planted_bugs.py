"""Bugs that are planted: an exploration finds each, says what it took, and passes once it is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from planted_bugs import PLANTED
from planted_bugs_of_the_world import PLANTED as OF_THE_WORLD

from pytest_cloudcontrol import explore

if TYPE_CHECKING:
    from planting import Planted

each_of_them = pytest.mark.parametrize(
    "planted", [pytest.param(planted, id=planted.bug.__name__) for planted in (*PLANTED, *OF_THE_WORLD)]
)


@each_of_them
def test_plain_run_passes(planted: Planted) -> None:
    """Without a surprise nobody sees the bug."""
    assert explore(planted.bug, **{**planted.arguments, "surprises": 0}).runs == 1


@each_of_them
def test_bug_is_found(planted: Planted) -> None:
    """The first schedule that shows the bug is the failure, said in words, and its line replays it."""
    with pytest.raises(BaseException) as caught:  # noqa: PT011  # what each raises is its own affair
        explore(planted.bug, **planted.arguments)
    (note,) = caught.value.__notes__
    lines = note.splitlines()
    assert lines[:2] == ["Cloud Control: it fails with 1 surprise:", f"    {planted.words}"]
    (replay,) = (line for line in lines if line.startswith("Replay: "))
    line, _, besides = replay.partition(", with the same ")
    assert line == f'Replay: explore({planted.bug.__name__}, replay="{planted.line}")'
    assert ("setup" in besides, "others" in besides) == ("setup" in planted.arguments, "others" in planted.arguments)
    with pytest.raises(type(caught.value)) as again:
        explore(planted.bug, **{**planted.arguments, "replay": planted.line})
    assert str(again.value).partition("\n")[0] == str(caught.value).partition("\n")[0]


@each_of_them
def test_mended(planted: Planted) -> None:
    """Its mended twin passes all that might surprise it."""
    assert explore(planted.mended, **planted.arguments).runs > 1
