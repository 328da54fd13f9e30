"""Looking at where a thread stands never blocks, whatever garbage there is at that moment."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from pytest_cloudcontrol.frames import frame_of

PROGRAM: Final = """
import gc
import threading

from pytest_cloudcontrol.frames import frame_of


class Kept:
    def __init__(self):
        self.own = threading.local()
        self.own.value = self.itself = self


for most in range(40):  # so that garbage is due at each moment of a look
    gc.collect()
    Kept()
    gc.set_threshold(most)
    frame_of(threading.get_ident())
    gc.set_threshold(700)
print("looked", gc.isenabled())
gc.disable()
frame_of(threading.get_ident())
print(gc.isenabled())
"""


def test_garbage_with_values_of_threads() -> None:
    """Python 3.11.8 and earlier collect garbage with a lock held that the end of a threading.local needs."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True
    )  # this very Python
    assert ran.stdout == "looked True\nFalse\n"


def test_no_thread() -> None:
    """Where no thread has an identifier, or there is none, there is no frame."""
    assert frame_of(None) is None
    assert frame_of(0) is None
