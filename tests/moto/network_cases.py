"""The cases of EC2."""

from __future__ import annotations

from typing import Final

from type_cases import (
    OTHER_TAGS,
    TAGS,
    TypeCase,
    native,
)


def _vpc() -> str:
    return str(native("ec2", "create_vpc", CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"])


def _vpc_changed(vpc: str) -> tuple[str, object]:
    native("ec2", "modify_vpc_attribute", VpcId=vpc, EnableDnsHostnames={"Value": True})
    return "EnableDnsHostnames", True


VPC: Final = TypeCase(
    "AWS::EC2::VPC",
    {"CidrBlock": "10.1.0.0/16"},
    {"EnableDnsSupport": (False, True), "EnableDnsHostnames": (True, False), "Tags": (TAGS, OTHER_TAGS)},
    _vpc,
    _vpc_changed,
    lambda vpc: vpc in [found["VpcId"] for found in native("ec2", "describe_vpcs")["Vpcs"]],
    fixed={"InstanceTenancy": "dedicated"},
    named=False,
)


def _default_vpc() -> str:
    vpcs = native("ec2", "describe_vpcs", Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    return str(vpcs[0]["VpcId"])


def _subnet_by_others() -> str:
    return str(native("ec2", "create_subnet", VpcId=_default_vpc(), CidrBlock="172.31.128.0/24")["Subnet"]["SubnetId"])


def _subnet_changed(subnet: str) -> tuple[str, object]:
    native("ec2", "modify_subnet_attribute", SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    return "MapPublicIpOnLaunch", True


SUBNET: Final = TypeCase(
    "AWS::EC2::Subnet",
    {"VpcId": _default_vpc, "CidrBlock": "172.31.129.0/24"},
    {
        "AssignIpv6AddressOnCreation": (True, False),
        "MapPublicIpOnLaunch": (True, False),
        "PrivateDnsNameOptionsOnLaunch": (
            {"EnableResourceNameDnsARecord": True, "EnableResourceNameDnsAAAARecord": False},
            {"EnableResourceNameDnsARecord": False, "EnableResourceNameDnsAAAARecord": False},
        ),
        "Tags": (TAGS, OTHER_TAGS),
    },
    _subnet_by_others,
    _subnet_changed,
    lambda subnet: subnet in [found["SubnetId"] for found in native("ec2", "describe_subnets")["Subnets"]],
    fixed={"AvailabilityZone": "us-east-1b", "Ipv6CidrBlock": "2600:1f18:0:1::/64"},
    named=False,
)


def _security_group_by_others() -> str:
    made = native("ec2", "create_security_group", GroupName="theirs", Description="-", VpcId=_default_vpc())
    return str(made["GroupId"])


def _security_group_changed(group: str) -> tuple[str, object]:
    ports = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    permission = {**ports, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    native("ec2", "authorize_security_group_ingress", GroupId=group, IpPermissions=[permission])
    return "SecurityGroupIngress", [{**ports, "CidrIp": "10.0.0.0/8"}]


_PORTS: Final = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 90}
SECURITY_GROUP: Final = TypeCase(
    "AWS::EC2::SecurityGroup",
    {"GroupName": "ours", "GroupDescription": "-", "VpcId": _default_vpc},
    {
        "SecurityGroupIngress": (
            [{**_PORTS, "CidrIp": "10.0.0.0/8", "Description": "inside"}, {**_PORTS, "CidrIpv6": "::/0"}],
            [{**_PORTS, "CidrIp": "10.1.0.0/16"}, {**_PORTS, "CidrIpv6": "::/0"}],
        ),
        "SecurityGroupEgress": (
            [{**_PORTS, "CidrIp": "10.0.0.0/8"}],
            [{**_PORTS, "CidrIp": "10.1.0.0/16", "Description": "one"}],
        ),
        "Tags": (TAGS, OTHER_TAGS),
    },
    _security_group_by_others,
    _security_group_changed,
    lambda group: group in [found["GroupId"] for found in native("ec2", "describe_security_groups")["SecurityGroups"]],
    named=False,
)


IMAGE: Final = "ami-12c6146b"


def _instance() -> str:
    made = native("ec2", "run_instances", ImageId=IMAGE, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    return str(made["Instances"][0]["InstanceId"])


def _instance_changed(instance: str) -> tuple[str, object]:
    native("ec2", "modify_instance_attribute", InstanceId=instance, SourceDestCheck={"Value": False})
    return "SourceDestCheck", False


def _instance_is_there(instance: str) -> bool:
    found = native("ec2", "describe_instances")["Reservations"]
    there = [one for reservation in found for one in reservation["Instances"] if one["State"]["Name"] == "running"]
    return instance in [one["InstanceId"] for one in there]


INSTANCE: Final = TypeCase(
    "AWS::EC2::Instance",
    {"ImageId": IMAGE, "InstanceType": "t3.micro"},
    {
        "DisableApiTermination": (True, False),
        "InstanceType": ("t3.micro", "t3.small"),
        "MetadataOptions": ({"HttpTokens": "required"}, {"HttpTokens": "optional", "HttpPutResponseHopLimit": 2}),
        "SourceDestCheck": (False, True),
        "Tags": (TAGS, OTHER_TAGS),
    },
    _instance,
    _instance_changed,
    _instance_is_there,
    lasting=("InstanceType", "MetadataOptions"),
    fixed={
        "AvailabilityZone": "us-east-1a",
        "EbsOptimized": True,
        "HibernationOptions": {"Configured": True},
        "HostId": "h-0123456789abcdef0",
        "InstanceInitiatedShutdownBehavior": "terminate",
        "Monitoring": True,
        "PrivateIpAddress": "172.31.0.77",
        "UserData": "ZWNobyBoaQ==",
    },
    named=False,
)
