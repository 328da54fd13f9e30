"""Java's regular expressions, translated: every verdict in the tables is one that Java 17 gave."""

from __future__ import annotations

import re
import sys
import unicodedata
import warnings
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cloudcontrol.schemas.patterns import python_pattern, with_python_patterns
from pytest_cloudcontrol.schemas.patterns.characters import characters, complement, difference, intersection, union
from pytest_cloudcontrol.schemas.patterns.classes import python_class

if TYPE_CHECKING:
    from pytest_cloudcontrol.documents import JSONObject
    from pytest_cloudcontrol.schemas.patterns.characters import Characters


class Case(NamedTuple):
    """A pattern of Java's, texts in which it finds a match, and texts in which it finds none."""

    pattern: str
    found: tuple[str, ...]
    not_found: tuple[str, ...]


def check(case: Case) -> None:
    """Check that the translated pattern gives the verdicts of a case."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        search = re.compile(python_pattern(case.pattern), re.ASCII).search
    assert [text for text in case.found if search(text)] == list(case.found)
    assert [text for text in case.not_found if search(text)] == []


# Verdicts

CASES = [
    # Plain characters, alternatives, repetitions
    Case("", ("", "a"), ()),
    Case("abc", ("abc", "xabcx"), ("ab", "ABC")),
    Case("a|bc|", ("a", "", "x"), ()),
    Case("^a|b$", ("ax", "xb"), ("xa", "bx")),
    Case(r"^a\/b\-c\_d\:e\é$", ("a/b-c_d:eé",), (r"a\/b-c_d:eé",)),
    Case("]}", ("]}",), ("]",)),
    Case("a{2}", ("aa", "baab"), ("a",)),
    Case("^(ab){1,2}$", ("ab", "abab"), ("", "ababab")),
    Case("^a{2}{3}$", ("aa",), ("aaa", "aaaaaa")),
    Case("^[ab]*{1,9}$", ("", "abab"), ("c",)),
    Case("^({2}a)$", ("a",), ("", "aa")),
    Case("^*a", ("a", "ba"), ("b",)),
    Case("a(b)${1,128}", ("ab", "ab\n"), ("abc",)),
    Case(r"^\Qa.b*\E+$", ("a.b*", "a.b***"), ("aab", "a.bb")),
    Case(r"^a\Q1\[(\E[\Q^]\E]$", (r"a1\[(^", r"a1\[(]"), ("a1", r"a1\[(\\")),
    Case(r"^\Q.", (".",), ("a",)),
    # The beginning and the end
    Case("a$", ("a", "a\n", "a\r\n", "a\r", "a\x85", "a\u2028", "a\u2029"), ("a\n\n", "a\n\r", "a\x0b", "a\x0c", "ab")),
    Case("a\r$", ("a\r", "a\r\r"), ("a\r\n",)),
    Case("^[^b]+$", ("a", "a\n\n", "\r\n"), ("ab", "")),
    Case("^$", ("", "\n", "\r\n"), ("\n\n", "a")),
    Case(r"a\Z", ("a", "a\r\n", "a\u2029"), ("a\r\r",)),
    Case(r"a\z", ("a",), ("a\n", "a\r\n")),
    Case(r"\Aa", ("ab",), ("ba", "\na")),
    Case(r"\Ga", ("ab",), ("ba",)),
    Case("(?m)^b$", ("b", "a\nb", "a\r\nb\u2028c"), ("ab", "a\x0bb")),
    Case("(?m)^$", ("\na", "a\r\n\r\nb"), ("", "a\n")),
    Case("(?m)a$", ("a\rb", "ba\nc", "a"), ("ab\n",)),
    # Any character
    Case("^.$", ("a", "\x0b", "\x0c", "\x1c", "é", "😀", "a\n"), ("\n", "\r", "\x85", "\u2028", "\u2029", "ab")),
    Case("(?s)^.{2}$", ("\r\n", "😀\n", "a\u2028"), ("a",)),
    Case("^(?s).(?-s).$", ("\na",), ("a\nb", "\n\r")),
    Case(r"^\R$", ("\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\n\n"), ("\n\n\n", "\x1c")),
    Case(r"^\R{2}a", ("\n\na", "\r\r\na"), ("\r\na",)),
    Case(r"^\h\v\H\V$", (" \nab", "\u3000\x85ab", "\u180e\u2029ab"), ("\n ab", "\u2028\nab")),
    # What is of ASCII only
    Case(r"^\w$", ("a", "Z", "0", "_"), ("é", "ß", "日", "\uff10", "-")),
    Case(r"^\d$", ("0", "9"), ("\u0663", "\uff11", "²")),
    Case(r"^\s$", (" ", "\t", "\n", "\x0b", "\x0c", "\r"), ("\x1c", "\x85", "\xa0", "\u2003")),
    Case(r"^\W\D\S$", ("éé\xa0", "-a\x1c"), ("aaa", "-0a")),
    Case("(?i)^é[a-c]K$", ("éCk", "éaK"), ("ÉcK", "éc\u212a")),
    Case(r"^(?i)\p{Lower}\p{Lu}\u0061$", ("AaA", "zéa"), ("Éaa", "a1a")),
    Case("^a(?i)b|c$", ("aB", "xC"), ("AB", "x")),
    Case("^(a(?i)b)c$", ("aBc",), ("aBC", "Abc")),
    Case("^(?i:a)b(?i-s:c)$", ("Abc", "abC"), ("aBc",)),
    Case(r"(?i)^(ab|c)\1$", ("abAB", "Cc"), ("abc",)),
    # Characters by number and by name
    Case(r"^\x41\u0042\0103\x{1F600}$", ("ABC😀",), ("ABC",)),
    Case(r"^\t\n\r\f\a\e\cA\x00\07\0177$", ("\t\n\r\x0c\x07\x1b\x01\0\x07\x7f",), ("tnrfae",)),
    Case(r"^\uD83D\uDE00$", ("😀",), ("\ufffd",)),
    Case(r"^[\uD83D\uDE00-\uD83D\uDE02]$", ("😀", "😁"), ("😃", "a")),
    Case(r"^[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*$", ("a\t😀\ufffd", ""), ("a\x0bb", "\uffff")),
    Case(r"^[\u10000-\u10FFFF]$", ("\u1000", "0", "F", "\u10ff"), ("\u1100", "😀")),
    Case(r"^[\uD800-\uDFFF]$", (), ("a", "😀")),
    Case(r"^\N{DIGIT ONE}[\N{LATIN SMALL LETTER A}-c]$", ("1b",), ("1d",)),
    # Classes
    Case("^[a-c-e]$", ("b", "-", "e"), ("d",)),
    Case(r"^[\w-.]$", ("a", "-", "."), ("~",)),
    Case(r"^[\w-\.\+]+$", ("a-.+",), ("~",)),
    Case("^[]a]$", ("]", "a"), ("b",)),
    Case("^[^]a]$", ("b",), ("]", "a")),
    Case("^[a^]$", ("^", "a"), ("b",)),
    Case("^[^-a]$", ("b", "\n"), ("-", "a")),
    Case("^[&~|a-]$", ("&", "~", "|", "-"), ("b",)),
    Case("^[!--/]$", ("!", "-", "/"), (".",)),
    Case("^[a-c[x-z]]$", ("b", "y"), ("d", "[")),
    Case("^[a-[c]]$", ("a", "-", "c"), ("b",)),
    Case("^[^a-c[x-z]]$", ("d", "["), ("b", "y")),
    Case("^[a-z&&[^aeiou]]$", ("b", "z"), ("a", "B", "&")),
    Case("^[a-z&&b-d&&c-f]$", ("c", "d"), ("b", "e")),
    Case("^[a-d&&[ab][cx]]$", ("a", "c"), ("d", "x")),
    Case("^[&&a[bc]]$", ("a", "c"), ("&",)),
    Case("^[ab&&]$", ("a", "b"), ("&",)),
    Case(r"^[\wa-f&&[b-z]d]$", ("d",), ("a", "é")),
    Case(r"^[^\d&&[5-9a-z]]$", ("0", "a", "x"), ("5", "9")),
    Case(r"^[\p{L}&&\p{ASCII}]$", ("a", "Z"), ("é", "1")),
    Case("^[a&&[^a]]|b$", ("b",), ("a",)),
    Case(r"^[\v-\r]$", ("\x0b", "\x0c", "\r"), ("\n", "\x85")),
    Case(r"^[\n-\v]$", ("\n", "\x0b"), ("\x0c",)),
    Case(r"^[\v]$", ("\x0b", "\x85"), ("v",)),
    # Properties
    Case(r"^\p{L}\pN\P{L}$", ("é٣-", "日½ "), ("1aa", "aaa")),
    Case(
        r"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$",
        ("Größe 1", "名前=値", "a\u3000b", "Ⅷ½²", ""),
        ("a,b", "a\tb", "e\u0301", "😀"),
    ),
    Case(r"^[^\p{C}]+$", ("a b😀e\u0301",), ("a\tb", "\u200b", "\ue000", "\u0378", "")),
    Case(r"^[\p{L}||\p{M}||\p{Z}||\p{S}||\p{N}||\p{P}]+$", ("a|b😀 é\u0301", "\u2010§"), ("\t", "\u200b", "\ue000")),
    Case("^[\\P{C}\r\n\t]+$", ("a\tb\r\n", "😀"), ("\x0b", "\x7f")),
    Case(r"^\p{Alpha}\p{Digit}\p{Punct}\p{Space}\p{XDigit}$", ("a1~\x0bF",), ("é1~ F", "a1a F", "a1~ g")),
    Case(r"^\p{Print}\p{Graph}\p{Cntrl}\p{Blank}\p{Alnum}$", (" !\x7f\tz",), ("  \x7f\tz", " !\x80\tz")),
    Case(r"^\p{IsL}\p{IsLu}\p{gc=Nd}\p{general_category=Sc}$", ("éÉ٣€",), ("ééé€", "éÉ½€")),
    Case(
        r"^\p{IsDigit}\p{IsWhite_Space}\p{IsLetter}\p{IsPunctuation}$",
        ("٣\x85é\u2010",),
        ("½\x85é\u2010", "٣\x1cé\u2010"),
    ),
    Case(r"^\p{LC}\p{LD}\p{L1}\p{all}\p{IsAssigned}$", ("aé\xff😀a", "Ǆ٣a\u0378a"), ("ªaaaa", "aaaa\u0378")),
    Case(r"^[\p{Lu}\p{Lt}]\p{Mn}\p{So}\p{Zs}$", ("A\u0301😀\u3000", "ǅ\u0301© "), ("a\u0301😀 ",)),
    Case(r"[^\p{L}\p{N}]", ("é-",), ("é1", "")),
    # Groups
    Case(r"^(?<year>\d{4})-\k<year>$", ("2026-2026",), ("2026-2027",)),
    Case(r"^(a)(b)?\2$", ("abb",), ("a", "ab")),
    Case(r"^(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\10\11$", ("abcdefghijja1",), ("abcdefghijj1",)),
    Case("^(?=.*b)a(?!c)", ("ab",), ("ac", "aac")),
    Case("(?<=a|bc)d", ("ad", "bcd"), ("cd", "d")),
    Case("(?<!a|bc)d", ("cd", "d"), ("ad", "bcd")),
    Case("(?<=ab{1,3})c", ("abc", "abbbc"), ("abbbbc", "ac")),
    Case("(?<=(?:x|yy)z)c", ("xzc", "yyzc"), ("yzc",)),
    Case(r"^(a)[bc]+(?<=(?:b|cc))\1$", ("aba", "acca"), ("aca", "abb")),
    Case("(?<=^|-)a", ("a", "b-a"), ("ba",)),
    Case("(?<!-)$", ("a",), ("-",)),
    Case("^(?>a|ab)c$", ("ac",), ("abc",)),
    Case("^(?>a*)b$", ("aab", "b"), ("aac",)),
    Case("^(?:^a)*(?=b)?b$", ("ab", "b"), ("aab",)),
    # Lazy and possessive repetitions
    Case("^a*+a$", (), ("aa", "a")),
    Case("^a?+a$", ("aa",), ("a",)),
    Case("^a{1,2}+a$", ("aaa",), ("aa",)),
    Case("^(?:ab?)++b$", (), ("ab", "aab")),
    Case("^(?:a+){2}+$", (), ("aaaa",)),
    Case("^(?:a|ab)?+c$", ("ac", "c"), ("abc",)),
    Case("^a+?b??c*?$", ("aab", "a", "acc"), ("b", "")),
    # What is simplified
    Case(r"^(\w|\d|-|\.:)*$", ("", "a-1.:b"), ("a.b", "é")),
    Case("^(([0-9]|.|:|/)*)$", ("a:1/", "", "\n"), ("\n\n",)),
    Case("^((a+)?)+b(c?){2}$", ("b", "aabcc"), ("ac", "bccc")),
    Case("^(ab*){2,}$", ("aa", "abab"), ("ab", "")),
    Case("^(a[ab]*){1,3}$", ("a", "abaab"), ("ba", "")),
    Case("^[ab]+[a-c]{2,}[b]+$", ("aaab", "abcb"), ("acb", "aab", "aaac")),
    Case("^arn:.*:.*:.+$", ("arn:::a", "arn:a:b:c:d"), ("arn::a", "arn:::", "arn:\n:a")),
    Case("^a.*role/.*b", ("arole/b", "a/role/role/cb"), ("arole", "a\nrole/b", "role/ab")),
    Case("^.+..+$", ("abc", "abcd"), ("ab", "a\nbc")),
    Case(".*[0-9]+x|(?:ab)+c", ("1x", "aa9x", "abc"), ("x", "ac")),
    Case("[a-z]{2,}$|^(x|[^a-z]+$)", ("ab", "1ab\n", "xa", "1", "1\n"), ("1a", "A\na")),
    # More of what AWS's schemas have
    Case("^(?!(?i)aws)[A-Za-z0-9]{2,64}$", ("Amazon",), ("AWS", "awsome")),
    Case(r"^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]*$", ("name", "AWS:x"), ("aws:x",)),
    Case(r"^([\w!$&()*+,./:;=?@\x{60}-]|%([\dA-Fa-f]{2}|[\dA-Fa-f]?\*))+$", ("`a%20%*",), ("%2g",)),
    Case(r"((25[0-5]|(2[0-4]|1\d|[1-9]|)\d)\.?\b){4}", ("10.0.0.1", "1.2.3.4.5"), ("1.2.3", "a.b.c.d")),
    Case(r"\b([0-9]|[0-9][0-9])\b", ("5", "a 42.", "x-7"), ("123", "a5", "é5", "")),
    Case(r"\B", ("", "ab", "-"), ("a",)),
    Case(
        "^arn:.*:kms:.*:.*:(?:key/.*|alias/.*)$", ("arn:aws:kms:eu:1:key/x", "arn::kms:::alias/"), ("arn:kms:::key/",)
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.pattern)
def test_verdicts(case: Case) -> None:
    """A translated pattern finds a match where Java does, and nowhere else."""
    check(case)


# What is left as it is, and what is made simpler


PLAIN = st.characters(codec="utf-8", exclude_characters="\\^$.|?*+()[]{}\xa0", exclude_categories=["Cc", "Zl", "Zp"])


@given(st.text(PLAIN))
def test_plain_text_stays(text: str) -> None:
    """A pattern without anything special in it is left as it is."""
    assert python_pattern(text) == text


@pytest.mark.parametrize(
    ("java", "python"),
    [
        (r"^arn:aws:s3:::[\w-.]+\/\*", r"^arn:aws:s3:::[\w\-.]+/\*"),
        (r"^(\d|[a-z])*(?<name>x)", "^[0-9a-z]*x"),
        (r"[\p{L}\p{N}_.-]x", r"(?=)(?u:[\w\-.])x"),
        ("^[a-z]+$", r"^[a-z]++(?=(?:\r\n?|(?<!\r)\n|[\x85\u2028\u2029])?\Z)"),
    ],
)
def test_spelling(java: str, python: str) -> None:
    """A class is written shortly, a group only where it is needed; an end is spelt out."""
    assert python_pattern(java) == python


# Sets of characters

POINTS = st.integers(0, 0x10FFFF).filter(lambda point: not 0xD800 <= point <= 0xDFFF)
NEAR = st.sampled_from([0, 0x2D, 0x30, 0x41, 0x5B, 0x5E, 0x61, 0x7E, 0x85, 0xE9, 0xD7FF, 0xE000, 0xFFFF, 0x10FFFF])
SETS = st.lists(st.tuples(NEAR | POINTS, NEAR | POINTS).map(lambda ends: (min(ends), max(ends)))).map(
    lambda ranges: characters(*ranges)
)


def members(of: Characters, points: list[int]) -> list[bool]:
    """Tell of each code point whether a set holds it."""
    return [any(first <= point <= last for first, last in of) for point in points]


@given(SETS, SETS, st.lists(NEAR | POINTS))
def test_algebra(left: Characters, right: Characters, points: list[int]) -> None:
    """Sets are joined, intersected, subtracted and complemented as sets are."""
    in_left, in_right = members(left, points), members(right, points)
    both = list(zip(in_left, in_right, strict=True))
    assert members(union(left, right), points) == [one or other for one, other in both]
    assert members(intersection(left, right), points) == [one and other for one, other in both]
    assert members(difference(left, right), points) == [one and not other for one, other in both]
    assert members(complement(left), points) == [not one for one in in_left]
    assert complement(complement(left)) == left


@given(SETS, st.lists(NEAR | POINTS))
def test_classes(of: Characters, points: list[int]) -> None:
    """A class matches one character of its set and no other."""
    match = re.compile(python_class(of), re.ASCII).fullmatch
    assert [match(chr(point)) is not None for point in points] == members(of, points)


@pytest.fixture(scope="module")
def by_category() -> dict[str, str]:
    """All characters there are, by the first letter of their category; halves of characters are none."""
    found: dict[str, list[str]] = {}
    for char in map(chr, range(sys.maxunicode + 1)):
        if (category := unicodedata.category(char)) != "Cs":
            found.setdefault(category[0], []).append(char)
    return {category: "".join(characters_of_it) for category, characters_of_it in found.items()}


@pytest.mark.parametrize(
    ("java", "categories"),
    [
        (r"\p{L}", "L"),
        (r"\P{L}", "MNPSZC"),
        (r"[\p{L}\p{Z}\p{N}]", "LZN"),
        (r"[^\p{L}\p{N}]", "MPSZC"),
        (r"\P{C}", "LMNPSZ"),
        (r"[\p{L}\p{M}\p{S}\p{N}\p{P}]", "LMSNP"),
        (r"\p{C}", "C"),
    ],
)
def test_categories(java: str, categories: str, by_category: dict[str, str]) -> None:
    """A category holds the characters that Python's Unicode puts into it, however the class is written."""
    one = re.compile(python_pattern(java), re.ASCII)
    only = re.compile(f"(?:{python_pattern(java)})*", re.ASCII)
    assert {category for category, text in by_category.items() if only.fullmatch(text)} == set(categories)
    assert {category for category, text in by_category.items() if one.search(text)} == set(categories)


# What cannot be translated

INVALID = [
    ("(a", "a group without its ) at position 2"),
    ("a)", "a ) that closes nothing at position 1"),
    ("(?<a", "the unknown kind of group (?<a at position 0"),
    ("(?P<n>a)", "the unknown kind of group (?P< at position 0"),
    ("(?<n>a)(?<n>b)", "a second group named n at position 7"),
    ("(?y)a", "the unknown flag y at position 0"),
    ("*a", "a * that repeats nothing at position 0"),
    ("a**", "a * that repeats nothing at position 2"),
    ("a|+", "a + that repeats nothing at position 2"),
    ("a{,5}", "a { that begins no {n}, {n,} or {n,m} at position 1"),
    ("{", "a { that begins no {n}, {n,} or {n,m} at position 0"),
    ("a{3,1}", "the wrong range {3,1} at position 1"),
    ("a{2147483648}", "the wrong range {2147483648} at position 1"),
    ("[a", "a class without its ] at position 2"),
    ("[]", "a class without its ] at position 2"),
    ("[a-", "a class without its ] at position 3"),
    ("[z-a]", "a range whose end comes before its start at position 4"),
    ("[&&]", "a && between nothing at position 3"),
    (r"[\b]", r"the unknown escape sequence \b at position 2"),
    (r"[a-\d]", r"the unknown escape sequence \d at position 4"),
    (r"\i", r"the unknown escape sequence \i at position 1"),
    (r"\x4", r"the unknown escape sequence \x at position 1"),
    (r"\x{110000}", r"the unknown escape sequence \x at position 1"),
    (r"\u12", r"the unknown escape sequence \u at position 1"),
    (r"\08", r"the unknown escape sequence \0 at position 1"),
    (r"\N{NO SUCH NAME}", r"the unknown escape sequence \N at position 1"),
    (r"\E", r"the unknown escape sequence \E at position 1"),
    ("a\\", "the unknown escape sequence \\ at position 2"),
    (r"\p{}", "a property without its name at position 1"),
    (r"(?<=(a)\1)b", "a look-behind whose lengths cannot be counted, which Python's re cannot try"),
    (r"\k<n>", "a reference to the unknown group n at position 1"),
]
"""Patterns that Java doesn't compile either."""

UNTRIED = [
    ("(?<=a*)b", "a look-behind whose lengths cannot be counted, which Python's re cannot try"),
    (r"\X", "a grapheme cluster at position 1, which Python's re cannot try"),
    (r"\b{g}", "a grapheme cluster at position 1, which Python's re cannot try"),
    ("(?x)a b", "the flag x at position 0, which Python's re cannot try"),
    ("(?iu:é)", "the flag u at position 0, which Python's re cannot try"),
    (r"\p{IsGreek}", "the property IsGreek at position 1, which Python's re cannot try"),
    (r"\p{IsAlphabetic}", "the property IsAlphabetic at position 1, which Python's re cannot try"),
    (r"(a)\2", "a reference to group 2 before its end at position 5, which Python's re cannot try"),
    (r"(a\1)", "a reference to group 1 before its end at position 4, which Python's re cannot try"),
    (
        r"(?<!(?=(z)\1))a",
        "what Python's re cannot try (cannot refer to group defined in the same lookbehind subpattern at position 15)",
    ),
    ("(?<=a{0,100})b", "a look-behind of too many lengths, which Python's re cannot try"),
    (r"(?<=(ab?))c\1", "a look-behind whose lengths cannot be counted, which Python's re cannot try"),
]
"""Patterns that Java compiles, but that aren't translated."""


@pytest.mark.parametrize(("java", "message"), INVALID + UNTRIED)
def test_refused(java: str, message: str) -> None:
    """What cannot be translated is refused with the reason and the place."""
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        python_pattern(java)


# Whole schemas

SHELF: JSONObject = {
    "typeName": "Test::Library::Shelf",
    "properties": {
        "pattern": {"type": "string", "pattern": r"^\/$", "default": {"pattern": r"\/"}},
        "patternProperties": {"patternProperties": {r"\-a": {"pattern": r"\-b", "enum": [{"pattern": r"\-"}]}}},
        "Books": {"items": [{"oneOf": [{"pattern": r"\-"}]}], "const": {"pattern": r"\-"}},
    },
    "definitions": {"pattern": {"additionalProperties": {"pattern": r"\-"}}},
    "dependencies": {"pattern": ["Books"]},
    "primaryIdentifier": ["/properties/pattern"],
    "handlers": {
        "read": {"permissions": ["library:Read"]},
        "list": {"handlerSchema": {"properties": {"Room": {"pattern": r"\-"}}}},
    },
}


def test_schema() -> None:
    """Every pattern of a schema is translated, in a copy; what is only called so, and what is a value, stays."""
    before = repr(SHELF)
    assert with_python_patterns(SHELF) == {
        "typeName": "Test::Library::Shelf",
        "properties": {
            "pattern": {"type": "string", "pattern": python_pattern("^/$"), "default": {"pattern": r"\/"}},
            "patternProperties": {"patternProperties": {"-a": {"pattern": "-b", "enum": [{"pattern": r"\-"}]}}},
            "Books": {"items": [{"oneOf": [{"pattern": "-"}]}], "const": {"pattern": r"\-"}},
        },
        "definitions": {"pattern": {"additionalProperties": {"pattern": "-"}}},
        "dependencies": {"pattern": ["Books"]},
        "primaryIdentifier": ["/properties/pattern"],
        "handlers": {
            "read": {"permissions": ["library:Read"]},
            "list": {"handlerSchema": {"properties": {"Room": {"pattern": "-"}}}},
        },
    }
    assert repr(SHELF) == before


def test_names_that_become_the_same() -> None:
    """Of two patterns that differ in Java's spelling only, none is lost."""
    translated = with_python_patterns({"patternProperties": {"-": {"minLength": 1}, r"\-": {"maxLength": 2}}})
    assert translated == {"patternProperties": {"-": {"minLength": 1}, "-(?:)": {"maxLength": 2}}}


@pytest.mark.parametrize(
    ("schema", "found", "reason"),
    [
        (
            {"properties": {"a/b": {"items": {"pattern": "(a"}}}},
            '/properties/a~1b/items/pattern of the schema is "(a"',
            "a group without its ) at position 2",
        ),
        (
            {"anyOf": [{}, {"patternProperties": {"~(": {}}}]},
            '/anyOf/1/patternProperties/~0( of the schema is "~("',
            "a group without its ) at position 2",
        ),
        (
            {"handlers": {"list": {"handlerSchema": {"pattern": "(?x)"}}}},
            '/handlers/list/handlerSchema/pattern of the schema is "(?x)"',
            "the flag x at position 0, which Python's re cannot try",
        ),
    ],
    ids=["pattern", "name", "handler"],
)
def test_refused_schema(schema: JSONObject, found: str, reason: str) -> None:
    """A schema with a pattern that cannot be translated is refused with the pattern and its place."""
    message = f"{found}; expected a regular expression of Java ({reason})"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        with_python_patterns(schema)
