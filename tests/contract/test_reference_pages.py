"""`/docs` of the local run: a reference of this very run, with nothing from elsewhere."""

from __future__ import annotations

import json
import re

import pytest
from openapi_spec_validator import validate

from contractgen.node import run_script
from contractgen.pages import Pages, reference_pages
from local.seed import ADMIN, PEOPLE
from openhouse.crm.modules import MODULES
from tests.unit.deployed.examples import EMULATED


@pytest.fixture(scope="module")
def pages() -> Pages:
    return reference_pages(EMULATED, [*PEOPLE, ADMIN], MODULES)


def test_these_pages_are_served_and_no_others(pages: Pages) -> None:
    assert {path: kind.partition(";")[0] for path, (kind, _) in pages.items()} == {
        "/docs": "text/html",
        "/docs/rest": "text/html",
        "/docs/socket": "text/html",
        "/docs/openapi.json": "application/json",
        "/docs/asyncapi.json": "application/json",
        "/docs/events.schema.json": "application/json",
        "/docs/assets/swagger-ui.css": "text/css",
        "/docs/assets/swagger-ui-bundle.js": "text/javascript",
        "/docs/assets/asyncapi.css": "text/css",
        "/docs/assets/asyncapi.js": "text/javascript",
        "/docs/assets/bar.css": "text/css",
        "/docs/assets/rest.js": "text/javascript",
        "/docs/assets/socket.js": "text/javascript",
    }


def test_the_pages_load_only_what_is_served(pages: Pages) -> None:
    for path, (kind, content) in pages.items():
        if kind.startswith("text/html"):
            for address in re.findall(r'(?:src|href)="([^"]+)"', content.decode()):
                assert address in {*pages, "/about", "/page.css", "data:,"}, path


def test_the_index_names_every_event(pages: Pages) -> None:
    shown = pages["/docs"][1].decode()
    assert "lead:converted" in shown
    assert "escrow:stats" in shown


def test_calls_go_to_this_run_as_one_of_its_people(pages: Pages) -> None:
    document = json.loads(pages["/docs/openapi.json"][1])
    assert [server["url"] for server in document["servers"]] == [EMULATED.endpoints.http_url]
    validate(document)
    shown = pages["/docs/rest"][1].decode()
    for person in (*PEOPLE, ADMIN):
        assert person.email in shown


def test_the_socket_is_that_of_this_run(pages: Pages) -> None:
    text = pages["/docs/asyncapi.json"][1].decode()
    run_script("asyncapi.mjs", text)
    document = json.loads(text)
    (server,) = document["servers"].values()
    address = document["channels"]["socket"]["address"]
    assert f"{server['protocol']}://{server['host']}{server['pathname']}{address}" == EMULATED.socket_url
