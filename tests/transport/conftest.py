"""Which tests there are on which system."""

from __future__ import annotations

import os

collect_ignore = [] if hasattr(os, "fork") else ["test_processes.py"]
