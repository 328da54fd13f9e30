"""The plugin's own tests run with the plugin, and with pytester to look at it from outside."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

# So that its assertions say what they have compared, as those in the tests do.
pytest.register_assert_rewrite("threads")
