"""The connections over which other processes call, each a caller of its own."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.waiting.callers import Connection

if TYPE_CHECKING:
    from pytest_cloudcontrol.server.messages import Incoming

_MOST: Final = 1000
"""How many are remembered: more than call at once, and what one was told is soon of no use."""

_OF_PROXIES: Final = ("Via", "Forwarded", "X-Forwarded-For")


class Connections:
    """Tells connections from one another by the address and port of the other end.

    Args:
        loops_end: whether a loop over one ends that would never end.
    """

    def __init__(self, *, loops_end: bool) -> None:
        self._loops_end = loops_end
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], Connection] = OrderedDict()
        self._of_many = Connection(is_one_caller=False, loops_end=loops_end)

    def of(self, incoming: Incoming) -> Connection:
        """Return the connection of a request: behind a proxy it may have those of many callers."""
        port = incoming["REMOTE_PORT"]
        if not port.isdecimal() or any(incoming.get(name) is not None for name in _OF_PROXIES):
            return self._of_many
        key = incoming["REMOTE_ADDR"], port
        with self._lock:
            if key not in self._known:
                self._known[key] = Connection(is_one_caller=True, loops_end=self._loops_end)
                if len(self._known) > _MOST:
                    self._known.popitem(last=False)
            self._known.move_to_end(key)
            return self._known[key]
