"""What a test gives as properties, a model, a state or a configuration: a copy of it, as JSON has it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pytest_cloudcontrol.arguments import OptionError
from pytest_cloudcontrol.documents import parse

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject


def json_object(value: object, name: str, expected: str = "a dict that can be written as JSON") -> JSONObject:
    """Return a copy of a dict, as JSON has it.

    Raises:
        OptionError: it is no dict, or can't be written as JSON.
    """
    try:
        copy = parse(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise OptionError(name, value, f"{expected} ({error})") from None
    if not isinstance(copy, dict):
        raise OptionError(name, value, expected)
    return copy
