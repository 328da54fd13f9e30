"""The texts that a service makes up: names, ids, Arns, addresses.

What a text should look like follows from its property's name, since schemas seldom say it in another way; a pattern
that they do give decides between a few further candidates.
"""

from __future__ import annotations

import functools
import re
import warnings
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase, digits
from typing import TYPE_CHECKING, Final

from pytest_cloudcontrol.documents import values_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from random import Random

    from pytest_cloudcontrol.documents import JSONObject, JSONValue, PropertyPath
    from pytest_cloudcontrol.schemas.resource_type import ResourceType

_PARTITIONS: Final = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
    "us-iso-": ("aws-iso", "c2s.ic.gov"),
    "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
    "eu-isoe-": ("aws-iso-e", "cloud.adc-e.uk"),
    "us-isof-": ("aws-iso-f", "csp.hci.ic.gov"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
}
"""The partition and the domain of the regions whose names begin like this; all others are in ``aws``."""

_SERVICES: Final = {
    "ApiGatewayV2": "apigateway",
    "CertificateManager": "acm",
    "EFS": "elasticfilesystem",
    "ElasticLoadBalancingV2": "elasticloadbalancing",
    "KinesisFirehose": "firehose",
    "MSK": "kafka",
    "OpenSearchService": "es",
    "StepFunctions": "states",
}
"""What Arns and host names call the services whose schemas call them otherwise."""

_EC2_PREFIXES: Final = {
    "dhcp-options": "dopt",
    "instance": "i",
    "internet-gateway": "igw",
    "launch-template": "lt",
    "nat-gateway": "nat",
    "network-acl": "acl",
    "network-interface": "eni",
    "route-table": "rtb",
    "security-group": "sg",
    "snapshot": "snap",
    "transit-gateway": "tgw",
    "volume": "vol",
    "vpc-endpoint": "vpce",
}
"""What the ids of EC2's resources begin with, where it isn't the resource's kind."""

_KNOWN: Final = {
    ("AWS::CloudWatch::Alarm", "Arn"): "arn:{partition}:cloudwatch:{region}:{account}:alarm:{label}",
    ("AWS::IAM::InstanceProfile", "Arn"): "arn:{partition}:iam::{account}:instance-profile/{label}",
    ("AWS::IAM::Role", "Arn"): "arn:{partition}:iam::{account}:role/{label}",
    ("AWS::IAM::User", "Arn"): "arn:{partition}:iam::{account}:user/{label}",
    ("AWS::Lambda::Function", "Arn"): "arn:{partition}:lambda:{region}:{account}:function:{label}",
    ("AWS::Logs::LogGroup", "Arn"): "arn:{partition}:logs:{region}:{account}:log-group:{label}:*",
    ("AWS::RDS::DBCluster", "DBClusterArn"): "arn:{partition}:rds:{region}:{account}:cluster:{label}",
    ("AWS::RDS::DBInstance", "DBInstanceArn"): "arn:{partition}:rds:{region}:{account}:db:{label}",
    ("AWS::S3::Bucket", "Arn"): "arn:{partition}:s3:::{label}",
    ("AWS::S3::Bucket", "DomainName"): "{label}.s3.{domain}",
    ("AWS::S3::Bucket", "DualStackDomainName"): "{label}.s3.dualstack.{region}.{domain}",
    ("AWS::S3::Bucket", "RegionalDomainName"): "{label}.s3.{region}.{domain}",
    ("AWS::S3::Bucket", "WebsiteURL"): "http://{label}.s3-website-{region}.{domain}",
    ("AWS::SNS::Topic", "TopicArn"): "arn:{partition}:sns:{region}:{account}:{label}",
    ("AWS::SQS::Queue", "Arn"): "arn:{partition}:sqs:{region}:{account}:{label}",
    ("AWS::SQS::Queue", "QueueUrl"): "https://sqs.{region}.{domain}/{account}/{label}",
    ("AWS::SecretsManager::Secret", "Id"): "arn:{partition}:secretsmanager:{region}:{account}:secret:{label}",
    ("AWS::StepFunctions::StateMachine", "Arn"): "arn:{partition}:states:{region}:{account}:stateMachine:{label}",
}
"""What the real service makes of the properties that tests look at most, where it differs from the usual form."""

_USUAL_ARNS: Final = (
    "arn:{partition}:{service}:{region}:{account}:{kind}/{label}",
    "arn:{partition}:{service}:{region}:{account}:{kind}:{label}",
    "arn:{partition}:{service}:{region}:{account}:{joined_kind}/{label}",
    "arn:{partition}:{service}:{region}:{account}:{joined_kind}:{label}",
    "arn:{partition}:{service}:{region}:{account}:{label}",
    "arn:{partition}:{service}::{account}:{kind}/{label}",
    "arn:{partition}:{service}:{region}::{kind}/{label}",
    "arn:{partition}:{service}:::{kind}/{label}",
)
"""The forms of Arns, the usual one first; the others are for schemas whose pattern refuses it."""

_MEANING: Final = re.compile(
    r"""
      (?P<arn>       A(?:rn|RN) )$
    | (?P<moment>    (?:Time|[Tt]imestamp|TimeStamp|Date|(?<=[a-z])At|(?<=[a-z])On) )$
    | (?P<account>   (?:Account(?:I[dD])?|OwnerI[dD]) )$
    | (?P<region>    Region(?:Name)? )$
    | (?P<zone>      AvailabilityZone )$
    | (?P<address>   I[pP](?:Address)? )$
    | (?P<network>   Cidr(?:Block)? )$
    | (?P<url>       U(?:rl|RL|ri|RI) )$
    | (?P<host>      (?:Domain(?:Name)?|D(?:ns|NS)(?:Name)?|Host[nN]ame|Endpoint|Address) )$
    | (?P<state>     (?:Status|State) )$
    | (?P<number>    (?:Version|Number|Count|Port|Progress) )$
    | (?P<uuid>      U(?:uid|UID) )$
    | (?P<id>        (?:I[dD]|Identifier) )$
    | (?P<name>      Name )$
    """,
    re.VERBOSE,
)
"""What the end of a property's name says about its value."""

_WORD_START: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LITERAL_PREFIX: Final = re.compile(r"\^?\(?((?:[A-Za-z0-9_/]|-|\\-)+)(?![?*{+|])")
_SERVICE_IN_PATTERN: Final = re.compile(r"arn:.*?:([a-z][a-z0-9-]+):")
_ARN_PATTERN: Final = re.compile(r"\^?\(?arn:")
_NOT_IN_HOST: Final = re.compile(r"[^a-z0-9-]+")
_MEANING_OF_FORMAT: Final = {"date-time": "moment", "uri": "url"}
_COUNT_IN_PATTERN: Final = re.compile(r"\{(\d{1,2})\b")
_HEXADECIMAL: Final = digits + "abcdef"
_ALPHABETS: Final = (_HEXADECIMAL, ascii_lowercase, digits, ascii_uppercase)
_USUAL_LENGTHS: Final = (17, 8)


@dataclass(frozen=True)
class Surroundings:
    """Where and when a resource is made; ``now`` is aware and in UTC."""

    account_id: str
    region: str
    now: datetime


def partition_of(region: str) -> str:
    """Return the partition that a region belongs to, such as ``aws`` or ``aws-cn``."""
    return _partition_and_domain(region)[0]


class TextMaker:
    """Makes up the texts of one resource.

    Args:
        resource_type: what the texts are of.
        model: the resource's properties; read whenever a text is made, so that it can name what was made before.
        surroundings: the account, region and time that texts speak of.
        random: the source of everything random.
    """

    def __init__(
        self, resource_type: ResourceType, model: JSONObject, surroundings: Surroundings, random: Random
    ) -> None:
        self._type = resource_type
        self._model = model
        self._surroundings = surroundings
        self._random = random
        self._invented: str | None = None

    def text(self, name: str, schema: JSONObject, *, is_identifier: bool) -> str:
        """Make up the value of a property.

        Args:
            name: the property's name.
            schema: its schema, with references followed.
            is_identifier: whether the property is part of the primary identifier.
        """
        known = self._model.get(name)
        if isinstance(known, str) and (name,) in self._type.primary_identifier:
            return known  # an object inside the resource repeats what the resource is called
        pattern = schema.get("pattern")
        source = pattern if isinstance(pattern, str) else ""
        candidates = (self._fitted(text, schema) for text in self._candidates(name, schema, source, is_identifier))
        plausible = next(candidates)
        compiled = _compiled(source)
        if compiled is None or compiled.search(plausible):
            return plausible
        return next((text for text in candidates if compiled.search(text)), plausible)

    def _candidates(self, name: str, schema: JSONObject, pattern: str, is_identifier: bool) -> Iterator[str]:
        """Yield the plausible text first, then others that a pattern may prefer."""
        known = _KNOWN.get((self._type.type_name, name))
        if known is not None:
            yield known.format_map(self._facts())
        group, stem = _meaning(name)
        stem = stem or self._type.kind
        if group == "arn" or _ARN_PATTERN.match(pattern):
            yield from self._arns(stem, pattern, is_identifier)
            return
        if is_identifier and name.endswith("Name"):
            group, stem = "name", name.removesuffix("Name") or stem
        yield self._plausible(_MEANING_OF_FORMAT.get(str(schema.get("format")), group), stem, is_identifier)
        yield from self._other_texts(stem, pattern, is_identifier or (name,) in own_names(self._type))

    def _plausible(self, group: str, stem: str, is_identifier: bool) -> str:
        match group:
            case "moment":
                return self._surroundings.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            case "account":
                # Everything else that is identified by an account is there once in each account.
                is_new = is_identifier and self._type.type_name == "AWS::Organizations::Account"
                return self._characters(digits, 12) if is_new else self._surroundings.account_id
            case "region":
                return self._surroundings.region
            case "zone":
                return f"{self._surroundings.region}a"
            case "address":
                return f"10.0.{self._random.randrange(256)}.{self._random.randrange(1, 255)}"
            case "network":
                return f"10.{self._random.randrange(256)}.0.0/16"
            case "url":
                return f"https://{self._host()}"
            case "host":
                return self._host()
            case "state":
                return "ACTIVE"
            case "number":
                return str(self._random.randint(1, 999_999)) if is_identifier else "1"
            case "uuid":
                return self._uuid()
            case "id":
                return f"{self._prefix(stem)}-{self._characters(_HEXADECIMAL, 17)}"
            case _:
                return self._name(stem)

    def _prefix(self, stem: str) -> str:
        kind = _kebab(stem)
        return _EC2_PREFIXES.get(kind, kind) if self._service() == "ec2" else kind

    def _name(self, stem: str) -> str:
        name = f"{stem}-{self._characters(ascii_lowercase, 12)}"
        # Buckets are host names, and these have no capitals.
        return name.lower() if "Bucket" in name else name

    def _other_texts(self, stem: str, pattern: str, is_name: bool) -> Iterator[str]:
        yield self._name(stem).lower()
        yield self._uuid()
        if not is_name:  # two resources must not get the same one
            yield self._surroundings.account_id
        prefix_match = _LITERAL_PREFIX.match(pattern)
        prefix = "" if prefix_match is None else prefix_match[1].replace("\\", "")
        lengths = dict.fromkeys((*map(int, _COUNT_IN_PATTERN.findall(pattern)), *_USUAL_LENGTHS))
        for length in lengths:
            for alphabet in _ALPHABETS:
                characters = self._characters(alphabet, length)
                yield prefix + characters
                yield f"{prefix}-{characters}"

    def _arns(self, stem: str, pattern: str, is_identifier: bool) -> Iterator[str]:
        is_own = is_identifier or stem == "Resource" or self._type.kind.lower().endswith(stem.lower())
        kind = self._type.kind if is_own else stem
        facts = self._facts() if is_own else self._facts(self._characters(_HEXADECIMAL, 17))
        facts |= {"kind": _kebab(kind), "joined_kind": kind.lower()}
        service = _SERVICE_IN_PATTERN.search(pattern)
        if service is not None:
            facts["service"] = service[1]
        for form in _USUAL_ARNS:
            yield form.format_map(facts)

    def _facts(self, label: str | None = None) -> dict[str, str]:
        """Return what a form such as an Arn's speaks of."""
        partition, domain = _partition_and_domain(self._surroundings.region)
        return {
            "partition": partition,
            "domain": domain,
            "service": self._service(),
            "region": self._surroundings.region,
            "account": self._surroundings.account_id,
            "label": label or self._label(),
        }

    def _label(self) -> str:
        """Return what the resource is called in its Arn and its addresses: its identifier, or else its name."""
        identifier = (
            value
            for path in self._type.primary_identifier
            if _meaning(path[-1])[0] != "account"
            for value in values_at(self._model, path)
        )
        names = (self._model.get(path[0]) for path in own_names(self._type))
        parts = _speaking(identifier) or _speaking(names)[:1] or [self._invented_label()]
        # A | would cut an identifier that is an Arn in two.
        return "/".join(parts).replace("|", "-")

    def _invented_label(self) -> str:
        if self._invented is None:
            self._invented = self._uuid()
        return self._invented

    def _host(self) -> str:
        facts = self._facts()
        label = _NOT_IN_HOST.sub("-", facts["label"].lower()).strip("-")
        return "{label}.{service}.{region}.{domain}".format_map(facts | {"label": label})

    def _service(self) -> str:
        service = self._type.type_name.split("::")[1]
        return _SERVICES.get(service, service.lower())

    def _uuid(self) -> str:
        text = self._characters(_HEXADECIMAL, 30)
        return f"{text[:8]}-{text[8:12]}-4{text[12:15]}-a{text[15:18]}-{text[18:]}"

    def _characters(self, alphabet: str, count: int) -> str:
        return "".join(self._random.choices(alphabet, k=count))

    def _fitted(self, text: str, schema: JSONObject) -> str:
        """Return a text that is as long as the schema wants; what tells it from others stands at its end."""
        shortest, longest = schema.get("minLength"), schema.get("maxLength")
        if isinstance(longest, int) and len(text) > longest:
            head, _, tail = text.rpartition("-")
            room = longest - len(tail) - 1
            return f"{head[:room]}-{tail}" if room > 0 else text[-longest:]
        if isinstance(shortest, int) and len(text) < shortest:
            return text + self._characters(ascii_lowercase, shortest - len(text))
        return text


def own_names(resource_type: ResourceType) -> tuple[PropertyPath, ...]:
    """Return the properties that may hold the name of a resource that is identified by its Arn."""
    kind = resource_type.kind
    return ((f"{kind}Name",), ("Name",), (f"{kind}Id",), ("Id",))


def is_arn(path: PropertyPath) -> bool:
    """Tell whether a property holds an Arn, by its name."""
    return _meaning(path[-1])[0] == "arn"


@functools.cache
def _meaning(name: str) -> tuple[str, str]:
    """Return what the end of a property's name says about its value, and what stands before that."""
    found = _MEANING.search(name)
    return ("", name) if found is None else (found.lastgroup or "", name[: found.start()])


def _speaking(values: Iterable[JSONValue]) -> list[str]:
    """Return the values that can be a part of an Arn or an address; those that are one themselves can't."""
    texts = (str(value) for value in values if isinstance(value, str | int))
    return [text for text in texts if not text.startswith("arn:") and "://" not in text]


def _partition_and_domain(region: str) -> tuple[str, str]:
    found = (facts for prefix, facts in _PARTITIONS.items() if region.startswith(prefix))
    return next(found, ("aws", "amazonaws.com"))


@functools.cache
def _kebab(name: str) -> str:
    return _WORD_START.sub("-", name).lower()


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Compile a schema's pattern; None for Java's own constructs, which Python's re doesn't know."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return re.compile(pattern)
        except (re.error, OverflowError, RecursionError):
            return None
