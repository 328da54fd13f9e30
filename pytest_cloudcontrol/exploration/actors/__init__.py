"""Threads, executors' work items and asyncio tasks that take turns: one runs at a time, and it repeats.

``stage.py`` is what the room is for: it plays a function, and is told where another actor may go first. One actor has
the baton (``baton.py``), and ``turns.py`` says who gets it next. ``patches.py`` puts in what makes Python's own means
of waiting for each other give it away: locks and simple queues, of which ``threading``, ``queue`` and ``concurrent``
build all others, the start and the join of threads, and the selectors of event loops (``selecting.py``). They find the
play that goes on, a ``scene.py``, by one slot (``playing.py``). ``loops.py`` and ``tasks.py`` give the tasks of a loop
turns of their own, and ``executors.py`` the work items of workers (``workers.py``). ``watch.py`` and ``lookout.py``
look at real time, so that nothing hangs; ``errors.py`` and ``stacks.py`` say who stands where.
"""

from __future__ import annotations

from pytest_cloudcontrol.exploration.actors.actor import Actor
from pytest_cloudcontrol.exploration.actors.errors import Deadlock, LeftRunning, Stuck
from pytest_cloudcontrol.exploration.actors.stage import Stage
from pytest_cloudcontrol.exploration.actors.watch import Watch

__all__ = ["Actor", "Deadlock", "LeftRunning", "Stage", "Stuck", "Watch"]
