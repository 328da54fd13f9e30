"""The plugin's own tests run with the plugin, and with pytester to look at it from outside."""

from __future__ import annotations

pytest_plugins = ["pytester"]
