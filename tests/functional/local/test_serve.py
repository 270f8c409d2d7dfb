from __future__ import annotations

from pathlib import Path

import httpx

from deployed.web_app import WebApp
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


def test_the_app_is_at_every_address_that_no_page_has_with_its_policy(tmp_path: Path):
    (tmp_path / "index.html").write_text("the app")
    port, app = free_port(), WebApp(["http://127.0.0.1:4566/api"], tmp_path)
    with serving({"/about": PAGES["/"]}, port, app), httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        assert client.get("/about").text == "<p>hello"
        page = client.get("/escrows/01a?from=here")
        assert (page.text, page.headers["cache-control"]) == ("the app", "no-cache")
        assert "connect-src 'self' http://127.0.0.1:4566;" in page.headers["content-security-policy"]
        assert client.get("/assets/gone.js").status_code == 404
