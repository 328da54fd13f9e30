"""The cases of properties that name other resources, which have to be there first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from bucket_cases import ACCOUNT, ZIPPED
from network_cases import IMAGE, INSTANCE, SUBNET
from running_cases import FUNCTION, MACHINE, PASS
from storage_cases import REPOSITORY
from type_cases import ROLE, native

# ---------------------------------------------------------------------- EC2


def _default_vpc() -> str:
    vpcs = native("ec2", "describe_vpcs", Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    return str(vpcs[0]["VpcId"])


def _default_subnet() -> str:
    wanted = [{"Name": "availability-zone", "Values": ["us-east-1a"]}]
    return str(native("ec2", "describe_subnets", Filters=wanted)["Subnets"][0]["SubnetId"])


def _security_groups(*names: str) -> list[str]:
    wanted = [{"Name": "group-name", "Values": list(names)}]
    return [
        str(group["GroupId"]) for group in native("ec2", "describe_security_groups", Filters=wanted)["SecurityGroups"]
    ]


def _make_security_groups() -> None:
    for name in ("inside", "outside"):
        native("ec2", "create_security_group", GroupName=name, Description="-", VpcId=_default_vpc())


def _subnet_by_others() -> str:
    block, zone = "172.31.128.0/24", "use1-az4"
    made = native("ec2", "create_subnet", VpcId=_default_vpc(), CidrBlock=block, AvailabilityZoneId=zone)
    return str(made["Subnet"]["SubnetId"])


def _subnet_seen(subnet: str) -> dict[str, Any]:
    [found] = native("ec2", "describe_subnets", SubnetIds=[subnet])["Subnets"]
    return {"AvailabilityZoneId": found["AvailabilityZoneId"]}


SUBNET_BY_ZONE_ID: Final = replace(
    SUBNET,
    properties={},
    fixed={"AvailabilityZoneId": "use1-az4"},
    made_by_others=_subnet_by_others,
    seen_by_others=_subnet_seen,
    theirs={"AvailabilityZoneId": "use1-az4"},
)


def _surroundings() -> None:
    _make_security_groups()
    native("ec2", "create_key_pair", KeyName="shop")
    for name in ("clerk", "porter"):
        native("iam", "create_instance_profile", InstanceProfileName=name)


def _instance_by_others() -> str:
    return _instance(
        InstanceType="t3.micro",
        IamInstanceProfile={"Name": "porter"},
        KeyName="shop",
        SecurityGroupIds=_security_groups("outside"),
        SubnetId=_default_subnet(),
    )


def _instance(**given: object) -> str:
    """Make one instance as others do, and return its id."""
    made = native("ec2", "run_instances", MinCount=1, MaxCount=1, ImageId=IMAGE, **given)
    return str(made["Instances"][0]["InstanceId"])


def _instance_changed(instance: str) -> tuple[str, object]:
    native("ec2", "associate_iam_instance_profile", InstanceId=instance, IamInstanceProfile={"Name": "porter"})
    return "IamInstanceProfile", "porter"


def _groups_changed(instance: str) -> tuple[str, object]:
    groups = _security_groups("outside")
    native("ec2", "modify_instance_attribute", InstanceId=instance, Groups=groups)
    return "SecurityGroupIds", groups


def _instance_seen(instance: str) -> dict[str, Any]:
    [found] = native("ec2", "describe_instances", InstanceIds=[instance])["Reservations"][0]["Instances"]
    return {
        "IamInstanceProfile": found["IamInstanceProfile"]["Arn"].rpartition("/")[2],
        "KeyName": found["KeyName"],
        "SecurityGroupIds": [group["GroupId"] for group in found["SecurityGroups"]],
        "SubnetId": found["SubnetId"],
    }


ATTACHED_INSTANCE: Final = replace(
    INSTANCE,
    properties={
        "IamInstanceProfile": ("clerk", "porter"),
        "SecurityGroupIds": (lambda: _security_groups("inside"), lambda: _security_groups("inside", "outside")),
    },
    lasting=("SecurityGroupIds",),
    fixed={"KeyName": "shop", "SubnetId": _default_subnet},
    prepare=_surroundings,
    made_by_others=_instance_by_others,
    changed_by_others=_instance_changed,
    seen_by_others=_instance_seen,
    theirs={
        "IamInstanceProfile": "porter",
        "KeyName": "shop",
        "SecurityGroupIds": lambda: _security_groups("outside"),
        "SubnetId": _default_subnet,
    },
)
GUARDED_INSTANCE: Final = replace(
    ATTACHED_INSTANCE, properties={}, seen_by_others=lambda _: {}, changed_by_others=_groups_changed
)


def _template() -> None:
    data = {"InstanceType": "t3.large"}
    native("ec2", "create_launch_template", LaunchTemplateName="web", LaunchTemplateData=data)


def _launched_by_others() -> str:
    device = {"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 30, "DeleteOnTermination": True}}
    template = {"LaunchTemplateName": "web"}
    return _instance(BlockDeviceMappings=[device], LaunchTemplate=template)


def _device_changed(instance: str) -> tuple[str, object]:
    device = {"DeviceName": "/dev/sda1", "Ebs": {"DeleteOnTermination": False}}
    native("ec2", "modify_instance_attribute", InstanceId=instance, BlockDeviceMappings=[device])
    ebs = {"DeleteOnTermination": False, "Encrypted": False, "VolumeSize": 8, "VolumeType": "gp2"}
    return "BlockDeviceMappings", [{"DeviceName": "/dev/sda1", "Ebs": ebs}]


def _launched_as_seen(instance: str) -> dict[str, Any]:
    [found] = native("ec2", "describe_instances", InstanceIds=[instance])["Reservations"][0]["Instances"]
    launched = {tag["Key"].rpartition(":")[2]: tag["Value"] for tag in found["Tags"]}
    [template] = native("ec2", "describe_launch_templates", LaunchTemplateIds=[launched["id"]])["LaunchTemplates"]
    name = template["LaunchTemplateName"]
    return {"LaunchTemplate": {"LaunchTemplateName": name, "Version": launched["version"]}}


def _devices(*, deleted: bool) -> list[dict[str, Any]]:
    first = {"VolumeType": "gp3", "VolumeSize": 50, "Iops": 3000, "Encrypted": True, "KmsKeyId": "alias/shop"}
    second = {"VolumeSize": 9, "DeleteOnTermination": deleted}
    return [{"DeviceName": "/dev/sda1", "Ebs": first}, {"DeviceName": "/dev/sdb", "Ebs": second}]


LAUNCHED_INSTANCE: Final = replace(
    INSTANCE,
    properties={"BlockDeviceMappings": (_devices(deleted=True), _devices(deleted=False))},
    lasting=("BlockDeviceMappings",),
    fixed={"LaunchTemplate": {"LaunchTemplateName": "web", "Version": "1"}},
    prepare=_template,
    made_by_others=_launched_by_others,
    changed_by_others=_device_changed,
    seen_by_others=_launched_as_seen,
    theirs={
        "InstanceType": "t3.large",
        "BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 30, "DeleteOnTermination": True}}],
    },
)


# ---------------------------------------------------------------------- ECR


def _exclusions(*patterns: str) -> list[dict[str, str]]:
    kind, value = "ImageTagMutabilityExclusionFilterType", "ImageTagMutabilityExclusionFilterValue"
    return [{kind: "WILDCARD", value: pattern} for pattern in patterns]


def _natively(*patterns: str) -> dict[str, Any]:
    filters = [{"filterType": "WILDCARD", "filter": pattern} for pattern in patterns]
    return {"imageTagMutability": "IMMUTABLE_WITH_EXCLUSION", "imageTagMutabilityExclusionFilters": filters}


def _repository_by_others() -> str:
    native("ecr", "create_repository", repositoryName="theirs", **_natively("v*"))
    return "theirs"


def _repository_changed(name: str) -> tuple[str, object]:
    native("ecr", "put_image_tag_mutability", repositoryName=name, **_natively("w*", "x*"))
    return "ImageTagMutabilityExclusionFilters", _exclusions("w*", "x*")


def _repository_seen(name: str) -> dict[str, Any]:
    [found] = native("ecr", "describe_repositories", repositoryNames=[name])["repositories"]
    patterns = [one["filter"] for one in found["imageTagMutabilityExclusionFilters"]]
    return {"ImageTagMutabilityExclusionFilters": _exclusions(*patterns)}


EXCLUDING_REPOSITORY: Final = replace(
    REPOSITORY,
    least={
        "RepositoryName": "ours",
        "ImageTagMutability": "MUTABLE_WITH_EXCLUSION",
        "ImageTagMutabilityExclusionFilters": _exclusions("stable"),
    },
    properties={"ImageTagMutabilityExclusionFilters": (_exclusions("latest"), _exclusions("latest", "v*"))},
    lasting=("ImageTagMutabilityExclusionFilters",),  # which this ImageTagMutability requires
    fixed={},
    made_by_others=_repository_by_others,
    changed_by_others=_repository_changed,
    seen_by_others=_repository_seen,
    theirs={"ImageTagMutabilityExclusionFilters": _exclusions("v*")},
)


# ---------------------------------------------------------------------- Lambda


def _layer(name: str) -> str:
    return f"arn:aws:lambda:us-east-1:{ACCOUNT}:layer:{name}:1"


def _network(*groups: str) -> dict[str, Any]:
    return {"SubnetIds": [_default_subnet()], "SecurityGroupIds": _security_groups(*groups)}


def _layers_and_network() -> None:
    _make_security_groups()
    native("iam", "create_role", RoleName="runner", AssumeRolePolicyDocument="{}")
    for name in ("first", "second"):
        native("lambda", "publish_layer_version", LayerName=name, Content={"ZipFile": ZIPPED})


def _function_by_others() -> str:
    native(
        "lambda",
        "create_function",
        FunctionName="theirs",
        Role=ROLE,
        Code={"ZipFile": ZIPPED},
        Runtime="python3.12",
        Handler="a.b",
        Layers=[_layer("second")],
        VpcConfig=_network("outside"),
    )
    return "theirs"


def _layers_changed(name: str) -> tuple[str, object]:
    native("lambda", "update_function_configuration", FunctionName=name, Layers=[_layer("second")])
    return "Layers", [_layer("second")]


def _network_changed(name: str) -> tuple[str, object]:
    native("lambda", "update_function_configuration", FunctionName=name, VpcConfig=_network("outside"))
    return "VpcConfig", _network("outside")


def _function_seen(name: str) -> dict[str, Any]:
    found = native("lambda", "get_function_configuration", FunctionName=name)
    network = {key: found["VpcConfig"][key] for key in ("SubnetIds", "SecurityGroupIds")}
    return {"Layers": [layer["Arn"] for layer in found["Layers"]], "VpcConfig": network}


LAYERED_FUNCTION: Final = replace(
    FUNCTION,
    properties={
        "Layers": ([_layer("first")], [_layer("second"), _layer("first")]),
        "VpcConfig": (lambda: _network("inside"), lambda: _network("inside", "outside")),
    },
    lasting=(),
    fixed={},
    dropped={},
    prepare=_layers_and_network,
    made_by_others=_function_by_others,
    changed_by_others=_layers_changed,
    seen_by_others=_function_seen,
    theirs={"Layers": [_layer("second")], "VpcConfig": lambda: _network("outside")},
)
CONNECTED_FUNCTION: Final = replace(
    LAYERED_FUNCTION, properties={}, seen_by_others=lambda _: {}, changed_by_others=_network_changed
)


# ---------------------------------------------------------------------- StepFunctions


def _encryption(seconds: int) -> dict[str, Any]:
    key = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/shop"
    return {"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": key, "KmsDataKeyReusePeriodSeconds": seconds}


def _encrypted_natively(seconds: int) -> dict[str, Any]:
    return {key[0].lower() + key[1:]: value for key, value in _encryption(seconds).items()}


def _machine_by_others() -> str:
    made = native(
        "stepfunctions",
        "create_state_machine",
        name="theirs",
        roleArn=ROLE,
        definition=PASS,
        encryptionConfiguration=_encrypted_natively(120),
    )
    return str(made["stateMachineArn"])


def _machine_changed(arn: str) -> tuple[str, object]:
    encryption = _encrypted_natively(240)
    native("stepfunctions", "update_state_machine", stateMachineArn=arn, encryptionConfiguration=encryption)
    return "EncryptionConfiguration", _encryption(240)


def _machine_seen(arn: str) -> dict[str, Any]:
    found = native("stepfunctions", "describe_state_machine", stateMachineArn=arn)["encryptionConfiguration"]
    return {"EncryptionConfiguration": {key[0].upper() + key[1:]: value for key, value in found.items()}}


ENCRYPTED_MACHINE: Final = replace(
    MACHINE,
    properties={"EncryptionConfiguration": (_encryption(300), _encryption(600))},
    lasting=(),
    fixed={},
    made_by_others=_machine_by_others,
    changed_by_others=_machine_changed,
    seen_by_others=_machine_seen,
    theirs={"EncryptionConfiguration": _encryption(120)},
)
