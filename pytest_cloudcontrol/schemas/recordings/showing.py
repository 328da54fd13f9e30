"""Showing: what a type's facts add to a resource, take away from it, and write anew.

The facts are gone through once for each type: what is always shown, and is the same for every resource, is told from
what hangs on what was declared or speaks of the resource.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from pytest_cloudcontrol.documents import copied
from pytest_cloudcontrol.schemas.recordings.conditions import fits
from pytest_cloudcontrol.schemas.recordings.forms import filled, has_forms, names_in
from pytest_cloudcontrol.schemas.recordings.otherwise import shown_otherwise
from pytest_cloudcontrol.schemas.recordings.pairing import identity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_cloudcontrol.documents import JSONObject, JSONValue, PropertyPath
    from pytest_cloudcontrol.schemas.recordings.conditions import Declared
    from pytest_cloudcontrol.schemas.recordings.facts import Case, Condition, Filled, Part

    Fill: TypeAlias = Callable[[str, PropertyPath], JSONValue]
    """Returns a value for a form and the path of the property that has it; it may look at the properties so far."""

_NOTHING: Final = "nothing if empty"


class _Shown(NamedTuple):
    """What is shown in a case.

    Attributes:
        condition: when it is.
        form: a value, in which texts may be forms.
        speaks_of: the members whose values these forms have in them.
    """

    condition: Condition
    form: JSONValue
    speaks_of: frozenset[str]


class Showing:
    """Applies what is known of one object, or of each item of a list.

    Args:
        part: what is known.
        rank: returns when a member is made up, of several: those of lower ranks may be spoken of by the others.
    """

    def __init__(self, part: Part, rank: Callable[[str], int]) -> None:
        shown = part.get("shown", {})
        self._always = {name: cases[0][1] for name, cases in shown.items() if _is_constant(cases)}
        self._cases = {
            name: [_Shown(condition, form, frozenset(names_in(form)) - {name}) for condition, form in cases]
            for name, cases in sorted(shown.items(), key=lambda item: rank(item[0]))
            if name not in self._always
        }
        self._hidden = part.get("hidden", {})
        self._otherwise = part.get("otherwise", {})
        self._filled = part.get("filled", {})
        self._inside = {name: Showing(inside, rank) for name, inside in part.get("inside", {}).items()}

    def apply(self, model: JSONObject, declared: Declared, fill: Fill, path: PropertyPath = ()) -> None:
        """Make an object in place what AWS would show of it.

        Args:
            model: its members so far: those declared, and what the schema alone adds.
            declared: what was declared.
            fill: fills the forms.
            path: where it is.
        """
        here = declared.here
        for name, how in self._otherwise.items():
            if name in here and name in model:
                _write_anew(model, how, fill, (*path, name))
        for name, value in self._always.items():
            if name not in here:
                model[name] = copied(value)
        if self._cases:
            self._add(model, declared, fill, path)
        for name, condition in self._hidden.items():
            if name not in here and fits(condition, declared):
                model.pop(name, None)
        for name, inside in self._inside.items():
            inside.apply_inside(model.get(name), self._given(name, declared), declared, fill, (*path, name))
        for name in here:
            if name in model and name not in self._inside:
                _complete(model[name], self._usual(name, declared), fill, (*path, name))
        for name, further in self._filled.items():
            items = model.get(name)
            if isinstance(items, list) and isinstance(self._given(name, declared), list):
                _fill_up(items, further, declared, fill, (*path, name))

    def apply_inside(
        self, value: JSONValue, given: JSONValue, declared: Declared, fill: Fill, path: PropertyPath
    ) -> None:
        """Apply it to what is inside a member: an object, or the items of a list.

        Args:
            value: the member so far.
            given: what was declared of it.
            declared: what was declared around it.
            fill: fills the forms.
            path: where it is.
        """
        if isinstance(value, dict) and isinstance(given, dict):
            self.apply(value, declared.inside(given), fill, path)
        elif isinstance(value, list) and isinstance(given, list):
            for item, given_item in zip(value, given, strict=False):
                self.apply_inside(item, given_item, declared, fill, (*path, "*"))

    def _add(self, model: JSONObject, declared: Declared, fill: Fill, path: PropertyPath) -> None:
        pending: dict[str, _Shown] = {}
        for name, cases in self._cases.items():
            if name not in declared.here:
                found = next((case for case in cases if fits(case.condition, declared)), None)
                if found is None or found.form is None:
                    model.pop(name, None)
                else:
                    pending[name] = found
        while pending:  # texts that speak of others come after these
            ready = [name for name, shown in pending.items() if pending.keys().isdisjoint(shown.speaks_of)]
            for name in ready or list(pending):
                model[name] = filled(copied(pending.pop(name).form), (*path, name), fill)

    def _usual(self, name: str, declared: Declared) -> JSONValue:
        """Return the form of what is shown of a member that nobody declares."""
        if name in self._always:
            return self._always[name]
        cases = self._cases.get(name, ())
        return next((case.form for case in cases if fits(case.condition, declared)), None)

    def _given(self, name: str, declared: Declared) -> JSONValue:
        """Return what was declared of a member; what is shown empty so far, if nothing was."""
        if name in declared.here:
            return declared.here[name]
        shown = self._usual(name, declared)
        return shown if shown in ({}, []) else None


def _is_constant(cases: Sequence[Case]) -> bool:
    """Whether something is always shown, the same for every resource."""
    condition, form = cases[0]
    return condition is None and form is not None and not has_forms(form)


def _write_anew(model: JSONObject, how: JSONObject, fill: Fill, path: PropertyPath) -> None:
    """Write a declared member in the form in which it is shown."""
    name = path[-1]
    if how.get("way") == _NOTHING:
        if model[name] in ([], {}, ""):
            del model[name]
        return
    model[name] = copied(shown_otherwise(how, model[name], lambda form: str(fill(form, path))))


def _complete(value: JSONValue, usual: JSONValue, fill: Fill, path: PropertyPath) -> None:
    """Add to a declared object, of whose kind none was declared in any recording, what it has undeclared."""
    if isinstance(value, dict) and isinstance(usual, dict):
        for name, form in usual.items():
            if name in value:
                _complete(value[name], form, fill, (*path, name))
            else:
                value[name] = filled(copied(form), (*path, name), fill)


def _fill_up(items: list[JSONValue], further: Filled, declared: Declared, fill: Fill, path: PropertyPath) -> None:
    """Add the items to a list that nobody declared."""
    there = {identity(item, further["by"]) for item in items}
    for cases in further["items"]:
        item = next((shown for condition, shown in cases if fits(condition, declared)), None)
        if item is not None and identity(item, further["by"]) not in there:
            items.append(filled(copied(item), (*path, "*"), fill))
