"""botocore's own data is read once for all sessions that tests make inside a mock, and nobody sees a difference."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import boto3
import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointProviderError, UnknownServiceError
from botocore.loaders import JSONFileLoader, Loader
from shop_model import SHOP_MODEL

from pytest_cloudcontrol import mock_cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MODEL: Final = f"{Loader.BUILTIN_DATA_PATH}/sqs/2012-11-05/service-2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of botocore's data with one service, that of a shop."""
    place = tmp_path / "shop" / "2026-01-01"
    place.mkdir(parents=True)
    (place / "service-2.json").write_text(json.dumps(SHOP_MODEL))
    return tmp_path


def test_own_files_are_read_once() -> None:
    """Inside a mock a file of botocore's own is read for the first session only."""
    with mock_cloudcontrol():
        first = JSONFileLoader().load_file(MODEL)
    with mock_cloudcontrol():
        assert JSONFileLoader().load_file(MODEL) is first


def test_nothing_is_shared_outside() -> None:
    """Outside, each session reads for itself, and the same."""
    with mock_cloudcontrol():
        shared = JSONFileLoader().load_file(MODEL)
    own = JSONFileLoader().load_file(MODEL)
    assert own == shared
    assert own is not shared
    assert JSONFileLoader().load_file(MODEL) is not own


def test_loader_that_changes_what_it_reads() -> None:
    """A loader of another class, as moto has one, reads for itself: what it changes reaches nobody else."""

    class Changing(Loader):
        def _find_extras(self, *_: str) -> Iterator[dict[str, object]]:
            yield {"merge": {"metadata": {"changed": True}}}

    with mock_cloudcontrol():
        changed = Changing().load_service_model("sqs", "service-2")
        assert changed["metadata"]["changed"]
        assert "changed" not in Loader().load_service_model("sqs", "service-2")["metadata"]
        assert "changed" not in JSONFileLoader().load_file(MODEL)["metadata"]


def test_services_are_the_same() -> None:
    """A session inside a mock has the services that one outside has."""
    outside = botocore.session.Session().get_available_services()
    with mock_cloudcontrol():
        assert botocore.session.Session().get_available_services() == outside


def test_folder_added_by_a_variable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data in a folder that AWS_DATA_PATH comes to name is found, in each test for itself."""
    with mock_cloudcontrol(), monkeypatch.context() as inside:
        inside.setenv("AWS_DATA_PATH", str(folder))
        assert boto3.Session().client("shop", region_name="eu-west-1").meta.service_model.service_name == "shop"  # type: ignore[call-overload]  # a service of the test's own
    with mock_cloudcontrol(), pytest.raises(UnknownServiceError):
        boto3.Session().client("shop", region_name="eu-west-1")  # type: ignore[call-overload]  # as above


def test_loader_with_a_folder_of_its_own(folder: Path) -> None:
    """A session whose loader has a further folder finds what is in it, beside botocore's own."""
    with mock_cloudcontrol():
        session = botocore.session.Session()
        session.register_component("data_loader", Loader(extra_search_paths=[str(folder)]))
        assert {"shop", "sqs"} <= set(session.get_available_services())
        assert session.get_service_model("shop").service_id == "Shop"


ADDRESSES: Final[dict[str, Config]] = {
    "plain": Config(),
    "by path": Config(s3={"addressing_style": "path"}),
    "accelerated": Config(s3={"use_accelerate_endpoint": True}),
    "dual stack": Config(use_dualstack_endpoint=True),
    "FIPS": Config(use_fips_endpoint=True),
}


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "cn-north-1"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_endpoints_are_the_same(region: str, address: str) -> None:
    """Rules for endpoints are read once, and find what they find outside: whoever asked before, and for what."""

    def url() -> str:
        client = boto3.Session("key", "secret").client("s3", region_name=region, config=ADDRESSES[address])
        return client.generate_presigned_url("get_object", {"Bucket": "shop-data", "Key": "a"}).partition("?")[0]

    outside = asked(url)
    with mock_cloudcontrol():
        assert [asked(url), asked(url)] == [outside, outside]


def asked(url: Callable[[], str]) -> str:
    """Return a URL, or why there is none."""
    try:
        return url()
    except EndpointProviderError as error:
        return str(error)


def test_rules_of_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules for a service's endpoints in a folder that AWS_DATA_PATH names come before botocore's own."""
    place = tmp_path / "sqs" / "2012-11-05"
    place.mkdir(parents=True)
    rule = {"conditions": [], "type": "endpoint", "endpoint": {"url": "https://queues.example", "properties": {}}}
    rules = {"version": "1.0", "parameters": {}, "rules": [rule]}
    (place / "endpoint-rule-set-1.json").write_text(json.dumps(rules))

    def url() -> str:
        client = boto3.Session("key", "secret").client("sqs", region_name="eu-west-1")
        return client.generate_presigned_url("list_queues").partition("?")[0]

    with mock_cloudcontrol():
        assert url() == "https://sqs.eu-west-1.amazonaws.com/"
        monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
        assert url() == "https://queues.example/"
        monkeypatch.delenv("AWS_DATA_PATH")
        assert url() == "https://sqs.eu-west-1.amazonaws.com/"


def test_missing_file() -> None:
    """A file that botocore doesn't have is missing inside, too."""
    with mock_cloudcontrol():
        assert JSONFileLoader().load_file(f"{MODEL}-none") is None
