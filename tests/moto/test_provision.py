"""provision="moto": how moto is entered and left, whose account it is, and what it does to everything else."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from moto import mock_aws
from moto.moto_api import state_manager
from resource_types import BUCKET, LOG_GROUP, QUEUE, VPC

from pytest_cloudcontrol import CloudControl, HandlerError, MotoDropped, OptionError, mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from types_boto3_cloudcontrol import CloudControlApiClient

MOTO = pytest.mark.cloudcontrol(provision="moto")


def create(client: CloudControlApiClient, type_name: str, **state: object) -> None:
    """Ask for a resource."""
    client.create_resource(TypeName=type_name, DesiredState=json.dumps(state))


def queues(**client_arguments: Any) -> list[str]:
    """Return the names of SQS's queues."""
    urls = boto3.client("sqs", **client_arguments).list_queues().get("QueueUrls", [])
    return [url.rpartition("/")[2] for url in urls]


def make(cloudcontrol: CloudControl, name: str = "orders") -> str:
    """Make a queue by Cloud Control, and return its identifier."""
    create(cloudcontrol.client(), QUEUE, QueueName=name)
    return str(cloudcontrol.requests[-1].run().identifier)


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


# Entered and left


@contextmanager
def ours() -> Iterator[CloudControl]:
    """Activate the mock with moto."""
    with mock_cloudcontrol(provision="moto") as cloudcontrol:
        yield cloudcontrol


def test_left_with_the_mock() -> None:
    """After the mock moto is left, and what was there has gone."""
    with ours() as cloudcontrol:
        make(cloudcontrol)
    with mock_aws():
        assert queues(region_name="us-east-1") == []


def test_moto_entered_before() -> None:
    """What the test's own moto has is Cloud Control's, and stays when the mock is left."""
    with mock_aws():
        boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="before")
        with ours() as cloudcontrol:
            make(cloudcontrol)
            assert sorted(queues()) == ["before", "orders"]
            assert len(cloudcontrol.client().list_resources(TypeName=QUEUE)["ResourceDescriptions"]) == 2
        assert sorted(queues(region_name="us-east-1")) == ["before", "orders"]


def test_moto_entered_inside() -> None:
    """Moto entered and left inside the mock is the same, and leaves what is there."""
    with ours() as cloudcontrol:
        make(cloudcontrol)
        with mock_aws():
            assert queues() == ["orders"]
        make(cloudcontrol, "then")
        assert queues() == ["orders", "then"]


@mock_aws
@MOTO
def test_moto_as_a_decorator(cloudcontrol: CloudControl) -> None:
    """Moto's decorator is entered after the fixture, and left before it."""
    make(cloudcontrol)
    assert queues() == ["orders"]


@mock_aws
@mock_cloudcontrol(provision="moto")
def test_both_as_decorators() -> None:
    """Moto's decorator outside ours."""
    boto3.client("sqs").create_queue(QueueName="theirs")
    client = boto3.client("cloudcontrol")
    assert len(client.list_resources(TypeName=QUEUE)["ResourceDescriptions"]) == 1


def test_left_crosswise() -> None:
    """The test's own moto may be left before the mock, though it was entered before."""
    with ExitStack() as last:
        with ExitStack() as first:
            first.enter_context(mock_aws())
            cloudcontrol = last.enter_context(ours())
            make(cloudcontrol)
        assert cloudcontrol.requests[-1].status == "SUCCESS"


@pytest.fixture
def moto_of_a_fixture() -> Iterator[None]:
    """Enter moto in a fixture."""
    with mock_aws():
        yield


@MOTO
def test_moto_as_a_fixture(cloudcontrol: CloudControl, moto_of_a_fixture: None) -> None:  # noqa: ARG001
    """Moto entered by a fixture, after ours."""
    make(cloudcontrol)
    assert queues() == ["orders"]


def test_client_made_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client made before the mock meets the same moto."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "-")
    sqs = boto3.session.Session().client("sqs", region_name="us-east-1")
    with ours() as cloudcontrol:
        make(cloudcontrol)
        assert len(sqs.list_queues()["QueueUrls"]) == 1


def test_moto_is_not_imported_without_it() -> None:
    """Who doesn't ask for moto doesn't import it."""
    code = """if True:
        import sys
        from pytest_cloudcontrol import mock_cloudcontrol
        with mock_cloudcontrol() as cloudcontrol:
            cloudcontrol.client().create_resource(TypeName="AWS::SQS::Queue", DesiredState="{}")
            cloudcontrol.requests.last.run()
        print([name for name in sys.modules if name.partition(".")[0] == "moto"])
        """
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert printed == "[]\n"


def test_moto_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where moto isn't, the error has the line that installs it."""
    monkeypatch.setitem(sys.modules, "moto.core.models", None)
    monkeypatch.delitem(sys.modules, "pytest_cloudcontrol.transport.moto.private", raising=False)
    monkeypatch.delattr("pytest_cloudcontrol.transport.moto.private", raising=False)
    with pytest.raises(OptionError, match=r"pip install 'pytest-cloudcontrol\[moto\]'"):
        mock_cloudcontrol(provision="moto").__enter__()


# Reset, seed, account, region


@MOTO
def test_reset(cloudcontrol: CloudControl) -> None:
    """A reset begins moto anew, too."""
    make(cloudcontrol)
    cloudcontrol.reset()
    assert queues() == []
    make(cloudcontrol)
    assert queues() == ["orders"]


def test_reset_within_the_tests_own_moto() -> None:
    """Where the test holds moto's mock, a reset leaves it: entered before, or after."""
    with mock_aws(), ours() as cloudcontrol:
        make(cloudcontrol)
        cloudcontrol.reset()
        assert queues() == ["orders"]
    with ours() as cloudcontrol:
        make(cloudcontrol)
        with mock_aws():
            cloudcontrol.reset()
            assert queues() == ["orders"]


IDS: Final = """
import sys
from pytest_cloudcontrol import mock_cloudcontrol
for seed in sys.argv[1]:
    with mock_cloudcontrol(provision="moto", seed=seed) as cloudcontrol:
        for _ in range(2):
            client = cloudcontrol.client()
            client.create_resource(TypeName="AWS::EC2::VPC", DesiredState='{"CidrBlock": "10.0.0.0/16"}')
            print(cloudcontrol.requests.last.run().identifier)
            cloudcontrol.reset()
"""


def test_ids_are_of_the_seed() -> None:
    """In a process of its own the same seed gives the same ids, also after a reset; another one gives others."""
    command = [sys.executable, "-c", IDS, "aab"]
    ids = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert ids[0] == ids[1] == ids[2] == ids[3] != ids[4] == ids[5]


def test_account_and_region() -> None:
    """The account and region of a call are those of moto's resource, and of every client with the same key."""
    with mock_cloudcontrol(provision="moto", account_id="111111111111", region="eu-west-1") as cloudcontrol:
        url = make(cloudcontrol)
        assert url == "https://sqs.eu-west-1.amazonaws.com/111111111111/orders"
        assert queues() == ["orders"]
        other = cloudcontrol.client(account_id="222222222222", region_name="eu-west-2", aws_access_key_id="AKIAOTHER")
        create(other, QUEUE, QueueName="elsewhere")
        assert cloudcontrol.requests[-1].run().identifier == (
            "https://sqs.eu-west-2.amazonaws.com/222222222222/elsewhere"
        )
        assert queues() == ["orders"]
        there = cloudcontrol.scope("222222222222", "eu-west-2")
        keys = {"aws_access_key_id": "AKIAOTHER", "aws_secret_access_key": "-"}
        assert queues(region_name="eu-west-2", **keys) == ["elsewhere"]
        assert QUEUE in [found.type_name for found in there.resources]


def test_keys_of_motos_sts() -> None:
    """A key that moto's STS has handed out is of its account for Cloud Control, too."""
    with ours() as cloudcontrol:
        assumed = boto3.client("sts").assume_role(RoleArn="arn:aws:iam::333333333333:role/r", RoleSessionName="session")
        keys = assumed["Credentials"]
        given: dict[str, Any] = {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"],
        }
        create(boto3.client("cloudcontrol", **given), QUEUE, QueueName="there")
        assert cloudcontrol.requests[-1].run().account_id == "333333333333"
        assert queues(**given) == ["there"]
        assert queues() == []


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

    pytester.runpytest_subprocess("--cloudcontrol-provision", "moto", "-n", "2").assert_outcomes(passed=6)


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
        cloudcontrol = block.enter_context(ours())
        create(cloudcontrol.client(), QUEUE, QueueName="a", RedriveAllowPolicy={"redrivePermission": "denyAll"})
        cloudcontrol.requests[-1].run()
        with pytest.warns(MotoDropped, match="RedriveAllowPolicy"):
            block.close()


# The test's own hand


@MOTO
def test_put_replaces_and_dump_loads(cloudcontrol: CloudControl, tmp_path: Path) -> None:
    """A put replaces, and what was dumped can be loaded again."""
    resources = cloudcontrol.resources
    for seconds in (3, 4):
        identifier = resources.put(QUEUE, {"QueueName": "orders", "DelaySeconds": seconds})
    read = resources.get(QUEUE, identifier)
    assert read is not None
    assert read["DelaySeconds"] == 4
    resources.put(LOG_GROUP, {"LogGroupName": "app", "RetentionInDays": 7})
    cloudcontrol.provision("memory", VPC)
    for type_name in ("AWS::EC2::Subnet", "AWS::EC2::SecurityGroup", "AWS::KMS::Key"):  # moto has some of its own
        cloudcontrol.provision("memory", type_name)
    before = list(resources)
    resources.dump(tmp_path / "resources.json")
    resources.delete(LOG_GROUP, "app")
    resources.delete(QUEUE, identifier)
    resources.load(tmp_path / "resources.json")
    assert list(resources) == before
    assert resources.get(QUEUE, "https://sqs.us-east-1.amazonaws.com/123456789012/none") is None


@MOTO
def test_hand_that_moto_refuses(cloudcontrol: CloudControl) -> None:
    """What can't be placed or removed is refused."""
    with pytest.raises(OptionError, match="False for AWS::SQS::Queue, whose resources are moto's"):
        cloudcontrol.resources.put(QUEUE, {"QueueName": "a"}, as_read=True)
    with pytest.raises(OptionError, match="an existing AWS::SQS::Queue; there are: none"):
        cloudcontrol.resources.delete(QUEUE, "https://sqs.us-east-1.amazonaws.com/123456789012/none")


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
