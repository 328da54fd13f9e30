"""The options of a mocked Cloud Control: one row each, in Options, with its type, its default, its help and its kind.

They come as Python values (from a marker or ``mock_cloudcontrol()``) or as text (from an ini file or the command line).
What is valid, and how text becomes a value, follows from an option's kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypedDict

from pytest_cloudcontrol.arguments import OptionError, UnknownOption, text, true_or_false, whole_number
from pytest_cloudcontrol.clock import END

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_DEFAULT_SEED: Final = "cloudcontrol"


class Kind(NamedTuple):
    """A kind of option.

    Attributes:
        expected: how an error says what is valid.
        read: returns the value that a text stands for; ValueError if it stands for none.
        check: returns a Python value, given it and the option's name; ValueError if it isn't valid.
    """

    expected: str
    read: Callable[[str], object]
    check: Callable[[object, str], object]


def _boolean(written: str) -> bool:
    words = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    if written.lower() not in words:
        raise ValueError(written)
    return words[written.lower()]


def _start(value: object, name: str) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, datetime) or value.tzinfo is None or not _is_in_mock_time(value):
        raise ValueError(name)
    return value


def _is_in_mock_time(instant: datetime) -> bool:
    try:
        return instant.astimezone(UTC) < END
    except OverflowError:  # before the year 1, or after the year 9999
        return False


def _seed(value: object, name: str) -> str:
    if value is None:
        return _DEFAULT_SEED
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text(value, name)


def _fitting(pattern: str) -> Callable[[object, str], str]:
    fits = re.compile(pattern).fullmatch

    def check(value: object, name: str) -> str:
        if not fits(text(value, name)):
            raise ValueError(name)
        return str(value)

    return check


def _existing_path(value: object, name: str) -> Path | None:
    if value is None:
        return None
    if not isinstance(value, str | Path) or not str(value):
        raise ValueError(name)
    try:
        Path(value).stat()
    except OSError:  # it doesn't exist, or couldn't: its name is too long
        raise ValueError(name) from None
    return Path(value).absolute()


_SWITCH: Final = Kind("true or false", _boolean, true_or_false)
_COUNT: Final = Kind("a whole number, at least 1", int, whole_number)
_INSTANT: Final = Kind("an aware datetime such as 2030-01-01T00:00:00+00:00", datetime.fromisoformat, _start)
_SEED: Final = Kind("a text without lone surrogates, or a whole number", str, _seed)
_REGION: Final = Kind("a region's name such as eu-west-1", str, _fitting(r"[a-z]{2,}(-[a-z0-9]+)+"))
_ACCOUNT: Final = Kind("an account's twelve digits", str, _fitting(r"[0-9]{12}"))
PROVISIONS: Final = ("memory", "moto", "moto-or-memory")


def _provision(value: object, name: str) -> str:
    if value not in PROVISIONS:
        raise ValueError(name)
    return str(value)


_PROVISION: Final = Kind(" or ".join(map(repr, PROVISIONS)), str, _provision)


def _modules(value: object, name: str) -> tuple[str, ...]:
    names = (value,) if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(one, str) and _is_dotted(one) for one in names):
        raise ValueError(name)
    return tuple(map(str, names))


def _is_dotted(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def _words(written: str) -> list[str]:
    return written.replace(",", " ").split()


_MODULES: Final = Kind("a list of modules' names such as ['myapp.deploy']", _words, _modules)
_SOURCE: Final = Kind("the path of a folder of *.json schemas, or of a zip of them, which exists", Path, _existing_path)


class Row(NamedTuple):
    """What the table says of an option beside its name, its type and its default.

    Attributes:
        kind: what is valid, and how text is read.
        help: what the option is.
        unless_given: what counts without it, where that isn't just the default.
    """

    kind: Kind
    help: str
    unless_given: str | None = None


def _row(kind: Kind, help_text: str, unless_given: str | None = None) -> Mapping[str, Row]:
    return {"row": Row(kind, help_text, unless_given)}


@dataclass(frozen=True, slots=True)
class Options:
    """How a mocked Cloud Control behaves; the reference says what each option means."""

    auto_advance: bool = field(
        default=True, metadata=_row(_SWITCH, "whether waiting code moves the mock clock: true or false")
    )
    start: datetime | None = field(
        default=None,
        metadata=_row(_INSTANT, "where the mock clock starts: an aware ISO 8601 datetime", "now"),
    )
    seed: str = field(
        default=_DEFAULT_SEED,
        metadata=_row(_SEED, "what tokens and made-up names are drawn from", "the test's id"),
    )
    region: str = field(default="us-east-1", metadata=_row(_REGION, "the default region"))
    account_id: str = field(default="123456789012", metadata=_row(_ACCOUNT, "the default account"))
    max_steps: int = field(
        default=1000,
        metadata=_row(_COUNT, "how many handler calls one request gets at most, whatever moves the clock"),
    )
    max_idle_calls: int = field(
        default=5000,
        metadata=_row(_COUNT, "how many calls the code under test may make without any progress"),
    )
    real_signatures: bool = field(
        default=False,
        metadata=_row(_SWITCH, "whether calls are really signed, though nobody verifies it: true or false"),
    )
    list_page_size: int = field(
        default=100, metadata=_row(_COUNT, "how many resources ListResources returns in a page")
    )
    leave_nothing_running: bool = field(
        default=False,
        metadata=_row(_SWITCH, "whether a request still running at the end fails the test: true or false"),
    )
    schemas: Path | None = field(
        default=None, metadata=_row(_SOURCE, "a folder or a zip of further resource type schemas", "none")
    )
    provision: str = field(
        default="memory", metadata=_row(_PROVISION, "whose the resources are: memory, moto, or moto-or-memory")
    )
    patch_sleep: tuple[str, ...] = field(
        default=(),
        metadata=_row(_MODULES, "modules of yours that sleep on the mock clock, with commas between", "none"),
    )


class OptionValues(TypedDict, total=False):
    """The options as keyword arguments of ``mock_cloudcontrol()``: for type checkers, to which a table says nothing."""

    auto_advance: bool
    start: datetime | None
    seed: str | int | None
    region: str
    account_id: str
    max_steps: int
    max_idle_calls: int
    real_signatures: bool
    list_page_size: int
    leave_nothing_running: bool
    schemas: Path | str | None
    provision: str
    patch_sleep: Sequence[str]


_ROWS: Final[Mapping[str, Row]] = {option.name: option.metadata["row"] for option in fields(Options)}

HELP: Final[Mapping[str, str]] = {
    option.name: f"{row.help} (default: {row.unless_given or str(option.default).lower()})"
    for option, row in zip(fields(Options), _ROWS.values(), strict=True)
}
"""What each option is, in the words of ``pytest --help``."""


def merged(options: Options, values: Mapping[str, object]) -> Options:
    """Return options with some values changed.

    Raises:
        OptionError: there is no such option, or its value isn't valid.
    """
    checked = {name: _checked(name, value) for name, value in values.items()}
    # replace() knows the fields' names only; their types were just checked.
    return replace(options, **checked) if checked else options  # type: ignore[arg-type]


def from_text(name: str, written: str, folder: Path) -> object:
    """Return the value that an option's text in an ini file or on the command line stands for.

    Args:
        name: the option.
        written: its text.
        folder: what a relative path is relative to.

    Raises:
        OptionError: the text stands for no valid value of the option.
    """
    kind = _kind(name, written)
    try:
        value = kind.read(written.strip())
        return kind.check(folder / value if isinstance(value, Path) else value, name)
    except ValueError:
        raise OptionError(name, written, kind.expected) from None


def _checked(name: str, value: object) -> object:
    kind = _kind(name, value)
    try:
        return kind.check(value, name)
    except ValueError:
        raise OptionError(name, value, kind.expected) from None


def _kind(name: str, value: object) -> Kind:
    row = _ROWS.get(name)
    if row is None:
        raise UnknownOption(name, value, tuple(_ROWS))
    return row.kind
