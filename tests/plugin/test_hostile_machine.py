"""The examples, as a user runs them, on a machine whose settings would disturb every one of them elsewhere."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

import pytest
from files import ROOT

if TYPE_CHECKING:
    from pathlib import Path

NOWHERE: Final = "http://127.0.0.1:9"
CONFIG: Final = f"""
[default]
region = ap-south-1
credential_process = touch {{trace}}
sso_session = company
sso_account_id = 111111111111
sso_role_name = administrator
endpoint_url = {NOWHERE}
services = local
retry_mode = adaptive
max_attempts = 1
parameter_validation = false
defaults_mode = auto
use_fips_endpoint = true
use_dualstack_endpoint = true
ca_bundle = /does/not/exist
cli_pager = no-such-pager
s3 =
    addressing_style = path
    signature_version = s3

[profile assumed]
region = eu-north-1
role_arn = arn:aws:iam::222222222222:role/administrator
source_profile = default
mfa_serial = arn:aws:iam::222222222222:mfa/somebody

[sso-session company]
sso_region = eu-west-1
sso_start_url = {NOWHERE}

[services local]
cloudcontrol =
    endpoint_url = {NOWHERE}
"""
CREDENTIALS: Final = """
[default]
aws_access_key_id = AKIAOFTHEMACHINE
aws_secret_access_key = of the machine
"""
VARIABLES: Final = {
    "AWS_ACCESS_KEY_ID": "AKIAOFTHEMACHINE",
    "AWS_SECRET_ACCESS_KEY": "of the machine",
    "AWS_SESSION_TOKEN": "of the machine",
    "AWS_REGION": "ap-south-1",
    "AWS_DEFAULT_REGION": "sa-east-1",
    "AWS_ENDPOINT_URL": NOWHERE,
    "AWS_ENDPOINT_URL_CLOUDCONTROL": NOWHERE,
    "AWS_RETRY_MODE": "adaptive",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_DEFAULTS_MODE": "auto",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_DATA_PATH": "~/.aws/models",
    "AWS_CA_BUNDLE": "/does/not/exist",
    "HTTP_PROXY": NOWHERE,
    "HTTPS_PROXY": NOWHERE,
}
ROLES: Final = {
    "AWS_EC2_METADATA_DISABLED": "false",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT": NOWHERE,
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": NOWHERE,
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/does/not/exist",
    "AWS_ROLE_ARN": "arn:aws:iam::222222222222:role/administrator",
}

_OF_OTHER_SERVICES: Final = (
    "test_resource_provider.py",
    "test_resources_that_work.py",
    "test_the_javascript_one.py",
    "test_the_shell_script.py",
    "test_with_moto.py",
)
"""The examples with clients of other services, which such a machine does disturb, and those with programs beside."""


@pytest.fixture
def trace(pytester: pytest.Pytester) -> Path:
    """Have a home with hostile files; return the file that exists once a process was run for credentials."""
    trace = pytester.path / "process-was-run"
    aws = pytester.path / ".aws"  # pytester's folder is the home of its runs
    model = aws / "models" / "cloudcontrol" / "2021-09-30" / "service-2.json"
    model.parent.mkdir(parents=True)
    for broken in (model, aws / "models" / "endpoints.json", aws / "models" / "_retry.json", pytester.path / ".boto"):
        broken.write_text("{broken", encoding="utf-8")
    (aws / "config").write_text(CONFIG.format(trace=trace), encoding="utf-8")
    (aws / "credentials").write_text(CREDENTIALS, encoding="utf-8")
    return trace


@pytest.mark.slow
@pytest.mark.parametrize(
    "variables",
    [
        pytest.param({}, id="files"),
        pytest.param(VARIABLES | ROLES | {"AWS_PROFILE": "assumed"}, id="variables"),
        pytest.param(ROLES | {"AWS_PROFILE": "missing", "AWS_DEFAULT_PROFILE": "missing"}, id="missing profile"),
    ],
)
def test_examples(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, trace: Path, variables: dict[str, str]
) -> None:
    """Every example passes but the one with other services, whose clients have the machine's settings as ever."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    files = [path for path in (ROOT / "examples").glob("test_*.py") if path.name not in _OF_OTHER_SERVICES]
    for path in files:
        shutil.copy(path, pytester.path)
    result = pytester.runpytest_subprocess("-p", "pytest_cloudcontrol", "-W", "error", "--strict-markers")
    outcomes = result.parseoutcomes()
    assert outcomes == {"passed": outcomes.get("passed", len(files))}
    assert not trace.exists()
