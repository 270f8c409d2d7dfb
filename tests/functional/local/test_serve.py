from __future__ import annotations

import httpx

from local.emulator import free_port, refuse_busy_port
from local.serve import serving

PAGES = {"/": ("text/html; charset=utf-8", b"<p>hello"), "/config.json": ("application/json", b"{}")}


def test_the_pages_are_served_and_nothing_else():
    port = free_port()
    with serving(PAGES, port), httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        page = client.get("/?from=here")
        assert (page.text, page.headers["content-type"]) == ("<p>hello", "text/html; charset=utf-8")
        assert client.get("/config.json").json() == {}
        assert client.head("/config.json").headers["content-length"] == "2"
        assert client.get("/../Makefile").status_code == 404
        assert client.post("/").status_code == 501


def test_the_port_is_free_at_the_end_even_while_a_browser_keeps_its_connection():
    port = free_port()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as browser:
        with serving(PAGES, port):
            browser.get("/")
        refuse_busy_port(port, "PORT")
