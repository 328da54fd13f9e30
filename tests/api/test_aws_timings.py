"""Ready-made timings: how long requests take after ``use_aws_timings()``."""

from __future__ import annotations

import json
import runpy
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from botocore.exceptions import WaiterError
from files import ROOT
from mock_time import START
from resource_types import LOG_GROUP, QUEUE
from shop import statuses

from pytest_cloudcontrol import CloudControl, NoProgressError, Operation
from pytest_cloudcontrol.schemas.catalog import Catalog
from pytest_cloudcontrol.schemas.timings import Timing, known_timings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import ResourceRequest

pytestmark = pytest.mark.cloudcontrol(start=START)

BROKER: Final = "AWS::AmazonMQ::Broker"
CACHE: Final = "AWS::ElastiCache::ReplicationGroup"
CLUSTER: Final = "AWS::MSK::Cluster"

STATES: Final[Mapping[str, Mapping[str, object]]] = {
    LOG_GROUP: {"LogGroupName": "app", "RetentionInDays": 1, "Tags": [{"Key": "team", "Value": "blue"}]},
    BROKER: {
        "BrokerName": "b",
        "DeploymentMode": "SINGLE_INSTANCE",
        "EngineType": "RABBITMQ",
        "HostInstanceType": "mq.m5.large",
        "PubliclyAccessible": False,
    },
    "AWS::CertificateManager::Certificate": {"DomainName": "example.com"},
    "AWS::CloudFront::Distribution": {
        "DistributionConfig": {
            "Enabled": True,
            "Origins": [{"Id": "o", "DomainName": "example.com"}],
            "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"},
        }
    },
    "AWS::DirectoryService::MicrosoftAD": {
        "Name": "corp.example.com",
        "VpcSettings": {"SubnetIds": ["subnet-1", "subnet-2"], "VpcId": "vpc-1"},
    },
    "AWS::DirectoryService::SimpleAD": {
        "Name": "corp.example.com",
        "Size": "Small",
        "VpcSettings": {"SubnetIds": ["subnet-1", "subnet-2"], "VpcId": "vpc-1"},
    },
    "AWS::EC2::NatGateway": {"SubnetId": "subnet-1"},
    "AWS::EC2::VPCEndpoint": {"VpcId": "vpc-1", "ServiceName": "com.amazonaws.us-east-1.sqs"},
    "AWS::EKS::Cluster": {
        "Name": "c",
        "RoleArn": "arn:aws:iam::123456789012:role/eks",
        "ResourcesVpcConfig": {"SubnetIds": ["subnet-1", "subnet-2"]},
    },
    "AWS::EKS::Nodegroup": {
        "ClusterName": "c",
        "NodeRole": "arn:aws:iam::123456789012:role/node",
        "Subnets": ["subnet-1"],
    },
    "AWS::ElastiCache::CacheCluster": {"CacheNodeType": "cache.t3.micro", "Engine": "memcached", "NumCacheNodes": 1},
    CACHE: {"ReplicationGroupDescription": "sessions"},
    "AWS::ElastiCache::ServerlessCache": {"ServerlessCacheName": "s", "Engine": "valkey"},
    CLUSTER: {
        "ClusterName": "m",
        "KafkaVersion": "3.6.0",
        "NumberOfBrokerNodes": 2,
        "BrokerNodeGroupInfo": {"ClientSubnets": ["subnet-1", "subnet-2"], "InstanceType": "kafka.m5.large"},
    },
    "AWS::OpenSearchService::Domain": {"DomainName": "search"},
    "AWS::RDS::DBCluster": {"Engine": "aurora-mysql"},
    "AWS::RDS::DBInstance": {"DBInstanceClass": "db.t3.micro"},
    "AWS::Redshift::Cluster": {
        "ClusterType": "single-node",
        "DBName": "d",
        "MasterUsername": "u",
        "NodeType": "ra3.large",
    },
}
"""A desired state of each type whose time is known."""

CHANGES: Final = {
    LOG_GROUP: {"op": "replace", "path": "/RetentionInDays", "value": 7},
    "AWS::CloudFront::Distribution": {"op": "replace", "path": "/DistributionConfig/Enabled", "value": False},
    "AWS::OpenSearchService::Domain": {"op": "add", "path": "/Tags", "value": [{"Key": "team", "Value": "blue"}]},
}


def create(client: CloudControlApiClient, type_name: str) -> str:
    """Ask for a resource of a type; return the request's token."""
    answer = client.create_resource(TypeName=type_name, DesiredState=json.dumps(STATES[type_name]))
    return answer["ProgressEvent"]["RequestToken"]


def ask(cloudcontrol: CloudControl, client: CloudControlApiClient, timing: Timing) -> ResourceRequest:
    """Ask for an operation on a resource, which for an update or a delete is there already; return the request."""
    if timing.operation is Operation.CREATE:
        create(client, timing.type_name)
        return cloudcontrol.requests.last
    identifier = cloudcontrol.resources.put(timing.type_name, STATES[timing.type_name])
    if timing.operation is Operation.UPDATE:
        patch = json.dumps([CHANGES[timing.type_name]])
        client.update_resource(TypeName=timing.type_name, Identifier=identifier, PatchDocument=patch)
    else:
        client.delete_resource(TypeName=timing.type_name, Identifier=identifier)
    return cloudcontrol.requests.last


def by_type_and_operation(timing: Timing) -> str:
    """Return what a test of a timing is called."""
    return f"{timing.type_name} {timing.operation}"


# How long requests take


@pytest.mark.fidelity("T-2")
@pytest.mark.parametrize("timing", known_timings(), ids=by_type_and_operation)
def test_known_timing(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, timing: Timing) -> None:
    """Each operation whose time is known takes that time, from its first handler call to the last."""
    cloudcontrol.use_aws_timings()
    request = ask(cloudcontrol, cloudcontrol_client, timing).run()
    assert request.status == "SUCCESS"
    assert request.steps == timing.steps == len(request.events) - 1
    taken = request.last_event.event_time - request.events[1].event_time
    assert abs(taken - timing.length) < timedelta(milliseconds=2)  # of whole milliseconds


@pytest.mark.fidelity("T-2")
def test_create_of_a_log_group(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A log group takes four calls, at the instants recorded."""
    cloudcontrol.use_aws_timings()
    create(cloudcontrol_client, LOG_GROUP)
    assert statuses(cloudcontrol.requests.last.run()) == [
        (0, "IN_PROGRESS"),
        (0.167, "IN_PROGRESS"),
        (1.359, "IN_PROGRESS"),
        (6.537, "IN_PROGRESS"),
        (8.674, "SUCCESS"),
    ]


@pytest.mark.fidelity("T-2")
@pytest.mark.parametrize(("operation", "time"), [("UPDATE", 0.214), ("DELETE", 0.273)])
def test_update_and_delete_of_a_log_group(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, operation: str, time: float
) -> None:
    """An update and a delete of a log group take one call, at the instant recorded."""
    cloudcontrol.use_aws_timings()
    (timing,) = [each for each in known_timings() if (each.type_name, each.operation) == (LOG_GROUP, operation)]
    request = ask(cloudcontrol, cloudcontrol_client, timing).run()
    assert statuses(request) == [(0, "IN_PROGRESS"), (time, "SUCCESS")]


def test_waiter_as_it_is(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """The waiter of Cloud Control gives up after two minutes, as it does in AWS, and the request goes on."""
    cloudcontrol.use_aws_timings()
    token = create(cloudcontrol_client, CLUSTER)
    with pytest.raises(WaiterError, match="Max attempts exceeded"):
        cloudcontrol_client.get_waiter("resource_request_success").wait(RequestToken=token)
    assert cloudcontrol.requests.last.status == "IN_PROGRESS"


def test_waiter_with_patience(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A waiter that waits long enough sees the end, at its own next poll."""
    cloudcontrol.use_aws_timings()
    token = create(cloudcontrol_client, CLUSTER)
    waiter = cloudcontrol_client.get_waiter("resource_request_success")
    waiter.wait(RequestToken=token, WaiterConfig={"Delay": 30, "MaxAttempts": 60})
    assert cloudcontrol.clock.now() - START == timedelta(minutes=18)


def test_loop_that_polls(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A bare loop ends at the instant of the last handler call."""
    cloudcontrol.use_aws_timings()
    token = create(cloudcontrol_client, CACHE)
    status = "IN_PROGRESS"
    while status == "IN_PROGRESS":
        answer = cloudcontrol_client.get_resource_request_status(RequestToken=token)
        status = answer["ProgressEvent"]["OperationStatus"]
    assert (status, cloudcontrol.clock.now() - START) == ("SUCCESS", timedelta(minutes=5, seconds=0.2))


@pytest.mark.cloudcontrol(max_steps=20)
def test_fewer_steps_than_it_takes(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """The option max_steps bounds the handler calls of slow types too."""
    cloudcontrol.use_aws_timings()
    create(cloudcontrol_client, CLUSTER)
    with pytest.raises(NoProgressError):
        cloudcontrol.clock.advance(timedelta(hours=1))
    assert cloudcontrol.requests.last.steps == 20


# Whose they are


@pytest.mark.parametrize(
    ("type_name", "uses_timings"), [(QUEUE, True), (LOG_GROUP, False)], ids=["unknown type", "not used"]
)
def test_other_requests(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient, type_name: str, *, uses_timings: bool
) -> None:
    """A type of which nothing is known, and every type where a test doesn't use the timings, keeps the defaults."""
    if uses_timings:
        cloudcontrol.use_aws_timings()
    state = json.dumps(STATES.get(type_name, {}))
    cloudcontrol_client.create_resource(TypeName=type_name, DesiredState=state)
    assert [time for time, _ in statuses(cloudcontrol.requests.last.run())] == [0, 0.2, 1.2]


def test_operation_of_which_nothing_is_known(
    cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """Of a type of which one operation's time is known the others keep the defaults."""
    cloudcontrol.use_aws_timings()
    identifier = cloudcontrol.resources.put(CACHE, STATES[CACHE])
    cloudcontrol_client.delete_resource(TypeName=CACHE, Identifier=identifier)
    assert [time for time, _ in statuses(cloudcontrol.requests.last.run())] == [0, 0.2]


def test_request_accepted_before(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A request that was accepted before keeps its pace."""
    create(cloudcontrol_client, CACHE)
    timings = cloudcontrol.use_aws_timings()
    assert (cloudcontrol.requests.last.run().steps, timings.fired) == (2, 0)


# Plans of the test's own


@pytest.mark.parametrize("first", ["plan", "timings"])
@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(lambda cloudcontrol: cloudcontrol.plan(steps=3, delay=7), id="of all"),
        pytest.param(lambda cloudcontrol: cloudcontrol.plan(CACHE, "CREATE", steps=3, delay=7), id="of just these"),
    ],
)
def test_own_plan_wins(
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
    plan: Callable[[CloudControl], object],
    first: str,
) -> None:
    """A plan of the test's own wins, however wide it is, and whichever was arranged first."""
    if first == "plan":
        plan(cloudcontrol)
    timings = cloudcontrol.use_aws_timings()
    if first == "timings":
        plan(cloudcontrol)
    create(cloudcontrol_client, CACHE)
    assert [time for time, _ in statuses(cloudcontrol.requests.last.run())] == [0, 0.2, 7.2, 14.2]
    assert timings.fired == 0


def test_own_plan_of_a_part(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """What a plan doesn't say is left to the timings, which have then set the pace too."""
    plan, timings = cloudcontrol.plan(delay=1), cloudcontrol.use_aws_timings()
    create(cloudcontrol_client, CACHE)
    request = cloudcontrol.requests.last.run()
    assert (request.steps, request.last_event.event_time - START) == (11, timedelta(seconds=10.2))
    assert (plan.fired, timings.fired) == (1, 1)


# The handle


def test_fired(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """The handle counts the requests for which the timings set the pace."""
    timings = cloudcontrol.use_aws_timings()
    create(cloudcontrol_client, CACHE)
    create(cloudcontrol_client, LOG_GROUP)
    cloudcontrol_client.create_resource(TypeName=QUEUE, DesiredState="{}")
    assert (timings.fired, repr(timings)) == (2, "<use_aws_timings(), fired 2 times>")


def test_twice(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Using them twice does nothing more: both handles are of the same timings."""
    first, second = cloudcontrol.use_aws_timings(), cloudcontrol.use_aws_timings()
    create(cloudcontrol_client, CACHE)
    assert (first.fired, second.fired) == (1, 1)
    first.remove()
    create(cloudcontrol_client, CACHE)
    assert (cloudcontrol.requests.last.run().steps, second.fired) == (2, 1)


def test_again_after_removal(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Timings that were taken back can be used again, counting anew; the old handle has no power over them."""
    old = cloudcontrol.use_aws_timings()
    create(cloudcontrol_client, CACHE)
    old.remove()
    new = cloudcontrol.use_aws_timings()
    old.remove()
    create(cloudcontrol_client, CACHE)
    assert (cloudcontrol.requests.last.run().steps, old.fired, new.fired) == (11, 1, 1)


def test_reset_takes_them_away(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """After a reset all types keep the defaults."""
    cloudcontrol.use_aws_timings()
    cloudcontrol.reset()
    create(cloudcontrol_client, CACHE)
    assert cloudcontrol.requests.last.run().steps == 2


# What is known


def test_every_timing_is_of_something_that_can_be_asked() -> None:
    """Each is of an operation that the type's schema has, shorter than its time-out, and each once."""
    catalog = Catalog()
    for timing in known_timings():
        resource_type = catalog.find(timing.type_name)
        assert resource_type is not None, timing
        assert timing.operation in {*map(str, resource_type.handlers)}, timing
        assert timing.length < resource_type.timeout(timing.operation), timing
    known = [(timing.type_name, timing.operation) for timing in known_timings()]
    assert sorted(known) == sorted(set(known))


def test_every_timing_has_a_source() -> None:
    """Each documented figure has an address and what is said there; each has either calls or a range."""
    for timing in known_timings():
        assert timing.says, timing
        assert timing.source.startswith("https://") or timing.calls, timing
        assert not (timing.calls and timing.minutes), timing
        assert timing.minutes is None or 0 < timing.minutes[0] <= timing.minutes[1], timing


def test_the_page_is_up_to_date() -> None:
    """docs/timings.md is what tools/write_timings.py makes of the data."""
    made = runpy.run_path(str(ROOT / "tools" / "write_timings.py"))["page"]()
    is_up_to_date = (ROOT / "docs" / "timings.md").read_text(encoding="utf-8") == made
    assert is_up_to_date, "docs/timings.md isn't up to date: run python tools/write_timings.py"


# Time-outs


SLOW: Final = {
    "typeName": "Acme::Slow::Thing",
    "properties": {"Name": {"type": "string"}},
    "primaryIdentifier": ["/properties/Name"],
    "handlers": {"create": {"timeoutInMinutes": 5}, "read": {}, "delete": {}},
}


def slow_create(cloudcontrol: CloudControl, client: CloudControlApiClient) -> ResourceRequest:
    """Ask for a thing whose create takes far longer than its type's schema allows."""
    cloudcontrol.add_type(SLOW)
    cloudcontrol.plan("Acme::Slow::Thing", steps=100, delay=50)
    client.create_resource(TypeName="Acme::Slow::Thing", DesiredState='{"Name": "one"}')
    return cloudcontrol.requests.last


@pytest.mark.fidelity("T-1")
def test_handler_that_takes_too_long(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A handler that hasn't ended in the time of its type's schema fails as NotStabilized; what it did stays."""
    cloudcontrol.use_aws_timings()
    request = slow_create(cloudcontrol, cloudcontrol_client).run()
    assert (request.error_code, request.status_message) == ("NotStabilized", "Exceeded attempts to wait")
    assert request.last_event.event_time - request.events[1].event_time == timedelta(minutes=5)
    assert request.steps == 6
    assert len(cloudcontrol.resources) == 1


@pytest.mark.fidelity("T-1")
def test_no_time_out_without_timings(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Without AWS's timings no handler takes too long."""
    assert slow_create(cloudcontrol, cloudcontrol_client).run().status == "SUCCESS"


@pytest.mark.fidelity("T-1")
def test_usual_time_out(cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """A schema that says nothing gives a handler two hours."""
    cloudcontrol.use_aws_timings()
    cloudcontrol.plan(steps=500, delay=60)
    create(cloudcontrol_client, LOG_GROUP)
    cloudcontrol.clock.advance(timedelta(hours=3))
    request = cloudcontrol.requests.last
    assert request.error_code == "NotStabilized"
    assert request.last_event.event_time - request.events[1].event_time == timedelta(hours=2)
