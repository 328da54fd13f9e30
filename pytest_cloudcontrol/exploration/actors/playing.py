"""The one slot for the play that goes on: locks and threads are the whole process's, and so is what is put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_cloudcontrol.exploration.actors.scene import Scene

scene: Scene | None = None
"""The play that goes on; None for locks to be ordinary ones."""
