"""Chance that repeats: what Python draws by chance during a run is drawn from the run's seed instead."""

from __future__ import annotations

import os
import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME_IN_RANDOM: Final = "_urandom"
"""Where ``random`` keeps ``os.urandom``; ``random.SystemRandom`` draws from it, and ``secrets`` from that."""


@contextmanager
def seeded(seed: str) -> Iterator[None]:
    """Have ``random`` and ``os.urandom`` (so ``uuid4`` and ``secrets``) give the same each time until the block ends.

    Args:
        seed: what all is drawn from.
    """
    drawn = random.Random(f"{seed}/urandom")
    before, state, in_random = os.urandom, random.getstate(), getattr(random, _NAME_IN_RANDOM)
    random.seed(f"{seed}/random")

    def urandom(size: int, /) -> bytes:
        return drawn.randbytes(size)

    os.urandom = urandom
    setattr(random, _NAME_IN_RANDOM, urandom)
    try:
        yield
    finally:
        os.urandom = before
        setattr(random, _NAME_IN_RANDOM, in_random)
        random.setstate(state)
