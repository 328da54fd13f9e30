"""The page at /_cloudcontrol/, in a real browser without a window."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING, Final

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selenium.webdriver.remote.webelement import WebElement
    from types_boto3_cloudcontrol import CloudControlApiClient

    from pytest_cloudcontrol import CloudControl, ResourceRequest
    from pytest_cloudcontrol.server.served import CloudControlServer

pytestmark = pytest.mark.xdist_group("browser")  # one is enough for all tests

LOG_GROUP: Final = "AWS::Logs::LogGroup"
PATIENCE: Final = 20
"""Seconds that a test waits at most until the page shows what it should."""


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    """Start a browser."""
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,1000"):
        options.add_argument(argument)
    options.binary_location = "/usr/bin/chromium"
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    yield driver
    driver.quit()


class Page:
    """The page, open in a browser."""

    def __init__(self, browser: webdriver.Chrome, url: str) -> None:
        self.browser = browser
        browser.get(f"{url}/_cloudcontrol/")
        self.until(lambda: self.text("now"))

    def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds."""
        WebDriverWait(self.browser, PATIENCE, 0.02).until(lambda _: holds())

    def text(self, identifier: str) -> str:
        """Return the text of an element."""
        found = self.browser.execute_script("return document.getElementById(arguments[0])?.textContent", identifier)
        return str(found)

    def until_it_says(self, identifier: str, words: str) -> None:
        """Wait until an element has some words in its text."""
        self.until(lambda: words in self.text(identifier))

    def do(self, selector: str, action: Callable[[WebElement], object]) -> None:
        """Do something to an element, once it is there; it may be drawn anew just then."""

        def done(browser: webdriver.Chrome) -> bool:
            action(browser.find_element(By.CSS_SELECTOR, selector))
            return True

        moments = (StaleElementReferenceException, NoSuchElementException)
        WebDriverWait(self.browser, PATIENCE, 0.02, moments).until(done)

    def click(self, selector: str) -> None:
        """Click on an element."""
        self.do(selector, lambda element: element.click())

    def open(self, request: ResourceRequest) -> None:
        """Open a request's details."""
        self.click(f"#open-{request.request_token}")
        self.until(lambda: self.browser.find_elements(By.CSS_SELECTOR, ".opened"))

    def errors(self) -> list[str]:
        """Return what the browser has to complain of."""
        entries = self.browser.get_log("browser")  # type: ignore[no-untyped-call]  # selenium says no type of it
        return [str(entry["message"]) for entry in entries]


@pytest.fixture
def page(browser: webdriver.Chrome, cloudcontrol_server: CloudControlServer) -> Iterator[Page]:
    """Open the page; at the end nothing may have gone wrong in it."""
    opened = Page(browser, cloudcontrol_server.url)
    yield opened
    browser.get("about:blank")
    assert opened.errors() == []


def create(client: CloudControlApiClient, name: str) -> None:
    """Create a log group."""
    client.create_resource(TypeName=LOG_GROUP, DesiredState=json.dumps({"LogGroupName": name, "RetentionInDays": 7}))


def test_an_empty_world(page: Page) -> None:
    """It says that there is nothing, and how to point a client here."""
    page.until_it_says("calls", "No call has been made. Point a client here: --endpoint-url http://127.0.0.1:")
    assert page.text("requests") == "No request has been made."
    assert page.text("resources") == "Nothing exists."
    assert page.text("rules") == "Nothing is arranged."


def test_what_happens_is_shown_live(
    page: Page, cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """A request that a program makes meanwhile comes as a lane with its events, and then its resource."""
    create(cloudcontrol_client, "shop")
    page.until_it_says("requests", f"CREATE {LOG_GROUP}")
    cloudcontrol.requests.last.run()

    page.until_it_says("requests", "SUCCESS 2 steps")
    page.until_it_says("resources", "shop")
    events = page.browser.find_elements(By.CSS_SELECTOR, ".track .event")
    assert [event.get_attribute("class") for event in events] == [
        "event IN_PROGRESS",
        "event IN_PROGRESS",
        "event SUCCESS",
    ]


@pytest.mark.parametrize(
    ("button", "status", "expired"),
    [
        ("step", "IN_PROGRESS", False),
        ("run", "SUCCESS", False),
        ("cancel", "CANCEL_COMPLETE", False),
        ("fail", "FAILED", False),
        ("expire", "IN_PROGRESS", True),
    ],
)
def test_the_buttons_of_a_request(
    button: str,
    status: str,
    expired: bool,
    page: Page,
    cloudcontrol: CloudControl,
    cloudcontrol_client: CloudControlApiClient,
) -> None:
    """Each moves the request as the verb of the same name does."""
    create(cloudcontrol_client, "shop")
    request = cloudcontrol.requests.last
    page.open(request)

    page.click(f"#{button}-{request.request_token}")

    page.until(lambda: (request.status, request.expired) == (status, expired) and cloudcontrol.clock.now())
    words = f"{status} (expired)" if expired else status
    page.until_it_says("requests", words)


def test_the_clock(page: Page, cloudcontrol: CloudControl) -> None:
    """Its buttons and its field move it."""
    start = cloudcontrol.clock.now()
    page.click("[data-seconds='3600']")
    page.until(lambda: (cloudcontrol.clock.now() - start).total_seconds() == 3600)

    page.click("#advance button")
    page.until(lambda: (cloudcontrol.clock.now() - start).total_seconds() == 3610)
    page.until_it_says("now", cloudcontrol.clock.now().isoformat(sep=" ", timespec="milliseconds")[:23])


def test_the_keyboard(page: Page, cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient) -> None:
    """Letters step and run; a lane opens with Enter, and keeps the focus when it is drawn anew."""
    create(cloudcontrol_client, "shop")
    request = cloudcontrol.requests.last
    page.do(f"#open-{request.request_token}", lambda lane: lane.send_keys(Keys.ENTER))
    page.until(lambda: page.browser.find_elements(By.CSS_SELECTOR, ".opened"))

    page.do(":focus", lambda lane: lane.send_keys("s"))
    page.until(lambda: request.steps == 1)
    page.until_it_says("requests", "1 step ")

    page.do(f"#open-{request.request_token}:focus", lambda lane: lane.send_keys("i"))
    page.until(lambda: request.status == "SUCCESS")


def test_a_rule_is_removed(page: Page, cloudcontrol: CloudControl) -> None:
    """What is arranged is shown in the words of Python, and can be taken back."""
    rule = cloudcontrol.add_failure("NotStabilized", type_name=LOG_GROUP)
    page.until_it_says("rules", f"add_failure('NotStabilized', type_name='{LOG_GROUP}', at_step=1)")

    page.click("#rules button")

    page.until_it_says("rules", "Nothing is arranged.")
    assert rule.fired == 0


def test_what_is_refused(page: Page, cloudcontrol: CloudControl) -> None:
    """The words of a problem are shown, and nothing has changed."""
    before = cloudcontrol.clock.now()
    field = page.browser.find_element(By.CSS_SELECTOR, "#advance input")
    field.clear()
    field.send_keys("1e15")
    page.click("#advance button")

    page.until_it_says("told", "is not valid: expected")
    assert cloudcontrol.clock.now() == before
    assert [entry for entry in page.errors() if "422" not in entry] == []


def test_texts_of_callers_are_no_markup(
    page: Page, cloudcontrol: CloudControl, cloudcontrol_client: CloudControlApiClient
) -> None:
    """What a caller names something is shown as it is written, and never run."""
    hostile = "<img src=x onerror=document.title='run'>"
    state = json.dumps({"Name": f"/{hostile}", "Type": "String", "Value": hostile})
    cloudcontrol_client.create_resource(TypeName="AWS::SSM::Parameter", DesiredState=state)
    cloudcontrol.run_until_idle()

    page.until_it_says("resources", hostile)
    assert page.browser.title == "Cloud Control"


def test_dark_mode(page: Page) -> None:
    """Whoever wants it dark has it dark."""

    def paper(scheme: str) -> object:
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
        return page.browser.execute_script("return getComputedStyle(document.body).backgroundColor")

    assert (paper("light"), paper("dark"), paper("light")) == (
        "rgb(251, 250, 247)",
        "rgb(20, 23, 28)",
        "rgb(251, 250, 247)",
    )


def test_it_needs_nothing_from_elsewhere(cloudcontrol_server: CloudControlServer) -> None:
    """The page is one file, and its policy lets it fetch nothing but the control API."""
    with urllib.request.urlopen(f"{cloudcontrol_server.url}/_cloudcontrol/") as answer:
        text = answer.read().decode()
        policy = answer.headers["Content-Security-Policy"]

    assert "//" not in text.replace("<!--", "").split("<script>")[0].replace("/* ", "")
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
