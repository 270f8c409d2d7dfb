from __future__ import annotations

import json
from dataclasses import replace

from deployed.endpoints import Deployment
from local.seed import ADMIN, PEOPLE
from local.serve import pages_of
from tests.unit.deployed.examples import EMULATED


def page(deployment: Deployment = EMULATED, port: int = 8080) -> str:
    return pages_of(deployment, port)["/about"][1].decode()


def test_config_json_holds_the_endpoints():
    kind, content = pages_of(EMULATED, 8080)["/config.json"]
    assert kind == "application/json"
    config = json.loads(content)
    demo = config.pop("demo")
    assert config == EMULATED.endpoints.config()
    assert [person["email"] for person in demo["people"]] == [person.email for person in (*PEOPLE, ADMIN)]


def test_the_page_names_every_person_and_address():
    shown = page()
    for text in (*(person.email for person in PEOPLE), EMULATED.endpoints.http_url, EMULATED.socket_url):
        assert text in shown


def test_the_commands_on_the_page_name_the_port_only_if_it_is_unusual():
    assert "PORT=" not in page()
    assert "make watch AS=ava@demo.test PORT=9000" in page(port=9000)


def test_the_page_needs_nothing_from_elsewhere():
    assert "https://" not in page()
    assert "<script" not in page()


def test_the_page_leads_to_the_contract_and_has_its_look_from_here():
    assert 'href="/docs"' in page()
    assert 'href="/page.css"' in page()
    assert "/page.css" in pages_of(EMULATED, 8080)


def test_what_stands_on_the_page_cannot_be_markup():
    assert "<b>" not in page(replace(EMULATED, table_name="<b>"))
