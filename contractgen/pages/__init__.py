"""The pages below `/docs` of the local run: a reference of REST and of the socket, of this very run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from contractgen.asyncapi import STAGE, asyncapi
from contractgen.event_schema import event_schema
from contractgen.openapi import openapi
from deployed import ROOT
from deployed.endpoints import Deployment
from deployed.people import Person
from deployed.sign_in import DEMO_PASSWORD
from openhouse.contract.registry import CONTRACT_VERSION, models_of
from openhouse.crm.module import Module

Pages = Mapping[str, tuple[str, bytes]]  # by path: the content type and the content

_HERE = Path(__file__).parent
_SWAGGER = ROOT / "node_modules" / "swagger-ui-dist"
_ASYNCAPI = ROOT / "node_modules" / "@asyncapi" / "react-component"
_ASSETS = {
    "swagger-ui.css": _SWAGGER / "swagger-ui.css",
    "swagger-ui-bundle.js": _SWAGGER / "swagger-ui-bundle.js",
    "asyncapi.css": _ASYNCAPI / "styles" / "default.min.css",
    "asyncapi.js": _ASYNCAPI / "browser" / "standalone" / "index.js",
    "bar.css": _HERE / "bar.css",
    "rest.js": _HERE / "rest.js",
    "socket.js": _HERE / "socket.js",
}
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


def reference_pages(deployment: Deployment, people: Sequence[Person], modules: Sequence[Module]) -> Pages:
    """`people`: whom one may be when trying a call."""
    rest = {**openapi(modules), "servers": [{"url": deployment.endpoints.http_url, "description": "this run"}]}
    socket = {**asyncapi(modules), "servers": {"here": _server(deployment.socket_url)}}
    options = "".join(f"<option value='{escape(each.email)}'>{escape(each.name)}</option>" for each in people)
    return {
        "/docs": _html("index.html", **_index(modules)),
        "/docs/rest": _html("rest.html", people=options, password=escape(DEMO_PASSWORD)),
        "/docs/socket": _html("socket.html"),
        "/docs/openapi.json": _json(rest),
        "/docs/asyncapi.json": _json(socket),
        "/docs/events.schema.json": _json(event_schema(modules)),
        **{f"/docs/assets/{name}": (_KINDS[file.suffix], file.read_bytes()) for name, file in _ASSETS.items()},
    }


def _server(socket_url: str) -> Mapping[str, object]:
    address = urlsplit(socket_url)
    return {
        "host": address.netloc,
        "pathname": address.path.removesuffix(f"/{STAGE}"),
        "protocol": address.scheme,
        "description": "this run",
        "security": [{"$ref": "#/components/securitySchemes/ticket"}],
    }


def _index(modules: Sequence[Module]) -> Mapping[str, str]:
    types = {module.path: list(models_of(module).events) for module in modules}
    rows = (
        f"<tr><td>{escape(path)}</td><td>{' '.join(f'<code>{escape(each)}</code>' for each in named)}</td></tr>"
        for path, named in types.items()
    )
    count = sum(map(len, types.values()))
    return {"version": CONTRACT_VERSION, "count": str(count), "events": "".join(rows)}


def _html(template: str, **values: str) -> tuple[str, bytes]:
    text = Template((_HERE / template).read_text(encoding="utf-8")).substitute(values)
    return "text/html; charset=utf-8", text.encode()


def _json(document: Mapping[str, object]) -> tuple[str, bytes]:
    return "application/json", json.dumps(document, ensure_ascii=False, indent=2).encode()
