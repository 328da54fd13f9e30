"""The mock is made before a test's other fixtures and ends after them: what they note inside is undone inside."""

from __future__ import annotations

import pytest

ENDS = """
    import os

    import botocore.endpoint
    import pytest

    def fakes():
        names = [name for name in os.environ if name.startswith("AWS_")]
        patched = botocore.endpoint.Endpoint._do_get_response.__module__ != "botocore.endpoint"
        return {name: os.environ[name] for name in names}, patched

    BEFORE = fakes()

    @pytest.fixture
    def region(monkeypatch):
        monkeypatch.setenv("AWS_REGION", "eu-west-1")

    @pytest.fixture
    def deployed(cloudcontrol):
        pass

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown():
        assert fakes() == BEFORE
"""

SET_AND_PATCHED = """
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setattr("botocore.endpoint.Endpoint._do_get_response", lambda *_: None)
"""

SIGNATURES = [
    "def test_it(monkeypatch, cloudcontrol):",
    "def test_it(monkeypatch, cloudcontrol_client):",
    "def test_it(monkeypatch, deployed):",
    "def test_it(region, cloudcontrol, monkeypatch):",
    "@pytest.mark.usefixtures('region', 'cloudcontrol')\ndef test_it(monkeypatch):",
    "@pytest.mark.parametrize('deployed', [1, 2], indirect=True)\ndef test_it(monkeypatch, deployed):",
    "@pytest.mark.cloudcontrol\ndef test_it(monkeypatch):",
]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_monkeypatch_is_undone_before_the_mock_ends(pytester: pytest.Pytester, signature: str) -> None:
    """Whatever monkeypatch notes and puts back, nothing of the mock is there after the test."""
    pytester.makeconftest(ENDS)
    pytester.makepyfile(f"import pytest\n\n{signature}{SET_AND_PATCHED}")

    result = pytester.runpytest()

    assert result.parseoutcomes() == {"passed": 2 if "parametrize" in signature else 1}


@pytest.mark.parametrize("scope", ["class", "module", "session"])
def test_monkeypatch_over_a_shared_mock(pytester: pytest.Pytester, scope: str) -> None:
    """With a mock of a wider scope monkeypatch is undone after each test, and the mock goes on as it was."""
    pytester.makepyfile(
        """
        import os

        class TestTogether:
            def test_set(self, monkeypatch, cloudcontrol):
                monkeypatch.setenv("AWS_REGION", "eu-west-1")

            def test_set_back(self, cloudcontrol):
                assert os.environ["AWS_REGION"] == "us-east-1"
        """
    )

    result = pytester.runpytest("-p", "no:randomly", "-o", f"cloudcontrol_fixture_scope={scope}")

    result.assert_outcomes(passed=2)


def test_autouse_fixture_of_a_conftest(pytester: pytest.Pytester) -> None:
    """An autouse fixture of the conftest that sets variables is made inside the mock, and undone there."""
    pytester.makeconftest(
        f"""{ENDS}
    @pytest.fixture(autouse=True)
    def surrounding(monkeypatch):
        monkeypatch.setenv("AWS_REGION", "eu-west-1")
        """
    )
    pytester.makepyfile("import os\n\ndef test_it(cloudcontrol): assert os.environ['AWS_REGION'] == 'eu-west-1'")

    result = pytester.runpytest()

    result.assert_outcomes(passed=1)


def test_fixture_of_a_test_case(pytester: pytest.Pytester) -> None:
    """A TestCase's own autouse fixture that asks for the mock last has it first."""
    pytester.makeconftest(ENDS)
    pytester.makepyfile(
        """
        import unittest

        import pytest

        class Test(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def _mocked(self, region, cloudcontrol):
                self.cloudcontrol = cloudcontrol

            def test_it(self):
                self.assertEqual(len(self.cloudcontrol.requests), 0)
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=1)


def test_fixture_got_in_a_doctest(pytester: pytest.Pytester) -> None:
    """A doctest gets the mock when it asks for it, as it gets any fixture."""
    pytester.makeconftest(ENDS)
    pytester.makefile(".txt", test_doc=">>> len(getfixture('cloudcontrol').requests)\n0\n")

    result = pytester.runpytest("--doctest-glob=*.txt")

    result.assert_outcomes(passed=1)


def test_parameters_of_the_same_name(pytester: pytest.Pytester) -> None:
    """A test whose parameter has the fixture's name has its parameter, and no mock."""
    pytester.makepyfile(
        """
        import os

        import pytest

        @pytest.mark.parametrize("cloudcontrol", [1])
        def test_it(cloudcontrol):
            assert cloudcontrol == 1
            assert "AWS_REGION" not in os.environ
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=1)


def test_other_tests_make_no_mock(pytester: pytest.Pytester) -> None:
    """A test that asks for nothing of the mock has none around it."""
    pytester.makepyfile(
        """
        import os

        def test_it(request, monkeypatch):
            assert "cloudcontrol" not in request.fixturenames
            assert "AWS_REGION" not in os.environ
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=1)
