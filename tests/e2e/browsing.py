"""Somebody with a browser, who notices everything a page does wrong."""

from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
]
# Cookies that a form needs; somebody who only reads gets none.
FORM_COOKIES = {"csrftoken", "sessionid", "messages"}
# Every rule that axe applies by default, and the size of targets (WCAG 2.2), which it does not.
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"], "preload": False}


class Visitor:
    """One browsing context: `page`, what went wrong in `faults`."""

    def __init__(self, browser: Browser, site: str, *, width: int = 1280, height: int = 900, scheme: str = "light", **options):
        self.site = site
        self.faults: list[str] = []
        self.expected: set[int] = set()  # the statuses of errors that the test asks for
        self.cookies_allowed = False
        self.context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale="fr-FR",
            **{"reduced_motion": "reduce"} | options,
        )
        self.context.set_default_timeout(10_000)
        self.context.on("request", self._asked)
        self.context.on("response", self._answered)
        self.page = self.context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: script error {error}"))

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and not request.url.startswith(self.site):
            self.faults.append(f"{self.page.url}: request to another host, {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.url}: answered {response.status}")
        if "set-cookie" in response.headers and not self.cookies_allowed:
            self.faults.append(f"{response.url}: sets the cookie {response.headers['set-cookie']}")

    def _said(self, message: ConsoleMessage) -> None:
        refused = message.text.startswith("Failed to load resource") and self.expected
        if message.type in ("error", "warning") and not refused:
            self.faults.append(f"{self.page.url}: {message.type} in the console, {message.text}")

    def go(self, path: str, *, status: int = 200) -> Page:
        """Open an address and wait until nothing more comes."""
        if status >= 400:
            self.expected.add(status)
        response = self.page.goto(path, wait_until="load")
        assert response is None or response.status == status, f"{path} answered {response.status}"
        return self.page

    def log_in(self, email: str, password: str = "") -> None:
        from tests.factories.accounts import PASSWORD  # needs Django's settings, which drawing screenshots does without

        self.cookies_allowed = True
        self.go("/compte/login/")
        self.page.locator("[name=login]").fill(email)
        self.page.locator("[name=password]").fill(password or PASSWORD)
        follow(self.page.get_by_role("button", name="Se connecter"))

    def leave(self) -> list[str]:
        """Close; what went wrong, a cookie kept by a reader included."""
        if not self.cookies_allowed:
            self.faults += [f"cookie kept: {cookie['name']}" for cookie in self.context.cookies()]
        else:
            self.faults += [f"cookie kept: {c['name']}" for c in self.context.cookies() if c["name"] not in FORM_COOKIES]
        self.context.close()
        return self.faults


def follow(link: Locator) -> Page:
    """Click what leads to another page, and wait until that page is there: its address changes before its content."""
    with link.page.expect_event("load"):
        link.click()
    return link.page


def axe_faults(page: Page, options: dict | None = None) -> list[str]:
    """What axe finds wrong: « rule: selector, what to do », one a line."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)  # once a page: it is long to read
    found = page.evaluate("(options) => axe.run(options)", RULES | (options or {}))["violations"]
    return [
        f"{page.url} {rule['id']}: {' '.join(map(str, node['target']))} — {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found
        for node in rule["nodes"]
    ]
