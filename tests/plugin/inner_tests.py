"""What inner tests do, what their reports show of it, and how a process of its own runs them."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Final

CREATE: Final = """cloudcontrol_client.create_resource(
        TypeName="AWS::Logs::LogGroup", DesiredState='{"LogGroupName": "app"}')"""

TOKEN: Final = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
"""The pattern of a request token."""


def without(*plugins: str) -> list[str]:
    """Return the arguments of a run that leave these plugins out: what they import takes longer than the run itself."""
    return [argument for name in plugins for argument in ("-p", f"no:{name}")]


OTHERS: Final = [entry.name for entry in entry_points(group="pytest11") if entry.name != "pytest_cloudcontrol"]
"""Every installed plugin but this one."""
