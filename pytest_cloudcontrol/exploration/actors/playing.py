"""The one slot for the stage that is playing: locks and threads are the whole process's, and so is what is put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_cloudcontrol.exploration.actors.stage import Stage

stage: Stage | None = None
"""The stage that is playing; None for locks to be ordinary ones."""
