r"""Patterns of AWS's that run away, and what stands for them (C-25).

Both are Java's, and match the same texts. The one on the left tries a text that it doesn't match in exponentially
many ways, the last few in so many that 4,096 characters take more than 0.1 s; the one on the right tries it in one
way, or in a few. Where the rules of ``simplification`` do that already, nothing is needed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_WORD_NOR_LINE_END: Final = r"[^\w\n\r\u0085\u2028\u2029]"

REPLACEMENTS: Final[Mapping[str, str]] = {
    # Blanks may be at both ends of a name, and in it: it is anything with one character at least that is no tab.
    r"^([ \t]*[\x20-\x7E]+([ \t]+[\x20-\x7E]+)*[ \t]*|\{%[\s\S]+?%\})$": (
        r"^(\t*[\x20-\x7E][\t\x20-\x7E]*|\{%[\s\S]+?%\})$"
    ),
    r"^[ \t]*[^\x00-\x1F\x7F]+([ \t]+[^\x00-\x1F\x7F]+)*[ \t]*$": r"^\t*[^\x00-\x1F\x7F][^\x00-\x08\x0A-\x1F\x7F]*$",
    # ".+:" takes as many colons as there are.
    r"^arn:(.+:){2,4}.+$|^arn:(.+:){1,3}.+\/.+$": r"^arn:.+:.+:.+$|^arn:.+:.+\/.+$",
    # Without the empty separator: letters and digits without a separator are one run of them.
    (
        r"^((\d{12}\.dkr\.ecr\.[a-z0-9-]+\.[a-z.]+)|public\.ecr\.aws/[a-z][a-z0-9]+([._-][a-z0-9]+)*)"
        r"/[a-z0-9]+((\.||__|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.||__|__|-+)[a-z0-9]+)*)*"
        r"(:[a-zA-Z0-9._-]+|@sha256:[a-f0-9]{64})?$"
    ): (
        r"^((\d{12}\.dkr\.ecr\.[a-z0-9-]+\.[a-z.]+)|public\.ecr\.aws/[a-z][a-z0-9]+([._-][a-z0-9]+)*)"
        r"/[a-z0-9]+((\.|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|__|-+)[a-z0-9]+)*)*"
        r"(:[a-zA-Z0-9._-]+|@sha256:[a-f0-9]{64})?$"
    ),
    # What stands between two runs is a separator only if it cannot be in a run.
    r"^[a-z0-9*](?:[._\-/a-z0-9*]?[a-z0-9*]+)*$": r"^[a-z0-9*]+(?:[._\-/][a-z0-9*]+)*$",
    # Names without a slash between them are one name.
    r"^([^:*\/]+\/?)*[^:*\/]+$": r"^([^:*\/]+\/)*[^:*\/]+$",
    # After the first slash there is anything, but a "~" only before a 0 or a 1.
    r"^[\/]+([^~]*(~[01])*)*{1,512}$": r"^\/[^~]*(~[01][^~]*)*$",
    # Between two runs of word characters there is one other character, or any third word character.
    r"^\$\{(\w+.)+\w+\}$": rf"^\$\{{(\w{{3,}}|(\w+{_NOT_WORD_NOR_LINE_END})+\w+)\}}$",
    # A new part must begin only at a character that no part can hold otherwise.
    (
        r"^arn:(aws|aws-cn|aws-iso|aws-iso-[a-z]{1}|aws-us-gov):iam::[0-9]{12}:role\/"
        r"(([^\/][\x21-\x7E]+\/){1,511})?[A-Za-z0-9_+=,.@-]{1,64}$"
    ): (
        r"^arn:(aws|aws-cn|aws-iso|aws-iso-[a-z]{1}|aws-us-gov):iam::[0-9]{12}:role\/"
        r"([^\/][\x21-\x7E]+\/([^\x21-\x7E][\x21-\x7E]+\/){0,510})?[A-Za-z0-9_+=,.@-]{1,64}$"
    ),
    # A run of several characters is as many parts as it needs to be three in all: so there must be three characters,
    # and no more runs than parts.
    r"^https://([.\-_a-zA-Z0-9]+/?){3,1016}$": (
        r"^https://(?=([.\-_a-zA-Z0-9]/?){3})([.\-_a-zA-Z0-9]+/){0,1015}[.\-_a-zA-Z0-9]+/?$"
    ),
    # As few parts as possible, always the same: two letters or digits, if there are two, else one with what stands
    # before it. A slash is in a part if there is another slash behind it.
    r"^https://[A-Za-z0-9]((.|-+)?[A-Za-z0-9]){0,252}/[a-z0-9](-?[a-z0-9]){2,62}$": (
        r"^https://[A-Za-z0-9](?>[A-Za-z0-9]{1,2}|-+[A-Za-z0-9]|[^A-Za-z0-9/\n\r\u0085\u2028\u2029][A-Za-z0-9]"
        r"|/(?=.*/)[A-Za-z0-9]){0,252}+/[a-z0-9](-?[a-z0-9]){2,62}$"
    ),
    # The first character of a part can be a letter or digit as well: then the parts can be divided anyhow.
    (
        r"^https://aps-workspaces.([a-z]{2}-[a-z-]{1,20}-[1-9]).amazonaws(.[0-9A-Za-z]{2,4})+"
        r"/workspaces/[-_.0-9A-Za-z]{1,100}/api/v1/remote_write$"
    ): (
        r"^https://aps-workspaces.([a-z]{2}-[a-z-]{1,20}-[1-9]).amazonaws"
        r"([0-9A-Za-z]{3,}|[^0-9A-Za-z\n\r\u0085\u2028\u2029][0-9A-Za-z]{2,})"
        r"([^0-9A-Za-z\n\r\u0085\u2028\u2029][0-9A-Za-z]{2,})*"
        r"/workspaces/[-_.0-9A-Za-z]{1,100}/api/v1/remote_write$"
    ),
    # One letter or digit at the beginning, and one at the end of each part, is all that is asked for.
    r"^(?!d-)([\da-zA-Z]+)([-]*[\da-zA-Z])*$": r"^(?!d-)[\da-zA-Z]+(-+[\da-zA-Z]+)*$",
    r"^[a-z]+([a-z._]*[a-z]+)?$": r"^[a-z]([a-z._]*[a-z])?$",
    r"^([A-Za-z0-9]+[A-Za-z0-9-.]*)*[A-Za-z0-9-]*[A-Za-z0-9]$": (
        r"^([A-Za-z0-9][A-Za-z0-9-.]*|[A-Za-z0-9-]*)[A-Za-z0-9]$"
    ),
    # Of the number, what follows it could only take blanks at its end, and need not.
    r"^\+?([0-9 \t\-()\/]{7,})(?:\s*(?:#|x\.?|ext\.?|extension) \t*(\d+))?$": (
        r"^\+?([0-9 \t\-()\/]{7,}+)(?:\s*(?:#|x\.?|ext\.?|extension) \t*(\d+))?$"
    ),
    # Digits are on both sides of a point only if there is a point.
    r"^[0-9]+\.?[0-9]*(Mbps|Gbps|Tbps)$": r"^[0-9]+(\.[0-9]*)?(Mbps|Gbps|Tbps)$",
    # Two colons, each with anything behind it, as the rules know them.
    r"^arn:aws(-[^:]+)?:rolesanywhere(:.*){2}(:trust-anchor.*)$": (
        r"^arn:aws(-[^:]+)?:rolesanywhere:.*:.*:trust-anchor.*$"
    ),
    # The name takes a number at its end that no colon precedes.
    (
        r"^(arn:aws[a-zA-Z-]*:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}"
        r":network-connector:[a-zA-Z0-9-_]+(:[1-9]|[1-9][0-9]+)?)$"
    ): (
        r"^(arn:aws[a-zA-Z-]*:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}"
        r":network-connector:[a-zA-Z0-9-_]+(:[1-9])?)$"
    ),
    # The path takes a query without "@". One with it can begin at the last "?" before the first "@".
    (
        r"^((([a-zA-Z][a-zA-Z0-9+.-]*):\/\/(\*|[\w%._\-\+~#=@]+)?(\/[^@\s]*)?(?:\?([^*\s]+(?:\*?)))?)"
        r"|(\*|[\w%._\-\+~#=@]+\.[\w%._\-\+~#=@]+)(?::(\d{1,5}))?(\/[^@\s]*)?(?:\?([^*\s]+(?:\*?)))?"
        r"|(([a-zA-Z][a-zA-Z0-9+.-]*):(\/\/)?\*))$"
    ): (
        r"^((([a-zA-Z][a-zA-Z0-9+.-]*):\/\/(\*|[\w%._\-\+~#=@]+)?"
        r"(\/[^@\s]*(\?[^@*?\s]*@[^*\s]*\*?)?|\?[^*\s]+\*?)?)"
        r"|(\*|[\w%._\-\+~#=@]+\.[\w%._\-\+~#=@]+)(?::(\d{1,5}))?"
        r"(\/[^@\s]*(\?[^@*?\s]*@[^*\s]*\*?)?|\?[^*\s]+\*?)?"
        r"|(([a-zA-Z][a-zA-Z0-9+.-]*):(\/\/)?\*))$"
    ),
}

HARMLESS: Final = frozenset(
    {
        # Four or fewer repetitions, or few characters that both sides take.
        r"((25[0-5]|(2[0-4]|1\d|[1-9]|)\d)\.?\b){4}",
        (
            r"^arn:(?=[^:]+:fsx:[^:]+:\d{12}:)((|(?=[a-z0-9-.]{1,63})(?!\d{1,3}(\.\d{1,3}){3})(?![^:]*-{2})"
            r"(?![^:]*-\.)(?![^:]*\.-)[a-z0-9].*(?<!-)):){4}(?!/).{0,1024}$"
        ),
        (
            r"^cron\((\b[0-5]?[0-9]\b) (\b2[0-3]\b|\b[0-1]?[0-9]\b) ([-?*,/\dLW]){1,83} ([-*,/\d]|[a-zA-Z]{3}){1,23} "
            r"([-?#*,/\dL]|[a-zA-Z]{3}){1,13} ([^\)]+)\)$"
        ),
        # What begins like a match is one.
        r"^(\/+[^\/]+\/*)+$",
        r"^[ \t]*[\x20-\x7E]+([ \t]+[\x20-\x7E]+)*[ \t]*|(\$(\.[\w/_-]+(\[(\d+|\*)\])*)*)$",
    }
)
"""Patterns of AWS's that look ambiguous (``ambiguity``), but on which tools/time_patterns.py found no text that takes
long."""
