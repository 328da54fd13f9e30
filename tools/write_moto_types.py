"""Write docs/moto-types.md: for each type that provision="moto" has in moto, the properties that moto keeps.

The page is made by a run: a resource of each of the tests' cases is created with all properties that the case has, and
read::

    python tools/write_moto_types.py

A test of the suite fails when the page isn't what this makes.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "moto"))

from every_case import EVERY_CASE  # noqa: E402  # which is where the path has just been made to lead

from pytest_cloudcontrol import CloudControl, MotoDropped, mock_cloudcontrol  # noqa: E402
from pytest_cloudcontrol.handlers.moto.kept import lost  # noqa: E402
from pytest_cloudcontrol.handlers.moto.table import moto_types  # noqa: E402
from pytest_cloudcontrol.schemas.catalog import Catalog  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from type_cases import TypeCase

    from pytest_cloudcontrol.schemas.resource_type import ResourceType

PAGE: Final = ROOT / "docs" / "moto-types.md"

INTRODUCTION: Final = """\
<!-- Written by tools/write_moto_types.py from a run; changes belong there. -->

# The types that are moto's

With [`provision="moto"`](how-to/use-with-moto.md) resources of these types are moto's own. For each:

- **kept** are the properties that moto keeps; those in brackets GetResource never shows.
- **not taken away again** are those of which an update can take nothing away: it is told as if they were lost.
- **lost** are those that moto doesn't keep. The warning `MotoDropped` names them where a test asks for one.

All other types are refused with UnsupportedActionException, or kept in memory with `provision="moto-or-memory"`.
"""


def page() -> str:
    """Return what the page is to be."""
    catalog = Catalog(None)
    return "\n".join(
        [INTRODUCTION, *(line for kept in moto_types() for line in _section(catalog.named(kept.type_name)))]
    )


def _section(resource_type: ResourceType) -> Iterator[str]:
    kept: dict[str, None] = {}
    for case in EVERY_CASE.values():
        if case.type_name == resource_type.type_name:
            kept |= dict.fromkeys(_kept(case, resource_type))
    [table] = [entry for entry in moto_types() if entry.type_name == resource_type.type_name]
    described = cast("dict[str, object]", resource_type.schema["properties"])
    settable = {name for name in described if (name,) not in resource_type.read_only}
    hidden = {path[0] for path in resource_type.write_only if len(path) == 1} & table.carried
    shown = [f"({name})" if name in hidden else name for name in sorted({*kept, *hidden})]
    yield f"## {resource_type.type_name}\n"
    yield f"- **kept:** {', '.join(shown)}"
    if table.lasting:
        yield f"- **not taken away again:** {', '.join(sorted(table.lasting))}"
    yield f"- **lost:** {', '.join(sorted(settable - kept.keys() - hidden)) or 'nothing'}\n"


def _kept(case: TypeCase, resource_type: ResourceType) -> list[str]:
    state: dict[str, Any] = {
        **case.least,
        **{name: first for name, (first, _) in case.properties.items()},
        **case.fixed,
    }
    with warnings.catch_warnings(), mock_cloudcontrol(provision="moto") as cloudcontrol:
        warnings.simplefilter("ignore", MotoDropped)
        case.prepare()
        state = {name: value() if callable(value) else value for name, value in state.items()}
        read = _created(cloudcontrol, case, state)
    gone = {path.partition("/")[0] for path in lost(state, read, resource_type.write_only)}
    return [name for name in state if name not in gone]


def _created(cloudcontrol: CloudControl, case: TypeCase, state: dict[str, Any]) -> dict[str, Any]:
    client = cloudcontrol.client()
    client.create_resource(TypeName=case.type_name, DesiredState=json.dumps(state))
    request = cloudcontrol.requests[-1].run()
    assert request.identifier is not None, request.status_message
    answer = client.get_resource(TypeName=case.type_name, Identifier=request.identifier)
    read: dict[str, Any] = json.loads(answer["ResourceDescription"]["Properties"])
    return read


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
