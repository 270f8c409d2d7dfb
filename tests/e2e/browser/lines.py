"""The sockets of somebody's browser, in the hands of a test: they can be cut, and mended, and are counted."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Page, WebSocketRoute

_ABNORMAL = 4000  # a browser lets nobody say 1006; the client takes any close that it was not told of as a break


@dataclass
class Lines:
    """Of a context whose pages are not open yet."""

    context: BrowserContext
    open: list[WebSocketRoute] = field(default_factory=list)
    begun: int = 0
    said: list[dict[str, Any]] = field(default_factory=list)  # by the pages, as they come
    is_cut: bool = False

    def __post_init__(self) -> None:
        self.context.route_web_socket(re.compile(".*"), self._connect)

    def cut(self) -> None:
        """Nothing gets through any more, until `mend`."""
        self.is_cut = True
        for line in list(self.open):
            line.close(code=_ABNORMAL)
        self.open.clear()

    def mend(self) -> None:
        self.is_cut = False

    def _connect(self, line: WebSocketRoute) -> None:
        if self.is_cut:
            line.close(code=_ABNORMAL)
            return
        self.begun += 1
        self.open.append(line)
        server = line.connect_to_server()

        def from_page(message: str | bytes) -> None:
            self.said.append(json.loads(message))
            server.send(message)

        def page_closed(code: int | None, reason: str | None) -> None:
            if line in self.open:
                self.open.remove(line)
            server.close(code=code, reason=reason)

        line.on_message(from_page)
        line.on_close(page_closed)


def badge(page: Page, status: str) -> Any:
    """How the connection is: `connected`, `reconnecting`, `disconnected`, `error`."""
    return page.locator(f"[data-connection={status}]")
