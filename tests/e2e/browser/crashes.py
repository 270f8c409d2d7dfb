"""Ends that leave no time for a last word."""

from __future__ import annotations

import os
import signal
from contextlib import suppress

from playwright.sync_api import Browser, Error, Page


def crash(page: Page) -> None:
    """The process of this tab ends."""
    with suppress(Error):
        page.goto("chrome://crash")


def kill(browser: Browser) -> None:
    """Ends its process, as when the plug is pulled."""
    found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    [process] = [each["id"] for each in found["processInfo"] if each["type"] == "browser"]
    os.kill(process, signal.SIGKILL)
