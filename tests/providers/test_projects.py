"""Types from the folder of their project, and their configuration."""

from __future__ import annotations

import json
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from cloudformation_cli_python_lib.interface import Action, BaseModel
from cloudformation_cli_python_lib.resource import Resource
from notebooks import NOTEBOOK, SCHEMA, Notebook, Shelf, create, handler_of, succeeded

from pytest_cloudcontrol import OptionError, SchemaError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pytest_cloudcontrol import CloudControl, HandlerRequest

EXPECTED = (
    "expected the folder of a type's project, with a .rpdk-config whose typeName says which file has the schema, "
    "or with one *.json file"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Have the folder of a project, as ``cfn init`` makes it."""
    settings = {"artifact_type": "RESOURCE", "typeName": NOTEBOOK, "language": "python39", "settings": {}}
    (tmp_path / ".rpdk-config").write_text(json.dumps(settings), encoding="utf-8")
    (tmp_path / "acme-notes-notebook.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    (tmp_path / "overrides.json").write_text("{}", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("kind", [str, copy])
def test_the_schema_that_the_settings_name(cloudcontrol: CloudControl, project: Path, kind: Any) -> None:
    """The folder's .rpdk-config says which type it is, and so which file has the schema."""
    cloudcontrol.add_type(kind(project))

    assert create(cloudcontrol).run().status == "SUCCESS"


def test_the_only_schema(cloudcontrol: CloudControl, project: Path) -> None:
    """Without .rpdk-config the only JSON file is the schema."""
    (project / ".rpdk-config").unlink()
    (project / "overrides.json").unlink()

    cloudcontrol.add_type(project)

    assert create(cloudcontrol).run().status == "SUCCESS"


def test_several_files(cloudcontrol: CloudControl, project: Path) -> None:
    """A folder with several JSON files and no settings is refused."""
    (project / ".rpdk-config").unlink()

    with pytest.raises(SchemaError) as caught:
        cloudcontrol.add_type(project)

    there = "several *.json files (acme-notes-notebook.json, overrides.json)"
    assert str(caught.value) == f"{project} has {there}; {EXPECTED}"


def test_a_missing_schema(cloudcontrol: CloudControl, project: Path) -> None:
    """A folder without the file that its settings name is refused."""
    for path in project.glob("*.json"):
        path.unlink()

    with pytest.raises(SchemaError) as caught:
        cloudcontrol.add_type(project)

    missing = "no acme-notes-notebook.json, which .rpdk-config names, and no *.json file"
    assert str(caught.value) == f"{project} has {missing}; {EXPECTED}"


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ("{}", "has no typeName"),
        ("[]", "has no typeName"),
        ("{", "cannot be read as JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ],
)
def test_broken_settings(cloudcontrol: CloudControl, project: Path, settings: str, wrong: str) -> None:
    """Settings that say no type are refused."""
    (project / ".rpdk-config").write_text(settings, encoding="utf-8")

    with pytest.raises(SchemaError) as caught:
        cloudcontrol.add_type(project)

    assert str(caught.value) == f"{project / '.rpdk-config'} {wrong}; {EXPECTED}"


@pytest.mark.parametrize(
    ("kind", "type_name", "way_out"),
    [
        ("HOOK", "Acme::Rules::Names", "; add_hook takes the Hook of its handlers"),
        ("MODULE", "Acme::Notes::Shelf::MODULE", ""),
    ],
)
def test_a_project_of_another_kind(
    cloudcontrol: CloudControl, project: Path, kind: str, type_name: str, way_out: str
) -> None:
    """The folder of a hook's or a module's project is refused as such."""
    (project / ".rpdk-config").write_text(json.dumps({"artifact_type": kind, "typeName": type_name}), encoding="utf-8")

    with pytest.raises(SchemaError) as caught:
        cloudcontrol.add_type(project)

    wrong = f"is of the {kind} {type_name}, which is no resource type{way_out}"
    assert str(caught.value) == f"{project / '.rpdk-config'} {wrong}; {EXPECTED}"


CONFIGURED: dict[str, Any] = {
    **SCHEMA,
    "typeConfiguration": {
        "properties": {"Token": {"type": "string"}},
        "additionalProperties": False,
        "required": ["Token"],
    },
}


@dataclass
class TypeConfigurationModel(BaseModel):
    """The model of the type's configuration, as ``cfn generate`` writes it."""

    Token: str | None = None

    @classmethod
    def _deserialize(cls, json_data: Mapping[str, Any] | None) -> TypeConfigurationModel | None:
        return cls(**json_data) if json_data else None


@pytest.mark.parametrize("configuration", [{"Token": "secret"}, None])
def test_the_configuration_of_a_type(cloudcontrol: CloudControl, configuration: dict[str, str] | None) -> None:
    """A handler of AWS's library gets the type's configuration as its model, and None where there is none."""
    shelf = Shelf()
    shelf.resource = Resource(NOTEBOOK, Notebook, TypeConfigurationModel)
    shelf.resource.handler(Action.READ)(handler_of(shelf.read))
    seen: list[object] = []

    @shelf.resource.handler(Action.CREATE)
    def handler(_session: Any, request: Any, _context: Any) -> Any:
        seen.append(request.typeConfiguration)
        shelf.there["nb-1"] = Notebook(Id="nb-1")
        return succeeded(Notebook(Id="nb-1"))

    cloudcontrol.add_type(CONFIGURED, configuration=configuration)
    cloudcontrol.add_handler(NOTEBOOK, shelf.resource)

    create(cloudcontrol).run()
    assert seen == [configuration and TypeConfigurationModel(**configuration)]


def test_the_configuration_in_a_handler_of_ones_own(cloudcontrol: CloudControl) -> None:
    """A handler that the test has written sees it too."""
    seen: list[object] = []

    def make(request: HandlerRequest) -> None:
        seen.append(request.type_configuration)
        request.identifier = request.resources.put(NOTEBOOK, {"Id": "x", **request.desired_state})

    cloudcontrol.add_type(CONFIGURED, configuration={"Token": "secret"})
    cloudcontrol.add_handler(NOTEBOOK, create=make)
    create(cloudcontrol).run()

    assert seen == [{"Token": "secret"}]


@pytest.mark.parametrize(
    ("schema", "configuration", "expected"),
    [
        (SCHEMA, {"Token": "x"}, f"none: the schema of {NOTEBOOK} has no typeConfiguration"),
        (
            CONFIGURED,
            {"Tokn": "x"},
            (
                f"what fits the typeConfiguration of {NOTEBOOK} "
                "(#: required key [Token] not found; #: extraneous key [Tokn] is not permitted)"
            ),
        ),
        (CONFIGURED, [], "a dict that can be written as JSON"),
        (
            CONFIGURED,
            {"Token": {1}},
            "a dict that can be written as JSON (Object of type set is not JSON serializable)",
        ),
    ],
)
def test_a_configuration_that_does_not_fit(
    cloudcontrol: CloudControl, schema: dict[str, Any], configuration: Any, expected: str
) -> None:
    """A configuration that the schema's typeConfiguration refuses is refused."""
    with pytest.raises(OptionError) as caught:
        cloudcontrol.add_type(schema, configuration=configuration)

    assert str(caught.value) == f"configuration={configuration!r} is not valid: expected {expected}"
