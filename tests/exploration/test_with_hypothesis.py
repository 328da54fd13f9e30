"""Explorations inside Hypothesis: the data drawn outside, the surprises inside."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from calls import create, wait
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from programs import REFUSED, groups

from pytest_cloudcontrol import explore

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl


@given(names=st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True))
@settings(max_examples=3)
def test_what_is_drawn_is_explored(names: list[str]) -> None:
    """Each example is explored whole, with what was drawn."""

    def scenario(cloudcontrol: CloudControl) -> None:
        client = cloudcontrol.client()
        for name in names:
            with suppress(*REFUSED):
                wait(client, create(client, name))
        assert set(groups(cloudcontrol)) <= set(names)

    assert explore(scenario).runs > 10


def test_failing_example_is_shrunk() -> None:
    """A failure shrinks as any other, and its note has the replay line of the smallest example."""

    @given(names=st.lists(st.sampled_from("ab"), min_size=1, max_size=2, unique=True))
    @settings(max_examples=3, database=None, phases=[Phase.generate, Phase.shrink])
    def test(names: list[str]) -> None:
        def scenario(cloudcontrol: CloudControl) -> None:
            client = cloudcontrol.client()
            for name in names:
                with suppress(*REFUSED):
                    wait(client, create(client, name))
            assert len(groups(cloudcontrol)) == len(names)

        explore(scenario, errors=(), failures=(), moves=False)

    with pytest.raises(AssertionError) as caught:
        test()
    notes = "\n".join(caught.value.__notes__)
    assert 'Replay: explore(scenario, replay="request 1 step 1: CANCELLED")' in notes
    assert "names=['a']" in notes


@given(number=st.integers(0, 9), chance=st.randoms(use_true_random=False))
@settings(max_examples=5)
def test_chance_of_hypothesis(number: int, chance: random.Random) -> None:
    """What Hypothesis draws by chance isn't touched, and what a run draws is the same in every example."""
    drawn: set[float] = set()
    explore(lambda _: drawn.add(random.random()))
    assert drawn == first_drawn
    assert chance.randint(0, 9) in range(10)
    assert number in range(10)


first_drawn: set[float] = set()
explore(lambda _: first_drawn.add(random.random()))
