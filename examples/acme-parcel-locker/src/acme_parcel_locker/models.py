"""The model of the type. ``cfn generate`` writes it from the schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cloudformation_cli_python_lib.interface import BaseModel

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class ResourceModel(BaseModel):
    """A locker."""

    LockerId: str | None
    Place: str | None
    Boxes: int | None
    Status: str | None

    @classmethod
    def _deserialize(cls, json_data: Mapping[str, Any] | None) -> ResourceModel | None:
        if not json_data:
            return None
        return cls(
            LockerId=json_data.get("LockerId"),
            Place=json_data.get("Place"),
            Boxes=json_data.get("Boxes"),
            Status=json_data.get("Status"),
        )
