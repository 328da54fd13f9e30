"""Draw docs/pictures/page-light.png and page-dark.png: the server's page with a few requests, in a real browser.

It takes chromium, chromedriver and selenium::

    python tools/draw_page.py
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from pytest_cloudcontrol import mock_cloudcontrol
from pytest_cloudcontrol.server.served import served

if TYPE_CHECKING:
    from pytest_cloudcontrol import CloudControl

PICTURES: Final = Path(__file__).parents[1] / "docs" / "pictures"
LOG_GROUP: Final = "AWS::Logs::LogGroup"
CLUSTER: Final = "AWS::RDS::DBCluster"


def arrange(cloudcontrol: CloudControl) -> None:
    """Make requests of every status, and arrange something."""
    client = cloudcontrol.client()

    def create(type_name: str, state: dict[str, object]) -> None:
        client.create_resource(TypeName=type_name, DesiredState=json.dumps(state))

    for name in ("shop", "audit", "payments"):
        create(LOG_GROUP, {"LogGroupName": name, "RetentionInDays": 7})
    cloudcontrol.requests[0].run()
    cloudcontrol.requests[1].step().fail("NotStabilized")
    cloudcontrol.requests[2].step().cancel()
    cloudcontrol.add_failure("Throttling", type_name="AWS::SQS::Queue", optional=True)
    cloudcontrol.plan(CLUSTER, steps=5, delay=60)
    create(CLUSTER, {"DBClusterIdentifier": "orders", "Engine": "aurora-mysql"})
    cloudcontrol.requests[3].step()


def main() -> None:
    """Draw the pictures."""
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--window-size=1200,1150"):
        options.add_argument(argument)
    options.binary_location = "/usr/bin/chromium"
    with (
        mock_cloudcontrol(start=datetime(2030, 1, 1, tzinfo=UTC)) as cloudcontrol,
        served(cloudcontrol._backend) as server,  # noqa: SLF001
        webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver")) as browser,
    ):
        arrange(cloudcontrol)
        browser.get(f"{server.url}/_cloudcontrol/")
        WebDriverWait(browser, 20).until(lambda _: browser.find_elements(By.CSS_SELECTOR, ".lane > button"))
        for opened in (f"#open-{cloudcontrol.requests[1].request_token}", "summary"):
            browser.execute_script("document.querySelector(arguments[0]).click()", opened)
        WebDriverWait(browser, 20).until(lambda _: browser.find_elements(By.CSS_SELECTOR, ".opened"))
        for scheme in ("light", "dark"):
            media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
            browser.save_screenshot(str(PICTURES / f"page-{scheme}.png"))


if __name__ == "__main__":
    main()
