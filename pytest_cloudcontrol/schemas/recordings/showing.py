"""Showing: what a type's facts add to a resource, take away from it, and write anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import copied
from pytest_cloudcontrol.schemas.recordings.conditions import fits
from pytest_cloudcontrol.schemas.recordings.forms import filled, names_in
from pytest_cloudcontrol.schemas.recordings.otherwise import shown_otherwise
from pytest_cloudcontrol.schemas.recordings.pairing import identity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_cloudcontrol.documents import JSONObject, JSONValue, PropertyPath
    from pytest_cloudcontrol.schemas.recordings.conditions import Declared
    from pytest_cloudcontrol.schemas.recordings.facts import Case, Filled, Part

_NOTHING: Final = "nothing if empty"


class Showing:
    """Applies facts to one resource.

    Args:
        fill: returns a value for a form and the path of the property that has it; it may look at the properties so far.
    """

    def __init__(self, fill: Callable[[str, PropertyPath], JSONValue]) -> None:
        self._fill = fill

    def apply(self, part: Part, model: JSONObject, declared: Declared, path: PropertyPath = ()) -> None:
        """Make an object in place what AWS would show of it.

        Args:
            part: what is known of it.
            model: its members so far: those declared, and what the schema alone adds.
            declared: what was declared.
            path: where it is.
        """
        for name, how in part.get("otherwise", {}).items():
            if name in declared.here and name in model:
                self._write_anew(model, (*path, name), how)
        self._add(part.get("shown", {}), model, declared, path)
        for name, condition in part.get("hidden", {}).items():
            if name not in declared.here and fits(condition, declared):
                model.pop(name, None)
        for name, inside in part.get("inside", {}).items():
            self._apply_inside(inside, model.get(name), _given(part, name, declared), declared, (*path, name))
        for name in part.get("shown", {}).keys() & declared.here.keys() - part.get("inside", {}).keys():
            self._complete(model.get(name), _first_that_fits(part["shown"][name], declared), (*path, name))
        for name, further in part.get("filled", {}).items():
            items = model.get(name)
            if isinstance(items, list) and isinstance(_given(part, name, declared), list):
                self._fill_up(items, further, declared, (*path, name))

    def _write_anew(self, model: JSONObject, path: PropertyPath, how: JSONObject) -> None:
        name = path[-1]
        if how.get("way") == _NOTHING:
            if model[name] in ([], {}, ""):
                del model[name]
            return
        model[name] = copied(shown_otherwise(how, model[name], lambda form: str(self._fill(form, path))))

    def _add(self, shown: dict[str, list[Case]], model: JSONObject, declared: Declared, path: PropertyPath) -> None:
        pending = {}
        for name, cases in shown.items():
            if name not in declared.here:
                form = _first_that_fits(cases, declared)
                if form is None:
                    model.pop(name, None)
                else:
                    pending[name] = form
        while pending:  # texts that speak of others come after these
            ready = [name for name, form in pending.items() if not (names_in(form) & pending.keys()) - {name}]
            for name in ready or list(pending):
                model[name] = filled(copied(pending.pop(name)), (*path, name), self._fill)

    def _complete(self, value: JSONValue, usual: JSONValue, path: PropertyPath) -> None:
        """Add to a declared object, of whose kind none was declared in any recording, what it has undeclared."""
        if isinstance(value, dict) and isinstance(usual, dict):
            for name, form in usual.items():
                if name in value:
                    self._complete(value[name], form, (*path, name))
                else:
                    value[name] = filled(copied(form), (*path, name), self._fill)

    def _apply_inside(
        self, inside: Part, value: JSONValue, given: JSONValue, declared: Declared, path: PropertyPath
    ) -> None:
        if isinstance(value, dict) and isinstance(given, dict):
            self.apply(inside, value, declared.inside(given), path)
        elif isinstance(value, list) and isinstance(given, list):
            for item, given_item in zip(value, given, strict=False):
                self._apply_inside(inside, item, given_item, declared, (*path, "*"))

    def _fill_up(self, items: list[JSONValue], further: Filled, declared: Declared, path: PropertyPath) -> None:
        there = {identity(item, further["by"]) for item in items}
        for cases in further["items"]:
            item = _first_that_fits(cases, declared)
            if item is not None and identity(item, further["by"]) not in there:
                items.append(filled(copied(item), (*path, "*"), self._fill))


def _given(part: Part, name: str, declared: Declared) -> JSONValue:
    """Return what was declared of a member; what is shown empty so far, if nothing was."""
    if name in declared.here:
        return declared.here[name]
    shown = _first_that_fits(part.get("shown", {}).get(name, ()), declared)
    return shown if shown in ({}, []) else None


def _first_that_fits(cases: Sequence[Case], declared: Declared) -> JSONValue:
    return next((shown for condition, shown in cases if fits(condition, declared)), None)
