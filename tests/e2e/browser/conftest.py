"""The built app in a real browser, over the deployed stack. Whatever a test does, no page breaks its policy.

The browser is of the package alone: while Playwright runs, no other event loop can on this thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, expect

from deployed.sign_in import DEMO_PASSWORD
from local.app_browser import app_browsers
from local.stack import RunningStack
from tests.e2e.conftest import ORIGIN

PATIENCE = 90_000  # milliseconds; a function may have to start, on a machine that is busy otherwise

SAVES_DATA = "Object.defineProperty(NetworkInformation.prototype, 'saveData', { get: () => true });"

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def launch(stack: RunningStack) -> Iterator[Callable[[], Browser]]:
    """`launch()`: one more browser, for a test that ends it."""
    with app_browsers(stack, ORIGIN) as launched:
        yield launched


@pytest.fixture(scope="package")
def browser(launch: Callable[[], Browser]) -> Iterator[Browser]:
    with launch() as launched:
        yield launched


@dataclass
class Visitor:
    """Somebody's browser, with a profile of its own."""

    context: BrowserContext
    calls: list[Request] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def open(self, path: str = "/", *, title: str = "") -> Page:
        page = self.context.new_page()
        self.go(page, path, title=title)
        return page

    def go(self, page: Page, path: str, *, title: str = "") -> None:
        page.goto(ORIGIN + path)
        heading = page.get_by_role("heading", level=1)
        expect(heading.filter(has_text=title).first if title else heading.first).to_be_visible()

    def sign_in(self, name: str = "Ava", path: str = "/", *, title: str = "Good ") -> Page:
        """By a click on one of the demo people. `title`: how that of the page at `path` begins."""
        page = self.open(path, title="Sign in")
        page.get_by_role("region", name="Demo people").get_by_role("button", name=name).click()
        expect(page.get_by_role("heading", level=1).filter(has_text=title)).to_be_visible()
        return page

    def cognito(self, action: str) -> list[Request]:
        """The calls of this action so far."""
        return [call for call in self.calls if call.headers.get("x-amz-target", "").endswith(f".{action}")]


def fill_password(page: Page, email: str, password: str = DEMO_PASSWORD) -> None:
    page.get_by_label("E-mail").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def note_faults(made: Visitor, ours: set[str]) -> None:
    """Whatever breaks the policy, goes elsewhere than to `ours`, is refused or fails."""

    def called(request: Request) -> None:
        made.calls.append(request)
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc not in ours:
            made.faults.append(f"called {request.url}")

    def answered(response: Response) -> None:
        if urlsplit(response.url).netloc == urlsplit(ORIGIN).netloc and response.status >= 400:
            made.faults.append(f"{response.status} of {response.url}")

    def said(text: str) -> None:
        if "Content Security Policy" in text or "TrustedScript" in text:
            made.faults.append(text)

    made.context.on("request", called)
    made.context.on("response", answered)
    made.context.on("console", lambda message: said(message.text))
    made.context.on("weberror", lambda error: made.faults.append(str(error.error)))


@pytest.fixture
def visitors(browser: Browser, stack: RunningStack) -> Iterator[Callable[..., Visitor]]:
    """`visitors()`: another one, with the options of a browser context. None breaks the policy or goes elsewhere.

    In the browser that the tests share, unless it is `among` the contexts of another. They save data: with
    `saves_data=False` each page loads all parts ahead, which is most of its work.
    Without a service worker, unless `service_workers="allow"`: what one asks for, no test sees or routes.
    """
    known: list[Visitor] = []
    ours = {urlsplit(ORIGIN).netloc, urlsplit(stack.emulator.url).netloc}

    def visitor(among: Browser = browser, *, saves_data: bool = True, **options: Any) -> Visitor:
        context = among.new_context(**{"service_workers": "block", **options})
        context.set_default_timeout(PATIENCE)
        if saves_data:
            context.add_init_script(SAVES_DATA)
        made = Visitor(context)
        known.append(made)
        note_faults(made, ours)
        return made

    yield visitor
    for each in known:
        if each.context.browser and each.context.browser.is_connected():
            each.context.close()
    assert [fault for each in known for fault in each.faults] == []


@pytest.fixture
def visitor(visitors: Callable[..., Visitor]) -> Visitor:
    return visitors()
