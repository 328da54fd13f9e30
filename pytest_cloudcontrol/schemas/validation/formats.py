"""The two formats of AWS's schemas that the Java library checks: ``date-time`` and ``uri``. It passes all others.

A date-time is what Java's ``DateTimeFormatter`` takes for ``yyyy-MM-dd'T'HH:mm:ss``, a fraction and an offset: there is
a 31st of every month, and 24:00:00 is a time. A URI is what ``java.net.URI`` takes, with a scheme.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DATE_TIME: Final = re.compile(
    r"""
    (?: (?!0000) \d{4} | \+(?=\d{5,19}-)0*[1-9]\d{0,8} ) - (?: 0[1-9] | 1[0-2] ) - (?: 0[1-9] | [12]\d | 3[01] )
    T (?: (?: [01]\d | 2[0-3] ) : [0-5]\d : [0-5]\d (?: \.\d{1,9} )? | 24:00:00 (?: \.0{1,9} )? )
    (?: Z | [+-] (?: 0\d | 1[0-7] ) : [0-5]\d | [+-] 18:00 )
    """,
    re.ASCII | re.VERBOSE,
)

# Beyond ASCII everything is allowed but control characters and spaces.
_BEYOND_ASCII: Final = "[^\x00-\x9f\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
_UNRESERVED: Final = rf"[A-Za-z0-9_.!~*'()-]|%[0-9A-Fa-f]{{2}}|{_BEYOND_ASCII}"
_ANY: Final = rf"(?:{_UNRESERVED}|[;/?:@&=+$,\[\]])"
_IN_PATH: Final = rf"(?:{_UNRESERVED}|[:@&=+$,;/])"
_REGISTRY: Final = rf"(?:{_UNRESERVED}|[$,;:@&=+])+"
_SERVER: Final = rf"(?:(?:{_UNRESERVED}|[;:&=+$,])*@)?\[(?P<address>[0-9A-Fa-f:.]+)(?:%[A-Za-z0-9_.]+)?\](?::[0-9]*)?"
_URI: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:"
    rf"(?:(?://(?:{_REGISTRY}|{_SERVER})|//(?=[/?#])|(?=/(?!/)))(?:/{_IN_PATH}*)?(?:\?{_ANY}*)?|(?!/){_ANY}+)"
    rf"(?:\#{_ANY}*)?"
)


def _is_date_time(text: str) -> bool:
    return _DATE_TIME.fullmatch(text) is not None


def _is_uri(text: str) -> bool:
    found = _URI.fullmatch(text)
    return found is not None and (found["address"] is None or _is_address(found["address"]))


def _is_address(text: str) -> bool:
    from ipaddress import IPv6Address  # here, since hardly any URI has one

    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


FORMATS: Final[Mapping[str, Callable[[str], bool]]] = {"date-time": _is_date_time, "uri": _is_uri}  # V-10
