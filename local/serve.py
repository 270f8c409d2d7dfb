"""The web app, `/config.json` and the page about the local run, on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from threading import Thread
from urllib.parse import urlsplit

from contractgen.pages import Pages
from deployed.endpoints import Deployment
from deployed.people import Person
from deployed.sign_in import DEMO_PASSWORD
from deployed.web_app import REVALIDATED, Answer, WebApp
from local import PAGE_PORT
from local.emulator import HOST
from local.seed import ADMIN, BROKER_NAME, PEOPLE, TEAMS

_TEMPLATE = Path(__file__).with_name("page.html")
_LOOK = Path(__file__).with_name("page.css")
_PLAIN = {"Cache-Control": REVALIDATED, "X-Content-Type-Options": "nosniff"}


def pages_of(deployment: Deployment, port: int) -> Pages:
    config = deployment.endpoints.config()
    return {
        "/about": ("text/html; charset=utf-8", _page(deployment, json.dumps(config, indent=2), port).encode()),
        "/page.css": ("text/css; charset=utf-8", _LOOK.read_bytes()),
        "/config.json": ("application/json", json.dumps({**config, "demo": _demo()}, indent=2).encode()),
    }


def web_app(deployment: Deployment) -> WebApp:
    """Raises CommandFailed if it was never built."""
    endpoints = deployment.endpoints
    return WebApp((endpoints.http_url, endpoints.cognito_url, deployment.socket_url), files=deployment.files_url)


@contextmanager
def serving(pages: Pages, port: int, app: WebApp | None = None) -> Iterator[None]:
    """Serves `pages`, the app at all other addresses, and nothing else, until the end of the block."""
    with ThreadingHTTPServer((HOST, port), _handler_of(pages, app)) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def _handler_of(pages: Pages, app: WebApp | None) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "Openhouse"
        timeout = 30

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def _answer(self, *, with_body: bool) -> None:
            found = _answer_to(urlsplit(self.path).path, pages, app)
            answer = found or Answer("text/plain; charset=utf-8", b"There is no such page.\n", _PLAIN)
            self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.content)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if with_body:
                self.wfile.write(answer.content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Silent: the terminal belongs to `make run`."""

    return Handler


def _answer_to(path: str, pages: Pages, app: WebApp | None) -> Answer | None:
    if page := pages.get(path):
        return Answer(*page, _PLAIN)
    return app.answer(path) if app else None


def _demo() -> dict[str, object]:
    """Whom the app's sign-in page offers."""
    people = [
        {
            "email": person.email,
            "name": person.name,
            "role": person.role,
            "teams": "" if person.role == "admin" else _teams(person),
        }
        for person in (*PEOPLE, ADMIN)
    ]
    return {"password": DEMO_PASSWORD, "brokerage": BROKER_NAME, "people": people}


def options_for(port: int) -> tuple[str, str]:
    """What to add to a make target, and to a command with --endpoint, for it to find this page."""
    return ("", "") if port == PAGE_PORT else (f" PORT={port}", f" --endpoint http://localhost:{port}/config.json")


def _page(deployment: Deployment, config: str, port: int) -> str:
    endpoints = deployment.endpoints
    addresses = {
        "REST API": endpoints.http_url,
        "Tickets": endpoints.ticket_url,
        "Socket": deployment.socket_url,
        "Sign-in (Cognito)": endpoints.cognito_url,
        "User pool": endpoints.user_pool_id,
        "App client": endpoints.client_id,
        "Table": deployment.table_name,
        "Region": endpoints.region,
    }
    people = ((person.name, person.email, person.role, _teams(person)) for person in (*PEOPLE, ADMIN))
    port_setting, endpoint_option = options_for(port)
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        addresses="".join(
            f"<tr><th scope='row'>{escape(name)}</th><td><code>{escape(value)}</code></td></tr>"
            for name, value in addresses.items()
        ),
        people="".join(
            f"<tr><td>{escape(name)}</td><td><code>{escape(email)}</code></td><td>{role}</td><td>{escape(teams)}</td></tr>"
            for name, email, role, teams in people
        ),
        broker=escape(BROKER_NAME),
        password=escape(DEMO_PASSWORD),
        config=escape(config),
        port_setting=port_setting,
        endpoint_option=endpoint_option,
        http_url=escape(endpoints.http_url),
    )


def _teams(person: Person) -> str:
    if person.role == "broker":
        return "every team"
    return ", ".join(TEAMS[team] for team in person.team_ids) or "none"
