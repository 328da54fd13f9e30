"""The options of a mocked Cloud Control: their names, their defaults, what is valid, and how text becomes a value.

They come as Python values (from a marker or ``mock_cloudcontrol()``) or as text (from an ini file or the command line).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict

from pytest_cloudcontrol.arguments import OptionError, UnknownOption

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DEFAULT_SEED: Final = "cloudcontrol"
_END_YEAR: Final = 9980  # see clock.END


class OptionValues(TypedDict, total=False):
    """The options as keyword arguments of ``mock_cloudcontrol()`` and of the marker; see Options."""

    auto_advance: bool
    start: datetime | None
    seed: str | int | None
    region: str
    account_id: str
    max_steps: int
    list_page_size: int
    leave_nothing_running: bool
    schemas: Path | str | None


@dataclass(frozen=True, slots=True)
class Options:
    """How a mocked Cloud Control behaves.

    Attributes:
        auto_advance: whether waiting code moves the clock.
        start: where the clock starts; None: at the real time, cut to a whole millisecond.
        seed: what every token and made-up name is drawn from; the fixture's default is the test's id.
        region: the default region, and the environment's AWS_DEFAULT_REGION.
        account_id: the default account.
        max_steps: how many handler calls of one request ``run`` makes at most.
        list_page_size: how many resources ListResources returns in a page.
        leave_nothing_running: whether a request that still runs at the end fails the test.
        schemas: a folder or a zip of further resource type schemas; they win over the bundled ones.
    """

    auto_advance: bool = True
    start: datetime | None = None
    seed: str = _DEFAULT_SEED
    region: str = "us-east-1"
    account_id: str = "123456789012"
    max_steps: int = 1000
    list_page_size: int = 100
    leave_nothing_running: bool = False
    schemas: Path | None = None

    def merged(self, values: Mapping[str, object]) -> Options:
        """Return these options with some values changed.

        Raises:
            OptionError: there is no such option, or its value isn't valid.
        """
        checked: dict[str, object] = {}
        for name, value in values.items():
            check = _CHECKS.get(name)
            if check is None:
                raise UnknownOption(name, value, OPTION_NAMES)
            checked[name] = check(name, value)
        # replace() knows the fields' names only; their types were just checked.
        return replace(self, **checked) if checked else self  # type: ignore[arg-type]


OPTION_NAMES: Final = tuple(field.name for field in fields(Options))


def from_text(name: str, text: str, folder: Path) -> object:
    """Return the value that an option's text in an ini file or on the command line stands for.

    Args:
        name: the option.
        text: what was written.
        folder: what a relative path is relative to.

    Raises:
        OptionError: the text stands for no valid value of the option.
    """
    if name not in _CHECKS:
        raise UnknownOption(name, text, OPTION_NAMES)
    read = _READERS.get(name, str)
    try:
        value = read(text.strip())
        return _CHECKS[name](name, folder / value if isinstance(value, Path) else value)
    except ValueError:
        raise OptionError(name, text, _EXPECTED[name]) from None


_EXPECTED: Final[Mapping[str, str]] = {
    "auto_advance": "true or false",
    "start": "an aware datetime such as 2030-01-01T00:00:00+00:00",
    "seed": "a text or a whole number",
    "region": "a region's name such as eu-west-1",
    "account_id": "an account's twelve digits",
    "max_steps": "a whole number, at least 1",
    "list_page_size": "a whole number, at least 1",
    "leave_nothing_running": "true or false",
    "schemas": "the path of a folder of *.json schemas, or of a zip of them, which exists",
}


def _boolean(text: str) -> bool:
    words = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    if text.lower() not in words:
        raise ValueError(text)
    return words[text.lower()]


_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "auto_advance": _boolean,
    "start": datetime.fromisoformat,
    "max_steps": int,
    "list_page_size": int,
    "leave_nothing_running": _boolean,
    "schemas": Path,
}


def _check_boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise OptionError(name, value, _EXPECTED[name])
    return value


def _check_start(name: str, value: object) -> datetime | None:
    if value is not None and (not isinstance(value, datetime) or value.tzinfo is None or value.year >= _END_YEAR):
        raise OptionError(name, value, _EXPECTED[name])
    return value


def _check_seed(name: str, value: object) -> str:
    if value is None:
        return _DEFAULT_SEED
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise OptionError(name, value, _EXPECTED[name])
    return str(value)


def _check_count(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise OptionError(name, value, _EXPECTED[name])
    return value


def _check_text(pattern: str) -> Callable[[str, object], str]:
    fits = re.compile(pattern).fullmatch

    def check(name: str, value: object) -> str:
        if not isinstance(value, str) or not fits(value):
            raise OptionError(name, value, _EXPECTED[name])
        return value

    return check


def _check_path(name: str, value: object) -> Path | None:
    if value is None:
        return None
    if not isinstance(value, str | Path) or not str(value) or not Path(value).exists():
        raise OptionError(name, value, _EXPECTED[name])
    return Path(value).absolute()


_CHECKS: Final[Mapping[str, Callable[[str, object], object]]] = {
    "auto_advance": _check_boolean,
    "start": _check_start,
    "seed": _check_seed,
    "region": _check_text(r"[a-z]{2,}(-[a-z0-9]+)+"),
    "account_id": _check_text(r"[0-9]{12}"),
    "max_steps": _check_count,
    "list_page_size": _check_count,
    "leave_nothing_running": _check_boolean,
    "schemas": _check_path,
}
