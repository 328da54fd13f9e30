"""The machine that all tests and examples run on: whatever somebody has set on theirs, it is a bare one.

``tests/conftest.py`` loads this as a plugin, so that it holds for the examples too.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import botocore.loaders
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX: Final = "AWS_"
_OTHERS: Final = {
    "pythondontwritebytecode",  # or each of the processes that tests start compiles the package anew
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("boto_config", "requests_ca_bundle", "curl_ca_bundle", "ssl_cert_file", "ssl_cert_dir"),
}
_IMAGES: Final = Path(__file__).with_name("images.json")
"""The images that moto's EC2 has here: it makes some 1,300 else, anew for each test that meets it, in 0.1 s or more."""


@pytest.fixture(scope="session", autouse=True)
def _bare_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Have a machine that knows no AWS: no variables, an empty home, and no metadata service; nor a proxy."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in [name for name in os.environ if name.startswith(_PREFIX) or name.lower() in _OTHERS]:
            monkeypatch.delenv(name)
        for name in ("HOME", "USERPROFILE"):
            monkeypatch.setenv(name, str(home))
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("MOTO_AMIS_PATH", str(_IMAGES))
        # botocore has looked for the home already.
        monkeypatch.setattr(botocore.loaders.Loader, "CUSTOMER_DATA_PATH", str(home / ".aws" / "models"))
        yield
