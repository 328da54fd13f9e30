"""What inner tests do, and what their reports show of it."""

from __future__ import annotations

from typing import Final

CREATE: Final = """cloudcontrol_client.create_resource(
        TypeName="AWS::Logs::LogGroup", DesiredState='{"LogGroupName": "app"}')"""

TOKEN: Final = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
"""The pattern of a request token."""
