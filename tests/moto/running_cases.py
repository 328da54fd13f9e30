"""The cases of what runs code and who may: Lambda, Step Functions, IAM and KMS."""

from __future__ import annotations

from typing import Final

from type_cases import (
    OTHER_TAGS,
    READING,
    ROLE,
    TAGS,
    WRITING,
    TypeCase,
    kept_since,
    native,
)

TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
OTHER_TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
PASS: Final = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'
WAIT: Final = '{"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 3, "End": true}}}'


def _role_by_others() -> str:
    native("iam", "create_role", RoleName="theirs", AssumeRolePolicyDocument="{}")
    return "theirs"


def _role_changed(name: str) -> tuple[str, object]:
    native("iam", "update_role", RoleName=name, Description="changed")
    return "Description", "changed"


def _policies() -> None:
    for name, document in (("reading", READING), ("writing", WRITING)):
        native("iam", "create_policy", PolicyName=name, PolicyDocument=str(document).replace("'", '"'))


_POLICY: Final = "arn:aws:iam::123456789012:policy/"
IAM_ROLE: Final = TypeCase(
    "AWS::IAM::Role",
    {"RoleName": "ours", "AssumeRolePolicyDocument": TRUST},
    {
        "AssumeRolePolicyDocument": (TRUST, OTHER_TRUST),
        "Description": ("one", "another"),
        "MaxSessionDuration": (7200, 10800),
        "PermissionsBoundary": (f"{_POLICY}reading", f"{_POLICY}writing"),
        "ManagedPolicyArns": ([f"{_POLICY}reading"], [f"{_POLICY}writing"]),
        "Policies": (
            [{"PolicyName": "a", "PolicyDocument": READING}, {"PolicyName": "b", "PolicyDocument": READING}],
            [{"PolicyName": "b", "PolicyDocument": WRITING}, {"PolicyName": "c", "PolicyDocument": READING}],
        ),
        "Tags": (TAGS, OTHER_TAGS),
    },
    _role_by_others,
    _role_changed,
    lambda name: name in [role["RoleName"] for role in native("iam", "list_roles")["Roles"]],
    lasting=("AssumeRolePolicyDocument",),
    fixed={"Path": "/shop/"},
    prepare=_policies,
)


def _key_changed(key: str) -> tuple[str, object]:
    native("kms", "update_key_description", KeyId=key, Description="changed")
    return "Description", "changed"


def _key_is_there(key: str) -> bool:
    found = [native("kms", "describe_key", KeyId=listed["KeyId"]) for listed in native("kms", "list_keys")["Keys"]]
    return key in [one["KeyMetadata"]["KeyId"] for one in found if one["KeyMetadata"]["KeyState"] != "PendingDeletion"]


_KEY_POLICY: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}
    ],
}
KEY: Final = TypeCase(
    "AWS::KMS::Key",
    {"KeyPolicy": _KEY_POLICY},
    {
        "Description": ("one", "another"),
        "Enabled": (False, True),
        "EnableKeyRotation": (True, False),
        "KeyPolicy": (_KEY_POLICY, {**_KEY_POLICY, "Id": "other"}),
        "Tags": (TAGS, OTHER_TAGS),
    },
    lambda: str(native("kms", "create_key")["KeyMetadata"]["KeyId"]),
    _key_changed,
    _key_is_there,
    lasting=("KeyPolicy",),
    fixed={"KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "MultiRegion": True, "Origin": "AWS_KMS"},
    named=False,
)


def _machine_changed(arn: str) -> tuple[str, object]:
    native("stepfunctions", "update_state_machine", stateMachineArn=arn, definition=WAIT)
    return "DefinitionString", WAIT


MACHINE: Final = TypeCase(
    "AWS::StepFunctions::StateMachine",
    {"StateMachineName": "ours", "RoleArn": ROLE, "DefinitionString": PASS},
    {
        "DefinitionString": (PASS, WAIT),
        "LoggingConfiguration": (
            {"Level": "ALL", "IncludeExecutionData": True},
            {"Level": "OFF", "IncludeExecutionData": False},
        ),
        "RoleArn": (ROLE, f"{ROLE}-2"),
        "TracingConfiguration": ({"Enabled": True}, {"Enabled": False}),
        "Tags": (TAGS, OTHER_TAGS),
    },
    lambda: str(
        native("stepfunctions", "create_state_machine", name="theirs", roleArn=ROLE, definition=PASS)["stateMachineArn"]
    ),
    _machine_changed,
    lambda arn: (
        arn in [found["stateMachineArn"] for found in native("stepfunctions", "list_state_machines")["stateMachines"]]
    ),
    lasting=("DefinitionString", "RoleArn"),
    **kept_since((5, 2, 5), {"StateMachineType": "EXPRESS"}),
)


def _function(name: str) -> str:
    code = {"ZipFile": b"PK\x05\x06" + bytes(18)}
    native("lambda", "create_function", FunctionName=name, Role=ROLE, Code=code, Runtime="python3.12", Handler="a.b")
    return name


def _function_changed(name: str) -> tuple[str, object]:
    native("lambda", "update_function_configuration", FunctionName=name, Timeout=77)
    return "Timeout", 77


def _runner_role() -> None:
    for name in ("runner", "runner-2"):
        native("iam", "create_role", RoleName=name, AssumeRolePolicyDocument="{}")


FUNCTION: Final = TypeCase(
    "AWS::Lambda::Function",
    {
        "FunctionName": "ours",
        "Role": ROLE,
        "Code": {"ZipFile": "def run(event, context): pass"},
        "Runtime": "python3.12",
        "Handler": "index.run",
    },
    {
        "Description": ("one", "another"),
        "Environment": ({"Variables": {"STAGE": "test", "NAME": "b"}}, {"Variables": {"STAGE": "live"}}),
        "EphemeralStorage": ({"Size": 1024}, {"Size": 1024}),
        "Handler": ("index.run", "index.go"),
        "MemorySize": (256, 512),
        "ReservedConcurrentExecutions": (3, 4),
        "Role": (ROLE, f"{ROLE}-2"),
        "Runtime": ("python3.12", "python3.13"),
        "Timeout": (5, 6),
        "TracingConfig": ({"Mode": "Active"}, {"Mode": "Active"}),
        "Tags": (TAGS, OTHER_TAGS),
    },
    lambda: _function("theirs"),
    _function_changed,
    lambda name: name in [found["FunctionName"] for found in native("lambda", "list_functions")["Functions"]],
    lasting=("EphemeralStorage", "Handler", "Role", "Runtime", "TracingConfig"),
    **kept_since(
        (5, 2, 4),
        {"KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/a"},
        fixed={
            "Architectures": ["arm64"],
            "CodeSigningConfigArn": "arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-00000000000000000",
            "PackageType": "Zip",
        },
        dropped={"DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:a"}},
    ),
    prepare=_runner_role,
)
