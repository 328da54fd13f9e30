"""Determinism: the same seed and the same calls make the same world, to the last character."""

from __future__ import annotations

import json
import random
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from botocore.exceptions import ClientError
from mock_time import START
from resource_types import QUEUE, VPC
from shop import ORDER, SCHEMAS, TICKET, Shop

from pytest_cloudcontrol import CloudControl, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable

Story = list[dict[str, Any]]


def told(cloudcontrol: CloudControl) -> Story:
    """Live through a bit of everything; return whatever the code under test was answered."""
    client = cloudcontrol.client()
    answers: Story = []

    def ask(call: Callable[..., Any], **members: object) -> None:
        try:
            answers.append(dict(call(**members)))
        except ClientError as error:
            answers.append(dict(error.response))

    for number in range(3):
        ask(client.create_resource, TypeName=TICKET, DesiredState="{}", ClientToken=f"t{number}")
        ask(client.create_resource, TypeName=QUEUE, DesiredState="{}", ClientToken=f"q{number}")
    ask(client.create_resource, TypeName=VPC, DesiredState='{"CidrBlock": "10.0.0.0/16"}', ClientToken="v")
    cloudcontrol.resources.put(TICKET, {})
    cloudcontrol.run_until_idle()
    for type_name in (TICKET, QUEUE, VPC):
        ask(client.list_resources, TypeName=type_name)
    ask(client.get_resource, TypeName=ORDER, Identifier="nothing")
    ask(client.list_resource_requests, MaxResults=3)
    return answers


def lived(**options: Any) -> Story:
    """Return what a world of these options answers."""
    with mock_cloudcontrol(**{"start": START, "schemas": SCHEMAS, **options}) as cloudcontrol:
        return told(cloudcontrol)


@pytest.mark.parametrize("seed", [1, "1", "another", None])
def test_same_seed(seed: str | int | None) -> None:
    """Two worlds of one seed answer the same calls alike: tokens, identifiers, headers and all."""
    first = lived(seed=seed)
    assert first == lived(seed=seed)
    assert len(first) == 12


def test_number_as_a_seed() -> None:
    """A number and its text are the same seed."""
    assert lived(seed=1) == lived(seed="1")


def test_other_seed() -> None:
    """Another seed gives other tokens, other identifiers and other request ids."""
    one, other = lived(seed=1), lived(seed=2)
    for name in ("RequestToken", "RequestId", "Identifier"):
        first, second = values(one, name), values(other, name)
        assert first
        assert len(first) == len(second)
        assert not first & second


def values(document: object, name: str) -> set[str]:
    """Return the values of all members of a name, wherever they are, but for what the test itself has named."""
    if isinstance(document, dict):
        found = {document[name]} if name in document else set()
        return found.union(*(values(value, name) for value in document.values()))
    return set().union(*(values(item, name) for item in document)) if isinstance(document, list) else set()


def test_tokens_of_other_requests_stay() -> None:
    """A request's made-up values hang on its own token: what happens to others in between changes nothing."""

    def identifier(*, with_steps_between: bool) -> str | None:
        with mock_cloudcontrol(start=START, schemas=SCHEMAS) as cloudcontrol:
            shop = Shop(cloudcontrol)
            other = shop.create_of(TICKET)
            if with_steps_between:
                other.run()
            return shop.create_of(TICKET).run().identifier

    assert identifier(with_steps_between=True) == identifier(with_steps_between=False)


def test_global_chance_is_left_alone() -> None:
    """A world neither draws from Python's global generator nor is changed by it."""
    random.seed(1)
    expected = random.random()
    random.seed(1)
    one = lived()
    assert random.random() == expected
    random.seed(2)
    assert lived() == one


def test_tokens_are_uuids() -> None:
    """Request tokens are UUIDs of version 4, as AWS's are, and all different."""
    with mock_cloudcontrol(schemas=SCHEMAS) as cloudcontrol:
        shop = Shop(cloudcontrol)
        tokens = [shop.create_of(TICKET).request_token for _ in range(50)]
    assert Counter(UUID(token).version for token in tokens) == {4: 50}
    assert [str(UUID(token)) for token in tokens] == tokens
    assert len(set(tokens)) == 50


def test_fixture_has_a_seed_of_its_own(pytester: pytest.Pytester) -> None:
    """Each test has its own tokens by its id: the same in every run, whichever other tests run."""
    pytester.makepyfile(
        test_tokens="""
        import json, pathlib, pytest
        @pytest.mark.parametrize("name", ["one", "two"])
        def test_token(cloudcontrol, cloudcontrol_client, name):
            cloudcontrol_client.create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            with pathlib.Path("tokens").open("a") as tokens:
                print(json.dumps([name, cloudcontrol.requests.last.request_token]), file=tokens)
        """
    )
    pytester.runpytest("-p", "no:randomly").assert_outcomes(passed=2)
    pytester.runpytest("-p", "no:randomly", "test_tokens.py::test_token[two]").assert_outcomes(passed=1)
    tokens = Counter(pytester.path.joinpath("tokens").read_text("utf-8").splitlines())
    assert sorted((json.loads(line)[0], times) for line, times in tokens.items()) == [("one", 1), ("two", 2)]


def test_clock_starts_at_a_whole_millisecond() -> None:
    """Without a start the clock has real time, cut to a whole millisecond, so that answers carry it unchanged."""
    with mock_cloudcontrol(schemas=SCHEMAS) as cloudcontrol:
        answer = cloudcontrol.client().create_resource(TypeName=TICKET, DesiredState="{}")
        assert cloudcontrol.clock.now().microsecond % 1000 == 0
        assert answer["ProgressEvent"]["EventTime"] == cloudcontrol.clock.now()


def test_acceptance_order_decides() -> None:
    """Calls that fall due at one instant are made in the order of acceptance, however many there are."""
    with mock_cloudcontrol(schemas=SCHEMAS) as cloudcontrol:
        shop = Shop(cloudcontrol)
        for _ in range(30):
            shop.create_of(TICKET)
        made: list[int] = []
        cloudcontrol.before(lambda request: made.append(request.order), at_step=1)
        cloudcontrol.clock.advance(0.2)
    assert all(before < after for before, after in pairwise(made))
    assert len(made) == 30
