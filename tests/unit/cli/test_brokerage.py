"""`openhouse brokerage`: what an administrator is told at the terminal, over an API that answers from a directory."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, cast

import httpx
import pytest

from cli.brokerage import Administering, put_team, put_user, show_directory
from deployed.people import Administrator, Operator, Person
from deployed.sign_in import Session
from deployed.terminal import CommandFailed
from tests.unit.deployed.examples import ON_AWS

WEST, WEST_2 = "01a22b30-a10f-7051-b0c0-6a1b25409553", "01a22b30-a3bc-7ee6-9eea-088dcd98ff73"
DIRECTORY = {
    "brokerage": {"brokerageId": "harbor", "name": "Harbor"},
    "teams": [
        {"teamId": WEST, "name": "West"},
        {"teamId": WEST_2, "name": "West"},
        {"teamId": "north", "name": "North"},
    ],
    "users": [
        {"userId": "u2", "email": "root@harbor.test", "name": "Root", "role": "admin", "teamIds": []},
        {"userId": "u1", "email": "ava@harbor.test", "name": "Ava", "role": "agent", "teamIds": ["north", WEST]},
    ],
}


def administering(heard: list[tuple[str, Any]], directory: dict[str, Any] = DIRECTORY) -> Administering:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json=directory)
        heard.append((request.method, json.loads(request.content)))
        return httpx.Response(201, json={"teamId": "new"})

    session = Session(token="t", expires_at=datetime(2026, 1, 1, tzinfo=UTC), user_id="u2")
    administrator = Administrator(ON_AWS.endpoints, session, httpx.MockTransport(answer))
    return Administering(administrator, cast("Operator", None))


def test_a_second_team_of_a_name_is_not_made():
    heard: list[tuple[str, Any]] = []
    with pytest.raises(CommandFailed, match="There is a team north already: its id is north"):
        put_team(administering(heard), "north", None)
    assert heard == []
    put_team(administering(heard), "South", None)
    put_team(administering(heard), "NORTH", "north")  # another way to write its own
    assert heard == [("POST", {"name": "South"}), ("PUT", {"name": "NORTH"})]


@pytest.mark.parametrize(
    ("team", "said"),
    [
        ("South", "There is no team South. There are: North, West, West."),
        ("West", f"2 teams are called West. Name one by its id: {WEST}, {WEST_2}."),
    ],
)
def test_a_team_that_is_none_or_several_is_said_with_those_there_are(team: str, said: str):
    with pytest.raises(CommandFailed) as failure:
        put_user(administering([]), Person(email="b@harbor.test", name="B"), [team])
    assert str(failure.value) == said


def test_the_directory_is_shown_in_columns_with_teams_by_name(capsys: pytest.CaptureFixture[str]):
    show_directory(administering([]))
    assert capsys.readouterr().out.splitlines() == [
        "Harbor (harbor)",
        "  team   id",
        "  North  north",
        f"  West   {WEST}",
        f"  West   {WEST_2}",
        "  person  e-mail            role   teams",
        "  Ava     ava@harbor.test   agent  North, West",
        "  Root    root@harbor.test  admin",
    ]
