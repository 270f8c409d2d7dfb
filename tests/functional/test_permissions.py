"""Functions that do in a test what they may not do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.fakes import AVA
from tests.functional.conftest import World
from tests.functional.sockets import create, found, join, say
from tests.functional.test_http import call
from tests.permissions import recorder, uses


def test_a_call_that_a_functions_grants_do_not_allow_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    call(world, "GET", "/escrows")
    assert uses.take_complaints() == []
    query = ("crm", "dynamodb:Query", "records")
    assert query in uses.USED
    others = recorder.allowed() - {query}
    monkeypatch.setattr(recorder, "allowed", lambda: others)
    call(world, "GET", "/escrows")
    (complaint,) = uses.take_complaints()
    assert complaint.startswith("crm does dynamodb:Query on records, ")


def test_posts_and_tasks_are_told_like_calls(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found(world)
    monkeypatch.setattr(recorder, "allowed", frozenset)
    join(world, "a", AVA)
    complaints = uses.take_complaints()
    assert any(complaint.startswith("socket does execute-api:ManageConnections on POST") for complaint in complaints)


def test_what_goes_first_in_a_race_is_its_own_functions_and_what_a_test_does_is_nobodys(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(world)
    join(world, "a", AVA)
    seen: set[tuple[str, str, str]] = set()
    monkeypatch.setattr(recorder, "note", lambda function, needs: seen.update((function, *need) for need in needs))
    world.client.scan(TableName="openhouse")
    world.connections.issue_ticket(AVA)
    assert not seen

    positions = world.log.late_positions

    def after_another(rooms: Sequence[str]) -> dict[str, Any]:
        create(world)
        return positions(rooms)

    monkeypatch.setattr(world.log, "late_positions", after_another)
    say(world, "a", action="ping")
    assert ("crm", "dynamodb:PutItem", "records") in seen
    assert ("socket", "execute-api:ManageConnections", "POST") in seen
    assert not [resource for function, _, resource in seen if function == "socket" and resource == "records"]
