from __future__ import annotations

from pathlib import Path

import pytest

from deployed.terminal import CommandFailed
from deployed.web_app import IMMUTABLE, REVALIDATED, WebApp, security_headers


@pytest.fixture
def app(tmp_path: Path) -> WebApp:
    assets = ("assets/index-a1b2.js", "assets/index-a1b2.js.map")
    for name in ("index.html", "icon.svg", "sw.js", ".vite/manifest.json", *assets):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"the {name}")
    return WebApp(["https://api.example/prod", "wss://live.example/live", "https://api.example/other"], tmp_path)


def headers_of(app: WebApp, path: str) -> dict[str, str]:
    found = app.answer(path)
    assert found
    return dict(found.headers)


def test_every_address_without_a_file_begins_with_index_html(app: WebApp):
    for path in ("/", "/escrows", "/escrows/01a/edit"):
        found = app.answer(path)
        assert found
        assert (found.kind, found.content) == ("text/html; charset=utf-8", b"the index.html")


def test_what_is_gone_and_what_is_not_for_everyone_is_not_there(app: WebApp):
    for path in ("/assets/index-old.js", "/.vite/manifest.json", "/assets/index-a1b2.js.map", "/x.txt"):
        assert app.answer(path) is None


def test_files_whose_names_change_with_their_content_are_kept_for_good_and_all_else_is_asked_about(app: WebApp):
    pages = ("/", "/icon.svg", "/sw.js")
    kept = {path: headers_of(app, path)["Cache-Control"] for path in ("/assets/index-a1b2.js", *pages)}
    assert kept == {"/assets/index-a1b2.js": IMMUTABLE, **dict.fromkeys(pages, REVALIDATED)}
    assert "no-store" not in str(kept)


def test_the_policy_allows_no_inline_script_and_names_whom_the_app_calls(app: WebApp):
    policy = headers_of(app, "/")["Content-Security-Policy"]
    assert "connect-src 'self' https://api.example wss://live.example;" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert policy.endswith("; require-trusted-types-for 'script'; trusted-types openhouse-worker")
    assert "worker-src 'self';" in policy


def test_a_policy_without_other_addresses_is_whole():
    assert "connect-src 'self';" in security_headers([])["Content-Security-Policy"]


def test_an_app_that_was_never_built_is_a_sentence(tmp_path: Path):
    with pytest.raises(CommandFailed, match="make web"):
        WebApp([], tmp_path)
