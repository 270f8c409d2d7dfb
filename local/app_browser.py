"""A browser in front of the app of a deployment: for tests, screenshots and measurements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from local.chromium import chromium
from local.emulator import HOST, free_port
from local.serve import pages_of, serving, web_app
from local.stack import RunningStack


@contextmanager
def app_browser(stack: RunningStack, origin: str) -> Iterator[Browser]:
    """One, until the end of the block."""
    with app_browsers(stack, origin) as launch, launch() as browser:
        yield browser


@contextmanager
def app_browsers(stack: RunningStack, origin: str) -> Iterator[Callable[[], Browser]]:
    """A function that starts one more, each with a process of its own.

    They take a port of their own for the app's origin that the deployment knows, so that they run beside `make run`.
    """
    found, port = chromium(), free_port()
    there = f"--host-resolver-rules=MAP {urlsplit(origin).netloc} {HOST}:{port}"
    with (
        serving(pages_of(stack.deployment, port), port, web_app(stack.deployment)),
        sync_playwright() as playwright,
    ):

        def launch() -> Browser:
            return playwright.chromium.launch(executable_path=found.path, env=found.environment, args=[there])

        yield launch
