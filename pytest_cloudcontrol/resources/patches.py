"""JSON patches (RFC 6902) as UpdateResource applies them: its two ways of writing a path, and its words for what fails.

The library ``jsonpatch`` makes the changes. What it is asked to do is checked here first, operation by operation: AWS
names the operation and the path at fault, and older versions of the library, which some packages pin, take ``true``
for ``1``, ``/01`` for ``/1``, ``~2`` for an escape, and a string for an array of its characters.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from pytest_cloudcontrol.documents import MOST_LEVELS, copied, copied_object, levels_of, parse, same

if TYPE_CHECKING:
    from jsonpatch import JsonPointer

    from pytest_cloudcontrol.documents import JSONObject, JSONValue

# RFC 6901 allows no leading zero. Nineteen digits and more index no array, and Python refuses to read very many.
_ARRAY_INDEX: Final = re.compile("0|[1-9][0-9]{0,17}")
_WRONG_ESCAPE: Final = re.compile("~(?![01])")

_LONGEST_SHOWN: Final = 200

_MOST_COPIED: Final = 262_144
"""How many values all copies of a patch may have together: as many as a desired state may have characters. A few copies
of copies would have more than any computer can hold. [choice]"""


class InvalidPatch(ValueError):
    """A text that is no JSON patch, or a patch that doesn't fit the document it is applied to."""


class PatchVerb(StrEnum):
    """What one operation of a patch does; the name of each is how AWS's error texts write it."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"
    MOVE = "move"
    COPY = "copy"
    TEST = "test"


_VERBS: Final = {verb.value: verb for verb in PatchVerb}


@dataclass(frozen=True, slots=True)
class PatchOperation:
    """One operation of a patch, checked.

    Attributes:
        verb: what it does.
        path: where.
        source: where ``move`` and ``copy`` take the value from (RFC 6902 calls it ``from``); the path for the others.
        value: the value of ``add``, ``replace`` and ``test``; None for the others.
    """

    verb: PatchVerb
    path: JsonPointer
    source: JsonPointer
    value: JSONValue = None


PatchDocument: TypeAlias = list[PatchOperation]
"""The operations of a patch, in the order they are applied."""


def parse_patch(text: str) -> PatchDocument:
    """Parse the text of a JSON patch, such as UpdateResource's PatchDocument.

    A path may leave out its first slash: ``RetentionInDays`` is ``/RetentionInDays``. Members that RFC 6902 doesn't
    define are ignored.

    Raises:
        InvalidPatch: the text is no JSON array of operations, each with the members that its ``op`` needs (C-6).
    """
    try:
        items = parse(text)
    except ValueError as error:
        raise InvalidPatch(
            f"The patch document {_shortened(text)!r} is no JSON: expected a JSON array of operations ({error})"
        ) from None
    try:
        if not isinstance(items, list):
            raise InvalidPatch(f"The patch document is {_shown(items)}: expected a JSON array of operations")
        return [_OperationReader(index, item).read() for index, item in enumerate(items)]
    except RecursionError:
        raise InvalidPatch("The patch document is nested too deeply") from None


def apply_patch(document: JSONObject, patch: PatchDocument) -> JSONObject:
    """Return the document that a patch makes of another one: all of its operations applied in order, or none (O-12).

    Neither the document nor the patch is changed, and the result shares nothing with either.

    Raises:
        InvalidPatch: an operation names what isn't there, a ``test`` finds another value, or the patch leaves
            something that is no JSON object.
    """
    try:
        patched: JSONValue = copied_object(document)
        copies = 0
        for operation in patch:
            if operation.verb is PatchVerb.COPY:
                copies += _count(patched, operation.source)
                if copies > _MOST_COPIED:
                    raise InvalidPatch(f"The patch document copies more than {_MOST_COPIED} values")
            patched = _apply_operation(patched, operation)
        is_too_deep = levels_of(patched) > MOST_LEVELS  # C-16
    except RecursionError:
        is_too_deep = True
    if is_too_deep:
        raise InvalidPatch("The patched document is nested too deeply")
    if not isinstance(patched, dict):
        raise InvalidPatch(f"The patched document is {_shown(patched)}: expected a JSON object")
    return patched


def _count(document: JSONValue, source: JsonPointer) -> int:
    """Return how many values a copy would make; none if there is nothing to copy, which is told later."""
    try:
        pending = [_value_at(document, source)]
    except _NoSuchPath:
        return 0
    count = 0
    while pending and count <= _MOST_COPIED:
        value = pending.pop()
        count += 1
        pending += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return count


def touched_properties(patch: PatchDocument) -> tuple[str, ...]:
    """Return the names of the top-level properties that a patch writes to, in the order it first does.

    ``move`` writes to where it takes the value from, then to where it puts it; ``test`` writes to nothing. Of an
    operation on the whole document only the properties that it names in its value are known.
    """
    names: dict[str, None] = {}
    for operation in patch:
        names.update(dict.fromkeys(_touched_by(operation)))
    return tuple(names)


def _touched_by(operation: PatchOperation) -> list[str]:
    if operation.verb is PatchVerb.TEST:
        return []
    if operation.verb is PatchVerb.MOVE:
        return [*operation.source.parts[:1], *operation.path.parts[:1]]
    if not operation.path.parts and isinstance(operation.value, dict):
        return list(operation.value)
    return operation.path.parts[:1]


@dataclass(frozen=True, slots=True)
class _OperationReader:
    """Checks one item of a patch document and makes an operation of it."""

    index: int
    item: JSONValue

    def read(self) -> PatchOperation:
        verb, path = self.verb(), self.pointer("path")
        match verb:
            case PatchVerb.ADD | PatchVerb.REPLACE | PatchVerb.TEST:
                return PatchOperation(verb, path, path, self.member("value"))
            case PatchVerb.MOVE | PatchVerb.COPY:
                return PatchOperation(verb, path, self.pointer("from"))
            case PatchVerb.REMOVE:
                return PatchOperation(verb, path, path)

    def verb(self) -> PatchVerb:
        op = self.member("op")
        if not isinstance(op, str) or op not in _VERBS:
            raise self.error(f"has the op {_shown(op)}, expected one of {', '.join(PatchVerb)}")
        return _VERBS[op]

    def pointer(self, name: str) -> JsonPointer:
        from jsonpatch import JsonPointer

        text = self.member(name)
        if not isinstance(text, str):
            raise self.error(f"has the {name} {_shown(text)}, expected a string")
        if _WRONG_ESCAPE.search(text):
            raise self.error(f"has the {name} {_shown(text)}, expected each ~ to begin ~0 or ~1")
        return JsonPointer(text if text.startswith("/") or not text else f"/{text}")  # O-15

    def member(self, name: str) -> JSONValue:
        if not isinstance(self.item, dict):
            raise self.error("is no JSON object")
        if name not in self.item:
            raise self.error(f"has no {name}")
        return self.item[name]

    def error(self, problem: str) -> InvalidPatch:
        return InvalidPatch(f"Operation {self.index} of the patch document {problem}: {_shown(self.item)}")


def _apply_operation(document: JSONValue, operation: PatchOperation) -> JSONValue:
    """Apply one operation, in place where possible, and return the document, which is another one at a new root."""
    try:
        match operation.verb:
            case PatchVerb.ADD | PatchVerb.REPLACE | PatchVerb.REMOVE as change:
                return _changed(document, change, operation.path, copied(operation.value))
            case PatchVerb.COPY:
                value = copied(_value_at(document, operation.source))
                return _changed(document, PatchVerb.ADD, operation.path, value)
            case PatchVerb.MOVE:
                return _moved(document, operation.source, operation.path)
            case PatchVerb.TEST:
                if not same(_value_at(document, operation.path), operation.value):
                    raise InvalidPatch("[TEST Operation] value mismatch")  # O-14
                return document
    except _NoSuchPath as missing:
        # The slash before the pointer's own one is AWS's (O-13).
        raise InvalidPatch(
            f"[{operation.verb.name} Operation] noSuchPath in source, path provided : /{missing.pointer.path}"
        ) from None


def _moved(document: JSONValue, source: JsonPointer, path: JsonPointer) -> JSONValue:
    """Move a value the way RFC 6902 explains it: remove it, then add it to what is left."""
    value = _value_at(document, source)
    if path == source:
        return document
    if path.contains(source):
        raise InvalidPatch(f"[MOVE Operation] {source.path!r} cannot be moved into itself, to {path.path!r}")
    return _changed(_changed(document, PatchVerb.REMOVE, source), PatchVerb.ADD, path, value)


def _changed(document: JSONValue, change: PatchVerb, path: JsonPointer, value: JSONValue = None) -> JSONValue:
    """Let the library add, remove or replace one value, once it is sure that the path leads there."""
    # Here, not at the top, so that a test run that patches nothing doesn't pay for the import.
    from jsonpatch import JsonPatch, JsonPatchException, JsonPointerException

    if not path.parts:
        return None if change is PatchVerb.REMOVE else value
    if change is PatchVerb.ADD:
        _check_addable(document, path)
    else:
        _value_at(document, path)
    operation = {"op": change.value, "path": path, "value": value}
    try:
        patched: JSONValue = JsonPatch([operation]).apply(document, in_place=True)
    except (JsonPatchException, JsonPointerException):
        raise _NoSuchPath(path) from None
    return patched


def _check_addable(document: JSONValue, path: JsonPointer) -> None:
    """Refuse a path whose parent isn't there, or is an array that the last part can't index."""
    parent = _value_at(document, path, parts=-1)
    last = path.parts[-1]
    if isinstance(parent, list):
        if last != "-" and not _ARRAY_INDEX.fullmatch(last):
            raise _NoSuchPath(path)
    elif not isinstance(parent, dict):
        raise _NoSuchPath(path)


def _value_at(document: JSONValue, pointer: JsonPointer, *, parts: int | None = None) -> JSONValue:
    """Return the value that a pointer, or so many of its parts, reaches."""
    for part in pointer.parts[:parts]:
        if isinstance(document, dict) and part in document:
            document = document[part]
        elif isinstance(document, list) and _ARRAY_INDEX.fullmatch(part) and int(part) < len(document):
            document = document[int(part)]
        else:
            raise _NoSuchPath(pointer)
    return document


class _NoSuchPath(LookupError):
    """A pointer that leads nowhere; which operation it belongs to is known further up."""

    def __init__(self, pointer: JsonPointer) -> None:
        super().__init__(pointer)
        self.pointer = pointer


def _shown(value: JSONValue) -> str:
    # Not documents.compact(): a number such as 1e400 must not keep an error from being shown.
    return _shortened(json.dumps(value))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
