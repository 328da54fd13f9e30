"""The marker ``cloudcontrol``: where it may stand, what it asks for, and how its options come together."""

from __future__ import annotations

import pytest

OPTION_NAMES = (
    "auto_advance, start, seed, region, account_id, max_steps, max_idle_calls, real_signatures, list_page_size, "
    "leave_nothing_running, schemas, provision, patch_sleep"
)

MARKED = {
    "a test": """
        import boto3
        import pytest

        @pytest.mark.cloudcontrol(region="eu-west-1")
        def test_it():
            client = boto3.client("cloudcontrol")
            assert client.meta.region_name == "eu-west-1"
            assert client.list_resource_requests()["ResourceRequestStatusSummaries"] == []
    """,
    "a class": """
        import boto3
        import pytest

        @pytest.mark.cloudcontrol(region="eu-west-1")
        class TestMarked:
            def test_it(self):
                client = boto3.client("cloudcontrol")
                assert client.meta.region_name == "eu-west-1"
                assert client.list_resource_requests()["ResourceRequestStatusSummaries"] == []
    """,
    "a method": """
        import boto3
        import pytest

        class TestMarked:
            @pytest.mark.cloudcontrol(region="eu-west-1")
            def test_it(self):
                client = boto3.client("cloudcontrol")
                assert client.meta.region_name == "eu-west-1"
                assert client.list_resource_requests()["ResourceRequestStatusSummaries"] == []
    """,
    "a module": """
        import boto3
        import pytest

        pytestmark = pytest.mark.cloudcontrol(region="eu-west-1")

        def test_it():
            client = boto3.client("cloudcontrol")
            assert client.meta.region_name == "eu-west-1"
            assert client.list_resource_requests()["ResourceRequestStatusSummaries"] == []
    """,
    "a TestCase": """
        import unittest

        import boto3
        import pytest

        @pytest.mark.cloudcontrol(region="eu-west-1")
        class Marked(unittest.TestCase):
            def setUp(self):
                self.client = boto3.client("cloudcontrol")

            def test_it(self):
                self.assertEqual(self.client.meta.region_name, "eu-west-1")
                self.assertEqual(self.client.list_resource_requests()["ResourceRequestStatusSummaries"], [])
    """,
    "a TestCase's method": """
        import unittest

        import boto3
        import pytest

        class Marked(unittest.TestCase):
            @pytest.mark.cloudcontrol(region="eu-west-1")
            def test_it(self):
                client = boto3.client("cloudcontrol")
                self.assertEqual(client.meta.region_name, "eu-west-1")
                self.assertEqual(client.list_resource_requests()["ResourceRequestStatusSummaries"], [])
    """,
    "a parameter": """
        import boto3
        import pytest

        marked = pytest.param("eu-west-1", marks=pytest.mark.cloudcontrol(region="eu-west-1"))

        @pytest.mark.parametrize("region", [marked])
        def test_it(region):
            client = boto3.client("cloudcontrol")
            assert client.meta.region_name == region
            assert client.list_resource_requests()["ResourceRequestStatusSummaries"] == []
    """,
}


# Where it may stand


@pytest.mark.parametrize("source", [pytest.param(source, id=place) for place, source in MARKED.items()])
def test_places(pytester: pytest.Pytester, source: str) -> None:
    """Wherever the marker stands, its tests are mocked with its options, without naming the fixture."""
    pytester.makepyfile(source)

    result = pytester.runpytest("-W", "error", "--strict-markers")

    result.assert_outcomes(passed=1)


def test_added_by_a_hook(pytester: pytest.Pytester) -> None:
    """A marker that a conftest adds to the collected tests mocks them too."""
    pytester.makeconftest(
        """
        import pytest

        def pytest_collection_modifyitems(items):
            for item in items:
                item.add_marker(pytest.mark.cloudcontrol(region="eu-west-1"))
        """
    )
    pytester.makepyfile(
        """
        import boto3

        def test_it():
            boto3.client("cloudcontrol", region_name="eu-west-1").list_resource_requests()
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=1)


def test_unmarked_tests_are_not_mocked(pytester: pytest.Pytester) -> None:
    """A test beside a marked one, which asks for nothing, is left alone."""
    pytester.makepyfile(
        """
        import boto3
        import botocore.exceptions
        import pytest

        @pytest.mark.cloudcontrol(region="eu-west-1")
        def test_marked():
            boto3.client("cloudcontrol").list_resource_requests()

        def test_unmarked():
            with pytest.raises(botocore.exceptions.NoRegionError):
                boto3.client("cloudcontrol")
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=2)


def test_parametrized_tests(pytester: pytest.Pytester) -> None:
    """Every case of a parametrized test has a mock of its own."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.cloudcontrol(account_id="111122223333")
        @pytest.mark.parametrize("name", ["one", "two", "three"])
        def test_it(name, cloudcontrol, cloudcontrol_client):
            cloudcontrol_client.create_resource(TypeName="AWS::Logs::LogGroup", DesiredState='{"LogGroupName": "app"}')
            assert [request.account_id for request in cloudcontrol.requests] == ["111122223333"]
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=3)


def test_unmarked_cases_are_not_mocked(pytester: pytest.Pytester) -> None:
    """A marked case of a parametrized test leaves the other cases alone."""
    pytester.makepyfile(
        """
        import os

        import pytest

        marked = pytest.param("eu-west-1", marks=pytest.mark.cloudcontrol(region="eu-west-1"))

        @pytest.mark.parametrize("region", [None, marked, None])
        def test_it(region):
            assert os.environ.get("AWS_DEFAULT_REGION") == region
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=3)


# Before what it mocks

RECORDING = """
    import os

    import pytest

    def mocked():
        return os.environ.get("AWS_DEFAULT_REGION") == "eu-west-1"

    @pytest.fixture(autouse=True)
    def surrounding():
        assert mocked()

    @pytest.fixture
    def deployed():
        assert mocked()
        yield
        assert mocked()
"""


@pytest.mark.parametrize(
    "signature",
    [
        "def test_it(deployed): pass",
        "def test_it(deployed, cloudcontrol): pass",
        "def test_it(deployed, cloudcontrol_client): pass",
        "@pytest.mark.usefixtures('deployed')\ndef test_it(): pass",
        "@pytest.mark.parametrize('number', [1])\ndef test_it(number, deployed): pass",
        "class TestIt:\n    def test_it(self, deployed): pass",
    ],
)
def test_fixtures_of_a_marked_test(pytester: pytest.Pytester, signature: str) -> None:
    """The mock of a marked test is active around every fixture that is made for the test alone."""
    pytester.makeconftest(RECORDING)
    pytester.makepyfile(f"import pytest\n\npytestmark = pytest.mark.cloudcontrol(region='eu-west-1')\n\n{signature}\n")

    result = pytester.runpytest()

    result.assert_outcomes(passed=1)


def test_wider_fixtures_of_a_marked_test(pytester: pytest.Pytester) -> None:
    """A fixture made for several tests is made before the mock of the first of them, in pytest's own order."""
    pytester.makepyfile(
        """
        import os

        import pytest

        @pytest.fixture(scope="module")
        def shared():
            return os.environ.get("AWS_DEFAULT_REGION")

        @pytest.mark.cloudcontrol(region="eu-west-1")
        def test_it(shared):
            assert shared is None
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=1)


# Its options


def test_merging(pytester: pytest.Pytester) -> None:
    """Options of several markers come together one by one, and the closest marker wins."""
    pytester.makepyfile(
        """
        import pytest

        pytestmark = pytest.mark.cloudcontrol(region="eu-west-1", account_id="111122223333", max_steps=5)

        @pytest.mark.cloudcontrol(region="eu-west-2", account_id="444455556666")
        class TestMarked:
            @pytest.mark.cloudcontrol(region="eu-west-3")
            def test_all_three(self, cloudcontrol):
                options = cloudcontrol.options
                assert (options.region, options.account_id, options.max_steps) == ("eu-west-3", "444455556666", 5)

            def test_class_and_module(self, cloudcontrol):
                options = cloudcontrol.options
                assert (options.region, options.account_id, options.max_steps) == ("eu-west-2", "444455556666", 5)

        @pytest.mark.cloudcontrol()
        def test_module_only(cloudcontrol):
            options = cloudcontrol.options
            assert (options.region, options.account_id, options.max_steps) == ("eu-west-1", "111122223333", 5)
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=3)


def test_inherited_class_markers(pytester: pytest.Pytester) -> None:
    """The marker of a class is closer than the one of the class it derives from."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.cloudcontrol(region="eu-west-1", account_id="111122223333")
        class Base:
            pass

        @pytest.mark.cloudcontrol(region="eu-west-2")
        class TestDerived(Base):
            def test_it(self, cloudcontrol):
                options = cloudcontrol.options
                assert (options.region, options.account_id) == ("eu-west-2", "111122223333")
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=1)


def test_marker_of_a_case(pytester: pytest.Pytester) -> None:
    """The marker of one case of a parametrized test is closer than the one of the test."""
    pytester.makepyfile(
        """
        import pytest

        marked = pytest.param("eu-west-2", marks=pytest.mark.cloudcontrol(region="eu-west-2"))

        @pytest.mark.cloudcontrol(region="eu-west-1", account_id="111122223333")
        @pytest.mark.parametrize("region", ["eu-west-1", marked])
        def test_it(region, cloudcontrol):
            options = cloudcontrol.options
            assert (options.region, options.account_id) == (region, "111122223333")
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            'regoin="eu-west-1"',
            f"there is no option 'regoin' (given as regoin='eu-west-1'). Did you mean 'region'? "
            f"The options are {OPTION_NAMES}.",
            id="misspelt",
        ),
        pytest.param(
            "colour=1",
            f"there is no option 'colour' (given as colour=1): the options are {OPTION_NAMES}.",
            id="unlike any option",
        ),
        pytest.param("auto_advance=0", "auto_advance=0 is not valid: expected true or false", id="no boolean"),
        pytest.param(
            'region="Ireland"',
            "region='Ireland' is not valid: expected a region's name such as eu-west-1",
            id="no region",
        ),
        pytest.param(
            "account_id=123456789012",
            "account_id=123456789012 is not valid: expected an account's twelve digits",
            id="a number for an account",
        ),
        pytest.param(
            "max_steps=True", "max_steps=True is not valid: expected a whole number, at least 1", id="no number"
        ),
        pytest.param(
            "list_page_size=0", "list_page_size=0 is not valid: expected a whole number, at least 1", id="too small"
        ),
        pytest.param(
            'start="2030-01-01T00:00:00+00:00"',
            "start='2030-01-01T00:00:00+00:00' is not valid: "
            "expected an aware datetime such as 2030-01-01T00:00:00+00:00",
            id="text for a datetime",
        ),
        pytest.param(
            "seed=1.5",
            "seed=1.5 is not valid: expected a text without lone surrogates, or a whole number",
            id="no seed",
        ),
        pytest.param(
            'leave_nothing_running="true"',
            "leave_nothing_running='true' is not valid: expected true or false",
            id="text for a boolean",
        ),
        pytest.param(
            'schemas="nowhere"',
            "schemas='nowhere' is not valid: "
            "expected the path of a folder of *.json schemas, or of a zip of them, which exists",
            id="no such folder",
        ),
        pytest.param(
            'schemas=""',
            "schemas='' is not valid: "
            "expected the path of a folder of *.json schemas, or of a zip of them, which exists",
            id="no folder's name",
        ),
        pytest.param(
            '"eu-west-1"',
            "marker=('eu-west-1',) is not valid: expected options by name, such as cloudcontrol(auto_advance=False)",
            id="an option without its name",
        ),
    ],
)
def test_refused(pytester: pytest.Pytester, arguments: str, message: str) -> None:
    """A wrong marker is the error of its own tests: it says what is valid, and the other tests run."""
    pytester.makepyfile(
        f"""
        import pytest

        @pytest.mark.cloudcontrol({arguments})
        def test_refused():
            raise AssertionError("never comes here")

        @pytest.mark.cloudcontrol
        def test_other():
            pass
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=1, errors=1)
    assert f"@pytest.mark.cloudcontrol: {message}" in result.outlines
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*plugin.py*")


def test_listed(pytester: pytest.Pytester) -> None:
    """``pytest --markers`` shows the marker, with its options."""
    result = pytester.runpytest("--markers")

    assert (
        "@pytest.mark.cloudcontrol(**options): mock AWS Cloud Control for the test, with these options: " + OPTION_NAMES
    ) in result.outlines
