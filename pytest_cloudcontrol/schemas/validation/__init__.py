"""Checks a document against a resource type's schema, with the verdicts and in the words of AWS.

AWS validates with the Java library everit-org/json-schema, version 1.14.1, in its reading of draft-07, and clients see
that library's words. So this package does what the library does, which is not always what the draft says: ``1.0`` is
no integer, references count alone, patterns are Java's, and every part that a schema is taken apart into has a line of
its own in the answer.

No library for Python has these verdicts. Over AWS's 1,817 schemas as they are published, ``jsonschema`` accepts or
raises wrongly in 7 % of 14,396 documents, ``jsonschema-rs`` can't load 58 of the schemas, ``fastjsonschema`` 180; and
none has the words.

Of 900 documents that the Java library has judged, this package gives all 900 verdicts, and 894 of the texts byte for
byte. The other six have the same lines in another order: the library sorts the branches of a combination by hash
codes, some of which differ from run to run; here such branches stand as in the schema (V-8).

``compiler`` takes a schema apart; ``strings``, ``numbers``, ``arrays``, ``objects`` and ``combinations`` look at
values; ``failures`` has what they find, ``java`` what is owed to Java. Nothing here knows of resources: the package
needs JSON documents and translated patterns only.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from pytest_cloudcontrol.schemas.validation.compiler import Compiler

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject, JSONValue
    from pytest_cloudcontrol.schemas.validation.failures import Check

__all__ = ["Validator"]


class Validator:
    """Checks documents against one schema.

    Making one costs nothing; each part of the schema is made ready when the first document needs it. Validators may be
    used from several threads.

    Args:
        schema: the schema, its patterns translated to Python's. It is kept and must not be changed.
        root: the schema in which references are looked up, if that is another one.

    Example:
        >>> validator = Validator({"required": ["Name"], "properties": {"Name": {"type": "string"}}})
        >>> validator.violations({"Name": 1})
        ['#/Name: expected type: String, found: Integer']
        >>> validator.violations({"Name": "a"})
        []
    """

    def __init__(self, schema: JSONObject, root: JSONObject | None = None) -> None:
        self._schema = schema
        self._compiler = Compiler(schema if root is None else root)

    def violations(self, document: JSONValue) -> list[str]:
        """Return what is wrong with a document, a line each as AWS writes them; empty when it is valid."""
        failures = self._check(document)
        return [] if failures is None else [str(found) for found in failures]

    @functools.cached_property
    def _check(self) -> Check:
        return self._compiler.check(self._schema)
