from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from deployed.people import Administrator, Person
from deployed.sign_in import Session
from deployed.terminal import CommandFailed
from tests.unit.deployed.examples import ON_AWS, OUTPUTS

SESSION = Session(token="t", expires_at=datetime(2026, 1, 1, tzinfo=UTC), user_id="u-admin")


def administrator(answer: httpx.Response, heard: list[httpx.Request] | None = None) -> Administrator:
    def respond(request: httpx.Request) -> httpx.Response:
        if heard is not None:
            heard.append(request)
        return answer

    return Administrator(ON_AWS.endpoints, SESSION, httpx.MockTransport(respond))


def test_a_person_is_put_with_the_administrators_token():
    heard: list[httpx.Request] = []
    person = Person(email="ava@demo.test", name="Ava", team_ids=("north",))
    administrator(httpx.Response(200, json={}), heard).put_user("u-1", person)
    assert str(heard[0].url) == OUTPUTS["HttpUrl"] + "/directory/users/u-1"
    assert heard[0].headers["Authorization"] == "Bearer t"
    body: dict[str, Any] = json.loads(heard[0].content)
    assert body == {"email": "ava@demo.test", "name": "Ava", "role": "agent", "teamIds": ["north"]}


def test_an_id_is_one_segment_of_the_path_whatever_it_holds():
    heard: list[httpx.Request] = []
    administrator(httpx.Response(200, json={}), heard).rename_team("a/b", "A")
    assert heard[0].url.raw_path == b"/directory/teams/a%2Fb"


def test_a_refusal_is_told_in_the_words_of_the_api():
    problem = {"title": "Not allowed", "detail": "only an administrator may change the directory"}
    answer = httpx.Response(403, json=problem, headers={"Content-Type": "application/problem+json"})
    with pytest.raises(CommandFailed, match="only an administrator may change the directory"):
        administrator(answer).create_team("North")


def test_a_refusal_without_words_is_told_by_its_status():
    with pytest.raises(CommandFailed, match="Bad Gateway"):
        administrator(httpx.Response(502, text="<html>")).create_team("North")
