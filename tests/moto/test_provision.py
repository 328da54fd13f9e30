"""provision="moto": how it is wanted, and what it does to everything else."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from moto.awslambda.responses import LambdaResponse
from moto.moto_api import state_manager
from queues_of_moto import MOTO, create, make, queues
from resource_types import BUCKET, LOG_GROUP, QUEUE

from pytest_cloudcontrol import CloudControl, HandlerError, MotoDropped, OptionError, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_cloudcontrol import CloudControlApiClient


# How it is wanted


@MOTO
def test_marker(cloudcontrol: CloudControl) -> None:
    """With the marker a queue made by Cloud Control takes messages."""
    url = make(cloudcontrol)
    sqs = boto3.client("sqs")
    sqs.send_message(QueueUrl=url, MessageBody="one")
    assert [message["Body"] for message in sqs.receive_message(QueueUrl=url)["Messages"]] == ["one"]


@pytest.mark.parametrize("given", ["ini", "flag"])
def test_ini_and_command_line(pytester: pytest.Pytester, given: str) -> None:
    """The option comes from the ini file or the command line, too."""
    pytester.makeini("[pytest]\ncloudcontrol_provision = moto" if given == "ini" else "[pytest]")
    pytester.makepyfile("def test_option(cloudcontrol): assert cloudcontrol.options.provision == 'moto'")
    result = pytester.runpytest(*(["--cloudcontrol-provision=moto"] if given == "flag" else []))
    result.assert_outcomes(passed=1)


def test_misspelt_option() -> None:
    """Another word is refused, with those there are."""
    with pytest.raises(OptionError) as refused:
        mock_cloudcontrol(provision="motto")
    expected = "provision='motto' is not valid: expected 'memory' or 'moto' or 'moto-or-memory'"
    assert str(refused.value) == expected


def test_provision_of_one_type(cloudcontrol: CloudControl) -> None:
    """One type's resources are moto's and others the mock's own, until that is taken back."""
    arranged = cloudcontrol.provision("moto", QUEUE)
    make(cloudcontrol)
    create(cloudcontrol.client(), LOG_GROUP, LogGroupName="app")
    cloudcontrol.requests[-1].run()
    assert queues() == ["orders"]
    assert boto3.client("logs").describe_log_groups()["logGroups"] == []
    assert arranged.fired == 1
    arranged.remove()
    make(cloudcontrol, "then")
    assert queues() == ["orders"]
    assert repr(arranged) == "<provision('moto', 'AWS::SQS::Queue'), fired 1 time>"


@MOTO
def test_memory_for_one_type(cloudcontrol: CloudControl) -> None:
    """A provision for a type comes before the one for all, whichever is the later."""
    cloudcontrol.provision("memory", QUEUE)
    cloudcontrol.provision("moto")
    make(cloudcontrol)
    assert queues() == []


@pytest.mark.parametrize(
    ("whose", "type_name", "words"),
    [
        (
            "motto",
            None,
            "Did you mean 'moto'? Expected one of memory, moto, moto-or-memory",
        ),
        ("moto", "AWS::SQS::Qeue", "Did you mean 'AWS::SQS::Queue'?"),
        ("moto", "AWS::Athena::WorkGroup", "expected a type of the table in docs/moto-types.md"),
    ],
)
def test_misuse(cloudcontrol: CloudControl, whose: str, type_name: str | None, words: str) -> None:
    """What can't be is refused."""
    with pytest.raises(OptionError) as refused:
        cloudcontrol.provision(whose, type_name)
    assert words in str(refused.value)


# What isn't in the table


@MOTO
def test_type_that_is_not_in_the_table(cloudcontrol_client: CloudControlApiClient) -> None:
    """A type that moto can't have is an UnsupportedActionException, for each operation."""
    with pytest.raises(cloudcontrol_client.exceptions.UnsupportedActionException) as refused:
        create(cloudcontrol_client, "AWS::Athena::WorkGroup", Name="w")
    assert refused.value.response["Error"]["Message"] == (
        "Resource type AWS::Athena::WorkGroup does not support CREATE action with provision='moto': it isn't in the "
        "table of docs/moto-types.md; provision='moto-or-memory' keeps such types in memory"
    )
    with pytest.raises(cloudcontrol_client.exceptions.UnsupportedActionException, match="LIST action"):
        cloudcontrol_client.list_resources(TypeName="AWS::Athena::WorkGroup")


@pytest.mark.cloudcontrol(provision="moto-or-memory")
def test_memory_where_the_table_ends(cloudcontrol: CloudControl) -> None:
    """With moto-or-memory such a type is kept in memory, and the report says so."""
    create(cloudcontrol.client(), "AWS::Athena::WorkGroup", Name="w")
    assert cloudcontrol.requests[-1].run().status == "SUCCESS"
    make(cloudcontrol)
    assert queues() == ["orders"]
    assert "Kept in memory, and not by moto: AWS::Athena::WorkGroup" in cloudcontrol._backend.report()  # noqa: SLF001


# Time


@MOTO
def test_waiters_of_other_services(cloudcontrol: CloudControl) -> None:
    """A waiter that moto answers sleeps on the mock clock, and Cloud Control's work goes on meanwhile."""
    create(cloudcontrol.client(), BUCKET, BucketName="slow")
    before, mock_before = time.monotonic(), cloudcontrol.clock.now()
    boto3.client("s3").get_waiter("bucket_exists").wait(Bucket="slow")
    assert time.monotonic() - before < 4
    assert (cloudcontrol.clock.now() - mock_before).total_seconds() == 5
    assert cloudcontrol.requests[-1].status == "SUCCESS"


@MOTO
def test_states_of_motos_own(cloudcontrol: CloudControl) -> None:
    """A state that moto lets take its time changes on the mock clock, and a waiter for it never sleeps."""
    cloudfront: Any = boto3.client("cloudfront")
    config = {
        "CallerReference": "a",
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "a.example"}]},
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"},
    }
    state_manager.set_transition("cloudfront::distribution", {"progression": "time", "seconds": 100})
    before, mock_before = time.monotonic(), cloudcontrol.clock.now()
    try:
        made = cloudfront.create_distribution(DistributionConfig=config)["Distribution"]
        cloudfront.get_waiter("distribution_deployed").wait(Id=made["Id"])
    finally:
        state_manager.unset_transition("cloudfront::distribution")

    assert made["Status"] == "InProgress"
    assert time.monotonic() - before < 4
    assert (cloudcontrol.clock.now() - mock_before).total_seconds() == 120  # two delays of the waiter's


# Steps


@MOTO
def test_cancel_half_way(cloudcontrol: CloudControl) -> None:
    """After the first call moto has the resource without what further calls would have set."""
    create(cloudcontrol.client(), LOG_GROUP, LogGroupName="app", RetentionInDays=7)
    request = cloudcontrol.requests[-1].step()
    logs = boto3.client("logs")
    assert ["retentionInDays" in group for group in logs.describe_log_groups()["logGroups"]] == [False]
    request.cancel()
    cloudcontrol.clock.advance(60)
    assert ["retentionInDays" in group for group in logs.describe_log_groups()["logGroups"]] == [False]


@MOTO
def test_steps_of_a_plan(cloudcontrol: CloudControl) -> None:
    """A plan's steps share what the first call doesn't set, as they share an update's changes."""
    cloudcontrol.plan(BUCKET, steps=3)
    client = cloudcontrol.client()
    state = {"VersioningConfiguration": {"Status": "Enabled"}, "Tags": [{"Key": "a", "Value": "b"}]}
    create(client, BUCKET, BucketName="parts", **state)
    request = cloudcontrol.requests[-1]
    seen = []
    for _ in range(3):
        request.step()
        shown = json.loads(
            client.get_resource(TypeName=BUCKET, Identifier="parts")["ResourceDescription"]["Properties"]
        )
        seen.append(sorted(shown.keys() & state.keys()))
    assert seen == [[], ["VersioningConfiguration"], ["Tags", "VersioningConfiguration"]]


@MOTO
def test_downstream(cloudcontrol: CloudControl) -> None:
    """Downstream the resource comes though the request is cancelled."""
    cloudcontrol.plan(LOG_GROUP, downstream=True, steps=3)
    create(cloudcontrol.client(), LOG_GROUP, LogGroupName="app", RetentionInDays=7)
    cloudcontrol.requests[-1].step().cancel()
    cloudcontrol.clock.advance(60)
    groups = boto3.client("logs").describe_log_groups()["logGroups"]
    assert [group["retentionInDays"] for group in groups] == [7]


@MOTO
def test_arranged_failure(cloudcontrol: CloudControl) -> None:
    """A failure instead of a later call leaves what moto has by then."""
    cloudcontrol.add_failure("NotStabilized", at_step=2)
    create(cloudcontrol.client(), LOG_GROUP, LogGroupName="app", RetentionInDays=7)
    request = cloudcontrol.requests[-1].run()
    assert (request.status, request.error_code) == ("FAILED", "NotStabilized")
    assert len(boto3.client("logs").describe_log_groups()["logGroups"]) == 1


@MOTO
def test_hook(cloudcontrol: CloudControl) -> None:
    """A hook that fails lets nothing come to moto."""
    cloudcontrol.add_hook("Acme::Hooks::Never", fails="never")
    create(cloudcontrol.client(), QUEUE, QueueName="orders")
    assert cloudcontrol.requests[-1].run().status == "FAILED"
    assert queues() == []


@MOTO
def test_handler_of_the_tests_own(cloudcontrol: CloudControl) -> None:
    """A handler of the test's own comes first, and its default() works in moto."""

    def create_queue(request: Any) -> Iterator[object]:
        yield 30
        yield from request.default()
        raise HandlerError("NotStabilized", "late")

    cloudcontrol.add_handler(QUEUE, create=create_queue)
    create(cloudcontrol.client(), QUEUE, QueueName="orders")
    assert cloudcontrol.requests[-1].run().error_code == "NotStabilized"
    assert queues() == ["orders"]


@MOTO
def test_refusal_of_moto(cloudcontrol: CloudControl) -> None:
    """What moto refuses fails the request, with the handler's code and moto's words."""
    client = cloudcontrol.client()
    boto3.client("s3").create_bucket(Bucket="full")
    boto3.client("s3").put_object(Bucket="full", Key="a")
    client.delete_resource(TypeName=BUCKET, Identifier="full")
    request = cloudcontrol.requests[-1].run()
    assert (request.status, request.error_code) == ("FAILED", "ResourceConflict")
    assert request.status_message == "The bucket you tried to delete is not empty"


@MOTO
def test_update_that_names_what_is_not_there(cloudcontrol: CloudControl) -> None:
    """An update that is refused for another resource that isn't there is an invalid request."""
    url = make(cloudcontrol)
    policy = {"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:none", "maxReceiveCount": 3}
    document = json.dumps([{"op": "add", "path": "/RedrivePolicy", "value": policy}])
    cloudcontrol.client().update_resource(TypeName=QUEUE, Identifier=url, PatchDocument=document)
    request = cloudcontrol.requests[-1].run()
    assert (request.status, request.error_code) == ("FAILED", "InvalidRequest")
    assert request.status_message == "Could not find DLQ for arn:aws:sqs:us-east-1:123456789012:none"


@MOTO
def test_function_without_code(cloudcontrol: CloudControl) -> None:
    """A function without any code, which moto would break at, is refused in Lambda's words, and isn't there."""
    state = {"FunctionName": "empty", "Code": {}, "Role": "arn:aws:iam::123456789012:role/runner"}
    create(cloudcontrol.client(), "AWS::Lambda::Function", **state)
    request = cloudcontrol.requests[-1].run()
    assert (request.status, request.error_code) == ("FAILED", "InvalidRequest")
    assert request.status_message == "Please provide a source for function code."
    assert boto3.client("lambda").list_functions()["Functions"] == []


def breaking(_: object) -> object:
    """Break."""
    raise KeyError("nothing")


@pytest.mark.parametrize(
    ("native", "operation", "members"),
    [("get_function", "get_resource", {"Identifier": "f"}), ("list_functions", "list_resources", {})],
)
def test_what_moto_breaks_at(
    monkeypatch: pytest.MonkeyPatch, native: str, operation: str, members: dict[str, str]
) -> None:
    """What goes wrong in moto itself is the handler's failure, by a call or in a page of a list."""
    monkeypatch.setattr(LambdaResponse, native, breaking)
    with mock_cloudcontrol(provision="moto") as cloudcontrol:
        client = cloudcontrol.client(config=Config(retries={"total_max_attempts": 1}))
        ask = getattr(client, operation)
        with pytest.raises(client.exceptions.HandlerInternalFailureException) as refused:
            ask(TypeName="AWS::Lambda::Function", **members)
    assert f"moto's lambda {native} raised KeyError: 'nothing'" in str(refused.value)


def test_with_xdist(pytester: pytest.Pytester) -> None:
    """Each worker has a moto of its own, where names aren't taken by others' tests."""
    pytester.makepyfile(
        """
        import boto3, pytest

        @pytest.mark.parametrize("number", range(6))
        def test_queue(cloudcontrol, number):
            client = cloudcontrol.client()
            client.create_resource(TypeName="AWS::SQS::Queue", DesiredState='{"QueueName": "orders"}')
            cloudcontrol.requests.last.run()
            assert len(boto3.client("sqs").list_queues()["QueueUrls"]) == 1
        """
    )

    quick = ("-p", "no:randomly", "-p", "no:hypothesispytest")  # which take a worker longer to import than its tests
    result = pytester.runpytest_subprocess("--cloudcontrol-provision", "moto", "-n", "2", *quick)
    result.assert_outcomes(passed=6)


def test_warning_at_the_end(pytester: pytest.Pytester) -> None:
    """What moto drops is a warning at the test's end, which a filter accepts and -W error makes an error."""
    pytester.makepyfile(
        """
        import pytest

        def drop(cloudcontrol):
            state = '{"QueueName": "orders", "RedriveAllowPolicy": {"redrivePermission": "denyAll"}}'
            cloudcontrol.client().create_resource(TypeName="AWS::SQS::Queue", DesiredState=state)
            assert cloudcontrol.requests.last.run().status == "SUCCESS"

        @pytest.mark.cloudcontrol(provision="moto")
        def test_told(cloudcontrol):
            drop(cloudcontrol)

        @pytest.mark.filterwarnings("ignore:moto hasn't kept .* of AWS..SQS..Queue:pytest_cloudcontrol.MotoDropped")
        @pytest.mark.cloudcontrol(provision="moto")
        def test_accepted(cloudcontrol):
            drop(cloudcontrol)
        """
    )
    result = pytester.runpytest("-p", "no:randomly", "-W", "default")
    result.assert_outcomes(passed=2, warnings=1)
    result.stdout.fnmatch_lines(["*MotoDropped: moto hasn't kept RedriveAllowPolicy of AWS::SQS::Queue: see *"])
    pytester.runpytest("-p", "no:randomly", "-W", "error").assert_outcomes(passed=2, errors=1)


def test_warning_of_a_block() -> None:
    """A block of mock_cloudcontrol() warns when it is left."""
    with ExitStack() as block:
        cloudcontrol = block.enter_context(mock_cloudcontrol(provision="moto"))
        create(cloudcontrol.client(), QUEUE, QueueName="a", RedriveAllowPolicy={"redrivePermission": "denyAll"})
        cloudcontrol.requests[-1].run()
        with pytest.warns(MotoDropped, match="RedriveAllowPolicy"):
            block.close()


@MOTO
def test_made_up_secret(cloudcontrol: CloudControl) -> None:
    """GenerateSecretString has a password made, under a key of a template."""
    wanted = {"SecretStringTemplate": '{"user": "shop"}', "GenerateStringKey": "password", "PasswordLength": 20}
    create(cloudcontrol.client(), "AWS::SecretsManager::Secret", Name="made", GenerateSecretString=wanted)
    cloudcontrol.requests[-1].run()
    secret = json.loads(boto3.client("secretsmanager").get_secret_value(SecretId="made")["SecretString"])
    assert secret["user"] == "shop"
    assert len(secret["password"]) == 20


@MOTO
def test_names_that_are_made_up(cloudcontrol: CloudControl) -> None:
    """A resource without a name gets one."""
    for type_name in (QUEUE, BUCKET, LOG_GROUP):
        create(cloudcontrol.client(), type_name)
        request = cloudcontrol.requests[-1].run()
        assert (request.status, cloudcontrol.resources.get(type_name, str(request.identifier)) is None) == (
            "SUCCESS",
            False,
        )


@MOTO
def test_other_forms_of_an_identifier(cloudcontrol: CloudControl) -> None:
    """A resource of moto's is found by JSON, and a rule by its name."""
    client = cloudcontrol.client()
    boto3.client("events").put_rule(Name="daily", ScheduleExpression="rate(1 day)")
    url = make(cloudcontrol)
    assert client.get_resource(TypeName=QUEUE, Identifier=json.dumps({"QueueUrl": url}))["TypeName"] == QUEUE
    for given in ("daily", '{"RuleName": "daily"}'):
        found = client.get_resource(TypeName="AWS::Events::Rule", Identifier=given)["ResourceDescription"]
        assert found["Identifier"] == "arn:aws:events:us-east-1:123456789012:rule/daily"
